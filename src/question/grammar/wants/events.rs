//! Rows: their order, and which of them.

use super::words::number_of_things;
use crate::question::concept::Concept;
use crate::question::grammar::{N, Work};
use crate::question::reading::{Order, OrderBy, Pick, Wants};

/// Rows: their order, and which of them.
pub(super) fn events(work: &mut Work<'_>) -> Wants {
    let n = number_of_things(work);
    let mut order = None;
    let mut single = false;
    for i in 0..work.len() {
        let (by, descending, superlative) = match work.concept(i) {
            Some(Concept::SupLongest) => (OrderBy::Duration, true, true),
            Some(Concept::SupShortest) => (OrderBy::Duration, false, true),
            Some(Concept::SupMostCertain) => (OrderBy::Confidence, true, true),
            Some(Concept::SupLeastCertain) => (OrderBy::Confidence, false, true),
            // "the oldest person" may ask for an age.
            Some(Concept::SupOldest | Concept::SupYoungest) if !asks_for_rows(work) => {
                work.unclear(i);
                continue;
            }
            Some(Concept::SupOldest) => (OrderBy::Age, true, true),
            Some(Concept::SupYoungest) => (OrderBy::Age, false, true),
            Some(Concept::OrderLongest) => (OrderBy::Duration, true, false),
            Some(Concept::OrderShortest) => (OrderBy::Duration, false, false),
            Some(Concept::OrderMostCertain) => (OrderBy::Confidence, true, false),
            Some(Concept::OrderLeastCertain) => (OrderBy::Confidence, false, false),
            Some(Concept::OrderOldest) => (OrderBy::Age, true, false),
            Some(Concept::OrderYoungest) => (OrderBy::Age, false, false),
            Some(Concept::OrderNewest) => (OrderBy::Time, true, false),
            Some(Concept::OrderAscending) => (OrderBy::Time, false, false),
            _ => continue,
        };
        if order.is_some() && matches!(work.concept(i), Some(Concept::OrderAscending)) {
            work.consume(i);
            continue;
        }
        if order.is_some_and(|(o, _): (Order, usize)| o != Order { by, descending }) {
            work.unclear(i);
            continue;
        }
        single |= superlative;
        order = Some((Order { by, descending }, i));
        work.consume(i);
    }
    work.take(Concept::ColumnDuration);
    // "the first", 마지막 두 건, 세 번째
    if n.is_some()
        && let Some(k) = work.find(|c| c == Concept::RelAgo)
    {
        work.nodes[k].what = N::Concept(Concept::RelLast);
    }
    // 시작하고, 초반: a time, not the first one.
    let first = (0..work.len()).find(|i| {
        matches!(work.concept(*i), Some(Concept::RelFirst | Concept::RelLast | Concept::RelTop))
            && !["시작", "초반", "막판", "막바지", "끝"].iter().any(|time| work.text(*i).starts_with(time))
    });
    let nth = nth(work);
    let pick = |n: Option<(u32, usize)>, work: &mut Work<'_>| match n {
        Some((n, at)) => {
            work.consume(at);
            Pick::Top(n)
        }
        None => Pick::Top(1),
    };
    if let Some((order, _)) = order {
        if single || n.is_some() {
            work.take(Concept::RelTop);
            if let Some(k) = first {
                // "most certain first"; "the 5 latest, newest first"
                let says_order = work.is(k, Concept::RelFirst) && work.english();
                let newest = Order { by: OrderBy::Time, descending: true };
                if says_order || work.is(k, Concept::RelLast) && order == newest {
                    work.consume(k);
                }
            }
            let pick = match nth {
                Some((k, at)) => {
                    work.consume(at);
                    Pick::Nth(k)
                }
                None => pick(n, work),
            };
            return Wants::Events { order, pick };
        }
        if let Some(k) = first
            && work.english()
            && matches!(work.concept(k), Some(Concept::RelFirst))
        {
            work.consume(k);
        }
        return Wants::Events { order, pick: Pick::All };
    }
    if let Some((k, at)) = nth {
        // "the last third": a part of the video.
        if at > 0 && matches!(work.concept(at - 1), Some(Concept::RelLast | Concept::RelFirst)) && work.english() {
            work.unclear(at);
        }
        work.consume(at);
        let backwards = first.filter(|k| work.is(*k, Concept::RelLast));
        if let Some(last) = backwards {
            work.consume(last);
        }
        let order = Order { by: OrderBy::Time, descending: backwards.is_some() };
        return Wants::Events { order, pick: Pick::Nth(k) };
    }
    // "not the first theft", 첫 절도 빼고: all but one.
    if let Some(k) = first
        && work.has(|c| matches!(c, Concept::LogicExcept | Concept::LogicNot))
    {
        work.unclear(k);
    }
    if let Some(k) = first {
        let descending = work.is(k, Concept::RelLast);
        if !work.is(k, Concept::RelTop) {
            work.consume(k);
            for concept in [Concept::RelFirst, Concept::RelLast] {
                if (concept == Concept::RelLast) == descending {
                    work.take(concept);
                }
            }
            let order = Order { by: OrderBy::Time, descending };
            return Wants::Events { order, pick: pick(n, work) };
        }
    }
    Wants::Events { order: Order::TIME, pick: Pick::All }
}

/// Whether rows are asked for in so many words.
fn asks_for_rows(work: &Work<'_>) -> bool {
    work.has(|c| {
        matches!(c, Concept::AskWho | Concept::AskWhen | Concept::AskWhere | Concept::Event | Concept::AskList)
    }) || number_of_things(work).is_some()
}

/// "the second", 세 번째, "3rd".
fn nth(work: &Work<'_>) -> Option<(u32, usize)> {
    const WORDS: [&str; 27] = [
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "thirtieth",
        "fortieth",
        "fiftieth",
        "sixtieth",
        "seventieth",
        "eightieth",
        "ninetieth",
        "hundredth",
    ];
    let ordinal = |at: usize| if at < 19 { at as u32 + 2 } else { (at as u32 - 16) * 10 };
    (0..work.len()).find_map(|i| {
        if work.nodes[i].used {
            return None;
        }
        match work.what(i) {
            Some(N::Amount { value, unit: Concept::UnitNth, .. }) => Some((*value as u32, i)),
            _ if work.english() => WORDS.iter().position(|w| *w == work.text(i)).map(|at| (ordinal(at), i)),
            _ => None,
        }
    })
}
