//! The operations of the stand-in, and which of them a method and a path name.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    Converse,
    ConverseStream,
    InvokeModel,
    InvokeModelWithResponseStream,
    CountTokens,
    ApplyGuardrail,
    Retrieve,
    RetrieveAndGenerate,
    RetrieveAndGenerateStream,
    Rerank,
    IngestKnowledgeBaseDocuments,
    GetKnowledgeBaseDocuments,
    ListKnowledgeBaseDocuments,
    DeleteKnowledgeBaseDocuments,
    StartIngestionJob,
    GetIngestionJob,
    GetKnowledgeBase,
    ListDataSources,
    GetDataSource,
    PutObject,
    GetObject,
    DeleteObject,
    ListFoundationModels,
    GetFoundationModelAvailability,
    ListInferenceProfiles,
}

/// An operation and what its path names.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) operation: Operation,
    /// The model, knowledge base or guardrail; empty where the path names none.
    pub(super) name: String,
    /// The data source, or a guardrail's version.
    pub(super) part: String,
    /// The ingestion job.
    pub(super) job: String,
}

/// Of a method and a path as on the wire.
pub(super) fn route(method: &str, path: &str) -> Option<Route> {
    let parts: Vec<_> = path.split('/').skip(1).filter(|part| !part.is_empty()).collect();
    let (operation, names): (_, [&str; 3]) = match (method, &parts[..]) {
        ("POST", ["model", model, "converse"]) => (Operation::Converse, [model, "", ""]),
        ("POST", ["model", model, "converse-stream"]) => (Operation::ConverseStream, [model, "", ""]),
        ("POST", ["model", model, "invoke"]) => (Operation::InvokeModel, [model, "", ""]),
        ("POST", ["model", model, "invoke-with-response-stream"]) => {
            (Operation::InvokeModelWithResponseStream, [model, "", ""])
        }
        ("POST", ["model", model, "count-tokens"]) => (Operation::CountTokens, [model, "", ""]),
        ("POST", ["guardrail", id, "version", version, "apply"]) => (Operation::ApplyGuardrail, [id, version, ""]),
        ("POST", ["knowledgebases", base, "retrieve"]) => (Operation::Retrieve, [base, "", ""]),
        ("POST", ["retrieveAndGenerate"]) => (Operation::RetrieveAndGenerate, [""; 3]),
        ("POST", ["retrieveAndGenerateStream"]) => (Operation::RetrieveAndGenerateStream, [""; 3]),
        ("POST", ["rerank"]) => (Operation::Rerank, [""; 3]),
        ("GET", ["foundation-models"]) => (Operation::ListFoundationModels, [""; 3]),
        ("GET", ["foundation-model-availability", model]) => {
            (Operation::GetFoundationModelAvailability, [model, "", ""])
        }
        ("GET", ["inference-profiles"]) => (Operation::ListInferenceProfiles, [""; 3]),
        ("GET", ["knowledgebases", base]) => (Operation::GetKnowledgeBase, [base, "", ""]),
        ("POST", ["knowledgebases", base, "datasources"]) => (Operation::ListDataSources, [base, "", ""]),
        ("GET", ["knowledgebases", base, "datasources", source]) => (Operation::GetDataSource, [base, source, ""]),
        (method, ["knowledgebases", base, "datasources", source, rest @ ..]) => {
            let (operation, job) = of_source(method, rest)?;
            (operation, [*base, *source, job])
        }
        _ => return None,
    };
    let [name, part, job] = names.map(|name| percent_decode_str(name).decode_utf8_lossy().into_owned());
    Some(Route { operation, name, part, job })
}

/// Of a request to a bucket.
pub(super) fn of_object(method: &str, (bucket, key): &(String, String)) -> Option<Route> {
    let operation = match method {
        "PUT" => Operation::PutObject,
        "GET" => Operation::GetObject,
        "DELETE" => Operation::DeleteObject,
        _ => return None,
    };
    Some(Route { operation, name: bucket.clone(), part: key.clone(), job: String::new() })
}

fn of_source<'a>(method: &str, rest: &[&'a str]) -> Option<(Operation, &'a str)> {
    Some(match (method, rest) {
        ("PUT", ["documents"]) => (Operation::IngestKnowledgeBaseDocuments, ""),
        ("POST", ["documents"]) => (Operation::ListKnowledgeBaseDocuments, ""),
        ("POST", ["documents", "getDocuments"]) => (Operation::GetKnowledgeBaseDocuments, ""),
        ("POST", ["documents", "deleteDocuments"]) => (Operation::DeleteKnowledgeBaseDocuments, ""),
        ("PUT", ["ingestionjobs"]) => (Operation::StartIngestionJob, ""),
        ("GET", ["ingestionjobs", job]) => (Operation::GetIngestionJob, *job),
        _ => return None,
    })
}

impl Operation {
    /// Whether a path of it names a model.
    pub(super) fn of_model(self) -> bool {
        matches!(
            self,
            Self::Converse
                | Self::ConverseStream
                | Self::InvokeModel
                | Self::InvokeModelWithResponseStream
                | Self::CountTokens
        )
    }

    /// One of S3, and not of Bedrock.
    pub(super) fn is_object(self) -> bool {
        matches!(self, Self::PutObject | Self::GetObject | Self::DeleteObject)
    }

    /// The type of most events of a stream.
    pub(super) fn event(self) -> &'static str {
        match self {
            Self::InvokeModelWithResponseStream => "chunk",
            Self::RetrieveAndGenerateStream => "output",
            _ => "contentBlockDelta",
        }
    }

    /// Of a successful answer.
    pub(super) fn status(self) -> u16 {
        match self {
            Self::IngestKnowledgeBaseDocuments | Self::DeleteKnowledgeBaseDocuments | Self::StartIngestionJob => 202,
            _ => 200,
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
