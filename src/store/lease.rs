//! One connection in one read-only transaction, for the length of one query.
//!
//! A lease that is dropped before it is finished (the caller went away, or the time is up) stops the query on the
//! server too: sqlx alone would let it run on and make the connection's next user wait for it.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, Postgres, Transaction, pool::PoolConnection};

use crate::sql::Scope;

/// Where leases come from.
pub(super) struct Leases {
    pool: PgPool,
    /// A second way to the server, to stop queries with. `None` where there is only one connection.
    cancel: Option<PgPool>,
    /// Whether queries can be run as the role that may only read.
    as_reader: bool,
    /// Tells this process' queries from those of other replicas.
    process: String,
    count: AtomicU64,
}

/// A connection taken from the pool, that is not given back while a query runs on it.
pub(super) struct Lease {
    conn: Option<PoolConnection<Postgres>>,
    /// The name the query goes by on the server (`application_name`), unique for each lease.
    tag: String,
    cancel: Option<PgPool>,
}

impl Leases {
    pub(super) fn new(pool: PgPool, cancel: Option<PgPool>, as_reader: bool) -> Self {
        let process = uuid::Uuid::new_v4().simple().to_string();
        Self { pool, cancel, as_reader, process: process[..12].to_owned(), count: AtomicU64::new(0) }
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(super) fn as_reader(&self) -> bool {
        self.as_reader
    }

    /// Whether a running query can be stopped from outside.
    pub(super) fn can_cancel(&self) -> bool {
        self.cancel.is_some()
    }

    /// Takes a connection. With `tested`, dead ones are thrown away on the way: the server has gone or come back.
    pub(super) async fn take(&self, tested: bool) -> Result<Lease, sqlx::Error> {
        let mut conn = self.pool.acquire().await?;
        if tested {
            let mut tries = self.pool.options().get_max_connections();
            while let Err(error) = conn.ping().await {
                discard(conn).await;
                if tries == 0 {
                    return Err(error);
                }
                tries -= 1;
                conn = self.pool.acquire().await?;
            }
        }
        let tag = format!("askline-{}-{}", self.process, self.count.fetch_add(1, Ordering::Relaxed));
        Ok(Lease { conn: Some(conn), tag, cancel: self.cancel.clone() })
    }

    /// Begins the transaction in one round trip: read only, at most `timeout` for a statement, as the reading role,
    /// which sees rows of `scope` alone (`None`, in tests: of every video). `settings` is one of those below, or empty.
    pub(super) async fn begin<'l>(
        &self,
        lease: &'l mut Lease,
        timeout: Duration,
        scope: Option<&Scope>,
        settings: &'static str,
    ) -> Result<Transaction<'l, Postgres>, sqlx::Error> {
        let role = if self.as_reader { "; SET LOCAL ROLE askline_reader" } else { "" };
        let millis = timeout.as_millis().clamp(1, i32::MAX as u128);
        let videos = match scope {
            None => "*".to_owned(),
            Some(scope) => scope.setting(),
        };
        let tag = &lease.tag;
        let conn: &mut PgConnection = lease.conn.as_mut().ok_or(sqlx::Error::WorkerCrashed)?;
        // Numbers, and a name made above of hexadecimal digits: nothing of it comes from outside.
        let begin = AssertSqlSafe(format!(
            "BEGIN READ ONLY; SET LOCAL statement_timeout = {millis}; SET LOCAL application_name = '{tag}'; \
             SET LOCAL askline.video_ids = '{videos}'{settings}{role}"
        ));
        conn.begin_with(begin).await
    }
}

/// The approximate index goes on until it has enough that satisfy the conditions; the search itself puts them in order. What
/// comes late and near is not thrown away, as in `strict_order` (recall@10 behind a filter of 1%: 0.998, not 0.988). Without
/// pgvector these are settings that nobody reads. Compiling the statement of a search takes far longer than running it.
pub(super) const SEARCHING: &str = "; SET LOCAL hnsw.iterative_scan = 'relaxed_order'; SET LOCAL hnsw.ef_search = 400; \
                         SET LOCAL hnsw.max_scan_tuples = 200000; SET LOCAL jit = off";

/// The planner's own bounds for what somebody else wrote, whatever the server's settings are: no time limit stops it
/// while it orders joins.
pub(super) const PLANNER: &str = "; SET LOCAL join_collapse_limit = 8; SET LOCAL from_collapse_limit = 8; \
                                  SET LOCAL geqo = on; SET LOCAL geqo_threshold = 12; SET LOCAL geqo_effort = 5";

impl Lease {
    /// Gives the connection back. The ROLLBACK that the dropped transaction queued is sent on the way, in the
    /// background: the caller does not wait for it.
    pub(super) fn finish(mut self) {
        drop(self.conn.take());
    }

    /// Throws the connection away: it is dead.
    pub(super) async fn discard(mut self) {
        if let Some(conn) = self.conn.take() {
            discard(conn).await;
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let (Some(conn), Some(cancel)) = (self.conn.take(), self.cancel.take()) else {
            // Without a second connection there is no stopping; the pool waits until the query has ended.
            return;
        };
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let tag = std::mem::take(&mut self.tag);
        runtime.spawn(async move {
            // The connection is held until the cancel was sent, so it can hit no other query; then it is closed.
            let sent = sqlx::query(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND state <> 'idle'",
            )
            .bind(&tag)
            .execute(&cancel)
            .await;
            if let Err(error) = sent {
                tracing::warn!(%error, "could not stop an abandoned query; its own time limit will");
            }
            discard(conn).await;
        });
    }
}

async fn discard(conn: PoolConnection<Postgres>) {
    // The server notices that the other end is gone; whether the farewell reached it does not matter.
    let _ = conn.detach().close_hard().await;
}
