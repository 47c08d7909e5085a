//! A reply as JSON: the fields that clients read, in a fixed order, null where there is nothing.

use serde::Serialize;

use crate::{
    answer::{Answer, Event, Kind, SHOWN, Value},
    engine::{Reply, Step, Usage},
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

#[derive(Debug, Serialize)]
struct Reason {
    code: &'static str,
    message: String,
}

impl<'r> Body<'r> {
    pub fn new(reply: &'r Reply, request_id: &'r str) -> Self {
        let answer = reply.outcome.answer();
        let (event_ids, events): (&[_], &[_]) = match answer {
            Some(Answer::Events(events)) => (&events.ids, &events.shown[..events.shown.len().min(SHOWN)]),
            _ => (&[], &[]),
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
            reason: reply.outcome.reason().map(|(code, message)| Reason { code, message }),
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
