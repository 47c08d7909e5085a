//! A reply while it is made: text in pieces, then the completion, from `ConverseStream` or from `InvokeModel`'s stream.
//! Nothing in the SDK ends one that stalls, so every wait for an event has a limit here; a stream that is cut is an error,
//! whatever came before.

use std::time::Duration;

use aws_sdk_bedrockruntime::{
    operation::RequestId,
    primitives::{Blob, event_stream::EventReceiver},
    types::{
        ConverseStreamOutput, ResponseStream,
        error::{ConverseStreamOutputError, ResponseStreamError},
    },
};
use futures_util::stream;
use tokio::{
    sync::OwnedSemaphorePermit,
    time::{Instant, timeout_at},
};

use super::{
    chat,
    client::{Bedrock, millis},
    error::{self, About},
    invoke,
    wire::Body,
};
use crate::model::{Chat, Completion, ModelError, Piece, Pieces, Stop, Usage};

pub(super) fn pieces<'a>(bedrock: &'a Bedrock, chat: &'a Chat, limit: Duration) -> Pieces<'a> {
    let begin = State::Begin(Instant::now() + limit);
    Box::pin(stream::unfold(begin, move |state| async move {
        let opened = match state {
            State::Begin(deadline) => Open::begin(bedrock, chat, limit, deadline).await.map(Box::new),
            State::Open(open) => Ok(open),
            State::Ended => return None,
        };
        Some(match opened {
            Ok(mut open) => match open.piece().await {
                Ok(Piece::Text(text)) => (Ok(Piece::Text(text)), State::Open(open)),
                last => (last, State::Ended),
            },
            Err(error) => (Err(error), State::Ended),
        })
    }))
}

enum State<'a> {
    Begin(Instant),
    Open(Box<Open<'a>>),
    Ended,
}

/// What one event says; an event that is not known says nothing.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) text: Option<String>,
    /// The index of a block that begins to call a tool.
    pub(super) tool: Option<i32>,
    /// More of the JSON that the tool of this block is called with.
    pub(super) input: Option<(i32, String)>,
    pub(super) stop: Option<Stop>,
    /// So far.
    pub(super) usage: Option<Usage>,
    /// Nothing more will come.
    pub(super) end: bool,
    /// The model says that it failed.
    pub(super) failed: Option<String>,
}

/// A stream that has begun, and what it brought so far.
struct Open<'a> {
    bedrock: &'a Bedrock,
    chat: &'a Chat,
    events: Events,
    request_id: Option<String>,
    began: Instant,
    limit: Duration,
    deadline: Instant,
    text: String,
    /// The first tool called: the index of its block, and as much of its input's JSON as came.
    input: Option<(i32, String)>,
    stop: Option<Stop>,
    usage: Option<Usage>,
    _turn: OwnedSemaphorePermit,
}

/// The two streams there are.
enum Events {
    Converse(EventReceiver<ConverseStreamOutput, ConverseStreamOutputError>),
    Invoke(EventReceiver<ResponseStream, ResponseStreamError>),
}

impl<'a> Open<'a> {
    async fn begin(
        bedrock: &'a Bedrock,
        chat: &'a Chat,
        limit: Duration,
        deadline: Instant,
    ) -> Result<Self, ModelError> {
        let about = bedrock.about(chat);
        let turn = bedrock.turn(&chat.model, deadline, &about).await?;
        let began = Instant::now();
        let (events, request_id) = timeout_at(deadline, Events::begin(bedrock, chat, &about))
            .await
            .unwrap_or_else(|_elapsed| Err(error::too_slow(limit, None, &about)))?;
        Ok(Self {
            bedrock,
            chat,
            events,
            request_id,
            began,
            limit,
            deadline,
            text: String::new(),
            input: None,
            stop: None,
            usage: None,
            _turn: turn,
        })
    }

    /// The next piece of text, or the whole.
    async fn piece(&mut self) -> Result<Piece, ModelError> {
        loop {
            let heard = match self.event().await {
                Ok(Some(heard)) => heard,
                // All was said; only the bill is missing.
                Ok(None) | Err(_) if self.stop.is_some() => return self.whole(),
                Ok(None) => return Err(error::cut(self.request_id.take(), &self.bedrock.about(self.chat))),
                Err(error) => return Err(error),
            };
            if let Some(said) = heard.failed {
                let about = self.bedrock.about(self.chat);
                let code = Some("ModelStreamErrorException");
                return Err(error::of_service(code, Some(&said), None, self.request_id.take(), &about));
            }
            if let (Some(index), None) = (heard.tool, &self.input) {
                self.input = Some((index, String::new()));
            }
            if let (Some((index, piece)), Some((known, input))) = (heard.input, &mut self.input)
                && index == *known
            {
                input.push_str(&piece);
            }
            self.stop = heard.stop.or(self.stop.take());
            if let Some(more) = heard.usage {
                self.usage = Some(most(self.usage.unwrap_or_default(), more));
            }
            if heard.end && self.stop.is_some() {
                return self.whole();
            }
            if let Some(text) = heard.text.filter(|text| !text.is_empty()) {
                self.text.push_str(&text);
                return Ok(Piece::Text(text));
            }
        }
    }

    async fn event(&mut self) -> Result<Option<Heard>, ModelError> {
        let silent = Instant::now() + self.bedrock.silence;
        let about = self.bedrock.about(self.chat);
        match timeout_at(self.deadline.min(silent), self.events.next(&self.request_id, &about)).await {
            Ok(received) => received,
            Err(_elapsed) if silent < self.deadline => {
                Err(error::silent(self.bedrock.silence, self.request_id.clone(), &about))
            }
            Err(_elapsed) => Err(error::too_slow(self.limit, self.request_id.clone(), &about)),
        }
    }

    fn whole(&mut self) -> Result<Piece, ModelError> {
        let stop = self.stop.take().unwrap_or(Stop::End);
        let tool_input = match self.input.take().map(|(_, input)| serde_json::from_str(&input)) {
            Some(Ok(input)) => Some(input),
            // Cut off at `max_tokens`, JSON is not whole: the caller sees why in `stop`.
            Some(Err(_)) if stop == Stop::MaxTokens => None,
            Some(Err(error)) => {
                let why = format!("the tool was called with what is not JSON: {error}");
                return Err(error::unreadable(&why, self.request_id.take(), &self.bedrock.about(self.chat)));
            }
            None => None,
        };
        if self.usage.is_none() {
            chat::without_usage();
        }
        Ok(Piece::Whole(Completion {
            text: std::mem::take(&mut self.text),
            tool_input,
            stop,
            usage: self.usage.unwrap_or_default(),
            ms: millis(self.began),
            request_id: self.request_id.take(),
        }))
    }
}

impl Events {
    /// The stream and its request's id.
    async fn begin(bedrock: &Bedrock, chat: &Chat, about: &About<'_>) -> Result<(Self, Option<String>), ModelError> {
        let takes = bedrock.takes(chat);
        if bedrock.by_invoke.contains(&chat.model) {
            let request = bedrock.client.invoke_model_with_response_stream().model_id(&chat.model);
            let body = Blob::new(invoke::body(chat, takes).to_string());
            let sent = request.content_type(invoke::JSON).accept(invoke::JSON).body(body).send().await;
            let output = sent.map_err(|error| error::of_sdk(error, about))?;
            let request_id = output.request_id().map(str::to_owned);
            return Ok((Self::Invoke(output.body), request_id));
        }
        let request = bedrock.client.converse_stream().model_id(&chat.model).customize();
        let body = Body(chat::body(chat, takes).to_string());
        let output = request.interceptor(body).send().await.map_err(|error| error::of_sdk(error, about))?;
        let request_id = output.request_id().map(str::to_owned);
        Ok((Self::Converse(output.stream), request_id))
    }

    async fn next(&mut self, request_id: &Option<String>, about: &About<'_>) -> Result<Option<Heard>, ModelError> {
        match self {
            Self::Converse(events) => match events.recv().await {
                Ok(event) => Ok(event.map(chat::heard)),
                Err(error) => Err(error::of_stream(error, chat::code, request_id.clone(), about)),
            },
            Self::Invoke(events) => match events.recv().await {
                Ok(event) => event
                    .map(invoke::heard)
                    .transpose()
                    .map_err(|why| error::unreadable(&why, request_id.clone(), about)),
                Err(error) => Err(error::of_stream(error, invoke::code, request_id.clone(), about)),
            },
        }
    }
}

/// Each count is of the whole reply so far: the later one is the larger, or says nothing.
fn most(one: Usage, other: Usage) -> Usage {
    Usage {
        input: one.input.max(other.input),
        output: one.output.max(other.output),
        cache_read: one.cache_read.max(other.cache_read),
        cache_write: one.cache_write.max(other.cache_write),
        cache_write_1h: one.cache_write_1h.max(other.cache_write_1h),
    }
}
