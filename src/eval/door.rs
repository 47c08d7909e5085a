//! The door that a suite's SQL goes through: the one a model's goes through, with its allow-list and its row scope.

use crate::{
    sql::{
        Scope,
        admit::{Refusal, admit, admit_unscoped},
        catalog::Catalog,
    },
    store::{Snapshot, StoreError, TextTable},
};

/// What statements of one case may name, and whose rows they see.
#[derive(Debug, Clone)]
pub struct Door<'a> {
    catalog: &'a Catalog,
    scope: Option<Scope>,
}

/// Why a suite's statement gave no rows.
#[derive(Debug, thiserror::Error)]
pub enum NotRun {
    #[error("it is refused: {0}")]
    Refused(#[from] Refusal),
    #[error("it does not run: {0}")]
    Store(#[from] StoreError),
}

impl<'a> Door<'a> {
    /// To our tables: the rows of one video, whatever the statement says itself.
    pub fn to_video(catalog: &'a Catalog, video: i64) -> Self {
        Self { catalog, scope: Some(Scope::video(video)) }
    }

    /// To another database, whose catalog names no scope.
    pub fn to_all(catalog: &'a Catalog) -> Self {
        Self { catalog, scope: None }
    }

    /// Admits a statement and runs it.
    ///
    /// # Errors
    /// [`NotRun`].
    pub async fn table(&self, snapshot: &mut Snapshot, sql: &str) -> Result<TextTable, NotRun> {
        let admitted = match &self.scope {
            Some(scope) => admit(sql, self.catalog, scope)?,
            None => admit_unscoped(sql, self.catalog)?,
        };
        Ok(snapshot.query(&admitted.rows()).await?)
    }
}

impl NotRun {
    /// What the statement is to blame for; the error if it is the database.
    ///
    /// # Errors
    /// The database cannot be asked at all.
    pub fn of_statement(self) -> Result<Self, StoreError> {
        match self {
            Self::Store(error @ (StoreError::Unreachable(_) | StoreError::Busy)) => Err(error),
            other => Ok(other),
        }
    }
}
