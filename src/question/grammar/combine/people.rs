//! Verbs that describe a person.

use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::{ItemKind, N, Work};
use crate::question::hangul::Tail;

/// 정리하는 여자, 계산하고 나간 사람, 다친 사람: a verb that elsewhere asks or only fills says what somebody does here.
pub(super) fn describes_a_person(work: &Work<'_>, i: usize) -> bool {
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
