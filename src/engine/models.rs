//! What asks models, set up once: for every rung of every strategy its prompt, its model and its limits.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crate::{
    cost,
    model::{ChatModel, Embedder},
    prompt::{SqlPrompt, WordsPrompt},
    question::Lang,
    reply::compose::{self, Composer},
    router::{Asks, Ladder, PromptKind, Router, Settings, Words},
    sql::catalog::Catalog,
    strategy::{
        Exchanges,
        text2sql::{self, Text2Sql},
    },
};

/// What models are asked with.
pub struct ModelSetup {
    pub chat: Arc<dyn ChatModel>,
    /// For rungs that name none: a model id, an inference profile or an ARN.
    pub default_model: String,
    pub prices: Arc<cost::Models>,
    /// By name.
    pub sql_prompts: BTreeMap<String, Arc<SqlPrompt>>,
    /// By name.
    pub words_prompts: BTreeMap<String, Arc<WordsPrompt>>,
    /// For choosing their examples.
    pub embedder: Arc<dyn Embedder>,
    pub catalog: Arc<Catalog>,
}

/// Every prompt that strategies name and that there is not.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct SetupError(Vec<String>);

/// Whether the prompts that the strategies name are there.
///
/// # Errors
/// Each that is not, with its strategy and those that are known.
pub fn prompts_are_known<'a>(
    router: &Router,
    sql: impl Iterator<Item = &'a String> + Clone,
    words: impl Iterator<Item = &'a String> + Clone,
) -> Result<(), SetupError> {
    let mut problems = Vec::new();
    for (strategy, ladder) in router.ladders() {
        for Asks { kind, prompt, .. } in ladder.asks() {
            let (what, known): (_, Vec<&str>) = match kind {
                PromptKind::Sql => ("sql", sql.clone().map(String::as_str).collect()),
                PromptKind::Words => ("words", words.clone().map(String::as_str).collect()),
            };
            if !known.contains(&prompt) {
                let known = known.join(", ");
                let strategy = format!("the strategy `{strategy}` names the prompt `{prompt}`");
                problems.push(format!("{strategy}, which there is not for {what}; known are: {known}"));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(SetupError(problems)) }
}

/// The rungs that ask models, by what sets them apart.
pub struct Models {
    setup: ModelSetup,
}

impl Models {
    pub(super) fn new(setup: ModelSetup, router: &Router) -> Result<Self, SetupError> {
        prompts_are_known(router, setup.sql_prompts.keys(), setup.words_prompts.keys())?;
        Ok(Self { setup })
    }

    pub(super) async fn warm(&self) {
        for prompt in self.setup.sql_prompts.values() {
            prompt.choose(self.setup.embedder.as_ref(), "", Lang::En).await;
        }
    }

    pub(super) fn prompt_hashes(&self) -> BTreeMap<String, String> {
        let sql = self.setup.sql_prompts.iter().map(|(name, prompt)| (name.clone(), prompt.hash().to_owned()));
        let words = self.setup.words_prompts.iter().map(|(name, prompt)| (name.clone(), prompt.hash().to_owned()));
        sql.chain(words).collect()
    }

    pub(super) fn names(&self, ladder: &Ladder) -> Vec<String> {
        ladder.models(&self.setup.default_model)
    }

    /// The prompts of a ladder, each with what tells its versions apart, and the model of those that name none.
    pub(super) fn versions(&self, ladder: &Ladder) -> Vec<String> {
        let hashes = self.prompt_hashes();
        let mut names: Vec<&str> = ladder.asks().map(|asks| asks.prompt).collect();
        names.sort_unstable();
        names.dedup();
        let version = |name: &str| hashes.get(name).map(|hash| format!("{name} is {hash}"));
        let default = ladder.asks().any(|asks| asks.model.is_none());
        let default = default.then(|| format!("configured model is {}", self.setup.default_model));
        names.into_iter().filter_map(version).chain(default).collect()
    }

    /// What the rung asks with; `None` of a prompt that there is not.
    pub(super) fn text2sql(&self, settings: &Settings) -> Option<Text2Sql> {
        let ModelSetup { sql_prompts, embedder, catalog, .. } = &self.setup;
        let prompt = sql_prompts.get(&settings.prompt)?;
        Some(Text2Sql {
            exchanges: self.exchanges(text2sql::NAME, settings.model.as_ref(), settings.timeout),
            prompt: prompt.clone(),
            embedder: embedder.clone(),
            catalog: catalog.clone(),
            repairs: settings.repairs.unwrap_or(prompt.repairs()),
        })
    }

    /// Who words the answers of a ladder; `None` where that is the template.
    pub(super) fn composer(&self, ladder: &Ladder) -> Option<Composer> {
        let Words::Model { model, prompt, timeout } = &ladder.words else { return None };
        let prompt = self.setup.words_prompts.get(prompt)?.clone();
        Some(Composer { exchanges: self.exchanges(compose::STEP, model.as_ref(), *timeout), prompt })
    }

    fn exchanges(&self, of: &'static str, model: Option<&String>, timeout: Duration) -> Exchanges {
        let ModelSetup { chat, prices, default_model, .. } = &self.setup;
        let model = model.unwrap_or(default_model).clone();
        Exchanges { chat: chat.clone(), models: prices.clone(), model, timeout, of }
    }
}
