//! Whether a prediction is right, why not, and how near it came.
//!
//! [`judge`] knows four sets of rules ([`Mode`]). Each lays gold and prediction side by side as `Sides`: the
//! columns that count, whether rows are a list, a bag or a set, and how near two numbers have to be. Verdict, reason and
//! Soft-F1 all come from that one view, so they cannot disagree.
//!
//! Where a rule is another project's, it follows that project's code: test-suite-sql-eval's `exec_eval.py` (14784c3),
//! sql-eval's `eval/eval.py` (079e59c), and BIRD's `evaluation_ex.py` and `evaluation_f1.py` as others have copied them.
//! `tests/eval_peers.rs` compares verdicts. Where we differ on purpose, besides what `defog.rs` says:
//!
//! - true is not 1, which Python has it to be;
//! - timestamps with zones are instants, where those compare text;
//! - a decimal is its digits: 0.1 is the float 0.1, which for Python's `Decimal` it is not;
//! - an ordered result may swap rows whose sort keys are equal, where the gold says which those are;
//! - nothing depends on a random sample, a hash seed or the order in which equal columns are tried.

mod align;
mod bird;
mod compare;
mod contract;
mod defog;
pub mod order;
mod reason;
mod soft_f1;
mod spider;

pub use reason::{Code, Reason};

use super::table::Table;
use compare::{Sides, judge_sides};

/// By whose rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The project's own, by kind of answer: `contract.rs`.
    Contract(Kind),
    /// Execution accuracy: the sets of row tuples are equal. Order, multiplicity and names do not count.
    Bird,
    /// Test suites (Zhong, Yu and Klein 2020): the bags of rows are equal under some order of the columns.
    Spider,
    /// sql-eval: the gold's columns are among the prediction's, with the same rows: `defog.rs`.
    Defog,
}

/// What the question asks for, in contract mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Ids, in a column `id`: a set, or a list where order is asked.
    Events,
    /// One value.
    Scalar,
    /// (key, value)
    Groups,
    /// No answer at all.
    Abstain,
}

/// One acceptable result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gold {
    pub table: Table,
    /// For each row the number of its group of equal sort keys; groups are contiguous. `None`: all keys differ.
    pub ties: Option<Vec<u32>>,
}

/// What is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predicted {
    Table(Table),
    Abstained,
    Failed(Failure),
}

/// Why there is no result to judge. Wrong, and not the same as a wrong answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    TimedOut,
    Truncated,
    /// With the engine's words, which may be empty.
    Engine(String),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    pub right: bool,
    /// There is one exactly when `right` is false.
    pub reason: Option<Reason>,
    /// 0 to 1, and 1 exactly when `right`; see `soft_f1.rs`.
    pub soft_f1: f64,
}

/// The gold itself cannot be judged against; the fault is the suite's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadGold {
    #[error("there is no gold result")]
    Missing,
    #[error("a gold of kind events needs a column `id`; it has {0}")]
    NoId(String),
    #[error("a gold of kind scalar is one row with one value, or no row; it has {rows} rows of {columns} columns")]
    NotScalar { rows: usize, columns: usize },
    #[error("a gold of kind groups has two columns, key and value; it has {0}")]
    NotPairs(usize),
    #[error("`ties` has {ties} numbers for {rows} rows")]
    TiesLength { ties: usize, rows: usize },
    #[error("`ties` has group {0} in two places; the rows of a group stand together")]
    TiesSplit(u32),
}

/// Judges `predicted` against the golds: right if it is so by any of them, else the verdict of the nearest one (highest
/// Soft-F1, the earlier of equals). `ordered`: the order of the rows counts, in the modes that look at it.
///
/// # Errors
/// [`BadGold`]; of kind `abstain` there need not be a gold.
pub fn judge(mode: Mode, ordered: bool, golds: &[Gold], predicted: &Predicted) -> Result<Verdict, BadGold> {
    if mode != Mode::Contract(Kind::Abstain) {
        if golds.is_empty() {
            return Err(BadGold::Missing);
        }
        golds.iter().try_for_each(|gold| check(mode, gold))?;
    }
    let predicted = match (predicted, mode) {
        (Predicted::Abstained, Mode::Contract(Kind::Abstain)) => return Ok(Verdict::right()),
        (Predicted::Abstained, _) => return Ok(Verdict::wrong(Reason::abstained(), 0.0)),
        (Predicted::Failed(failure), _) => return Ok(Verdict::wrong(Reason::failed(failure), 0.0)),
        (Predicted::Table(table), Mode::Contract(Kind::Abstain)) => {
            return Ok(Verdict::wrong(Reason::not_abstained(table.rows.len()), 0.0));
        }
        (Predicted::Table(table), _) => table,
    };
    let mut nearest: Option<Verdict> = None;
    for gold in golds {
        let verdict = against(mode, ordered, gold, predicted);
        if verdict.right {
            return Ok(verdict);
        }
        if nearest.as_ref().is_none_or(|nearest| verdict.soft_f1 > nearest.soft_f1) {
            nearest = Some(verdict);
        }
    }
    nearest.ok_or(BadGold::Missing)
}

fn against(mode: Mode, ordered: bool, gold: &Gold, predicted: &Table) -> Verdict {
    match mode {
        Mode::Contract(kind) => contract::judge(kind, ordered, gold, predicted),
        Mode::Bird => bird::judge(&gold.table, predicted),
        Mode::Spider => spider::judge(ordered, gold, predicted),
        Mode::Defog => defog::judge(ordered, gold, predicted),
    }
}

fn check(mode: Mode, Gold { table, ties }: &Gold) -> Result<(), BadGold> {
    match mode {
        Mode::Contract(Kind::Events) if table.column("id").is_none() => {
            return Err(BadGold::NoId(reason::names(&table.columns)));
        }
        Mode::Contract(Kind::Scalar) if table.width() != 1 || table.rows.len() > 1 => {
            return Err(BadGold::NotScalar { rows: table.rows.len(), columns: table.width() });
        }
        Mode::Contract(Kind::Groups) if table.width() != 2 => return Err(BadGold::NotPairs(table.width())),
        _ => {}
    }
    let Some(ties) = ties else { return Ok(()) };
    if ties.len() != table.rows.len() {
        return Err(BadGold::TiesLength { ties: ties.len(), rows: table.rows.len() });
    }
    let mut seen = std::collections::HashSet::new();
    for group in ties.chunk_by(|a, b| a == b) {
        if !seen.insert(group[0]) {
            return Err(BadGold::TiesSplit(group[0]));
        }
    }
    Ok(())
}

impl Verdict {
    fn right() -> Self {
        Self { right: true, reason: None, soft_f1: 1.0 }
    }

    fn wrong(reason: Reason, soft_f1: f64) -> Self {
        Self { right: false, reason: Some(reason), soft_f1 }
    }
}
