//! Claude by `InvokeModel`: a chat as Claude's own messages, and its reply, whole or in pieces.

use aws_sdk_bedrockruntime::{
    operation::RequestId,
    primitives::Blob,
    types::{ResponseStream, error::ResponseStreamError},
};
use serde_json::{Map, Value as Json, json};
use tokio::time::Instant;

use super::{
    chat,
    client::{Bedrock, millis},
    error,
    settings::{Capabilities, ToolUse},
    stream::Heard,
};
use crate::model::{Chat, Completion, ModelError, Part, Role, Stop, Turn, Usage};

pub(super) async fn complete(bedrock: &Bedrock, chat: &Chat) -> Result<Completion, ModelError> {
    let began = Instant::now();
    let about = bedrock.about(chat);
    let request = bedrock.client.invoke_model().model_id(&chat.model).content_type(JSON).accept(JSON);
    let body = body(chat, bedrock.takes(chat)).to_string();
    let output = request.body(Blob::new(body)).send().await.map_err(|error| error::of_sdk(error, &about))?;
    let request_id = output.request_id().map(str::to_owned);
    completion(output.body.as_ref(), request_id.clone(), millis(began))
        .map_err(|why| error::unreadable(&why, request_id, &about))
}

pub(super) const JSON: &str = "application/json";

/// Unknown keys are refused here, so that none is sent but those Claude has always had.
pub(super) fn body(chat: &Chat, takes: Capabilities) -> Json {
    let mut body = Map::new();
    body.insert("anthropic_version".to_owned(), "bedrock-2023-05-31".into());
    body.insert("max_tokens".to_owned(), chat.max_tokens.into());
    if let Some(temperature) = chat.temperature.filter(|_| takes.sampling) {
        body.insert("temperature".to_owned(), chat::shortest(temperature));
    }
    if let Some(tool) = chat.tool.as_ref().filter(|_| takes.tool != ToolUse::None) {
        let tools = json!([{"name": tool.name, "description": tool.description, "input_schema": tool.schema}]);
        body.insert("tools".to_owned(), tools);
        let choice = match takes.tool {
            ToolUse::Forced => json!({"type": "tool", "name": tool.name}),
            ToolUse::Offered | ToolUse::None => json!({"type": "auto"}),
        };
        body.insert("tool_choice".to_owned(), choice);
    }
    let system = blocks(&chat.system, takes);
    if !system.is_empty() {
        body.insert("system".to_owned(), system.into());
    }
    let turn = |turn: &Turn| {
        let role = match turn.role {
            Role::User => "user",
            Role::Assistant => "assistant",
        };
        json!({"role": role, "content": blocks(&turn.parts, takes)})
    };
    body.insert("messages".to_owned(), chat.turns.iter().map(turn).collect());
    body.into()
}

/// What came back, or what is wrong with it.
fn completion(body: &[u8], request_id: Option<String>, ms: f64) -> Result<Completion, String> {
    let body: Json = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let Some(content) = body["content"].as_array() else {
        return Err("it holds no content".to_owned());
    };
    let text = content.iter().filter(|block| block["type"] == "text").filter_map(|block| block["text"].as_str());
    let tool_input = content.iter().find(|block| block["type"] == "tool_use").and_then(|block| block.get("input"));
    let stop = body["stop_reason"].as_str().map_or(Stop::End, stop);
    let usage = usage(&body["usage"]);
    if usage == Usage::default() {
        chat::without_usage();
    }
    Ok(Completion { text: text.collect(), tool_input: tool_input.cloned(), stop, usage, ms, request_id })
}

/// What an event of the stream says: Claude's own, in the bytes of a chunk.
pub(super) fn heard(event: ResponseStream) -> Result<Heard, String> {
    let ResponseStream::Chunk(chunk) = event else { return Ok(Heard::default()) };
    let bytes = chunk.bytes.unwrap_or_else(|| Blob::new(""));
    let event: Json = serde_json::from_slice(bytes.as_ref()).map_err(|error| error.to_string())?;
    let index = event["index"].as_i64().and_then(|index| i32::try_from(index).ok()).unwrap_or(0);
    let text = |place: &Json| place["text"].as_str().map(str::to_owned);
    Ok(match event["type"].as_str().unwrap_or_default() {
        "message_start" => Heard { usage: Some(usage(&event["message"]["usage"])), ..Heard::default() },
        "content_block_start" if event["content_block"]["type"] == "tool_use" => {
            Heard { tool: Some(index), ..Heard::default() }
        }
        "content_block_start" => Heard { text: text(&event["content_block"]), ..Heard::default() },
        "content_block_delta" => {
            let delta = &event["delta"];
            let input = delta["partial_json"].as_str().map(|piece| (index, piece.to_owned()));
            Heard { text: text(delta), input, ..Heard::default() }
        }
        "message_delta" => Heard {
            stop: event["delta"]["stop_reason"].as_str().map(stop),
            usage: Some(usage(&event["usage"])),
            ..Heard::default()
        },
        "message_stop" => Heard { end: true, ..Heard::default() },
        "error" => {
            let kind = event["error"]["type"].as_str().unwrap_or("an error");
            let said = event["error"]["message"].as_str().unwrap_or_default();
            Heard { failed: Some(format!("{kind}: {said}")), ..Heard::default() }
        }
        _ => Heard::default(),
    })
}

pub(super) fn code(error: &ResponseStreamError) -> Option<&'static str> {
    Some(match error {
        ResponseStreamError::InternalServerException(_) => "InternalServerException",
        ResponseStreamError::ModelStreamErrorException(_) => "ModelStreamErrorException",
        ResponseStreamError::ModelTimeoutException(_) => "ModelTimeoutException",
        ResponseStreamError::ServiceUnavailableException(_) => "ServiceUnavailableException",
        ResponseStreamError::ThrottlingException(_) => "ThrottlingException",
        ResponseStreamError::ValidationException(_) => "ValidationException",
        _ => return None,
    })
}

fn stop(reason: &str) -> Stop {
    match reason {
        "end_turn" | "stop_sequence" => Stop::End,
        "tool_use" => Stop::Tool,
        "max_tokens" => Stop::MaxTokens,
        "refusal" => Stop::Filtered,
        other => Stop::Other(other.to_owned()),
    }
}

fn usage(said: &Json) -> Usage {
    let count = |field: &str| said[field].as_u64().unwrap_or(0);
    let hour = said["cache_creation"]["ephemeral_1h_input_tokens"].as_u64().unwrap_or(0);
    Usage {
        input: count("input_tokens"),
        output: count("output_tokens"),
        cache_read: count("cache_read_input_tokens"),
        cache_write: count("cache_creation_input_tokens").saturating_sub(hour),
        cache_write_1h: hour,
    }
}

/// A cache point is a mark on the block before it.
fn blocks(parts: &[Part], takes: Capabilities) -> Vec<Json> {
    let mut blocks: Vec<Json> = Vec::new();
    for part in parts {
        match part {
            Part::Text(text) => blocks.push(json!({"type": "text", "text": text})),
            Part::CachePoint => {
                if let Some(last) = blocks.last_mut().filter(|_| takes.cache) {
                    last["cache_control"] = json!({"type": "ephemeral"});
                }
            }
        }
    }
    blocks
}
