//! The words that join the two ends of a range, and those that close it.

use super::Work;
use crate::question::concept::Concept;
use crate::question::function::Josa;

/// Behind what stands between the two ends of a range.
pub(super) fn separator(work: &Work<'_>, i: usize) -> Option<usize> {
    let mut at = i;
    let mut found = false;
    loop {
        let josa = matches!(work.josa(at), Some(Josa::From | Josa::At | Josa::And));
        let word = matches!(work.concept(at), Some(Concept::RelTo | Concept::LogicAnd | Concept::RelFrom))
            || matches!(work.text(at), "to" | "up to");
        if !(josa || word || work.punct(at, "~-")) {
            break;
        }
        found = true;
        at += 1;
    }
    found.then_some(at)
}

/// Behind the words that close a range: 사이에, 까지, 동안, "on".
pub(super) fn trailing(work: &Work<'_>, i: usize) -> usize {
    let mut at = i;
    loop {
        let word = matches!(work.concept(at), Some(Concept::RelBetween | Concept::RelDuring | Concept::RelWithin))
            && !work.english();
        let josa = matches!(work.josa(at), Some(Josa::Until | Josa::At | Josa::From));
        let to = matches!(work.concept(at), Some(Concept::RelTo | Concept::RelFrom)) && !work.english();
        let onwards = matches!(work.text(at), "on" | "onward" | "onwards" | "forward");
        if !(word || josa || to || onwards) {
            return at;
        }
        at += 1;
    }
}
