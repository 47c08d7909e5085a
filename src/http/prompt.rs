//! `POST /api/prompt/`: a question in, its answer out.

use std::{sync::Arc, time::Instant};

use jiff::Timestamp;
use poem::{
    Body as Payload, Request, Response,
    error::ReadBodyError,
    http::{HeaderValue, header},
};
use serde_json::{Map, Value as Json};

use super::{
    ANONYMOUS,
    answer::Body,
    error::{Problem, status_of},
    request_id::RequestId,
};
use crate::{
    engine::{Ask, Engine},
    question::Lang,
};

/// Bytes of the largest body: 4,000 characters, each escaped as a surrogate pair, and the rest of the fields.
const BODY_LIMIT: usize = 64 * 1024;
const FIELDS: [&str; 5] = ["prompt", "video_id", "now", "lang", "strategy"];

pub(super) async fn prompt(engine: Arc<Engine>, mut request: Request) -> poem::Result<Response> {
    let since = Instant::now();
    let request_id = RequestId::of(&request).to_owned();
    let body = read_body(&mut request).await?;
    let ask = parse(&body, Timestamp::now())?;
    let characters = ask.prompt.chars().count();

    // Boxed: it is large, and poem moves the futures of its handlers about.
    let reply = Box::pin(engine.ask(ask)).await.map_err(Problem::from)?;
    let response = Response::builder().status(status_of(&reply.outcome)).content_type("application/json");
    let bytes = serde_json::to_vec(&Body::new(&reply, &request_id)).map_err(|error| {
        tracing::error!(%error, request_id, "an answer that cannot be written as JSON");
        Problem::Internal
    })?;
    // Never the prompt itself.
    tracing::info!(
        request_id,
        characters,
        language = format!("{:?}", reply.lang).to_lowercase(),
        outcome = reply.outcome.name(),
        reason = reply.outcome.reason().map(|(code, _)| code),
        strategy = reply.strategy.map(|rung| rung.name()),
        ms = since.elapsed().as_secs_f64() * 1e3,
        "prompt"
    );
    Ok(response.body(bytes))
}

pub(super) async fn read_body(request: &mut Request) -> Result<Vec<u8>, Problem> {
    if let Some(found) = request.headers().get(header::CONTENT_TYPE).filter(|found| !is_json(found)) {
        return Err(Problem::ContentType(String::from_utf8_lossy(found.as_bytes()).into_owned()));
    }
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|n| n.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > BODY_LIMIT as u64) {
        return Err(Problem::BodyTooLarge(BODY_LIMIT));
    }
    let body: Payload = request.take_body();
    match body.into_bytes_limit(BODY_LIMIT).await {
        Ok(bytes) => Ok(bytes.into()),
        Err(ReadBodyError::PayloadTooLarge) => Err(Problem::BodyTooLarge(BODY_LIMIT)),
        Err(_) => Err(Problem::BodyBroken),
    }
}

/// `application/json`, whatever its parameters; also `application/….+json`.
fn is_json(content_type: &HeaderValue) -> bool {
    let Ok(text) = content_type.to_str() else { return false };
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// Field by field, so that a mistake is told with the name of its field.
fn parse(body: &[u8], clock: Timestamp) -> Result<Ask, Problem> {
    let mut fields = object(body, &FIELDS)?;
    let prompt = text(&mut fields, "prompt")?.ok_or(Problem::MissingField("prompt"))?;
    let video_id = video_id(&fields)?;
    let (now, lang) = (moment(&mut fields, clock)?, lang(&mut fields)?);
    Ok(Ask { prompt, video_id, lang, now, strategy: text(&mut fields, "strategy")?, caller: ANONYMOUS.to_owned() })
}

/// The fields of a body, of which all are known.
pub(super) fn object(body: &[u8], known: &[&str]) -> Result<Map<String, Json>, Problem> {
    let json: Json = serde_json::from_slice(body).map_err(|error| {
        let why = error.to_string();
        let why = why.split(" at line ").next().unwrap_or_default().to_owned();
        Problem::MalformedJson { line: error.line(), column: error.column(), why }
    })?;
    let Json::Object(fields) = json else { return Err(Problem::NotAnObject(kind_of(&json))) };
    if let Some(name) = fields.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(Problem::UnknownField { name: name.chars().take(64).collect(), known: known.join(", ") });
    }
    Ok(fields)
}

/// What "today" is relative to: the clock where nothing is said.
pub(super) fn moment(fields: &mut Map<String, Json>, clock: Timestamp) -> Result<Timestamp, Problem> {
    match text(fields, "now")? {
        None => Ok(clock),
        Some(text) => text.parse().map_err(|_| Problem::InvalidValue {
            field: "now",
            why: "is to be a moment as in RFC 3339, such as 2026-03-01T09:30:00+09:00".to_owned(),
        }),
    }
}

pub(super) fn lang(fields: &mut Map<String, Json>) -> Result<Option<Lang>, Problem> {
    let Some(text) = text(fields, "lang")? else { return Ok(None) };
    serde_json::from_value(Json::String(text))
        .map(Some)
        .map_err(|_| Problem::InvalidValue { field: "lang", why: "is to be one of ko, en, ja, zh".to_owned() })
}

/// A text; null is as good as absent for what need not be given.
pub(super) fn text(fields: &mut Map<String, Json>, field: &'static str) -> Result<Option<String>, Problem> {
    match fields.remove(field) {
        None => Ok(None),
        Some(Json::Null) if field != "prompt" && field != "query" => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(other) => Err(Problem::WrongType { field, expected: "a string", found: kind_of(&other).to_owned() }),
    }
}

pub(super) fn video_id(fields: &Map<String, Json>) -> Result<i64, Problem> {
    let field = "video_id";
    match fields.get(field) {
        None => Err(Problem::MissingField(field)),
        Some(Json::Number(number)) => number.as_i64().ok_or_else(|| Problem::WrongType {
            field,
            expected: "a whole number of at most 64 bits",
            found: number.to_string(),
        }),
        Some(other) => Err(Problem::WrongType { field, expected: "a whole number", found: kind_of(other).to_owned() }),
    }
}

fn kind_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_told_with_its_field() {
        for (body, expected) in [
            ("", "line 1, column 0: EOF while parsing a value"),
            ("{\"prompt\": \n }", "line 2, column 2: expected value"),
            ("{\"prompt\": \"\\ud800\"}", "line 1, column 19"),
            ("[]", "not an array"),
            ("{\"prompt\": \"a\", \"video_id\": 1, \"promt\": 1}", "`promt` is not a field"),
            ("{\"video_id\": 1}", "`prompt` is missing"),
            ("{\"prompt\": \"a\"}", "`video_id` is missing"),
            ("{\"prompt\": null, \"video_id\": 1}", "`prompt` is to be a string, not null"),
            ("{\"prompt\": \"a\", \"video_id\": \"1\"}", "`video_id` is to be a whole number, not a string"),
            ("{\"prompt\": \"a\", \"video_id\": 1.5}", "64 bits, not 1.5"),
            ("{\"prompt\": \"a\", \"video_id\": 18446744073709551615}", "64 bits"),
            ("{\"prompt\": \"a\", \"video_id\": 1, \"now\": \"today\"}", "`now` is to be a moment"),
            ("{\"prompt\": \"a\", \"video_id\": 1, \"now\": \"2026-03-01T09:30:00\"}", "`now` is to be a moment"),
            ("{\"prompt\": \"a\", \"video_id\": 1, \"lang\": \"fr\"}", "`lang` is to be one of"),
            ("{\"prompt\": \"a\", \"video_id\": 1, \"lang\": 1}", "`lang` is to be a string, not a number"),
        ] {
            let said = parse(body.as_bytes(), Timestamp::UNIX_EPOCH).unwrap_err().to_string();
            assert!(said.contains(expected), "{body}: {said}");
        }
        let deep = format!("{{\"prompt\": {}", "[".repeat(30_000));
        assert!(matches!(parse(deep.as_bytes(), Timestamp::UNIX_EPOCH), Err(Problem::MalformedJson { .. })));
    }

    #[test]
    fn what_need_not_be_given_may_be_null() {
        let body = br#"{"prompt": "a", "video_id": 7, "now": null, "lang": null, "strategy": null}"#;
        let ask = parse(body, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((ask.video_id, ask.lang, ask.now, ask.strategy), (7, None, Timestamp::UNIX_EPOCH, None));
        let body = br#"{"prompt": "a", "video_id": 7, "now": "2026-03-01T09:30:00+09:00", "lang": "ja"}"#;
        let ask = parse(body, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(ask.now.to_string(), "2026-03-01T00:30:00Z");
        assert_eq!(ask.lang, Some(Lang::Ja));
    }
}
