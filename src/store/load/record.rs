//! The columns of the two kinds of file, and the check of one row.

use jiff::tz::TimeZone;

use super::cells::{self, Cell, Read};

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Videos,
    Events,
}

/// A row that was found to be right.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Row {
    Video(VideoIn),
    Event(EventIn),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct VideoIn {
    pub(super) id: Option<i64>,
    pub(super) name: String,
    pub(super) filename: Option<String>,
    /// Seconds.
    pub(super) duration: Option<f64>,
    /// Microseconds since 1970, as `created_at`.
    pub(super) recorded_at: Option<i64>,
    pub(super) timezone: String,
    pub(super) created_at: Option<i64>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct EventIn {
    pub(super) id: Option<i64>,
    pub(super) video_id: i64,
    /// Seconds.
    pub(super) timestamp: f64,
    /// Seconds.
    pub(super) duration: f64,
    pub(super) event_type: &'static str,
    pub(super) action_detected: Option<String>,
    pub(super) location: Option<String>,
    pub(super) area: Option<&'static str>,
    /// Years.
    pub(super) age: Option<f64>,
    pub(super) gender: Option<&'static str>,
    pub(super) obj_id: Option<i64>,
    pub(super) confidence: f64,
    pub(super) description: Option<String>,
    /// A JSON object.
    pub(super) attributes: String,
}

const VIDEO_COLUMNS: &[&str] = &["video_id", "name", "filename", "duration", "recorded_at", "timezone", "created_at"];

const EVENT_COLUMNS: &[&str] = &[
    "id",
    "video_id",
    "timestamp",
    "duration",
    "event_type",
    "action_detected",
    "location",
    "area",
    "age",
    "gender",
    "obj_id",
    "confidence",
    "description",
    "attributes",
];

const EVENT_TYPES: &[&str] = &[
    "theft",
    "collapse",
    "sitting",
    "loitering",
    "intrusion",
    "fighting",
    "vandalism",
    "person_enter",
    "person_exit",
    "interaction",
    "picking",
    "walking",
    "standing",
    "anomaly",
];

const AREAS: &[&str] = &["left", "center", "right"];
const GENDERS: &[&str] = &["male", "female"];
const ZONE: &str = "Asia/Seoul";

impl Kind {
    /// What a file is, by the names of its columns. `None` if it could be neither.
    pub(super) fn of<'n>(names: impl IntoIterator<Item = &'n str>) -> Option<Self> {
        let names: Vec<&str> = names.into_iter().collect();
        if names.contains(&"timestamp") || names.contains(&"event_type") {
            Some(Self::Events)
        } else if names.contains(&"name") {
            Some(Self::Videos)
        } else {
            None
        }
    }

    /// The columns, in the order of the table.
    pub(super) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Videos => VIDEO_COLUMNS,
            Self::Events => EVENT_COLUMNS,
        }
    }

    /// Where a column is in the table.
    pub(super) fn column(self, name: &str) -> Option<usize> {
        self.columns().iter().position(|column| *column == name)
    }

    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Videos => "videos",
            Self::Events => "events",
        }
    }

    /// Checks one row, whose cells are in the order of the table.
    ///
    /// # Errors
    /// (column, what is wrong), for every column that is.
    pub(super) fn row(self, cells: &[Cell<'_>]) -> Result<Row, Vec<(&'static str, String)>> {
        let mut fields = Fields { cells, columns: self.columns(), faults: Vec::new() };
        let row = match self {
            Self::Videos => Row::Video(video(&mut fields)),
            Self::Events => Row::Event(event(&mut fields)),
        };
        if fields.faults.is_empty() { Ok(row) } else { Err(fields.faults) }
    }
}

/// In the order of [`VIDEO_COLUMNS`].
fn video(fields: &mut Fields<'_>) -> VideoIn {
    let (timezone, zone) = fields.may(5, cells::zone).unwrap_or_else(|| (ZONE.to_owned(), seoul()));
    VideoIn {
        id: fields.may(0, cells::id),
        name: fields.must(1, cells::text),
        filename: fields.may(2, cells::text),
        duration: fields.may(3, cells::size),
        recorded_at: fields.may(4, |cell| cells::moment(cell, &zone)),
        timezone,
        created_at: fields.may(6, |cell| cells::moment(cell, &zone)),
    }
}

/// In the order of [`EVENT_COLUMNS`].
fn event(fields: &mut Fields<'_>) -> EventIn {
    EventIn {
        id: fields.may(0, cells::id),
        video_id: fields.must(1, cells::id),
        timestamp: fields.must(2, cells::size),
        duration: fields.may(3, cells::size).unwrap_or(0.0),
        event_type: fields.must(4, |cell| cells::one_of(cell, EVENT_TYPES)),
        action_detected: fields.may(5, cells::text),
        location: fields.may(6, cells::text),
        area: fields.may(7, |cell| cells::one_of(cell, AREAS)),
        age: fields.may(8, cells::size),
        gender: fields.may(9, |cell| cells::one_of(cell, GENDERS)),
        obj_id: fields.may(10, cells::int),
        confidence: fields.must(11, cells::share),
        description: fields.may(12, cells::text),
        attributes: fields.may(13, cells::object).unwrap_or_else(|| "{}".to_owned()),
    }
}

/// A row while it is being read; collects what is wrong with it.
struct Fields<'a> {
    cells: &'a [Cell<'a>],
    columns: &'static [&'static str],
    faults: Vec<(&'static str, String)>,
}

impl Fields<'_> {
    fn may<T>(&mut self, at: usize, read: impl FnOnce(Cell<'_>) -> Read<T>) -> Option<T> {
        let cell = self.cells.get(at).copied().unwrap_or(Cell::Nothing);
        read(cell).unwrap_or_else(|fault| {
            self.faults.push((self.columns[at], fault));
            None
        })
    }

    fn must<T: Default>(&mut self, at: usize, read: impl FnOnce(Cell<'_>) -> Read<T>) -> T {
        let faults = self.faults.len();
        let value = self.may(at, read);
        if value.is_none() && self.faults.len() == faults {
            self.faults.push((self.columns[at], "is missing".to_owned()));
        }
        value.unwrap_or_default()
    }
}

fn seoul() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}
