//! What a statement asks that can be seen to find nothing: a value that a column of few values does not have, and no table
//! at all. Allowed, and no danger; but what it found would be told as a fact.

use std::ops::ControlFlow;

use sqlparser::ast::{BinaryOperator, Expr, Ident, ObjectName, Query, Value, Visit, Visitor};

use crate::sql::catalog::{Catalog, Column};

/// Of one statement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Seen {
    /// Whether it reads a table of the catalog.
    pub(super) reads: bool,
    /// Values that a column does not have, and those it has.
    pub(super) impossible: Option<String>,
}

pub(super) fn see(query: &Query, catalog: &Catalog) -> Seen {
    let mut eyes = Eyes { catalog, seen: Seen::default() };
    let _ = query.visit(&mut eyes);
    eyes.seen
}

struct Eyes<'a> {
    catalog: &'a Catalog,
    seen: Seen,
}

impl Visitor for Eyes<'_> {
    type Break = ();

    fn pre_visit_relation(&mut self, name: &ObjectName) -> ControlFlow<()> {
        let last = name.0.last().and_then(|part| part.as_ident());
        // No other name may hide a table's.
        self.seen.reads |= last.is_some_and(|last| self.catalog.tables().iter().any(|table| table.name == plain(last)));
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::BinaryOp { left, op: BinaryOperator::Eq | BinaryOperator::NotEq, right } => {
                self.compare(left, [right.as_ref()]);
                self.compare(right, [left.as_ref()]);
            }
            Expr::InList { expr, list, .. } => self.compare(expr, list),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

impl Eyes<'_> {
    fn compare<'a>(&mut self, column: &Expr, values: impl IntoIterator<Item = &'a Expr>) {
        let Some(column) = self.column(column) else { return };
        let wrong = values.into_iter().filter_map(text).find(|value| !column.values.iter().any(|known| known == value));
        if let (Some(wrong), None) = (wrong, &self.seen.impossible) {
            let told = format!("{} is never {wrong:?}; it is one of {}", column.name, column.values.join(", "));
            self.seen.impossible = Some(told);
        }
    }

    /// One of few values.
    fn column(&self, expr: &Expr) -> Option<&Column> {
        let name = match expr {
            Expr::Identifier(name) => plain(name),
            Expr::CompoundIdentifier(parts) => plain(parts.last()?),
            Expr::Nested(inner) => return self.column(inner),
            _ => return None,
        };
        let all = self.catalog.tables().iter().flat_map(|table| &table.columns);
        all.filter(|column| !column.values.is_empty()).find(|column| column.name == name)
    }
}

fn text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => text(inner),
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) | Value::EscapedStringLiteral(text) => Some(text),
            Value::DollarQuotedString(text) => Some(&text.value),
            _ => None,
        },
        _ => None,
    }
}

/// As PostgreSQL takes a name.
fn plain(name: &Ident) -> String {
    if name.quote_style.is_some() { name.value.clone() } else { name.value.to_ascii_lowercase() }
}
