//! `askline check`: whether what is set up can work, a line each, with what to do where it cannot.

use std::{sync::Arc, time::Duration};

use jiff::Zoned;
use serde::Serialize;

use super::{End, output};
use crate::{
    assemble,
    bedrock::{self, Bedrock, Checked, Finding, State},
    config::Config,
    cost::Models,
    store::{Examined, Searched, Store},
};

pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  everything that is set up can work; there may be warnings
  1  something that is set up cannot work, or the settings are wrong";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// One JSON object
    #[arg(long)]
    json: bool,
    /// Milliseconds that each request may take
    #[arg(long, default_value_t = 20_000)]
    limit_ms: u64,
}

#[derive(Serialize)]
struct Report<'a> {
    /// The worst of the findings.
    state: State,
    findings: &'a [Finding],
}

pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<End> {
    let mut findings = database(config).await;
    findings.push(files(config));
    findings.extend(of_bedrock(config, Duration::from_millis(args.limit_ms)).await?);
    let state = findings.iter().map(|finding| finding.state).max().unwrap_or(State::Ok);
    let text = if args.json {
        serde_json::to_string(&Report { state, findings: &findings })?
    } else {
        findings.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    output::line(&text)?;
    Ok(if state == State::Failed { End::CannotWork } else { End::Done })
}

/// What the settings alone say, for the log of a server that starts.
pub(super) fn warn(config: &Config) -> anyhow::Result<()> {
    let Some(set) = &config.bedrock else { return Ok(()) };
    for finding in bedrock::glance(set.client.region.as_deref(), &checked(config)?, &Models::builtin()?) {
        tracing::warn!(what = finding.what, "{}; `askline check` looks closer", finding.says);
    }
    Ok(())
}

/// The files that the settings name: strategies and prompts.
fn files(config: &Config) -> Finding {
    match assemble::files_are_sound(config) {
        Ok(()) => Finding::new(State::Ok, "files", "strategies and prompts can be used"),
        Err(error) => Finding::new(State::Failed, "files", format!("{error:#}")),
    }
}

async fn database(config: &Config) -> Vec<Finding> {
    let Examined { server, missing, vector, index } = match Store::examine(&config.store).await {
        Ok(examined) => examined,
        Err(error) => return vec![Finding::new(State::Failed, "database", error.to_string())],
    };
    let tables = match missing {
        0 => "up to date".to_owned(),
        n => format!("{n} to be run; `askline serve` and `askline load` run them when they start"),
    };
    let extension = match vector {
        Some(vector) if vector.installed => (State::Ok, format!("version {}", vector.version)),
        Some(vector) => (State::Ok, format!("version {} is there to be installed", vector.version)),
        None => {
            (State::Warning, "the server does not have it: search by meaning needs it; install it there".to_owned())
        }
    };
    let index = match index {
        None => (State::Ok, "none; `askline index` makes one, for search by meaning".to_owned()),
        Some(Searched { model, events, stale: 0 }) => {
            (State::Ok, format!("of {model}, up to date with all {events} events"))
        }
        Some(Searched { model, events, stale }) => (
            State::Warning,
            format!("of {model}; {stale} of {events} events are not in it as they are now: run `askline index`"),
        ),
    };
    vec![
        Finding::new(State::Ok, "database", format!("PostgreSQL {server}")),
        Finding::new(State::Ok, "migrations", tables),
        Finding::new(extension.0, "extension vector", extension.1),
        Finding::new(index.0, "index", index.1),
    ]
}

async fn of_bedrock(config: &Config, limit: Duration) -> anyhow::Result<Vec<Finding>> {
    let Some(set) = &config.bedrock else {
        return Ok(vec![Finding::new(State::Ok, "bedrock", "off (USE_BEDROCK is not true): nothing is asked of AWS")]);
    };
    let table = Models::builtin()?;
    let settings = assemble::client(set, &table);
    let client = Arc::new(Bedrock::new(settings).await);
    Ok(bedrock::check(&client, &checked(config)?, &table, limit).await)
}

fn checked(config: &Config) -> anyhow::Result<Checked> {
    let Some(set) = &config.bedrock else { return Ok(Checked::default()) };
    Ok(Checked {
        chat: assemble::chat_models(config)?,
        embedding: set.embedding_model.clone(),
        embedding_dimensions: set.embedding_dimensions,
        knowledge_base: set.knowledge_base.clone(),
        data_source: set.data_source.clone(),
        rerank: set.rerank_model.clone(),
        today: Zoned::now().date().to_string(),
    })
}

fn line(finding: &Finding) -> String {
    let state = match finding.state {
        State::Ok => "ok",
        State::Warning => "warning",
        State::Failed => "failed",
    };
    format!("{state:<8} {}: {}", finding.what, finding.says)
}
