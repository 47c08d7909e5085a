//! Config → Store, Engine: the only file that puts the parts together.

mod files;
mod knowledge_base;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;

use crate::{
    bedrock::{self, Bedrock, Embeddings, Reranking},
    config::Config,
    cost::Models,
    engine::{Engine, ModelSetup, prompts_are_known},
    index::{Detail, Indexer, Template, knowledge_base::Sync},
    local::{BUNDLED, Local},
    model::{ChatModel, Embedder, Reranker},
    prompt::{SqlPrompt, WordsPrompt},
    question::Lexicon,
    replay::{Mode, Nobody, NobodyRanks, Tape, Taped},
    router::Router,
    sql::catalog::Catalog,
    store::{Limits, Store},
    strategy::vector::{Rerankers, Search},
};

pub use knowledge_base::SyncTo;

/// The chat model of rungs that name none, where the settings name none: current, offered in Seoul and everywhere by
/// its global profile, and it can be made to answer through a tool.
pub const DEFAULT_MODEL: &str = "global.anthropic.claude-sonnet-5";

/// How an engine is put together beyond its settings.
#[derive(Debug, Default)]
pub struct With {
    /// Load the sample first.
    pub demo: bool,
    /// Strategy files beside the built-in strategies.
    pub strategies: Vec<PathBuf>,
    /// Where exchanges with models are kept, and whether others may be asked.
    pub tape: Option<(PathBuf, Mode)>,
}

/// The name of the strategy that a setting or an option means, and its file where it is one.
pub fn strategy(given: &str) -> (String, Option<PathBuf>) {
    files::strategy(given)
}

/// Whether every strategy and prompt can be used, and the strategies name prompts that there are.
///
/// # Errors
/// All problems of the first that cannot.
pub fn files_are_sound(config: &Config) -> anyhow::Result<()> {
    let (name, file) = strategy(&config.strategy);
    let router = Router::with_files(&name, &files::strategies(&file.into_iter().collect::<Vec<_>>())?)?;
    let (sql, words) = (sql_prompts(config, &Catalog::builtin()?)?, words_prompts(config)?);
    Ok(prompts_are_known(&router, sql.keys(), words.keys())?)
}

/// Opens the database and brings its tables up to date.
pub async fn store(config: &Config) -> anyhow::Result<Store> {
    Ok(Store::open(config.store.clone()).await?)
}

/// What answers, over its store. The vocabulary is read while the database opens.
pub async fn engine(config: &Config, with: &With) -> anyhow::Result<(Store, Engine)> {
    let (default, configured) = strategy(&config.strategy);
    let mut named: Vec<PathBuf> = configured.into_iter().collect();
    named.extend(with.strategies.iter().cloned());
    let router = Router::with_files(&default, &files::strategies(&named)?).context("the setting `strategy`")?;
    let limits = Limits { timeout: config.statement_timeout, ..Limits::default() };
    let texts = files::vocabulary(&config.lexicon)?;
    let lexicon = tokio::task::spawn_blocking(move || Lexicon::with_files(&texts));
    let outside = Outside::open(config, with.tape.as_ref()).await?;
    let models = models(config, &outside)?;
    let store = store(config).await?;
    if with.demo {
        store.writer.load_sample().await?;
    }
    let lexicon = lexicon.await?.context("the vocabulary")?;
    let search = Search::new(store.vectors.clone(), embedders(config, &outside)?);
    let search = search.with_rerankers(rerankers(&router, &outside));
    let engine = Engine::new(store.reader.clone(), lexicon, router, limits).with_search(search);
    // What a tape plays is not paid.
    let engine = if with.tape.is_none() { engine.with_ledger(store.ledger.clone()) } else { engine };
    let engine = match models {
        Some(models) => engine.with_models(models)?,
        None => engine,
    };
    let engine = engine.with_knowledge(knowledge_base::knowledge(config, &outside, &store, limits)?);
    Ok((store, engine))
}

/// What brings the index up to date; `embedder` before the setting of that name.
///
/// # Errors
/// There is no such embedder.
pub async fn indexer(config: &Config, store: &Store, embedder: Option<&str>) -> anyhow::Result<Indexer> {
    let outside = Outside::open(config, None).await?;
    let Embedding { embedder, paid, detail } = embedding(config, embedder.or(config.embedder.as_deref()), &outside)?;
    let template = Template { window: config.index_window, detail };
    Ok(Indexer { vectors: store.vectors.clone(), embedder, template, paid, limit: EMBEDDING })
}

/// What keeps the index that is searched up to date, with its own embedder; `None` where that is not set up here.
///
/// # Errors
/// The database cannot be asked, or there is no such embedder.
pub async fn keeper(config: &Config, store: &Store) -> anyhow::Result<Option<Indexer>> {
    let served = store.vectors.served().await?.map(|version| version.space);
    let Some(space) = served else { return indexer(config, store, None).await.map(Some) };
    match indexer(config, store, Some(&space.model)).await {
        Ok(indexer) if *indexer.embedder.space() == space => Ok(Some(indexer)),
        _ => {
            let model = space.model;
            tracing::warn!(
                model,
                "the index that is searched is of a model that is not set up here: it is not kept up to date"
            );
            Ok(None)
        }
    }
}

/// How long a piece of the index may take to be embedded, quotas included.
const EMBEDDING: Duration = Duration::from_secs(600);
/// Offered in Seoul, multilingual, and cheap.
const DEFAULT_EMBEDDING_MODEL: &str = "amazon.titan-embed-text-v2:0";

/// An embedder, and how an index is made with it.
struct Embedding {
    embedder: Arc<dyn Embedder>,
    paid: bool,
    detail: Detail,
}

/// By its name: `bundled`, a directory, or a model of Bedrock; without one, as Bedrock is used or not.
fn embedding(config: &Config, name: Option<&str>, outside: &Outside) -> anyhow::Result<Embedding> {
    let local = |local: Local| Embedding { embedder: Arc::new(local), paid: false, detail: Detail::Seen };
    let settings = config.bedrock.as_ref().zip(outside.bedrock.as_ref());
    let (model, (settings, bedrock)) = match (name, settings) {
        (Some("bundled" | BUNDLED), _) | (None, None) => return Ok(local(Local::bundled())),
        (Some(name), None) => {
            let opened = Local::open(Path::new(name));
            return Ok(local(opened.context("the setting `embedder` (models of Bedrock need USE_BEDROCK=true)")?));
        }
        (Some(name), Some(_)) if Path::new(name).is_dir() => {
            return Ok(local(Local::open(Path::new(name)).context("the setting `embedder`")?));
        }
        (Some(name), Some(both)) => (name, both),
        (None, Some(both)) => (both.0.embedding_model.as_deref().unwrap_or(DEFAULT_EMBEDDING_MODEL), both),
    };
    let live = Arc::new(Embeddings::new(bedrock.clone(), model, settings.embedding_dimensions)?);
    let embedder: Arc<dyn Embedder> = match &outside.tape {
        Some((tape, _)) => Arc::new(Taped { tape: tape.clone(), live }),
        None => live,
    };
    Ok(Embedding { embedder, paid: true, detail: Detail::Full })
}

/// Those that a question can be embedded with: the configured one, and the bundled one, whose index may be searched.
fn embedders(config: &Config, outside: &Outside) -> anyhow::Result<Vec<Arc<dyn Embedder>>> {
    let configured = embedding(config, config.embedder.as_deref(), outside)?.embedder;
    let bundled = Local::bundled();
    let other = configured.space() != bundled.space();
    let mut all = vec![configured];
    if other {
        all.push(Arc::new(bundled));
    }
    Ok(all)
}

/// Those that strategies name; none where nothing may leave this machine and nothing is played back.
fn rerankers(router: &Router, outside: &Outside) -> Rerankers {
    let rungs = router.ladders().flat_map(|(_, ladder)| &ladder.rungs);
    let names = rungs.filter_map(|rung| rung.legs.rerank.as_ref()).map(|rerank| rerank.model.clone());
    let reranker = |name: &str| -> Option<Arc<dyn Reranker>> {
        let live = outside.bedrock.as_ref().map(|bedrock| Arc::new(Reranking::new(bedrock.clone(), name)));
        Some(match (&outside.tape, live) {
            (Some((tape, Mode::Replay)), _) => {
                Arc::new(Taped { tape: tape.clone(), live: Arc::new(NobodyRanks(name.to_owned())) })
            }
            (Some((tape, _)), Some(live)) => Arc::new(Taped { tape: tape.clone(), live }),
            (None, Some(live)) => live,
            (_, None) => return None,
        })
    };
    let models = names.filter_map(|name| reranker(&name).map(|reranker| (name, reranker))).collect();
    Rerankers { models, prices: outside.prices.clone() }
}

/// What keeps the documents of the knowledge base up to date.
///
/// # Errors
/// No knowledge base is set, its data source cannot be told, or takes documents in another way.
pub async fn sync(config: &Config, store: &Store, to: &SyncTo) -> anyhow::Result<Sync> {
    knowledge_base::sync(config, store, to).await
}

/// The vocabulary alone.
pub fn lexicon(config: &Config) -> anyhow::Result<Lexicon> {
    Lexicon::with_files(&files::vocabulary(&config.lexicon)?).context("the vocabulary")
}

/// The prompts that ask for SQL, by name: the built-in ones, and those of the settings before them.
pub fn sql_prompts(config: &Config, catalog: &Catalog) -> anyhow::Result<BTreeMap<String, Arc<SqlPrompt>>> {
    let mut prompts = BTreeMap::new();
    let mut problems = Vec::new();
    for (name, path, text) in files::prompts(config.prompts.as_deref(), "sql")? {
        match SqlPrompt::parse(&path, &text, catalog) {
            Ok(prompt) => drop(prompts.insert(name, Arc::new(prompt))),
            Err(error) => problems.push(error.to_string()),
        }
    }
    if problems.is_empty() { Ok(prompts) } else { Err(anyhow::anyhow!(problems.join("\n"))) }
}

/// The prompts that word answers, by name; likewise.
fn words_prompts(config: &Config) -> anyhow::Result<BTreeMap<String, Arc<WordsPrompt>>> {
    let parse = |(name, path, text): (String, String, String)| Ok((name, Arc::new(WordsPrompt::load(&path, &text)?)));
    files::prompts(config.prompts.as_deref(), "words")?.into_iter().map(parse).collect()
}

/// What lies outside this process, opened once: one client has one limit of requests at a time.
struct Outside {
    prices: Arc<Models>,
    /// None with `USE_BEDROCK=false`.
    bedrock: Option<Arc<Bedrock>>,
    tape: Option<(Arc<Tape>, Mode)>,
}

impl Outside {
    async fn open(config: &Config, tape: Option<&(PathBuf, Mode)>) -> anyhow::Result<Self> {
        let prices = Arc::new(Models::builtin()?);
        let open = |(dir, mode): &(PathBuf, Mode)| {
            let tape = Tape::open(dir, *mode).with_context(|| format!("the recordings in {}", dir.display()))?;
            anyhow::Ok((Arc::new(tape), *mode))
        };
        let tape = tape.map(open).transpose()?;
        let bedrock = match &config.bedrock {
            Some(settings) => Some(Arc::new(Bedrock::new(client(settings, &prices)).await)),
            None => None,
        };
        Ok(Self { prices, bedrock, tape })
    }
}

/// What models are asked with; none where nothing may leave this machine and nothing is played back.
fn models(config: &Config, outside: &Outside) -> anyhow::Result<Option<ModelSetup>> {
    let chat: Arc<dyn ChatModel> = match (&outside.tape, &outside.bedrock) {
        (Some((tape, Mode::Replay)), _) => Arc::new(Taped { tape: tape.clone(), live: Arc::new(Nobody) }),
        (Some((tape, _)), Some(bedrock)) => Arc::new(Taped { tape: tape.clone(), live: bedrock.clone() }),
        (Some(_), None) => {
            anyhow::bail!("there is no model to record: set USE_BEDROCK=true, or --replay what was recorded")
        }
        (None, Some(bedrock)) => bedrock.clone(),
        (None, None) => return Ok(None),
    };
    let catalog = Arc::new(Catalog::builtin()?);
    Ok(Some(ModelSetup {
        chat,
        default_model: default_model(config),
        prices: outside.prices.clone(),
        sql_prompts: sql_prompts(config, &catalog)?,
        words_prompts: words_prompts(config)?,
        embedder: Arc::new(Local::bundled()),
        catalog,
    }))
}

fn default_model(config: &Config) -> String {
    config.model.clone().unwrap_or_else(|| DEFAULT_MODEL.to_owned())
}

/// What a client of Bedrock is set up with: the settings, and what the table says of every model.
pub fn client(bedrock: &crate::config::Bedrock, prices: &Models) -> bedrock::Settings {
    let mut settings = bedrock.client.clone();
    settings.models = prices.names().filter_map(|name| Some((name.to_owned(), capabilities(prices, name)?))).collect();
    settings
}

/// The chat models that the configured strategy may ask, and the configured one.
pub fn chat_models(config: &Config) -> anyhow::Result<Vec<String>> {
    let default = default_model(config);
    let (name, file) = strategy(&config.strategy);
    let router = Router::with_files(&name, &files::strategies(&file.into_iter().collect::<Vec<_>>())?)?;
    let mut models = router.ladder(None)?.models(&default);
    models.push(default);
    models.sort();
    models.dedup();
    Ok(models)
}

/// What the table says that a chat model takes.
fn capabilities(prices: &Models, name: &str) -> Option<bedrock::Capabilities> {
    let takes = prices.get(name)?.model.takes?;
    Some(bedrock::Capabilities {
        sampling: takes.sampling_params,
        tool: if takes.forced_tool_use { bedrock::ToolUse::Forced } else { bedrock::ToolUse::Offered },
        cache: takes.cache_min_tokens.is_some(),
    })
}
