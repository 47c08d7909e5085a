//! Cases that only descriptions answer: their relevant events, and how well a ranking has them.

use std::collections::BTreeMap;

use super::{
    record::Retrieval,
    retrieval::{Measures, measures},
};
use crate::{
    answer::{Answer, Hits},
    sql::Query,
    store::{Snapshot, StoreError},
};

/// Which of the relevant events the video does not have.
pub async fn missing(
    snapshot: &mut Snapshot,
    video: i64,
    relevant: &BTreeMap<i64, u32>,
) -> Result<Vec<i64>, StoreError> {
    let found = snapshot.query(&Query::events_there(video, relevant.keys().copied().collect())).await?;
    let there: Vec<&str> = found.rows.iter().flatten().flatten().map(String::as_str).collect();
    Ok(relevant.keys().copied().filter(|id| !there.contains(&id.to_string().as_str())).collect())
}

/// How well the events of an answer, in their order, have the relevant ones. What is no list of events has none.
pub fn retrieval(relevant: &BTreeMap<i64, u32>, answer: &Answer) -> Retrieval {
    let grades: BTreeMap<String, i64> =
        relevant.iter().map(|(id, grade)| (id.to_string(), i64::from(*grade))).collect();
    let ranked: Vec<String> = match answer {
        Answer::Events(events) | Answer::Hits(Hits { events, .. }) => {
            events.ids.iter().map(ToString::to_string).collect()
        }
        Answer::Scalar(_) | Answer::Groups(_) => Vec::new(),
    };
    let ranked: Vec<&str> = ranked.iter().map(String::as_str).collect();
    let Measures { recall_5, recall_10, mrr, ndcg_10 } = measures(&grades, &ranked);
    Retrieval { recall_at_5: recall_5, recall_at_10: recall_10, mrr, ndcg_at_10: ndcg_10 }
}
