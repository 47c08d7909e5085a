//! English: the relation stands before the time.

use super::{comparison_near, first_or_last, is_mark, one_time, two_times};
use crate::question::concept::Concept;
use crate::question::grammar::bounds::{above, around, below, closed, half_open};
use crate::question::grammar::ends::trailing;
use crate::question::grammar::{Finest, ItemKind, N, Work};
use crate::question::reading::Cond;

/// English: the relation stands before the time.
pub(super) fn before_the_time(work: &mut Work<'_>, i: usize) -> Option<usize> {
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
                if lasts(work, i) {
                    work.unclear(i);
                    return Some(end - 1);
                }
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
                if lasts(work, i) {
                    work.unclear(i);
                    return Some(end - 1);
                }
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
            // "by minute 10": until then, or in it?
            if before.is_some_and(|k| work.text(k) == "by") {
                work.unclear(i);
                return None;
            }
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

/// "lasting between 10 and 20 seconds": how long it took.
fn lasts(work: &Work<'_>, i: usize) -> bool {
    (i.saturating_sub(2)..i).any(|k| {
        work.is(k, Concept::ColumnDuration) || matches!(work.text(k), "lasting" | "lasted" | "last" | "took" | "taking")
    })
}
