//! Soft-F1: how near a wrong result came.
//!
//! BIRD's figure (`calculate_f1_score` in its `evaluation_f1.py`): rows of both sides are paired; a pair with m cells in
//! common adds m to what was found, the other cells of its predicted row to what was found too much, those of its gold
//! row to what was missed, and a row without a partner adds the width of the gold; all over that width. F1 is of the
//! sums.
//!
//! BIRD pairs rows as a hash seed leaves them. Here they are paired in the best way there is (an assignment of greatest
//! weight), so the figure is the same whatever the order of the rows. A cell counts once even if its value stands in the
//! other row twice. BIRD's rules look for a value anywhere in the row (`AnyPlace`), the others in its column.
//!
//! 1 is for right answers alone: what is wrong by its order or its columns only gets half a cell less than all.

use pathfinding::{kuhn_munkres::kuhn_munkres, matrix::Matrix};

use super::compare::{Near, Row, unmatched};

/// Where a cell of one row is looked for in the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cells {
    InPlace,
    AnyPlace,
}

/// The best assignment takes rows² × columns of its matrix; beyond this it is not sought. Rows that are equal are taken
/// out first, so it takes 300 rows of each side that are all different.
const WORK: usize = 30_000_000;

/// Of sides that are not equal: 0 up to, not including, 1.
pub(super) fn of_wrong(gold: &[Row<'_>], predicted: &[Row<'_>], near: &[Near], cells: Cells) -> f64 {
    let width = |rows: &[Row<'_>]| rows.first().map_or(0, Vec::len);
    let (of_gold, of_predicted) = (width(gold), width(predicted));
    let all = (gold.len() * of_gold).max(predicted.len() * of_predicted);
    if all == 0 {
        return 0.0;
    }
    let found = match cells {
        Cells::InPlace => common_cells(gold, predicted, near, |a, b| {
            a.iter().zip(b).zip(near).filter(|((a, b), near)| near.same(a, b)).count()
        }),
        Cells::AnyPlace => common_cells(&sorted(gold), &sorted(predicted), &[], in_common),
    };
    let pairs = gold.len().min(predicted.len());
    let too_much = pairs * of_predicted - found + (predicted.len() - pairs) * of_gold;
    let missed = pairs * of_gold - found + (gold.len() - pairs) * of_gold;
    let f1 = 2.0 * found as f64 / (2 * found + too_much + missed).max(1) as f64;
    f1.min(1.0 - 0.5 / all as f64)
}

/// The greatest number of cells in common, over all ways to pair rows. Equal rows are partners in one of the best ways:
/// to part them for others gains no cell.
fn common_cells(
    gold: &[Row<'_>],
    predicted: &[Row<'_>],
    near: &[Near],
    common: impl Fn(&Row<'_>, &Row<'_>) -> usize,
) -> usize {
    let (missing, extra) = unmatched(gold, predicted, near);
    let width = gold.first().map_or(0, Vec::len);
    let equal = (gold.len() - missing.len()) * width;
    let mut rest: Vec<&Row<'_>> = missing.iter().map(|at| &gold[*at]).collect();
    let mut others: Vec<&Row<'_>> = extra.iter().map(|at| &predicted[*at]).collect();
    if rest.len() > others.len() {
        std::mem::swap(&mut rest, &mut others);
    }
    if rest.is_empty() {
        return equal;
    }
    if rest.len().saturating_mul(rest.len()).saturating_mul(others.len()) > WORK {
        // A lower bound: neighbours in sorted order.
        rest.sort();
        others.sort();
        return equal + rest.iter().zip(&others).map(|(a, b)| common(a, b)).sum::<usize>();
    }
    let weight = |at: (usize, usize)| i64::try_from(common(rest[at.0], others[at.1])).unwrap_or(i64::MAX);
    let (best, _) = kuhn_munkres(&Matrix::from_fn(rest.len(), others.len(), weight));
    equal + usize::try_from(best).unwrap_or(0)
}

/// Rows as bags of cells.
fn sorted<'a>(rows: &[Row<'a>]) -> Vec<Row<'a>> {
    let mut rows = rows.to_vec();
    rows.iter_mut().for_each(|row| row.sort());
    rows
}

/// How many cells two sorted rows have in common.
fn in_common(a: &Row<'_>, b: &Row<'_>) -> usize {
    let (mut i, mut j, mut found) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Equal => (i, j, found) = (i + 1, j + 1, found + 1),
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::cell::Cell;

    fn score(gold: &[&[i64]], predicted: &[&[i64]], cells: Cells) -> f64 {
        let table = |rows: &[&[i64]]| -> Vec<Vec<Cell>> {
            rows.iter().map(|row| row.iter().copied().map(Cell::from).collect()).collect()
        };
        let (gold, predicted) = (table(gold), table(predicted));
        let rows = |table: &'static [Vec<Cell>]| -> Vec<Row<'static>> {
            table.iter().map(|row| row.iter().collect()).collect()
        };
        let (gold, predicted) = (rows(gold.leak()), rows(predicted.leak()));
        let near = vec![Near::EXACT; gold.first().map_or(0, Vec::len)];
        of_wrong(&gold, &predicted, &near, cells)
    }

    /// The figures of BIRD's own function where the best pairing is the one by place.
    #[test]
    fn the_figure_is_birds_for_the_best_pairing() {
        use Cells::{AnyPlace, InPlace};
        for (gold, predicted, cells, expected) in [
            (&[&[1, 10][..], &[2, 20]][..], &[&[1, 10][..], &[2, 21]][..], AnyPlace, 0.75),
            (&[&[1, 10], &[2, 20]], &[&[2, 21], &[1, 10]], InPlace, 0.75),
            (&[&[1, 10], &[2, 20]], &[&[1, 10]], AnyPlace, 2.0 / 3.0),
            (&[&[1]], &[&[1, 7]], AnyPlace, 2.0 / 3.0),
            (&[&[1, 7]], &[&[1]], AnyPlace, 2.0 / 3.0),
            (&[&[1], &[2]], &[&[1], &[2], &[3], &[4]], AnyPlace, 2.0 / 3.0),
            (&[&[1, 2]], &[&[2, 1]], InPlace, 0.0),
            (&[&[1, 2]], &[&[2, 1]], AnyPlace, 0.75),
            (&[&[1]], &[], AnyPlace, 0.0),
            (&[], &[&[1]], AnyPlace, 0.0),
            (&[], &[], AnyPlace, 0.0),
            // Row by row in this order nothing fits; the best pairing crosses over.
            (&[&[1, 2, 3], &[4, 5, 6]], &[&[4, 5, 0], &[1, 0, 0]], InPlace, 0.5),
        ] {
            assert_eq!(score(gold, predicted, cells), expected, "{gold:?} and {predicted:?}, {cells:?}");
        }
    }

    /// Beyond the bound the figure is lower, never higher, and still not a matter of the order.
    #[test]
    fn very_many_different_rows_are_bounded() {
        let row = |i: i64, of: i64| vec![i, of + i];
        let (gold, mut predicted): (Vec<_>, Vec<_>) = (0..1000).map(|i| (row(i, 5000), row(i, 9000))).unzip();
        let as_slices =
            |rows: &[Vec<i64>]| -> Vec<&'static [i64]> { rows.iter().map(|row| &*row.clone().leak()).collect() };
        let first = score(&as_slices(&gold), &as_slices(&predicted), Cells::InPlace);
        predicted.reverse();
        assert_eq!((first, first), (0.5, score(&as_slices(&gold), &as_slices(&predicted), Cells::InPlace)));
    }
}
