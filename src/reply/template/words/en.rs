//! English words.

use super::{Of, Words};
use crate::question::reading::{
    Area, Bounds, Clock, Column, EventType, Gender, Key, Order, OrderBy, Relation, Side, Which,
};
use crate::reply::template::describe::{Kinds, Leaf, Range, What, range, slot};
use crate::reply::template::number::{number, percent_of_one};
use crate::reply::template::time::{Style, clock_of, date_time, span, time_of_day, whole_day};

pub(in crate::reply::template) struct English;

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
            Clock::TimeOfDay { from, to } if to.checked_sub(from) == Some(60) => {
                format!("at {} by the clock", time_of_day(from))
            }
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
}

impl Words for English {
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
        format!("“{}”", text.replace(['“', '”'], "\""))
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
            Leaf::Confidence(bounds) => format!("with confidence of {}", self.bounds(*bounds, percent_of_one)),
            Leaf::Duration(bounds) => format!("lasting {}", self.bounds(*bounds, |seconds| self.span(seconds))),
            Leaf::Area(Area::Center) => "in the centre of the frame".to_owned(),
            Leaf::Area(area) => format!("on the {} of the frame", self.area(*area)),
            Leaf::Place(quoted) => format!("at {quoted}"),
            Leaf::Person(number) => format!("with person {number}"),
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
        let mut said = String::new();
        let mut before = "";
        for words in mods.iter().rev() {
            // "not at the checkout between 1:00 and 2:00" would deny both.
            let denied = !before.is_empty() && [before, words.as_str()].iter().any(|words| words.starts_with("not "));
            said.push_str(if denied { " and " } else { " " });
            said.push_str(words);
            before = words;
        }
        let (fits, fit) = if rest { (" that fits the question", " that fit the question") } else { ("", "") };
        What {
            one: format!("{kind}event{fits}{said}"),
            many: format!("{kind}events{fit}{said}"),
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
            OrderBy::Time => format!("the {most} {count} {}", what.many),
            OrderBy::Duration | OrderBy::Confidence => format!("the {count} {most} {}", what.many),
        }
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

    fn colon(&self) -> &'static str {
        ":"
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
}
