//! Whether words say only what rows say: each figure, gender word, quotation and event id of a sentence stands in the
//! rows that the sentence names, in whatever spelling.
//!
//! Not looked into: words for types of events and for places, and which of several rows named together a word is of.

mod claims;
mod facts;
mod figure;
mod gender;
mod sentence;
mod unit;
mod value;

use jiff::civil::DateTime;

use self::{
    claims::claims,
    facts::{Facts, texts},
    gender::genders,
    sentence::opened,
    unit::Of,
};
pub use self::{
    figure::{Figure, figures},
    sentence::{Marker, Sentence, first, sentences},
    unit::unit,
    value::{Values, number},
};
use super::Statement;
use crate::{
    answer::{Answer, Event, Hits, Value},
    question::{
        Lang, Video, detect, normalise,
        reading::{Gender, Groups, Key, Reading, Wants},
    },
};

/// What the words of one answer may say.
#[derive(Debug)]
pub struct Ground {
    lang: Lang,
    /// The rows a sentence may name; empty where the answer is not of events.
    rows: Vec<Row>,
    /// Of each row, the event.
    events: Vec<Event>,
    /// Of all that was found.
    all: Facts,
    /// Everywhere.
    question: Facts,
    all_genders: Vec<Gender>,
    all_texts: Vec<String>,
    of_events: bool,
}

#[derive(Debug)]
struct Row {
    facts: Facts,
    genders: Vec<Gender>,
    texts: Vec<String>,
}

/// What is wrong with a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub kind: FaultKind,
    /// The words it is about, as they were read.
    pub words: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    NoMarker,
    /// Not among the rows.
    UnknownEvent,
    Figure,
    Gender,
    Quotation,
    Language,
    /// Says no where there is something.
    Denial,
}

/// Han characters in a row without kana that are not Japanese any more.
const NOT_JAPANESE: usize = 14;

/// Words a reply begins with that says no.
const DENIALS: [&str; 12] =
    ["아니요", "아니오", "아뇨", "아닙니다", "no", "nope", "いいえ", "いえ", "没有", "沒有", "不是", "否"];

/// Quotation marks that open, with the one that closes each.
const QUOTES: [(char, char); 4] = [('‘', '’'), ('“', '”'), ('「', '」'), ('『', '』')];

impl Ground {
    /// For an answer in `lang`, of which `rows` can be named.
    pub fn new(lang: Lang, question: &str, reading: &Reading, video: &Video, answer: &Answer, rows: &[Event]) -> Self {
        let mut ground = Self {
            lang,
            rows: rows.iter().map(|event| Row::new(video, event)).collect(),
            events: rows.to_vec(),
            all: Facts::default(),
            question: Facts::default(),
            all_genders: rows.iter().flat_map(genders_of).collect(),
            all_texts: rows.iter().flat_map(texts).map(normalise).collect(),
            of_events: matches!(answer, Answer::Events(_) | Answer::Hits(_)),
        };
        ground.question.add_text(question);
        let asked = || genders(question).into_iter().map(|(gender, _)| gender);
        match answer {
            Answer::Events(events) | Answer::Hits(Hits { events, .. }) => {
                ground.all.counts.push(events.ids.len() as f64);
                ground.all.places = events.ids.len() as f64;
                for end in events.spread.map(|(from, to)| [from, to]).into_iter().flatten() {
                    ground.all.add_moment(video, end);
                }
                if rows.len() == events.ids.len() {
                    ground.all.add_tallies(&rows.iter().collect::<Vec<_>>());
                    ground.all.said.extend(ground.rows.iter().flat_map(|row| row.facts.said.iter().cloned()));
                    ground.all.ages.extend(ends(rows.iter().filter_map(|event| event.age)));
                    ground.all.shares.extend(ends(rows.iter().map(|event| event.confidence)));
                } else {
                    ground.all_genders.extend(asked());
                }
            }
            Answer::Scalar(value) => {
                ground.all_genders.extend(asked());
                let wants = match &reading.wants {
                    Wants::Scalar(scalar) if reading.unread.is_empty() => Some(scalar),
                    _ => None,
                };
                let of = wants.map_or(Of::Unknown, Of::scalar);
                ground.add_value(of, value, video);
            }
            Answer::Groups(groups) => {
                ground.all_genders.extend(asked());
                let wants = match &reading.wants {
                    Wants::Groups(wants) if reading.unread.is_empty() => Some(wants),
                    _ => None,
                };
                ground.add_groups(wants, groups, video);
            }
        }
        ground
    }

    /// The sentence with the events it rests on; or all that is wrong with it.
    ///
    /// # Errors
    /// Every fault.
    pub fn check(&self, sentence: &Sentence) -> Result<Statement, Vec<Fault>> {
        let words = sentence.words.trim();
        let mut faults = Vec::new();
        let mut fault = |kind, words: &str| faults.push(Fault { kind, words: words.to_owned() });
        let marker = match (&sentence.marker, self.of_events) {
            (Some(marker), true) => marker.clone(),
            (None, true) => {
                fault(FaultKind::NoMarker, words);
                Marker::All
            }
            // One value, or one list: there is nothing else it could rest on.
            (Some(Marker::Ids(ids)), false) => {
                ids.iter().for_each(|id| fault(FaultKind::UnknownEvent, &id.to_string()));
                Marker::All
            }
            (Some(Marker::All) | None, false) => Marker::All,
        };
        let mut facts = self.question.clone();
        let (mut allowed, mut texts, mut named): (Vec<Gender>, Vec<&String>, Vec<i64>) = Default::default();
        match &marker {
            Marker::All => {
                facts.add(&self.all);
                allowed.extend(&self.all_genders);
                texts.extend(&self.all_texts);
                named.extend(self.events.iter().map(|event| event.id));
            }
            Marker::Ids(ids) => {
                let mut events = Vec::new();
                for id in ids {
                    if named.contains(id) {
                        continue;
                    }
                    let Some(at) = self.events.iter().position(|event| event.id == *id) else {
                        fault(FaultKind::UnknownEvent, &id.to_string());
                        continue;
                    };
                    facts.add(&self.rows[at].facts);
                    allowed.extend(&self.rows[at].genders);
                    texts.extend(&self.rows[at].texts);
                    events.push(&self.events[at]);
                    named.push(*id);
                }
                facts.add_tallies(&events);
                // "One man": the article of a language without articles.
                facts.counts.extend([1.0, self.all.places]);
                facts.places = self.all.places;
            }
        }
        let (said, quoted) = apart(words);
        for quotation in quoted {
            let wanted = normalise(&quotation);
            if !texts.iter().any(|text| text.contains(&wanted)) {
                fault(FaultKind::Quotation, &quotation);
            }
        }
        for figure in claims(&said, self.lang) {
            if !facts.hold(&figure) {
                fault(FaultKind::Figure, &figure.text);
            }
        }
        for (gender, word) in genders(&said) {
            if !allowed.contains(&gender) {
                fault(FaultKind::Gender, &word);
            }
        }
        if !speaks(&said, self.lang) {
            fault(FaultKind::Language, words);
        }
        let opening = normalise(&said);
        let denies = DENIALS.iter().find(|word| {
            let rest = opening.strip_prefix(**word);
            rest.is_some_and(|rest| rest.chars().next().is_none_or(|c| !c.is_alphanumeric()))
        });
        if let (true, Some(word)) = (self.of_events, denies) {
            fault(FaultKind::Denial, word);
        }
        if faults.is_empty() { Ok(Statement { text: words.to_owned(), event_ids: named }) } else { Err(faults) }
    }

    fn add_groups(&mut self, wants: Option<&Groups>, groups: &[(Value, Value)], video: &Video) {
        let of = wants.map_or(Of::Unknown, |wants| Of::group(wants.value));
        let mut total = 0.0;
        for (key, value) in groups {
            self.add_key(wants.map(|wants| wants.by), key, video);
            self.add_value(of, value, video);
            total += number(value).unwrap_or_default();
        }
        self.all.counts.push(groups.len() as f64);
        self.all.places = groups.len() as f64;
        if of == Of::Count {
            self.all.counts.push(total);
        }
    }

    fn add_key(&mut self, by: Option<Key>, key: &Value, video: &Video) {
        if let Value::Text(text) = key {
            self.add_text(text);
        }
        let Some(value) = number(key) else { return };
        let all = &mut self.all;
        match by {
            Some(Key::AgeDecade) => all.ages.extend([value, value + 9.0]),
            Some(Key::Hour) => all.clocks.extend([value * 3600.0, (value + 1.0) % 24.0 * 3600.0]),
            Some(Key::Person) => all.numbers.push(value),
            Some(Key::Slice(width)) => {
                let end = video.duration.filter(|end| *end > value).map_or(value + width, |end| end.min(value + width));
                all.times.extend([value, value + width, end, end.floor()]);
            }
            Some(Key::Type | Key::Place | Key::Area | Key::Gender) | None => all.values.push(value),
        }
    }

    fn add_value(&mut self, of: Of, value: &Value, video: &Video) {
        if let Value::Text(text) = value {
            self.add_text(text);
            let moment = text.trim().parse::<jiff::Timestamp>().ok().filter(|_| of == Of::Moment);
            if let Some(local) = moment.map(|moment| moment.to_zoned(video.timezone.clone()).datetime()) {
                self.add_date(local);
            }
        }
        let Some(value) = number(value) else { return };
        let all = &mut self.all;
        match of {
            Of::Count => all.counts.push(value),
            Of::Share => all.shares.push(value / 100.0),
            Of::Fraction => all.shares.push(value),
            Of::Age => all.ages.push(value),
            Of::Seconds(unit) => {
                all.times.extend([value * unit, (value * unit).floor(), (value * unit).round()]);
                all.values.extend((unit != 1.0).then_some(value));
            }
            Of::Key(key) => self.add_key(Some(key), &Value::Float(value), video),
            Of::Unknown | Of::Moment => all.values.push(value),
        }
    }

    fn add_date(&mut self, local: DateTime) {
        self.all.dates.extend([f64::from(local.year()), f64::from(local.month()), f64::from(local.day())]);
        let of_day = [local.hour(), local.minute(), local.second()].map(f64::from);
        self.all.clocks.push(of_day[0] * 3600.0 + of_day[1] * 60.0 + of_day[2]);
    }

    fn add_text(&mut self, text: &str) {
        self.all.add_text(text);
        self.all_genders.extend(genders(text).into_iter().map(|(gender, _)| gender));
        self.all_texts.push(normalise(text));
    }
}

impl Row {
    fn new(video: &Video, event: &Event) -> Self {
        let mut facts = Facts::default();
        facts.add_event(video, event);
        Self { facts, genders: genders_of(event), texts: texts(event).map(normalise).collect() }
    }
}

impl FaultKind {
    /// Stable, for traces and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoMarker => "no_marker",
            Self::UnknownEvent => "unknown_event",
            Self::Figure => "figure",
            Self::Gender => "gender",
            Self::Quotation => "quotation",
            Self::Language => "other_language",
            Self::Denial => "denial",
        }
    }

    /// For the model, which is to do better.
    pub fn message(self) -> &'static str {
        match self {
            Self::NoMarker => "this sentence does not end with its marker",
            Self::UnknownEvent => "this event is not in the evidence",
            Self::Figure => "this figure is not in the evidence that the sentence's marker names",
            Self::Gender => "the evidence that the sentence's marker names does not say this gender",
            Self::Quotation => "the evidence that the sentence's marker names does not hold this quotation",
            Self::Language => "this is not in the language asked for",
            Self::Denial => "there are events in the evidence, so the answer is not no",
        }
    }
}

/// Without what stands in quotation marks.
pub fn unquoted(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut until = None;
    for c in words.chars() {
        match (until, QUOTES.iter().find(|(open, _)| *open == c)) {
            (Some(end), _) if c == end => until = None,
            (Some(_), _) => {}
            (None, Some((_, close))) => until = Some(*close),
            (None, None) => out.push(c),
        }
    }
    out
}

/// What is said, and each quotation; straight marks count too, and what never closes is quoted to the end.
fn apart(words: &str) -> (String, Vec<String>) {
    let (mut said, mut quoted, mut until) = (String::with_capacity(words.len()), Vec::<String>::new(), None);
    for c in words.chars() {
        match (until, opened(c)) {
            (Some(end), _) if c == end => {
                until = None;
                said.push(' ');
            }
            (Some(_), _) => quoted.last_mut().into_iter().for_each(|text| text.push(c)),
            (None, Some(close)) => {
                until = Some(close);
                quoted.push(String::new());
                said.push(' ');
            }
            (None, None) => said.push(c),
        }
    }
    (said, quoted)
}

/// Of the row, by its column and its texts.
fn genders_of(event: &Event) -> Vec<Gender> {
    let column = match event.gender.as_deref() {
        Some("male") => Some(Gender::Male),
        Some("female") => Some(Gender::Female),
        _ => None,
    };
    column.into_iter().chain(texts(event).flat_map(genders).map(|(gender, _)| gender)).collect()
}

/// By script; words without letters are in every language.
fn speaks(said: &str, lang: Lang) -> bool {
    if !said.chars().any(char::is_alphabetic) {
        return true;
    }
    let han = said.chars().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}')).count();
    let found = detect(said);
    found == lang || lang == Lang::Ja && found == Lang::Zh && han < NOT_JAPANESE
}

fn ends(values: impl Iterator<Item = f64> + Clone) -> impl Iterator<Item = f64> {
    values.clone().min_by(f64::total_cmp).into_iter().chain(values.max_by(f64::total_cmp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_left_out() {
        assert_eq!(unquoted("a ‘3 men’ b “4” c"), "a  b  c");
        assert_eq!(apart("a “b\" c”d \"e"), ("a   d  ".to_owned(), vec!["b\" c".to_owned(), "e".to_owned()]));
    }
}
