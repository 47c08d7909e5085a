//! A knowledge base is asked, and nothing it says is taken for true: each passage is mapped back to its event, and the
//! event looked up in the database, in the video in scope and under everything that is certain of the question.

mod filter;
mod stand_in;

use std::{collections::HashMap, sync::Arc, time::Duration};

pub use self::{filter::matches, stand_in::StandIn};
use super::{
    Attempt, Cause, Passed, StrategyError, Trace,
    vector::{Conditions, all_in_order},
};
use crate::{
    answer::{Answer, Hit, Hits, Value},
    cost::{Models, Money, Usage},
    model::{ErrorKind, Generation, KnowledgeBase, ModelError, Passage, RerankBy, Retrieval, SearchKind},
    question::{
        Question,
        reading::{Cond, Reading, Why},
    },
    sql::{
        Query,
        search::{Wanted, among, candidates},
    },
    store::{Limits, Reader, StoreError},
};

/// Asks one knowledge base.
pub struct Knowledge {
    pub base: Arc<dyn KnowledgeBase>,
    /// Its id; of a stand-in any word.
    pub id: String,
    pub prices: Arc<Models>,
    /// For rungs that have an answer worded and name no model.
    pub default_model: String,
}

/// How a rung asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asking {
    /// Passages, 1 to 100; `None` is 20.
    pub results: Option<u32>,
    pub search: Option<SearchKind>,
    pub rerank: Option<RerankBy>,
    /// A type that the question names shuts other events out. Without it the word may be one of the description.
    pub types: bool,
    /// The least score of the best passage; below it nothing is relevant. Scores of two knowledge bases are not alike.
    pub relevant: Option<f64>,
    /// The service words the answer, which is verified as a model's.
    pub generate: bool,
    /// That words it.
    pub model: Option<String>,
}

/// What is left of the passages, and what was left out.
#[derive(Debug, Default, PartialEq)]
struct Checked {
    hits: Vec<Hit>,
    /// Of no event at all.
    unmapped: u64,
    /// Not of the video, or not as the question wants them, or not there any more.
    refused: u64,
}

const RESULTS: u32 = 20;
/// How many events answer a question.
const HITS: usize = 10;
const STEP: &str = "knowledge_base";
/// Characters of a question that is worded by the service.
const LONGEST_GENERATION: usize = 1_000;
const MAX_TOKENS: u32 = 500;

impl Knowledge {
    /// A question that descriptions alone can answer, as [`super::vector`] has it.
    ///
    /// # Errors
    /// The knowledge base or the database could not be asked.
    pub async fn attempt(
        &self,
        question: &Question<'_>,
        reading: &Reading,
        (asking, timeout): (&Asking, Duration),
        (reader, limits): (&Reader, Limits),
        trace: &mut Trace,
    ) -> Result<Attempt, StrategyError> {
        let descriptive = reading.unread.iter().any(|piece| piece.why == Why::UnknownWord);
        if !descriptive || !all_in_order(&reading.wants) {
            return Ok(Attempt::Passed(Passed::Uncovered));
        }
        let mut conditions = Conditions::of(&reading.filter, &question.video.places);
        if asking.types && !conditions.types.is_empty() {
            let parts = [conditions.certain, Cond::Type(conditions.types)];
            conditions = Conditions { certain: Cond::All(parts.to_vec()), types: Vec::new() };
        }
        let certain = conditions.certain;
        let retrieval = self.retrieval(question, &certain, asking);
        let price = self.price(asking);
        let limit =
            trace.allow(timeout, &Usage::default(), price).map_err(|spent| failed(None, Cause::Spent(spent)))?;
        let (passages, worded) = match self.found(retrieval, asking, limit, price, trace).await {
            Ok(found) => found,
            // Of this machine: there is nothing to search in.
            Err(error) if self.base.stands_in() && error.kind == ErrorKind::WrongModel => {
                return Ok(Attempt::Passed(Passed::NoIndex));
            }
            Err(error) => return Err(failed(None, Cause::Model(error))),
        };
        if self.base.stands_in() {
            trace.step(STEP, "retrieved", Some("stand_in"));
        } else {
            trace.counted(STEP, "retrieved", None, passages.len() as u64);
        }
        let best = passages.iter().filter_map(|passage| passage.score).fold(f64::NEG_INFINITY, f64::max);
        // What stands in scores in another way.
        let relevant = asking.relevant.filter(|_| !self.base.stands_in());
        if relevant.is_some_and(|least| !passages.is_empty() && worded.is_empty() && best < least) {
            return Ok(Attempt::Passed(Passed::NothingRelevant));
        }
        let ids: Vec<i64> = passages.iter().filter_map(event_of).collect();
        let query = among(&ids, &certain, reading.relation.as_ref(), question.video);
        let there = match reader.run(&query, limits).await {
            Ok(Answer::Hits(hits)) => hits.hits,
            Ok(_) => return Err(failed(Some(query), rejected())),
            Err(error) => return Err(failed(Some(query), Cause::Store(error))),
        };
        let checked = check(&passages, there);
        for (reason, count) in [("no_event", checked.unmapped), ("not_in_scope", checked.refused)] {
            if count > 0 {
                trace.counted(STEP, "dropped", Some(reason), count);
            }
        }
        if checked.hits.is_empty() {
            return self.nothing(question, reading, &certain, !passages.is_empty(), (reader, limits)).await;
        }
        let answer = Answer::Hits(Hits::new(checked.hits.into_iter().take(HITS).collect(), None, false));
        if worded.is_empty() {
            return Ok(Attempt::Answered { query, answer, explanation: None });
        }
        Ok(Attempt::Worded { query, answer, parts: worded })
    }

    fn retrieval(&self, question: &Question<'_>, certain: &Cond, asking: &Asking) -> Retrieval {
        let rerank = asking.rerank.clone();
        Retrieval {
            knowledge_base: self.id.clone(),
            query: question.text.to_owned(),
            results: asking.results.unwrap_or(RESULTS),
            filter: Some(matches(certain, question.video.id)),
            search: asking.search,
            rerank: if self.base.stands_in() { None } else { rerank },
        }
    }

    /// The passages, and what the service has worded of them.
    async fn found(
        &self,
        retrieval: Retrieval,
        asking: &Asking,
        limit: Duration,
        price: Option<Money>,
        trace: &mut Trace,
    ) -> Result<(Vec<Passage>, Vec<Part>), ModelError> {
        if !asking.generate || self.base.stands_in() {
            let retrieved = self.base.retrieve(&retrieval, limit).await?;
            if !self.base.stands_in() {
                trace.bought(STEP, &self.id, price, retrieved.ms, retrieved.request_id);
            }
            return Ok((retrieved.passages, Vec::new()));
        }
        let query: String = retrieval.query.chars().take(LONGEST_GENERATION).collect();
        let model = asking.model.clone().unwrap_or_else(|| self.default_model.clone());
        let retrieval = Retrieval { query, ..retrieval };
        let (max_tokens, temperature, prompt, session) = (MAX_TOKENS, None, None, None);
        let asked = Generation { retrieval, model, max_tokens, temperature, prompt, session };
        let generated = self.base.generate(&asked, limit).await?;
        // What the model was billed is not told.
        trace.bought(STEP, &self.id, None, generated.ms, generated.request_id);
        let mut parts = Vec::new();
        let mut passages: Vec<Passage> = Vec::new();
        let mut said = String::new();
        for citation in generated.citations {
            said.push_str(&citation.text);
            let events = citation.passages.iter().filter_map(event_of).collect();
            parts.push(Part { text: citation.text, events });
            passages.extend(citation.passages);
        }
        // What rests on nothing is said by nobody.
        let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        if bare(&said) != bare(&generated.text) {
            parts = vec![Part { text: generated.text, events: Vec::new() }];
        }
        Ok((passages, parts))
    }

    /// `None` where the table does not say what it costs.
    fn price(&self, asking: &Asking) -> Option<Money> {
        if self.base.stands_in() {
            return Some(Money::ZERO);
        }
        let rerank = match &asking.rerank {
            None => Some(Money::ZERO),
            Some(rerank) => self.prices.get(&rerank.model).and_then(|known| known.per_query()),
        };
        [self.prices.per_retrieval, rerank, if asking.generate { None } else { Some(Money::ZERO) }].into_iter().sum()
    }

    /// No event satisfies the conditions, or the knowledge base does not have those that do, or has said nothing true.
    async fn nothing(
        &self,
        question: &Question<'_>,
        reading: &Reading,
        certain: &Cond,
        some: bool,
        (reader, limits): (&Reader, Limits),
    ) -> Result<Attempt, StrategyError> {
        let relation = reading.relation.as_ref();
        let wanted = Wanted { filter: certain, relation, near: None, words: Vec::new(), depth: 1 };
        let query = candidates(&wanted, question.video, 1);
        match reader.run(&query, limits).await {
            Ok(Answer::Scalar(Value::Int(0))) => {
                let query = among(&[], certain, relation, question.video);
                let answer = Answer::Hits(Hits::new(Vec::new(), Some(0), false));
                Ok(Attempt::Answered { query, answer, explanation: None })
            }
            Ok(_) if some || self.base.stands_in() => Ok(Attempt::Passed(Passed::NothingRelevant)),
            Ok(_) => Ok(Attempt::Passed(Passed::NoIndex)),
            Err(error) => Err(failed(Some(query), Cause::Store(error))),
        }
    }
}

/// A part of an answer that others worded, and the events it is said to rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    pub events: Vec<i64>,
}

/// Passages of the same event are one hit, with the rank and score of the first.
fn check(passages: &[Passage], there: Vec<Hit>) -> Checked {
    let mut there: HashMap<i64, Hit> = there.into_iter().map(|hit| (hit.event.id, hit)).collect();
    let mut checked = Checked::default();
    let mut seen: Vec<i64> = Vec::new();
    for (at, passage) in passages.iter().enumerate() {
        match event_of(passage) {
            None => checked.unmapped += 1,
            Some(id) if seen.contains(&id) => {}
            Some(id) => match there.remove(&id) {
                Some(hit) => {
                    seen.push(id);
                    let score = passage.score.unwrap_or(0.0);
                    checked.hits.push(Hit { score, passage_rank: Some(at as u64 + 1), ..hit });
                }
                None => checked.refused += 1,
            },
        }
    }
    checked
}

/// As its metadata say, else its place: `video-1-event-2`, `s3://…/video-1/event-2.txt`.
fn event_of(passage: &Passage) -> Option<i64> {
    let said = passage.metadata.get("event_id");
    let said = said.and_then(|id| id.as_i64().or_else(|| whole(id.as_f64()?)));
    said.or_else(|| {
        let (_, rest) = passage.id.as_deref()?.rsplit_once("event-")?;
        rest.strip_suffix(".txt").unwrap_or(rest).parse().ok()
    })
}

/// Some stores have all numbers as floats.
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
}

fn failed(query: Option<Query>, cause: Cause) -> StrategyError {
    StrategyError { query, cause }
}

fn rejected() -> Cause {
    Cause::Store(StoreError::Rejected { message: "a look at passages gave no hits".to_owned() })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_passage_is_mapped_back_to_its_event() {
        for (id, metadata, expected) in [
            (None, json!({"event_id": 7}), Some(7)),
            (None, json!({"event_id": 7.0}), Some(7)),
            (Some("video-1-event-8"), json!({}), Some(8)),
            (Some("s3://b/p/video-1/event-9.txt"), json!({"event_id": "x"}), Some(9)),
            (Some("video-1-event-8"), json!({"event_id": 7}), Some(7)),
            (None, json!({"event_id": 7.5}), None),
            (Some("https://example.com/a"), json!({}), None),
            (None, json!({}), None),
        ] {
            let serde_json::Value::Object(metadata) = metadata.clone() else { continue };
            let passage = Passage { id: id.map(str::to_owned), text: String::new(), score: None, metadata };
            assert_eq!(event_of(&passage), expected, "{passage:?}");
        }
    }
}
