//! What lies outside the process, behind small traits: so far a chat model. Requests and replies are plain data, so that
//! they can be recorded, replayed and priced.

use std::{future::Future, pin::Pin, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// One request to a chat model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    /// A model id, an inference profile or an ARN.
    pub model: String,
    pub system: Vec<Part>,
    /// The first is the user's; roles alternate; no text is blank.
    pub turns: Vec<Turn>,
    /// The model has to answer through it, if it can be made to.
    pub tool: Option<Tool>,
    /// Always said: unset it would reserve the model's maximum against the quota.
    pub max_tokens: u32,
    /// 0 to 1; left out for models that refuse it.
    pub temperature: Option<f32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Text(String),
    /// What stands before it is kept by the provider, so that the next request with the same beginning costs less.
    CachePoint,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    pub role: Role,
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    User,
    Assistant,
}

/// A function the model calls with its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    pub name: String,
    pub description: String,
    /// JSON Schema of an object.
    pub schema: Json,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Completion {
    /// All text blocks, joined.
    pub text: String,
    /// What the tool was called with, if it was.
    pub tool_input: Option<Json>,
    pub stop: Stop,
    pub usage: Usage,
    /// Milliseconds from sending to the last byte.
    pub ms: f64,
    /// The provider's.
    pub request_id: Option<String>,
}

/// Why the model stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    End,
    Tool,
    /// At `max_tokens`: what came is not whole.
    MaxTokens,
    /// A guardrail or content filter.
    Filtered,
    /// Anything else, as the provider says it.
    Other(String),
}

/// Billed tokens; each kind has its own price. `input` is without what was read from or written to the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    pub input: u64,
    pub output: u64,
    pub cache_read: u64,
    /// Kept for 5 minutes.
    pub cache_write: u64,
    /// Kept for an hour.
    pub cache_write_1h: u64,
}

/// Why there is no completion, by what the caller can do about it.
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

/// A model that answers a chat.
pub trait ChatModel: Send + Sync {
    /// Ends within `limit`, whatever the other side does.
    fn complete<'a>(&'a self, chat: &'a Chat, limit: Duration) -> Pending<'a, Completion>;
}

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

impl Usage {
    pub fn add(&mut self, other: Self) {
        self.input += other.input;
        self.output += other.output;
        self.cache_read += other.cache_read;
        self.cache_write += other.cache_write;
        self.cache_write_1h += other.cache_write_1h;
    }
}
