//! Config → Store, Engine: the only file that puts the parts together.

use anyhow::Context;

use crate::{
    config::Config,
    engine::Engine,
    question::lexicon::Lexicon,
    router::Router,
    store::{Limits, Store},
};

/// Opens the database and brings its tables up to date.
pub async fn store(config: &Config) -> anyhow::Result<Store> {
    Ok(Store::open(config.store.clone()).await?)
}

/// What answers, over an open store.
pub fn engine(config: &Config, store: &Store) -> anyhow::Result<Engine> {
    let lexicon = if config.lexicon.is_empty() { Lexicon::builtin() } else { Lexicon::with_files(&config.lexicon) };
    let lexicon = lexicon.context("the vocabulary")?;
    let router = Router::new(&config.strategy).context("the setting `strategy`")?;
    let limits = Limits { timeout: config.statement_timeout, ..Limits::default() };
    Ok(Engine::new(store.reader.clone(), lexicon, router, limits))
}
