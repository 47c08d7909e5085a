//! The command line, run as a program: what it prints and how it exits.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as tests")]

mod support;

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Command, Output, Stdio},
};

use askline::store::Place;
use serde_json::{Value as Json, json};
use support::Db;

const THEFT: &str = "5분에서 10분 사이에 도난 사건이 있었나요?";

#[tokio::test(flavor = "multi_thread")]
async fn the_outcome_is_the_exit_code() {
    let db = sample().await;
    for (arguments, code) in [
        (&["ask", THEFT, "--video", "1"][..], 0),
        (&["ask", "10초에 싸움 있었어?", "--video", "1"], 0),
        (&["ask", "빨간 모자를 쓴 외계인이 춤추는 장면", "--video", "1"], 3),
        (&["ask", "내일 날씨 어때?", "--video", "1"], 3),
        (&["ask", THEFT, "--video", "99"], 1),
        (&["ask", " ", "--video", "1"], 1),
        (&["ask", THEFT, "--video", "1", "--strategy", "magic"], 1),
        (&["ask", THEFT], 2),
        (&["ask", THEFT, "--video", "one"], 2),
        (&["ask", THEFT, "--video", "1", "--lang", "fr"], 2),
        (&["ask", THEFT, "--video", "1", "--now", "noon"], 2),
        (&["nothing"], 2),
        (&["--help"], 0),
        (&["videos"], 0),
    ] {
        let ran = run(&db, arguments);
        assert_eq!(ran.status.code(), Some(code), "{arguments:?}: {ran:?}");
        assert_eq!(ran.stdout.is_empty(), matches!(code, 1 | 2), "results go to stdout: {arguments:?}: {ran:?}");
        assert_eq!(ran.stderr.is_empty(), !matches!(code, 1 | 2), "complaints go to stderr: {arguments:?}: {ran:?}");
        assert!(!out(&ran).contains('\u{1b}'), "no colour in a pipe: {ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_is_what_http_answers() {
    let db = sample().await;
    let json: Json = serde_json::from_str(&out(&run(&db, &["ask", THEFT, "--video", "1", "--json"]))).unwrap();
    let fields: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = "response statements timestamp event_id outcome kind event_ids value groups events hits stand_in underfilled reason strategy sql \
                    explanation language trace usage request_id";
    assert_eq!(fields.join(" "), expected);
    assert_eq!(
        (&json["outcome"], &json["kind"], &json["language"]),
        (&json!("answered"), &json!("events"), &json!("ko"))
    );
    for event in json["events"].as_array().unwrap() {
        assert_eq!(event["event_type"], "theft");
        assert!((300.0..=600.0).contains(&event["timestamp"].as_f64().unwrap()), "{event}");
    }
    let videos: Json = serde_json::from_str(&out(&run(&db, &["videos", "--json"]))).unwrap();
    assert_eq!(videos.as_array().unwrap().len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn explain_shows_reading_sql_and_time() {
    let db = sample().await;
    let told = out(&run(&db, &["ask", THEFT, "--video", "1", "--explain"]));
    for expected in
        ["reading\n", "Theft", "left over  nothing", "SQL\n", "SELECT", "$1", "steps\n", "rules", " ms  answered"]
    {
        assert!(told.contains(expected), "{expected:?} in {told}");
    }
    let told = out(&run(&db, &["ask", "빨간 모자를 쓴 외계인", "--video", "1", "--explain"]));
    for expected in ["outcome    abstained", "not_understood", "left over  \"", "passed not_understood"] {
        assert!(told.contains(expected), "{expected:?} in {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_pipe_is_no_accident() {
    let db = sample().await;
    let mut child = command(&db).args(["videos"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ran = child.wait_with_output().unwrap();
    assert_eq!((ran.status.code(), ran.stderr.len()), (Some(0), 0), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_says_what_to_do() {
    let db = Db::empty().await;
    db.store.close().await;
    let ran = run(&db, &["ask", THEFT, "--video", "1"]);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(1));
    assert!(told.contains("askline load") && told.contains("--demo"), "{told}");
    let ran = run(&db, &["ask", THEFT, "--video", "1", "--demo"]);
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
}

#[test]
fn a_database_that_is_away_is_told_without_its_password() {
    let ran =
        program().args(["--database-url", "postgres://me:hunter2@127.0.0.1:1/events", "videos"]).output().unwrap();
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(4), "{told}");
    assert!(told.contains("127.0.0.1:1/events") && !told.contains("hunter2"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_loaded_and_bad_ones_are_not() {
    let db = Db::empty().await;
    db.store.close().await;
    let folder = tempfile::tempdir().unwrap();
    let videos = folder.path().join("videos.csv");
    let mut file = std::fs::File::create(&videos).unwrap();
    writeln!(file, "video_id,name,duration,timezone\n7,문 앞,60,Asia/Seoul").unwrap();
    let ran = run(&db, &["load", videos.to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    assert!(out(&run(&db, &["videos"])).contains("문 앞"));
    writeln!(file, "8,뒤,long,Asia/Seoul").unwrap();
    let ran = run(&db, &["load", videos.to_str().unwrap()]);
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert_eq!(ran.status.code(), Some(1), "{ran:?}");
    assert!(told.contains("videos.csv:3, duration"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn serve_says_where_answers_and_stops_when_told() {
    let db = sample().await;
    let mut child =
        command(&db).args(["serve", "--port", "0"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut greeting = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut greeting).unwrap();
    let address = greeting.trim().split("http://").nth(1).unwrap_or_else(|| panic!("an address in {greeting:?}"));
    let port = address.rsplit(':').next().unwrap();

    let mut stream = TcpStream::connect(address).unwrap();
    let secret = "비밀";
    let body = json!({"prompt": format!("{secret} 도난 있었어?"), "video_id": 1}).to_string();
    write!(
        stream,
        "POST /api/prompt HTTP/1.1\r\nhost: a\r\nx-request-id: it-1\r\ncontent-type: application/json\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");

    // Somebody has the port: told at once. The embedded database would be in the way too.
    let taken = command(&db).args(["serve", "--port", port]).output().unwrap();
    assert_eq!(taken.status.code(), Some(1), "{taken:?}");
    assert!(String::from_utf8_lossy(&taken.stderr).contains("cannot listen on"), "{taken:?}");

    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(told.success());
    let ended = child.wait_with_output().unwrap();
    let log = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(0), "{log}");
    // One line for the prompt, as JSON because stderr is no terminal, and without its words.
    let lines: Vec<Json> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["message"] == "prompt").unwrap_or_else(|| panic!("{log}"));
    for (field, expected) in [("request_id", json!("it-1")), ("characters", json!(10)), ("language", json!("ko"))] {
        assert_eq!(line[field], expected, "{line}");
    }
    assert!(line["outcome"].is_string() && line["ms"].is_f64(), "{line}");
    assert!(!log.contains(secret), "{log}");
}

/// The sample, and nobody else at it: the embedded database lets one process in.
async fn sample() -> Db {
    let db = Db::sample().await;
    db.store.close().await;
    db
}

fn run(db: &Db, arguments: &[&str]) -> Output {
    command(db).args(arguments).output().unwrap()
}

fn out(ran: &Output) -> String {
    String::from_utf8(ran.stdout.clone()).unwrap()
}

fn command(db: &Db) -> Command {
    let mut command = program();
    match db.place() {
        Place::Url(url) => command.env("DATABASE_URL", url),
        Place::Dir { path, .. } => command.env("ASKLINE_DATA_DIR", path),
    };
    command
}

/// The program with nothing set but what a test sets.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_askline"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ASKLINE_")) {
        command.env_remove(name);
    }
    command.env_remove("DATABASE_URL").current_dir(std::env::temp_dir());
    command
}
