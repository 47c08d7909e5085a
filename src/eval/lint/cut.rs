//! Whether a statement's order decides what it has to: at its LIMIT, among unknown values, among numbers kept as text.

use super::{Severity, statement::Parsed};
use crate::{
    eval::{
        cell::Cell,
        door::{Door, NotRun},
        judge::order::{order_by, with_sort_keys},
        result,
        table::Table,
    },
    store::Snapshot,
};

/// Runs the statement without its LIMIT, beside its sort keys, and looks at the rows around the cut.
pub(super) async fn check(
    snapshot: &mut Snapshot,
    door: &Door<'_>,
    sql: &str,
    parsed: &Parsed,
    ordered: bool,
) -> Result<Vec<(Severity, String)>, NotRun> {
    let cut = parsed.cut();
    if !parsed.is_ordered() {
        let all = match cut {
            Some(_) => door.table(snapshot, &parsed.without_limit()).await?.rows.len(),
            None => 0,
        };
        let cuts = cut.is_some_and(|cut| cut.from > 0 || cut.to < all);
        let what = "its LIMIT takes some of the rows and no ORDER BY says which; add one that ends in a unique key";
        let unordered = "`ordered: true`, and its `sql` has no ORDER BY; add one";
        return Ok(match (cuts, ordered) {
            (true, _) => vec![(Severity::Error, what.to_owned())],
            (false, true) => vec![(Severity::Error, unordered.to_owned())],
            (false, false) => Vec::new(),
        });
    }
    let Some(Keyed { rows, width }) = keyed(snapshot, door, sql, parsed).await? else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    if let Some(cut) = cut {
        for at in [cut.from, cut.to] {
            let (Some(last), Some(next)) = (at.checked_sub(1).and_then(|at| rows.get(at)), rows.get(at)) else {
                continue;
            };
            let (last, next) = (last.split_at(width), next.split_at(width));
            if last.1 == next.1 && last.0 != next.0 {
                let what = format!(
                    "its LIMIT cuts through a tie: ({}) and ({}) have the same sort keys, and one of them is left out; add a \
                     last key that is unique, such as id",
                    shown(last.0),
                    shown(next.0)
                );
                found.push((Severity::Error, what));
            } else if last.1.contains(&Cell::Null) || next.1.contains(&Cell::Null) {
                let what = "an unknown value (NULL) stands at its LIMIT: descending order puts NULL first; leave unknown \
                            values out, or say NULLS LAST";
                found.push((Severity::Warning, what.to_owned()));
            }
        }
    }
    let keys = rows.first().map_or(0, Vec::len);
    for key in width..keys {
        let mut texts = rows.iter().filter(|row| row[key] != Cell::Null).peekable();
        let numeric = |cell: &Cell| matches!(cell, Cell::Text(text) if text.trim().parse::<f64>().is_ok());
        if rows.len() > 1 && texts.peek().is_some() && texts.all(|row| numeric(&row[key])) {
            let what = "it orders numbers that are kept as text, so that 10 comes before 9; cast the key to a number";
            found.push((Severity::Error, what.to_owned()));
        }
    }
    Ok(found)
}

/// Rows of which the first `width` cells are the output and the rest the sort keys.
struct Keyed {
    rows: Vec<Vec<Cell>>,
    width: usize,
}

async fn keyed(snapshot: &mut Snapshot, door: &Door<'_>, sql: &str, parsed: &Parsed) -> Result<Option<Keyed>, NotRun> {
    let plain = result::of_text(&door.table(snapshot, &parsed.without_limit()).await?);
    if parsed.is_plain() {
        let with_keys = with_sort_keys(&parsed.without_limit());
        let Some(with_keys) = with_keys else { return Ok(None) };
        let Table { rows, .. } = result::of_text(&door.table(snapshot, &with_keys).await?);
        return Ok(Some(Keyed { rows, width: plain.width() }));
    }
    // Of a DISTINCT or a UNION the keys are output columns.
    let outputs: Option<Vec<usize>> = order_by(sql).unwrap_or_default().iter().map(|key| key.output).collect();
    let Some(outputs) = outputs.filter(|outputs| outputs.iter().all(|at| *at < plain.width())) else { return Ok(None) };
    let width = plain.width();
    let beside = |mut row: Vec<Cell>| {
        let keys: Vec<Cell> = outputs.iter().map(|at| row[*at].clone()).collect();
        row.extend(keys);
        row
    };
    Ok(Some(Keyed { rows: plain.rows.into_iter().map(beside).collect(), width }))
}

fn shown(cells: &[Cell]) -> String {
    let cells: Vec<String> = cells.iter().take(3).map(ToString::to_string).collect();
    cells.join(", ")
}
