//! The approximate index (HNSW) of a version: made once its vectors are there, and only where a video has so many events
//! that looking at each of them would take too long.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection, Row};

use super::{Vectors, Version, broken};
use crate::store::error::StoreError;

/// Up to this many events a search compares with every one of them: some 10 ms, and nothing is missed.
pub const EXACT: i64 = 20_000;

/// What became of the approximate index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Built {
    /// No video has enough events for it.
    NotNeeded,
    AlreadyThere,
    Made,
}

impl Vectors {
    /// Tells the planner about the vectors if there are many new ones (`written`), and makes the approximate index if it is
    /// of use. `progress` is told the share that is done, 0 to 1, where the server says it.
    pub async fn settle(&self, version: &Version, written: u64, progress: impl Fn(f64)) -> Result<Built, StoreError> {
        let table = version.table();
        let known = "SELECT greatest(reltuples, 0)::float8 FROM pg_class WHERE oid = to_regclass($1)";
        let known: f64 = sqlx::query_scalar(known).bind(&table).fetch_one(&self.reading).await.map_err(broken)?;
        if written as f64 > known / 10.0 {
            let analyse = if self.alone { "VACUUM (ANALYZE)" } else { "ANALYZE" };
            let analyse = format!("{analyse} {table}");
            sqlx::raw_sql(AssertSqlSafe(analyse)).execute(&self.writing).await.map_err(broken)?;
        }
        // Every search there compares all: making the graph takes the embedded database far too long.
        if self.alone {
            return Ok(Built::NotNeeded);
        }
        if self.has_graph(version).await? {
            return Ok(Built::AlreadyThere);
        }
        // Of the events, whose table is the smaller one.
        let large = "SELECT EXISTS (SELECT FROM db_event GROUP BY video_id HAVING count(*) > $1)";
        let large: bool = sqlx::query_scalar(large).bind(self.exact).fetch_one(&self.reading).await.map_err(broken)?;
        if !large {
            return Ok(Built::NotNeeded);
        }
        let class = if version.halved { "halfvec_cosine_ops" } else { "vector_cosine_ops" };
        let workers = self.workers().await?;
        let create = format!(
            "SET LOCAL maintenance_work_mem = '1GB'; SET LOCAL max_parallel_maintenance_workers = {workers}; \
             CREATE INDEX {table}_hnsw ON {table} USING hnsw (embedding {class})"
        );
        let building = async {
            let mut conn = self.writing.acquire().await?;
            let mut tx = conn.begin().await?;
            sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut *tx).await?;
            tx.commit().await
        };
        let watching = async {
            loop {
                tokio::time::sleep(Duration::from_millis(500)).await;
                if let Ok(Some(share)) = self.share().await {
                    progress(share);
                }
            }
        };
        tokio::select! {
            built = building => built.map_err(broken)?,
            () = watching => {}
        }
        Ok(Built::Made)
    }

    /// Whether there is an approximate index.
    pub async fn has_graph(&self, version: &Version) -> Result<bool, StoreError> {
        sqlx::query_scalar("SELECT to_regclass($1) IS NOT NULL")
            .bind(format!("{}_hnsw", version.table()))
            .fetch_one(&self.reading)
            .await
            .map_err(broken)
    }

    /// Parallel building of this index is unsafe before pgvector 0.8.2 (CVE-2026-3172).
    async fn workers(&self) -> Result<u32, StoreError> {
        let row = sqlx::query(
            "SELECT string_to_array(extversion, '.')::int[] >= '{0,8,2}' FROM pg_extension WHERE extname = 'vector'",
        )
        .fetch_one(&self.reading)
        .await
        .map_err(broken)?;
        Ok(if row.try_get::<bool, _>(0).map_err(broken)? { 4 } else { 0 })
    }

    async fn share(&self) -> Result<Option<f64>, sqlx::Error> {
        sqlx::query_scalar(
            "SELECT (tuples_done::float8 / nullif(tuples_total, 0)) FROM pg_stat_progress_create_index \
             WHERE datname = current_database() AND phase LIKE 'building index: loading%'",
        )
        .fetch_optional(&self.reading)
        .await
        .map(Option::flatten)
    }
}
