//! Several tokens become one.

use crate::question::grammar::node::Node;
use crate::question::grammar::{N, Work};

/// A pass over the tokens that puts one in place of several, in linear time: what is done with moves up over the gap
/// that the merged tokens left.
pub(super) struct Merge {
    /// Behind the tokens that are done with.
    pub(super) done: usize,
    /// The token that is looked at; what lies between is gone.
    pub(super) at: usize,
}

impl Merge {
    pub(super) fn new() -> Self {
        Self { done: 0, at: 0 }
    }

    /// The token before the one that is looked at.
    pub(super) fn before<'w>(&self, work: &'w Work<'_>) -> Option<&'w Node> {
        work.nodes.get(self.done.checked_sub(1)?)
    }

    /// Done with the token that is looked at.
    pub(super) fn step(&mut self, work: &mut Work<'_>) {
        if self.at < work.len() {
            work.nodes.swap(self.done, self.at);
            self.done += 1;
        }
        self.at += 1;
    }

    /// One token in place of those from the one that is looked at up to `to`; it is the one looked at then.
    pub(super) fn replace(&mut self, work: &mut Work<'_>, to: usize, what: N) {
        let to = to.min(work.len());
        let text = work.nodes[self.at..to]
            .iter()
            .enumerate()
            .map(|(k, n)| if n.spaced && k > 0 { format!(" {}", n.text) } else { n.text.clone() })
            .collect();
        let last = to - 1;
        let first = work.nodes[self.at].clone();
        let tail = work.nodes[last].tail;
        work.nodes[last] = Node { what, text, tail, ..first };
        self.at = last;
    }

    /// Takes the last token that was done with back into view.
    pub(super) fn back(&mut self, work: &mut Work<'_>) {
        if let (Some(done), Some(at)) = (self.done.checked_sub(1), self.at.checked_sub(1)) {
            work.nodes.swap(done, at);
            (self.done, self.at) = (done, at);
        }
    }

    pub(super) fn finish(self, work: &mut Work<'_>) {
        work.nodes.truncate(self.done);
    }
}
