//! A chat with a model: one request, one completion, and what it used.

use std::{pin::Pin, time::Duration};

use futures_util::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{ModelError, Pending};
use crate::cost::Usage;

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

/// What a streamed reply brings: its text in pieces, then, last and once, the whole.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    Text(String),
    Whole(Completion),
}

/// Ends with the whole or with an error; whatever text came before an error is not a reply.
pub type Pieces<'a> = Pin<Box<dyn Stream<Item = Result<Piece, ModelError>> + Send + 'a>>;

/// A model that answers a chat.
pub trait ChatModel: Send + Sync {
    /// Ends within `limit`, whatever the other side does.
    fn complete<'a>(&'a self, chat: &'a Chat, limit: Duration) -> Pending<'a, Completion>;

    /// The same reply while it is made. Of a model that cannot, all its text comes as one piece.
    fn stream<'a>(&'a self, chat: &'a Chat, limit: Duration) -> Pieces<'a> {
        let pieces = async move {
            stream::iter(match self.complete(chat, limit).await {
                Ok(whole) if whole.text.is_empty() => vec![Ok(Piece::Whole(whole))],
                Ok(whole) => vec![Ok(Piece::Text(whole.text.clone())), Ok(Piece::Whole(whole))],
                Err(error) => vec![Err(error)],
            })
        };
        Box::pin(stream::once(pieces).flatten())
    }
}

impl Completion {
    /// What the tool was called with; else the JSON object that the text is or holds, fenced or amid prose: some models
    /// write it out instead of calling the tool.
    pub fn object(&self) -> Option<Json> {
        if let Some(input) = &self.tool_input {
            return Some(input.clone());
        }
        let (from, to) = (self.text.find('{')?, self.text.rfind('}')?);
        serde_json::from_str(self.text.get(from..=to)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_object_is_read_from_a_tool_call_a_fence_or_prose() {
        let completion = |text: &str, tool_input| Completion {
            text: text.to_owned(),
            tool_input,
            stop: Stop::End,
            usage: Usage::default(),
            ms: 0.0,
            request_id: None,
        };
        let object = json!({"sql": "SELECT '}{'"});
        for (text, input, expected) in [
            ("", Some(object.clone()), Some(object.clone())),
            ("{\"sql\": \"SELECT '}{'\"}", None, Some(object.clone())),
            ("```json\n{\"sql\": \"SELECT '}{'\"}\n```", None, Some(object.clone())),
            ("Here it is:\n{\"sql\": \"SELECT '}{'\"}\nHope it helps!", None, Some(object)),
            ("{\"sql\": \"SELECT", None, None),
            ("} none {", None, None),
            ("I cannot do that.", None, None),
        ] {
            assert_eq!(completion(text, input).object(), expected, "{text}");
        }
    }
}
