//! Clock times.

use super::merge::Merge;
use crate::question::concept::Concept;
use crate::question::grammar::{ClockTime, Finest, Half, N, Work};

/// 오후 2시 30분, "2:05 pm", "half past two", noon, 자정.
pub(super) fn clocks(work: &mut Work<'_>) {
    let mut merge = Merge::new();
    while merge.at < work.len() {
        clock_at(work, &mut merge);
        merge.step(work);
    }
    merge.finish(work);
}

fn clock_at(work: &mut Work<'_>, merge: &mut Merge) {
    let here = merge.at;
    if let Some(named @ (Concept::ClockNoon | Concept::ClockMidnight)) = work.concept(here) {
        let hour = if named == Concept::ClockNoon { 12 } else { 0 };
        let (minute, end) = match work.what(here + 1) {
            Some(N::Moment { seconds, finest: Finest::Minute, colon: false, .. })
                if *seconds < 3600.0 && work.text(here).ends_with(['시', '時', '点']) =>
            {
                ((*seconds / 60.0) as u32, here + 2)
            }
            Some(N::Concept(Concept::NumberHalf)) if work.text(here).ends_with(['시', '時', '点']) => (30, here + 2),
            _ => (0, here + 1),
        };
        merge.replace(work, end, clock(hour, minute, true, Some(Half::Fixed)));
        return;
    }
    // "half past two", "twenty to three"
    let part = fraction(work, here).map(|f| f * 60.0).or(match work.what(here) {
        Some(N::Number { value, .. }) if *value < 60.0 && value.fract() == 0.0 => Some(*value),
        _ => None,
    });
    let past =
        work.is(here + 1, Concept::RelPast) || work.is(here + 1, Concept::RelAfter) && fraction(work, here).is_some();
    let to = work.text(here + 1) == "to" && (fraction(work, here).is_some() || meridiem(work, here + 3).0.is_some());
    if let Some(part) = part
        && (past || to)
        && work.english()
        && let Some(N::Number { value, .. }) = work.what(here + 2)
        && *value <= 12.0
        && *value >= 1.0
    {
        let (half, end) = meridiem(work, here + 3);
        let minutes = *value as u32 * 60;
        let at = if to { minutes - part as u32 } else { minutes + part as u32 };
        merge.replace(work, end, clock(at / 60, at % 60, true, half));
        return;
    }
    // A meridiem before: 오후 2시, 午後2時, 오전 9:30
    let (before, start) = if work.english() { (None, here) } else { leading(work, here) };
    let (hour, minute, exact, mut end) = match work.what(start) {
        Some(N::Amount { value, unit: Concept::UnitOclock, upto: None }) if *value <= 24.0 => {
            let hour = *value as u32;
            match work.what(start + 1) {
                Some(N::Moment { seconds, finest: Finest::Minute, colon: false, .. })
                    if *seconds < 3600.0 && !work.english() =>
                {
                    (hour, (*seconds / 60.0) as u32, true, start + 2)
                }
                Some(N::Concept(Concept::NumberHalf)) => (hour, 30, true, start + 2),
                _ => (hour, 0, false, start + 1),
            }
        }
        Some(N::Moment { colon: true, clock: Some((hour, minute)), .. }) => (*hour, *minute, true, start + 1),
        Some(N::Number { value, .. }) if value.fract() == 0.0 && *value <= 24.0 => (*value as u32, 0, false, start + 1),
        _ => return,
    };
    let (after, past) = meridiem(work, end);
    let half = before.or(after);
    let oclock = matches!(work.what(start), Some(N::Amount { .. }));
    if half.is_none() && !oclock {
        return;
    }
    if before.is_none() {
        end = past;
    }
    if hour > 24 || minute > 59 {
        return;
    }
    merge.replace(work, end, clock(hour, minute, exact, half.map(|h| at_night(h, hour))));
}

/// A half of the day said before the hour: (what, where the hour stands).
fn leading(work: &Work<'_>, i: usize) -> (Option<Half>, usize) {
    match work.concept(i).and_then(half_of) {
        Some(half) => {
            let mut next = i + 1;
            while matches!(work.what(next), Some(N::Neutral | N::Josa(_))) && work.text(next) != "부터" {
                next += 1;
            }
            if work.concept(next).and_then(half_of).is_some() {
                next += 1;
            }
            match work.what(next) {
                Some(N::Amount { unit: Concept::UnitOclock, .. } | N::Moment { colon: true, .. }) => (Some(half), next),
                _ => (None, i),
            }
        }
        None => (None, i),
    }
}

/// A half of the day said behind the hour: (what, the index behind it).
fn meridiem(work: &Work<'_>, i: usize) -> (Option<Half>, usize) {
    let mut at = i;
    if work.english() && work.is(at, Concept::UnitOclock) {
        at += 1;
    }
    let mut look = at;
    while matches!(work.text(look), "in" | "the" | "at" | "of") {
        look += 1;
    }
    if work.english()
        && let Some(half) = work.concept(look).and_then(half_of)
    {
        return (Some(half), look + 1);
    }
    (None, at)
}

fn half_of(concept: Concept) -> Option<Half> {
    match concept {
        Concept::ClockAm | Concept::ClockDawn => Some(Half::Am),
        Concept::ClockPm => Some(Half::Pm),
        Concept::ClockNight => Some(Half::Night),
        _ => None,
    }
}

/// 밤 12시 is midnight, 밤 1시 is after it.
fn at_night(half: Half, hour: u32) -> Half {
    if hour > 12 { Half::Fixed } else { half }
}

pub(super) fn clock(hour: u32, minute: u32, exact: bool, half: Option<Half>) -> N {
    N::Clock(ClockTime { hour, minute, exact, half })
}

pub(super) fn fraction(work: &Work<'_>, i: usize) -> Option<f64> {
    match work.concept(i) {
        Some(Concept::NumberHalf) => Some(0.5),
        Some(Concept::NumberQuarter) => Some(0.25),
        _ => None,
    }
}
