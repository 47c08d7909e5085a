//! `askline load FILE…`: videos and events from CSV or NDJSON files into the database.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    time::Instant,
};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::store::{Counts, Input, Loaded, Progress, Stage, Store};

/// Loads the files and says on standard output what became of their rows. `-` is standard input. A bar is shown on
/// standard error if that is a terminal.
///
/// # Errors
/// A [`crate::store::LoadError`] in words: every bad row with its file, line and column; nothing was loaded then.
pub(super) async fn load(store: &Store, files: &[PathBuf]) -> anyhow::Result<Loaded> {
    let began = Instant::now();
    let bar = bar();
    let shown = bar.clone();
    let inputs = files.iter().map(Input::path).collect();
    let loaded = store.writer.load(inputs, move |progress| show(&shown, progress)).await;
    bar.finish_and_clear();
    let loaded = loaded?;
    let seconds = began.elapsed().as_secs_f64();
    let mut out = std::io::stdout().lock();
    for (noun, counts) in [("videos", loaded.videos), ("events", loaded.events)] {
        let Counts { inserted, updated, unchanged } = counts;
        if inserted + updated + unchanged > 0 {
            writeln!(out, "{noun}: {inserted} inserted, {updated} updated, {unchanged} unchanged")
                .context("writing to standard output")?;
        }
    }
    writeln!(out, "done in {seconds:.1} s").context("writing to standard output")?;
    Ok(loaded)
}

fn bar() -> ProgressBar {
    let target =
        if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{msg:9} {bar:40} {bytes}/{total_bytes}");
    let bar = ProgressBar::with_draw_target(None, target);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_message(match progress.stage {
        Stage::Checking => "checking",
        Stage::Sending => "sending",
        Stage::Merging => "merging",
    });
    bar.set_length(progress.total);
    bar.set_position(progress.bytes);
}
