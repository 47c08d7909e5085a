//! What is said of one value, and of groups.

use super::Saying;
use super::clean::{WORD, clean};
use super::describe::describe;
use super::events::area;
use super::number::{float, number, percent, percent_of_one};
use super::time::local;
use super::words::Of;
use crate::answer::Value;
use crate::question::reading::{
    Counted, EventType, Gender, GroupValue, Groups, Key, Measure, Scalar, Unit, VideoFact, Wants,
};

/// How many groups are given a line.
const LINES: usize = 12;

impl Saying<'_> {
    pub(super) fn scalar(&self, value: &Value) -> String {
        let tongue = self.tongue;
        let what = &self.what;
        let Wants::Scalar(scalar) = &self.reading.wants else { return self.bare(value) };
        if !self.whole {
            return self.bare(value);
        }
        let Some(text) = self.number_of(value) else { return self.missing(scalar) };
        let zero = float(value) == Some(0.0);
        match scalar {
            Scalar::Count(Counted::Events) if zero => self.none(),
            Scalar::Count(Counted::People) if zero => self.plain(&tongue.nobody(what)),
            Scalar::Count(counted) => self.open(true, &tongue.count(&text, *counted, what)),
            Scalar::PeopleWithAtLeast(least) => self.open(!zero, &tongue.at_least(&text, *least, what)),
            Scalar::Measure { aggregate, of, unit } => {
                self.plain(&tongue.measure(*aggregate, *of, &self.measured(value, *of, *unit), what))
            }
            Scalar::Share { part, counted } => {
                let part = describe(tongue, part, None);
                let share = float(value).map_or(text, percent);
                self.plain(&tongue.share(&share, what, &part, *counted))
            }
            Scalar::Rate { per, counted } => self.plain(&tongue.rate(&text, *per, *counted, what)),
            Scalar::Extreme { key, least, counted } => {
                self.plain(&tongue.extreme(*key, &self.key(*key, value), *least, *counted, what))
            }
            Scalar::Distinct(key) => self.plain(&tongue.distinct(*key, &text, what)),
            Scalar::Fact(fact) => self.plain(&tongue.fact(*fact, &self.fact(*fact, value))),
        }
    }

    /// The value alone: all that can be said where the reading is not the whole question.
    fn bare(&self, value: &Value) -> String {
        match value {
            Value::Null => self.plain(self.tongue.no_value()),
            value => self.plain(&self.tongue.value(&self.cell(value))),
        }
    }

    /// NULL is said for what it means here; never as zero.
    fn missing(&self, scalar: &Scalar) -> String {
        let (tongue, what) = (self.tongue, &self.what);
        let said = match scalar {
            Scalar::Measure { of, .. } => tongue.no_measure(*of, what),
            Scalar::Share { .. } => tongue.no_share(what),
            Scalar::Rate { .. } => tongue.no_rate().to_owned(),
            Scalar::Extreme { key, .. } => tongue.no_extreme(*key, what),
            Scalar::Fact(fact) => tongue.no_fact(*fact),
            Scalar::Count(_) | Scalar::PeopleWithAtLeast(_) | Scalar::Distinct(_) => tongue.no_value().to_owned(),
        };
        self.plain(&said)
    }

    fn plain(&self, sentence: &str) -> String {
        super::clean::capital(sentence)
    }

    fn number_of(&self, value: &Value) -> Option<String> {
        match value {
            Value::Null => None,
            Value::Int(n) => Some(n.to_string()),
            Value::Float(f) => Some(number(*f)),
            Value::Text(text) => Some(clean(text, WORD).text),
        }
    }

    /// A cell nothing is known of but what it holds.
    fn cell(&self, value: &Value) -> String {
        match value {
            Value::Null => self.tongue.unknown().to_owned(),
            Value::Int(n) => n.to_string(),
            Value::Float(f) => number(*f),
            Value::Text(text) => self.kind(text),
        }
    }

    fn kind(&self, text: &str) -> String {
        EventType::parse(text).map_or_else(|| self.word(text), |kind| self.tongue.event_type(kind).to_owned())
    }

    fn measured(&self, value: &Value, of: Measure, unit: Unit) -> String {
        let Some(amount) = float(value) else { return self.cell(value) };
        match of {
            Measure::Confidence => percent_of_one(amount),
            Measure::Age => self.tongue.amount(&number(amount), Of::Years),
            Measure::Duration => self.lasting(amount, unit),
        }
    }

    /// A length in its unit; from a minute on, seconds are given as minutes too.
    fn lasting(&self, amount: f64, unit: Unit) -> String {
        let of = match unit {
            Unit::Native => Of::Seconds,
            Unit::Minutes => Of::Minutes,
            Unit::Hours => Of::Hours,
        };
        let said = self.tongue.amount(&number(amount), of);
        if of == Of::Seconds && amount >= 60.0 {
            self.tongue.shown_as(&said, &self.tongue.moment(amount.round()))
        } else {
            said
        }
    }

    fn fact(&self, fact: VideoFact, value: &Value) -> String {
        match (fact, value, float(value)) {
            (VideoFact::Length(unit), _, Some(amount)) => self.lasting(amount, unit),
            (VideoFact::RecordedAt, Value::Text(text), _) => {
                local(text, &self.video.timezone).unwrap_or_else(|| clean(text, WORD).text)
            }
            (VideoFact::Timezone, Value::Text(text), _) => clean(text, WORD).text,
            (VideoFact::Name | VideoFact::Filename, Value::Text(text), _) => self.word(text),
            (_, value, _) => self.cell(value),
        }
    }

    /// The value of a key, in words.
    fn key(&self, key: Key, value: &Value) -> String {
        let whole = whole(value);
        match (key, value) {
            (_, Value::Null) => self.tongue.unknown().to_owned(),
            (Key::Type, Value::Text(text)) => self.kind(text),
            (Key::Area, Value::Text(text)) => {
                area(text).map_or_else(|| self.word(text), |area| self.tongue.area(area).to_owned())
            }
            (Key::Gender, Value::Text(text)) => match text.as_str() {
                "male" => self.tongue.gender(Gender::Male).to_owned(),
                "female" => self.tongue.gender(Gender::Female).to_owned(),
                _ => self.word(text),
            },
            (Key::Place, Value::Text(text)) => self.word(text),
            (Key::Slice(width), value) => float(value).map_or_else(|| self.cell(value), |from| self.slice(from, width)),
            (Key::AgeDecade, _) => whole.map_or_else(|| self.cell(value), |start| self.tongue.decade(start)),
            (Key::Hour, _) => whole.map_or_else(|| self.cell(value), |hour| self.tongue.hour(hour)),
            (Key::Person, _) => whole.map_or_else(|| self.cell(value), |person| self.tongue.person(person)),
            (_, value) => self.cell(value),
        }
    }

    /// The last slice ends where the video does.
    fn slice(&self, from: f64, width: f64) -> String {
        let to = from + width;
        let to = self.video.duration.filter(|end| *end > from).map_or(to, |end| to.min(end));
        self.tongue.slice(&self.tongue.moment(from), &self.tongue.moment(to))
    }

    pub(super) fn groups(&self, groups: &[(Value, Value)]) -> String {
        let wanted = match &self.reading.wants {
            Wants::Groups(wanted) if self.whole => Some(wanted),
            _ => None,
        };
        let mut said = match wanted {
            Some(wanted) if groups.is_empty() && wanted.known_only => {
                return self.plain(&self.tongue.no_groups(wanted.by, &self.what));
            }
            _ if groups.is_empty() => return self.none(),
            Some(wanted) => self.plain(&self.tongue.groups(wanted.by, wanted.value, wanted.top, &self.what)),
            None => self.plain(self.tongue.any_groups()),
        };
        for (key, value) in groups.iter().take(LINES) {
            let (key, value) = match wanted {
                Some(wanted) => (self.key(wanted.by, key), self.group_value(wanted, value)),
                None => (self.cell(key), self.cell(value)),
            };
            said.push_str(&format!("\n- {}", self.tongue.group(&key, &value)));
        }
        if groups.len() > LINES {
            said.push_str(&format!("\n{}", self.tongue.more_groups(groups.len() - LINES)));
        }
        said
    }

    fn group_value(&self, wanted: &Groups, value: &Value) -> String {
        if *value == Value::Null {
            return self.tongue.blank().to_owned();
        }
        let amount = |of| self.number_of(value).map_or_else(String::new, |number| self.tongue.amount(&number, of));
        match wanted.value {
            GroupValue::Count(Counted::Events) => amount(Of::Events),
            GroupValue::Count(Counted::People) => amount(Of::People),
            GroupValue::Share(_) => float(value).map_or_else(|| self.cell(value), percent),
            GroupValue::Measure { of, unit, .. } => self.measured(value, of, unit),
        }
    }
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(n) => Some(*n),
        Value::Float(f) if f.fract() == 0.0 && f.abs() < 9e15 => format!("{f:.0}").parse().ok(),
        Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}
