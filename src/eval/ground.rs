//! Whether a reply says only what the rows say: every time, count, age, share and id in its words must stand in the
//! evidence, which is the rows, what follows from them by counting, and the numbers of the question itself.
//!
//! Quoted text (names, records of what was seen) is the data's own and is not looked into.

use std::borrow::Cow;

use crate::{
    answer::{Answer, Event, Value},
    engine::{Outcome, Reply},
    question::{
        Video,
        reading::{Groups, Key, Pick, Scalar, Unit, VideoFact, Wants},
    },
    sql::Bind,
};

/// The figures of the reply that nothing accounts for, as they stand in it; `None` where nothing was answered.
pub fn ungrounded(reply: &Reply, prompt: &str, video: Option<&Video>) -> Option<Vec<String>> {
    let answer = match &reply.outcome {
        Outcome::Answered(answer) | Outcome::Empty(answer) => answer,
        Outcome::Abstained(_) | Outcome::Failed(_) => return None,
    };
    let mut evidence = Evidence::default();
    evidence.add_answer(answer);
    evidence.add_prompt(prompt);
    if let Some(reading) = &reply.reading {
        evidence.add_wants(&reading.wants, answer);
    }
    let found = match answer {
        Answer::Events(events) => Some(Cow::Borrowed(events)),
        Answer::Hits(hits) => Some(Cow::Owned(hits.events())),
        Answer::Scalar(_) | Answer::Groups(_) => None,
    };
    if let (Some(video), Some(events)) = (video, found) {
        let ends = events.spread.map(|(from, to)| [from, to]);
        let times = events.shown.iter().map(|event| event.timestamp).chain(ends.into_iter().flatten());
        times.for_each(|seconds| evidence.add_clock(video, seconds));
    }
    for bind in reply.query.iter().flat_map(|query| query.binds()) {
        match bind {
            Bind::Int(n) => evidence.add(*n as f64),
            Bind::Float(x) => evidence.add(*x),
            Bind::Text(text) => {
                evidence.add_prompt(text);
                // A time of day with no end to it ends with the day, at 24:00.
                if text.len() == "23:00:00".len() && text.contains(':') {
                    evidence.0.push(24.0 * 60.0);
                }
            }
            Bind::Texts(texts) => texts.iter().for_each(|text| evidence.add_prompt(text)),
            // Videos, which no reply counts.
            Bind::Ints(_) | Bind::Vector(_) => {}
        }
    }
    Some(figures(&unquoted(&reply.words)).into_iter().filter(|f| !evidence.holds(f)).map(|f| f.text).collect())
}

/// A number as it was written, or a time put together from its parts.
#[derive(Debug, Clone, PartialEq)]
struct Figure {
    text: String,
    value: f64,
    /// What it may be off by: a figure with digits behind the point is a rounded one.
    step: f64,
}

/// The most rows that a reply lists one by one.
const LISTED: usize = 12;

/// All values that a reply may name.
#[derive(Default)]
struct Evidence(Vec<f64>);

impl Evidence {
    fn add(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        // As it is, as a percentage, and in minutes and hours, the way lengths and shares are said.
        self.0.extend([value, value * 100.0, value / 60.0, value / 3600.0, value.floor(), value.round()]);
    }

    fn add_answer(&mut self, answer: &Answer) {
        match answer {
            Answer::Events(events) => {
                self.add_counts(events.ids.len());
                self.0.extend(events.ids.iter().map(|id| *id as f64));
                events.shown.iter().for_each(|event| self.add_event(event));
                if let Some((from, to)) = events.spread {
                    self.add(from);
                    self.add(to);
                }
            }
            Answer::Hits(hits) => self.add_answer(&Answer::Events(hits.events())),
            Answer::Scalar(value) => self.add_value(value),
            Answer::Groups(groups) => {
                self.add_counts(groups.len());
                let mut total = 0.0;
                for (key, value) in groups {
                    self.add_value(key);
                    self.add_value(value);
                    // A decade and an hour are said with their ends.
                    if let (Value::Int(_) | Value::Float(_), Some(key)) = (key, number(key)) {
                        self.0.extend([key + 1.0, key + 9.0, key + 10.0]);
                    }
                    total += number(value).unwrap_or_default();
                }
                self.add(total);
            }
        }
    }

    /// All of them, those that a reply lists one by one (its first few), and the rest.
    fn add_counts(&mut self, all: usize) {
        self.0.extend((1..=LISTED).filter(|few| *few <= all).flat_map(|few| [few as f64, (all - few) as f64]));
        self.0.extend([0.0, all as f64]);
    }

    /// What is said of groups and orders: the third, the ends of slices, minutes of a length.
    fn add_wants(&mut self, wants: &Wants, answer: &Answer) {
        match (wants, answer) {
            (Wants::Events { pick: Pick::Top(n) | Pick::Nth(n), .. }, _) => self.add(f64::from(*n)),
            (Wants::Scalar(Scalar::PeopleWithAtLeast(n)), _) => self.add(f64::from(*n)),
            (Wants::Scalar(scalar), Answer::Scalar(value)) => {
                let factor = match unit(scalar) {
                    Some(Unit::Minutes) => 60.0,
                    Some(Unit::Hours) => 3600.0,
                    Some(Unit::Native) | None => return,
                };
                self.0.extend(number(value).map(|value| value * factor));
            }
            (Wants::Groups(Groups { by, .. }), Answer::Groups(groups)) => {
                for key in groups.iter().filter_map(|(key, _)| number(key)) {
                    match by {
                        Key::Slice(seconds) => self.add(key + seconds),
                        // 1:00 reads as minutes and seconds.
                        Key::Hour => self.0.extend([key * 60.0, key * 60.0 + 60.0]),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    /// The clock at a second of the video, as h:mm:ss and as h:mm.
    fn add_clock(&mut self, video: &Video, seconds: f64) {
        let Some(began) = video.recorded_at else { return };
        let Ok(passed) = jiff::SignedDuration::try_from_secs_f64(seconds) else { return };
        let Ok(moment) = began.checked_add(passed) else { return };
        let local = moment.to_zoned(video.timezone.clone());
        let (hour, minute, second) = (f64::from(local.hour()), f64::from(local.minute()), f64::from(local.second()));
        self.0.extend([hour * 3600.0 + minute * 60.0 + second, hour * 60.0 + minute]);
    }

    fn add_event(&mut self, event: &Event) {
        self.0.push(event.id as f64);
        let figures = [Some(event.timestamp), Some(event.duration), event.age, Some(event.confidence)];
        figures.into_iter().flatten().for_each(|value| self.add(value));
        self.add(event.timestamp + event.duration);
        self.0.extend(event.obj_id.map(|id| id as f64));
    }

    fn add_value(&mut self, value: &Value) {
        match value {
            Value::Text(text) => self.add_prompt(text),
            other => number(other).into_iter().for_each(|value| self.add(value)),
        }
    }

    fn add_prompt(&mut self, text: &str) {
        for figure in figures(text) {
            self.add(figure.value);
        }
    }

    /// As exactly as the figure is written.
    fn holds(&self, figure: &Figure) -> bool {
        self.0.iter().any(|value| (value - figure.value).abs() <= figure.step * 1.000_001)
    }
}

/// The unit a value was asked in.
fn unit(scalar: &Scalar) -> Option<Unit> {
    match scalar {
        Scalar::Measure { unit, .. } => Some(*unit),
        Scalar::Fact(VideoFact::Length(unit)) => Some(*unit),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(n) => Some(*n as f64),
        Value::Float(x) => Some(*x),
        Value::Null | Value::Text(_) => None,
    }
}

/// Without what stands in quotation marks.
fn unquoted(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut until = None;
    for c in words.chars() {
        match (until, c) {
            (Some(end), c) if c == end => until = None,
            (Some(_), _) => {}
            (None, '‘') => until = Some('’'),
            (None, '“') => until = Some('”'),
            (None, '「') => until = Some('」'),
            (None, '『') => until = Some('』'),
            (None, c) => out.push(c),
        }
    }
    out
}

/// Units of time behind a number, with their seconds; the longer ones first.
const UNITS: [(&str, f64); 14] = [
    ("시간", 3600.0),
    ("時間", 3600.0),
    ("小时", 3600.0),
    ("hours", 3600.0),
    ("hour", 3600.0),
    ("分钟", 60.0),
    ("minutes", 60.0),
    ("minute", 60.0),
    ("seconds", 1.0),
    ("second", 1.0),
    ("분", 60.0),
    ("分", 60.0),
    ("초", 1.0),
    ("秒", 1.0),
];

/// Numbers and times: "1,234", "81.3", "12:30", "1:05:30", "12분 30초", "1 hour 5 minutes".
fn figures(text: &str) -> Vec<Figure> {
    let chars: Vec<char> = text.chars().collect();
    let mut found: Vec<Figure> = Vec::new();
    // Where a time goes on that the next number may be a part of: the seconds of its last unit.
    let mut open: Option<(usize, f64)> = None;
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let (mut figure, end) = one(&chars, at);
        let rest: String = chars[end..].iter().take(10).collect();
        let gap = rest.len() - rest.trim_start().len();
        let unit = UNITS.iter().find(|(unit, _)| rest.trim_start().starts_with(unit));
        let joins = open.filter(|(behind, _)| chars[*behind..at].iter().all(|c| c.is_whitespace() || *c == ','));
        let mut next = end;
        match (unit, joins) {
            (Some((word, seconds)), joins) => {
                next = end + gap + word.chars().count();
                figure.value *= seconds;
                if figure.step < 0.5 {
                    figure.step *= seconds;
                }
                match (joins, found.last_mut()) {
                    (Some((_, larger)), Some(last)) if larger > *seconds => {
                        last.value += figure.value;
                        last.text = format!("{} {}{word}", last.text, figure.text);
                    }
                    _ => {
                        figure.text.push_str(word);
                        found.push(figure);
                    }
                }
                open = Some((next, *seconds));
            }
            (None, _) => {
                found.push(figure);
                open = None;
            }
        }
        at = next;
    }
    found
}

/// The number at `from`, and the index behind it.
fn one(chars: &[char], from: usize) -> (Figure, usize) {
    let digits = |at: usize| chars.get(at..).unwrap_or_default().iter().take_while(|c| c.is_ascii_digit()).count();
    let is = |at: usize, c: char| chars.get(at) == Some(&c);
    let mut end = from + digits(from);
    let mut parts = 1;
    while is(end, ':') && digits(end + 1) == 2 && parts < 3 {
        end += 3;
        parts += 1;
    }
    while parts == 1 && is(end, ',') && digits(end + 1) == 3 {
        end += 4;
    }
    let mut places = 0;
    if parts == 1 && is(end, '.') && digits(end + 1) > 0 {
        places = digits(end + 1);
        end += 1 + places;
    }
    let text: String = chars[from..end].iter().collect();
    let value = text.split(':').fold(0.0, |sum, part| sum * 60.0 + part.replace(',', "").parse().unwrap_or(f64::NAN));
    (Figure { text, value, step: 0.5 * 10f64.powi(-(places.min(300) as i32)) }, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[f64]) {
        let found: Vec<f64> = figures(text).iter().map(|figure| figure.value).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn figures_are_found_as_they_are_meant() {
        check("네, 12분 30초에 도난", &[750.0]);
        check("1시간 5분부터 1:10:00까지 1,234건", &[3900.0, 4200.0, 1234.0]);
        check("Yes, at 38:00, male (about 37.5), 98.7%", &[2280.0, 37.5, 98.7]);
        check("30초, 12분", &[30.0, 720.0]);
        check("within 30 seconds, 2 hours 5 minutes", &[30.0, 7500.0]);
        check("nothing", &[]);
    }

    #[test]
    fn a_figure_from_nowhere_is_not_grounded() {
        let mut evidence = Evidence::default();
        evidence.add(750.4);
        evidence.add(0.953);
        for (text, held) in
            [("12:30", true), ("12:31", false), ("95.3%", true), ("95.4%", false), ("12분 30초", true), ("13", true)]
        {
            assert_eq!(evidence.holds(&figures(text)[0]), held, "{text}");
        }
        assert_eq!(unquoted("a ‘3 men’ b “4” c"), "a  b  c");
    }
}
