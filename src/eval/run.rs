//! A run: every case of the suites asked of every strategy through [`Engine::ask`], and judged.
//!
//! Golds, questions and golds' copies are looked at one after the other, because the embedded database has one
//! connection; that the data stayed the same meanwhile is checked by its hash before and after.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

use futures_util::{StreamExt, stream};

use super::{
    case::{AskedKind, Case, CaseProblem, Expected, Suite, default_now},
    door::Door,
    ground::ungrounded,
    judge::{BadGold, Failure, Gold, Kind, Mode, Predicted, judge},
    record::{CaseRecord, SqlFate, StepRecord, UsageRecord, Verdict, Why},
    result, semantic,
};
use crate::{
    engine::{Ask, AskError, Engine, Failure as Failed, Outcome, Reply},
    question::Video,
    replay::as_repeat,
    sql::{Query, Scope, catalog::Catalog},
    store::{Limits, Store, StoreError},
};

/// What is asked, and how.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    pub suites: &'a [Suite],
    /// Rungs or strategy files, each asked every case.
    pub strategies: Vec<String>,
    /// How often each case is asked.
    pub repeat: u32,
    /// Questions in flight at once. Nothing but the time a run takes depends on it.
    pub jobs: usize,
    /// What golds may name.
    pub catalog: &'a Catalog,
    /// For golds and copies; the engine has its own.
    pub limits: Limits,
}

/// One case asked once, by its place in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub suite: usize,
    pub case: usize,
    pub strategy: usize,
    pub repeat: u32,
}

/// What a run found.
#[derive(Debug)]
pub struct Ran {
    /// In the order of the plan, whatever the jobs.
    pub asked: Vec<Asked>,
    /// Of the rows of the videos that were asked about.
    pub data_hash: String,
    pub stopped: bool,
    /// How long asking and judging took, without golds and copies.
    pub seconds: f64,
}

#[derive(Debug)]
pub struct Asked {
    pub place: Place,
    pub record: CaseRecord,
    /// The statement that ran, to run it again on changed copies.
    pub query: Option<Query>,
}

/// Why there is no run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Correct the suite: a gold that fails fails the run.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Suite(Vec<CaseProblem>),
    /// Ask for strategies that exist.
    #[error(transparent)]
    Ask(#[from] AskError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Run it again while nothing is loaded.
    #[error(
        "the data changed while the suites ran, so golds and answers are not of the same rows; run it again while nothing is written"
    )]
    DataChanged,
}

/// Asks what is not in `done` yet. `told` hears of each case as it is judged, in no order; `stop` ends the run after
/// the questions in flight.
///
/// # Errors
/// [`RunError`]: nothing was judged, or what was judged is not to be trusted.
pub async fn run(
    engine: &Engine,
    store: &Store,
    plan: &Plan<'_>,
    done: &dyn Fn(&Place) -> bool,
    told: &mut dyn FnMut(&CaseRecord),
    stop: &AtomicBool,
) -> Result<Ran, RunError> {
    let before = data_hash(store, plan).await?;
    let golds = golds(store, plan).await?;
    let places: Vec<Place> = places(plan).into_iter().filter(|place| !done(place)).collect();
    let wanted = places.len();
    let mut asked = Vec::new();
    let began = Instant::now();
    let mut answers = stream::iter(places.into_iter().take_while(|_| !stop.load(Ordering::Relaxed)))
        .map(|place| one(engine, store, plan, place, golds.get(&(place.suite, place.case))))
        .buffer_unordered(plan.jobs.max(1));
    while let Some(one) = answers.next().await {
        let one = one?;
        told(&one.record);
        asked.push(one);
    }
    drop(answers);
    let seconds = began.elapsed().as_secs_f64();
    asked.sort_by_key(|asked| asked.place);
    if data_hash(store, plan).await? != before {
        return Err(RunError::DataChanged);
    }
    let stopped = asked.len() < wanted;
    Ok(Ran { asked, data_hash: before, stopped, seconds })
}

/// Every case, strategy after strategy, in the order of the suites.
pub fn places(plan: &Plan<'_>) -> Vec<Place> {
    let mut places = Vec::new();
    for (suite, of) in plan.suites.iter().enumerate() {
        for case in 0..of.cases.len() {
            for strategy in 0..plan.strategies.len() {
                places.extend((0..plan.repeat.max(1)).map(|repeat| Place { suite, case, strategy, repeat }));
            }
        }
    }
    places
}

type Golds = BTreeMap<(usize, usize), Gold>;

/// The gold results, all of them or none.
async fn golds(store: &Store, plan: &Plan<'_>) -> Result<Golds, RunError> {
    let mut snapshot = store.snapshot(plan.limits).await?;
    let mut golds = Golds::new();
    let mut problems = Vec::new();
    for (s, suite) in plan.suites.iter().enumerate() {
        for (c, case) in suite.cases.iter().enumerate() {
            let mut wrong = |what: String| {
                let case = Some(case.id.clone());
                problems.push(CaseProblem { path: suite.path.clone(), line: suite.cases[c].line, case, what });
            };
            if let Expected::Relevant(relevant) = &case.expected {
                let missing = semantic::missing(&mut snapshot, case.video_id, relevant).await?;
                if !missing.is_empty() {
                    wrong(format!("`relevant` names events that video {} does not have: {missing:?}", case.video_id));
                }
            }
            let Expected::Sql { sql, ordered, kind, .. } = &case.expected else { continue };
            match result::gold(&mut snapshot, &Door::to_video(plan.catalog, case.video_id), *kind, sql, *ordered).await
            {
                Ok(gold) => match judge(mode(*kind), *ordered, std::slice::from_ref(&gold), &Predicted::Abstained) {
                    Ok(_) => {
                        golds.insert((s, c), gold);
                    }
                    Err(bad) => wrong(said_of_gold(&bad)),
                },
                Err(error) => wrong(format!("its SQL: {}", error.of_statement()?)),
            }
        }
    }
    snapshot.close().await;
    if problems.is_empty() { Ok(golds) } else { Err(RunError::Suite(problems)) }
}

fn said_of_gold(bad: &BadGold) -> String {
    format!("its SQL does not fit its kind: {bad}")
}

pub(super) fn mode(kind: AskedKind) -> Mode {
    Mode::Contract(match kind {
        AskedKind::Events | AskedKind::Semantic => Kind::Events,
        AskedKind::Scalar => Kind::Scalar,
        AskedKind::Groups => Kind::Groups,
        AskedKind::Abstain => Kind::Abstain,
    })
}

async fn one(
    engine: &Engine,
    store: &Store,
    plan: &Plan<'_>,
    place: Place,
    gold: Option<&Gold>,
) -> Result<Asked, RunError> {
    let suite = &plan.suites[place.suite];
    let case = &suite.cases[place.case];
    let strategy = &plan.strategies[place.strategy];
    let began = Instant::now();
    let asked = engine.ask(Ask {
        caller: "eval".to_owned(),
        prompt: case.prompt.clone(),
        video_id: case.video_id,
        lang: Some(case.lang),
        now: case.now.unwrap_or_else(default_now),
        strategy: Some(strategy.clone()),
    });
    let reply = as_repeat(place.repeat, asked).await;
    let ms = (began.elapsed().as_secs_f64() * 1e6).round() / 1e3;
    let reply = match reply {
        Ok(reply) => reply,
        Err(error @ AskError::UnknownStrategy(_)) => return Err(error.into()),
        Err(error) => {
            let what = error.to_string();
            let id = Some(case.id.clone());
            return Err(RunError::Suite(vec![CaseProblem {
                path: suite.path.clone(),
                line: case.line,
                case: id,
                what,
            }]));
        }
    };
    let can_search = engine.can_search(strategy);
    // Its clock, for the times of the reply; the engine has just looked it up.
    let video = store.reader.video(case.video_id).await.ok().flatten();
    let record = record(suite, case, strategy, place.repeat, &reply, gold, can_search, ms, video.as_deref())?;
    Ok(Asked { place, record, query: reply.query })
}

#[expect(clippy::too_many_arguments, reason = "what a record is made of, each used once")]
fn record(
    suite: &Suite,
    case: &Case,
    strategy: &str,
    repeat: u32,
    reply: &Reply,
    gold: Option<&Gold>,
    can_search: bool,
    ms: f64,
    video: Option<&Video>,
) -> Result<CaseRecord, RunError> {
    let (predicted, answer) = predicted(reply);
    let judged = judged(case, &predicted, gold, can_search).map_err(|bad| {
        let case_id = Some(case.id.clone());
        let what = said_of_gold(&bad);
        RunError::Suite(vec![CaseProblem { path: suite.path.clone(), line: case.line, case: case_id, what }])
    })?;
    let retrieval = match (&case.expected, &reply.outcome) {
        (Expected::Relevant(relevant), Outcome::Answered(answer)) => Some(semantic::retrieval(relevant, answer)),
        _ => None,
    };
    let failed = matches!(reply.outcome, Outcome::Failed(_));
    Ok(CaseRecord {
        suite: suite.name.clone(),
        case: case.id.clone(),
        strategy: strategy.to_owned(),
        repeat,
        prompt: case.prompt.clone(),
        lang: case.lang,
        video_id: case.video_id,
        kind: case.kind(),
        tags: case.tags.clone(),
        difficulty: case.difficulty,
        pair: case.pair.clone(),
        verdict: judged.verdict,
        reason: judged.reason,
        answered: answer.is_some(),
        soft_f1: judged.soft_f1,
        retrieval,
        lucky: Vec::new(),
        said_no: reply.outcome.reason().map(|(code, message)| Why { code: code.to_owned(), message }),
        rung: reply.strategy.map(|rung| rung.name().to_owned()),
        reply: reply.words.clone(),
        ungrounded: ungrounded(reply, &case.prompt, video),
        gold_sql: case.sql().map(str::to_owned),
        sql: reply.query.as_ref().map(Query::readable),
        sql_fate: match &reply.query {
            _ if matches!(reply.outcome, Outcome::Failed(Failed::NoStatement)) => SqlFate::Refused,
            None => SqlFate::None,
            Some(_) if failed => SqlFate::Failed,
            Some(_) if reply.trace.iter().any(|step| step.outcome == "repair") => SqlFate::Repaired,
            Some(_) => SqlFate::Ran,
        },
        gold: gold.map(|gold| result::excerpt(&gold.table)),
        predicted: answer.map(|table| result::excerpt(&table)),
        ms,
        steps: reply
            .trace
            .iter()
            .map(|step| StepRecord {
                step: step.step.to_owned(),
                outcome: step.outcome.to_owned(),
                reason: step.reason.map(str::to_owned),
                ms: step.ms,
            })
            .collect(),
        usage: UsageRecord {
            input_tokens: reply.usage.input_tokens,
            output_tokens: reply.usage.output_tokens,
            cache_read_tokens: reply.usage.cache_read_tokens,
            cache_write_tokens: reply.usage.cache_write_tokens,
            cost_micro_usd: reply.usage.cost_usd.map(|usd| (usd * 1e6).round() as u64),
        },
    })
}

/// What is judged, and the table where there is one.
fn predicted(reply: &Reply) -> (Predicted, Option<super::table::Table>) {
    match &reply.outcome {
        Outcome::Answered(answer) | Outcome::Empty(answer) => {
            let table = result::of_answer(answer);
            (Predicted::Table(table.clone()), Some(table))
        }
        Outcome::Abstained(_) => (Predicted::Abstained, None),
        Outcome::Failed(failure) => {
            let failure = match failure.code() {
                "timed_out" => Failure::TimedOut,
                "too_many_rows" => Failure::Truncated,
                code => Failure::Engine(format!("{code}: {}", failure.message())),
            };
            (Predicted::Failed(failure), None)
        }
    }
}

struct Judged {
    verdict: Verdict,
    reason: Option<Why>,
    soft_f1: Option<f64>,
}

fn judged(case: &Case, predicted: &Predicted, gold: Option<&Gold>, can_search: bool) -> Result<Judged, BadGold> {
    let plain = |verdict| Judged { verdict, reason: None, soft_f1: None };
    let ordered = matches!(case.expected, Expected::Sql { ordered: true, .. });
    let golds = gold.map(std::slice::from_ref).unwrap_or_default();
    match (&case.expected, predicted) {
        (Expected::Relevant(_), Predicted::Table(_)) => return Ok(plain(Verdict::Graded)),
        (Expected::Relevant(_), Predicted::Abstained) if !can_search => return Ok(plain(Verdict::NotApplicable)),
        (Expected::Relevant(_), Predicted::Abstained) => return Ok(plain(Verdict::Abstained)),
        _ => {}
    }
    let mode =
        if matches!(case.expected, Expected::Relevant(_)) { Mode::Contract(Kind::Abstain) } else { mode(case.kind()) };
    let found = judge(mode, ordered, golds, predicted)?;
    let verdict = match predicted {
        _ if found.right => Verdict::Right,
        Predicted::Failed(_) => Verdict::Error,
        Predicted::Abstained => Verdict::Abstained,
        Predicted::Table(_) => Verdict::Wrong,
    };
    let reason = found.reason.map(|reason| Why { code: reason.code.name().to_owned(), message: reason.message });
    let soft_f1 = (case.kind() != AskedKind::Abstain).then_some(found.soft_f1);
    Ok(Judged { verdict, reason, soft_f1 })
}

/// Of every row of the videos of the suites, in the order of their numbers: runs on the same data have the same.
///
/// # Errors
/// The store's.
pub async fn data_hash(store: &Store, plan: &Plan<'_>) -> Result<String, StoreError> {
    let videos = plan.suites.iter().flat_map(|suite| &suite.cases).map(|case| case.video_id);
    let Some(scope) = Scope::videos(videos) else { return Ok(String::new()) };
    let mut snapshot = store.snapshot(plan.limits).await?;
    let table = snapshot.query(&Query::fingerprint(&scope)).await;
    snapshot.close().await;
    Ok(table?.rows.into_iter().flatten().flatten().next().unwrap_or_default())
}
