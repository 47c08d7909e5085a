//! BIRD's execution accuracy: `set(predicted) == set(gold)` over the rows as tuples (`calculate_ex` in its
//! `evaluation_ex.py`). Columns count by place, names do not, neither do order and multiplicity. Two empty results are
//! equal whatever their columns.

use super::{
    Sides, Verdict,
    compare::{Rows, wrong_columns},
    judge_sides, soft_f1,
};
use crate::eval::table::Table;

pub(super) fn judge(gold: &Table, predicted: &Table) -> Verdict {
    if gold.rows.is_empty() && predicted.rows.is_empty() {
        return Verdict::right();
    }
    if gold.width() != predicted.width() && !gold.rows.is_empty() && !predicted.rows.is_empty() {
        return wrong_columns(gold, predicted, Rows::Set, "");
    }
    let sides = Sides { rows: Rows::Set, ..Sides::plain(gold, predicted) };
    judge_sides(&sides, soft_f1::Cells::AnyPlace)
}
