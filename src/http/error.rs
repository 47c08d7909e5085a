//! What goes wrong at the edge, as a status and a problem body (RFC 9457). No other file chooses a status.

use poem::{
    Response,
    error::NotFoundError,
    http::{HeaderValue, StatusCode, header},
};

use crate::{
    engine::{AskError, Failure, Outcome},
    model::ErrorKind,
};

/// The asker's mistake, or ours. Handlers return it; the outermost layer writes it, once, with the request's id.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    #[error("line {line}, column {column}: {why}")]
    MalformedJson { line: usize, column: usize, why: String },
    #[error("the body is to be a JSON object such as {{\"prompt\": \"…\", \"video_id\": 1}}, not {0}")]
    NotAnObject(&'static str),
    #[error("`{name}` is not a field; known are: {known}")]
    UnknownField { name: String, known: String },
    #[error("`{0}` is missing")]
    MissingField(&'static str),
    #[error("`{field}` is to be {expected}, not {found}")]
    WrongType { field: &'static str, expected: &'static str, found: String },
    #[error("`{field}` {why}")]
    InvalidValue { field: &'static str, why: String },
    #[error(transparent)]
    Ask(#[from] AskError),
    #[error("the body is larger than {0} bytes")]
    BodyTooLarge(usize),
    #[error("the body did not arrive in full")]
    BodyBroken,
    #[error("the body is to be `application/json`, not `{0}`")]
    ContentType(String),
    #[error("nothing is served at this path; questions go to POST /api/prompt/")]
    NotFound,
    #[error("this path takes {allow} only")]
    MethodNotAllowed { allow: &'static str },
    /// For the log: nobody is there to be told.
    #[error("the client hung up")]
    HungUp,
    #[error("the request took longer than {0} ms")]
    TimedOut(u128),
    #[error("{}", not_ready(*.0).1)]
    NotReady(Failure),
    #[error("something went wrong here; the log has it under this request's id")]
    Internal,
}

/// Of an answer. Where nobody could look, no 2xx says so.
pub(super) fn status_of(outcome: &Outcome) -> StatusCode {
    match outcome {
        Outcome::Answered(_) | Outcome::Empty(_) | Outcome::Abstained(_) => StatusCode::OK,
        Outcome::Failed(failure) => match failure {
            Failure::DatabaseUnreachable | Failure::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Failure::TimedOut => StatusCode::GATEWAY_TIMEOUT,
            Failure::TooCostly | Failure::TooMany => StatusCode::UNPROCESSABLE_ENTITY,
            Failure::Rejected | Failure::BadTimezone | Failure::BadPrompt => StatusCode::INTERNAL_SERVER_ERROR,
            Failure::NoStatement => StatusCode::BAD_GATEWAY,
            // Of a whole request, whatever it was spent on.
            Failure::BudgetSpent => StatusCode::SERVICE_UNAVAILABLE,
            Failure::Model(kind) => of_model(*kind),
        },
    }
}

fn of_model(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Throttled | ErrorKind::QuotaSpent | ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::TimedOut => StatusCode::GATEWAY_TIMEOUT,
        ErrorKind::TooLong => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::BadReply | ErrorKind::NotRecorded => StatusCode::BAD_GATEWAY,
        // Set up wrong here, not asked wrong.
        ErrorKind::NotAllowed | ErrorKind::BadCredentials | ErrorKind::WrongModel | ErrorKind::BadRequest => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

impl Problem {
    /// Whatever a handler, an extractor or the route tree returned.
    pub(super) fn from_poem(error: poem::Error) -> Self {
        match error.downcast::<Self>() {
            Ok(problem) => problem,
            Err(error) if error.is::<NotFoundError>() => Self::NotFound,
            Err(error) => {
                tracing::error!(%error, "an error that no handler foresaw");
                Self::Internal
            }
        }
    }

    /// Status, stable code, title, field.
    fn describe(&self) -> (StatusCode, &'static str, &'static str, Option<&str>) {
        use StatusCode as S;
        match self {
            Self::MalformedJson { .. } => (S::BAD_REQUEST, "malformed_json", "The body is not JSON", None),
            Self::NotAnObject(_) => (S::BAD_REQUEST, "wrong_type", "The body is not an object", None),
            Self::UnknownField { name, .. } => (S::BAD_REQUEST, "unknown_field", "Unknown field", Some(name)),
            Self::MissingField(field) => (S::BAD_REQUEST, "missing_field", "A field is missing", Some(field)),
            Self::WrongType { field, .. } => (S::BAD_REQUEST, "wrong_type", "A field has the wrong type", Some(field)),
            Self::InvalidValue { field, .. } => {
                (S::BAD_REQUEST, "invalid_value", "A field has no usable value", Some(field))
            }
            Self::Ask(AskError::EmptyPrompt) => (S::BAD_REQUEST, "empty_prompt", "The prompt is empty", Some("prompt")),
            Self::Ask(AskError::PromptTooLong(_)) => {
                (S::BAD_REQUEST, "prompt_too_long", "The prompt is too long", Some("prompt"))
            }
            Self::Ask(AskError::UnknownVideo(_)) => {
                (S::NOT_FOUND, "unknown_video", "There is no such video", Some("video_id"))
            }
            Self::Ask(AskError::UnknownStrategy(_)) => {
                (S::BAD_REQUEST, "unknown_strategy", "There is no such strategy", Some("strategy"))
            }
            Self::BodyTooLarge(_) => (S::PAYLOAD_TOO_LARGE, "body_too_large", "The body is too large", None),
            Self::BodyBroken => (S::BAD_REQUEST, "body_broken", "The body broke off", None),
            Self::ContentType(_) => (S::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "The body is not JSON", None),
            Self::NotFound => (S::NOT_FOUND, "not_found", "Nothing is served here", None),
            Self::MethodNotAllowed { .. } => {
                (S::METHOD_NOT_ALLOWED, "method_not_allowed", "The path does not take this method", None)
            }
            Self::HungUp => (S::BAD_REQUEST, "hung_up", "The client hung up", None),
            Self::TimedOut(_) => (S::GATEWAY_TIMEOUT, "timed_out", "The request took too long", None),
            Self::NotReady(failure) => (S::SERVICE_UNAVAILABLE, not_ready(*failure).0, "Not ready", None),
            Self::Internal => (S::INTERNAL_SERVER_ERROR, "internal", "An error of the server", None),
        }
    }

    pub(super) fn code(&self) -> &'static str {
        self.describe().1
    }

    /// The one place where a problem is written.
    pub(super) fn into_response(self, request_id: &str) -> Response {
        let (status, code, title, field) = self.describe();
        let body = serde_json::json!({
            "type": format!("urn:askline:problem:{code}"),
            "title": title,
            "status": status.as_u16(),
            "code": code,
            "detail": self.to_string(),
            "field": field,
            "request_id": request_id,
        });
        let mut response = Response::builder().status(status).body(body.to_string());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Self::MethodNotAllowed { allow } = self {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}

/// Code and words. What the database rejects when it is only asked for its tables are the tables.
fn not_ready(failure: Failure) -> (&'static str, &'static str) {
    match failure {
        Failure::Rejected => ("migrations_missing", "the database lacks the tables of this version"),
        other => (other.code(), other.message()),
    }
}

impl poem::error::ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.describe().0
    }
}
