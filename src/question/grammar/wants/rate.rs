//! How many in a minute or an hour.

use super::count::counted;
use super::words::has_time;
use crate::question::concept::Concept;
use crate::question::grammar::Work;
use crate::question::reading::{Scalar, Wants};

/// 분당, 시간당, "per minute on average".
pub(super) fn rate(work: &mut Work<'_>) -> Option<Wants> {
    let i = work.find(|c| matches!(c, Concept::StatRateMinute | Concept::StatRateHour))?;
    let per = if work.is(i, Concept::StatRateMinute) { 60.0 } else { 3600.0 };
    // "counts per hour", "per hour in the first half" may mean the hours of the clock.
    let average = work.has(|c| matches!(c, Concept::StatAverage | Concept::StatRate))
        || work.text(i).contains("rate")
        || work.text(i).contains("average");
    let counts =
        work.has(|c| matches!(c, Concept::AskCountVerb | Concept::AskCount | Concept::AskHowMany | Concept::GroupVerb));
    if work.english() && !average && (counts || has_time(work)) {
        return None;
    }
    work.consume(i);
    for concept in [
        Concept::StatAverage,
        Concept::StatRate,
        Concept::AskHowMany,
        Concept::AskCount,
        Concept::UnitItem,
        Concept::UnitTimes,
        Concept::AskHowMuch,
    ] {
        if concept != Concept::AskHowMany || !work.has(|c| c == Concept::PersonUnit) {
            work.take(concept);
        }
    }
    let counted = counted(work);
    Some(Wants::Scalar(Scalar::Rate { per, counted }))
}
