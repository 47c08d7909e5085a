//! Cases that only descriptions answer: their relevant events, and how well a ranking has them.

use std::collections::BTreeMap;

use super::record::Retrieval;
use crate::{
    answer::Answer,
    store::{Snapshot, StoreError},
};

/// Which of the relevant events the video does not have.
pub async fn missing(
    snapshot: &mut Snapshot,
    video: i64,
    relevant: &BTreeMap<i64, u32>,
) -> Result<Vec<i64>, StoreError> {
    let ids: Vec<String> = relevant.keys().map(ToString::to_string).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT id FROM db_event WHERE video_id = {video} AND id IN ({})", ids.join(", "));
    let found = snapshot.table(&sql, &[]).await?;
    let there: Vec<&str> = found.rows.iter().flatten().flatten().map(String::as_str).collect();
    Ok(relevant.keys().copied().filter(|id| !there.contains(&id.to_string().as_str())).collect())
}
