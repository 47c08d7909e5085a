//! What no pass used and that is not empty of content.

use super::people::describes_a_person;
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::{ItemKind, N, Work, unread};
use crate::question::hangul::Tail;
use crate::question::reading::{Unread, Why};

/// Every token that no pass used and that is not empty of content.
pub(super) fn leftovers(work: &Work<'_>) -> Vec<Unread> {
    let mut out: Vec<Unread> = work.unclear.iter().map(|text| unread(text, Why::Unclear)).collect();
    for (i, node) in work.nodes.iter().enumerate() {
        // A filter that some pass swallowed would be lost in silence.
        let filters = matches!(
            node.what,
            N::Concept(
                Concept::Type(_)
                    | Concept::Agent(_)
                    | Concept::Abnormal
                    | Concept::Normal
                    | Concept::EnterExit
                    | Concept::Gender(_)
                    | Concept::AgeMinor
                    | Concept::AgeAdult
                    | Concept::AgeElderly
                    | Concept::AgeTeen
                    | Concept::Decade(_)
            )
        );
        if node.used && filters && !work.unclear.contains(&node.text) {
            out.push(unread(&node.text, Why::Unclear));
        }
        if node.used || matches!(node.what, N::Item(_)) {
            continue;
        }
        if let Some(why) = why_left(work, i) {
            match out.last_mut() {
                Some(last)
                    if why == Why::UnknownWord
                        && last.why == why
                        && i > 0
                        && matches!(work.nodes[i - 1].what, N::Unknown) =>
                {
                    last.text.push(' ');
                    last.text.push_str(&node.text);
                }
                _ => out.push(unread(&node.text, why)),
            }
        }
    }
    out
}

fn why_left(work: &Work<'_>, i: usize) -> Option<Why> {
    if describes_a_person(work, i) {
        return Some(Why::Unclear);
    }
    match work.what(i)? {
        N::Unknown => Some(Why::UnknownWord),
        // "mark event 5 as …": an order.
        N::Neutral if i == 0 && work.text(0) == "mark" => Some(Why::Unclear),
        N::Neutral | N::Aux | N::Light | N::Item(_) => None,
        N::Punct(c) => (!matches!(
            c,
            '?' | '!'
                | '.'
                | ','
                | '"'
                | '\''
                | '('
                | ')'
                | '-'
                | '~'
                | ':'
                | '…'
                | ';'
                | '/'
                | '·'
                | '^'
                | '「'
                | '」'
                | '&'
        ))
        .then_some(Why::Unclear),
        N::Josa(Josa::Role | Josa::At | Josa::Is | Josa::And | Josa::Or | Josa::Only) => None,
        N::Josa(Josa::From | Josa::Until) => Some(Why::Unclear).filter(|_| {
            !matches!(work.what(i.wrapping_sub(1)), Some(N::Item(_) | N::Concept(Concept::Event | Concept::Person)))
        }),
        N::Josa(_) => Some(Why::Unclear),
        // 한 사람, 한 건이라도: any.
        N::Number { value: 1.0, .. } if work.text(i) == "one" => None,
        N::Amount { value: 1.0, unit: Concept::PersonUnit | Concept::UnitTimes | Concept::UnitItem, .. }
            if !work.english() && work.text(i + 1) != "씩" && !work.is_kind(i + 1, ItemKind::Place) =>
        {
            None
        }
        N::KnownPlace { .. }
        | N::Place
        | N::Number { .. }
        | N::Amount { .. }
        | N::Moment { .. }
        | N::Clock(_)
        | N::Date(_) => Some(Why::Unclear),
        N::Concept(concept) => match concept {
            // 나머지 without what is left out refers to the talk before.
            Concept::Filler
                if work.text(i) == "나머지"
                    && !work
                        .nodes
                        .iter()
                        .any(|n| matches!(n.what, N::Concept(Concept::LogicExcept | Concept::LogicNot))) =>
            {
                Some(Why::Unclear)
            }
            Concept::Filler
            | Concept::Person
            | Concept::Event
            | Concept::Video
            | Concept::PlaceScene
            | Concept::PlaceAny
            | Concept::AskExist
            | Concept::AskList
            | Concept::AskWhat
            | Concept::AskWho
            | Concept::AskWhen
            | Concept::AskWhere
            | Concept::AskWhich
            | Concept::LogicOr
            | Concept::LogicAnd
            | Concept::LogicOnly
            | Concept::LogicAmong
            | Concept::ColumnTime
            | Concept::OrderAscending => None,
            // Prepositions that only look like relations: "look for", "from the left", "over there".
            Concept::RelDuring | Concept::RelFrom | Concept::GroupBy
                if work.english()
                    && matches!(
                        work.text(i),
                        "for" | "by" | "from" | "during" | "each" | "every" | "throughout" | "across"
                    ) =>
            {
                None
            }
            Concept::PlaceNear
                if work.english()
                    && matches!(work.text(i), "at" | "in" | "on" | "by" | "inside" | "around" | "from") =>
            {
                None
            }
            // 건, 일 behind a modifier is the event itself; 근처 without a place says nothing.
            Concept::UnitTimes | Concept::UnitDay if matches!(work.text(i), "건" | "일") => None,
            Concept::PlaceNear
                if matches!(work.text(i), "근처" | "주변" | "부근" | "nearby") && !follows_a_noun(work, i) =>
            {
                None
            }
            Concept::GroupBy if matches!(work.text(i), "각각" | "각") => None,
            // 분 behind a modifier is a person, politely.
            Concept::UnitMinute if work.text(i) == "분" && !work.english() => None,
            // "about the thefts"
            Concept::RelAbout if work.english() && matches!(work.text(i), "about" | "around") => None,
            Concept::AreaFrame => None,
            // 파악되는가, "recorded thefts": of no column.
            Concept::KnownValue => None,
            // 걸리다 is "to be caught" as well as "to take".
            Concept::ColumnDuration if work.text(i).starts_with('걸') => None,
            // "over on the left"
            Concept::CmpGt
                if work.text(i) == "over"
                    && !matches!(
                        work.what(work.seek(i + 1)),
                        Some(N::Number { .. } | N::Moment { .. } | N::Amount { .. })
                    ) =>
            {
                None
            }
            // 없나?
            Concept::AskNone
                if !work.english()
                    && work.nodes[i].tail == Tail::None
                    && work.seek(i + 1) >= work.len().saturating_sub(1) =>
            {
                None
            }
            Concept::PlaceNear
                if work.text(i) == "쪽"
                    && i > 0
                    && matches!(work.what(i - 1), Some(N::Concept(Concept::LogicNot | Concept::LogicExcept))) =>
            {
                None
            }
            _ => Some(Why::Unclear),
        },
    }
}

fn follows_a_noun(work: &Work<'_>, i: usize) -> bool {
    i > 0
        && matches!(
            work.what(i - 1),
            Some(N::Unknown | N::Place | N::KnownPlace { .. } | N::Concept(Concept::Person | Concept::Event))
        )
}
