//! Sending: documents in requests of some at a time, several requests at once, each remembered before it goes out.

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{Fate, PIECE, Run, Sync, SyncError, target::is_passing};
use crate::{
    bedrock::{DOCUMENTS, Document, DocumentState as Seen, Told},
    index::document::hash,
    model::ModelError,
    store::{Begun, Candidate, DocumentState, Due, EventPlace, Hash, Remembered, Span, Which},
};

/// A document and what is remembered of it.
pub(super) struct Letter {
    row: Begun,
    document: Document,
    batch: Option<String>,
}

/// How often a request is sent whose fate is not known; by its token it is one.
const TRIES: u32 = 5;

impl Sync {
    pub(super) async fn send_all(&self, which: Which, span: &Span, run: &mut Run<'_>) -> Result<(), SyncError> {
        let mut after: Option<EventPlace> = None;
        loop {
            let due = self.documents.due(which, span, after, PIECE).await?;
            let Some(last) = due.last() else { return Ok(()) };
            after = Some(last.event.place());
            let mut letters = Vec::new();
            let mut unchanged = Vec::new();
            for one in &due {
                let (letter, fate) = self.fate(one);
                match fate {
                    Fate::New => run.report.new += 1,
                    Fate::Changed => run.report.changed += 1,
                    Fate::Again => run.report.again += 1,
                    Fate::Unchanged => run.report.unchanged += 1,
                }
                match fate {
                    Fate::Unchanged => unchanged.push((remembered(&letter.row), letter.row.seen)),
                    _ => letters.push(letter),
                }
            }
            self.documents.unchanged(&unchanged).await?;
            let looked = due.len() as u64;
            let mut sent = stream::iter(requests(letters))
                .map(|(letters, token)| async move { self.send(&letters, &token).await.map(|()| letters.len()) })
                .buffer_unordered(self.pace.concurrency.max(1));
            while let Some(count) = sent.try_next().await? {
                run.progress.sent += count as u64;
                run.tell();
            }
            if which == Which::Stale {
                run.progress.looked += looked;
            }
            run.tell();
        }
    }

    /// The document of an event, and what is to be done with it.
    pub(super) fn fate(&self, due: &Due) -> (Letter, Fate) {
        let event = &due.event;
        let text = self.template.text(event);
        let metadata = metadata(event);
        let hash: Hash = hash(&format!("{text}\n{}", Json::Object(metadata.clone())));
        let row = Begun { event_id: event.id, video_id: event.video_id, seen: event.seen, hash };
        let fate = Fate::of(due, hash);
        // What is sent again as it was is the same request.
        let batch = due.batch.clone().filter(|_| fate == Fate::Again && due.state == Some(DocumentState::Sending));
        let document = Document { id: self.target.id(remembered(&row)), text, metadata };
        (Letter { row, document, batch }, fate)
    }

    async fn send(&self, letters: &[Letter], token: &str) -> Result<(), SyncError> {
        let rows: Vec<Begun> = letters.iter().map(|letter| letter.row).collect();
        self.documents.begin(&rows, token).await?;
        let documents: Vec<Document> = letters.iter().map(|letter| letter.document.clone()).collect();
        let told = self.persist(|| self.target.put(&documents, token, self.pace.limit)).await?;
        let failed: BTreeMap<&str, &Told> =
            told.iter().filter(|told| told.state == Seen::Failed).map(|told| (told.id.as_str(), told)).collect();
        let noted: Vec<_> = letters
            .iter()
            .map(|letter| match failed.get(letter.document.id.as_str()) {
                Some(told) => (remembered(&letter.row), DocumentState::Failed, Some(told.says.clone())),
                None => (remembered(&letter.row), DocumentState::Sent, None),
            })
            .collect();
        self.documents.note(&noted).await?;
        Ok(())
    }

    /// Documents of events that are gone.
    pub(super) async fn take_out(&self, gone: &[Remembered]) -> Result<(), SyncError> {
        let requests = stream::iter(gone.chunks(DOCUMENTS));
        let mut done = requests
            .map(|some| async move {
                let leaving: Vec<_> = some.iter().map(|one| (*one, DocumentState::Leaving, None)).collect();
                self.documents.note(&leaving).await?;
                let ids: Vec<String> = some.iter().map(|one| self.target.id(*one)).collect();
                let token = fresh(some.len());
                self.persist(|| self.target.remove(&ids, &token, self.pace.limit)).await?;
                Ok::<(), SyncError>(())
            })
            .buffer_unordered(self.pace.concurrency.max(1));
        while done.try_next().await?.is_some() {}
        Ok(())
    }

    /// The same request again where nobody knows whether it arrived, and a little later each time.
    pub(super) async fn persist<T, F: Future<Output = Result<T, ModelError>>>(
        &self,
        request: impl Fn() -> F,
    ) -> Result<T, ModelError> {
        let mut tries = 0;
        loop {
            match request().await {
                Err(error) if tries + 1 < TRIES && is_passing(&error) => {
                    tracing::warn!(%error, "a request is sent again");
                    tokio::time::sleep(self.pace.look * 2_u32.pow(tries)).await;
                    tries += 1;
                }
                ended => return ended,
            }
        }
    }
}

/// Those that were in one request are again, if all of them still say the same; the rest in new ones.
fn requests(letters: Vec<Letter>) -> Vec<(Vec<Letter>, String)> {
    let mut before: BTreeMap<String, Vec<Letter>> = BTreeMap::new();
    let mut rest = Vec::new();
    for letter in letters {
        match letter.batch.clone() {
            Some(batch) => before.entry(batch).or_default().push(letter),
            None => rest.push(letter),
        }
    }
    let mut requests = Vec::new();
    for (token, letters) in before {
        match token.rsplit('-').next().and_then(|size| size.parse().ok()) == Some(letters.len()) {
            true => requests.push((letters, token)),
            false => rest.extend(letters),
        }
    }
    let mut rest = rest.into_iter().peekable();
    while rest.peek().is_some() {
        let some: Vec<Letter> = rest.by_ref().take(DOCUMENTS).collect();
        let token = fresh(some.len());
        requests.push((some, token));
    }
    requests
}

/// A token that nothing had before, with the size of its request behind it.
fn fresh(size: usize) -> String {
    format!("{}-{size}", Uuid::new_v4())
}

fn remembered(row: &Begun) -> Remembered {
    Remembered { video_id: row.video_id, event_id: row.event_id }
}

/// What a retrieval may ask for.
fn metadata(event: &Candidate) -> Map<String, Json> {
    let mut all = Map::new();
    all.insert("event_id".to_owned(), event.id.into());
    all.insert("video_id".to_owned(), event.video_id.into());
    all.insert("timestamp".to_owned(), event.timestamp.into());
    all.insert("event_type".to_owned(), event.event_type.clone().into());
    let known = [("area", &event.area), ("gender", &event.gender)];
    for (key, value) in known {
        all.extend(value.clone().map(|value| (key.to_owned(), value.into())));
    }
    all.extend(event.age.map(|age| ("age".to_owned(), age.into())));
    all
}
