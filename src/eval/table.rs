//! The rows a statement returned, and how they are written as JSON.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::cell::{Cell, Type};

/// Rows under named columns; every row is as wide as `columns`. Names may repeat.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// `{"columns", "rows"}`; both are there, nothing else is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a> {
    #[serde(borrow)]
    columns: Vec<&'a RawValue>,
    rows: Vec<Vec<&'a RawValue>>,
}

/// `{"name": "total", "type": "numeric"}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedColumn {
    name: String,
    #[serde(rename = "type")]
    typed: String,
}

/// How many wrong cells of one table are told one by one.
const TOLD: usize = 5;

impl Table {
    /// From `{"columns": [...], "rows": [[...], ...]}`. A column is a name, or `{"name", "type"}` with one of
    /// [`Type::NAMES`] where JSON does not tell (`"12.50"` as a number).
    ///
    /// # Errors
    /// All that is wrong, each with its place (`rows[3][1]: …`).
    pub fn from_json(text: &str) -> Result<Self, Vec<String>> {
        let written: Written<'_> = serde_json::from_str(text).map_err(|error| vec![without_place(&error)])?;
        let mut problems = Vec::new();
        let mut columns = Vec::with_capacity(written.columns.len());
        for (at, raw) in written.columns.iter().enumerate() {
            match column(raw) {
                Ok(column) => columns.push(column),
                Err(problem) => problems.push(format!("columns[{at}]: {problem}")),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut rows = Vec::with_capacity(written.rows.len());
        for (at, raw) in written.rows.iter().enumerate() {
            if raw.len() != columns.len() {
                problems.push(format!("rows[{at}]: {} cells under {} columns", raw.len(), columns.len()));
                continue;
            }
            let mut row = Vec::with_capacity(raw.len());
            for (of, (cell, (_, typed))) in raw.iter().zip(&columns).enumerate() {
                match Cell::from_json(cell, *typed) {
                    Ok(cell) => row.push(cell),
                    Err(unfit) => problems.push(format!("rows[{at}][{of}]: {unfit}")),
                }
            }
            rows.push(row);
        }
        if problems.len() > TOLD {
            let rest = problems.len() - TOLD;
            problems.truncate(TOLD);
            problems.push(format!("and {rest} more cells or rows"));
        }
        if problems.is_empty() {
            Ok(Self { columns: columns.into_iter().map(|(name, _)| name).collect(), rows })
        } else {
            Err(problems)
        }
    }

    /// Where the first column of that name stands.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    pub fn width(&self) -> usize {
        self.columns.len()
    }
}

fn column(raw: &RawValue) -> Result<(String, Option<Type>), String> {
    if let Ok(name) = serde_json::from_str(raw.get()) {
        return Ok((name, None));
    }
    let column: TypedColumn = serde_json::from_str(raw.get())
        .map_err(|error| format!("is to be a name or {{\"name\", \"type\"}}: {}", without_place(&error)))?;
    let typed = Type::named(&column.typed)
        .ok_or_else(|| format!("`{}` is no type; there are {}", column.typed, Type::NAMES))?;
    Ok((column.name, Some(typed)))
}

/// serde_json counts lines and columns in the piece it was given, which is not what the user sees.
pub(super) fn without_place(error: &serde_json::Error) -> String {
    let told = error.to_string();
    told.split(" at line ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_from_json() {
        let table = Table::from_json(
            r#"{"columns": ["id", {"name": "total", "type": "numeric"}, "id"], "rows": [[1, "2.50", null], [2, null, "x"]]}"#,
        )
        .unwrap();
        assert_eq!(table.columns, ["id", "total", "id"]);
        assert_eq!((table.column("id"), table.column("age"), table.width()), (Some(0), None, 3));
        assert_eq!(table.rows[0], [Cell::from(1), Cell::from(2.5), Cell::Null]);
        assert_eq!(Table::from_json(r#"{"columns": [], "rows": []}"#), Ok(Table::default()));
    }

    #[test]
    fn everything_wrong_is_told_with_its_place() {
        for (json, told) in [
            ("[]", "invalid length 0, expected struct Written with 2 elements"),
            (r#"{"columns": []}"#, "missing field `rows`"),
            (r#"{"columns": [], "rows": [], "row": 1}"#, "unknown field `row`, expected `columns` or `rows`"),
            (r#"{"columns": ["a"], "rows": [1]}"#, "invalid type: integer `1`, expected a sequence"),
            (
                r#"{"columns": [{"name": "a", "type": "money"}, 7], "rows": []}"#,
                "columns[0]: `money` is no type; there are bool, int, numeric, float, text, date, timestamp, \
                 timestamptz, json\ncolumns[1]: is to be a name or {\"name\", \"type\"}: invalid type: integer `7`, \
                 expected struct TypedColumn",
            ),
            (
                r#"{"columns": ["a", {"name": "b", "type": "int"}], "rows": [[1], [1, "x"], [1e999, 2], [1, 2, 3]]}"#,
                "rows[0]: 1 cells under 2 columns\nrows[1][1]: \"x\" is not an integer\n\
                 rows[2][0]: 1e999 is not a number that fits a float\nrows[3]: 3 cells under 2 columns",
            ),
        ] {
            assert_eq!(Table::from_json(json).unwrap_err().join("\n"), told);
        }
        let many = format!(r#"{{"columns": ["a"], "rows": [{}]}}"#, ["[]"; 9].join(", "));
        assert_eq!(Table::from_json(&many).unwrap_err()[TOLD], "and 4 more cells or rows");
    }
}
