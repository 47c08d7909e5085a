//! What a gold's parsed SQL says before it is run: whether it keeps to its video, and where its LIMIT cuts.

use std::{collections::BTreeSet, ops::ControlFlow};

use sqlparser::{
    ast::{
        BinaryOperator, Expr, Join, JoinConstraint, JoinOperator, LimitClause, Query, Select, SetExpr, Statement,
        TableFactor, Value, Visit, Visitor,
    },
    dialect::PostgreSqlDialect,
    parser::Parser,
};

/// One SELECT.
pub(super) struct Parsed(Query);

/// The rows `from..to` of those that the statement without its LIMIT returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) from: usize,
    pub(super) to: usize,
}

/// The tables whose rows belong to a video.
const SCOPED: [&str; 2] = ["db_event", "db_video"];

impl Parsed {
    pub(super) fn of(sql: &str) -> Result<Self, String> {
        let statements = Parser::parse_sql(&PostgreSqlDialect {}, sql).map_err(|error| error.to_string())?;
        match <[Statement; 1]>::try_from(statements) {
            Ok([Statement::Query(query)]) => Ok(Self(*query)),
            _ => Err("it is not one SELECT".to_owned()),
        }
    }

    /// The scans that are not held to the video, by alias. Conditions of an outer join count as those of an inner one.
    pub(super) fn unscoped(&self, video: i64) -> Vec<String> {
        let mut scopes = Scopes { video: video.to_string(), held: Vec::new(), free: Vec::new() };
        let _ = self.0.visit(&mut scopes);
        scopes.free
    }

    pub(super) fn is_ordered(&self) -> bool {
        self.0.order_by.is_some()
    }

    /// Where the outermost LIMIT and OFFSET cut; `None` without them, or where they are not plain numbers.
    pub(super) fn cut(&self) -> Option<Cut> {
        let Some(LimitClause::LimitOffset { limit, offset, .. }) = &self.0.limit_clause else { return None };
        let from = match offset {
            Some(offset) => whole(&offset.value)?,
            None => 0,
        };
        let to = match limit {
            Some(limit) => from.saturating_add(whole(limit)?),
            None => usize::MAX,
        };
        Some(Cut { from, to })
    }

    pub(super) fn without_limit(&self) -> String {
        let mut query = self.0.clone();
        query.limit_clause = None;
        query.to_string()
    }

    /// Whether columns can be added without changing its rows.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.0.body.as_ref(), SetExpr::Select(select) if select.distinct.is_none())
    }
}

/// The aliases that are held to the video, one set for each SELECT around the one that is looked at.
struct Scopes {
    video: String,
    held: Vec<BTreeSet<String>>,
    free: Vec<String>,
}

impl Visitor for Scopes {
    type Break = ();

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        let (mut names, mut conditions, mut using) = (Vec::new(), Vec::new(), false);
        for from in &select.from {
            scanned(&from.relation, &mut names);
            for Join { relation, join_operator, .. } in &from.joins {
                scanned(relation, &mut names);
                match constraint(join_operator) {
                    Some(JoinConstraint::On(on)) => conjuncts(on, &mut conditions),
                    Some(JoinConstraint::Using(columns)) => {
                        using |= columns.iter().any(|c| c.to_string() == "video_id")
                    }
                    Some(JoinConstraint::Natural) => using = true,
                    _ => {}
                }
            }
        }
        if let Some(filter) = &select.selection {
            conjuncts(filter, &mut conditions);
        }
        let mut held = BTreeSet::new();
        // Until nothing more follows: `a.video_id = 1 AND b.video_id = a.video_id`.
        loop {
            let before = held.len();
            for condition in &conditions {
                self.follow(condition, &names, &mut held);
            }
            if using && !held.is_empty() {
                held.extend(names.iter().map(|(alias, _)| alias.clone()));
            }
            if held.len() == before {
                break;
            }
        }
        let scans = names.iter().filter(|(alias, table)| SCOPED.contains(&table.as_str()) && !held.contains(alias));
        self.free.extend(
            scans.map(|(alias, table)| if alias == table { table.clone() } else { format!("{table} {alias}") }),
        );
        self.held.push(held);
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, _: &Select) -> ControlFlow<()> {
        self.held.pop();
        ControlFlow::Continue(())
    }
}

impl Scopes {
    /// What one equality holds to the video.
    fn follow(&self, condition: &Expr, names: &[(String, String)], held: &mut BTreeSet<String>) {
        let Expr::BinaryOp { left, op: BinaryOperator::Eq, right } = condition else { return };
        for (column, other) in [(left, right), (right, left)] {
            let Some(alias) = video_of(column) else { continue };
            let holds = match (video_of(other), other.as_ref()) {
                (Some(Some(other)), _) => held.contains(&other) || self.held.iter().any(|outer| outer.contains(&other)),
                (Some(None), _) => false,
                (None, other) => other.to_string().trim_matches('\'') == self.video,
            };
            match alias {
                Some(alias) if holds => {
                    held.insert(alias);
                }
                // Without an alias it is the only one that has the column, or all that are joined by it.
                None if holds => held.extend(names.iter().map(|(alias, _)| alias.clone())),
                _ => {}
            }
        }
    }
}

/// The tables that stand in FROM, as (alias, name).
fn scanned(factor: &TableFactor, names: &mut Vec<(String, String)>) {
    match factor {
        TableFactor::Table { name, alias, .. } => {
            let table = name.0.last().map_or_else(String::new, ToString::to_string).to_lowercase();
            let alias = alias.as_ref().map_or_else(|| table.clone(), |alias| alias.name.value.to_lowercase());
            names.push((alias, table));
        }
        TableFactor::Derived { alias: Some(alias), .. } => {
            names.push((alias.name.value.to_lowercase(), String::new()));
        }
        TableFactor::NestedJoin { table_with_joins, .. } => {
            scanned(&table_with_joins.relation, names);
            for join in &table_with_joins.joins {
                scanned(&join.relation, names);
            }
        }
        _ => {}
    }
}

fn constraint(join: &JoinOperator) -> Option<&JoinConstraint> {
    use JoinOperator::{FullOuter, Inner, Join, Left, LeftOuter, Right, RightOuter};
    match join {
        Join(c) | Inner(c) | Left(c) | LeftOuter(c) | Right(c) | RightOuter(c) | FullOuter(c) => Some(c),
        _ => None,
    }
}

fn conjuncts<'a>(expr: &'a Expr, found: &mut Vec<&'a Expr>) {
    match expr {
        Expr::Nested(inner) => conjuncts(inner, found),
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            conjuncts(left, found);
            conjuncts(right, found);
        }
        other => found.push(other),
    }
}

/// `video_id`, and of which alias.
fn video_of(expr: &Expr) -> Option<Option<String>> {
    match expr {
        Expr::Nested(inner) => video_of(inner),
        Expr::Identifier(name) if name.value.eq_ignore_ascii_case("video_id") => Some(None),
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [.., alias, name] if name.value.eq_ignore_ascii_case("video_id") => Some(Some(alias.value.to_lowercase())),
            _ => None,
        },
        _ => None,
    }
}

fn whole(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) => text.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_that_leave_their_video_are_found() {
        for (sql, free) in [
            ("SELECT id FROM db_event WHERE video_id = 1", ""),
            ("SELECT id FROM db_event WHERE video_id = 2", "db_event"),
            ("SELECT id FROM db_event", "db_event"),
            ("SELECT id FROM db_event WHERE video_id = 1 OR age > 3", "db_event"),
            ("SELECT id FROM db_event e WHERE (1 = e.video_id AND age > 3)", ""),
            ("SELECT e.id FROM db_event e JOIN db_video v ON v.video_id = e.video_id WHERE e.video_id = 1", ""),
            ("SELECT e.id FROM db_event e JOIN db_video v USING (video_id) WHERE video_id = 1", ""),
            ("SELECT e.id FROM db_event e JOIN db_video v USING (video_id) WHERE v.video_id = 1", ""),
            ("SELECT e.id FROM db_event e, db_event a WHERE e.video_id = 1", "db_event a"),
            (
                "SELECT id FROM db_event e WHERE video_id = 1 AND EXISTS (SELECT FROM db_event a WHERE a.video_id = e.video_id)",
                "",
            ),
            ("SELECT id FROM db_event WHERE video_id = 1 AND age > (SELECT avg(age) FROM db_event)", "db_event"),
            ("WITH t AS (SELECT * FROM db_event WHERE video_id = 1) SELECT id FROM t", ""),
            ("WITH t AS (SELECT * FROM db_event) SELECT id FROM t WHERE video_id = 1", "db_event"),
            ("SELECT id FROM db_event WHERE video_id = 1 UNION SELECT id FROM public.db_event", "db_event"),
            ("SELECT 1", ""),
        ] {
            let parsed = Parsed::of(sql).unwrap();
            assert_eq!(parsed.unscoped(1).join(", "), free, "{sql}");
        }
    }

    #[test]
    fn cuts_are_read() {
        for (sql, cut) in [
            ("SELECT 1", None),
            ("SELECT 1 LIMIT 3", Some(Cut { from: 0, to: 3 })),
            ("SELECT 1 LIMIT 3 OFFSET 2", Some(Cut { from: 2, to: 5 })),
            ("SELECT 1 OFFSET 2", Some(Cut { from: 2, to: usize::MAX })),
            ("SELECT 1 LIMIT 1 + 1", None),
        ] {
            assert_eq!(Parsed::of(sql).unwrap().cut(), cut, "{sql}");
        }
        assert!(Parsed::of("DELETE FROM db_event").is_err() && Parsed::of("SELECT 1; SELECT 2").is_err());
        assert!(Parsed::of("SELEC").is_err());
    }
}
