//! Figures of a text: numbers as they are written, and times put together from their parts.

/// A number as it was written, or a time put together from its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    pub text: String,
    /// Of a time: seconds.
    pub value: f64,
    /// What it may be off by: a figure with digits behind the point is a rounded one.
    pub step: f64,
    pub(super) kind: Kind,
    /// Characters of the text it was read from: its first, and the one behind it.
    pub(super) at: (usize, usize),
}

/// What a figure is a figure of, as far as the text says it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// Nothing is said.
    Plain,
    /// Seconds, from units.
    Time,
    /// Seconds, read as m:ss or h:mm:ss; of two parts it can be a time of day.
    Colon {
        parts: usize,
    },
    /// Seconds of the day; without its half of the day it has two readings. To the minute where no seconds are said.
    Clock {
        half: Option<Half>,
        minute: bool,
    },
    Percent,
    /// Years.
    Age,
    /// The first year of ten.
    Decade,
    Count,
    /// A place in an order.
    Ordinal,
    /// The number that somebody or something has, or a count.
    Number,
    /// Year, month or day.
    Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Morning,
    Afternoon,
}

/// Units of time behind a number, with their seconds; the longer ones first.
const UNITS: [(&str, f64); 23] = [
    ("시간", 3600.0),
    ("時間", 3600.0),
    ("小时", 3600.0),
    ("小時", 3600.0),
    ("hours", 3600.0),
    ("hour", 3600.0),
    ("hrs", 3600.0),
    ("hr", 3600.0),
    ("分钟", 60.0),
    ("分鐘", 60.0),
    ("minutes", 60.0),
    ("minute", 60.0),
    ("mins", 60.0),
    ("min", 60.0),
    ("seconds", 1.0),
    ("second", 1.0),
    ("secs", 1.0),
    ("sec", 1.0),
    ("s", 1.0),
    ("분", 60.0),
    ("分", 60.0),
    ("초", 1.0),
    ("秒", 1.0),
];

/// Numbers and times in digits: "1,234", "81.3", "12:30", "1:05:30", "12분 30초", "1 hour 5 minutes", "750 s".
pub fn figures(text: &str) -> Vec<Figure> {
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
        let mut figure = one(&chars, at);
        let end = figure.at.1;
        let unit = if matches!(figure.kind, Kind::Plain) { unit(&chars, end) } else { None };
        let joins = open.filter(|(behind, _)| chars[*behind..at].iter().all(|c| c.is_whitespace() || *c == ','));
        let mut next = end;
        match (unit, joins) {
            (Some((word, seconds, behind)), joins) => {
                next = behind;
                figure.value *= seconds;
                figure.kind = Kind::Time;
                figure.at.1 = behind;
                if figure.step < 0.5 {
                    figure.step *= seconds;
                }
                match (joins, found.last_mut()) {
                    (Some((_, larger)), Some(last)) if larger > seconds => {
                        last.value += figure.value;
                        last.at.1 = behind;
                        last.text = format!("{} {}{word}", last.text, figure.text);
                    }
                    _ => {
                        figure.text.push_str(word);
                        found.push(figure);
                    }
                }
                open = Some((next, seconds));
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

/// The unit at `from`, its seconds, and the index behind it. Latin ones are whole words.
fn unit(chars: &[char], from: usize) -> Option<(&'static str, f64, usize)> {
    let gap = chars.get(from..)?.iter().take_while(|c| c.is_whitespace()).count();
    let start = from + gap;
    UNITS.iter().find_map(|(word, seconds)| {
        let end = start + word.chars().count();
        let stands = chars.get(start..end)?.iter().copied().eq(word.chars());
        let goes_on = word.is_ascii() && chars.get(end).is_some_and(char::is_ascii_alphanumeric);
        (stands && !goes_on).then_some((*word, *seconds, end))
    })
}

/// The number at `from`.
fn one(chars: &[char], from: usize) -> Figure {
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
    if is(end, '.') && digits(end + 1) > 0 {
        places = digits(end + 1);
        end += 1 + places;
    }
    let text: String = chars[from..end].iter().collect();
    let value = text.split(':').fold(0.0, |sum, part| sum * 60.0 + part.replace(',', "").parse().unwrap_or(f64::NAN));
    let kind = if parts == 1 { Kind::Plain } else { Kind::Colon { parts } };
    Figure { text, value, step: 0.5 * 10f64.powi(-(places.min(300) as i32)), kind, at: (from, end) }
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
        check("750 s, 12.5 min, 3 suspects, 12:30.5", &[750.0, 750.0, 3.0, 750.5]);
        check("nothing", &[]);
    }
}
