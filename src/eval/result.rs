//! Results in the one form they are judged in: what the database returned as text, and what the engine answered.

use super::{
    case::AskedKind,
    cell::{Cell, Type},
    door::{Door, NotRun},
    judge::{
        Gold,
        order::{ties_of, with_sort_keys},
    },
    record::{EXCERPT, Excerpt},
    table::Table,
};
use crate::{
    answer::{Answer, Hits, Value},
    store::{Snapshot, TextTable},
};

/// Runs a gold statement of a kind. Where order counts, rows of equal sort keys are found by running it with its keys beside it.
///
/// # Errors
/// It is refused, or does not run.
pub async fn gold(
    snapshot: &mut Snapshot,
    door: &Door<'_>,
    kind: AskedKind,
    sql: &str,
    ordered: bool,
) -> Result<Gold, NotRun> {
    let table = of_text(&door.table(snapshot, sql).await?);
    let table = if kind == AskedKind::Scalar { one_value(table) } else { table };
    let with_keys = if ordered { with_sort_keys(sql) } else { None };
    let Some(with_keys) = with_keys else { return Ok(Gold { table, ties: None }) };
    let keyed = of_text(&door.table(snapshot, &with_keys).await?);
    let width = table.width();
    // Beside it the same rows have to stand, or the keys are not theirs.
    let same = keyed.rows.len() == table.rows.len()
        && keyed.rows.iter().zip(&table.rows).all(|(keyed, row)| keyed.get(..width) == Some(row.as_slice()));
    let keys: Vec<Vec<Cell>> = keyed.rows.iter().map(|row| row[width..].to_vec()).collect();
    Ok(Gold { table, ties: same.then(|| ties_of(&keys)) })
}

/// What PostgreSQL wrote, by the types of its columns. A text that is not what its type says stays a text.
pub fn of_text(text: &TextTable) -> Table {
    let types: Vec<Option<Type>> =
        text.columns.iter().map(|column| Type::named(&column.kind.to_ascii_lowercase())).collect();
    let cell = |cell: &Option<String>, typed: Option<Type>| match cell {
        None => Cell::Null,
        Some(text) => of_cell(text, typed),
    };
    Table {
        columns: text.columns.iter().map(|column| column.name.clone()).collect(),
        rows: text.rows.iter().map(|row| row.iter().zip(&types).map(|(c, typed)| cell(c, *typed)).collect()).collect(),
    }
}

/// What the engine answered: ids under `id`, one value under `value`, groups under `key` and `value`.
pub fn of_answer(answer: &Answer) -> Table {
    let cell = |value: &Value| match value {
        Value::Null => Cell::Null,
        Value::Int(n) => Cell::from(*n),
        Value::Float(x) => Cell::from(*x),
        Value::Text(text) => Cell::Text(text.clone()),
    };
    let table = |columns: &[&str], rows| Table { columns: columns.iter().map(|c| (*c).to_owned()).collect(), rows };
    match answer {
        Answer::Events(events) | Answer::Hits(Hits { events, .. }) => {
            table(&["id"], events.ids.iter().map(|id| vec![Cell::from(*id)]).collect())
        }
        Answer::Scalar(value) => table(&["value"], vec![vec![cell(value)]]),
        Answer::Groups(groups) => {
            table(&["key", "value"], groups.iter().map(|(key, value)| vec![cell(key), cell(value)]).collect())
        }
    }
}

/// A question for one value that no row gives is answered with NULL, as the engine does.
pub fn one_value(mut table: Table) -> Table {
    if table.rows.is_empty() && table.width() == 1 {
        table.rows.push(vec![Cell::Null]);
    }
    table
}

/// The first rows, for people.
pub fn excerpt(table: &Table) -> Excerpt {
    let shown = |cell: &Cell| match cell {
        Cell::Null => None,
        other => Some(other.to_string()),
    };
    Excerpt {
        columns: table.columns.clone(),
        rows: table.rows.iter().take(EXCERPT).map(|row| row.iter().map(shown).collect()).collect(),
        total: table.rows.len(),
    }
}

/// Booleans are `t` and `f` in PostgreSQL's text.
fn of_cell(text: &str, typed: Option<Type>) -> Cell {
    match (typed, text) {
        (Some(Type::Bool), "t") => Cell::Bool(true),
        (Some(Type::Bool), "f") => Cell::Bool(false),
        _ => Cell::from_text(text.to_owned(), typed).unwrap_or_else(|| Cell::Text(text.to_owned())),
    }
}
