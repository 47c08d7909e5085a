//! PostgreSQL's own words for types, operators and parts of moments, and the names it gives to columns without one.

use std::fmt::{self, Write};

use sqlparser::ast::{
    ArrayElemTypeDef, BinaryOperator, CharacterLength, DataType, DateTimeField, ExactNumberInfo, Expr,
    FunctionArguments, TimezoneInfo, TrimWhereField,
};

use super::{
    Code,
    walk::{Walk, Walked},
};

impl Walk<'_> {
    /// A type's name, if the catalog has it; `[]` may follow.
    pub(super) fn kind(&mut self, kind: &DataType) -> Walked<String> {
        self.deeper(|walk| match kind {
            DataType::Array(ArrayElemTypeDef::SquareBracket(of, None)) => Ok(format!("{}[]", walk.kind(of)?)),
            kind => match spelled(kind) {
                Some((name, length)) if walk.catalog.kind(name) => Ok(format!("{name}{length}")),
                _ => {
                    let message = format!("the type {} is not allowed", beginning_of(kind));
                    walk.refuse(Code::TypeNotAllowed, message)
                }
            },
        })
    }
}

/// Name and length, `numeric` and `(10,2)`.
fn spelled(kind: &DataType) -> Option<(&'static str, String)> {
    let plain = |name| Some((name, String::new()));
    let with = |name, length: &Option<CharacterLength>| match length {
        None => Some((name, String::new())),
        Some(CharacterLength::IntegerLength { length, unit: None }) => Some((name, format!("({length})"))),
        Some(_) => None,
    };
    match kind {
        DataType::SmallInt(None) | DataType::Int2(None) => plain("smallint"),
        DataType::Int(None) | DataType::Integer(None) | DataType::Int4(None) => plain("integer"),
        DataType::BigInt(None) | DataType::Int8(None) => plain("bigint"),
        DataType::Real | DataType::Float4 => plain("real"),
        DataType::DoublePrecision | DataType::Float8 | DataType::Float(ExactNumberInfo::None) => {
            plain("double precision")
        }
        DataType::Numeric(info) | DataType::Decimal(info) | DataType::Dec(info) => match info {
            ExactNumberInfo::None => plain("numeric"),
            ExactNumberInfo::Precision(p) => Some(("numeric", format!("({p})"))),
            ExactNumberInfo::PrecisionAndScale(p, s) => Some(("numeric", format!("({p},{s})"))),
        },
        DataType::Text => plain("text"),
        DataType::Varchar(length) | DataType::CharacterVarying(length) | DataType::CharVarying(length) => {
            with("varchar", length)
        }
        DataType::Char(length) | DataType::Character(length) => with("char", length),
        DataType::Bool | DataType::Boolean => plain("boolean"),
        DataType::Date => plain("date"),
        DataType::Time(digits, zone) => precise(if zoned(zone) { "timetz" } else { "time" }, *digits),
        DataType::Timestamp(digits, zone) => precise(if zoned(zone) { "timestamptz" } else { "timestamp" }, *digits),
        DataType::Interval { fields: None, precision: None } => plain("interval"),
        DataType::JSON => plain("json"),
        DataType::JSONB => plain("jsonb"),
        _ => None,
    }
}

/// With this many digits after the second.
fn precise(name: &'static str, digits: Option<u64>) -> Option<(&'static str, String)> {
    Some((name, digits.map_or_else(String::new, |digits| format!("({digits})"))))
}

fn zoned(zone: &TimezoneInfo) -> bool {
    matches!(zone, TimezoneInfo::WithTimeZone | TimezoneInfo::Tz)
}

/// An operator's sign, if it is one that can be in the catalog.
pub(super) fn sign(op: &BinaryOperator) -> Option<&'static str> {
    Some(match op {
        BinaryOperator::Plus => "+",
        BinaryOperator::Minus => "-",
        BinaryOperator::Multiply => "*",
        BinaryOperator::Divide => "/",
        BinaryOperator::Modulo => "%",
        BinaryOperator::PGExp => "^",
        BinaryOperator::StringConcat => "||",
        BinaryOperator::Eq => "=",
        BinaryOperator::NotEq => "<>",
        BinaryOperator::Lt => "<",
        BinaryOperator::LtEq => "<=",
        BinaryOperator::Gt => ">",
        BinaryOperator::GtEq => ">=",
        BinaryOperator::And => "AND",
        BinaryOperator::Or => "OR",
        BinaryOperator::PGRegexMatch => "~",
        BinaryOperator::PGRegexIMatch => "~*",
        BinaryOperator::PGRegexNotMatch => "!~",
        BinaryOperator::PGRegexNotIMatch => "!~*",
        BinaryOperator::Arrow => "->",
        BinaryOperator::LongArrow => "->>",
        BinaryOperator::HashArrow => "#>",
        BinaryOperator::HashLongArrow => "#>>",
        BinaryOperator::HashMinus => "#-",
        BinaryOperator::AtArrow => "@>",
        BinaryOperator::ArrowAt => "<@",
        BinaryOperator::Question => "?",
        BinaryOperator::QuestionPipe => "?|",
        BinaryOperator::QuestionAnd => "?&",
        BinaryOperator::PGOverlap => "&&",
        BinaryOperator::Overlaps => "OVERLAPS",
        BinaryOperator::PGStartsWith => "^@",
        _ => return None,
    })
}

/// A part of a moment or an interval.
pub(super) fn field(field: &DateTimeField) -> Option<&'static str> {
    Some(match field {
        DateTimeField::Year | DateTimeField::Years => "year",
        DateTimeField::Month | DateTimeField::Months => "month",
        DateTimeField::Week(None) | DateTimeField::Weeks => "week",
        DateTimeField::Day | DateTimeField::Days => "day",
        DateTimeField::Hour | DateTimeField::Hours => "hour",
        DateTimeField::Minute | DateTimeField::Minutes => "minute",
        DateTimeField::Second | DateTimeField::Seconds => "second",
        DateTimeField::Century => "century",
        DateTimeField::Decade => "decade",
        DateTimeField::Dow => "dow",
        DateTimeField::Doy => "doy",
        DateTimeField::Epoch => "epoch",
        DateTimeField::Isodow => "isodow",
        DateTimeField::Isoyear => "isoyear",
        DateTimeField::Julian => "julian",
        DateTimeField::Microsecond | DateTimeField::Microseconds => "microseconds",
        DateTimeField::Millisecond | DateTimeField::Milliseconds => "milliseconds",
        DateTimeField::Quarter => "quarter",
        DateTimeField::Timezone => "timezone",
        DateTimeField::TimezoneHour => "timezone_hour",
        DateTimeField::TimezoneMinute => "timezone_minute",
        // extract('hour' FROM …)
        DateTimeField::Custom(ident) => match ident.value.to_lowercase().as_str() {
            "year" => "year",
            "month" => "month",
            "day" => "day",
            "hour" => "hour",
            "minute" => "minute",
            "second" => "second",
            "epoch" => "epoch",
            "dow" => "dow",
            _ => return None,
        },
        _ => return None,
    })
}

/// The columns of a function in FROM, which has so many arguments. Always known: of a scalar PostgreSQL reads `t.f` as the
/// call `f(t)`, so no other name may stand behind its alias.
pub(super) fn columns_of_rows(name: &str, arguments: usize) -> Vec<String> {
    let columns: &[&str] = match name {
        "jsonb_each" | "jsonb_each_text" | "json_each" | "json_each_text" => &["key", "value"],
        "jsonb_array_elements" | "jsonb_array_elements_text" | "json_array_elements" | "json_array_elements_text" => {
            &["value"]
        }
        // Several arrays give several columns; an array of records, whose fields would be, PostgreSQL refuses.
        "unnest" => return vec![name.to_owned(); arguments.max(1)],
        name => &[name],
    };
    columns.iter().map(|&column| column.to_owned()).collect()
}

/// The name PostgreSQL gives to a column that has none.
pub(super) fn default_name(expr: &Expr) -> String {
    let unnamed = "?column?";
    match expr {
        Expr::Identifier(ident) => spelled_name(ident),
        Expr::CompoundIdentifier(parts) => parts.last().map_or_else(|| unnamed.to_owned(), spelled_name),
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => default_name(inner),
        Expr::CompoundFieldAccess { root, .. } => default_name(root),
        Expr::Cast { expr, data_type, .. } => match default_name(expr) {
            name if name == unnamed => catalog_name(data_type).to_owned(),
            name => name,
        },
        Expr::TypedString(typed) => catalog_name(&typed.data_type).to_owned(),
        Expr::Function(function) => match (&function.args, function.name.0.last().and_then(|part| part.as_ident())) {
            (FunctionArguments::Subquery(_), _) => "array".to_owned(),
            (_, Some(ident)) => spelled_name(ident),
            _ => unnamed.to_owned(),
        },
        Expr::Case { else_result, .. } => match else_result.as_deref().map(default_name) {
            Some(name) if name != unnamed => name,
            _ => "case".to_owned(),
        },
        Expr::Extract { .. } => "extract".to_owned(),
        Expr::Ceil { .. } => "ceil".to_owned(),
        Expr::Floor { .. } => "floor".to_owned(),
        Expr::Position { .. } => "position".to_owned(),
        Expr::Substring { shorthand, .. } => if *shorthand { "substr" } else { "substring" }.to_owned(),
        Expr::Overlay { .. } => "overlay".to_owned(),
        Expr::Trim { trim_where: Some(TrimWhereField::Leading), .. } => "ltrim".to_owned(),
        Expr::Trim { trim_where: Some(TrimWhereField::Trailing), .. } => "rtrim".to_owned(),
        Expr::Trim { .. } => "btrim".to_owned(),
        Expr::BinaryOp { op: BinaryOperator::Overlaps, .. } => "overlaps".to_owned(),
        Expr::AtTimeZone { .. } => "timezone".to_owned(),
        Expr::Interval(_) => "interval".to_owned(),
        Expr::Array(_) => "array".to_owned(),
        Expr::Exists { .. } => "exists".to_owned(),
        Expr::Tuple(_) => "row".to_owned(),
        // Of one column, and that one's name.
        Expr::Subquery(query) => match query.body.as_ref() {
            sqlparser::ast::SetExpr::Select(select) => match select.projection.first() {
                Some(sqlparser::ast::SelectItem::UnnamedExpr(expr)) => default_name(expr),
                Some(sqlparser::ast::SelectItem::ExprWithAlias { alias, .. }) => spelled_name(alias),
                _ => unnamed.to_owned(),
            },
            _ => unnamed.to_owned(),
        },
        _ => unnamed.to_owned(),
    }
}

pub(super) fn spelled_name(ident: &sqlparser::ast::Ident) -> String {
    cut(if ident.quote_style.is_some() { ident.value.clone() } else { ident.value.to_lowercase() })
}

/// As PostgreSQL cuts a name: to 63 bytes, and whole characters.
pub(super) fn cut(mut name: String) -> String {
    if name.len() > 63 {
        let end = (0..=63).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
        name.truncate(end);
    }
    name
}

/// A type's name in PostgreSQL's catalog.
fn catalog_name(kind: &DataType) -> &'static str {
    if let DataType::Array(ArrayElemTypeDef::SquareBracket(of, _)) = kind {
        return catalog_name(of);
    }
    match spelled(kind).map(|(name, _)| name) {
        Some("smallint") => "int2",
        Some("integer") => "int4",
        Some("bigint") => "int8",
        Some("real") => "float4",
        Some("double precision") => "float8",
        Some("boolean") => "bool",
        Some("char") => "bpchar",
        Some(name) => name,
        None => "?column?",
    }
}

/// The name of a node that the walk does not know: the first word of its debug form.
pub(super) fn beginning(expr: &Expr) -> String {
    let mut sink = Beginning(String::new());
    let _ = write!(sink, "{expr:?}");
    let word: String = sink.0.chars().take_while(char::is_ascii_alphanumeric).collect();
    word
}

fn beginning_of(kind: &DataType) -> String {
    let mut sink = Beginning(String::new());
    let _ = write!(sink, "{kind}");
    sink.0.chars().take(60).collect()
}

/// Takes no more than it needs, so that a tree of any size is not written out.
struct Beginning(String);

impl Write for Beginning {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.push_str(text);
        if self.0.len() > 60 { Err(fmt::Error) } else { Ok(()) }
    }
}
