//! What came back from the data: events, one value, or groups.

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
}

/// Events in the order of the query: every id, and the first [`SHOWN`] rows in full.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Events {
    pub ids: Vec<i64>,
    pub shown: Vec<Event>,
    /// Earliest and latest `timestamp` of all of them, seconds.
    pub spread: Option<(f64, f64)>,
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

impl Answer {
    /// Looked, and there is nothing: no event, no group, or a value that no row gives.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Events(events) => events.ids.is_empty(),
            Self::Scalar(value) => *value == Value::Null,
            Self::Groups(groups) => groups.is_empty(),
        }
    }

    /// `events`, `scalar` or `groups`.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Events(_) => Kind::Events,
            Self::Scalar(_) => Kind::Scalar,
            Self::Groups(_) => Kind::Groups,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Events,
    Scalar,
    Groups,
}
