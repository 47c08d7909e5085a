//! GROUP BY a key, which stands for the whole row.

use sqlparser::ast::{Expr, SelectItem, Value};

use super::{
    kinds,
    walk::{Relation, Walk, Walked},
};
use crate::sql::catalog::Class;

impl Walk<'_> {
    /// What stands behind an ordinal or an alias; a column of FROM comes before an alias.
    fn meant<'e>(&self, expr: &'e Expr, projection: &'e [SelectItem]) -> &'e Expr {
        let of = |item: &'e SelectItem| match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(expr),
            _ => None,
        };
        let expr = unwrapped(expr);
        let found = match expr {
            Expr::Value(value) => match &value.value {
                // An ordinal after a star counts its columns.
                Value::Number(text, false) => text.parse::<usize>().ok().and_then(|n| {
                    let before = projection.get(..n)?;
                    before.iter().all(|item| of(item).is_some()).then_some(before.last()).flatten()
                }),
                _ => None,
            },
            Expr::Identifier(name) => {
                let name = kinds::spelled_name(name);
                let is_column = |relation: &Relation<'_>| relation.columns.as_ref().is_none_or(|c| c.contains(&name));
                let aliased = |item: &&SelectItem| match item {
                    SelectItem::ExprWithAlias { alias, .. } => kinds::spelled_name(alias) == name,
                    _ => false,
                };
                match self.frames.last().is_some_and(|frame| frame.iter().any(is_column)) {
                    true => None,
                    false => projection.iter().find(aliased),
                }
            }
            _ => None,
        };
        unwrapped(found.and_then(of).unwrap_or(expr))
    }

    /// The shadowed table of this FROM whose key this column is, if there is one, and its columns.
    fn keyed(&self, of: Option<&str>, column: &str) -> Option<(&String, &Vec<String>)> {
        let mut keyed = self.frames.last()?.iter().filter_map(|relation| {
            let Relation { name, table: Some(table), columns: Some(columns) } = relation else { return None };
            let fits = table.is_shadowed() && table.key.as_deref() == Some(column) && of.is_none_or(|of| name == of);
            fits.then_some((name, columns))
        });
        keyed.next().filter(|_| keyed.next().is_none())
    }

    /// Whether a SELECT without GROUP BY gives one row: it has an aggregate.
    pub(super) fn is_one_row(&self, projection: &[SelectItem]) -> bool {
        projection.iter().any(|item| match item {
            SelectItem::UnnamedExpr(Expr::Function(call))
            | SelectItem::ExprWithAlias { expr: Expr::Function(call), .. } => {
                let name = call.name.0.last().and_then(|part| part.as_ident()).map(kinds::spelled_name);
                let class = name.and_then(|name| self.catalog.function(&name)).map(|function| function.class);
                class == Some(Class::Aggregate) && call.over.is_none()
            }
            _ => false,
        })
    }

    /// GROUP BY the key of a table allows its other columns in SELECT; what shadows the table has no key, so they are
    /// grouped by, too, which gives the same groups.
    pub(super) fn put_dependent(&mut self, by: &[Expr], projection: &[SelectItem]) -> Walked {
        let mut more = Vec::new();
        let meant: Vec<&Expr> = by.iter().map(|expr| self.meant(expr, projection)).collect();
        for &expr in &meant {
            let (of, column) = match expr {
                Expr::Identifier(column) => (None, self.name(column)?),
                Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                    [of, column] => (Some(self.name(of)?), self.name(column)?),
                    _ => continue,
                },
                _ => continue,
            };
            // Alone it is the key, or one column with it through USING: a second one PostgreSQL calls ambiguous.
            if let Some((name, columns)) = self.keyed(of.as_deref(), &column) {
                more.extend(
                    columns.iter().filter(|other| **other != column).map(|other| (name.clone(), other.clone())),
                );
            }
        }
        for (of, column) in more {
            if !meant.iter().any(|expr| is_column(expr, &of, &column)) {
                self.put(", ");
                self.put_name(&of);
                self.put(".");
                self.put_name(&column);
            }
        }
        Ok(())
    }
}

fn unwrapped(mut expr: &Expr) -> &Expr {
    while let Expr::Nested(inner) = expr {
        expr = inner;
    }
    expr
}

fn is_column(expr: &Expr, of: &str, column: &str) -> bool {
    matches!(expr, Expr::CompoundIdentifier(parts)
        if matches!(parts.as_slice(), [a, b] if kinds::spelled_name(a) == of && kinds::spelled_name(b) == column))
}
