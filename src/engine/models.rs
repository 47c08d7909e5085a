//! What asks models, set up once: for every rung of every strategy its prompt, its model and its limits.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    cost,
    model::{ChatModel, Embedder},
    prompt::SqlPrompt,
    router::{Router, Settings},
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
    /// The one that embedded their examples.
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

    /// What the rung asks with; `None` of a prompt that there is not.
    pub(super) fn text2sql(&self, settings: &Settings) -> Option<Text2Sql> {
        let ModelSetup { chat, default_model, prices, sql_prompts, embedder, catalog } = &self.setup;
        let prompt = sql_prompts.get(&settings.prompt)?;
        Some(Text2Sql {
            chat: chat.clone(),
            prompt: prompt.clone(),
            embedder: embedder.clone(),
            catalog: catalog.clone(),
            models: prices.clone(),
            model: settings.model.clone().unwrap_or_else(|| default_model.clone()),
            repairs: settings.repairs.unwrap_or(prompt.repairs()),
            timeout: settings.timeout,
        })
    }
}
