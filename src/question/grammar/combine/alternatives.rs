//! Items of one kind, and runs of items, as alternatives.

use super::links::Link;
use crate::question::grammar::{Item, ItemKind};
use crate::question::reading::{Bounds, Clock, Cond};

/// Items of one kind: the same thing twice, a part of the whole, or alternatives that are joined as such.
pub(super) fn alternatives(items: &[Item], links: &[Link], same: &[usize]) -> Option<Cond> {
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
pub(super) fn branches(items: &[Item], links: &[Link]) -> Option<Cond> {
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
pub(super) fn alternatives_of_two(items: &[Item], links: &[Link], k: usize) -> Option<Cond> {
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
