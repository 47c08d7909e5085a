//! Whether a value can be no larger than the data says, by its form alone.

use sqlparser::ast::{
    BinaryOperator, DataType, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectNamePart, SelectItem,
    SetExpr, TableFactor, TableWithJoins,
};

use super::{pattern, series};
use crate::sql::catalog::{Catalog, Table};

/// What values may be made of.
#[derive(Clone, Copy)]
pub(super) struct Extent<'a> {
    pub(super) of: Option<Of<'a>>,
    pub(super) catalog: &'a Catalog,
}

/// A table whose columns may be named.
#[derive(Clone, Copy)]
pub(super) struct Of<'a> {
    pub(super) table: &'a Table,
    /// The name it goes by.
    pub(super) called: &'a str,
    /// Only as `min(…)` and `max(…)`: a column for each row would multiply.
    pub(super) extremes: bool,
}

impl Extent<'_> {
    /// A number: no multiplying, no large number, no text made to a number, and of columns those of the table alone that
    /// measure something.
    pub(super) fn measured(self, expr: &Expr) -> bool {
        match expr {
            Expr::Nested(e) | Expr::Ceil { expr: e, .. } | Expr::Floor { expr: e, .. } => self.measured(e),
            Expr::Cast { expr, .. } => self.measured(expr),
            Expr::BinaryOp { left, op: BinaryOperator::Plus | BinaryOperator::Minus, right } => {
                self.measured(left) && self.measured(right)
            }
            Expr::BinaryOp { left, op: BinaryOperator::Divide | BinaryOperator::Modulo, right } => {
                self.measured(left) && series::number(right).is_some_and(|n| n >= 1.0)
            }
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => self.column(expr),
            Expr::Function(_) => {
                let known = ["max", "min", "count", "avg", "round", "ceil", "floor", "least", "greatest", "coalesce"];
                self.call(expr, &known, Self::measured)
            }
            Expr::Subquery(_) => self.subquery(expr, |extent, value| extent.measured(value)),
            expr => series::number(expr).is_some_and(|n| n.abs() <= 1e5),
        }
    }

    /// A moment: now, one of the data, one of these years; a bounded time before or after such a one.
    pub(super) fn dated(self, expr: &Expr) -> bool {
        const DAY: f64 = 86400.0;
        let years = -20.0 * 366.0 * DAY..130.0 * 366.0 * DAY;
        if let Some(at) = series::moment(expr) {
            return years.contains(&at);
        }
        match expr {
            Expr::Nested(e) | Expr::AtTimeZone { timestamp: e, .. } => self.dated(e),
            Expr::Cast { expr, data_type: DataType::Timestamp(..) | DataType::Date, .. } => self.dated(expr),
            Expr::BinaryOp { left, op: BinaryOperator::Plus | BinaryOperator::Minus, right } => {
                self.dated(left) && self.span(right)
            }
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) => self.column(expr),
            Expr::Function(_) => {
                let now = ["now", "current_date", "current_timestamp", "localtimestamp"];
                let of = ["max", "min", "least", "greatest", "coalesce", "date"];
                self.call(expr, &now, |_, _| false)
                    || self.call(expr, &of, Self::dated)
                    || self.call(expr, &["date_trunc"], |extent, arg| pattern::text(arg).is_some() || extent.dated(arg))
            }
            Expr::Subquery(_) => self.subquery(expr, |extent, value| extent.dated(value)),
            _ => false,
        }
    }

    /// A length of time: an interval of at most a hundred years, or a measure of the data in units of at most an hour.
    fn span(self, expr: &Expr) -> bool {
        match expr {
            Expr::Nested(e) => self.span(e),
            Expr::BinaryOp { left, op: BinaryOperator::Multiply, right } => {
                let unit = |expr: &Expr| series::seconds(expr).is_some_and(|length| length <= 3600.0);
                (self.measured(left) && unit(right)) || (unit(left) && self.measured(right))
            }
            Expr::Function(_) => self.call(expr, &["coalesce"], Self::span),
            expr => series::seconds(expr).is_some_and(|length| length <= 3.2e9),
        }
    }

    fn column(self, expr: &Expr) -> bool {
        let Some(of) = self.of.filter(|of| !of.extremes) else { return false };
        let named = |ident: &Ident| {
            let name = ident.value.to_lowercase();
            let tells_apart = [&of.table.key, &of.table.scope].into_iter().flatten().any(|column| *column == name);
            !tells_apart && of.table.column(&name).is_some()
        };
        match expr {
            Expr::Identifier(ident) => named(ident),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [table, ident] => table.value.to_lowercase() == of.called && named(ident),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether it is a plain call of one of these, and each argument is as it has to be.
    fn call(self, expr: &Expr, names: &[&str], fits: impl Fn(Self, &Expr) -> bool) -> bool {
        let Expr::Function(function) = expr else { return false };
        let [ObjectNamePart::Identifier(name)] = function.name.0.as_slice() else { return false };
        let name = name.value.to_lowercase();
        // The extremes of all rows are one value.
        let inside = match self.of {
            Some(of) if matches!(name.as_str(), "min" | "max") => {
                Self { of: Some(Of { extremes: false, ..of }), ..self }
            }
            _ => self,
        };
        names.contains(&name.as_str())
            && function.over.is_none()
            && match &function.args {
                FunctionArguments::None => true,
                FunctionArguments::List(list) => list.args.iter().all(|arg| match arg {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => fits(inside, expr),
                    FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => true,
                    _ => false,
                }),
                FunctionArguments::Subquery(_) => false,
            }
    }

    /// One value of one table.
    fn subquery(self, expr: &Expr, fits: impl Fn(Extent<'_>, &Expr) -> bool) -> bool {
        let Expr::Subquery(query) = expr else { return false };
        let SetExpr::Select(select) = query.body.as_ref() else { return false };
        let [SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. }] =
            select.projection.as_slice()
        else {
            return false;
        };
        let [TableWithJoins { relation: TableFactor::Table { name, alias, args: None, .. }, joins }] =
            select.from.as_slice()
        else {
            return false;
        };
        let [ObjectNamePart::Identifier(name)] = name.0.as_slice() else { return false };
        let called = alias.as_ref().map_or(&name.value, |alias| &alias.name.value).to_lowercase();
        let table = self.catalog.table(&name.value.to_lowercase()).filter(|_| joins.is_empty());
        table.is_some_and(|table| {
            let of = Some(Of { table, called: &called, extremes: false });
            fits(Extent { of, catalog: self.catalog }, value)
        })
    }
}
