//! Numbers in the statement, and how many rows a `generate_series` of them makes.

use jiff::{SignedDuration, Span, Timestamp, civil::DateTime, tz::TimeZone};
use sqlparser::ast::{BinaryOperator, DataType, Expr, UnaryOperator, Value};

use super::{
    extent::{Extent, Of},
    pattern::text,
};
use crate::sql::catalog::Catalog;

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

/// How many rows `generate_series(first, last[, step])` makes, or may make. Its ends may be of the data: from a subquery of
/// one table, or the extremes of `around`, the table it stands beside in a SELECT.
///
/// # Errors
/// What has to be otherwise, to stand after the function's name.
pub(super) fn rows(args: &[&Expr], around: Option<Of<'_>>, catalog: &Catalog) -> Result<f64, &'static str> {
    let (first, last, step) = match args {
        [first, last] => (*first, *last, None),
        [first, last, step] => (*first, *last, Some(*step)),
        _ => return Err("takes a first value, a last one and a step"),
    };
    let needs_interval = "of moments needs an interval as its step, such as INTERVAL '1 hour'";
    if let (Some(first), Some(last)) = (moment(first), moment(last)) {
        let step = step.and_then(seconds).ok_or(needs_interval)?;
        return count(first, last, step);
    }
    let extent = Extent { of: around, catalog };
    if extent.dated(first) && extent.dated(last) {
        let step = step.and_then(|step| seconds(step).or_else(|| spelled_seconds(text(step)?)));
        return match step.ok_or(needs_interval)? {
            step if step >= 60.0 => Ok(GUESS),
            _ => Err("of moments of the data needs a step of a minute or more"),
        };
    }
    let step = match step {
        None => 1.0,
        Some(step) => number(step).ok_or("needs a step that is a number in the statement")?,
    };
    match (number(first), number(last)) {
        (Some(first), Some(last)) => count(first, last, step),
        // As many as the data says: seconds of a video, its events.
        (Some(begin), None) if step >= 1.0 && begin >= -1e6 && extent.measured(last) => Ok(GUESS),
        (None, _) if step >= 1.0 && extent.measured(first) && extent.measured(last) => Ok(GUESS),
        _ => Err("needs ends that are numbers, or of the data, such as (SELECT max(timestamp) …)"),
    }
}

/// Rows of a series of which the data says how many.
const GUESS: f64 = 1000.0;

fn count(first: f64, last: f64, step: f64) -> Result<f64, &'static str> {
    if step == 0.0 {
        return Err("needs a step that is not 0");
    }
    Ok(((last - first) / step).floor().max(-1.0) + 1.0)
}

/// A moment or a day that is spelled out, in seconds.
pub(super) fn moment(expr: &Expr) -> Option<f64> {
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
pub(super) fn seconds(expr: &Expr) -> Option<f64> {
    let spelled = match expr {
        Expr::Interval(interval) if interval.leading_field.is_none() => text(&interval.value)?.to_owned(),
        Expr::Interval(interval) => format!("{} {}", text(&interval.value)?, interval.leading_field.as_ref()?),
        Expr::Cast { expr, data_type: DataType::Interval { .. }, .. } => text(expr)?.to_owned(),
        Expr::Nested(inner) => return seconds(inner),
        _ => return None,
    };
    spelled_seconds(&spelled)
}

fn spelled_seconds(spelled: &str) -> Option<f64> {
    let span: Span = spelled.to_lowercase().parse().ok()?;
    let day: DateTime = jiff::civil::datetime(2000, 1, 1, 0, 0, 0, 0);
    let length: SignedDuration = span.to_duration(day).ok()?;
    Some(length.as_secs_f64()).filter(|seconds| *seconds > 0.0)
}
