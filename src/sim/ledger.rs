//! What was asked of the stand-in, in order; which rule each request meets; what it would have cost.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use serde::Serialize;
use serde_json::Value as Json;

use super::{
    operation::{Operation, Route},
    request::Asked,
    script::{Billed, Rule, Script, Wait},
    signature::Signed,
    tokens::Kept,
};
use crate::model::Usage;

/// One request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recorded {
    pub operation: Option<Operation>,
    /// Of Retrieve: the knowledge base.
    pub model: String,
    /// As on the wire.
    pub path: String,
    /// `sigv4`, `bearer` or `none`.
    pub signed: &'static str,
    /// The SDK's count of its attempts: `attempt=1; max=3`.
    pub attempt: Option<String>,
    /// Null where it is not JSON.
    pub body: Json,
    /// `reply`, the code of an error, `raw` and its status, or the fault.
    pub outcome: String,
    /// What the service would bill; nothing where it refuses.
    pub usage: Option<Usage>,
}

pub struct Ledger(Mutex<Pages>);

struct Pages {
    requests: Vec<Recorded>,
    /// Since the start, cleared or not: ids are not given twice.
    entered: u64,
    /// For each rule, how many requests fitted it.
    met: Vec<u64>,
    random: ChaCha8Rng,
    kept: Kept,
}

/// The rule a request meets.
pub(super) struct Chosen<'a> {
    pub(super) rule: &'a Rule,
    /// Of the requests that fitted the rule, from 1.
    pub(super) nth: u64,
    pub(super) wait_ms: u64,
}

impl Ledger {
    pub(super) fn new(script: &Script) -> Self {
        Self(Mutex::new(Pages {
            requests: Vec::new(),
            entered: 0,
            met: vec![0; script.rules.len()],
            random: ChaCha8Rng::seed_from_u64(script.seed),
            kept: Kept::default(),
        }))
    }

    /// All requests since the start, or since they were last cleared.
    pub fn requests(&self) -> Vec<Recorded> {
        self.pages().requests.clone()
    }

    /// The sum of what was billed.
    pub fn paid(&self) -> Usage {
        let mut sum = Usage::default();
        self.pages().requests.iter().filter_map(|request| request.usage).for_each(|usage| sum += usage);
        sum
    }

    /// Forgets the requests; the counts of the rules go on.
    pub fn clear(&self) {
        self.pages().requests.clear();
    }

    /// Its number, from 1.
    pub(super) fn enter(&self, recorded: Recorded) -> u64 {
        let mut pages = self.pages();
        pages.requests.push(recorded);
        pages.entered += 1;
        pages.entered
    }

    /// The first rule that fits.
    pub(super) fn choose<'a>(&self, rules: &'a [Rule], asked: &Asked) -> Option<Chosen<'a>> {
        let mut pages = self.pages();
        let Pages { met, random, .. } = &mut *pages;
        let (rule, nth) = rules.iter().zip(met).find_map(|(rule, met)| {
            let when = &rule.when;
            let fits = when.operation.is_none_or(|operation| operation == asked.operation)
                && when.model.as_ref().is_none_or(|model| *model == asked.model)
                && when.text.as_ref().is_none_or(|text| text.0.is_match(&asked.text))
                && when.tool.as_ref().is_none_or(|tool| asked.forced_tool() == Some(tool));
            if !fits {
                return None;
            }
            *met += 1;
            let now = when.nth.is_empty() || when.nth.contains(met);
            let lucky = now && when.chance.is_none_or(|chance| share(random) < chance);
            lucky.then_some((rule, *met))
        })?;
        let wait_ms = match rule.wait_ms {
            Wait::Fixed(ms) => ms,
            Wait::Between([from, to]) => from + pages.random.next_u64() % (to - from + 1),
        };
        Some(Chosen { rule, nth, wait_ms })
    }

    pub(super) fn bill(&self, asked: &Asked, output: &str, says: Option<&Billed>, script: &Script) -> Usage {
        let counted = Billed::default();
        self.pages().kept.bill(asked, output, says.unwrap_or(&counted), script.cache_min_tokens)
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recorded {
    pub(super) fn new(request: &Signed<'_>, route: Option<&Route>) -> Self {
        let authorization = (request.header)("authorization");
        Self {
            operation: route.map(|route| route.operation),
            model: route.map(|route| route.name.clone()).unwrap_or_default(),
            path: request.path.to_owned(),
            signed: match authorization.as_deref() {
                Some(given) if given.starts_with("Bearer ") => "bearer",
                Some(_) => "sigv4",
                None => "none",
            },
            attempt: (request.header)("amz-sdk-request"),
            body: serde_json::from_slice(request.body).unwrap_or(Json::Null),
            outcome: String::new(),
            usage: None,
        }
    }
}

/// 0 to 1, without 1.
fn share(random: &mut ChaCha8Rng) -> f64 {
    f64::from(random.next_u32()) / (f64::from(u32::MAX) + 1.0)
}
