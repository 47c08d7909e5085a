//! defog's rules: `compare_df` or else `subset_df` of sql-eval.
//!
//! 1. As many columns: under the names in alphabetical order (names themselves do not count) the rows are the same set;
//!    numbers exactly.
//! 2. Else the gold is not empty, and its columns are among the prediction's, whatever their names, with as many rows
//!    and the same bag of them; two numbers are the same to 1e-5 of the larger one or 1e-8 (pandas'
//!    `assert_series_equal`), two integers exactly.
//!
//! Where order is asked and the gold's ties are not known, rows are put in order first as sql-eval does: by the columns
//! that already ascend, then by the others, so that rows with equal keys may change places; if no column ascends the
//! order stands as it is.
//!
//! On purpose otherwise: a column with one value all along is not taken for one that ascends (sql-eval then drops all
//! order); columns with the same values are tried in every way, not the first one alone; re-paired rows are not equal
//! even where they are the same set; NULL is not NaN.

use std::collections::HashSet;

use super::{
    Gold, Verdict, align,
    compare::{Near, Row, Rows, Sides, judge_sides, wrong_columns},
    soft_f1::Cells,
};
use crate::eval::table::Table;

/// pandas' defaults.
const NEAR: Near = Near { relative: 1e-5, absolute: 1e-8, integers: false };

pub(super) fn judge(ordered: bool, gold: &Gold, predicted: &Table) -> Verdict {
    let table = &gold.table;
    let places: Vec<usize> = (0..table.width()).collect();
    if table.width() == predicted.width() {
        let in_place = Sides::plain(table, predicted);
        let by_name = Sides::of_columns(table, &alphabetical(table), predicted, &alphabetical(predicted));
        if in_place.gold == in_place.predicted || same_set(ordered, gold, &by_name) {
            return Verdict::right();
        }
    } else if table.width() > predicted.width() {
        return wrong_columns(table, predicted, Rows::Bag, "the gold's have to be among them");
    } else if table.rows.is_empty() {
        return wrong_columns(table, predicted, Rows::Bag, "with no rows they have to be as many");
    }
    let rows = if ordered && gold.ties.is_some() { Rows::of(true, gold, Rows::Bag) } else { Rows::Bag };
    let sides = |columns: &align::Columns| Sides::of_columns(table, &places, predicted, columns);
    let in_order = |columns: &align::Columns| !ordered || gold.ties.is_some() || same_order(&sides(columns), NEAR);
    if !table.rows.is_empty() && align::find(table, predicted, &rows, NEAR, in_order).is_some() {
        return Verdict::right();
    }
    let columns =
        align::find(table, predicted, &Rows::Bag, NEAR, |_| true).unwrap_or_else(|| align::likeliest(table, predicted));
    judge_sides(&sides(&columns).with(Rows::of(ordered, gold, Rows::Bag), NEAR), Cells::InPlace)
}

/// The rows without repetitions, and in the order that is asked.
fn same_set(ordered: bool, gold: &Gold, sides: &Sides<'_>) -> bool {
    if !ordered {
        return sides.clone().with(Rows::Set, Near::EXACT).equal();
    }
    let mut sides = sides.clone();
    let Some(ties) = &gold.ties else { return same_order(&sides, Near::EXACT) };
    let (rows, ties) = first_of_each(&sides.gold, ties);
    sides.gold = rows;
    sides.predicted = first_of_each(&sides.predicted, &vec![0; sides.predicted.len()]).0;
    sides.with(Rows::List(Some(ties)), Near::EXACT).equal()
}

/// Whether both sides, each put in order by its own ascending columns, are the same list.
fn same_order(sides: &Sides<'_>, near: Near) -> bool {
    let (gold, predicted) = (normal_order(&sides.gold), normal_order(&sides.predicted));
    gold.len() == predicted.len()
        && gold.iter().zip(&predicted).all(|(a, b)| a.iter().zip(b).all(|(a, b)| near.same(a, b)))
}

/// Without repetitions; by the columns that ascend, then by the others; as they are if none does.
fn normal_order<'a>(rows: &[Row<'a>]) -> Vec<Row<'a>> {
    let (mut rows, _) = first_of_each(rows, &vec![0; rows.len()]);
    let width = rows.first().map_or(0, Vec::len);
    let ascends = |of: &usize| rows.is_sorted_by_key(|row| row[*of]) && rows.iter().any(|row| row[*of] != rows[0][*of]);
    let (mut keys, others): (Vec<usize>, Vec<usize>) = (0..width).partition(ascends);
    if !keys.is_empty() {
        keys.extend(others);
        rows.sort_by(|a, b| keys.iter().map(|of| a[*of]).cmp(keys.iter().map(|of| b[*of])));
    }
    rows
}

/// Each different row where it first stands, with its group of ties.
fn first_of_each<'a>(rows: &[Row<'a>], ties: &[u32]) -> (Vec<Row<'a>>, Vec<u32>) {
    let mut seen = HashSet::new();
    rows.iter().zip(ties).filter(|(row, _)| seen.insert((*row).clone())).map(|(row, tie)| (row.clone(), *tie)).unzip()
}

/// The places of the columns in the order of their names.
fn alphabetical(table: &Table) -> Vec<usize> {
    let mut places: Vec<usize> = (0..table.width()).collect();
    places.sort_by_key(|at| &table.columns[*at]);
    places
}
