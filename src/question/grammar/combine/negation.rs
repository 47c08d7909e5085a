//! 말고, 아닌, 않은; "not", "except": marks the items they speak of.

use super::links::{Link, link};
use crate::question::Lang;
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::{ItemKind, N, Work};

/// 말고, 아닌, 않은; "not", "except": marks the items they speak of.
pub(super) fn negate(work: &mut Work<'_>) {
    for i in 0..work.len() {
        let Some(Concept::LogicNot | Concept::LogicExcept) = work.concept(i) else { continue };
        let chinese = work.question.lang == Lang::Zh;
        let prefix = work.english() && !matches!(work.text(i), "excluded" | "excepted" | "aside")
            || chinese && !matches!(work.text(i), "以外" | "之外" | "除外");
        let target = if prefix { item_after(work, i) } else { item_before(work, i) };
        let Some(first) = target else { continue };
        // 물건 빼고 간 사람: things, not rows.
        let things =
            i.checked_sub(1).is_some_and(|k| work.is(k, Concept::Filler) && !work.nodes[k].text.contains("사람"));
        if !prefix && things && work.is(i, Concept::LogicExcept) {
            continue;
        }
        // 서랍에서 뺀 사람: taken out of it, not excepted.
        if matches!(work.josa(i.wrapping_sub(1)), Some(Josa::At)) && work.is(i, Concept::LogicExcept) {
            continue;
        }
        // 성인 남자 제외하고: both, or one?
        let beside = if prefix { Some(work.past_neutral(first + 1)) } else { first.checked_sub(1) };
        let attributes = |k: usize| {
            work.kind(k).is_some_and(|kind| {
                matches!(kind, ItemKind::Age | ItemKind::Gender | ItemKind::Area | ItemKind::Place)
                    && Some(kind) != work.kind(first)
            })
        };
        let except = prefix && work.is(i, Concept::LogicExcept);
        if beside.is_some_and(attributes) && (work.kind(first) != Some(ItemKind::Type) || except) {
            continue;
        }
        work.consume(i);
        let mut at = first;
        loop {
            set_not(work, at);
            let next = if prefix { item_after(work, at) } else { item_before(work, at) };
            let Some(next) = next else { break };
            let (low, high) = (at.min(next), at.max(next));
            if work.kind(next) != work.kind(first)
                || !matches!(link(work, low, high), Link::Or | Link::And | Link::Comma)
            {
                break;
            }
            at = next;
        }
        // 除了…以外: the closing half.
        if chinese {
            for k in i + 1..work.len() {
                if matches!(work.text(k), "以外" | "之外" | "外") {
                    work.consume(k);
                }
            }
        }
    }
}

fn set_not(work: &mut Work<'_>, i: usize) {
    if let N::Item(item) = &mut work.nodes[i].what {
        item.not = true;
    }
}

fn item_after(work: &Work<'_>, i: usize) -> Option<usize> {
    for k in i + 1..work.len() {
        match work.what(k) {
            Some(N::Item(_)) => return Some(k),
            _ if soft_for_not(work, k) => {}
            _ => return None,
        }
    }
    None
}

fn item_before(work: &Work<'_>, i: usize) -> Option<usize> {
    for k in (0..i).rev() {
        match work.what(k) {
            Some(N::Item(_)) => return Some(k),
            _ if soft_for_not(work, k) => {}
            _ => return None,
        }
    }
    None
}

/// What may stand between a negation and what it negates.
fn soft_for_not(work: &Work<'_>, k: usize) -> bool {
    work.is_thin(k)
        || work.nodes[k].used && !work.is_item(k)
        || matches!(work.what(k), Some(N::Josa(_)))
        || matches!(work.what(k), Some(N::Concept(Concept::UnitTimes | Concept::UnitDay)))
        || matches!(work.what(k), Some(N::Punct(',' | '-' | '/' | '·')))
        || matches!(
            work.what(k),
            Some(N::Concept(
                Concept::Event
                    | Concept::Person
                    | Concept::LogicOr
                    | Concept::LogicAnd
                    | Concept::PlaceNear
                    | Concept::AskExist
                    | Concept::LogicOnly
                    | Concept::ColumnType
            ))
        )
}
