//! `askline eval report RUN`: a run's reports anew, from its files.

use std::path::PathBuf;

use super::{End, present};
use crate::{
    cli::output,
    eval::{files, report},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The directory of a run
    run: PathBuf,
    /// A run to compare with
    #[arg(long, value_name = "RUN")]
    baseline: Option<PathBuf>,
    /// Print it in this form; without it, the reports in the run's directory are written anew
    #[arg(long, value_enum)]
    format: Option<Format>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Terminal,
    Markdown,
    Junit,
    Html,
}

pub(super) fn run(args: &Args) -> anyhow::Result<End> {
    let (summary, records) = files::read(&args.run)?;
    let baseline = args.baseline.as_deref().map(files::read).transpose()?;
    let comparison =
        baseline.as_ref().map(|(old, cases)| present::comparison((old, cases), (&summary, &records))).transpose()?;
    let comparison = comparison.as_ref();
    let text = match args.format {
        None => {
            present::reports(&args.run, &summary, &records, comparison, &[])?;
            format!("report.html, report.md and junit.xml written to {}", args.run.display())
        }
        Some(Format::Terminal) => present::terminal(&summary, &records, comparison, &[]),
        Some(Format::Markdown) => report::markdown(&summary, comparison, &[]),
        Some(Format::Junit) => report::junit(&summary, &records),
        Some(Format::Html) => report::html(&summary, &records, comparison, &[]),
    };
    output::line(text.trim_end())?;
    Ok(End::Done)
}
