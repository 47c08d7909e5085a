//! A search by itself: no ladder, no words; events with why they were found.

use jiff::Timestamp;

use super::{Abstention, AskError, Engine, Failure, Outcome, Step, admissible, unread};
use crate::{
    answer::Answer,
    question::{self, Lang, Question, reading::Reading},
    sql::Query,
    strategy::{
        Rung, StrategyError, Trace,
        vector::{Found, Legs},
    },
};

/// One search, as an edge took it in.
#[derive(Debug, Clone)]
pub struct Look {
    pub text: String,
    pub video_id: i64,
    /// Detected where absent.
    pub lang: Option<Lang>,
    pub now: Timestamp,
    /// At most so many events.
    pub most: usize,
    /// `None`: as the configured strategy has them.
    pub legs: Option<Legs>,
    /// Who is to pay, as the ledger names them.
    pub caller: String,
}

/// What came of it.
#[derive(Debug)]
pub struct Sought {
    /// Answered and empty ones hold [`Answer::Hits`].
    pub outcome: Outcome,
    pub lang: Lang,
    /// What ran, or was to run.
    pub query: Option<Query>,
    /// What the text was read as: its certain part is the condition of every hit.
    pub reading: Reading,
    pub trace: Vec<Step>,
}

impl Engine {
    /// Searches the descriptions of a video. What is certain of the text (a time, a place, a gender …) holds for every
    /// event that is found; nothing is declined, because nothing is claimed.
    ///
    /// # Errors
    /// The asker's mistakes.
    pub async fn search(&self, look: Look) -> Result<Sought, AskError> {
        let text = admissible(&look.text)?;
        let lang = look.lang.unwrap_or_else(|| question::detect(&text));
        let ladder = self.router.ladder(None)?;
        let mut trace = Trace::start(ladder.budget, self.book(&look.caller, "search", ladder));
        let configured = ladder.rungs.iter().find(|rung| rung.rung == Rung::Vector).map(|rung| rung.legs.clone());
        let legs = look.legs.or(configured).unwrap_or_default();
        let video = match self.reader.video(look.video_id).await {
            Ok(Some(video)) => video,
            Ok(None) => return Err(AskError::UnknownVideo(look.video_id)),
            Err(error) => {
                let failure = Failure::of(&error);
                trace.step("video", "failed", Some(failure.code()));
                let outcome = Outcome::Failed(failure);
                return Ok(Sought { outcome, lang, query: None, reading: unread(), trace: trace.steps });
            }
        };
        trace.step("video", "found", None);
        let now = look.now.to_zoned(video.timezone.clone());
        let question = Question { text: &text, lang, video: &video, now };
        let reading = question::read(&question, &self.lexicon);
        trace.step("read", if reading.unread.is_empty() { "full" } else { "partial" }, None);

        let found = match &self.search {
            Some(search) => {
                search.find(&question, &reading, &legs, look.most, (&self.reader, self.limits), &mut trace).await
            }
            None => Ok(Found::NoIndex),
        };
        let (outcome, query) = match found {
            Ok(Found::Hits { query, hits }) => {
                let answer = Answer::Hits(hits);
                (if answer.is_empty() { Outcome::Empty(answer) } else { Outcome::Answered(answer) }, Some(query))
            }
            Ok(Found::Nothing { query }) => (Outcome::Abstained(Abstention::NothingRelevant), Some(query)),
            Ok(Found::NoIndex) => (Outcome::Abstained(Abstention::NoIndex), None),
            Err(StrategyError { query, cause }) => (Outcome::Failed(Failure::of_cause(&cause)), query),
        };
        trace.step("search", outcome.name(), outcome.reason().map(|(code, _)| code));
        Ok(Sought { outcome, lang, query, reading, trace: trace.steps })
    }
}
