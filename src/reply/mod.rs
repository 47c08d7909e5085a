//! Says an outcome in the asker's language.

pub mod compose;
pub mod ground;
pub mod template;

/// A part of what is said, and the events it rests on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Statement {
    pub text: String,
    pub event_ids: Vec<i64>,
}
