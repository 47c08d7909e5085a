//! What others search and rank: knowledge bases and rerankers.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::Pending;

/// One request to a knowledge base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retrieval {
    pub knowledge_base: String,
    pub query: String,
    /// 1 to 100.
    pub results: u32,
    /// What the metadata of every passage has to say.
    pub filter: Option<Matches>,
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

/// Somebody else's index of documents.
pub trait KnowledgeBase: Send + Sync {
    /// Ends within `limit`, whatever the other side does.
    fn retrieve<'a>(&'a self, retrieval: &'a Retrieval, limit: Duration) -> Pending<'a, Retrieved>;
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
