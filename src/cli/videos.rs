//! `askline videos`: what can be asked about.

use std::fmt::Write;

use super::{End, output};
use crate::{
    assemble,
    config::Config,
    store::{Store, VideoRow},
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// One JSON array
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<End> {
    let store = assemble::store(config).await?;
    let videos = store.reader.videos().await;
    store.close().await;
    let videos = videos?;
    let text = if args.json {
        serde_json::to_string(&videos)?
    } else if videos.is_empty() {
        "no videos yet; load yours with `askline load FILES…`, or start `askline serve --demo`".to_owned()
    } else {
        table(&videos)
    };
    output::line(&text)?;
    Ok(End::Done)
}

/// Of an option `--videos`.
pub(super) async fn all_known(store: &Store, ids: &[i64]) -> anyhow::Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let known = store.reader.videos().await?;
    let unknown = ids.iter().filter(|id| !known.iter().any(|video| video.id == **id));
    let unknown: Vec<String> = unknown.map(ToString::to_string).collect();
    anyhow::ensure!(
        unknown.is_empty(),
        "--videos: there is no video {}; `askline videos` lists them all",
        unknown.join(", ")
    );
    Ok(())
}

fn table(videos: &[VideoRow]) -> String {
    let mut out = format!("{:>6}  {:>8}  {:>7}  {:<20}  name", "id", "length", "events", "recorded (UTC)");
    for video in videos {
        let length = video.duration.map_or("-".to_owned(), moment);
        let recorded = video.recorded_at.as_deref().unwrap_or("-");
        let _ = write!(out, "\n{:>6}  {length:>8}  {:>7}  {recorded:<20}  {}", video.id, video.events, video.name);
    }
    out
}

/// m:ss, h:mm:ss past the hour.
fn moment(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a length is not negative, and is cut to whole seconds"
    )]
    let whole = seconds as u64;
    let (h, m, s) = (whole / 3600, whole / 60 % 60, whole % 60);
    if h > 0 { format!("{h}:{m:02}:{s:02}") } else { format!("{m}:{s:02}") }
}
