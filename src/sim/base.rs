//! Knowledge bases of the stand-in: documents that are put in, indexed a while later, found, and taken out again.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use tokio::time::Instant;

use super::{
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
    /// Ids of documents whose indexing fails.
    #[serde(default)]
    pub failing: Vec<String>,
    /// Those that are indexed from the start.
    #[serde(default)]
    pub documents: Vec<Document>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub metadata: Map<String, Json>,
}

impl Base {
    pub(super) fn problem(&self) -> Option<String> {
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
}

struct Held {
    document: Document,
    /// When it was put in or taken out; those of the script have no such time.
    changed: Option<Instant>,
    leaving: bool,
}

impl Bases {
    pub(super) fn new(bases: &[Base]) -> Self {
        let held = |document: &Document| Held { document: document.clone(), changed: None, leaving: false };
        let state = |base: &Base| State {
            base: base.clone(),
            documents: base.documents.iter().map(|document| (document.id.clone(), held(document))).collect(),
            jobs: Vec::new(),
            count: base.documents.len(),
        };
        Self(Mutex::new(bases.iter().map(state).collect()))
    }

    /// What the service answers.
    ///
    /// # Errors
    /// What it refuses.
    pub(super) fn answer(&self, asked: &Asked) -> Result<Json, Refusal> {
        let mut bases = self.bases();
        let base = bases.iter_mut().find(|state| state.base.id == asked.model);
        let unknown = |what: String| Refusal::new("ResourceNotFoundException", &what);
        let base = base.ok_or_else(|| unknown(format!("Knowledge Base with id {} does not exist", asked.model)))?;
        if asked.operation == Operation::Retrieve {
            return base.retrieve(asked);
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
            Operation::StartIngestionJob => base.start(),
            _ => base.job(&asked.job),
        }
    }

    /// The passages found for a query; nothing of a base that is not there.
    pub(super) fn found(&self, id: &str, query: &str, search: &Json) -> Result<Vec<Json>, Refusal> {
        let bases = self.bases();
        let Some(state) = bases.iter().find(|state| state.base.id == id) else { return Ok(Vec::new()) };
        state.found(query, search)
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
            json!({
                "content": {"type": "TEXT", "text": text},
                "location": {"type": "CUSTOM", "customDocumentLocation": {"id": id}},
                "score": score,
                "metadata": metadata,
            })
        };
        Ok(found.into_iter().map(passage).collect())
    }

    fn ingest(&mut self, body: &Json) -> Result<Json, Refusal> {
        let documents = list(body, "/documents");
        few(documents)?;
        let read: Vec<Document> = documents.iter().map(document).collect::<Result<_, _>>()?;
        let mut details = Vec::new();
        for document in read {
            details.push(self.detail(&document.id, "STARTING"));
            let held = Held { changed: Some(Instant::now()), leaving: false, document: document.clone() };
            self.documents.insert(document.id, held);
        }
        self.count = self.documents.len();
        Ok(json!({"documentDetails": details}))
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

    fn start(&mut self) -> Result<Json, Refusal> {
        if self.jobs.last().is_some_and(|started| !self.is_done(*started)) {
            return Err(Refusal::new("ConflictException", "An ingestion job of this data source is in progress."));
        }
        self.jobs.push(Instant::now());
        Ok(json!({"ingestionJob": self.job_detail(self.jobs.len(), "STARTING")}))
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
        json!({
            "ingestionJobId": format!("SIMJOB{number:04}"), "knowledgeBaseId": self.base.id,
            "dataSourceId": self.base.data_source, "status": status, "startedAt": THEN, "updatedAt": THEN,
            "failureReasons": [],
            "statistics": {"numberOfDocumentsScanned": self.count, "numberOfDocumentsFailed": 0},
        })
    }

    fn detail(&self, id: &str, status: &str) -> Json {
        let reason = if status == "FAILED" { "The script has it fail." } else { "" };
        json!({
            "knowledgeBaseId": self.base.id, "dataSourceId": self.base.data_source, "status": status,
            "identifier": {"dataSourceType": "CUSTOM", "custom": {"id": id}}, "statusReason": reason, "updatedAt": THEN,
        })
    }

    fn status(&self, held: &Held) -> &'static str {
        let done = held.changed.is_none_or(|changed| self.is_done(changed));
        match (held.leaving, done) {
            (true, _) => "DELETING",
            (false, false) => "PENDING",
            (false, true) if held.changed.is_some() && self.base.failing.contains(&held.document.id) => "FAILED",
            (false, true) => "INDEXED",
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

fn few(given: &[Json]) -> Result<(), Refusal> {
    let fits = (1..=10).contains(&given.len());
    if fits { Ok(()) } else { Err(invalid("Member must have length between 1 and 10, inclusive")) }
}

fn identifiers(body: &Json) -> Result<Vec<String>, Refusal> {
    let given = list(body, "/documentIdentifiers");
    few(given)?;
    let id = |one: &Json| one.pointer("/custom/id").and_then(Json::as_str).map(str::to_owned);
    given.iter().map(|one| id(one).ok_or_else(|| invalid("an identifier of this stand-in is CUSTOM"))).collect()
}

fn document(given: &Json) -> Result<Document, Refusal> {
    let text = |pointer: &str| given.pointer(pointer).and_then(Json::as_str);
    let id = text("/content/custom/customDocumentIdentifier/id");
    let id = id.filter(|id| !id.is_empty()).ok_or_else(|| invalid("a document of this stand-in has a custom id"))?;
    let data = text("/content/custom/inlineContent/textContent/data");
    let data =
        data.filter(|data| !data.is_empty()).ok_or_else(|| invalid("a document of this stand-in is inline text"))?;
    let attributes = list(given, "/metadata/inlineAttributes");
    if attributes.len() > 50 {
        return Err(invalid("a document has at most 50 attributes"));
    }
    let metadata = attributes.iter().map(attribute).collect::<Result<_, _>>()?;
    Ok(Document { id: id.to_owned(), text: data.to_owned(), metadata })
}

fn attribute(given: &Json) -> Result<(String, Json), Refusal> {
    let value = &given["value"];
    let field = match value["type"].as_str().unwrap_or_default() {
        "STRING" => "stringValue",
        "NUMBER" => "numberValue",
        "BOOLEAN" => "booleanValue",
        "STRING_LIST" => "stringListValue",
        other => return Err(invalid(&format!("`{other}` is no type of an attribute"))),
    };
    match (given["key"].as_str(), value.get(field)) {
        (Some(key), Some(value)) if (1..=200).contains(&key.chars().count()) => Ok((key.to_owned(), value.clone())),
        _ => Err(invalid(&format!("an attribute has a key of 1 to 200 characters and its {field}"))),
    }
}
