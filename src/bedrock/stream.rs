//! `ConverseStream`: text while it is made, then the completion. Nothing in the SDK ends a stream that stalls, so every
//! wait for an event has a limit here; a stream that is cut is an error, whatever came before.

use std::time::Duration;

use aws_sdk_bedrockruntime::{
    operation::RequestId,
    primitives::event_stream::EventReceiver,
    types::{
        ContentBlockDelta, ContentBlockStart, ConverseStreamOutput, StopReason, TokenUsage,
        error::ConverseStreamOutputError,
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
    error,
};
use crate::model::{Chat, Completion, ModelError, Piece, Pieces, Stop};

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

/// A stream that has begun, and what it brought so far.
struct Open<'a> {
    bedrock: &'a Bedrock,
    chat: &'a Chat,
    events: EventReceiver<ConverseStreamOutput, ConverseStreamOutputError>,
    request_id: Option<String>,
    began: Instant,
    limit: Duration,
    deadline: Instant,
    text: String,
    /// The first tool called: the index of its block, and as much of its input's JSON as came.
    input: Option<(i32, String)>,
    stop: Option<StopReason>,
    _turn: OwnedSemaphorePermit,
}

impl<'a> Open<'a> {
    async fn begin(
        bedrock: &'a Bedrock,
        chat: &'a Chat,
        limit: Duration,
        deadline: Instant,
    ) -> Result<Self, ModelError> {
        let turn = bedrock.turn(chat, deadline).await?;
        let began = Instant::now();
        let about = bedrock.about(chat);
        let sending = bedrock.client.converse_stream().model_id(&chat.model).customize();
        let output = timeout_at(deadline, sending.interceptor(bedrock.body(chat)).send())
            .await
            .map_err(|_elapsed| error::too_slow(limit, None, &about))?
            .map_err(|error| error::of_sdk(error, &about))?;
        Ok(Self {
            bedrock,
            chat,
            request_id: output.request_id().map(str::to_owned),
            events: output.stream,
            began,
            limit,
            deadline,
            text: String::new(),
            input: None,
            stop: None,
            _turn: turn,
        })
    }

    /// The next piece of text, or the whole.
    async fn piece(&mut self) -> Result<Piece, ModelError> {
        loop {
            let event = match self.event().await {
                Ok(Some(event)) => event,
                // All was said; only the bill is missing.
                Ok(None) | Err(_) if self.stop.is_some() => return self.whole(None),
                Ok(None) => return Err(error::cut(self.request_id.take(), &self.bedrock.about(self.chat))),
                Err(error) => return Err(error),
            };
            match event {
                ConverseStreamOutput::ContentBlockStart(started) => {
                    if let (Some(ContentBlockStart::ToolUse(_)), None) = (started.start, &self.input) {
                        self.input = Some((started.content_block_index, String::new()));
                    }
                }
                ConverseStreamOutput::ContentBlockDelta(delta) => match delta.delta {
                    Some(ContentBlockDelta::Text(text)) if !text.is_empty() => {
                        self.text.push_str(&text);
                        return Ok(Piece::Text(text));
                    }
                    Some(ContentBlockDelta::ToolUse(piece)) => {
                        if let Some((_, input)) = self.input.as_mut().filter(|(at, _)| *at == delta.content_block_index)
                        {
                            input.push_str(&piece.input);
                        }
                    }
                    _ => {}
                },
                ConverseStreamOutput::MessageStop(stopped) => self.stop = Some(stopped.stop_reason),
                ConverseStreamOutput::Metadata(metadata) if self.stop.is_some() => {
                    return self.whole(metadata.usage.as_ref());
                }
                _ => {}
            }
        }
    }

    async fn event(&mut self) -> Result<Option<ConverseStreamOutput>, ModelError> {
        let silent = Instant::now() + self.bedrock.silence;
        let about = self.bedrock.about(self.chat);
        match timeout_at(self.deadline.min(silent), self.events.recv()).await {
            Ok(received) => received.map_err(|error| error::of_stream(error, self.request_id.clone(), &about)),
            Err(_elapsed) if silent < self.deadline => {
                Err(error::silent(self.bedrock.silence, self.request_id.clone(), &about))
            }
            Err(_elapsed) => Err(error::too_slow(self.limit, self.request_id.clone(), &about)),
        }
    }

    fn whole(&mut self, usage: Option<&TokenUsage>) -> Result<Piece, ModelError> {
        let stop = self.stop.as_ref().map_or(Stop::End, chat::stop);
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
        Ok(Piece::Whole(Completion {
            text: std::mem::take(&mut self.text),
            tool_input,
            stop,
            usage: chat::usage(usage),
            ms: millis(self.began),
            request_id: self.request_id.take(),
        }))
    }
}
