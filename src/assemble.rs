//! Config → Store, Engine: the only file that puts the parts together.

use std::{fs, path::PathBuf};

use anyhow::Context;

use crate::{
    config::Config,
    engine::Engine,
    question::Lexicon,
    router::Router,
    store::{Limits, Store},
};

/// Opens the database and brings its tables up to date.
pub async fn store(config: &Config) -> anyhow::Result<Store> {
    Ok(Store::open(config.store.clone()).await?)
}

/// What answers, over an open store.
pub fn engine(config: &Config, store: &Store) -> anyhow::Result<Engine> {
    let lexicon = Lexicon::with_files(&vocabulary(&config.lexicon)?).context("the vocabulary")?;
    let router = Router::new(&config.strategy).context("the setting `strategy`")?;
    let limits = Limits { timeout: config.statement_timeout, ..Limits::default() };
    Ok(Engine::new(store.reader.clone(), lexicon, router, limits))
}

/// Name and text of each file.
fn vocabulary(files: &[PathBuf]) -> anyhow::Result<Vec<(String, String)>> {
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).with_context(|| format!("the setting `lexicon`: {name}"))?;
        Ok((name, text))
    };
    files.iter().map(read).collect()
}
