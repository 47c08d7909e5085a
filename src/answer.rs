//! What came back from the data: events, one value, groups, or what a search found.

use serde_json::{Map, Value as Json};

/// One row of `db_event`, with all its columns.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Event {
    pub id: i64,
    pub video_id: i64,
    /// Seconds from the start of the video.
    pub timestamp: f64,
    /// Seconds.
    pub duration: f64,
    pub event_type: String,
    pub action_detected: Option<String>,
    pub location: Option<String>,
    pub area: Option<String>,
    /// Estimated years.
    pub age: Option<f64>,
    pub gender: Option<String>,
    /// The tracker's person number, unique within the video.
    pub obj_id: Option<i64>,
    /// 0 to 1.
    pub confidence: f64,
    pub description: Option<String>,
    pub attributes: Map<String, Json>,
}

/// How many events an answer carries with all their columns; `ids` always holds every one.
pub const SHOWN: usize = 50;

/// The result of a query, by kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Events(Events),
    Scalar(Value),
    /// (key, value), in the order of the query.
    Groups(Vec<(Value, Value)>),
    /// Events that a search found, the best first.
    Hits(Hits),
}

/// Events in the order of the query: every id, and the first [`SHOWN`] rows in full.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Events {
    pub ids: Vec<i64>,
    pub shown: Vec<Event>,
    /// Earliest and latest `timestamp` of all of them, seconds.
    pub spread: Option<(f64, f64)>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// The best first.
    pub hits: Vec<Hit>,
    /// The same as events.
    pub events: Events,
    /// How many events satisfied the question's conditions and were compared; `None` where nobody counted.
    pub compared: Option<u64>,
    /// Fewer were found than asked for, although there may be more: the approximate index gave up.
    pub underfilled: bool,
    /// How sure it is that the best one is meant, by cosine and words in common; comparable for one embedder.
    pub certainty: Option<f64>,
}

/// An event that was found, and why.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Hit {
    pub event: Event,
    /// Comparable within one answer only.
    pub score: f64,
    /// Of its document and the question, by the leg of meaning, and its rank there.
    pub cosine: Option<f64>,
    pub vector_rank: Option<u64>,
    /// The share of the question's words, by weight, that stand in it, by the leg of letters, and its rank there.
    pub share: Option<f64>,
    pub lexical_rank: Option<u64>,
    /// Its rank among the passages of a knowledge base, whose score it has.
    pub passage_rank: Option<u64>,
    /// The question's words that stand in it, by the leg of letters.
    pub words: Vec<String>,
    /// What a reranker made of it, 0 to 1.
    pub reranked: Option<f64>,
}

/// One cell. NULL is not zero and not the empty text.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Value {
    Null,
    Int(i64),
    Float(f64),
    Text(String),
}

impl Hits {
    pub fn new(hits: Vec<Hit>, compared: Option<u64>, underfilled: bool) -> Self {
        let times = || hits.iter().map(|hit| hit.event.timestamp);
        let ends = (times().fold(f64::INFINITY, f64::min), times().fold(f64::NEG_INFINITY, f64::max));
        let events = Events {
            ids: hits.iter().map(|hit| hit.event.id).collect(),
            shown: hits.iter().take(SHOWN).map(|hit| hit.event.clone()).collect(),
            spread: (!hits.is_empty()).then_some(ends),
        };
        Self { hits, events, compared, underfilled, certainty: None }
    }

    /// The first `most` of them, in the order they have now.
    #[must_use]
    pub fn first(self, most: usize) -> Self {
        let Self { mut hits, compared, underfilled, certainty, .. } = self;
        hits.truncate(most);
        Self { certainty, ..Self::new(hits, compared, underfilled) }
    }
}

impl Answer {
    /// Looked, and there is nothing: no event, no group, or a value that no row gives.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Events(events) => events.ids.is_empty(),
            Self::Scalar(value) => *value == Value::Null,
            Self::Groups(groups) => groups.is_empty(),
            Self::Hits(hits) => hits.hits.is_empty(),
        }
    }

    /// `events`, `scalar`, `groups` or `hits`.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Events(_) => Kind::Events,
            Self::Scalar(_) => Kind::Scalar,
            Self::Groups(_) => Kind::Groups,
            Self::Hits(_) => Kind::Hits,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Events,
    Scalar,
    Groups,
    Hits,
}
