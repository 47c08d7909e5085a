//! What asks models, set up once: for every rung of every strategy its prompt, its model and its limits.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    cost,
    model::{ChatModel, Embedder},
    prompt::{SqlPrompt, WordsPrompt},
    question::Lang,
    reply::compose::Composer,
    router::{Ladder, Router, Settings, Words},
    sql::catalog::Catalog,
    strategy::{Rung, text2sql::Text2Sql},
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

#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error("the strategy `{strategy}` names the prompt `{prompt}`, which there is not; known are: {}", known.join(", "))]
    NoPrompt { strategy: String, prompt: String, known: Vec<String> },
}

/// The rungs that ask models, by what sets them apart.
pub struct Models {
    setup: ModelSetup,
}

impl Models {
    pub(super) fn new(setup: ModelSetup, router: &Router) -> Result<Self, SetupError> {
        for (strategy, ladder) in router.ladders() {
            let asks = ladder.rungs.iter().filter(|settings| settings.rung == Rung::Text2sql);
            let sql = setup.sql_prompts.keys().collect::<Vec<_>>();
            let words = setup.words_prompts.keys().collect::<Vec<_>>();
            let said = match &ladder.words {
                Words::Template => None,
                Words::Model { prompt, .. } => Some((prompt, &words)),
            };
            let mut named = asks.map(|settings| (&settings.prompt, &sql)).chain(said);
            if let Some((prompt, known)) = named.find(|(prompt, known)| !known.contains(prompt)) {
                return Err(SetupError::NoPrompt {
                    strategy: strategy.to_owned(),
                    prompt: prompt.clone(),
                    known: known.iter().map(|name| (*name).clone()).collect(),
                });
            }
        }
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

    fn model(&self, named: Option<&String>) -> String {
        named.unwrap_or(&self.setup.default_model).clone()
    }

    /// The prompts of a ladder, each with what tells its versions apart, and the model of those that name none.
    pub(super) fn versions(&self, ladder: &Ladder) -> Vec<String> {
        let hashes = self.prompt_hashes();
        let asks = ladder.rungs.iter().filter(|settings| settings.rung == Rung::Text2sql);
        let asks = asks.map(|settings| (&settings.prompt, &settings.model));
        let words = match &ladder.words {
            Words::Template => None,
            Words::Model { model, prompt, .. } => Some((prompt, model)),
        };
        let all: Vec<(&String, &Option<String>)> = asks.chain(words).collect();
        let mut names: Vec<&String> = all.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        let version = |name: &String| hashes.get(name).map(|hash| format!("{name} is {hash}"));
        let default = all.iter().any(|(_, model)| model.is_none());
        let default = default.then(|| format!("configured model is {}", self.setup.default_model));
        names.into_iter().filter_map(version).chain(default).collect()
    }

    /// What the rung asks with; `None` of a prompt that there is not.
    pub(super) fn text2sql(&self, settings: &Settings) -> Option<Text2Sql> {
        let ModelSetup { chat, prices, sql_prompts, embedder, catalog, .. } = &self.setup;
        let prompt = sql_prompts.get(&settings.prompt)?;
        Some(Text2Sql {
            chat: chat.clone(),
            prompt: prompt.clone(),
            embedder: embedder.clone(),
            catalog: catalog.clone(),
            models: prices.clone(),
            model: self.model(settings.model.as_ref()),
            repairs: settings.repairs.unwrap_or(prompt.repairs()),
            timeout: settings.timeout,
        })
    }

    /// Who words the answers of a ladder; `None` where that is the template.
    pub(super) fn composer(&self, ladder: &Ladder) -> Option<Composer> {
        let Words::Model { model, prompt, timeout } = &ladder.words else { return None };
        Some(Composer {
            chat: self.setup.chat.clone(),
            prompt: self.setup.words_prompts.get(prompt)?.clone(),
            models: self.setup.prices.clone(),
            model: self.model(model.as_ref()),
            limit: *timeout,
        })
    }
}
