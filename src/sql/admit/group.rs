//! GROUP BY a key, which stands for the whole row.

use sqlparser::ast::Expr;

use super::{
    kinds,
    walk::{Relation, Walk, Walked},
};

impl Walk<'_> {
    /// GROUP BY the key of a table allows its other columns in SELECT; what shadows the table has no key, so they are
    /// grouped by, too, which gives the same groups.
    pub(super) fn put_dependent(&mut self, by: &[Expr]) -> Walked {
        let mut more = Vec::new();
        for expr in by {
            let (of, column) = match expr {
                Expr::Identifier(column) => (None, self.name(column)?),
                Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                    [of, column] => (Some(self.name(of)?), self.name(column)?),
                    _ => continue,
                },
                _ => continue,
            };
            let has =
                |relation: &&Relation<'_>| relation.columns.as_ref().is_none_or(|columns| columns.contains(&column));
            let mut fitting = self
                .frames
                .last()
                .into_iter()
                .flatten()
                .filter(|relation| of.as_ref().is_none_or(|of| relation.name == *of))
                .filter(has);
            let (Some(Relation { name, table: Some(table), columns: Some(columns) }), None) =
                (fitting.next(), fitting.next())
            else {
                continue;
            };
            if table.is_shadowed() && table.key.as_ref() == Some(&column) {
                more.extend(
                    columns.iter().filter(|other| **other != column).map(|other| (name.clone(), other.clone())),
                );
            }
        }
        for (of, column) in more {
            if !by.iter().any(|expr| is_column(expr, &of, &column)) {
                self.put(", ");
                self.put_name(&of);
                self.put(".");
                self.put_name(&column);
            }
        }
        Ok(())
    }
}

fn is_column(expr: &Expr, of: &str, column: &str) -> bool {
    matches!(expr, Expr::CompoundIdentifier(parts)
        if matches!(parts.as_slice(), [a, b] if kinds::spelled_name(a) == of && kinds::spelled_name(b) == column))
}
