//! Gold and prediction side by side, and whether they are equal.

use std::collections::{BTreeMap, HashSet};

use super::{
    Gold, Reason, Verdict,
    soft_f1::{self, Cells},
};
use crate::eval::{
    cell::Cell,
    number::{Number, NumberKind},
    table::Table,
};

pub(super) type Row<'a> = Vec<&'a Cell>;

/// What is compared, after columns were chosen and put in order: rows of both sides are cell by cell about the same.
#[derive(Debug, Clone)]
pub(super) struct Sides<'a> {
    /// The gold's names.
    pub(super) columns: Vec<&'a str>,
    pub(super) gold: Vec<Row<'a>>,
    pub(super) predicted: Vec<Row<'a>>,
    pub(super) rows: Rows,
    /// For each column.
    pub(super) near: Vec<Near>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rows {
    /// Order and multiplicity do not count.
    Set,
    /// Multiplicity counts.
    Bag,
    /// Both count; the rows of one group of ties (a number for each gold row) may stand in any order.
    List(Option<Vec<u32>>),
}

impl Rows {
    /// A list if order is asked, else `unordered`.
    pub(super) fn of(ordered: bool, gold: &Gold, unordered: Self) -> Self {
        if ordered { Self::List(gold.ties.clone()) } else { unordered }
    }
}

/// How far apart two numbers may be: |a - b| ≤ max(relative × max(|a|, |b|), absolute), as Python's `math.isclose`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Near {
    pub(super) relative: f64,
    pub(super) absolute: f64,
    /// Whether two integers may differ too.
    pub(super) integers: bool,
}

impl Near {
    pub(super) const EXACT: Self = Self { relative: 0.0, absolute: 0.0, integers: false };

    pub(super) fn same(self, a: &Cell, b: &Cell) -> bool {
        match (a, b) {
            (Cell::Number(a), Cell::Number(b)) => a == b || (self != Self::EXACT && self.close(a, b)),
            _ => a == b,
        }
    }

    fn close(self, a: &Number, b: &Number) -> bool {
        let whole = a.kind() == NumberKind::Integer && b.kind() == NumberKind::Integer;
        let (a, b) = (a.to_f64(), b.to_f64());
        if !a.is_finite() || !b.is_finite() || (whole && !self.integers) {
            return false;
        }
        (a - b).abs() <= (self.relative * a.abs().max(b.abs())).max(self.absolute)
    }
}

impl<'a> Sides<'a> {
    /// All columns in their places, rows as a bag, numbers exact.
    pub(super) fn plain(gold: &'a Table, predicted: &'a Table) -> Self {
        let places: Vec<usize> = (0..gold.width()).collect();
        let mut sides = Self::of_columns(gold, &places, predicted, &[]);
        sides.predicted = predicted.rows.iter().map(|row| row.iter().collect()).collect();
        sides
    }

    /// The columns at `of_gold` beside those at `of_predicted`.
    pub(super) fn of_columns(gold: &'a Table, of_gold: &[usize], predicted: &'a Table, of_predicted: &[usize]) -> Self {
        let pick = |table: &'a Table, places: &[usize]| -> Vec<Row<'a>> {
            table.rows.iter().map(|row| places.iter().map(|at| &row[*at]).collect()).collect()
        };
        Self {
            columns: of_gold.iter().map(|at| gold.columns[*at].as_str()).collect(),
            gold: pick(gold, of_gold),
            predicted: pick(predicted, of_predicted),
            rows: Rows::Bag,
            near: vec![Near::EXACT; of_gold.len()],
        }
    }

    pub(super) fn with(self, rows: Rows, near: Near) -> Self {
        let near = vec![near; self.columns.len()];
        Self { rows, near, ..self }
    }

    pub(super) fn equal(&self) -> bool {
        let sides = self.deduplicated();
        let (missing, extra) = unmatched(&sides.gold, &sides.predicted, &sides.near);
        missing.is_empty() && extra.is_empty() && sides.disorder().is_none()
    }

    /// A set as the bag of its different rows.
    fn deduplicated(&self) -> Self {
        let mut sides = self.clone();
        if sides.rows == Rows::Set {
            for rows in [&mut sides.gold, &mut sides.predicted] {
                let mut seen = HashSet::new();
                rows.retain(|row| seen.insert(row.clone()));
            }
        }
        sides
    }

    /// Where the first row stands, from 0, that its group of ties does not allow there. The rows are known to be the
    /// same bag.
    fn disorder(&self) -> Option<usize> {
        let Rows::List(ties) = &self.rows else { return None };
        let strict: Vec<u32>;
        let ties = match ties {
            Some(ties) => ties,
            None => {
                strict = (0..).take(self.gold.len()).collect();
                &strict
            }
        };
        let mut begin = 0;
        for group in ties.chunk_by(|a, b| a == b) {
            let end = begin + group.len();
            let (_, extra) = unmatched(&self.gold[begin..end], &self.predicted[begin..end], &self.near);
            if let Some(first) = extra.first() {
                return Some(begin + first);
            }
            begin = end;
        }
        None
    }
}

/// The verdict on sides that are as wide as each other.
pub(super) fn judge_sides(sides: &Sides<'_>, cells: Cells) -> Verdict {
    let sides = sides.deduplicated();
    let (missing, extra) = unmatched(&sides.gold, &sides.predicted, &sides.near);
    let reason = if !missing.is_empty() || !extra.is_empty() {
        Reason::of_rows(&sides, &missing, &extra)
    } else if let Some(at) = sides.disorder() {
        Reason::of_order(&sides, at)
    } else {
        return Verdict::right();
    };
    Verdict::wrong(reason, soft_f1::of_wrong(&sides.gold, &sides.predicted, &sides.near, cells))
}

/// The verdict where the columns alone make it wrong. `why` may add to the counts.
pub(super) fn wrong_columns(gold: &Table, predicted: &Table, rows: Rows, why: &str) -> Verdict {
    let sides = Sides { rows, ..Sides::plain(gold, predicted) }.deduplicated();
    let score = soft_f1::of_wrong(&sides.gold, &sides.predicted, &sides.near, Cells::AnyPlace);
    Verdict::wrong(Reason::of_columns(gold, predicted, why), score)
}

/// The rows of each side that have no partner on the other, by place, in ascending order. Each row has one partner at
/// most. Rows are partners if their exact cells are equal and their near numbers near; where one column of a row is
/// near, no other choice of partners would leave fewer.
pub(super) fn unmatched(gold: &[Row<'_>], predicted: &[Row<'_>], near: &[Near]) -> (Vec<usize>, Vec<usize>) {
    type Bucket = [Vec<usize>; 2];
    let mut buckets: BTreeMap<Vec<Option<&Cell>>, Bucket> = BTreeMap::new();
    for (side, rows) in [gold, predicted].into_iter().enumerate() {
        for (at, row) in rows.iter().enumerate() {
            // Beyond the columns of the gold every cell is exact.
            let near = near.iter().copied().chain(std::iter::repeat(Near::EXACT));
            let exact = row.iter().zip(near).map(|(cell, near)| {
                let loose = near != Near::EXACT && matches!(cell, Cell::Number(_));
                (!loose).then_some(*cell)
            });
            buckets.entry(exact.collect()).or_default()[side].push(at);
        }
    }
    let (mut missing, mut extra) = (Vec::new(), Vec::new());
    for [mut golds, mut others] in buckets.into_values() {
        golds.sort_by(|a, b| gold[*a].cmp(&gold[*b]));
        others.sort_by(|a, b| predicted[*a].cmp(&predicted[*b]));
        let (mut i, mut j) = (0, 0);
        while let (Some(g), Some(p)) = (golds.get(i), others.get(j)) {
            let same = gold[*g].iter().zip(&predicted[*p]).zip(near).all(|((a, b), near)| near.same(a, b));
            if same {
                (i, j) = (i + 1, j + 1);
            } else if gold[*g] < predicted[*p] {
                missing.push(*g);
                i += 1;
            } else {
                extra.push(*p);
                j += 1;
            }
        }
        missing.extend(&golds[i..]);
        extra.extend(&others[j..]);
    }
    missing.sort_unstable();
    extra.sort_unstable();
    (missing, extra)
}
