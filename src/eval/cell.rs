//! One cell of a result, and when two cells are the same.
//!
//! | | decided |
//! |---|---|
//! | NULL | the same as NULL, as nothing else: not as 0, false or the empty text |
//! | numbers | by value (see [`Number`]): 1 = 1.0, 0 = -0, NaN = NaN; no tolerance here, modes add theirs |
//! | bool | not a number: true is not 1 |
//! | text | exactly, by Unicode scalar; "1" is not 1 unless its column is typed as a number |
//! | timestamp with zone | an instant: 10:00+09:00 is 01:00Z |
//! | timestamp without, date | by the calendar; neither is the same as the other, nor as an instant |
//! | JSON | objects whatever the order of their keys, lists in order |

use std::{collections::BTreeMap, fmt};

use jiff::{
    Timestamp,
    civil::{Date, DateTime},
};
use serde_json::{Value as Json, value::RawValue};

use super::number::Number;

/// One cell. In order: as PostgreSQL sorts within a type, NULL last; among types by the order of the variants.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cell {
    Bool(bool),
    Number(Number),
    Text(String),
    Date(Date),
    /// A timestamp without time zone.
    DateTime(DateTime),
    /// A timestamp with time zone.
    Instant(Timestamp),
    List(Vec<Cell>),
    Object(BTreeMap<String, Cell>),
    Null,
}

/// What a column says of its cells, where JSON alone would not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Bool,
    Integer,
    Numeric,
    Float,
    Text,
    Date,
    Timestamp,
    TimestampTz,
    Json,
}

/// A cell does not fit the type of its column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cell} is not {wanted}")]
pub struct Unfit {
    cell: String,
    wanted: &'static str,
}

impl Type {
    /// By its name in PostgreSQL.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "bool" | "boolean" => Self::Bool,
            "int" | "integer" | "int2" | "int4" | "int8" | "smallint" | "bigint" => Self::Integer,
            "numeric" | "decimal" => Self::Numeric,
            "float" | "float4" | "float8" | "real" | "double precision" => Self::Float,
            "text" | "varchar" | "char" | "bpchar" => Self::Text,
            "date" => Self::Date,
            "timestamp" | "timestamp without time zone" => Self::Timestamp,
            "timestamptz" | "timestamp with time zone" => Self::TimestampTz,
            "json" | "jsonb" => Self::Json,
            _ => return None,
        })
    }

    /// The names to choose from.
    pub const NAMES: &str = "bool, int, numeric, float, text, date, timestamp, timestamptz, json";

    fn wanted(self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Integer => "an integer",
            Self::Numeric => "a decimal number",
            Self::Float => "a number, \"NaN\", \"Infinity\" or \"-Infinity\"",
            Self::Text => "a text",
            Self::Date => "a date such as \"2026-03-02\"",
            Self::Timestamp => "a timestamp such as \"2026-03-02 10:00:00\"",
            Self::TimestampTz => "a timestamp with its zone, such as \"2026-03-02 10:00:00+09\"",
            Self::Json => "JSON",
        }
    }
}

impl Cell {
    /// From JSON as it was written, so that integers and decimals of any length stay exact.
    ///
    /// Without a type: a number with a point or an exponent is a float, another an integer; a text is a timestamp if it
    /// is one with a zone, in full, else text.
    ///
    /// # Errors
    /// The cell does not fit `typed`, or is a number beyond all floats.
    pub fn from_json(raw: &RawValue, typed: Option<Type>) -> Result<Self, Unfit> {
        let text = raw.get().trim();
        let first = text.bytes().next().unwrap_or_default();
        let unfit = |typed: Option<Type>| Unfit {
            cell: shortened(text),
            wanted: match (typed, first) {
                (None | Some(Type::Json), b'[' | b'{') => {
                    "JSON that is nested less than 128 deep, of numbers that fit a float"
                }
                (None, _) => "a number that fits a float",
                (Some(typed), _) => typed.wanted(),
            },
        };
        if text == "null" {
            return Ok(Self::Null);
        }
        if first == b'"' {
            let text: String = serde_json::from_str(text).map_err(|_| unfit(typed))?;
            return Self::from_text(text, typed).ok_or_else(|| unfit(typed));
        }
        let cell = match first {
            b't' => Some(Self::Bool(true)),
            b'f' => Some(Self::Bool(false)),
            b'[' | b'{' => serde_json::from_str(text).ok().and_then(Self::nested),
            _ if typed == Some(Type::Numeric) => Number::decimal(text).map(Self::Number),
            _ => number(text).map(Self::Number),
        };
        let fits = match (&cell, typed) {
            (_, None | Some(Type::Json)) => true,
            (Some(Self::Bool(_)), Some(of)) => of == Type::Bool,
            (Some(Self::Number(number)), Some(Type::Integer)) => Number::integer(&number.to_string()).is_some(),
            (Some(Self::Number(_)), Some(of)) => matches!(of, Type::Numeric | Type::Float),
            _ => false,
        };
        cell.filter(|_| fits).ok_or_else(|| unfit(typed))
    }

    /// What kind of thing it is, in a word.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Bool(_) => "boolean",
            Self::Number(_) => "number",
            Self::Text(_) => "text",
            Self::Date(_) => "date",
            Self::DateTime(_) => "timestamp",
            Self::Instant(_) => "timestamp with zone",
            Self::List(_) | Self::Object(_) => "JSON",
            Self::Null => "NULL",
        }
    }

    /// Whether two cells say the same in different types: "3" and 3, true and 1, a date and its midnight.
    pub fn is_retyped(&self, other: &Self) -> bool {
        if self.type_name() == other.type_name() {
            return false;
        }
        let plain = |cell: &Self| match cell {
            Self::Bool(yes) => Some(u8::from(*yes).to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) => Some(match (text.parse::<DateTime>(), Number::decimal(text.trim())) {
                (_, Some(number)) => number.to_string(),
                (Ok(moment), None) => moment.to_string(),
                _ => text.clone(),
            }),
            Self::Date(date) => Some(date.to_datetime(jiff::civil::Time::midnight()).to_string()),
            Self::DateTime(moment) => Some(moment.to_string()),
            Self::Instant(instant) => Some(instant.to_zoned(jiff::tz::TimeZone::UTC).datetime().to_string()),
            Self::List(_) | Self::Object(_) | Self::Null => None,
        };
        matches!((plain(self), plain(other)), (Some(a), Some(b)) if a == b)
    }

    /// As PostgreSQL writes it; `None` if it is not what its type says.
    pub(super) fn from_text(text: String, typed: Option<Type>) -> Option<Self> {
        match typed {
            None => Some(instant(&text).map_or(Self::Text(text), Self::Instant)),
            Some(Type::Text | Type::Json) => Some(Self::Text(text)),
            Some(Type::Bool) => None,
            Some(Type::Integer) => Number::integer(&text).map(Self::Number),
            Some(Type::Numeric) => Number::decimal(&text).map(Self::Number),
            Some(Type::Float) => text.parse::<f64>().ok().map(|float| Self::Number(float.into())),
            Some(Type::Date) => text.parse().ok().map(Self::Date),
            Some(Type::Timestamp) => text.parse().ok().filter(|_| text.contains(':')).map(Self::DateTime),
            Some(Type::TimestampTz) => instant(&text).map(Self::Instant),
        }
    }

    /// Within a JSON cell; `None` never for what was parsed.
    fn nested(json: Json) -> Option<Self> {
        Some(match json {
            Json::Null => Self::Null,
            Json::Bool(yes) => Self::Bool(yes),
            Json::Number(literal) => Self::Number(number(&literal.to_string())?),
            Json::String(text) => Self::Text(text),
            Json::Array(cells) => Self::List(cells.into_iter().map(Self::nested).collect::<Option<_>>()?),
            Json::Object(fields) => Self::Object(
                fields.into_iter().map(|(key, cell)| Some((key, Self::nested(cell)?))).collect::<Option<_>>()?,
            ),
        })
    }
}

impl From<i64> for Cell {
    fn from(whole: i64) -> Self {
        Self::Number(whole.into())
    }
}

impl From<f64> for Cell {
    fn from(float: f64) -> Self {
        Self::Number(float.into())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// For messages: short, text in quotes.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Bool(yes) => yes.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("{text:?}"),
            Self::Date(date) => date.to_string(),
            Self::DateTime(moment) => moment.to_string(),
            Self::Instant(instant) => instant.to_string(),
            Self::List(cells) => format!("[{}]", cells.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
            Self::Object(fields) => {
                let fields: Vec<String> = fields.iter().map(|(key, cell)| format!("{key:?}: {cell}")).collect();
                format!("{{{}}}", fields.join(", "))
            }
            Self::Null => "NULL".to_owned(),
        };
        f.write_str(&shortened(&text))
    }
}

/// A JSON number that has no type.
fn number(literal: &str) -> Option<Number> {
    Number::integer(literal).or_else(|| literal.parse::<f64>().ok().filter(|float| float.is_finite()).map(Number::from))
}

/// A date, a time and an offset or Z, and nothing else.
fn instant(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once(['T', ' '])?;
    let full = date.len() == 10 && date.as_bytes()[4] == b'-' && time.contains(':');
    (full && !text.contains('[')).then(|| text.parse().ok()).flatten()
}

/// At most 60 characters.
fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(json: &str, typed: &str) -> Result<Cell, Unfit> {
        let raw: Box<RawValue> = serde_json::from_str(json).unwrap();
        Cell::from_json(&raw, if typed.is_empty() { None } else { Some(Type::named(typed).unwrap()) })
    }

    /// The decisions of the table above, one a line: two cells, with their types, and whether they are the same.
    #[test]
    fn equality_is_decided() {
        for (a, b, same) in [
            (("null", ""), ("null", "int"), true),
            (("null", ""), ("0", ""), false),
            (("null", ""), ("\"\"", ""), false),
            (("null", ""), ("false", ""), false),
            (("null", ""), ("\"null\"", ""), false),
            (("0", ""), ("-0", ""), true),
            (("0", ""), ("-0.0", ""), true),
            (("1", ""), ("1.0", ""), true),
            (("1", ""), ("1e0", ""), true),
            (("1", ""), ("true", ""), false),
            (("0", ""), ("false", ""), false),
            (("1", ""), ("\"1\"", ""), false),
            (("1", ""), ("\"1\"", "int"), true),
            (("12.5", ""), ("\"12.50\"", "numeric"), true),
            (("12.5", ""), ("\"12.50\"", ""), false),
            (("0.1", ""), ("0.1", "numeric"), true),
            (("0.30000000000000004", ""), ("0.3", ""), false),
            (("0.3000000000000000444", ""), ("0.30000000000000004", ""), true),
            (("0.3000000000000000444", "numeric"), ("0.30000000000000004", "numeric"), false),
            (("9007199254740993", ""), ("9007199254740992", ""), false),
            (("9007199254740993", ""), ("9007199254740992.0", ""), false),
            (("123456789012345678901234567890", ""), ("123456789012345678901234567891", ""), false),
            (("\"NaN\"", "float"), ("\"NaN\"", "numeric"), true),
            (("\"NaN\"", "float"), ("\"NaN\"", ""), false),
            (("\"NaN\"", "float"), ("null", ""), false),
            (("\"Infinity\"", "float"), ("\"-Infinity\"", "float"), false),
            (("\"theft\"", ""), ("\"Theft\"", ""), false),
            (("\"a\"", ""), ("\"a \"", ""), false),
            (("\"2026-03-02T10:00:00+09:00\"", ""), ("\"2026-03-02T01:00:00Z\"", ""), true),
            (("\"2026-03-02 10:00:00+09\"", ""), ("\"2026-03-02T01:00:00.000+00:00\"", "timestamptz"), true),
            (("\"2026-03-02T10:00:00+09:00\"", ""), ("\"2026-03-02T10:00:00Z\"", ""), false),
            (("\"2026-03-02T10:00:00\"", ""), ("\"2026-03-02 10:00:00\"", ""), false),
            (("\"2026-03-02T10:00:00\"", "timestamp"), ("\"2026-03-02 10:00:00.0\"", "timestamp"), true),
            (("\"2026-03-02T10:00:00Z\"", ""), ("\"2026-03-02T10:00:00\"", "timestamp"), false),
            (("\"2026-03-02\"", "date"), ("\"2026-03-02 00:00:00\"", "timestamp"), false),
            (("{\"a\": 1, \"b\": [1.0, null]}", ""), ("{\"b\": [1, null], \"a\": 1}", ""), true),
            (("[1, 2]", ""), ("[2, 1]", ""), false),
        ] {
            let (x, y) = (cell(a.0, a.1).unwrap(), cell(b.0, b.1).unwrap());
            assert_eq!(x == y, same, "{a:?} and {b:?}");
            assert_eq!(x.cmp(&y).is_eq(), same, "{a:?} and {b:?} in order");
        }
    }

    #[test]
    fn a_cell_fits_its_column() {
        for (json, typed, told) in [
            ("1", "bool", "1 is not true or false"),
            ("1.5", "int", "1.5 is not an integer"),
            ("true", "int", "true is not an integer"),
            ("\"one\"", "numeric", "\"one\" is not a decimal number"),
            ("1", "text", "1 is not a text"),
            ("\"2026-03-02\"", "timestamp", "\"2026-03-02\" is not a timestamp such as \"2026-03-02 10:00:00\""),
            ("1e999", "", "1e999 is not a number that fits a float"),
            ("[1e999]", "", "[1e999] is not JSON that is nested less than 128 deep, of numbers that fit a float"),
        ] {
            assert_eq!(cell(json, typed).unwrap_err().to_string(), told);
        }
        assert!(cell("1e999", "numeric").is_ok() && cell("3.0", "int").is_ok());
    }

    #[test]
    fn the_same_in_another_type_is_known() {
        for (a, b, retyped) in [
            (("1", ""), ("\"1.0\"", ""), true),
            (("true", ""), ("1", ""), true),
            (("\"2026-03-02\"", "date"), ("\"2026-03-02T00:00:00\"", "timestamp"), true),
            (("\"2026-03-02 01:00:00\"", ""), ("\"2026-03-02T10:00:00+09:00\"", ""), true),
            (("1", ""), ("2", ""), false),
            (("1", ""), ("\"2\"", ""), false),
            (("null", ""), ("\"NULL\"", ""), false),
        ] {
            assert_eq!(cell(a.0, a.1).unwrap().is_retyped(&cell(b.0, b.1).unwrap()), retyped, "{a:?} and {b:?}");
        }
    }
}
