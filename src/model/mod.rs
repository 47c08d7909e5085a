//! What lies outside the process, behind small traits: chat models, embedders, rerankers, knowledge bases. Requests and
//! replies are plain data, so that they can be recorded, replayed and priced.

mod chat;
mod embed;
mod search;

use std::{future::Future, pin::Pin};

use serde::{Deserialize, Serialize};

pub use self::{
    chat::{Chat, ChatModel, Completion, Part, Piece, Pieces, Role, Stop, Tool, Turn},
    embed::{Embedded, Embedder, Purpose, Space, Vector},
    search::{
        Citation, Generated, Generation, KnowledgeBase, Matches, Passage, Ranked, RerankBy, Reranked, Reranker,
        Retrieval, Retrieved, SearchKind,
    },
};
pub use crate::cost::Usage;

/// Why there is no reply, by what the caller can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", .request_id.as_ref().map_or_else(String::new, |id| format!(" (request {id})")))]
pub struct ModelError {
    pub kind: ErrorKind,
    /// What happened and what to do next, for people. Never holds the prompt.
    pub message: String,
    pub request_id: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// Wait and try again; the SDK has done so already.
    Throttled,
    /// No use today, or not without a higher quota.
    QuotaSpent,
    /// The service or the model failed, or could not be reached; another model may do.
    Unavailable,
    /// No reply within the time.
    TimedOut,
    /// Enable model access, or add an IAM action.
    NotAllowed,
    /// Keys, token or clock.
    BadCredentials,
    /// Use another id, an inference profile, or another region.
    WrongModel,
    /// The request is longer than the model's context.
    TooLong,
    /// The request is not as the service wants it: a mistake of ours or of a prompt file.
    BadRequest,
    /// A reply that cannot be read.
    BadReply,
    /// Only replayed exchanges are allowed, and this one was not recorded.
    NotRecorded,
}

pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, ModelError>> + Send + 'a>>;

impl ErrorKind {
    /// Stable, for traces and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::QuotaSpent => "quota_spent",
            Self::Unavailable => "model_unavailable",
            Self::TimedOut => "model_timed_out",
            Self::NotAllowed => "model_not_allowed",
            Self::BadCredentials => "bad_credentials",
            Self::WrongModel => "wrong_model",
            Self::TooLong => "prompt_too_long_for_model",
            Self::BadRequest => "bad_model_request",
            Self::BadReply => "bad_model_reply",
            Self::NotRecorded => "not_recorded",
        }
    }
}
