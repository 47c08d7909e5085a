//! STAND-IN, replaced by the store branch.
use crate::{answer::Answer, question::Video, sql::Query};
use std::{path::PathBuf, time::Duration};
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub database_url: Option<String>,
    pub data_dir: PathBuf,
    pub pg_bin: Option<PathBuf>,
    pub engine: Which,
    pub pool_size: u32,
}
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which {
    #[default]
    Auto,
    Embedded,
    Native,
}
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub timeout: Duration,
}
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    #[error("busy")]
    Busy,
    #[error("timed out")]
    TimedOut { after: Duration },
    #[error("too costly")]
    TooCostly { cost: f64, limit: f64 },
    #[error("too many")]
    TooMany { limit: usize },
    #[error("rejected {message}")]
    Rejected { message: String },
    #[error("zone")]
    BadTimezone { video: i64, timezone: String },
}
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("bad url {0}")]
    BadUrl(String),
}
#[derive(Debug, Clone)]
pub struct Reader;
#[derive(Debug, Clone)]
pub struct Writer;
#[derive(Debug, Clone)]
pub struct Store;
impl Store {
    pub async fn open(_s: &Settings) -> Result<Self, OpenError> {
        Ok(Self)
    }
    pub fn reader(&self) -> Reader {
        Reader
    }
    pub fn writer(&self) -> Writer {
        Writer
    }
}
impl Reader {
    pub async fn run(&self, _q: &Query, _l: Limits) -> Result<Answer, StoreError> {
        Err(StoreError::Unreachable(String::new()))
    }
    pub async fn video(&self, _id: i64) -> Result<Option<Video>, StoreError> {
        Err(StoreError::Unreachable(String::new()))
    }
    pub async fn videos(&self) -> Result<Vec<Video>, StoreError> {
        Ok(Vec::new())
    }
    pub async fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
impl Writer {
    pub async fn load_sample(&self) -> Result<(), StoreError> {
        Ok(())
    }
}
