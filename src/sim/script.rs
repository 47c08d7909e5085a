//! The script of the stand-in: what it replies to what, and how it fails. Strictly parsed, all problems at once.

use std::{collections::BTreeMap, path::Path};

use minijinja::{Environment, UndefinedBehavior};
use regex::Regex;
use serde::Deserialize;
use serde_json::Value as Json;

use super::{base::Base, catalog::Listed, operation::Operation};

/// A script file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    version: u32,
    /// The keys requests have to be signed with; without them no signature is checked.
    pub credentials: Option<Keys>,
    /// The API key that is taken instead of a signature.
    pub bearer_token: Option<String>,
    /// The models there are; others are refused. Empty: every one.
    #[serde(default)]
    pub models: Vec<String>,
    /// What the lists of models say there is.
    #[serde(default)]
    pub catalog: Vec<Listed>,
    /// The ids that the list of inference profiles has.
    #[serde(default)]
    pub inference_profiles: Vec<String>,
    #[serde(default)]
    pub knowledge_bases: Vec<Base>,
    /// Names of the buckets of S3 there are, by path (`/BUCKET/KEY`).
    #[serde(default)]
    pub buckets: Vec<String>,
    /// For latencies and probabilities: the same requests in the same order have the same fate.
    #[serde(default)]
    pub seed: u64,
    /// Tokens, counted as characters / 4, before a cache point has an effect.
    #[serde(default = "cache_min_tokens")]
    pub cache_min_tokens: u64,
    /// The first that fits a request has it. A reply that says nothing for an operation leaves it its own answer.
    pub rules: Vec<Rule>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    #[serde(default)]
    pub when: When,
    /// Milliseconds before the first byte.
    #[serde(default)]
    pub wait_ms: Wait,
    /// One of these three, or a fault alone.
    pub reply: Option<Reply>,
    pub error: Option<Refusal>,
    pub raw: Option<Raw>,
    /// What is billed; counted as characters / 4 where it does not say.
    #[serde(default)]
    pub usage: Billed,
    /// `end_turn` or `tool_use` where it does not say.
    pub stop: Option<String>,
    /// How a streamed reply is cut into events.
    #[serde(default)]
    pub stream: Pace,
    pub fault: Option<Fault>,
}

/// Which requests a rule is for: all that it says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    pub operation: Option<Operation>,
    pub model: Option<String>,
    /// A regular expression that is found in the last text of the user (of Retrieve: the query).
    pub text: Option<Pattern>,
    /// The tool the request has to be answered through.
    pub tool: Option<String>,
    /// Of the requests that fit the above, these, from 1.
    #[serde(default)]
    pub nth: Vec<u64>,
    /// Of the requests that fit all the above, this share.
    pub chance: Option<f64>,
}

#[derive(Debug, Clone)]
pub struct Pattern(pub Regex);

/// Milliseconds: a number, or evenly spread between two.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
pub enum Wait {
    Fixed(u64),
    Between([u64; 2]),
}

/// Texts are minijinja templates over `text`, `model` and `nth`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    pub text: Option<String>,
    pub tool: Option<ToolCall>,
    /// Of an embedding: its vector. Made from the hash of the text where it does not say.
    pub embedding: Option<Vec<f64>>,
    /// Of Retrieve: the passages, in the place of those found in the script's knowledge bases.
    pub results: Option<Vec<Json>>,
    /// Of Rerank: the score of each document.
    pub scores: Option<Vec<f64>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolCall {
    pub name: String,
    pub input: Json,
}

/// An error in the service's own shape.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Such as `ThrottlingException`; the status is the one it has in the service.
    pub code: String,
    #[serde(default)]
    pub message: String,
    /// For codes the stand-in does not know.
    pub status: Option<u16>,
    /// Milliseconds, in the header `x-amz-retry-after`.
    pub retry_after_ms: Option<u64>,
    /// Further members of the body, such as `originalStatusCode`.
    #[serde(default)]
    pub members: BTreeMap<String, Json>,
}

/// Any answer at all: a gateway's page, JSON that is not one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raw {
    pub status: u16,
    #[serde(default = "json_type")]
    pub content_type: String,
    pub body: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Billed {
    pub input: Option<u64>,
    pub output: Option<u64>,
    pub cache_read: Option<u64>,
    pub cache_write: Option<u64>,
    pub cache_write_1h: Option<u64>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pace {
    /// Characters of an event.
    pub piece: usize,
    /// Milliseconds before each event: a slow drip.
    pub pause_ms: u64,
}

/// What goes wrong on the way.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub what: What,
    /// As many events of a stream, or bytes of another body, go out before. A body has begun even with 0.
    #[serde(default)]
    pub after: usize,
    /// Of `exception`, such as `throttlingException`.
    pub exception: Option<String>,
    #[serde(default)]
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Nothing comes, not even a status.
    Hang,
    /// Nothing more comes, and the connection stays.
    Stall,
    /// The connection ends in the middle.
    Cut,
    /// The stream ends in order, and too early.
    End,
    /// The body comes some bytes at a time, with the stream's pause before each; of a stream, its pace says the same.
    Drip,
    /// The next event has a wrong checksum.
    BadCrc,
    /// The next event is an exception of the service.
    Exception,
    /// The next event's payload is not JSON.
    BadJson,
    /// An event that is not known comes in between; nothing is wrong.
    UnknownEvent,
}

/// Everything that is wrong with a script.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct ScriptError(pub Vec<String>);

/// A script is some pages; the YAML parser is slow on adversaries.
const LARGEST_FILE: usize = 256 * 1024;

impl Script {
    /// # Errors
    /// Every problem with its place; also a file that cannot be read.
    pub fn load(path: &Path) -> Result<Self, ScriptError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| ScriptError(vec![format!("{shown}: {error}")]))?;
        Self::parse(&shown, &text)
    }

    /// As [`Self::load`], of a text.
    ///
    /// # Errors
    /// As there.
    pub fn parse(path: &str, text: &str) -> Result<Self, ScriptError> {
        if text.len() > LARGEST_FILE {
            return Err(ScriptError(vec![format!("{path}: is larger than {LARGEST_FILE} bytes")]));
        }
        let script: Self = serde_yaml::from_str(text).map_err(|error| {
            let line = error.location().map_or(1, |at| at.line());
            ScriptError(vec![format!("{path}:{line}: {error}")])
        })?;
        let mut wrong = Vec::new();
        if script.version != 1 {
            wrong.push(format!("{path}: version {} is unknown; this is 1", script.version));
        }
        if script.rules.is_empty() {
            wrong.push(format!("{path}: `rules` is empty; a rule is `- reply: {{text: …}}`"));
        }
        for (nth, base) in script.knowledge_bases.iter().enumerate() {
            wrong.extend(base.problem(&script.buckets).map(|what| format!("{path}: knowledge_bases[{nth}]: {what}")));
        }
        for (nth, rule) in script.rules.iter().enumerate() {
            wrong.extend(rule.problems().into_iter().map(|what| format!("{path}: rules[{nth}]: {what}")));
        }
        if wrong.is_empty() { Ok(script) } else { Err(ScriptError(wrong)) }
    }
}

impl Rule {
    fn problems(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let outcomes = [self.reply.is_some(), self.error.is_some(), self.raw.is_some()];
        let hangs = self.fault.as_ref().is_some_and(|fault| fault.what == What::Hang);
        match outcomes.iter().filter(|given| **given).count() {
            1 => {}
            0 if hangs => {}
            0 => wrong.push("says neither `reply` nor `error` nor `raw`".to_owned()),
            _ => wrong.push("says more than one of `reply`, `error` and `raw`".to_owned()),
        }
        if self.when.chance.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
            wrong.push("when.chance: is to be 0 to 1".to_owned());
        }
        if self.when.nth.contains(&0) {
            wrong.push("when.nth: counts from 1".to_owned());
        }
        if matches!(self.wait_ms, Wait::Between([from, to]) if from > to) {
            wrong.push("wait_ms: the first is to be the smaller".to_owned());
        }
        if self.stream.piece == 0 {
            wrong.push("stream.piece: is to be above 0".to_owned());
        }
        if let Some(raw) = &self.raw
            && !(200..600).contains(&raw.status)
        {
            wrong.push("raw.status: is to be 200 to 599".to_owned());
        }
        if let Some(error) = &self.error
            && error.status().is_none()
        {
            wrong.push(format!("error.code: `{}` is not known; say its `status`, 400 to 599", error.code));
        }
        if let Some(fault) = &self.fault
            && fault.exception.is_some() != (fault.what == What::Exception)
        {
            wrong.push("fault.exception: goes with `what: exception`, and only with it".to_owned());
        }
        if let Some(reply) = &self.reply {
            let templates = reply.text.iter().chain(reply.tool.iter().flat_map(|tool| strings(&tool.input)));
            wrong.extend(templates.filter_map(|text| render(text, "", "", 1).err()));
        }
        wrong
    }
}

impl Refusal {
    pub(super) fn new(code: &str, message: &str) -> Self {
        let (code, message) = (code.to_owned(), message.to_owned());
        Self { code, message, status: None, retry_after_ms: None, members: BTreeMap::new() }
    }

    /// The HTTP status: what the script says, else the service's.
    pub fn status(&self) -> Option<u16> {
        let known = match self.code.as_str() {
            "ValidationException" | "ServiceQuotaExceededException" => 400,
            "AccessDeniedException"
            | "UnrecognizedClientException"
            | "InvalidSignatureException"
            | "ExpiredTokenException"
            | "MissingAuthenticationTokenException"
            | "IncompleteSignatureException" => 403,
            "ResourceNotFoundException" => 404,
            "ModelTimeoutException" => 408,
            "ConflictException" => 409,
            "ModelErrorException" | "ModelStreamErrorException" | "DependencyFailedException" => 424,
            "ThrottlingException" | "ModelNotReadyException" => 429,
            "InternalServerException" => 500,
            "BadGatewayException" => 502,
            "ServiceUnavailableException" => 503,
            _ => return self.status.filter(|status| (400..600).contains(status)),
        };
        self.status.or(Some(known)).filter(|status| (400..600).contains(status))
    }
}

/// A template over the last user text, the model and how often its rule was met.
pub(super) fn render(template: &str, text: &str, model: &str, nth: u64) -> Result<String, String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment
        .render_str(template, minijinja::context! { text, model, nth })
        .map_err(|error| format!("template `{template}`: {error}"))
}

/// The texts anywhere in a value.
fn strings(value: &Json) -> Vec<&String> {
    match value {
        Json::String(text) => vec![text],
        Json::Array(items) => items.iter().flat_map(strings).collect(),
        Json::Object(fields) => fields.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

impl Default for Wait {
    fn default() -> Self {
        Self::Fixed(0)
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self { piece: 16, pause_ms: 0 }
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Regex::new(&text).map(Self).map_err(serde::de::Error::custom)
    }
}

fn cache_min_tokens() -> u64 {
    1024
}

fn json_type() -> String {
    "application/json".to_owned()
}
