//! What a question was read as: the kind of answer wanted, the filters, and whatever could not be used.

use jiff::civil::DateTime;

/// The reading of one question. `unread` is empty exactly when every content word was used.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub wants: Wants,
    /// What an event must satisfy; `Cond::all()` where nothing was said.
    pub filter: Cond,
    /// Other events the answer is relative to.
    pub relation: Option<Relation>,
    /// Asked as "was there …?": the answer begins with yes or no.
    pub polar: bool,
    /// Asked for the moment ("when", "언제"): the answer begins with it.
    pub asks_when: bool,
    /// What speaks against answering at all.
    pub signals: Vec<Signal>,
    /// Content that could not be used, or used in one way only: the reading is partial.
    pub unread: Vec<Unread>,
}

/// A piece of the question that was not used, in the words of the asker, and why.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Unread {
    pub text: String,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Not in the vocabulary: perhaps something only a description can answer.
    UnknownWord,
    /// Known words in an arrangement that has more than one meaning, or none.
    Unclear,
}

/// A reason not to answer, seen in the question itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Another video, all videos, other cameras.
    OtherVideo,
    /// A change or deletion of data.
    Change,
    /// Names, phone numbers, plates, faces: who somebody is.
    Identity,
    /// What was said or heard.
    Speech,
    /// Prices, money, rents.
    Price,
    /// What will happen.
    Prediction,
    /// Instructions to the engine itself.
    Injection,
    /// Weather, jokes, general knowledge: nothing these tables hold.
    OutsideData,
    /// Wall-clock words, and the video's `recorded_at` is unknown.
    ClockUnknown,
    /// Needs the video's length, which is unknown.
    LengthUnknown,
}

/// The kind of answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Wants {
    /// Rows: which events, in this order, these of them.
    Events {
        order: Order,
        pick: Pick,
    },
    Scalar(Scalar),
    Groups(Groups),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub by: OrderBy,
    pub descending: bool,
}

impl Order {
    /// Earliest first, ties by lowest id.
    pub const TIME: Self = Self { by: OrderBy::Time, descending: false };
}

/// Ties are broken by earliest `timestamp`, then lowest `id`; for `Time` descending by highest `id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderBy {
    Time,
    Duration,
    Confidence,
    Age,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    All,
    /// The first `n` in the order.
    Top(u32),
    /// The one at this place of the order, counted from 1.
    Nth(u32),
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    Count(Counted),
    /// How many persons have at least this many of the events.
    PeopleWithAtLeast(u32),
    /// An aggregate over known values.
    Measure {
        aggregate: Aggregate,
        of: Measure,
        unit: Unit,
    },
    /// 0 to 100: of all rows of `Reading::filter`, those that also satisfy `part`.
    Share {
        part: Cond,
        counted: Counted,
    },
    /// Count divided by the video's length in units of `per` seconds.
    Rate {
        per: f64,
        counted: Counted,
    },
    /// The value of `key` that occurs most (or least) often; unknown values ignored.
    Extreme {
        key: Key,
        least: bool,
        counted: Counted,
    },
    /// How many different known values of `key` there are.
    Distinct(Key),
    Fact(VideoFact),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    Events,
    /// `DISTINCT obj_id`
    People,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    Average,
    Sum,
    Min,
    Max,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// The event's own length, seconds.
    Duration,
    /// Years.
    Age,
    /// 0 to 1.
    Confidence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds, years, 0 to 1.
    Native,
    Minutes,
    Hours,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VideoFact {
    Length(Unit),
    Name,
    Filename,
    RecordedAt,
    Timezone,
}

/// A value for every key.
#[derive(Debug, Clone, PartialEq)]
pub struct Groups {
    pub by: Key,
    pub value: GroupValue,
    /// Leave the unknown key out.
    pub known_only: bool,
    /// The `n` largest (or, `least`, smallest) only.
    pub top: Option<(u32, bool)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GroupValue {
    Count(Counted),
    /// 0 to 100 of all rows of the filter.
    Share(Counted),
    Measure {
        aggregate: Aggregate,
        of: Measure,
        unit: Unit,
    },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Key {
    Type,
    Place,
    Area,
    Gender,
    /// 0, 10, 20 …
    AgeDecade,
    /// Clock hour 0 to 23 in the video's zone.
    Hour,
    /// Slices of the video's time of this many seconds; the key is the start.
    Slice(f64),
    /// `obj_id`
    Person,
}

/// What an event satisfies. Three-valued as in SQL: an unknown value satisfies neither a condition nor its negation.
#[derive(Debug, Clone, PartialEq)]
pub enum Cond {
    All(Vec<Cond>),
    Any(Vec<Cond>),
    Not(Box<Cond>),
    Type(Vec<EventType>),
    /// Seconds of the video.
    Time(Bounds),
    Clock(Clock),
    /// Years.
    Age(Bounds),
    /// 0 to 1.
    Confidence(Bounds),
    /// The event's own length, seconds.
    Duration(Bounds),
    Gender(Gender),
    Area(Area),
    /// `location ILIKE '%…%'`
    Place(String),
    /// `obj_id`
    Person(i64),
    Id(i64),
    /// The column is NULL.
    Unknown(Column),
}

impl Cond {
    /// Satisfied by every event.
    pub fn all() -> Self {
        Self::All(Vec::new())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Age,
    Gender,
    Area,
    Place,
    Person,
    Description,
    Action,
}

/// A range of numbers; an absent end is open.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bounds {
    pub low: Option<Bound>,
    pub high: Option<Bound>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    pub value: f64,
    pub inclusive: bool,
}

/// The wall clock of the event in the video's zone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clock {
    /// Seconds of the day, start included, end excluded, on any day; `from > to` runs over midnight.
    TimeOfDay { from: u32, to: u32 },
    /// Local date and time, start included, end excluded.
    Between { from: Option<DateTime>, to: Option<DateTime> },
}

/// Relative to other events of the same video.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Everything said of the anchors.
    pub anchor: Cond,
    pub which: Which,
    pub side: Side,
    /// Seconds; `None` is without limit.
    pub within: Option<f64>,
    /// Only events of the anchor's own person.
    pub same_person: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Any anchor will do.
    Every,
    First,
    Last,
    /// Counted from 1, by time.
    Nth(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    After,
    Before,
    /// Before or after.
    Around,
    /// After the first anchor and before the last; both left out.
    BetweenFirstAndLast,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventType {
    Theft,
    Collapse,
    Sitting,
    Loitering,
    Intrusion,
    Fighting,
    Vandalism,
    PersonEnter,
    PersonExit,
    Interaction,
    Picking,
    Walking,
    Standing,
    Anomaly,
}

impl EventType {
    pub const ALL: [Self; 14] = [
        Self::Theft,
        Self::Collapse,
        Self::Sitting,
        Self::Loitering,
        Self::Intrusion,
        Self::Fighting,
        Self::Vandalism,
        Self::PersonEnter,
        Self::PersonExit,
        Self::Interaction,
        Self::Picking,
        Self::Walking,
        Self::Standing,
        Self::Anomaly,
    ];
    pub const ABNORMAL: [Self; 8] = [
        Self::Theft,
        Self::Collapse,
        Self::Sitting,
        Self::Loitering,
        Self::Intrusion,
        Self::Fighting,
        Self::Vandalism,
        Self::Anomaly,
    ];
    pub const NORMAL: [Self; 6] =
        [Self::PersonEnter, Self::PersonExit, Self::Interaction, Self::Picking, Self::Walking, Self::Standing];

    /// As the column `event_type` has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Theft => "theft",
            Self::Collapse => "collapse",
            Self::Sitting => "sitting",
            Self::Loitering => "loitering",
            Self::Intrusion => "intrusion",
            Self::Fighting => "fighting",
            Self::Vandalism => "vandalism",
            Self::PersonEnter => "person_enter",
            Self::PersonExit => "person_exit",
            Self::Interaction => "interaction",
            Self::Picking => "picking",
            Self::Walking => "walking",
            Self::Standing => "standing",
            Self::Anomaly => "anomaly",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    Male,
    Female,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Area {
    Left,
    Center,
    Right,
}
