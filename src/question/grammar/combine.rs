//! Puts the conditions of each zone together — alternatives, negations, exceptions — and gathers what was not used.

use super::{Item, ItemKind, N, Wanted, Work, Zone, unread};
use crate::question::Lang;
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::hangul::Tail;
use crate::question::reading::{Bounds, Clock, Cond, Reading, Scalar, Unread, Wants, Why};

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
            work.unclear.push(String::new());
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

/// 말고, 아닌, 않은; "not", "except": marks the items they speak of.
fn negate(work: &mut Work<'_>) {
    for i in 0..work.len() {
        let Some(Concept::LogicNot | Concept::LogicExcept) = work.concept(i) else { continue };
        let chinese = work.question.lang == Lang::Zh;
        let prefix = work.english() && !matches!(work.text(i), "excluded" | "excepted" | "aside")
            || chinese && !matches!(work.text(i), "以外" | "之外" | "除外");
        let target = if prefix { item_after(work, i) } else { item_before(work, i) };
        let Some(first) = target else { continue };
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

/// How two neighbouring items are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Or,
    And,
    Comma,
    /// 중에, "of those": the second is one of the first.
    Among,
    /// One act after the other.
    Then,
    Plain,
}

fn link(work: &Work<'_>, a: usize, b: usize) -> Link {
    let mut found = match work.nodes[a].tail {
        Tail::Or => Link::Or,
        Tail::Then | Tail::When => Link::Then,
        _ => Link::Plain,
    };
    for k in a + 1..b {
        let next = match work.what(k) {
            Some(N::Concept(Concept::LogicOr)) | Some(N::Josa(Josa::Or)) => Link::Or,
            Some(N::Concept(Concept::LogicAnd)) | Some(N::Josa(Josa::And)) => Link::And,
            Some(N::Concept(Concept::LogicAmong)) => Link::Among,
            Some(N::Josa(Josa::Role)) if work.text(k) == "도" && work.text(b + 1) == "도" => Link::And,
            Some(N::Punct(',' | '/' | '·' | '&' | '+')) => Link::Comma,
            Some(N::Light | N::Aux) if work.nodes[k].tail == Tail::Or => Link::Or,
            Some(N::Josa(Josa::Is)) if work.text(k).ends_with("거나") => Link::Or,
            _ => continue,
        };
        if matches!(found, Link::Plain | Link::Comma) || next == Link::Or {
            found = next;
        }
    }
    found
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

/// Items of one kind: the same thing twice, a part of the whole, or alternatives that are joined as such.
fn alternatives(items: &[Item], links: &[Link], same: &[usize]) -> Option<Cond> {
    let mut conds: Vec<Cond> = Vec::new();
    for (n, k) in same.iter().enumerate() {
        let cond = &items[*k].cond;
        if conds.contains(cond) {
            continue;
        }
        if n > 0 {
            let between = &links[same[n - 1]..*k];
            let or = between.iter().any(|l| matches!(l, Link::Or | Link::And | Link::Comma));
            let among = between.contains(&Link::Among);
            let then = between.contains(&Link::Then);
            // 이상 행동 중 도난
            if let (Some(Cond::Type(whole)), Cond::Type(part)) = (conds.last(), cond)
                && !or
            {
                if !then && part.iter().all(|t| whole.contains(t)) && (among || whole.len() > part.len()) {
                    conds.pop();
                    conds.push(cond.clone());
                    continue;
                }
                if !then && whole.iter().all(|t| part.contains(t)) && among {
                    continue;
                }
            }
            // "at least 40 and at most 55": two ends of one range.
            let strictly_or = between.contains(&Link::Or);
            if !strictly_or && let Some(both) = conds.last().and_then(|last| both_ends(last, cond)) {
                conds.pop();
                conds.push(both);
                continue;
            }
            if !or || then {
                return None;
            }
        }
        conds.push(cond.clone());
    }
    // Types in one list.
    if conds.len() > 1 && conds.iter().all(|c| matches!(c, Cond::Type(_))) {
        let mut types = Vec::new();
        for cond in &conds {
            if let Cond::Type(more) = cond {
                types.extend(more.iter().copied().filter(|t| !types.contains(t)).collect::<Vec<_>>());
            }
        }
        return Some(Cond::Type(types));
    }
    match conds.len() {
        1 => conds.pop(),
        _ => Some(Cond::Any(conds)),
    }
}

/// A range from two conditions that each say one end of it.
fn both_ends(a: &Cond, b: &Cond) -> Option<Cond> {
    let join = |a: &Bounds, b: &Bounds| {
        let joined = match (a.low, a.high, b.low, b.high) {
            (Some(low), None, None, Some(high)) | (None, Some(high), Some(low), None) => (low, high),
            _ => return None,
        };
        (joined.0.value < joined.1.value).then_some(Bounds { low: Some(joined.0), high: Some(joined.1) })
    };
    match (a, b) {
        (Cond::Age(a), Cond::Age(b)) => join(a, b).map(Cond::Age),
        (Cond::Time(a), Cond::Time(b)) => join(a, b).map(Cond::Time),
        (Cond::Confidence(a), Cond::Confidence(b)) => join(a, b).map(Cond::Confidence),
        (Cond::Duration(a), Cond::Duration(b)) => join(a, b).map(Cond::Duration),
        (
            Cond::Clock(Clock::Between { from: Some(from), to: None }),
            Cond::Clock(Clock::Between { from: None, to: Some(to) }),
        )
        | (
            Cond::Clock(Clock::Between { from: None, to: Some(to) }),
            Cond::Clock(Clock::Between { from: Some(from), to: None }),
        ) => (from <= to).then_some(Cond::Clock(Clock::Between { from: Some(*from), to: Some(*to) })),
        _ => None,
    }
}

/// Two runs of the same kinds of items, at least two each, joined by "or" (or "and"): (a and b) or (c and d).
fn branches(items: &[Item], links: &[Link]) -> Option<Cond> {
    let cut = (0..links.len()).find(|k| {
        matches!(links[*k], Link::Or | Link::And | Link::Comma)
            && items[*k].kind != items[*k + 1].kind
            && !items[*k].not
    })?;
    if items.iter().any(|i| i.not) {
        return None;
    }
    let kinds = |run: &[Item]| {
        let mut kinds: Vec<u8> = run.iter().map(|i| i.kind as u8).collect();
        kinds.sort_unstable();
        kinds
    };
    let all_plain = |links: &[Link]| links.iter().all(|l| *l == Link::Plain);
    // The runs directly around the cut; what lies outside them is shared.
    for size in [3, 2] {
        let (Some(from), to) = ((cut + 1).checked_sub(size), cut + 1 + size) else { continue };
        if to > items.len() || !all_plain(&links[from..cut]) || !all_plain(&links[cut + 1..to - 1]) {
            continue;
        }
        let (left, right) = (&items[from..=cut], &items[cut + 1..to]);
        let mut distinct = kinds(left);
        distinct.dedup();
        if kinds(left) != kinds(right) || distinct.len() < size {
            continue;
        }
        let rest: Vec<Cond> = items[..from].iter().chain(&items[to..]).map(|i| i.cond.clone()).collect();
        let rest_kinds = kinds(&[&items[..from], &items[to..]].concat());
        if rest_kinds.iter().any(|k| kinds(left).contains(k)) {
            return None;
        }
        let all = |run: &[Item]| Cond::All(run.iter().map(|i| i.cond.clone()).collect());
        let mut parts = vec![Cond::Any(vec![all(left), all(right)])];
        parts.extend(rest);
        return Some(if parts.len() == 1 { parts.remove(0) } else { Cond::All(parts) });
    }
    None
}

/// "women or minors": one person filter or another; everything else holds for both.
fn alternatives_of_two(items: &[Item], links: &[Link], k: usize) -> Option<Cond> {
    let personal = |i: &Item| matches!(i.kind, ItemKind::Gender | ItemKind::Age | ItemKind::Person);
    let (a, b) = (&items[k], &items[k + 1]);
    let lone = |n: Option<&Item>| n.is_none_or(|i| !personal(i));
    let before = k.checked_sub(1).map(|p| &items[p]);
    let joined_elsewhere = links.iter().enumerate().any(|(n, l)| n != k && *l == Link::Or);
    if !(personal(a) && personal(b) && lone(before) && lone(items.get(k + 2))) || joined_elsewhere {
        return None;
    }
    let mut parts = vec![Cond::Any(vec![a.cond.clone(), b.cond.clone()])];
    let mut kinds: Vec<ItemKind> = Vec::new();
    for (n, item) in items.iter().enumerate() {
        if n == k || n == k + 1 {
            continue;
        }
        if kinds.contains(&item.kind) {
            return None;
        }
        kinds.push(item.kind);
        parts.push(if item.not { Cond::Not(Box::new(item.cond.clone())) } else { item.cond.clone() });
    }
    Some(if parts.len() == 1 { parts.remove(0) } else { Cond::All(parts) })
}

/// Every token that no pass used and that is not empty of content.
fn leftovers(work: &Work<'_>) -> Vec<Unread> {
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
        match why_left(work, i) {
            Some(why) => match out.last_mut() {
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
            },
            None => {}
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

/// 정리하는 여자, 계산하고 나간 사람, 다친 사람: a verb that elsewhere asks or only fills says what somebody does here.
fn describes_a_person(work: &Work<'_>, i: usize) -> bool {
    const APPEARS: [&str; 35] = [
        "찍힌",
        "찍혔",
        "찍히",
        "나온",
        "나오",
        "나왔",
        "보이",
        "보인",
        "잡힌",
        "잡혔",
        "감지",
        "포착",
        "등장",
        "출현",
        "있",
        "연루",
        "관련",
        "가담",
        "기록",
        "탐지",
        "인식",
        "확인된",
        "촬영",
        "녹화",
        "저지",
        "일으",
        "벌인",
        "벌이",
        "발생",
        "담긴",
        "걸린",
        "끊",
        "나누",
        "나눠",
        "묶",
    ];
    let Some(node) = work.nodes.get(i) else { return false };
    let appears = APPEARS.iter().any(|form| node.text.starts_with(form));
    let next = (i + 1..work.len()).find(|k| !matches!(work.what(*k), Some(N::Aux | N::Josa(_))));
    let Some(next) = next else { return false };
    let person = matches!(work.what(next), Some(N::Concept(Concept::Person)))
        || matches!(work.kind(next), Some(ItemKind::Gender | ItemKind::Age));
    let act = work.is_kind(next, ItemKind::Type);
    match &node.what {
        N::Concept(Concept::Filler | Concept::AskList | Concept::AskCountVerb | Concept::ColumnDuration) => {
            // 화장실에서 나온 여자: out of it, not in the picture.
            let out_of =
                node.text.starts_with("나오") || node.text.starts_with("나온") || node.text.starts_with("나왔");
            let from_place =
                i > 1 && matches!(work.josa(i - 1), Some(Josa::At)) && work.is_kind(i - 2, ItemKind::Place);
            out_of && from_place
                || node.tail == Tail::Adnominal && person && !appears
                || node.tail == Tail::Then && act && !appears
        }
        N::Light | N::Aux => {
            let before = i.checked_sub(1);
            let noun = before.is_some_and(|k| {
                matches!(
                    work.what(k),
                    Some(
                        N::Item(_)
                            | N::Josa(_)
                            | N::Light
                            | N::Aux
                            | N::Concept(_)
                            | N::Moment { .. }
                            | N::Amount { .. }
                    )
                ) && !matches!(work.what(k), Some(N::Concept(Concept::Filler)))
            });
            let from_place =
                i > 1 && matches!(work.josa(i - 1), Some(Josa::At)) && work.is_kind(i - 2, ItemKind::Place);
            let out_of = node.text == "나" && work.text(i + 1).starts_with('온')
                || node.text.starts_with("나오")
                || node.text.starts_with("나온")
                || node.text.starts_with("나왔");
            let last = node.tail == Tail::Adnominal
                || matches!(work.what(i + 1), Some(N::Aux)) && work.nodes[i + 1].tail == Tail::Adnominal;
            last && person && !appears && !noun || out_of && from_place
        }
        _ => false,
    }
}

fn follows_a_noun(work: &Work<'_>, i: usize) -> bool {
    i > 0
        && matches!(
            work.what(i - 1),
            Some(N::Unknown | N::Place | N::KnownPlace { .. } | N::Concept(Concept::Person | Concept::Event))
        )
}
