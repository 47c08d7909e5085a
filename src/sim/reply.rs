//! The replies of the script in the service's shapes: a body, or the events of a stream.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value as Json, json};

use super::{
    frame,
    request::Asked,
    script::{Reply, Rule, render},
};
use crate::model::Usage;

/// What a rule replies to a request, its templates filled in.
pub(super) struct Said {
    text: Option<String>,
    tool: Option<(String, Json)>,
    stop: String,
}

impl Said {
    pub(super) fn new(rule: &Rule, reply: &Reply, asked: &Asked, nth: u64) -> Result<Self, String> {
        let fill = |template: &str| render(template, &asked.text, &asked.model, nth);
        let text = reply.text.as_deref().map(fill).transpose()?;
        let tool = match &reply.tool {
            Some(tool) => Some((tool.name.clone(), filled(&tool.input, &fill)?)),
            None => None,
        };
        let stop = match &rule.stop {
            Some(stop) => stop.clone(),
            None => if tool.is_some() { "tool_use" } else { "end_turn" }.to_owned(),
        };
        Ok(Self { text, tool, stop })
    }

    /// What is counted as output.
    pub(super) fn output(&self) -> String {
        let input = self.tool.as_ref().map(|(_, input)| input.to_string());
        [self.text.clone(), input].into_iter().flatten().collect()
    }

    pub(super) fn converse(&self, usage: Usage, ms: u64) -> Json {
        let text = self.text.iter().map(|text| json!({"text": text}));
        let tool = self
            .tool
            .iter()
            .map(|(name, input)| json!({"toolUse": {"toolUseId": TOOL_USE_ID, "name": name, "input": input}}));
        let content: Vec<_> = text.chain(tool).collect();
        json!({
            "output": {"message": {"role": "assistant", "content": content}},
            "stopReason": self.stop,
            "usage": billed(usage),
            "metrics": {"latencyMs": ms},
        })
    }

    pub(super) fn converse_stream(&self, usage: Usage, ms: u64, piece: usize) -> Vec<Vec<u8>> {
        let mut events = vec![padded("messageStart", json!({"role": "assistant"}))];
        let mut index = 0;
        let mut block = |deltas: Vec<Json>, start: Option<Json>| {
            let mut block = Vec::new();
            block.extend(
                start.map(|start| padded("contentBlockStart", json!({"contentBlockIndex": index, "start": start}))),
            );
            let delta = |delta| padded("contentBlockDelta", json!({"contentBlockIndex": index, "delta": delta}));
            block.extend(deltas.into_iter().map(delta));
            block.push(padded("contentBlockStop", json!({"contentBlockIndex": index})));
            index += 1;
            block
        };
        if let Some(text) = &self.text {
            events.extend(block(pieces(text, piece).map(|piece| json!({"text": piece})).collect(), None));
        }
        if let Some((name, input)) = &self.tool {
            let deltas = pieces(&input.to_string(), piece).map(|piece| json!({"toolUse": {"input": piece}})).collect();
            events.extend(block(deltas, Some(json!({"toolUse": {"toolUseId": TOOL_USE_ID, "name": name}}))));
        }
        events.push(padded("messageStop", json!({"stopReason": self.stop})));
        events.push(padded("metadata", json!({"usage": billed(usage), "metrics": {"latencyMs": ms}})));
        events
    }

    /// Claude's own body.
    pub(super) fn messages(&self, model: &str, usage: Usage) -> Json {
        let text = self.text.iter().map(|text| json!({"type": "text", "text": text}));
        let tool = self
            .tool
            .iter()
            .map(|(name, input)| json!({"type": "tool_use", "id": TOOL_USE_ID, "name": name, "input": input}));
        let content: Vec<_> = text.chain(tool).collect();
        json!({
            "id": "msg_sim", "type": "message", "role": "assistant", "model": model, "content": content,
            "stop_reason": self.stop, "stop_sequence": null, "usage": claude_usage(usage),
        })
    }

    pub(super) fn messages_stream(&self, model: &str, usage: Usage, piece: usize) -> Vec<Vec<u8>> {
        let mut begun = self.messages(model, Usage { output: 0, ..usage });
        begun["content"] = json!([]);
        begun["stop_reason"] = Json::Null;
        let mut events = vec![json!({"type": "message_start", "message": begun})];
        let blocks =
            self.text.iter().map(|text| (json!({"type": "text", "text": ""}), "text_delta", "text", text.clone()));
        let tool = self.tool.iter().map(|(name, input)| {
            let start = json!({"type": "tool_use", "id": TOOL_USE_ID, "name": name, "input": {}});
            (start, "input_json_delta", "partial_json", input.to_string())
        });
        for (index, (start, kind, field, text)) in blocks.chain(tool).enumerate() {
            events.push(json!({"type": "content_block_start", "index": index, "content_block": start}));
            let delta = |piece: String| {
                let delta = Map::from_iter([("type".to_owned(), kind.into()), (field.to_owned(), piece.into())]);
                json!({"type": "content_block_delta", "index": index, "delta": delta})
            };
            events.extend(pieces(&text, piece).map(delta));
            events.push(json!({"type": "content_block_stop", "index": index}));
        }
        let stopped = json!({"stop_reason": self.stop, "stop_sequence": null});
        events.push(json!({"type": "message_delta", "delta": stopped, "usage": {"output_tokens": usage.output}}));
        let metrics = json!({"inputTokenCount": usage.input, "outputTokenCount": usage.output});
        events.push(json!({"type": "message_stop", "amazon-bedrock-invocationMetrics": metrics}));
        let chunk = |event: Json| padded("chunk", json!({"bytes": BASE64_STANDARD.encode(event.to_string())}));
        events.into_iter().map(chunk).collect()
    }
}

/// As many passages as were asked for.
pub(super) fn passages(asked: &Asked, results: &[Json]) -> Json {
    let number = asked.body.pointer("/retrievalConfiguration/vectorSearchConfiguration/numberOfResults");
    let number = number.and_then(Json::as_u64).unwrap_or(5);
    let most = usize::try_from(number).unwrap_or(usize::MAX);
    json!({"retrievalResults": results.iter().take(most).collect::<Vec<_>>()})
}

impl Said {
    /// An answer from a knowledge base: all of it rests on all passages.
    pub(super) fn generated(&self, asked: &Asked, passages: &[Json]) -> Json {
        let text = self.output();
        json!({"sessionId": session(asked), "output": {"text": text}, "citations": [cited(&text, passages)]})
    }

    pub(super) fn generated_stream(&self, passages: &[Json], piece: usize) -> Vec<Vec<u8>> {
        let text = self.output();
        let pieces = pieces(&text, piece).map(|piece| padded("output", json!({"text": piece})));
        pieces.chain([padded("citation", cited(&text, passages))]).collect()
    }
}

/// The conversation's that is gone on with, else a new one's.
pub(super) fn session(asked: &Asked) -> String {
    asked.body["sessionId"].as_str().unwrap_or("sim-session").to_owned()
}

fn cited(text: &str, passages: &[Json]) -> Json {
    let part = json!({"text": text, "span": {"start": 0, "end": text.chars().count()}});
    let without_score = |passage: &Json| {
        let mut reference = passage.clone();
        reference.as_object_mut().map(|fields| fields.remove("score"));
        reference
    };
    let references: Vec<_> = passages.iter().map(without_score).collect();
    json!({"generatedResponsePart": {"textResponsePart": part}, "retrievedReferences": references})
}

/// An event with the padding the service adds, which readers have to skip.
fn padded(kind: &str, mut payload: Json) -> Vec<u8> {
    payload["p"] = "abcdefghijkl".into();
    frame::event(kind, payload.to_string().as_bytes())
}

const TOOL_USE_ID: &str = "tooluse_sim";

fn filled(value: &Json, fill: &impl Fn(&str) -> Result<String, String>) -> Result<Json, String> {
    Ok(match value {
        Json::String(text) => fill(text)?.into(),
        Json::Array(items) => Json::Array(items.iter().map(|item| filled(item, fill)).collect::<Result<_, _>>()?),
        Json::Object(fields) => {
            let field = |(name, value): (&String, &Json)| Ok((name.clone(), filled(value, fill)?));
            Json::Object(fields.iter().map(field).collect::<Result<_, String>>()?)
        }
        other => other.clone(),
    })
}

fn billed(usage: Usage) -> Json {
    let written = usage.cache_write + usage.cache_write_1h;
    let mut json = json!({
        "inputTokens": usage.input,
        "outputTokens": usage.output,
        "totalTokens": usage.input + usage.output + usage.cache_read + written,
        "cacheReadInputTokens": usage.cache_read,
        "cacheWriteInputTokens": written,
    });
    if written > 0 {
        let parts = [("1h", usage.cache_write_1h), ("5m", usage.cache_write)];
        let details = parts.iter().filter(|(_, tokens)| *tokens > 0);
        json["cacheDetails"] = details.map(|(ttl, tokens)| json!({"ttl": ttl, "inputTokens": tokens})).collect();
    }
    json
}

fn claude_usage(usage: Usage) -> Json {
    json!({
        "input_tokens": usage.input,
        "output_tokens": usage.output,
        "cache_read_input_tokens": usage.cache_read,
        "cache_creation_input_tokens": usage.cache_write + usage.cache_write_1h,
    })
}

fn pieces(text: &str, characters: usize) -> impl Iterator<Item = String> {
    let characters_of: Vec<char> = text.chars().collect();
    characters_of.chunks(characters.max(1)).map(|chunk| chunk.iter().collect()).collect::<Vec<String>>().into_iter()
}
