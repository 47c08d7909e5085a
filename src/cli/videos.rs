//! `askline videos`: what can be asked about.

use std::fmt::Write;

use serde_json::json;

use super::{End, output};
use crate::{assemble, config::Config, question::Video};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// One JSON array
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<End> {
    let store = assemble::store(config).await?;
    let videos = store.reader().videos().await?;
    let text = if args.json {
        serde_json::Value::Array(videos.iter().map(as_json).collect()).to_string()
    } else if videos.is_empty() {
        "no videos yet; load yours with `askline load FILES…`, or start `askline serve --demo`".to_owned()
    } else {
        table(&videos)
    };
    output::line(&text)?;
    Ok(End::Done)
}

fn as_json(video: &Video) -> serde_json::Value {
    json!({
        "video_id": video.id,
        "name": video.name,
        "filename": video.filename,
        "duration": video.duration,
        "recorded_at": video.recorded_at,
        "timezone": video.timezone.iana_name(),
    })
}

fn table(videos: &[Video]) -> String {
    let mut out = format!("{:>6}  {:>8}  {:<25}  name", "id", "length", "recorded");
    for video in videos {
        let length = video.duration.map_or("-".to_owned(), moment);
        let recorded = video.recorded_at.map_or("-".to_owned(), |at| {
            at.to_zoned(video.timezone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
        });
        let _ = write!(out, "\n{:>6}  {length:>8}  {recorded:<25}  {}", video.id, video.name);
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
