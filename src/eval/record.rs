//! What a run leaves behind: one [`CaseRecord`] a line in `cases.jsonl`, and a [`Summary`] in `summary.json`.
//!
//! Times are milliseconds, money is whole micro-dollars, shares are 0 to 1. A figure that does not exist (no case it
//! could be taken from) is null, never 0.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::case::AskedKind;
use crate::question::Lang;

/// Raised whenever a field changes its meaning or goes.
pub const SCHEMA: u32 = 1;

/// What happened to one case, asked once of one strategy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRecord {
    pub suite: String,
    pub case: String,
    pub strategy: String,
    /// From 0; more than one with `--repeat`.
    pub repeat: u32,
    pub prompt: String,
    pub lang: Lang,
    pub video_id: i64,
    pub kind: AskedKind,
    pub tags: Vec<String>,
    /// 1 to 5; 0 where the suite does not say.
    pub difficulty: u8,
    pub pair: Option<String>,
    pub verdict: Verdict,
    /// Why it is not right: a code and words.
    pub reason: Option<Why>,
    /// Whether the engine gave an answer (events, a value or groups, or "there are none"), right or not.
    pub answered: bool,
    /// How near the rows came: 1.0 exactly when right. Null where there is no gold result.
    pub soft_f1: Option<f64>,
    /// For `semantic`: how the relevant events were ranked.
    pub retrieval: Option<Retrieval>,
    /// Changed copies of the data on which gold and prediction differ, though they agree on the data: right by luck.
    pub lucky: Vec<String>,
    /// The code and words of what the engine abstained or failed with.
    pub said_no: Option<Why>,
    /// The rung that decided.
    pub rung: Option<String>,
    /// The reply, as the asker got it.
    pub reply: String,
    /// Numbers and times of the reply that nothing in the evidence accounts for; null where nothing was answered.
    pub ungrounded: Option<Vec<String>>,
    pub gold_sql: Option<String>,
    /// What ran, its values readable.
    pub sql: Option<String>,
    pub sql_fate: SqlFate,
    pub gold: Option<Excerpt>,
    pub predicted: Option<Excerpt>,
    /// Milliseconds from asking to the reply.
    pub ms: f64,
    pub steps: Vec<StepRecord>,
    pub usage: UsageRecord,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Right,
    /// Answered, and not as the gold says; or answered though it must not be.
    Wrong,
    /// Not answered, though the data holds the answer.
    Abstained,
    /// The engine could not look. Not a wrong answer.
    Error,
    /// No rung of the strategy can answer this kind. Not a zero.
    NotApplicable,
    /// `semantic` that was answered: see `retrieval`.
    Graded,
}

/// A stable code, and words with figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    pub code: String,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retrieval {
    pub recall_at_5: f64,
    pub recall_at_10: f64,
    pub mrr: f64,
    pub ndcg_at_10: f64,
}

/// What became of the statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SqlFate {
    /// There was none.
    None,
    Ran,
    /// The guard refused it.
    Refused,
    /// It ran after a model had repaired it.
    Repaired,
    /// The database did not run it to its end.
    Failed,
}

/// The first rows of a result, for people: cells as text, null for NULL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excerpt {
    pub columns: Vec<String>,
    /// At most [`EXCERPT`].
    pub rows: Vec<Vec<Option<String>>>,
    /// All of them.
    pub total: usize,
}

pub const EXCERPT: usize = 20;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRecord {
    pub step: String,
    pub outcome: String,
    pub reason: Option<String>,
    pub ms: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsageRecord {
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cache_read_tokens: u64,
    pub cache_write_tokens: u64,
    /// Null where a price is not known.
    pub cost_micro_usd: Option<u64>,
}

/// A run, in figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    pub schema: u32,
    pub header: Header,
    /// One for each strategy, over all cases.
    pub strategies: Vec<Slice>,
    /// By suite, kind, language, tag and difficulty, for each strategy.
    pub slices: Vec<Slice>,
    /// Korean beside English, over the cases that ask the same.
    pub parity: Vec<Parity>,
}

/// What was run, so that every figure can be traced and two runs can be told apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// RFC 3339.
    pub started_at: String,
    pub crate_version: String,
    /// Suite name to the hash of its file.
    pub suites: BTreeMap<String, String>,
    /// Of the rows of the videos that were asked about.
    pub data_hash: String,
    /// Strategy name to the hash of what it says.
    pub strategies: BTreeMap<String, String>,
    pub lexicon_hash: String,
    /// Prompt file to its hash.
    pub prompts: BTreeMap<String, String>,
    pub models: Vec<String>,
    pub repeat: u32,
    /// Changed copies of the data per case; 0 without `--mutate`.
    pub mutants: u32,
    /// Cases that were asked, before repeats and strategies.
    pub cases: usize,
    /// Whether it was stopped before all cases were asked.
    pub stopped: Option<String>,
}

/// Figures over some of the cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slice {
    pub strategy: String,
    /// `all`, `suite`, `kind`, `lang`, `tag`, `difficulty`, `rung`.
    pub by: String,
    pub key: String,
    pub figures: Figures,
}

/// Counts and what follows from them. `accuracy` is over what could be judged: right ÷ (right + wrong + abstained).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    pub cases: usize,
    pub right: usize,
    pub wrong: usize,
    pub abstained: usize,
    pub errors: usize,
    pub not_applicable: usize,
    pub graded: usize,
    /// Right, but not on every changed copy of the data.
    pub lucky: usize,
    pub accuracy: Option<Share>,
    /// Answered ÷ those that have an answer.
    pub coverage: Option<Share>,
    /// Right ÷ answered.
    pub precision: Option<Share>,
    /// Of the cases abstained from, those that had to be.
    pub abstention_precision: Option<Share>,
    /// Of the cases that must be abstained from, those that were.
    pub abstention_recall: Option<Share>,
    pub soft_f1: Option<f64>,
    pub sql_ran: usize,
    pub sql_refused: usize,
    pub sql_repaired: usize,
    pub sql_failed: usize,
    pub retrieval: Option<Retrieval>,
    /// Answers in which every number stands in the evidence ÷ answers.
    pub grounded: Option<Share>,
    /// Milliseconds by stage; `total` is the whole.
    pub latency_ms: BTreeMap<String, Quantiles>,
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cache_read_tokens: u64,
    pub cache_write_tokens: u64,
    pub cost_micro_usd: Option<u64>,
    pub cost_per_prompt_micro_usd: Option<f64>,
    pub cost_per_right_micro_usd: Option<f64>,
    /// Price of the rung taken against the cheapest that was right, in total, over cases asked of several strategies.
    pub route_regret_micro_usd: Option<f64>,
}

/// A share with its 95% Wilson interval, which is that of its cases however often each was asked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    pub of: usize,
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantiles {
    pub p50: f64,
    pub p90: f64,
    pub p95: f64,
    pub p99: f64,
}

/// Korean beside English on paired cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parity {
    pub strategy: String,
    pub pairs: usize,
    pub both_right: usize,
    pub only_korean: usize,
    pub only_english: usize,
    pub neither: usize,
    /// Exact McNemar, two-sided; null without pairs that differ.
    pub p: Option<f64>,
}

impl Excerpt {
    /// How a cell is shown.
    pub fn cell(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).and_then(Option::as_deref).unwrap_or("NULL")
    }
}
