//! Brings a version of the index up to date: reads what is stale, embeds it, writes it, piece by piece.
//!
//! A piece is written in one transaction, so a process that is killed has lost at most the piece it was at. Reading,
//! embedding and writing of three pieces overlap where embedding is free; where it is paid, a piece is written before
//! the next one is embedded.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::sync::mpsc;

use super::{document::Template, stale::Piece};
use crate::{
    model::{Embedder, ModelError, Purpose, Vector},
    store::{Built, Candidate, EventPlace as Place, Hash, Indexed, Span, StoreError, VectorError, Vectors, Version},
};

/// Makes and keeps an index.
#[derive(Clone)]
pub struct Indexer {
    pub vectors: Vectors,
    pub embedder: Arc<dyn Embedder>,
    pub template: Template,
    /// Whether embedding costs money: then nothing is embedded that is known.
    pub paid: bool,
    /// For one piece.
    pub limit: Duration,
}

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// `None` is all of them.
    pub videos: Option<Vec<i64>>,
    /// Everything again, beside what is there, which is replaced when the new one is whole.
    pub rebuild: bool,
    /// Search this version from then on. The first one is searched in any case.
    pub switch: bool,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Events that are to be looked at, and that were.
    pub total: u64,
    pub done: u64,
    /// Billed.
    pub tokens: u64,
    /// Percent of the approximate index, once all vectors are written.
    pub graph: Option<u8>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub version: Version,
    /// Written, of new events and of changed ones.
    pub new: u64,
    pub changed: u64,
    /// Looked at, and as before.
    pub unchanged: u64,
    /// Vectors of events that are gone.
    pub removed: u64,
    /// Documents that were embedded; the others said the same as one that was.
    pub embedded: u64,
    /// Written without a vector, because the model has nothing to say of them.
    pub silent: u64,
    /// Billed.
    pub tokens: u64,
    pub built: Built,
    /// Whether this version is searched now, and was not before.
    pub switched: bool,
}

/// What would be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Forecast {
    pub new: u64,
    pub changed: u64,
    pub removed: u64,
    /// Documents that would be embedded: each text once within a piece of events.
    pub documents: u64,
    /// About how many tokens: one for four letters of ASCII, one for any other character.
    pub tokens: u64,
}

/// Why it is not up to date. What was written stays; the next run goes on there.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error(transparent)]
    Vectors(#[from] VectorError),
    #[error("{0}; what was embedded so far is kept, and the next run goes on there")]
    Model(#[from] ModelError),
}

/// Events of a piece: large enough to be quick, small enough to be lost.
const PIECE: i64 = 8_192;
const PAID_PIECE: i64 = 256;
/// What is paid is written before more is: a failure loses no more than this.
const PAID_BATCH: usize = 64;

impl Indexer {
    /// Brings the version of this embedder up to date.
    ///
    /// # Errors
    /// [`VectorError::Taken`] while another process does the same.
    pub async fn run(&self, plan: &Plan, progress: impl Fn(Progress) + Send + Sync) -> Result<Report, IndexError> {
        let version = self.vectors.open(self.embedder.space(), &self.template.hash(), plan.rebuild).await?;
        let writing = self.vectors.lock(&version).await?;
        if self.paid {
            self.vectors.remember_documents(&version).await?;
        }
        let removed = self.vectors.prune(&version, plan.videos.as_deref()).await?;
        // Behind it nothing has a vector, and nobody else writes one: no need to look.
        let highest = self.vectors.highest(&version).await?;
        let (mut total, mut videos) = (0, Vec::new());
        for video in spans(plan) {
            let known = highest.is_some_and(|highest| video.is_none_or(|video| video <= highest));
            let waiting = self.vectors.waiting(known.then_some(&version), &self.span(video)).await?;
            total += waiting;
            videos.extend((waiting > 0).then_some(video));
        }
        let mut run = Run { tally: Tally::default(), progress: Progress { total, ..Progress::default() } };
        progress(run.progress);
        for video in videos {
            self.span_of(&version, video, highest, &mut run, &progress).await?;
        }
        let Run { tally, progress: done } = run;
        let graph = |share: f64| progress(Progress { graph: Some((100.0 * share) as u8), ..done });
        let built = self.vectors.settle(&version, tally.new + tally.changed, graph).await?;
        let first = self.vectors.served().await?.is_none();
        let switched = version.replaces.is_some() || (!version.served && (plan.switch || first));
        if switched {
            self.vectors.switch(&version).await?;
        }
        writing.done().await;
        let Tally { new, changed, unchanged, embedded, silent } = tally;
        let tokens = done.tokens;
        Ok(Report { version, new, changed, unchanged, removed, embedded, silent, tokens, built, switched })
    }

    /// What [`Self::run`] would do. Nothing is embedded or written.
    pub async fn forecast(&self, plan: &Plan) -> Result<Forecast, IndexError> {
        let found = self.vectors.find(self.embedder.space(), &self.template.hash(), plan.rebuild).await?;
        let version = found.as_ref();
        let mut forecast = Forecast::default();
        for video in spans(plan) {
            let (span, mut after) = (self.span(video), None);
            loop {
                let events = self.vectors.stale(version, &span, after, PIECE).await?;
                let Some(last) = events.last() else { break };
                after = Some(last.place());
                let piece = Piece::sort(self.template, &events);
                let changed = piece.rows.iter().filter(|row| row.replaces).count() as u64;
                forecast.changed += changed;
                forecast.new += piece.rows.len() as u64 - changed;
                forecast.documents += piece.texts.len() as u64;
                forecast.tokens += piece.texts.iter().map(|(_, text)| about_tokens(text)).sum::<u64>();
            }
        }
        if let Some(version) = version {
            forecast.removed = self.vectors.gone(version, plan.videos.as_deref()).await?;
        }
        Ok(forecast)
    }

    fn span(&self, video: Option<i64>) -> Span {
        Span { video, window: self.template.window }
    }

    async fn span_of(
        &self,
        version: &Version,
        video: Option<i64>,
        highest: Option<i64>,
        run: &mut Run,
        progress: &(impl Fn(Progress) + Send + Sync),
    ) -> Result<(), IndexError> {
        let span = self.span(video);
        let limit = if self.paid { PAID_PIECE } else { PIECE };
        let (read, mut waiting) = mpsc::channel::<Vec<Candidate>>(1);
        let (embedded, mut ready) = mpsc::channel::<Written>(1);

        let reading = async {
            // Moved in, so that the channel closes when the last piece was read.
            let read = read;
            let mut after = None;
            loop {
                let from = after.map_or(video, |place: Place| Some(place.video_id));
                let known = highest.is_some_and(|highest| from.is_none_or(|from| from <= highest));
                let events = self.vectors.stale(known.then_some(version), &span, after, limit).await?;
                let Some(last) = events.last() else { return Ok(()) };
                after = Some(last.place());
                if read.send(events).await.is_err() {
                    return Ok(());
                }
            }
        };
        let tally = &mut run.tally;
        let embedding = async {
            let embedded = embedded;
            while let Some(events) = waiting.recv().await {
                let batch = if self.paid { PAID_BATCH } else { events.len().max(1) };
                for events in events.chunks(batch) {
                    let mut piece = self.embed(version, events, tally).await?;
                    if self.paid {
                        self.write(version, &mut piece).await?;
                    }
                    if embedded.send(piece).await.is_err() {
                        return Ok(());
                    }
                }
            }
            Ok(())
        };
        let counts = &mut run.progress;
        let writing = async {
            while let Some(mut piece) = ready.recv().await {
                if !self.paid {
                    self.write(version, &mut piece).await?;
                }
                counts.done += piece.events;
                counts.tokens += piece.tokens;
                progress(*counts);
            }
            Ok::<(), IndexError>(())
        };
        tokio::try_join!(reading, embedding, writing)?;
        Ok(())
    }

    async fn embed(&self, version: &Version, events: &[Candidate], tally: &mut Tally) -> Result<Written, IndexError> {
        let mut piece = Piece::sort(self.template, events);
        let mut known: HashMap<Hash, Vector> = HashMap::new();
        if self.paid && !piece.texts.is_empty() {
            let hashes: Vec<Hash> = piece.texts.iter().map(|(hash, _)| *hash).collect();
            known = self.vectors.known(version, &hashes).await?;
        }
        let new = piece.texts.iter().filter(|(hash, _)| !known.contains_key(hash));
        let texts: Vec<&str> = new.map(|(_, text)| text.as_str()).collect();
        let mut tokens = 0;
        let mut made = Vec::new();
        if !texts.is_empty() {
            let embedded = self.embedder.embed(&texts, Purpose::Document, self.limit).await?;
            tokens = embedded.tokens;
            tally.embedded += texts.len() as u64;
            made = embedded.vectors;
        }
        let mut made = made.into_iter();
        let vectors =
            piece.texts.iter().map(|(hash, _)| known.remove(hash).unwrap_or_else(|| made.next().flatten())).collect();
        piece.fill(vectors);
        let Piece { rows, unchanged, .. } = piece;
        let changed = rows.iter().filter(|row| row.replaces).count() as u64;
        tally.changed += changed;
        tally.new += rows.len() as u64 - changed;
        tally.unchanged += unchanged.len() as u64;
        tally.silent += rows.iter().filter(|row| row.vector.is_none()).count() as u64;
        Ok(Written { rows, unchanged, events: events.len() as u64, tokens })
    }

    async fn write(&self, version: &Version, piece: &mut Written) -> Result<(), IndexError> {
        self.vectors.put(version, std::mem::take(&mut piece.rows), !self.paid).await?;
        self.vectors.unchanged(version, &piece.unchanged).await?;
        Ok(())
    }
}

/// A piece with its vectors.
struct Written {
    /// None of them once they are written.
    rows: Vec<Indexed>,
    unchanged: Vec<(i64, i64, i64)>,
    /// How many it is about.
    events: u64,
    tokens: u64,
}

struct Run {
    tally: Tally,
    progress: Progress,
}

#[derive(Default)]
struct Tally {
    new: u64,
    changed: u64,
    unchanged: u64,
    embedded: u64,
    silent: u64,
}

impl From<StoreError> for IndexError {
    fn from(error: StoreError) -> Self {
        Self::Vectors(error.into())
    }
}

/// One span for each video that was named, or one for all.
fn spans(plan: &Plan) -> Vec<Option<i64>> {
    match &plan.videos {
        None => vec![None],
        Some(videos) => {
            let mut videos = videos.clone();
            videos.sort_unstable();
            videos.dedup();
            videos.into_iter().map(Some).collect()
        }
    }
}

fn about_tokens(text: &str) -> u64 {
    let ascii = text.bytes().filter(u8::is_ascii).count() as u64;
    let other = text.chars().filter(|c| !c.is_ascii()).count() as u64;
    ascii.div_ceil(4) + other
}
