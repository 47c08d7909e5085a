//! Loads videos and events from files: everything, or nothing and a list of what is wrong.
//!
//! Each input is read twice: once to check every row, once to send them (binary COPY into temporary tables, merged in
//! one transaction). So a million rows need no more memory than a thousand, and a bad last row costs nothing.

mod cells;
mod copy;
mod input;
mod merge;
mod record;
mod sample;
mod source;
mod survey;

use std::{ops::ControlFlow, path::PathBuf, sync::Arc, time::Duration};

use sqlx::{PgConnection, PgPool};
use tokio::sync::mpsc;

use super::{error::StoreError, videos::VideoCache};

pub use input::{Input, Problem, Problems, Progress, Stage};

use copy::Copy;
use record::Kind;
use source::Source;
use survey::Survey;

/// Writes to the database. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    pool: PgPool,
    videos: Arc<VideoCache>,
    /// Nobody else cleans up after it: the embedded database has no autovacuum.
    alone: bool,
}

/// What a load did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Loaded {
    pub videos: Counts,
    pub events: Counts,
}

/// Rows by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Counts {
    pub inserted: u64,
    pub updated: u64,
    pub unchanged: u64,
}

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Correct the rows that are listed.
    #[error("{0}")]
    Bad(Problems),
    /// Correct the path, or the rights on the file.
    #[error("cannot read {file}: {source}")]
    Unreadable { file: String, source: std::io::Error },
    /// Load the sample into a database of its own.
    #[error(
        "the database already has other videos under the numbers of the sample (1 to 6); use an empty database for it, such as one under \
         another --data-dir"
    )]
    SampleInTheWay,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How many bytes are sent at once.
const CHUNK: usize = 256 * 1024;

type Report = Arc<dyn Fn(Progress) + Send + Sync>;

impl Writer {
    pub(super) fn new(pool: PgPool, videos: Arc<VideoCache>, alone: bool) -> Self {
        Self { pool, videos, alone }
    }

    /// Loads the inputs in one transaction. Loading the same again changes nothing.
    ///
    /// A row with a number (`video_id` of videos, `id` of events) replaces the row of that number; one without is
    /// added, unless there is one with the same values. A column that an input does not have is at its default. While
    /// it loads, the embedded database answers nothing else.
    ///
    /// # Errors
    /// [`LoadError::Bad`] lists what is wrong in all of them; nothing was loaded then.
    pub async fn load(
        &self,
        inputs: Vec<Input>,
        progress: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Result<Loaded, LoadError> {
        let report: Report = Arc::new(progress);
        let reporting = report.clone();
        let mut survey = blocking(move || survey::survey(&inputs, &*reporting)).await?;
        let missing = self.missing(&survey).await.map_err(broken)?;
        survey.add_missing(missing);
        if survey.problems.total > 0 {
            return Err(LoadError::Bad(survey.into_problems()));
        }

        let mut tx = self.pool.begin().await.map_err(broken)?;
        sqlx::raw_sql(merge::STAGING).execute(&mut *tx).await.map_err(broken)?;
        sqlx::query(merge::ONE_AT_A_TIME).execute(&mut *tx).await.map_err(broken)?;
        let mut loaded = Loaded::default();
        let sources: Arc<[Source]> = survey.sources.into();
        let total = sources.iter().map(|source| source.size).sum();
        for kind in [Kind::Videos, Kind::Events] {
            let rows = send(&mut tx, kind, &sources, &report).await?;
            if rows == 0 {
                continue;
            }
            report(Progress { stage: Stage::Merging, bytes: total, total });
            if kind == Kind::Events {
                refuse_taken(&mut tx, &sources).await?;
            }
            let counts = merge::merge(&mut tx, kind, rows).await.map_err(broken)?;
            match kind {
                Kind::Videos => loaded.videos = counts,
                Kind::Events => loaded.events = counts,
            }
        }
        tx.commit().await.map_err(broken)?;
        self.videos.clear();
        self.tidy(&loaded).await;
        Ok(loaded)
    }

    /// Which of the videos that events name are not in the database either.
    async fn missing(&self, survey: &Survey) -> Result<Vec<i64>, sqlx::Error> {
        if survey.videos_needed.is_empty() {
            return Ok(Vec::new());
        }
        let named: Vec<i64> = survey.videos_needed.keys().copied().collect();
        sqlx::query_scalar(
            "SELECT id FROM unnest($1::bigint[]) AS id WHERE NOT EXISTS (SELECT FROM db_video WHERE video_id = id)",
        )
        .bind(named)
        .fetch_all(&self.pool)
        .await
    }

    /// Tells the planner about the new rows. What was loaded stays loaded if this fails.
    async fn tidy(&self, loaded: &Loaded) {
        let changed = |counts: Counts| counts.inserted + counts.updated > 0;
        if !changed(loaded.videos) && !changed(loaded.events) {
            return;
        }
        let statement = if self.alone { "VACUUM (ANALYZE) db_video, db_event" } else { "ANALYZE db_video, db_event" };
        if let Err(error) = sqlx::raw_sql(statement).execute(&self.pool).await {
            tracing::warn!(%error, "the planner's statistics were not renewed after loading");
        }
    }
}

/// Sends the rows of one kind into their staging table; returns how many there were. Reading goes on in a thread,
/// at most a few chunks ahead.
async fn send(conn: &mut PgConnection, kind: Kind, sources: &Arc<[Source]>, report: &Report) -> Result<u64, LoadError> {
    if !sources.iter().any(|source| source.kind == kind) {
        return Ok(0);
    }
    let (chunks, mut waiting) = mpsc::channel(4);
    let (sources, report) = (sources.clone(), report.clone());
    let reading = tokio::spawn(blocking(move || read(kind, &sources, &report, &chunks)));

    let mut copy = conn.copy_in_raw(merge::copy_into(kind)).await.map_err(broken)?;
    while let Some(chunk) = waiting.recv().await {
        copy.send(chunk).await.map_err(broken)?;
    }
    let read = reading.await.unwrap_or_else(|error| Err(stopped(&error)));
    if let Err(error) = read {
        // The server answers an abort with an error; the one to tell is the reader's.
        let _ = copy.abort("the input cannot be read to its end").await;
        return Err(error);
    }
    copy.finish().await.map_err(broken)
}

/// Reads the rows of one kind again, and hands them on as bytes.
fn read(kind: Kind, sources: &[Source], report: &Report, chunks: &mpsc::Sender<Vec<u8>>) -> Result<(), LoadError> {
    let total = sources.iter().map(|source| source.size).sum();
    let mut problems = Problems::default();
    let mut copy = Copy::begin();
    let mut before = 0;
    for (at, source) in sources.iter().enumerate() {
        if source.kind != kind {
            before += source.size;
            continue;
        }
        source.each_row(&mut problems, &mut |line, row, bytes| {
            copy.row(at, line, &row);
            if copy.len() < CHUNK {
                return ControlFlow::Continue(());
            }
            report(Progress { stage: Stage::Sending, bytes: before + bytes, total });
            match chunks.blocking_send(copy.take()) {
                Ok(()) => ControlFlow::Continue(()),
                // Nobody is waiting any more: the load was given up, and says why itself.
                Err(_) => ControlFlow::Break(()),
            }
        })?;
        before += source.size;
    }
    if problems.total > 0 {
        // It was right a moment ago, so somebody is writing to it.
        return Err(LoadError::Bad(problems));
    }
    let _ = chunks.blocking_send(copy.end());
    Ok(())
}

/// An event's number that belongs to an event of another video is a clash of two numberings, not a correction:
/// replacing it would take the event away from the other video.
async fn refuse_taken(conn: &mut PgConnection, sources: &[Source]) -> Result<(), LoadError> {
    let (taken, total) = merge::taken_ids(conn).await.map_err(broken)?;
    if total == 0 {
        return Ok(());
    }
    let mut problems = Problems { listed: Vec::new(), total: total.unsigned_abs() };
    for (source, line, id, video) in taken {
        let Some(source) = usize::try_from(source).ok().and_then(|at| sources.get(at)) else { continue };
        let what = format!("{id} is already an event of video {video}; give it another number, or none");
        problems.listed.push(source.problem(line.unsigned_abs(), Some("id"), what));
    }
    Err(LoadError::Bad(problems))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, LoadError> + Send + 'static,
) -> Result<T, LoadError> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(stopped(&error)))
}

fn stopped(error: &tokio::task::JoinError) -> LoadError {
    LoadError::Unreadable { file: "the input".to_owned(), source: std::io::Error::other(error.to_string()) }
}

fn broken(error: sqlx::Error) -> LoadError {
    StoreError::from_sqlx(&error, Duration::ZERO).into()
}

impl Input {
    /// A file by its path; `-` is standard input.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        if path.as_os_str() == "-" { Self::Stdin } else { Self::File(path) }
    }
}
