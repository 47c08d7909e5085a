//! `askline serve`: answers over HTTP until it is told to stop.

use std::{io, pin::pin, sync::Arc};

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};

use super::{End, check, output};
use crate::{
    assemble::{self, With},
    config::Config,
    http, index,
};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Load the sample videos first, if they are not there
    #[arg(long)]
    demo: bool,
    /// Port to listen on; 0 takes a free one [default: 8088] [env: ASKLINE_PORT]
    #[arg(long)]
    pub(super) port: Option<u16>,
    /// Address to listen on [default: 127.0.0.1] [env: ASKLINE_HOST]
    #[arg(long)]
    pub(super) host: Option<String>,
}

pub(super) async fn run(config: &Config, args: &Args) -> anyhow::Result<End> {
    check::warn(config)?;
    // The signals first, so that a stop during the start is one too; the port next, so that a taken one is told at once.
    let mut stop = pin!(stop_signal()?);
    let http::Settings { host, port, .. } = &config.http;
    let bound = http::bind(&config.http).await.with_context(|| format!("cannot listen on {host}:{port}"))?;
    let with = With { demo: args.demo, ..With::default() };
    let (store, engine) = tokio::select! {
        () = &mut stop => return Ok(End::Done),
        opened = assemble::engine(config, &with) => opened?,
    };
    let address = bound.address()?;
    output::line(&greeting(&format!("http://{address}")))?;
    let engine = Arc::new(engine);
    let warmed = engine.clone();
    tokio::spawn(async move { warmed.warm().await });
    // Only what is searched is indexed.
    let searched = engine.can_search(&assemble::strategy(&config.strategy).0);
    let indexer = if searched { assemble::keeper(config, &store).await? } else { None };
    let indexing = indexer.map(|indexer| tokio::spawn(index::keep(indexer)));
    bound.serve(engine, store.reader.clone(), store.ledger.clone(), stop).await?;
    if let Some(indexing) = indexing {
        indexing.abort();
    }
    store.close().await;
    Ok(End::Done)
}

fn greeting(url: &str) -> String {
    format!(
        "askline answers at {url}\n\n  curl -s {url}/api/prompt/ -H 'content-type: application/json' \\\n    \
         -d '{{\"prompt\": \"5분에서 10분 사이에 도난 사건이 있었나요?\", \"video_id\": 1}}'\n"
    )
}

/// Ends with the first SIGTERM or SIGINT.
pub(super) fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut term = signal(SignalKind::terminate())?;
    let mut int = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        tracing::info!("stopping");
    })
}
