//! `askline eval compare A B`: what got better, what broke, and whether the difference is real.

use std::path::PathBuf;

use anyhow::Context;

use super::{End, present};
use crate::{
    cli::output,
    eval::{files, report},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The run before: its directory, or its summary.json
    a: PathBuf,
    /// The run after
    b: PathBuf,
    /// As Markdown, for a pull request
    #[arg(long)]
    markdown: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<End> {
    let read = |path: &PathBuf| files::read(path).with_context(|| path.display().to_string());
    let ((old, old_cases), (new, new_cases)) = (read(&args.a)?, read(&args.b)?);
    let comparison = present::comparison((&old, &old_cases), (&new, &new_cases))?;
    let text = if args.markdown {
        report::markdown(&new, Some(&comparison), &[])
    } else {
        report::comparison_terminal(&comparison)
    };
    output::line(text.trim_end())?;
    Ok(End::Done)
}
