//! What happened on the way to a reply: its steps, every exchange with a model, and what may still be spent.

use std::time::{Duration, Instant};

use crate::{
    cost::{Money, Usage},
    store::{DayBudget, Entry, Ledger, OverDay, Reservation},
};

/// One line of the trace.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Step {
    pub step: &'static str,
    pub outcome: &'static str,
    pub reason: Option<&'static str>,
    /// Of what was found or left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    pub ms: f64,
}

/// One request to a model that was answered, and is paid.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// The rung, or `reply`.
    pub of: &'static str,
    pub model: String,
    pub usage: Usage,
    /// `None` where the table has no price for it.
    pub price: Option<Money>,
    pub ms: f64,
    pub request_id: Option<String>,
    /// Nobody said what was used: of a reply that was not waited for, this is about what is billed.
    pub estimated: bool,
}

/// What one prompt may take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    pub time: Duration,
    pub money: Option<Money>,
    /// Billed tokens of all kinds.
    pub tokens: Option<u64>,
}

/// Steps with the time each took, exchanges, and the budget they are held to.
pub struct Trace {
    pub steps: Vec<Step>,
    pub exchanges: Vec<Exchange>,
    budget: Budget,
    book: Option<Book>,
    began: Instant,
    since: Instant,
}

/// Where exchanges are entered, and for whom.
#[derive(Clone)]
pub struct Book {
    pub ledger: Ledger,
    pub caller: String,
    pub strategy: String,
    /// What holds all who share the database.
    pub day: DayBudget,
}

impl Book {
    /// Holds what an exchange may cost at most, where a day has a budget.
    pub(super) async fn reserve(&self, price: Option<Money>, hold: Duration) -> Result<Option<Reservation>, Spent> {
        if self.day == DayBudget::default() {
            return Ok(None);
        }
        // What may cost anything cannot be held.
        let price = price.ok_or(Spent::Unpriced)?;
        match self.ledger.reserve(&self.caller, price, self.day, hold).await {
            Ok(Ok(reservation)) => Ok(Some(reservation)),
            Ok(Err(OverDay::Caller)) => Err(Spent::CallerDay),
            Ok(Err(OverDay::All)) => Err(Spent::Day),
            Err(error) => {
                tracing::warn!(%error, "the budget of the day could not be looked at");
                Err(Spent::Unheld)
            }
        }
    }

    pub(super) fn enter(&self, exchange: &Exchange, reservation: Option<Reservation>) {
        let entry = Entry {
            caller: self.caller.clone(),
            strategy: self.strategy.clone(),
            rung: exchange.of.to_owned(),
            model: exchange.model.clone(),
            usage: exchange.usage,
            price: exchange.price,
            estimated: exchange.estimated,
            request_id: exchange.request_id.clone(),
        };
        self.ledger.put(entry, reservation);
    }
}

/// Why there is no next exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    Time,
    Money,
    Tokens,
    /// The caller's day.
    CallerDay,
    /// The day of all callers.
    Day,
    /// A day has a budget, and nobody knows what the model costs.
    Unpriced,
    /// What is left of a day could not be looked at.
    Unheld,
}

impl Trace {
    /// Exchanges are entered in the book where there is one.
    pub fn start(budget: Budget, book: Option<Book>) -> Self {
        let now = Instant::now();
        Self { steps: Vec::with_capacity(6), exchanges: Vec::new(), budget, book, began: now, since: now }
    }

    /// The time since the last step is this one's.
    pub fn step(&mut self, step: &'static str, outcome: &'static str, reason: Option<&'static str>) {
        let ms = (self.since.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        self.steps.push(Step { step, outcome, reason, count: None, ms });
        self.since = Instant::now();
    }

    /// One that is paid, or taken to be.
    pub(super) fn push(&mut self, exchange: Exchange, reservation: Option<Reservation>) {
        if let Some(book) = &self.book {
            book.enter(&exchange, reservation);
        }
        self.exchanges.push(exchange);
    }

    /// A step with how many there were.
    pub fn counted(&mut self, step: &'static str, outcome: &'static str, reason: Option<&'static str>, count: u64) {
        self.step(step, outcome, reason);
        if let Some(step) = self.steps.last_mut() {
            step.count = Some(count);
        }
    }

    pub(super) fn book(&self) -> Option<&Book> {
        self.book.as_ref()
    }

    /// A request that is paid by the piece, and not by tokens: to a reranker, or to a knowledge base.
    pub fn bought(&mut self, of: &'static str, model: &str, price: Option<Money>, ms: f64, request_id: Option<String>) {
        let (model, usage) = (model.to_owned(), Usage::default());
        self.push(Exchange { of, model, usage, price, ms, request_id, estimated: false }, None);
    }

    /// Billed tokens so far.
    pub fn usage(&self) -> Usage {
        self.exchanges.iter().fold(Usage::default(), |mut sum, one| {
            sum += one.usage;
            sum
        })
    }

    /// Their price; `None` if that of one is unknown.
    pub fn price(&self) -> Option<Money> {
        self.exchanges.iter().map(|one| one.price).sum::<Option<Money>>()
    }

    /// How long an exchange may take that is expected to use so much; or why it must not be. What it is to cost is not
    /// known of a model without a price: then only time and tokens hold it.
    ///
    /// # Errors
    /// What is spent.
    pub fn allow(&self, limit: Duration, expected: &Usage, price: Option<Money>) -> Result<Duration, Spent> {
        let left = self.budget.time.checked_sub(self.began.elapsed()).filter(|left| *left > SHORTEST);
        let left = left.ok_or(Spent::Time)?;
        if let (Some(most), Some(next)) = (self.budget.money, price) {
            let mut sum: Money = self.exchanges.iter().filter_map(|one| one.price).sum();
            sum += next;
            if sum > most {
                return Err(Spent::Money);
            }
        }
        if let Some(most) = self.budget.tokens {
            let mut sum = self.usage();
            sum += *expected;
            if sum.input + sum.output + sum.cache_read + sum.cache_write + sum.cache_write_1h > most {
                return Err(Spent::Tokens);
            }
        }
        Ok(limit.min(left))
    }
}

/// Less than this is not worth asking for: it would be paid and thrown away.
const SHORTEST: Duration = Duration::from_millis(50);

impl Spent {
    pub fn code(self) -> &'static str {
        match self {
            Self::Time => "out_of_time",
            Self::Money => "over_budget",
            Self::Tokens => "over_token_budget",
            Self::CallerDay => "over_caller_budget",
            Self::Day => "over_day_budget",
            Self::Unpriced => "price_unknown",
            Self::Unheld => "budget_not_held",
        }
    }
}
