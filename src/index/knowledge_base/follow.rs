//! Following what was sent until it is indexed or has failed, and what was taken out until it is gone.

use std::collections::{BTreeMap, HashMap};

use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::time::Instant;
use uuid::Uuid;

use super::{Run, Sync, SyncError, target::Target};
use crate::{
    bedrock::{DOCUMENTS, DataSource, DocumentState as Seen, Ended, Job, Told},
    model::ModelError,
    store::{DocumentState, Remembered},
};

/// How often a document that was taken in may not be found: it is not seen everywhere at once.
const UNSEEN: u32 = 5;

impl Sync {
    pub(super) async fn follow(&self, run: &mut Run<'_>) -> Result<(), SyncError> {
        let ids = async |state| -> Result<Vec<Remembered>, SyncError> {
            Ok(self.documents.in_state(state).await?.into_iter().map(|(one, _)| one).collect())
        };
        let (sent, leaving) = (ids(DocumentState::Sent).await?, ids(DocumentState::Leaving).await?);
        if sent.is_empty() && leaving.is_empty() {
            return Ok(());
        }
        match &self.target {
            Target::Direct(_) => {
                self.follow_each(sent, false, run).await?;
                self.follow_each(leaving, true, run).await
            }
            Target::Bucket { source, .. } => self.follow_job(source, &sent, &leaving, run).await,
        }
    }

    /// Looks at each until it is decided; what is not is looked at again, a little later each time.
    async fn follow_each(
        &self,
        mut waiting: Vec<Remembered>,
        leaving: bool,
        run: &mut Run<'_>,
    ) -> Result<(), SyncError> {
        let (mut pause, mut since) = (self.pace.look, Instant::now());
        let mut unseen: HashMap<Remembered, u32> = HashMap::new();
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut looked = stream::iter(waiting.chunks(DOCUMENTS).map(<[Remembered]>::to_vec).collect::<Vec<_>>())
                .map(|some| async move { self.look(&some).await.map(|told| (some, told)) })
                .buffer_unordered(self.pace.concurrency.max(1));
            let mut rest = Vec::new();
            while let Some((some, told)) = looked.try_next().await? {
                let mut noted = Vec::new();
                let mut gone = Vec::new();
                for one in some {
                    let told = told.get(&self.target.id(one));
                    let state = told.map_or(Seen::Gone, |told| told.state);
                    let reason = || told.map(|told| told.says.clone());
                    match (leaving, state) {
                        (true, Seen::Gone) => gone.push(one),
                        (true, _) => rest.push(one),
                        (false, Seen::Indexed) => noted.push((one, DocumentState::Indexed, None)),
                        (false, Seen::Failed) => noted.push((one, DocumentState::Failed, reason())),
                        (false, Seen::Gone | Seen::Leaving) => {
                            let times = unseen.entry(one).or_default();
                            *times += 1;
                            match *times > UNSEEN {
                                true => noted.push((one, DocumentState::Failed, Some(LOST.to_owned()))),
                                false => rest.push(one),
                            }
                        }
                        (false, Seen::Waiting) => rest.push(one),
                    }
                }
                self.documents.note(&noted).await?;
                self.documents.forget(&gone).await?;
                let failed = noted.iter().filter(|(_, state, _)| *state == DocumentState::Failed).count() as u64;
                run.progress.failed += failed;
                run.progress.indexed += noted.len() as u64 - failed;
                run.tell();
            }
            drop(looked);
            waiting = rest;
            if waiting.len() < before {
                (pause, since) = (self.pace.look, Instant::now());
            } else if since.elapsed() > self.pace.patience {
                return Err(SyncError::Slow { waiting: waiting.len(), patience: self.pace.patience });
            }
            if !waiting.is_empty() {
                tokio::time::sleep(pause).await;
                pause = (pause * 3 / 2).min(self.pace.look * 10);
            }
        }
        Ok(())
    }

    async fn look(&self, some: &[Remembered]) -> Result<BTreeMap<String, Told>, ModelError> {
        let ids: Vec<String> = some.iter().map(|one| self.target.id(*one)).collect();
        let told = self.persist(|| self.target.source().look(&ids, self.pace.limit)).await?;
        Ok(told.into_iter().map(|told| (told.id.clone(), told)).collect())
    }

    /// Has the data source read its bucket, and asks it then what became of each document, if some failed.
    async fn follow_job(
        &self,
        source: &DataSource,
        sent: &[Remembered],
        leaving: &[Remembered],
        run: &mut Run<'_>,
    ) -> Result<(), SyncError> {
        let token = Uuid::new_v4().to_string();
        let mut job = self.job_begun(source, &token).await?;
        let (mut pause, mut known, mut since) = (self.pace.look, job.clone(), Instant::now());
        while job.ended.is_none() {
            tokio::time::sleep(pause).await;
            pause = (pause * 3 / 2).min(self.pace.look * 10);
            job = self.persist(|| source.job(&job.id, self.pace.limit)).await?;
            if job != known {
                (known, since) = (job.clone(), Instant::now());
            } else if since.elapsed() > self.pace.patience {
                return Err(SyncError::Slow { waiting: sent.len(), patience: self.pace.patience });
            }
        }
        run.report.job.clone_from(&job.reasons);
        if job.ended == Some(Ended::Failed) {
            return Err(SyncError::Job { id: job.id, reasons: job.reasons });
        }
        let failed = if job.failed > 0 { self.failed_of(source).await? } else { BTreeMap::new() };
        let noted: Vec<_> = sent
            .iter()
            .map(|one| match failed.get(&self.target.id(*one)) {
                Some(says) => (*one, DocumentState::Failed, Some(says.clone())),
                None => (*one, DocumentState::Indexed, None),
            })
            .collect();
        self.documents.note(&noted).await?;
        self.documents.forget(leaving).await?;
        let bad = noted.iter().filter(|(_, state, _)| *state == DocumentState::Failed).count() as u64;
        run.progress.failed += bad;
        run.progress.indexed += noted.len() as u64 - bad;
        run.tell();
        Ok(())
    }

    /// Started, after one that somebody else has begun is over.
    async fn job_begun(&self, source: &DataSource, token: &str) -> Result<Job, SyncError> {
        let since = Instant::now();
        loop {
            match self.persist_unless_taken(source, token).await {
                Ok(job) => return Ok(job),
                Err(error) if error.message.contains(CONFLICT) && since.elapsed() < self.pace.patience => {
                    tracing::warn!(%error, "the job cannot begin yet");
                    tokio::time::sleep(self.pace.look * 5).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn persist_unless_taken(&self, source: &DataSource, token: &str) -> Result<Job, ModelError> {
        let begin = || async move {
            match source.start_job(token, self.pace.limit).await {
                Err(error) if error.message.contains(CONFLICT) => Ok(Err(error)),
                ended => ended.map(Ok),
            }
        };
        self.persist(begin).await?
    }

    async fn failed_of(&self, source: &DataSource) -> Result<BTreeMap<String, String>, ModelError> {
        let mut failed = BTreeMap::new();
        let mut page: Option<String> = None;
        loop {
            let (told, next) = self.persist(|| source.list(page.as_deref(), self.pace.limit)).await?;
            let bad = told.into_iter().filter(|told| told.state == Seen::Failed);
            failed.extend(bad.map(|told| (told.id, told.says)));
            match next {
                Some(token) => page = Some(token),
                None => return Ok(failed),
            }
        }
    }
}

/// The service's word for a job that still runs.
const CONFLICT: &str = "[ConflictException";
const LOST: &str = "NOT_FOUND: the knowledge base took it in, and does not have it";
