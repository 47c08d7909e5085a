//! What is known of the videos, and a short memory of it, because every question needs it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use jiff::{Timestamp, tz::TimeZone};
use sqlx::PgPool;

use crate::question::{Places, Video};

use super::error::StoreError;

/// A video as it is listed.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct VideoRow {
    pub id: i64,
    pub name: String,
    pub filename: Option<String>,
    /// Seconds.
    pub duration: Option<f64>,
    /// RFC 3339, in UTC.
    pub recorded_at: Option<String>,
    /// IANA name.
    pub timezone: String,
    /// How many events it has.
    pub events: i64,
}

/// How long what is known of a video is taken for true without looking again.
const FRESH: Duration = Duration::from_secs(5);

/// How many videos are remembered; asking for more at once only means looking again.
const CAPACITY: usize = 4096;

/// The videos asked about lately, also those that do not exist.
#[derive(Default)]
pub(super) struct VideoCache(Mutex<HashMap<i64, Entry>>);

struct Entry {
    video: Option<Arc<Video>>,
    fresh_until: Instant,
}

impl VideoCache {
    /// What is remembered of a video. Once it is no longer fresh, the first caller gets nothing (and looks again),
    /// while the others are still given the old one: a popular video is read by one of them, not by all.
    pub(super) fn get(&self, id: i64) -> Option<Option<Arc<Video>>> {
        let now = Instant::now();
        let mut entries = self.lock();
        let entry = entries.get_mut(&id)?;
        if entry.fresh_until <= now {
            entry.fresh_until = now + FRESH;
            return None;
        }
        Some(entry.video.clone())
    }

    pub(super) fn put(&self, id: i64, video: Option<Arc<Video>>) {
        let mut entries = self.lock();
        if entries.len() >= CAPACITY {
            entries.clear();
        }
        entries.insert(id, Entry { video, fresh_until: Instant::now() + FRESH });
    }

    pub(super) fn forget(&self, id: i64) {
        self.lock().remove(&id);
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, Entry>> {
        // Nothing can panic while it is held; if it did, the map is whole all the same.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type VideoColumns = (String, Option<String>, Option<f64>, Option<i64>, String, Vec<String>);

/// One video with the places its events name.
pub(super) async fn one(pool: &PgPool, id: i64) -> Result<Option<Video>, StoreError> {
    let row: Option<VideoColumns> = sqlx::query_as(
        "SELECT name, filename, duration,
                CASE WHEN isfinite(recorded_at) THEN (extract(epoch FROM recorded_at) * 1000000)::bigint END,
                timezone,
                ARRAY(SELECT DISTINCT location FROM db_event
                      WHERE video_id = $1 AND location IS NOT NULL ORDER BY location)
         FROM db_video WHERE video_id = $1",
    )
    .bind(id)
    .fetch_optional(pool)
    .await
    .map_err(|error| StoreError::from_sqlx(&error, Duration::ZERO))?;
    let Some((name, filename, duration, recorded_at, timezone, places)) = row else { return Ok(None) };
    let zone =
        TimeZone::get(&timezone).map_err(|_| StoreError::BadTimezone { video: id, timezone: timezone.clone() })?;
    let recorded_at = recorded_at.and_then(|micros| Timestamp::from_microsecond(micros).ok());
    Ok(Some(Video { id, name, filename, duration, recorded_at, timezone: zone, places: Places::new(places) }))
}

type ListedColumns = (i64, String, Option<String>, Option<f64>, Option<i64>, String, i64);

/// All videos, by number.
pub(super) async fn all(pool: &PgPool) -> Result<Vec<VideoRow>, StoreError> {
    let rows: Vec<ListedColumns> = sqlx::query_as(
        "SELECT video_id, name, filename, duration,
                CASE WHEN isfinite(recorded_at) THEN (extract(epoch FROM recorded_at) * 1000000)::bigint END,
                timezone, coalesce(events, 0)
         FROM db_video LEFT JOIN (SELECT video_id, count(*) AS events FROM db_event GROUP BY video_id) AS counted
              USING (video_id)
         ORDER BY video_id",
    )
    .fetch_all(pool)
    .await
    .map_err(|error| StoreError::from_sqlx(&error, Duration::ZERO))?;
    let listed = |(id, name, filename, duration, recorded_at, timezone, events): ListedColumns| {
        let recorded_at = recorded_at.and_then(|micros| Timestamp::from_microsecond(micros).ok());
        let recorded_at = recorded_at.map(|moment| moment.to_string());
        VideoRow { id, name, filename, duration, recorded_at, timezone, events }
    };
    Ok(rows.into_iter().map(listed).collect())
}
