//! `eval lint`: each fault of a suite is found, with what to do; the project's own suites have none.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as tests")]

mod support;

use std::{fmt::Write as _, path::Path};

use askline::{
    eval::{
        case::Suite,
        lint::{Severity, lint},
    },
    question::Lexicon,
    sql::catalog::Catalog,
    store::{Limits, Place},
};
use support::Db;

/// Kind, SQL or ids, and what is said; nothing of a sound case.
const CASES: &[(&str, &str, &str)] = &[
    ("events", "SELECT id FROM db_event WHERE video_id = 1 ORDER BY timestamp, id LIMIT 3", ""),
    ("scalar", "SELECT count(*) FROM db_event WHERE video_id = 1", ""),
    ("groups", "SELECT event_type, count(*) FROM db_event WHERE video_id = 1 GROUP BY 1", ""),
    ("events", "SELECT nothing FROM db_event WHERE video_id = 1", "error: its `sql`: it is refused: unknown_column: "),
    ("events", "DELETE FROM db_event WHERE video_id = 1", "error: its `sql`: it is refused: not_a_select: "),
    ("events", "SELECT timestamp FROM db_event WHERE video_id = 1", "error: a gold of kind events needs a column `id`"),
    ("scalar", "SELECT count(*), 1 FROM db_event WHERE video_id = 1", "error: a gold of kind scalar is one row"),
    ("groups", "SELECT event_type FROM db_event WHERE video_id = 1", "error: a gold of kind groups has two columns"),
    ("events", "SELECT id FROM db_event WHERE video_id = 1 AND timestamp > 1e9", "warning: its result is empty"),
    ("scalar", "SELECT avg(age) FROM db_event WHERE video_id = 1 AND age > 900", "warning: its result is empty"),
    ("events", "SELECT id FROM db_event WHERE timestamp < 20", "error: `db_event` is not held to the video"),
    (
        "events",
        "SELECT e.id FROM db_event e JOIN db_event a ON a.video_id = 1 AND a.timestamp >= e.timestamp WHERE e.video_id = 1 AND \
         a.timestamp < 60",
        "error: id 1 stands in its result more than once",
    ),
    (
        "events",
        "SELECT id FROM db_event WHERE video_id = 1 ORDER BY event_type LIMIT 3",
        "error: its LIMIT cuts through a tie",
    ),
    ("events", "SELECT id FROM db_event WHERE video_id = 1 LIMIT 3", "error: its LIMIT takes some of the rows"),
    (
        "events",
        "SELECT id FROM db_event WHERE video_id = 1 ORDER BY age DESC, id LIMIT 3",
        "warning: an unknown value (NULL) stands at its LIMIT",
    ),
    (
        "events",
        "SELECT id FROM db_event WHERE video_id = 1 ORDER BY id::text LIMIT 3",
        "error: it orders numbers that are kept as text",
    ),
    (
        "scalar",
        "SELECT id FROM (SELECT id FROM db_event WHERE video_id = 1 LIMIT 1) x",
        "error: its result depends on the order in which rows are stored",
    ),
    ("semantic", "[1, 2, 999999]", "error: video 1 has no events [999999]"),
];

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_is_found() {
    let mut text = String::new();
    for (at, (kind, what, _)) in CASES.iter().enumerate() {
        let field = if *kind == "semantic" { "relevant" } else { "sql" };
        let prompt = "?".repeat(at + 1);
        let what = if field == "sql" { format!("\"{what}\"") } else { (*what).to_owned() };
        let _ = write!(
            text,
            "- id: c{at}\n  prompt: a{prompt}b\n  lang: en\n  video_id: 1\n  kind: {kind}\n  {field}: {what}\n"
        );
    }
    let found = findings(&text).await;
    let mut wrong = Vec::new();
    for (at, (_, what, expected)) in CASES.iter().enumerate() {
        let of_case: Vec<&String> = found.iter().filter(|line| line.contains(&format!(": c{at}: "))).collect();
        let fits = match expected.is_empty() {
            true => of_case.is_empty(),
            false => of_case.iter().any(|line| line.contains(&format!("s.yaml:{}: c{at}: {expected}", 6 * at + 1))),
        };
        if !fits {
            wrong.push(format!("{what}\n    expected {expected:?}, found {of_case:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_checked_too() {
    let case = |id: &str, prompt: &str, lang: &str, video: i64, rest: &str| {
        format!(
            "- id: {id}\n  prompt: \"{prompt}\"\n  lang: {lang}\n  video_id: {video}\n  kind: scalar\n  sql: SELECT count(*) + \
             0 FROM db_event WHERE video_id = {video}{rest}\n"
        )
    };
    let text = [
        case("ko", "오늘 몇 건?", "ko", 1, ""),
        case("ko-now", "오늘 몇 건?", "ko", 1, "\n  now: 2026-03-02T10:00:00+09:00"),
        case("en", "how many thefts yesterday?", "en", 1, ""),
        case("hour", "지난 1시간 동안 도난 몇 건?", "ko", 1, ""),
        case("ja", "昨日の盗難は何件?", "ja", 1, ""),
        case("zh", "昨天有几起盗窃?", "zh", 1, ""),
        case("a", "How many  events?", "en", 1, ""),
        case("b", "how many events?", "en", 1, ""),
        case("c", "how many events?", "en", 1, " AND age > 3"),
        case("d", "how many events?", "en", 2, ""),
        case("e", "how many?", "en", 77, ""),
    ];
    let found = findings(&text.concat()).await;
    let of = |id: &str| found.iter().filter(|line| line.contains(&format!(": {id}: "))).cloned().collect::<Vec<_>>();
    for id in ["ko", "en", "hour", "ja", "zh"] {
        assert!(of(id).iter().any(|line| line.contains("error: it is relative to the moment")), "{id}: {:?}", of(id));
    }
    for id in ["ko-now", "a", "d"] {
        assert!(of(id).is_empty(), "{id}: {:?}", of(id));
    }
    assert!(of("b")[0].contains("warning: the same question as a (s.yaml:"), "{:?}", of("b"));
    assert!(of("c")[0].contains("error: the same question as a (s.yaml:"), "{:?}", of("c"));
    assert!(of("e")[0].contains("error: there is no video 77"), "{:?}", of("e"));
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_suites_have_no_errors() {
    let db = Db::sample().await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("eval/suites");
    let suites: Vec<Suite> =
        ["dev-suite.yaml", "sample.yaml"].iter().map(|file| Suite::load(&root.join(file)).unwrap()).collect();
    let found = lint(&db.store, &Lexicon::builtin().unwrap(), &Catalog::builtin().unwrap(), &suites, Limits::default())
        .await
        .unwrap();
    let errors: Vec<String> =
        found.iter().filter(|finding| finding.severity == Severity::Error).map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

async fn findings(text: &str) -> Vec<String> {
    let db = Db::sample().await;
    let suite = Suite::parse("s.yaml", text).unwrap();
    let found =
        lint(&db.store, &Lexicon::builtin().unwrap(), &Catalog::builtin().unwrap(), &[suite], Limits::default())
            .await
            .unwrap();
    found.iter().map(ToString::to_string).collect()
}

/// What the program prints, and its exit codes.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_whether_there_are_errors() {
    let db = Db::sample().await;
    let Place::Url(url) = db.place() else {
        return support::skip("the_command_says_whether_there_are_errors", "the embedded database lets in one process");
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("s.yaml");
    let case =
        "- id: a\n  prompt: how many?\n  lang: en\n  video_id: 1\n  kind: scalar\n  sql: SELECT count(*) FROM db_event";
    for (sql, code, told) in [
        (" WHERE video_id = 1\n", 0, "1 cases, 0 errors, 0 warnings"),
        ("\n", 1, "s.yaml:1: a: error: `db_event` is not held to the video; add video_id = 1 to its conditions"),
        ("\n  sgl: x\n", 2, "unknown field `sgl`"),
    ] {
        std::fs::write(&file, format!("{case}{sql}")).unwrap();
        let ran = std::process::Command::new(env!("CARGO_BIN_EXE_askline"))
            .args(["--database-url", &url, "eval", "lint"])
            .arg(&file)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert!(ran.status.code() == Some(code) && said.contains(told), "{sql:?}: {:?}\n{said}", ran.status);
    }
}
