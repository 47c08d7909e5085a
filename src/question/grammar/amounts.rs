//! Numbers with their units: moments and lengths of time, clock times, dates, and counted things.

use jiff::civil::Date;

use super::{ClockTime, Finest, Half, N, Work};
use crate::question::Lang;
use crate::question::concept::Concept;
use crate::question::number::Numeral;

pub(super) fn read(work: &mut Work<'_>) {
    spoken(work);
    units(work);
    moments(work);
    clocks(work);
    dates(work);
}

/// English number words to numbers: "twenty-five", "one hundred and twenty".
fn spoken(work: &mut Work<'_>) {
    let mut i = 0;
    while i < work.len() {
        let Some(Concept::Number(mut value)) = work.concept(i) else {
            i += 1;
            continue;
        };
        let mut end = i + 1;
        loop {
            let mut next = end;
            if work.punct(next, "-") || value >= 100 && work.is(next, Concept::LogicAnd) {
                next += 1;
            }
            match work.concept(next) {
                Some(Concept::Number(100)) if value < 100 => value *= 100,
                Some(Concept::Number(n)) if value >= 20 && value % 10 == 0 && n < 10 => value += n,
                Some(Concept::Number(n)) if value >= 100 && value % 100 == 0 && n < 100 => value += n,
                _ => break,
            }
            end = next + 1;
        }
        if work.is(end, Concept::NumberDozen) {
            value *= 12;
            end += 1;
        }
        replace(work, i, end, N::Number { value: f64::from(value), numeral: Numeral::Digits });
        i += 1;
    }
}

/// Number and unit to an amount; times to a moment.
fn units(work: &mut Work<'_>) {
    let mut i = 0;
    while i < work.len() {
        i += 1;
        let at = i - 1;
        // "half an hour", "a quarter of an hour", "half a minute", 반 시간
        if let Some(part) = fraction(work, at) {
            let mut end = at + 1;
            while matches!(work.text(end), "a" | "an" | "of") {
                end += 1;
            }
            if let Some(unit) = time_unit(work, end) {
                let (seconds, finest) = scaled(part, unit);
                replace(work, at, end + 1, moment(seconds, finest));
            }
            continue;
        }
        // "a minute", "an hour", "an hour and a half"
        if matches!(work.text(at), "a" | "an" | "one") && !matches!(work.what(at), Some(N::Number { .. })) {
            if let Some(unit) = time_unit(work, at + 1) {
                let end = and_a_half(work, at + 2);
                let (seconds, finest) = scaled(if end > at + 2 { 1.5 } else { 1.0 }, unit);
                replace(work, at, end, moment(seconds, finest));
            }
            continue;
        }
        // "minute 70", "second 2,000"
        if work.english()
            && let Some(unit) = time_unit(work, at)
            && let Some(N::Number { value, numeral }) = work.what(at + 1)
            && time_unit(work, at + 2).is_none()
        {
            let node = if matches!(numeral, Numeral::Colon { .. }) {
                moment(*value, Finest::Second)
            } else {
                let (seconds, finest) = scaled(*value, unit);
                moment(seconds, finest)
            };
            replace(work, at, at + 2, node);
            continue;
        }
        let Some(N::Number { value, numeral }) = work.what(at).cloned() else { continue };
        // 第三次; 二十多岁
        if at > 0
            && matches!(work.text(at - 1), "第")
            && matches!(
                unit_concept(work, at + 1),
                Some(Concept::UnitTimes | Concept::UnitItem | Concept::UnitNth | Concept::PersonUnit)
            )
        {
            replace(work, at - 1, at + 2, N::Amount { value, upto: None, unit: Concept::UnitNth });
            continue;
        }
        if work.text(at + 1) == "多" && work.is(at + 2, Concept::UnitYear) && value % 10.0 == 0.0 {
            replace(work, at, at + 3, N::Amount { value, upto: None, unit: Concept::UnitDecade });
            continue;
        }
        let mut value = value;
        // "two and a half minutes"
        let after = and_a_half(work, at + 1);
        let half = after > at + 1;
        if half {
            value += 0.5;
        }
        let mut unit_at = after;
        if work.punct(unit_at, "-") && unit_concept(work, unit_at + 1).is_some() {
            unit_at += 1;
        }
        if let Numeral::Colon { clock } = numeral {
            let end = at + 1 + usize::from(time_unit(work, at + 1).is_some());
            replace(work, at, end, N::Moment { seconds: value, finest: Finest::Second, colon: true, clock });
            continue;
        }
        let Some(unit) = unit_concept(work, unit_at) else { continue };
        let upto = match numeral {
            Numeral::Span { upto } => Some(upto),
            _ => None,
        };
        // 두 분: people, politely.
        if unit == Concept::UnitMinute && numeral == Numeral::Native {
            replace(work, at, unit_at + 1, N::Amount { value, upto, unit: Concept::PersonUnit });
            continue;
        }
        // 1420 hrs
        if unit == Concept::UnitHour && (100.0..=2400.0).contains(&value) && value % 100.0 < 60.0 {
            replace(work, at, unit_at + 1, clock(value as u32 / 100, value as u32 % 100, true, Some(Half::Fixed)));
            continue;
        }
        let node = match unit {
            Concept::UnitHour | Concept::UnitMinute | Concept::UnitSecond => {
                let (seconds, finest) = scaled(value, unit);
                moment(seconds, finest)
            }
            unit => N::Amount { value, upto, unit },
        };
        replace(work, at, unit_at + 1, node);
    }
}

/// "1 hour 5 minutes", 1시간 5분 30초, 1시간 반: largest unit first.
fn moments(work: &mut Work<'_>) {
    let mut i = 0;
    while i < work.len() {
        while let Some(N::Moment { seconds, finest, colon: false, .. }) = work.what(i).cloned() {
            let mut next = i + 1;
            if work.is(next, Concept::LogicAnd) || work.punct(next, ",") && work.english() {
                next += 1;
            }
            match work.what(next) {
                Some(N::Moment { seconds: more, finest: finer, colon: false, .. })
                    if *finer > finest && joined(work, i, next, *more, finest) =>
                {
                    let node = moment(seconds + more, *finer);
                    replace(work, i, next + 1, node);
                }
                Some(N::Concept(Concept::NumberHalf)) if next == i + 1 && finest != Finest::Second => {
                    let half = if finest == Finest::Hour { 1800.0 } else { 30.0 };
                    let node =
                        moment(seconds + half, if finest == Finest::Hour { Finest::Minute } else { Finest::Second });
                    replace(work, i, next + 1, node);
                }
                _ => break,
            }
        }
        i += 1;
    }
}

/// Whether a finer amount belongs to the coarser one before it.
fn joined(work: &Work<'_>, i: usize, next: usize, more: f64, coarse: Finest) -> bool {
    let limit = if coarse == Finest::Hour { 3600.0 } else { 60.0 };
    more < limit && (next == i + 1 || work.english())
}

/// 오후 2시 30분, "2:05 pm", "half past two", noon, 자정.
fn clocks(work: &mut Work<'_>) {
    let mut i = 0;
    while i < work.len() {
        let here = i;
        i += 1;
        if let Some(named @ (Concept::ClockNoon | Concept::ClockMidnight)) = work.concept(here) {
            let hour = if named == Concept::ClockNoon { 12 } else { 0 };
            let (minute, end) = match work.what(here + 1) {
                Some(N::Moment { seconds, finest: Finest::Minute, colon: false, .. })
                    if *seconds < 3600.0 && work.text(here).ends_with(['시', '時', '点']) =>
                {
                    ((*seconds / 60.0) as u32, here + 2)
                }
                Some(N::Concept(Concept::NumberHalf)) if work.text(here).ends_with(['시', '時', '点']) => {
                    (30, here + 2)
                }
                _ => (0, here + 1),
            };
            replace(work, here, end, clock(hour, minute, true, Some(Half::Fixed)));
            continue;
        }
        // "half past two", "twenty to three"
        let part = fraction(work, here).map(|f| f * 60.0).or(match work.what(here) {
            Some(N::Number { value, .. }) if *value < 60.0 && value.fract() == 0.0 => Some(*value),
            _ => None,
        });
        let past = work.is(here + 1, Concept::RelPast)
            || work.is(here + 1, Concept::RelAfter) && fraction(work, here).is_some();
        let to =
            work.text(here + 1) == "to" && (fraction(work, here).is_some() || meridiem(work, here + 3).0.is_some());
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
            replace(work, here, end, clock(at / 60, at % 60, true, half));
            continue;
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
            Some(N::Number { value, .. }) if value.fract() == 0.0 && *value <= 24.0 => {
                (*value as u32, 0, false, start + 1)
            }
            _ => continue,
        };
        let (after, past) = meridiem(work, end);
        let half = before.or(after);
        let oclock = matches!(work.what(start), Some(N::Amount { .. }));
        if half.is_none() && !oclock {
            continue;
        }
        if before.is_none() {
            end = past;
        }
        let from = if before.is_some() { here } else { start };
        if hour > 24 || minute > 59 {
            continue;
        }
        replace(work, from, end, clock(hour, minute, exact, half.map(|h| at_night(h, hour))));
    }
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

/// 3월 2일, "March 2", 2026-03-02, 2026년 3월 2일.
fn dates(work: &mut Work<'_>) {
    let year = work
        .question
        .video
        .recorded_at
        .map_or_else(|| work.question.now.year(), |at| at.to_zoned(work.question.video.timezone.clone()).year());
    let mut i = 0;
    while i < work.len() {
        let here = i;
        i += 1;
        let number = |k: usize| match work.what(k) {
            Some(N::Number { value, .. }) => Some(*value),
            _ => None,
        };
        // 2026년 3월 3일
        if let (Some(N::Number { value: y, .. }), true) = (work.what(here), matches!(work.text(here + 1), "년" | "年"))
            && (1900.0..2200.0).contains(y)
            && let (
                Some(N::Amount { value: month, unit: Concept::UnitMonth, .. }),
                Some(N::Amount { value: day, unit: Concept::UnitDay, .. }),
            ) = (work.what(here + 2), work.what(here + 3))
            && let Ok(date) = Date::new(*y as i16, *month as i8, *day as i8)
        {
            replace(work, here, here + 4, N::Date(date));
            continue;
        }
        let found = match (work.what(here), work.what(here + 1)) {
            (
                Some(N::Amount { value: month, unit: Concept::UnitMonth, .. }),
                Some(N::Amount { value: day, unit: Concept::UnitDay, .. }),
            ) => Some((year, *month as i8, *day as i8, here + 2)),
            (Some(N::Concept(Concept::Month(month))), Some(N::Number { value, .. })) => {
                let end = here + 2 + usize::from(work.is(here + 2, Concept::UnitNth));
                Some((year, *month, *value as i8, end))
            }
            (Some(N::Concept(Concept::Month(month))), Some(N::Amount { value, unit: Concept::UnitNth, .. })) => {
                Some((year, *month, *value as i8, here + 2))
            }
            (Some(N::Number { value: y, .. }), Some(N::Punct('-'))) if *y >= 1900.0 && *y < 2200.0 => {
                match (number(here + 2), work.punct(here + 3, "-"), number(here + 4)) {
                    (Some(m), true, Some(d)) => Some((*y as i16, m as i8, d as i8, here + 5)),
                    _ => None,
                }
            }
            (
                Some(N::Amount { value, unit: Concept::UnitNth, .. }),
                Some(N::Neutral | N::Concept(Concept::Month(_))),
            ) => {
                let at = here + 1 + usize::from(work.text(here + 1) == "of");
                match work.concept(at) {
                    Some(Concept::Month(month)) => Some((year, month, *value as i8, at + 1)),
                    _ => None,
                }
            }
            (Some(N::Number { value, .. }), Some(N::Concept(Concept::Month(month)))) => {
                Some((year, *month, *value as i8, here + 2))
            }
            _ => None,
        };
        if let Some((year, month, day, end)) = found
            && let Ok(date) = Date::new(year, month, day)
        {
            // "March 3, 2026"
            let comma = usize::from(work.punct(end, ","));
            match work.what(end + comma) {
                Some(N::Number { value: y, .. }) if (1900.0..2200.0).contains(y) && y.fract() == 0.0 => {
                    let date = Date::new(*y as i16, month, day).unwrap_or(date);
                    replace(work, here, end + comma + 1, N::Date(date));
                }
                _ => replace(work, here, end, N::Date(date)),
            }
        }
    }
}

fn fraction(work: &Work<'_>, i: usize) -> Option<f64> {
    match work.concept(i) {
        Some(Concept::NumberHalf) => Some(0.5),
        Some(Concept::NumberQuarter) => Some(0.25),
        _ => None,
    }
}

/// Behind "and a half".
fn and_a_half(work: &Work<'_>, i: usize) -> usize {
    if work.is(i, Concept::LogicAnd) && work.text(i + 1) == "a" && work.is(i + 2, Concept::NumberHalf) {
        i + 3
    } else {
        i
    }
}

fn unit_concept(work: &Work<'_>, i: usize) -> Option<Concept> {
    match work.concept(i)? {
        unit @ (Concept::UnitSecond
        | Concept::UnitMinute
        | Concept::UnitHour
        | Concept::UnitPercent
        | Concept::UnitYear
        | Concept::UnitDecade
        | Concept::UnitTimes
        | Concept::UnitNth
        | Concept::UnitItem
        | Concept::UnitOclock
        | Concept::UnitDay
        | Concept::UnitMonth
        | Concept::PersonUnit) => Some(unit),
        // 세 사람
        Concept::Person if matches!(work.question.lang, Lang::Ko) && work.text(i) == "사람" && i > 0 => {
            match work.what(i - 1) {
                Some(N::Number { numeral: Numeral::Native, .. }) => Some(Concept::PersonUnit),
                _ => None,
            }
        }
        _ => None,
    }
}

fn time_unit(work: &Work<'_>, i: usize) -> Option<Concept> {
    work.concept(i).filter(|c| matches!(c, Concept::UnitHour | Concept::UnitMinute | Concept::UnitSecond))
}

fn scaled(value: f64, unit: Concept) -> (f64, Finest) {
    match unit {
        Concept::UnitHour => (value * 3600.0, if value.fract() == 0.0 { Finest::Hour } else { Finest::Minute }),
        Concept::UnitMinute => (value * 60.0, if value.fract() == 0.0 { Finest::Minute } else { Finest::Second }),
        _ => (value, Finest::Second),
    }
}

fn moment(seconds: f64, finest: Finest) -> N {
    N::Moment { seconds, finest, colon: false, clock: None }
}

fn clock(hour: u32, minute: u32, exact: bool, half: Option<Half>) -> N {
    N::Clock(ClockTime { hour, minute, exact, half })
}

/// One node in place of `from..to`.
fn replace(work: &mut Work<'_>, from: usize, to: usize, what: N) {
    let to = to.min(work.nodes.len());
    let text: String = work.nodes[from..to]
        .iter()
        .enumerate()
        .map(|(k, n)| if n.spaced && k > 0 { format!(" {}", n.text) } else { n.text.clone() })
        .collect();
    work.nodes[from].what = what;
    work.nodes[from].text = text;
    work.nodes[from].tail = work.nodes[to - 1].tail;
    work.nodes.drain(from + 1..to);
}
