//! Filters on columns: type, age, gender, area, place, confidence, the event's own length, unknown values.

use super::clock::separator;
use super::time::{above, below, closed};
use super::{Finest, ItemKind, N, Work};
use crate::question::Lang;
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::hangul::Tail;
use crate::question::number::Numeral;
use crate::question::reading::{Area, Bound, Bounds, Column, Cond, EventType, Gender};

/// Lengths with a comparison; read before the video's time, which would take the bare moments.
pub(super) fn lengths(work: &mut Work<'_>) {
    lend_units(work);
    for i in 0..work.len() {
        let Some(N::Moment { seconds, colon: false, .. }) = work.what(i).cloned() else { continue };
        if work.nodes[i].used {
            continue;
        }
        let column = context(work, i, |c| c == Concept::ColumnDuration);
        if column.is_some()
            && let Some((from, to, end)) = two_values(work, i, moment_value)
        {
            let start = column.unwrap_or(i);
            work.put(i, start..end, ItemKind::Duration, Cond::Duration(closed(from, to)));
            continue;
        }
        // "up to the five-minute mark", "up to minute seven": the video's time.
        if work.english() && (work.text(i).starts_with("minute") || work.text(i).starts_with("second ")) {
            continue;
        }
        if matches!(work.text(i + 1), "mark" | "marks" | "point" | "points" | "지점" | "시점") {
            continue;
        }
        if let Some((comparison, start, end)) = comparison(work, i) {
            // "more than 10 minutes in": the video's time.
            if work.english() && matches!(work.text(end), "in" | "into") {
                continue;
            }
            work.put(i, start..end, ItemKind::Duration, Cond::Duration(compared(comparison, seconds)));
            if let Some(k) = column {
                work.consume(k);
            }
            for k in [start.wrapping_sub(1), end] {
                if matches!(work.concept(k), Some(Concept::RelDuring | Concept::ColumnDuration)) {
                    work.consume(k);
                }
            }
        }
    }
}

/// "at least 2 and at most 5 minutes": the first number has the second one's unit.
fn lend_units(work: &mut Work<'_>) {
    let compares = |work: &Work<'_>, k: usize| {
        matches!(work.concept(k), Some(Concept::CmpGe | Concept::CmpGt | Concept::CmpLe | Concept::CmpLt))
    };
    for i in 1..work.len() {
        let Some(N::Number { value, .. }) = work.what(i).cloned() else { continue };
        if !compares(work, i - 1) || !matches!(work.concept(i + 1), Some(Concept::LogicAnd)) {
            continue;
        }
        let mut k = i + 2;
        k = work.past_neutral(k);
        if compares(work, k)
            && let Some(N::Moment { finest, colon: false, .. }) = work.what(k + 1)
        {
            let (scale, finest) = match finest {
                Finest::Hour => (3600.0, Finest::Hour),
                Finest::Minute => (60.0, Finest::Minute),
                Finest::Second => (1.0, Finest::Second),
            };
            work.nodes[i].what = N::Moment { seconds: value * scale, finest, colon: false, clock: None };
        }
    }
}

pub(super) fn read(work: &mut Work<'_>) {
    homonyms(work);
    percentages(work);
    ages(work);
    unknowns(work);
    places(work);
    simple(work);
}

/// "left" the verb, 가운데 "among", the exit as a place.
fn homonyms(work: &mut Work<'_>) {
    for i in 0..work.len() {
        // "exits after minute 10": people leaving; a place has "at" or "the … of" with it.
        if work.text(i) == "exits" && matches!(work.what(i), Some(N::Place)) {
            work.nodes[i].what = N::Concept(Concept::Type(EventType::PersonExit));
        }
        match work.concept(i) {
            Some(Concept::PlaceNear)
                if matches!(work.text(i), "里" | "裡" | "中" | "里面")
                    && i > 0
                    && (work.names_type(i - 1)
                        || matches!(work.concept(i - 1), Some(Concept::Event | Concept::Person))) =>
            {
                work.nodes[i].what = N::Concept(Concept::LogicAmong);
            }
            // 가운데에서: the middle, unless a noun before makes it "among".
            Some(Concept::LogicAmong)
                if work.text(i).starts_with("가운데")
                    && !(i > 0
                        && (work.names_type(i - 1)
                            || matches!(
                                work.concept(i - 1),
                                Some(Concept::Event | Concept::Person | Concept::Gender(_))
                            ))) =>
            {
                work.nodes[i].what = N::Concept(Concept::Area(Area::Center));
            }
            Some(Concept::Area(_)) if work.text(i) == "left" => {
                let before = i.checked_sub(1).map_or("", |k| work.text(k));
                let side = matches!(
                    before,
                    "the"
                        | "on"
                        | "to"
                        | "at"
                        | "far"
                        | "your"
                        | "top"
                        | "bottom"
                        | "upper"
                        | "lower"
                        | "or"
                        | "and"
                        | ","
                ) || matches!(
                    work.text(i + 1),
                    "side" | "of" | "hand" | "-" | "half" | "part" | "edge" | "corner" | "or" | ","
                ) || work.is(i + 1, Concept::ColumnArea)
                    || work.is(i + 1, Concept::AreaFrame);
                let actor = i
                    .checked_sub(1)
                    .and_then(|k| (0..=k).rev().find(|k| !matches!(work.concept(*k), Some(Concept::Filler))));
                let actor = actor.is_some_and(|k| {
                    matches!(
                        work.concept(k),
                        Some(
                            Concept::Person
                                | Concept::Gender(_)
                                | Concept::Agent(_)
                                | Concept::AgeMinor
                                | Concept::AgeAdult
                                | Concept::AgeElderly
                                | Concept::AgeTeen
                                | Concept::AskWho
                                | Concept::AskHowMany
                                | Concept::LogicAnd
                                | Concept::RelLater
                        )
                    ) || matches!(work.what(k), Some(N::Item(_) | N::Amount { .. }))
                        || matches!(work.text(k), "who" | "they" | "he" | "she" | "has" | "have" | "had" | "that")
                });
                let next = work.text(i + 1);
                if actor && matches!(next, "in" | "inside" | "behind" | "here" | "over") {
                    // "anyone left inside": who stayed.
                    work.unclear(i);
                } else if actor
                    && !matches!(before, "the" | "on" | "to" | "at" | "far")
                    && !matches!(next, "side" | "hand" | "-" | "half" | "edge" | "corner")
                    && !work.is(i + 1, Concept::ColumnArea)
                {
                    work.nodes[i].what = N::Concept(Concept::Type(EventType::PersonExit));
                } else if !side {
                    work.unclear(i);
                }
            }
            // "at the stand": a thing.
            Some(Concept::Type(EventType::Standing))
                if work.text(i) == "stand" && i > 0 && matches!(work.text(i - 1), "the" | "a") =>
            {
                work.unclear(i)
            }
            Some(Concept::Area(_)) if matches!(work.text(i), "가운데" | "중") && i > 0 => {
                let noun = work.names_type(i - 1)
                    || matches!(work.concept(i - 1), Some(Concept::Event | Concept::Person | Concept::Gender(_)));
                if noun
                    && work.josa(i + 1).is_none_or(|j| j != Josa::At || work.text(i + 1) == "에서")
                    && !work.is(i.wrapping_sub(2), Concept::AreaFrame)
                {
                    work.nodes[i].what = N::Concept(Concept::LogicAmong);
                }
            }
            // "the share that falls on the left"
            Some(Concept::Type(EventType::Collapse))
                if matches!(work.text(i), "falls" | "fall")
                    && matches!(work.text(i + 1), "on" | "into" | "within" | "between" | "under" | "in")
                    && i > 0
                    && (matches!(work.text(i - 1), "that" | "which") || work.is(i - 1, Concept::Event)) =>
            {
                work.nodes[i].what = N::Neutral;
            }
            // "at the exit"
            Some(Concept::Type(EventType::PersonExit))
                if work.text(i) == "exit"
                    && i > 0
                    && matches!(work.text(i - 1), "the" | "an" | "fire" | "emergency") =>
            {
                work.nodes[i].what = N::Place;
            }
            _ => {}
        }
    }
}

/// "at least 90%", 신뢰도 0.9 이상, 70에서 80퍼 사이.
fn percentages(work: &mut Work<'_>) {
    for i in 0..work.len() {
        let context = context(work, i, |c| c == Concept::ColumnConfidence);
        let behind = (1..=3).map(|k| i + k).find(|k| work.is(*k, Concept::ColumnConfidence));
        let percent = matches!(work.what(i), Some(N::Amount { unit: Concept::UnitPercent, .. }));
        let number = matches!(work.what(i), Some(N::Number { .. }));
        if work.nodes[i].used || !(percent || number) {
            continue;
        }
        let value = |work: &Work<'_>, k: usize| match work.what(k) {
            Some(N::Amount { value, unit: Concept::UnitPercent, .. }) => Some((*value, true)),
            Some(N::Number { value, .. }) => Some((*value, false)),
            _ => None,
        };
        let scale = |(v, percent): (f64, bool)| if percent || v > 1.0 { v / 100.0 } else { v };
        if let Some(end) = separator(work, i + 1)
            && let (Some(a), Some(b)) = (value(work, i), value(work, end))
            && (a.1 || b.1 || context.is_some())
        {
            let any = a.1 || b.1;
            let both = (scale((a.0, any)), scale((b.0, any)));
            let stop = super::clock::trailing(work, end + 1);
            let start = prefix_of_range(work, i);
            work.put(i, start..stop, ItemKind::Confidence, Cond::Confidence(closed(both.0, both.1)));
            used_context(work, context, behind);
            continue;
        }
        if !(percent || context.is_some() || behind.is_some()) {
            continue;
        }
        let (Some(v), Some((comparison, start, end))) = (value(work, i), comparison(work, i)) else { continue };
        work.put(i, start..end, ItemKind::Confidence, Cond::Confidence(compared(comparison, scale(v))));
        used_context(work, context, behind);
    }
}

fn used_context(work: &mut Work<'_>, context: Option<usize>, behind: Option<usize>) {
    for k in context.into_iter().chain(behind) {
        work.consume(k);
    }
}

/// 30세 이상, "in their twenties", "men over 72", 20~30대, minors.
fn ages(work: &mut Work<'_>) {
    english_decades(work);
    for i in 0..work.len() {
        if work.nodes[i].used {
            continue;
        }
        let column = context(work, i, |c| c == Concept::ColumnAge);
        match work.what(i).cloned() {
            Some(N::Amount { value, upto, unit: Concept::UnitDecade }) => {
                decade(work, i, i, value, upto.unwrap_or(value))
            }
            Some(N::Amount { value, unit: Concept::UnitYear, .. }) => years(work, i, value, column),
            Some(N::Number { value, .. }) => {
                // 20~30대, 20에서 30대
                let behind = separator(work, i).map_or(i + 1, |k| k).max(i + 1);
                let listed = work.punct(i + 1, ",·") || separator(work, i + 1).is_some();
                let next = separator(work, i + 1).unwrap_or(behind + usize::from(work.punct(i + 1, ",·")));
                if listed
                    && let Some(N::Amount { value: to, upto, unit: Concept::UnitDecade }) = work.what(next).cloned()
                    && value >= 10.0
                    && value % 10.0 == 0.0
                {
                    decade(work, next, i, value, upto.unwrap_or(to));
                } else if column.is_some()
                    || of_a_person(work, i)
                    || matches!(work.what(i), Some(N::Number { numeral: Numeral::Native, .. })) && value >= 20.0
                    || matches!(
                        separator(work, i + 1).and_then(|k| work.what(k)),
                        Some(N::Amount { unit: Concept::UnitYear, .. })
                    )
                {
                    years(work, i, value, column);
                }
            }
            _ => {}
        }
    }
    for i in 0..work.len() {
        let korean = work.question.lang == Lang::Ko;
        let bounds = match work.concept(i) {
            Some(Concept::AgeMinor) => below(if korean { 19.0 } else { 18.0 }, false),
            Some(Concept::AgeAdult) => above(if korean { 19.0 } else { 18.0 }, true),
            Some(Concept::AgeElderly) => above(65.0, true),
            Some(Concept::AgeTeen) => decade_bounds(if korean { 10.0 } else { 13.0 }, 10.0),
            Some(Concept::Decade(from)) => decade_bounds(f64::from(from), f64::from(from)),
            _ => continue,
        };
        // "in her twenties": who, not where.
        work.put(i, i..i + 1, ItemKind::Age, Cond::Age(bounds));
    }
    // "in their twenties or thirties" with "aged" before it
    for i in 0..work.len() {
        if work.is(i, Concept::ColumnAge) && (i..(i + 4).min(work.len())).any(|k| work.is_kind(k, ItemKind::Age)) {
            work.consume(i);
        }
    }
}

/// "20s" behind "their", "his", "her" is a decade, not twenty seconds.
fn english_decades(work: &mut Work<'_>) {
    for i in 1..work.len() {
        let owner = matches!(work.text(i - 1), "their" | "his" | "her" | "the" | "or" | "and" | "-" | "early" | "late")
            || work.text(i - 1) == "in";
        let decade = match work.what(i) {
            Some(N::Moment { seconds, finest: Finest::Second, colon: false, .. })
                if work.text(i).ends_with("0s") || work.text(i).ends_with("0's") =>
            {
                Some(*seconds)
            }
            Some(N::Number { value, .. })
                if matches!(work.text(i + 1), "s" | "'s") && !work.nodes.get(i + 1).is_some_and(|n| n.spaced) =>
            {
                Some(*value)
            }
            _ => None,
        };
        if let Some(value) = decade
            && owner
            && work.english()
            && value % 10.0 == 0.0
            && (10.0..=90.0).contains(&value)
        {
            if matches!(work.what(i), Some(N::Number { .. })) {
                work.consume(i + 1);
            }
            work.put(i, i..i + 1, ItemKind::Age, Cond::Age(decade_bounds(value, value)));
        }
    }
}

fn decade(work: &mut Work<'_>, last: usize, first: usize, from: f64, to: f64) {
    // 20대에서 40대, 20대부터 30대까지
    if let Some(k) = separator(work, last + 1)
        && let Some(N::Amount { value, unit: Concept::UnitDecade, .. }) = work.what(k).cloned()
        && value >= from
        && !matches!(work.josa(last + 1), Some(Josa::And))
    {
        let end = super::clock::trailing(work, k + 1);
        work.put(first, first..end, ItemKind::Age, Cond::Age(decade_bounds(from, value)));
        return;
    }
    let (bounds, start, end) = match comparison(work, last) {
        Some((Comparison::Ge, start, end)) => (above(from, true), start, end),
        Some((Comparison::Gt, start, end)) => (above(to + 10.0, true), start, end),
        Some((Comparison::Le, start, end)) => (below(to + 10.0, false), start, end),
        Some((Comparison::Lt, start, end)) => (below(from, false), start, end),
        None => (decade_bounds(from, to), last, last + 1),
    };
    work.put(first, first.min(start)..end, ItemKind::Age, Cond::Age(bounds));
}

fn decade_bounds(from: f64, to: f64) -> Bounds {
    let high = if from == 13.0 { 20.0 } else { to + 10.0 };
    Bounds { low: Some(Bound { value: from, inclusive: true }), high: Some(Bound { value: high, inclusive: false }) }
}

fn years(work: &mut Work<'_>, i: usize, value: f64, column: Option<usize>) {
    if let Some((from, to, end)) = two_values(work, i, |n| match n {
        N::Amount { value, unit: Concept::UnitYear, .. } | N::Number { value, .. } => Some(*value),
        _ => None,
    }) {
        let start = prefix_of_range(work, i);
        let end = if work.is(end, Concept::UnitYear) { end + 1 } else { end };
        work.put(i, start..end, ItemKind::Age, Cond::Age(closed(from, to)));
    } else if let Some((comparison, start, end)) = comparison(work, i) {
        let end = if work.is(end, Concept::UnitYear) { end + 1 } else { end };
        work.put(i, start..end, ItemKind::Age, Cond::Age(compared(comparison, value)));
    } else {
        return;
    }
    if let Some(k) = column {
        work.consume(k);
    }
}

/// A bare number that says a person's age: "men over 72", "anyone under 30", "older than 30".
fn of_a_person(work: &Work<'_>, i: usize) -> bool {
    let Some((_, start, end)) = comparison(work, i) else { return false };
    let aged = (start..end).any(|k| {
        let text = work.text(k);
        text.contains("old") || text.contains("young") || text.contains("aged")
    });
    let person = |k: usize| {
        matches!(work.concept(k), Some(Concept::Person | Concept::Gender(_) | Concept::Agent(_) | Concept::AgeAdult))
    };
    let before = work.before_neutral(start);
    aged || before.is_some_and(person)
        && !matches!(work.what(end), Some(N::Concept(Concept::UnitTimes | Concept::Event)))
}

/// 성별을 알 수 없는, "no place recorded", "of unknown age", 위치가 확인된.
fn unknowns(work: &mut Work<'_>) {
    for i in 0..work.len() {
        let known = match work.concept(i) {
            Some(Concept::UnknownValue | Concept::AskNone) => false,
            Some(Concept::KnownValue) => true,
            _ => continue,
        };
        let column = |k: usize| match work.concept(k) {
            Some(Concept::ColumnAge) => Some(Column::Age),
            Some(Concept::ColumnGender) => Some(Column::Gender),
            Some(Concept::PlaceAny) => Some(Column::Place),
            Some(Concept::ColumnArea) => Some(Column::Area),
            Some(Concept::AskWhich) if work.text(k).contains('쪽') => Some(Column::Area),
            Some(Concept::AskWhere) if !work.english() => Some(Column::Place),
            Some(Concept::ColumnPerson) => Some(Column::Person),
            Some(Concept::ColumnDescription) => Some(Column::Description),
            _ => None,
        };
        let soft = |k: &usize| {
            work.is_thin(*k)
                || matches!(work.what(*k), Some(N::Josa(_)))
                || matches!(
                    work.concept(*k),
                    Some(Concept::UnknownValue | Concept::KnownValue | Concept::AskNone | Concept::AreaFrame)
                )
        };
        let back = (0..i).rev().find(|k| !soft(k)).filter(|k| i - k <= 4);
        let forth = (i + 1..work.len()).find(|k| !soft(k)).filter(|k| k - i <= 4);
        let order = match (work.english(), work.concept(i)) {
            (true, _) => [forth, back],
            (false, Some(Concept::AskNone)) => [back, None],
            (false, _) => [back, forth],
        };
        // "untracked", 추적 안 된: nobody's number.
        if work.text(i).contains("track") || work.text(i).contains("추적") {
            work.put(i, i..i + 1, ItemKind::Unknown, Cond::Unknown(Column::Person));
            continue;
        }
        let Some((k, column)) = order.into_iter().flatten().find_map(|k| column(k).map(|c| (k, c))) else { continue };
        let cond = Cond::Unknown(column);
        let cond = if known { Cond::Not(Box::new(cond)) } else { cond };
        let (from, to) = (k.min(i), k.max(i));
        for between in from..=to {
            if matches!(work.concept(between), Some(Concept::UnknownValue | Concept::KnownValue | Concept::AskNone)) {
                work.consume(between);
            }
        }
        // "no place recorded": the word behind as well.
        for next in to + 1..(to + 3).min(work.len()) {
            if matches!(work.concept(next), Some(Concept::KnownValue)) && work.concept(i).is_none() {
                work.consume(next);
            }
        }
        work.consume(i);
        work.put(k, k..k + 1, ItemKind::Unknown, cond);
    }
}

/// Named places, and sides of the frame.
fn places(work: &mut Work<'_>) {
    let mut i = 0;
    while i < work.len() {
        let start = i;
        i += 1;
        if !is_place(work, start) || work.nodes[start].used {
            continue;
        }
        // Neighbouring place nouns are one wording; the one that a location has wins.
        let mut end = start + 1;
        while is_place(work, end) && !work.nodes[end].used {
            end += 1;
        }
        let known = (start..end).filter_map(|k| match work.what(k) {
            Some(N::KnownPlace { name, head }) => Some((name.clone(), *head)),
            _ => None,
        });
        let known: Vec<(String, bool)> = known.collect();
        let (name, head) = match known.iter().max_by_key(|(name, _)| name.chars().count()) {
            Some(found) => found.clone(),
            None => {
                let words: Vec<&str> = (start..end).map(|k| work.text(k).trim_start_matches("the ")).collect();
                (words.join(" "), true)
            }
        };
        let mut stop = end;
        let mut near = false;
        loop {
            let of = usize::from(matches!(work.text(stop), "の" | "的" | "의"));
            // 카운터 뒤에서, 복도 끝에서
            let side = matches!(work.text(stop + of), "뒤" | "뒤쪽" | "뒤편" | "끝" | "끝쪽" | "아래" | "위")
                && matches!(work.josa(stop + of + 1), Some(Josa::At | Josa::Role));
            if !(side || work.is(stop + of, Concept::PlaceNear)) {
                break;
            }
            if side {
                work.consume(stop + of);
            }
            near = true;
            stop += of + 1;
        }
        let at = matches!(work.josa(stop), Some(Josa::At));
        let preposition = start.checked_sub(1).map(|k| {
            let k = if matches!(work.text(k), "the" | "a" | "an" | "this" | "that" | "our" | "your") {
                k.saturating_sub(1)
            } else {
                k
            };
            (
                k,
                matches!(
                    work.text(k),
                    "at" | "in" | "on" | "by" | "near" | "from" | "inside" | "through" | "to" | "into" | "around"
                ) || matches!(
                    work.concept(k),
                    Some(
                        Concept::PlaceNear
                            | Concept::LogicExcept
                            | Concept::LogicOr
                            | Concept::LogicAnd
                            | Concept::LogicNot
                    )
                ),
            )
        });
        let before = preposition.is_some_and(|(_, yes)| yes);
        let handles_things = (0..work.len()).any(|k| {
            matches!(work.concept(k), Some(Concept::Type(EventType::Vandalism | EventType::Theft | EventType::Picking)))
        });
        let object = matches!(work.text(end), "을" | "를") && handles_things
            || work.english()
                && !before
                && handles_things
                && start > 0
                && (matches!(work.text(start - 1), "the" | "a" | "an" | "this") || work.names_type(start - 1));
        // 엘리베이터 부순 사람: what was broken, not where.
        let acted_on = !work.english()
            && stop == end
            && !at
            && work.nodes.get(end).is_some_and(|n| n.tail == Tail::Adnominal && n.spaced)
            && matches!(
                work.concept(end),
                Some(Concept::Type(EventType::Vandalism | EventType::Theft | EventType::Picking))
            );
        let object = object || acted_on;
        let loose = !head && !(near || at || before);
        if object || loose {
            work.unclear(start);
            i = end;
            continue;
        }
        if let Some((k, true)) = preposition
            && work.is(k, Concept::PlaceNear)
        {
            work.consume(k);
        }
        work.put(start, start..stop, ItemKind::Place, Cond::Place(name));
        i = stop;
    }
    unknown_places(work);
    areas(work);
}

/// A noun nobody listed that names a place by its ending and stands as one: 물류실 앞에서.
fn unknown_places(work: &mut Work<'_>) {
    const ENDINGS: [&str; 24] = [
        "실",
        "창구",
        "코너",
        "통로",
        "센터",
        "카운터",
        "데스크",
        "부스",
        "게이트",
        "입구",
        "출구",
        "매표소",
        "진열대",
        "매대",
        "휴게소",
        "사무소",
        "계단",
        "구역",
        "승강장",
        "라운지",
        "키오스크",
        "정류장",
        "보관소",
        "대기석",
    ];
    for i in 0..work.len() {
        if !matches!(work.what(i), Some(N::Unknown)) {
            continue;
        }
        let text = work.text(i).to_owned();
        let near = work.is(i + 1, Concept::PlaceNear);
        let stands = near || matches!(work.josa(i + 1), Some(Josa::At)) && work.text(i + 1).starts_with("에서");
        if stands && text.chars().count() >= 3 && ENDINGS.iter().any(|ending| text.ends_with(ending)) {
            work.put(i, i..i + 1 + usize::from(near), ItemKind::Place, Cond::Place(text));
        }
    }
}

/// 왼쪽에서, "on the left-hand side"; with a place word only where the frame is named too.
fn areas(work: &mut Work<'_>) {
    for i in 0..work.len() {
        let Some(Concept::Area(area)) = work.concept(i) else { continue };
        let of_time = (i + 1..(i + 4).min(work.len()))
            .any(|k| work.is(k, Concept::Video) || matches!(work.text(k), "footage" | "third" | "part of the video"))
            && !(i + 1..(i + 4).min(work.len())).any(|k| work.is(k, Concept::AreaFrame));
        if of_time && work.english() {
            work.unclear(i);
            continue;
        }
        let frame_before = (0..i).rev().take(4).any(|k| work.is(k, Concept::AreaFrame));
        let frame_behind = (i + 1..(i + 6).min(work.len())).find(|k| work.is(*k, Concept::AreaFrame));
        let mut next = i + 1;
        while matches!(work.concept(next), Some(Concept::ColumnArea)) || work.text(next) == "side" {
            next += 1;
        }
        let touches = |k: usize| work.is_kind(k, ItemKind::Place);
        let behind_place = i > 0 && touches(i - 1);
        let of_place = matches!(work.text(next), "of") && (next..(next + 3).min(work.len())).any(touches);
        if !frame_before && frame_behind.is_none() && (touches(next) || behind_place || of_place) {
            work.unclear(i);
            continue;
        }
        // "center" of something that is no place word is no area: left unread by the word behind it.
        for k in (0..i).rev().take(4).chain(i + 1..(i + 6).min(work.len())) {
            if work.is(k, Concept::AreaFrame) {
                work.consume(k);
            }
        }
        let stop =
            if work.is(next, Concept::PlaceNear) && matches!(work.text(next), "쪽" | "편") { next + 1 } else { next };
        if work.is(i.wrapping_sub(1), Concept::PlaceNear) && work.english() {
            work.consume(i - 1);
        }
        work.put(i, i..stop, ItemKind::Area, Cond::Area(area));
    }
}

/// "girls", "kids", 아이: words whose age is not defined go with an age that is said.
fn young(work: &mut Work<'_>) {
    let aged = (0..work.len()).any(|i| work.is_kind(i, ItemKind::Age));
    for i in 0..work.len() {
        match work.concept(i) {
            Some(Concept::AgeChild) if aged => work.consume(i),
            Some(Concept::AgeGirl) if aged => work.put(i, i..i + 1, ItemKind::Gender, Cond::Gender(Gender::Female)),
            Some(Concept::AgeBoy) if aged => work.put(i, i..i + 1, ItemKind::Gender, Cond::Gender(Gender::Male)),
            _ => {}
        }
    }
}

/// One word, one condition.
fn simple(work: &mut Work<'_>) {
    young(work);
    for i in 0..work.len() {
        let (kind, cond) = match work.concept(i) {
            Some(Concept::Type(event_type)) => (ItemKind::Type, Cond::Type(vec![event_type])),
            Some(Concept::Agent(event_type)) => (ItemKind::Type, Cond::Type(vec![event_type])),
            Some(Concept::Abnormal) => (ItemKind::Type, Cond::Type(EventType::ABNORMAL.to_vec())),
            Some(Concept::Normal) => (ItemKind::Type, Cond::Type(EventType::NORMAL.to_vec())),
            Some(Concept::EnterExit) => {
                (ItemKind::Type, Cond::Type(vec![EventType::PersonEnter, EventType::PersonExit]))
            }
            Some(Concept::Gender(gender)) => (ItemKind::Gender, Cond::Gender(gender)),
            _ => continue,
        };
        work.put(i, i..i + 1, kind, cond);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Ge,
    Gt,
    Le,
    Lt,
}

/// The comparison that belongs to the value at `i`, with the tokens of both.
fn comparison(work: &Work<'_>, i: usize) -> Option<(Comparison, usize, usize)> {
    let of = |k: usize| match work.concept(k) {
        Some(Concept::CmpGe) => Some(Comparison::Ge),
        Some(Concept::CmpGt) => Some(Comparison::Gt),
        Some(Concept::CmpLe) => Some(Comparison::Le),
        Some(Concept::CmpLt) => Some(Comparison::Lt),
        _ => None,
    };
    // Behind: 이상, "or more".
    let mut next = i + 1;
    while matches!(work.what(next), Some(N::Neutral | N::Josa(Josa::Role | Josa::Than)))
        || matches!(work.concept(next), Some(Concept::ColumnConfidence))
    {
        next += 1;
    }
    if work.punct(next, "+") {
        return Some((Comparison::Ge, i, next + 1));
    }
    if let Some(found) = of(next)
        && (!work.english()
            || work.text(next).starts_with("or ")
            || work.text(next).starts_with("and ")
            || matches!(work.text(next), "plus" | "upwards" | "up")
            || !value_behind(work, next + 1))
    {
        return Some((found, i, next + 1));
    }
    // Before: "at least", "over", 超过.
    let mut k = i;
    while k > 0 {
        k -= 1;
        if work.is_neutral(k) {
            continue;
        }
        if let Some(found) = of(k)
            && (work.english() || matches!(work.question.lang, Lang::Zh))
        {
            return Some((found, k, i + 1));
        }
        let range = work.before_neutral(k).is_some_and(|p| value_behind(work, p));
        if work.is(k, Concept::RelTo) && work.text(k) == "up to" && !range {
            return Some((Comparison::Le, k, i + 1));
        }
        break;
    }
    // Korean 부터/까지 with an age or a percentage.
    match work.josa(i + 1) {
        Some(Josa::From) if !matches!(work.what(i), Some(N::Moment { .. })) => Some((Comparison::Ge, i, i + 2)),
        Some(Josa::Until) if !matches!(work.what(i), Some(N::Moment { .. })) => Some((Comparison::Le, i, i + 2)),
        _ => None,
    }
}

fn value_behind(work: &Work<'_>, i: usize) -> bool {
    matches!(work.what(i), Some(N::Number { .. } | N::Amount { .. } | N::Moment { .. }))
}

fn compared(comparison: Comparison, value: f64) -> Bounds {
    match comparison {
        Comparison::Ge => above(value, true),
        Comparison::Gt => above(value, false),
        Comparison::Le => below(value, true),
        Comparison::Lt => below(value, false),
    }
}

/// Two values with what joins them, and the index behind the range.
fn two_values(work: &Work<'_>, i: usize, value: impl Fn(&N) -> Option<f64>) -> Option<(f64, f64, usize)> {
    let from = value(work.what(i)?)?;
    let mut at = i + 1;
    if work.is(at, Concept::UnitYear) {
        at += 1;
    }
    let next = separator(work, at)?;
    let to = value(work.what(next)?)?;
    (from <= to).then(|| (from, to, super::clock::trailing(work, next + 1)))
}

fn moment_value(n: &N) -> Option<f64> {
    match n {
        N::Moment { seconds, .. } => Some(*seconds),
        _ => None,
    }
}

/// Where "between" or "from" before a range stands.
fn prefix_of_range(work: &Work<'_>, i: usize) -> usize {
    let mut k = i;
    while k > 0 && work.is_neutral(k - 1) {
        k -= 1;
    }
    match k.checked_sub(1) {
        Some(p) if matches!(work.concept(p), Some(Concept::RelBetween | Concept::RelFrom)) => p,
        _ => i,
    }
}

/// The nearest column word before `i`, at most four tokens away and not across a condition.
fn context(work: &Work<'_>, i: usize, wanted: impl Fn(Concept) -> bool) -> Option<usize> {
    for k in (0..i).rev().take(5) {
        if let Some(c) = work.concept(k)
            && wanted(c)
        {
            return Some(k);
        }
        let soft = work.is_thin(k)
            || matches!(work.what(k), Some(N::Josa(_)))
            || matches!(
                work.concept(k),
                Some(
                    Concept::CmpGe
                        | Concept::CmpGt
                        | Concept::CmpLe
                        | Concept::CmpLt
                        | Concept::RelBetween
                        | Concept::RelFrom
                )
            );
        if !soft {
            return None;
        }
    }
    None
}

fn is_place(work: &Work<'_>, i: usize) -> bool {
    matches!(work.what(i), Some(N::KnownPlace { .. } | N::Place))
}
