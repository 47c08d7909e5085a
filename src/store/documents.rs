//! What was sent to the data sources of knowledge bases, and what became of it: the memory of `askline kb sync`.

use std::time::Duration;

use sqlx::{
    AssertSqlSafe, Connection, PgConnection, PgPool, Postgres, Row, Transaction, pool::PoolConnection, postgres::PgRow,
};

use super::{
    error::StoreError,
    vectors::{Candidate, Hash, Place, Span},
};

/// Reads and writes the memory of one data source. Cheap to clone.
#[derive(Clone)]
pub struct Documents {
    reading: PgPool,
    writing: PgPool,
    /// The embedded database, which lets in one process.
    alone: bool,
    knowledge_base: String,
    data_source: String,
}

/// An event to look at; its `hash` is that of the document that was sent last.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    pub event: Candidate,
    pub state: Option<DocumentState>,
    /// The request it was sent in.
    pub batch: Option<String>,
}

/// A document that is about to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    pub event_id: i64,
    pub video_id: i64,
    pub seen: i64,
    pub hash: Hash,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentState {
    /// It may have arrived.
    Sending,
    /// It has arrived, and is not yet indexed.
    Sent,
    Indexed,
    Failed,
    /// It is to be taken out, or is being so.
    Leaving,
}

/// Which of the events are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that a run was sending when it ended.
    Interrupted,
    /// New ones, changed ones, and those that failed.
    Stale,
}

/// An event of a video, as this memory knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Remembered {
    pub video_id: i64,
    pub event_id: i64,
}

/// Held while a data source is written, so that nothing is sent by two at once.
pub struct Sending(Option<PoolConnection<Postgres>>);

impl Drop for Sending {
    fn drop(&mut self) {
        // The lock is the session's, so it ends with it; the pool opens another connection.
        if let Some(conn) = self.0.take() {
            let conn: PgConnection = conn.detach();
            if let Ok(runtime) = tokio::runtime::Handle::try_current() {
                runtime.spawn(conn.close());
            }
        }
    }
}

impl DocumentState {
    fn word(self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Indexed => "indexed",
            Self::Failed => "failed",
            Self::Leaving => "leaving",
        }
    }

    fn parse(word: &str) -> Self {
        match word {
            "sending" => Self::Sending,
            "sent" => Self::Sent,
            "indexed" => Self::Indexed,
            "leaving" => Self::Leaving,
            _ => Self::Failed,
        }
    }
}

impl Documents {
    /// Of no data source.
    pub(super) fn new(reading: PgPool, writing: PgPool, alone: bool) -> Self {
        Self { reading, writing, alone, knowledge_base: String::new(), data_source: String::new() }
    }

    pub(super) fn of(&self, knowledge_base: &str, data_source: &str) -> Self {
        let (knowledge_base, data_source) = (knowledge_base.to_owned(), data_source.to_owned());
        Self { knowledge_base, data_source, ..self.clone() }
    }

    /// The right to send, for this process alone; waited for until `limit`, because a server takes a moment to notice
    /// that a process was killed. `None` if another one has it.
    pub async fn lock(&self, limit: Duration) -> Result<Option<Sending>, StoreError> {
        if self.alone {
            return Ok(Some(Sending(None)));
        }
        let deadline = tokio::time::Instant::now() + limit;
        let mut conn = self.writing.acquire().await.map_err(broken)?;
        loop {
            let taken =
                sqlx::query_scalar::<_, bool>("SELECT pg_try_advisory_lock(7203419, hashtext($1 || '/' || $2))")
                    .bind(&self.knowledge_base)
                    .bind(&self.data_source)
                    .fetch_one(&mut *conn)
                    .await
                    .map_err(broken)?;
            match taken {
                true => return Ok(Some(Sending(Some(conn)))),
                false if tokio::time::Instant::now() > deadline => return Ok(None),
                false => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// The next `limit` events behind `after`. Where documents hold neighbours every event is given.
    pub async fn due(
        &self,
        which: Which,
        span: &Span,
        after: Option<Place>,
        limit: i64,
    ) -> Result<Vec<Due>, StoreError> {
        let (lowest, highest) = span.video.map_or((i64::MIN, i64::MAX), |id| (id, id));
        let after = after.unwrap_or(Place { video_id: lowest, timestamp: f64::NEG_INFINITY, id: i64::MIN });
        let rows = sqlx::query(AssertSqlSafe(statement(which, span.window)))
            .bind(after.video_id)
            .bind(after.timestamp)
            .bind(after.id)
            .bind(highest)
            .bind(limit)
            .bind(&self.knowledge_base)
            .bind(&self.data_source)
            .fetch_all(&self.reading)
            .await
            .map_err(broken)?;
        let due = |row| {
            let state: Option<&str> = Row::try_get(row, "state")?;
            Ok(Due {
                event: candidate(row, span.window > 0)?,
                state: state.map(DocumentState::parse),
                batch: Row::try_get(row, "batch")?,
            })
        };
        rows.iter().map(due).collect::<Result<_, _>>().map_err(broken)
    }

    /// How many events [`Self::due`] would give of the stale ones.
    pub async fn waiting(&self, span: &Span) -> Result<u64, StoreError> {
        let stale = if span.window == 0 { STALE } else { "true" };
        let text = format!(
            "SELECT count(*) FROM db_event AS e {JOIN} WHERE ($3::bigint IS NULL OR e.video_id = $3) AND {stale}"
        )
        .replace("$6", "$1")
        .replace("$7", "$2");
        let count = sqlx::query_scalar::<_, i64>(AssertSqlSafe(text));
        let count = count.bind(&self.knowledge_base).bind(&self.data_source).bind(span.video);
        Ok(count.fetch_one(&self.reading).await.map_err(broken)?.unsigned_abs())
    }

    /// Remembers that these are sent in one request; all or none.
    pub async fn begin(&self, rows: &[Begun], batch: &str) -> Result<(), StoreError> {
        let (mut videos, mut events, mut seen, mut hashes) = (vec![], vec![], vec![], vec![]);
        for row in rows {
            videos.push(row.video_id);
            events.push(row.event_id);
            seen.push(row.seen);
            hashes.push(row.hash.as_slice());
        }
        let text = "INSERT INTO askline_kb_document AS d (knowledge_base, data_source, video_id, event_id, seen, hash, state, batch) \
                    SELECT $1, $2, n.video_id, n.event_id, n.seen, n.hash, 'sending', $7 \
                    FROM unnest($3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[]) AS n (video_id, event_id, seen, hash) \
                    ON CONFLICT (knowledge_base, data_source, video_id, event_id) DO UPDATE SET \
                    seen = excluded.seen, hash = excluded.hash, state = 'sending', batch = excluded.batch, reason = NULL";
        let query = sqlx::query(text).bind(&self.knowledge_base).bind(&self.data_source);
        let query = query.bind(videos).bind(events).bind(seen).bind(hashes).bind(batch);
        query.execute(&self.writing).await.map_err(broken)?;
        Ok(())
    }

    /// What became of them, with a reason where it is bad.
    pub async fn note(&self, rows: &[(Remembered, DocumentState, Option<String>)]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let (videos, events) = numbers(rows.iter().map(|row| row.0));
        let states: Vec<&str> = rows.iter().map(|row| row.1.word()).collect();
        let reasons: Vec<Option<&str>> = rows.iter().map(|row| row.2.as_deref()).collect();
        let text = "UPDATE askline_kb_document AS d SET state = n.state, reason = n.reason \
                    FROM unnest($3::bigint[], $4::bigint[], $5::text[], $6::text[]) AS n (video_id, event_id, state, reason) \
                    WHERE d.knowledge_base = $1 AND d.data_source = $2 AND (d.video_id, d.event_id) = (n.video_id, n.event_id)";
        let query = sqlx::query(text).bind(&self.knowledge_base).bind(&self.data_source);
        let query = query.bind(videos).bind(events).bind(states).bind(reasons);
        query.execute(&self.writing).await.map_err(broken)?;
        Ok(())
    }

    /// Notes that events were looked at again and say what they said before.
    pub async fn unchanged(&self, rows: &[(Remembered, i64)]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let (videos, events) = numbers(rows.iter().map(|row| row.0));
        let seen: Vec<i64> = rows.iter().map(|row| row.1).collect();
        let text = "UPDATE askline_kb_document AS d SET seen = n.seen \
                    FROM unnest($3::bigint[], $4::bigint[], $5::bigint[]) AS n (video_id, event_id, seen) \
                    WHERE d.knowledge_base = $1 AND d.data_source = $2 \
                    AND (d.video_id, d.event_id) = (n.video_id, n.event_id) AND d.seen <> n.seen";
        let query = sqlx::query(text).bind(&self.knowledge_base).bind(&self.data_source);
        query.bind(videos).bind(events).bind(seen).execute(&self.writing).await.map_err(broken)?;
        Ok(())
    }

    /// Those whose events are gone, or are another video's now; `videos` alone, or all.
    pub async fn gone(&self, videos: Option<&[i64]>) -> Result<Vec<Remembered>, StoreError> {
        let text = "SELECT d.video_id, d.event_id FROM askline_kb_document AS d \
                    WHERE d.knowledge_base = $1 AND d.data_source = $2 AND ($3::bigint[] IS NULL OR d.video_id = ANY ($3)) \
                    AND NOT EXISTS (SELECT FROM db_event AS e WHERE e.id = d.event_id AND e.video_id = d.video_id) \
                    ORDER BY d.video_id, d.event_id";
        let query = sqlx::query_as::<_, (i64, i64)>(text).bind(&self.knowledge_base).bind(&self.data_source);
        let rows = query.bind(videos).fetch_all(&self.reading).await.map_err(broken)?;
        Ok(rows.into_iter().map(|(video_id, event_id)| Remembered { video_id, event_id }).collect())
    }

    /// Those in a state, with their reasons.
    pub async fn in_state(&self, state: DocumentState) -> Result<Vec<(Remembered, Option<String>)>, StoreError> {
        let text = "SELECT video_id, event_id, reason FROM askline_kb_document \
                    WHERE knowledge_base = $1 AND data_source = $2 AND state = $3 ORDER BY video_id, event_id";
        let query = sqlx::query_as::<_, (i64, i64, Option<String>)>(text).bind(&self.knowledge_base);
        let rows = query.bind(&self.data_source).bind(state.word()).fetch_all(&self.reading).await.map_err(broken)?;
        let row = |(video_id, event_id, reason)| (Remembered { video_id, event_id }, reason);
        Ok(rows.into_iter().map(row).collect())
    }

    pub async fn forget(&self, rows: &[Remembered]) -> Result<(), StoreError> {
        let (videos, events) = numbers(rows.iter().copied());
        let text = "DELETE FROM askline_kb_document AS d USING unnest($3::bigint[], $4::bigint[]) AS n (video_id, event_id) \
                    WHERE d.knowledge_base = $1 AND d.data_source = $2 AND (d.video_id, d.event_id) = (n.video_id, n.event_id)";
        let mut tx: Transaction<'_, Postgres> = self.writing.begin().await.map_err(broken)?;
        let query = sqlx::query(text).bind(&self.knowledge_base).bind(&self.data_source);
        query.bind(videos).bind(events).execute(&mut *tx).await.map_err(broken)?;
        tx.commit().await.map_err(broken)
    }
}

const JOIN: &str = "LEFT JOIN askline_kb_document AS d ON d.knowledge_base = $6 AND d.data_source = $7 \
                    AND d.video_id = e.video_id AND d.event_id = e.id";
const STALE: &str = "(d.seen IS NULL OR d.seen <> e.xmin::text::bigint OR d.state IN ('sending', 'failed', 'leaving'))";

fn statement(which: Which, window: u32) -> String {
    let neighbours = |sign: &str, order: &str| {
        format!(
            "ARRAY(SELECT n.description FROM db_event AS n WHERE n.video_id = e.video_id AND n.description IS NOT NULL \
             AND (n.timestamp, n.id) {sign} (e.timestamp, e.id) \
             ORDER BY n.timestamp {order}, n.id {order} LIMIT {window})"
        )
    };
    let around =
        if window == 0 { String::new() } else { format!(", {}, {}", neighbours("<", "DESC"), neighbours(">", "ASC")) };
    let wanted = match which {
        Which::Interrupted => "d.state = 'sending'",
        Which::Stale if window > 0 => "true",
        Which::Stale => STALE,
    };
    format!(
        "SELECT e.id, e.video_id, e.timestamp, e.event_type, e.action_detected, e.location, e.area, e.age, e.gender, \
         e.description, e.xmin::text::bigint, d.hash{around}, d.state AS state, d.batch AS batch FROM db_event AS e {JOIN} \
         WHERE (e.video_id, e.timestamp, e.id) > ($1, $2, $3) AND e.video_id <= $4 AND {wanted} \
         ORDER BY e.video_id, e.timestamp, e.id LIMIT $5"
    )
}

fn numbers(rows: impl Iterator<Item = Remembered>) -> (Vec<i64>, Vec<i64>) {
    rows.map(|row| (row.video_id, row.event_id)).unzip()
}

fn broken(error: sqlx::Error) -> StoreError {
    StoreError::from_sqlx(&error, Duration::ZERO)
}

/// Columns in the order of [`statement`].
fn candidate(row: &PgRow, neighbours: bool) -> Result<Candidate, sqlx::Error> {
    let hash: Option<&[u8]> = row.try_get(11)?;
    let (mut before, after): (Vec<String>, Vec<String>) =
        if neighbours { (row.try_get(12)?, row.try_get(13)?) } else { (Vec::new(), Vec::new()) };
    before.reverse();
    Ok(Candidate {
        id: row.try_get(0)?,
        video_id: row.try_get(1)?,
        timestamp: row.try_get(2)?,
        event_type: row.try_get(3)?,
        action_detected: row.try_get(4)?,
        location: row.try_get(5)?,
        area: row.try_get(6)?,
        age: row.try_get(7)?,
        gender: row.try_get(8)?,
        description: row.try_get(9)?,
        seen: row.try_get(10)?,
        hash: hash.and_then(|hash| hash.try_into().ok()),
        before,
        after,
    })
}
