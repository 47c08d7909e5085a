//! Ranges of the video's own time.

use super::clock::{separator, trailing};
use super::{Finest, ItemKind, N, Range, Work};
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::number::Numeral;
use crate::question::reading::{Bound, Bounds, Cond, Signal};

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

/// English: the relation stands before the time.
fn before_the_time(work: &mut Work<'_>, i: usize) -> Option<usize> {
    let concept = work.concept(i);
    if work.text(i) == "once" {
        return once_over(work, i);
    }
    let skip = |work: &Work<'_>, mut k: usize| {
        while work.is_neutral(k) || is_mark(work, k) {
            k += 1;
        }
        k
    };
    match concept {
        Some(Concept::RelBetween | Concept::RelFrom) => {
            let a = skip(work, i + 1);
            if let Some((from, to, end)) = two_times(work, a, true) {
                let end = after_marks(work, end);
                work.put(i, i..end, ItemKind::Time, Cond::Time(closed(from, to)));
                return Some(end - 1);
            }
            if concept == Some(Concept::RelFrom)
                && let Some((from, _, end)) = one_time(work, a)
            {
                let end = trailing(work, after_marks(work, end));
                work.put(i, i..end, ItemKind::Time, Cond::Time(above(from, true)));
                return Some(end - 1);
            }
            None
        }
        Some(Concept::RelAfter | Concept::RelPast | Concept::RelBefore | Concept::RelTo) => {
            let a = skip(work, i + 1);
            // "after the first hour"
            let opening = work.is(a, Concept::RelFirst);
            let closing = work.is(a, Concept::RelLast);
            let (from, _, end) = one_time(work, skip(work, if opening || closing { a + 1 } else { a }))?;
            let end = after_marks(work, end);
            let base = if closing { work.question.video.duration? - from } else { from };
            let bounds = match concept {
                Some(Concept::RelAfter) => above(base, true),
                Some(Concept::RelPast) => above(base, false),
                Some(Concept::RelBefore) => below(base, false),
                _ => below(base, true),
            };
            work.put(i, i..end, ItemKind::Time, Cond::Time(bounds));
            Some(end - 1)
        }
        Some(Concept::RelAbout) => {
            let (at, _, end) = one_time(work, skip(work, i + 1))?;
            let end = after_marks(work, end);
            work.put(i, i..end, ItemKind::Time, Cond::Time(around(at)));
            Some(end - 1)
        }
        Some(Concept::RelFirst | Concept::RelLast) => {
            let a = skip(work, i + 1);
            let (length, end) = match work.what(a) {
                Some(N::Moment { seconds, colon: false, .. }) => (*seconds, a + 1),
                Some(N::Concept(Concept::UnitMinute)) => (60.0, a + 1),
                Some(N::Concept(Concept::UnitHour)) => (3600.0, a + 1),
                _ => return None,
            };
            let end = of_the_video(work, end);
            let start = (0..i)
                .rev()
                .take_while(|k| {
                    work.is_neutral(*k)
                        || matches!(work.concept(*k), Some(Concept::RelDuring | Concept::RelWithin))
                        || matches!(work.text(*k), "over" | "through")
                })
                .last()
                .unwrap_or(i);
            first_or_last(work, i, start..end, concept == Some(Concept::RelFirst), length);
            Some(end - 1)
        }
        _ => {
            // "12:30 to 15:00", "minutes 10 to 15", "at minute 12", "the 12:30 mark"
            if let Some((from, to, end)) = two_times(work, i, false) {
                let end = after_marks(work, end);
                work.put(i, i..end, ItemKind::Time, Cond::Time(closed(from, to)));
                return Some(end - 1);
            }
            let Some(N::Moment { seconds, finest, colon, .. }) = work.what(i).cloned() else { return None };
            if work.nodes[i].used || comparison_near(work, i) {
                return None;
            }
            let mut end = after_marks(work, i + 1);
            let marked = end > i + 1;
            if matches!(work.text(end), "onward" | "onwards")
                || work.text(end) == "on" && work.seek(end + 1) >= work.len()
            {
                end += 1;
                work.put(i, i..end, ItemKind::Time, Cond::Time(above(seconds, true)));
                return Some(end - 1);
            }
            let before = work.seek_back_neutral(i);
            let at = before.is_some_and(|k| matches!(work.text(k), "at" | "around"));
            let during = before.is_some_and(|k| matches!(work.text(k), "in" | "during"))
                && (work.text(i).starts_with("minute") || work.text(i).starts_with("second"));
            if !(colon
                || marked
                || at
                || during
                || work.text(i).starts_with("minute")
                || work.text(i).starts_with("second"))
            {
                return None;
            }
            let width = match finest {
                Finest::Second => 1.0,
                Finest::Minute => 60.0,
                Finest::Hour => 60.0,
            };
            if let Some(k) = before
                && work.is(k, Concept::RelDuring)
            {
                work.consume(k);
            }
            work.put(i, i..end, ItemKind::Time, Cond::Time(half_open(seconds, width)));
            Some(end - 1)
        }
    }
}

/// "once the first hour was over", "once ten minutes had passed"
fn once_over(work: &mut Work<'_>, i: usize) -> Option<usize> {
    let mut a = i + 1;
    while work.is_neutral(a) || work.is(a, Concept::RelFirst) {
        a += 1;
    }
    let (seconds, mut end) = match work.what(a) {
        Some(N::Moment { seconds, .. }) => (*seconds, a + 1),
        Some(N::Concept(Concept::UnitHour)) => (3600.0, a + 1),
        _ => return None,
    };
    end = work.past_neutral(end);
    if !matches!(work.text(end), "over" | "up" | "passed" | "past" | "gone" | "elapsed" | "done") {
        return None;
    }
    work.put(i, i..end + 1, ItemKind::Time, Cond::Time(above(seconds, true)));
    Some(end)
}

/// Korean, Japanese, Chinese: the relation stands behind the time, but for first and last.
fn behind_the_time(work: &mut Work<'_>, i: usize) -> Option<usize> {
    if let Some(concept @ (Concept::RelFirst | Concept::RelLast | Concept::RelBefore)) = work.concept(i) {
        let mut a = i + 1;
        while matches!(work.what(a), Some(N::Josa(Josa::Role | Josa::Until | Josa::At | Josa::From)))
            || is_mark(work, a)
            || matches!(work.text(a), "の" | "的")
        {
            a += 1;
        }
        let Some(N::Moment { seconds, colon: false, .. }) = work.what(a) else { return None };
        // 前5分钟; elsewhere "before" stands behind.
        if concept == Concept::RelBefore && work.text(i) != "前" {
            return None;
        }
        let length = *seconds;
        let mut end = a + 1;
        while matches!(work.concept(end), Some(Concept::RelDuring | Concept::RelWithin | Concept::RelBetween))
            || matches!(work.josa(end), Some(Josa::At))
            || matches!(work.text(end), "の" | "안에서" | "안" | "안의")
        {
            end += 1;
        }
        if matches!(
            work.concept(end),
            Some(Concept::RelAfter | Concept::RelBefore | Concept::RelPast | Concept::RelAbout)
        ) || matches!(work.josa(end), Some(Josa::From | Josa::Until))
        {
            if work.text(i).starts_with("시작") {
                work.consume(i);
            }
            return None;
        }
        first_or_last(work, i, i..end, concept != Concept::RelLast, length);
        return Some(end - 1);
    }
    let lead = matches!(work.text(i), "从" | "從" | "在")
        && matches!(work.what(i + 1), Some(N::Moment { .. } | N::Number { .. }));
    let about = work.is(i, Concept::RelAbout);
    let a = if lead || about { i + 1 } else { i };
    if let Some((from, to, end)) = two_times(work, a, lead) {
        if matches!(work.concept(end), Some(Concept::CmpGe | Concept::CmpGt | Concept::CmpLe | Concept::CmpLt)) {
            return None;
        }
        let end = trailing(work, end);
        work.put(i, i..end, ItemKind::Time, Cond::Time(closed(from, to)));
        return Some(end - 1);
    }
    let Some(N::Moment { seconds, finest, colon, .. }) = work.what(a).cloned() else { return None };
    if work.nodes[a].used {
        return None;
    }
    let mut end = a + 1;
    let mut width = match finest {
        Finest::Second => Some(1.0),
        Finest::Minute => Some(60.0),
        Finest::Hour => None,
    };
    if work.is(end, Concept::UnitDecade) || work.text(end) == "台" {
        width = width.map(|_| if finest == Finest::Second { 1.0 } else { 60.0 });
        end += 1;
        if matches!(work.josa(end), Some(Josa::At)) {
            end += 1;
        }
        work.put(i, i..end, ItemKind::Time, Cond::Time(half_open(seconds, width?)));
        return Some(end - 1);
    }
    if is_mark(work, end) {
        let stop = end + 1 + usize::from(matches!(work.josa(end + 1), Some(Josa::At)));
        if !matches!(work.concept(stop), Some(Concept::RelAfter | Concept::RelBefore))
            && !matches!(work.josa(stop), Some(Josa::From | Josa::Until))
        {
            work.put(i, i..stop, ItemKind::Time, Cond::Time(half_open(seconds, width?)));
            return Some(stop - 1);
        }
        work.consume(end);
        end += 1;
    }
    // 10분이 지나서, 10분을 넘어서, 10분에서 이후
    let mut look = end;
    while matches!(work.josa(look), Some(Josa::Role | Josa::At)) {
        look += 1;
    }
    let bounds = match (work.josa(end), work.concept(look)) {
        (_, Some(Concept::RelAfter)) => above(seconds, true),
        (_, Some(Concept::RelPast)) => above(seconds, false),
        (_, Some(Concept::RelBefore)) => below(seconds, false),
        (_, Some(Concept::RelTo)) => below(seconds, true),
        (_, Some(Concept::RelFrom)) => above(seconds, true),
        (_, Some(Concept::RelAbout)) => around(seconds),
        (_, Some(Concept::PlaceNear)) if matches!(work.text(look), "근처" | "부근" | "언저리" | "주변") => {
            around(seconds)
        }
        (Some(Josa::From), _) => {
            look = end;
            above(seconds, true)
        }
        (Some(Josa::Until), _) => {
            look = end;
            below(seconds, true)
        }
        _ if about => {
            work.put(i, i..end, ItemKind::Time, Cond::Time(around(seconds)));
            return Some(end - 1);
        }
        (josa, next) => {
            // A bare moment: 12분 30초에, 12:30
            let plain = matches!(josa, Some(Josa::At))
                || colon
                || matches!(josa, Some(Josa::Role)) && work.text(end) == "의"
                || bare_moment(work, end, next);
            if !plain || comparison_near(work, a) {
                return None;
            }
            let end = end + usize::from(matches!(josa, Some(Josa::At)));
            work.put(i, i..end, ItemKind::Time, Cond::Time(half_open(seconds, width?)));
            return Some(end - 1);
        }
    };
    let end = trailing(work, look + 1);
    work.put(i, i..end, ItemKind::Time, Cond::Time(bounds));
    Some(end - 1)
}

/// In telegraphic style a moment may stand without particle: "12분 30초 도난".
fn bare_moment(work: &Work<'_>, end: usize, next: Option<Concept>) -> bool {
    let stop = matches!(
        next,
        Some(
            Concept::RelDuring
                | Concept::RelWithin
                | Concept::CmpGe
                | Concept::CmpGt
                | Concept::CmpLe
                | Concept::CmpLt
                | Concept::GroupSlice
                | Concept::GroupBy
                | Concept::RelAround
        )
    );
    !stop && work.josa(end).is_none() && (work.names_type(end) || matches!(next, Some(Concept::Event | Concept::Video)))
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

fn after_marks(work: &Work<'_>, mut end: usize) -> usize {
    while is_mark(work, end) {
        end += 1;
    }
    of_the_video(work, end)
}

/// Behind "of the video", "into the recording", "in".
fn of_the_video(work: &Work<'_>, end: usize) -> usize {
    let mut k = end;
    while matches!(work.text(k), "of" | "into" | "in" | "the" | "this" | "on" | "from" | "start")
        || matches!(work.concept(k), Some(Concept::RelDuring)) && k > end
    {
        k += 1;
    }
    if k > end && work.is(k, Concept::Video) { k + 1 } else { end }
}

impl Work<'_> {
    fn seek_back_neutral(&self, i: usize) -> Option<usize> {
        let k = i.checked_sub(1)?;
        match self.text(k) {
            "the" | "about" => k.checked_sub(1),
            _ => Some(k),
        }
    }
}

pub(super) fn closed(from: f64, to: f64) -> Bounds {
    Bounds { low: Some(Bound { value: from, inclusive: true }), high: Some(Bound { value: to, inclusive: true }) }
}

pub(super) fn half_open(from: f64, width: f64) -> Bounds {
    Bounds {
        low: Some(Bound { value: from, inclusive: true }),
        high: Some(Bound { value: from + width, inclusive: false }),
    }
}

pub(super) fn above(value: f64, inclusive: bool) -> Bounds {
    Bounds { low: Some(Bound { value, inclusive }), high: None }
}

pub(super) fn below(value: f64, inclusive: bool) -> Bounds {
    Bounds { low: None, high: Some(Bound { value, inclusive }) }
}

/// One minute either side, both ends included.
fn around(at: f64) -> Bounds {
    closed(at - 60.0, at + 60.0)
}
