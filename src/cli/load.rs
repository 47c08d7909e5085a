//! STAND-IN, replaced by the store branch.
use super::End;
use crate::config::Config;
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// CSV or NDJSON files of videos and events; - is stdin
    #[arg(required = true)]
    files: Vec<std::path::PathBuf>,
}
pub(super) async fn run(_config: &Config, args: &Args) -> anyhow::Result<End> {
    anyhow::bail!("{:?}", args.files)
}
