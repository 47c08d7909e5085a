//! Comparisons and ranges around a value, and the column word before it.

use crate::question::Lang;
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::bounds::{above, below};
use crate::question::grammar::ends::{separator, trailing};
use crate::question::grammar::{N, Work};
use crate::question::reading::Bounds;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Ge,
    Gt,
    Le,
    Lt,
}

/// The comparison that belongs to the value at `i`, with the tokens of both.
pub(super) fn comparison(work: &Work<'_>, i: usize) -> Option<(Comparison, usize, usize)> {
    let of = |k: usize| match work.concept(k) {
        Some(Concept::CmpGe) => Some(Comparison::Ge),
        Some(Concept::CmpGt) => Some(Comparison::Gt),
        Some(Concept::CmpLe) => Some(Comparison::Le),
        Some(Concept::CmpLt) => Some(Comparison::Lt),
        _ => None,
    };
    // Behind: 이상, "or more".
    let mut next = i + 1;
    while matches!(work.what(next), Some(N::Neutral | N::Josa(Josa::Role | Josa::Than)))
        || matches!(work.concept(next), Some(Concept::ColumnConfidence))
    {
        next += 1;
    }
    if work.punct(next, "+") {
        return Some((Comparison::Ge, i, next + 1));
    }
    if let Some(found) = of(next)
        && (!work.english()
            || work.text(next).starts_with("or ")
            || work.text(next).starts_with("and ")
            || matches!(work.text(next), "plus" | "upwards" | "up")
            || !value_behind(work, next + 1))
    {
        return Some((found, i, next + 1));
    }
    // Before: "at least", "over", 超过.
    let mut k = i;
    while k > 0 {
        k -= 1;
        if work.is_neutral(k) {
            continue;
        }
        if let Some(found) = of(k)
            && (work.english() || matches!(work.question.lang, Lang::Zh))
        {
            return Some((found, k, i + 1));
        }
        let range = work.before_neutral(k).is_some_and(|p| value_behind(work, p));
        if work.is(k, Concept::RelTo)
            && work.text(k) == "up to"
            && !range
            && (!matches!(work.what(i), Some(N::Moment { .. })) || work.is(k.wrapping_sub(1), Concept::RelDuring))
        {
            return Some((Comparison::Le, k, i + 1));
        }
        break;
    }
    // Korean 부터/까지 with an age or a percentage.
    match work.josa(i + 1) {
        Some(Josa::From) if !matches!(work.what(i), Some(N::Moment { .. })) => Some((Comparison::Ge, i, i + 2)),
        Some(Josa::Until) if !matches!(work.what(i), Some(N::Moment { .. })) => Some((Comparison::Le, i, i + 2)),
        _ => None,
    }
}

pub(super) fn compared(comparison: Comparison, value: f64) -> Bounds {
    match comparison {
        Comparison::Ge => above(value, true),
        Comparison::Gt => above(value, false),
        Comparison::Le => below(value, true),
        Comparison::Lt => below(value, false),
    }
}

/// The nearest column word before `i`, at most four tokens away and not across a condition.
pub(super) fn context(work: &Work<'_>, i: usize, wanted: impl Fn(Concept) -> bool) -> Option<usize> {
    for k in (0..i).rev().take(5) {
        if let Some(c) = work.concept(k)
            && wanted(c)
        {
            return Some(k);
        }
        let soft = work.is_thin(k)
            || matches!(work.what(k), Some(N::Josa(_)))
            || matches!(
                work.concept(k),
                Some(
                    Concept::CmpGe
                        | Concept::CmpGt
                        | Concept::CmpLe
                        | Concept::CmpLt
                        | Concept::RelBetween
                        | Concept::RelFrom
                )
            );
        if !soft {
            return None;
        }
    }
    None
}

/// Two values with what joins them, and the index behind the range.
pub(super) fn two_values(work: &Work<'_>, i: usize, value: impl Fn(&N) -> Option<f64>) -> Option<(f64, f64, usize)> {
    let from = value(work.what(i)?)?;
    let mut at = i + 1;
    if work.is(at, Concept::UnitYear) {
        at += 1;
    }
    let next = separator(work, at)?;
    let to = value(work.what(next)?)?;
    (from <= to).then(|| (from, to, trailing(work, next + 1)))
}

/// Where "between" or "from" before a range stands.
pub(super) fn prefix_of_range(work: &Work<'_>, i: usize) -> usize {
    let mut k = i;
    while k > 0 && work.is_neutral(k - 1) {
        k -= 1;
    }
    match k.checked_sub(1) {
        Some(p) if matches!(work.concept(p), Some(Concept::RelBetween | Concept::RelFrom)) => p,
        _ => i,
    }
}

fn value_behind(work: &Work<'_>, i: usize) -> bool {
    matches!(work.what(i), Some(N::Number { .. } | N::Amount { .. } | N::Moment { .. }))
}
