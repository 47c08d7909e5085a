//! The tokens of one question, with what the passes ask of them and do to them.

use super::node::{Item, ItemKind, N, Node};
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::reading::{Cond, Relation, Signal};
use crate::question::segment::Token;
use crate::question::{Lang, Question};

/// A stretch of the tokens.
pub(super) type Range = std::ops::Range<usize>;

/// The tokens of one question while the passes work on them.
pub(super) struct Work<'a> {
    pub(super) question: &'a Question<'a>,
    pub(super) nodes: Vec<Node>,
    pub(super) relation: Option<Found>,
    pub(super) signals: Vec<Signal>,
    pub(super) unclear: Vec<String>,
    pub(super) polar: bool,
    pub(super) asks_when: bool,
}

/// A relation whose anchor is still a zone of the tokens.
pub(super) struct Found {
    pub(super) relation: Relation,
    /// The anchor's types may be the whole of the anchor.
    pub(super) anchor: Range,
}

impl<'a> Work<'a> {
    pub(super) fn new(question: &'a Question<'a>, tokens: Vec<Token>) -> Self {
        let nodes = tokens.into_iter().map(Node::from).collect();
        Self {
            question,
            nodes,
            relation: None,
            signals: Vec::new(),
            unclear: Vec::new(),
            polar: false,
            asks_when: false,
        }
    }

    pub(super) fn english(&self) -> bool {
        self.question.lang == Lang::En
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn what(&self, i: usize) -> Option<&N> {
        self.nodes.get(i).map(|n| &n.what)
    }

    /// The concept at `i`, unless it was used already.
    pub(super) fn concept(&self, i: usize) -> Option<Concept> {
        match self.nodes.get(i) {
            Some(Node { what: N::Concept(concept), used: false, .. }) => Some(*concept),
            _ => None,
        }
    }

    pub(super) fn is(&self, i: usize, concept: Concept) -> bool {
        self.concept(i) == Some(concept)
    }

    /// Where a concept that satisfies `wanted` first stands.
    pub(super) fn find(&self, wanted: impl Fn(Concept) -> bool) -> Option<usize> {
        (0..self.len()).find(|i| self.concept(*i).is_some_and(&wanted))
    }

    pub(super) fn has(&self, wanted: impl Fn(Concept) -> bool) -> bool {
        self.find(wanted).is_some()
    }

    pub(super) fn josa(&self, i: usize) -> Option<Josa> {
        match self.what(i) {
            Some(N::Josa(josa)) => Some(*josa),
            _ => None,
        }
    }

    /// The kind of the condition that stands at `i`.
    pub(super) fn kind(&self, i: usize) -> Option<ItemKind> {
        match self.what(i) {
            Some(N::Item(item)) => Some(item.kind),
            _ => None,
        }
    }

    pub(super) fn is_item(&self, i: usize) -> bool {
        self.kind(i).is_some()
    }

    pub(super) fn is_kind(&self, i: usize, kind: ItemKind) -> bool {
        self.kind(i) == Some(kind)
    }

    /// How many different conditions of a kind there are.
    pub(super) fn kinds(&self, kind: ItemKind) -> usize {
        let mut seen: Vec<&Cond> = Vec::new();
        for node in &self.nodes {
            if let N::Item(item) = &node.what
                && item.kind == kind
                && !seen.contains(&&item.cond)
            {
                seen.push(&item.cond);
            }
        }
        seen.len()
    }

    pub(super) fn punct(&self, i: usize, chars: &str) -> bool {
        matches!(self.what(i), Some(N::Punct(c)) if chars.contains(*c))
    }

    pub(super) fn text(&self, i: usize) -> &str {
        self.nodes.get(i).map_or("", |n| n.text.as_str())
    }

    pub(super) fn consume(&mut self, i: usize) {
        if let Some(node) = self.nodes.get_mut(i) {
            node.used = true;
        }
    }

    pub(super) fn consume_all(&mut self, range: Range) {
        for i in range {
            self.consume(i);
        }
    }

    /// Uses up every token of a concept.
    pub(super) fn take(&mut self, concept: Concept) {
        for i in 0..self.len() {
            if self.is(i, concept) {
                self.consume(i);
            }
        }
    }

    pub(super) fn take_all(&mut self, concepts: &[Concept]) {
        for concept in concepts {
            self.take(*concept);
        }
    }

    /// Puts a condition in place of the token at `i`; the others of `range` are used up.
    pub(super) fn put(&mut self, i: usize, range: Range, kind: ItemKind, cond: Cond) {
        let text: Vec<String> = range.clone().map(|k| self.text(k).to_owned()).collect();
        self.consume_all(range);
        if let Some(node) = self.nodes.get_mut(i) {
            node.what = N::Item(Item { cond, kind, not: false });
            node.text = text.join(" ");
        }
    }

    /// Filters nothing and joins nothing: particles of role, articles, auxiliaries.
    pub(super) fn is_thin(&self, i: usize) -> bool {
        matches!(
            self.what(i),
            Some(N::Neutral | N::Aux | N::Light | N::Josa(Josa::Role | Josa::Is) | N::Concept(Concept::Filler))
        )
    }

    /// The next token from `i` on (including it) that is not thin.
    pub(super) fn seek(&self, mut i: usize) -> usize {
        while i < self.len() && self.is_thin(i) {
            i += 1;
        }
        i
    }

    pub(super) fn is_neutral(&self, i: usize) -> bool {
        matches!(self.what(i), Some(N::Neutral))
    }

    /// The next token from `i` on (including it) that is not neutral.
    pub(super) fn past_neutral(&self, mut i: usize) -> usize {
        while self.is_neutral(i) {
            i += 1;
        }
        i
    }

    /// The token before `i` that is not neutral.
    pub(super) fn before_neutral(&self, i: usize) -> Option<usize> {
        (0..i).rev().find(|k| !self.is_neutral(*k))
    }

    /// Types named by the token at `i`.
    pub(super) fn names_type(&self, i: usize) -> bool {
        matches!(
            self.what(i),
            Some(N::Concept(
                Concept::Type(_) | Concept::Agent(_) | Concept::Abnormal | Concept::Normal | Concept::EnterExit
            ))
        ) || self.is_kind(i, ItemKind::Type)
    }

    pub(super) fn unclear(&mut self, i: usize) {
        let text = self.text(i).to_owned();
        self.unclear.push(text);
        self.consume(i);
    }

    pub(super) fn signal(&mut self, signal: Signal) {
        if !self.signals.contains(&signal) {
            self.signals.push(signal);
        }
    }
}
