//! A question about one video, and what reading it yields. Pure: no SQL, no IO, no clock (`now` is an input).

pub mod reading;

use jiff::{Timestamp, Zoned, tz::TimeZone};

/// The language a question was asked in, and the one its answer is said in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    Ko,
    En,
    Ja,
    Zh,
}

/// What is known of the video that is asked about.
#[derive(Debug, Clone)]
pub struct Video {
    pub id: i64,
    pub name: String,
    pub filename: Option<String>,
    /// Seconds; `None` where unknown.
    pub duration: Option<f64>,
    /// Wall clock of second 0; `None` where unknown.
    pub recorded_at: Option<Timestamp>,
    /// The zone wall-clock questions are read in.
    pub timezone: TimeZone,
    /// The distinct places its events name, as they are written there.
    pub places: Vec<String>,
}

/// One question: what was said, in which language, of which video, and when.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    pub text: &'a str,
    pub lang: Lang,
    pub video: &'a Video,
    pub now: Zoned,
}

// STAND-IN below, replaced by the reader.
pub mod lexicon;
pub fn detect(text: &str) -> Lang { if text.is_ascii() { Lang::En } else { Lang::Ko } }
pub fn read(_q: &Question<'_>, _l: &lexicon::Lexicon) -> reading::Reading {
    use reading::*;
    Reading { wants: Wants::Events { order: Order::TIME, pick: Pick::All }, filter: Cond::all(), relation: None, polar: false, asks_when: false, signals: vec![], unread: vec![] }
}
pub fn decline(_q: &Question<'_>, r: &reading::Reading) -> Option<reading::Signal> { r.signals.first().copied() }
