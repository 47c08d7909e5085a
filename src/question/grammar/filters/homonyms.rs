//! Words that mean a filter here and something else there: "left" the verb, 가운데 "among", the exit as a place.

use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::{N, Work};
use crate::question::reading::{Area, EventType};

/// "left" the verb, 가운데 "among", the exit as a place.
pub(super) fn homonyms(work: &mut Work<'_>) {
    for i in 0..work.len() {
        // "exits after minute 10": people leaving; a place has "at" or "the … of" with it.
        if work.text(i) == "exits" && matches!(work.what(i), Some(N::Place)) {
            work.nodes[i].what = N::Concept(Concept::Type(EventType::PersonExit));
        }
        match work.concept(i) {
            Some(Concept::PlaceNear)
                if matches!(work.text(i), "里" | "裡" | "中" | "里面")
                    && i > 0
                    && (work.names_type(i - 1)
                        || matches!(work.concept(i - 1), Some(Concept::Event | Concept::Person))) =>
            {
                work.nodes[i].what = N::Concept(Concept::LogicAmong);
            }
            // 가운데에서: the middle, unless a noun before makes it "among".
            Some(Concept::LogicAmong)
                if work.text(i).starts_with("가운데")
                    && !(i > 0
                        && (work.names_type(i - 1)
                            || matches!(
                                work.concept(i - 1),
                                Some(Concept::Event | Concept::Person | Concept::Gender(_))
                            ))) =>
            {
                work.nodes[i].what = N::Concept(Concept::Area(Area::Center));
            }
            Some(Concept::Area(_)) if work.text(i) == "left" => {
                let before = i.checked_sub(1).map_or("", |k| work.text(k));
                let side = matches!(
                    before,
                    "the"
                        | "on"
                        | "to"
                        | "at"
                        | "far"
                        | "your"
                        | "top"
                        | "bottom"
                        | "upper"
                        | "lower"
                        | "or"
                        | "and"
                        | ","
                ) || matches!(
                    work.text(i + 1),
                    "side" | "of" | "hand" | "-" | "half" | "part" | "edge" | "corner" | "or" | ","
                ) || work.is(i + 1, Concept::ColumnArea)
                    || work.is(i + 1, Concept::AreaFrame);
                let actor = i
                    .checked_sub(1)
                    .and_then(|k| (0..=k).rev().find(|k| !matches!(work.concept(*k), Some(Concept::Filler))));
                let actor = actor.is_some_and(|k| {
                    matches!(
                        work.concept(k),
                        Some(
                            Concept::Person
                                | Concept::Gender(_)
                                | Concept::Agent(_)
                                | Concept::AgeMinor
                                | Concept::AgeAdult
                                | Concept::AgeElderly
                                | Concept::AgeTeen
                                | Concept::AskWho
                                | Concept::AskHowMany
                                | Concept::LogicAnd
                                | Concept::RelLater
                        )
                    ) || matches!(work.what(k), Some(N::Item(_) | N::Amount { .. }))
                        || matches!(work.text(k), "who" | "they" | "he" | "she" | "has" | "have" | "had" | "that")
                });
                let next = work.text(i + 1);
                if actor && matches!(next, "in" | "inside" | "behind" | "here" | "over") {
                    // "anyone left inside": who stayed.
                    work.unclear(i);
                } else if actor
                    && !matches!(before, "the" | "on" | "to" | "at" | "far")
                    && !matches!(next, "side" | "hand" | "-" | "half" | "edge" | "corner")
                    && !work.is(i + 1, Concept::ColumnArea)
                {
                    work.nodes[i].what = N::Concept(Concept::Type(EventType::PersonExit));
                } else if !side {
                    work.unclear(i);
                }
            }
            // "at the stand": a thing.
            Some(Concept::Type(EventType::Standing))
                if work.text(i) == "stand" && i > 0 && matches!(work.text(i - 1), "the" | "a") =>
            {
                work.unclear(i)
            }
            Some(Concept::Area(_)) if matches!(work.text(i), "가운데" | "중") && i > 0 => {
                let noun = work.names_type(i - 1)
                    || matches!(work.concept(i - 1), Some(Concept::Event | Concept::Person | Concept::Gender(_)));
                if noun
                    && work.josa(i + 1).is_none_or(|j| j != Josa::At || work.text(i + 1) == "에서")
                    && !work.is(i.wrapping_sub(2), Concept::AreaFrame)
                {
                    work.nodes[i].what = N::Concept(Concept::LogicAmong);
                }
            }
            // "the share that falls on the left"
            Some(Concept::Type(EventType::Collapse))
                if matches!(work.text(i), "falls" | "fall")
                    && matches!(work.text(i + 1), "on" | "into" | "within" | "between" | "under" | "in")
                    && i > 0
                    && (matches!(work.text(i - 1), "that" | "which") || work.is(i - 1, Concept::Event)) =>
            {
                work.nodes[i].what = N::Neutral;
            }
            // "at the exit"
            Some(Concept::Type(EventType::PersonExit))
                if work.text(i) == "exit"
                    && i > 0
                    && matches!(work.text(i - 1), "the" | "an" | "fire" | "emergency") =>
            {
                work.nodes[i].what = N::Place;
            }
            _ => {}
        }
    }
}
