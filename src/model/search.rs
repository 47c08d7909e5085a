//! What others search and rank: knowledge bases and rerankers.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::Pending;

/// One request to a knowledge base.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retrieval {
    pub knowledge_base: String,
    pub query: String,
    /// 1 to 100.
    pub results: u32,
    /// What the metadata of every passage has to say.
    pub filter: Option<Matches>,
    /// Without one, as the knowledge base has it.
    pub search: Option<SearchKind>,
    /// What ranks the passages that were found anew.
    pub rerank: Option<RerankBy>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchKind {
    /// By meaning alone.
    Semantic,
    /// By words, too; not every store of vectors can.
    Hybrid,
}

/// A reranking model, and how many of the passages it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RerankBy {
    /// An id or an ARN.
    pub model: String,
    /// 1 to 100.
    pub results: u32,
}

/// A condition on the metadata of a document. A document without the key meets none but `NotEquals`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matches {
    Equals(String, Json),
    NotEquals(String, Json),
    In(String, Vec<Json>),
    GreaterThan(String, f64),
    GreaterOrEquals(String, f64),
    LessThan(String, f64),
    LessOrEquals(String, f64),
    All(Vec<Self>),
    Any(Vec<Self>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retrieved {
    /// Best first.
    pub passages: Vec<Passage>,
    pub ms: f64,
    /// The provider's.
    pub request_id: Option<String>,
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passage {
    /// The document's, where its place says one.
    pub id: Option<String>,
    pub text: String,
    pub score: Option<f64>,
    pub metadata: Map<String, Json>,
}

/// An answer that the service words from what it retrieves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generation {
    pub retrieval: Retrieval,
    /// A model id, an inference profile or an ARN.
    pub model: String,
    pub max_tokens: u32,
    /// Left out for models that refuse it.
    pub temperature: Option<f32>,
    /// At most 4000 characters, with `$search_results$` in it; the service's own without.
    pub prompt: Option<String>,
    /// Of an earlier answer, to go on with it; never one's own.
    pub session: Option<String>,
}

/// The service does not say what it billed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generated {
    pub text: String,
    /// In the order of the text.
    pub citations: Vec<Citation>,
    pub session: String,
    /// Milliseconds from sending to the last byte.
    pub ms: f64,
    pub request_id: Option<String>,
}

/// A part of an answer, and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    pub text: String,
    /// Without scores.
    pub passages: Vec<Passage>,
}

/// Somebody else's index of documents.
pub trait KnowledgeBase: Send + Sync {
    /// Whether it is one of this machine, in the place of the one that is meant.
    fn stands_in(&self) -> bool {
        false
    }

    /// Ends within `limit`, whatever the other side does.
    fn retrieve<'a>(&'a self, retrieval: &'a Retrieval, limit: Duration) -> Pending<'a, Retrieved>;

    /// Likewise.
    fn generate<'a>(&'a self, asked: &'a Generation, limit: Duration) -> Pending<'a, Generated>;
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reranked {
    /// Best first.
    pub ranked: Vec<Ranked>,
    pub ms: f64,
    /// The provider's.
    pub request_id: Option<String>,
}

/// A document by its place among those given, and how well it answers: 0 to 1, of one model comparable.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranked {
    pub index: usize,
    pub score: f64,
}

/// A model that says which documents answer a query best.
pub trait Reranker: Send + Sync {
    /// The model's id.
    fn model(&self) -> &str;

    /// The best `top` of `documents`. Ends within `limit`, whatever the other side does.
    fn rerank<'a>(
        &'a self,
        query: &'a str,
        documents: &'a [&'a str],
        top: usize,
        limit: Duration,
    ) -> Pending<'a, Reranked>;
}
