//! How answers go out: headers, bodies and events, and what goes wrong on the way.

use std::{collections::VecDeque, io, time::Duration};

use bytes::Bytes;
use futures_util::stream;
use poem::{
    Body, Response,
    http::{HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE},
};
use serde_json::json;

use super::{
    bucket::Answered,
    frame,
    script::{Fault, Pace, Refusal, What},
};
use crate::model::Usage;

/// In a header of every answer.
pub(super) const ABOUT: &str = "askline bedrock-sim: a test double; replies come from a script, no model makes them";

pub(super) fn refused(refusal: &Refusal, id: &str) -> Response {
    let mut members = refusal.members.clone();
    members.insert("message".to_owned(), refusal.message.clone().into());
    let status = refusal.status().unwrap_or(500);
    let mut response = body(&json!(members).to_string(), status, id, None, None);
    let kind = format!("{}:http://internal.amazon.com/coral/com.amazon.bedrock/", refusal.code);
    header(&mut response, "x-amzn-errortype", &kind);
    if let Some(ms) = refusal.retry_after_ms {
        header(&mut response, "x-amz-retry-after", &ms.to_string());
    }
    response
}

/// What S3 answers.
pub(super) fn object(answered: &Answered, id: &str) -> Response {
    let status = StatusCode::from_u16(answered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = if answered.status < 400 { "application/octet-stream" } else { "application/xml" };
    let mut response = Response::builder().status(status).content_type(kind).body(answered.body.clone());
    header(&mut response, "x-askline-sim", ABOUT);
    header(&mut response, "x-amz-request-id", id);
    if status == StatusCode::OK {
        header(&mut response, "etag", "\"sim\"");
    }
    response
}

/// A body of JSON; `counted` goes into the headers InvokeModel has.
pub(super) fn body(
    text: &str,
    status: u16,
    id: &str,
    counted: Option<Usage>,
    fault: Option<(&Fault, Pace)>,
) -> Response {
    let content = match fault {
        None => Body::from(text.to_owned()),
        Some((fault, pace)) => {
            let part = |bytes: &[u8]| Step::Send(Bytes::copy_from_slice(bytes));
            let (first, rest) = text.as_bytes().split_at(fault.after.min(text.len()));
            sent(match fault.what {
                What::Cut => vec![part(first), Step::Break],
                What::Stall | What::Hang => vec![part(first), Step::Never],
                What::End => vec![part(first)],
                What::BadJson => vec![part(first), part(b"{not json")],
                What::Drip => dripped(text.as_bytes(), pace),
                What::BadCrc | What::Exception | What::UnknownEvent => vec![part(first), part(rest)],
            })
        }
    };
    let mut response = Response::builder().content_type("application/json").body(content);
    response.set_status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    header(&mut response, "x-askline-sim", ABOUT);
    header(&mut response, "x-amzn-requestid", id);
    if let Some(usage) = counted {
        header(&mut response, "x-amzn-bedrock-input-token-count", &usage.input.to_string());
        header(&mut response, "x-amzn-bedrock-output-token-count", &usage.output.to_string());
        header(&mut response, "x-amzn-bedrock-invocation-latency", "0");
    }
    response
}

/// `kind` is that of most of the events.
pub(super) fn events(events: Vec<Vec<u8>>, kind: &str, pace: Pace, fault: Option<&Fault>, id: &str) -> Response {
    let mut response = body("", 200, id, None, None);
    content_type(&mut response, "application/vnd.amazon.eventstream");
    header(&mut response, "x-amzn-bedrock-content-type", "application/json");
    response.set_body(sent(steps(events, kind, pace, fault)));
    response
}

/// The conversation a stream belongs to.
pub(super) fn session(response: &mut Response, id: &str) {
    header(response, "x-amzn-bedrock-knowledge-base-session-id", id);
}

pub(super) fn content_type(response: &mut Response, kind: &str) {
    if let Ok(kind) = HeaderValue::from_str(kind) {
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
}

/// In the shape of the service's, and seen at once to be none.
pub(super) fn request_id(nth: u64) -> String {
    format!("00000000-0000-4000-8000-{nth:012}")
}

/// One thing that happens to a body.
enum Step {
    Send(Bytes),
    Pause(Duration),
    Break,
    Never,
}

fn steps(events: Vec<Vec<u8>>, kind: &str, pace: Pace, fault: Option<&Fault>) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut events = events.into_iter();
    let send = |steps: &mut Vec<Step>, event: Vec<u8>| {
        if pace.pause_ms > 0 {
            steps.push(Step::Pause(Duration::from_millis(pace.pause_ms)));
        }
        steps.push(Step::Send(event.into()));
    };
    let Some(fault) = fault else {
        events.for_each(|event| send(&mut steps, event));
        return steps;
    };
    for event in events.by_ref().take(fault.after) {
        send(&mut steps, event);
    }
    let wrong = match fault.what {
        What::Cut => {
            // In the middle of a frame.
            let half = events.next().map(|event| event[..event.len() / 2].to_vec());
            half.into_iter().for_each(|half| send(&mut steps, half));
            steps.push(Step::Break);
            return steps;
        }
        What::Stall | What::Hang => {
            steps.push(Step::Never);
            return steps;
        }
        What::End => return steps,
        What::Drip => None,
        What::BadCrc => events.next().map(|mut event| {
            if let Some(last) = event.last_mut() {
                *last ^= 0xff;
            }
            event
        }),
        What::Exception => {
            let payload = json!({"message": fault.message}).to_string();
            send(&mut steps, frame::exception(fault.exception.as_deref().unwrap_or_default(), payload.as_bytes()));
            return steps;
        }
        What::BadJson => Some(frame::event(kind, b"{not json")),
        What::UnknownEvent => Some(frame::event("somethingNew", b"{}")),
    };
    wrong.into_iter().chain(events).for_each(|event| send(&mut steps, event));
    steps
}

fn dripped(body: &[u8], pace: Pace) -> Vec<Step> {
    let pause = || Step::Pause(Duration::from_millis(pace.pause_ms));
    body.chunks(pace.piece).flat_map(|piece| [pause(), Step::Send(Bytes::copy_from_slice(piece))]).collect()
}

fn sent(steps: Vec<Step>) -> Body {
    let steps = stream::unfold(VecDeque::from(steps), |mut steps| async move {
        loop {
            match steps.pop_front()? {
                Step::Send(bytes) => return Some((Ok(bytes), steps)),
                Step::Pause(time) => tokio::time::sleep(time).await,
                Step::Break => return Some((Err(io::Error::other("cut by the script")), VecDeque::new())),
                Step::Never => std::future::pending().await,
            }
        }
    });
    Body::from_bytes_stream(steps)
}

fn header(response: &mut Response, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
}
