//! How two neighbouring items are joined.

use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::{N, Work};
use crate::question::hangul::Tail;

/// How two neighbouring items are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    Or,
    And,
    Comma,
    /// 중에, "of those": the second is one of the first.
    Among,
    /// One act after the other.
    Then,
    Plain,
}

pub(super) fn link(work: &Work<'_>, a: usize, b: usize) -> Link {
    let mut found = match work.nodes[a].tail {
        Tail::Or => Link::Or,
        Tail::Then | Tail::When => Link::Then,
        _ => Link::Plain,
    };
    for k in a + 1..b {
        let next = match work.what(k) {
            Some(N::Concept(Concept::LogicOr)) | Some(N::Josa(Josa::Or)) => Link::Or,
            Some(N::Concept(Concept::LogicAnd)) | Some(N::Josa(Josa::And)) => Link::And,
            Some(N::Concept(Concept::LogicAmong)) => Link::Among,
            Some(N::Josa(Josa::Role)) if work.text(k) == "도" && work.text(b + 1) == "도" => Link::And,
            Some(N::Punct(',' | '/' | '·' | '&' | '+')) => Link::Comma,
            Some(N::Light | N::Aux) if work.nodes[k].tail == Tail::Or => Link::Or,
            Some(N::Josa(Josa::Is)) if work.text(k).ends_with("거나") => Link::Or,
            _ => continue,
        };
        if matches!(found, Link::Plain | Link::Comma) || next == Link::Or {
            found = next;
        }
    }
    found
}
