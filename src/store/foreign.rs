//! Databases that are not ours: looked at through snapshots, and nothing is made or brought up to date in them.

use std::time::Duration;

use sqlx::{Connection, PgPool};

use super::{OpenError, Place, Snapshot, Store, StoreError, connect, place, pool, reader::Limits};

/// A server's database, read only.
pub struct Foreign {
    pool: PgPool,
    limits: Limits,
}

impl Store {
    /// Connects to somebody else's database. No migration is run and no role is made: statements run as the login
    /// itself, in read-only transactions.
    ///
    /// # Errors
    /// [`OpenError::BadUrl`], [`OpenError::Unreachable`].
    pub async fn foreign(url: &str, limits: Limits) -> Result<Foreign, OpenError> {
        let place::Server { options, .. } = place::start(&Place::Url(url.to_owned()), 1).await?;
        let options = sqlx::ConnectOptions::disable_statement_logging(options).application_name("askline");
        // A pool does not tell why it has no connection.
        let conn = connect(&options, Duration::from_secs(5)).await?;
        let _ = conn.close().await;
        Ok(Foreign { pool: pool(&options, 2), limits })
    }
}

impl Foreign {
    /// The data as it is now.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] or [`StoreError::Busy`]: no connection.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let mut snapshot = Snapshot::begin(&self.pool, self.limits).await?;
        snapshot.settle(false).await?;
        Ok(snapshot)
    }

    pub async fn close(&self) {
        self.pool.close().await;
    }
}
