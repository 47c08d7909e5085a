//! Numbers of things, and lengths with their units, as they are asked for.

use crate::question::concept::Concept;
use crate::question::grammar::{ItemKind, N, Work};
use crate::question::number::Numeral;
use crate::question::reading::Unit;

/// "three", 다섯 개, 2건: how many of the rows.
pub(super) fn number_of_things(work: &Work<'_>) -> Option<(u32, usize)> {
    (0..work.len()).find_map(|i| match work.what(i) {
        Some(N::Amount { value, unit: Concept::UnitItem | Concept::UnitTimes | Concept::PersonUnit, upto: None })
            if !work.nodes[i].used && value.fract() == 0.0 && *value >= 1.0 && *value < 1e6 =>
        {
            Some((*value as u32, i))
        }
        Some(N::Number { value, numeral: Numeral::Digits | Numeral::Native })
            if !work.nodes[i].used && value.fract() == 0.0 && *value >= 1.0 && *value < 1e6 =>
        {
            Some((*value as u32, i))
        }
        _ => None,
    })
}

/// 몇 초, 몇 분 동안: the amount is asked for in a unit.
pub(super) fn asks_amount_of_time(work: &Work<'_>) -> bool {
    (0..work.len()).any(|i| {
        work.is(i, Concept::AskHowMany)
            && (i + 1..(i + 3).min(work.len()))
                .any(|k| matches!(work.concept(k), Some(Concept::UnitSecond | Concept::UnitMinute | Concept::UnitHour)))
    })
}

pub(super) fn consume_length_words(work: &mut Work<'_>) {
    work.take_all(&[
        Concept::AskHowLong,
        Concept::ColumnDuration,
        Concept::AskHowMany,
        Concept::AskHowMuch,
        Concept::UnitSecond,
        Concept::UnitMinute,
        Concept::UnitHour,
        Concept::RelDuring,
        Concept::RelAbout,
        Concept::UnitTimes,
    ]);
}

/// The unit a length is asked in; seconds unless minutes or hours are named.
pub(super) fn unit(work: &Work<'_>) -> Unit {
    for i in 0..work.len() {
        let asks = matches!(
            work.concept(i),
            Some(Concept::AskHowLong | Concept::InfoLength | Concept::AskHowMany | Concept::ColumnDuration)
        );
        let text = work.text(i);
        let named = match work.concept(i) {
            Some(Concept::UnitSecond) => Some(Unit::Native),
            Some(Concept::UnitMinute) => Some(Unit::Minutes),
            // 시간 is "time" as well as "hours".
            Some(Concept::UnitHour) if work.english() || i > 0 && work.is(i - 1, Concept::AskHowMany) => {
                Some(Unit::Hours)
            }
            _ if asks && (text.contains("초") || text.contains("second")) => Some(Unit::Native),
            _ if asks
                && (text.contains("몇 분")
                    || text.contains("몇분")
                    || text.contains("minute")
                    || text.contains("분짜리")) =>
            {
                Some(Unit::Minutes)
            }
            _ if asks && (text.contains("몇 시간") || text.contains("몇시간") || text.contains("hours")) => {
                Some(Unit::Hours)
            }
            _ => None,
        };
        if let Some(unit) = named {
            return unit;
        }
    }
    Unit::Native
}

pub(super) fn has_time(work: &Work<'_>) -> bool {
    (0..work.len()).any(|i| work.is_kind(i, ItemKind::Time))
}
