//! What a language calls things: kinds, keys, moments, and the conditions of a filter.

mod en;
mod ja;
mod ko;
mod zh;

pub(super) use en::English;
pub(super) use ja::Japanese;
pub(super) use ko::Korean;
pub(super) use zh::Chinese;

use super::describe::{Kinds, Leaf, What};
use super::time;
use crate::question::reading::{Area, Column, EventType, Gender, Key, Order, Relation};

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

/// The words of one language. What rows or askers wrote comes cleaned; numbers come as text.
pub(super) trait Words: Sync {
    // Names.
    fn event_type(&self, kind: EventType) -> &'static str;
    fn gender(&self, gender: Gender) -> &'static str;
    fn area(&self, area: Area) -> &'static str;
    fn area_of_frame(&self, area: Area) -> String;
    /// The name of a key: "type", "10-minute slice".
    fn key(&self, key: Key) -> String;
    /// A value that is not known.
    fn unknown(&self) -> &'static str;
    fn decade(&self, start: i64) -> String;
    fn hour(&self, hour: i64) -> String;
    fn person(&self, number: i64) -> String;
    fn who(&self, gender: Option<Gender>, age: Option<&str>) -> Option<String>;
    fn slice(&self, from: &str, to: &str) -> String;

    // Small pieces.
    fn quote(&self, text: &str) -> String;
    /// A quotation that was cut short.
    fn shortened(&self, quoted: &str) -> String;
    /// A moment of the video, to the fraction of a second that is given.
    fn moment(&self, seconds: f64) -> String;
    fn with_clock(&self, moment: &str, clock: &str) -> String;
    fn amount(&self, number: &str, of: Of) -> String;
    /// A length in its largest whole unit.
    fn span(&self, seconds: f64) -> String {
        let (number, of) = time::span(seconds);
        self.amount(&number, of)
    }
    /// An amount, and the same in minutes and seconds.
    fn shown_as(&self, amount: &str, clock: &str) -> String;
    fn list(&self, items: &[String]) -> String;
    fn colon(&self) -> &'static str;
    fn comma(&self) -> &'static str;
    fn stop(&self) -> &'static str;
    /// Between two sentences.
    fn gap(&self) -> &'static str;

    // The filter.
    fn leaf(&self, leaf: &Leaf<'_>) -> String;
    fn not(&self, words: &str) -> String;
    fn known(&self, column: Column) -> String;
    fn any(&self, words: &[String]) -> String;
    fn relation(&self, relation: &Relation, anchor: &What) -> String;
    /// `rest`: the question has conditions that are not put in words.
    fn phrase(&self, kinds: &Kinds, mods: &[String], rest: bool) -> What;

    // Events, as part of a sentence.
    fn one(&self, what: &What) -> String;
    fn several(&self, count: usize, what: &What) -> String;
    /// The longest, the third, the third from the end.
    fn ranked(&self, order: Order, place: u32, what: &What) -> String;
    fn top(&self, order: Order, count: usize, what: &What) -> String;
}
