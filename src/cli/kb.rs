//! `askline kb sync`: the events of the database as documents of a knowledge base of Bedrock.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{End, output, videos::all_known};
use crate::{
    assemble::{self, SyncTo},
    config::{Config, data_source_id},
    index::knowledge_base::{Forecast, Progress, Report},
    store::Store,
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Send new and changed events, take out those that are gone, and wait until all are indexed
    #[command(after_help = EXIT_CODES)]
    Sync(Args),
}

const EXIT_CODES: &str = "\
Exit codes:
  0  the knowledge base has every event
  1  some documents failed, or it was not done; the next run goes on there
  4  the database could not be asked";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// These videos alone, by number [default: all]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    videos: Vec<i64>,
    /// Only say what would be sent and taken out
    #[arg(long)]
    dry_run: bool,
    /// Write documents into this bucket, which the data source reads, and have it read them
    #[arg(long, value_name = "BUCKET[/PREFIX]")]
    s3: Option<String>,
    /// The data source [default: the setting `bedrock_data_source_id`, or the only one of the knowledge base]
    #[arg(long, value_name = "ID", value_parser = data_source_id)]
    data_source: Option<String>,
    /// Milliseconds between two looks at what is being indexed, at first
    #[arg(long, value_name = "MS", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(10..=60_000))]
    look_ms: u64,
}

pub(super) async fn run(config: &Config, command: &Command) -> anyhow::Result<End> {
    let Command::Sync(args) = command;
    let store = assemble::store(config).await?;
    let ended = sync(config, &store, args).await;
    store.close().await;
    ended
}

async fn sync(config: &Config, store: &Store, args: &Args) -> anyhow::Result<End> {
    all_known(store, &args.videos).await?;
    let look = Some(Duration::from_millis(args.look_ms));
    let to = SyncTo { data_source: args.data_source.clone(), bucket: args.s3.clone(), look };
    let sync = assemble::sync(config, store, &to).await?;
    let videos = (!args.videos.is_empty()).then_some(args.videos.as_slice());
    if args.dry_run {
        output::line(&would(sync.forecast(videos).await?))?;
        return Ok(End::Done);
    }
    let bar = bar();
    let shown = bar.clone();
    let ended = sync.run(videos, move |progress| show(&shown, progress)).await;
    bar.finish_and_clear();
    let report = ended?;
    output::line(&did(&report))?;
    failures(&report).iter().for_each(|line| output::note(line));
    Ok(if report.failed.is_empty() { End::Done } else { End::CannotWork })
}

/// On standard error, if that is a terminal.
fn bar() -> ProgressBar {
    let target =
        if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {msg} {eta} left") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Looking and following are half of the way each.
fn show(bar: &ProgressBar, progress: Progress) {
    let Progress { total, looked, sent, indexed, failed } = progress;
    bar.set_length(total + sent);
    bar.set_position(looked + indexed + failed);
    bar.set_message(format!("{sent} sent, {indexed} indexed, {failed} failed"));
}

fn did(report: &Report) -> String {
    let Report { new, changed, again, removed, indexed, failed, .. } = report;
    let failed: u64 = failed.values().map(|(count, _)| count).sum();
    let again = if *again > 0 { format!(", {again} again") } else { String::new() };
    format!("{new} new, {changed} changed{again}, {removed} removed; {indexed} indexed, {failed} failed")
}

fn failures(report: &Report) -> Vec<String> {
    let line = |(reason, (count, first)): (&String, &(u64, crate::store::Remembered))| {
        format!("{count} failed, the first of them event {} of video {}: {reason}", first.event_id, first.video_id)
    };
    let job = report.job.iter().map(|reason| format!("the job says: {reason}"));
    let mut lines: Vec<String> = report.failed.iter().map(line).chain(job).collect();
    if !report.failed.is_empty() {
        lines.push("the next run sends them again".to_owned());
    }
    lines
}

fn would(forecast: Forecast) -> String {
    let Forecast { new, changed, again, removed } = forecast;
    format!("{new} new, {changed} changed and {again} once more would be sent; {removed} would be removed")
}
