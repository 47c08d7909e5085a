//! `askline index`: embeds what is new or changed since the last time, and tells what it did.

use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{End, output, videos::all_known};
use crate::{
    assemble,
    config::Config,
    cost::{Models, Usage},
    index::{Forecast, Indexer, Plan, Progress, Report},
    model::Space,
    store::{Built, Store},
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// These videos alone, by number [default: all]
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    videos: Vec<i64>,
    /// What makes the vectors: bundled, a model's directory, or a model of Bedrock [default: the setting `embedder`]
    #[arg(long)]
    embedder: Option<String>,
    /// Embed everything again; what is there is searched until the new one is whole
    #[arg(long, conflicts_with = "videos")]
    rebuild: bool,
    /// Search this index from then on, if it is not the one that is searched
    #[arg(long, conflicts_with = "videos")]
    switch: bool,
    /// Only say what would be done, and what it would cost
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<End> {
    let store = assemble::store(config).await?;
    let done = index(config, &store, args).await;
    store.close().await;
    done.map(|()| End::Done)
}

async fn index(config: &Config, store: &Store, args: &Args) -> anyhow::Result<()> {
    all_known(store, &args.videos).await?;
    let indexer = assemble::indexer(config, store, args.embedder.as_deref()).await?;
    let videos = (!args.videos.is_empty()).then(|| args.videos.clone());
    let plan = Plan { videos, rebuild: args.rebuild, switch: args.switch };
    let text = if args.dry_run {
        would(&indexer.forecast(&plan).await?, indexer.embedder.space())
    } else {
        did(&with_bar(&indexer, &plan).await?)
    };
    output::line(&text)?;
    Ok(())
}

/// Of whatever was loaded a moment ago.
pub(super) async fn after_load(config: &Config, store: &Store) -> anyhow::Result<()> {
    let indexer = assemble::indexer(config, store, None).await?;
    output::line(&did(&with_bar(&indexer, &Plan::default()).await?))?;
    Ok(())
}

/// Shows a bar on standard error if that is a terminal.
async fn with_bar(indexer: &Indexer, plan: &Plan) -> anyhow::Result<Report> {
    let target =
        if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {msg} {eta} left") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    let began = Instant::now();
    let model = indexer.embedder.space().model.clone();
    let shown = bar.clone();
    let report = indexer.run(plan, move |progress| show(&shown, progress, &model)).await;
    bar.finish_and_clear();
    tracing::debug!(seconds = began.elapsed().as_secs_f64(), "indexed");
    Ok(report?)
}

fn show(bar: &ProgressBar, progress: Progress, model: &str) {
    bar.set_length(progress.total);
    bar.set_position(progress.done);
    bar.set_message(match (progress.graph, progress.tokens) {
        (Some(percent), _) => format!("approximate index {percent}%"),
        (None, 0) => String::new(),
        (None, tokens) => format!("{tokens} tokens{}", price(model, tokens)),
    });
}

fn did(report: &Report) -> String {
    let Report { version, new, changed, unchanged, removed, embedded, silent, tokens, built, switched } = report;
    let mut out = format!(
        "index {} of {} ({} dimensions): {new} new, {changed} changed, {unchanged} unchanged, {removed} removed",
        version.id, version.space.model, version.space.dimensions
    );
    out.push_str(&format!("\n{embedded} documents embedded"));
    if *tokens > 0 {
        out.push_str(&format!(", {tokens} tokens{}", price(&version.space.model, *tokens)));
    }
    if *silent > 0 {
        out.push_str(&format!("; of {silent} events the model knows no word"));
    }
    if *built == Built::Made {
        out.push_str("\nan approximate index was made for the videos with many events");
    }
    out.push_str(match (switched, version.served) {
        (true, _) => "\nit is searched from now on",
        (false, true) => "",
        (false, false) => "\nanother index is searched; `askline index --switch` makes it this one",
    });
    out
}

fn would(forecast: &Forecast, space: &Space) -> String {
    let Forecast { new, changed, removed, documents, tokens } = forecast;
    format!(
        "{new} new, {changed} changed, {removed} to be removed\n{documents} documents to be embedded by {}, about {tokens} \
         tokens{}",
        space.model,
        price(&space.model, *tokens)
    )
}

/// `, $0.12`; nothing for what runs here, and said where the table has no price.
fn price(model: &str, tokens: u64) -> String {
    let Ok(models) = Models::builtin() else { return String::new() };
    match models.get(model) {
        None if !model.contains('.') => String::new(),
        None => ", price unknown".to_owned(),
        Some(known) => match known.price(&Usage { input: tokens, ..Usage::default() }) {
            Some(money) => format!(", {money}"),
            None => ", price unknown".to_owned(),
        },
    }
}
