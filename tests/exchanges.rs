//! Exchanges with models in runs of suites: recorded, played back, never paid twice, never above a limit of money. The
//! program itself, the real database, and the stand-in for Bedrock.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as tests")]

mod support;

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    time::Duration,
};

use askline::{
    eval::{
        files,
        record::{CaseRecord, Summary, Verdict},
    },
    store::Place,
};
use support::{Db, sim::Sim};

/// Questions that only a model reads, each another exchange.
fn suite(cases: usize) -> String {
    (0..cases)
        .map(|n| {
            format!(
                "- id: c{n}\n  prompt: How many frobnicated thefts were there, take {n}?\n  lang: en\n  video_id: 1\n  \
                 kind: scalar\n  sql: SELECT count(*) FROM db_event WHERE video_id = 1 AND event_type = 'theft'\n"
            )
        })
        .collect()
}

fn rules(wait_ms: u64) -> String {
    let input = "{kind: scalar, sql: \"SELECT count(*) FROM db_event e WHERE e.event_type = 'theft'\", explanation: x}";
    format!(
        "  - wait_ms: {wait_ms}\n    reply: {{tool: {{name: answer_with_sql, input: {input}}}}}\n    usage: {{input: 1000, cache_read: 0, cache_write: 0, \
         output: 100}}\n"
    )
}

/// What one exchange costs at the rules' usage and the default model's price, in micro-dollars.
const EACH: u64 = 1_000 * 2 + 100 * 10;

struct Bench {
    folder: tempfile::TempDir,
    place: Place,
    _db: Db,
    sim: Sim,
}

impl Bench {
    async fn new(cases: usize, wait_ms: u64) -> Self {
        let db = Db::sample().await;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("test.yaml"), suite(cases)).unwrap();
        let place = db.place();
        db.store.close().await;
        Self { folder, place, _db: db, sim: Sim::new(&rules(wait_ms)).await }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_askline"));
        command.current_dir(self.folder.path()).env_remove("DATABASE_URL");
        command.args(["eval", "run", "test.yaml", "--strategy", "text2sql"]).args(args);
        command
            .env("USE_BEDROCK", "true")
            .env("AWS_BEDROCK_REGION", "ap-northeast-2")
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG")
            .env("AWS_ENDPOINT_URL", &self.sim.url)
            .env_remove("AWS_PROFILE");
        match &self.place {
            Place::Url(url) => command.env("DATABASE_URL", url),
            Place::Dir { path, .. } => command.env("ASKLINE_DATA_DIR", path),
        };
        command
    }

    /// On a thread of its own: the stand-in answers in this process.
    async fn run(&self, args: &[&str]) -> Output {
        let mut command = self.command(args);
        tokio::task::spawn_blocking(move || command.output().expect("the program runs")).await.unwrap()
    }

    async fn check(&self, args: &[&str], code: i32, told: &[&str]) {
        let output = self.run(args).await;
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        for words in told {
            assert!(said.contains(words), "{args:?}: {words:?} is not in {said}");
        }
    }

    fn asked(&self) -> usize {
        self.sim.outcomes().len()
    }

    fn read(&self, run: &str) -> (Summary, Vec<CaseRecord>) {
        files::read(&self.folder.path().join(run)).unwrap()
    }

    fn exchanges(&self, dir: &str) -> usize {
        // Without one that was being written when its run was killed.
        let whole = |file: &fs::DirEntry| file.path().extension().is_some_and(|extension| extension == "json");
        let files = fs::read_dir(self.folder.path().join(dir).join("chat"));
        files.map_or(0, |files| files.filter_map(Result::ok).filter(whole).count())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_is_played_back_exactly_and_only_the_new_is_asked() {
    let bench = Bench::new(4, 0).await;
    bench.check(&["--out", "a", "--record", "tape", "--repeat", "2"], 0, &["written to a"]).await;
    assert_eq!(bench.asked(), 8, "a repeat is asked for itself");
    assert_eq!(bench.exchanges("tape"), 4);
    for file in fs::read_dir(bench.folder.path().join("tape/chat")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(text.contains("\"request\": {\n") && text.contains("\"input\": 1000"), "for people to read: {text}");
        assert!(!text.contains("AKIDEXAMPLE") && !text.contains("wJalrX") && !text.contains("AWS4"), "{text}");
    }
    let before = bench.asked();
    bench.check(&["--out", "b", "--replay", "tape", "--repeat", "2"], 0, &["written to b"]).await;
    assert_eq!(bench.asked(), before, "nothing is asked");
    let outcomes = |run: &str| -> Vec<_> {
        let (_, records) = bench.read(run);
        records.into_iter().map(|r| (r.case, r.repeat, r.verdict, r.sql, r.usage, r.predicted)).collect()
    };
    assert_eq!(outcomes("a"), outcomes("b"));
    assert!(bench.read("a").1.iter().all(|r| r.verdict == Verdict::Right && r.usage.cost_micro_usd == Some(EACH)));

    // One more case, and one more repeat: without --record-new they fail, and say so; with it, they alone are asked.
    fs::write(bench.folder.path().join("test.yaml"), suite(5)).unwrap();
    bench.check(&["--out", "c", "--replay", "tape"], 0, &["written to c"]).await;
    let missing: Vec<_> = bench.read("c").1.into_iter().filter(|r| r.verdict != Verdict::Right).collect();
    assert_eq!(missing.len(), 1);
    assert_eq!(missing[0].case, "c4");
    let why = format!("{:?} {:?}", missing[0].reason, missing[0].steps);
    assert!(why.contains("not_recorded"), "{why}");
    bench.check(&["--out", "d", "--replay", "tape", "--record-new"], 0, &["written to d"]).await;
    assert_eq!(bench.asked(), before + 1);
    assert!(bench.read("d").1.iter().all(|r| r.verdict == Verdict::Right));
    bench.check(&["--replay", "nowhere"], 2, &["nowhere"]).await;
    bench.check(&["--record", "x", "--replay", "tape"], 2, &["cannot be used with"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_prompt_asks_again_and_money_stops_before_its_limit() {
    let bench = Bench::new(6, 0).await;
    bench.check(&["--out", "a", "--dry-run"], 0, &["6 questions", "price unknown"]).await;
    assert_eq!(bench.asked(), 0);
    bench.check(&["--out", "a", "--jobs", "1"], 0, &["written to a"]).await;
    assert_eq!(bench.asked(), 6);
    let (summary, _) = bench.read("a");
    assert_eq!(summary.strategies[0].figures.cost_micro_usd, Some(6 * EACH));
    assert!(summary.header.models.contains(&"global.anthropic.claude-sonnet-5".to_owned()), "{:?}", summary.header);
    assert!(summary.header.prompts.contains_key("text2sql"));
    bench.check(&["--dry-run", "--baseline", "a"], 0, &["$0.003000 a prompt", "$0.0180"]).await;

    // Half of it is spent before the next would pass the limit.
    let limit = format!("{}", (3 * EACH) as f64 / 1e6);
    bench.check(&["--out", "b", "--jobs", "1", "--max-cost-usd", &limit], 2, &["stopped before its end"]).await;
    let spent: u64 = bench.read("b").1.iter().filter_map(|record| record.usage.cost_micro_usd).sum();
    assert!(spent > 0 && spent <= 3 * EACH, "{spent}");

    // Of a model without a price no limit can be held: it stops at once, and says why.
    let mut command = bench.command(&["--out", "u", "--jobs", "1", "--max-cost-usd", "1"]);
    command.env("AWS_BEDROCK_MODEL_ID", "unpriced.some-model-v1:0");
    let output = tokio::task::spawn_blocking(move || command.output().expect("the program runs")).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.code() == Some(2) && said.contains("price is not known"), "{said}");
    assert_eq!(bench.read("u").1.len(), 1);

    let prompts = bench.folder.path().join("prompts");
    fs::create_dir(&prompts).unwrap();
    let text = include_str!("../prompts/text2sql.yaml").replace("Do not guess", "Never guess");
    fs::write(prompts.join("text2sql.yaml"), &text).unwrap();
    let changed = |args: &[&str]| {
        let mut command = bench.command(args);
        command.env("ASKLINE_PROMPTS", &prompts);
        tokio::task::spawn_blocking(move || command.output().expect("the program runs"))
    };
    let before = bench.asked();
    let output = changed(&["--replay", "a/exchanges", "--record-new", "--out", "c", "--only", "c1"]).await.unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(bench.asked(), before + 1, "another prompt is another exchange");
    assert_ne!(bench.read("c").0.header.prompts, summary.header.prompts);

    // What a model is shown with its answer is no question for it.
    let shown = text.replace("The two shortest break-ins", "How many frobnicated thefts were there - take 3");
    fs::write(prompts.join("text2sql.yaml"), &shown).unwrap();
    let output = changed(&["--dry-run"]).await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("test.yaml:19: case c3: its question is an example of the prompt `text2sql`"), "{said}");
}

/// Whatever is wrong with the files is told by `askline check`, with what is to be looked at, and its exit says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_check_tells_of_files_that_cannot_be_used() {
    let bench = Bench::new(1, 0).await;
    let folder = bench.folder.path();
    fs::create_dir(folder.join("prompts")).unwrap();
    let prompt = include_str!("../prompts/text2sql.yaml").replace("max_tokens:", "max_tokns:");
    fs::write(folder.join("prompts/text2sql.yaml"), &prompt).unwrap();
    fs::write(folder.join("typo.yaml"), "version: 1\nrungs: [rules]\nbudgte: {}\n").unwrap();
    fs::write(folder.join("named.yaml"), "version: 1\nrungs: [{text2sql: {prompt: mine}}]\n").unwrap();
    for (set, expected) in [
        (("ASKLINE_PROMPTS", "prompts"), "text2sql.yaml:10: unknown field `max_tokns`"),
        (("ASKLINE_STRATEGY", "typo.yaml"), "typo.yaml:3:1: unknown field `budgte`"),
        (
            ("ASKLINE_STRATEGY", "named.yaml"),
            "the strategy `named` names the prompt `mine`, which there is not for sql; known are: text2sql",
        ),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_askline"));
        command.args(["check"]).current_dir(folder).env_remove("DATABASE_URL").env(set.0, set.1);
        match &bench.place {
            Place::Url(url) => command.env("DATABASE_URL", url),
            Place::Dir { path, .. } => command.env("ASKLINE_DATA_DIR", path),
        };
        let output = tokio::task::spawn_blocking(move || command.output().expect("the program runs")).await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.code() == Some(1) && said.contains(expected), "{set:?}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_pays_for_nothing_twice() {
    let bench = Bench::new(40, 20).await;
    let mut child = bench.command(&["--out", "killed", "--jobs", "4"]).stdout(Stdio::null()).spawn().unwrap();
    assert!(support::eventually(Duration::from_secs(60), async || bench.asked() > 12).await);
    child.kill().unwrap();
    child.wait().unwrap();
    // What was on its way to the stand-in arrives.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let answered = bench.exchanges("killed/exchanges");
    let journal = fs::read_to_string(bench.folder.path().join("killed/cases.jsonl")).unwrap();
    assert!(journal.lines().count() < 40, "it was killed too late");
    let before = bench.asked();
    bench.check(&["--out", "killed", "--jobs", "4", "--resume"], 0, &["written to killed"]).await;
    assert_eq!(bench.asked() - before, 40 - answered, "only what was not answered is asked");
    assert!(before - answered <= 4, "only what was in flight is lost");
    let (summary, records) = bench.read("killed");
    assert_eq!(records.len(), 40);
    assert!(records.iter().all(|record| record.verdict == Verdict::Right));
    assert_eq!(summary.strategies[0].figures.cost_micro_usd, Some(40 * EACH));
    assert!(Path::new(&bench.folder.path().join("killed/report.html")).exists());
}
