//! Why a verdict is wrong: a stable code, and words with figures.

use std::collections::BTreeSet;

use super::{
    Failure,
    compare::{Row, Sides, unmatched},
};
use crate::eval::{cell::Cell, table::Table};

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Reason {
    pub code: Code,
    /// For people; may change.
    pub message: String,
}

/// Never renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Rows of the gold are not there (and fewer are wrong than missing).
    MissingRows,
    /// Rows are there that the gold does not have.
    ExtraRows,
    /// The same different rows, another number of times.
    Multiplicity,
    /// The same rows in an order that the gold does not allow.
    Order,
    /// The same values in another type, such as "3" for 3.
    Type,
    /// As many rows, with other values.
    Values,
    /// Too many, too few or other columns than are asked for.
    Columns,
    /// The result was cut off.
    Truncated,
    TimedOut,
    EngineError,
    /// No answer was given where there is one.
    Abstained,
    /// An answer was given where there is none.
    NotAbstained,
}

impl Code {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::MissingRows => "missing_rows",
            Self::ExtraRows => "extra_rows",
            Self::Multiplicity => "multiplicity",
            Self::Order => "order",
            Self::Type => "type",
            Self::Values => "values",
            Self::Columns => "columns",
            Self::Truncated => "truncated",
            Self::TimedOut => "timed_out",
            Self::EngineError => "engine_error",
            Self::Abstained => "abstained",
            Self::NotAbstained => "not_abstained",
        }
    }
}

impl Reason {
    pub(super) fn abstained() -> Self {
        Self::new(Code::Abstained, "abstained, and there is an answer".to_owned())
    }

    pub(super) fn not_abstained(rows: usize) -> Self {
        Self::new(Code::NotAbstained, format!("answered with {}, and was to abstain", counted(rows, "row")))
    }

    pub(super) fn failed(failure: &Failure) -> Self {
        match failure {
            Failure::TimedOut => Self::new(Code::TimedOut, "ran longer than it may".to_owned()),
            Failure::Truncated => Self::new(Code::Truncated, "the result was cut off at the row limit".to_owned()),
            Failure::Engine(words) if words.is_empty() => {
                Self::new(Code::EngineError, "the statement failed".to_owned())
            }
            Failure::Engine(words) => Self::new(Code::EngineError, format!("the statement failed: {words}")),
        }
    }

    pub(super) fn of_columns(gold: &Table, predicted: &Table, why: &str) -> Self {
        let why = if why.is_empty() { String::new() } else { format!("; {why}") };
        let told = format!(
            "{} predicted ({}), {} in the gold ({}){why}",
            counted(predicted.width(), "column"),
            names(&predicted.columns),
            gold.width(),
            names(&gold.columns),
        );
        Self::new(Code::Columns, told)
    }

    pub(super) fn of_order(sides: &Sides<'_>, at: usize) -> Self {
        let told = format!(
            "all {} are there; row {} is {}, which the gold has elsewhere ({} stands there)",
            counted(sides.gold.len(), "row"),
            at + 1,
            shown(&sides.predicted[at]),
            shown(&sides.gold[at]),
        );
        Self::new(Code::Order, told)
    }

    /// `missing` and `extra`: the places of rows without a partner; not both empty.
    pub(super) fn of_rows(sides: &Sides<'_>, missing: &[usize], extra: &[usize]) -> Self {
        if let Some(told) = multiplicity(sides, missing, extra) {
            return Self::new(Code::Multiplicity, told);
        }
        let first =
            |rows: &[Row<'_>], places: &[usize]| places.first().map_or_else(String::new, |at| shown(&rows[*at]));
        let missed = || {
            format!(
                "{} of {} missing, first {}",
                missing.len(),
                counted(sides.gold.len(), "row"),
                first(&sides.gold, missing)
            )
        };
        let added = || {
            let all = counted(sides.predicted.len(), "predicted row");
            format!("{} of {all} not in the gold, first {}", extra.len(), first(&sides.predicted, extra))
        };
        if extra.is_empty() {
            return Self::new(Code::MissingRows, missed());
        }
        if missing.is_empty() {
            return Self::new(Code::ExtraRows, added());
        }
        match missing.len().cmp(&extra.len()) {
            std::cmp::Ordering::Greater => Self::new(Code::MissingRows, format!("{}; {}", missed(), added())),
            std::cmp::Ordering::Less => Self::new(Code::ExtraRows, format!("{}; {}", added(), missed())),
            std::cmp::Ordering::Equal => Self::of_values(sides, missing, extra),
        }
    }

    /// As many rows without a partner on both sides: the first of them in the gold beside the one that is most like it.
    fn of_values(sides: &Sides<'_>, missing: &[usize], extra: &[usize]) -> Self {
        let at = missing[0];
        let gold = &sides.gold[at];
        let agreeing =
            |row: &Row<'_>, of: fn(&Cell, &Cell) -> bool| row.iter().zip(gold).filter(|(a, b)| of(a, b)).count();
        let like = |place: &&usize| {
            let row = &sides.predicted[**place];
            (agreeing(row, |a, b| a == b || a.is_retyped(b)), agreeing(row, |a, b| a == b))
        };
        let nearest = extra.iter().rev().max_by_key(like).map_or(gold, |place| &sides.predicted[*place]);
        let differing: Vec<usize> = (0..gold.len())
            .filter(|of| nearest.get(*of).is_some_and(|cell| !sides.near[*of].same(cell, gold[*of])))
            .collect();
        let Some(first) = differing.first().copied() else {
            return Self::new(Code::Values, format!("{} differ", counted(missing.len(), "row")));
        };
        let retyped = differing.iter().all(|of| nearest[*of].is_retyped(gold[*of]));
        let types = |cell: &Cell| if retyped { format!(" ({})", cell.type_name()) } else { String::new() };
        let told = format!(
            "{} of {} differ, first row {} in column `{}`: {}{} in the gold, {}{} predicted",
            missing.len(),
            counted(sides.gold.len(), "row"),
            at + 1,
            sides.columns.get(first).copied().unwrap_or_default(),
            gold[first],
            types(gold[first]),
            nearest[first],
            types(nearest[first]),
        );
        Self::new(if retyped { Code::Type } else { Code::Values }, told)
    }

    fn new(code: Code, message: String) -> Self {
        Self { code, message }
    }
}

/// The words, if the rows without a partner all stand on the other side too.
fn multiplicity(sides: &Sides<'_>, missing: &[usize], extra: &[usize]) -> Option<String> {
    let known = |of: &[Row<'_>], places: &[usize], others: &[Row<'_>]| {
        let different: BTreeSet<&Row<'_>> = places.iter().map(|at| &of[*at]).collect();
        let different: Vec<Row<'_>> = different.into_iter().cloned().collect();
        unmatched(&different, others, &sides.near).0.is_empty()
    };
    let row = match (missing.first(), extra.first()) {
        (Some(at), _) => &sides.gold[*at],
        (None, Some(at)) => &sides.predicted[*at],
        (None, None) => return None,
    };
    let count = |rows: &[Row<'_>]| {
        let same = |other: &&Row<'_>| sides.near.iter().zip(row).zip(*other).all(|((near, a), b)| near.same(a, b));
        rows.iter().filter(same).count()
    };
    let all = known(&sides.gold, missing, &sides.predicted) && known(&sides.predicted, extra, &sides.gold);
    all.then(|| {
        let (gold, predicted) = (count(&sides.gold), count(&sides.predicted));
        format!("{} stands {} in the gold, {} in the prediction", shown(row), times(gold), times(predicted))
    })
}

/// Column names in a row, at most ten.
pub(super) fn names(columns: &[String]) -> String {
    match columns {
        [] => "none".to_owned(),
        [first @ .., _] if first.len() >= 10 => format!("{}, …", columns[..10].join(", ")),
        _ => columns.join(", "),
    }
}

fn shown(row: &Row<'_>) -> String {
    let mut cells: Vec<String> = row.iter().take(8).map(ToString::to_string).collect();
    if row.len() > cells.len() {
        cells.push("…".to_owned());
    }
    format!("({})", cells.join(", "))
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}
