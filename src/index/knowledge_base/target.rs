//! Where documents go: straight into a knowledge base, or into a bucket that a data source of it reads.

use std::time::Duration;

use serde_json::json;

use crate::{
    bedrock::{Bucket, DataSource, Document, Told},
    model::{ErrorKind, ModelError},
    store::Remembered,
};

pub enum Target {
    Direct(DataSource),
    Bucket { source: DataSource, bucket: Bucket },
}

impl Target {
    pub fn source(&self) -> &DataSource {
        match self {
            Self::Direct(source) | Self::Bucket { source, .. } => source,
        }
    }

    /// As the service names it; [`event_of`] reads it.
    pub(super) fn id(&self, one: Remembered) -> String {
        let Remembered { video_id, event_id } = one;
        match self {
            Self::Direct(_) => format!("video-{video_id}-event-{event_id}"),
            Self::Bucket { bucket, .. } => bucket.uri(&format!("video-{video_id}/event-{event_id}.txt")),
        }
    }

    /// What the service says of those it says something of.
    pub(super) async fn put(
        &self,
        documents: &[Document],
        token: &str,
        limit: Duration,
    ) -> Result<Vec<Told>, ModelError> {
        match self {
            Self::Direct(source) => source.ingest(documents, token, limit).await,
            Self::Bucket { bucket, .. } => {
                for document in documents {
                    let key = key(bucket, &document.id);
                    let beside = json!({"metadataAttributes": document.metadata}).to_string();
                    // What it says of itself first: a job may begin at any time.
                    bucket.put(&format!("{key}{BESIDE}"), "application/json", &beside, limit).await?;
                    bucket.put(key, "text/plain; charset=utf-8", &document.text, limit).await?;
                }
                Ok(Vec::new())
            }
        }
    }

    pub(super) async fn remove(&self, ids: &[String], token: &str, limit: Duration) -> Result<(), ModelError> {
        match self {
            Self::Direct(source) => source.delete(ids, token, limit).await.map(drop),
            Self::Bucket { bucket, .. } => {
                for id in ids {
                    let key = key(bucket, id);
                    bucket.delete(key, limit).await?;
                    bucket.delete(&format!("{key}{BESIDE}"), limit).await?;
                }
                Ok(())
            }
        }
    }
}

const BESIDE: &str = ".metadata.json";

/// Below the folder of the bucket.
fn key<'a>(bucket: &Bucket, id: &'a str) -> &'a str {
    id.strip_prefix(&bucket.uri("")).unwrap_or(id)
}

/// Whether the same request may succeed in a moment.
pub(super) fn is_passing(error: &ModelError) -> bool {
    matches!(error.kind, ErrorKind::Unavailable | ErrorKind::Throttled | ErrorKind::TimedOut | ErrorKind::BadReply)
}
