//! Ways to answer a question. Each attempts it and either answers or passes with a reason; passing is not an error.

pub mod rules;
mod trace;

pub use self::trace::{Budget, Exchange, Spent, Step, Trace};
use crate::{answer::Answer, sql::Query, store::StoreError};

/// One way of answering, as a strategy file and a request name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// The reading alone, composed into SQL. No model.
    Rules,
}

impl Rung {
    pub const ALL: [Self; 1] = [Self::Rules];

    pub fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
        }
    }

    /// Whether it may ask what costs money.
    pub fn costs(self) -> bool {
        match self {
            Self::Rules => false,
        }
    }

    /// Whether it can answer what only descriptions tell.
    pub fn searches(self) -> bool {
        match self {
            Self::Rules => false,
        }
    }
}

/// What a rung made of a question.
#[derive(Debug)]
pub enum Attempt {
    Answered { query: Query, answer: Answer },
    Passed(Passed),
}

/// Why a rung left the question to the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// Words were left over: an answer would be a guess.
    Unread,
    /// Everything was read, but no statement says it.
    Uncovered,
}

impl Passed {
    pub fn code(self) -> &'static str {
        match self {
            Self::Unread => "not_understood",
            Self::Uncovered => "not_covered",
        }
    }
}

/// The rung had a statement and could not look.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct StrategyError {
    pub query: Query,
    #[source]
    pub error: StoreError,
}
