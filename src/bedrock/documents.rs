//! Documents of a knowledge base: put in, followed, taken out; and the jobs that read them from S3.
//!
//! Asked for with the client of the models, as [`account`](super::account) does: the crate of this service takes some 80
//! seconds of a processor to build.

use std::{sync::Arc, time::Duration};

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{
    client::Bedrock,
    error::{self, About, Asked},
    wire::Call,
};
use crate::model::ModelError;

/// A data source of a knowledge base.
#[derive(Clone)]
pub struct DataSource {
    bedrock: Arc<Bedrock>,
    pub knowledge_base: String,
    pub id: String,
}

/// What is put in.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub id: String,
    pub text: String,
    /// Numbers, texts and truth values.
    pub metadata: Map<String, Json>,
}

/// What the service says of one document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its own, or where it stands in S3.
    pub id: String,
    pub state: State,
    /// The service's word for it, and its reason.
    pub says: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Waiting,
    Indexed,
    /// Not, or not whole, or without its metadata.
    Failed,
    Leaving,
    /// It is not there.
    Gone,
}

/// A reading of a data source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: String,
    /// `None` while it runs.
    pub ended: Option<Ended>,
    pub scanned: u64,
    pub failed: u64,
    /// The service's words.
    pub reasons: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Complete,
    /// Failed, or stopped by somebody.
    Failed,
}

/// What a knowledge base is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// `ACTIVE` is well.
    pub status: String,
    pub embedding_model: Option<String>,
    pub dimensions: Option<usize>,
    pub reasons: Vec<String>,
}

/// What one request takes.
pub const MOST: usize = 10;

impl DataSource {
    pub fn new(bedrock: Arc<Bedrock>, knowledge_base: &str, id: &str) -> Self {
        Self { bedrock, knowledge_base: knowledge_base.to_owned(), id: id.to_owned() }
    }

    /// Puts in at most [`MOST`] documents, in the place of those with the same ids. `token` (33 letters and more) makes it
    /// the same request when it is sent again.
    ///
    /// # Errors
    /// As of a chat model.
    pub async fn ingest(&self, documents: &[Document], token: &str, limit: Duration) -> Result<Vec<Told>, ModelError> {
        let texts: Vec<&str> = documents.iter().map(|document| document.text.as_str()).collect();
        let body = json!({"clientToken": token, "documents": documents.iter().map(written).collect::<Vec<_>>()});
        let details: Details = self.ask("PUT", "/documents", Some(&body), &texts, limit).await?;
        Ok(details.told())
    }

    /// What became of at most [`MOST`] documents.
    ///
    /// # Errors
    /// As of a chat model.
    pub async fn look(&self, ids: &[String], limit: Duration) -> Result<Vec<Told>, ModelError> {
        let body = json!({"documentIdentifiers": identifiers(ids)});
        let details: Details = self.ask("POST", "/documents/getDocuments", Some(&body), &[], limit).await?;
        Ok(details.told())
    }

    /// Takes out at most [`MOST`].
    ///
    /// # Errors
    /// As of a chat model.
    pub async fn delete(&self, ids: &[String], token: &str, limit: Duration) -> Result<Vec<Told>, ModelError> {
        let body = json!({"clientToken": token, "documentIdentifiers": identifiers(ids)});
        let details: Details = self.ask("POST", "/documents/deleteDocuments", Some(&body), &[], limit).await?;
        Ok(details.told())
    }

    /// A page of all documents, and the token of the next one.
    ///
    /// # Errors
    /// As of a chat model.
    pub async fn list(&self, page: Option<&str>, limit: Duration) -> Result<(Vec<Told>, Option<String>), ModelError> {
        let mut body = json!({"maxResults": 1000});
        if let Some(token) = page {
            body["nextToken"] = token.into();
        }
        let mut details: Details = self.ask("POST", "/documents", Some(&body), &[], limit).await?;
        let next = details.next_token.take();
        Ok((details.told(), next))
    }

    /// Starts reading the data source anew.
    ///
    /// # Errors
    /// As of a chat model; unavailable while another one runs.
    pub async fn start_job(&self, token: &str, limit: Duration) -> Result<Job, ModelError> {
        let body = json!({"clientToken": token, "description": "askline kb sync"});
        let answer: JobAnswer = self.ask("PUT", "/ingestionjobs/", Some(&body), &[], limit).await?;
        Ok(answer.ingestion_job.told())
    }

    /// # Errors
    /// As of a chat model.
    pub async fn job(&self, id: &str, limit: Duration) -> Result<Job, ModelError> {
        let answer: JobAnswer = self.ask("GET", &format!("/ingestionjobs/{id}"), None, &[], limit).await?;
        Ok(answer.ingestion_job.told())
    }

    /// Where its documents come from: `CUSTOM` (they are put in), `S3` …
    ///
    /// # Errors
    /// As of a chat model.
    pub async fn kind(&self, limit: Duration) -> Result<String, ModelError> {
        let answer: SourceAnswer = self.ask("GET", "", None, &[], limit).await?;
        Ok(answer.data_source.data_source_configuration.kind)
    }

    async fn ask<T: for<'de> Deserialize<'de>>(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&Json>,
        texts: &[&str],
        limit: Duration,
    ) -> Result<T, ModelError> {
        let Self { bedrock, knowledge_base, id } = self;
        let asked = Asked::Documents { base: knowledge_base, source: id, texts };
        let path = format!("/knowledgebases/{knowledge_base}/datasources/{id}{path}");
        bedrock.document_call(method, path, body, asked, limit).await
    }
}

impl Bedrock {
    /// # Errors
    /// As of a chat model.
    pub async fn knowledge_base(&self, id: &str, limit: Duration) -> Result<Described, ModelError> {
        let asked = Asked::Documents { base: id, source: "", texts: &[] };
        let answer: BaseAnswer = self.document_call("GET", format!("/knowledgebases/{id}"), None, asked, limit).await?;
        let Base { status, knowledge_base_configuration, failure_reasons } = answer.knowledge_base;
        let vectors = knowledge_base_configuration.vector_knowledge_base_configuration;
        let dimensions = vectors.as_ref().and_then(|vectors| {
            vectors.embedding_model_configuration.as_ref()?.bedrock_embedding_model_configuration.as_ref()?.dimensions
        });
        Ok(Described {
            status,
            embedding_model: vectors.map(|vectors| vectors.embedding_model_arn),
            dimensions,
            reasons: failure_reasons.unwrap_or_default(),
        })
    }

    /// The ids of its data sources with their names.
    ///
    /// # Errors
    /// As of a chat model.
    pub async fn data_sources(&self, base: &str, limit: Duration) -> Result<Vec<(String, String)>, ModelError> {
        let mut found = Vec::new();
        let mut page: Option<String> = None;
        loop {
            let mut body = json!({"maxResults": 100});
            if let Some(token) = &page {
                body["nextToken"] = token.as_str().into();
            }
            let asked = Asked::Documents { base, source: "", texts: &[] };
            let path = format!("/knowledgebases/{base}/datasources/");
            let answer: Sources = self.document_call("POST", path, Some(&body), asked, limit).await?;
            let before = found.len();
            found.extend(answer.data_source_summaries.into_iter().map(|source| (source.data_source_id, source.name)));
            page = answer.next_token;
            if page.is_none() || found.len() == before {
                return Ok(found);
            }
        }
    }

    async fn document_call<T: for<'de> Deserialize<'de>>(
        &self,
        method: &'static str,
        path: String,
        body: Option<&Json>,
        asked: Asked<'_>,
        limit: Duration,
    ) -> Result<T, ModelError> {
        let about = About { asked, region: self.region.as_deref() };
        let call = match body {
            None => Call::get(path),
            Some(body) => Call::json(method, path, body),
        };
        let request = async {
            let sent = self.documents.invoke_model().model_id("-").customize().interceptor(call).send().await;
            let output = sent.map_err(|error| error::of_sdk(error, &about))?;
            serde_json::from_slice(output.body.as_ref())
                .map_err(|error| error::unreadable(&error.to_string(), None, &about))
        };
        self.within("documents", limit, &about, request).await
    }
}

fn written(document: &Document) -> Json {
    let attributes: Vec<Json> = document.metadata.iter().map(|(key, value)| attribute(key, value)).collect();
    json!({
        "content": {"dataSourceType": "CUSTOM", "custom": {
            "customDocumentIdentifier": {"id": document.id},
            "sourceType": "IN_LINE",
            "inlineContent": {"type": "TEXT", "textContent": {"data": document.text}},
        }},
        "metadata": {"type": "IN_LINE_ATTRIBUTE", "inlineAttributes": attributes},
    })
}

fn attribute(key: &str, value: &Json) -> Json {
    let value = match value {
        Json::Number(number) => json!({"type": "NUMBER", "numberValue": number}),
        Json::Bool(truth) => json!({"type": "BOOLEAN", "booleanValue": truth}),
        Json::String(text) => json!({"type": "STRING", "stringValue": text}),
        other => json!({"type": "STRING", "stringValue": other.to_string()}),
    };
    json!({"key": key, "value": value})
}

fn identifiers(ids: &[String]) -> Vec<Json> {
    ids.iter().map(|id| json!({"dataSourceType": "CUSTOM", "custom": {"id": id}})).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    document_details: Vec<Detail>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    status: String,
    status_reason: Option<String>,
    identifier: Identifier,
}

#[derive(Deserialize)]
struct Identifier {
    custom: Option<Custom>,
    s3: Option<Object>,
}

#[derive(Deserialize)]
struct Custom {
    id: String,
}

#[derive(Deserialize)]
struct Object {
    uri: String,
}

impl Details {
    fn told(self) -> Vec<Told> {
        let told = |detail: Detail| {
            let Detail { status, status_reason, identifier } = detail;
            let id = identifier.custom.map(|custom| custom.id).or(identifier.s3.map(|object| object.uri));
            let state = state(&status);
            let reason = status_reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
            let says = reason.map_or(status.clone(), |reason| format!("{status}: {reason}"));
            Told { id: id.unwrap_or_default(), state, says }
        };
        self.document_details.into_iter().map(told).collect()
    }
}

/// What is not known is waited for: more words may come.
fn state(status: &str) -> State {
    match status {
        "INDEXED" => State::Indexed,
        "FAILED" | "IGNORED" | "PARTIALLY_INDEXED" | "METADATA_PARTIALLY_INDEXED" | "METADATA_UPDATE_FAILED" => {
            State::Failed
        }
        "DELETING" | "DELETE_IN_PROGRESS" => State::Leaving,
        "NOT_FOUND" => State::Gone,
        _ => State::Waiting,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JobAnswer {
    ingestion_job: JobDetail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JobDetail {
    ingestion_job_id: String,
    status: String,
    statistics: Option<Statistics>,
    failure_reasons: Option<Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Statistics {
    number_of_documents_scanned: u64,
    number_of_documents_failed: u64,
}

impl JobDetail {
    fn told(self) -> Job {
        let Statistics { number_of_documents_scanned, number_of_documents_failed } =
            self.statistics.unwrap_or_default();
        Job {
            id: self.ingestion_job_id,
            ended: match self.status.as_str() {
                "COMPLETE" => Some(Ended::Complete),
                "FAILED" | "STOPPED" => Some(Ended::Failed),
                _ => None,
            },
            scanned: number_of_documents_scanned,
            failed: number_of_documents_failed,
            reasons: self.failure_reasons.unwrap_or_default(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BaseAnswer {
    knowledge_base: Base,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Base {
    status: String,
    knowledge_base_configuration: BaseConfiguration,
    failure_reasons: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BaseConfiguration {
    vector_knowledge_base_configuration: Option<VectorConfiguration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VectorConfiguration {
    embedding_model_arn: String,
    embedding_model_configuration: Option<EmbeddingConfiguration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EmbeddingConfiguration {
    bedrock_embedding_model_configuration: Option<OfBedrock>,
}

#[derive(Deserialize)]
struct OfBedrock {
    dimensions: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sources {
    data_source_summaries: Vec<Source>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    data_source_id: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceAnswer {
    data_source: SourceDetail,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceDetail {
    data_source_configuration: SourceConfiguration,
}

#[derive(Deserialize)]
struct SourceConfiguration {
    #[serde(rename = "type")]
    kind: String,
}
