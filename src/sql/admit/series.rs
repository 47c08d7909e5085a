//! Numbers in the statement, and how many rows a `generate_series` of them makes.

use jiff::{SignedDuration, Span, Timestamp, civil::DateTime, tz::TimeZone};
use sqlparser::ast::{BinaryOperator, DataType, Expr, UnaryOperator, Value};

use super::{
    extent::{DATA, Extent, days},
    pattern::text,
    walk::Walk,
};

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

/// What a series makes.
pub(super) struct Made {
    pub(super) rows: f64,
    /// What it counts where several are multiplied.
    pub(super) factor: f64,
}

impl Walk<'_> {
    /// How many rows `generate_series(first, last[, step])` makes, or may make. Its arguments were walked before, so that what
    /// the names in them stand for is known.
    ///
    /// # Errors
    /// What has to be otherwise, to stand after the function's name.
    pub(super) fn made(&self, args: &[&Expr]) -> Result<Made, &'static str> {
        let (first, last, step) = match args {
            [first, last] => (*first, *last, None),
            [first, last, step] => (*first, *last, Some(*step)),
            _ => return Err("takes a first value, a last one and a step"),
        };
        let unknown = "needs ends of which can be said how large they are: numbers and moments, columns of the tables, \
                       min, max, count and +, -, *, / of such";
        let (Some(first), Some(last)) = (self.extent(first), self.extent(last)) else { return Err(unknown) };
        let step = match step {
            None => None,
            Some(step) => Some(self.extent(step).ok_or("needs a step of which can be said how large it is")?),
        };
        let exact = first.is_exact() && last.is_exact() && step.is_none_or(Extent::is_exact);
        let (distance, step) = match (first, last) {
            (Extent::Moment { at: a, off: x }, Extent::Moment { at: b, off: y }) => {
                let Some(Extent::Span(step)) = step else {
                    return Err("of moments needs an interval as its step, such as INTERVAL '1 hour'");
                };
                (a.zip(b).map_or(DATA + x + y, |(a, b)| b - a), step)
            }
            (Extent::Moment { .. }, _) | (_, Extent::Moment { .. }) => {
                return Err("needs two numbers, or two moments, as its ends");
            }
            (first, last) => {
                let step = match step {
                    None => 1.0,
                    Some(Extent::Number { most, exact, .. }) => exact.unwrap_or(most),
                    Some(_) => return Err("of numbers needs a number as its step"),
                };
                match (number_of(first), number_of(last)) {
                    ((_, Some(first)), (_, Some(last))) => (last - first, step),
                    ((first, _), (last, _)) => (first + last, step),
                }
            }
        };
        if step == 0.0 {
            return Err("needs a step that is not 0");
        }
        if exact {
            let rows = (distance / step).floor().max(-1.0) + 1.0;
            return Ok(Made { rows, factor: rows });
        }
        Ok(Made { rows: (distance / step).abs(), factor: GUESS })
    }
}

/// Rows of a series of which the data says how many, for a product.
const GUESS: f64 = 100.0;

/// How large, and its value where the statement spells it. Days between two days are a number, too.
fn number_of(extent: Extent) -> (f64, Option<f64>) {
    match extent {
        Extent::Number { most, exact, .. } => (most, exact),
        Extent::Span(seconds) => (days(seconds), None),
        Extent::Moment { .. } => (f64::INFINITY, None),
    }
}

/// A moment or a day, in seconds.
pub(super) fn spelled_moment(spelled: &str) -> Option<f64> {
    let seconds = |moment: Timestamp| moment.as_second() as f64;
    if let Ok(moment) = spelled.parse::<Timestamp>() {
        return Some(seconds(moment));
    }
    let civil: DateTime = spelled.parse().ok()?;
    Some(seconds(civil.to_zoned(TimeZone::UTC).ok()?.timestamp()))
}

/// The length of an interval that is spelled out: `INTERVAL '10 minutes'`, `INTERVAL '10' MINUTE`.
pub(super) fn seconds(expr: &Expr) -> Option<f64> {
    let Expr::Interval(interval) = expr else { return None };
    match &interval.leading_field {
        None => spelled_seconds(text(&interval.value)?),
        Some(field) => spelled_seconds(&format!("{} {field}", text(&interval.value)?)),
    }
}

/// `10 minutes`, `1 day 2 hours`, `00:10:00`.
pub(super) fn spelled_seconds(spelled: &str) -> Option<f64> {
    let spelled = spelled.trim().to_lowercase();
    if let Some((hours, rest)) = spelled.split_once(':') {
        let (minutes, seconds) = rest.split_once(':').unwrap_or((rest, "0"));
        let part = |text: &str| plain(text).filter(|n| *n >= 0.0);
        return Some(part(hours)? * 3600.0 + part(minutes)? * 60.0 + part(seconds)?);
    }
    let span: Span = spelled.parse().ok()?;
    let day: DateTime = jiff::civil::datetime(2000, 1, 1, 0, 0, 0, 0);
    let length: SignedDuration = span.to_duration(day).ok()?;
    Some(length.as_secs_f64())
}
