//! Values that are not known, and values that are.

use crate::question::concept::Concept;
use crate::question::grammar::{ItemKind, N, Work};
use crate::question::reading::{Column, Cond};

/// 성별을 알 수 없는, "no place recorded", "of unknown age", 위치가 확인된.
pub(super) fn unknowns(work: &mut Work<'_>) {
    for i in 0..work.len() {
        let known = match work.concept(i) {
            Some(Concept::UnknownValue | Concept::AskNone) => false,
            Some(Concept::KnownValue) => true,
            _ => continue,
        };
        let column = |k: usize| match work.concept(k) {
            Some(Concept::ColumnAge) => Some(Column::Age),
            Some(Concept::ColumnGender) => Some(Column::Gender),
            Some(Concept::PlaceAny) => Some(Column::Place),
            Some(Concept::ColumnArea) => Some(Column::Area),
            Some(Concept::AskWhich) if work.text(k).contains('쪽') => Some(Column::Area),
            Some(Concept::AskWhere) if !work.english() => Some(Column::Place),
            Some(Concept::ColumnPerson) => Some(Column::Person),
            Some(Concept::ColumnDescription) => Some(Column::Description),
            _ => None,
        };
        let soft = |k: &usize| {
            work.is_thin(*k)
                || matches!(work.what(*k), Some(N::Josa(_)))
                || matches!(
                    work.concept(*k),
                    Some(Concept::UnknownValue | Concept::KnownValue | Concept::AskNone | Concept::AreaFrame)
                )
        };
        let back = (0..i).rev().find(|k| !soft(k)).filter(|k| i - k <= 4);
        let forth = (i + 1..work.len()).find(|k| !soft(k)).filter(|k| k - i <= 4);
        let order = match (work.english(), work.concept(i)) {
            (true, _) => [forth, back],
            (false, Some(Concept::AskNone)) => [back, None],
            (false, _) => [back, forth],
        };
        // "untracked", 추적 안 된: nobody's number.
        if work.text(i).contains("track") || work.text(i).contains("추적") {
            work.put(i, i..i + 1, ItemKind::Unknown, Cond::Unknown(Column::Person));
            continue;
        }
        let Some((k, column)) = order.into_iter().flatten().find_map(|k| column(k).map(|c| (k, c))) else { continue };
        let cond = Cond::Unknown(column);
        let cond = if known { Cond::Not(Box::new(cond)) } else { cond };
        let (from, to) = (k.min(i), k.max(i));
        for between in from..=to {
            if matches!(work.concept(between), Some(Concept::UnknownValue | Concept::KnownValue | Concept::AskNone)) {
                work.consume(between);
            }
        }
        // "no place recorded": the word behind as well.
        for next in to + 1..(to + 3).min(work.len()) {
            if matches!(work.concept(next), Some(Concept::KnownValue)) && work.concept(i).is_none() {
                work.consume(next);
            }
        }
        work.consume(i);
        work.put(k, k..k + 1, ItemKind::Unknown, cond);
    }
}
