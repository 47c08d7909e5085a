//! `askline eval import FILE…`: other people's suites as JSON lines, and whether their golds run and are judged right.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, bail};

use super::{End, input};
use crate::{
    cli::output,
    eval::import::{
        Format, Imported,
        check::{Checked, Fault, check},
        read,
    },
    store::Limits,
};

pub(super) const ABOUT: &str = "\
Read other people's suites, of questions with gold SQL, into JSON lines.

With --check, every gold is also admitted as a model's SQL is, run on its database, which is only read, and judged as if
it had been predicted: all of them have to be right.";

pub(super) const FORMATS: &str = "\
What is read:
  spider  JSON, a list or an object on each line: question, query, db_id
  bird    the same: question, SQL, db_id, evidence, difficulty
  defog   CSV: question, query, db_name, query_category, instructions; in a query `;` parts alternatives, and of the
          columns in {braces} any will do, as in sql-eval
  csv     CSV: question, query or sql, db_name

What is written, a line for each question:
  {\"id\": \"dev-0001\", \"question\", \"database\", \"golds\": [SQL, …], \"mode\": \"spider|bird|defog\", \"ordered\",
   \"instructions\"?, \"difficulty\"?, \"category\"?, \"source\": \"FILE:LINE\"}
  A result like that of any of the golds is right, by the rules of `mode` (see `askline eval judge --help`).

Exit codes:
  0  done; with --check, every gold ran and is right
  1  a gold is refused, did not run or is not right
  2  could not run: a file that cannot be read, a database that cannot be reached; nothing was written";

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Whose files
    #[arg(long, value_name = "FORMAT")]
    format: Of,
    /// The suite's files; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Where the suite keeps its databases: each one named has to be there, as DIR/NAME or DIR/NAME.*
    #[arg(long, value_name = "DIR")]
    db_dir: Option<PathBuf>,
    /// Write here [default: standard output, without --check]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Run every gold on its database
    #[arg(long, requires = "database_url_template")]
    check: bool,
    /// Where the databases are: {db} stands for the name, as in postgres://user@host/{db}
    #[arg(long, value_name = "URL", requires = "check")]
    database_url_template: Option<String>,
    /// Write what each database holds (tables, columns, keys) to DIR/NAME.json
    #[arg(long, value_name = "DIR", requires = "check")]
    catalogs: Option<PathBuf>,
    /// Seconds a gold may take
    #[arg(long, default_value_t = 10, value_name = "SECONDS", requires = "check")]
    timeout: u64,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Of {
    Spider,
    Bird,
    Defog,
    Csv,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<End> {
    let questions = questions(args)?;
    let template = args.database_url_template.as_deref().filter(|_| args.check);
    let checked = match template {
        None => None,
        Some(template) => {
            let limits = Limits { timeout: Duration::from_secs(args.timeout), ..Limits::default() };
            Some(check(&questions, template, limits).await?)
        }
    };
    let lines: Vec<String> = questions.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    match &args.out {
        Some(path) => {
            fs::write(path, lines.join("\n") + "\n")
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
        None if checked.is_none() => output::line(&lines.join("\n"))?,
        None => {}
    }
    let Some((checked, catalogs)) = checked else { return Ok(End::Done) };
    if let Some(dir) = &args.catalogs {
        fs::create_dir_all(dir).with_context(|| format!("{} cannot be made", dir.display()))?;
        for (database, catalog) in &catalogs {
            let path = dir.join(format!("{database}.json"));
            let text = serde_json::to_string_pretty(catalog)? + "\n";
            fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
        }
    }
    told(&checked)
}

fn told(checked: &[Checked]) -> anyhow::Result<End> {
    let (mut refused, mut not_run, mut wrong) = (0, 0, 0);
    for Checked { id, source, database, golds, faults } in checked {
        for (number, fault) in faults {
            let (what, why) = match fault {
                Fault::Refused(refusal) => ("refused", refusal.to_string()),
                Fault::NotRun(why) => ("not run", why.clone()),
                Fault::Wrong(why) => ("wrong", why.clone()),
            };
            output::line(&format!("{source}: {id}: {database}: gold {number} of {golds}: {what}: {why}"))?;
        }
        refused += faults.iter().filter(|(_, fault)| matches!(fault, Fault::Refused(_))).count();
        not_run += faults.iter().filter(|(_, fault)| matches!(fault, Fault::NotRun(_))).count();
        wrong += faults.iter().filter(|(_, fault)| matches!(fault, Fault::Wrong(_))).count();
    }
    let golds: usize = checked.iter().map(|one| one.golds).sum();
    let databases: BTreeSet<&str> = checked.iter().map(|one| one.database.as_str()).collect();
    let right = golds - refused - not_run - wrong;
    output::line(&format!(
        "{} questions on {} databases, {golds} golds: {right} right, {wrong} wrong, {refused} refused, {not_run} not run",
        checked.len(),
        databases.len()
    ))?;
    Ok(if refused + not_run + wrong == 0 { End::Done } else { End::GateFailed })
}

/// Of all files; all problems of all of them at once.
fn questions(args: &Args) -> anyhow::Result<Vec<Imported>> {
    let format = match args.format {
        Of::Spider => Format::Spider,
        Of::Bird => Format::Bird,
        Of::Defog => Format::Defog,
        Of::Csv => Format::Csv,
    };
    let (mut all, mut problems, mut stems) = (Vec::new(), Vec::new(), BTreeSet::new());
    for path in &args.files {
        let stem = path.file_stem().map_or_else(|| "stdin".to_owned(), |stem| stem.to_string_lossy().into_owned());
        let stem = if stem == "-" { "stdin".to_owned() } else { stem };
        let read = input::read(path).map_err(|error| format!("{error:#}")).and_then(|(name, text)| {
            if !stems.insert(stem.clone()) {
                return Err(format!("{name}: another file is called `{stem}`, from which ids are made; rename one"));
            }
            read(format, &name, &stem, &text).map_err(|problems| problems.to_string())
        });
        match read {
            Ok(questions) => all.extend(questions),
            Err(told) => problems.push(told),
        }
    }
    if let Some(dir) = &args.db_dir {
        let there = names(dir)?;
        for question in all.iter().filter(|question| !there.contains(&question.database)) {
            problems.push(format!(
                "{}: there is no database `{}` in {}",
                question.source,
                question.database,
                dir.display()
            ));
        }
    }
    if problems.is_empty() { Ok(all) } else { bail!("{}", problems.join("\n")) }
}

/// Without their endings.
fn names(dir: &Path) -> anyhow::Result<BTreeSet<String>> {
    let entries = fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))?;
    Ok(entries.filter_map(|entry| Some(entry.ok()?.path().file_stem()?.to_string_lossy().into_owned())).collect())
}
