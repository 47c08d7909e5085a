//! Two rankings into one: weighted reciprocal ranks, with the thresholds that belong to an embedder.

use std::time::Duration;

use crate::{
    answer::{Hit, Hits},
    model::Space,
    question::reading::EventType,
};

/// How rankings are fused, and from where on something is relevant. Fitted for each embedder (`eval/retrieval`), whose
/// cosines no other has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// Of the leg of meaning; 0 leaves it out.
    pub vector: f64,
    /// Of the leg of letters, for an event that has all the question's words; of one that has a share of them (by weight),
    /// the share to this power. A few letters in common say little, and in the other language there are none.
    pub lexical: f64,
    pub power: i32,
    /// Of events of a type that the question names.
    pub kind: f64,
    /// The k of reciprocal ranks: the larger, the less the first ranks matter.
    pub k: f64,
    /// How far the question's vector is drawn to its words that nothing else has used, 0 to 1.
    pub focus: f32,
    /// The same where it says when, how long or how sure: no description has that, and half of a sentence may be about it.
    pub aside: f32,
    /// The least certainty: below it nothing is relevant. Certainty is the cosine of the nearest event, `across` more for
    /// one that is written in another script than the question, and `lift` times the square of the largest share of
    /// words. `None`: nobody has measured it, and everything is relevant.
    pub relevant: Option<f64>,
    pub across: f64,
    pub lift: f64,
    /// The least cosine of an event beside the best one, as a part of that one's.
    pub beside: f64,
    /// The share of the question's words from which on an event stays whatever its cosine.
    pub lettered: f64,
}

/// What a strategy file says of a search, before what was fitted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Legs {
    pub meaning: Option<f64>,
    pub letters: Option<f64>,
    /// The least certainty (`Weights::relevant`).
    pub relevant: Option<f64>,
    /// The model that has the last word on the order, and of how many events.
    pub rerank: Option<Rerank>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Rerank {
    pub model: String,
    pub top: usize,
    pub timeout: Duration,
}

impl Weights {
    pub(super) fn with(self, legs: &Legs) -> Self {
        Self {
            vector: legs.meaning.unwrap_or(self.vector),
            lexical: legs.letters.unwrap_or(self.lexical),
            relevant: legs.relevant.or(self.relevant),
            ..self
        }
    }

    /// Those of the bundled model were fitted; of others only the ranks are used, and no threshold.
    pub fn of(space: &Space) -> Self {
        let bundled = Self {
            vector: 1.0,
            lexical: 1.5,
            power: 2,
            kind: 0.2,
            k: 5.0,
            focus: 0.2,
            aside: 0.6,
            relevant: Some(0.30),
            across: 0.09,
            lift: 0.2,
            beside: 0.4,
            lettered: 0.6,
        };
        // Of its own directory it has the hash behind its name.
        if space.model.split('@').next() == Some("m2v-koen-256") {
            bundled
        } else {
            Self { focus: 0.0, aside: 0.0, relevant: None, across: 0.0, beside: -1.0, ..bundled }
        }
    }
}

/// How sure it is that the best of these is meant: see [`Weights::relevant`]. Without a leg of meaning, the largest share.
fn certainty(text: &str, hits: &[Hit], weights: &Weights) -> f64 {
    let korean = is_korean(text);
    let near = |hit: &Hit| {
        let told = hit.event.description.as_ref().or(hit.event.action_detected.as_ref());
        let across = told.is_some_and(|told| is_korean(told) != korean);
        hit.cosine.map(|cosine| cosine + if across { weights.across } else { 0.0 })
    };
    let share = hits.iter().filter_map(|hit| hit.share).fold(0.0, f64::max);
    let share = if weights.lexical > 0.0 { share } else { 0.0 };
    let near = hits.iter().filter_map(near).fold(0.0, f64::max);
    if weights.vector > 0.0 { near + weights.lift * share * share } else { share }
}

fn is_korean(text: &str) -> bool {
    text.contains(|c| ('가'..='힣').contains(&c))
}

/// The best `most` for a question of this text, scored; none where none is relevant.
pub(super) fn fuse(text: &str, hits: Hits, weights: &Weights, types: &[EventType], most: usize) -> Hits {
    let Hits { mut hits, compared, underfilled, .. } = hits;
    let certainty = certainty(text, &hits, weights);
    let certain = weights.vector == 0.0 || weights.relevant.is_none_or(|least| certainty >= least);
    let cosine = |hit: &Hit| hit.cosine.unwrap_or(-1.0);
    let best = hits.iter().map(cosine).fold(-1.0, f64::max);
    // Below zero there is no part of the best one to hold others to.
    let beside = if best > 0.0 { weights.beside * best } else { -1.0 };
    hits.retain(|hit| {
        if weights.vector == 0.0 {
            return hit.lexical_rank.is_some();
        }
        let near = hit.vector_rank.is_some() && cosine(hit) >= beside;
        certain && (near || weights.lexical > 0.0 && hit.share.is_some_and(|share| share >= weights.lettered))
    });
    for hit in &mut hits {
        let reciprocal = |rank: u64| 1.0 / (weights.k + rank as f64);
        let meaning = hit.vector_rank.map_or(0.0, |rank| weights.vector * reciprocal(rank));
        let letters = match (hit.lexical_rank, hit.share) {
            (Some(rank), Some(share)) => weights.lexical * share.powi(weights.power) * reciprocal(rank),
            _ => 0.0,
        };
        let named = types.iter().any(|kind| kind.as_str() == hit.event.event_type);
        hit.score = meaning + letters + if named { weights.kind * reciprocal(1) } else { 0.0 };
    }
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.event.id.cmp(&b.event.id)));
    hits.truncate(most);
    Hits { certainty: Some(certainty), ..Hits::new(hits, compared, underfilled) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Event;

    fn hit(id: i64, cosine: Option<f64>, share: Option<f64>, rank: u64) -> Hit {
        let event = Event {
            id,
            video_id: 1,
            timestamp: 0.0,
            duration: 0.0,
            event_type: if id == 9 { "theft" } else { "walking" }.to_owned(),
            action_detected: None,
            location: None,
            area: None,
            age: None,
            gender: None,
            obj_id: None,
            confidence: 1.0,
            description: None,
            attributes: serde_json::Map::new(),
        };
        let (vector_rank, lexical_rank) = (cosine.map(|_| rank), share.map(|_| rank));
        Hit {
            event,
            score: 0.0,
            cosine,
            vector_rank,
            share,
            lexical_rank,
            words: Vec::new(),
            reranked: None,
            passage_rank: None,
        }
    }

    #[test]
    fn rankings_are_fused_and_what_is_far_is_left_out() {
        let weights = Weights::of(&Space { model: "m2v-koen-256".to_owned(), dimensions: 256 });
        let check = |hits: &[Hit], types: &[EventType], expected: &[i64]| {
            let hits = Hits::new(hits.to_vec(), Some(9), false);
            assert_eq!(fuse("words", hits, &weights, types, 3).events.ids, expected);
        };
        // By meaning; what is much farther than the best is left out.
        check(&[hit(1, Some(0.5), None, 1), hit(2, Some(0.4), None, 2), hit(3, Some(0.19), None, 3)], &[], &[1, 2]);
        // Nothing is near enough, unless it has the words, too.
        check(&[hit(1, Some(0.21), None, 1)], &[], &[]);
        check(&[hit(1, Some(0.21), None, 1), hit(2, Some(0.07), Some(0.7), 2)], &[], &[2, 1]);
        // All the words make up for a rank, a few of them do not; so does the type.
        check(&[hit(1, Some(0.5), None, 1), hit(2, Some(0.4), Some(1.0), 2)], &[], &[2, 1]);
        check(&[hit(1, Some(0.5), None, 1), hit(2, Some(0.4), Some(0.3), 2)], &[], &[1, 2]);
        check(&[hit(1, Some(0.5), None, 1), hit(9, Some(0.4), None, 2)], &[EventType::Theft], &[9, 1]);
        // At most as many as are wanted, equal ones by number.
        let same: Vec<Hit> = (1..=5).rev().map(|id| hit(id, Some(0.5), None, 1)).collect();
        check(&same, &[], &[1, 2, 3]);
    }
}
