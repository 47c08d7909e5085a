//! `askline eval …`: the evaluation harness. Only `run`, `search` and `lint` read the settings and open the
//! database; `import --check` opens others.

mod compare;
mod exchanges;
mod import;
mod input;
mod judge;
mod lint;
mod list;
mod metrics;
mod present;
mod report;
mod run;
mod search;
mod suites;
mod watch;

use clap::Subcommand;

use super::{End, output};
use crate::{
    config::{Config, Flags},
    telemetry,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Ask every case of the suites, judge the answers, and say what they cost
    #[command(after_help = RUN_CODES)]
    Run(Box<run::Args>),
    /// Compare two runs: what got better, what broke, and whether the difference is real
    Compare(compare::Args),
    /// Write a run's reports anew, or print one
    Report(report::Args),
    /// Check suites: golds that do not run, depend on chance or leave their video, and more
    #[command(after_help = lint::CODES)]
    Lint(lint::Args),
    /// Read other people's suites: Spider, BIRD, defog, CSV
    #[command(long_about = import::ABOUT, after_help = import::FORMATS)]
    Import(import::Args),
    /// List suites and runs
    List(list::Args),
    /// Judge results made elsewhere against their golds
    #[command(long_about = judge::ABOUT, after_help = judge::FORMAT)]
    Judge(judge::Args),
    /// The legs of a search side by side, and where "nothing relevant" is to begin
    #[command(long_about = search::ABOUT)]
    Search(search::Args),
    /// Measure a ranked run: recall@5, recall@10, MRR, nDCG@10
    #[command(long_about = metrics::ABOUT, after_help = metrics::FORMAT)]
    Metrics(metrics::Args),
}

const RUN_CODES: &str = "\
Exit codes:
  0  ran, and every gate passed
  1  a gate failed
  2  could not run, or was stopped: suites, settings, the database, a baseline that does not compare";

pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  done, whatever the verdicts
  1  run: a gate failed; lint, import --check: there are errors
  2  could not run: a file or a line of it cannot be read, no database; nothing was printed";

/// Runs one command. What could not run is told here, because it has an exit code of its own.
pub(super) async fn run(command: Command, flags: &Flags) -> anyhow::Result<End> {
    let ran = match command {
        Command::Run(args) => with_settings(flags, *args).await,
        Command::Compare(args) => compare::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Lint(args) => match settings(flags) {
            Ok(config) => lint::run(&config, args).await,
            Err(error) => Err(error),
        },
        Command::Search(args) => match settings(flags) {
            Ok(config) => search::run(&config, args).await,
            Err(error) => Err(error),
        },
        Command::Import(args) => import::run(&args).await,
        Command::List(args) => list::list(&args),
        Command::Judge(args) => judge::run(&args).map(|()| End::Done),
        Command::Metrics(args) => metrics::run(&args).map(|()| End::Done),
    };
    match ran {
        Err(error) if !output::is_broken_pipe(&error) => {
            output::complain(&error);
            Ok(End::CouldNotRun)
        }
        ended => ended,
    }
}

async fn with_settings(flags: &Flags, args: run::Args) -> anyhow::Result<End> {
    run::run(&settings(flags)?, args).await
}

fn settings(flags: &Flags) -> anyhow::Result<Config> {
    let config = Config::load(flags, true)?;
    telemetry::start(&config.log);
    Ok(config)
}
