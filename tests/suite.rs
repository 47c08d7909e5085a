//! The suites of questions in `eval/suites`, read by rules alone and compared with what their SQL returns.
//!
//! `cargo test --test suite -- --nocapture` shows the figures; `eval/README.md` says what they mean.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests, which clippy does not see as tests"
)]

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use askline::{
    answer::{Answer, Kind, Value},
    question::{Lang, Lexicon, Question, decline, read},
    sql::compose::compose,
    store::Limits,
};
use jiff::{Timestamp, Zoned, fmt::temporal::Pieces, tz::TimeZone};
use serde_json::Value as Json;
use sqlx::{AssertSqlSafe, PgConnection};
use support::Db;

/// Where a case names no moment; no answer may depend on it.
const NOW: &str = "2026-03-02T18:00:00+09:00";

#[tokio::test(flavor = "multi_thread")]
async fn dev_suite() {
    check("dev-suite.yaml").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sample() {
    check("sample.yaml").await;
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    id: String,
    prompt: String,
    lang: Lang,
    /// What a Korean and an English case that ask the same have in common.
    pair: Option<String>,
    video_id: i64,
    now: Option<String>,
    kind: Asked,
    sql: Option<String>,
    #[serde(default)]
    ordered: bool,
    relevant: Option<Relevant>,
    tags: Vec<String>,
    difficulty: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Asked {
    Events,
    Scalar,
    Groups,
    Abstain,
    Semantic,
}

/// Ids, or ids with their grades.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Relevant {
    Plain(Vec<i64>),
    Graded(BTreeMap<i64, u32>),
}

/// What the rules made of one case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// The gold answer; for `abstain` a declined question, for `semantic` one that was passed on.
    Right,
    /// Answered, and not as the gold says.
    Wrong,
    /// Not answered, because a part was not understood.
    Passed,
    /// Declined, though the tables hold the answer.
    Declined,
}

struct Ran<'a> {
    case: &'a Case,
    outcome: Outcome,
    answered: bool,
    /// Expected and got, or the words left over.
    note: String,
}

async fn check(file: &str) {
    let cases = load(file);
    let db = Db::sample().await;
    let lexicon = Lexicon::builtin().expect("the vocabulary is sound");
    let mut beside = db.other_connection().await;
    let mut errors = Vec::new();
    let mut ran = Vec::new();
    for case in &cases {
        match run(case, &db, beside.as_mut(), &lexicon).await {
            Ok(one) => ran.push(one),
            Err(error) => errors.push(format!("{} {:?}: {error}", case.id, case.prompt)),
        }
    }
    let figures = figures(file, &ran);
    println!("{figures}");
    // An engine that could not look has not answered wrongly: no figure is taken from such a run.
    assert!(errors.is_empty(), "{file}: {} cases could not be run\n{}", errors.len(), errors.join("\n"));

    let mut failures = Vec::new();
    let asked: Vec<&Ran<'_>> = ran.iter().filter(|r| r.case.kind != Asked::Semantic).collect();
    let right = asked.iter().filter(|r| r.outcome == Outcome::Right).count();
    if right * 100 < asked.len() * 90 {
        failures.push(format!("{right} of {} are right: less than 90%", asked.len()));
    }
    let answered = ran.iter().filter(|r| r.answered).count();
    let precise = ran.iter().filter(|r| r.answered && r.outcome == Outcome::Right).count();
    if precise * 100 < answered * 99 {
        failures.push(format!("{precise} of {answered} answers are right: less than 99%"));
    }
    for one in &ran {
        let fault = match (one.case.kind, one.outcome) {
            (Asked::Abstain | Asked::Semantic, Outcome::Wrong) => "answered, and must not be",
            (_, Outcome::Declined) => "declined, though it is not to be refused",
            _ => continue,
        };
        failures.push(format!("{} {fault}", one.case.id));
    }
    assert!(failures.is_empty(), "{file}\n  {}\n{}", failures.join("\n  "), wrong(&ran));
}

/// The cases of a suite, each of them whole.
fn load(file: &str) -> Vec<Case> {
    let path = format!("{}/eval/suites/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect(&path);
    let cases: Vec<Case> = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut ids = BTreeSet::new();
    let mut pairs: BTreeMap<&str, Vec<Lang>> = BTreeMap::new();
    for case in &cases {
        let id = &case.id;
        assert!(ids.insert(id.as_str()), "{file}: {id} stands there twice");
        assert!(!case.prompt.trim().is_empty(), "{file}: {id} asks nothing");
        assert!(!case.tags.is_empty() && (1..=5).contains(&case.difficulty), "{file}: {id}: tags or difficulty");
        let answerable = matches!(case.kind, Asked::Events | Asked::Scalar | Asked::Groups);
        assert_eq!(case.sql.is_some(), answerable, "{file}: {id}: sql does not go with its kind");
        let relevant = match &case.relevant {
            None => None,
            Some(Relevant::Plain(ids)) => Some(ids.len()),
            Some(Relevant::Graded(ids)) => Some(ids.values().filter(|grade| **grade > 0).count()),
        };
        assert_eq!(
            relevant.is_some(),
            case.kind == Asked::Semantic,
            "{file}: {id}: relevant does not go with its kind"
        );
        assert!(!case.ordered || case.kind == Asked::Events, "{file}: {id}: only events are ordered");
        if let Some(pair) = &case.pair {
            pairs.entry(pair).or_default().push(case.lang);
        }
    }
    for (pair, langs) in pairs {
        assert!(langs.len() == 2 && langs[0] != langs[1], "{file}: pair {pair} is not one question in two languages");
    }
    cases
}

async fn run<'a>(
    case: &'a Case,
    db: &Db,
    beside: Option<&mut PgConnection>,
    lexicon: &Lexicon,
) -> Result<Ran<'a>, String> {
    let ran = |outcome, answered, note| Ok(Ran { case, outcome, answered, note });
    let video = db.store.reader.video(case.video_id).await.map_err(|error| error.to_string())?;
    let video = video.ok_or("there is no such video")?;
    let now = moment(case.now.as_deref().unwrap_or(NOW));
    let question = Question { text: &case.prompt, lang: case.lang, video: &video, now };
    let reading = read(&question, lexicon);
    if let Some(signal) = decline(&reading, &video) {
        let outcome = if case.kind == Asked::Abstain { Outcome::Right } else { Outcome::Declined };
        return ran(outcome, false, format!("declined: {signal:?}"));
    }
    let Ok(query) = compose(&reading, &video) else {
        let outcome = if case.kind == Asked::Semantic { Outcome::Right } else { Outcome::Passed };
        let left: Vec<&str> = reading.unread.iter().map(|unread| unread.text.as_str()).collect();
        return ran(outcome, false, format!("left over: {}", left.join(" · ")));
    };
    let Some(sql) = &case.sql else {
        return ran(Outcome::Wrong, true, format!("expected no answer\n    got      {}", query.readable()));
    };
    let failed = |error| format!("{error}\n    {}", query.readable());
    let got = Found::of(db.store.reader.run(&query, Limits::default()).await.map_err(failed)?);
    let expected = gold(case, sql, db, beside).await?;
    if got.same(&expected, case.ordered) {
        return ran(Outcome::Right, true, String::new());
    }
    let note = format!(
        "expected {}\n             {sql}\n    got      {}\n             {}",
        expected.shown(),
        got.shown(),
        query.readable()
    );
    ran(Outcome::Wrong, true, note)
}

/// With the offset it was given in, as a client sends it.
fn moment(text: &str) -> Zoned {
    let offset = Pieces::parse(text).unwrap().to_numeric_offset().expect("now has an offset");
    text.parse::<Timestamp>().unwrap().to_zoned(TimeZone::fixed(offset))
}

/// What a query returned, in the form it is compared in.
enum Found {
    Ids(Vec<i64>),
    /// No row is `Null`.
    Value(Json),
    Pairs(Vec<[Json; 2]>),
}

impl Found {
    fn of(answer: Answer) -> Self {
        let json = |value: Value| serde_json::to_value(value).expect("a cell is JSON");
        match answer {
            Answer::Events(events) => Self::Ids(events.ids),
            Answer::Scalar(value) => Self::Value(json(value)),
            Answer::Groups(pairs) => Self::Pairs(pairs.into_iter().map(|(k, v)| [json(k), json(v)]).collect()),
        }
    }

    fn same(&self, gold: &Self, ordered: bool) -> bool {
        match (self, gold) {
            (Self::Ids(a), Self::Ids(b)) if ordered => a == b,
            (Self::Ids(a), Self::Ids(b)) => a.iter().collect::<BTreeSet<_>>() == b.iter().collect::<BTreeSet<_>>(),
            (Self::Value(a), Self::Value(b)) => same_cell(a, b),
            (Self::Pairs(a), Self::Pairs(b)) => {
                let mut rest: Vec<&[Json; 2]> = b.iter().collect();
                a.len() == b.len()
                    && a.iter().all(|[key, value]| {
                        let at = rest.iter().position(|[k, v]| same_cell(k, key) && same_cell(v, value));
                        at.map(|at| rest.swap_remove(at)).is_some()
                    })
            }
            _ => false,
        }
    }

    fn shown(&self) -> String {
        let mut out = match self {
            Self::Ids(ids) => format!("{} events {ids:?}", ids.len()),
            Self::Value(value) => value.to_string(),
            Self::Pairs(pairs) => {
                let pairs: Vec<String> = pairs.iter().map(|[k, v]| format!("{k}: {v}")).collect();
                format!("{} groups {}", pairs.len(), pairs.join(", "))
            }
        };
        if let Some((cut, _)) = out.char_indices().nth(300) {
            out.truncate(cut);
            out.push('…');
        }
        out
    }
}

/// Numbers to 1e-6 of their size, text exactly, NULL only with NULL.
fn same_cell(a: &Json, b: &Json) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a == b || (a - b).abs() <= 1e-6 * a.abs().max(b.abs()),
        _ => a == b,
    }
}

/// Runs the SQL of a case, with its rows as JSON so that they are not read by the code under test, and in a fixed
/// TimeZone. Beside the store where there is a second connection, else on the store's one.
async fn gold(case: &Case, sql: &str, db: &Db, beside: Option<&mut PgConnection>) -> Result<Found, String> {
    let sql = sql.trim().trim_end_matches(';');
    let (row, columns) = match case.kind {
        Asked::Events => ("to_json(g.id)", "g"),
        Asked::Scalar => ("to_json(g.value)", "g(value)"),
        _ => ("json_build_array(g.key, g.value)", "g(key, value)"),
    };
    let text = format!(
        "SELECT CASE WHEN set_config('TimeZone', 'UTC', true) = 'UTC' THEN \
         (SELECT coalesce(json_agg({row}), '[]')::text FROM ({sql}) AS {columns}) END"
    );
    let failed = |error: String| format!("its SQL: {error}\n    {sql}");
    let json: String = match beside {
        Some(conn) => {
            sqlx::query_scalar(AssertSqlSafe(text)).fetch_one(conn).await.map_err(|error| failed(error.to_string()))?
        }
        None => match db.read(&text, Kind::Scalar).await.map_err(|error| failed(error.to_string()))? {
            Answer::Scalar(Value::Text(json)) => json,
            other => return Err(failed(format!("{other:?}"))),
        },
    };
    let unfit = |error: serde_json::Error| failed(format!("{error}: {json}"));
    Ok(match case.kind {
        Asked::Events => Found::Ids(serde_json::from_str(&json).map_err(unfit)?),
        Asked::Scalar => {
            let mut rows: Vec<Json> = serde_json::from_str(&json).map_err(unfit)?;
            if rows.len() > 1 {
                return Err(failed(format!("{} rows for one value", rows.len())));
            }
            Found::Value(rows.pop().unwrap_or(Json::Null))
        }
        _ => Found::Pairs(serde_json::from_str(&json).map_err(unfit)?),
    })
}

/// The table: how many cases of each kind, language and difficulty went which way.
fn figures(file: &str, ran: &[Ran<'_>]) -> String {
    let mut out = format!(
        "\n{file}, rules alone\n{:22}{:>7}{:>7}{:>7}{:>8}{:>10}{:>9}{:>11}\n",
        "", "cases", "right", "wrong", "passed", "declined", "right %", "answered %"
    );
    let mut row = |name: &str, of: &dyn Fn(&Ran<'_>) -> bool| {
        let of: Vec<&Ran<'_>> = ran.iter().filter(|r| of(r)).collect();
        let count = |outcome| of.iter().filter(|r| r.outcome == outcome).count();
        let answered = of.iter().filter(|r| r.answered).count();
        let precise = of.iter().filter(|r| r.answered && r.outcome == Outcome::Right).count();
        let percent = |part: usize, whole: usize| match whole {
            0 => "-".to_owned(),
            _ => format!("{:.1}", 100.0 * part as f64 / whole as f64),
        };
        if !of.is_empty() {
            let right = count(Outcome::Right);
            let _ = writeln!(
                out,
                "{name:22}{:>7}{right:>7}{:>7}{:>8}{:>10}{:>9}{:>11}",
                of.len(),
                count(Outcome::Wrong),
                count(Outcome::Passed),
                count(Outcome::Declined),
                percent(right, of.len()),
                percent(precise, answered)
            );
        }
    };
    for kind in [Asked::Events, Asked::Scalar, Asked::Groups, Asked::Abstain, Asked::Semantic] {
        row(&format!("{kind:?}").to_lowercase(), &|r| r.case.kind == kind);
    }
    for lang in [Lang::Ko, Lang::En, Lang::Ja, Lang::Zh] {
        row(&format!("{lang:?}").to_lowercase(), &|r| r.case.lang == lang && r.case.kind != Asked::Semantic);
    }
    for difficulty in 1..=5 {
        let of = |r: &Ran<'_>| r.case.difficulty == difficulty && r.case.kind != Asked::Semantic;
        row(&format!("difficulty {difficulty}"), &of);
    }
    row("all but semantic", &|r| r.case.kind != Asked::Semantic);
    for one in ran.iter().filter(|r| r.outcome == Outcome::Passed) {
        let _ = writeln!(out, "passed  {} {:?}, {}", one.case.id, one.case.prompt, one.note);
    }
    out + &wrong(ran)
}

fn wrong(ran: &[Ran<'_>]) -> String {
    let mut out = String::new();
    for one in ran.iter().filter(|r| matches!(r.outcome, Outcome::Wrong | Outcome::Declined)) {
        let _ = writeln!(out, "wrong   {} {:?} (video {})", one.case.id, one.case.prompt, one.case.video_id);
        let _ = writeln!(out, "    {}", one.note);
    }
    out
}

/// The comparison itself, on answers that differ in one thing.
#[test]
fn answers_are_compared_as_the_contract_says() {
    let json = |text: &str| -> Json { serde_json::from_str(text).unwrap() };
    let value = |text: &str| Found::Value(json(text));
    let pairs = |text: &str| Found::Pairs(serde_json::from_str(text).unwrap());
    let same = |a: &Found, b: &Found| a.same(b, false) && b.same(a, false);

    assert!(same(&Found::Ids(vec![2, 1]), &Found::Ids(vec![1, 2])));
    assert!(!Found::Ids(vec![2, 1]).same(&Found::Ids(vec![1, 2]), true));
    assert!(!same(&Found::Ids(vec![1]), &Found::Ids(vec![1, 2])));
    assert!(!same(&Found::Ids(Vec::new()), &value("null")));

    assert!(same(&value("3"), &value("3.0000001")));
    assert!(!same(&value("3"), &value("3.00001")));
    assert!(!same(&value("0"), &value("null")));
    assert!(!same(&value("\"3\""), &value("3")));
    assert!(!same(&value("\"theft\""), &value("\"Theft\"")));

    assert!(same(&pairs(r#"[["a", 1], [null, 2]]"#), &pairs(r#"[[null, 2.0], ["a", 1]]"#)));
    assert!(!same(&pairs(r#"[["a", 1], ["a", 1]]"#), &pairs(r#"[["a", 1], ["a", 2]]"#)));
    assert!(!same(&pairs(r#"[["a", 1]]"#), &pairs(r#"[["a", 1], ["b", 0]]"#)));
}
