//! What asks models, set up once: for every rung of every strategy its prompt, its model and its limits.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    cost,
    model::{ChatModel, Embedder},
    prompt::SqlPrompt,
    router::{Ladder, Router, Settings},
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
            for settings in asks.filter(|settings| !setup.sql_prompts.contains_key(&settings.prompt)) {
                return Err(SetupError::NoPrompt {
                    strategy: strategy.to_owned(),
                    prompt: settings.prompt.clone(),
                    known: setup.sql_prompts.keys().cloned().collect(),
                });
            }
        }
        Ok(Self { setup })
    }

    pub(super) fn prompt_hashes(&self) -> BTreeMap<String, String> {
        self.setup.sql_prompts.iter().map(|(name, prompt)| (name.clone(), prompt.hash().to_owned())).collect()
    }

    pub(super) fn names(&self, ladder: &Ladder) -> Vec<String> {
        let asks = ladder.rungs.iter().filter(|settings| settings.rung == Rung::Text2sql);
        asks.map(|settings| self.model(settings)).collect()
    }

    fn model(&self, settings: &Settings) -> String {
        settings.model.clone().unwrap_or_else(|| self.setup.default_model.clone())
    }

    /// The prompts of a ladder, each with what tells its versions apart, and the model of those that name none.
    pub(super) fn versions(&self, ladder: &Ladder) -> Vec<String> {
        let asks: Vec<&Settings> = ladder.rungs.iter().filter(|settings| settings.rung == Rung::Text2sql).collect();
        let mut names: Vec<&str> = asks.iter().map(|settings| settings.prompt.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let version = |name| self.setup.sql_prompts.get(name).map(|prompt| format!("{name} is {}", prompt.hash()));
        let default = asks.iter().any(|settings| settings.model.is_none());
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
            model: self.model(settings),
            repairs: settings.repairs.unwrap_or(prompt.repairs()),
            timeout: settings.timeout,
        })
    }
}
