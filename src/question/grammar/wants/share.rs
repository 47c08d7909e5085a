//! The share of a part in a whole, 0 to 100.

use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::{N, Range, Wanted, Work, Zone};
use crate::question::reading::{Cond, Counted, Scalar, Wants};

/// The share of a part in a whole, 0 to 100.
pub(super) fn share(work: &mut Work<'_>) -> Option<Wanted> {
    let at = work.find(|c| c == Concept::StatShare).or_else(|| {
        let percent = work.find(|c| c == Concept::UnitPercent)?;
        if (0..percent).any(|k| work.text(k).starts_with("차지")) {
            return Some(percent);
        }
        let how = work.find(|c| matches!(c, Concept::AskHowMany | Concept::AskHowMuch))?;
        (percent.abs_diff(how) <= 2).then_some(percent)
    })?;
    let items: Vec<usize> = (0..work.len()).filter(|i| work.is_item(*i) && work.nodes[*i].zone == Zone::Main).collect();
    work.consume(at);
    for concept in
        [Concept::StatShare, Concept::UnitPercent, Concept::AskHowMany, Concept::AskHowMuch, Concept::StatTotal]
    {
        work.take(concept);
    }
    let part = if work.english() { part_of_english(work, at) } else { part_of_korean(work, at) };
    match part {
        // What stands in neither, before the share word, filters the whole: "in the first hour, what share …".
        Some(part) => {
            if part.is_empty() || !items.iter().any(|i| part.contains(i)) {
                work.unclear(at);
            }
            for i in part {
                if work.nodes[i].zone == Zone::Main {
                    work.nodes[i].zone = Zone::Part;
                }
            }
        }
        None if items.len() == 1 || same_kind(work, &items) => {
            for i in &items {
                work.nodes[*i].zone = Zone::Part;
            }
        }
        None => work.unclear(at),
    }
    work.take_all(&[Concept::LogicAmong, Concept::AskList]);
    let counted = counted_in_share(work);
    Some(Wanted { wants: Wants::Scalar(Scalar::Share { part: Cond::all(), counted }), share: true })
}

fn counted_in_share(work: &mut Work<'_>) -> Counted {
    match work.find(|c| matches!(c, Concept::AskPeopleCount)) {
        Some(i) => {
            work.consume(i);
            Counted::People
        }
        None => Counted::Events,
    }
}

/// Ko, ja, zh: the whole stands before 중에서, 에서, 가운데; the part between it and the share word.
fn part_of_korean(work: &mut Work<'_>, share: usize) -> Option<Range> {
    let cut = (0..work.len()).rev().find(|i| {
        work.is(*i, Concept::LogicAmong)
            || matches!(work.text(*i), "のうち" | "の中で" | "当中" | "中")
            || matches!(work.josa(*i), Some(Josa::At))
                && work.text(*i).starts_with("에서")
                && *i > 0
                && (work.is(*i - 1, Concept::Event) || work.names_type(*i - 1) || work.text(*i - 1) == "전체")
    });
    let Some(cut) = cut else {
        // 전체 이상 행동의 몇 퍼센트
        let of = share.checked_sub(1).filter(|k| work.text(*k) == "의")?;
        let whole = of.checked_sub(1)?;
        let named = work.is_item(whole) || work.is(whole, Concept::Event);
        let item = |range: Range| range.into_iter().any(|i| work.is_item(i));
        return match (named, item(share + 1..work.len()), item(0..whole)) {
            (true, true, false) => Some(share + 1..work.len()),
            (true, false, true) => Some(0..whole),
            _ => None,
        };
    };
    work.consume(cut);
    // 비율 may also stand before: "비율이 얼마나 되나, 도난 중 여자는" reads the same.
    let end = if cut < share { share } else { work.len() };
    Some(cut + 1..end)
}

/// English: "of the thefts" is the whole; the part follows the verb.
fn part_of_english(work: &Work<'_>, share: usize) -> Option<Range> {
    let before =
        (0..share).any(|i| work.is(i, Concept::LogicAmong)) || matches!(work.text(0), "of" | "out of" | "from");
    let has_item = |range: Range| range.into_iter().any(|i| work.is_item(i));
    if before && !work.text(share).ends_with(" of") && work.text(share + 1) != "of" && has_item(0..share) {
        return Some(share + 1..work.len());
    }
    let of = if work.text(share).ends_with(" of") {
        share
    } else {
        (share + 1..(share + 4).min(work.len())).find(|i| work.text(*i) == "of" || work.is(*i, Concept::LogicAmong))?
    };
    let item = |range: Range| range.into_iter().any(|i| work.is_item(i));
    // "the female share of the thefts"
    if item(0..share) && item(of + 1..work.len()) {
        return Some(0..share);
    }
    const STRONG: [&str; 29] = [
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "did",
        "involve",
        "involved",
        "involves",
        "happened",
        "happen",
        "came",
        "come",
        "took",
        "belong",
        "fall",
        "falls",
        "committed",
        "make",
        "made",
        "occurred",
        "occur",
        "last",
        "lasted",
        "show",
        "concern",
        "done",
    ];
    const WEAK: [&str; 7] = ["by", "that", "who", "in", "at", "on", "with"];
    let from = |words: &[&str]| {
        (of + 2..work.len())
            .find(|i| words.contains(&work.text(*i)) || work.text(*i).ends_with(" by") || work.punct(*i, ","))
    };
    let verb = from(&STRONG).filter(|i| !work.punct(*i, ",")).or_else(|| from(&WEAK))?;
    // "the share of women among the thieves"
    if let Some(among) = (of + 1..work.len()).find(|i| work.is(*i, Concept::LogicAmong)) {
        return Some(of + 1..among);
    }
    Some(verb..work.len())
}

fn same_kind(work: &Work<'_>, items: &[usize]) -> bool {
    let kind = |i: &usize| match work.what(*i) {
        Some(N::Item(item)) => Some(item.kind),
        _ => None,
    };
    items.first().is_some_and(|first| items.iter().all(|i| kind(i) == kind(first)))
}
