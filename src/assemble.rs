//! Config → Store, Engine: the only file that puts the parts together.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;

use crate::{
    config::Config,
    engine::Engine,
    index::{Detail, Indexer, Template},
    local::{BUNDLED, Local},
    model::Embedder,
    question::Lexicon,
    router::Router,
    store::{Limits, Store},
    strategy::vector::Search,
};

/// Opens the database and brings its tables up to date.
pub async fn store(config: &Config) -> anyhow::Result<Store> {
    Ok(Store::open(config.store.clone()).await?)
}

/// What answers, over its store; with `demo`, over the sample too. The vocabulary is read while the database opens.
pub async fn engine(config: &Config, demo: bool) -> anyhow::Result<(Store, Engine)> {
    let router = Router::new(&config.strategy).context("the setting `strategy`")?;
    let limits = Limits { timeout: config.statement_timeout, ..Limits::default() };
    let files = vocabulary(&config.lexicon)?;
    let lexicon = tokio::task::spawn_blocking(move || Lexicon::with_files(&files));
    let store = store(config).await?;
    if demo {
        store.writer.load_sample().await?;
    }
    let lexicon = lexicon.await?.context("the vocabulary")?;
    let search = Search::new(store.vectors.clone(), embedder(config.embedder.as_deref())?);
    let engine = Engine::new(store.reader.clone(), lexicon, router, limits).with_search(search);
    Ok((store, engine))
}

/// What brings the index up to date; `embedder` before the setting of that name.
///
/// # Errors
/// There is no such embedder.
pub fn indexer(config: &Config, store: &Store, embedder: Option<&str>) -> anyhow::Result<Indexer> {
    Ok(Indexer {
        vectors: store.vectors.clone(),
        embedder: self::embedder(embedder.or(config.embedder.as_deref()))?,
        template: Template { window: config.index_window, detail: Detail::Seen },
        paid: false,
        limit: EMBEDDING,
    })
}

/// How long a piece of the index may take to be embedded, quotas included.
const EMBEDDING: Duration = Duration::from_secs(600);

fn embedder(name: Option<&str>) -> anyhow::Result<Arc<dyn Embedder>> {
    match name {
        None | Some("bundled" | BUNDLED) => Ok(Arc::new(Local::bundled())),
        Some(dir) => Ok(Arc::new(Local::open(Path::new(dir)).context("the setting `embedder`")?)),
    }
}

/// The vocabulary alone.
pub fn lexicon(config: &Config) -> anyhow::Result<Lexicon> {
    Lexicon::with_files(&vocabulary(&config.lexicon)?).context("the vocabulary")
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
