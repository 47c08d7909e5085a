//! What happened on the way to a reply: its steps, every exchange with a model, and what may still be spent.

use std::time::{Duration, Instant};

use crate::{
    cost::{Models, Money, Usage},
    model::Completion,
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
#[derive(Debug)]
pub struct Trace {
    pub steps: Vec<Step>,
    pub exchanges: Vec<Exchange>,
    budget: Budget,
    began: Instant,
    since: Instant,
}

/// Why there is no next exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    Time,
    Money,
    Tokens,
}

impl Trace {
    pub fn start(budget: Budget) -> Self {
        let now = Instant::now();
        Self { steps: Vec::with_capacity(6), exchanges: Vec::new(), budget, began: now, since: now }
    }

    /// The time since the last step is this one's.
    pub fn step(&mut self, step: &'static str, outcome: &'static str, reason: Option<&'static str>) {
        let ms = (self.since.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        self.steps.push(Step { step, outcome, reason, count: None, ms });
        self.since = Instant::now();
    }

    /// A step with how many there were.
    pub fn counted(&mut self, step: &'static str, outcome: &'static str, reason: Option<&'static str>, count: u64) {
        self.step(step, outcome, reason);
        if let Some(step) = self.steps.last_mut() {
            step.count = Some(count);
        }
    }

    /// A request to a knowledge base.
    pub fn retrieved(
        &mut self,
        of: &'static str,
        base: &str,
        price: Option<Money>,
        ms: f64,
        request_id: Option<String>,
    ) {
        let (model, usage) = (base.to_owned(), Usage::default());
        self.exchanges.push(Exchange { of, model, usage, price, ms, request_id, estimated: false });
    }

    pub fn paid(&mut self, of: &'static str, model: &str, completion: &Completion, models: &Models) {
        let price = models.get(model).and_then(|known| known.price(&completion.usage));
        self.exchanges.push(Exchange {
            of,
            model: model.to_owned(),
            usage: completion.usage,
            price,
            ms: completion.ms,
            request_id: completion.request_id.clone(),
            estimated: false,
        });
    }

    /// A request whose reply did not come to its end: what it used is not told, and is billed all the same.
    pub fn assumed(&mut self, of: &'static str, model: &str, usage: Usage, ms: f64, models: &Models) {
        let price = models.get(model).and_then(|known| known.price(&usage));
        let model = model.to_owned();
        self.exchanges.push(Exchange { of, model, usage, price, ms, request_id: None, estimated: true });
    }

    /// A request that is paid by the piece, and not by tokens.
    pub fn bought(&mut self, of: &'static str, model: &str, price: Option<Money>, ms: f64, request_id: Option<String>) {
        let (model, usage) = (model.to_owned(), Usage::default());
        self.exchanges.push(Exchange { of, model, usage, price, ms, request_id, estimated: false });
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
        }
    }
}
