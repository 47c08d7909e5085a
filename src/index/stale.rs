//! What is to be done with a piece of events: which documents are new or changed, which say what they said before, and
//! which texts have to be embedded, each once.

use std::collections::HashMap;

use super::document::{Template, hash};
use crate::{
    model::Vector,
    store::{Candidate, Hash, Indexed},
};

/// A piece, sorted.
#[derive(Debug, Default)]
pub(super) struct Piece {
    /// To be written, their vectors still missing.
    pub rows: Vec<Indexed>,
    /// (video, event, row version) of those whose document is the same as before.
    pub unchanged: Vec<(i64, i64, i64)>,
    /// The documents of `rows` by hash, each once, in their order.
    pub texts: Vec<(Hash, String)>,
}

impl Piece {
    /// `anew`: whatever was embedded before.
    pub(super) fn sort(template: Template, events: &[Candidate]) -> Self {
        let mut piece = Self { rows: Vec::with_capacity(events.len()), ..Self::default() };
        let mut known: HashMap<Hash, ()> = HashMap::with_capacity(events.len());
        for event in events {
            let text = template.text(event);
            let hash = hash(&text);
            if event.hash == Some(hash) {
                piece.unchanged.push((event.video_id, event.id, event.seen));
                continue;
            }
            piece.rows.push(Indexed {
                event_id: event.id,
                video_id: event.video_id,
                seen: event.seen,
                hash,
                vector: None,
                replaces: event.hash.is_some(),
            });
            if known.insert(hash, ()).is_none() {
                piece.texts.push((hash, text));
            }
        }
        piece
    }

    /// Gives every row its vector.
    pub(super) fn fill(&mut self, vectors: &mut HashMap<Hash, Vector>) {
        let mut uses: HashMap<Hash, usize> = HashMap::new();
        for row in &self.rows {
            *uses.entry(row.hash).or_default() += 1;
        }
        for row in &mut self.rows {
            let left = uses.entry(row.hash).or_default();
            *left = left.saturating_sub(1);
            // The last one takes it; most documents stand once.
            row.vector = match *left {
                0 => vectors.remove(&row.hash).flatten(),
                _ => vectors.get(&row.hash).cloned().flatten(),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: i64, text: &str, before: Option<&str>) -> Candidate {
        let mut event = Candidate {
            id,
            video_id: 1,
            timestamp: 1.0,
            event_type: "theft".to_owned(),
            action_detected: None,
            location: None,
            area: None,
            age: None,
            gender: None,
            description: Some(text.to_owned()),
            seen: 9,
            hash: None,
            before: Vec::new(),
            after: Vec::new(),
        };
        event.hash = before.map(|before| {
            let before = Candidate { description: Some(before.to_owned()), ..event.clone() };
            hash(&Template::default().text(&before))
        });
        event
    }

    #[test]
    fn a_piece_is_sorted_and_each_text_stands_once() {
        let events = [event(1, "a", None), event(2, "a", None), event(3, "b", Some("b")), event(4, "c", Some("b"))];
        let mut piece = Piece::sort(Template::default(), &events);
        let rows: Vec<(i64, bool)> = piece.rows.iter().map(|row| (row.event_id, row.replaces)).collect();
        assert_eq!(rows, [(1, false), (2, false), (4, true)]);
        assert_eq!(piece.unchanged, [(1, 3, 9)]);
        assert_eq!(piece.texts.len(), 2);
        let mut vectors = piece.texts.iter().zip([1.0, 2.0]).map(|((hash, _), x)| (*hash, Some(vec![x]))).collect();
        piece.fill(&mut vectors);
        let vectors: Vec<_> = piece.rows.into_iter().map(|row| row.vector).collect();
        assert_eq!(vectors, [Some(vec![1.0]), Some(vec![1.0]), Some(vec![2.0])]);
    }
}
