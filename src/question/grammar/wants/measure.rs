//! Averages, sums, the largest and smallest of a length, an age, a confidence.

use super::words::{asks_amount_of_time, consume_length_words, unit};
use crate::question::concept::Concept;
use crate::question::grammar::Work;
use crate::question::reading::{Aggregate, Measure, Scalar, Unit, Wants};

/// Averages, sums, the largest and smallest of a length, an age, a confidence.
pub(super) fn measure(work: &mut Work<'_>) -> Option<Wants> {
    let (aggregate, of, unit) = aggregate(work)?;
    Some(Wants::Scalar(Scalar::Measure { aggregate, of, unit }))
}

pub(super) fn aggregate(work: &mut Work<'_>) -> Option<(Aggregate, Measure, Unit)> {
    let asks_length =
        asks_amount_of_time(work) || work.has(|c| matches!(c, Concept::AskHowLong | Concept::ColumnDuration));
    let in_units = (0..work.len())
        .any(|i| matches!(work.concept(i), Some(Concept::UnitSecond | Concept::UnitMinute | Concept::UnitHour)));
    let asks_age =
        work.has(|c| matches!(c, Concept::AskHowOld | Concept::ColumnAge)) || work.has(|c| c == Concept::UnitYear);
    let confidence = work.has(|c| c == Concept::ColumnConfidence);
    let measured = |work: &Work<'_>| {
        if confidence && !asks_age {
            Some(Measure::Confidence)
        } else if asks_age {
            Some(Measure::Age)
        } else if asks_length || in_units || work.has(|c| c == Concept::ColumnTime) {
            Some(Measure::Duration)
        } else {
            None
        }
    };
    let at = |work: &Work<'_>, f: &dyn Fn(Concept) -> bool| work.find(f);
    let (found, aggregate, of) = if let Some(i) = at(work, &|c| c == Concept::StatAverage) {
        (i, Aggregate::Average, measured(work)?)
    } else if let Some(i) = at(work, &|c| matches!(c, Concept::SupLongest | Concept::SupShortest)) {
        // The longest event, or how long the longest was.
        if !(asks_amount_of_time(work)
            || work.has(|c| c == Concept::AskHowLong)
            || work.english() && work.has(|c| c == Concept::ColumnDuration)
            || in_units && work.english())
        {
            return None;
        }
        (i, if work.is(i, Concept::SupLongest) { Aggregate::Max } else { Aggregate::Min }, Measure::Duration)
    } else if let Some(i) = at(work, &|c| matches!(c, Concept::SupOldest | Concept::SupYoungest)) {
        if !asks_age {
            return None;
        }
        (i, if work.is(i, Concept::SupOldest) { Aggregate::Max } else { Aggregate::Min }, Measure::Age)
    } else if let Some(i) = at(work, &|c| matches!(c, Concept::SupMostCertain | Concept::SupLeastCertain)) {
        if !(confidence || work.has(|c| matches!(c, Concept::AskHowMany | Concept::UnitPercent | Concept::AskHowMuch)))
            || work.has(|c| matches!(c, Concept::AskWhat | Concept::AskWhen | Concept::Event))
        {
            return None;
        }
        (i, if work.is(i, Concept::SupMostCertain) { Aggregate::Max } else { Aggregate::Min }, Measure::Confidence)
    } else if let Some(i) = at(work, &|c| matches!(c, Concept::StatMax | Concept::StatMin)) {
        (i, if work.is(i, Concept::StatMax) { Aggregate::Max } else { Aggregate::Min }, measured(work)?)
    } else if let Some(i) = at(work, &|c| c == Concept::StatTotal) {
        let time = (0..work.len())
            .any(|k| work.text(k) == "time" || work.text(k) == "times" && work.is(k, Concept::ColumnTime));
        if !(asks_length || in_units || time) || confidence || asks_age {
            return None;
        }
        (i, Aggregate::Sum, Measure::Duration)
    } else {
        return None;
    };
    let unit = unit(work);
    work.consume(found);
    work.take_all(&[
        Concept::StatAverage,
        Concept::StatTotal,
        Concept::StatMax,
        Concept::StatMin,
        Concept::SupLongest,
        Concept::SupShortest,
        Concept::SupOldest,
        Concept::SupYoungest,
        Concept::SupMostCertain,
        Concept::SupLeastCertain,
        Concept::SupMost,
        Concept::ColumnAge,
        Concept::AskHowOld,
        Concept::ColumnConfidence,
        Concept::UnitYear,
        Concept::UnitPercent,
        Concept::ColumnTime,
    ]);
    if of == Measure::Duration {
        consume_length_words(work);
    }
    Some((aggregate, of, if of == Measure::Duration { unit } else { Unit::Native }))
}
