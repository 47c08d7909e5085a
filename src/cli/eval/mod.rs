//! `askline eval …`: the evaluation harness. What is here so far needs no database and no settings.

mod input;
mod judge;
mod metrics;

use clap::Subcommand;

use super::{End, output};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Judge results made elsewhere against their golds
    #[command(long_about = judge::ABOUT, after_help = judge::FORMAT)]
    Judge(judge::Args),
    /// Measure a ranked run: recall@5, recall@10, MRR, nDCG@10
    #[command(long_about = metrics::ABOUT, after_help = metrics::FORMAT)]
    Metrics(metrics::Args),
}

pub(super) const EXIT_CODES: &str = "\
Exit codes:
  0  done, whatever the verdicts
  2  could not run: a file or a line of it cannot be read; nothing was printed";

/// Runs one command. What could not run is told here, because it has an exit code of its own.
pub(super) fn run(command: Command) -> anyhow::Result<End> {
    let ran = match command {
        Command::Judge(args) => judge::run(&args),
        Command::Metrics(args) => metrics::run(&args),
    };
    match ran {
        Ok(()) => Ok(End::Done),
        Err(error) if output::is_broken_pipe(&error) => Err(error),
        Err(error) => {
            output::complain(&error);
            Ok(End::CouldNotRun)
        }
    }
}
