//! How large a value can be, by its form: the data's measures count as [`DATA`] each, and what is made of them is reckoned.
//! Names that the statement gives are known by name alone, so that one name is as large as the largest thing called so.

use std::collections::HashMap;

use sqlparser::ast::{
    BinaryOperator, CaseWhen, DataType, DateTimeField, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Query,
    SelectItem, SetExpr, UnaryOperator, Value,
};

use super::{kinds, pattern, series, walk::Walk};

/// What a value can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Extent {
    /// Whether it is an integer, which divides as one; its value, where the statement spells it.
    Number { most: f64, exact: Option<f64>, whole: bool },
    /// In seconds: when, where the statement spells it; and how far from the moments of the data.
    Moment { at: Option<f64>, off: f64 },
    /// In seconds.
    Span(f64),
}

/// Seconds of a video, its events: so many, for what may be multiplied with them.
pub(super) const DATA: f64 = 990.0;

const DAY: f64 = 86400.0;

/// How far from the data's moments those are that the statement spells.
const SPELLED_OFF: f64 = 30.0 * DAY;

/// How deep an expression is looked into.
const DEPTH: usize = 64;

/// What the names stand for that the statement gave so far.
#[derive(Debug, Default)]
pub(super) struct Extents {
    /// `None`: anything.
    of: HashMap<String, Option<Extent>>,
    /// Something without a known name was left out.
    lost: bool,
}

impl Extents {
    pub(super) fn note(&mut self, name: &str, extent: Option<Extent>) {
        let extent = extent.map(Extent::forgetting);
        self.of.entry(name.to_owned()).and_modify(|known| *known = both(*known, extent)).or_insert(extent);
    }

    /// The columns, by place, are called so, too.
    pub(super) fn rename(&mut self, columns: Option<&[String]>, names: &[String]) {
        for (at, name) in names.iter().enumerate() {
            let extent = columns.and_then(|columns| self.of.get(columns.get(at)?).copied().flatten());
            self.note(name, extent);
        }
    }

    /// The rows of `right` come under the names of `left`.
    pub(super) fn unite(&mut self, left: Option<&[String]>, right: Option<&[String]>) {
        match left {
            Some(left) => self.rename(right, left),
            None => self.lost = true,
        }
    }
}

impl Extent {
    pub(super) fn number(most: f64) -> Option<Self> {
        most.is_finite().then_some(Self::Number { most, exact: None, whole: false })
    }

    fn exactly(value: f64, whole: bool) -> Option<Self> {
        let exact = Some(value).filter(|value| value.abs() < 9e15);
        value.is_finite().then_some(Self::Number { most: value.abs(), exact, whole })
    }

    pub(super) fn is_exact(self) -> bool {
        match self {
            Self::Number { exact, .. } => exact.is_some(),
            Self::Moment { at, .. } => at.is_some(),
            // Of one end, days between two days; of a step, as long as it is.
            Self::Span(_) => true,
        }
    }

    /// Of a name it is no longer known which of its values is meant.
    fn forgetting(self) -> Self {
        match self {
            Self::Number { most, whole, .. } => Self::Number { most, exact: None, whole },
            Self::Moment { off, .. } => Self::Moment { at: None, off },
            span => span,
        }
    }

    fn of_text(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(number) = series::plain(text) {
            return Self::exactly(number, false);
        }
        Self::at(series::spelled_moment(text)).or_else(|| series::spelled_seconds(text).map(Self::Span))
    }

    /// One of these years.
    fn at(seconds: Option<f64>) -> Option<Self> {
        let years = -20.0 * 366.0 * DAY..130.0 * 366.0 * DAY;
        let at = seconds.filter(|at| years.contains(at))?;
        Some(Self::Moment { at: Some(at), off: SPELLED_OFF })
    }
}

/// Either of them.
fn both(a: Option<Extent>, b: Option<Extent>) -> Option<Extent> {
    Some(match (a?, b?) {
        (Extent::Number { most: a, whole: w, .. }, Extent::Number { most: b, whole: x, .. }) => {
            Extent::Number { most: a.max(b), exact: None, whole: w && x }
        }
        (Extent::Moment { off: a, .. }, Extent::Moment { off: b, .. }) => Extent::Moment { at: None, off: a.max(b) },
        (Extent::Span(a), Extent::Span(b)) => Extent::Span(a.abs().max(b.abs())),
        _ => return None,
    })
}

impl Walk<'_> {
    pub(super) fn extent(&self, expr: &Expr) -> Option<Extent> {
        self.within(expr, DEPTH)
    }

    /// Either of them.
    pub(super) fn larger(&self, of: &[&Expr]) -> Option<Extent> {
        of.iter().map(|expr| self.extent(expr)).reduce(both)?
    }

    fn within(&self, expr: &Expr, depth: usize) -> Option<Extent> {
        let depth = depth.checked_sub(1)?;
        let inner = |expr: &Expr| self.within(expr, depth);
        match expr {
            Expr::Nested(e) => inner(e),
            Expr::AtTimeZone { timestamp: e, .. } => inner(e).filter(|e| matches!(e, Extent::Moment { .. })),
            Expr::Ceil { expr: e, .. } | Expr::Floor { expr: e, .. } => match inner(e)? {
                Extent::Number { most, .. } => Extent::number(most + 1.0),
                _ => None,
            },
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => inner(expr),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => Some(match inner(expr)? {
                Extent::Number { most, exact, whole } => Extent::Number { most, exact: exact.map(|n| -n), whole },
                Extent::Span(seconds) => Extent::Span(-seconds),
                Extent::Moment { .. } => return None,
            }),
            Expr::Cast { expr, data_type, .. } => cast(inner(expr)?, data_type),
            Expr::TypedString(typed) => match &typed.value.value {
                Value::SingleQuotedString(text) => cast(Extent::of_text(text)?, &typed.data_type),
                _ => None,
            },
            Expr::Interval(_) => series::seconds(expr).map(Extent::Span),
            Expr::Value(value) => match &value.value {
                Value::Number(text, _) => {
                    Extent::exactly(series::plain(text)?, text.bytes().all(|b| b.is_ascii_digit()))
                }
                _ => Extent::of_text(pattern::text(expr)?),
            },
            Expr::BinaryOp { left, op, right } => combined(inner(left)?, op, inner(right)?),
            Expr::Identifier(name) => self.named_extent(&kinds::spelled_name(name)),
            Expr::CompoundIdentifier(parts) => self.named_extent(&kinds::spelled_name(parts.last()?)),
            Expr::Case { conditions, else_result, .. } => {
                let otherwise = else_result.iter().map(|e| inner(e));
                conditions.iter().map(|CaseWhen { result, .. }| inner(result)).chain(otherwise).reduce(both)?
            }
            Expr::Extract { field, expr, .. } => part(field, inner(expr)?),
            Expr::Position { .. } => Extent::number(DATA),
            Expr::Subquery(query) => self.one_value(query, depth),
            Expr::Function(function) => {
                let name = kinds::spelled_name(function.name.0.last()?.as_ident()?);
                match &function.args {
                    FunctionArguments::None => self.called(&name, &[], depth),
                    FunctionArguments::List(list) => self.called(&name, &list.args, depth),
                    FunctionArguments::Subquery(_) => None,
                }
            }
            _ => None,
        }
    }

    fn called(&self, name: &str, args: &[FunctionArg], depth: usize) -> Option<Extent> {
        let arg = |at: usize| match args.get(at)? {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.within(expr, depth),
            _ => None,
        };
        match name {
            "now"
            | "current_date"
            | "current_timestamp"
            | "localtimestamp"
            | "transaction_timestamp"
            | "statement_timestamp"
            | "clock_timestamp" => Some(Extent::Moment { at: None, off: SPELLED_OFF }),
            "count" | "row_number" | "rank" | "dense_rank" | "length" | "char_length" | "cardinality"
            | "array_length" | "array_upper" | "jsonb_array_length" | "strpos" => Extent::number(DATA),
            "min" | "max" | "avg" | "lag" | "lead" | "first_value" | "last_value" | "nullif" | "abs" | "trunc"
            | "round" | "ceil" | "ceiling" | "floor" => match arg(0)? {
                Extent::Number { most, .. } => Extent::number(most + 1.0),
                other => Some(other.forgetting()),
            },
            "sum" => match arg(0)? {
                Extent::Number { most, .. } => Extent::number(most * 1000.0),
                _ => None,
            },
            "coalesce" | "greatest" | "least" => (0..args.len()).map(arg).reduce(both)?,
            "date" => cast(arg(0)?, &DataType::Date),
            "date_trunc" => match arg(1)? {
                Extent::Moment { off, .. } => Some(Extent::Moment { at: None, off: off + DAY }),
                Extent::Span(seconds) => Some(Extent::Span(seconds)),
                Extent::Number { .. } => None,
            },
            "date_bin" => arg(1).map(Extent::forgetting).filter(|e| matches!(e, Extent::Moment { .. })),
            "to_timestamp" if args.len() == 1 => match arg(0)? {
                Extent::Number { most, .. } if most <= 5e9 => {
                    Some(Extent::Moment { at: None, off: SPELLED_OFF + most })
                }
                _ => None,
            },
            "make_interval" => {
                let mut seconds = 0.0;
                for arg in args {
                    let (FunctionArg::Named { name, arg: FunctionArgExpr::Expr(expr), .. }
                    | FunctionArg::ExprNamed {
                        name: Expr::Identifier(name), arg: FunctionArgExpr::Expr(expr), ..
                    }) = arg
                    else {
                        return None;
                    };
                    let unit = match kinds::spelled_name(name).as_str() {
                        "secs" => 1.0,
                        "mins" => 60.0,
                        "hours" => 3600.0,
                        "days" => DAY,
                        "weeks" => 7.0 * DAY,
                        _ => return None,
                    };
                    let Extent::Number { most, exact, .. } = self.within(expr, depth)? else { return None };
                    seconds += unit * exact.unwrap_or(most);
                }
                Some(Extent::Span(seconds))
            }
            _ => None,
        }
    }

    fn named_extent(&self, name: &str) -> Option<Extent> {
        let mut found: Option<Option<Extent>> = self.extents.of.get(name).copied();
        if self.extents.lost {
            return None;
        }
        for table in self.catalog.tables() {
            let Some(column) = table.column(name) else { continue };
            let tells_apart = [&table.key, &table.scope].into_iter().flatten().any(|column| column == name);
            let kind = |beginnings: &[&str]| beginnings.iter().any(|beginning| column.kind.starts_with(beginning));
            let extent = if tells_apart {
                None
            } else if kind(&["timestamp", "date"]) {
                Some(Extent::Moment { at: None, off: 0.0 })
            } else if kind(&["bigint", "int", "smallint", "double", "real", "numeric", "float", "decimal"]) {
                Extent::number(DATA)
            } else {
                None
            };
            found = Some(found.map_or(extent, |known| both(known, extent)));
        }
        found.flatten()
    }

    /// Of a subquery in an expression.
    fn one_value(&self, query: &Query, depth: usize) -> Option<Extent> {
        self.of_body(&query.body, depth)
    }

    fn of_body(&self, body: &SetExpr, depth: usize) -> Option<Extent> {
        let depth = depth.checked_sub(1)?;
        match body {
            SetExpr::Select(select) => match select.projection.as_slice() {
                [SelectItem::UnnamedExpr(value) | SelectItem::ExprWithAlias { expr: value, .. }] => {
                    self.within(value, depth)
                }
                _ => None,
            },
            SetExpr::SetOperation { left, right, .. } => both(self.of_body(left, depth), self.of_body(right, depth)),
            SetExpr::Query(query) => self.of_body(&query.body, depth),
            _ => None,
        }
    }
}

fn combined(left: Extent, op: &BinaryOperator, right: Extent) -> Option<Extent> {
    use BinaryOperator::{Divide, Minus, Modulo, Multiply, Plus};
    use Extent::{Moment, Number, Span};
    match (left, op, right) {
        (Number { most: a, exact: x, whole: w }, op, Number { most: b, exact: y, whole: v }) => {
            let whole = w && v;
            if let (Some(x), Some(y)) = (x, y) {
                let value = match op {
                    Plus => x + y,
                    Minus => x - y,
                    Multiply => x * y,
                    Divide if whole => (x / y).trunc(),
                    Divide => x / y,
                    Modulo => x % y,
                    _ => return None,
                };
                return Extent::exactly(value, whole);
            }
            match (op, y) {
                (Plus | Minus, _) => Extent::number(a + b),
                (Multiply, _) => Extent::number(a * b),
                (Divide, Some(y)) => Extent::number(a / y.abs()),
                (Modulo, _) => Extent::number(a.min(b)),
                _ => None,
            }
        }
        (Moment { at, off }, Plus | Minus, Span(s)) => {
            let s = if *op == Minus { -s } else { s };
            Some(Moment { at: at.map(|at| at + s), off: off + s.abs() })
        }
        (Span(s), Plus, Moment { at, off }) => Some(Moment { at: at.map(|at| at + s), off: off + s.abs() }),
        // A day and a number of days.
        (Moment { off, .. }, Plus | Minus, Number { most, .. }) => Some(Moment { at: None, off: off + most * DAY }),
        (Moment { at: Some(a), .. }, Minus, Moment { at: Some(b), .. }) => Some(Span((a - b).abs())),
        (Moment { off: a, .. }, Minus, Moment { off: b, .. }) => Some(Span(DATA + a + b)),
        (Span(a), Plus, Span(b)) => Some(Span(a + b)),
        (Span(a), Minus, Span(b)) => Some(Span(a.abs() + b.abs())),
        (Span(s), Multiply, Number { most, exact, .. }) | (Number { most, exact, .. }, Multiply, Span(s)) => {
            Some(Span(s * exact.unwrap_or(most)))
        }
        (Span(s), Divide, Number { exact: Some(by), .. }) if by != 0.0 => Some(Span(s / by)),
        // Days between two days are a number.
        (Span(s), Plus | Minus, Number { most, .. }) | (Number { most, .. }, Plus | Minus, Span(s)) => {
            Extent::number(days(s) + most)
        }
        _ => None,
    }
}

/// Days between two days, which are a number.
pub(super) fn days(seconds: f64) -> f64 {
    seconds.abs() / DAY + DATA
}

fn cast(extent: Extent, to: &DataType) -> Option<Extent> {
    let moment = |extent: Extent| matches!(extent, Extent::Moment { .. });
    match (extent, to) {
        (
            Extent::Number { most, exact, .. },
            DataType::Int(_)
            | DataType::Integer(_)
            | DataType::BigInt(_)
            | DataType::SmallInt(_)
            | DataType::Int2(_)
            | DataType::Int4(_)
            | DataType::Int8(_),
        ) => {
            // A half goes up or to the even one, by its type.
            let exact = exact.filter(|n| n.fract().abs() != 0.5).map(f64::round);
            Some(Extent::Number { most: exact.map_or(most + 1.0, f64::abs), exact, whole: true })
        }
        (
            Extent::Number { most, exact, .. },
            DataType::DoublePrecision
            | DataType::Float8
            | DataType::Float(_)
            | DataType::Real
            | DataType::Float4
            | DataType::Numeric(_)
            | DataType::Decimal(_),
        ) => Some(Extent::Number { most, exact, whole: false }),
        // Days between two days.
        (Extent::Span(s), DataType::Int(_) | DataType::Integer(_) | DataType::BigInt(_)) => Extent::number(days(s)),
        (Extent::Moment { at, off }, DataType::Date) => {
            Some(Extent::Moment { at: at.map(|at| (at / DAY).floor() * DAY), off: off + DAY })
        }
        (extent, DataType::Timestamp(..)) if moment(extent) => Some(extent),
        (Extent::Span(_), DataType::Interval { .. }) => Some(extent),
        _ => None,
    }
}

fn part(field: &DateTimeField, of: Extent) -> Option<Extent> {
    match (kinds::field(field)?, of) {
        ("epoch", Extent::Span(s)) => Extent::number(s.abs()),
        ("epoch" | "julian" | "microseconds" | "milliseconds", _) => None,
        (_, Extent::Moment { .. }) => Extent::number(DATA),
        (_, Extent::Span(s)) => Extent::number(s.abs().max(DATA)),
        (_, Extent::Number { .. }) => None,
    }
}
