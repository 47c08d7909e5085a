//! A model writes the statement: asked with what is known already, its statement goes through the guard, its rows are
//! held against what the question certainly asks, and what cannot be used is sent back to it, a bounded number of times.

use std::sync::Arc;

use super::{Attempt, Cause, Exchanges, NoReply, Passed, StrategyError, Trace};
use crate::{
    answer::{Answer, Event, Kind, Value},
    model::{Completion, Embedder, Stop},
    prompt::{Asked, Broken, Facts, Intent, SqlPrompt, SqlReply},
    question::{
        Question,
        reading::{GroupValue, Pick, Reading, Scalar, Wants},
    },
    sql::{
        Query, Scope,
        admit::admit,
        catalog::Catalog,
        certain::{Certain, certain},
    },
    store::{Limits, Reader, StoreError},
};

/// What this strategy asks with.
#[derive(Clone)]
pub struct Text2Sql {
    pub exchanges: Exchanges,
    pub prompt: Arc<SqlPrompt>,
    /// The one that embeds the prompt's examples.
    pub embedder: Arc<dyn Embedder>,
    pub catalog: Arc<Catalog>,
    /// How often a statement that cannot be used is sent back.
    pub repairs: u32,
}

/// What it is in a trace.
pub const NAME: &str = "text2sql";

/// What came of one statement.
enum Tried {
    Answered {
        query: Query,
        answer: Answer,
        explanation: Option<String>,
    },
    Passed(Passed),
    /// Told to the model, if it may try again.
    Unusable {
        problem: Problem,
        query: Option<Query>,
        error: Option<StoreError>,
    },
    Failed(StrategyError),
}

struct Problem {
    code: &'static str,
    told: String,
}

impl Text2Sql {
    /// Asks until a statement can be used, or nothing is left to ask with.
    ///
    /// # Errors
    /// The model or the database could not be asked, or no statement came that may run.
    pub async fn attempt(
        &self,
        question: &Question<'_>,
        reading: &Reading,
        reader: &Reader,
        limits: Limits,
        trace: &mut Trace,
    ) -> Result<Attempt, StrategyError> {
        let certain = certain(reading, question.video);
        let examples = self.prompt.choose(self.embedder.as_ref(), question.text, question.lang).await;
        let facts = facts(question, reading, &certain);
        let asked = Asked { question: question.text, lang: question.lang, examples, facts };
        let mut broken: Vec<Broken> = Vec::new();
        loop {
            let completion = match self.exchange(&asked, &broken, trace).await {
                Ok(completion) => completion,
                Err(cause) => return Err(StrategyError { query: None, cause }),
            };
            let tried = self.use_it(&completion, question, reading, &certain, reader, limits).await;
            let (problem, query, error) = match tried {
                Tried::Answered { query, answer, explanation } => {
                    return Ok(Attempt::Answered { query, answer, explanation });
                }
                Tried::Passed(passed) => return Ok(Attempt::Passed(passed)),
                Tried::Failed(error) => return Err(error),
                Tried::Unusable { problem, query, error } => (problem, query, error),
            };
            if broken.len() as u64 >= u64::from(self.repairs) {
                let cause = error.map_or(Cause::NoStatement(problem.code), Cause::Store);
                return Err(StrategyError { query, cause });
            }
            trace.step(NAME, "repair", Some(problem.code));
            broken.push(Broken { said: said(&completion), problem: problem.told });
        }
    }

    async fn exchange(&self, asked: &Asked<'_>, broken: &[Broken], trace: &mut Trace) -> Result<Completion, Cause> {
        let Exchanges { model, .. } = &self.exchanges;
        let chat = self.prompt.chat(model, self.exchanges.known(), asked, broken).map_err(Cause::Prompt)?;
        let begun = self.exchanges.begin(&chat, trace).await.map_err(Cause::Spent)?;
        self.exchanges.complete(begun, &chat, trace).await.map_err(|none| match none {
            NoReply::Spent(spent) => Cause::Spent(spent),
            NoReply::Model(error) => Cause::Model(error),
        })
    }

    async fn use_it(
        &self,
        completion: &Completion,
        question: &Question<'_>,
        reading: &Reading,
        certain: &Certain,
        reader: &Reader,
        limits: Limits,
    ) -> Tried {
        match completion.stop {
            Stop::Filtered => return Tried::Passed(Passed::Filtered),
            Stop::MaxTokens => return unusable("reply_cut", "the reply was cut off; write a shorter statement"),
            _ => {}
        }
        let reply = match SqlReply::read(completion) {
            Ok(reply) => reply,
            Err(what) => return unusable("reply_unreadable", &what),
        };
        let Intent::Statement { sql, kind } = reply.intent else { return Tried::Passed(Passed::Unanswerable) };
        // What was read in full is known to ask for one kind of answer.
        if reading.unread.is_empty() && kind != wanted(&reading.wants) {
            let kind = wanted(&reading.wants);
            return unusable("wrong_kind", &format!("the question asks for {}", described(kind)));
        }
        let admitted = admit(&sql, &self.catalog, &Scope::video(question.video.id));
        if let Ok(admitted) = &admitted {
            if !admitted.reads_tables() {
                return unusable("reads_no_table", "the statement reads neither db_event nor db_video");
            }
            if let Some(told) = admitted.no_such_value() {
                return unusable("no_such_value", told);
            }
        }
        let query = match admitted.and_then(|admitted| admitted.answer(kind)) {
            Ok(query) => query,
            Err(refusal) => return unusable(refusal.code.as_str(), &format!("the statement is refused: {refusal}")),
        };
        let answer = match reader.run(&query, limits).await {
            Ok(answer) => answer,
            Err(error) => return failed(query, error),
        };
        if let Answer::Events(events) = &answer
            && let Some(breaking) = certain.breaking(&events.ids, question.video)
        {
            match reader.run(&breaking, limits).await {
                Ok(Answer::Events(wrong)) if !wrong.ids.is_empty() => {
                    return unusable("breaks_a_filter", &broken_filter(certain, &wrong.shown));
                }
                Ok(_) => {}
                Err(error) => {
                    return Tried::Failed(StrategyError { query: Some(breaking), cause: Cause::Store(error) });
                }
            }
        }
        match self.too_much(&answer, question, reading, certain, reader, limits).await {
            Ok(None) => Tried::Answered { query, answer, explanation: reply.explanation },
            Ok(Some(problem)) => unusable("breaks_a_filter", &problem),
            Err(error) => Tried::Failed(StrategyError { query: Some(query), cause: Cause::Store(error) }),
        }
    }

    /// What speaks against the numbers of an answer, or against there being none, for who wrote its statement.
    async fn too_much(
        &self,
        answer: &Answer,
        question: &Question<'_>,
        reading: &Reading,
        certain: &Certain,
        reader: &Reader,
        limits: Limits,
    ) -> Result<Option<String>, StoreError> {
        let counts = match &reading.wants {
            Wants::Scalar(Scalar::Count(_)) => true,
            Wants::Groups(groups) => matches!(groups.value, GroupValue::Count(_)),
            Wants::Events { pick, .. } => *pick == Pick::All,
            Wants::Scalar(_) => false,
        };
        let said = match answer {
            Answer::Scalar(Value::Int(n)) => Some(*n),
            Answer::Groups(groups) => groups.iter().map(|(_, value)| whole(value)).sum(),
            Answer::Events(events) if events.ids.is_empty() => Some(0),
            _ => None,
        };
        let (Some(said), Some(query)) = (said.filter(|_| counts), certain.count(question.video)) else {
            return Ok(None);
        };
        let Answer::Scalar(Value::Int(most)) = reader.run(&query, limits).await? else { return Ok(None) };
        let conditions = certain.readable().join(" AND ");
        if said > most {
            return Ok(Some(format!("it counts {said}, and only {most} events satisfy {conditions}")));
        }
        // What was read in full asks for all that satisfy the conditions.
        if reading.unread.is_empty() && said == 0 && most > 0 && matches!(answer, Answer::Events(_)) {
            return Ok(Some(format!("it finds nothing, and {most} events satisfy {conditions}")));
        }
        Ok(None)
    }
}

fn whole(value: &Value) -> Option<i64> {
    if let Value::Int(n) = value { Some(*n) } else { None }
}

fn unusable(code: &'static str, told: &str) -> Tried {
    Tried::Unusable { problem: Problem { code, told: told.to_owned() }, query: None, error: None }
}

/// What is the statement's fault goes back to its writer.
fn failed(query: Query, error: StoreError) -> Tried {
    let code = match &error {
        StoreError::Rejected { .. } => "rejected",
        StoreError::TimedOut { .. } => "timed_out",
        StoreError::TooCostly { .. } => "too_costly",
        StoreError::TooMany { .. } | StoreError::TooLarge { .. } => "too_many_rows",
        StoreError::Unreachable(_) | StoreError::Busy | StoreError::BadTimezone { .. } => {
            return Tried::Failed(StrategyError { query: Some(query), cause: Cause::Store(error) });
        }
    };
    let told = error.to_string();
    Tried::Unusable { problem: Problem { code, told }, query: Some(query), error: Some(error) }
}

/// The values that speak against it, and no text of the rows.
fn broken_filter(certain: &Certain, wrong: &[Event]) -> String {
    let rows: Vec<String> = wrong
        .iter()
        .map(|event| {
            let age = event.age.map_or("NULL".to_owned(), |age| age.to_string());
            let gender = match event.gender.as_deref() {
                Some("male") => "male",
                Some("female") => "female",
                _ => "NULL",
            };
            format!("id {}: timestamp {}, age {age}, gender {gender}", event.id, event.timestamp)
        })
        .collect();
    format!(
        "events of the result break a condition of the question. Every event e has to satisfy: {}. These do not: {}",
        certain.readable().join(" AND "),
        rows.join("; ")
    )
}

fn wanted(wants: &Wants) -> Kind {
    match wants {
        Wants::Events { .. } => Kind::Events,
        Wants::Scalar(_) => Kind::Scalar,
        Wants::Groups(_) => Kind::Groups,
    }
}

fn described(kind: Kind) -> &'static str {
    match kind {
        Kind::Events => "events: rows with a column id",
        Kind::Scalar => "one value: kind scalar, one row of one column",
        Kind::Groups => "a value for each key: kind groups, two columns",
        // No reading asks for it.
        Kind::Hits => "events by relevance",
    }
}

/// Of the model, as it is shown to it again; never blank.
fn said(completion: &Completion) -> String {
    let text = completion.tool_input.as_ref().map_or_else(|| completion.text.trim().to_owned(), ToString::to_string);
    if text.is_empty() { "(nothing)".to_owned() } else { text }
}

fn facts(question: &Question<'_>, reading: &Reading, certain: &Certain) -> Facts {
    let video = question.video;
    let local = |moment: jiff::Zoned| moment.strftime("%Y-%m-%d %H:%M:%S (%A)").to_string();
    Facts {
        conditions: certain.readable().to_vec(),
        unread: reading.unread.iter().map(|piece| piece.text.clone()).collect(),
        video_name: video.name.clone(),
        video_duration: video.duration,
        recorded_at: video.recorded_at.map(|start| local(start.to_zoned(video.timezone.clone()))),
        timezone: video.timezone.iana_name().unwrap_or("UTC").to_owned(),
        places: video.places.names().collect(),
        now: local(question.now.clone()),
    }
}
