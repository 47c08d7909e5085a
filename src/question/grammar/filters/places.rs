//! Named places.

use super::areas::areas;
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::{ItemKind, N, Work};
use crate::question::hangul::Tail;
use crate::question::reading::{Cond, EventType};

/// Named places, and sides of the frame.
pub(super) fn places(work: &mut Work<'_>) {
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
        let loose = !(head || near || at || before);
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

fn is_place(work: &Work<'_>, i: usize) -> bool {
    matches!(work.what(i), Some(N::KnownPlace { .. } | N::Place))
}
