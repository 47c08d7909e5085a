//! 30세 이상, "in their twenties", "men over 72", 20~30대, minors.

use super::compare::{Comparison, compared, comparison, context, prefix_of_range, two_values};
use crate::question::Lang;
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::bounds::{above, below, closed};
use crate::question::grammar::ends::{separator, trailing};
use crate::question::grammar::{Finest, ItemKind, N, Work};
use crate::question::number::Numeral;
use crate::question::reading::{Bound, Bounds, Cond};

/// 30세 이상, "in their twenties", "men over 72", 20~30대, minors.
pub(super) fn ages(work: &mut Work<'_>) {
    english_decades(work);
    for i in 0..work.len() {
        if work.nodes[i].used {
            continue;
        }
        let column = context(work, i, |c| c == Concept::ColumnAge);
        match work.what(i).cloned() {
            Some(N::Amount { value, upto, unit: Concept::UnitDecade }) => {
                decade(work, i, i, value, upto.unwrap_or(value))
            }
            Some(N::Amount { value, unit: Concept::UnitYear, .. }) => years(work, i, value, column),
            Some(N::Number { value, .. }) => {
                // 20~30대, 20에서 30대
                let behind = separator(work, i).map_or(i + 1, |k| k).max(i + 1);
                let listed = work.punct(i + 1, ",·") || separator(work, i + 1).is_some();
                let next = separator(work, i + 1).unwrap_or(behind + usize::from(work.punct(i + 1, ",·")));
                if listed
                    && let Some(N::Amount { value: to, upto, unit: Concept::UnitDecade }) = work.what(next).cloned()
                    && value >= 10.0
                    && value % 10.0 == 0.0
                {
                    decade(work, next, i, value, upto.unwrap_or(to));
                } else if column.is_some()
                    || of_a_person(work, i)
                    || matches!(work.what(i), Some(N::Number { numeral: Numeral::Native, .. })) && value >= 20.0
                    || matches!(
                        separator(work, i + 1).and_then(|k| work.what(k)),
                        Some(N::Amount { unit: Concept::UnitYear, .. })
                    )
                {
                    years(work, i, value, column);
                }
            }
            _ => {}
        }
    }
    for i in 0..work.len() {
        let korean = work.question.lang == Lang::Ko;
        let bounds = match work.concept(i) {
            Some(Concept::AgeMinor) => below(if korean { 19.0 } else { 18.0 }, false),
            Some(Concept::AgeAdult) => above(if korean { 19.0 } else { 18.0 }, true),
            Some(Concept::AgeElderly) => above(65.0, true),
            Some(Concept::AgeTeen) => decade_bounds(if korean { 10.0 } else { 13.0 }, 10.0),
            Some(Concept::Decade(from)) => decade_bounds(f64::from(from), f64::from(from)),
            _ => continue,
        };
        // "in her twenties": who, not where.
        work.put(i, i..i + 1, ItemKind::Age, Cond::Age(bounds));
    }
    // "in their twenties or thirties" with "aged" before it
    for i in 0..work.len() {
        if work.is(i, Concept::ColumnAge) && (i..(i + 4).min(work.len())).any(|k| work.is_kind(k, ItemKind::Age)) {
            work.consume(i);
        }
    }
}

/// "20s" behind "their", "his", "her" is a decade, not twenty seconds.
fn english_decades(work: &mut Work<'_>) {
    for i in 1..work.len() {
        let owner = matches!(work.text(i - 1), "their" | "his" | "her" | "the" | "or" | "and" | "-" | "early" | "late")
            || work.text(i - 1) == "in";
        let decade = match work.what(i) {
            Some(N::Moment { seconds, finest: Finest::Second, colon: false, .. })
                if work.text(i).ends_with("0s") || work.text(i).ends_with("0's") =>
            {
                Some(*seconds)
            }
            Some(N::Number { value, .. })
                if matches!(work.text(i + 1), "s" | "'s") && !work.nodes.get(i + 1).is_some_and(|n| n.spaced) =>
            {
                Some(*value)
            }
            _ => None,
        };
        if let Some(value) = decade
            && owner
            && work.english()
            && value % 10.0 == 0.0
            && (10.0..=90.0).contains(&value)
        {
            if matches!(work.what(i), Some(N::Number { .. })) {
                work.consume(i + 1);
            }
            work.put(i, i..i + 1, ItemKind::Age, Cond::Age(decade_bounds(value, value)));
        }
    }
}

fn decade(work: &mut Work<'_>, last: usize, first: usize, from: f64, to: f64) {
    // 20대에서 40대, 20대부터 30대까지
    if let Some(k) = separator(work, last + 1)
        && let Some(N::Amount { value, unit: Concept::UnitDecade, .. }) = work.what(k).cloned()
        && value >= from
        && !matches!(work.josa(last + 1), Some(Josa::And))
    {
        let end = trailing(work, k + 1);
        work.put(first, first..end, ItemKind::Age, Cond::Age(decade_bounds(from, value)));
        return;
    }
    let (bounds, start, end) = match comparison(work, last) {
        Some((Comparison::Ge, start, end)) => (above(from, true), start, end),
        Some((Comparison::Gt, start, end)) => (above(to + 10.0, true), start, end),
        Some((Comparison::Le, start, end)) => (below(to + 10.0, false), start, end),
        Some((Comparison::Lt, start, end)) => (below(from, false), start, end),
        None => (decade_bounds(from, to), last, last + 1),
    };
    work.put(first, first.min(start)..end, ItemKind::Age, Cond::Age(bounds));
}

fn decade_bounds(from: f64, to: f64) -> Bounds {
    let high = if from == 13.0 { 20.0 } else { to + 10.0 };
    Bounds { low: Some(Bound { value: from, inclusive: true }), high: Some(Bound { value: high, inclusive: false }) }
}

fn years(work: &mut Work<'_>, i: usize, value: f64, column: Option<usize>) {
    if let Some((from, to, end)) = two_values(work, i, |n| match n {
        N::Amount { value, unit: Concept::UnitYear, .. } | N::Number { value, .. } => Some(*value),
        _ => None,
    }) {
        let start = prefix_of_range(work, i);
        let end = if work.is(end, Concept::UnitYear) { end + 1 } else { end };
        work.put(i, start..end, ItemKind::Age, Cond::Age(closed(from, to)));
    } else if let Some((comparison, start, end)) = comparison(work, i) {
        let end = if work.is(end, Concept::UnitYear) { end + 1 } else { end };
        work.put(i, start..end, ItemKind::Age, Cond::Age(compared(comparison, value)));
    } else {
        return;
    }
    if let Some(k) = column {
        work.consume(k);
    }
}

/// A bare number that says a person's age: "men over 72", "anyone under 30", "older than 30".
fn of_a_person(work: &Work<'_>, i: usize) -> bool {
    let Some((_, start, end)) = comparison(work, i) else { return false };
    let aged = (start..end).any(|k| {
        let text = work.text(k);
        text.contains("old") || text.contains("young") || text.contains("aged")
    });
    let person = |k: usize| {
        matches!(work.concept(k), Some(Concept::Person | Concept::Gender(_) | Concept::Agent(_) | Concept::AgeAdult))
    };
    let before = work.before_neutral(start);
    aged || before.is_some_and(person)
        && !matches!(work.what(end), Some(N::Concept(Concept::UnitTimes | Concept::Event)))
}
