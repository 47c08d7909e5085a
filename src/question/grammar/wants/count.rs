//! How many events, people, kinds, places.

use crate::question::concept::Concept;
use crate::question::grammar::{ItemKind, N, Range, Work};
use crate::question::reading::{Counted, GroupValue, Groups, Key, Scalar, Wants};

/// How many events, how many people.
pub(super) fn count(work: &mut Work<'_>) -> Option<Wants> {
    let asked = (0..work.len()).any(|i| {
        matches!(
            work.concept(i),
            Some(Concept::AskCount | Concept::AskHowMany | Concept::AskPeopleCount | Concept::AskCountVerb)
        )
    });
    if !asked {
        return None;
    }
    several_asked(work);
    // "number of men and women": one number, or two?
    if work.kinds(ItemKind::Gender) >= 2
        && let Some(i) = work.find(|c| matches!(c, Concept::LogicAnd))
    {
        work.unclear(i);
    }
    // 남자와 여자 각각 몇 명: one number would be wrong.
    if let Some(i) = work
        .find(|c| c == Concept::GroupBy)
        .filter(|i| matches!(work.text(*i), "각각" | "각각의" | "각" | "각자" | "each" | "respectively"))
    {
        work.unclear(i);
    }
    if let Some(by) = asked_where(work) {
        let value = GroupValue::Count(counted(work));
        consume_count_words(work);
        return Some(Wants::Groups(Groups { by, value, known_only: false, top: None }));
    }
    let people = counted(work);
    // "more than once", 두 번 이상
    if people == Counted::People
        && let Some(least) = repeated(work)
    {
        consume_count_words(work);
        return Some(Wants::Scalar(Scalar::PeopleWithAtLeast(least)));
    }
    consume_count_words(work);
    Some(Wants::Scalar(Scalar::Count(people)))
}

/// "how many different places".
pub(super) fn distinct(work: &mut Work<'_>) -> Option<Wants> {
    work.find(|c| matches!(c, Concept::AskHowMany | Concept::AskCount))?;
    let many = work.has(|c| matches!(c, Concept::RelDistinct))
        || work.has(|c| c == Concept::UnitItem)
        || (0..work.len())
            .any(|i| work.is(i, Concept::AskHowMany) && (work.text(i).contains("가지") || work.text(i).contains('개')))
        || work.english();
    if !many {
        return None;
    }
    let (i, key) = (0..work.len()).find_map(|i| match work.concept(i) {
        Some(Concept::ColumnType) => Some((i, Key::Type)),
        Some(Concept::PlaceAny) => Some((i, Key::Place)),
        _ => None,
    })?;
    work.consume(i);
    work.take_all(&[
        Concept::AskHowMany,
        Concept::AskCount,
        Concept::RelDistinct,
        Concept::UnitItem,
        Concept::AskWhich,
    ]);
    Some(Wants::Scalar(Scalar::Distinct(key)))
}

/// "how many men and how many women", "how many and when": more than one answer is asked for.
fn several_asked(work: &mut Work<'_>) {
    let asks: Vec<usize> = (0..work.len())
        .filter(|i| matches!(work.concept(*i), Some(Concept::AskHowMany | Concept::AskCount | Concept::AskPeopleCount)))
        .collect();
    let item = |range: Range| range.into_iter().any(|k| work.is_item(k));
    let apart = asks
        .windows(2)
        .find(|pair| item(0..pair[0]) && item(pair[0]..pair[1]) || item(pair[0]..pair[1]) && item(pair[1]..work.len()));
    if let Some(pair) = apart {
        work.unclear(pair[1]);
    }
    let also_when =
        (0..work.len()).find(|i| work.is(*i, Concept::AskWhen) && *i > 0 && work.is(*i - 1, Concept::LogicAnd));
    if let Some(i) = also_when {
        work.unclear(i);
    }
}

/// 어느 쪽에서 몇 번씩, 어디서 몇 건: a count for each.
fn asked_where(work: &mut Work<'_>) -> Option<Key> {
    if work.english() {
        return None;
    }
    let at = work.find(|c| matches!(c, Concept::AskWhich | Concept::AskWhere))?;
    let key = match work.concept(at) {
        Some(Concept::AskWhere) => Key::Place,
        Some(_) if work.text(at).contains('쪽') => Key::Area,
        _ => return None,
    };
    work.consume(at);
    Some(key)
}

/// At least this many times each: "more than once", "twice or more", 두 번 이상.
fn repeated(work: &mut Work<'_>) -> Option<u32> {
    for i in 0..work.len() {
        let times = match work.what(i) {
            Some(N::Amount { value, unit: Concept::UnitTimes, .. }) if !work.nodes[i].used => *value,
            Some(_) if work.text(i) == "once" => 1.0,
            Some(_) if work.text(i) == "twice" => 2.0,
            _ => continue,
        };
        let near = |range: Range| {
            range.into_iter().find_map(|k| match work.concept(k) {
                Some(Concept::CmpGe) => Some((k, 0.0)),
                Some(Concept::CmpGt) => Some((k, 1.0)),
                _ => None,
            })
        };
        let (k, more) = near(i + 1..(i + 3).min(work.len())).or_else(|| near(i.saturating_sub(2)..i))?;
        work.consume(k);
        work.consume(i);
        return Some((times + more) as u32);
    }
    None
}

/// What "how many" counts: people where the noun is a person.
pub(super) fn counted(work: &mut Work<'_>) -> Counted {
    let mut people = false;
    for i in 0..work.len() {
        match work.concept(i) {
            Some(Concept::AskPeopleCount) => {
                people = true;
                work.consume(i);
            }
            Some(Concept::PersonUnit) => {
                people = true;
                work.consume(i);
            }
            Some(Concept::RelDistinct) => {
                work.consume(i);
            }
            Some(Concept::AskHowMany | Concept::AskCount)
                if work.english() || !matches!(work.question.lang, crate::question::Lang::Ko) =>
            {
                people |= !counts_times(work.text(i)) && person_noun_behind(work, i);
            }
            _ => {}
        }
    }
    if people { Counted::People } else { Counted::Events }
}

/// "how many times", "how often": events, whoever stands behind it.
fn counts_times(text: &str) -> bool {
    text.contains("time")
        || text.contains("often")
        || text.contains("occasion")
        || text.contains('回')
        || text.contains('次')
}

/// "how many (different) (young) people | thieves | women | of them".
fn person_noun_behind(work: &Work<'_>, i: usize) -> bool {
    let person = |k: usize| {
        matches!(work.concept(k), Some(Concept::Person))
            || matches!(work.what(k), Some(N::Item(item)) if matches!(item.kind, ItemKind::Gender | ItemKind::Age))
            || matches!(work.text(k), "men" | "women")
            || agent(work, k)
    };
    for k in i + 1..work.len() {
        if work.is(k, Concept::UnitTimes) || work.is(k, Concept::Event) {
            return false;
        }
        if person(k) {
            return true;
        }
        let soft = work.is_neutral(k)
            || matches!(work.concept(k), Some(Concept::RelDistinct | Concept::Filler))
            || matches!(work.what(k), Some(N::Item(item)) if item.not);
        if !soft {
            return false;
        }
    }
    false
}

/// A noun for who does it, now an item: its text is kept.
fn agent(work: &Work<'_>, k: usize) -> bool {
    let text = work.text(k);
    work.is_kind(k, ItemKind::Type)
        && (text.ends_with("ers")
            || text.ends_with("ors")
            || text.ends_with("thieves")
            || text.ends_with("vandals")
            || text.ends_with('者')
            || text.ends_with("犯")
            || text.ends_with("贼")
            || text.ends_with("小偷"))
}

fn consume_count_words(work: &mut Work<'_>) {
    work.take_all(&[
        Concept::AskCount,
        Concept::AskHowMany,
        Concept::AskPeopleCount,
        Concept::AskCountVerb,
        Concept::UnitTimes,
        Concept::UnitItem,
        Concept::PersonUnit,
        Concept::StatTotal,
        Concept::RelDistinct,
        Concept::UnitPercent,
        Concept::AskHowMuch,
    ]);
}
