//! What a SELECT returned → [`Answer`]. Cells are read by position, because the query's kind fixes their order.

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use sqlx::{
    AssertSqlSafe, Column, Executor, PgConnection, Row, SqlSafeStr, Statement, TypeInfo, ValueRef,
    postgres::{PgColumn, PgRow},
};

use crate::{
    answer::{Answer, Event, Events, Hit, Hits, Kind, SHOWN, Value},
    sql::{Bind, Query},
};

use super::{
    error::{StoreError, without_values},
    reader::Limits,
    snapshot::TextColumn,
};

/// Why the rows of a query did not become an answer.
pub(super) enum Failed {
    /// sqlx's error, and whether rows had come before it.
    Sql {
        error: sqlx::Error,
        rows_seen: bool,
    },
    TooMany,
    TooLarge,
}

/// Runs the query and reads its rows. This is the one place where SQL that is not a literal is run; [`Query`] can only
/// be composed from a reading or admitted after checks.
///
/// # Errors
/// [`Failed::TooMany`] as soon as one row more than allowed arrives, [`Failed::TooLarge`] likewise of bytes.
pub(super) async fn collect(conn: &mut PgConnection, query: &Query, limits: &Limits) -> Result<Answer, Failed> {
    let mut rows = bound(query.text().to_owned(), query.binds()).fetch(conn);
    let (mut count, mut bytes) = (0_usize, 0_usize);
    let mut answer = Collected::new(query.kind());
    loop {
        match rows.try_next().await {
            Ok(Some(row)) => {
                count += 1;
                if count > limits.max_rows {
                    return Err(Failed::TooMany);
                }
                bytes += size(&row);
                if bytes > limits.max_bytes {
                    return Err(Failed::TooLarge);
                }
                answer.take(&row).map_err(|error| Failed::Sql { error, rows_seen: true })?;
            }
            Ok(None) => return Ok(answer.done()),
            Err(error) => return Err(Failed::Sql { error, rows_seen: count > 0 }),
        }
    }
}

/// What the planner expects the query to cost, in its own units.
pub(super) async fn cost(conn: &mut PgConnection, query: &Query) -> Result<f64, sqlx::Error> {
    let row = bound(format!("EXPLAIN (FORMAT JSON) {}", query.text()), query.binds()).fetch_one(conn).await?;
    let plan: Json = row.try_get(0)?;
    plan.pointer("/0/Plan/Total Cost")
        .and_then(Json::as_f64)
        .ok_or_else(|| sqlx::Error::Decode("EXPLAIN gave no total cost".into()))
}

/// The columns a statement would return. The server reads the statement and looks up its names, and runs nothing: what
/// it says against it can quote the statement, and no row.
pub(super) async fn columns(conn: &mut PgConnection, text: &str) -> Result<Vec<TextColumn>, sqlx::Error> {
    let prepared = conn.prepare(AssertSqlSafe(text.to_owned()).into_sql_str()).await?;
    let column =
        |column: &PgColumn| TextColumn { name: column.name().to_owned(), kind: column.type_info().name().to_owned() };
    Ok(prepared.columns().iter().map(column).collect())
}

/// Bytes of all cells of a row.
pub(super) fn size(row: &PgRow) -> usize {
    (0..row.len()).filter_map(|at| row.try_get_raw(at).ok()?.as_bytes().ok().map(<[u8]>::len)).sum()
}

impl Failed {
    /// `foreign`: whether somebody else wrote the statement.
    pub(super) fn into_error(self, limits: &Limits, foreign: bool) -> StoreError {
        match self {
            Self::TooMany => StoreError::TooMany { limit: limits.max_rows },
            Self::TooLarge => StoreError::TooLarge { limit: limits.max_bytes },
            Self::Sql { error, .. } if foreign => without_values(&error, limits.timeout),
            Self::Sql { error, .. } => StoreError::from_sqlx(&error, limits.timeout),
        }
    }
}

pub(super) fn bound(
    text: String,
    binds: &[Bind],
) -> sqlx::query::Query<'_, sqlx::Postgres, sqlx::postgres::PgArguments> {
    binds.iter().fold(sqlx::query(AssertSqlSafe(text)), |query, bind| match bind {
        Bind::Int(n) => query.bind(*n),
        Bind::Ints(all) => query.bind(all.as_slice()),
        Bind::Float(x) => query.bind(*x),
        Bind::Text(text) => query.bind(text.as_str()),
        Bind::Texts(texts) => query.bind(texts.as_slice()),
        Bind::Vector(numbers) => query.bind(vector(numbers)),
    })
}

/// An answer that grows row by row.
enum Collected {
    Events(Events),
    Scalar(Option<Value>),
    Groups(Vec<(Value, Value)>),
    Hits(Vec<Hit>, Option<u64>),
}

impl Collected {
    fn new(kind: Kind) -> Self {
        match kind {
            Kind::Events => Self::Events(Events::default()),
            Kind::Scalar => Self::Scalar(None),
            Kind::Groups => Self::Groups(Vec::new()),
            Kind::Hits => Self::Hits(Vec::new(), None),
        }
    }

    fn take(&mut self, row: &PgRow) -> Result<(), sqlx::Error> {
        match self {
            Self::Events(events) => {
                let (id, timestamp) = if events.shown.len() < SHOWN {
                    let event = event(row)?;
                    let head = (event.id, event.timestamp);
                    events.shown.push(event);
                    head
                } else {
                    (row.try_get(0)?, row.try_get(2)?)
                };
                events.ids.push(id);
                events.spread = Some(match events.spread {
                    None => (timestamp, timestamp),
                    Some((from, to)) => (from.min(timestamp), to.max(timestamp)),
                });
            }
            Self::Scalar(Some(_)) => {
                return Err(sqlx::Error::Decode("a query for one value returned several rows".into()));
            }
            Self::Scalar(value) => *value = Some(cell(row, 0)?),
            Self::Groups(groups) => groups.push((cell(row, 0)?, cell(row, 1)?)),
            Self::Hits(hits, compared) => {
                hits.push(hit(row)?);
                *compared = row.try_get::<Option<i64>, _>(18)?.map(i64::unsigned_abs);
            }
        }
        Ok(())
    }

    fn done(self) -> Answer {
        match self {
            Self::Events(events) => Answer::Events(events),
            Self::Scalar(value) => Answer::Scalar(value.unwrap_or(Value::Null)),
            Self::Groups(groups) => Answer::Groups(groups),
            Self::Hits(hits, compared) => Answer::Hits(Hits::new(hits, compared, false)),
        }
    }
}

fn event(row: &PgRow) -> Result<Event, sqlx::Error> {
    Ok(Event {
        id: row.try_get(0)?,
        video_id: row.try_get(1)?,
        timestamp: row.try_get(2)?,
        duration: row.try_get(3)?,
        event_type: row.try_get(4)?,
        action_detected: row.try_get(5)?,
        location: row.try_get(6)?,
        area: row.try_get(7)?,
        age: row.try_get(8)?,
        gender: row.try_get(9)?,
        obj_id: row.try_get(10)?,
        confidence: row.try_get(11)?,
        description: row.try_get(12)?,
        attributes: attributes(row, 13)?,
    })
}

/// An event, and behind it what `sql::search` says of it. Its score is the caller's to give.
fn hit(row: &PgRow) -> Result<Hit, sqlx::Error> {
    let rank = |at: usize| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(at)?.map(i64::unsigned_abs));
    Ok(Hit {
        event: event(row)?,
        score: 0.0,
        cosine: row.try_get(14)?,
        vector_rank: rank(15)?,
        share: row.try_get(16)?,
        lexical_rank: rank(17)?,
        passage_rank: None,
        words: row.try_get::<Option<Vec<String>>, _>(19)?.unwrap_or_default(),
        reranked: None,
    })
}

/// As pgvector reads it.
fn vector(numbers: &[f32]) -> String {
    let mut out = String::with_capacity(12 * numbers.len() + 2);
    out.push('[');
    for (at, number) in numbers.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out.push_str(&number.to_string());
    }
    out.push(']');
    out
}

/// A jsonb object. Most rows have none, so the empty one is not parsed; what is no object is kept under `value`.
fn attributes(row: &PgRow, at: usize) -> Result<Map<String, Json>, sqlx::Error> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() || raw.as_bytes().is_ok_and(|bytes| bytes == b"\x01{}") {
        return Ok(Map::new());
    }
    Ok(match row.try_get::<Json, _>(at)? {
        Json::Object(map) => map,
        other => Map::from_iter([("value".to_owned(), other)]),
    })
}

/// One cell of a type that an answer can carry; numeric becomes a float, a moment becomes RFC 3339 text in UTC.
fn cell(row: &PgRow, at: usize) -> Result<Value, sqlx::Error> {
    let raw = row.try_get_raw(at)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let info = raw.type_info();
    Ok(match info.name() {
        "INT8" => Value::Int(row.try_get(at)?),
        "INT4" => Value::Int(row.try_get::<i32, _>(at)?.into()),
        "INT2" => Value::Int(row.try_get::<i16, _>(at)?.into()),
        "FLOAT8" => Value::Float(row.try_get(at)?),
        "FLOAT4" => Value::Float(row.try_get::<f32, _>(at)?.into()),
        "TEXT" | "VARCHAR" | "CHAR" | "NAME" | "UNKNOWN" => Value::Text(row.try_get_unchecked(at)?),
        "BOOL" => Value::Text(row.try_get::<bool, _>(at)?.to_string()),
        "NUMERIC" => Value::Float(numeric(bytes(&raw)?).ok_or_else(|| unreadable(row, at, "NUMERIC"))?),
        "TIMESTAMPTZ" => Value::Text(moment(bytes(&raw)?).ok_or_else(|| unreadable(row, at, "TIMESTAMPTZ"))?),
        other => return Err(unreadable(row, at, other)),
    })
}

fn bytes<'r>(raw: &sqlx::postgres::PgValueRef<'r>) -> Result<&'r [u8], sqlx::Error> {
    raw.as_bytes().map_err(sqlx::Error::Decode)
}

fn unreadable(row: &PgRow, at: usize, kind: &str) -> sqlx::Error {
    let name = row.columns().get(at).map_or("?", |column| column.name());
    sqlx::Error::Decode(format!("column {name:?} is of type {kind}, which an answer cannot carry").into())
}

/// Postgres' binary numeric: count of digits, weight, sign, scale, then digits of base 10,000.
fn numeric(bytes: &[u8]) -> Option<f64> {
    let word = |i: usize| Some(u16::from_be_bytes(bytes.get(2 * i..2 * i + 2)?.try_into().ok()?));
    let (count, weight, sign) = (usize::from(word(0)?), i32::from(word(1)?.cast_signed()), word(2)?);
    match sign {
        0xD000 => return Some(f64::INFINITY),
        0xF000 => return Some(f64::NEG_INFINITY),
        0xC000 => return Some(f64::NAN),
        _ => {}
    }
    // Through its decimal spelling, so that 0.1 is the float nearest to 0.1.
    let mut text = String::with_capacity(4 * count + 8);
    for i in 0..count {
        text.push_str(&format!("{:04}", word(4 + i)?));
    }
    if text.is_empty() {
        return Some(0.0);
    }
    let size: f64 = format!("{text}e{}", 4 * (weight + 1 - i32::try_from(count).ok()?)).parse().ok()?;
    Some(if sign == 0x4000 { -size } else { size })
}

/// Postgres' binary timestamptz: microseconds since 2000-01-01 UTC.
fn moment(bytes: &[u8]) -> Option<String> {
    let micros = i64::from_be_bytes(bytes.try_into().ok()?).checked_add(super::EPOCH_2000_MICROS)?;
    Some(Timestamp::from_microsecond(micros).ok()?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numeric_becomes_the_nearest_float() {
        let words = |words: &[u16]| words.iter().flat_map(|w| w.to_be_bytes()).collect::<Vec<_>>();
        let cases: [(&[u16], f64); 5] = [
            (&[0, 0, 0, 0], 0.0),
            (&[1, 0xFFFF, 0, 1, 1000], 0.1),
            (&[2, 0, 0, 2, 12, 3400], 12.34),
            (&[2, 1, 0x4000, 0, 3, 5], -30005.0),
            (&[1, 1, 0, 0, 7], 70000.0),
        ];
        for (input, expected) in cases {
            assert_eq!(numeric(&words(input)), Some(expected), "{input:?}");
        }
        assert_eq!(moment(&0_i64.to_be_bytes()).as_deref(), Some("2000-01-01T00:00:00Z"));
    }
}
