//! One transaction in which statements run side by side on the same data, or on a changed copy of it, and which leaves
//! no trace: what a suite's statements are judged on.

use std::time::Duration;

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Row, Transaction, ValueRef, postgres::PgRow};
use tokio::time::timeout;

use super::{
    Store,
    error::StoreError,
    reader::Limits,
    rows::{self, Failed, bound, size},
};
use crate::sql::{Bind, Query, Scope};

/// A read-only transaction at one point in time, in UTC, ISO dates and shortest exact floats. Dropped, it is rolled
/// back. The embedded database has one connection: while this is held, it answers nobody else.
pub struct Snapshot {
    tx: Transaction<'static, Postgres>,
    limits: Limits,
}

/// What a statement returned, every cell in PostgreSQL's text form (`None` is NULL).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextTable {
    pub columns: Vec<TextColumn>,
    pub rows: Vec<Vec<Option<String>>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextColumn {
    pub name: String,
    /// As PostgreSQL calls it, in capitals: INT8, FLOAT8, NUMERIC, TEXT, TIMESTAMPTZ …
    pub kind: String,
}

/// One change that is made to a copy of the data: a statement of ours with its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub text: &'static str,
    pub binds: Vec<Bind>,
}

/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

const FIXED: &str = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; \
                     SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SET LOCAL max_parallel_workers_per_gather = 0";

/// Temporary tables stand before the real ones on every search path, and go with the transaction.
const COPY: &str = "CREATE TEMP TABLE db_video_copy ON COMMIT DROP AS TABLE db_video;
CREATE TEMP TABLE db_event_copy ON COMMIT DROP AS TABLE db_event;
ALTER TABLE pg_temp.db_video_copy RENAME TO db_video;
ALTER TABLE pg_temp.db_event_copy RENAME TO db_event;
GRANT SELECT ON pg_temp.db_video, pg_temp.db_event TO PUBLIC";

impl Store {
    /// The data as it is now.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] or [`StoreError::Busy`]: no connection.
    pub async fn snapshot(&self, limits: Limits) -> Result<Snapshot, StoreError> {
        let mut snapshot = Snapshot::begin(self.reader.pool(), limits).await?;
        snapshot.settle(self.reader.as_reader()).await?;
        Ok(snapshot)
    }

    /// A copy of both tables with the changes made to it, in their order.
    ///
    /// # Errors
    /// As [`Self::snapshot`]; [`StoreError::Rejected`] if the login may make no temporary tables.
    pub async fn changed(&self, changes: &[Change], limits: Limits) -> Result<Snapshot, StoreError> {
        let mut snapshot = Snapshot::begin(self.reader.pool(), limits).await?;
        snapshot.raw(COPY).await?;
        for change in changes {
            let ran = bound(change.text.to_owned(), &change.binds).execute(&mut *snapshot.tx).await;
            ran.map_err(|error| StoreError::from_sqlx(&error, limits.timeout))?;
        }
        snapshot.settle(self.reader.as_reader()).await?;
        Ok(snapshot)
    }
}

impl Snapshot {
    /// Still as the login, and allowed to write.
    pub(super) async fn begin(pool: &PgPool, limits: Limits) -> Result<Self, StoreError> {
        let millis = limits.timeout.as_millis().clamp(1, i32::MAX as u128);
        let begin = format!("BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = {millis}; {FIXED}");
        let begun = timeout(PATIENCE, pool.begin_with(AssertSqlSafe(begin))).await;
        match begun {
            Ok(Ok(tx)) => Ok(Self { tx, limits }),
            Ok(Err(error)) => Err(StoreError::from_sqlx(&error, limits.timeout)),
            Err(_) => Err(StoreError::Busy),
        }
    }

    /// Runs a query and reads all its rows, whatever its kind, in the rows of its scope. It leaves the snapshot as it
    /// was, also if it fails. Its errors hold what PostgreSQL says, also of rows: whoever made the suite may read them.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] above the limit of rows, [`StoreError::TimedOut`], and [`StoreError::Rejected`] with
    /// PostgreSQL's words.
    pub async fn query(&mut self, query: &Query) -> Result<TextTable, StoreError> {
        self.run(query.text(), query.binds(), query.scope()).await
    }

    /// Any one SELECT, unchecked. For the tests of the store, which need statements that nothing composes.
    #[doc(hidden)]
    pub async fn table(&mut self, text: &str, binds: &[Bind]) -> Result<TextTable, StoreError> {
        self.run(text, binds, None).await
    }

    async fn run(&mut self, text: &str, binds: &[Bind], scope: Option<&Scope>) -> Result<TextTable, StoreError> {
        self.raw("SAVEPOINT one").await?;
        if let Some(scope) = scope {
            // Numbers alone. It goes with the savepoint.
            let set = AssertSqlSafe(format!("SET LOCAL askline.video_ids = '{}'", scope.setting()));
            let ran = sqlx::raw_sql(set).execute(&mut *self.tx).await;
            ran.map_err(|error| StoreError::from_sqlx(&error, self.limits.timeout))?;
        }
        let text = text.trim().trim_end_matches(';');
        let ran = match rows::columns(&mut self.tx, text).await {
            Ok(columns) => cursor(&mut self.tx, text, binds, columns, &self.limits).await,
            Err(error) => Err(Failed::Sql { error, rows_seen: false }),
        };
        self.raw("ROLLBACK TO SAVEPOINT one; RELEASE SAVEPOINT one").await?;
        ran.map_err(|failed| failed.into_error(&self.limits, false))
    }

    /// Ends it and gives the connection back. What was changed in a copy is gone.
    pub async fn close(self) {
        // Dropped, it does the same when the connection is next used.
        let _ = self.tx.rollback().await;
    }

    /// From here on only reading, as the role that may only read.
    pub(super) async fn settle(&mut self, as_reader: bool) -> Result<(), StoreError> {
        // Of every video: a query with a scope says its own.
        self.raw("SET LOCAL transaction_read_only = on; SET LOCAL askline.video_ids = '*'").await?;
        if as_reader {
            self.raw("SET LOCAL ROLE askline_reader").await?;
        }
        Ok(())
    }

    async fn raw(&mut self, text: &'static str) -> Result<(), StoreError> {
        let ran = sqlx::raw_sql(text).execute(&mut *self.tx).await;
        ran.map(|_| ()).map_err(|error| StoreError::from_sqlx(&error, self.limits.timeout))
    }
}

/// A cursor takes one SELECT and nothing else, which the server itself sees to; and its rows can be had as text.
pub(super) async fn cursor(
    conn: &mut PgConnection,
    text: &str,
    binds: &[Bind],
    columns: Vec<TextColumn>,
    limits: &Limits,
) -> Result<TextTable, Failed> {
    let failed = |error: sqlx::Error| Failed::Sql { error, rows_seen: false };
    let declare = format!("DECLARE one NO SCROLL CURSOR FOR {text}");
    bound(declare, binds).persistent(false).execute(&mut *conn).await.map_err(failed)?;
    // A count is an int4.
    let most = i32::try_from(limits.max_rows.saturating_add(1)).map_or("ALL".to_owned(), |most| most.to_string());
    let fetch = format!("FETCH FORWARD {most} FROM one");
    let mut found = sqlx::raw_sql(AssertSqlSafe(fetch)).fetch(&mut *conn);
    let mut table = TextTable { columns, rows: Vec::new() };
    let mut bytes = 0_usize;
    while let Some(row) = found.try_next().await.map_err(failed)? {
        if table.rows.len() == limits.max_rows {
            return Err(Failed::TooMany);
        }
        bytes += size(&row);
        if bytes > limits.max_bytes {
            return Err(Failed::TooLarge);
        }
        table.rows.push(cells(&row).map_err(failed)?);
    }
    Ok(table)
}

fn cells(row: &PgRow) -> Result<Vec<Option<String>>, sqlx::Error> {
    (0..row.len())
        .map(|at| {
            let raw = row.try_get_raw(at)?;
            if raw.is_null() {
                return Ok(None);
            }
            raw.as_str().map(|text| Some(text.to_owned())).map_err(sqlx::Error::Decode)
        })
        .collect()
}
