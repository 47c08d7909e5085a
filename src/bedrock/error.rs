//! What went wrong with Bedrock, by what the caller can do about it: each code and text of the service, and each way a
//! request can fail before or after it. What they mean is AWS's and its users' word, gathered in the contract.

use std::{error::Error as StdError, time::Duration};

use aws_sdk_bedrockruntime::{
    config::http::HttpResponse,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use aws_smithy_types::event_stream::RawMessage;
use serde_json::Value as Json;

use super::{
    advice::{ADVICE, Advice},
    wire,
};
use crate::model::{Chat, ErrorKind, ModelError, Part};

/// The request that failed.
#[derive(Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) asked: Asked<'a>,
    pub(super) region: Option<&'a str>,
}

/// What was asked, with the texts that a message must not hold.
#[derive(Clone, Copy)]
pub(super) enum Asked<'a> {
    Chat(&'a Chat),
    Embedding {
        model: &'a str,
        texts: &'a [&'a str],
    },
    KnowledgeBase {
        id: &'a str,
        query: &'a str,
    },
    Reranker {
        model: &'a str,
        query: &'a str,
        documents: &'a [&'a str],
    },
    /// One of the account's lists.
    List(&'a str),
    /// Documents that are put into a knowledge base.
    Documents {
        base: &'a str,
        source: &'a str,
        texts: &'a [&'a str],
    },
    Bucket {
        name: &'a str,
        text: &'a str,
    },
}

/// An operation that brought no output.
pub(super) fn of_sdk<E>(error: SdkError<E, HttpResponse>, about: &About<'_>) -> ModelError
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let request_id = error.request_id().map(str::to_owned);
    let (kind, message) = match &error {
        SdkError::ServiceError(failed) => {
            let (code, said) = (failed.err().code(), failed.err().message());
            let status = failed.raw().status().as_u16();
            if failed.raw().status().is_success() {
                return unreadable(&innermost(failed.err()), request_id, about);
            }
            let mut told = of_service(code, said, Some(status), request_id, about);
            if let Some(name) = resource(failed.raw()) {
                told.message.push_str(&format!(" (it is about {name})"));
            }
            return told;
        }
        SdkError::ResponseError(_) => return unreadable(&innermost(&error), request_id, about),
        SdkError::TimeoutError(_) => {
            (ErrorKind::Unavailable, about.unreachable("it did not take the connection in time"))
        }
        SdkError::DispatchFailure(failed) if failed.is_timeout() => {
            (ErrorKind::Unavailable, about.unreachable("it did not take the connection in time"))
        }
        SdkError::DispatchFailure(_) if wire::was_sent(&error) => {
            (ErrorKind::Unavailable, format!("the connection to Bedrock ended before a reply came: {AGAIN}"))
        }
        _ => about.unsent(&error, matches!(error, SdkError::DispatchFailure(_))),
    };
    ModelError { kind, message, request_id }
}

/// A stream that ended with an error. Those of a stream carry their code in their type alone: `code` tells it.
pub(super) fn of_stream<E>(
    error: SdkError<E, RawMessage>,
    code: impl Fn(&E) -> Option<&'static str>,
    request_id: Option<String>,
    about: &About<'_>,
) -> ModelError
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    match &error {
        SdkError::ServiceError(failed) => {
            let code = code(failed.err()).or_else(|| failed.err().code());
            of_service(code, failed.err().message(), None, request_id, about)
        }
        _ => {
            let why = innermost(&error);
            let ended = matches!(error, SdkError::DispatchFailure(_)) || why.contains("end of stream");
            if ended { cut(request_id, about) } else { unreadable(&why, request_id, about) }
        }
    }
}

/// What the service said: by its code and text, else by the status.
pub(super) fn of_service(
    code: Option<&str>,
    said: Option<&str>,
    status: Option<u16>,
    request_id: Option<String>,
    about: &About<'_>,
) -> ModelError {
    let (code, said) = (code.unwrap_or_default(), said.unwrap_or_default().trim());
    let lower = said.replace('’', "'").to_lowercase();
    let fits = |advice: &&Advice| code.eq_ignore_ascii_case(advice.code) && lower.contains(advice.holds);
    let (kind, next) = ADVICE.iter().find(fits).map_or_else(|| by_status(status), |advice| (advice.kind, advice.next));
    let mut message = about.filled(next);
    let status = status.map(|status| format!("HTTP {status}")).unwrap_or_default();
    let code = if code.is_empty() { &status } else { code };
    let said = about.without_prompt(said);
    match said.as_str() {
        "" => message.push_str(&format!(" [{code}]")),
        said => message.push_str(&format!(" [{code}: {said}]")),
    }
    ModelError { kind, message, request_id }
}

pub(super) fn unreadable(why: &str, request_id: Option<String>, about: &About<'_>) -> ModelError {
    let message = format!(
        "the reply of {} cannot be read ({}); it may have been billed and is not asked for again by itself",
        about.name(),
        about.without_prompt(why)
    );
    ModelError { kind: ErrorKind::BadReply, message, request_id }
}

pub(super) fn cut(request_id: Option<String>, about: &About<'_>) -> ModelError {
    let message = format!("the stream of {} was cut before its end: {AGAIN}", about.name());
    ModelError { kind: ErrorKind::Unavailable, message, request_id }
}

pub(super) fn too_slow(limit: Duration, request_id: Option<String>, about: &About<'_>) -> ModelError {
    let message = format!(
        "{} did not reply within {} ms: allow more time, ask for fewer output tokens, or use a faster model",
        about.name(),
        limit.as_millis()
    );
    ModelError { kind: ErrorKind::TimedOut, message, request_id }
}

pub(super) fn silent(silence: Duration, request_id: Option<String>, about: &About<'_>) -> ModelError {
    let message =
        format!("the stream of {} was silent for {} ms and was given up: {AGAIN}", about.name(), silence.as_millis());
    ModelError { kind: ErrorKind::TimedOut, message, request_id }
}

pub(super) fn no_turn(concurrency: usize, about: &About<'_>) -> ModelError {
    let message = format!(
        "{concurrency} requests to {} are in flight, and none ended in time: raise `bedrock_concurrency` if the quota \
         allows, or allow more time",
        about.name()
    );
    ModelError { kind: ErrorKind::Throttled, message, request_id: None }
}

const AGAIN: &str = "try again, or use another model";
const NO_CREDENTIALS: &str = "no AWS credentials that work were found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, \
                              AWS_BEARER_TOKEN_BEDROCK or AWS_PROFILE, or run where a role is given";
const NO_REGION: &str = "no AWS region is set: set AWS_BEDROCK_REGION (or AWS_REGION, or one in the profile)";
/// Characters of the service's own words that a message may hold.
const SAID: usize = 300;

impl About<'_> {
    /// Why a request did not leave this machine. The SDK has no types for it.
    fn unsent(&self, error: &dyn StdError, dispatched: bool) -> (ErrorKind, String) {
        let (why, told) = (innermost(error), DisplayErrorContext(error).to_string().to_lowercase());
        if told.contains("missing region") {
            (ErrorKind::WrongModel, NO_REGION.to_owned())
        } else if ["credential", "identity", "sso"].iter().any(|word| told.contains(word)) {
            (ErrorKind::BadCredentials, format!("{NO_CREDENTIALS} ({why})"))
        } else if dispatched {
            (ErrorKind::Unavailable, self.unreachable(&why))
        } else {
            (ErrorKind::BadRequest, format!("the request to Bedrock could not be made: {why}"))
        }
    }

    fn unreachable(&self, why: &str) -> String {
        format!(
            "Bedrock in {} cannot be reached ({why}): check the network, the region and AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
            self.region.unwrap_or("this region")
        )
    }

    /// What it is called in a message.
    fn name(&self) -> String {
        match self.asked {
            Asked::Chat(chat) => chat.model.clone(),
            Asked::Embedding { model, .. } | Asked::Reranker { model, .. } => model.to_owned(),
            Asked::KnowledgeBase { id, .. } => format!("knowledge base {id}"),
            Asked::List(what) => what.to_owned(),
            Asked::Documents { base, source: "", .. } => format!("knowledge base {base}"),
            Asked::Documents { base, source, .. } => format!("data source {source} of knowledge base {base}"),
            Asked::Bucket { name, .. } => format!("bucket {name}"),
        }
    }

    fn filled(&self, next: &str) -> String {
        let (setting, action) = match self.asked {
            Asked::Chat(_) => {
                ("AWS_BEDROCK_MODEL_ID", "bedrock:InvokeModel, and bedrock:InvokeModelWithResponseStream for streams")
            }
            Asked::Embedding { .. } => ("AWS_BEDROCK_EMBEDDING_MODEL_ID", "bedrock:InvokeModel"),
            Asked::KnowledgeBase { .. } => {
                ("AWS_BEDROCK_KNOWLEDGE_BASE_ID", "bedrock:Retrieve, and bedrock:RetrieveAndGenerate for answers")
            }
            Asked::Reranker { .. } => ("AWS_BEDROCK_RERANK_MODEL_ID", "bedrock:Rerank and bedrock:InvokeModel"),
            Asked::Documents { .. } => (
                "AWS_BEDROCK_KNOWLEDGE_BASE_ID (and ASKLINE_BEDROCK_DATA_SOURCE_ID)",
                "bedrock:IngestKnowledgeBaseDocuments, bedrock:GetKnowledgeBaseDocuments, \
                 bedrock:ListKnowledgeBaseDocuments, bedrock:DeleteKnowledgeBaseDocuments, bedrock:StartIngestionJob, \
                 bedrock:GetIngestionJob, bedrock:GetKnowledgeBase, bedrock:ListDataSources and bedrock:GetDataSource",
            ),
            Asked::Bucket { .. } => ("--s3", "s3:PutObject and s3:DeleteObject"),
            Asked::List(_) => ("AWS_BEDROCK_REGION", "bedrock:ListFoundationModels and bedrock:ListInferenceProfiles"),
        };
        next.replace("{model}", &self.name())
            .replace("{region}", self.region.unwrap_or("this region"))
            .replace("{setting}", setting)
            .replace("{action}", action)
    }

    fn texts(&self) -> Vec<&str> {
        match self.asked {
            Asked::Chat(chat) => {
                let parts = chat.system.iter().chain(chat.turns.iter().flat_map(|turn| &turn.parts));
                let texts = parts.filter_map(|part| match part {
                    Part::Text(text) => Some(text.as_str()),
                    Part::CachePoint => None,
                });
                texts.collect()
            }
            Asked::Embedding { texts, .. } => texts.to_vec(),
            Asked::KnowledgeBase { query, .. } => vec![query],
            Asked::Reranker { query, documents, .. } => [&[query], documents].concat(),
            Asked::Documents { texts, .. } => texts.to_vec(),
            Asked::Bucket { text, .. } => vec![text],
            Asked::List(_) => Vec::new(),
        }
    }

    /// The service may quote what it was sent: a message never holds the prompt.
    fn without_prompt(&self, said: &str) -> String {
        let texts = self.texts();
        let lines = texts.iter().flat_map(|text| text.lines()).map(str::trim).filter(|line| line.chars().count() >= 8);
        let told = lines.fold(said.to_owned(), |told, line| told.replace(line, "…"));
        let mut clean = told.chars().filter(|c| !c.is_control());
        let mut short: String = clean.by_ref().take(SAID).collect();
        if clean.next().is_some() {
            short.push('…');
        }
        short
    }
}

fn by_status(status: Option<u16>) -> (ErrorKind, &'static str) {
    match status {
        Some(429) => (ErrorKind::Throttled, "Bedrock asks to wait: try again later"),
        Some(401 | 403) => {
            (ErrorKind::NotAllowed, "Bedrock refuses this account {model} in {region}: check its permissions")
        }
        Some(404) => (ErrorKind::WrongModel, "Bedrock does not know {model} in {region}: check the id and the region"),
        Some(408) => (ErrorKind::TimedOut, "{model} took too long: ask for fewer output tokens, or use a faster model"),
        Some(status) if status < 500 => (ErrorKind::BadRequest, "Bedrock refuses the request to {model}"),
        _ => (ErrorKind::Unavailable, "Bedrock failed: try again later, or use another model"),
    }
}

/// What failed behind the service, where its error names it.
fn resource(response: &HttpResponse) -> Option<String> {
    let body: Json = serde_json::from_slice(response.body().bytes()?).ok()?;
    let name = body.get("resourceName")?.as_str()?;
    Some(name.chars().filter(|c| !c.is_control()).take(100).collect())
}

/// The cause that says most.
fn innermost(error: &dyn StdError) -> String {
    let mut deepest = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use aws_sdk_bedrockruntime::{error::ConnectorError, operation::converse::ConverseError};

    use super::*;

    #[test]
    fn what_did_not_leave_this_machine_says_why() {
        let chat =
            Chat { model: "m".to_owned(), system: vec![], turns: vec![], tool: None, max_tokens: 1, temperature: None };
        let about = About { asked: Asked::Chat(&chat), region: Some("here") };
        let other = |why: &str| SdkError::dispatch_failure(ConnectorError::other(why.into(), None));
        for (error, kind, holds) in [
            (other("Invalid Configuration: Missing Region"), ErrorKind::WrongModel, "AWS_BEDROCK_REGION"),
            (other("no providers in chain provided credentials"), ErrorKind::BadCredentials, "AWS_ACCESS_KEY_ID"),
            (other("dns error"), ErrorKind::Unavailable, "Bedrock in here cannot be reached (dns error)"),
            (
                SdkError::dispatch_failure(ConnectorError::timeout("late".into())),
                ErrorKind::Unavailable,
                "did not take the connection in time",
            ),
            (SdkError::construction_failure("no path"), ErrorKind::BadRequest, "could not be made: no path"),
        ] {
            let told = of_sdk::<ConverseError>(error, &about);
            assert!(told.kind == kind && told.message.contains(holds), "{told:?}");
        }
    }
}
