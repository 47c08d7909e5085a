//! A question about one video, and what reading it yields. Pure: no SQL, no IO, no clock (`now` is an input).

mod concept;
mod function;
mod grammar;
mod hangul;
mod number;
mod places;
pub mod reading;
mod scope;
mod segment;
mod spoken;
mod text;
mod words;

pub use grammar::{read, tokens};
pub use places::Places;
pub use scope::decline;
pub use spoken::in_digits;
pub use text::{detect, normalise};
pub use words::{Lexicon, LexiconError};

use jiff::{SignedDuration, Timestamp, Zoned, tz::TimeZone};

/// The language a question was asked in, and the one its answer is said in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
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
    /// The distinct places its events name.
    pub places: Places,
}

impl Video {
    /// The wall clock this many seconds into it; `None` where it is unknown.
    pub fn local(&self, seconds: f64) -> Option<Zoned> {
        let passed = SignedDuration::try_from_secs_f64(seconds).ok()?;
        Some(self.recorded_at?.checked_add(passed).ok()?.to_zoned(self.timezone.clone()))
    }
}

/// One question: what was said, in which language, of which video, and when.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    pub text: &'a str,
    pub lang: Lang,
    pub video: &'a Video,
    pub now: Zoned,
}
