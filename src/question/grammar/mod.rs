//! The grammar: tokens to a reading. Each pass uses up the tokens it understands; whatever no pass used is unread.

mod amounts;
mod clock;
mod combine;
mod filters;
mod relation;
mod signals;
mod time;
mod wants;

use jiff::civil::Date;

use super::concept::Concept;
use super::function::Josa;
use super::hangul::Tail;
use super::number::Numeral;
use super::reading::{Cond, Reading, Relation, Signal, Unread, Wants, Why};
use super::segment::{self, Kind};
use super::words::Lexicon;
use super::{Lang, Question, text};

/// Reads a question. Never fails: what it cannot use stands in [`Reading::unread`]. Time and memory are linear in the
/// length of the prompt.
pub fn read(question: &Question<'_>, lexicon: &Lexicon) -> Reading {
    let normal = text::normalise(question.text);
    let tokens = segment::segment(&normal, question, lexicon);
    let mut work = Work::new(question, tokens);
    amounts::read(&mut work);
    signals::read(&mut work);
    clock::read(&mut work);
    relation::read(&mut work);
    filters::lengths(&mut work);
    time::read(&mut work);
    filters::read(&mut work);
    let wants = wants::read(&mut work);
    combine::finish(work, wants)
}

/// How the prompt was cut: each token as it stands there, and what it was taken for. For `--explain`.
pub fn tokens(question: &Question<'_>, lexicon: &Lexicon) -> Vec<(String, String)> {
    let normal = text::normalise(question.text);
    let tokens = segment::segment(&normal, question, lexicon);
    tokens.into_iter().map(|token| (token.text, format!("{:?}", token.kind))).collect()
}

/// The tokens of one question while the passes work on them.
struct Work<'a> {
    question: &'a Question<'a>,
    nodes: Vec<Node>,
    relation: Option<Found>,
    signals: Vec<Signal>,
    unclear: Vec<String>,
    polar: bool,
    asks_when: bool,
}

/// A relation whose anchor is still a zone of the tokens.
struct Found {
    relation: Relation,
    /// The anchor's types may be the whole of the anchor.
    anchor: std::ops::Range<usize>,
}

#[derive(Debug, Clone)]
struct Node {
    what: N,
    text: String,
    tail: Tail,
    spaced: bool,
    used: bool,
    zone: Zone,
}

/// Which part of the question a token says something of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    Main,
    Anchor,
    /// The part of a share: "by women" of "what percentage of thefts were by women".
    Part,
}

#[derive(Debug, Clone, PartialEq)]
enum N {
    Concept(Concept),
    Josa(Josa),
    Aux,
    Light,
    Neutral,
    KnownPlace {
        name: String,
        head: bool,
    },
    Place,
    Punct(char),
    Unknown,
    Number {
        value: f64,
        numeral: Numeral,
    },
    /// A number with its unit; times are [`N::Moment`].
    Amount {
        value: f64,
        upto: Option<f64>,
        unit: Concept,
    },
    /// Seconds, as a point of the video or a length.
    Moment {
        seconds: f64,
        finest: Finest,
        colon: bool,
        clock: Option<(u32, u32)>,
    },
    Clock(ClockTime),
    Date(Date),
    /// A condition ready to be combined.
    Item(Item),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Finest {
    Hour,
    Minute,
    Second,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ClockTime {
    hour: u32,
    minute: u32,
    /// Whether a minute was said.
    exact: bool,
    half: Option<Half>,
}

/// What was said of the half of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
    /// 밤: the evening, or past midnight.
    Night,
    /// 24-hour spelling or a word that leaves no choice.
    Fixed,
}

#[derive(Debug, Clone, PartialEq)]
struct Item {
    cond: Cond,
    kind: ItemKind,
    not: bool,
}

/// Conditions of one kind are alternatives, of different kinds they add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ItemKind {
    Type,
    Time,
    Clock,
    Age,
    Gender,
    Area,
    Place,
    Confidence,
    Duration,
    Person,
    Unknown,
}

impl<'a> Work<'a> {
    fn new(question: &'a Question<'a>, tokens: Vec<segment::Token>) -> Self {
        let nodes = tokens
            .into_iter()
            .map(|token| Node {
                what: match token.kind {
                    Kind::Concept(concept) => N::Concept(concept),
                    Kind::Josa(josa) => N::Josa(josa),
                    Kind::Aux => N::Aux,
                    Kind::Light => N::Light,
                    Kind::Neutral => N::Neutral,
                    Kind::Number { value, numeral } => N::Number { value, numeral },
                    Kind::KnownPlace { name, head } => N::KnownPlace { name, head },
                    Kind::Place => N::Place,
                    Kind::Punct(c) => N::Punct(c),
                    Kind::Unknown => N::Unknown,
                },
                text: token.text,
                tail: token.tail,
                spaced: token.spaced,
                used: false,
                zone: Zone::Main,
            })
            .collect();
        Self {
            question,
            nodes,
            relation: None,
            signals: Vec::new(),
            unclear: Vec::new(),
            polar: false,
            asks_when: false,
        }
    }

    fn english(&self) -> bool {
        self.question.lang == Lang::En
    }

    fn len(&self) -> usize {
        self.nodes.len()
    }

    fn what(&self, i: usize) -> Option<&N> {
        self.nodes.get(i).map(|n| &n.what)
    }

    /// The concept at `i`, unless it was used already.
    fn concept(&self, i: usize) -> Option<Concept> {
        match self.nodes.get(i) {
            Some(Node { what: N::Concept(concept), used: false, .. }) => Some(*concept),
            _ => None,
        }
    }

    fn is(&self, i: usize, concept: Concept) -> bool {
        self.concept(i) == Some(concept)
    }

    fn josa(&self, i: usize) -> Option<Josa> {
        match self.what(i) {
            Some(N::Josa(josa)) => Some(*josa),
            _ => None,
        }
    }

    fn punct(&self, i: usize, chars: &str) -> bool {
        matches!(self.what(i), Some(N::Punct(c)) if chars.contains(*c))
    }

    fn text(&self, i: usize) -> &str {
        self.nodes.get(i).map_or("", |n| n.text.as_str())
    }

    fn consume(&mut self, i: usize) {
        if let Some(node) = self.nodes.get_mut(i) {
            node.used = true;
        }
    }

    fn consume_all(&mut self, range: std::ops::Range<usize>) {
        for i in range {
            self.consume(i);
        }
    }

    /// Puts a condition in place of the token at `i`; the others of `range` are used up.
    fn put(&mut self, i: usize, range: std::ops::Range<usize>, kind: ItemKind, cond: Cond) {
        let text: Vec<String> = range.clone().map(|k| self.text(k).to_owned()).collect();
        self.consume_all(range);
        if let Some(node) = self.nodes.get_mut(i) {
            node.what = N::Item(Item { cond, kind, not: false });
            node.text = text.join(" ");
        }
    }

    /// Filters nothing and joins nothing: particles of role, articles, auxiliaries.
    fn is_thin(&self, i: usize) -> bool {
        match self.what(i) {
            Some(N::Neutral | N::Aux | N::Light | N::Josa(Josa::Role | Josa::Is)) => true,
            Some(N::Concept(Concept::Filler)) => true,
            _ => false,
        }
    }

    /// The next token from `i` on (including it) that is not thin.
    fn seek(&self, mut i: usize) -> usize {
        while i < self.len() && self.is_thin(i) {
            i += 1;
        }
        i
    }

    /// Types named by the token at `i`.
    fn names_type(&self, i: usize) -> bool {
        matches!(
            self.what(i),
            Some(N::Concept(
                Concept::Type(_) | Concept::Agent(_) | Concept::Abnormal | Concept::Normal | Concept::EnterExit
            ))
        ) || matches!(self.what(i), Some(N::Item(item)) if item.kind == ItemKind::Type)
    }

    fn unclear(&mut self, i: usize) {
        let text = self.text(i).to_owned();
        self.unclear.push(text);
        self.consume(i);
    }

    fn signal(&mut self, signal: Signal) {
        if !self.signals.contains(&signal) {
            self.signals.push(signal);
        }
    }
}

/// What the passes made of the question, before the filters are put together.
struct Wanted {
    wants: Wants,
    /// A share's whole and part are zones of the tokens.
    share: bool,
}

fn unread(text: &str, why: Why) -> Unread {
    Unread { text: text.to_owned(), why }
}
