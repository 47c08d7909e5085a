//! The type, place, side, gender, hour or person that occurs most.

use super::words::number_of_things;
use crate::question::concept::Concept;
use crate::question::grammar::{ItemKind, N, Work};
use crate::question::reading::{Counted, GroupValue, Groups, Key, Scalar, Wants};

/// The type, place, side, gender, hour or person that occurs most.
pub(super) fn extreme_key(work: &mut Work<'_>) -> Option<Wants> {
    let keyed = work.has(|c| {
        matches!(
            c,
            Concept::ColumnType
                | Concept::ColumnGender
                | Concept::ColumnArea
                | Concept::PlaceAny
                | Concept::ColumnHour
                | Concept::ColumnDecade
                | Concept::ColumnPerson
                | Concept::AskWho
                | Concept::AskWhere
        )
    }) || hour_word(work).is_some()
        || work.kinds(ItemKind::Type) == 0 && work.has(|c| matches!(c, Concept::AskWhat | Concept::AskWhich));
    let most = work
        .find(|c| matches!(c, Concept::StatMost | Concept::StatLeast | Concept::StatMore | Concept::StatFewer))
        .or_else(|| work.find(|c| matches!(c, Concept::SupMost | Concept::RelTop)).filter(|_| keyed))?;
    let least = matches!(work.concept(most), Some(Concept::StatLeast | Concept::StatFewer));
    let comparative = matches!(work.concept(most), Some(Concept::StatMore | Concept::StatFewer));
    let genders = work.kinds(ItemKind::Gender);
    let areas = work.kinds(ItemKind::Area);
    let types = work.kinds(ItemKind::Type);
    let mut words = Vec::new();
    for i in 0..work.len() {
        let key = match work.concept(i) {
            Some(Concept::ColumnType) => Key::Type,
            Some(Concept::ColumnGender) => Key::Gender,
            Some(Concept::ColumnArea) => Key::Area,
            Some(Concept::PlaceAny | Concept::AskWhere) => Key::Place,
            Some(Concept::ColumnHour) => Key::Hour,
            Some(Concept::ColumnDecade) => Key::AgeDecade,
            Some(Concept::ColumnPerson | Concept::AskWho) => Key::Person,
            Some(Concept::AskWhen) if hour_like(work.text(i)) => Key::Hour,
            Some(Concept::UnitHour) if hour_word(work) == Some(i) => Key::Hour,
            _ => continue,
        };
        words.push((i, key));
    }
    let vague = words
        .iter()
        .all(|(i, _)| matches!(work.concept(*i), Some(Concept::AskWho | Concept::AskWhere | Concept::AskWhich)));
    let key = if vague && areas >= 2 {
        Key::Area
    } else if vague && genders >= 2 {
        Key::Gender
    } else if comparative {
        if genders >= 2 {
            Key::Gender
        } else if areas >= 2 {
            Key::Area
        } else if types >= 2 {
            Key::Type
        } else if let Some((_, key)) =
            words.iter().find(|(i, _)| matches!(work.concept(*i), Some(Concept::ColumnGender | Concept::ColumnArea)))
        {
            *key
        } else {
            return None;
        }
    } else if let Some((_, key)) = words
        .iter()
        .find(|(i, _)| !matches!(work.concept(*i), Some(Concept::AskWho | Concept::AskWhere)))
        .or(words.first())
    {
        *key
    } else if genders >= 2 {
        Key::Gender
    } else if areas >= 2 {
        Key::Area
    } else if (work.has(|c| matches!(c, Concept::Person)) || one_person(work)) && types >= 1 {
        Key::Person
    } else if work.has(|c| matches!(c, Concept::AskWhat | Concept::Event)) || types >= 1 {
        Key::Type
    } else {
        return None;
    };
    for (i, _) in words {
        work.consume(i);
        // 몇 시대
        if work.is(i + 1, Concept::UnitDecade) {
            work.consume(i + 1);
        }
    }
    work.take_all(&[
        Concept::StatMost,
        Concept::StatLeast,
        Concept::StatMore,
        Concept::StatFewer,
        Concept::SupMost,
        Concept::AskWhich,
        Concept::LogicAmong,
        Concept::AskCount,
        Concept::AskCountVerb,
        Concept::GroupBy,
    ]);
    Some(match number_of_things(work) {
        Some((n, at)) if n > 1 => {
            work.consume(at);
            work.take(Concept::RelTop);
            Wants::Groups(Groups {
                by: key,
                value: GroupValue::Count(Counted::Events),
                known_only: false,
                top: Some((n, least)),
            })
        }
        Some((_, at)) => {
            work.consume(at);
            Wants::Scalar(Scalar::Extreme { key, least, counted: Counted::Events })
        }
        None => Wants::Scalar(Scalar::Extreme { key, least, counted: Counted::Events }),
    })
}

/// "which hour", "busiest hour": the hour is asked for.
fn hour_word(work: &Work<'_>) -> Option<usize> {
    (1..work.len()).find(|i| {
        work.english()
            && work.is(*i, Concept::UnitHour)
            && (work.is(i - 1, Concept::AskWhich) || work.text(i - 1) == "busiest" || work.is(i - 1, Concept::AskWhat))
    })
}

fn hour_like(text: &str) -> bool {
    text.contains('시')
        || text.contains("hour")
        || text.contains("time of day")
        || text.contains('時')
        || text.contains("点")
}

/// 한 사람 behind an act: who did it, not one person.
fn one_person(work: &Work<'_>) -> bool {
    (0..work.len())
        .any(|i| matches!(work.what(i), Some(N::Amount { value: 1.0, .. })) && work.text(i).ends_with("사람"))
}
