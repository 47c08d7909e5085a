//! Vectors of events, in a table for each version of the index: a model, its dimensions and the way documents are
//! written. Vectors of two versions are never compared.

mod binary;
mod build;
mod stale;
mod write;

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, Row, pool::PoolConnection, postgres::PgRow};

use super::error::StoreError;
use crate::{model::Space, sql::search::Index};

pub use self::{
    build::{Built, EXACT},
    stale::{Candidate, Place, Span},
    write::{Hash, Indexed},
};

/// Reads and writes vectors. Cheap to clone.
#[derive(Clone)]
pub struct Vectors {
    /// As the login itself, which sees every video.
    reading: PgPool,
    writing: PgPool,
    /// A crash of the server may lose the last that was written with it.
    hasty: PgPool,
    /// The embedded database: one connection, and no 16-bit vectors (their index is 200 times slower there).
    alone: bool,
    /// Up to this many events of a video a search compares with every one.
    exact: i64,
}

/// One version of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    pub id: i64,
    pub space: Space,
    /// The way documents are written.
    pub template: String,
    /// Numbers of 16 bits, not of 32.
    pub halved: bool,
    /// The version whose place it takes when it is whole.
    pub replaces: Option<i64>,
    /// Whether it is the one that is searched.
    pub served: bool,
}

/// Why there is no index to write or to read.
#[derive(Debug, thiserror::Error)]
pub enum VectorError {
    #[error(
        "this database has no pgvector, which search by meaning needs: install it on the server and run, as an administrator, \
         CREATE EXTENSION vector ({why})"
    )]
    NoPgvector { why: String },
    #[error("vectors of {dimensions} dimensions are more than pgvector can search; the most are {most}")]
    TooManyDimensions { dimensions: usize, most: usize },
    #[error("another process is writing this index; wait until it is done")]
    Taken,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Held while an index is written, so that nothing is embedded by two at once. Dropped, it is given back a moment later.
pub struct Writing(Option<PoolConnection<sqlx::Postgres>>);

/// How long the lock is waited for: a server takes a moment to notice that a process was killed.
const NOTICED: Duration = Duration::from_secs(1);

/// The most dimensions that an HNSW index takes.
const MOST: usize = 2_000;
const MOST_HALVED: usize = 4_000;

impl Version {
    pub(super) fn table(&self) -> String {
        table(self.id)
    }

    /// As a search names it.
    pub fn searched(&self) -> Index {
        Index { id: self.id, dimensions: self.space.dimensions, halved: self.halved }
    }

    /// The type of its vectors, as SQL.
    pub fn vector_type(&self) -> String {
        let name = if self.halved { "halfvec" } else { "vector" };
        format!("{name}({})", self.space.dimensions)
    }
}

fn table(id: i64) -> String {
    format!("askline_vectors_{id}")
}

impl Vectors {
    pub(super) fn new(reading: PgPool, writing: PgPool, hasty: PgPool, alone: bool) -> Self {
        Self { reading, writing, hasty, alone, exact: EXACT }
    }

    /// With another limit than [`EXACT`].
    #[must_use]
    pub fn exact_up_to(self, events: i64) -> Self {
        Self { exact: events, ..self }
    }

    /// Up to how many events of a video a search compares with every one of them.
    pub fn exact(&self) -> i64 {
        self.exact
    }

    /// The version that is searched, if there is one.
    pub async fn served(&self) -> Result<Option<Version>, StoreError> {
        let row = sqlx::query(
            "SELECT id, model, dimensions, template, halved, replaces, served FROM askline_index WHERE served",
        );
        let row = row.fetch_optional(&self.reading).await.map_err(broken)?;
        row.as_ref().map(version).transpose().map_err(broken)
    }

    /// Every version, by its number.
    pub async fn versions(&self) -> Result<Vec<Version>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, model, dimensions, template, halved, replaces, served FROM askline_index ORDER BY id",
        );
        let rows = rows.fetch_all(&self.reading).await.map_err(broken)?;
        rows.iter().map(version).collect::<Result<_, _>>().map_err(broken)
    }

    /// The version of this space and template, if it was begun; with `anew`, the one that is being made in its place.
    pub async fn find(&self, space: &Space, template: &str, anew: bool) -> Result<Option<Version>, StoreError> {
        let of = |version: &&Version| version.space == *space && version.template == template;
        let versions = self.versions().await?;
        Ok(versions.iter().find(|version| of(version) && version.replaces.is_some() == anew).cloned())
    }

    /// [`Self::find`], made if it is not there. Where there is nothing to make anew, a first one is made.
    ///
    /// # Errors
    /// Without pgvector there is none.
    pub async fn open(&self, space: &Space, template: &str, anew: bool) -> Result<Version, VectorError> {
        let halves = self.pgvector().await?;
        let most = if halves { MOST_HALVED } else { MOST };
        if space.dimensions > most {
            return Err(VectorError::TooManyDimensions { dimensions: space.dimensions, most });
        }
        let mut tx = self.writing.begin().await.map_err(broken)?;
        // Two processes that open the same version at once make it once.
        sqlx::query("LOCK TABLE askline_index IN SHARE ROW EXCLUSIVE MODE").execute(&mut *tx).await.map_err(broken)?;
        let dimensions = i32::try_from(space.dimensions).unwrap_or(i32::MAX);
        let first: Option<i64> = sqlx::query_scalar(
            "SELECT id FROM askline_index WHERE model = $1 AND dimensions = $2 AND template = $3 AND replaces IS NULL",
        )
        .bind(&space.model)
        .bind(dimensions)
        .bind(template)
        .fetch_optional(&mut *tx)
        .await
        .map_err(broken)?;
        let replaces = first.filter(|_| anew);
        let known = "SELECT id, model, dimensions, template, halved, replaces, served FROM askline_index \
                     WHERE model = $1 AND dimensions = $2 AND template = $3 AND replaces IS NOT DISTINCT FROM $4";
        let known = sqlx::query(known).bind(&space.model).bind(dimensions).bind(template).bind(replaces);
        let made = match known.fetch_optional(&mut *tx).await.map_err(broken)? {
            Some(row) => version(&row).map_err(broken)?,
            None => {
                let row = sqlx::query(
                    "INSERT INTO askline_index (model, dimensions, template, halved, replaces) \
                     VALUES ($1, $2, $3, $4, $5) \
                     RETURNING id, model, dimensions, template, halved, replaces, served",
                )
                .bind(&space.model)
                .bind(dimensions)
                .bind(template)
                .bind(halves)
                .bind(replaces)
                .fetch_one(&mut *tx)
                .await
                .map_err(broken)?;
                let made = version(&row).map_err(broken)?;
                sqlx::raw_sql(AssertSqlSafe(definition(&made))).execute(&mut *tx).await.map_err(broken)?;
                made
            }
        };
        tx.commit().await.map_err(broken)?;
        Ok(made)
    }

    /// Makes a version the one that is searched, or moves one that was made anew into its place: all or nothing, between
    /// two searches. Of those that were searched before, the last is kept; one that never was stays.
    pub async fn switch(&self, version: &Version) -> Result<(), StoreError> {
        let mut tx = self.writing.begin().await.map_err(broken)?;
        sqlx::query("LOCK TABLE askline_index IN SHARE ROW EXCLUSIVE MODE").execute(&mut *tx).await.map_err(broken)?;
        let before: Option<i64> = sqlx::query_scalar("SELECT id FROM askline_index WHERE served")
            .fetch_optional(&mut *tx)
            .await
            .map_err(broken)?;
        let mut gone: Vec<i64> = version.replaces.into_iter().collect();
        if before.is_some_and(|before| before != version.id && version.replaces.is_none()) {
            let kept = [version.id, before.unwrap_or(version.id)];
            let older: Vec<i64> = sqlx::query_scalar(
                "SELECT id FROM askline_index WHERE id <> ALL ($1) AND replaced AND replaces IS NULL",
            )
            .bind(kept.as_slice())
            .fetch_all(&mut *tx)
            .await
            .map_err(broken)?;
            gone.extend(older);
        }
        // What was being made anew in place of one that goes, goes with it.
        let mut tables: Vec<i64> = sqlx::query_scalar(
            "DELETE FROM askline_index WHERE (id = ANY ($1) OR replaces = ANY ($1)) AND id <> $2 RETURNING id",
        )
        .bind(&gone)
        .bind(version.id)
        .fetch_all(&mut *tx)
        .await
        .map_err(broken)?;
        tables.sort_unstable();
        sqlx::query("UPDATE askline_index SET served = false, replaced = true WHERE served AND id <> $1")
            .bind(version.id)
            .execute(&mut *tx)
            .await
            .map_err(broken)?;
        sqlx::query("UPDATE askline_index SET served = true, replaced = false, replaces = NULL WHERE id = $1")
            .bind(version.id)
            .execute(&mut *tx)
            .await
            .map_err(broken)?;
        tx.commit().await.map_err(broken)?;
        // A search that began before may still be reading them.
        for id in tables {
            let dropped = format!("DROP TABLE IF EXISTS {}", table(id));
            sqlx::raw_sql(AssertSqlSafe(dropped)).execute(&self.writing).await.map_err(broken)?;
        }
        Ok(())
    }

    /// The right to write a version, for this process alone.
    ///
    /// # Errors
    /// [`VectorError::Taken`] if another one has it, and still has it a second later.
    pub async fn lock(&self, version: &Version) -> Result<Writing, VectorError> {
        if self.alone {
            return Ok(Writing(None));
        }
        let deadline = tokio::time::Instant::now() + NOTICED;
        let mut conn = self.writing.acquire().await.map_err(broken)?;
        loop {
            let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock(7203418, $1)")
                .bind(i32::try_from(version.id).unwrap_or(i32::MAX))
                .fetch_one(&mut *conn)
                .await
                .map_err(broken)?;
            match taken {
                true => return Ok(Writing(Some(conn))),
                false if tokio::time::Instant::now() > deadline => return Err(VectorError::Taken),
                false => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// Makes sure that pgvector is there; whether it has 16-bit vectors that are worth using.
    async fn pgvector(&self) -> Result<bool, VectorError> {
        let mut conn = self.writing.acquire().await.map_err(broken)?;
        let missing = |error: sqlx::Error| match error.as_database_error() {
            Some(told) => VectorError::NoPgvector { why: told.message().to_owned() },
            None => VectorError::Store(broken(error)),
        };
        let there = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'vector')";
        let there: bool = sqlx::query_scalar(there).fetch_one(&mut *conn).await.map_err(broken)?;
        if !there {
            sqlx::raw_sql("CREATE EXTENSION IF NOT EXISTS vector").execute(&mut *conn).await.map_err(missing)?;
        }
        if self.alone {
            return Ok(false);
        }
        let halves = "SELECT EXISTS (SELECT FROM pg_type WHERE typname = 'halfvec')";
        Ok(sqlx::query_scalar(halves).fetch_one(&mut *conn).await.map_err(broken)?)
    }
}

impl Writing {
    /// Gives it back at once.
    pub async fn done(mut self) {
        if let Some(conn) = &mut self.0
            && sqlx::query("SELECT pg_advisory_unlock_all()").execute(&mut **conn).await.is_ok()
        {
            // Without its lock the connection is like any other.
            drop(self.0.take());
        }
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // The lock is the session's, so it ends with it; the pool opens another connection.
        if let Some(conn) = self.0.take() {
            let conn: PgConnection = conn.detach();
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(conn.close());
            }
        }
    }
}

/// The table of a version, with the same scope as the events: the role that reads sees the videos it was told, and none
/// without being told. Everything in it is a number or a name made here.
fn definition(version: &Version) -> String {
    let (table, kind) = (version.table(), version.vector_type());
    format!(
        "CREATE TABLE {table} (
    event_id   bigint NOT NULL,
    video_id   bigint NOT NULL,
    seen       bigint NOT NULL,  -- the row version (xmin) of the event that was embedded
    hash       bytea NOT NULL,   -- of the document
    embedding  {kind},           -- NULL: the document says nothing that the model knows
    PRIMARY KEY (video_id, event_id)
);
ALTER TABLE {table} ALTER embedding SET STATISTICS 0, ALTER hash SET STATISTICS 0,
    ALTER event_id SET STATISTICS 10, ALTER video_id SET STATISTICS 10, ALTER seen SET STATISTICS 10;
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY askline_everybody ON {table} USING (true) WITH CHECK (true);
CREATE POLICY askline_scope ON {table} AS RESTRICTIVE FOR SELECT USING (
    (SELECT CASE coalesce(current_setting('askline.video_ids', true), '')
                WHEN '' THEN current_user <> 'askline_reader'
                ELSE current_setting('askline.video_ids', true) = '*'
            END)
    OR video_id = ANY ((SELECT string_to_array(
        nullif(nullif(current_setting('askline.video_ids', true), '*'), ''), ',')::bigint[])::bigint[])
);
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'askline_reader') THEN
        GRANT SELECT ON {table} TO askline_reader;
    END IF;
END
$$"
    )
}

fn version(row: &PgRow) -> Result<Version, sqlx::Error> {
    Ok(Version {
        id: row.try_get(0)?,
        space: Space { model: row.try_get(1)?, dimensions: row.try_get::<i32, _>(2)?.unsigned_abs() as usize },
        template: row.try_get(3)?,
        halved: row.try_get(4)?,
        replaces: row.try_get(5)?,
        served: row.try_get(6)?,
    })
}

/// To its end, even if nobody waits for it any more: a COPY that is left halfway spoils its connection for the next one.
async fn whole<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(error) => Err(StoreError::Rejected { message: format!("a piece of the index was given up: {error}") }),
    }
}

fn broken(error: sqlx::Error) -> StoreError {
    StoreError::from_sqlx(&error, Duration::ZERO)
}
