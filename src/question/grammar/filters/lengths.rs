//! How long an event lasted.

use super::compare::{compared, comparison, context, two_values};
use crate::question::concept::Concept;
use crate::question::grammar::bounds::closed;
use crate::question::grammar::{Finest, ItemKind, N, Work};
use crate::question::reading::Cond;

/// Lengths with a comparison; read before the video's time, which would take the bare moments.
pub(in crate::question::grammar) fn lengths(work: &mut Work<'_>) {
    lend_units(work);
    for i in 0..work.len() {
        let Some(N::Moment { seconds, colon: false, .. }) = work.what(i).cloned() else { continue };
        if work.nodes[i].used {
            continue;
        }
        let column = context(work, i, |c| c == Concept::ColumnDuration);
        if column.is_some()
            && let Some((from, to, end)) = two_values(work, i, moment_value)
        {
            let start = column.unwrap_or(i);
            work.put(i, start..end, ItemKind::Duration, Cond::Duration(closed(from, to)));
            continue;
        }
        // "up to the five-minute mark", "up to minute seven": the video's time.
        if work.english() && (work.text(i).starts_with("minute") || work.text(i).starts_with("second ")) {
            continue;
        }
        if matches!(work.text(i + 1), "mark" | "marks" | "point" | "points" | "지점" | "시점") {
            continue;
        }
        if let Some((comparison, start, end)) = comparison(work, i) {
            // "more than 10 minutes in": the video's time.
            if work.english() && matches!(work.text(end), "in" | "into") {
                continue;
            }
            work.put(i, start..end, ItemKind::Duration, Cond::Duration(compared(comparison, seconds)));
            if let Some(k) = column {
                work.consume(k);
            }
            for k in [start.wrapping_sub(1), end] {
                if matches!(work.concept(k), Some(Concept::RelDuring | Concept::ColumnDuration)) {
                    work.consume(k);
                }
            }
        }
    }
}

/// "at least 2 and at most 5 minutes": the first number has the second one's unit.
fn lend_units(work: &mut Work<'_>) {
    let compares = |work: &Work<'_>, k: usize| {
        matches!(work.concept(k), Some(Concept::CmpGe | Concept::CmpGt | Concept::CmpLe | Concept::CmpLt))
    };
    for i in 1..work.len() {
        let Some(N::Number { value, .. }) = work.what(i).cloned() else { continue };
        if !compares(work, i - 1) || !matches!(work.concept(i + 1), Some(Concept::LogicAnd)) {
            continue;
        }
        let mut k = i + 2;
        k = work.past_neutral(k);
        if compares(work, k)
            && let Some(N::Moment { finest, colon: false, .. }) = work.what(k + 1)
        {
            let (scale, finest) = match finest {
                Finest::Hour => (3600.0, Finest::Hour),
                Finest::Minute => (60.0, Finest::Minute),
                Finest::Second => (1.0, Finest::Second),
            };
            work.nodes[i].what = N::Moment { seconds: value * scale, finest, colon: false, clock: None };
        }
    }
}

fn moment_value(n: &N) -> Option<f64> {
    match n {
        N::Moment { seconds, .. } => Some(*seconds),
        _ => None,
    }
}
