//! What a language must be able to say. Sentences are whole, so that a language orders its words as it likes; none
//! of them states more than its arguments do.

use super::describe::{Kinds, Leaf, What};
use super::{en, ja, ko, zh};
use crate::question::Lang;
use crate::question::reading::{
    Aggregate, Area, Column, Counted, EventType, Gender, GroupValue, Key, Measure, Order, Relation, Signal, VideoFact,
};

/// The language's own words.
pub(super) fn of(lang: Lang) -> &'static dyn Tongue {
    match lang {
        Lang::Ko => &ko::Korean,
        Lang::En => &en::English,
        Lang::Ja => &ja::Japanese,
        Lang::Zh => &zh::Chinese,
    }
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Events,
    People,
    Seconds,
    Minutes,
    Hours,
    Years,
}

/// One language. Arguments that hold what rows or askers wrote come cleaned and quoted; numbers come as text.
pub(super) trait Tongue: Sync {
    // Names.
    fn event_type(&self, kind: EventType) -> &'static str;
    fn gender(&self, gender: Gender) -> &'static str;
    fn area(&self, area: Area) -> &'static str;
    /// The name of a key: "type", "10-minute slice".
    fn key(&self, key: Key) -> String;
    /// A value that is not known.
    fn unknown(&self) -> &'static str;
    fn decade(&self, start: i64) -> String;
    fn hour(&self, hour: i64) -> String;
    fn person(&self, number: i64) -> String;
    fn slice(&self, from: &str, to: &str) -> String;

    // Small pieces.
    fn quote(&self, text: &str) -> String;
    /// A quotation that was cut short.
    fn shortened(&self, quoted: &str) -> String;
    /// A moment of the video, to the fraction of a second that is given.
    fn moment(&self, seconds: f64) -> String;
    fn with_clock(&self, moment: &str, clock: &str) -> String;
    fn amount(&self, number: &str, of: Of) -> String;
    fn list(&self, items: &[String]) -> String;
    /// An amount, and the same in minutes and seconds.
    fn shown_as(&self, amount: &str, clock: &str) -> String;

    // The filter.
    fn leaf(&self, leaf: &Leaf<'_>) -> String;
    fn not(&self, words: &str) -> String;
    fn known(&self, column: Column) -> String;
    fn any(&self, words: &[String]) -> String;
    fn relation(&self, relation: &Relation, anchor: &What) -> String;
    /// `rest`: the question has conditions that are not put in words.
    fn phrase(&self, kinds: &Kinds, mods: &[String], rest: bool) -> What;

    // Events, as the subject of a sentence.
    fn one(&self, what: &What) -> String;
    fn several(&self, count: usize, what: &What) -> String;
    /// The longest, the third, the third from the end.
    fn ranked(&self, order: Order, place: u32, what: &What) -> String;
    fn top(&self, order: Order, count: usize, what: &What) -> String;

    // Sentences about events. The first of a reply starts in lower case, where a language has that.
    fn yes(&self) -> &'static str;
    fn no(&self) -> &'static str;
    fn none(&self, what: &What) -> String;
    fn none_ranked(&self, ranked: &str) -> String;
    /// `when` comes from [`Tongue::at`] or [`Tongue::between`].
    fn happened(&self, when: &str, things: &str, many: bool) -> String;
    fn detected(&self, things: &str, many: bool) -> String;
    fn ranked_at(&self, ranked: &str, moment: &str) -> String;
    fn at(&self, moments: &[String]) -> String;
    fn between(&self, first: &str, last: &str) -> String;
    fn fewer_than_asked(&self, asked: u32) -> String;
    fn spread(&self, first: &str, last: &str) -> String;
    /// Heads the first few of many events.
    fn first_few(&self, count: usize, sorted: Option<&str>) -> String;
    fn sorted(&self, order: Order) -> &'static str;
    fn more_events(&self, count: usize) -> String;
    fn more_groups(&self, count: usize) -> String;

    // Facts of one event.
    fn who(&self, gender: Option<Gender>, age: Option<&str>) -> Option<String>;
    fn area_of_frame(&self, area: Area) -> String;
    fn recorded(&self, quoted: &str) -> String;
    fn action(&self, quoted: &str) -> String;
    fn length(&self, amount: &str) -> String;
    fn confidence(&self, percent: &str) -> String;
    fn comma(&self) -> &'static str;
    fn stop(&self) -> &'static str;
    /// Between two sentences.
    fn gap(&self) -> &'static str;

    // Values.
    fn count(&self, number: &str, counted: Counted, what: &What) -> String;
    fn nobody(&self, what: &What) -> String;
    fn at_least(&self, number: &str, least: u32, what: &What) -> String;
    fn measure(&self, aggregate: Aggregate, of: Measure, amount: &str, what: &What) -> String;
    fn no_measure(&self, of: Measure, what: &What) -> String;
    fn share(&self, percent: &str, what: &What, part: &What, counted: Counted) -> String;
    fn no_share(&self, what: &What) -> String;
    fn rate(&self, number: &str, per: f64, counted: Counted, what: &What) -> String;
    fn no_rate(&self) -> &'static str;
    fn extreme(&self, key: Key, value: &str, least: bool, counted: Counted, what: &What) -> String;
    fn no_extreme(&self, key: Key, what: &What) -> String;
    fn distinct(&self, key: Key, number: &str, what: &What) -> String;
    fn fact(&self, fact: VideoFact, value: &str) -> String;
    fn no_fact(&self, fact: VideoFact) -> String;
    fn value(&self, value: &str) -> String;
    fn no_value(&self) -> &'static str;
    /// A cell without a value, among others that have one.
    fn blank(&self) -> &'static str;
    /// Heads a list of groups; `top` is how many were asked for, and whether the least.
    fn groups(&self, key: Key, value: GroupValue, top: Option<(u32, bool)>, what: &What) -> String;
    fn any_groups(&self) -> &'static str;
    /// `Tongue::none` for groups by a key that leaves unknown values out.
    fn no_groups(&self, key: Key, what: &What) -> String;
    fn group(&self, key: &str, value: &str) -> String;

    // Not answered.
    fn declined(&self, signal: Signal) -> &'static str;
    /// `more`: how many further pieces are not quoted. `unclear`: known words, but more than one meaning.
    fn not_understood(&self, quoted: &[String], more: usize, unclear: bool) -> String;
    fn could_not_look(&self) -> &'static str;
    fn no_strategy(&self) -> &'static str;
}
