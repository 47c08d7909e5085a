//! Keeps an index up to date while something else goes on.

use std::time::Duration;

use super::{IndexError, Indexer, Plan};
use crate::store::VectorError;

/// How often the events are looked at for changes: a short question to the server's statistics.
const LOOK: Duration = Duration::from_secs(2);
/// After something went wrong.
const PAUSE: Duration = Duration::from_secs(30);

/// Indexes what is loaded, for as long as it is awaited. What is paid is only kept up to date, never begun: that is for
/// `askline index`.
pub async fn keep(indexer: Indexer) {
    let mut known = None;
    loop {
        let pause = match look(&indexer, &mut known).await {
            Ok(()) => LOOK,
            Err(IndexError::Vectors(VectorError::NoPgvector { why })) => {
                tracing::info!(why, "no search by meaning with this database");
                return;
            }
            Err(IndexError::Vectors(VectorError::Taken)) => LOOK,
            Err(error) => {
                tracing::warn!(%error, "the index for search by meaning was not brought up to date");
                PAUSE
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// `known`: how many changes there were when the index was last brought up to date.
async fn look(indexer: &Indexer, known: &mut Option<i64>) -> Result<(), IndexError> {
    let changes = indexer.vectors.changes().await?;
    if *known == Some(changes) {
        return Ok(());
    }
    if indexer.paid {
        let begun = indexer.vectors.find(indexer.embedder.space(), &indexer.template.hash(), false).await?;
        if begun.is_none() {
            return Ok(());
        }
    }
    let report = indexer.run(&Plan::default(), |_| {}).await?;
    *known = Some(changes);
    let (new, changed, removed) = (report.new, report.changed, report.removed);
    if new + changed + removed > 0 || report.switched {
        tracing::info!(new, changed, removed, tokens = report.tokens, "indexed for search by meaning");
    }
    Ok(())
}
