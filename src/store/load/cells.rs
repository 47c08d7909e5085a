//! One cell of a file → one typed value, or words on what is wrong with it.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use serde_json::Value as Json;

/// A cell as it was found. An empty cell of a CSV file, and `null` or `""` in JSON, are nothing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell<'a> {
    Nothing,
    Text(&'a str),
    Json(&'a Json),
    /// The bytes are not UTF-8.
    Garbled,
}

/// A value, none, or what is wrong.
pub(super) type Read<T> = Result<Option<T>, String>;

impl<'a> Cell<'a> {
    pub(super) fn csv(bytes: &'a [u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.trim().is_empty() => Self::Nothing,
            Ok(text) => Self::Text(text),
            Err(_) => Self::Garbled,
        }
    }

    pub(super) fn json(value: &'a Json) -> Self {
        match value {
            Json::Null => Self::Nothing,
            Json::String(text) if text.trim().is_empty() => Self::Nothing,
            value => Self::Json(value),
        }
    }
}

/// A whole number. `3.0` is one: that is how spreadsheets write a column that has empty cells.
pub(super) fn int(cell: Cell<'_>) -> Read<i64> {
    let not_whole = || format!("{} is not a whole number", shown(cell));
    let (exact, loose) = match cell {
        Cell::Nothing => return Ok(None),
        Cell::Text(text) => (text.trim().parse().ok(), text.trim().parse().ok()),
        Cell::Json(Json::Number(number)) => (number.as_i64(), number.as_f64()),
        _ => return Err(not_whole()),
    };
    #[expect(clippy::cast_possible_truncation, reason = "whole, and below 2^53")]
    let rounded = loose.filter(|x: &f64| x.fract() == 0.0 && x.abs() < 9e15).map(|x| x as i64);
    exact.or(rounded).map(Some).ok_or_else(not_whole)
}

/// A number given out by the database: from 1.
pub(super) fn id(cell: Cell<'_>) -> Read<i64> {
    match int(cell)? {
        Some(id) if id < 1 => Err(format!("{id} is not a row number, which start at 1")),
        id => Ok(id),
    }
}

/// A number from 0, not infinite.
pub(super) fn size(cell: Cell<'_>) -> Read<f64> {
    match float(cell)? {
        Some(x) if x < 0.0 => Err(format!("{} is less than 0", shown(cell))),
        x => Ok(x),
    }
}

/// A number from 0 to 1.
pub(super) fn share(cell: Cell<'_>) -> Read<f64> {
    match float(cell)? {
        Some(x) if !(0.0..=1.0).contains(&x) => Err(format!("{} is not between 0 and 1", shown(cell))),
        x => Ok(x),
    }
}

pub(super) fn text(cell: Cell<'_>) -> Read<String> {
    match cell {
        Cell::Nothing => Ok(None),
        Cell::Text(text) => storable(text),
        Cell::Json(Json::String(text)) => storable(text),
        Cell::Json(_) => Err(format!("{} is not a text", shown(cell))),
        Cell::Garbled => Err(shown(cell)),
    }
}

/// One of a few words.
pub(super) fn one_of(cell: Cell<'_>, words: &'static [&'static str]) -> Read<&'static str> {
    let Some(text) = text(cell)? else { return Ok(None) };
    let found = words.iter().find(|word| **word == text.trim());
    found.map(|word| Some(*word)).ok_or_else(|| format!("{} is not one of: {}", shown(cell), words.join(", ")))
}

/// A time zone by its IANA name; the name and the zone.
pub(super) fn zone(cell: Cell<'_>) -> Read<(String, TimeZone)> {
    let Some(name) = text(cell)? else { return Ok(None) };
    let name = name.trim();
    match TimeZone::get(name) {
        Ok(zone) => Ok(Some((name.to_owned(), zone))),
        Err(_) => Err(format!("{} is not a time zone's IANA name, such as Asia/Seoul", shown(cell))),
    }
}

/// A moment, in microseconds since 1970. Without an offset it is read as wall clock in `zone`.
pub(super) fn moment(cell: Cell<'_>, zone: &TimeZone) -> Read<i64> {
    let Some(text) = text(cell)? else { return Ok(None) };
    let text = text.trim();
    let parsed = match text.parse::<Timestamp>() {
        Ok(moment) => Some(moment),
        Err(_) => text
            .parse::<DateTime>()
            .ok()
            .and_then(|wall| zone.to_ambiguous_zoned(wall).compatible().ok())
            .map(|zoned| zoned.timestamp()),
    };
    let known = Timestamp::UNIX_EPOCH.as_microsecond() - 62_135_596_800_000_000; // the year 1
    match parsed.map(Timestamp::as_microsecond) {
        Some(micros) if micros >= known => Ok(Some(micros)),
        _ => Err(format!("{} is not a date and time, such as 2026-03-02T13:10:00+09:00", shown(cell))),
    }
}

/// A JSON object, as text.
pub(super) fn object(cell: Cell<'_>) -> Read<String> {
    let not_object = |why: &str| format!("{} is not a JSON object{why}", shown(cell));
    let (value, text) = match cell {
        Cell::Nothing => return Ok(None),
        Cell::Text(text) => {
            let value: Json = serde_json::from_str(text).map_err(|error| not_object(&format!(": {error}")))?;
            (value, text.trim().to_owned())
        }
        Cell::Json(value) => (value.clone(), value.to_string()),
        Cell::Garbled => return Err(shown(cell)),
    };
    if !value.is_object() {
        return Err(not_object(""));
    }
    if has_zero(&value) {
        return Err("contains the character U+0000, which the database cannot hold".to_owned());
    }
    Ok(Some(text))
}

fn float(cell: Cell<'_>) -> Read<f64> {
    let parsed = match cell {
        Cell::Nothing => return Ok(None),
        Cell::Text(text) => text.trim().parse().ok(),
        Cell::Json(Json::Number(number)) => number.as_f64(),
        _ => None,
    };
    // NaN would pass a CHECK (x >= 0), because Postgres sorts it above all numbers.
    match parsed.filter(|x| x.is_finite()) {
        Some(x) => Ok(Some(x)),
        None => Err(format!("{} is not a number", shown(cell))),
    }
}

fn storable(text: &str) -> Read<String> {
    if text.contains('\0') {
        return Err("contains the character U+0000, which the database cannot hold".to_owned());
    }
    Ok(Some(text.to_owned()))
}

fn has_zero(value: &Json) -> bool {
    match value {
        Json::String(text) => text.contains('\0'),
        Json::Array(values) => values.iter().any(has_zero),
        Json::Object(map) => map.iter().any(|(key, value)| key.contains('\0') || has_zero(value)),
        _ => false,
    }
}

/// A cell for a message: quoted, and not longer than a line.
fn shown(cell: Cell<'_>) -> String {
    const LONGEST: usize = 40;
    let text = match cell {
        Cell::Nothing => return "nothing".to_owned(),
        Cell::Garbled => return "is not UTF-8 text".to_owned(),
        Cell::Text(text) => format!("{text:?}"),
        Cell::Json(value) => value.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
