//! Reads, and can do nothing else: every query runs in a read-only transaction, as a role that may only SELECT.

use std::{sync::Arc, time::Duration};

use sqlx::PgPool;
use tokio::time::{Instant, timeout_at};

use crate::{
    answer::{Answer, Kind},
    question::Video,
    sql::Query,
};

use super::{
    error::{StoreError, is_lost},
    lease::{Lease, Leases, PLANNER, SEARCHING},
    rows::{self, Failed},
    snapshot::{self, TextTable},
    videos::{self, VideoCache, VideoRow},
};

/// What one query may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// From asking for a connection to the last row.
    pub timeout: Duration,
    /// More rows than this are refused, not cut.
    pub max_rows: usize,
    /// More bytes than this, of all cells of all rows, are refused, not cut.
    pub max_bytes: usize,
    /// The planner's estimate above which a query is not run, in its units of cost. `None`: [`EMBEDDED_MAX_COST`] on the
    /// embedded database, which has no time limits; on a server [`FOREIGN_MAX_COST`] for admitted statements, and no
    /// question for composed ones.
    pub max_cost: Option<f64>,
}

/// Some ten seconds of work for the embedded database (100,000 took 0.7 s), which cannot stop a query once it runs.
pub const EMBEDDED_MAX_COST: f64 = 1_000_000.0;

/// What a statement that somebody else wrote may cost: more than a minute of work, of which its time limit allows seconds.
/// It spares the server what would be cancelled anyway, such as every event joined with every event.
pub const FOREIGN_MAX_COST: f64 = 10_000_000.0;

/// The server gets this much longer than its own time limit to say that it has stopped.
const GRACE: Duration = Duration::from_millis(250);

/// For questions about the tables themselves, which are short.
const SHORT: Duration = Duration::from_secs(5);

/// Reads from the database. Cheap to clone.
#[derive(Clone)]
pub struct Reader(Arc<Inner>);

struct Inner {
    leases: Leases,
    videos: Arc<VideoCache>,
}

impl Default for Limits {
    /// 5 seconds, 100,000 rows, 64 MiB.
    fn default() -> Self {
        Self { timeout: Duration::from_secs(5), max_rows: 100_000, max_bytes: 64 << 20, max_cost: None }
    }
}

impl Reader {
    pub(super) fn new(leases: Leases, videos: Arc<VideoCache>) -> Self {
        Self(Arc::new(Inner { leases, videos }))
    }

    /// Runs a query and reads its answer. Dropping the future stops the query on the server.
    ///
    /// # Errors
    /// Each variant of [`StoreError`] but `BadTimezone`; there is never a part of an answer.
    pub async fn run(&self, query: &Query, limits: Limits) -> Result<Answer, StoreError> {
        match self.perform(query, limits, Form::Answer).await? {
            Got::Answer(answer) => Ok(answer),
            Got::Table(_) => Err(StoreError::Rejected { message: "a table came for an answer".to_owned() }),
        }
    }

    /// Runs a query and reads its rows as they are, whatever the query's kind, every cell as text.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub async fn table(&self, query: &Query, limits: Limits) -> Result<TextTable, StoreError> {
        match self.perform(query, limits, Form::Table).await? {
            Got::Table(table) => Ok(table),
            Got::Answer(_) => Err(StoreError::Rejected { message: "an answer came for a table".to_owned() }),
        }
    }

    async fn perform(&self, query: &Query, limits: Limits, form: Form) -> Result<Got, StoreError> {
        let leases = &self.0.leases;
        let grace = if leases.can_cancel() { GRACE } else { Duration::ZERO };
        let deadline = Instant::now() + limits.timeout + grace;
        let mut retried = false;
        loop {
            let mut lease = self.lease(deadline, limits.timeout, retried).await?;
            let outcome = timeout_at(deadline, self.once(&mut lease, query, &limits, form)).await;
            let failed = match outcome {
                // The lease stops the query as it is dropped.
                Err(_) => return Err(StoreError::TimedOut { after: limits.timeout }),
                Ok(Ok(got)) => {
                    lease.finish();
                    return Ok(got);
                }
                Ok(Err(failed)) => failed,
            };
            match failed {
                Refusal::Costly { cost, limit } => {
                    lease.finish();
                    return Err(StoreError::TooCostly { cost, limit });
                }
                // A transaction that did not begin may be half begun: that connection is not used again either.
                Refusal::NotBegun(error) => {
                    lease.discard().await;
                    if retried || !is_lost(&error) {
                        return Err(StoreError::from_sqlx(&error, limits.timeout));
                    }
                    retried = true;
                }
                Refusal::Failed(Failed::Sql { error, rows_seen }) if is_lost(&error) => {
                    lease.discard().await;
                    if retried || rows_seen {
                        return Err(StoreError::from_sqlx(&error, limits.timeout));
                    }
                    retried = true;
                }
                Refusal::Unfit(error) => {
                    lease.finish();
                    return Err(StoreError::from_sqlx(&error, limits.timeout));
                }
                Refusal::Failed(failed @ Failed::Sql { .. }) => {
                    lease.finish();
                    return Err(failed.into_error(&limits, query.is_foreign()));
                }
                // The rest of the rows is on its way: the lease stops the query and closes the connection.
                Refusal::Failed(failed) => return Err(failed.into_error(&limits, query.is_foreign())),
            }
        }
    }

    /// What is known of a video; `None` if there is none of this number. Up to a few seconds old.
    ///
    /// # Errors
    /// [`StoreError::BadTimezone`] if its row names a zone that does not exist.
    pub async fn video(&self, id: i64) -> Result<Option<Arc<Video>>, StoreError> {
        if let Some(known) = self.0.videos.get(id) {
            return Ok(known);
        }
        let read = within(SHORT, videos::one(self.pool(), id)).await;
        if read.is_err() {
            self.0.videos.forget(id);
        }
        let video = read?.map(Arc::new);
        self.0.videos.put(id, video.clone());
        Ok(video)
    }

    /// Drops what is remembered of a video, because it was changed.
    pub fn forget(&self, video: i64) {
        self.0.videos.forget(video);
    }

    /// Every video with the number of its events, by its number.
    pub async fn videos(&self) -> Result<Vec<VideoRow>, StoreError> {
        within(6 * SHORT, videos::all(self.pool())).await
    }

    /// Whether questions can be answered now: the server is there, and so are the tables.
    pub async fn ready(&self) -> Result<(), StoreError> {
        within(SHORT, async {
            sqlx::query("SELECT FROM db_video LEFT JOIN db_event ON false LIMIT 1")
                .execute(self.pool())
                .await
                .map_err(|error| self.away(StoreError::from_sqlx(&error, SHORT)))
        })
        .await
        .map(|_| ())
    }

    pub(super) fn pool(&self) -> &PgPool {
        self.0.leases.pool()
    }

    /// Whether queries run as the role that may only read.
    pub(super) fn as_reader(&self) -> bool {
        self.0.leases.as_reader()
    }

    async fn lease(&self, deadline: Instant, limit: Duration, tested: bool) -> Result<Lease, StoreError> {
        match timeout_at(deadline, self.0.leases.take(tested)).await {
            Ok(Ok(lease)) => Ok(lease),
            Ok(Err(error)) => Err(self.away(StoreError::from_sqlx(&error, limit))),
            Err(_) => Err(self.away(StoreError::Busy)),
        }
    }

    /// A pool that could have opened a connection more, and did not get one, is not busy: nobody answers.
    fn away(&self, error: StoreError) -> StoreError {
        let pool = self.pool();
        match error {
            StoreError::Busy if pool.size() < pool.options().get_max_connections() => {
                StoreError::Unreachable("no connection could be opened in time".to_owned())
            }
            other => other,
        }
    }

    async fn once(&self, lease: &mut Lease, query: &Query, limits: &Limits, form: Form) -> Result<Got, Refusal> {
        // Admitted for another database, where nothing holds it to anybody's rows.
        if query.is_foreign() && query.scope().is_none() {
            return Err(Refusal::Unfit(sqlx::Error::Configuration("a statement from text needs a row scope".into())));
        }
        let leases = &self.0.leases;
        let settings = match query {
            query if query.kind() == Kind::Hits => SEARCHING,
            query if query.is_foreign() => PLANNER,
            _ => "",
        };
        let mut tx = leases.begin(lease, limits.timeout, query.scope(), settings).await.map_err(Refusal::NotBegun)?;
        let failed = |error| Refusal::Failed(Failed::Sql { error, rows_seen: false });
        // Of what somebody else wrote, the names are looked up first: what is wrong with them can be told in full.
        let mut columns = Vec::new();
        if query.is_foreign() || form == Form::Table {
            let looked_up = rows::columns(&mut tx, query.text()).await;
            columns = looked_up.map_err(|error| if is_lost(&error) { failed(error) } else { Refusal::Unfit(error) })?;
        }
        let usual =
            if leases.can_cancel() { query.is_foreign().then_some(FOREIGN_MAX_COST) } else { Some(EMBEDDED_MAX_COST) };
        if let Some(limit) = limits.max_cost.or(usual).filter(|limit| limit.is_finite()) {
            let cost = rows::cost(&mut tx, query).await.map_err(failed)?;
            if cost > limit {
                return Err(Refusal::Costly { cost, limit });
            }
        }
        match form {
            Form::Answer => rows::collect(&mut tx, query, limits).await.map(Got::Answer),
            Form::Table => {
                snapshot::cursor(&mut tx, query.text(), query.binds(), columns, limits).await.map(Got::Table)
            }
        }
        .map_err(Refusal::Failed)
    }
}

/// How rows are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Answer,
    Table,
}

enum Got {
    Answer(Answer),
    Table(TextTable),
}

enum Refusal {
    NotBegun(sqlx::Error),
    /// The server cannot make sense of the statement.
    Unfit(sqlx::Error),
    Costly {
        cost: f64,
        limit: f64,
    },
    Failed(Failed),
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    tokio::time::timeout(limit, work).await.unwrap_or(Err(StoreError::TimedOut { after: limit }))
}
