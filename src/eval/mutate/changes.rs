//! The statements that make a copy of the data differ. Values are binds; `$1` is the video wherever there is one.

use crate::{sql::Bind, store::Change};

/// Rows that one statement adds, about: statements that join events with events have to stay quick.
const ROWS: usize = 1200;

/// Events once more with new ids: row by row of `$from` the event `$row`, with the members of `$patch` in place of its own.
macro_rules! copies {
    ($row:literal, $patch:literal, $from:literal) => {
        concat!(
            "INSERT INTO db_event SELECT r.* FROM (SELECT c.e, c.patch || jsonb_build_object('id', \
             (SELECT max(id) FROM db_event) + row_number() OVER (ORDER BY (c.e).id, c.patch::text)) AS patch \
             FROM (SELECT ",
            $row,
            " AS e, ",
            $patch,
            " AS patch FROM ",
            $from,
            ") c) c CROSS JOIN LATERAL jsonb_populate_record(c.e, c.patch) r"
        )
    };
}

/// A column whose values may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Age,
    Gender,
    Location,
    Area,
    Person,
}

/// A column of numbers: what it can hold, and what is just beside a number of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Near {
    pub(super) column: &'static str,
    pub(super) step: f64,
    most: f64,
}

impl Column {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Gender => "gender",
            Self::Location => "location",
            Self::Area => "area",
            Self::Person => "obj_id",
        }
    }
}

impl Near {
    /// Seconds from the video's start; its end is not known here.
    pub(super) const TIME: Self = Self { column: "timestamp", step: 1.0, most: f64::MAX };
    pub(super) const AGE: Self = Self { column: "age", step: 0.5, most: 130.0 };
    pub(super) const CONFIDENCE: Self = Self { column: "confidence", step: 0.005, most: 1.0 };
    pub(super) const DURATION: Self = Self { column: "duration", step: 0.5, most: 86_400.0 };

    pub(super) fn holds(self, number: f64) -> bool {
        (0.0..=self.most).contains(&number)
    }
}

/// Each event once more, with the column unknown.
pub(super) fn unknown(video: i64, column: Column) -> Vec<Change> {
    let name = Bind::Text(column.name().to_owned());
    let text = copies!("e", "jsonb_build_object($2::text, NULL)", "db_event e WHERE e.video_id = $1");
    vec![change(text, vec![Bind::Int(video), name])]
}

/// Events exactly `offset` after each of the numbers of seconds and moments of the clock: those nearest to it of each
/// type. With `from_end` also that long before the video's end, and at its halves, thirds ….
pub(super) fn moments(video: i64, numbers: &[f64], moments: &[String], offset: f64, from_end: bool) -> Vec<Change> {
    let (of_day, dated): (Vec<String>, Vec<String>) = moments.iter().cloned().partition(|moment| !moment.contains('-'));
    let (zoned, plain): (Vec<String>, Vec<String>) = dated.into_iter().partition(|moment| has_offset(moment));
    let places = (numbers.len() * if from_end { 3 } else { 1 }) + moments.len();
    let binds = vec![
        Bind::Int(video),
        texts(numbers),
        Bind::Texts(of_day),
        Bind::Texts(plain),
        Bind::Texts(zoned),
        Bind::Int(i64::from(from_end)),
        Bind::Float(offset),
        per(places),
    ];
    vec![change(MOMENTS, binds)]
}

const MOMENTS: &str = copies!(
    "k.e",
    "jsonb_build_object('timestamp', k.at)",
    "(SELECT near.*, row_number() OVER (PARTITION BY near.at ORDER BY near.nth, (near.e).id) AS place FROM (\
         SELECT x AS e, p.at, row_number() OVER \
             (PARTITION BY p.at, x.event_type ORDER BY abs(x.timestamp - p.at), x.id) AS nth \
         FROM (SELECT DISTINCT m.at + $7 AS at, v.duration FROM db_video v CROSS JOIN LATERAL (\
             SELECT s::float8 AS at FROM unnest($2::text[]) s \
             UNION ALL SELECT v.duration - s::float8 FROM unnest($2::text[]) s WHERE $6 = 1 \
             UNION ALL SELECT v.duration / nullif(s::float8, 0) FROM unnest($2::text[]) s WHERE $6 = 1 \
             UNION ALL SELECT extract(epoch FROM (((v.recorded_at AT TIME ZONE v.timezone)::date + d + t::time) \
                 AT TIME ZONE v.timezone) - v.recorded_at)::float8 FROM unnest($3::text[]) t, generate_series(0, 1) d \
             UNION ALL SELECT extract(epoch FROM (t::timestamp AT TIME ZONE v.timezone) - v.recorded_at)::float8 \
                 FROM unnest($4::text[]) t \
             UNION ALL SELECT extract(epoch FROM t::timestamptz - v.recorded_at)::float8 FROM unnest($5::text[]) t\
         ) m WHERE v.video_id = $1) p \
         JOIN db_event x ON x.video_id = $1 AND p.at >= 0 AND (p.duration IS NULL OR p.at <= p.duration)\
     ) near) k WHERE k.place <= $8"
);

/// Events whose column is each of the numbers plus `offset`: the earliest of each type.
pub(super) fn beside(video: i64, near: Near, numbers: &[f64], offset: f64) -> Vec<Change> {
    let beside: Vec<f64> = numbers.iter().map(|number| number + offset).filter(|number| near.holds(*number)).collect();
    let places = beside.len();
    let binds = vec![Bind::Int(video), texts(&beside), Bind::Text(near.column.to_owned()), per(places)];
    vec![change(BESIDE, binds)]
}

const BESIDE: &str = copies!(
    "k.e",
    "jsonb_build_object($3::text, k.value)",
    "(SELECT near.*, row_number() OVER (PARTITION BY near.value ORDER BY near.nth, (near.e).id) AS place FROM (\
         SELECT x AS e, s::float8 AS value, row_number() OVER (PARTITION BY s, x.event_type ORDER BY x.id) AS nth \
         FROM unnest($2::text[]) s, db_event x WHERE x.video_id = $1\
     ) near) k WHERE k.place <= $4"
);

/// Every event on a whole minute, with lengths, certainties and ages that repeat; stored by id, upwards or downwards.
pub(super) fn ties(video: i64, backwards: bool) -> Vec<Change> {
    let stored = if backwards { DOWNWARDS } else { UPWARDS };
    vec![change(TIES, vec![Bind::Int(video)]), change(stored, Vec::new())]
}

const TIES: &str = "UPDATE db_event SET timestamp = 60 * floor(timestamp / 60), duration = 10 * ceil(duration / 10), \
                    confidence = round(confidence::numeric, 1), age = 5 * round(age / 5) WHERE video_id = $1";
const UPWARDS: &str =
    "WITH gone AS (DELETE FROM db_event RETURNING *) INSERT INTO db_event SELECT * FROM gone ORDER BY id";
const DOWNWARDS: &str =
    "WITH gone AS (DELETE FROM db_event RETURNING *) INSERT INTO db_event SELECT * FROM gone ORDER BY id DESC";

/// The same rows in an order that `seed` chooses.
pub(super) fn reordered(seed: &str) -> Change {
    let text = "WITH gone AS (DELETE FROM db_event RETURNING *) \
                INSERT INTO db_event SELECT * FROM gone ORDER BY md5(id::text || $1::text)";
    change(text, vec![Bind::Text(seed.to_owned())])
}

/// Each event twice, under two ids.
pub(super) fn duplicated(video: i64) -> Vec<Change> {
    vec![change(copies!("e", "'{}'::jsonb", "db_event e WHERE e.video_id = $1"), vec![Bind::Int(video)])]
}

/// A further video like this one, with the same events at the same times.
pub(super) fn another_video(video: i64) -> Vec<Change> {
    let like = "INSERT INTO db_video SELECT r.* FROM db_video v CROSS JOIN LATERAL jsonb_populate_record(v, \
                jsonb_build_object('video_id', (SELECT max(video_id) + 1 FROM db_video))) r WHERE v.video_id = $1";
    let events = copies!(
        "e",
        "jsonb_build_object('video_id', (SELECT max(video_id) FROM db_video))",
        "db_event e WHERE e.video_id = $1"
    );
    vec![change(like, vec![Bind::Int(video)]), change(events, vec![Bind::Int(video)])]
}

/// Every second event is gone.
pub(super) fn deleted(video: i64, seed: &str) -> Vec<Change> {
    let text = "DELETE FROM db_event WHERE video_id = $1 AND md5(id::text || $2::text) < '8'";
    vec![change(text, vec![Bind::Int(video), Bind::Text(seed.to_owned())])]
}

/// All are.
pub(super) fn empty(video: i64) -> Vec<Change> {
    vec![change("DELETE FROM db_event WHERE video_id = $1", vec![Bind::Int(video)])]
}

/// Some events as each of the types that there are, so that all types are as frequent among them.
pub(super) fn every_type(video: i64, seed: &str) -> Vec<Change> {
    let text = copies!(
        "k.e",
        "jsonb_build_object('event_type', k.event_type)",
        "(SELECT x AS e, t.event_type FROM (SELECT * FROM db_event WHERE video_id = $1 \
             ORDER BY md5(id::text || $2::text) LIMIT 90) s JOIN db_event x ON x.id = s.id, \
         unnest(ARRAY['theft', 'collapse', 'sitting', 'loitering', 'intrusion', 'fighting', 'vandalism', 'person_enter', \
             'person_exit', 'interaction', 'picking', 'walking', 'standing', 'anomaly']) t(event_type)) k"
    );
    vec![change(text, vec![Bind::Int(video), Bind::Text(seed.to_owned())])]
}

/// Some events with each gender on each side, known or not.
pub(super) fn every_gender(video: i64, seed: &str) -> Vec<Change> {
    let text = copies!(
        "k.e",
        "jsonb_build_object('gender', k.gender, 'area', k.area)",
        "(SELECT x AS e, g.gender, a.area FROM (SELECT * FROM db_event WHERE video_id = $1 \
             ORDER BY md5(id::text || $2::text) LIMIT 100) s JOIN db_event x ON x.id = s.id, \
         unnest(ARRAY['male', 'female', NULL]) g(gender), unnest(ARRAY['left', 'center', 'right', NULL]) a(area)) k"
    );
    vec![change(text, vec![Bind::Int(video), Bind::Text(seed.to_owned())])]
}

/// Every event at the very start; and then, for each number of seconds at a place of its own, events of each type that
/// far apart. Nothing else happens between them.
pub(super) fn gaps(video: i64, seconds: &[f64]) -> Vec<Change> {
    let pairs = copies!(
        "k.e",
        "jsonb_build_object('timestamp', k.at)",
        "(SELECT x AS e, g.at + b.later AS at, row_number() OVER (PARTITION BY g.at, b.later, x.event_type ORDER BY x.id) AS nth, \
             g.length \
         FROM (SELECT s.seconds::float8 AS seconds, s.n * coalesce(v.duration, 3600) / (1 + cardinality($2::text[])) AS at, \
                 coalesce(v.duration, 'Infinity') AS length \
             FROM unnest($2::text[]) WITH ORDINALITY s(seconds, n), db_video v WHERE v.video_id = $1) g, \
         LATERAL (VALUES (0), (g.seconds)) b(later), db_event x WHERE x.video_id = $1) k \
         WHERE k.at <= k.length AND k.nth <= 1 + $3 / 28"
    );
    let together = "UPDATE db_event SET timestamp = 0 WHERE video_id = $1";
    vec![
        change(together, vec![Bind::Int(video)]),
        change(pairs, vec![Bind::Int(video), texts(seconds), per(seconds.len())]),
    ]
}

/// The values of every column go to other events of the video, each column's by themselves.
pub(super) fn random(video: i64, seed: &str) -> Vec<Change> {
    let text = "WITH numbered AS (SELECT *, \
            row_number() OVER (ORDER BY id) AS n, \
            row_number() OVER (ORDER BY md5(id::text || 't' || $2::text)) AS t, \
            row_number() OVER (ORDER BY md5(id::text || 'y' || $2::text)) AS y, \
            row_number() OVER (ORDER BY md5(id::text || 'p' || $2::text)) AS p, \
            row_number() OVER (ORDER BY md5(id::text || 'c' || $2::text)) AS c \
            FROM db_event WHERE video_id = $1) \
        UPDATE db_event e SET timestamp = t.timestamp, duration = t.duration, event_type = y.event_type, \
            location = p.location, area = p.area, age = c.age, gender = c.gender, confidence = t.confidence \
        FROM numbered n JOIN numbered t ON t.t = n.n JOIN numbered y ON y.y = n.n JOIN numbered p ON p.p = n.n \
            JOIN numbered c ON c.c = n.n \
        WHERE e.id = n.id";
    vec![change(text, vec![Bind::Int(video), Bind::Text(seed.to_owned())])]
}

fn change(text: &'static str, binds: Vec<Bind>) -> Change {
    Change { text, binds }
}

/// As texts, which every driver can pass in a list; the shortest that is read as the same number.
fn texts(numbers: &[f64]) -> Bind {
    Bind::Texts(numbers.iter().map(f64::to_string).collect())
}

/// The share of each of so many places in [`ROWS`].
fn per(places: usize) -> Bind {
    Bind::Int(i64::try_from((ROWS / places.max(1)).max(28)).unwrap_or(i64::MAX))
}

/// Of a moment with its day.
fn has_offset(moment: &str) -> bool {
    moment.ends_with('Z') || moment.contains('+') || moment.matches('-').count() > 2
}
