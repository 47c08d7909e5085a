//! Says an outcome from patterns, one table of them a language: no model, nothing but what the rows hold.
//!
//! `describe` restates the question's filter, `events` and `values` choose what is said of an answer, and a
//! `sentences::Tongue` words it. What rows and askers wrote is data: cleaned, capped and quoted, never interpreted.

mod clean;
mod describe;
mod events;
mod number;
mod particle;
mod sentences;
mod time;
mod values;
mod words;

use jiff::tz::TimeZone;

use crate::answer::Answer;
use crate::question::reading::{Cond, Reading, Signal, Unread, Why};
use crate::question::{Lang, Video};
use crate::reply::Statement;
use describe::What;
use sentences::Tongue;

/// What came of a question.
#[derive(Debug, Clone, Copy)]
pub enum Said<'a> {
    /// The data was looked at: this is what it holds, which may be nothing.
    Answer(&'a Answer),
    /// Not answered, for a reason seen in the question.
    Declined(Signal),
    /// Not answered, because these words could not be used.
    NotUnderstood(&'a [Unread]),
    /// Searched, and what was found is too far from the question.
    NothingRelevant,
    /// The data could not be looked at. Never to be mistaken for "there is nothing".
    CouldNotLook,
    /// No strategy that is switched on takes such a question.
    NoStrategy,
}

/// How many of the words that were not understood are quoted.
const QUOTED: usize = 3;

/// The outcome in words, a few lines at most, ready to show.
///
/// Where `reading.unread` is not empty the answer came from something other than the reading alone, so the filter is
/// not restated, and no yes or no is claimed.
pub fn say(lang: Lang, reading: &Reading, video: &Video, outcome: Said<'_>) -> String {
    joined(&state(lang, reading, video, outcome))
}

/// The same by its lines, each with the ids of the events it tells of: of all those shown, where it is of no one.
pub fn state(lang: Lang, reading: &Reading, video: &Video, outcome: Said<'_>) -> Vec<Statement> {
    let tongue = sentences::of(lang);
    let text = match outcome {
        Said::Answer(answer) => return Saying::new(tongue, reading, video).answer(answer),
        Said::Declined(signal) => tongue.declined(signal).to_owned(),
        Said::NotUnderstood(unread) => not_understood(tongue, unread),
        Said::NothingRelevant => tongue.nothing_relevant().to_owned(),
        Said::CouldNotLook => tongue.could_not_look().to_owned(),
        Said::NoStrategy => tongue.no_strategy().to_owned(),
    };
    vec![Statement { text, event_ids: Vec::new() }]
}

/// The lines one below the other.
pub fn joined(lines: &[Statement]) -> String {
    let lines: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    lines.join("\n")
}

fn not_understood(tongue: &dyn Tongue, unread: &[Unread]) -> String {
    let quoted: Vec<String> =
        unread.iter().take(QUOTED).map(|piece| tongue.quote(&clean::clean(&piece.text, clean::WORD).text)).collect();
    let unclear = !unread.is_empty() && unread.iter().all(|piece| piece.why == Why::Unclear);
    tongue.not_understood(&quoted, unread.len().saturating_sub(QUOTED), unclear)
}

/// Everything an answer is said with.
struct Saying<'a> {
    tongue: &'static dyn Tongue,
    reading: &'a Reading,
    video: &'a Video,
    /// The filter in words; neutral where the reading is partial.
    what: What,
    /// The reading is the whole question.
    whole: bool,
    /// Moments are given by the wall clock too, because the question was.
    clock: bool,
}

impl<'a> Saying<'a> {
    fn new(tongue: &'static dyn Tongue, reading: &'a Reading, video: &'a Video) -> Self {
        let whole = reading.unread.is_empty();
        let what = if whole {
            describe::describe(tongue, &reading.filter, reading.relation.as_ref())
        } else {
            describe::neutral(tongue)
        };
        let clock = names_clock(&reading.filter) || reading.relation.as_ref().is_some_and(|r| names_clock(&r.anchor));
        Self { tongue, reading, video, what, whole, clock }
    }

    fn answer(&self, answer: &Answer) -> Vec<Statement> {
        let text = match answer {
            Answer::Events(events) => return self.events(events),
            Answer::Scalar(value) => self.scalar(value),
            Answer::Groups(groups) => self.groups(groups),
            Answer::Hits(hits) => return self.hits(hits),
        };
        vec![Statement { text, event_ids: Vec::new() }]
    }

    /// The first sentence, after yes or no where the question asks for it.
    fn open(&self, yes: bool, sentence: &str) -> String {
        if self.reading.polar && self.whole {
            let word = if yes { self.tongue.yes() } else { self.tongue.no() };
            format!("{word}{sentence}")
        } else {
            clean::capital(sentence)
        }
    }

    /// There is nothing; or, of a partial reading, nothing was found.
    fn none(&self) -> String {
        if self.whole {
            self.open(false, &self.tongue.none(&self.what))
        } else {
            clean::capital(&self.tongue.not_found(&self.what))
        }
    }

    /// A moment of the video, with the wall clock beside it where the question spoke of that.
    fn moment(&self, seconds: f64) -> String {
        let moment = self.tongue.moment(seconds.floor());
        match self.video.recorded_at {
            Some(start) if self.clock => match time::wall_clock(start, seconds, &self.zone()) {
                Some(clock) => self.tongue.with_clock(&moment, &clock),
                None => moment,
            },
            _ => moment,
        }
    }

    fn zone(&self) -> TimeZone {
        self.video.timezone.clone()
    }
}

fn names_clock(cond: &Cond) -> bool {
    match cond {
        Cond::All(conds) | Cond::Any(conds) => conds.iter().any(names_clock),
        Cond::Not(cond) => names_clock(cond),
        Cond::Clock(_) => true,
        _ => false,
    }
}
