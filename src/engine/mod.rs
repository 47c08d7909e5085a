//! The engine: one prompt in, one reply out. Reads, declines or routes, attempts the rungs in order, says the answer.

mod outcome;

use std::{borrow::Cow, time::Instant};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    question::{
        self, Lang, Lexicon, Places, Question, Video,
        reading::{Cond, Order, Pick, Reading, Wants},
    },
    reply::template,
    router::{Router, UnknownStrategy},
    sql::Query,
    store::{Limits, Reader, StoreError},
    strategy::{Attempt, Rung, StrategyError, rules},
};

pub use outcome::{Abstention, Failure, Outcome};

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
    /// A strategy, or one of its rungs; the configured one where absent.
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
                trace.step("decline", "declined", Some(Abstention::Declined(signal).code()));
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

    /// Whether a rung of the strategy can answer what only descriptions tell.
    pub fn can_search(&self, strategy: &str) -> bool {
        self.router.ladder(Some(strategy)).is_ok_and(|ladder| ladder.iter().any(|rung| rung.searches()))
    }

    /// Whether a rung of the strategy may ask what costs money.
    pub fn may_cost(&self, strategy: &str) -> bool {
        self.router.ladder(Some(strategy)).is_ok_and(|ladder| ladder.iter().any(|rung| rung.costs()))
    }

    /// Tells versions of the vocabulary apart.
    pub fn lexicon_hash(&self) -> &str {
        self.lexicon.hash()
    }

    /// Tells versions of a strategy apart: its rungs, in their order.
    ///
    /// # Errors
    /// [`AskError::UnknownStrategy`], with those that are known.
    pub fn strategy_rungs(&self, strategy: &str) -> Result<String, AskError> {
        let names: Vec<&str> = self.router.ladder(Some(strategy))?.iter().map(|rung| rung.name()).collect();
        Ok(names.join(" > "))
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
