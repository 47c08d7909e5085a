//! Numbers with their units: amounts, and moments and lengths of time.

use super::clocks::{clock, fraction};
use super::merge::Merge;
use crate::question::Lang;
use crate::question::concept::Concept;
use crate::question::grammar::{Finest, Half, N, Work};
use crate::question::number::Numeral;

/// Number and unit to an amount; times to a moment.
pub(super) fn units(work: &mut Work<'_>) {
    let mut merge = Merge::new();
    while merge.at < work.len() {
        unit(work, &mut merge);
        merge.step(work);
    }
    merge.finish(work);
}

fn unit(work: &mut Work<'_>, merge: &mut Merge) {
    let at = merge.at;
    // "half an hour", "a quarter of an hour", "half a minute", 반 시간
    if let Some(part) = fraction(work, at) {
        let mut end = at + 1;
        while matches!(work.text(end), "a" | "an" | "of") {
            end += 1;
        }
        if let Some(unit) = time_unit(work, end) {
            let (seconds, finest) = scaled(part, unit);
            merge.replace(work, end + 1, moment(seconds, finest));
        }
        return;
    }
    // "a minute", "an hour", "an hour and a half"
    if matches!(work.text(at), "a" | "an" | "one") && !matches!(work.what(at), Some(N::Number { .. })) {
        if let Some(unit) = time_unit(work, at + 1) {
            let end = and_a_half(work, at + 2);
            let (seconds, finest) = scaled(if end > at + 2 { 1.5 } else { 1.0 }, unit);
            merge.replace(work, end, moment(seconds, finest));
        }
        return;
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
        merge.replace(work, at + 2, node);
        return;
    }
    let Some(N::Number { value, numeral }) = work.what(at).cloned() else { return };
    // 第三次; 二十多岁
    if merge.before(work).is_some_and(|n| n.text == "第")
        && matches!(
            unit_concept(work, at + 1),
            Some(Concept::UnitTimes | Concept::UnitItem | Concept::UnitNth | Concept::PersonUnit)
        )
    {
        merge.back(work);
        merge.replace(work, at + 2, N::Amount { value, upto: None, unit: Concept::UnitNth });
        // What follows an ordinal has no unit of its own.
        merge.step(work);
        return;
    }
    if work.text(at + 1) == "多" && work.is(at + 2, Concept::UnitYear) && value % 10.0 == 0.0 {
        merge.replace(work, at + 3, N::Amount { value, upto: None, unit: Concept::UnitDecade });
        return;
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
        merge.replace(work, end, N::Moment { seconds: value, finest: Finest::Second, colon: true, clock });
        return;
    }
    let Some(unit) = unit_concept(work, unit_at) else { return };
    let upto = match numeral {
        Numeral::Span { upto } => Some(upto),
        _ => None,
    };
    // 두 분: people, politely.
    if unit == Concept::UnitMinute && numeral == Numeral::Native {
        merge.replace(work, unit_at + 1, N::Amount { value, upto, unit: Concept::PersonUnit });
        return;
    }
    // 1420 hrs
    if unit == Concept::UnitHour && (100.0..=2400.0).contains(&value) && value % 100.0 < 60.0 {
        merge.replace(work, unit_at + 1, clock(value as u32 / 100, value as u32 % 100, true, Some(Half::Fixed)));
        return;
    }
    let node = match unit {
        Concept::UnitHour | Concept::UnitMinute | Concept::UnitSecond => {
            let (seconds, finest) = scaled(value, unit);
            moment(seconds, finest)
        }
        unit => N::Amount { value, upto, unit },
    };
    merge.replace(work, unit_at + 1, node);
}

/// "1 hour 5 minutes", 1시간 5분 30초, 1시간 반: largest unit first.
pub(super) fn moments(work: &mut Work<'_>) {
    let mut merge = Merge::new();
    while merge.at < work.len() {
        while let Some(N::Moment { seconds, finest, colon: false, .. }) = work.what(merge.at).cloned() {
            let i = merge.at;
            let mut next = i + 1;
            if work.is(next, Concept::LogicAnd) || work.punct(next, ",") && work.english() {
                next += 1;
            }
            match work.what(next) {
                Some(N::Moment { seconds: more, finest: finer, colon: false, .. })
                    if *finer > finest && joined(work, i, next, *more, finest) =>
                {
                    let node = moment(seconds + more, *finer);
                    merge.replace(work, next + 1, node);
                }
                Some(N::Concept(Concept::NumberHalf)) if next == i + 1 && finest != Finest::Second => {
                    let half = if finest == Finest::Hour { 1800.0 } else { 30.0 };
                    let node =
                        moment(seconds + half, if finest == Finest::Hour { Finest::Minute } else { Finest::Second });
                    merge.replace(work, next + 1, node);
                }
                _ => break,
            }
        }
        merge.step(work);
    }
    merge.finish(work);
}

/// Whether a finer amount belongs to the coarser one before it.
fn joined(work: &Work<'_>, i: usize, next: usize, more: f64, coarse: Finest) -> bool {
    let limit = if coarse == Finest::Hour { 3600.0 } else { 60.0 };
    more < limit && (next == i + 1 || work.english())
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

fn time_unit(work: &Work<'_>, i: usize) -> Option<Concept> {
    work.concept(i).filter(|c| matches!(c, Concept::UnitHour | Concept::UnitMinute | Concept::UnitSecond))
}
