//! A token while the passes work on it: what it was taken for, and what has become of it.

use jiff::civil::Date;

use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::hangul::Tail;
use crate::question::number::Numeral;
use crate::question::reading::Cond;
use crate::question::segment::{Kind, Token};

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) what: N,
    pub(super) text: String,
    pub(super) tail: Tail,
    pub(super) spaced: bool,
    pub(super) used: bool,
    pub(super) zone: Zone,
}

impl From<Token> for Node {
    fn from(token: Token) -> Self {
        Self {
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
        }
    }
}

/// Which part of the question a token says something of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Zone {
    Main,
    Anchor,
    /// The part of a share: "by women" of "what percentage of thefts were by women".
    Part,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum N {
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
pub(super) enum Finest {
    Hour,
    Minute,
    Second,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ClockTime {
    pub(super) hour: u32,
    pub(super) minute: u32,
    /// Whether a minute was said.
    pub(super) exact: bool,
    pub(super) half: Option<Half>,
}

/// What was said of the half of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    Am,
    Pm,
    /// 밤: the evening, or past midnight.
    Night,
    /// 24-hour spelling or a word that leaves no choice.
    Fixed,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub(super) cond: Cond,
    pub(super) kind: ItemKind,
    pub(super) not: bool,
}

/// Conditions of one kind are alternatives, of different kinds they add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemKind {
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
