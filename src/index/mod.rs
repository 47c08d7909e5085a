//! The index for search by meaning: every event as one document, every document as one vector.

mod background;
pub mod document;
mod embeddings;
pub mod knowledge_base;
mod stale;

pub use self::{
    background::keep,
    document::{Detail, Template},
    embeddings::{Forecast, IndexError, Indexer, Plan, Progress, Report},
};
