//! One clock expression: a day, a time of day, or both.

use super::is_day_part;
use super::options::{options, pick, range};
use super::recording::{Recording, next_day, on, seconds_between};
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::ends::{separator, trailing};
use crate::question::grammar::{ClockTime, ItemKind, N, Work};
use crate::question::reading::{Clock, Cond};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

/// One clock expression that begins at `i`: the index of its last token.
pub(super) fn expression(work: &mut Work<'_>, i: usize, span: Recording) -> Option<usize> {
    let start = i;
    let (date, at) = day(work, i);
    let mut end = at;
    if date.is_some() {
        // "yesterday between …", "어제 오후 …"
        while matches!(work.text(end), "at" | "," | "in" | "의" | "에" | "の" | "的" | "on" | "the") {
            end += 1;
        }
    }
    if let Some((said, times, after)) = time_of_day(work, end, span) {
        let (date, after) = match date {
            Some(date) => (Some(date), after),
            // "between 1 and 2 pm yesterday"
            None => {
                let mut look = after;
                while matches!(work.text(look), "on" | "," | "the" | "of") {
                    look += 1;
                }
                match day(work, look) {
                    (Some(date), past) => (Some(date), past),
                    _ => (None, after),
                }
            }
        };
        let after = trailing(work, after);
        let clock = match build(said, date, &times, span) {
            Some(clock) => clock,
            None => {
                work.unclear(start);
                return Some(after - 1);
            }
        };
        work.put(start, start..after, ItemKind::Clock, Cond::Clock(clock));
        return Some(after - 1);
    }
    let date = date?;
    // "from March 1 to March 2"
    let mut after = at;
    let mut to = date;
    if let Some(behind) = separator(work, at)
        && let (Some(second), past) = day(work, behind)
    {
        to = second;
        after = past;
    }
    let after = trailing(work, after);
    let clock = Clock::Between { from: Some(on(date, 0)), to: next_day(to).map(|d| on(d, 0)) };
    work.put(start, start..after, ItemKind::Clock, Cond::Clock(clock));
    Some(after - 1)
}

/// What was said of the time of day.
#[derive(Clone, Copy)]
enum Said {
    Closed(u32, u32),
    From,
    Before,
    Exact(u32, u32),
}

/// A day at `i`, and the index behind it.
pub(super) fn day(work: &Work<'_>, i: usize) -> (Option<Date>, usize) {
    let today = work.question.now.with_time_zone(work.question.video.timezone.clone()).date();
    let back = |days: i32| today.checked_sub(days.days()).ok();
    let date = match (work.what(i), work.concept(i)) {
        (Some(N::Date(date)), _) => Some(*date),
        (_, Some(Concept::DateToday)) => Some(today),
        (_, Some(Concept::DateYesterday)) => back(1),
        (_, Some(Concept::DateBeforeYesterday)) => back(2),
        _ => None,
    };
    (date, if date.is_some() { i + 1 } else { i })
}

/// A time of day or a range of them at `i`: what was said, the possible starts (seconds of the day), the index behind.
fn time_of_day(work: &Work<'_>, i: usize, span: Recording) -> Option<(Said, Vec<u32>, usize)> {
    // "around 2 pm" has no defined width.
    if i > 0 && matches!(work.concept(i - 1), Some(Concept::RelAbout | Concept::RelBetween)) {
        return None;
    }
    let mut at = i;
    // Words before the time: "between", "after", "from", "before", "until", "at", "around".
    let mut prefix = None;
    if work.english() || matches!(work.text(at), "从" | "從" | "在") {
        while let Some(c) = work.concept(at) {
            match c {
                Concept::RelBetween
                | Concept::RelFrom
                | Concept::RelAfter
                | Concept::RelBefore
                | Concept::RelTo
                | Concept::RelAbout
                | Concept::RelPast => {
                    prefix = Some(c);
                    at += 1;
                }
                _ => break,
            }
            at = work.past_neutral(at);
        }
        if prefix.is_none() {
            while matches!(work.text(at), "at" | "in" | "the" | "during") {
                at += 1;
            }
        }
    }
    if let Some(concept) = work.concept(at)
        && is_day_part(concept, work.text(at))
        && (at == 0 || work.text(at - 1) != "this")
        && prefix.is_none()
    {
        let (from, to) = match concept {
            Concept::ClockDawn => (0, 6),
            Concept::ClockAm => (0, 12),
            _ => (12, 24),
        };
        return Some((Said::Closed(from * 3600, to * 3600), vec![from * 3600], at + 1));
    }
    let Some(N::Clock(first)) = work.what(at) else { return None };
    let first = *first;
    let mut end = at + 1;
    let open_range =
        !work.english() || matches!(prefix, Some(Concept::RelBetween | Concept::RelFrom)) || prefix.is_none();
    if open_range
        && let Some(behind) = separator(work, end)
        && let Some((second, past)) = second_time(work, behind)
    {
        let (from, to) = range(first, second, span)?;
        end = past;
        // 2시 전까지
        if work.is(end, Concept::RelBefore) && !work.english() {
            end += 1;
        }
        return Some((Said::Closed(from, to), vec![from], end));
    }
    let options = options(first);
    let said = match prefix {
        Some(Concept::RelAfter | Concept::RelFrom | Concept::RelPast) => Said::From,
        Some(Concept::RelBefore | Concept::RelTo) => Said::Before,
        Some(Concept::RelAbout | Concept::RelBetween) => return None,
        _ => {
            let mut look = end;
            // 시간 behind the particle: 9시에서부터, 9시부터, 9시 이후, 9시까지, 9시 전, 9시쯤, 2시대
            match (work.josa(look), work.concept(look)) {
                (Some(Josa::From), _) | (_, Some(Concept::RelAfter | Concept::RelFrom | Concept::RelPast))
                    if !work.english() || work.is(look, Concept::RelFrom) =>
                {
                    end = look + 1;
                    Said::From
                }
                (Some(Josa::Until), _) | (_, Some(Concept::RelBefore | Concept::RelTo)) if !work.english() => {
                    end = look + 1;
                    Said::Before
                }
                (Some(Josa::And | Josa::Or), _) => return None,
                (_, Some(Concept::RelAbout | Concept::RelBetween | Concept::RelAround | Concept::RelWithin)) => {
                    return None;
                }
                (_, Some(Concept::UnitHour)) if work.english() => {
                    end = look + 1;
                    let from = pick(&options, span, 3600)?;
                    Said::Exact(from, from + 3600)
                }
                (_, Some(Concept::UnitDecade)) => {
                    end = look + 1;
                    let from = pick(&options, span, 3600)?;
                    Said::Exact(from, from + 3600)
                }
                (Some(Josa::At), _) => {
                    // 9시를 넘어서, 9시에서 — only with a second time.
                    look += 1;
                    if work.is(look, Concept::RelPast) {
                        end = look + 1;
                        Said::From
                    } else {
                        let from = pick(&options, span, 60)?;
                        Said::Exact(from, from + 60)
                    }
                }
                (Some(Josa::Role), _) if work.is(look + 1, Concept::RelPast) => {
                    end = look + 2;
                    Said::From
                }
                _ => {
                    let from = pick(&options, span, 60)?;
                    Said::Exact(from, from + 60)
                }
            }
        }
    };
    Some((said, options, end))
}

/// The second time of a range, which may lack its hour word: "between 9 and 10 am" was promoted before.
fn second_time(work: &Work<'_>, i: usize) -> Option<(ClockTime, usize)> {
    let mut at = i;
    while work.is_neutral(at) || matches!(work.concept(at), Some(Concept::DateToday)) {
        at += 1;
    }
    match work.what(at) {
        Some(N::Clock(time)) => Some((*time, at + 1)),
        _ => None,
    }
}

fn build(said: Said, date: Option<Date>, times: &[u32], span: Recording) -> Option<Clock> {
    Some(match (said, date) {
        (Said::Closed(from, to) | Said::Exact(from, to), None) => {
            Clock::TimeOfDay { from, to: if to > 86_400 { to - 86_400 } else { to } }
        }
        (Said::Closed(from, to) | Said::Exact(from, to), Some(date)) => {
            let end = if to <= from { next_day(date).map(|d| on(d, to)) } else { Some(on(date, to)) };
            Clock::Between { from: Some(on(date, from)), to: end }
        }
        (Said::From, None) => Clock::Between { from: Some(span.occurrence(times)?), to: None },
        (Said::Before, None) => Clock::Between { from: None, to: Some(span.occurrence(times)?) },
        (Said::From, Some(date)) => {
            let from = best_on(date, times, span)?;
            Clock::Between { from: Some(from), to: next_day(date).map(|d| on(d, 0)) }
        }
        (Said::Before, Some(date)) => Clock::Between { from: Some(on(date, 0)), to: Some(best_on(date, times, span)?) },
    })
}

/// Of the times of day that may be meant, the one of this date nearest to the recording.
fn best_on(date: Date, times: &[u32], span: Recording) -> Option<DateTime> {
    times.iter().map(|t| on(date, *t)).min_by_key(|at| {
        if *at < span.start {
            seconds_between(*at, span.start)
        } else if *at > span.end {
            seconds_between(span.end, *at)
        } else {
            0
        }
    })
}
