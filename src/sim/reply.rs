//! The replies of the script in the service's shapes: a body, or the events of a stream.

use base64::{Engine, prelude::BASE64_STANDARD};
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

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

/// Titan's reply to a text: the script's vector, else one made from the hash of the text, of length 1.
pub(super) fn embedding(asked: &Asked, given: Option<&[f64]>, usage: Usage) -> Json {
    let first = asked.model.contains("titan-embed-text-v1");
    let dims = asked.body["dimensions"].as_u64().unwrap_or(if first { 1536 } else { 1024 });
    let vector = given.map_or_else(|| pseudo(&asked.text, dims), <[f64]>::to_vec);
    if first {
        return json!({"embedding": vector, "inputTextTokenCount": usage.input});
    }
    let mut by_type = Map::new();
    let types = asked.body["embeddingTypes"].as_array().cloned().unwrap_or_else(|| vec!["float".into()]);
    for kind in types.iter().filter_map(Json::as_str) {
        let values = match kind {
            "binary" => vector.iter().map(|x| Json::from(u8::from(*x > 0.0))).collect(),
            _ => Json::from(vector.clone()),
        };
        by_type.insert(kind.to_owned(), values);
    }
    json!({"embedding": vector, "embeddingsByType": by_type, "inputTextTokenCount": usage.input})
}

/// As many passages as were asked for.
pub(super) fn passages(asked: &Asked, results: &[Json]) -> Json {
    let number = asked.body.pointer("/retrievalConfiguration/vectorSearchConfiguration/numberOfResults");
    let number = number.and_then(Json::as_u64).unwrap_or(5);
    let most = usize::try_from(number).unwrap_or(usize::MAX);
    json!({"retrievalResults": results.iter().take(most).collect::<Vec<_>>()})
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

fn pseudo(text: &str, dims: u64) -> Vec<f64> {
    let mut random = ChaCha8Rng::from_seed(Sha256::digest(text).into());
    let vector: Vec<f64> = (0..dims).map(|_| f64::from(random.next_u32()) / f64::from(u32::MAX) * 2.0 - 1.0).collect();
    let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
    vector.iter().map(|x| x / length).collect()
}
