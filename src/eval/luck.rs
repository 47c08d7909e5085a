//! False passes: answers that are right on the data, and wrong on a changed copy of it.

use std::collections::BTreeMap;

use super::{
    case::{AskedKind, Expected},
    door::Door,
    judge::{Gold, Predicted, judge},
    mutate,
    record::Verdict,
    result,
    run::{Asked, Plan, mode},
    table::Table,
};
use crate::{
    sql::Query,
    store::{Store, StoreError},
};

/// Runs gold and prediction of every right answer again on `n` changed copies a video, and notes on the records where
/// they differ. Leaves no trace in the database.
///
/// # Errors
/// The store's, where a copy cannot be made. A statement that fails on a copy says nothing, and is not noted.
pub async fn hunt(store: &Store, plan: &Plan<'_>, asked: &mut [Asked], n: usize) -> Result<(), StoreError> {
    let mut by_video: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (at, one) in asked.iter().enumerate() {
        if one.record.verdict == Verdict::Right && one.query.is_some() && one.record.gold_sql.is_some() {
            by_video.entry(one.record.video_id).or_default().push(at);
        }
    }
    for (video, of) in by_video {
        let door = Door::to_video(plan.catalog, video);
        let mut statements = Vec::new();
        for at in &of {
            let one = &asked[*at];
            statements.extend(one.record.gold_sql.as_deref().map(|sql| (sql, &[][..])));
            statements.extend(one.query.as_ref().map(|query| (query.text(), query.binds())));
        }
        for mutant in mutate::shared(video, &statements, n) {
            let mut copy = store.changed(&mutant.changes, plan.limits).await?;
            let mut lucky = Vec::new();
            for at in &of {
                let one = &asked[*at];
                let case = &plan.suites[one.place.suite].cases[one.place.case];
                let Expected::Sql { kind, sql, ordered, .. } = &case.expected else { continue };
                let Some(query) = &one.query else { continue };
                let Ok(gold) = result::gold(&mut copy, &door, *kind, sql, *ordered).await else { continue };
                let Ok(predicted) = copy.query(&brief(query, *kind)).await else { continue };
                let predicted = result::of_text(&predicted);
                let predicted = if *kind == AskedKind::Scalar { result::one_value(predicted) } else { predicted };
                if differs(&gold, predicted, *kind, *ordered) {
                    lucky.push(*at);
                }
            }
            copy.close().await;
            for at in lucky {
                asked[at].record.lucky.push(mutant.name.clone());
            }
        }
    }
    Ok(())
}

/// Events are told apart by their ids, in their order: their other columns need not be sent.
fn brief(query: &Query, kind: AskedKind) -> Query {
    if kind == AskedKind::Events { query.ids() } else { query.clone() }
}

fn differs(gold: &Gold, predicted: Table, kind: AskedKind, ordered: bool) -> bool {
    // A gold that is no longer of its kind on this copy says nothing.
    judge(mode(kind), ordered, std::slice::from_ref(gold), &Predicted::Table(predicted)).is_ok_and(|v| !v.right)
}
