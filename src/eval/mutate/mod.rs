//! Changed copies of the data, on which two statements that agree by luck differ.
//!
//! A [`Mutant`] is a list of [`Change`]s for `Store::changed`. Most add rows and take none away: every event of the
//! video stands once more, with a new id and one thing changed (it happens exactly at a moment that a statement names,
//! its age is unknown, …), so that whatever else a statement asks for is still there to be found. What the tables allow
//! is kept: times within the video, shares from 0 to 1, ids that occur once. `db_video` keeps its rows, because a
//! prediction may hold what was read from them.
//!
//! All of it is a function of its arguments: the same call gives the same mutants.

mod changes;
mod mentioned;

use crate::{
    sql::Bind,
    store::{Change, Store, StoreError},
    store::{Limits, Snapshot},
};
use changes::{Column, Near};
use mentioned::Mentioned;

/// One changed copy: what it is called in reports, and how it is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Mutant {
    /// As in `boundary+1`, `null ages`; unique within one list.
    pub name: String,
    pub changes: Vec<Change>,
}

/// Numbers that share one copy. More would leave too few events for each.
const TOGETHER: usize = 16;

/// The `n` mutants that are likeliest to tell `gold` from `predicted`, likeliest first: at the numbers that stand in
/// either, and first in the columns that either names. After all kinds come any number of random ones.
pub fn mutants(video_id: i64, gold: &str, predicted: (&str, &[Bind]), n: usize) -> Vec<Mutant> {
    let mentioned = Mentioned::in_statements(gold, predicted.0, predicted.1);
    listed(video_id, &mentioned, &mentioned::seed(&[gold, predicted.0]), n)
}

/// As [`mutants`], for all cases of a video at once: a copy is made once and every pair of statements is run on it.
/// `statements` are theirs. A kind that needs more numbers than one copy can hold comes in parts, `boundary (2)` …,
/// which count as one of the `n`.
pub fn shared(video_id: i64, statements: &[(&str, &[Bind])], n: usize) -> Vec<Mutant> {
    let mut mentioned = Mentioned::default();
    for (text, binds) in statements {
        mentioned.add(text, binds);
    }
    listed(video_id, &mentioned, &video_id.to_string(), n)
}

impl Mutant {
    /// The copy, open for statements.
    ///
    /// # Errors
    /// As `Store::changed`.
    pub async fn open(&self, store: &Store, limits: Limits) -> Result<Snapshot, StoreError> {
        store.changed(&self.changes, limits).await
    }
}

/// The same rows, stored in another order: what depends on that order is no answer. `seed` chooses the order.
pub fn reordered(seed: &str) -> Change {
    changes::reordered(seed)
}

fn listed(video: i64, mentioned: &Mentioned, seed: &str, n: usize) -> Vec<Mutant> {
    let mut kinds = kinds(video, mentioned, seed);
    // Stable: within each half the order stands.
    kinds.sort_by_key(|kind| kind.last);
    let random = (1..).map(|k| Kind::one(format!("random {k}"), changes::random(video, &format!("{seed}/{k}"))));
    kinds.into_iter().chain(random).take(n).flat_map(|kind| kind.parts).collect()
}

/// One of the `n`.
struct Kind {
    parts: Vec<Mutant>,
    /// After all others: no statement names its column.
    last: bool,
}

impl Kind {
    fn one(name: impl Into<String>, changes: Vec<Change>) -> Self {
        Self { parts: vec![Mutant { name: name.into(), changes }], last: false }
    }

    fn if_mentioned(self, mentioned: bool) -> Self {
        Self { last: !mentioned, ..self }
    }
}

fn kinds(video: i64, mentioned: &Mentioned, seed: &str) -> Vec<Kind> {
    let mut kinds = Vec::new();
    let at = |near: Near, offset: f64| boundary(video, mentioned, near, offset);
    kinds.extend(at(Near::TIME, 0.0));
    for (column, name) in [
        (Column::Age, "null ages"),
        (Column::Gender, "null genders"),
        (Column::Location, "null places"),
        (Column::Area, "null sides"),
        (Column::Person, "null people"),
    ] {
        kinds.push(Kind::one(name, changes::unknown(video, column)).if_mentioned(mentioned.names(column.name())));
    }
    let of_columns = [Near::AGE, Near::CONFIDENCE, Near::DURATION];
    for near in of_columns {
        kinds.extend(at(near, 0.0).map(|kind| kind.if_mentioned(mentioned.names(near.column))));
    }
    for offset in [1.0, -1.0, 0.5] {
        kinds.extend(at(Near::TIME, offset));
    }
    kinds.push(Kind::one("ties", changes::ties(video, false)));
    kinds.push(Kind::one("ties, stored backwards", changes::ties(video, true)));
    kinds.push(Kind::one("duplicated events", changes::duplicated(video)));
    kinds.push(Kind::one("another video", changes::another_video(video)));
    kinds.push(Kind::one("deleted events", changes::deleted(video, seed)));
    kinds.push(Kind::one("every type", changes::every_type(video, seed)));
    kinds.extend(gap(video, mentioned));
    let person = mentioned.names("gender") || mentioned.names("area");
    kinds.push(Kind::one("every gender and side", changes::every_gender(video, seed)).if_mentioned(person));
    kinds.push(Kind::one("empty video", changes::empty(video)));
    for near in of_columns {
        for sign in [1.0, -1.0] {
            kinds.extend(at(near, sign * near.step).map(|kind| kind.if_mentioned(mentioned.names(near.column))));
        }
    }
    kinds
}

/// Events exactly at each number (plus `offset`) that the column can hold.
fn boundary(video: i64, mentioned: &Mentioned, near: Near, offset: f64) -> Option<Kind> {
    let of_time = near == Near::TIME;
    let numbers: Vec<f64> = mentioned.numbers.iter().copied().filter(|number| near.holds(*number)).collect();
    let moments: &[String] = if of_time { &mentioned.moments } else { &[] };
    if numbers.is_empty() && moments.is_empty() {
        return None;
    }
    let mut lists: Vec<(&[f64], &[String])> = numbers.chunks(TOGETHER).map(|some| (some, &[][..])).collect();
    lists.extend(moments.chunks(TOGETHER).map(|some| (&[][..], some)));
    let from_end = of_time && mentioned.names("duration");
    // Numbers and moments of one pair of statements fit into one copy.
    if numbers.len() + moments.len() <= TOGETHER {
        lists = vec![(&numbers, moments)];
    }
    let sign = if offset > 0.0 { "+" } else { "" };
    let by = if offset == 0.0 { String::new() } else { format!("{sign}{offset}") };
    let name = if of_time { format!("boundary{by}") } else { format!("{} boundary{by}", near.column) };
    Some(in_parts(
        &name,
        lists.into_iter().map(|(numbers, moments)| {
            if of_time {
                changes::moments(video, numbers, moments, offset, from_end)
            } else {
                changes::beside(video, near, numbers, offset)
            }
        }),
    ))
}

/// Pairs of events that are exactly a number of seconds apart.
fn gap(video: i64, mentioned: &Mentioned) -> Option<Kind> {
    let seconds: Vec<f64> = mentioned.numbers.iter().copied().filter(|number| *number > 0.0).collect();
    let parts = seconds.chunks(TOGETHER).map(|seconds| changes::gaps(video, seconds));
    (!seconds.is_empty()).then(|| in_parts("gaps", parts))
}

fn in_parts(name: &str, parts: impl Iterator<Item = Vec<Change>>) -> Kind {
    let named = |(at, changes): (usize, Vec<Change>)| {
        let name = if at == 0 { name.to_owned() } else { format!("{name} ({})", at + 1) };
        Mutant { name, changes }
    };
    Kind { parts: parts.enumerate().map(named).collect(), last: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOLD: &str = "SELECT id FROM db_event WHERE video_id = 3 AND event_type = 'theft' AND timestamp >= 600";

    fn names(n: usize, gold: &str) -> Vec<String> {
        let predicted = (
            "SELECT e.id FROM db_event e WHERE e.video_id = $1 AND e.age >= $2",
            &[Bind::Int(3), Bind::Float(20.0)][..],
        );
        mutants(3, gold, predicted, n).into_iter().map(|mutant| mutant.name).collect()
    }

    #[test]
    fn what_the_statements_name_comes_first_and_names_are_unique() {
        assert_eq!(names(4, GOLD), ["boundary", "null ages", "age boundary", "boundary+1"]);
        let mut all = names(40, GOLD);
        assert_eq!(all.len(), 40);
        assert!(all.contains(&"random 3".to_owned()), "{all:?}");
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 40);
    }

    #[test]
    fn the_same_call_gives_the_same_mutants() {
        let predicted = ("SELECT 1", &[][..]);
        assert_eq!(mutants(1, GOLD, predicted, 40), mutants(1, GOLD, predicted, 40));
        assert_ne!(mutants(1, GOLD, predicted, 40), mutants(2, GOLD, predicted, 40));
        assert!(mutants(1, GOLD, predicted, 0).is_empty());
    }

    #[test]
    fn many_numbers_are_shared_out_in_parts() {
        let texts: Vec<String> = (0..40).map(|at| format!("SELECT id FROM db_event WHERE timestamp > {at}")).collect();
        let statements: Vec<(&str, &[Bind])> = texts.iter().map(|text| (text.as_str(), &[][..])).collect();
        let parts: Vec<String> = shared(1, &statements, 1).into_iter().map(|mutant| mutant.name).collect();
        assert_eq!(parts, ["boundary", "boundary (2)", "boundary (3)"]);
    }
}
