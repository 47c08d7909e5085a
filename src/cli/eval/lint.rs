//! `askline eval lint SUITE…`: what is wrong with suites, one finding a line.

use std::path::PathBuf;

use super::{End, suites::suites};
use crate::{
    assemble,
    cli::output,
    config::Config,
    eval::lint::{Finding, Severity, lint},
    sql::catalog::Catalog,
    store::Limits,
};

pub(super) const CODES: &str = "\
Each finding is a line: FILE:LINE: CASE: error|warning: what is wrong; what to do

Exit codes:
  0  no errors
  1  errors
  2  could not run: a suite that does not load, settings, the database";

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Files of cases, or directories of them
    #[arg(required = true, value_name = "SUITE")]
    suites: Vec<PathBuf>,
    /// Load the sample videos first, if they are not there
    #[arg(long)]
    demo: bool,
}

pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<End> {
    let suites = suites(config, &args.suites, None)?;
    let lexicon = assemble::lexicon(config)?;
    let catalog = Catalog::builtin()?;
    let store = assemble::store(config).await?;
    let limits = Limits { timeout: config.statement_timeout, ..Limits::default() };
    let linted = async {
        if args.demo {
            store.writer.load_sample().await?;
        }
        anyhow::Ok(lint(&store, &lexicon, &catalog, &suites, limits).await?)
    };
    let linted = linted.await;
    store.close().await;
    let found = linted?;
    for finding in &found {
        output::line(&finding.to_string())?;
    }
    let errors = found.iter().filter(|Finding { severity, .. }| *severity == Severity::Error).count();
    let cases: usize = suites.iter().map(|suite| suite.cases.len()).sum();
    output::line(&format!("{cases} cases, {errors} errors, {} warnings", found.len() - errors))?;
    Ok(if errors == 0 { End::Done } else { End::GateFailed })
}
