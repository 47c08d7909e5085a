//! Numbers in the statement, and how many rows a `generate_series` of them makes.

use jiff::{SignedDuration, Span, Timestamp, civil::DateTime, tz::TimeZone};
use sqlparser::ast::{
    BinaryOperator, DataType, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectNamePart, SelectItem,
    SetExpr, TableFactor, TableWithJoins, UnaryOperator, Value,
};

use super::pattern::text;
use crate::sql::catalog::{Catalog, Table};

/// The number an expression spells, if it spells one.
pub(super) fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Nested(inner) => number(inner),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => number(expr).map(|n| -n),
        Expr::UnaryOp { op: UnaryOperator::Plus, expr } => number(expr),
        Expr::Cast { expr, .. } => number(expr),
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) => plain(text),
            _ => None,
        },
        _ => None,
    }
}

/// As PostgreSQL reads it: 7, 7.5, .5, 1e3.
pub(super) fn plain(text: &str) -> Option<f64> {
    text.parse().ok().filter(|n: &f64| n.is_finite())
}

/// Whether an expression can be nothing but a number, by its form alone.
pub(super) fn is_whole(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner) => is_whole(inner),
        Expr::Position { .. } => true,
        Expr::BinaryOp { left, op: BinaryOperator::Plus | BinaryOperator::Minus, right } => {
            is_whole(left) && is_whole(right)
        }
        Expr::Cast { data_type, .. } => matches!(data_type, DataType::Int(None) | DataType::Integer(None)),
        Expr::Function(function) => matches!(
            function.name.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.to_lowercase()).as_deref(),
            Some("length" | "char_length" | "strpos" | "position")
        ),
        expr => number(expr).is_some(),
    }
}

/// How many rows `generate_series(first, last[, step])` makes, or may make. Its last value may be one of the data, from a
/// subquery of one table.
///
/// # Errors
/// What has to be otherwise, to stand after the function's name.
pub(super) fn rows(args: &[&Expr], catalog: &Catalog) -> Result<f64, &'static str> {
    let (first, last, step) = match args {
        [first, last] => (*first, *last, None),
        [first, last, step] => (*first, *last, Some(*step)),
        _ => return Err("takes a first value, a last one and a step"),
    };
    if let (Some(first), Some(last)) = (moment(first), moment(last)) {
        let step =
            step.and_then(seconds).ok_or("of moments needs an interval as its step, such as INTERVAL '1 hour'")?;
        return count(first, last, step);
    }
    let step = match step {
        None => 1.0,
        Some(step) => number(step).ok_or("needs a step that is a number in the statement")?,
    };
    let first = number(first).ok_or("needs a first value that is a number in the statement")?;
    match number(last) {
        Some(last) => count(first, last, step),
        // As many as the data says: seconds of a video, its events.
        None if step >= 1.0 && first >= -1e6 && measured(last, None, catalog) => Ok(1000.0),
        None => Err("needs a last value that is a number, or one the data gives, such as (SELECT max(timestamp) …)"),
    }
}

fn count(first: f64, last: f64, step: f64) -> Result<f64, &'static str> {
    if step == 0.0 {
        return Err("needs a step that is not 0");
    }
    Ok(((last - first) / step).floor().max(-1.0) + 1.0)
}

/// Whether an expression can be no larger than the data: no multiplying, no large number, no text made to a number, and
/// of columns those of the table alone (`of`, with the name it goes by) that measure something.
fn measured(expr: &Expr, of: Option<(&Table, &str)>, catalog: &Catalog) -> bool {
    let inner = |expr: &Expr| measured(expr, of, catalog);
    let column = |ident: &Ident| {
        let name = ident.value.to_lowercase();
        of.is_some_and(|(table, _)| name != table.key && name != table.scope && table.column(&name).is_some())
    };
    match expr {
        Expr::Nested(e) | Expr::Ceil { expr: e, .. } | Expr::Floor { expr: e, .. } => inner(e),
        Expr::Cast { expr, .. } => inner(expr),
        Expr::BinaryOp { left, op: BinaryOperator::Plus | BinaryOperator::Minus, right } => inner(left) && inner(right),
        Expr::BinaryOp { left, op: BinaryOperator::Divide | BinaryOperator::Modulo, right } => {
            inner(left) && number(right).is_some_and(|n| n >= 1.0)
        }
        Expr::Identifier(ident) => column(ident),
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [table, ident] => of.is_some_and(|(_, name)| table.value.to_lowercase() == name) && column(ident),
            _ => false,
        },
        Expr::Function(function) => {
            let name = function.name.0.last().and_then(|part| part.as_ident()).map(|ident| ident.value.to_lowercase());
            let known = ["max", "min", "count", "avg", "round", "ceil", "floor", "least", "greatest", "coalesce"];
            let FunctionArguments::List(list) = &function.args else { return false };
            known.contains(&name.as_deref().unwrap_or_default())
                && list.args.iter().all(|arg| match arg {
                    FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => inner(expr),
                    FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => true,
                    _ => false,
                })
        }
        Expr::Subquery(query) => {
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
            let table = catalog.table(&name.value.to_lowercase()).filter(|_| joins.is_empty());
            let called = alias.as_ref().map_or(&name.value, |alias| &alias.name.value).to_lowercase();
            table.is_some_and(|table| measured(value, Some((table, &called)), catalog))
        }
        expr => number(expr).is_some_and(|n| n.abs() <= 1e5),
    }
}

/// A moment or a day that is spelled out, in seconds.
fn moment(expr: &Expr) -> Option<f64> {
    let spelled = match expr {
        Expr::TypedString(typed) => match &typed.value.value {
            Value::SingleQuotedString(text) => text.as_str(),
            _ => return None,
        },
        Expr::Cast { expr, data_type: DataType::Timestamp(..) | DataType::Date, .. } => text(expr)?,
        Expr::Nested(inner) => return moment(inner),
        _ => return None,
    };
    let seconds = |moment: Timestamp| moment.as_second() as f64;
    if let Ok(moment) = spelled.parse::<Timestamp>() {
        return Some(seconds(moment));
    }
    let civil: DateTime = spelled.parse().ok()?;
    Some(seconds(civil.to_zoned(TimeZone::UTC).ok()?.timestamp()))
}

/// The length of an interval that is spelled out: `INTERVAL '10 minutes'`, `'1 day'::interval`.
fn seconds(expr: &Expr) -> Option<f64> {
    let spelled = match expr {
        Expr::Interval(interval) if interval.leading_field.is_none() => text(&interval.value)?.to_owned(),
        Expr::Interval(interval) => format!("{} {}", text(&interval.value)?, interval.leading_field.as_ref()?),
        Expr::Cast { expr, data_type: DataType::Interval { .. }, .. } => text(expr)?.to_owned(),
        Expr::Nested(inner) => return seconds(inner),
        _ => return None,
    };
    let span: Span = spelled.to_lowercase().parse().ok()?;
    let day: DateTime = jiff::civil::datetime(2000, 1, 1, 0, 0, 0, 0);
    let length: SignedDuration = span.to_duration(day).ok()?;
    Some(length.as_secs_f64()).filter(|seconds| *seconds > 0.0)
}
