//! English.

use super::describe::{Kinds, Leaf, Range, What, range, slot};
use super::number::{number, percent_of_one};
use super::time::{Style, clock_of, date_time, span, time_of_day, whole_day};
use super::tongue::{Of, Tongue};
use crate::question::reading::{
    Aggregate, Area, Bounds, Clock, Column, Counted, EventType, Gender, GroupValue, Key, Measure, Order, OrderBy,
    Relation, Side, Signal, VideoFact, Which,
};

pub(super) struct English;

impl English {
    fn bounds(&self, bounds: Bounds, say: impl Fn(f64) -> String) -> String {
        match range(bounds) {
            None => String::new(),
            Some(Range::Exactly(a)) => format!("exactly {}", say(a)),
            Some(Range::AtLeast(a)) => format!("at least {}", say(a)),
            Some(Range::Over(a)) => format!("over {}", say(a)),
            Some(Range::AtMost(a)) => format!("at most {}", say(a)),
            Some(Range::Under(a)) => format!("under {}", say(a)),
            Some(Range::Between(a, b)) => format!("between {} and {}", say(a), say(b)),
            Some(Range::Ends(a, b)) => {
                let low = if a.inclusive { "at least" } else { "over" };
                let high = if b.inclusive { "at most" } else { "under" };
                format!("{low} {} and {high} {}", say(a.value), say(b.value))
            }
        }
    }

    fn time(&self, bounds: Bounds) -> String {
        if let Some(start) = slot(bounds, 1.0) {
            return format!("at {}", self.moment(start));
        }
        if let Some(start) = slot(bounds, 60.0) {
            return format!("at minute {}", start / 60.0);
        }
        match range(bounds) {
            None => String::new(),
            Some(Range::Exactly(a)) => format!("at {}", self.moment(a)),
            Some(Range::AtLeast(a)) => format!("from {} on", self.moment(a)),
            Some(Range::Over(a)) => format!("past {}", self.moment(a)),
            Some(Range::AtMost(a)) => format!("up to {}", self.moment(a)),
            Some(Range::Under(a)) => format!("before {}", self.moment(a)),
            Some(Range::Between(a, b)) => format!("between {} and {}", self.moment(a), self.moment(b)),
            Some(Range::Ends(a, b)) => {
                let low = if a.inclusive { "from" } else { "past" };
                let high = if b.inclusive { "up to" } else { "before" };
                format!("{low} {} and {high} {}", self.moment(a.value), self.moment(b.value))
            }
        }
    }

    fn clock(&self, clock: Clock) -> String {
        match clock {
            Clock::TimeOfDay { from, to } if to == from + 60 => format!("at {} by the clock", time_of_day(from)),
            Clock::TimeOfDay { from, to } => {
                format!("from {} to {} by the clock", time_of_day(from), time_of_day(to))
            }
            Clock::Between { from: None, to: None } => String::new(),
            Clock::Between { from: Some(from), to: None } => format!("from {} on", date_time(from)),
            Clock::Between { from: None, to: Some(to) } => format!("before {}", date_time(to)),
            Clock::Between { from: Some(from), to: Some(to) } => match whole_day(from, to) {
                Some(day) => format!("on {day}"),
                None => format!("from {} to before {}", date_time(from), date_time(to)),
            },
        }
    }

    fn age(&self, age: Bounds) -> String {
        match (slot(age, 10.0), range(age)) {
            (Some(decade), _) if decade >= 20.0 => format!("in their {decade}s"),
            (_, Some(Range::Exactly(a))) => format!("aged {}", number(a)),
            (_, Some(Range::AtLeast(a))) => format!("aged {} or older", number(a)),
            (_, Some(Range::Over(a))) => format!("older than {}", number(a)),
            (_, Some(Range::AtMost(a))) => format!("aged {} or younger", number(a)),
            (_, Some(Range::Under(a))) => format!("younger than {}", number(a)),
            _ => format!("aged {}", self.bounds(age, number)),
        }
    }

    fn span(&self, seconds: f64) -> String {
        let (number, of) = span(seconds);
        self.amount(&number, of)
    }

    fn or(words: &[&str]) -> String {
        match words {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [others @ .., last] => format!("{} or {last}", others.join(", ")),
        }
    }

    fn types(&self, types: &[EventType]) -> String {
        Self::or(&types.iter().map(|kind| self.event_type(*kind)).collect::<Vec<_>>())
    }

    fn column(column: Column) -> &'static str {
        match column {
            Column::Age => "age",
            Column::Gender => "gender",
            Column::Area => "side of the frame",
            Column::Place => "place",
            Column::Person => "person number",
            Column::Description => "description",
            Column::Action => "action",
        }
    }

    fn ordinal(place: u32) -> String {
        let suffix = match (place % 10, place % 100) {
            (1, teen) if teen != 11 => "st",
            (2, teen) if teen != 12 => "nd",
            (3, teen) if teen != 13 => "rd",
            _ => "th",
        };
        format!("{place}{suffix}")
    }

    fn most(order: Order) -> &'static str {
        match (order.by, order.descending) {
            (OrderBy::Time, false) => "first",
            (OrderBy::Time, true) => "last",
            (OrderBy::Duration, true) => "longest",
            (OrderBy::Duration, false) => "shortest",
            (OrderBy::Confidence, true) => "most certain",
            (OrderBy::Confidence, false) => "least certain",
            (OrderBy::Age, true) => "oldest",
            (OrderBy::Age, false) => "youngest",
        }
    }

    fn rank(order: Order, place: u32) -> String {
        match (order.by, order.descending, place) {
            (_, _, 1) => Self::most(order).to_owned(),
            (OrderBy::Time, false, place) => Self::ordinal(place),
            (OrderBy::Time, true, place) => format!("{}-to-last", Self::ordinal(place)),
            (_, _, place) => format!("{} {}", Self::ordinal(place), Self::most(order)),
        }
    }

    fn aggregate(aggregate: Aggregate, of: Measure) -> String {
        let aggregate = match aggregate {
            Aggregate::Average => "average",
            Aggregate::Sum => "total",
            Aggregate::Min => "minimum",
            Aggregate::Max => "maximum",
        };
        let of = match of {
            Measure::Duration => "length",
            Measure::Age => "age",
            Measure::Confidence => "confidence",
        };
        format!("{aggregate} {of}")
    }

    fn fact_name(fact: VideoFact) -> &'static str {
        match fact {
            VideoFact::Length(_) => "length",
            VideoFact::Name => "name",
            VideoFact::Filename => "file name",
            VideoFact::RecordedAt => "recording start",
            VideoFact::Timezone => "time zone",
        }
    }

    fn events(&self, number: &str, what: &What) -> String {
        format!("{number} {}", if number == "1" { &what.one } else { &what.many })
    }
}

impl Tongue for English {
    fn event_type(&self, kind: EventType) -> &'static str {
        match kind {
            EventType::Theft => "theft",
            EventType::Collapse => "collapse",
            EventType::Sitting => "sitting",
            EventType::Loitering => "loitering",
            EventType::Intrusion => "intrusion",
            EventType::Fighting => "fighting",
            EventType::Vandalism => "vandalism",
            EventType::PersonEnter => "entry",
            EventType::PersonExit => "exit",
            EventType::Interaction => "interaction",
            EventType::Picking => "picking",
            EventType::Walking => "walking",
            EventType::Standing => "standing",
            EventType::Anomaly => "other anomaly",
        }
    }

    fn gender(&self, gender: Gender) -> &'static str {
        match gender {
            Gender::Male => "male",
            Gender::Female => "female",
        }
    }

    fn area(&self, area: Area) -> &'static str {
        match area {
            Area::Left => "left",
            Area::Center => "centre",
            Area::Right => "right",
        }
    }

    fn key(&self, key: Key) -> String {
        match key {
            Key::Type => "type".to_owned(),
            Key::Place => "place".to_owned(),
            Key::Area => "side of the frame".to_owned(),
            Key::Gender => "gender".to_owned(),
            Key::AgeDecade => "age group".to_owned(),
            Key::Hour => "hour of the day".to_owned(),
            Key::Slice(width) => {
                let (number, of) = span(width);
                let unit = match of {
                    Of::Hours => "hour",
                    Of::Minutes => "minute",
                    _ => "second",
                };
                format!("{number}-{unit} slice")
            }
            Key::Person => "person".to_owned(),
        }
    }

    fn unknown(&self) -> &'static str {
        "unknown"
    }

    fn decade(&self, start: i64) -> String {
        match start {
            0 => "under 10".to_owned(),
            10 => "10–19".to_owned(),
            start => format!("{start}s"),
        }
    }

    fn hour(&self, hour: i64) -> String {
        format!("{hour:02}:00")
    }

    fn person(&self, number: i64) -> String {
        format!("person {number}")
    }

    fn slice(&self, from: &str, to: &str) -> String {
        format!("{from}–{to}")
    }

    fn quote(&self, text: &str) -> String {
        format!("“{text}”")
    }

    fn shortened(&self, quoted: &str) -> String {
        format!("{quoted} (shortened)")
    }

    fn moment(&self, seconds: f64) -> String {
        clock_of(seconds, Style::Colon)
    }

    fn with_clock(&self, moment: &str, clock: &str) -> String {
        format!("{moment} (clock {clock})")
    }

    fn amount(&self, number: &str, of: Of) -> String {
        let (one, many) = match of {
            Of::Events => ("event", "events"),
            Of::People => ("person", "people"),
            Of::Seconds => ("second", "seconds"),
            Of::Minutes => ("minute", "minutes"),
            Of::Hours => ("hour", "hours"),
            Of::Years => ("year", "years"),
        };
        format!("{number} {}", if number == "1" { one } else { many })
    }

    fn list(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [others @ .., last] => format!("{} and {last}", others.join(", ")),
        }
    }

    fn shown_as(&self, amount: &str, clock: &str) -> String {
        format!("{amount} ({clock})")
    }

    fn leaf(&self, leaf: &Leaf<'_>) -> String {
        match leaf {
            Leaf::Types(types) => format!("of type {}", self.types(types)),
            Leaf::Time(bounds) => self.time(*bounds),
            Leaf::Clock(clock) => self.clock(*clock),
            Leaf::Who(gender, age) => {
                let who = match gender {
                    Some(Gender::Male) => "men",
                    Some(Gender::Female) => "women",
                    None => "people",
                };
                match age {
                    Some(age) => format!("involving {who} {}", self.age(*age)),
                    None => format!("involving {who}"),
                }
            }
            Leaf::Confidence(bounds) => format!("with confidence {}", self.bounds(*bounds, percent_of_one)),
            Leaf::Duration(bounds) => format!("lasting {}", self.bounds(*bounds, |seconds| self.span(seconds))),
            Leaf::Area(Area::Center) => "in the centre of the frame".to_owned(),
            Leaf::Area(area) => format!("on the {} of the frame", self.area(*area)),
            Leaf::Place(quoted) => format!("at {quoted}"),
            Leaf::Person(number) => format!("of person {number}"),
            Leaf::Id(id) => format!("with id {id}"),
            Leaf::Unknown(column) => format!("with no known {}", Self::column(*column)),
        }
    }

    fn not(&self, words: &str) -> String {
        format!("not {words}")
    }

    fn known(&self, column: Column) -> String {
        format!("with a known {}", Self::column(column))
    }

    fn any(&self, words: &[String]) -> String {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        format!("({})", Self::or(&words))
    }

    fn relation(&self, relation: &Relation, anchor: &What) -> String {
        let anchor_of = |place, descending| self.ranked(Order { descending, ..Order::TIME }, place, anchor);
        let anchor = match relation.which {
            _ if relation.side == Side::BetweenFirstAndLast => format!("the first and the last {}", anchor.one),
            Which::Every => self.one(anchor),
            Which::First => anchor_of(1, false),
            Which::Last => anchor_of(1, true),
            Which::Nth(place) => anchor_of(place, false),
        };
        let within = relation.within.map_or_else(String::new, |seconds| format!("within {} ", self.span(seconds)));
        let person = if relation.same_person { "of the same person " } else { "" };
        match relation.side {
            Side::After => format!("{person}{within}after {anchor}"),
            Side::Before => format!("{person}{within}before {anchor}"),
            Side::Around => format!("{person}{within}before or after {anchor}"),
            Side::BetweenFirstAndLast => format!("{person}between {anchor}"),
        }
    }

    /// What is said of them goes behind the noun, in the opposite order, so that what names other events is last.
    fn phrase(&self, kinds: &Kinds, mods: &[String], rest: bool) -> What {
        let kind = match kinds {
            Kinds::Every => String::new(),
            Kinds::Abnormal => "abnormal ".to_owned(),
            Kinds::Normal => "normal ".to_owned(),
            Kinds::Listed(types) => format!("{} ", self.types(types)),
        };
        let mods: String = mods.iter().rev().map(|words| format!(" {words}")).collect();
        let (fits, fit) = if rest { (" that fits the question", " that fit the question") } else { ("", "") };
        What {
            one: format!("{kind}event{fits}{mods}"),
            many: format!("{kind}events{fit}{mods}"),
            plain: mods.is_empty(),
        }
    }

    fn one(&self, what: &What) -> String {
        let article = if what.one.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        format!("{article} {}", what.one)
    }

    fn several(&self, count: usize, what: &What) -> String {
        format!("{count} {}", what.many)
    }

    fn ranked(&self, order: Order, place: u32, what: &What) -> String {
        let rank = Self::rank(order, place);
        match order.by {
            OrderBy::Age => format!("the {} with the {rank} person", what.one),
            _ => format!("the {rank} {}", what.one),
        }
    }

    fn top(&self, order: Order, count: usize, what: &What) -> String {
        let most = Self::most(order);
        match order.by {
            OrderBy::Age => format!("the {count} {} with the {most} people", what.many),
            _ => format!("the {count} {most} {}", what.many),
        }
    }

    fn yes(&self) -> &'static str {
        "Yes, "
    }

    fn no(&self) -> &'static str {
        "No, "
    }

    fn none(&self, what: &What) -> String {
        format!("no {} were found in this video.", what.many)
    }

    fn none_ranked(&self, ranked: &str) -> String {
        format!("there is no {} in this video.", ranked.strip_prefix("the ").unwrap_or(ranked))
    }

    fn happened(&self, when: &str, things: &str, many: bool) -> String {
        if many { format!("{when}, {things} were detected.") } else { format!("{when} {things} was detected.") }
    }

    fn detected(&self, things: &str, many: bool) -> String {
        format!("{things} {} detected.", if many { "were" } else { "was" })
    }

    fn ranked_at(&self, ranked: &str, moment: &str) -> String {
        format!("{ranked} is at {moment}.")
    }

    fn at(&self, moments: &[String]) -> String {
        format!("at {}", self.list(moments))
    }

    fn between(&self, first: &str, last: &str) -> String {
        format!("between {first} and {last}")
    }

    fn fewer_than_asked(&self, asked: u32) -> String {
        format!("That is fewer than the {asked} asked for.")
    }

    fn spread(&self, first: &str, last: &str) -> String {
        format!("The earliest is at {first}, the latest at {last}.")
    }

    fn first_few(&self, count: usize, sorted: Option<&str>) -> String {
        match sorted {
            Some(sorted) => format!("The first {count}, {sorted}:"),
            None => format!("The first {count}:"),
        }
    }

    fn sorted(&self, order: Order) -> &'static str {
        match (order.by, order.descending) {
            (OrderBy::Time, false) => "earliest first",
            (OrderBy::Time, true) => "latest first",
            (OrderBy::Duration, false) => "shortest first",
            (OrderBy::Duration, true) => "longest first",
            (OrderBy::Confidence, false) => "least certain first",
            (OrderBy::Confidence, true) => "most certain first",
            (OrderBy::Age, false) => "youngest first",
            (OrderBy::Age, true) => "oldest first",
        }
    }

    fn more_events(&self, count: usize) -> String {
        format!("… and {count} more.")
    }

    fn more_groups(&self, count: usize) -> String {
        format!("… and {count} more.")
    }

    fn who(&self, gender: Option<Gender>, age: Option<&str>) -> Option<String> {
        match (gender.map(|gender| self.gender(gender)), age) {
            (Some(gender), Some(age)) => Some(format!("{gender} (about {age})")),
            (Some(gender), None) => Some(gender.to_owned()),
            (None, Some(age)) => Some(format!("about {age} years old")),
            (None, None) => None,
        }
    }

    fn area_of_frame(&self, area: Area) -> String {
        self.leaf(&Leaf::Area(area))
    }

    fn recorded(&self, quoted: &str) -> String {
        format!("Recorded as: {quoted}")
    }

    fn action(&self, quoted: &str) -> String {
        format!("Action: {quoted}")
    }

    fn length(&self, amount: &str) -> String {
        format!("length {amount}")
    }

    fn confidence(&self, percent: &str) -> String {
        format!("confidence {percent}")
    }

    fn comma(&self) -> &'static str {
        ", "
    }

    fn gap(&self) -> &'static str {
        " "
    }

    fn stop(&self) -> &'static str {
        "."
    }

    fn count(&self, number: &str, counted: Counted, what: &What) -> String {
        match counted {
            Counted::Events => {
                let are = if number == "1" { "is" } else { "are" };
                format!("there {are} {} in this video.", self.events(number, what))
            }
            Counted::People if number == "1" => format!("1 person appears in {}.", what.many),
            Counted::People => format!("{number} people appear in {}.", what.many),
        }
    }

    fn nobody(&self, what: &What) -> String {
        format!("no tracked person appears in {} (0 people).", what.many)
    }

    fn at_least(&self, number: &str, least: u32, what: &What) -> String {
        let have = if number == "1" { "has" } else { "have" };
        format!("{} {have} at least {}.", self.amount(number, Of::People), self.events(&least.to_string(), what))
    }

    fn measure(&self, aggregate: Aggregate, of: Measure, amount: &str, what: &What) -> String {
        format!("the {} of {} is {amount}.", Self::aggregate(aggregate, of), what.many)
    }

    fn no_measure(&self, of: Measure, what: &What) -> String {
        if of == Measure::Age {
            format!("there is no value: nothing matched (no age is known for any {} in this video).", what.one)
        } else {
            format!("there is no value: nothing matched (no {} in this video).", what.many)
        }
    }

    fn share(&self, percent: &str, what: &What, part: &What, counted: Counted) -> String {
        match counted {
            Counted::Events => format!("{percent} of the {} are {}.", what.many, part.many),
            Counted::People => format!("{percent} of the people in {} appear in {}.", what.many, part.many),
        }
    }

    fn no_share(&self, what: &What) -> String {
        format!("there is no share to give: nothing matched (no {} in this video).", what.many)
    }

    fn rate(&self, number: &str, per: f64, counted: Counted, what: &What) -> String {
        let per = match span(per) {
            (one, Of::Hours) if one == "1" => "hour".to_owned(),
            (one, Of::Minutes) if one == "1" => "minute".to_owned(),
            (one, _) if one == "1" => "second".to_owned(),
            _ => self.span(per),
        };
        match counted {
            Counted::Events => format!("there are {number} {} per {per}.", what.many),
            Counted::People => format!("{number} people per {per} appear in {}.", what.many),
        }
    }

    fn no_rate(&self) -> &'static str {
        "there is no rate to give: this video's length is unknown."
    }

    fn extreme(&self, key: Key, value: &str, least: bool, counted: Counted, what: &What) -> String {
        let most = if least { "fewest" } else { "most" };
        let of = match counted {
            Counted::Events => what.many.clone(),
            Counted::People => format!("people in {}", what.many),
        };
        format!("the {} with the {most} {of} is {value}.", self.key(key))
    }

    fn no_extreme(&self, key: Key, what: &What) -> String {
        format!("there is no value: no {} is known for any {} in this video.", self.key(key), what.one)
    }

    fn distinct(&self, key: Key, number: &str, what: &What) -> String {
        let name = match key {
            Key::Person => "people",
            Key::Area => "sides of the frame",
            Key::Hour => "hours of the day",
            _ => "",
        };
        let name = match (number, name) {
            ("1", _) => self.key(key),
            (_, "") => format!("{}s", self.key(key)),
            (_, name) => name.to_owned(),
        };
        format!("{number} different {name} in {}.", what.many)
    }

    fn fact(&self, fact: VideoFact, value: &str) -> String {
        format!("the {} of this video is {value}.", Self::fact_name(fact))
    }

    fn no_fact(&self, fact: VideoFact) -> String {
        format!("the {} of this video is not recorded.", Self::fact_name(fact))
    }

    fn value(&self, value: &str) -> String {
        format!("the value found is {value}.")
    }

    fn no_value(&self) -> &'static str {
        "There is no value: nothing matched."
    }

    fn blank(&self) -> &'static str {
        "no value"
    }

    fn groups(&self, key: Key, value: GroupValue, top: Option<(u32, bool)>, what: &What) -> String {
        let value = match value {
            GroupValue::Count(Counted::Events) => "number".to_owned(),
            GroupValue::Count(Counted::People) => "people".to_owned(),
            GroupValue::Share(Counted::Events) => "share".to_owned(),
            GroupValue::Share(Counted::People) => "share of people".to_owned(),
            GroupValue::Measure { aggregate, of, .. } => Self::aggregate(aggregate, of),
        };
        let top = match top {
            Some((count, false)) => format!(", top {count}"),
            Some((count, true)) => format!(", bottom {count}"),
            None => String::new(),
        };
        format!("{} ({value} by {}{top}):", what.many, self.key(key))
    }

    fn any_groups(&self) -> &'static str {
        "Found:"
    }

    fn no_groups(&self, key: Key, what: &What) -> String {
        format!("no {} is known for any {} in this video.", self.key(key), what.one)
    }

    fn group(&self, key: &str, value: &str) -> String {
        format!("{key}: {value}")
    }

    fn declined(&self, signal: Signal) -> &'static str {
        match signal {
            Signal::OtherVideo => {
                "I can answer about the chosen video only. Choose the other video first, then ask about it."
            }
            Signal::Change => {
                "I can look records up, but not change or delete them. Nothing was changed. Ask for what you want to look up, by itself."
            }
            Signal::Identity => {
                "The records do not say who anybody is: no names, phone numbers, plates or faces. Ask by gender, age, place or a tracked number such as “person 7”."
            }
            Signal::Speech => "Speech and sound are not recorded. Ask about what can be seen happening.",
            Signal::Price => "Prices and amounts of money are not recorded. Ask about events such as theft or picking.",
            Signal::Prediction => "I cannot say what will happen. Ask about what has happened in this video.",
            Signal::Injection => {
                "I do not follow instructions about the system. Ask in plain words what happened in this video."
            }
            Signal::OutsideData => {
                "The records of this video cannot answer that. Ask about its events, for example “Were there any thefts between 10 and 15 minutes?”"
            }
            Signal::ClockUnknown => {
                "This video's recording time is unknown, so questions by the clock cannot be answered. Ask by video time, for example “between 10 and 15 minutes”."
            }
            Signal::LengthUnknown => {
                "This video's length is unknown, so a question that needs it cannot be answered. Ask by the time from the start, for example “after 10 minutes”."
            }
        }
    }

    fn not_understood(&self, quoted: &[String], more: usize, unclear: bool) -> String {
        let words = if more > 0 { format!("{} and {more} more", quoted.join(", ")) } else { self.list(quoted) };
        match quoted {
            [] => "I did not understand the question. Ask by type, time, place, age or gender.".to_owned(),
            _ if unclear => format!(
                "I cannot tell which meaning is meant by {words}. Split that part or say it in more detail, and ask again."
            ),
            _ => format!(
                "I did not understand {words}. Leave that out, or put it as a type, time, place, age or gender, and ask again."
            ),
        }
    }

    fn could_not_look(&self) -> &'static str {
        "I could not look at the records just now. That does not mean there are no such events. Please ask again in a moment."
    }

    fn no_strategy(&self) -> &'static str {
        "Nothing that answers this kind of question is switched on, so the records were not searched. Ask by type, time, place, age or gender, or ask whoever runs this service."
    }
}
