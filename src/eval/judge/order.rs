//! What a gold statement orders its rows by, read from its parsed SQL (PostgreSQL), and which rows of it are ties.
//!
//! The caller runs [`with_sort_keys`] beside the gold, takes the added cells of each row, and gives [`ties_of`] them to
//! the judge. Where keys cannot be added ([`SortKey::output`] may still say where they stand), order is judged strictly.

use sqlparser::{
    ast::{Distinct, Expr, GroupByExpr, Ident, OrderByKind, Query, Select, SelectItem, SetExpr, Statement, Value},
    dialect::PostgreSqlDialect,
    parser::Parser,
};

use crate::eval::cell::Cell;

/// One expression of the outermost ORDER BY.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SortKey {
    /// SQL that means the key in the select list: names and places of output columns are resolved where the list has
    /// them.
    pub expr: String,
    /// The output column it is, from 0, where that is known.
    pub output: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    #[error("the SQL cannot be read: {0}")]
    Syntax(String),
    #[error("the SQL is not one SELECT")]
    NotOneSelect,
}

/// What the added columns are called, before their number from 1.
pub const ADDED: &str = "__sort_";

/// The keys the rows of `sql` are ordered by, none if it does not say. Only the outermost ORDER BY counts: one within a
/// subquery orders nothing.
///
/// # Errors
/// `sql` is not one SELECT (or UNION, VALUES, …) that can be read.
pub fn order_by(sql: &str) -> Result<Vec<SortKey>, OrderError> {
    let query = parse(sql)?;
    let query = outermost(&query);
    let outputs = match query.body.as_ref() {
        SetExpr::Select(select) => Outputs::of(select),
        // The columns of a UNION are those of its first SELECT.
        body => Outputs::of_names(body),
    };
    Ok(keys(query).iter().map(|expr| outputs.resolve(expr)).collect())
}

/// `sql` with its sort keys added as columns `__sort_1`, `__sort_2` …; `None` if it has none, or is no plain SELECT: a
/// further column would change the rows of a DISTINCT or a UNION.
pub fn with_sort_keys(sql: &str) -> Option<String> {
    let mut query = parse(sql).ok()?;
    let keys = keys(&query).to_vec();
    let SetExpr::Select(select) = query.body.as_mut() else { return None };
    let grouped_by_all = matches!(select.group_by, GroupByExpr::All(_));
    let plain = select.distinct.as_ref().is_none_or(|distinct| *distinct == Distinct::All) && select.into.is_none();
    if keys.is_empty() || !plain || grouped_by_all {
        return None;
    }
    let outputs = Outputs::of(select);
    let added: Vec<SelectItem> = keys
        .iter()
        .zip(1..)
        .map(|(expr, number)| {
            let expr = match outputs.place(expr) {
                Some(at) => outputs.items.get(at)?.clone()?.1,
                None if is_place(expr) => return None,
                None => outputs.named(expr).cloned().unwrap_or_else(|| expr.clone()),
            };
            Some(SelectItem::ExprWithAlias { expr, alias: Ident::new(format!("{ADDED}{number}")) })
        })
        .collect::<Option<_>>()?;
    select.projection.extend(added);
    Some(query.to_string())
}

/// The group of each row, from 0: rows in a row with equal keys share one.
pub fn ties_of(keys: &[Vec<Cell>]) -> Vec<u32> {
    let mut groups = Vec::with_capacity(keys.len());
    for (number, group) in (0..).zip(keys.chunk_by(|a, b| a == b)) {
        groups.extend(std::iter::repeat_n(number, group.len()));
    }
    groups
}

fn parse(sql: &str) -> Result<Query, OrderError> {
    let mut statements =
        Parser::parse_sql(&PostgreSqlDialect {}, sql).map_err(|error| OrderError::Syntax(error.to_string()))?;
    match (statements.pop(), statements.is_empty()) {
        (Some(Statement::Query(query)), true) => Ok(*query),
        _ => Err(OrderError::NotOneSelect),
    }
}

/// Without the parentheses around all of it.
fn outermost(query: &Query) -> &Query {
    match query.body.as_ref() {
        SetExpr::Query(inner) if query.order_by.is_none() => outermost(inner),
        _ => query,
    }
}

fn keys(query: &Query) -> Vec<Expr> {
    match query.order_by.as_ref().map(|order| &order.kind) {
        Some(OrderByKind::Expressions(keys)) => keys.iter().map(|key| key.expr.clone()).collect(),
        _ => Vec::new(),
    }
}

/// The select list.
struct Outputs {
    /// Name and expression, where there is no `*` before the item; `None` at a `*` and after it.
    items: Vec<Option<(Option<String>, Expr)>>,
    /// Those after a `*`, of which the place is not known.
    later: Vec<(String, Expr)>,
}

impl Outputs {
    fn of(select: &Select) -> Self {
        let mut outputs = Self { items: Vec::new(), later: Vec::new() };
        let mut known = true;
        for item in &select.projection {
            let named = match item {
                SelectItem::UnnamedExpr(expr) => Some((name_of(expr), expr.clone())),
                SelectItem::ExprWithAlias { expr, alias } => Some((Some(folded(alias)), expr.clone())),
                _ => None,
            };
            known &= named.is_some();
            match named {
                Some(named) if known => outputs.items.push(Some(named)),
                Some((Some(name), expr)) => outputs.later.push((name, expr)),
                _ => {}
            }
        }
        outputs
    }

    /// Of what is not a SELECT only names are known: its first SELECT's.
    fn of_names(body: &SetExpr) -> Self {
        match body {
            SetExpr::Select(select) => Self::of(select),
            SetExpr::Query(query) => Self::of_names(&query.body),
            SetExpr::SetOperation { left, .. } => Self::of_names(left),
            _ => Self { items: Vec::new(), later: Vec::new() },
        }
    }

    fn resolve(&self, expr: &Expr) -> SortKey {
        let output = self.place(expr);
        let meant = output.and_then(|at| self.items.get(at)?.as_ref()).map(|(_, expr)| expr);
        SortKey { expr: meant.or_else(|| self.named(expr)).unwrap_or(expr).to_string(), output }
    }

    /// `ORDER BY 2`, or a name; PostgreSQL takes a bare name for an output column before one of the tables.
    fn place(&self, expr: &Expr) -> Option<usize> {
        if let Some(place) = number_of(expr) {
            return place.checked_sub(1);
        }
        let is_it = |item: &Option<(Option<String>, Expr)>| {
            item.as_ref().is_some_and(|(name, item)| match expr {
                Expr::Identifier(ident) => *name == Some(folded(ident)),
                _ => item == expr,
            })
        };
        self.items.iter().position(is_it)
    }

    /// The expression an output column after a `*` stands for.
    fn named(&self, expr: &Expr) -> Option<&Expr> {
        let Expr::Identifier(ident) = expr else { return None };
        let name = folded(ident);
        self.later.iter().find(|(other, _)| *other == name).map(|(_, expr)| expr)
    }
}

fn is_place(expr: &Expr) -> bool {
    number_of(expr).is_some()
}

fn number_of(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) => text.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

/// What PostgreSQL calls an output column without an alias, in the common cases.
fn name_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(ident) => Some(folded(ident)),
        Expr::CompoundIdentifier(idents) => idents.last().map(folded),
        Expr::Function(function) => function.name.0.last().and_then(|part| part.as_ident()).map(folded),
        Expr::Cast { expr, .. } | Expr::Nested(expr) => name_of(expr),
        _ => None,
    }
}

/// Unquoted names are lower case.
fn folded(ident: &Ident) -> String {
    if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SQL, its keys as `expression@place`, and the added columns (empty: none can be).
    #[test]
    fn keys_are_read_from_the_outermost_order_by() {
        for (sql, keys, added) in [
            ("SELECT id FROM e", "", ""),
            ("SELECT id FROM e ORDER BY ts, id", "ts id@0", "ts AS __sort_1, id AS __sort_2"),
            ("SELECT id FROM e ORDER BY ts DESC NULLS LAST LIMIT 5", "ts", "ts AS __sort_1"),
            (
                "SELECT k, count(*) AS n FROM e GROUP BY k ORDER BY 2 DESC, k",
                "count(*)@1 k@0",
                "count(*) AS __sort_1, k AS __sort_2",
            ),
            ("SELECT k, count(*) AS n FROM e GROUP BY 1 ORDER BY n", "count(*)@1", "count(*) AS __sort_1"),
            ("SELECT k, count(*) FROM e GROUP BY 1 ORDER BY count", "count(*)@1", "count(*) AS __sort_1"),
            ("SELECT k, count(*) FROM e GROUP BY 1 ORDER BY count(*)", "count(*)@1", "count(*) AS __sort_1"),
            ("SELECT e.ts AS t FROM e ORDER BY T", "e.ts@0", "e.ts AS __sort_1"),
            ("SELECT ts AS \"T\" FROM e ORDER BY t", "t", "t AS __sort_1"),
            ("SELECT -ts AS ts FROM e ORDER BY ts", "-ts@0", "-ts AS __sort_1"),
            ("SELECT * FROM e ORDER BY ts", "ts", "ts AS __sort_1"),
            ("SELECT *, ts * 2 AS twice FROM e ORDER BY twice", "ts * 2", "ts * 2 AS __sort_1"),
            ("SELECT e.* FROM e ORDER BY 2", "2@1", ""),
            ("WITH x AS (SELECT * FROM e ORDER BY ts) SELECT id FROM x", "", ""),
            ("SELECT id FROM (SELECT * FROM e ORDER BY ts) x", "", ""),
            ("SELECT rank() OVER (ORDER BY ts) FROM e", "", ""),
            ("(SELECT id FROM e ORDER BY ts LIMIT 3)", "ts", ""),
            ("SELECT DISTINCT k FROM e ORDER BY k", "k@0", ""),
            ("SELECT DISTINCT ON (k) k, ts FROM e ORDER BY k, ts", "k@0 ts@1", ""),
            ("SELECT id AS a FROM e UNION ALL SELECT id FROM f ORDER BY a", "id@0", ""),
            (
                "SELECT id FROM e ORDER BY lower(k) || 'ORDER BY'",
                "lower(k) || 'ORDER BY'",
                "lower(k) || 'ORDER BY' AS __sort_1",
            ),
        ] {
            let found = order_by(sql).unwrap();
            let told: Vec<String> = found
                .iter()
                .map(|key| format!("{}{}", key.expr, key.output.map_or(String::new(), |at| format!("@{at}"))))
                .collect();
            assert_eq!(told.join(" "), keys, "{sql}");
            let with = with_sort_keys(sql);
            assert_eq!(with.is_some(), !added.is_empty(), "{sql}");
            assert!(with.is_none_or(|with| with.contains(&format!(", {added} FROM"))), "{sql}");
        }
        for sql in ["", "SELECT 1; SELECT 2", "DELETE FROM e", "SELEC 1", "SELECT ("] {
            assert!(order_by(sql).is_err() && with_sort_keys(sql).is_none(), "{sql}");
        }
    }

    #[test]
    fn rows_in_a_row_with_equal_keys_are_ties() {
        let keys = [1, 1, 2, 3, 3, 1].map(|key| vec![Cell::from(key), Cell::Null]);
        assert_eq!(ties_of(&keys), [0, 0, 1, 2, 2, 3]);
        assert!(ties_of(&[]).is_empty());
    }
}
