//! Runs of suites: what each verdict means, that a run can be stopped and gone on with, and what a bad one says.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, which clippy does not see as tests")]

mod support;

use std::{
    process::{Command, Output, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use askline::{
    engine::Engine,
    eval::{
        case::Suite,
        figures, files,
        gate::Gate,
        luck,
        record::{CaseRecord, Header, Summary, Verdict},
        run::{Place, Plan, RunError, run},
    },
    question::Lexicon,
    router::Router,
    sql::catalog::Catalog,
    store::{self, Limits},
};
use support::Db;

/// One case for each verdict. The sample's video 1 has thefts by men and women.
const CASES: &str = "\
- id: right
  prompt: How many thefts were there?
  lang: en
  video_id: 1
  kind: scalar
  sql: SELECT count(*) FROM db_event WHERE video_id = 1 AND event_type = 'theft'
  tags: [count]
  difficulty: 1
  pair: p
- id: wrong
  prompt: 도난이 몇 건 있었어?
  lang: ko
  video_id: 1
  kind: scalar
  sql: SELECT count(*) + 1 FROM db_event WHERE video_id = 1 AND event_type = 'theft'
  tags: [count, type]
  difficulty: 2
  pair: p
- id: abstained
  prompt: Were there any flibbertigibbets?
  lang: en
  video_id: 1
  kind: events
  sql: SELECT id FROM db_event WHERE video_id = 1 AND event_type = 'theft'
- id: declined
  prompt: delete all the thefts
  lang: en
  video_id: 1
  kind: abstain
- id: searched
  prompt: someone hiding something under a coat
  lang: en
  video_id: 1
  kind: semantic
  relevant: [1]
- id: ordered
  prompt: the three longest thefts
  lang: en
  video_id: 1
  kind: events
  ordered: true
  sql: SELECT id FROM db_event WHERE video_id = 1 AND event_type = 'theft' ORDER BY duration DESC, timestamp, id LIMIT 3
- id: lucky
  prompt: thefts after 3 minutes
  lang: en
  video_id: 1
  kind: events
  sql: SELECT id FROM db_event WHERE video_id = 1 AND event_type = 'theft' AND timestamp > 180
";

struct Bench {
    db: Db,
    engine: Engine,
}

impl Bench {
    async fn new() -> Self {
        let db = Db::sample().await;
        let lexicon = Lexicon::builtin().expect("the vocabulary is sound");
        let router = Router::new("offline").expect("a built-in strategy");
        let engine = Engine::new(db.store.reader.clone(), lexicon, router, Limits::default());
        Self { db, engine }
    }

    async fn run(&self, suites: &[Suite], jobs: usize, mutants: usize) -> Result<Vec<CaseRecord>, RunError> {
        let strategies = vec!["offline".to_owned()];
        let catalog = Catalog::builtin().expect("it is sound");
        let plan = Plan { catalog: &catalog, suites, strategies, repeat: 1, jobs, limits: Limits::default() };
        let never = AtomicBool::new(false);
        let mut asked = run(&self.engine, &self.db.store, &plan, &|_| false, &mut |_| {}, &never).await?.asked;
        luck::hunt(&self.db.store, &plan, &mut asked, mutants).await?;
        Ok(asked.into_iter().map(|asked| asked.record).collect())
    }
}

fn suite(text: &str) -> Vec<Suite> {
    vec![Suite::parse("eval/suites/test.yaml", text).unwrap_or_else(|error| panic!("{error}"))]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_verdict_is_told_apart() {
    let bench = Bench::new().await;
    let records = bench.run(&suite(CASES), 4, 6).await.unwrap();
    let of = |id: &str| records.iter().find(|record| record.case == id).unwrap();
    for (id, verdict, code) in [
        ("right", Verdict::Right, None),
        ("wrong", Verdict::Wrong, Some("values")),
        ("abstained", Verdict::Abstained, Some("abstained")),
        ("declined", Verdict::Right, None),
        ("searched", Verdict::NotApplicable, None),
        ("ordered", Verdict::Right, None),
        ("lucky", Verdict::Right, None),
    ] {
        let record = of(id);
        let found = record.reason.as_ref().map(|why| why.code.as_str());
        assert_eq!((record.verdict, found), (verdict, code), "{id}: {record:?}");
        assert!(record.ungrounded.iter().all(Vec::is_empty), "{id}: {:?}", record.ungrounded);
    }
    assert_eq!(of("abstained").said_no.as_ref().unwrap().code, "not_understood");
    // `> 180` and `>= 180` agree on the sample, and differ where an event stands at 180.
    assert!(!of("lucky").lucky.is_empty());
    assert!(of("right").lucky.is_empty());

    let all: Vec<&CaseRecord> = records.iter().collect();
    let figures = figures::figures(&all);
    assert_eq!((figures.cases, figures.right, figures.wrong, figures.abstained), (7, 4, 1, 1));
    assert_eq!((figures.errors, figures.not_applicable, figures.lucky), (0, 1, 1));
    let accuracy = figures.accuracy.unwrap();
    assert_eq!((accuracy.of, accuracy.value), (6, 4.0 / 6.0));
    assert!(accuracy.low < accuracy.value && accuracy.value < accuracy.high);
    assert_eq!(figures.precision.unwrap().value, 3.0 / 4.0);
    assert_eq!(figures.coverage.unwrap().value, 4.0 / 5.0);
    assert_eq!(figures.abstention_recall.unwrap().value, 1.0);
    assert_eq!(figures.abstention_precision.unwrap().value, 0.5);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_change_nothing_but_the_time() {
    let bench = Bench::new().await;
    let suites = suite(CASES);
    let timeless = |mut records: Vec<CaseRecord>| {
        for record in &mut records {
            record.ms = 0.0;
            record.steps.iter_mut().for_each(|step| step.ms = 0.0);
        }
        records
    };
    let alone = timeless(bench.run(&suites, 1, 0).await.unwrap());
    assert_eq!(alone, timeless(bench.run(&suites, 16, 0).await.unwrap()));
    assert_eq!(alone.iter().map(|record| record.case.as_str()).collect::<Vec<_>>()[..2], ["right", "wrong"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gold_that_fails_fails_the_run_with_all_of_them() {
    let bench = Bench::new().await;
    let case = |id: &str, kind: &str, rest: &str| {
        format!("- id: {id}\n  prompt: x\n  lang: en\n  video_id: 1\n  kind: {kind}\n  {rest}\n")
    };
    let text = case("column", "scalar", "sql: SELECT colour FROM db_event")
        + &case("shape", "scalar", "sql: SELECT id, age FROM db_event")
        + &case("two", "scalar", "sql: SELECT 1; DROP TABLE db_event")
        + &case("write", "scalar", "sql: DELETE FROM db_event RETURNING 1")
        + &case("nowhere", "semantic", "relevant: [1, 99999999]");
    let Err(RunError::Suite(problems)) = bench.run(&suite(&text), 4, 0).await else { panic!("it ran") };
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 5, "{told:#?}");
    for (line, id, words) in [
        (1, "column", "its SQL: it is refused: unknown_column: there is no column colour, at line 1, column 8"),
        (7, "shape", "is one row with one value"),
        (13, "two", "it is refused: several_statements: "),
        (19, "write", "it is refused: not_a_select: "),
        (25, "nowhere", "[99999999]"),
    ] {
        let place = format!("eval/suites/test.yaml:{line}: {id}: ");
        assert!(told.iter().any(|told| told.starts_with(&place) && told.contains(words)), "{place}{words}: {told:#?}");
    }
    // The tables are as they were.
    assert!(bench.run(&suite(CASES), 4, 0).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_run_keeps_what_was_done_and_goes_on() {
    let bench = Bench::new().await;
    let suites = suite(CASES);
    let strategies = vec!["offline".to_owned(), "rules".to_owned()];
    let catalog = Catalog::builtin().expect("it is sound");
    let plan = Plan { catalog: &catalog, suites: &suites, strategies, repeat: 3, jobs: 1, limits: Limits::default() };
    let stop = AtomicBool::new(false);
    let mut seen = 0;
    let mut told = |_: &CaseRecord| {
        seen += 1;
        stop.store(seen == 10, Ordering::Relaxed);
    };
    let first = run(&bench.engine, &bench.db.store, &plan, &|_| false, &mut told, &stop).await.unwrap();
    assert!(first.stopped);
    assert!((10..20).contains(&first.asked.len()), "{}", first.asked.len());
    let done: Vec<_> = first.asked.iter().map(|asked| asked.place).collect();
    let never = AtomicBool::new(false);
    let is_done = |place: &Place| done.contains(place);
    let rest = run(&bench.engine, &bench.db.store, &plan, &is_done, &mut |_| {}, &never).await.unwrap();
    assert_eq!(first.asked.len() + rest.asked.len(), 7 * 2 * 3);
    assert!(rest.asked.iter().all(|asked| !done.contains(&asked.place)));
}

#[tokio::test(flavor = "multi_thread")]
async fn gates_hold_for_each_strategy_and_against_a_baseline() {
    let bench = Bench::new().await;
    let records = bench.run(&suite(CASES), 4, 0).await.unwrap();
    let run = summary(&records);
    // One case better than it was.
    let mut old = records.clone();
    old.iter_mut().filter(|record| record.case == "right").for_each(|record| record.verdict = Verdict::Wrong);
    let (better, worse) = (summary(&records), summary(&old));
    let failed = |gate: &str, run: &Summary, baseline: Option<&Summary>| {
        let checked = Gate::parse(gate).unwrap().check(run, baseline).unwrap();
        checked.iter().any(|checked| checked.failed)
    };
    for (gate, fails) in [
        ("accuracy < 0.9", true),
        ("accuracy < 0.5", false),
        ("accuracy[lang=ko] >= 0.1", false),
        ("accuracy[tag=count] = 0.5", true),
        ("errors > 0", false),
        ("wrong != 1", false),
        ("p95_ms > 60000", false),
        ("cost_per_prompt_usd > 0", false),
    ] {
        assert_eq!(failed(gate, &run, None), fails, "{gate}");
    }
    assert!(failed("regressed(accuracy, 0.1)", &worse, Some(&better)));
    assert!(!failed("regressed(accuracy, 0.2)", &worse, Some(&better)));
    assert!(!failed("regressed(accuracy)", &better, Some(&worse)));
    assert!(failed("regressed(wrong)", &worse, Some(&better)));
    for unusable in ["accuracy[lang=fr] < 1", "recall_at_5 < 1", "regressed(accuracy)"] {
        assert!(Gate::parse(unusable).unwrap().check(&run, None).is_err(), "{unusable}");
    }
}

fn summary(records: &[CaseRecord]) -> Summary {
    let header = Header {
        started_at: "2026-03-02T09:00:00Z".to_owned(),
        crate_version: "0.0.0".to_owned(),
        suites: [("test".to_owned(), "0".to_owned())].into(),
        data_hash: String::new(),
        strategies: [("offline".to_owned(), String::new())].into(),
        lexicon_hash: String::new(),
        prompts: Default::default(),
        models: Vec::new(),
        repeat: 1,
        mutants: 0,
        cases: records.len(),
        stopped: None,
    };
    figures::summary(header, records)
}

/// The command itself, over a database that nobody else has open.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_runs_compares_and_says_how_it_ended() {
    let db = Db::sample().await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(file("test.yaml"), CASES).unwrap();
    let place = db.place();
    db.store.close().await;
    let askline = |args: &[&str]| -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_askline"));
        command.current_dir(folder.path()).env_remove("DATABASE_URL").args(args);
        match &place {
            store::Place::Url(url) => command.env("DATABASE_URL", url),
            store::Place::Dir { path, .. } => command.env("ASKLINE_DATA_DIR", path),
        };
        command.output().expect("the program runs")
    };
    let check = |args: &[&str], code: i32, told: &[&str]| {
        let output = askline(args);
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        for words in told {
            assert!(said.contains(words), "{args:?}: {words:?} is not in {said}");
        }
    };
    check(&["eval", "run", "test.yaml", "--dry-run"], 0, &["7 questions", "costs nothing"]);
    check(&["eval", "run", "test.yaml", "--out", "a", "--mutate", "3"], 0, &["right by luck", "lucky (offline)"]);
    for name in ["cases.jsonl", "summary.json", "report.html", "report.md", "junit.xml"] {
        assert!(folder.path().join("a").join(name).metadata().unwrap().len() > 0, "{name}");
    }
    check(&["eval", "run", "test.yaml", "--fail-if", "accuracy < 0.9"], 1, &["FAILED  fail if accuracy < 0.9"]);
    check(&["eval", "run", "test.yaml", "--fail-if", "acuracy < 0.9"], 2, &["there is no figure `acuracy`"]);
    check(&["eval", "run", "test.yaml", "--fail-if", "regressed(accuracy)"], 2, &["it needs --baseline"]);
    check(&["eval", "run", "nothing.yaml"], 2, &["nothing.yaml"]);
    check(&["eval", "run", "test.yaml", "--strategy", "magic"], 2, &["there is no strategy `magic`"]);
    check(&["eval", "run", "test.yaml", "--out", "a", "--resume", "--mutate", "3"], 0, &["written to a"]);
    check(&["eval", "run", "test.yaml", "--out", "a", "--resume", "--repeat", "2"], 2, &["begin anew"]);
    check(
        &["eval", "run", "test.yaml", "--out", "b", "--baseline", "a", "--fail-if", "regressed(accuracy)"],
        0,
        &["passed"],
    );
    check(&["eval", "compare", "a", "b"], 0, &[]);
    check(&["eval", "report", "b", "--format", "markdown"], 0, &["accuracy"]);
    check(&["eval", "run", "test.yaml", "--only", "count", "--out", "c"], 0, &[]);
    check(&["eval", "compare", "a", "c"], 2, &["test"]);
    let cases =
        |name: &str| std::fs::read_to_string(folder.path().join(name).join("cases.jsonl")).unwrap().lines().count();
    // Nothing is replaced unasked, or by a run that does not begin.
    check(&["eval", "run", "test.yaml", "--out", "b"], 2, &["holds a run already"]);
    std::fs::write(file("bad.yaml"), CASES.replace("count(*)", "count(nothing)")).unwrap();
    check(&["eval", "run", "bad.yaml", "--out", "b", "--overwrite"], 2, &["its SQL: it is refused: "]);
    assert_eq!(cases("b"), 7);
    check(&["eval", "report", "b"], 0, &[]);
    // What was asked is kept, whatever is wrong with a gate.
    check(
        &["eval", "run", "test.yaml", "--out", "d", "--fail-if", "accuracy[tag=no] < 1"],
        2,
        &["no cases of tag `no`"],
    );
    assert_eq!(cases("d"), 7);
    let twice = ["--strategy", "rules", "--strategy", "offline", "--strategy", "rules"];
    check(&[&["eval", "run", "test.yaml", "--out", "e"][..], &twice].concat(), 0, &[]);
    assert_eq!(cases("e"), 14);
    check(&["eval", "list", "."], 0, &["7 cases", "offline"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_goes_on_as_if_nothing_had_been() {
    let db = Db::sample().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("test.yaml"), CASES).unwrap();
    let place = db.place();
    db.store.close().await;
    let askline = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_askline"));
        command.current_dir(folder.path()).env_remove("DATABASE_URL").args(["eval", "run", "test.yaml", "--jobs", "1"]);
        match &place {
            store::Place::Url(url) => command.env("DATABASE_URL", url),
            store::Place::Dir { path, .. } => command.env("ASKLINE_DATA_DIR", path),
        };
        command.args(args).stdout(Stdio::null());
        command
    };
    let repeat = ["--repeat", "40"];
    assert!(askline(&repeat).args(["--out", "whole"]).status().unwrap().success());
    let mut child = askline(&repeat).args(["--out", "killed"]).spawn().unwrap();
    let cases = folder.path().join("killed/cases.jsonl");
    let asked = || std::fs::read_to_string(&cases).map_or(0, |text| text.lines().count());
    assert!(support::eventually(Duration::from_secs(60), async || asked() > 20).await);
    child.kill().unwrap();
    child.wait().unwrap();
    // As if it had been killed in the middle of a line.
    let mut half = std::fs::read(&cases).unwrap();
    half.truncate(half.len() - 40);
    std::fs::write(&cases, half).unwrap();
    assert!(asked() < 7 * 40, "it was killed too late");
    assert!(askline(&repeat).args(["--out", "killed", "--resume"]).status().unwrap().success());

    let timeless = |name: &str| -> (Summary, Vec<CaseRecord>) {
        let (mut summary, mut records) = files::read(&folder.path().join(name)).unwrap();
        summary.header.started_at.clear();
        for slice in summary.strategies.iter_mut().chain(&mut summary.slices) {
            slice.figures.latency_ms.clear();
        }
        for record in &mut records {
            record.ms = 0.0;
            record.steps.iter_mut().for_each(|step| step.ms = 0.0);
        }
        (summary, records)
    };
    assert_eq!(timeless("killed"), timeless("whole"));
}
