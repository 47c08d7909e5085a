//! Wall-clock times and dates, in the video's zone.

mod expression;
mod options;
mod promote;
mod recording;

use super::{ItemKind, N, Range, Work};
use crate::question::concept::Concept;
use crate::question::reading::{Clock, Cond, Signal};
use expression::expression;
use jiff::ToSpan;
use promote::promote;
use recording::Recording;

pub(super) fn read(work: &mut Work<'_>) {
    promote(work);
    let speaks_of_clock = (0..work.len()).any(|i| {
        matches!(work.what(i), Some(N::Clock(_) | N::Date(_)))
            || work.concept(i).is_some_and(|c| is_day_word(c) || is_day_part(c, work.text(i)))
    });
    let ago = ago(work);
    if !speaks_of_clock && ago.is_none() {
        return;
    }
    let Some(span) = Recording::of(work) else {
        work.signal(Signal::ClockUnknown);
        for i in 0..work.len() {
            let word = work.concept(i).is_some_and(|c| is_day_word(c) || is_day_part(c, work.text(i)));
            if word || matches!(work.what(i), Some(N::Clock(_) | N::Date(_))) {
                work.consume(i);
            }
        }
        return;
    };
    if let Some((i, range, seconds)) = ago {
        let to = work.question.now.with_time_zone(work.question.video.timezone.clone()).datetime();
        let from = to.checked_sub((seconds as i64).seconds()).unwrap_or(to);
        work.put(i, range, ItemKind::Clock, Cond::Clock(Clock::Between { from: Some(from), to: Some(to) }));
    }
    let mut i = 0;
    while i < work.len() {
        i = expression(work, i, span).unwrap_or(i) + 1;
    }
}

/// 지난 1시간, "the last hour": back from now. (The token it begins at, its tokens, seconds.)
fn ago(work: &Work<'_>) -> Option<(usize, Range, f64)> {
    for i in 0..work.len() {
        match work.concept(i) {
            Some(Concept::RelAgo) => {
                let at = work.seek(i + 1);
                if let Some(N::Moment { seconds, .. }) = work.what(at) {
                    let end = if work.is(at + 1, Concept::RelDuring) { at + 2 } else { at + 1 };
                    return Some((i, i..end, *seconds));
                }
            }
            Some(Concept::RelLast | Concept::RelPast)
                if work.english()
                    && work.is(i + 1, Concept::UnitHour)
                    && work.text(i) != "final"
                    && work.text(i) != "closing" =>
            {
                let of_video = (i + 2..(i + 6).min(work.len())).any(|k| work.is(k, Concept::Video));
                if !of_video {
                    return Some((i, i..i + 2, 3600.0));
                }
            }
            _ => {}
        }
    }
    None
}

fn is_day_word(concept: Concept) -> bool {
    matches!(concept, Concept::DateToday | Concept::DateYesterday | Concept::DateBeforeYesterday)
}

/// A part of the day with defined ends that stands without an hour.
fn is_day_part(concept: Concept, text: &str) -> bool {
    match concept {
        Concept::ClockDawn | Concept::ClockAm => !text.starts_with("this") && !matches!(text, "am" | "a.m." | "a.m"),
        Concept::ClockPm => matches!(text, "오후" | "午後" | "下午"),
        _ => false,
    }
}
