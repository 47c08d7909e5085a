//! Filters on columns: type, age, gender, area, place, confidence, the event's own length, unknown values.

mod ages;
mod areas;
mod compare;
mod confidence;
mod homonyms;
pub(super) mod lengths;
mod places;
mod unknown;

use super::{ItemKind, Work};
use crate::question::concept::Concept;
use crate::question::reading::{Cond, EventType, Gender};
use ages::ages;
use confidence::percentages;
use homonyms::homonyms;
use places::places;
use unknown::unknowns;

pub(super) fn read(work: &mut Work<'_>) {
    homonyms(work);
    percentages(work);
    ages(work);
    unknowns(work);
    places(work);
    simple(work);
}

/// "girls", "kids", 아이: words whose age is not defined go with an age that is said.
fn young(work: &mut Work<'_>) {
    let aged = (0..work.len()).any(|i| work.is_kind(i, ItemKind::Age));
    for i in 0..work.len() {
        match work.concept(i) {
            Some(Concept::AgeChild) if aged => work.consume(i),
            Some(Concept::AgeGirl) if aged => work.put(i, i..i + 1, ItemKind::Gender, Cond::Gender(Gender::Female)),
            Some(Concept::AgeBoy) if aged => work.put(i, i..i + 1, ItemKind::Gender, Cond::Gender(Gender::Male)),
            _ => {}
        }
    }
}

/// One word, one condition.
fn simple(work: &mut Work<'_>) {
    young(work);
    for i in 0..work.len() {
        let (kind, cond) = match work.concept(i) {
            Some(Concept::Type(event_type)) => (ItemKind::Type, Cond::Type(vec![event_type])),
            Some(Concept::Agent(event_type)) => (ItemKind::Type, Cond::Type(vec![event_type])),
            Some(Concept::Abnormal) => (ItemKind::Type, Cond::Type(EventType::ABNORMAL.to_vec())),
            Some(Concept::Normal) => (ItemKind::Type, Cond::Type(EventType::NORMAL.to_vec())),
            Some(Concept::EnterExit) => {
                (ItemKind::Type, Cond::Type(vec![EventType::PersonEnter, EventType::PersonExit]))
            }
            Some(Concept::Gender(gender)) => (ItemKind::Gender, Cond::Gender(gender)),
            _ => continue,
        };
        work.put(i, i..i + 1, kind, cond);
    }
}
