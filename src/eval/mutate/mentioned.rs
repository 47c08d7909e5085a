//! What statements mention: numbers, moments of the clock, names of columns. Read from their words, so that a statement
//! that no parser of ours knows still gives its numbers.

use std::collections::BTreeSet;

use crate::{fingerprint::fingerprint, sql::Bind};

#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Mentioned {
    /// In ascending order, each once.
    pub(super) numbers: Vec<f64>,
    /// `HH:MM[:SS]` or `YYYY-MM-DD HH:MM[:SS][+HH:MM]`, each once.
    pub(super) moments: Vec<String>,
    names: BTreeSet<String>,
}

impl Mentioned {
    pub(super) fn in_statements(gold: &str, predicted: &str, binds: &[Bind]) -> Self {
        let mut mentioned = Self::default();
        mentioned.add(gold, &[]);
        mentioned.add(predicted, binds);
        mentioned
    }

    pub(super) fn add(&mut self, text: &str, binds: &[Bind]) {
        for piece in Pieces(text) {
            match piece {
                Piece::Word(word) => {
                    self.names.insert(word.to_ascii_lowercase());
                }
                Piece::Number(number) => self.number(number),
                Piece::Quoted(text) => self.quoted(text),
            }
        }
        for bind in binds {
            match bind {
                // Within what a float holds exactly; larger ones are ids, if anything.
                Bind::Int(number) => self.number(*number as f64),
                Bind::Float(number) => self.number(*number),
                Bind::Text(text) => self.quoted(text),
                Bind::Texts(_) | Bind::Ints(_) | Bind::Vector(_) => {}
            }
        }
    }

    pub(super) fn names(&self, column: &str) -> bool {
        self.names.contains(column)
    }

    fn number(&mut self, number: f64) {
        if let Err(at) = self.numbers.binary_search_by(|other| other.total_cmp(&number))
            && number.is_finite()
        {
            self.numbers.insert(at, number);
        }
    }

    /// A moment, or an amount as in `interval '30 seconds'`.
    fn quoted(&mut self, text: &str) {
        let text = text.trim();
        if is_moment(text) {
            if !self.moments.iter().any(|other| other == text) {
                self.moments.push(text.to_owned());
            }
            return;
        }
        let mut words = text.split_whitespace();
        let Some(amount) = words.next().and_then(|word| word.parse::<f64>().ok()) else { return };
        let unit = match words.next().unwrap_or_default().trim_end_matches('s') {
            "" | "sec" | "second" => 1.0,
            "min" | "minute" => 60.0,
            "hour" => 3600.0,
            _ => return,
        };
        self.number(amount * unit);
    }
}

/// Of the statements, so that others are changed at random in another way.
pub(super) fn seed(texts: &[&str]) -> String {
    fingerprint(texts)
}

/// Only what PostgreSQL reads without fail, because it is given to it.
fn is_moment(text: &str) -> bool {
    let (day, time) = text.split_once([' ', 'T']).map_or((None, text), |(day, time)| (Some(day), time));
    if let Some(day) = day
        && day.parse::<jiff::civil::Date>().is_err()
    {
        return false;
    }
    let (time, offset) = time.find(['+', '-', 'Z']).map_or((time, ""), |at| time.split_at(at));
    let offset = offset.trim_start_matches(['+', '-']);
    let offset_fits =
        matches!(offset, "" | "Z") || (day.is_some() && offset.split(':').all(|part| two_digits(part, 14)));
    let parts: Vec<&str> = time.split(':').collect();
    let limits = [23, 59, 59];
    offset_fits && (2..=3).contains(&parts.len()) && parts.iter().zip(limits).all(|(part, most)| two_digits(part, most))
}

fn two_digits(part: &str, most: u8) -> bool {
    part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()) && part.parse::<u8>().is_ok_and(|n| n <= most)
}

enum Piece<'a> {
    Word(&'a str),
    Number(f64),
    Quoted(&'a str),
}

struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let first = self.0.chars().next()?;
            match first {
                '\'' => {
                    let inside = &self.0[1..];
                    let end = inside.find('\'').unwrap_or(inside.len());
                    self.0 = inside.get(end + 1..).unwrap_or_default();
                    return Some(Piece::Quoted(&inside[..end]));
                }
                // A parameter is no number.
                '$' => {
                    self.take(|c| c == '$' || c.is_ascii_digit());
                }
                c if c.is_alphabetic() || c == '_' => {
                    return Some(Piece::Word(self.take(|c| c.is_alphanumeric() || c == '_')));
                }
                c if c.is_ascii_digit() => {
                    if let Ok(number) = self.take(|c| c.is_ascii_digit() || c == '.').parse() {
                        return Some(Piece::Number(number));
                    }
                }
                c => self.0 = &self.0[c.len_utf8()..],
            }
        }
    }
}

impl<'a> Pieces<'a> {
    fn take(&mut self, part: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|c| !part(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_moments_and_names_are_found() {
        let gold = "SELECT id FROM db_event e1 WHERE timestamp >= 600.5 AND \"age\" < 20 AND location ILIKE '%3번%' \
                    AND (recorded_at + interval '2 minutes')::time >= '14:00' AND x > '2026-03-02 14:05:00+09:00'";
        let binds = [Bind::Int(7), Bind::Text("09:30:00".to_owned()), Bind::Text("25:00".to_owned()), Bind::Float(0.9)];
        let found = Mentioned::in_statements(gold, "SELECT $1, $2", &binds);
        assert_eq!(found.numbers, [0.9, 7.0, 20.0, 120.0, 600.5]);
        assert_eq!(found.moments, ["14:00", "2026-03-02 14:05:00+09:00", "09:30:00"]);
        assert!(found.names("age") && found.names("location") && !found.names("gender"));
    }

    #[test]
    fn broken_text_gives_what_can_be_had() {
        for (text, numbers) in [("'", 0), ("1.2.3", 0), ("$", 0), ("세 1 '12", 2), ("9e", 1), ("''''5", 1)] {
            assert_eq!(Mentioned::in_statements(text, "", &[]).numbers.len(), numbers, "{text}");
        }
    }
}
