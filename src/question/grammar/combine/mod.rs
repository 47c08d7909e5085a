//! Puts the conditions of each zone together — alternatives, negations, exceptions — and gathers what was not used.

mod alternatives;
mod leftovers;
mod links;
mod negation;
mod people;

use super::{Item, ItemKind, N, Wanted, Work, Zone, unread};
use crate::question::concept::Concept;
use crate::question::hangul::Tail;
use crate::question::reading::{Cond, Reading, Scalar, Wants, Why};
use alternatives::{alternatives, alternatives_of_two, branches};
use leftovers::leftovers;
use links::{Link, link};
use negation::negate;

pub(super) fn finish(mut work: Work<'_>, wanted: Wanted) -> Reading {
    negate(&mut work);
    objects(&mut work);
    acts_of_one(&mut work);
    let main = zone(&mut work, Zone::Main);
    let relation = work.relation.take().map(|found| {
        let anchor = zone(&mut work, Zone::Anchor);
        let mut relation = found.relation;
        if anchor_is_vague(&anchor) {
            work.unclear(found.anchor.start);
        }
        relation.anchor = anchor;
        relation
    });
    let mut wants = wanted.wants;
    if wanted.share
        && let Wants::Scalar(Scalar::Share { part, .. }) = &mut wants
    {
        *part = zone(&mut work, Zone::Part);
        if *part == Cond::all() {
            work.unclear.push("%".to_owned());
        }
    }
    let answers_something = relation.is_some() || says_something(&work, &main, &wants);
    let mut left = leftovers(&work);
    if !answers_something && left.is_empty() && work.signals.is_empty() {
        left.push(unread(work.question.text, Why::Unclear));
    }
    Reading {
        wants,
        filter: main,
        relation,
        polar: work.polar,
        asks_when: work.asks_when,
        signals: work.signals,
        unread: left,
    }
}

/// "during the theft", "who both stole and fought": at the same time, or the same person; a list of types is neither.
fn acts_of_one(work: &mut Work<'_>) {
    if !work.english() {
        return;
    }
    let person = (0..work.len())
        .any(|k| matches!(work.concept(k), Some(Concept::Person | Concept::AskWho)) || work.text(k) == "who");
    for i in 0..work.len() {
        let next = work.past_neutral(i + 1);
        let type_next = work.is_kind(next, ItemKind::Type);
        if matches!(work.text(i), "during" | "while" | "at the time" | "the time") && type_next && !work.nodes[i].used {
            work.unclear(i);
        }
        let joined = work.is(i, Concept::LogicAnd) || work.punct(i, "&");
        if joined
            && person
            && i > 0
            && type_next
            && work.is_kind(i - 1, ItemKind::Type)
            && finite(work.text(i - 1))
            && finite(work.text(next))
        {
            work.unclear(i);
        }
    }
}

/// Whether an English verb stands in the past: "stole", "entered", "came in".
fn finite(text: &str) -> bool {
    let head = text.split(' ').next().unwrap_or_default();
    head.ends_with("ed")
        || matches!(
            head,
            "stole"
                | "fought"
                | "fell"
                | "left"
                | "came"
                | "went"
                | "broke"
                | "sat"
                | "stood"
                | "hit"
                | "took"
                | "ran"
                | "got"
                | "hung"
                | "lay"
                | "swept"
                | "drove"
                | "threw"
                | "beat"
        )
}

/// 여자를 폭행한, 노인한테: who it was done to is not who did it.
fn objects(work: &mut Work<'_>) {
    for i in 0..work.len() {
        let person = matches!(work.kind(i), Some(ItemKind::Gender | ItemKind::Age));
        let object = matches!(work.text(i + 1), "을" | "를" | "한테" | "에게");
        let next = work.seek(i + 2);
        let acted_on = work.is_kind(next, ItemKind::Type) && work.nodes[next].tail != Tail::None;
        if person && object && (acted_on || matches!(work.text(i + 1), "한테" | "에게")) {
            work.unclear(i + 1);
        }
    }
}

/// An anchor needs a type, and a time of its own is not provided for.
fn anchor_is_vague(anchor: &Cond) -> bool {
    let parts: &[Cond] = match anchor {
        Cond::All(parts) => parts,
        one => std::slice::from_ref(one),
    };
    !parts.iter().any(|c| matches!(c, Cond::Type(_) | Cond::Any(_)))
        || parts.iter().any(|c| matches!(c, Cond::Time(_) | Cond::Clock(_)))
}

/// A question that names nothing — no filter, no event, no person, no count — is not one about events.
fn says_something(work: &Work<'_>, filter: &Cond, wants: &Wants) -> bool {
    *filter != Cond::all()
        || !matches!(wants, Wants::Events { .. })
        || asks_what_happened(work)
        || work.nodes.iter().any(|n| {
            matches!(
                n.what,
                N::Concept(
                    Concept::Event
                        | Concept::AskExist
                        | Concept::Person
                        | Concept::AskWho
                        | Concept::RelFirst
                        | Concept::RelLast
                )
            )
        })
}

/// "what happened", 뭐 있었어: "what" alone asks for something else.
fn asks_what_happened(work: &Work<'_>) -> bool {
    let what = work.nodes.iter().any(|n| matches!(n.what, N::Concept(Concept::AskWhat)));
    let happened = work.nodes.iter().any(|n| match n.what {
        N::Light | N::Aux => true,
        N::Concept(Concept::Filler) => [
            "happen",
            "occur",
            "going on",
            "go on",
            "went on",
            "transpire",
            "찍",
            "잡",
            "일어",
            "벌어",
            "발생",
            "나오",
            "나온",
            "発生",
            "发生",
            "起き",
            "あり",
        ]
        .iter()
        .any(|act| n.text.contains(act)),
        _ => false,
    });
    what && happened
}

/// The items of a zone as one condition.
fn zone(work: &mut Work<'_>, zone: Zone) -> Cond {
    let at: Vec<usize> = (0..work.len()).filter(|i| work.nodes[*i].zone == zone && work.is_item(*i)).collect();
    let items: Vec<Item> = at
        .iter()
        .filter_map(|i| match work.what(*i) {
            Some(N::Item(item)) => Some(item.clone()),
            _ => None,
        })
        .collect();
    let links: Vec<Link> = at.windows(2).map(|pair| link(work, pair[0], pair[1])).collect();
    // "men in their thirties or women in their twenties": alternatives of the same make.
    if let Some(cond) = branches(&items, &links) {
        return cond;
    }
    for (k, link) in links.iter().enumerate() {
        let (a, b) = (&items[k], &items[k + 1]);
        if *link == Link::Or && a.kind != b.kind && a.not == b.not {
            match alternatives_of_two(&items, &links, k) {
                Some(cond) => return cond,
                None => work.unclear(at[k]),
            }
        }
    }
    // "thieves, not thefts": the same thing wanted and not wanted.
    for (k, item) in items.iter().enumerate() {
        if item.not && items.iter().any(|other| !other.not && other.cond == item.cond) {
            work.unclear(at[k]);
        }
    }
    // 왼쪽 가운데 오른쪽 중에: a list that 중에 closes.
    let listed = at.last().is_some_and(|last| {
        (last + 1..work.len().min(last + 3)).any(|k| matches!(work.what(k), Some(N::Concept(Concept::LogicAmong))))
    });
    let links: Vec<Link> = links
        .iter()
        .enumerate()
        .map(|(k, link)| {
            let sides = items[k].kind == items[k + 1].kind
                && matches!(items[k].kind, ItemKind::Area | ItemKind::Place | ItemKind::Gender);
            if *link == Link::Plain && sides && (listed || items[k].kind == ItemKind::Area && items.len() >= 3) {
                Link::Comma
            } else {
                *link
            }
        })
        .collect();
    let mut parts: Vec<Cond> = Vec::new();
    for not in [false, true] {
        let mut done: Vec<ItemKind> = Vec::new();
        for item in items.iter().filter(|item| item.not == not) {
            if done.contains(&item.kind) {
                continue;
            }
            done.push(item.kind);
            let same: Vec<usize> =
                (0..items.len()).filter(|k| items[*k].kind == item.kind && items[*k].not == not).collect();
            match alternatives(&items, &links, &same) {
                Some(cond) if not => parts.push(Cond::Not(Box::new(cond))),
                Some(cond) => parts.push(cond),
                None => work.unclear(at[same[same.len() - 1]]),
            }
        }
    }
    match parts.len() {
        1 => parts.remove(0),
        _ => Cond::All(parts),
    }
}
