//! The filter of a question in a few words: worded rightly, or replaced by a neutral phrase.

use super::clean::{WORD, clean};
use super::sentences::Tongue;
use crate::question::reading::{Area, Bound, Bounds, Clock, Column, Cond, EventType, Gender, Relation};

/// A noun phrase for the events that are meant.
#[derive(Debug, Clone)]
pub(super) struct What {
    /// "theft event involving men", without article.
    pub one: String,
    /// "theft events involving men"
    pub many: String,
    /// Nothing is said of them but their kind.
    pub plain: bool,
}

/// The kinds of event a filter leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kinds {
    Every,
    Abnormal,
    Normal,
    Listed(Vec<EventType>),
}

/// One thing said of an event.
#[derive(Debug, Clone, Copy)]
pub(super) enum Leaf<'a> {
    Types(&'a [EventType]),
    Time(Bounds),
    Clock(Clock),
    /// At least one of the two.
    Who(Option<Gender>, Option<Bounds>),
    Confidence(Bounds),
    Duration(Bounds),
    Area(Area),
    /// Clean and quoted.
    Place(&'a str),
    Person(i64),
    Id(i64),
    Unknown(Column),
}

/// What events are meant where that cannot be restated.
pub(super) fn neutral(tongue: &dyn Tongue) -> What {
    tongue.phrase(&Kinds::Every, &[], true)
}

/// What events are meant.
pub(super) fn describe(tongue: &dyn Tongue, filter: &Cond, relation: Option<&Relation>) -> What {
    let mut said = Description { tongue, kinds: EventType::ALL.to_vec(), mods: Vec::new(), rest: false };
    let mut parts = Vec::new();
    flatten(filter, false, &mut parts);
    let who = parts.iter().find_map(gender_of).zip(parts.iter().find_map(age_of));
    for part in &parts {
        match (who, part) {
            // A gender and an age are said in one: "men in their 20s".
            (Some((gender, age)), Part::Is(Cond::Gender(g))) if *g == gender => {
                said.push(11, tongue.leaf(&Leaf::Who(Some(gender), Some(age))));
            }
            (Some((_, age)), Part::Is(Cond::Age(a))) if *a == age => {}
            _ => said.part(part),
        }
    }
    if let Some(relation) = relation {
        let anchor = describe(tongue, &relation.anchor, None);
        said.push(0, tongue.relation(relation, &anchor));
    }
    said.phrase()
}

fn gender_of(part: &Part<'_>) -> Option<Gender> {
    match part {
        Part::Is(Cond::Gender(gender)) => Some(*gender),
        _ => None,
    }
}

fn age_of(part: &Part<'_>) -> Option<Bounds> {
    match part {
        Part::Is(Cond::Age(age)) if bounded(*age) => Some(*age),
        _ => None,
    }
}

/// A member of the conjunction a filter is, negations pushed down as far as they go (which three values allow).
enum Part<'a> {
    Is(&'a Cond),
    Not(&'a Cond),
    Any(Vec<(&'a Cond, bool)>),
    /// An arrangement that is not put in words.
    Other,
}

fn flatten<'a>(cond: &'a Cond, negated: bool, parts: &mut Vec<Part<'a>>) {
    match (cond, negated) {
        (Cond::Not(inner), _) => flatten(inner, !negated, parts),
        (Cond::All(conds), false) | (Cond::Any(conds), true) if !conds.is_empty() => {
            conds.iter().for_each(|cond| flatten(cond, negated, parts));
        }
        (Cond::All(conds), false) if conds.is_empty() => {}
        (Cond::Any(conds), false) | (Cond::All(conds), true) if !conds.is_empty() => {
            let mut leaves = Vec::new();
            parts.push(if conds.iter().all(|cond| leaf_of(cond, negated, &mut leaves)) {
                Part::Any(leaves)
            } else {
                Part::Other
            });
        }
        // All of nothing denied, or any of nothing: satisfied by no event.
        (Cond::All(_) | Cond::Any(_), _) => parts.push(Part::Other),
        (leaf, false) => parts.push(Part::Is(leaf)),
        (leaf, true) => parts.push(Part::Not(leaf)),
    }
}

/// The alternatives of a disjunction; false where one of them is more than a leaf.
fn leaf_of<'a>(cond: &'a Cond, negated: bool, leaves: &mut Vec<(&'a Cond, bool)>) -> bool {
    match cond {
        Cond::Not(inner) => leaf_of(inner, !negated, leaves),
        Cond::Any(conds) if !negated && !conds.is_empty() => conds.iter().all(|cond| leaf_of(cond, negated, leaves)),
        Cond::All(conds) if conds.len() == 1 || (negated && !conds.is_empty()) => {
            conds.iter().all(|cond| leaf_of(cond, negated, leaves))
        }
        Cond::All(_) | Cond::Any(_) => false,
        leaf => {
            leaves.push((leaf, negated));
            true
        }
    }
}

struct Description<'a> {
    tongue: &'a dyn Tongue,
    kinds: Vec<EventType>,
    /// With their place in the phrase, farthest from the noun first in languages that put it last.
    mods: Vec<(u8, String)>,
    /// Something was not put in words.
    rest: bool,
}

impl Description<'_> {
    fn push(&mut self, rank: u8, words: String) {
        if !self.mods.iter().any(|(_, said)| *said == words) {
            self.mods.push((rank, words));
        }
    }

    fn part(&mut self, part: &Part<'_>) {
        match part {
            Part::Is(Cond::Type(types)) => self.kinds.retain(|kind| types.contains(kind)),
            Part::Not(Cond::Type(types)) => self.kinds.retain(|kind| !types.contains(kind)),
            Part::Is(cond) => self.one(cond, false),
            Part::Not(cond) => self.one(cond, true),
            Part::Any(leaves) => self.any(leaves),
            Part::Other => self.rest = true,
        }
    }

    fn one(&mut self, cond: &Cond, negated: bool) {
        match self.leaf(cond, negated) {
            Some((rank, words)) => self.push(rank, words),
            None => self.rest = true,
        }
    }

    fn any(&mut self, leaves: &[(&Cond, bool)]) {
        let types: Vec<EventType> = leaves
            .iter()
            .map_while(|(cond, negated)| match cond {
                Cond::Type(types) if !negated => Some(types),
                _ => None,
            })
            .flatten()
            .copied()
            .collect();
        if leaves.iter().all(|(cond, negated)| matches!(cond, Cond::Type(_)) && !negated) {
            self.kinds.retain(|kind| types.contains(kind));
            return;
        }
        let words: Option<Vec<(u8, String)>> = leaves.iter().map(|(cond, negated)| self.leaf(cond, *negated)).collect();
        match words {
            Some(words) => {
                let rank = words.iter().map(|(rank, _)| *rank).min().unwrap_or(0);
                let words: Vec<String> = words.into_iter().map(|(_, words)| words).collect();
                self.push(rank, self.tongue.any(&words));
            }
            None => self.rest = true,
        }
    }

    /// One condition in words, with its place; `None` where it says nothing that could be worded.
    fn leaf(&self, cond: &Cond, negated: bool) -> Option<(u8, String)> {
        let (cond, negated) = flip(cond, negated);
        let place;
        let (rank, leaf) = match &cond {
            Cond::Clock(clock) if !open(*clock) => (1, Leaf::Clock(*clock)),
            Cond::Time(bounds) if bounded(*bounds) => (2, Leaf::Time(*bounds)),
            Cond::Place(text) => {
                let text = clean(text, WORD).text;
                if text.is_empty() {
                    return None;
                }
                place = self.tongue.quote(&text);
                (3, Leaf::Place(&place))
            }
            Cond::Area(area) => (4, Leaf::Area(*area)),
            Cond::Confidence(bounds) if bounded(*bounds) => (5, Leaf::Confidence(*bounds)),
            Cond::Duration(bounds) if bounded(*bounds) => (6, Leaf::Duration(*bounds)),
            Cond::Unknown(column) => (7, Leaf::Unknown(*column)),
            Cond::Id(id) => (8, Leaf::Id(*id)),
            Cond::Type(types) if !types.is_empty() => (9, Leaf::Types(types)),
            Cond::Person(person) => (10, Leaf::Person(*person)),
            Cond::Gender(gender) => (11, Leaf::Who(Some(*gender), None)),
            Cond::Age(bounds) if bounded(*bounds) => (11, Leaf::Who(None, Some(*bounds))),
            _ => return None,
        };
        let words = match (leaf, negated) {
            (Leaf::Unknown(column), true) => self.tongue.known(column),
            (leaf, true) => self.tongue.not(&self.tongue.leaf(&leaf)),
            (leaf, false) => self.tongue.leaf(&leaf),
        };
        Some((rank, words))
    }

    /// Few kinds are listed, many are said by what they leave out.
    fn phrase(mut self) -> What {
        let same = |set: &[EventType]| set.len() == self.kinds.len() && set.iter().all(|t| self.kinds.contains(t));
        let kinds = if same(&EventType::ALL) {
            Kinds::Every
        } else if same(&EventType::ABNORMAL) {
            Kinds::Abnormal
        } else if same(&EventType::NORMAL) {
            Kinds::Normal
        } else if self.kinds.is_empty() {
            self.rest = true;
            Kinds::Every
        } else if self.kinds.len() <= EventType::ALL.len() / 2 {
            Kinds::Listed(self.kinds.clone())
        } else {
            let others: Vec<EventType> = EventType::ALL.into_iter().filter(|kind| !self.kinds.contains(kind)).collect();
            let words = self.tongue.not(&self.tongue.leaf(&Leaf::Types(&others)));
            self.push(9, words);
            Kinds::Every
        };
        self.mods.sort_by_key(|(rank, _)| *rank);
        let mods: Vec<String> = self.mods.into_iter().map(|(_, words)| words).collect();
        self.tongue.phrase(&kinds, &mods, self.rest)
    }
}

/// "Not from 3:00 on" is "before 3:00": a denied range with one end is the range on the other side of it.
fn flip(cond: &Cond, negated: bool) -> (Cond, bool) {
    let other_side = |bounds: &Bounds| match (bounds.low, bounds.high) {
        (Some(low), None) => Some(Bounds { low: None, high: Some(Bound { inclusive: !low.inclusive, ..low }) }),
        (None, Some(high)) => Some(Bounds { low: Some(Bound { inclusive: !high.inclusive, ..high }), high: None }),
        _ => None,
    };
    if !negated {
        return (cond.clone(), false);
    }
    let flipped = match cond {
        Cond::Time(bounds) => other_side(bounds).map(Cond::Time),
        Cond::Age(bounds) => other_side(bounds).map(Cond::Age),
        Cond::Confidence(bounds) => other_side(bounds).map(Cond::Confidence),
        Cond::Duration(bounds) => other_side(bounds).map(Cond::Duration),
        _ => None,
    };
    flipped.map_or_else(|| (cond.clone(), true), |cond| (cond, false))
}

fn bounded(bounds: Bounds) -> bool {
    bounds.low.is_some() || bounds.high.is_some()
}

fn open(clock: Clock) -> bool {
    matches!(clock, Clock::Between { from: None, to: None })
}

/// A range of numbers as languages word it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Range {
    /// `= a`
    Exactly(f64),
    /// `>= a`
    AtLeast(f64),
    /// `> a`
    Over(f64),
    /// `<= a`
    AtMost(f64),
    /// `< a`
    Under(f64),
    /// Both ends included.
    Between(f64, f64),
    /// Two ends, of which not both are included.
    Ends(Bound, Bound),
}

/// `None` where both ends are open.
pub(super) fn range(bounds: Bounds) -> Option<Range> {
    Some(match (bounds.low, bounds.high) {
        (None, None) => return None,
        (Some(low), None) if low.inclusive => Range::AtLeast(low.value),
        (Some(low), None) => Range::Over(low.value),
        (None, Some(high)) if high.inclusive => Range::AtMost(high.value),
        (None, Some(high)) => Range::Under(high.value),
        (Some(low), Some(high)) if low.inclusive && high.inclusive && low.value == high.value => {
            Range::Exactly(low.value)
        }
        (Some(low), Some(high)) if low.inclusive && high.inclusive => Range::Between(low.value, high.value),
        (Some(low), Some(high)) => Range::Ends(low, high),
    })
}

/// The start, where the range is `[start, start + width)` and the start a multiple of the width.
pub(super) fn slot(bounds: Bounds, width: f64) -> Option<f64> {
    match (bounds.low, bounds.high) {
        (Some(low), Some(high)) => {
            (low.inclusive && !high.inclusive && high.value - low.value == width && low.value % width == 0.0)
                .then_some(low.value)
        }
        _ => None,
    }
}
