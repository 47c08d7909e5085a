//! Brings the documents of a knowledge base up to date: sends what is new or changed, takes out what is gone, and follows
//! both until they are done.
//!
//! What is sent is remembered before it is sent, with the token of its request: a run that follows a killed one sends the
//! same requests again under the same tokens, which the service takes for one.

mod follow;
mod send;
mod target;

use std::{collections::BTreeMap, time::Duration};

pub use self::target::Target;
use super::document::Template;
use crate::{
    model::ModelError,
    store::{DocumentState, Documents, Due, EventPlace, Remembered, Span, StoreError, Which},
};

/// Makes and keeps the documents of one data source.
pub struct Sync {
    pub documents: Documents,
    pub target: Target,
    /// How documents are written.
    pub template: Template,
    pub pace: Pace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Requests at a time.
    pub concurrency: usize,
    /// Of one request, those that the SDK makes again included.
    pub limit: Duration,
    /// Between two looks, at first; up to ten times of it later.
    pub look: Duration,
    /// How long nothing may happen to what is being indexed before it is left to the next run.
    pub patience: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            concurrency: 4,
            limit: Duration::from_secs(180),
            look: Duration::from_secs(1),
            patience: Duration::from_secs(1800),
        }
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Events that are to be looked at, and that were.
    pub total: u64,
    pub looked: u64,
    /// Documents that were sent, and that became indexed or failed.
    pub sent: u64,
    pub indexed: u64,
    pub failed: u64,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    pub new: u64,
    pub changed: u64,
    /// Sent again, because it failed or was interrupted.
    pub again: u64,
    pub unchanged: u64,
    pub removed: u64,
    pub indexed: u64,
    /// Of the whole data source, by the service's reason: how many, and the first of them.
    pub failed: BTreeMap<String, (u64, Remembered)>,
    /// What a job of the data source says of itself.
    pub job: Vec<String>,
}

/// What would be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Forecast {
    pub new: u64,
    pub changed: u64,
    pub again: u64,
    pub removed: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error("another process is sending to this data source; wait until it is done")]
    Taken,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}; what was sent so far is remembered, and the next run goes on there")]
    Model(#[from] ModelError),
    #[error(
        "{waiting} documents are not indexed yet, and nothing has happened to them for {} s: the next run follows them on",
        patience.as_secs()
    )]
    Slow { waiting: usize, patience: Duration },
    #[error("the job {id} of the data source failed: {}", reasons.join("; "))]
    Job { id: String, reasons: Vec<String> },
}

/// Events that are read at a time.
const PIECE: i64 = 500;
/// How long another process may take to leave.
const LOCK: Duration = Duration::from_secs(5);

impl Sync {
    /// # Errors
    /// What ends the run. A document that the service does not index is no error: it stands in the report.
    pub async fn run(
        &self,
        videos: Option<&[i64]>,
        progress: impl Fn(Progress) + Send + std::marker::Sync,
    ) -> Result<Report, SyncError> {
        let _sending = self.documents.lock(LOCK).await?.ok_or(SyncError::Taken)?;
        let mut run = Run { report: Report::default(), progress: Progress::default(), told: &progress };
        for video in spans(videos) {
            run.progress.total += self.documents.waiting(&self.span(video)).await?;
        }
        run.tell();
        for which in [Which::Interrupted, Which::Stale] {
            for video in spans(videos) {
                self.send_all(which, &self.span(video), &mut run).await?;
            }
        }
        let gone = self.documents.gone(videos).await?;
        run.report.removed = gone.len() as u64;
        self.take_out(&gone).await?;
        self.follow(&mut run).await?;
        for (one, reason) in self.documents.in_state(DocumentState::Failed).await? {
            let reason = reason.unwrap_or_else(|| "no reason was given".to_owned());
            run.report.failed.entry(reason).or_insert((0, one)).0 += 1;
        }
        run.report.indexed = run.progress.indexed;
        Ok(run.report)
    }

    /// What [`Self::run`] would do. Nobody is asked.
    ///
    /// # Errors
    /// Of the database alone.
    pub async fn forecast(&self, videos: Option<&[i64]>) -> Result<Forecast, SyncError> {
        let mut forecast = Forecast { removed: self.documents.gone(videos).await?.len() as u64, ..Forecast::default() };
        for video in spans(videos) {
            let span = self.span(video);
            let mut after: Option<EventPlace> = None;
            loop {
                let due = self.documents.due(Which::Stale, &span, after, PIECE).await?;
                let Some(last) = due.last() else { break };
                after = Some(last.event.place());
                for one in &due {
                    match self.fate(one).1 {
                        Fate::New => forecast.new += 1,
                        Fate::Changed => forecast.changed += 1,
                        Fate::Again => forecast.again += 1,
                        Fate::Unchanged => {}
                    }
                }
            }
        }
        Ok(forecast)
    }

    fn span(&self, video: Option<i64>) -> Span {
        Span { video, window: self.template.window }
    }
}

/// What is to be done with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    New,
    Changed,
    /// As it was sent before, and not known to be well.
    Again,
    Unchanged,
}

struct Run<'a> {
    report: Report,
    progress: Progress,
    told: &'a (dyn Fn(Progress) + Send + std::marker::Sync),
}

impl Run<'_> {
    fn tell(&self) {
        (self.told)(self.progress);
    }
}

impl Fate {
    fn of(due: &Due, hash: crate::store::Hash) -> Self {
        match (due.state, due.event.hash) {
            (None, _) => Self::New,
            (_, Some(before)) if before != hash => Self::Changed,
            (Some(DocumentState::Sent | DocumentState::Indexed), _) => Self::Unchanged,
            (Some(_), _) => Self::Again,
        }
    }
}

fn spans(videos: Option<&[i64]>) -> Vec<Option<i64>> {
    match videos {
        None => vec![None],
        Some(videos) => videos.iter().copied().map(Some).collect(),
    }
}
