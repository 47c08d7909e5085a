//! Ranges of the video's own time.

mod behind;
mod english;

use super::{Finest, ItemKind, N, Range, Work};
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::bounds::{above, below};
use crate::question::grammar::ends::{separator, trailing};
use crate::question::number::Numeral;
use crate::question::reading::{Cond, Signal};
use behind::behind_the_time;
use english::before_the_time;

pub(super) fn read(work: &mut Work<'_>) {
    halves(work);
    let mut i = 0;
    while i < work.len() {
        let next = if work.english() { before_the_time(work, i) } else { behind_the_time(work, i) };
        i = next.unwrap_or(i) + 1;
    }
}

/// 전반부, "the second half of the video".
fn halves(work: &mut Work<'_>) {
    for i in 0..work.len() {
        let first = match work.concept(i) {
            Some(Concept::RelFirstHalf) => true,
            Some(Concept::RelSecondHalf) => false,
            _ => continue,
        };
        // 20대 후반: of an age, not of the video.
        if i > 0 && matches!(work.what(i - 1), Some(N::Amount { unit: Concept::UnitDecade, .. })) {
            work.unclear(i);
            continue;
        }
        match work.question.video.duration {
            Some(length) => {
                let middle = length / 2.0;
                let bounds = if first { below(middle, false) } else { above(middle, true) };
                let end = if work.english() { i + 1 } else { trailing(work, i + 1) };
                work.put(i, i..end, ItemKind::Time, Cond::Time(bounds));
            }
            None => no_length(work, i..i + 1),
        }
    }
}

/// Two times with what joins them; a bare number takes the other's unit.
fn two_times(work: &Work<'_>, a: usize, joined: bool) -> Option<(f64, f64, usize)> {
    let (first, first_scale, mut at) = time_or_number(work, a)?;
    if work.nodes[a].used {
        return None;
    }
    while is_mark(work, at)
        || work.is_neutral(at) && work.english() && !matches!(work.text(at), "in" | "at" | "on" | "to")
    {
        at += 1;
    }
    // "and" joins a range only behind "between"; 와 only where 사이 follows.
    let conjunction = matches!(work.concept(at), Some(Concept::LogicAnd)) || matches!(work.josa(at), Some(Josa::And));
    let mut at = separator(work, at)?;
    while work.is_neutral(at) || is_mark(work, at) {
        at += 1;
    }
    let (second, second_scale, end) = time_or_number(work, at)?;
    if first_scale.is_none() && second_scale.is_none() {
        return None;
    }
    let closes = matches!(work.concept(end), Some(Concept::RelBetween)) || work.is(end + 1, Concept::RelBetween);
    if conjunction && !closes && !(joined && work.english()) {
        return None;
    }
    // 10분에 15분: "at", not "from", unless the second closes the range.
    let until = matches!(work.josa(end), Some(Josa::Until)) || work.is(end, Concept::RelTo);
    let only_at = !work.english() && (a..at).any(|k| matches!(work.text(k), "에")) && !closes && !until;
    if only_at {
        return None;
    }
    let from = first * first_scale.or(second_scale).unwrap_or(1.0);
    let to = second * second_scale.or(first_scale).unwrap_or(1.0);
    (from <= to).then_some((from, to, end))
}

/// A moment (scale 1 once its unit is in), or a number that still lacks its unit.
fn time_or_number(work: &Work<'_>, i: usize) -> Option<(f64, Option<f64>, usize)> {
    match work.what(i)? {
        N::Moment { seconds, finest, colon, .. } => {
            let scale = match (colon, finest) {
                (true, _) | (_, Finest::Second) => 1.0,
                (_, Finest::Minute) => 60.0,
                (_, Finest::Hour) => 3600.0,
            };
            Some((seconds / scale, Some(scale), i + 1))
        }
        N::Number { value, numeral: Numeral::Digits | Numeral::Sino } => Some((*value, None, i + 1)),
        _ => None,
    }
}

fn one_time(work: &Work<'_>, i: usize) -> Option<(f64, Finest, usize)> {
    match work.what(i)? {
        N::Moment { seconds, finest, .. } if !work.nodes[i].used => Some((*seconds, *finest, i + 1)),
        _ => None,
    }
}

fn first_or_last(work: &mut Work<'_>, i: usize, range: Range, first: bool, length: f64) {
    if first {
        work.put(i, range, ItemKind::Time, Cond::Time(below(length, false)));
    } else if let Some(whole) = work.question.video.duration {
        work.put(i, range, ItemKind::Time, Cond::Time(above(whole - length, true)));
    } else {
        no_length(work, range);
    }
}

fn no_length(work: &mut Work<'_>, range: Range) {
    work.signal(Signal::LengthUnknown);
    work.consume_all(range);
}

/// Whether a comparison stands next to the length at `i`: then it measures the event, not the video.
fn comparison_near(work: &Work<'_>, i: usize) -> bool {
    let is_comparison = |k: usize| {
        matches!(
            work.concept(k),
            Some(Concept::CmpGe | Concept::CmpGt | Concept::CmpLe | Concept::CmpLt | Concept::CmpEq)
        )
    };
    let mut next = i + 1;
    while matches!(work.what(next), Some(N::Neutral | N::Josa(Josa::Role | Josa::Than))) {
        next += 1;
    }
    let before = work.before_neutral(i);
    is_comparison(next) || before.is_some_and(is_comparison)
}

/// "mark", "point", 지점: the moment itself.
fn is_mark(work: &Work<'_>, i: usize) -> bool {
    let text = work.text(i);
    matches!(text, "mark" | "marks" | "point" | "points" | "minute-mark" | "marker" | "markers")
        || text.starts_with("지점")
        || text.starts_with("시점")
}
