//! `askline eval list`: the suites and runs there are.

use std::path::PathBuf;

use super::{End, present, run};
use crate::{
    cli::output,
    eval::{case::Suite, files},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Where to look: directories of suites, or of runs
    #[arg(default_values = ["eval/suites", "eval/baselines"])]
    dirs: Vec<PathBuf>,
}

pub(super) fn list(args: &Args) -> anyhow::Result<End> {
    let mut lines = Vec::new();
    for dir in &args.dirs {
        let Ok(entries) = std::fs::read_dir(dir) else { continue };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            let shown = path.display();
            if run::is_run(&path) {
                lines.push(match files::read(&path) {
                    Ok((summary, _)) => {
                        let accuracy = summary.strategies.iter().map(|slice| {
                            let value =
                                slice.figures.accuracy.map_or("-".to_owned(), |s| format!("{:.1}%", 100.0 * s.value));
                            format!("{} {value}", slice.strategy)
                        });
                        format!("{shown}  {}  {}", summary.header.started_at, accuracy.collect::<Vec<_>>().join(", "))
                    }
                    Err(error) => error.to_string(),
                });
            } else if path.extension().is_some_and(|ext| ext == "yaml" || ext == "yml") {
                lines.push(match Suite::load(&path) {
                    Ok(suite) => format!("{shown}  {} cases: {}", suite.cases.len(), present::kinds(&suite)),
                    Err(error) => error.to_string(),
                });
            }
        }
    }
    if lines.is_empty() {
        anyhow::bail!("no suite and no run in these directories; name one that has some");
    }
    output::line(&lines.join("\n"))?;
    Ok(End::Done)
}
