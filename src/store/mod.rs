//! STAND-IN, replaced by the store branch.
use crate::{answer::Answer, question::Video, sql::Query};
use std::{path::PathBuf, time::Duration};
#[derive(Debug, Clone, Default)]
pub struct Settings { pub database_url: Option<String>, pub data_dir: PathBuf, pub pg_bin: Option<PathBuf>, pub engine: Which, pub pool_size: u32 }
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Which { #[default] Auto, Embedded, Native }
#[derive(Debug, Clone, Copy)]
pub struct Limits { pub timeout: Duration }
#[derive(Debug, thiserror::Error)]
pub enum StoreError { #[error("unreachable")] Unreachable, #[error("timed out")] TimedOut, #[error("too costly")] TooCostly, #[error("no tables")] NotMigrated, #[error("refused")] Refused }
#[derive(Debug, Clone)]
pub struct Reader;
#[derive(Debug, Clone)]
pub struct Writer;
#[derive(Debug, Clone)]
pub struct Store;
impl Store {
    pub async fn open(_s: &Settings) -> Result<Self, StoreError> { Ok(Self) }
    pub fn reader(&self) -> Reader { Reader }
    pub fn writer(&self) -> Writer { Writer }
}
impl Reader {
    pub async fn run(&self, _q: &Query, _l: Limits) -> Result<Answer, StoreError> { Err(StoreError::Unreachable) }
    pub async fn video(&self, _id: i64) -> Result<Option<Video>, StoreError> { Err(StoreError::Unreachable) }
    pub async fn videos(&self) -> Result<Vec<Video>, StoreError> { Ok(Vec::new()) }
    pub async fn ready(&self) -> Result<(), StoreError> { Ok(()) }
}
impl Writer {
    pub async fn load_sample(&self) -> Result<(), StoreError> { Ok(()) }
}
