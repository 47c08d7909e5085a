//! Texts as vectors: an embedder, the space its vectors live in, and what it used.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Pending;

/// Where vectors can be compared with each other: never across two spaces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Space {
    /// The model's id, or that of the bundled one.
    pub model: String,
    pub dimensions: usize,
}

/// What a text is embedded for: some models make other vectors of documents than of queries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Document,
    Query,
}

/// Of unit length; `None` where the text says nothing the model knows (empty, or only unknown tokens): a zero vector is
/// near to nothing and must not be compared.
pub type Vector = Option<Vec<f32>>;

/// As many vectors as texts were given, in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Embedded {
    pub vectors: Vec<Vector>,
    /// Billed; 0 where nothing is.
    pub tokens: u64,
    /// Milliseconds from the first request to the last byte.
    pub ms: f64,
    /// The provider's, of each request.
    pub request_ids: Vec<String>,
}

/// A model that makes vectors.
pub trait Embedder: Send + Sync {
    fn space(&self) -> &Space;

    /// All of them or an error. Ends within `limit`, whatever the other side does.
    fn embed<'a>(&'a self, texts: &'a [&'a str], purpose: Purpose, limit: Duration) -> Pending<'a, Embedded>;
}
