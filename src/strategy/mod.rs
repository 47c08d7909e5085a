//! Ways to answer a question. Each attempts it and either answers or passes with a reason; passing is not an error.

mod exchange;
pub mod knowledge_base;
pub mod rules;
pub mod text2sql;
mod trace;
pub mod vector;

pub use self::exchange::{Begun, Exchanges, NoReply};
pub use self::trace::{Book, Budget, Exchange, Spent, Step, Trace};
use crate::{answer::Answer, model::ModelError, sql::Query, store::StoreError};

/// One way of answering, as a strategy file and a request name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// The reading alone, composed into SQL. No model.
    Rules,
    /// A model writes SQL, which is checked, scoped and run.
    Text2sql,
    /// Events whose descriptions are near in meaning, under the conditions that are certain.
    Vector,
    /// Passages of a knowledge base, each looked up.
    KnowledgeBase,
}

impl Rung {
    pub const ALL: [Self; 4] = [Self::Rules, Self::Text2sql, Self::Vector, Self::KnowledgeBase];

    pub fn name(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Text2sql => "text2sql",
            Self::Vector => "vector",
            Self::KnowledgeBase => "knowledge_base",
        }
    }

    /// Whether it may ask what costs money.
    pub fn costs(self) -> bool {
        match self {
            Self::Rules | Self::Vector => false,
            Self::Text2sql | Self::KnowledgeBase => true,
        }
    }

    /// Whether it can answer what only descriptions tell.
    pub fn searches(self) -> bool {
        match self {
            Self::Rules | Self::Text2sql => false,
            Self::Vector | Self::KnowledgeBase => true,
        }
    }
}

/// What a rung made of a question.
#[derive(Debug)]
pub enum Attempt {
    Answered {
        query: Query,
        answer: Answer,
        /// A model's line on its statement: nobody has checked it.
        explanation: Option<String>,
    },
    /// The same, worded by others in parts that are to be verified.
    Worded {
        query: Query,
        answer: Answer,
        parts: Vec<knowledge_base::Part>,
    },
    Passed(Passed),
}

/// Why a rung left the question to the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    /// Words were left over: an answer would be a guess.
    Unread,
    /// Everything was read, but no statement says it.
    Uncovered,
    /// No model is switched on.
    NoModel,
    /// The model says that the tables cannot tell.
    Unanswerable,
    /// A guardrail or content filter of the provider.
    Filtered,
    /// Nothing is indexed for search by meaning, or not by this embedder.
    NoIndex,
    /// There is no knowledge base to ask, nor one to stand in.
    NoKnowledgeBase,
    /// What was found is too far from the question.
    NothingRelevant,
}

impl Passed {
    pub fn code(self) -> &'static str {
        match self {
            Self::Unread => "not_understood",
            Self::Uncovered => "not_covered",
            Self::NoModel => "no_model",
            Self::Unanswerable => "unanswerable",
            Self::Filtered => "filtered",
            Self::NoIndex => "no_index",
            Self::NoKnowledgeBase => "no_knowledge_base",
            Self::NothingRelevant => "nothing_relevant",
        }
    }
}

/// The rung could not look.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct StrategyError {
    /// What was to run, if it came to that.
    pub query: Option<Query>,
    #[source]
    pub cause: Cause,
}

/// Why it could not look, by what can be done about it.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    #[error(transparent)]
    Store(StoreError),
    #[error(transparent)]
    Model(ModelError),
    /// The model was asked, and asked again, and wrote nothing that may run; the last reason.
    #[error("no statement of the model could be used ({0})")]
    NoStatement(&'static str),
    /// Time, money or tokens of the prompt.
    #[error("the budget of this prompt is spent ({})", .0.code())]
    Spent(Spent),
    /// A prompt file does not fit what it was given.
    #[error("the prompt file cannot be rendered: {0}")]
    Prompt(String),
}
