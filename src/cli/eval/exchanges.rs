//! How a run is put together: its strategy files, and where its exchanges with models are kept.

use std::path::PathBuf;

use super::run::Args;
use crate::{
    assemble::{self, With},
    config::Config,
    replay::Mode,
};

/// A run that is kept keeps its exchanges, too: gone on with after it was killed, it pays for none of them again.
const KEPT: &str = "exchanges";

pub(super) fn with(config: &Config, args: &Args) -> anyhow::Result<With> {
    let files = args.strategy.iter().filter_map(|given| assemble::strategy(given).1).collect();
    Ok(With { demo: args.demo, strategies: files, tape: tape(config, args) })
}

fn tape(config: &Config, args: &Args) -> Option<(PathBuf, Mode)> {
    if let Some(dir) = &args.replay {
        let mode = if args.record_new { Mode::ReplayAndRecord } else { Mode::Replay };
        return Some((dir.clone(), mode));
    }
    // What the run that is gone on with has recorded is not asked again.
    let mode = if args.resume { Mode::ReplayAndRecord } else { Mode::Record };
    if let Some(dir) = &args.record {
        return Some((dir.clone(), mode));
    }
    let kept = config.bedrock.as_ref().and(args.out.as_ref()).filter(|_| !args.dry_run);
    kept.map(|out| (out.join(KEPT), mode))
}
