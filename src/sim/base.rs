//! Knowledge bases of the stand-in: documents that are put in, indexed a while later, found, and taken out again.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::{
    bucket::Buckets,
    document::{Document, document, few, identifiers},
    filter::{likeness, meets},
    operation::Operation,
    request::{Asked, invalid, list},
    script::Refusal,
};

/// One knowledge base of a script.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Base {
    /// 10 letters and digits.
    pub id: String,
    pub data_source: String,
    /// Milliseconds from a change of a document, or the start of a job, until it is done.
    #[serde(default)]
    pub index_ms: u64,
    /// As many passages of Retrieve at most in one answer; the rest by its token.
    pub page: Option<usize>,
    /// Ids (or ends of addresses) of documents whose indexing fails; of those whose first one fails; and of those that
    /// end in another state that is not well.
    #[serde(default)]
    pub failing: Vec<String>,
    #[serde(default)]
    pub failing_once: Vec<String>,
    #[serde(default)]
    pub partly: Vec<String>,
    #[serde(default)]
    pub ignored: Vec<String>,
    /// The data source reads this bucket of the script: it takes no documents but from there.
    pub bucket: Option<String>,
    #[serde(default = "model")]
    pub embedding_model: String,
    pub dimensions: Option<usize>,
    /// Those that are indexed from the start.
    #[serde(default)]
    pub documents: Vec<Document>,
}

impl Base {
    pub(super) fn problem(&self, buckets: &[String]) -> Option<String> {
        if let Some(bucket) = self.bucket.as_ref().filter(|bucket| !buckets.contains(bucket)) {
            return Some(format!("bucket: `{bucket}` is not among `buckets`"));
        }
        let is_id = |id: &str| id.len() == 10 && id.chars().all(|c| c.is_ascii_alphanumeric());
        let wrong = [("id", &self.id), ("data_source", &self.data_source)].into_iter().find(|(_, id)| !is_id(id))?;
        Some(format!("{}: `{}` is to be 10 letters and digits", wrong.0, wrong.1))
    }
}

/// All of them, as they stand now.
pub(super) struct Bases(Mutex<Vec<State>>);

struct State {
    base: Base,
    documents: BTreeMap<String, Held>,
    /// When each was started; job n has the id `SIMJOB` and n in four digits.
    jobs: Vec<Instant>,
    count: usize,
    /// How often each document was taken in, by its id and the hash of what it says.
    taken: BTreeMap<(String, String), u64>,
    /// Requests that are the same when they come again.
    tokens: HashSet<String>,
}

struct Held {
    document: Document,
    /// When it was put in or taken out; those of the script have no such time.
    changed: Option<Instant>,
    leaving: bool,
    /// How often it was taken in.
    times: u64,
}

impl Bases {
    pub(super) fn new(bases: &[Base]) -> Self {
        let held = |document: &Document| Held { document: document.clone(), changed: None, leaving: false, times: 0 };
        let state = |base: &Base| State {
            base: base.clone(),
            documents: base.documents.iter().map(|document| (document.id.clone(), held(document))).collect(),
            jobs: Vec::new(),
            count: base.documents.len(),
            taken: BTreeMap::new(),
            tokens: HashSet::new(),
        };
        Self(Mutex::new(bases.iter().map(state).collect()))
    }

    /// What the service answers.
    ///
    /// # Errors
    /// What it refuses.
    pub(super) fn answer(&self, asked: &Asked, buckets: &Buckets) -> Result<Json, Refusal> {
        let mut bases = self.bases();
        let base = bases.iter_mut().find(|state| state.base.id == asked.model);
        let unknown = |what: String| Refusal::new("ResourceNotFoundException", &what);
        let base = base.ok_or_else(|| unknown(format!("Knowledge Base with id {} does not exist", asked.model)))?;
        if asked.operation == Operation::Retrieve {
            return base.retrieve(asked);
        }
        match asked.operation {
            Operation::GetKnowledgeBase => return Ok(base.described()),
            Operation::ListDataSources => return Ok(json!({"dataSourceSummaries": [base.source()]})),
            _ => {}
        }
        if base.base.data_source != asked.part {
            return Err(unknown(format!("DataSource with id {} does not exist", asked.part)));
        }
        base.sweep();
        match asked.operation {
            Operation::IngestKnowledgeBaseDocuments => base.ingest(&asked.body),
            Operation::GetKnowledgeBaseDocuments => base.get(&asked.body),
            Operation::DeleteKnowledgeBaseDocuments => base.delete(&asked.body),
            Operation::ListKnowledgeBaseDocuments => base.list(&asked.body),
            Operation::StartIngestionJob => base.start(&asked.body, buckets),
            Operation::GetDataSource => Ok(json!({"dataSource": base.source()})),
            _ => base.job(&asked.job),
        }
    }

    /// The passages found for a query; nothing of a base that is not there.
    pub(super) fn found(&self, id: &str, query: &str, search: &Json) -> Result<Vec<Json>, Refusal> {
        let bases = self.bases();
        let Some(state) = bases.iter().find(|state| state.base.id == id) else { return Ok(Vec::new()) };
        state.found(query, search)
    }

    /// `taken`: how often each document was taken in (base, id, hash of text and metadata, times); `held`: what there is
    /// now (base, id, hash, status).
    pub(super) fn told(&self) -> Json {
        let bases = self.bases();
        let taken = |state: &State| {
            let all = state.taken.iter();
            all.map(|((id, hash), times)| json!([state.base.id, id, hash, times])).collect::<Vec<_>>()
        };
        let held = |state: &State| {
            let one = |held: &Held| json!([state.base.id, held.document.id, said(&held.document), state.status(held)]);
            state.documents.values().map(one).collect::<Vec<_>>()
        };
        json!({
            "taken": bases.iter().flat_map(taken).collect::<Vec<_>>(),
            "held": bases.iter().flat_map(held).collect::<Vec<_>>(),
        })
    }

    fn bases(&self) -> MutexGuard<'_, Vec<State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn retrieve(&self, asked: &Asked) -> Result<Json, Refusal> {
        let search = asked.body.pointer("/retrievalConfiguration/vectorSearchConfiguration").unwrap_or(&Json::Null);
        let found = self.found(&asked.text, search)?;
        let wanted = search["numberOfResults"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(5);
        let (page, token) = page(&found, wanted.min(self.base.page.unwrap_or(wanted)), &asked.body["nextToken"])?;
        // There is a next page as long as fewer were given than are wanted.
        let given = token.unwrap_or(found.len());
        let mut body = json!({"retrievalResults": page});
        if given < found.len().min(wanted) {
            body["nextToken"] = given.to_string().into();
        }
        Ok(body)
    }

    fn found(&self, query: &str, search: &Json) -> Result<Vec<Json>, Refusal> {
        let mut found = Vec::new();
        for held in self.documents.values() {
            let Document { id, text, metadata } = &held.document;
            let met = search.get("filter").map_or(Ok(true), |filter| meets(filter, metadata))?;
            if met && self.status(held) == "INDEXED" {
                found.push((likeness(query, text), id, text, metadata));
            }
        }
        found.sort_by(|one, other| other.0.total_cmp(&one.0));
        let passage = |(score, id, text, metadata): (f64, &String, &String, &Map<String, Json>)| {
            let mut metadata = metadata.clone();
            metadata.insert("x-amz-bedrock-kb-chunk-id".to_owned(), format!("sim-{id}").into());
            metadata.insert("x-amz-bedrock-kb-data-source-id".to_owned(), self.base.data_source.clone().into());
            let location = match self.base.bucket {
                None => json!({"type": "CUSTOM", "customDocumentLocation": {"id": id}}),
                Some(_) => json!({"type": "S3", "s3Location": {"uri": id}}),
            };
            json!({
                "content": {"type": "TEXT", "text": text},
                "location": location,
                "score": score,
                "metadata": metadata,
            })
        };
        Ok(found.into_iter().map(passage).collect())
    }

    fn described(&self) -> Json {
        let mut model = json!({"embeddingModelArn": self.base.embedding_model});
        if let Some(dimensions) = self.base.dimensions {
            model["embeddingModelConfiguration"] =
                json!({"bedrockEmbeddingModelConfiguration": {"dimensions": dimensions}});
        }
        json!({"knowledgeBase": {
            "knowledgeBaseId": self.base.id, "name": "sim", "knowledgeBaseArn": format!("arn:aws:bedrock:sim::knowledge-base/{}", self.base.id),
            "roleArn": "arn:aws:iam::000000000000:role/sim", "status": "ACTIVE", "createdAt": THEN, "updatedAt": THEN,
            "knowledgeBaseConfiguration": {"type": "VECTOR", "vectorKnowledgeBaseConfiguration": model},
        }})
    }

    fn source(&self) -> Json {
        let of = match &self.base.bucket {
            None => json!({"type": "CUSTOM"}),
            Some(bucket) => json!({"type": "S3", "s3Configuration": {"bucketArn": format!("arn:aws:s3:::{bucket}")}}),
        };
        json!({
            "knowledgeBaseId": self.base.id, "dataSourceId": self.base.data_source, "name": "sim", "status": "AVAILABLE",
            "createdAt": THEN, "updatedAt": THEN, "dataSourceConfiguration": of,
        })
    }

    fn ingest(&mut self, body: &Json) -> Result<Json, Refusal> {
        if self.base.bucket.is_some() {
            return Err(invalid("this data source of the stand-in takes its documents from S3, by a job"));
        }
        let documents = list(body, "/documents");
        few(documents)?;
        let read: Vec<Document> = documents.iter().map(document).collect::<Result<_, _>>()?;
        let details: Vec<Json> = read.iter().map(|document| self.detail(&document.id, "STARTING")).collect();
        if self.is_new(body)? {
            read.into_iter().for_each(|document| self.take(document));
        }
        self.count = self.documents.len();
        Ok(json!({"documentDetails": details}))
    }

    fn take(&mut self, document: Document) {
        *self.taken.entry((document.id.clone(), said(&document))).or_default() += 1;
        let before = self.documents.get(&document.id).map_or(0, |held| held.times);
        let held = Held { changed: Some(Instant::now()), leaving: false, times: before + 1, document };
        self.documents.insert(held.document.id.clone(), held);
    }

    /// Whether a request was not there before, as its token tells.
    fn is_new(&mut self, body: &Json) -> Result<bool, Refusal> {
        match body["clientToken"].as_str() {
            None => Ok(true),
            Some(token) if (33..=256).contains(&token.chars().count()) => Ok(self.tokens.insert(token.to_owned())),
            Some(_) => Err(invalid("Value at 'clientToken' failed to satisfy constraint: 33 to 256 characters")),
        }
    }

    fn get(&self, body: &Json) -> Result<Json, Refusal> {
        let status = |id: &String| self.documents.get(id).map_or("NOT_FOUND", |held| self.status(held));
        let details: Vec<_> = identifiers(body)?.iter().map(|id| self.detail(id, status(id))).collect();
        Ok(json!({"documentDetails": details}))
    }

    fn delete(&mut self, body: &Json) -> Result<Json, Refusal> {
        let ids = identifiers(body)?;
        for id in &ids {
            if let Some(held) = self.documents.get_mut(id) {
                (held.changed, held.leaving) = (Some(Instant::now()), true);
            }
        }
        let details: Vec<_> = ids.iter().map(|id| self.detail(id, "DELETING")).collect();
        Ok(json!({"documentDetails": details}))
    }

    fn list(&self, body: &Json) -> Result<Json, Refusal> {
        let all: Vec<_> = self.documents.iter().map(|(id, held)| self.detail(id, self.status(held))).collect();
        let size = body["maxResults"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(100);
        let (page, token) = page(&all, size, &body["nextToken"])?;
        let mut body = json!({"documentDetails": page});
        if let Some(token) = token {
            body["nextToken"] = token.to_string().into();
        }
        Ok(body)
    }

    fn start(&mut self, body: &Json, buckets: &Buckets) -> Result<Json, Refusal> {
        if !self.is_new(body)? && !self.jobs.is_empty() {
            return Ok(json!({"ingestionJob": self.job_detail(self.jobs.len(), "STARTING")}));
        }
        if self.jobs.last().is_some_and(|started| !self.is_done(*started)) {
            return Err(Refusal::new("ConflictException", "An ingestion job of this data source is in progress."));
        }
        if let Some(bucket) = self.base.bucket.clone() {
            self.read(buckets.documents(&bucket));
        }
        self.jobs.push(Instant::now());
        Ok(json!({"ingestionJob": self.job_detail(self.jobs.len(), "STARTING")}))
    }

    /// What is new or changed is taken in, what is gone leaves.
    fn read(&mut self, found: Vec<Document>) {
        let ids: HashSet<&String> = found.iter().map(|document| &document.id).collect();
        for (id, held) in &mut self.documents {
            if !ids.contains(id) && !held.leaving {
                (held.changed, held.leaving) = (Some(Instant::now()), true);
            }
        }
        for document in found {
            let held = self.documents.get(&document.id);
            let known =
                held.is_some_and(|held| held.document == document && !held.leaving && self.status(held) == "INDEXED");
            if !known {
                self.take(document);
            }
        }
        self.count = self.documents.len();
    }

    fn job(&self, id: &str) -> Result<Json, Refusal> {
        let number = id.strip_prefix("SIMJOB").and_then(|number| number.parse::<usize>().ok()).unwrap_or(0);
        let Some(started) = number.checked_sub(1).and_then(|place| self.jobs.get(place)) else {
            return Err(Refusal::new("ResourceNotFoundException", &format!("IngestionJob {id} does not exist")));
        };
        let status = if self.is_done(*started) { "COMPLETE" } else { "IN_PROGRESS" };
        Ok(json!({"ingestionJob": self.job_detail(number, status)}))
    }

    fn job_detail(&self, number: usize, status: &str) -> Json {
        let failed: Vec<&String> =
            self.documents.iter().filter(|(_, held)| self.status(held) == "FAILED").map(|(id, _)| id).collect();
        let failed = if status == "COMPLETE" { failed } else { Vec::new() };
        let reasons: Vec<String> =
            failed.iter().map(|id| format!("Encountered error: {id} cannot be indexed.")).collect();
        json!({
            "ingestionJobId": format!("SIMJOB{number:04}"), "knowledgeBaseId": self.base.id,
            "dataSourceId": self.base.data_source, "status": status, "startedAt": THEN, "updatedAt": THEN,
            "failureReasons": reasons,
            "statistics": {"numberOfDocumentsScanned": self.count, "numberOfDocumentsFailed": failed.len()},
        })
    }

    fn detail(&self, id: &str, status: &str) -> Json {
        let reason = match status {
            "FAILED" | "PARTIALLY_INDEXED" | "IGNORED" => "The script has it so.",
            _ => "",
        };
        let identifier = match self.base.bucket {
            None => json!({"dataSourceType": "CUSTOM", "custom": {"id": id}}),
            Some(_) => json!({"dataSourceType": "S3", "s3": {"uri": id}}),
        };
        json!({
            "knowledgeBaseId": self.base.id, "dataSourceId": self.base.data_source, "status": status,
            "identifier": identifier, "statusReason": reason, "updatedAt": THEN,
        })
    }

    /// A change goes through its states, each a third of the time.
    fn status(&self, held: &Held) -> &'static str {
        let Base { index_ms, failing, failing_once, partly, ignored, .. } = &self.base;
        let gone = held.changed.map_or(Duration::MAX, |changed| changed.elapsed()).as_millis();
        let third = u128::from(*index_ms) / 3;
        let named = |ids: &[String]| ids.iter().any(|id| held.document.id.ends_with(id.as_str()));
        match (held.leaving, gone) {
            (true, gone) if gone < third => "DELETING",
            (true, _) => "DELETE_IN_PROGRESS",
            (false, gone) if gone < third => "STARTING",
            (false, gone) if gone < 2 * third => "PENDING",
            (false, gone) if gone < u128::from(*index_ms) => "IN_PROGRESS",
            _ if held.changed.is_none() => "INDEXED",
            _ if named(failing) || (held.times == 1 && named(failing_once)) => "FAILED",
            _ if named(partly) => "PARTIALLY_INDEXED",
            _ if named(ignored) => "IGNORED",
            _ => "INDEXED",
        }
    }

    fn is_done(&self, since: Instant) -> bool {
        since.elapsed() >= Duration::from_millis(self.base.index_ms)
    }

    /// Those that were taken out long enough ago are gone.
    fn sweep(&mut self) {
        let after = Duration::from_millis(self.base.index_ms);
        self.documents.retain(|_, held| !held.leaving || held.changed.is_some_and(|since| since.elapsed() < after));
    }
}

/// A hash of what a document says.
fn said(document: &Document) -> String {
    let text = json!([document.text, document.metadata]).to_string();
    hex::encode(Sha256::digest(text)).chars().take(16).collect()
}

fn model() -> String {
    "arn:aws:bedrock:sim::foundation-model/amazon.titan-embed-text-v2:0".to_owned()
}

/// The stand-in has no clock.
const THEN: &str = "2026-01-01T00:00:00Z";

/// From the token on, and the token of the next page.
pub(super) fn page<'a>(all: &'a [Json], size: usize, token: &Json) -> Result<(&'a [Json], Option<usize>), Refusal> {
    let from = match token.as_str() {
        None => 0,
        Some(token) => {
            token.parse().ok().filter(|from| *from <= all.len()).ok_or_else(|| invalid("nextToken is not valid"))?
        }
    };
    let to = from.saturating_add(size.max(1)).min(all.len());
    Ok((&all[from..to], (to < all.len()).then_some(to)))
}
