//! The engine: one prompt in, one reply out. Reads, declines or routes, attempts the rungs in order, says the answer.

mod models;
mod outcome;
mod search;

use std::{borrow::Cow, collections::BTreeMap};

use jiff::{Timestamp, tz::TimeZone};

use crate::{
    answer::Answer,
    question::{
        self, Lang, Lexicon, Places, Question, Video,
        reading::{Cond, Order, Pick, Reading, Unread, Wants, Why},
    },
    reply::{
        Statement,
        compose::{self, Asked, By, Listener, Worded},
        template,
    },
    router::{Ladder, Router, Settings, UnknownStrategy},
    sql::Query,
    store::{Ledger, Limits, Reader, StoreError},
    strategy::{
        Attempt, Book, Cause, Passed, Rung, StrategyError, Trace,
        knowledge_base::{Knowledge, Part},
        rules,
        vector::Search,
    },
};

pub use self::models::{ModelSetup, Models, SetupError, prompts_are_known};
pub use crate::strategy::{Exchange, Step};
pub use outcome::{Abstention, Failure, Outcome};
pub use search::{Look, Sought};

/// Characters (Unicode scalar values) of the longest prompt.
pub const LONGEST_PROMPT: usize = 4_000;

pub struct Engine {
    reader: Reader,
    lexicon: Lexicon,
    router: Router,
    limits: Limits,
    /// None without a provider of models.
    models: Option<Models>,
    /// None where nothing can be indexed.
    search: Option<Search>,
    knowledge: Option<Knowledge>,
    /// None where nobody keeps accounts.
    ledger: Option<Ledger>,
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
    /// Who is to pay, as the ledger names them.
    pub caller: String,
}

/// What came of it, in words and in data.
#[derive(Debug)]
pub struct Reply {
    pub words: String,
    /// The words by sentence or line, each with the events it tells of.
    pub statements: Vec<Statement>,
    pub outcome: Outcome,
    pub lang: Lang,
    /// The rung whose attempt decided; `None` where none did.
    pub strategy: Option<Rung>,
    /// What ran, or was to run.
    pub query: Option<Query>,
    /// `None` where the video could not be looked up.
    pub reading: Option<Reading>,
    /// A model's line on its statement, which nobody has checked; `None` where no model wrote it.
    pub explanation: Option<String>,
    pub trace: Vec<Step>,
    /// Every request to a model that was answered, in order.
    pub exchanges: Vec<Exchange>,
    pub usage: Usage,
}

/// What models used and cost; nothing where none was asked.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Usage {
    /// Without what was read from or written to the provider's cache.
    pub input_tokens: u64,
    pub output_tokens: u64,
    pub cache_read_tokens: u64,
    pub cache_write_tokens: u64,
    /// By the dated list prices; `None` if one is not known.
    pub cost_usd: Option<f64>,
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
        Self { reader, lexicon, router, limits, models: None, search: None, knowledge: None, ledger: None }
    }

    /// With models to ask, set up for every rung of its strategies that asks one.
    ///
    /// # Errors
    /// A strategy names a prompt that there is not.
    pub fn with_models(self, setup: ModelSetup) -> Result<Self, SetupError> {
        let models = Models::new(setup, &self.router)?;
        Ok(Self { models: Some(models), ..self })
    }

    /// With search by meaning.
    #[must_use]
    pub fn with_search(self, search: Search) -> Self {
        Self { search: Some(search), ..self }
    }

    /// With a ledger, in which every exchange is entered.
    #[must_use]
    pub fn with_ledger(self, ledger: Ledger) -> Self {
        Self { ledger: Some(ledger), ..self }
    }

    /// With a knowledge base, or what stands in for one.
    #[must_use]
    pub fn with_knowledge(self, knowledge: Knowledge) -> Self {
        Self { knowledge: Some(knowledge), ..self }
    }

    /// # Errors
    /// The asker's mistakes. Whatever goes wrong after them is an outcome of the reply.
    pub async fn ask(&self, ask: Ask) -> Result<Reply, AskError> {
        self.answer(ask, None).await
    }

    /// The same, and its words are handed to `said` in pieces, each as soon as it is certain to be a part of them; all
    /// pieces together are the words.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub async fn ask_streaming(&self, ask: Ask, said: Listener<'_>) -> Result<Reply, AskError> {
        self.answer(ask, Some(said)).await
    }

    async fn answer(&self, ask: Ask, said: Option<Listener<'_>>) -> Result<Reply, AskError> {
        let prompt = admissible(&ask.prompt)?;
        let lang = ask.lang.unwrap_or_else(|| question::detect(&prompt));
        let ladder = self.router.ladder(ask.strategy.as_deref())?;
        let strategy = ask.strategy.as_deref().unwrap_or(self.router.default());
        let mut trace = Trace::start(ladder.budget, self.book(&ask.caller, strategy, ladder));

        let video = match self.reader.video(ask.video_id).await {
            Ok(Some(video)) => video,
            Ok(None) => return Err(AskError::UnknownVideo(ask.video_id)),
            Err(error) => return Ok(self.could_not_start(ask.video_id, lang, &error, trace, said)),
        };
        trace.step("video", "found", None);

        let now = ask.now.to_zoned(video.timezone.clone());
        let question = Question { text: &prompt, lang, video: &video, now };
        let reading = question::read(&question, &self.lexicon);
        trace.step("read", if reading.unread.is_empty() { "full" } else { "partial" }, None);

        let mut climbed = Climbed::default();
        let outcome = match question::decline(&reading, &video) {
            Some(signal) => {
                trace.step("decline", "declined", Some(Abstention::Declined(signal).code()));
                Outcome::Abstained(Abstention::Declined(signal))
            }
            None => {
                trace.step("decline", "passed", None);
                self.climb(ladder, &question, &reading, &mut climbed, &mut trace).await
            }
        };
        let vouched = vouched(&reading, climbed.rung, &outcome);
        let worded = self.worded((ladder, &climbed.parts), &question, &vouched, &outcome, &mut trace, said).await;
        Ok(Reply {
            words: worded.words,
            statements: worded.statements,
            outcome,
            lang,
            strategy: climbed.rung,
            query: climbed.query,
            reading: Some(reading),
            explanation: climbed.explanation,
            usage: Usage::of(&trace),
            trace: trace.steps,
            exchanges: trace.exchanges,
        })
    }

    fn book(&self, caller: &str, strategy: &str, ladder: &Ladder) -> Option<Book> {
        let (caller, strategy, day) = (caller.to_owned(), strategy.to_owned(), ladder.day);
        self.ledger.clone().map(|ledger| Book { ledger, caller, strategy, day })
    }

    /// Reads what the first prompt of a model would have to wait for.
    pub async fn warm(&self) {
        if let Some(models) = &self.models {
            models.warm().await;
        }
    }

    /// Whether a rung of the strategy can answer what only descriptions tell.
    pub fn can_search(&self, strategy: &str) -> bool {
        self.router.ladder(Some(strategy)).is_ok_and(|ladder| ladder.rungs.iter().any(|rung| rung.rung.searches()))
    }

    /// Whether a rung of the strategy may ask what costs money.
    pub fn may_cost(&self, strategy: &str) -> bool {
        let costs = |rung: &Settings| self.models.is_some() && rung.rung.costs() || rung.legs.rerank.is_some();
        let costs = |ladder: &Ladder| ladder.rungs.iter().any(costs);
        self.router.ladder(Some(strategy)).is_ok_and(costs)
    }

    /// Tells versions of the vocabulary apart.
    pub fn lexicon_hash(&self) -> &str {
        self.lexicon.hash()
    }

    /// What tells versions of each prompt apart; none without models.
    pub fn prompt_hashes(&self) -> BTreeMap<String, String> {
        self.models.as_ref().map(Models::prompt_hashes).unwrap_or_default()
    }

    /// All that a strategy says, and its prompts: for telling versions apart.
    ///
    /// # Errors
    /// [`AskError::UnknownStrategy`], with those that are known.
    pub fn strategy_version(&self, strategy: &str) -> Result<String, AskError> {
        let rungs = self.strategy_rungs(strategy)?;
        Ok(format!("{rungs}; {}", self.router.ladder(Some(strategy))?.version()))
    }

    /// The models that a strategy may ask.
    pub fn models(&self, strategy: &str) -> Vec<String> {
        let ladder = self.router.ladder(Some(strategy)).ok();
        let models = self.models.as_ref().zip(ladder);
        models.map(|(models, ladder)| models.names(ladder)).unwrap_or_default()
    }

    /// Tells versions of a strategy apart: its rungs, in their order, and its prompts.
    ///
    /// # Errors
    /// [`AskError::UnknownStrategy`], with those that are known.
    pub fn strategy_rungs(&self, strategy: &str) -> Result<String, AskError> {
        let ladder = self.router.ladder(Some(strategy))?;
        let prompts = self.models.as_ref().map(|models| models.versions(ladder)).unwrap_or_default();
        Ok([ladder.describe()].into_iter().chain(prompts).collect::<Vec<_>>().join("; "))
    }

    /// The rungs in order, until one answers. What could not look does not end the climb, unless it is the database;
    /// if nobody answers after it, it is what is told.
    async fn climb(
        &self,
        ladder: &Ladder,
        question: &Question<'_>,
        reading: &Reading,
        climbed: &mut Climbed,
        trace: &mut Trace,
    ) -> Outcome {
        let mut first = None;
        let (mut searched, mut unindexed) = (false, false);
        let mut told = None;
        for settings in &ladder.rungs {
            let name = settings.rung.name();
            match self.attempt(settings, question, reading, trace).await {
                Ok(Attempt::Passed(passed)) => {
                    searched |= passed == Passed::NothingRelevant;
                    unindexed |= passed == Passed::NoIndex;
                    trace.step(name, "passed", Some(passed.code()));
                    // What a model says of the question itself is told, whatever failed before.
                    if matches!(passed, Passed::Unanswerable | Passed::Filtered) {
                        (told, first) = (Some(passed), None);
                    }
                }
                Ok(Attempt::Answered { query, answer, explanation }) => {
                    let outcome = if answer.is_empty() { Outcome::Empty(answer) } else { Outcome::Answered(answer) };
                    trace.step(name, outcome.name(), None);
                    *climbed =
                        Climbed { rung: Some(settings.rung), query: Some(query), explanation, parts: Vec::new() };
                    return outcome;
                }
                Ok(Attempt::Worded { query, answer, parts }) => {
                    trace.step(name, "answered", None);
                    *climbed = Climbed { rung: Some(settings.rung), query: Some(query), explanation: None, parts };
                    return Outcome::Answered(answer);
                }
                Err(StrategyError { query, cause }) => {
                    let failure = Failure::of_cause(&cause);
                    let reason = if let Cause::Spent(spent) = &cause { spent.code() } else { failure.code() };
                    trace.step(name, "failed", Some(reason));
                    let ends = matches!(cause, Cause::Store(StoreError::Unreachable(_) | StoreError::Busy));
                    if first.is_none() || ends {
                        first = Some(failure);
                        *climbed = Climbed { rung: Some(settings.rung), query, ..Climbed::default() };
                    }
                    if ends {
                        break;
                    }
                }
            }
        }
        match first {
            Some(failure) => Outcome::Failed(failure),
            None if let Some(passed) = told => Outcome::Abstained(Abstention::ByModel(passed)),
            None if searched => Outcome::Abstained(Abstention::NothingRelevant),
            // What descriptions might have told was not looked for.
            None if unindexed => Outcome::Abstained(Abstention::NoIndex),
            None => Outcome::Abstained(Abstention::NotUnderstood(reading.unread.clone())),
        }
    }

    async fn attempt(
        &self,
        settings: &Settings,
        question: &Question<'_>,
        reading: &Reading,
        trace: &mut Trace,
    ) -> Result<Attempt, StrategyError> {
        match settings.rung {
            Rung::Rules => rules::attempt(reading, question.video, &self.reader, self.limits).await,
            Rung::Text2sql => match self.models.as_ref().and_then(|models| models.text2sql(settings)) {
                Some(text2sql) => text2sql.attempt(question, reading, &self.reader, self.limits, trace).await,
                None => Ok(Attempt::Passed(Passed::NoModel)),
            },
            Rung::Vector => match &self.search {
                Some(search) => {
                    search.attempt(question, reading, &settings.legs, &self.reader, self.limits, trace).await
                }
                None => Ok(Attempt::Passed(Passed::NoIndex)),
            },
            Rung::KnowledgeBase => match &self.knowledge {
                Some(knowledge) => {
                    let (asking, store) = ((&settings.asking, settings.timeout), (&self.reader, self.limits));
                    knowledge.attempt(question, reading, asking, store, trace).await
                }
                None => Ok(Attempt::Passed(Passed::NoKnowledgeBase)),
            },
        }
    }

    /// By a model where the ladder says so and there is something to word; else by the template.
    async fn worded(
        &self,
        (ladder, parts): (&Ladder, &[Part]),
        question: &Question<'_>,
        reading: &Reading,
        outcome: &Outcome,
        trace: &mut Trace,
        said: Option<Listener<'_>>,
    ) -> Worded {
        if let (Some(answer), false) = (outcome.answer(), parts.is_empty()) {
            let Question { text, lang, video, .. } = *question;
            return compose::verified(&Asked { question: text, lang, reading, video, answer }, parts, trace, said);
        }
        let composer = self.models.as_ref().and_then(|models| models.composer(ladder));
        if let (Some(composer), Some(answer)) = (composer, outcome.answer()) {
            let Question { text, lang, video, .. } = *question;
            return composer.words(&Asked { question: text, lang, reading, video, answer }, trace, said).await;
        }
        let statements = template::state(question.lang, reading, question.video, outcome.said());
        let words = template::joined(&statements);
        if let Some(said) = said {
            said(&words);
        }
        trace.step("reply", "said", Some("template"));
        Worded { words, statements, by: By::Template }
    }

    fn could_not_start(
        &self,
        id: i64,
        lang: Lang,
        error: &StoreError,
        mut trace: Trace,
        said: Option<Listener<'_>>,
    ) -> Reply {
        let failure = Failure::of(error);
        trace.step("video", "failed", Some(failure.code()));
        let outcome = Outcome::Failed(failure);
        let statements = template::state(lang, &unread(), &nowhere(id), outcome.said());
        let words = template::joined(&statements);
        if let Some(said) = said {
            said(&words);
        }
        Reply {
            words,
            statements,
            outcome,
            lang,
            strategy: None,
            query: None,
            reading: None,
            explanation: None,
            usage: Usage::of(&trace),
            trace: trace.steps,
            exchanges: trace.exchanges,
        }
    }
}

/// Who decided, and by what.
#[derive(Default)]
struct Climbed {
    rung: Option<Rung>,
    query: Option<Query>,
    explanation: Option<String>,
    /// Words of others, to be verified.
    parts: Vec<Part>,
}

impl Usage {
    fn of(trace: &Trace) -> Self {
        let used = trace.usage();
        Self {
            input_tokens: used.input,
            output_tokens: used.output,
            cache_read_tokens: used.cache_read,
            cache_write_tokens: used.cache_write + used.cache_write_1h,
            cost_usd: trace.price().map(|money| money.usd()),
        }
    }
}

/// The reading that an answer is worded by. Of a number that a model's statement gave, the filter is not restated: that it
/// was kept to is not shown.
fn vouched<'r>(reading: &'r Reading, rung: Option<Rung>, outcome: &Outcome) -> Cow<'r, Reading> {
    let number = matches!(outcome.answer(), Some(Answer::Scalar(_) | Answer::Groups(_)));
    if rung == Some(Rung::Text2sql) && number && reading.unread.is_empty() {
        let unread = vec![Unread { text: String::new(), why: Why::Unclear }];
        return Cow::Owned(Reading { unread, ..reading.clone() });
    }
    Cow::Borrowed(reading)
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
