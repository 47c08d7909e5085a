//! What a language says. Sentences are whole, so that a language orders its words as it likes; none of them states
//! more than its arguments do.

mod en;
mod ja;
mod ko;
mod zh;

use super::describe::What;
use super::words::{Chinese, English, Japanese, Korean, Words};
use crate::question::Lang;
use crate::question::reading::{Aggregate, Counted, GroupValue, Key, Measure, Order, Signal, VideoFact};

/// The language's own words.
pub(super) fn of(lang: Lang) -> &'static dyn Tongue {
    match lang {
        Lang::Ko => &Korean,
        Lang::En => &English,
        Lang::Ja => &Japanese,
        Lang::Zh => &Chinese,
    }
}

/// The sentences of one language. What may come first in a reply starts in lower case, where a language has that.
pub(super) trait Tongue: Words {
    // Events.
    fn yes(&self) -> &'static str;
    fn no(&self) -> &'static str;
    fn none(&self, what: &What) -> String;
    /// Looked for and not found, which is less than there being none.
    fn not_found(&self, what: &What) -> String;
    fn none_ranked(&self, ranked: &str) -> String;
    /// `when` comes from [`Tongue::at`] or [`Tongue::between`].
    fn happened(&self, when: &str, things: &str, many: bool) -> String;
    fn detected(&self, things: &str, many: bool) -> String;
    fn ranked_at(&self, ranked: &str, moment: &str) -> String;
    fn at(&self, moments: &[String]) -> String;
    fn between(&self, first: &str, last: &str) -> String;
    /// Says what [`Words::top`] gives.
    fn these(&self, top: &str) -> String;
    fn fewer_than_asked(&self, asked: u32) -> String;
    fn spread(&self, first: &str, last: &str) -> String;
    /// Heads the first few of many events.
    fn first_few(&self, count: usize, sorted: Option<&str>) -> String;
    fn sorted(&self, order: Order) -> &'static str;
    fn more_events(&self, count: usize) -> String;
    fn more_groups(&self, count: usize) -> String;

    // Facts of one event.
    fn recorded(&self, quoted: &str) -> String;
    fn action(&self, quoted: &str) -> String;
    fn length(&self, amount: &str) -> String;
    fn confidence(&self, percent: &str) -> String;

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
    /// [`Tongue::none`] for groups by a key that leaves unknown values out.
    fn no_groups(&self, key: Key, what: &What) -> String;
    fn group(&self, key: &str, value: &str) -> String;

    // Not answered.
    fn declined(&self, signal: Signal) -> &'static str;
    /// `more`: how many further pieces are not quoted. `unclear`: known words, but more than one meaning.
    fn not_understood(&self, quoted: &[String], more: usize, unclear: bool) -> String;
    fn could_not_look(&self) -> &'static str;
    fn no_strategy(&self) -> &'static str;
    fn nothing_relevant(&self) -> &'static str;
    /// Heads what a search found, the likeliest first. It finds; it does not know.
    fn likely(&self, count: usize) -> String;
}
