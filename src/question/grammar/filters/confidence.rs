//! How certain an event is.

use super::compare::{compared, comparison, context, prefix_of_range};
use crate::question::concept::Concept;
use crate::question::grammar::bounds::closed;
use crate::question::grammar::ends::{separator, trailing};
use crate::question::grammar::{ItemKind, N, Work};
use crate::question::reading::Cond;

/// "at least 90%", 신뢰도 0.9 이상, 70에서 80퍼 사이.
pub(super) fn percentages(work: &mut Work<'_>) {
    for i in 0..work.len() {
        let context = context(work, i, |c| c == Concept::ColumnConfidence);
        let behind = (1..=3).map(|k| i + k).find(|k| work.is(*k, Concept::ColumnConfidence));
        let percent = matches!(work.what(i), Some(N::Amount { unit: Concept::UnitPercent, .. }));
        let number = matches!(work.what(i), Some(N::Number { .. }));
        if work.nodes[i].used || !(percent || number) {
            continue;
        }
        let value = |work: &Work<'_>, k: usize| match work.what(k) {
            Some(N::Amount { value, unit: Concept::UnitPercent, .. }) => Some((*value, true)),
            Some(N::Number { value, .. }) => Some((*value, false)),
            _ => None,
        };
        let scale = |(v, percent): (f64, bool)| if percent || v > 1.0 { v / 100.0 } else { v };
        if let Some(end) = separator(work, i + 1)
            && let (Some(a), Some(b)) = (value(work, i), value(work, end))
            && (a.1 || b.1 || context.is_some())
        {
            let any = a.1 || b.1;
            let both = (scale((a.0, any)), scale((b.0, any)));
            let stop = trailing(work, end + 1);
            let start = prefix_of_range(work, i);
            work.put(i, start..stop, ItemKind::Confidence, Cond::Confidence(closed(both.0, both.1)));
            used_context(work, context, behind);
            continue;
        }
        if !(percent || context.is_some() || behind.is_some()) {
            continue;
        }
        let (Some(v), Some((comparison, start, end))) = (value(work, i), comparison(work, i)) else { continue };
        work.put(i, start..end, ItemKind::Confidence, Cond::Confidence(compared(comparison, scale(v))));
        used_context(work, context, behind);
    }
}

fn used_context(work: &mut Work<'_>, context: Option<usize>, behind: Option<usize>) {
    for k in context.into_iter().chain(behind) {
        work.consume(k);
    }
}
