//! A request to the stand-in: which operation it is, what it says, and what the service would refuse in it.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json};

use super::{
    embedding,
    operation::{Operation, Route},
    script::Refusal,
};

pub(super) struct Asked {
    pub(super) operation: Operation,
    /// The model, knowledge base, guardrail or bucket that the path names, or the body where it does not.
    pub(super) model: String,
    /// The data source, or the key of an object.
    pub(super) part: String,
    /// The ingestion job.
    pub(super) job: String,
    /// Of a GET: its query. Of an object: its text.
    pub(super) body: Json,
    /// The last text of the user, the query, or the text that is embedded.
    pub(super) text: String,
    /// What is billed as input, in the order the service keeps prefixes: tools, system, messages.
    pub(super) spans: Vec<Span>,
}

pub(super) enum Span {
    Text(String),
    CachePoint { hour: bool },
}

/// # Errors
/// A `ValidationException`, as the service answers what it cannot take.
pub(super) fn read(route: Route, query: &str, body: &[u8]) -> Result<Asked, Refusal> {
    let Route { operation, name: mut model, part, job } = route;
    let body: Json = match body {
        text if operation.is_object() => String::from_utf8_lossy(text).into(),
        [] => fields(query),
        body => serde_json::from_slice(body).map_err(|error| invalid(&format!("Malformed input request: {error}")))?,
    };
    let (text, spans) = match operation {
        Operation::Converse | Operation::ConverseStream => converse(&body)?,
        Operation::InvokeModel | Operation::InvokeModelWithResponseStream => invoke(&model, &body)?,
        Operation::Retrieve => (retrieve(&model, &body)?, Vec::new()),
        Operation::RetrieveAndGenerate | Operation::RetrieveAndGenerateStream => {
            let text;
            (model, text) = generate(&body)?;
            (text, Vec::new())
        }
        Operation::Rerank => (said(&body, "/queries/0/textQuery/text"), Vec::new()),
        Operation::ApplyGuardrail => (said(&body, "/content/0/text/text"), Vec::new()),
        _ => (String::new(), Vec::new()),
    };
    Ok(Asked { operation, model, part, job, body, text, spans })
}

impl Asked {
    pub(super) fn is_embedding(&self) -> bool {
        self.body.get("inputText").is_some() || self.body.get("texts").is_some()
    }

    /// The tool the request has to be answered through, whichever body it has.
    pub(super) fn forced_tool(&self) -> Option<&str> {
        let converse = self.body.pointer("/toolConfig/toolChoice/tool/name");
        converse.or_else(|| self.body.pointer("/tool_choice/name")).and_then(Json::as_str)
    }
}

fn converse(body: &Json) -> Result<(String, Vec<Span>), Refusal> {
    known(body, &CONVERSE)?;
    let mut spans = Vec::new();
    for tool in list(body, "/toolConfig/tools") {
        match tool.get("cachePoint") {
            Some(point) => spans.push(cache_point(point)),
            None => spans.push(Span::Text(tool.to_string())),
        }
    }
    for block in list(body, "/system") {
        spans.push(span(block)?);
    }
    let messages = list(body, "/messages");
    let roles: Vec<_> = messages.iter().map(|message| message["role"].as_str().unwrap_or_default()).collect();
    if roles.first() != Some(&"user") {
        return Err(invalid(
            "A conversation must start with a user message. Try again with a conversation that starts with \
                            a user message.",
        ));
    }
    if roles.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(invalid(
            "A conversation must alternate between user and assistant roles. Make sure the conversation \
                            alternates between user and assistant roles and try again.",
        ));
    }
    let mut last = String::new();
    for message in messages {
        let blocks = list(message, "/content");
        if blocks.is_empty() {
            return Err(invalid(
                "The content field in the Message object is empty. Add a ContentBlock object to the content \
                                field and try again.",
            ));
        }
        for block in blocks {
            if let (Some(text), "user") = (block["text"].as_str(), message["role"].as_str().unwrap_or_default()) {
                text.clone_into(&mut last);
            }
            spans.push(span(block)?);
        }
    }
    if spans.iter().filter(|span| matches!(span, Span::CachePoint { .. })).count() > 4 {
        return Err(invalid("The request holds more than the 4 cache points that are allowed."));
    }
    for (field, most) in [("/inferenceConfig/temperature", 1.0), ("/inferenceConfig/topP", 1.0)] {
        if body.pointer(field).is_some_and(|value| !value.as_f64().is_some_and(|value| (0.0..=most).contains(&value))) {
            return Err(invalid(&format!("Value at '{field}' failed to satisfy constraint: between 0 and {most}")));
        }
    }
    if let Some(name) = body.pointer("/toolConfig/toolChoice/tool/name")
        && !list(body, "/toolConfig/tools").iter().any(|tool| tool.pointer("/toolSpec/name") == Some(name))
    {
        return Err(invalid("The toolChoice names a tool that is not in tools."));
    }
    Ok((last, spans))
}

/// An embedding and Claude's messages body, told apart by what they hold.
fn invoke(model: &str, body: &Json) -> Result<(String, Vec<Span>), Refusal> {
    if let Some(texts) = embedding::texts(model, body)? {
        return Ok((texts.last().cloned().unwrap_or_default(), texts.into_iter().map(Span::Text).collect()));
    }
    if body["anthropic_version"] != "bedrock-2023-05-31" {
        return Err(invalid(
            "anthropic_version: Field required (this stand-in takes the bodies of Claude and of embeddings \
                            by Titan and Cohere)",
        ));
    }
    known(body, &CLAUDE)?;
    if !body["max_tokens"].is_u64() {
        return Err(invalid("max_tokens: Field required"));
    }
    let mut spans: Vec<_> = ["tools", "system"].iter().filter_map(|field| body.get(field)).map(texts).collect();
    let mut last = String::new();
    for message in list(body, "/messages") {
        let content = &message["content"];
        if message["role"] == "user" {
            let block =
                content.as_array().and_then(|blocks| blocks.iter().rev().find_map(|block| block["text"].as_str()));
            content.as_str().or(block).unwrap_or_default().clone_into(&mut last);
        }
        spans.push(texts(content));
    }
    Ok((last, spans))
}

fn retrieve(base: &str, body: &Json) -> Result<String, Refusal> {
    known(body, &["retrievalQuery", "retrievalConfiguration", "nextToken", "guardrailConfiguration"])?;
    if base.len() != 10 || !base.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(invalid("Value at 'knowledgeBaseId' failed to satisfy constraint: [0-9a-zA-Z]{10}"));
    }
    let number = body.pointer("/retrievalConfiguration/vectorSearchConfiguration/numberOfResults");
    if number.is_some_and(|number| !number.as_u64().is_some_and(|number| (1..=100).contains(&number))) {
        return Err(invalid("Value at 'numberOfResults' failed to satisfy constraint: 1 to 100"));
    }
    match body.pointer("/retrievalQuery/text").and_then(Json::as_str) {
        Some(text) if !text.is_empty() && text.chars().count() <= 20_000 => Ok(text.to_owned()),
        _ => Err(invalid("Value at 'retrievalQuery.text' failed to satisfy constraint: 1 to 20000 characters")),
    }
}

/// The knowledge base and the question.
fn generate(body: &Json) -> Result<(String, String), Refusal> {
    known(body, &["input", "retrieveAndGenerateConfiguration", "sessionId", "sessionConfiguration"])?;
    let says = |field: &str| said(body, &format!("/retrieveAndGenerateConfiguration/{field}"));
    if says("type") != "KNOWLEDGE_BASE" {
        return Err(invalid("this stand-in answers from knowledge bases: type KNOWLEDGE_BASE"));
    }
    let [base, model] =
        ["knowledgeBaseId", "modelArn"].map(|field| says(&format!("knowledgeBaseConfiguration/{field}")));
    if base.is_empty() || model.is_empty() {
        return Err(invalid("knowledgeBaseId and modelArn are to be set"));
    }
    let text = said(body, "/input/text");
    match text.chars().count() {
        1..=1000 => Ok((base, text)),
        _ => Err(invalid("Value at 'input.text' failed to satisfy constraint: 1 to 1000 characters")),
    }
}

const CONVERSE: [&str; 12] = [
    "messages",
    "system",
    "inferenceConfig",
    "toolConfig",
    "guardrailConfig",
    "additionalModelRequestFields",
    "promptVariables",
    "additionalModelResponseFieldPaths",
    "requestMetadata",
    "performanceConfig",
    "serviceTier",
    "outputConfig",
];
const CLAUDE: [&str; 14] = [
    "anthropic_version",
    "anthropic_beta",
    "max_tokens",
    "system",
    "messages",
    "temperature",
    "top_p",
    "top_k",
    "stop_sequences",
    "tools",
    "tool_choice",
    "thinking",
    "output_config",
    "metadata",
];

/// Stricter than Converse itself, which skips what it does not know: a misspelt field is to show.
pub(super) fn known(body: &Json, fields: &[&str]) -> Result<(), Refusal> {
    let Some(given) = body.as_object() else {
        return Err(invalid(
            "Malformed input request: expected type: JSONObject, please reformat your input and try again.",
        ));
    };
    match given.keys().find(|field| !fields.contains(&field.as_str())) {
        Some(field) => Err(invalid(&format!("{field}: Extra inputs are not permitted"))),
        None => Ok(()),
    }
}

fn span(block: &Json) -> Result<Span, Refusal> {
    match (block.get("cachePoint"), block["text"].as_str()) {
        (Some(point), _) => Ok(cache_point(point)),
        (None, Some(text)) if text.trim().is_empty() => Err(invalid(
            "The text field in the ContentBlock object is blank. Add text to the text field, and try again.",
        )),
        (None, Some(text)) => Ok(Span::Text(text.to_owned())),
        (None, None) => Ok(Span::Text(block.to_string())),
    }
}

fn cache_point(point: &Json) -> Span {
    Span::CachePoint { hour: point["ttl"] == "1h" }
}

fn said(body: &Json, pointer: &str) -> String {
    body.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn fields(query: &str) -> Json {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    Json::Object(pairs.map(|(name, value)| (decoded(name), decoded(value).into())).collect::<Map<_, _>>())
}

fn texts(value: &Json) -> Span {
    Span::Text(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

pub(super) fn list<'a>(body: &'a Json, pointer: &str) -> &'a [Json] {
    body.pointer(pointer).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

pub(super) fn invalid(message: &str) -> Refusal {
    Refusal::new("ValidationException", message)
}
