//! Composes a reading into one parameterised statement, scoped to the video.

use super::{Bind, Query, Scope};
use crate::answer::Kind;
use crate::question::Video;
use crate::question::reading::Area;
use crate::question::reading::{
    Aggregate, Bounds, Clock, Column, Cond, Counted, EventType, Gender, GroupValue, Groups, Key, Measure, Order,
    OrderBy, Pick, Reading, Relation, Scalar, Side, Unit, VideoFact, Wants, Which,
};

/// Why a reading cannot be composed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Uncovered {
    /// Part of the question was not used.
    #[error("part of the question was not understood")]
    Unread,
    /// Something speaks against answering.
    #[error("the question is to be declined")]
    Declined,
}

/// The statement that answers the reading. Every value is a bind; `$1` is always the video.
pub fn compose(reading: &Reading, video: &Video) -> Result<Query, Uncovered> {
    if !reading.unread.is_empty() {
        return Err(Uncovered::Unread);
    }
    if !reading.signals.is_empty() {
        return Err(Uncovered::Declined);
    }
    let mut sql = Sql { binds: vec![Bind::Int(video.id)], clock: false };
    let (text, kind) = match &reading.wants {
        Wants::Events { order, pick } => (sql.events(reading, *order, *pick), Kind::Events),
        Wants::Scalar(scalar) => (sql.scalar(reading, scalar), Kind::Scalar),
        Wants::Groups(groups) => (sql.groups(reading, groups), Kind::Groups),
    };
    Ok(Query { text, binds: sql.binds, kind, scope: Some(Scope::video(video.id)), foreign: false })
}

pub(super) const COLUMNS: &str = "e.id, e.video_id, e.timestamp, e.duration, e.event_type, e.action_detected, e.location, e.area, \
                       e.age, e.gender, e.obj_id, e.confidence, e.description, e.attributes";

pub(super) struct Sql {
    pub(super) binds: Vec<Bind>,
    /// Whether the video's wall clock is needed.
    pub(super) clock: bool,
}

impl Sql {
    pub(super) fn bind(&mut self, bind: Bind) -> String {
        // The first is the video's, and no other value shares it.
        let at = match self.binds.iter().skip(1).position(|b| *b == bind) {
            Some(at) => at + 1,
            None => {
                self.binds.push(bind);
                self.binds.len() - 1
            }
        };
        format!("${}", at + 1)
    }

    fn events(&mut self, reading: &Reading, order: Order, pick: Pick) -> String {
        let mut filter = self.filter(reading);
        if order.by == OrderBy::Age {
            filter.push_str(" AND e.age IS NOT NULL");
        }
        let by = match (order.by, order.descending) {
            (OrderBy::Time, false) => "e.timestamp, e.id",
            (OrderBy::Time, true) => "e.timestamp DESC, e.id DESC",
            (OrderBy::Duration, false) => "e.duration, e.timestamp, e.id",
            (OrderBy::Duration, true) => "e.duration DESC, e.timestamp, e.id",
            (OrderBy::Confidence, false) => "e.confidence, e.timestamp, e.id",
            (OrderBy::Confidence, true) => "e.confidence DESC, e.timestamp, e.id",
            (OrderBy::Age, false) => "e.age, e.timestamp, e.id",
            (OrderBy::Age, true) => "e.age DESC, e.timestamp, e.id",
        };
        let limit = match pick {
            Pick::All => String::new(),
            Pick::Top(n) => format!(" LIMIT {}", self.bind(Bind::Int(i64::from(n)))),
            Pick::Nth(n) => format!(" LIMIT 1 OFFSET {}", self.bind(Bind::Int(i64::from(n.saturating_sub(1))))),
        };
        format!("SELECT {COLUMNS} FROM {} WHERE {filter} ORDER BY {by}{limit}", self.from())
    }

    fn scalar(&mut self, reading: &Reading, scalar: &Scalar) -> String {
        if let Scalar::Fact(fact) = scalar {
            return fact_of_video(*fact);
        }
        let filter = self.filter(reading);
        match scalar {
            Scalar::Count(counted) => format!("SELECT {} FROM {} WHERE {filter}", count(*counted), self.from()),
            Scalar::PeopleWithAtLeast(least) => {
                let least = self.bind(Bind::Int(i64::from(*least)));
                format!(
                    "SELECT count(*) FROM (SELECT e.obj_id FROM {} WHERE {filter} AND e.obj_id IS NOT NULL \
                     GROUP BY e.obj_id HAVING count(*) >= {least}) AS p",
                    self.from()
                )
            }
            Scalar::Measure { aggregate, of, unit } => {
                format!("SELECT {} FROM {} WHERE {filter}", measure(*aggregate, *of, *unit), self.from())
            }
            Scalar::Share { part, counted } => {
                let part = self.cond(part, "e");
                let (some, all) = match counted {
                    Counted::Events => (format!("count(*) FILTER (WHERE {part})"), "count(*)".to_owned()),
                    Counted::People => (
                        format!("count(DISTINCT e.obj_id) FILTER (WHERE {part})"),
                        "count(DISTINCT e.obj_id)".to_owned(),
                    ),
                };
                format!("SELECT (100.0 * {some} / nullif({all}, 0))::float8 FROM {} WHERE {filter}", self.from())
            }
            Scalar::Rate { per, counted } => {
                let per = self.bind(Bind::Float(*per));
                format!(
                    "SELECT {}::float8 / (nullif((SELECT v.duration FROM db_video v WHERE v.video_id = $1), 0) / {per}::float8) \
                     FROM {} WHERE {filter}",
                    count(*counted),
                    self.from()
                )
            }
            Scalar::Extreme { key, least, counted } => {
                let expression = self.key(*key);
                let direction = if *least { "ASC" } else { "DESC" };
                format!(
                    "SELECT k FROM (SELECT {expression} AS k, {} AS n FROM {} WHERE {filter} GROUP BY 1) AS g \
                     WHERE k IS NOT NULL ORDER BY n {direction}, k{} LIMIT 1",
                    count(*counted),
                    self.from(),
                    collation(*key)
                )
            }
            Scalar::Distinct(key) => {
                let expression = self.key(*key);
                format!("SELECT count(DISTINCT {expression}) FROM {} WHERE {filter}", self.from())
            }
            Scalar::Fact(fact) => fact_of_video(*fact),
        }
    }

    fn groups(&mut self, reading: &Reading, groups: &Groups) -> String {
        let filter = self.filter(reading);
        let key = self.key(groups.by);
        let value = match groups.value {
            GroupValue::Count(counted) => count(counted).to_owned(),
            GroupValue::Share(Counted::Events) => "(100.0 * count(*) / sum(count(*)) OVER ())::float8".to_owned(),
            GroupValue::Share(Counted::People) => {
                "(100.0 * count(DISTINCT e.obj_id) / sum(count(DISTINCT e.obj_id)) OVER ())::float8".to_owned()
            }
            GroupValue::Measure { aggregate, of, unit } => measure(aggregate, of, unit),
        };
        let known = if groups.known_only { format!(" AND {key} IS NOT NULL") } else { String::new() };
        let tie = collation(groups.by);
        let order = match groups.top {
            Some((n, least)) => {
                let n = self.bind(Bind::Int(i64::from(n)));
                let direction = if least { "ASC" } else { "DESC" };
                format!(" ORDER BY value {direction}, key{tie} LIMIT {n}")
            }
            None if matches!(groups.by, Key::Type | Key::Place | Key::Gender | Key::Area) => {
                format!(" ORDER BY value DESC, key{tie}")
            }
            None => " ORDER BY key".to_owned(),
        };
        // The ranking leaves the unknown key out, as naming the most frequent one does.
        let known = if groups.top.is_some() && known.is_empty() { format!(" AND {key} IS NOT NULL") } else { known };
        format!(
            "SELECT key, value FROM (SELECT {key} AS key, {value} AS value FROM {} WHERE {filter}{known} GROUP BY 1) AS g{order}",
            self.from()
        )
    }

    pub(super) fn from(&self) -> &'static str {
        if self.clock { "db_event e JOIN db_video v ON v.video_id = e.video_id" } else { "db_event e" }
    }

    /// The scope, the filter and the relation.
    fn filter(&mut self, reading: &Reading) -> String {
        let mut out = "e.video_id = $1".to_owned();
        if reading.filter != Cond::all() {
            out.push_str(" AND ");
            out.push_str(&self.cond(&reading.filter, "e"));
        }
        if let Some(relation) = &reading.relation {
            out.push_str(" AND ");
            out.push_str(&self.relation(relation, &reading.filter));
        }
        out
    }

    pub(super) fn relation(&mut self, relation: &Relation, target: &Cond) -> String {
        let anchor = self.cond(&relation.anchor, "a");
        if relation.side == Side::BetweenFirstAndLast {
            let end = |order: &str| {
                format!(
                    "(SELECT a.timestamp FROM db_event a WHERE a.video_id = $1 AND {anchor} ORDER BY {order} LIMIT 1)"
                )
            };
            let (first, last) = (end("a.timestamp, a.id"), end("a.timestamp DESC, a.id DESC"));
            return format!("e.timestamp > {first} AND e.timestamp < {last}");
        }
        let source = match relation.which {
            Which::Every => "db_event a".to_owned(),
            which => {
                let (order, skip) = match which {
                    Which::Last => ("x.timestamp DESC, x.id DESC", 0),
                    Which::Nth(n) => ("x.timestamp, x.id", n.saturating_sub(1)),
                    _ => ("x.timestamp, x.id", 0),
                };
                let of = self.cond(&relation.anchor, "x");
                let skip =
                    if skip > 0 { format!(" OFFSET {}", self.bind(Bind::Int(i64::from(skip)))) } else { String::new() };
                format!("(SELECT x.* FROM db_event x WHERE x.video_id = $1 AND {of} ORDER BY {order} LIMIT 1{skip}) a")
            }
        };
        let within = relation.within.map(|seconds| self.bind(Bind::Float(seconds)));
        let after = match &within {
            Some(w) => format!("e.timestamp > a.timestamp AND e.timestamp <= a.timestamp + {w}"),
            None => "e.timestamp > a.timestamp".to_owned(),
        };
        let before = match &within {
            Some(w) => format!("e.timestamp < a.timestamp AND e.timestamp >= a.timestamp - {w}"),
            None => "e.timestamp < a.timestamp".to_owned(),
        };
        let mut when = match relation.side {
            Side::After => after,
            Side::Before => before,
            Side::Around | Side::BetweenFirstAndLast => match &within {
                Some(w) => format!(
                    "e.timestamp <> a.timestamp AND e.timestamp >= a.timestamp - {w} AND e.timestamp <= a.timestamp + {w}"
                ),
                None => format!("({after} OR {before})"),
            },
        };
        if relation.same_person {
            when.push_str(" AND a.obj_id = e.obj_id");
        }
        // The anchors are left out; of two events of one kind, each only as its own anchor.
        let same_kind = types_of(target).is_some_and(|types| types_of(&relation.anchor) == Some(types));
        let left_out = if same_kind || relation.which != Which::Every {
            when.push_str(" AND a.id <> e.id");
            String::new()
        } else {
            format!(" AND ({}) IS NOT TRUE", self.cond(&relation.anchor, "e"))
        };
        let scope =
            if relation.which == Which::Every { format!("a.video_id = $1 AND {anchor} AND ") } else { String::new() };
        format!("EXISTS (SELECT 1 FROM {source} WHERE {scope}{when}){left_out}")
    }

    pub(super) fn cond(&mut self, cond: &Cond, of: &str) -> String {
        match cond {
            Cond::All(parts) if parts.is_empty() => "TRUE".to_owned(),
            Cond::All(parts) if parts.is_empty() => "TRUE".to_owned(),
            Cond::All(parts) => self.joined(parts, " AND ", of),
            Cond::Any(parts) => format!("({})", self.joined(parts, " OR ", of)),
            // NULL-safe as it stands: an unknown value satisfies neither a condition nor its negation.
            Cond::Not(inner) => match inner.as_ref() {
                Cond::Gender(gender) => format!("{of}.gender <> {}", self.bind(text(gender_text(*gender)))),
                Cond::Area(area) => format!("{of}.area <> {}", self.bind(text(area_text(*area)))),
                Cond::Unknown(column) => format!("{of}.{} IS NOT NULL", column_name(*column)),
                Cond::Type(types) => {
                    let types = self.types(types);
                    format!("{of}.event_type <> ALL ({types})")
                }
                inner => format!("NOT ({})", self.cond(inner, of)),
            },
            Cond::Type(types) => match types.as_slice() {
                [one] => format!("{of}.event_type = {}", self.bind(text(one.as_str()))),
                types => {
                    let types = self.types(types);
                    format!("{of}.event_type = ANY ({types})")
                }
            },
            Cond::Time(bounds) => self.bounds(&format!("{of}.timestamp"), bounds),
            Cond::Age(bounds) => self.bounds(&format!("{of}.age"), bounds),
            Cond::Confidence(bounds) => self.bounds(&format!("{of}.confidence"), bounds),
            Cond::Duration(bounds) => self.bounds(&format!("{of}.duration"), bounds),
            Cond::Clock(clock) => self.clock(clock, of),
            Cond::Gender(gender) => format!("{of}.gender = {}", self.bind(text(gender_text(*gender)))),
            Cond::Area(area) => format!("{of}.area = {}", self.bind(text(area_text(*area)))),
            Cond::Place(place) => {
                format!("{of}.location ILIKE {}", self.bind(Bind::Text(format!("%{}%", escape_like(place)))))
            }
            Cond::Person(number) => format!("{of}.obj_id = {}", self.bind(Bind::Int(*number))),
            Cond::Id(id) => format!("{of}.id = {}", self.bind(Bind::Int(*id))),
            Cond::Unknown(column) => format!("{of}.{} IS NULL", column_name(*column)),
        }
    }

    fn joined(&mut self, parts: &[Cond], with: &str, of: &str) -> String {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Cond::All(inner) if inner.len() > 1 => format!("({})", self.cond(part, of)),
                part => self.cond(part, of),
            })
            .collect();
        parts.join(with)
    }

    fn types(&mut self, types: &[EventType]) -> String {
        let names = types.iter().map(|t| t.as_str().to_owned()).collect();
        format!("{}::text[]", self.bind(Bind::Texts(names)))
    }

    fn bounds(&mut self, column: &str, bounds: &Bounds) -> String {
        let mut out = Vec::new();
        if let Some(low) = bounds.low {
            let sign = if low.inclusive { ">=" } else { ">" };
            out.push(format!("{column} {sign} {}", self.bind(Bind::Float(low.value))));
        }
        if let Some(high) = bounds.high {
            let sign = if high.inclusive { "<=" } else { "<" };
            out.push(format!("{column} {sign} {}", self.bind(Bind::Float(high.value))));
        }
        match out.len() {
            0 => "TRUE".to_owned(),
            1 => out.remove(0),
            _ => format!("({})", out.join(" AND ")),
        }
    }

    fn clock(&mut self, clock: &Clock, of: &str) -> String {
        self.clock = true;
        let local = local(of);
        match clock {
            Clock::TimeOfDay { from, to } => {
                let time = |seconds: u32| format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
                let low = self.bind(Bind::Text(time(*from)));
                let low = format!("{local}::time >= {low}::text::time");
                if *to == 86_400 || *to == 0 {
                    return low;
                }
                let high = self.bind(Bind::Text(time(*to)));
                let high = format!("{local}::time < {high}::text::time");
                if from < to { format!("({low} AND {high})") } else { format!("({low} OR {high})") }
            }
            Clock::Between { from, to } => {
                let mut out = Vec::new();
                for (end, sign) in [(from, ">="), (to, "<")] {
                    if let Some(at) = end {
                        let at = self.bind(Bind::Text(at.strftime("%Y-%m-%d %H:%M:%S").to_string()));
                        out.push(format!("{local} {sign} {at}::text::timestamp"));
                    }
                }
                format!("({})", out.join(" AND "))
            }
        }
    }

    fn key(&mut self, key: Key) -> String {
        match key {
            Key::Type => "e.event_type".to_owned(),
            Key::Place => "e.location".to_owned(),
            Key::Area => "e.area".to_owned(),
            Key::Gender => "e.gender".to_owned(),
            Key::AgeDecade => "floor(e.age / 10)::int8 * 10".to_owned(),
            Key::Person => "e.obj_id".to_owned(),
            Key::Hour => {
                self.clock = true;
                format!("extract(hour FROM {})::int8", local("e"))
            }
            // Whole seconds stay whole numbers.
            Key::Slice(seconds) if seconds.fract() == 0.0 => {
                let s = self.bind(Bind::Int(seconds as i64));
                format!("floor(e.timestamp / {s}::int8)::int8 * {s}::int8")
            }
            Key::Slice(seconds) => {
                let s = self.bind(Bind::Float(seconds));
                format!("floor(e.timestamp / {s}::float8) * {s}::float8")
            }
        }
    }
}

fn local(of: &str) -> String {
    format!("((v.recorded_at + {of}.timestamp * interval '1 second') AT TIME ZONE v.timezone)")
}

fn count(counted: Counted) -> &'static str {
    match counted {
        Counted::Events => "count(*)",
        Counted::People => "count(DISTINCT e.obj_id)",
    }
}

fn measure(aggregate: Aggregate, of: Measure, unit: Unit) -> String {
    let function = match aggregate {
        Aggregate::Average => "avg",
        Aggregate::Sum => "sum",
        Aggregate::Min => "min",
        Aggregate::Max => "max",
    };
    let column = match of {
        Measure::Duration => "e.duration",
        Measure::Age => "e.age",
        Measure::Confidence => "e.confidence",
    };
    match unit {
        Unit::Native => format!("{function}({column})"),
        Unit::Minutes => format!("{function}({column}) / 60.0::float8"),
        Unit::Hours => format!("{function}({column}) / 3600.0::float8"),
    }
}

fn fact_of_video(fact: VideoFact) -> String {
    let column = match fact {
        VideoFact::Length(Unit::Native) => "v.duration",
        VideoFact::Length(Unit::Minutes) => "v.duration / 60.0::float8",
        VideoFact::Length(Unit::Hours) => "v.duration / 3600.0::float8",
        VideoFact::Name => "v.name",
        VideoFact::Filename => "v.filename",
        VideoFact::RecordedAt => "to_char(v.recorded_at AT TIME ZONE v.timezone, 'YYYY-MM-DD HH24:MI:SS')",
        VideoFact::Timezone => "v.timezone",
    };
    format!("SELECT {column} FROM db_video v WHERE v.video_id = $1")
}

/// Alphabetical means by code point, the same on every server.
fn collation(key: Key) -> &'static str {
    match key {
        Key::Type | Key::Place | Key::Gender | Key::Area => " COLLATE \"C\"",
        _ => "",
    }
}

/// The types an event must have; `None` where none were named.
fn types_of(cond: &Cond) -> Option<Vec<EventType>> {
    match cond {
        Cond::Type(types) => {
            let mut types = types.clone();
            types.sort_unstable();
            Some(types)
        }
        Cond::All(parts) => parts.iter().find_map(types_of),
        _ => None,
    }
}

fn escape_like(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn text(text: &str) -> Bind {
    Bind::Text(text.to_owned())
}

fn gender_text(gender: Gender) -> &'static str {
    match gender {
        Gender::Male => "male",
        Gender::Female => "female",
    }
}

fn area_text(area: Area) -> &'static str {
    match area {
        Area::Left => "left",
        Area::Center => "center",
        Area::Right => "right",
    }
}

fn column_name(column: Column) -> &'static str {
    match column {
        Column::Age => "age",
        Column::Gender => "gender",
        Column::Area => "area",
        Column::Place => "location",
        Column::Person => "obj_id",
        Column::Description => "description",
        Column::Action => "action_detected",
    }
}
