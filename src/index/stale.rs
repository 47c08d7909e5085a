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
    /// For each of `rows`, where its document stands in `texts`.
    text_of: Vec<usize>,
}

impl Piece {
    pub(super) fn sort(template: Template, events: &[Candidate]) -> Self {
        let mut piece = Self { rows: Vec::with_capacity(events.len()), ..Self::default() };
        let mut known: HashMap<Hash, usize> = HashMap::with_capacity(events.len());
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
            let text_of = *known.entry(hash).or_insert(piece.texts.len());
            piece.text_of.push(text_of);
            if text_of == piece.texts.len() {
                piece.texts.push((hash, text));
            }
        }
        piece
    }

    /// Gives every row its vector, of those of `texts`.
    pub(super) fn fill(&mut self, mut vectors: Vec<Vector>) {
        let mut uses = vec![0_usize; vectors.len()];
        for text in &self.text_of {
            if let Some(uses) = uses.get_mut(*text) {
                *uses += 1;
            }
        }
        for (row, text) in self.rows.iter_mut().zip(&self.text_of) {
            let (Some(left), Some(vector)) = (uses.get_mut(*text), vectors.get_mut(*text)) else { continue };
            *left -= 1;
            // The last one takes it; most documents stand once.
            row.vector = if *left == 0 { vector.take() } else { vector.clone() };
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
        piece.fill(vec![Some(vec![1.0]), Some(vec![2.0])]);
        let vectors: Vec<_> = piece.rows.into_iter().map(|row| row.vector).collect();
        assert_eq!(vectors, [Some(vec![1.0]), Some(vec![1.0]), Some(vec![2.0])]);
    }
}
