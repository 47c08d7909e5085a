//! `Converse`: a chat as the JSON it becomes, and the reply as a completion.

use aws_sdk_bedrockruntime::{
    operation::converse::ConverseOutput,
    types::{
        CacheTtl, ContentBlock, ContentBlockDelta, ContentBlockStart, ConverseOutput as Output, ConverseStreamOutput,
        StopReason, TokenUsage, error::ConverseStreamOutputError,
    },
};
use aws_smithy_types::{Document, Number};
use serde_json::{Map, Value as Json, json};

use super::{
    settings::{Capabilities, ToolUse},
    stream::Heard,
};
use crate::model::{Chat, Completion, Part, Role, Stop, Turn, Usage};

/// The body of a request. Written here and not by the SDK, whose objects are hash maps: the same chat has to give the same
/// bytes, or the cached prefix is never met, and a schema's properties keep the order their author gave them.
pub(super) fn body(chat: &Chat, takes: Capabilities) -> Json {
    let mut body = Map::new();
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
    let mut inference = Map::from_iter([("maxTokens".to_owned(), chat.max_tokens.into())]);
    if let Some(temperature) = chat.temperature.filter(|_| takes.sampling) {
        inference.insert("temperature".to_owned(), shortest(temperature));
    }
    body.insert("inferenceConfig".to_owned(), inference.into());
    if let Some(tool) = chat.tool.as_ref().filter(|_| takes.tool != ToolUse::None) {
        let tools = json!([{"toolSpec": {
            "name": tool.name, "description": tool.description, "inputSchema": {"json": tool.schema},
        }}]);
        let choice = match takes.tool {
            ToolUse::Forced => json!({"tool": {"name": tool.name}}),
            ToolUse::Offered | ToolUse::None => json!({"auto": {}}),
        };
        body.insert("toolConfig".to_owned(), json!({"tools": tools, "toolChoice": choice}));
    }
    body.into()
}

/// What came back, or what is wrong with it.
pub(super) fn completion(output: ConverseOutput, request_id: Option<String>, ms: f64) -> Result<Completion, String> {
    let Some(Output::Message(message)) = output.output else {
        return Err("it holds no message".to_owned());
    };
    let mut text = String::new();
    let mut tool_input = None;
    for block in message.content {
        match block {
            ContentBlock::Text(piece) => text.push_str(&piece),
            ContentBlock::ToolUse(used) if tool_input.is_none() => tool_input = Some(plain(used.input)),
            _ => {}
        }
    }
    let usage = output.usage.as_ref().map(billed);
    if usage.is_none() {
        without_usage();
    }
    let usage = usage.unwrap_or_default();
    Ok(Completion { text, tool_input, stop: stop(&output.stop_reason), usage, ms, request_id })
}

/// What an event of the stream says.
pub(super) fn heard(event: ConverseStreamOutput) -> Heard {
    match event {
        ConverseStreamOutput::ContentBlockStart(started) => match started.start {
            Some(ContentBlockStart::ToolUse(_)) => {
                Heard { tool: Some(started.content_block_index), ..Heard::default() }
            }
            _ => Heard::default(),
        },
        ConverseStreamOutput::ContentBlockDelta(delta) => match delta.delta {
            Some(ContentBlockDelta::Text(text)) => Heard { text: Some(text), ..Heard::default() },
            Some(ContentBlockDelta::ToolUse(piece)) => {
                Heard { input: Some((delta.content_block_index, piece.input)), ..Heard::default() }
            }
            _ => Heard::default(),
        },
        ConverseStreamOutput::MessageStop(stopped) => {
            Heard { stop: Some(stop(&stopped.stop_reason)), ..Heard::default() }
        }
        ConverseStreamOutput::Metadata(metadata) => {
            Heard { usage: metadata.usage.as_ref().map(billed), end: true, ..Heard::default() }
        }
        _ => Heard::default(),
    }
}

pub(super) fn code(error: &ConverseStreamOutputError) -> Option<&'static str> {
    Some(match error {
        ConverseStreamOutputError::InternalServerException(_) => "InternalServerException",
        ConverseStreamOutputError::ModelStreamErrorException(_) => "ModelStreamErrorException",
        ConverseStreamOutputError::ValidationException(_) => "ValidationException",
        ConverseStreamOutputError::ThrottlingException(_) => "ThrottlingException",
        ConverseStreamOutputError::ServiceUnavailableException(_) => "ServiceUnavailableException",
        _ => return None,
    })
}

/// Tells the log, once for each reply.
pub(super) fn without_usage() {
    tracing::warn!("a reply of Bedrock without usage: its price is not known, and is counted as nothing");
}

fn stop(reason: &StopReason) -> Stop {
    match reason {
        StopReason::EndTurn | StopReason::StopSequence => Stop::End,
        StopReason::ToolUse => Stop::Tool,
        StopReason::MaxTokens => Stop::MaxTokens,
        StopReason::GuardrailIntervened | StopReason::ContentFiltered => Stop::Filtered,
        other => Stop::Other(other.as_str().to_owned()),
    }
}

/// `inputTokens` is without the cached ones, and writes for an hour are a part of all writes.
fn billed(usage: &TokenUsage) -> Usage {
    let count = |tokens: i32| u64::try_from(tokens).unwrap_or(0);
    let for_an_hour = usage.cache_details().iter().filter(|detail| *detail.ttl() == CacheTtl::OneHour);
    let hour: u64 = for_an_hour.map(|detail| count(detail.input_tokens())).sum();
    Usage {
        input: count(usage.input_tokens()),
        output: count(usage.output_tokens()),
        cache_read: count(usage.cache_read_input_tokens().unwrap_or(0)),
        cache_write: count(usage.cache_write_input_tokens().unwrap_or(0)).saturating_sub(hour),
        cache_write_1h: hour,
    }
}

fn blocks(parts: &[Part], takes: Capabilities) -> Vec<Json> {
    let block = |part: &Part| match part {
        Part::Text(text) => Some(json!({"text": text})),
        Part::CachePoint => takes.cache.then(|| json!({"cachePoint": {"type": "default"}})),
    };
    parts.iter().filter_map(block).collect()
}

/// As JSON: 0.2 and not 0.20000000298…, which is what the same number is in 64 bits.
pub(super) fn shortest(number: f32) -> Json {
    number.to_string().parse::<f64>().map_or(Json::Null, Json::from)
}

pub(super) fn plain(document: Document) -> Json {
    match document {
        Document::Null => Json::Null,
        Document::Bool(yes) => yes.into(),
        Document::String(text) => text.into(),
        Document::Number(Number::PosInt(number)) => number.into(),
        Document::Number(Number::NegInt(number)) => number.into(),
        Document::Number(Number::Float(number)) => number.into(),
        Document::Array(items) => items.into_iter().map(plain).collect(),
        // Their order was lost on the way; by name it is at least always the same.
        Document::Object(fields) => {
            let mut fields: Vec<_> = fields.into_iter().map(|(name, value)| (name, plain(value))).collect();
            fields.sort_by(|one, other| one.0.cmp(&other.0));
            Json::Object(fields.into_iter().collect())
        }
    }
}
