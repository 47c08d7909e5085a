//! Whether what is set up of Bedrock can work: region, credentials, each model, embeddings, knowledge base, reranker; what
//! is wrong with it, and what to do.

use std::{sync::Arc, time::Duration};

use serde::Serialize;

use super::{account::Listed, client::Bedrock, documents::Described, embed::Embeddings, rerank::Reranking};
use crate::{
    cost::{Lifecycle, ModelKind, Models, Offer},
    model::{
        Chat, ChatModel, Embedder, ErrorKind, KnowledgeBase, ModelError, Part, Purpose, Reranker, Retrieval, Role, Turn,
    },
};

/// What is to be looked at.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    /// Ids, inference profiles or ARNs.
    pub chat: Vec<String>,
    pub embedding: Option<String>,
    pub embedding_dimensions: Option<usize>,
    pub knowledge_base: Option<String>,
    /// That documents are put into.
    pub data_source: Option<String>,
    pub rerank: Option<String>,
    /// `YYYY-MM-DD`
    pub today: String,
}

/// One line of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub state: State,
    /// Such as `region` or `model ID`.
    pub what: String,
    /// What was found, and what to do.
    pub says: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Ok,
    /// It works, or cannot be told.
    Warning,
    /// It cannot work.
    Failed,
}

impl Finding {
    pub fn new(state: State, what: impl Into<String>, says: impl Into<String>) -> Self {
        Self { state, what: what.into(), says: says.into() }
    }
}

/// Asks Bedrock for everything once: a token of each chat model, a vector, a passage. Each request ends within `limit`.
pub async fn check(bedrock: &Arc<Bedrock>, checked: &Checked, table: &Models, limit: Duration) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(region) = bedrock.region.as_deref() else {
        let says = "none is set: set AWS_BEDROCK_REGION (or AWS_REGION, or one in the AWS profile)";
        found.push(Finding::new(State::Failed, "region", says));
        return found;
    };
    found.push(Finding::new(State::Ok, "region", region));
    let listed = match bedrock.listed(limit).await {
        Ok(listed) => {
            found.push(Finding::new(State::Ok, "credentials", "AWS takes them"));
            Some(listed)
        }
        Err(error) if error.kind == ErrorKind::BadCredentials => {
            found.push(Finding::new(State::Failed, "credentials", error.to_string()));
            return found;
        }
        Err(error) => {
            let says = format!("the account's models cannot be listed, and are only tried: {error}");
            found.push(Finding::new(State::Warning, "model lists", says));
            None
        }
    };
    let look = Look { table, listed, region, today: &checked.today };
    for model in &checked.chat {
        found.push(look.with_table(model, ModelKind::Chat, one_token(bedrock, model, limit).await));
    }
    if let Some(model) = &checked.embedding {
        let got = one_vector(bedrock, model, checked.embedding_dimensions, limit).await;
        found.push(look.with_table(model, ModelKind::Embedding, got));
    }
    if let Some(id) = &checked.knowledge_base {
        found.extend(base_of(bedrock, id, checked, limit).await);
        found.push(one_passage(bedrock, id, limit).await);
    }
    if let Some(model) = &checked.rerank {
        let reranking = Reranking::new(bedrock.clone(), model);
        let ranked = reranking.rerank("a", &["a", "b"], 1, limit).await.map(|_| "ranks documents".to_owned());
        // It may have another region, of which the lists say nothing.
        let of_region = Look { listed: None, region: bedrock.rerank_region.as_deref().unwrap_or(region), ..look };
        found.push(of_region.with_table(model, ModelKind::Rerank, ranked));
    }
    found
}

/// What the settings and the table alone say: nobody is asked. Only what is not well.
pub fn glance(region: Option<&str>, checked: &Checked, table: &Models) -> Vec<Finding> {
    let mut found = Vec::new();
    if region.is_none() {
        let says = "AWS_BEDROCK_REGION is not set: the AWS profile's is used, if there is one";
        found.push(Finding::new(State::Warning, "region", says));
    }
    let look = Look { table, listed: None, region: region.unwrap_or_default(), today: &checked.today };
    let chat = checked.chat.iter().map(|model| (model, ModelKind::Chat));
    let embedding = checked.embedding.iter().map(|model| (model, ModelKind::Embedding));
    for (model, kind) in chat.chain(embedding) {
        found.extend(look.known(model, kind).map(|says| Finding::new(State::Warning, format!("model {model}"), says)));
    }
    found
}

/// What is known before a model is asked.
struct Look<'a> {
    table: &'a Models,
    listed: Option<Listed>,
    region: &'a str,
    today: &'a str,
}

impl Look<'_> {
    /// What came of asking a model, with what the table and the lists say of it.
    fn with_table(&self, model: &str, kind: ModelKind, got: Result<String, ModelError>) -> Finding {
        let what = format!("model {model}");
        let absent = self.listed.as_ref().is_some_and(|listed| !listed.has(model));
        let absent = absent.then(|| format!("it is not in the lists of {}", self.region));
        let legacy = self.listed.as_ref().and_then(|listed| listed.models.get(model).copied()).unwrap_or(false);
        let known = self.known(model, kind).or(legacy.then(|| self.change("AWS calls it legacy", model, kind)));
        let (state, says) = match (got, known) {
            (Err(error), known) => {
                let more = [Some(error.to_string()), known, absent].into_iter().flatten().collect::<Vec<_>>();
                (State::Failed, more.join("; "))
            }
            (Ok(says), Some(known)) => (State::Warning, format!("{says}; {known}")),
            // Asked for by an ARN, or newly offered: it does work.
            (Ok(says), None) => (State::Ok, says),
        };
        Finding::new(state, what, says)
    }

    /// What the table has against a model.
    fn known(&self, model: &str, kind: ModelKind) -> Option<String> {
        let Some(known) = self.table.get(model) else {
            let says = format!("the model table (of {}) does not have it: its price is not known", self.table.as_of);
            return Some(self.change(&says, model, kind));
        };
        if known.model.kind != kind {
            return Some(self.change(
                &format!("it is a model of another kind ({:?})", known.model.kind).to_lowercase(),
                model,
                kind,
            ));
        }
        let end = known.model.eol_date.as_deref();
        match known.model.lifecycle {
            Lifecycle::Eol => {}
            Lifecycle::Active | Lifecycle::Legacy if end.is_some_and(|end| end <= self.today) => {}
            Lifecycle::Legacy => {
                let until = end.map(|end| format!(", and ends on {end}")).unwrap_or_default();
                return Some(self.change(&format!("it is a legacy model{until}"), model, kind));
            }
            Lifecycle::Active | Lifecycle::NotListed => return self.offered(model, known.base, kind),
        }
        let since = end.map(|end| format!(" on {end}")).unwrap_or_default();
        Some(self.change(&format!("it has ended{since}"), model, kind))
    }

    /// A model that is called by its bare id where only profiles of it are offered, or not at all.
    fn offered(&self, model: &str, base: &str, kind: ModelKind) -> Option<String> {
        let regions = &self.table.get(base)?.model.regions;
        let offers = regions.get(self.region)?;
        if model != base || offers.contains(&Offer::OnDemand) {
            return None;
        }
        match offers.iter().find_map(|offer| prefix(*offer)) {
            Some(prefix) => Some(format!("{} offers it by inference profile only: set {prefix}.{base}", self.region)),
            None if kind == ModelKind::Rerank => {
                let has = regions.iter().filter(|(_, offers)| !offers.is_empty()).map(|(region, _)| region.as_str());
                let regions = has.collect::<Vec<_>>().join(", ");
                Some(format!(
                    "the model table does not have it in {}: set AWS_BEDROCK_RERANK_REGION to one of {regions}",
                    self.region
                ))
            }
            None => Some(self.change(&format!("the model table does not have it in {}", self.region), model, kind)),
        }
    }

    fn change(&self, says: &str, model: &str, kind: ModelKind) -> String {
        let setting = match kind {
            ModelKind::Chat => "AWS_BEDROCK_MODEL_ID",
            ModelKind::Embedding => "AWS_BEDROCK_EMBEDDING_MODEL_ID",
            ModelKind::Rerank => "AWS_BEDROCK_RERANK_MODEL_ID",
        };
        let current = self.current(model, kind);
        if current.is_empty() {
            return format!("{says}: set {setting} to a current model");
        }
        format!("{says}: set {setting} to a current model, such as {}", current.join(", "))
    }

    /// Up to three active models of the region, as they are called there; those first whose ids begin most like its own.
    fn current(&self, model: &str, kind: ModelKind) -> Vec<String> {
        let own = self.table.get(model).map_or(model, |known| known.base);
        let offered = |id: &str| {
            let known = self.table.get(id)?;
            let ended = known.model.eol_date.as_deref().is_some_and(|end| end <= self.today);
            if id != known.base || known.model.kind != kind || known.model.lifecycle != Lifecycle::Active || ended {
                return None;
            }
            let offers = known.model.regions.get(self.region)?;
            let called = match offers.contains(&Offer::OnDemand) {
                true => id.to_owned(),
                false => offers.iter().find_map(|offer| prefix(*offer)).map(|prefix| format!("{prefix}.{id}"))?,
            };
            Some((id.bytes().zip(own.bytes()).take_while(|(one, other)| one == other).count(), called))
        };
        let mut all: Vec<_> = self.table.names().filter_map(offered).collect();
        all.sort_by_key(|(alike, _)| std::cmp::Reverse(*alike));
        all.into_iter().map(|(_, called)| called).take(3).collect()
    }
}

fn prefix(offer: Offer) -> Option<&'static str> {
    Some(match offer {
        Offer::Us => "us",
        Offer::Eu => "eu",
        Offer::Apac => "apac",
        Offer::Jp => "jp",
        Offer::Au => "au",
        Offer::Global => "global",
        Offer::OnDemand | Offer::Mantle => return None,
    })
}

async fn one_token(bedrock: &Bedrock, model: &str, limit: Duration) -> Result<String, ModelError> {
    let chat = Chat {
        model: model.to_owned(),
        system: Vec::new(),
        turns: vec![Turn { role: Role::User, parts: vec![Part::Text("Say yes.".to_owned())] }],
        tool: None,
        max_tokens: 1,
        temperature: None,
    };
    let completion = bedrock.complete(&chat, limit).await?;
    Ok(format!("answers, after {:.0} ms", completion.ms))
}

async fn one_vector(
    bedrock: &Arc<Bedrock>,
    model: &str,
    dimensions: Option<usize>,
    limit: Duration,
) -> Result<String, ModelError> {
    let embeddings = Embeddings::new(bedrock.clone(), model, dimensions)?;
    embeddings.embed(&["a"], Purpose::Query, limit).await?;
    Ok(format!("makes vectors of {} dimensions", embeddings.space().dimensions))
}

/// What a knowledge base is made of, and its data sources. Who may only ask it is not told what is wrong with it.
async fn base_of(bedrock: &Bedrock, id: &str, checked: &Checked, limit: Duration) -> Vec<Finding> {
    let what = format!("knowledge base {id}");
    let unknown = |what: &str, error: ModelError| {
        let state = if error.kind == ErrorKind::WrongModel { State::Failed } else { State::Warning };
        Finding::new(state, what, format!("it cannot be looked at: {error}"))
    };
    let base = id.rsplit('/').next().unwrap_or(id);
    let described = match bedrock.knowledge_base(base, limit).await {
        Ok(described) => described,
        Err(error) => return vec![unknown(&what, error)],
    };
    let Described { status, embedding_model, dimensions, reasons } = described;
    let model = embedding_model.as_deref();
    let model = model.map_or("a model that is not told", |arn| arn.rsplit('/').next().unwrap_or(arn));
    let of = dimensions.map(|dimensions| format!(" of {dimensions} dimensions")).unwrap_or_default();
    let mut found = vec![match status.as_str() {
        "ACTIVE" => Finding::new(State::Ok, &what, format!("is active, with vectors{of} by {model}")),
        _ => Finding::new(State::Failed, &what, format!("is {status}: {}", reasons.join("; "))),
    }];
    let what = format!("data source of {id}");
    found.push(match bedrock.data_sources(base, limit).await {
        Err(error) => unknown(&what, error),
        Ok(sources) => {
            let all = sources.iter().map(|(id, name)| format!("{id} ({name})")).collect::<Vec<_>>().join(", ");
            match (&checked.data_source, sources.len()) {
                (Some(source), _) if sources.iter().any(|(id, _)| id == source) => {
                    Finding::new(State::Ok, what, source)
                }
                (Some(source), _) => Finding::new(
                    State::Failed,
                    what,
                    format!("{source} is not among {all}: correct ASKLINE_BEDROCK_DATA_SOURCE_ID"),
                ),
                (None, 1) => Finding::new(State::Ok, what, all),
                (None, 0) => Finding::new(State::Warning, what, "there is none: `askline kb sync` needs one"),
                (None, _) => Finding::new(
                    State::Warning,
                    what,
                    format!("there are {all}: `askline kb sync` needs ASKLINE_BEDROCK_DATA_SOURCE_ID or --data-source"),
                ),
            }
        }
    });
    found
}

async fn one_passage(bedrock: &Bedrock, id: &str, limit: Duration) -> Finding {
    let what = format!("passages of {id}");
    let retrieval =
        Retrieval { knowledge_base: id.to_owned(), query: "event".to_owned(), results: 1, ..Retrieval::default() };
    match bedrock.retrieve(&retrieval, limit).await {
        Ok(retrieved) if retrieved.passages.is_empty() => Finding::new(
            State::Warning,
            what,
            "answers, and has nothing: put documents into it, and wait until they are indexed",
        ),
        Ok(_) => Finding::new(State::Ok, what, "answers"),
        Err(error) => Finding::new(State::Failed, what, error.to_string()),
    }
}
