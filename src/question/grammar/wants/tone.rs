//! Whether it is asked with yes or no, or for the moment; and the words that only look like a number or an order.

use super::words::asks_amount_of_time;
use crate::question::concept::Concept;
use crate::question::grammar::{ItemKind, N, Work};
use crate::question::hangul::Tail;

/// Whether it is asked with yes or no, or for the moment.
pub(super) fn tone(work: &mut Work<'_>) {
    time_at_the_end(work);
    let open = work.has(|c| {
        matches!(
            c,
            Concept::AskWhat
                | Concept::AskWho
                | Concept::AskWhen
                | Concept::AskWhere
                | Concept::AskWhich
                | Concept::AskHowMany
                | Concept::AskCount
        )
    });
    for i in 0..work.len() {
        if work.is(i, Concept::AskWhen) {
            work.asks_when = true;
        }
        // 있었나요, 없었어; "was there", "any …?"
        let exists = match work.what(i) {
            Some(N::Concept(Concept::AskExist)) => !work.english() || i == 0 || work.text(i).contains("there"),
            Some(N::Light | N::Aux) => {
                let ends = (i + 1..work.len()).all(|k| matches!(work.what(k), Some(N::Punct(_) | N::Josa(_))));
                work.text(i).starts_with(['있', '없']) && (work.nodes[i].tail == Tail::None || ends)
            }
            _ => false,
        };
        work.polar |= exists && !open;
    }
    let asks = matches!(work.text(0), "did" | "was" | "were" | "is" | "are" | "has" | "have" | "does" | "do" | "had");
    work.polar |= work.english() && asks && !open;
}

/// 나간 시간, 파손된 시간: when it was.
fn time_at_the_end(work: &mut Work<'_>) {
    let measured = work.has(|c| {
        matches!(
            c,
            Concept::StatAverage
                | Concept::StatTotal
                | Concept::SupLongest
                | Concept::SupShortest
                | Concept::StatMax
                | Concept::StatMin
                | Concept::OrderLongest
                | Concept::OrderShortest
        )
    });
    for i in 1..work.len() {
        let time = work.is(i, Concept::UnitHour) && work.text(i) == "시간" && !measured;
        let verb = work.nodes[i - 1].tail == Tail::Adnominal;
        let next = (i + 1..work.len()).find(|k| !matches!(work.what(*k), Some(N::Josa(_) | N::Neutral | N::Punct(_))));
        let ends = next.is_none_or(|k| {
            matches!(work.concept(k), Some(Concept::AskList | Concept::AskWhen | Concept::AskWhat | Concept::Filler))
        });
        if time && verb && ends {
            work.consume(i);
            work.asks_when = true;
        }
    }
}

/// 가장 오래 서 있던 시간: the length is asked for, not the event.
pub(super) fn longest_time(work: &mut Work<'_>) {
    let superlative = work.find(|c| matches!(c, Concept::SupLongest | Concept::SupShortest));
    for i in 1..work.len() {
        let time = work.is(i, Concept::UnitHour) && work.text(i) == "시간";
        if superlative.is_some() && time && matches!(work.what(i - 1), Some(N::Item(_) | N::Aux | N::Light)) {
            work.nodes[i].what = N::Concept(Concept::AskHowLong);
        }
    }
}

/// "how long did it last": the verb, not the last one.
pub(super) fn lasting(work: &mut Work<'_>) {
    let asks = work.has(|c| matches!(c, Concept::AskHowLong | Concept::StatTotal | Concept::StatAverage))
        || asks_amount_of_time(work);
    if !asks {
        return;
    }
    for i in 1..work.len() {
        let verb = matches!(work.text(i), "last" | "lasts") && work.is(i, Concept::RelLast);
        let noun = work.is_item(i - 1)
            || matches!(work.text(i - 1), "it" | "they" | "one" | "fight" | "event" | "that" | "this")
            || work.is(i - 1, Concept::Event);
        let next = work.seek(i + 1);
        let alone = next >= work.len()
            || work.punct(next, ".?!,")
            || matches!(
                work.concept(next),
                Some(Concept::StatTotal | Concept::StatAverage | Concept::RelDuring | Concept::ColumnTime)
            )
            || matches!(work.what(next), Some(N::Item(item)) if item.kind != ItemKind::Type);
        if work.english() && verb && noun && alone {
            work.consume(i);
        }
    }
}
