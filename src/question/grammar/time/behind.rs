//! Korean, Japanese, Chinese: the relation stands behind the time, but for first and last.

use super::{comparison_near, first_or_last, is_mark, two_times};
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::bounds::{above, around, below, closed, half_open};
use crate::question::grammar::ends::trailing;
use crate::question::grammar::{Finest, ItemKind, N, Work};
use crate::question::hangul::Tail;
use crate::question::reading::Cond;

/// Korean, Japanese, Chinese: the relation stands behind the time, but for first and last.
pub(super) fn behind_the_time(work: &mut Work<'_>, i: usize) -> Option<usize> {
    if let Some(concept @ (Concept::RelFirst | Concept::RelLast | Concept::RelBefore)) = work.concept(i) {
        let mut a = i + 1;
        while matches!(work.what(a), Some(N::Josa(Josa::Role | Josa::Until | Josa::At | Josa::From)))
            || is_mark(work, a)
            || matches!(work.text(a), "の" | "的")
        {
            a += 1;
        }
        let Some(N::Moment { seconds, colon: false, .. }) = work.what(a) else { return None };
        // 前5分钟; elsewhere "before" stands behind.
        if concept == Concept::RelBefore && work.text(i) != "前" {
            return None;
        }
        let length = *seconds;
        let mut end = a + 1;
        while matches!(work.concept(end), Some(Concept::RelDuring | Concept::RelWithin | Concept::RelBetween))
            || matches!(work.josa(end), Some(Josa::At))
            || matches!(work.text(end), "の" | "안에서" | "안" | "안의")
        {
            end += 1;
        }
        if matches!(
            work.concept(end),
            Some(Concept::RelAfter | Concept::RelBefore | Concept::RelPast | Concept::RelAbout)
        ) || matches!(work.josa(end), Some(Josa::From | Josa::Until))
        {
            if work.text(i).starts_with("시작") {
                work.consume(i);
            }
            return None;
        }
        first_or_last(work, i, i..end, concept != Concept::RelLast, length);
        return Some(end - 1);
    }
    let lead = matches!(work.text(i), "从" | "從" | "在")
        && matches!(work.what(i + 1), Some(N::Moment { .. } | N::Number { .. }));
    let about = work.is(i, Concept::RelAbout);
    let a = if lead || about { i + 1 } else { i };
    if let Some((from, to, end)) = two_times(work, a, lead) {
        if matches!(work.concept(end), Some(Concept::CmpGe | Concept::CmpGt | Concept::CmpLe | Concept::CmpLt)) {
            return None;
        }
        let end = trailing(work, end);
        // 10초에서 20초 사이로 지속된: how long it took.
        if (end..end + 3).any(|k| work.is(k, Concept::ColumnDuration) || work.text(k).starts_with("지속")) {
            work.unclear(a);
            return Some(end - 1);
        }
        work.put(i, i..end, ItemKind::Time, Cond::Time(closed(from, to)));
        return Some(end - 1);
    }
    // 끝나기 5분 전: before the end.
    if i > 0
        && work.is(i - 1, Concept::Filler)
        && work.nodes[i - 1].tail == Tail::Nominal
        && matches!(work.what(i), Some(N::Moment { .. }))
    {
        work.unclear(i);
        return None;
    }
    let Some(N::Moment { seconds, finest, colon, .. }) = work.what(a).cloned() else { return None };
    if work.nodes[a].used {
        return None;
    }
    let mut end = a + 1;
    let mut width = match finest {
        Finest::Second => Some(1.0),
        Finest::Minute => Some(60.0),
        Finest::Hour => None,
    };
    if work.is(end, Concept::UnitDecade) || work.text(end) == "台" {
        width = width.map(|_| if finest == Finest::Second { 1.0 } else { 60.0 });
        end += 1;
        if matches!(work.josa(end), Some(Josa::At)) {
            end += 1;
        }
        work.put(i, i..end, ItemKind::Time, Cond::Time(half_open(seconds, width?)));
        return Some(end - 1);
    }
    if is_mark(work, end) {
        let stop = end + 1 + usize::from(matches!(work.josa(end + 1), Some(Josa::At)));
        if !matches!(work.concept(stop), Some(Concept::RelAfter | Concept::RelBefore))
            && !matches!(work.josa(stop), Some(Josa::From | Josa::Until))
        {
            work.put(i, i..stop, ItemKind::Time, Cond::Time(half_open(seconds, width?)));
            return Some(stop - 1);
        }
        work.consume(end);
        end += 1;
    }
    // 10분이 지나서, 10분을 넘어서, 10분에서 이후
    let mut look = end;
    while matches!(work.josa(look), Some(Josa::Role | Josa::At)) {
        look += 1;
    }
    let bounds = match (work.josa(end), work.concept(look)) {
        (_, Some(Concept::RelAfter)) => above(seconds, true),
        (_, Some(Concept::RelPast)) => above(seconds, false),
        (_, Some(Concept::RelBefore)) => below(seconds, false),
        (_, Some(Concept::RelTo)) => below(seconds, true),
        (_, Some(Concept::RelFrom)) => above(seconds, true),
        (_, Some(Concept::RelAbout)) => around(seconds),
        (_, Some(Concept::PlaceNear)) if matches!(work.text(look), "근처" | "부근" | "언저리" | "주변") => {
            around(seconds)
        }
        (Some(Josa::From), _) => {
            look = end;
            above(seconds, true)
        }
        (Some(Josa::Until), _) => {
            look = end;
            below(seconds, true)
        }
        _ if about => {
            work.put(i, i..end, ItemKind::Time, Cond::Time(around(seconds)));
            return Some(end - 1);
        }
        (josa, next) => {
            // A bare moment: 12분 30초에, 12:30
            let plain = matches!(josa, Some(Josa::At))
                || colon
                || matches!(josa, Some(Josa::Role)) && work.text(end) == "의"
                || bare_moment(work, end, next);
            if !plain || comparison_near(work, a) {
                return None;
            }
            let end = end + usize::from(matches!(josa, Some(Josa::At)));
            work.put(i, i..end, ItemKind::Time, Cond::Time(half_open(seconds, width?)));
            return Some(end - 1);
        }
    };
    let end = trailing(work, look + 1);
    work.put(i, i..end, ItemKind::Time, Cond::Time(bounds));
    Some(end - 1)
}

/// In telegraphic style a moment may stand without particle: "12분 30초 도난".
fn bare_moment(work: &Work<'_>, end: usize, next: Option<Concept>) -> bool {
    let stop = matches!(
        next,
        Some(
            Concept::RelDuring
                | Concept::RelWithin
                | Concept::CmpGe
                | Concept::CmpGt
                | Concept::CmpLe
                | Concept::CmpLt
                | Concept::GroupSlice
                | Concept::GroupBy
                | Concept::RelAround
        )
    );
    !stop && work.josa(end).is_none() && (work.names_type(end) || matches!(next, Some(Concept::Event | Concept::Video)))
}
