//! Turns m:ss and lone numbers into clock times.

use super::is_day_word;
use crate::question::concept::Concept;
use crate::question::grammar::ends::separator;
use crate::question::grammar::{ClockTime, Half, N, Work};

/// Turns m:ss into the clock where the sentence speaks of the clock, and lends a lone number its partner's hour word.
pub(super) fn promote(work: &mut Work<'_>) {
    let clocked = (0..work.len()).any(|i| {
        matches!(work.what(i), Some(N::Date(_)))
            || work.concept(i).is_some_and(|c| is_day_word(c) || c == Concept::ClockWord)
    });
    for i in 0..work.len() {
        if clocked && let Some(N::Moment { clock: Some((hour, minute)), .. }) = work.what(i) {
            work.nodes[i].what = N::Clock(ClockTime {
                hour: *hour,
                minute: *minute,
                exact: true,
                half: (*hour > 12).then_some(Half::Fixed),
            });
        }
        if work.is(i, Concept::ClockWord) {
            work.consume(i);
        }
    }
    for i in 0..work.len() {
        if !matches!(work.what(i), Some(N::Clock(_))) {
            continue;
        }
        // The partner before: number or m:ss, then a separator, then this.
        for gap in 1..=2 {
            if i > gap && separator(work, i - gap) == Some(i) {
                lend(work, i - gap - 1);
            }
        }
        if let Some(behind) = separator(work, i + 1)
            && !matches!(work.concept(behind + 1), Some(Concept::UnitMinute | Concept::UnitSecond))
        {
            lend(work, behind);
        }
    }
}

fn lend(work: &mut Work<'_>, i: usize) {
    let time = match work.what(i) {
        Some(N::Moment { clock: Some((hour, minute)), .. }) => {
            ClockTime { hour: *hour, minute: *minute, exact: true, half: None }
        }
        Some(N::Number { value, .. }) if value.fract() == 0.0 && *value <= 24.0 => {
            ClockTime { hour: *value as u32, minute: 0, exact: false, half: None }
        }
        _ => return,
    };
    work.nodes[i].what = N::Clock(time);
}
