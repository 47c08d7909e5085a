//! Which events have no vector yet, or one of an earlier state: read in the order of videos and time, piece by piece, so
//! that a million of them need no more memory than a thousand.

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, PgPool};

use super::{Vectors, Version, binary, broken, whole};
use crate::store::error::StoreError;

/// An event to look at, and what is known of its vector.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub id: i64,
    pub video_id: i64,
    /// Seconds.
    pub timestamp: f64,
    pub event_type: String,
    pub action_detected: Option<String>,
    pub location: Option<String>,
    pub area: Option<String>,
    /// Years.
    pub age: Option<f64>,
    pub gender: Option<String>,
    pub description: Option<String>,
    /// The row version that is seen now.
    pub seen: i64,
    /// Of the document whose vector there is.
    pub hash: Option<[u8; 16]>,
    /// Descriptions of the events before it, the nearest last, and behind it, the nearest first.
    pub before: Vec<String>,
    pub after: Vec<String>,
}

/// Where reading goes on: behind this event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    pub video_id: i64,
    pub timestamp: f64,
    pub id: i64,
}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// One video; `None` is all of them.
    pub video: Option<i64>,
    /// Neighbours that stand in a document, on each side.
    pub window: u32,
}

impl Vectors {
    /// The next `limit` events behind the moment of `after`, and all of the same moment as the last, that are new or were changed since they were embedded; without a version,
    /// all. Where documents hold neighbours every event is given, because a change next to it may be one of its own.
    pub async fn stale(
        &self,
        version: Option<&Version>,
        span: &Span,
        after: Option<Place>,
        limit: i64,
    ) -> Result<Vec<Candidate>, StoreError> {
        let (lowest, highest) = span.video.map_or((i64::MIN, i64::MAX), |id| (id, id));
        let after = after.unwrap_or(Place { video_id: lowest, timestamp: f64::NEG_INFINITY, id: i64::MIN });
        // As COPY's binary rows: a quarter of the work of a row with types and names, here and on the server.
        let text =
            format!("COPY ({}) TO STDOUT (FORMAT BINARY)", statement(version, span.window, after, highest, limit));
        whole(read(self.reading.clone(), text, span.window > 0)).await
    }

    /// The highest number of a video that has vectors: above it none has.
    pub async fn highest(&self, version: &Version) -> Result<Option<i64>, StoreError> {
        let text = format!("SELECT max(video_id) FROM {}", version.table());
        sqlx::query_scalar(AssertSqlSafe(text)).fetch_one(&self.reading).await.map_err(broken)
    }

    /// How many events [`Self::stale`] would give.
    pub async fn waiting(&self, version: Option<&Version>, span: &Span) -> Result<u64, StoreError> {
        let (join, changed) = match version.filter(|_| span.window == 0) {
            None => (String::new(), ""),
            Some(version) => (
                format!("LEFT JOIN {} AS v ON v.video_id = e.video_id AND v.event_id = e.id", version.table()),
                "AND (v.seen IS NULL OR v.seen <> e.xmin::text::bigint)",
            ),
        };
        let text = format!(
            "SELECT count(*) FROM db_event AS e {join} WHERE ($1::bigint IS NULL OR e.video_id = $1) {changed}"
        );
        let count = sqlx::query_scalar::<_, i64>(AssertSqlSafe(text)).bind(span.video);
        Ok(count.fetch_one(&self.reading).await.map_err(broken)?.unsigned_abs())
    }

    /// A number that is another one after events were written. It may change without that.
    pub async fn changes(&self) -> Result<i64, StoreError> {
        let text = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_user_tables \
                    WHERE relid = 'db_event'::regclass";
        sqlx::query_scalar(text).fetch_one(&self.reading).await.map_err(broken)
    }
}

async fn read(pool: PgPool, text: String, neighbours: bool) -> Result<Vec<Candidate>, StoreError> {
    let mut tx = pool.begin().await.map_err(broken)?;
    // A table that has just been made has no statistics; scanning it whole for every piece would take forever.
    let settings = "SET TRANSACTION READ ONLY; SET LOCAL enable_seqscan = off";
    sqlx::raw_sql(settings).execute(&mut *tx).await.map_err(broken)?;
    let mut events = Vec::new();
    let mut readable = true;
    {
        let mut messages = tx.copy_out_raw(&text).await.map_err(broken)?;
        while let Some(message) = messages.try_next().await.map_err(broken)? {
            for row in binary::Rows::new(&message) {
                match row.and_then(|row| candidate(row, neighbours)) {
                    Some(event) => events.push(event),
                    // Read to the end all the same: the connection is used again.
                    None => readable = false,
                }
            }
        }
    }
    tx.commit().await.map_err(broken)?;
    if readable { Ok(events) } else { Err(unreadable()) }
}

/// COPY takes no parameters; all that is put in are numbers.
fn statement(version: Option<&Version>, window: u32, after: Place, highest: i64, limit: i64) -> String {
    let neighbours = |sign: &str, order: &str| {
        format!(
            "ARRAY(SELECT n.description FROM db_event AS n WHERE n.video_id = e.video_id AND n.description IS NOT NULL \
             AND (n.timestamp, n.id) {sign} (e.timestamp, e.id) \
             ORDER BY n.timestamp {order}, n.id {order} LIMIT {window})"
        )
    };
    let around =
        if window == 0 { String::new() } else { format!(", {}, {}", neighbours("<", "DESC"), neighbours(">", "ASC")) };
    let (hash, join, changed) = match version {
        None => ("NULL::bytea", String::new(), ""),
        Some(version) => (
            "v.hash",
            format!(
                "LEFT JOIN LATERAL (SELECT x.seen, x.hash FROM {} AS x \
                 WHERE x.video_id = e.video_id AND x.event_id = e.id LIMIT 1) AS v ON true",
                version.table()
            ),
            if window == 0 { "AND (v.seen IS NULL OR v.seen <> e.xmin::text::bigint)" } else { "" },
        ),
    };
    let Place { video_id, timestamp, .. } = after;
    format!(
        "SELECT e.id, e.video_id, e.timestamp, e.event_type, e.action_detected, e.location, e.area, e.age, e.gender, \
         e.description, e.xmin, {hash}{around} FROM db_event AS e {join} \
         WHERE (e.video_id, e.timestamp) > ('{video_id}'::bigint, '{timestamp:?}'::float8) \
         AND e.video_id <= '{highest}'::bigint {changed} \
         ORDER BY e.video_id, e.timestamp FETCH FIRST {limit} ROWS WITH TIES"
    )
}

impl Candidate {
    pub fn place(&self) -> Place {
        Place { video_id: self.video_id, timestamp: self.timestamp, id: self.id }
    }
}

/// `None`: not what was asked for.
fn candidate(mut row: binary::Row<'_>, neighbours: bool) -> Option<Candidate> {
    let mut event = Candidate {
        id: row.int()?,
        video_id: row.int()?,
        timestamp: row.float()??,
        event_type: row.text()??,
        action_detected: row.text()?,
        location: row.text()?,
        area: row.text()?,
        age: row.float()?,
        gender: row.text()?,
        description: row.text()?,
        seen: row.xid()?,
        hash: row.field()?.and_then(|hash| hash.try_into().ok()),
        before: Vec::new(),
        after: Vec::new(),
    };
    if neighbours {
        event.before = row.texts()?;
        event.before.reverse();
        event.after = row.texts()?;
    }
    Some(event)
}

fn unreadable() -> StoreError {
    StoreError::Rejected { message: "the server sent rows that are not in COPY's binary format".to_owned() }
}
