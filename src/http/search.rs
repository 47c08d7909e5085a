//! `POST /api/search/`: words in, the events whose descriptions are nearest out, each with why it was found.

use std::{sync::Arc, time::Instant};

use jiff::Timestamp;
use poem::{Request, Response};
use serde::Serialize;
use serde_json::Value as Json;

use super::{
    ANONYMOUS,
    answer::{Reason, Why},
    error::{Problem, status_of},
    prompt::{lang, moment, object, read_body, text, video_id},
    request_id::RequestId,
};
use crate::{
    answer::{Answer, Event},
    engine::{Engine, Look, Sought, Step},
    question::Lang,
};

const FIELDS: [&str; 5] = ["query", "video_id", "limit", "now", "lang"];
/// How many events are found where nothing is said, and at most.
const LIMIT: usize = 10;
const MOST: u64 = 100;

/// What was found, as JSON.
#[derive(Debug, Serialize)]
pub struct SearchBody<'r> {
    outcome: &'static str,
    /// The best first.
    hits: Vec<HitBody<'r>>,
    /// How many events satisfied what is certain of the query; null where nobody counted.
    compared: Option<u64>,
    /// There may be more than were found.
    underfilled: bool,
    /// How sure it is that the best one is meant, by cosine and words in common; comparable for one embedder.
    certainty: Option<f64>,
    reason: Option<Reason>,
    /// What ran, its values readable.
    sql: Option<String>,
    language: Lang,
    trace: &'r [Step],
    request_id: &'r str,
}

#[derive(Debug, Serialize)]
struct HitBody<'r> {
    #[serde(flatten)]
    why: Why,
    event: &'r Event,
}

impl<'r> SearchBody<'r> {
    pub fn new(sought: &'r Sought, request_id: &'r str) -> Self {
        let hits = match sought.outcome.answer() {
            Some(Answer::Hits(hits)) => Some(hits),
            _ => None,
        };
        let body = |hit: &'r crate::answer::Hit| HitBody { why: Why::of(hit), event: &hit.event };
        Self {
            outcome: sought.outcome.name(),
            hits: hits.map(|hits| hits.hits.iter().map(body).collect()).unwrap_or_default(),
            compared: hits.and_then(|hits| hits.compared),
            underfilled: hits.is_some_and(|hits| hits.underfilled),
            certainty: hits.and_then(|hits| hits.certainty),
            reason: Reason::of(&sought.outcome),
            sql: sought.query.as_ref().map(|query| query.readable()),
            language: sought.lang,
            trace: &sought.trace,
            request_id,
        }
    }
}

pub(super) async fn search(engine: Arc<Engine>, mut request: Request) -> poem::Result<Response> {
    let since = Instant::now();
    let request_id = RequestId::of(&request).to_owned();
    let body = read_body(&mut request).await?;
    let look = parse(&body, Timestamp::now())?;
    let characters = look.text.chars().count();
    let sought = Box::pin(engine.search(look)).await.map_err(Problem::from)?;
    let response = Response::builder().status(status_of(&sought.outcome)).content_type("application/json");
    let bytes = serde_json::to_vec(&SearchBody::new(&sought, &request_id)).map_err(|error| {
        tracing::error!(%error, request_id, "hits that cannot be written as JSON");
        Problem::Internal
    })?;
    // Never the query itself.
    tracing::info!(
        request_id,
        characters,
        outcome = sought.outcome.name(),
        reason = sought.outcome.reason().map(|(code, _)| code),
        ms = since.elapsed().as_secs_f64() * 1e3,
        "search"
    );
    Ok(response.body(bytes))
}

fn parse(body: &[u8], clock: Timestamp) -> Result<Look, Problem> {
    let mut fields = object(body, &FIELDS)?;
    let query = text(&mut fields, "query")?.ok_or(Problem::MissingField("query"))?;
    let video_id = video_id(&fields)?;
    let most = match fields.get("limit") {
        None | Some(Json::Null) => LIMIT,
        Some(limit) => limit
            .as_u64()
            .filter(|limit| (1..=MOST).contains(limit))
            .and_then(|limit| usize::try_from(limit).ok())
            .ok_or_else(|| Problem::InvalidValue {
                field: "limit",
                why: format!("is to be a whole number, 1 to {MOST}"),
            })?,
    };
    Ok(Look {
        text: query,
        video_id,
        lang: lang(&mut fields)?,
        now: moment(&mut fields, clock)?,
        most,
        legs: None,
        caller: ANONYMOUS.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_told_with_its_field() {
        for (body, expected) in [
            (r#"{"query": "a", "video_id": 1, "prompt": "a"}"#, "`prompt` is not a field"),
            (r#"{"video_id": 1}"#, "`query` is missing"),
            (r#"{"query": "a"}"#, "`video_id` is missing"),
            (r#"{"query": null, "video_id": 1}"#, "`query` is"),
            (r#"{"query": "a", "video_id": 1, "limit": 0}"#, "`limit` is to be a whole number, 1 to 100"),
            (r#"{"query": "a", "video_id": 1, "limit": 101}"#, "`limit`"),
            (r#"{"query": "a", "video_id": 1, "limit": "5"}"#, "`limit`"),
            (r#"{"query": "a", "video_id": 1, "lang": "fr"}"#, "`lang`"),
        ] {
            let said = parse(body.as_bytes(), Timestamp::UNIX_EPOCH).unwrap_err().to_string();
            assert!(said.contains(expected), "{body}: {said}");
        }
        let look = parse(br#"{"query": "a", "video_id": 7, "limit": null}"#, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((look.video_id, look.most, look.now), (7, LIMIT, Timestamp::UNIX_EPOCH));
    }
}
