//! The engine: one prompt in, one reply out. Reads, declines or routes, attempts the rungs in order, says the answer.

use std::{borrow::Cow, time::Instant};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    answer::Answer,
    question::{
        self, Lang, Lexicon, Places, Question, Video,
        reading::{Cond, Order, Pick, Reading, Signal, Unread, Wants},
    },
    reply::template::{self, Said},
    router::{Router, UnknownStrategy},
    sql::Query,
    store::{Limits, Reader, StoreError},
    strategy::{Attempt, Passed, Rung, StrategyError, rules},
};

/// Characters (Unicode scalar values) of the longest prompt.
pub const LONGEST_PROMPT: usize = 4_000;

pub struct Engine {
    reader: Reader,
    lexicon: Lexicon,
    router: Router,
    limits: Limits,
}

/// One question, as an edge took it in. `now` is what "today" is relative to.
#[derive(Debug, Clone)]
pub struct Ask {
    pub prompt: String,
    pub video_id: i64,
    /// Of the question and its answer; detected where absent.
    pub lang: Option<Lang>,
    pub now: Timestamp,
    /// A rung or a strategy file; the configured one where absent.
    pub strategy: Option<String>,
}

/// What came of it, in words and in data.
#[derive(Debug)]
pub struct Reply {
    pub words: String,
    pub outcome: Outcome,
    pub lang: Lang,
    /// The rung whose attempt decided; `None` where none did.
    pub strategy: Option<Rung>,
    /// What ran, or was to run.
    pub query: Option<Query>,
    /// `None` where the video could not be looked up.
    pub reading: Option<Reading>,
    pub trace: Vec<Step>,
    pub usage: Usage,
}

/// Four ways to end that never look alike.
#[derive(Debug)]
pub enum Outcome {
    Answered(Answer),
    /// Looked, and there is nothing.
    Empty(Answer),
    /// Did not look.
    Abstained(Abstention),
    /// Could not look.
    Failed(Failure),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Abstention {
    Declined(Signal),
    /// Words left over; none where all words were read but no rung had a way to answer.
    NotUnderstood(Vec<Unread>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    DatabaseUnreachable,
    /// Every connection is in use.
    Busy,
    TimedOut,
    TooCostly,
    /// More rows than are allowed; a cut answer would be a wrong one.
    TooMany,
    /// The statement was refused: our mistake, and worth a report.
    Rejected,
    /// The video's row names a time zone that is none.
    BadTimezone,
}

/// One line of the trace.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Step {
    pub step: &'static str,
    pub outcome: &'static str,
    pub reason: Option<&'static str>,
    pub ms: f64,
}

/// What models cost; nothing where none was asked.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub struct Usage {
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cost_usd: f64,
}

/// The asker's mistake.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    #[error("the prompt is empty")]
    EmptyPrompt,
    #[error("the prompt has {0} characters; at most {LONGEST_PROMPT} are read")]
    PromptTooLong(usize),
    #[error("there is no video {0}")]
    UnknownVideo(i64),
    #[error(transparent)]
    UnknownStrategy(#[from] UnknownStrategy),
}

impl Engine {
    pub fn new(reader: Reader, lexicon: Lexicon, router: Router, limits: Limits) -> Self {
        Self { reader, lexicon, router, limits }
    }

    pub async fn ask(&self, ask: Ask) -> Result<Reply, AskError> {
        let prompt = admissible(&ask.prompt)?;
        let lang = ask.lang.unwrap_or_else(|| question::detect(&prompt));
        let ladder = self.router.ladder(ask.strategy.as_deref())?;
        let mut trace = Trace::start();

        let video = match self.reader.video(ask.video_id).await {
            Ok(Some(video)) => video,
            Ok(None) => return Err(AskError::UnknownVideo(ask.video_id)),
            Err(error) => return Ok(self.could_not_start(ask.video_id, lang, &error, trace)),
        };
        trace.step("video", "found", None);

        let now = ask.now.to_zoned(video.timezone.clone());
        let question = Question { text: &prompt, lang, video: &video, now };
        let reading = question::read(&question, &self.lexicon);
        trace.step("read", if reading.unread.is_empty() { "full" } else { "partial" }, None);

        let mut decided = None;
        let mut query = None;
        let outcome = match question::decline(&reading, &video) {
            Some(signal) => {
                trace.step("decline", "declined", Some(signal_code(signal)));
                Outcome::Abstained(Abstention::Declined(signal))
            }
            None => {
                trace.step("decline", "passed", None);
                let climbed = self.climb(ladder, &reading, &video, &mut trace).await;
                (decided, query) = (climbed.rung, climbed.query);
                climbed.outcome
            }
        };
        let words = template::say(lang, &reading, &video, outcome.said());
        trace.step("reply", "said", None);
        Ok(Reply {
            words,
            outcome,
            lang,
            strategy: decided,
            query,
            reading: Some(reading),
            trace: trace.steps,
            usage: Usage::default(),
        })
    }

    /// The rungs in order, until one answers or cannot look.
    async fn climb(&self, ladder: &[Rung], reading: &Reading, video: &Video, trace: &mut Trace) -> Climbed {
        for &rung in ladder {
            let attempt = match rung {
                Rung::Rules => rules::attempt(reading, video, &self.reader, self.limits).await,
            };
            match attempt {
                Ok(Attempt::Passed(passed)) => trace.step(rung.name(), "passed", Some(passed.code())),
                Ok(Attempt::Answered { query, answer }) => {
                    let outcome = if answer.is_empty() { Outcome::Empty(answer) } else { Outcome::Answered(answer) };
                    trace.step(rung.name(), outcome.name(), None);
                    return Climbed { outcome, rung: Some(rung), query: Some(query) };
                }
                Err(StrategyError { query, error }) => {
                    let failure = Failure::of(&error);
                    trace.step(rung.name(), "failed", Some(failure.code()));
                    return Climbed { outcome: Outcome::Failed(failure), rung: Some(rung), query: Some(query) };
                }
            }
        }
        let outcome = Outcome::Abstained(Abstention::NotUnderstood(reading.unread.clone()));
        Climbed { outcome, rung: None, query: None }
    }

    fn could_not_start(&self, id: i64, lang: Lang, error: &StoreError, mut trace: Trace) -> Reply {
        let failure = Failure::of(error);
        trace.step("video", "failed", Some(failure.code()));
        let outcome = Outcome::Failed(failure);
        Reply {
            words: template::say(lang, &unread(), &nowhere(id), outcome.said()),
            outcome,
            lang,
            strategy: None,
            query: None,
            reading: None,
            trace: trace.steps,
            usage: Usage::default(),
        }
    }
}

struct Climbed {
    outcome: Outcome,
    rung: Option<Rung>,
    query: Option<Query>,
}

impl Outcome {
    /// `answered`, `empty`, `abstained` or `failed`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Answered(_) => "answered",
            Self::Empty(_) => "empty",
            Self::Abstained(_) => "abstained",
            Self::Failed(_) => "failed",
        }
    }

    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Answered(answer) | Self::Empty(answer) => Some(answer),
            Self::Abstained(_) | Self::Failed(_) => None,
        }
    }

    /// A stable code and a sentence for the log, where nothing was answered.
    pub fn reason(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Answered(_) | Self::Empty(_) => None,
            Self::Abstained(why) => Some((why.code(), why.message())),
            Self::Failed(why) => Some((why.code(), why.message().to_owned())),
        }
    }

    fn said(&self) -> Said<'_> {
        match self {
            Self::Answered(answer) | Self::Empty(answer) => Said::Answer(answer),
            Self::Abstained(Abstention::Declined(signal)) => Said::Declined(*signal),
            Self::Abstained(Abstention::NotUnderstood(unread)) if unread.is_empty() => Said::NoStrategy,
            Self::Abstained(Abstention::NotUnderstood(unread)) => Said::NotUnderstood(unread),
            Self::Failed(_) => Said::CouldNotLook,
        }
    }
}

impl Abstention {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Declined(signal) => signal_code(*signal),
            Self::NotUnderstood(_) => Passed::Unread.code(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Declined(signal) => signal_message(*signal).to_owned(),
            Self::NotUnderstood(unread) if unread.is_empty() => "no strategy has a way to answer this".to_owned(),
            Self::NotUnderstood(unread) => {
                let words: Vec<_> = unread.iter().map(|piece| format!("\"{}\"", piece.text)).collect();
                format!("not understood: {}", words.join(", "))
            }
        }
    }
}

impl Failure {
    pub fn code(self) -> &'static str {
        match self {
            Self::DatabaseUnreachable => "database_unreachable",
            Self::Busy => "busy",
            Self::TimedOut => "timed_out",
            Self::TooCostly => "too_costly",
            Self::TooMany => "too_many_rows",
            Self::Rejected => "rejected",
            Self::BadTimezone => "bad_timezone",
        }
    }

    pub fn message(self) -> &'static str {
        match self {
            Self::DatabaseUnreachable => "the database could not be reached",
            Self::Busy => "every connection to the database is in use; try again in a moment",
            Self::TimedOut => "the statement took longer than its time limit",
            Self::TooCostly => "the statement was estimated to cost more than its limit, and was not run",
            Self::TooMany => "the statement returns more rows than are allowed",
            Self::Rejected => "the database refused the statement; this is a mistake of the engine",
            Self::BadTimezone => "the video's time zone is not an IANA name",
        }
    }

    /// What the store's error means to an asker. What else it says is for the log, and written here.
    pub fn of(error: &StoreError) -> Self {
        let failure = match error {
            StoreError::Unreachable(_) => Self::DatabaseUnreachable,
            StoreError::Busy => Self::Busy,
            StoreError::TimedOut { .. } => Self::TimedOut,
            StoreError::TooCostly { .. } => Self::TooCostly,
            StoreError::TooMany { .. } => Self::TooMany,
            StoreError::Rejected { .. } => Self::Rejected,
            StoreError::BadTimezone { .. } => Self::BadTimezone,
        };
        tracing::warn!(code = failure.code(), %error, "could not look");
        failure
    }
}

fn signal_code(signal: Signal) -> &'static str {
    match signal {
        Signal::OtherVideo => "other_video",
        Signal::Change => "change",
        Signal::Identity => "identity",
        Signal::Speech => "speech",
        Signal::Price => "price",
        Signal::Prediction => "prediction",
        Signal::Injection => "injection",
        Signal::OutsideData => "outside_data",
        Signal::ClockUnknown => "clock_unknown",
        Signal::LengthUnknown => "length_unknown",
    }
}

fn signal_message(signal: Signal) -> &'static str {
    match signal {
        Signal::OtherVideo => "asks for another video than the one given",
        Signal::Change => "asks to change or delete data",
        Signal::Identity => "asks who somebody is",
        Signal::Speech => "asks what was said or heard",
        Signal::Price => "asks about money",
        Signal::Prediction => "asks what will happen",
        Signal::Injection => "gives instructions instead of asking",
        Signal::OutsideData => "asks for something the events do not hold",
        Signal::ClockUnknown => "asks by the clock, and the video's wall-clock time is unknown",
        Signal::LengthUnknown => "needs the video's length, which is unknown",
    }
}

/// Stands for the video that could not be looked up, and [`unread`] for the reading that was not made: that nobody could
/// look is said without either.
fn nowhere(id: i64) -> Video {
    Video {
        id,
        name: String::new(),
        filename: None,
        duration: None,
        recorded_at: None,
        timezone: TimeZone::UTC,
        places: Places::default(),
    }
}

fn unread() -> Reading {
    Reading {
        wants: Wants::Events { order: Order::TIME, pick: Pick::All },
        filter: Cond::all(),
        relation: None,
        polar: false,
        asks_when: false,
        signals: Vec::new(),
        unread: Vec::new(),
    }
}

/// The prompt as it is read. NUL is a space: Postgres text cannot hold it.
fn admissible(prompt: &str) -> Result<Cow<'_, str>, AskError> {
    let invisible = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}');
    if prompt.chars().all(invisible) {
        return Err(AskError::EmptyPrompt);
    }
    let length = prompt.chars().count();
    if length > LONGEST_PROMPT {
        return Err(AskError::PromptTooLong(length));
    }
    Ok(if prompt.contains('\0') { Cow::Owned(prompt.replace('\0', " ")) } else { Cow::Borrowed(prompt) })
}

/// Steps with the time each took.
struct Trace {
    steps: Vec<Step>,
    since: Instant,
}

impl Trace {
    fn start() -> Self {
        Self { steps: Vec::with_capacity(6), since: Instant::now() }
    }

    fn step(&mut self, step: &'static str, outcome: &'static str, reason: Option<&'static str>) {
        let ms = (self.since.elapsed().as_secs_f64() * 1e6).round() / 1e3;
        self.steps.push(Step { step, outcome, reason, ms });
        self.since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_needs_something_to_read_and_an_end() {
        for empty in ["", "  \t\n", "\0", "\u{3000}\u{200b}"] {
            assert!(matches!(admissible(empty), Err(AskError::EmptyPrompt)), "{empty:?}");
        }
        assert!(admissible(&"가".repeat(LONGEST_PROMPT)).is_ok());
        assert!(matches!(admissible(&"가".repeat(LONGEST_PROMPT + 1)), Err(AskError::PromptTooLong(4_001))));
        assert_eq!(admissible("도난\0있어?").unwrap(), "도난 있어?");
    }
}
