//! Test-suite semantics: `result_eq` of test-suite-sql-eval (Zhong, Yu and Klein 2020).
//!
//! Two empty results are equal. Else there are as many rows and as many columns, and under some order of the columns the
//! rows are the same bag, or the same list where the gold orders. Names do not count. The published code once took an
//! empty result for a single NULL; it no longer does, and neither do we.

use super::{
    Gold, Verdict, align,
    compare::{Near, Rows, Sides, judge_sides, wrong_columns},
    soft_f1::Cells,
};
use crate::eval::table::Table;

pub(super) fn judge(ordered: bool, gold: &Gold, predicted: &Table) -> Verdict {
    let rows = Rows::of(ordered, gold, Rows::Bag);
    let gold = &gold.table;
    match (gold.rows.is_empty(), predicted.rows.is_empty()) {
        (true, true) => return Verdict::right(),
        (false, false) => {}
        _ => return judge_sides(&Sides::plain(gold, predicted), Cells::InPlace),
    }
    if gold.width() != predicted.width() {
        return wrong_columns(gold, predicted, Rows::Bag, "");
    }
    if align::find(gold, predicted, &rows, Near::EXACT, |_| true).is_some() {
        return Verdict::right();
    }
    let places: Vec<usize> = (0..gold.width()).collect();
    let columns = align::find(gold, predicted, &Rows::Bag, Near::EXACT, |_| true)
        .unwrap_or_else(|| align::likeliest(gold, predicted));
    let sides = Sides::of_columns(gold, &places, predicted, &columns).with(rows, Near::EXACT);
    judge_sides(&sides, Cells::InPlace)
}
