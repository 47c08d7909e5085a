//! From the staging tables into the real ones.
//!
//! A row with a number replaces the row of that number, if it differs. A row without one is added, unless there is a
//! row with the same values in all columns, so that a file without numbers can be loaded twice as well.

use sqlx::PgConnection;

use super::{Counts, record::Kind};

/// The tables a load fills first. They go with the transaction.
pub(super) const STAGING: &str = "
CREATE TEMP TABLE askline_videos_in (
    file bigint, line bigint,
    video_id bigint, name text, filename text, duration double precision, recorded_at timestamptz, timezone text,
    created_at timestamptz
) ON COMMIT DROP;
CREATE TEMP TABLE askline_events_in (
    file bigint, line bigint,
    id bigint, video_id bigint, timestamp double precision, duration double precision, event_type text,
    action_detected text, location text, area text, age double precision, gender text, obj_id bigint,
    confidence double precision, description text, attributes jsonb
) ON COMMIT DROP";

/// Loads of several processes go one after the other: rows without numbers could be doubled otherwise.
pub(super) const ONE_AT_A_TIME: &str = "SELECT pg_advisory_xact_lock(hashtext('askline load'))";

pub(super) fn copy_into(kind: Kind) -> &'static str {
    match kind {
        Kind::Videos => "COPY pg_temp.askline_videos_in FROM STDIN (FORMAT BINARY)",
        Kind::Events => "COPY pg_temp.askline_events_in FROM STDIN (FORMAT BINARY)",
    }
}

/// The numbers of events that are given to an event of another video: (file, line, id, that video). The first 50, and
/// how many there are in all.
pub(super) async fn taken_ids(conn: &mut PgConnection) -> Result<(Vec<(i64, i64, i64, i64)>, i64), sqlx::Error> {
    let total: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_temp.askline_events_in AS s JOIN db_event AS t USING (id)
         WHERE t.video_id <> s.video_id",
    )
    .fetch_one(&mut *conn)
    .await?;
    if total == 0 {
        return Ok((Vec::new(), 0));
    }
    let rows = sqlx::query_as(
        "SELECT s.file, s.line, s.id, t.video_id FROM pg_temp.askline_events_in AS s JOIN db_event AS t USING (id)
         WHERE t.video_id <> s.video_id ORDER BY s.file, s.line LIMIT 50",
    )
    .fetch_all(conn)
    .await?;
    Ok((rows, total))
}

/// Merges one staging table.
pub(super) async fn merge(conn: &mut PgConnection, kind: Kind, rows: u64) -> Result<Counts, sqlx::Error> {
    let (numbered, sequence, rest) = match kind {
        Kind::Videos => (VIDEOS_NUMBERED, VIDEO_SEQUENCE, VIDEOS_REST),
        Kind::Events => (EVENTS_NUMBERED, EVENT_SEQUENCE, EVENTS_REST),
    };
    sqlx::raw_sql(match kind {
        Kind::Videos => "ANALYZE pg_temp.askline_videos_in",
        Kind::Events => "ANALYZE pg_temp.askline_events_in",
    })
    .execute(&mut *conn)
    .await?;
    let (inserted, updated): (i64, i64) = sqlx::query_as(numbered).fetch_one(&mut *conn).await?;
    sqlx::query(sequence).execute(&mut *conn).await?;
    let added = sqlx::query(rest).execute(conn).await?.rows_affected();
    let (inserted, updated) = (inserted.unsigned_abs() + added, updated.unsigned_abs());
    Ok(Counts { inserted, updated, unchanged: rows.saturating_sub(inserted + updated) })
}

/// `xmax` is 0 in a row that is new, and not in one that replaced another.
const VIDEOS_NUMBERED: &str = "
WITH put AS (
    INSERT INTO db_video AS t (video_id, name, filename, duration, recorded_at, timezone, created_at)
    SELECT s.video_id, s.name, s.filename, s.duration, s.recorded_at, s.timezone,
           coalesce(s.created_at, o.created_at, now())
    FROM pg_temp.askline_videos_in AS s LEFT JOIN db_video AS o USING (video_id)
    WHERE s.video_id IS NOT NULL
    ON CONFLICT (video_id) DO UPDATE
    SET name = excluded.name, filename = excluded.filename, duration = excluded.duration,
        recorded_at = excluded.recorded_at, timezone = excluded.timezone, created_at = excluded.created_at
    WHERE (t.name, t.filename, t.duration, t.recorded_at, t.timezone, t.created_at)
          IS DISTINCT FROM (excluded.name, excluded.filename, excluded.duration, excluded.recorded_at,
                            excluded.timezone, excluded.created_at)
    RETURNING (t.xmax = 0) AS fresh
)
SELECT count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh) FROM put";

const EVENTS_NUMBERED: &str = "
WITH put AS (
    INSERT INTO db_event AS t (id, video_id, timestamp, duration, event_type, action_detected, location, area, age,
                               gender, obj_id, confidence, description, attributes)
    SELECT id, video_id, timestamp, duration, event_type, action_detected, location, area, age,
           gender, obj_id, confidence, description, attributes
    FROM pg_temp.askline_events_in
    WHERE id IS NOT NULL
    ON CONFLICT (id) DO UPDATE
    SET video_id = excluded.video_id, timestamp = excluded.timestamp, duration = excluded.duration,
        event_type = excluded.event_type, action_detected = excluded.action_detected, location = excluded.location,
        area = excluded.area, age = excluded.age, gender = excluded.gender, obj_id = excluded.obj_id,
        confidence = excluded.confidence, description = excluded.description, attributes = excluded.attributes
    WHERE (t.video_id, t.timestamp, t.duration, t.event_type, t.action_detected, t.location, t.area, t.age, t.gender,
           t.obj_id, t.confidence, t.description, t.attributes)
          IS DISTINCT FROM (excluded.video_id, excluded.timestamp, excluded.duration, excluded.event_type,
                            excluded.action_detected, excluded.location, excluded.area, excluded.age, excluded.gender,
                            excluded.obj_id, excluded.confidence, excluded.description, excluded.attributes)
    RETURNING (t.xmax = 0) AS fresh
)
SELECT count(*) FILTER (WHERE fresh), count(*) FILTER (WHERE NOT fresh) FROM put";

/// Numbers that the database gives out go on after the highest.
const VIDEO_SEQUENCE: &str = "
SELECT setval(pg_get_serial_sequence('db_video', 'video_id'), top.id)
FROM (SELECT max(video_id) AS id FROM db_video) AS top, db_video_video_id_seq AS s
WHERE top.id >= s.last_value";

const EVENT_SEQUENCE: &str = "
SELECT setval(pg_get_serial_sequence('db_event', 'id'), top.id)
FROM (SELECT max(id) AS id FROM db_event) AS top, db_event_id_seq AS s
WHERE top.id >= s.last_value";

const VIDEOS_REST: &str = "
INSERT INTO db_video (name, filename, duration, recorded_at, timezone, created_at)
SELECT s.name, s.filename, s.duration, s.recorded_at, s.timezone, coalesce(s.created_at, now())
FROM pg_temp.askline_videos_in AS s
WHERE s.video_id IS NULL
  AND NOT EXISTS (
    SELECT FROM db_video AS t
    WHERE t.name = s.name AND t.timezone = s.timezone
      AND (t.filename, t.duration, t.recorded_at) IS NOT DISTINCT FROM (s.filename, s.duration, s.recorded_at)
      AND t.created_at = coalesce(s.created_at, t.created_at))
GROUP BY s.name, s.filename, s.duration, s.recorded_at, s.timezone, s.created_at
ORDER BY min(s.file), min(s.line)";

const EVENTS_REST: &str = "
INSERT INTO db_event (video_id, timestamp, duration, event_type, action_detected, location, area, age, gender, obj_id,
                      confidence, description, attributes)
SELECT s.video_id, s.timestamp, s.duration, s.event_type, s.action_detected, s.location, s.area, s.age, s.gender,
       s.obj_id, s.confidence, s.description, s.attributes
FROM pg_temp.askline_events_in AS s
WHERE s.id IS NULL
  AND NOT EXISTS (
    SELECT FROM db_event AS t
    WHERE t.video_id = s.video_id AND t.timestamp = s.timestamp AND t.event_type = s.event_type
      AND (t.duration, t.action_detected, t.location, t.area, t.age, t.gender, t.obj_id, t.confidence, t.description,
           t.attributes)
          IS NOT DISTINCT FROM (s.duration, s.action_detected, s.location, s.area, s.age, s.gender, s.obj_id,
                                s.confidence, s.description, s.attributes))
GROUP BY s.video_id, s.timestamp, s.duration, s.event_type, s.action_detected, s.location, s.area, s.age, s.gender,
         s.obj_id, s.confidence, s.description, s.attributes
ORDER BY min(s.file), min(s.line)";
