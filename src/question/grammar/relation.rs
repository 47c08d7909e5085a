//! Answers relative to other events: "within 30 seconds after the theft", 도난 직후 30초, "between the first and the last".

use super::{Found, N, Range, Work, Zone};
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::hangul::Tail;
use crate::question::reading::{Cond, Relation, Side, Which};

/// Seconds of "right after" and "just before" without a number.
const RIGHT: f64 = 30.0;

pub(super) fn read(work: &mut Work<'_>) {
    let found = between_first_and_last(work)
        .or_else(|| if work.english() { before_the_anchor(work) } else { behind_the_anchor(work) })
        .or_else(|| later(work));
    let Some((mut relation, zone)) = found else { return };
    for i in zone.clone() {
        work.nodes[i].zone = Zone::Anchor;
    }
    // 침입한 사람이 침입 전에 …: whose acts is not said by the relation alone.
    let acts: Vec<usize> = zone.clone().filter(|k| work.names_type(*k)).collect();
    if let [_, second, ..] = acts.as_slice()
        && !relation.same_person
        && zone.clone().any(|k| matches!(work.concept(k), Some(Concept::Agent(_) | Concept::Person)))
    {
        work.unclear(*second);
    }
    if relation.side != Side::BetweenFirstAndLast
        && let Some(which) = which(work, zone.clone())
    {
        relation.which = which;
    }
    for i in 0..work.len() {
        match work.concept(i) {
            Some(Concept::RelSamePerson) => {
                relation.same_person = true;
                work.consume(i);
            }
            Some(Concept::RelAgain) => work.consume(i),
            Some(Concept::GroupBy) if zone.contains(&i) && matches!(work.text(i), "each" | "every" | "per") => {
                work.consume(i)
            }
            Some(Concept::AskExist) if zone.contains(&i) => work.consume(i),
            Some(Concept::RelLater) => work.consume(i),
            Some(Concept::RelEitherSide) if relation.side == Side::Around => work.consume(i),
            _ => {}
        }
        if zone.contains(&i) && work.josa(i) == Some(Josa::Each) {
            work.consume(i);
        }
    }
    work.relation = Some(Found { relation, anchor: zone });
}

/// Korean, Japanese, Chinese: anchor, then 직후, 후, 전 …
fn behind_the_anchor(work: &mut Work<'_>) -> Option<(Relation, Range)> {
    for marker in 1..work.len() {
        let (side, right) = match work.concept(marker) {
            Some(Concept::RelRightAfter) => (Side::After, true),
            Some(Concept::RelRightBefore) => (Side::Before, true),
            Some(Concept::RelAfter) => (Side::After, false),
            Some(Concept::RelBefore) => (Side::Before, false),
            Some(Concept::RelAround) => (Side::Around, false),
            _ if work.nodes[marker].tail == Tail::AsSoonAs && work.names_type(marker) => {
                let zone = start_of_clause(work, marker)..marker + 1;
                return Some((relation(Side::After, Some(RIGHT)), zone));
            }
            // 쓰러지고 나서
            _ if matches!(work.what(marker), Some(N::Aux | N::Light))
                && work.text(marker).starts_with("나서")
                && work.nodes[marker - 1].tail == Tail::Then
                && work.names_type(marker - 1) =>
            {
                (Side::After, false)
            }
            // 훔치고 1분 안에, 들어온 지 1분 안에
            Some(Concept::RelWithin | Concept::RelDuring) if follows_an_act(work, marker) => (Side::After, false),
            _ => continue,
        };
        let Some((head, earlier)) = anchor_before(work, marker) else { continue };
        let mut at = marker + 1;
        let mut window = None;
        while matches!(work.josa(at), Some(Josa::Role | Josa::At | Josa::From))
            || work.text(at) == "の"
            || work.is(at, Concept::Filler)
        {
            at += 1;
        }
        if let Some(N::Moment { seconds, colon: false, .. }) = work.what(at) {
            window = Some(*seconds);
            at += 1;
            while matches!(work.concept(at), Some(Concept::RelWithin | Concept::RelDuring | Concept::RelBetween))
                || matches!(work.josa(at), Some(Josa::At | Josa::Until))
                || matches!(work.text(at), "の" | "内")
            {
                at += 1;
            }
        } else if let Some((k, seconds)) = earlier {
            // 도난 30초 후: a moment, not a window, unless it says "within" or 전후.
            let within = matches!(work.concept(marker), Some(Concept::RelWithin | Concept::RelDuring))
                || work.is(at, Concept::RelWithin)
                || side == Side::Around
                || work.is(at, Concept::RelDuring);
            if !within {
                work.unclear(k);
                return None;
            }
            window = Some(seconds);
            work.consume(k);
            at += usize::from(
                side != Side::Around && !matches!(work.concept(marker), Some(Concept::RelWithin | Concept::RelDuring)),
            );
        }
        if window.is_none() {
            at = marker + 1;
            window = match (right, side) {
                (true, _) => Some(RIGHT),
                (false, Side::Around) => return None,
                _ => None,
            };
            if matches!(work.josa(at), Some(Josa::At | Josa::Role | Josa::From)) {
                at += 1;
            }
        }
        work.consume_all(marker..at);
        let zone = start_of_clause(work, head)..marker;
        return Some((relation(side, window), zone));
    }
    None
}

/// The token that names the anchor's type right before the marker, and a length that stands between them.
fn anchor_before(work: &Work<'_>, marker: usize) -> Option<(usize, Option<(usize, f64)>)> {
    let mut window = None;
    for k in (0..marker).rev() {
        if work.names_type(k) && !work.nodes[k].used {
            return Some((k, window));
        }
        match work.what(k) {
            Some(N::Moment { seconds, colon: false, .. }) if window.is_none() && !work.nodes[k].used => {
                window = Some((k, *seconds))
            }
            Some(N::Concept(Concept::Event)) => {}
            Some(N::Josa(Josa::At)) => {}
            Some(N::Concept(Concept::Person)) => {}
            Some(N::Unknown) if work.text(k) == "지" => {}
            _ if work.is_thin(k) => {}
            _ => return None,
        }
    }
    None
}

/// A length before `marker` that follows an act: "훔치고 1분 안에".
fn follows_an_act(work: &mut Work<'_>, marker: usize) -> bool {
    let Some(length) = marker.checked_sub(1).filter(|k| matches!(work.what(*k), Some(N::Moment { colon: false, .. })))
    else {
        return false;
    };
    let Some(before) = length.checked_sub(1) else { return false };
    if work.text(before) == "지" && before > 0 && work.nodes[before - 1].tail == Tail::Adnominal {
        work.consume(before);
        return true;
    }
    work.nodes[before].tail == Tail::Then
}

/// A clause begins behind a comma.
fn start_of_clause(work: &Work<'_>, head: usize) -> usize {
    (0..head).rev().find(|k| work.punct(*k, ",.;")).map_or(0, |k| k + 1)
}

/// English: "within 30 seconds after", "right before", "in the minute leading up to" — then the anchor.
fn before_the_anchor(work: &mut Work<'_>) -> Option<(Relation, Range)> {
    for marker in 0..work.len() {
        let of = work.text(marker) == "of" && marker > 0 && matches!(work.what(marker - 1), Some(N::Moment { .. }));
        let (side, right) = match work.concept(marker) {
            Some(Concept::RelRightAfter) => (Side::After, true),
            Some(Concept::RelRightBefore) => (Side::Before, true),
            Some(Concept::RelAfter) => (Side::After, false),
            Some(Concept::RelBefore) => (Side::Before, false),
            Some(Concept::RelAround | Concept::RelEitherSide) => (Side::Around, false),
            // "again within two minutes of another": the later one is asked for.
            None if of && (0..marker).any(|k| work.is(k, Concept::RelAgain)) => (Side::After, false),
            None if of => (Side::Around, false),
            _ => continue,
        };
        let Some(head) = anchor_behind(work, marker) else { continue };
        let mut start = marker;
        let mut window = None;
        // The length before: "within 30 seconds", "in the 20 seconds", "up to a minute".
        let back = work.before_neutral(marker);
        if let Some(k) = back
            && let Some(N::Moment { seconds, colon: false, .. }) = work.what(k)
        {
            window = Some(*seconds);
            let mut first = k;
            let mut spans = false;
            while first > 0 {
                let definite = matches!(work.text(first - 1), "the" | "in");
                let within = matches!(
                    work.concept(first - 1),
                    Some(Concept::RelWithin | Concept::RelDuring | Concept::RelTo | Concept::CmpLe)
                );
                if !(definite || within || matches!(work.text(first - 1), "a" | "an" | "any")) {
                    break;
                }
                spans |= definite || within;
                first -= 1;
            }
            if !spans {
                return None;
            }
            start = first;
        }
        if side == Side::Around && window.is_none() {
            return None;
        }
        if window.is_none() && right {
            window = Some(RIGHT);
        }
        work.consume_all(start..marker + 1);
        let end = end_of_anchor(work, head);
        return Some((relation(side, window), marker + 1..end));
    }
    None
}

/// The type that the words behind the marker lead to.
fn anchor_behind(work: &Work<'_>, marker: usize) -> Option<usize> {
    for k in marker + 1..work.len() {
        if work.names_type(k) {
            return Some(k);
        }
        let soft = work.is_thin(k)
            || work.text(k) == "second"
            || matches!(
                work.concept(k),
                Some(
                    Concept::GroupBy
                        | Concept::AskExist
                        | Concept::RelFirst
                        | Concept::RelLast
                        | Concept::RelAgain
                        | Concept::Person
                        | Concept::Gender(_)
                        | Concept::AgeMinor
                        | Concept::AgeAdult
                        | Concept::AgeElderly
                        | Concept::AgeTeen
                        | Concept::UnitNth
                )
            )
            || matches!(work.what(k), Some(N::Amount { unit: Concept::UnitNth, .. }));
        if !soft {
            return None;
        }
    }
    None
}

/// The anchor ends at punctuation or where the main clause begins.
fn end_of_anchor(work: &Work<'_>, head: usize) -> usize {
    (head + 1..work.len())
        .find(|k| {
            work.punct(*k, ",;?.!")
                || matches!(work.text(*k), "did" | "does" | "do" | "who" | "what" | "how" | "was" | "were")
                || matches!(
                    work.concept(*k),
                    Some(
                        Concept::AskHowMany
                            | Concept::AskWho
                            | Concept::AskWhat
                            | Concept::AskList
                            | Concept::AskCount
                            | Concept::AskWhen
                            | Concept::AskPeopleCount
                    )
                )
        })
        .unwrap_or(work.len())
}

/// "who broke in and later stole", 들어온 사람이 나중에 훔친: the same person, first this, then that.
fn later(work: &mut Work<'_>) -> Option<(Relation, Range)> {
    let at = (0..work.len()).find(|i| work.is(*i, Concept::RelLater))?;
    (0..at).find(|k| work.names_type(*k))?;
    (at + 1..work.len()).find(|k| work.names_type(*k))?;
    let one_person = (0..at).any(|k| {
        matches!(
            work.concept(k),
            Some(Concept::Person | Concept::Agent(_) | Concept::Gender(_) | Concept::RelSamePerson | Concept::AskWho)
        ) || matches!(work.text(k), "who" | "whoever")
    });
    if !one_person {
        return None;
    }
    // "and later", "and then later"
    if let Some(k) = at.checked_sub(1)
        && work.is(k, Concept::LogicAnd)
    {
        work.consume(k);
    }
    let mut relation = relation(Side::After, None);
    relation.same_person = true;
    Some((relation, 0..at))
}

/// 첫 도난과 마지막 도난 사이, "between the first and the last theft".
fn between_first_and_last(work: &mut Work<'_>) -> Option<(Relation, Range)> {
    let between = (0..work.len()).find(|i| work.is(*i, Concept::RelBetween))?;
    let first = (0..work.len()).find(|i| work.is(*i, Concept::RelFirst))?;
    let last = (first + 1..work.len()).find(|i| work.is(*i, Concept::RelLast))?;
    let zone = if work.english() {
        if between > first {
            return None;
        }
        let head = (last + 1..work.len()).find(|k| work.names_type(*k))?;
        between..head + 1
    } else {
        if between < last {
            return None;
        }
        first..between + 1
    };
    let moment = zone.clone().any(|k| matches!(work.what(k), Some(N::Moment { .. })));
    if moment || !zone.clone().any(|k| work.names_type(k)) {
        return None;
    }
    for k in zone.clone() {
        if matches!(
            work.concept(k),
            Some(Concept::RelBetween | Concept::RelFirst | Concept::RelLast | Concept::LogicAnd)
        ) || matches!(work.josa(k), Some(Josa::And | Josa::From | Josa::At | Josa::Until))
        {
            work.consume(k);
        }
    }
    Some((relation(Side::BetweenFirstAndLast, None), zone))
}

/// Which anchor: the first, the last, the second …
fn which(work: &mut Work<'_>, zone: Range) -> Option<Which> {
    for i in zone {
        let which = match (work.concept(i), work.what(i)) {
            (Some(Concept::RelFirst), _) => Which::First,
            (Some(Concept::RelLast), _) => Which::Last,
            (_, Some(N::Amount { value, unit: Concept::UnitNth, .. })) if !work.nodes[i].used && *value >= 1.0 => {
                Which::Nth(*value as u32)
            }
            _ => continue,
        };
        work.consume(i);
        return Some(which);
    }
    None
}

fn relation(side: Side, within: Option<f64>) -> Relation {
    Relation { anchor: Cond::all(), which: Which::Every, side, within, same_person: false }
}
