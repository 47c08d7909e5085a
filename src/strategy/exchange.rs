//! One exchange with a chat model: held to what its prompt may still take, and counted at the table's prices however it
//! ends.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::trace::{Book, Exchange, Spent, Trace};
use crate::{
    cost::{Known, Models, Usage},
    model::{Chat, ChatModel, Completion, ErrorKind, ModelError, Part, Pieces},
    prompt::about_tokens,
    store::Reservation,
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

/// An exchange that may begin, or has begun. One that is dropped before it was told how it ended is billed all the same:
/// it is entered in the book by itself.
pub struct Begun {
    limit: Duration,
    since: Instant,
    /// About so many tokens are sent.
    input: u64,
    hold: Option<Hold>,
}

struct Hold {
    book: Book,
    reservation: Option<Reservation>,
    if_dropped: Exchange,
}

impl Begun {
    fn end(mut self) -> Option<Reservation> {
        self.hold.take().and_then(|hold| hold.reservation)
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        if let Some(Hold { book, reservation, if_dropped }) = self.hold.take() {
            book.enter(&if_dropped, reservation);
        }
    }
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
    pub async fn begin(&self, chat: &Chat, trace: &Trace) -> Result<Begun, Spent> {
        let input = input_tokens(chat);
        let read = Usage { input, output: chat.max_tokens.into(), ..Usage::default() };
        let kept = Usage { input: 0, cache_write: input, ..read };
        let price = self.known().and_then(|known| known.price(&read).max(known.price(&kept)));
        let limit = trace.allow(self.timeout, &read, price)?;
        let hold = match trace.book() {
            None => None,
            Some(book) => {
                let reservation = book.reserve(price, limit + GRACE).await?;
                let if_dropped = self.exchange(Usage { input, ..Usage::default() }, 0.0);
                Some(Hold { book: book.clone(), reservation, if_dropped })
            }
        };
        Ok(Begun { limit, since: Instant::now(), input, hold })
    }

    /// The whole reply.
    ///
    /// # Errors
    /// It did not come; what it is billed with all the same is in the trace.
    pub async fn complete(&self, begun: Begun, chat: &Chat, trace: &mut Trace) -> Result<Completion, NoReply> {
        match self.chat.complete(chat, begun.limit).await {
            Ok(completion) => {
                self.paid(begun, &completion, trace);
                Ok(completion)
            }
            Err(error) => Err(self.lost(begun, "", error, trace)),
        }
    }

    /// The reply in pieces. How it ends is to be told: [`Self::paid`], [`Self::lost`] or [`Self::left`].
    pub fn stream<'a>(&'a self, begun: &Begun, chat: &'a Chat) -> Pieces<'a> {
        self.chat.stream(chat, begun.limit)
    }

    pub fn paid(&self, begun: Begun, completion: &Completion, trace: &mut Trace) {
        let (request_id, estimated) = (completion.request_id.clone(), false);
        let exchange = Exchange { request_id, estimated, ..self.exchange(completion.usage, completion.ms) };
        trace.push(exchange, begun.end());
    }

    /// A reply that nobody waited for, of which `text` had come. What is billed of it is not told: this is about that.
    pub fn left(&self, begun: Begun, text: &str, trace: &mut Trace) {
        let used = Usage { input: begun.input, output: about_tokens(text), ..Usage::default() };
        let exchange = self.exchange(used, begun.since.elapsed().as_secs_f64() * 1e3);
        trace.push(exchange, begun.end());
    }

    /// A reply that failed, of which `text` had come: what was begun, or not waited for, or cannot be read, is billed.
    pub fn lost(&self, begun: Begun, text: &str, error: ModelError, trace: &mut Trace) -> NoReply {
        let out_of_time = error.kind == ErrorKind::TimedOut && begun.limit < self.timeout;
        if !text.is_empty() || matches!(error.kind, ErrorKind::TimedOut | ErrorKind::BadReply) {
            self.left(begun, text, trace);
        } else if let (Some(reservation), Some(book)) = (begun.end(), trace.book()) {
            book.ledger.release(reservation);
        }
        if out_of_time { NoReply::Spent(Spent::Time) } else { NoReply::Model(error) }
    }

    /// Of which nobody has said more.
    fn exchange(&self, usage: Usage, ms: f64) -> Exchange {
        let price = self.known().and_then(|known| known.price(&usage));
        Exchange { of: self.of, model: self.model.clone(), usage, price, ms, request_id: None, estimated: true }
    }
}

/// A reservation outlives its exchange by this much, so that it is still there when the ledger takes over.
const GRACE: Duration = Duration::from_secs(30);

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
