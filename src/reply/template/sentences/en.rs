//! English sentences.

use super::Tongue;
use crate::question::reading::{Aggregate, Counted, GroupValue, Key, Measure, Order, OrderBy, Signal, VideoFact};
use crate::reply::template::describe::What;
use crate::reply::template::time::span;
use crate::reply::template::words::{English, Of, Words};

impl English {
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
    fn yes(&self) -> &'static str {
        "Yes, "
    }

    fn no(&self) -> &'static str {
        "No, "
    }

    fn none(&self, what: &What) -> String {
        format!("no {} were found in this video.", what.many)
    }

    fn not_found(&self, what: &What) -> String {
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

    fn these(&self, top: &str) -> String {
        format!("these are {top}.")
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
        let from = if of == Measure::Age { "in" } else { "of" };
        format!("the {} {from} {} is {amount}.", Self::aggregate(aggregate, of), what.many)
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
        let are = if number == "1" { "is" } else { "are" };
        format!("there {are} {number} different {name} in {}.", what.many)
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
        "there is no value: nothing matched."
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
        "found:"
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

    fn nothing_relevant(&self) -> &'static str {
        "I searched the descriptions, and none of them is close enough to your question."
    }

    fn likely(&self, count: usize) -> String {
        if count == 1 {
            "one event has a description close to your question:".to_owned()
        } else {
            format!("{count} events have descriptions close to your question, the closest first:")
        }
    }

    fn no_strategy(&self) -> &'static str {
        "Nothing that answers this kind of question is switched on, so the records were not searched. Ask by type, time, place, age or gender, or ask whoever runs this service."
    }
}
