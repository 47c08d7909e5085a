//! Dates.

use super::merge::Merge;
use crate::question::concept::Concept;
use crate::question::grammar::{N, Work};
use jiff::civil::Date;

/// 3월 2일, "March 2", 2026-03-02, 2026년 3월 2일.
pub(super) fn dates(work: &mut Work<'_>) {
    let year = work
        .question
        .video
        .recorded_at
        .map_or_else(|| work.question.now.year(), |at| at.to_zoned(work.question.video.timezone.clone()).year());
    let mut merge = Merge::new();
    while merge.at < work.len() {
        date_at(work, &mut merge, year);
        merge.step(work);
    }
    merge.finish(work);
}

fn date_at(work: &mut Work<'_>, merge: &mut Merge, year: i16) {
    let here = merge.at;
    let number = |k: usize| match work.what(k) {
        Some(N::Number { value, .. }) => Some(*value),
        _ => None,
    };
    // 2026년 3월 3일
    if let (Some(N::Number { value: y, .. }), true) = (work.what(here), matches!(work.text(here + 1), "년" | "年"))
        && (1900.0..2200.0).contains(y)
        && let (
            Some(N::Amount { value: month, unit: Concept::UnitMonth, .. }),
            Some(N::Amount { value: day, unit: Concept::UnitDay, .. }),
        ) = (work.what(here + 2), work.what(here + 3))
        && let Ok(date) = Date::new(*y as i16, *month as i8, *day as i8)
    {
        merge.replace(work, here + 4, N::Date(date));
        return;
    }
    let found = match (work.what(here), work.what(here + 1)) {
        (
            Some(N::Amount { value: month, unit: Concept::UnitMonth, .. }),
            Some(N::Amount { value: day, unit: Concept::UnitDay, .. }),
        ) => Some((year, *month as i8, *day as i8, here + 2)),
        (Some(N::Concept(Concept::Month(month))), Some(N::Number { value, .. })) => {
            let end = here + 2 + usize::from(work.is(here + 2, Concept::UnitNth));
            Some((year, *month, *value as i8, end))
        }
        (Some(N::Concept(Concept::Month(month))), Some(N::Amount { value, unit: Concept::UnitNth, .. })) => {
            Some((year, *month, *value as i8, here + 2))
        }
        (Some(N::Number { value: y, .. }), Some(N::Punct('-'))) if *y >= 1900.0 && *y < 2200.0 => {
            match (number(here + 2), work.punct(here + 3, "-"), number(here + 4)) {
                (Some(m), true, Some(d)) => Some((*y as i16, m as i8, d as i8, here + 5)),
                _ => None,
            }
        }
        (Some(N::Amount { value, unit: Concept::UnitNth, .. }), Some(N::Neutral | N::Concept(Concept::Month(_)))) => {
            let at = here + 1 + usize::from(work.text(here + 1) == "of");
            match work.concept(at) {
                Some(Concept::Month(month)) => Some((year, month, *value as i8, at + 1)),
                _ => None,
            }
        }
        (Some(N::Number { value, .. }), Some(N::Concept(Concept::Month(month)))) => {
            Some((year, *month, *value as i8, here + 2))
        }
        _ => None,
    };
    if let Some((year, month, day, end)) = found
        && let Ok(date) = Date::new(year, month, day)
    {
        // "March 3, 2026"
        let comma = usize::from(work.punct(end, ","));
        match work.what(end + comma) {
            Some(N::Number { value: y, .. }) if (1900.0..2200.0).contains(y) && y.fract() == 0.0 => {
                let date = Date::new(*y as i16, month, day).unwrap_or(date);
                merge.replace(work, end + comma + 1, N::Date(date));
            }
            _ => merge.replace(work, end, N::Date(date)),
        }
    }
}
