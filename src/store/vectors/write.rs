//! Vectors into their table: binary COPY, a piece in one transaction, so that a killed process has written all of a piece
//! or nothing of it.

use std::collections::HashMap;

use half::{f16, slice::HalfFloatSliceExt};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Row};

use super::{Vectors, Version, broken, whole};
use crate::{model::Vector, store::error::StoreError};

/// Of a document: the first 16 bytes of its SHA-256.
pub type Hash = [u8; 16];

/// An event's document as it was embedded.
#[derive(Debug, Clone, PartialEq)]
pub struct Indexed {
    pub event_id: i64,
    pub video_id: i64,
    /// The event's row version.
    pub seen: i64,
    pub hash: Hash,
    /// `None` where the model has nothing to say of it; it is not embedded again for that.
    pub vector: Vector,
    /// Whether there is one already, of another document.
    pub replaces: bool,
}

impl Vectors {
    /// Writes them all or none. Returns how many there were. `quickly`: a crash of the server may lose the last ones (a
    /// killed process does not), so that nothing waits for the disk.
    pub async fn put(&self, version: &Version, rows: Vec<Indexed>, quickly: bool) -> Result<u64, StoreError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let pool = if quickly { &self.hasty } else { &self.writing };
        whole(put(pool.clone(), version.clone(), rows)).await
    }

    /// Notes that events were looked at again and say what they said before: (video, event, row version).
    pub async fn unchanged(&self, version: &Version, rows: &[(i64, i64, i64)]) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let text = format!(
            "UPDATE {} AS x SET seen = new.seen \
             FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS new (video_id, event_id, seen) \
             WHERE (x.video_id, x.event_id) = (new.video_id, new.event_id) AND x.seen <> new.seen",
            version.table()
        );
        let videos: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let events: Vec<i64> = rows.iter().map(|row| row.1).collect();
        let seen: Vec<i64> = rows.iter().map(|row| row.2).collect();
        let update = sqlx::query(AssertSqlSafe(text)).bind(videos).bind(events).bind(seen);
        update.execute(&self.writing).await.map_err(broken)?;
        Ok(())
    }

    /// Removes the vectors of events that are gone, or are another video's now. Returns how many there were.
    pub async fn prune(&self, version: &Version, videos: Option<&[i64]>) -> Result<u64, StoreError> {
        let text = format!(
            "DELETE FROM {} AS x WHERE NOT EXISTS (SELECT FROM db_event AS e \
             WHERE e.id = x.event_id AND e.video_id = x.video_id) AND ($1::bigint[] IS NULL OR x.video_id = ANY ($1))",
            version.table()
        );
        let gone = sqlx::query(AssertSqlSafe(text)).bind(videos).execute(&self.writing).await.map_err(broken)?;
        Ok(gone.rows_affected())
    }

    /// How many of a version's vectors are of events that are gone.
    pub async fn gone(&self, version: &Version, videos: Option<&[i64]>) -> Result<u64, StoreError> {
        let text = format!(
            "SELECT count(*) FROM {} AS x WHERE NOT EXISTS (SELECT FROM db_event AS e \
             WHERE e.id = x.event_id AND e.video_id = x.video_id) AND ($1::bigint[] IS NULL OR x.video_id = ANY ($1))",
            version.table()
        );
        let count = sqlx::query_scalar::<_, i64>(AssertSqlSafe(text)).bind(videos);
        Ok(count.fetch_one(&self.reading).await.map_err(broken)?.unsigned_abs())
    }

    /// The vectors of documents that were embedded before, so that the same text is not paid twice.
    pub async fn known(&self, version: &Version, hashes: &[Hash]) -> Result<HashMap<Hash, Vector>, StoreError> {
        let text =
            format!("SELECT DISTINCT ON (hash) hash, embedding::real[] FROM {} WHERE hash = ANY ($1)", version.table());
        let hashes: Vec<&[u8]> = hashes.iter().map(<[u8; 16]>::as_slice).collect();
        let rows = sqlx::query(AssertSqlSafe(text)).bind(hashes).fetch_all(&self.reading).await.map_err(broken)?;
        let mut known = HashMap::with_capacity(rows.len());
        for row in &rows {
            let hash: &[u8] = row.try_get(0).map_err(broken)?;
            if let Ok(hash) = Hash::try_from(hash) {
                known.insert(hash, row.try_get(1).map_err(broken)?);
            }
        }
        Ok(known)
    }

    /// Makes [`Self::known`] fast. For embedders that are paid; the others are faster than the index.
    pub async fn remember_documents(&self, version: &Version) -> Result<(), StoreError> {
        let table = version.table();
        let text = format!("CREATE INDEX IF NOT EXISTS {table}_hash ON {table} (hash)");
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&self.writing).await.map_err(broken)?;
        Ok(())
    }
}

async fn put(pool: PgPool, version: Version, rows: Vec<Indexed>) -> Result<u64, StoreError> {
    let replaced: Vec<&Indexed> = rows.iter().filter(|row| row.replaces).collect();
    if replaced.is_empty() {
        // A statement is a transaction too, and needs two round trips less.
        let mut conn = pool.acquire().await.map_err(broken)?;
        return copy(&mut conn, &version, &rows).await;
    }
    let mut tx = pool.begin().await.map_err(broken)?;
    let (videos, events): (Vec<i64>, Vec<i64>) = replaced.iter().map(|row| (row.video_id, row.event_id)).unzip();
    let text = format!(
        "DELETE FROM {} AS x USING unnest($1::bigint[], $2::bigint[]) AS old (video_id, event_id) \
         WHERE (x.video_id, x.event_id) = (old.video_id, old.event_id)",
        version.table()
    );
    sqlx::query(AssertSqlSafe(text)).bind(videos).bind(events).execute(&mut *tx).await.map_err(broken)?;
    let written = copy(&mut tx, &version, &rows).await?;
    tx.commit().await.map_err(broken)?;
    Ok(written)
}

async fn copy(conn: &mut PgConnection, version: &Version, rows: &[Indexed]) -> Result<u64, StoreError> {
    let text =
        format!("COPY {} (event_id, video_id, seen, hash, embedding) FROM STDIN (FORMAT BINARY)", version.table());
    let mut copy = conn.copy_in_raw(&text).await.map_err(broken)?;
    // In pieces, so that the server writes one while the next is made.
    let mut message = Vec::with_capacity(MESSAGE + MESSAGE / 4);
    message.extend(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0");
    let mut halves = Vec::new();
    for row in rows {
        encode(row, version.halved, &mut halves, &mut message);
        if message.len() >= MESSAGE {
            copy.send(message.as_slice()).await.map_err(broken)?;
            message.clear();
        }
    }
    message.extend((-1_i16).to_be_bytes());
    copy.send(message.as_slice()).await.map_err(broken)?;
    copy.finish().await.map_err(broken)
}

/// Bytes that are sent at once.
const MESSAGE: usize = 1 << 17;

/// In the format of `COPY … (FORMAT BINARY)`; a vector is its dimensions, two bytes of nothing, and its numbers. `halves`
/// is room that is used again.
fn encode(row: &Indexed, halved: bool, halves: &mut Vec<f16>, out: &mut Vec<u8>) {
    out.extend(5_i16.to_be_bytes());
    for number in [row.event_id, row.video_id, row.seen] {
        out.extend(8_i32.to_be_bytes());
        out.extend(number.to_be_bytes());
    }
    out.extend(16_i32.to_be_bytes());
    out.extend(row.hash);
    let Some(vector) = &row.vector else {
        out.extend((-1_i32).to_be_bytes());
        return;
    };
    let width = if halved { 2 } else { 4 };
    out.extend(i32::try_from(4 + width * vector.len()).unwrap_or(i32::MAX).to_be_bytes());
    out.extend(u16::try_from(vector.len()).unwrap_or(u16::MAX).to_be_bytes());
    out.extend([0, 0]);
    if halved {
        halves.resize(vector.len(), f16::ZERO);
        // All at once, by the processor's own instruction where it has one.
        halves.convert_from_f32_slice(vector);
        out.extend(halves.iter().flat_map(|x| x.to_be_bytes()));
    } else {
        out.extend(vector.iter().flat_map(|x| x.to_be_bytes()));
    }
}
