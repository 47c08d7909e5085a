//! Which column of a prediction is which column of the gold, where the rules do not go by place.

use std::collections::{BTreeMap, HashSet};

use pathfinding::{kuhn_munkres::kuhn_munkres, matrix::Matrix};

use super::compare::{Near, Rows, Sides};
use crate::eval::{cell::Cell, table::Table};

/// For each gold column a column of the prediction, each used once.
pub(super) type Columns = Vec<usize>;

/// How many cells may be looked at in search of an order of the columns, besides ten times what a search without a
/// wrong turn takes. Columns are told apart by their values long before that; it takes a table made so that many of them
/// look alike. What is not found by then is taken for wrong.
const LOOKS: usize = 5_000_000;

/// Finds columns under which the sides are equal by `rows` and `near`, and `accept` agrees. All orders are tried that
/// could be, columns that are alike once only; the answer does not depend on the order of equal choices.
pub(super) fn find(
    gold: &Table,
    predicted: &Table,
    rows: &Rows,
    near: Near,
    accept: impl Fn(&Columns) -> bool,
) -> Option<Columns> {
    if gold.rows.len() != predicted.rows.len() || gold.width() > predicted.width() {
        return None;
    }
    let candidates: Vec<Vec<usize>> = (0..gold.width())
        .map(|of| (0..predicted.width()).filter(|at| equal(gold, &[of], predicted, &[*at], rows, near)).collect())
        .collect();
    if !all_can_be_placed(&candidates, predicted.width()) {
        return None;
    }
    let mut order: Vec<usize> = (0..gold.width()).collect();
    order.sort_by_key(|of| candidates[*of].len());
    let straight = gold.rows.len().saturating_mul(gold.width() * gold.width());
    let looks = straight.saturating_mul(10).saturating_add(LOOKS);
    Search { gold, predicted, rows, near, candidates, order, looks }.run(&accept)
}

/// The likeliest columns of a prediction that is wrong, to say what is: by name if all names are there once, else those
/// with the most values in common. At least as many columns are predicted as the gold has.
pub(super) fn likeliest(gold: &Table, predicted: &Table) -> Columns {
    let different: HashSet<&String> = gold.columns.iter().collect();
    let by_name: Option<Columns> = gold.columns.iter().map(|name| predicted.column(name)).collect();
    if let Some(columns) = by_name.filter(|_| different.len() == gold.width()) {
        return columns;
    }
    let in_place: Columns = (0..gold.width()).collect();
    let (wide, rows) = (gold.width() * predicted.width(), gold.rows.len() + predicted.rows.len());
    if wide == 0 || wide.saturating_mul(rows.max(gold.width())) > 10 * LOOKS {
        return in_place;
    }
    let count = |table: &'_ Table, of: usize| {
        let mut counts: BTreeMap<Cell, i64> = BTreeMap::new();
        for row in &table.rows {
            *counts.entry(row[of].clone()).or_default() += 1;
        }
        counts
    };
    let golds: Vec<_> = in_place.iter().map(|of| count(gold, *of)).collect();
    let others: Vec<_> = (0..predicted.width()).map(|of| count(predicted, of)).collect();
    let weight = |(of, at): (usize, usize)| {
        let common = golds[of].iter().map(|(cell, times)| others[at].get(cell).map_or(0, |other| *other.min(times)));
        // Of equal choices the one that leaves a column in its place.
        let rank = i64::try_from(gold.width() + 1).unwrap_or(i64::MAX);
        common.sum::<i64>().saturating_mul(rank) + i64::from(of == at)
    };
    kuhn_munkres(&Matrix::from_fn(gold.width(), predicted.width(), weight)).1
}

/// Whether there is a different column for each, if rows are not looked at.
fn all_can_be_placed(candidates: &[Vec<usize>], width: usize) -> bool {
    if candidates.is_empty() || candidates.len() > 300 {
        return true;
    }
    let fits = Matrix::from_fn(candidates.len(), width, |(of, at)| i64::from(candidates[of].contains(&at)));
    usize::try_from(kuhn_munkres(&fits).0) == Ok(candidates.len())
}

struct Search<'a> {
    gold: &'a Table,
    predicted: &'a Table,
    rows: &'a Rows,
    near: Near,
    /// For each gold column the predicted ones with the same values.
    candidates: Vec<Vec<usize>>,
    /// Gold columns, those with the fewest candidates first.
    order: Vec<usize>,
    /// That are left.
    looks: usize,
}

impl Search<'_> {
    fn run(mut self, accept: &impl Fn(&Columns) -> bool) -> Option<Columns> {
        self.extend(&mut Vec::new(), accept)
    }

    /// `chosen`: for the first gold columns of `order`.
    fn extend(&mut self, chosen: &mut Columns, accept: &impl Fn(&Columns) -> bool) -> Option<Columns> {
        let Some(of) = self.order.get(chosen.len()).copied() else {
            let mut columns = vec![0; chosen.len()];
            for (of, at) in self.order.iter().zip(chosen.iter()) {
                columns[*of] = *at;
            }
            return accept(&columns).then_some(columns);
        };
        let mut tried: Vec<usize> = Vec::new();
        for at in self.candidates[of].clone() {
            if chosen.contains(&at) || tried.iter().any(|other| self.alike(*other, at)) {
                continue;
            }
            tried.push(at);
            self.looks = self.looks.checked_sub(self.gold.rows.len() * (chosen.len() + 1))?;
            chosen.push(at);
            let of_gold = &self.order[..chosen.len()];
            if equal(self.gold, of_gold, self.predicted, chosen, self.rows, self.near)
                && let Some(found) = self.extend(chosen, accept)
            {
                return Some(found);
            }
            chosen.pop();
        }
        None
    }

    /// Whether two predicted columns are equal in every row.
    fn alike(&self, a: usize, b: usize) -> bool {
        self.predicted.rows.iter().all(|row| row[a] == row[b])
    }
}

fn equal(gold: &Table, of_gold: &[usize], predicted: &Table, of_predicted: &[usize], rows: &Rows, near: Near) -> bool {
    Sides::of_columns(gold, of_gold, predicted, of_predicted).with(rows.clone(), near).equal()
}
