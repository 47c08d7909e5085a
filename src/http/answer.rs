//! A reply as JSON: the fields that clients read, in a fixed order, null where there is nothing.

use serde::Serialize;

use crate::{
    answer::{Answer, Event, Hit, Hits, Kind, SHOWN, Value},
    engine::{Outcome, Reply, Step, Usage},
    question::Lang,
    reply::Statement,
};

#[derive(Debug, Serialize)]
pub struct Body<'r> {
    response: &'r str,
    /// The response by sentence or line, each with the events it tells of.
    statements: &'r [Statement],
    /// Seconds of the first event.
    timestamp: Option<f64>,
    event_id: Option<i64>,
    outcome: &'static str,
    kind: Option<Kind>,
    /// Every id in order, never cut.
    event_ids: &'r [i64],
    value: Option<&'r Value>,
    groups: Option<&'r [(Value, Value)]>,
    /// The first [`SHOWN`], with all columns.
    events: &'r [Event],
    /// Of a search: why each event was found, in the order of `event_ids`.
    hits: Option<Vec<Why>>,
    /// An index of this machine was searched in the place of the knowledge base.
    stand_in: bool,
    /// Of a search: there may be more than were found.
    underfilled: Option<bool>,
    reason: Option<Reason>,
    strategy: Option<&'static str>,
    /// What ran, its values readable.
    sql: Option<String>,
    /// A model's line on what the statement asks; nobody has checked it.
    explanation: Option<&'r str>,
    language: Lang,
    trace: &'r [Step],
    usage: Usage,
    request_id: &'r str,
}

/// Why an event was found.
#[derive(Debug, Serialize)]
pub(super) struct Why {
    event_id: i64,
    /// Comparable within one answer only.
    score: f64,
    /// The legs that found it: `meaning`, `letters`, `knowledge_base`.
    legs: Vec<&'static str>,
    cosine: Option<f64>,
    meaning_rank: Option<u64>,
    /// The share of the question's words, by weight, that stand in the event.
    share: Option<f64>,
    letters_rank: Option<u64>,
    /// Which of them.
    words: Vec<String>,
    /// What a reranker made of it, 0 to 1; it decided the order then, but for events that have all the words.
    reranked: Option<f64>,
    /// Its rank among the passages of a knowledge base.
    passage_rank: Option<u64>,
}

#[derive(Debug, Serialize)]
pub(super) struct Reason {
    code: &'static str,
    message: String,
}

impl<'r> Body<'r> {
    pub fn new(reply: &'r Reply, request_id: &'r str) -> Self {
        let answer = reply.outcome.answer();
        let (event_ids, events): (&[_], &[_]) = match answer {
            Some(Answer::Events(events) | Answer::Hits(Hits { events, .. })) => {
                (&events.ids, &events.shown[..events.shown.len().min(SHOWN)])
            }
            _ => (&[], &[]),
        };
        let hits = match answer {
            Some(Answer::Hits(hits)) => Some(hits),
            _ => None,
        };
        Self {
            response: &reply.words,
            statements: &reply.statements,
            timestamp: events.first().map(|event| event.timestamp),
            event_id: event_ids.first().copied(),
            outcome: reply.outcome.name(),
            kind: answer.map(Answer::kind),
            event_ids,
            value: answer.and_then(|answer| match answer {
                Answer::Scalar(value) => Some(value),
                _ => None,
            }),
            groups: answer.and_then(|answer| match answer {
                Answer::Groups(groups) => Some(groups.as_slice()),
                _ => None,
            }),
            events,
            hits: hits.map(|hits| hits.hits.iter().map(Why::of).collect()),
            stand_in: reply.trace.iter().any(|step| step.reason == Some("stand_in")),
            underfilled: hits.map(|hits| hits.underfilled),
            reason: Reason::of(&reply.outcome),
            strategy: reply.strategy.map(|rung| rung.name()),
            sql: reply.query.as_ref().map(|query| query.readable()),
            explanation: reply.explanation.as_deref(),
            language: reply.lang,
            trace: &reply.trace,
            usage: reply.usage,
            request_id,
        }
    }
}

impl Reason {
    pub(super) fn of(outcome: &Outcome) -> Option<Self> {
        outcome.reason().map(|(code, message)| Self { code, message })
    }
}

impl Why {
    pub(super) fn of(hit: &Hit) -> Self {
        let legs = [
            hit.vector_rank.map(|_| "meaning"),
            hit.lexical_rank.map(|_| "letters"),
            hit.passage_rank.map(|_| "knowledge_base"),
        ];
        Self {
            event_id: hit.event.id,
            score: hit.score,
            legs: legs.into_iter().flatten().collect(),
            cosine: hit.cosine,
            meaning_rank: hit.vector_rank,
            share: hit.share,
            letters_rank: hit.lexical_rank,
            words: hit.words.clone(),
            reranked: hit.reranked,
            passage_rank: hit.passage_rank,
        }
    }
}
