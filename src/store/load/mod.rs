//! Loads videos and events from files: everything, or nothing and a list of what is wrong.

mod input;

use std::{path::PathBuf, sync::Arc};

use sqlx::PgPool;

use super::{error::StoreError, videos::VideoCache};

pub use input::{Input, Problem, Problems, Progress, Stage};

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
        "the database already has other videos under the numbers of the sample (1 to 6); use an empty database for it"
    )]
    SampleInTheWay,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Writer {
    pub(super) fn new(pool: PgPool, videos: Arc<VideoCache>, alone: bool) -> Self {
        Self { pool, videos, alone }
    }

    /// Loads the inputs in one transaction. Loading the same again changes nothing.
    ///
    /// # Errors
    /// [`LoadError::Bad`] lists what is wrong in all of them; nothing was loaded then.
    pub async fn load(
        &self,
        inputs: Vec<Input>,
        progress: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Result<Loaded, LoadError> {
        let _ = (inputs, progress, &self.pool, &self.videos, self.alone);
        Err(StoreError::Rejected { message: "loading is not built yet".to_owned() }.into())
    }

    /// Loads the sample data that is part of the program, unless it is there. Returns whether it was loaded now.
    ///
    /// # Errors
    /// [`LoadError::SampleInTheWay`] rather than overwrite somebody's videos.
    pub async fn load_sample(&self) -> Result<bool, LoadError> {
        Err(StoreError::Rejected { message: "loading is not built yet".to_owned() }.into())
    }
}

impl Input {
    /// A file by its path; `-` is standard input.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        if path.as_os_str() == "-" { Self::Stdin } else { Self::File(path) }
    }
}
