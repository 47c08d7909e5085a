//! `askline sql check`: SQL that somebody wrote, through the same door as a model's. Without `--run` neither settings nor
//! a database are needed, and whether the video exists is not asked.

use std::{
    collections::BTreeMap,
    fmt, fs,
    io::{self, Read},
    path::PathBuf,
};

use anyhow::{Context, bail};
use clap::Subcommand;
use serde_json::{Value as Json, json};

use super::{End, output};
use crate::{
    assemble,
    config::{Config, Flags},
    sql::{
        Scope,
        admit::{Admitted, Refusal, admit},
        catalog::Catalog,
    },
    store::{Limits, Store, StoreError, TextTable},
    telemetry,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say of each statement whether it would be admitted, and what would run
    #[command(after_help = FORMAT)]
    Check(Args),
}

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The videos whose rows the statements may see, such as 3 or 3,4
    #[arg(long, value_name = "ID", required = true, value_delimiter = ',')]
    video: Vec<i64>,
    /// A JSON string a line, each a statement [default: standard input; there, SQL as it is will do, too]
    #[arg(long, value_name = "LINES.jsonl")]
    file: Option<PathBuf>,
    /// Run what is admitted, and print its rows
    #[arg(long)]
    run: bool,
}

const FORMAT: &str = "\
Prints a JSON line for each statement:
  admitted  whether it may run
  reason    null, or `code: what, at line L, column C`; with --run also why an admitted one gave no rows
  sql       what runs: written anew, and held to the videos; null if it is refused
  rows      with --run the rows, each an array of its cells; otherwise null
and to standard error a closing line: how many were admitted, and how many refused by each code.

Exit codes:
  0  every statement was looked at, whatever was said of it
  1  a line is not a JSON string, or the file cannot be read; nothing was printed
  4  the database could not be asked";

pub(super) async fn run(command: Command, flags: &Flags) -> anyhow::Result<End> {
    let Command::Check(args) = command;
    let statements = statements(&args)?;
    let catalog = Catalog::builtin()?;
    let scope = Scope::videos(args.video).context("--video: at least one is needed")?;
    let mut count = Count::default();
    if !args.run {
        for statement in &statements {
            let line = match count.of(admit(statement, &catalog, &scope)) {
                Ok(admitted) => line(Some(&admitted), Json::Null, Json::Null),
                Err(refusal) => line(None, refusal.to_string().into(), Json::Null),
            };
            output::line(&line)?;
        }
        output::note(&count.to_string());
        return Ok(End::Done);
    }
    let config = Config::load(flags, true)?;
    telemetry::start(&config.log);
    let limits = Limits { timeout: config.statement_timeout, ..Limits::default() };
    let store = assemble::store(&config).await?;
    let ended = check(&store, limits, &statements, &catalog, &scope, &mut count).await;
    store.close().await;
    output::note(&count.to_string());
    ended
}

async fn check(
    store: &Store,
    limits: Limits,
    statements: &[String],
    catalog: &Catalog,
    scope: &Scope,
    count: &mut Count,
) -> anyhow::Result<End> {
    for statement in statements {
        let text = match count.of(admit(statement, catalog, scope)) {
            Err(refusal) => line(None, refusal.to_string().into(), Json::Null),
            Ok(admitted) => match store.reader.table(&admitted.rows(), limits).await {
                Ok(table) => line(Some(&admitted), Json::Null, rows(&table)),
                Err(error @ (StoreError::Unreachable(_) | StoreError::Busy)) => return Err(error.into()),
                Err(error) => line(Some(&admitted), format!("not run: {error}").into(), Json::Null),
            },
        };
        output::line(&text)?;
    }
    Ok(End::Done)
}

/// What became of the statements, for the closing line.
#[derive(Default)]
struct Count {
    admitted: usize,
    refused: BTreeMap<&'static str, usize>,
}

impl Count {
    fn of(&mut self, outcome: Result<Admitted, Refusal>) -> Result<Admitted, Refusal> {
        match &outcome {
            Ok(_) => self.admitted += 1,
            Err(refusal) => *self.refused.entry(refusal.code.as_str()).or_default() += 1,
        }
        outcome
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused: usize = self.refused.values().sum();
        write!(f, "{} statements: {} admitted, {refused} refused", self.admitted + refused, self.admitted)?;
        for (at, (code, count)) in self.refused.iter().enumerate() {
            write!(f, "{} {code} {count}", if at == 0 { ":" } else { "," })?;
        }
        Ok(())
    }
}

/// All of them before anything is printed.
fn statements(args: &Args) -> anyhow::Result<Vec<String>> {
    let (name, text) = match &args.file {
        Some(path) => {
            let name = path.display().to_string();
            let text = fs::read_to_string(path).with_context(|| name.clone())?;
            (name, text)
        }
        None => {
            let mut text = String::new();
            io::stdin().lock().read_to_string(&mut text).context("standard input")?;
            if !text.trim_start().starts_with('"') {
                return Ok(vec![text]);
            }
            ("standard input".to_owned(), text)
        }
    };
    let mut statements = Vec::new();
    let mut faults = Vec::new();
    for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        match serde_json::from_str(line) {
            Ok(statement) => statements.push(statement),
            Err(error) => faults.push(format!("{name}: line {number}: a JSON string is expected: {error}")),
        }
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(statements)
}

fn line(admitted: Option<&Admitted>, reason: Json, rows: Json) -> String {
    let sql = admitted.map(|admitted| admitted.rows().readable());
    json!({ "admitted": admitted.is_some(), "reason": reason, "sql": sql, "rows": rows }).to_string()
}

fn rows(table: &TextTable) -> Json {
    let row = |row: &Vec<Option<String>>| {
        row.iter().zip(&table.columns).map(|(text, column)| cell(text.as_deref(), &column.kind)).collect::<Json>()
    };
    table.rows.iter().map(row).collect()
}

/// Numbers, truth values and JSON as such; everything else, also what JSON has no number for, as PostgreSQL's text.
fn cell(text: Option<&str>, kind: &str) -> Json {
    let Some(text) = text else { return Json::Null };
    match kind {
        "BOOL" => Json::Bool(text == "t"),
        "INT2" | "INT4" | "INT8" | "FLOAT4" | "FLOAT8" | "NUMERIC" | "JSON" | "JSONB" => {
            serde_json::from_str(text).unwrap_or_else(|_| text.into())
        }
        _ => text.into(),
    }
}
