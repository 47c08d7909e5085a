//! The contract's rules, by kind of answer.
//!
//! - `events`: the set of ids in the column `id`; as a list, with its repetitions, where order is asked. Other columns
//!   are not looked at.
//! - `scalar`: one row with one value; numbers to 1e-6 of the larger one, integers too, everything else exactly. No row
//!   is not the same as NULL.
//! - `groups`: the bag of (key, value), by place; keys exactly, values as a scalar. As a list where order is asked.

use super::{
    Gold, Kind, Reason, Verdict,
    compare::{Near, Rows, Sides, judge_sides, wrong_columns},
    soft_f1::Cells,
};
use crate::eval::table::Table;

const VALUE: Near = Near { relative: 1e-6, absolute: 0.0, integers: true };

pub(super) fn judge(kind: Kind, ordered: bool, gold: &Gold, predicted: &Table) -> Verdict {
    let wide = match kind {
        Kind::Events => return events(ordered, gold, predicted),
        Kind::Scalar => "one value is asked for",
        Kind::Groups | Kind::Abstain => "a key and a value are asked for",
    };
    if predicted.width() != gold.table.width() {
        return wrong_columns(&gold.table, predicted, Rows::Bag, wide);
    }
    let mut sides = Sides::plain(&gold.table, predicted);
    sides.rows = Rows::of(ordered, gold, Rows::Bag);
    if let Some(value) = sides.near.last_mut() {
        *value = VALUE;
    }
    judge_sides(&sides, Cells::InPlace)
}

fn events(ordered: bool, gold: &Gold, predicted: &Table) -> Verdict {
    let (Some(of_gold), Some(of_predicted)) = (gold.table.column("id"), predicted.column("id")) else {
        return Verdict::wrong(Reason::of_columns(&gold.table, predicted, "a column `id` is asked for"), 0.0);
    };
    let mut sides = Sides::of_columns(&gold.table, &[of_gold], predicted, &[of_predicted]);
    sides.rows = Rows::of(ordered, gold, Rows::Set);
    judge_sides(&sides, Cells::InPlace)
}
