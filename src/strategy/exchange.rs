//! One exchange with a chat model: held to what its prompt may still take, and counted at the table's prices however it
//! ends.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::trace::{Spent, Trace};
use crate::{
    cost::{Known, Models, Usage},
    model::{Chat, ChatModel, Completion, ErrorKind, ModelError, Part, Pieces},
    prompt::about_tokens,
};

/// A model, and how it is asked for one purpose.
#[derive(Clone)]
pub struct Exchanges {
    pub chat: Arc<dyn ChatModel>,
    pub models: Arc<Models>,
    /// A model id, an inference profile or an ARN.
    pub model: String,
    /// Of one exchange.
    pub timeout: Duration,
    /// What the trace is told that it is for.
    pub of: &'static str,
}

/// An exchange that may begin, or has begun.
#[derive(Debug, Clone, Copy)]
pub struct Begun {
    limit: Duration,
    since: Instant,
    /// About so many tokens are sent.
    input: u64,
}

/// Why there is no reply.
#[derive(Debug)]
pub enum NoReply {
    /// Less time than it may take: what ran out is the prompt's, not the model's.
    Spent(Spent),
    Model(ModelError),
}

impl Exchanges {
    /// What the table has of the model.
    pub fn known(&self) -> Option<Known<'_>> {
        self.models.get(&self.model)
    }

    /// Begins one, if what it may use at most is left: the whole prompt, at the dearer of reading and keeping it, and the
    /// longest reply.
    ///
    /// # Errors
    /// What is spent.
    pub fn begin(&self, chat: &Chat, trace: &Trace) -> Result<Begun, Spent> {
        let input = input_tokens(chat);
        let read = Usage { input, output: chat.max_tokens.into(), ..Usage::default() };
        let kept = Usage { input: 0, cache_write: input, ..read };
        let price = self.known().and_then(|known| known.price(&read).max(known.price(&kept)));
        let limit = trace.allow(self.timeout, &read, price)?;
        Ok(Begun { limit, since: Instant::now(), input })
    }

    /// The whole reply.
    ///
    /// # Errors
    /// It did not come; what it is billed with all the same is in the trace.
    pub async fn complete(&self, begun: Begun, chat: &Chat, trace: &mut Trace) -> Result<Completion, NoReply> {
        match self.chat.complete(chat, begun.limit).await {
            Ok(completion) => {
                self.paid(&completion, trace);
                Ok(completion)
            }
            Err(error) => Err(self.lost(begun, "", error, trace)),
        }
    }

    /// The reply in pieces. How it ends is to be told: [`Self::paid`], [`Self::lost`] or [`Self::left`].
    pub fn stream<'a>(&'a self, begun: Begun, chat: &'a Chat) -> Pieces<'a> {
        self.chat.stream(chat, begun.limit)
    }

    pub fn paid(&self, completion: &Completion, trace: &mut Trace) {
        trace.paid(self.of, &self.model, completion, &self.models);
    }

    /// A reply that nobody waited for, of which `text` had come. What is billed of it is not told: this is about that.
    pub fn left(&self, begun: Begun, text: &str, trace: &mut Trace) {
        let used = Usage { input: begun.input, output: about_tokens(text), ..Usage::default() };
        let ms = begun.since.elapsed().as_secs_f64() * 1e3;
        trace.assumed(self.of, &self.model, used, ms, &self.models);
    }

    /// A reply that failed, of which `text` had come: what was begun, or not waited for, or cannot be read, is billed.
    pub fn lost(&self, begun: Begun, text: &str, error: ModelError, trace: &mut Trace) -> NoReply {
        if !text.is_empty() || matches!(error.kind, ErrorKind::TimedOut | ErrorKind::BadReply) {
            self.left(begun, text, trace);
        }
        if error.kind == ErrorKind::TimedOut && begun.limit < self.timeout {
            return NoReply::Spent(Spent::Time);
        }
        NoReply::Model(error)
    }
}

/// About so many tokens, its tool among them.
fn input_tokens(chat: &Chat) -> u64 {
    let parts = chat.system.iter().chain(chat.turns.iter().flat_map(|turn| &turn.parts));
    let tool = chat.tool.as_ref().map_or(0, |tool| about_tokens(&tool.schema.to_string()));
    let texts = parts.map(|part| match part {
        Part::Text(text) => about_tokens(text),
        Part::CachePoint => 0,
    });
    texts.sum::<u64>() + tool
}
