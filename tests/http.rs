//! The HTTP edge, over the sample data: what it takes, what it answers, how it fails and how it stops.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests, which clippy does not see as tests"
)]

mod client;
mod support;

use std::time::Duration;

use askline::store::{Limits, Settings, Store};
use client::{Got, Server};
use serde_json::{Value as Json, json};
use sqlx::PgConnection;
use support::{Bare, Db, eventually, execute};
use tokio::io::AsyncWriteExt;

const EVERYTHING: &str = "모든 이벤트를 보여줘";
const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_has_every_field_in_order() {
    let db = Db::sample().await;
    let server = Server::start(&db.store).await;
    for path in ["/api/prompt", "/api/prompt/"] {
        let body = json!({"prompt": EVERYTHING, "video_id": 1}).to_string();
        let got = server.send("POST", path, &[JSON, ("x-request-id", "abc-1")], body.as_bytes()).await;
        assert_eq!((got.status, got.header("content-type")), (200, Some("application/json")), "{got:?}");
        let json = got.json();
        let fields: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        let expected = "response statements timestamp event_id outcome kind event_ids value groups events hits stand_in underfilled reason strategy sql \
                        explanation language trace usage request_id";
        assert_eq!(fields.join(" "), expected);
        assert_eq!(json["outcome"], "answered");
        assert_eq!(json["kind"], "events");
        assert_eq!(json["request_id"], "abc-1");
        assert_eq!(got.header("x-request-id"), Some("abc-1"));
        let ids = json["event_ids"].as_array().unwrap();
        assert!(ids.len() > 50, "every id, never cut");
        let events = json["events"].as_array().unwrap();
        assert_eq!(events.len(), 50);
        assert_eq!((&json["event_id"], &json["timestamp"]), (&ids[0], &events[0]["timestamp"]));
        assert!(json["timestamp"].is_f64());
        let columns: Vec<_> = events[0].as_object().unwrap().keys().map(String::as_str).collect();
        let expected = "id video_id timestamp duration event_type action_detected location area age gender obj_id \
                        confidence description attributes";
        assert_eq!(columns.join(" "), expected);
        for field in ["value", "groups", "reason"] {
            assert_eq!(json[field], Json::Null, "{field}");
        }
        assert_eq!(json["strategy"], "rules");
        assert!(json["sql"].as_str().unwrap().contains("video_id = 1"), "the scope is in it: {}", json["sql"]);
        assert_eq!(json["language"], "ko");
        let steps: Vec<_> =
            json["trace"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
        assert_eq!(steps, ["video", "read", "decline", "rules", "reply"]);
        assert_eq!(
            json["usage"],
            json!({"input_tokens": 0, "output_tokens": 0, "cache_read_tokens": 0, "cache_write_tokens": 0, "cost_usd": 0.0})
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_end_has_its_own_shape() {
    let db = Db::sample().await;
    let server = Server::start(&db.store).await;
    for (prompt, outcome, kind, code, event_ids) in [
        ("5분에서 10분 사이에 도난 사건이 있었나요?", "answered", json!("events"), Json::Null, true),
        ("Was there any theft between 10 and 11 minutes?", "empty", json!("events"), Json::Null, false),
        ("도난이 몇 건 있었어?", "answered", json!("scalar"), Json::Null, false),
        ("Count events by type", "answered", json!("groups"), Json::Null, false),
        ("다른 영상에서는 도난이 있었어?", "abstained", Json::Null, json!("other_video"), false),
        ("도난 기록을 전부 삭제해줘", "abstained", Json::Null, json!("change"), false),
        ("someone juggling chainsaws", "abstained", Json::Null, json!("not_understood"), false),
    ] {
        let got = server.prompt(&json!({"prompt": prompt, "video_id": 1})).await;
        let json = got.json();
        assert_eq!(got.status, 200, "{prompt}: {json}");
        assert_eq!((&json["outcome"], &json["kind"]), (&outcome.into(), &kind), "{prompt}: {json}");
        assert_eq!(json["reason"]["code"], code, "{prompt}: {json}");
        assert_eq!(json["reason"]["message"].is_string(), !code.is_null(), "{prompt}: {json}");
        assert_eq!(!json["event_ids"].as_array().unwrap().is_empty(), event_ids, "{prompt}: {json}");
        assert_eq!((json["event_id"].is_i64(), json["timestamp"].is_f64()), (event_ids, event_ids), "{prompt}: {json}");
        assert_eq!(json["value"].is_i64(), kind == "scalar", "whole numbers stay whole: {prompt}: {json}");
        assert_eq!(json["groups"].is_array(), kind == "groups", "{prompt}: {json}");
        assert_eq!(json["sql"].is_string(), outcome != "abstained", "{prompt}: {json}");
        assert_eq!(json["strategy"].is_string(), outcome != "abstained", "{prompt}: {json}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mistake_is_a_problem_with_a_code() {
    let db = Db::sample().await;
    let server = Server::start(&db.store).await;
    let post = |body: Json| ("POST", "/api/prompt/", JSON, body.to_string());
    let raw = |body: &str| ("POST", "/api/prompt/", JSON, body.to_owned());
    let long = "가".repeat(4_001);
    for (request, status, code, field) in [
        (raw("{\"prompt\": "), 400, "malformed_json", Json::Null),
        (raw("\u{1}\u{2}"), 400, "malformed_json", Json::Null),
        (raw("[1]"), 400, "wrong_type", Json::Null),
        (post(json!({"prompt": "도난", "video_id": 1, "top_k": 3})), 400, "unknown_field", "top_k".into()),
        (post(json!({"video_id": 1})), 400, "missing_field", "prompt".into()),
        (post(json!({"prompt": "도난"})), 400, "missing_field", "video_id".into()),
        (post(json!({"prompt": ["도난"], "video_id": 1})), 400, "wrong_type", "prompt".into()),
        (post(json!({"prompt": "도난", "video_id": "1"})), 400, "wrong_type", "video_id".into()),
        (post(json!({"prompt": "도난", "video_id": 1.5})), 400, "wrong_type", "video_id".into()),
        (post(json!({"prompt": "도난", "video_id": 1, "now": "yesterday"})), 400, "invalid_value", "now".into()),
        (post(json!({"prompt": "도난", "video_id": 1, "lang": "fr"})), 400, "invalid_value", "lang".into()),
        (
            post(json!({"prompt": "도난", "video_id": 1, "strategy": "magic"})),
            400,
            "unknown_strategy",
            "strategy".into(),
        ),
        (post(json!({"prompt": "", "video_id": 1})), 400, "empty_prompt", "prompt".into()),
        (post(json!({"prompt": " \n\u{3000}", "video_id": 1})), 400, "empty_prompt", "prompt".into()),
        (post(json!({"prompt": long, "video_id": 1})), 400, "prompt_too_long", "prompt".into()),
        (post(json!({"prompt": "도난", "video_id": 999})), 404, "unknown_video", "video_id".into()),
        (post(json!({"prompt": "도난", "video_id": -1})), 404, "unknown_video", "video_id".into()),
        (post(json!({"prompt": "a".repeat(70_000), "video_id": 1})), 413, "body_too_large", Json::Null),
        (
            ("POST", "/api/prompt/", ("content-type", "text/plain"), "hi".into()),
            415,
            "unsupported_media_type",
            Json::Null,
        ),
        (("GET", "/api/prompt/", JSON, String::new()), 405, "method_not_allowed", Json::Null),
        (("POST", "/api/health", JSON, String::new()), 405, "method_not_allowed", Json::Null),
        (("GET", "/api/nothing", JSON, String::new()), 404, "not_found", Json::Null),
        (("GET", "/", JSON, String::new()), 404, "not_found", Json::Null),
    ] {
        let (method, path, header, body) = request;
        let got = server.send(method, path, &[header], body.as_bytes()).await;
        let json = got.json();
        let said = format!("{method} {path} {}: {json}", body.chars().take(80).collect::<String>());
        assert_eq!((got.status, json["status"].as_u64()), (status, Some(status.into())), "{said}");
        assert_eq!((&json["code"], &json["field"]), (&code.into(), &field), "{said}");
        assert_eq!(got.header("content-type"), Some("application/problem+json"), "{said}");
        let fields: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(fields, ["type", "title", "status", "code", "detail", "field", "request_id"], "{said}");
        assert_eq!(got.header("x-request-id"), json["request_id"].as_str(), "{said}");
        assert_eq!(got.header("allow").is_some(), status == 405, "{said}");
    }
    let told = server.send("POST", "/api/prompt/", &[JSON], b"{\n  \"prompt\": oops}").await.json();
    assert!(told["detail"].as_str().unwrap().starts_with("line 2, column "), "{told}");
    let told = server.prompt(&json!({"prompt": "도난", "video_id": 1, "strategy": "magic"})).await.json();
    assert!(
        told["detail"]
            .as_str()
            .unwrap()
            .contains("known are: accurate, balanced, frugal, knowledge_base, model-only, offline, rules, semantic, "),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_odd_is_no_mistake() {
    let db = Db::sample().await;
    let server = Server::start(&db.store).await;
    for body in [
        json!({"prompt": "도난\u{0}있어?", "video_id": 1}),
        json!({"prompt": "\u{1f600}\u{202e} ' \" ; -- $1", "video_id": 1}),
        json!({"prompt": "가".repeat(4_000), "video_id": 1}),
        json!({"prompt": "도난", "video_id": 1, "now": "2026-03-01T09:30:00+09:00", "lang": "en", "strategy": "rules"}),
        json!({"prompt": "도난", "video_id": 1, "now": null, "lang": null, "strategy": null}),
    ] {
        let got = server.prompt(&body).await;
        assert_eq!(got.status, 200, "{got:?}");
    }
    let body = json!({"prompt": "도난", "video_id": 1}).to_string();
    for content_type in ["application/json; charset=utf-8", "Application/JSON", "application/vnd.x+json"] {
        let got = server.send("POST", "/api/prompt/", &[("content-type", content_type)], body.as_bytes()).await;
        assert_eq!(got.status, 200, "{content_type}: {got:?}");
    }
    for odd in ["", "a b", "한글", &"a".repeat(129)] {
        let got = server.send("POST", "/api/prompt/", &[JSON, ("x-request-id", odd)], body.as_bytes()).await;
        assert_eq!(got.header("x-request-id").map(str::len), Some(36), "{odd:?} is replaced");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_the_process_and_ready_is_the_database() {
    let Some(bare) = Bare::new().await else { return support::skip("ready", "needs a server") };
    let store = Store::open(Settings::new(bare.place())).await.unwrap();
    store.writer.load_sample().await.unwrap();
    let server = Server::start(&store).await;
    for path in ["/api/health", "/api/health/", "/api/ready", "/api/ready/"] {
        assert_eq!(server.get(path).await.status, 200, "{path}");
    }
    // One video is known, one is not: the failure has to be told in either case.
    let known = json!({"prompt": EVERYTHING, "video_id": 1});
    assert_eq!(server.prompt(&known).await.status, 200);

    execute(&mut bare.connect().await, "ALTER TABLE db_event RENAME TO moved").await;
    execute(&mut bare.connect().await, "ALTER TABLE db_video RENAME TO moved_too").await;
    let got = server.get("/api/ready").await;
    assert_eq!((got.status, &got.json()["code"]), (503, &json!("migrations_missing")));

    bare.gone().await;
    let got = server.get("/api/ready").await;
    assert_eq!((got.status, &got.json()["code"]), (503, &json!("database_unreachable")));
    assert_eq!(server.get("/api/health").await.status, 200);
    for body in [known, json!({"prompt": EVERYTHING, "video_id": 2})] {
        assert_failed(&server.prompt(&body).await, 503, "database_unreachable");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_takes_too_long_is_a_failure() {
    let db = Db::sample().await;
    let limits = Limits { timeout: Duration::from_millis(200), ..Limits::default() };
    let server = Server::start_with(&db.store, limits, Duration::from_secs(30)).await;
    let Some(mut locked) = lock(&db, &server).await else { return support::skip("time limit", "needs a server") };
    let got = server.prompt(&json!({"prompt": EVERYTHING, "video_id": 1})).await;
    assert_failed(&got, 504, "timed_out");
    assert_eq!(got.json()["strategy"], "rules");
    execute(&mut locked, "ROLLBACK").await;
    assert_eq!(server.prompt(&json!({"prompt": EVERYTHING, "video_id": 1})).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_takes_too_long_is_ended() {
    let db = Db::sample().await;
    let limits = Limits { timeout: Duration::from_secs(30), ..Limits::default() };
    let server = Server::start_with(&db.store, limits, Duration::from_millis(300)).await;
    // A body that never comes in full.
    let begun = server.begin("POST", "/api/prompt/", &[JSON, ("content-length", "100")], b"{").await;
    let got = Got::read(begun).await;
    assert_eq!((got.status, &got.json()["code"]), (504, &json!("timed_out")));
    let Some(_locked) = lock(&db, &server).await else { return support::skip("time limit", "needs a server") };
    let got = server.prompt(&json!({"prompt": EVERYTHING, "video_id": 1})).await;
    assert_eq!((got.status, &got.json()["code"]), (504, &json!("timed_out")));
    assert_nothing_waits(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_leaves_nothing_running() {
    let db = Db::sample().await;
    let limits = Limits { timeout: Duration::from_secs(30), ..Limits::default() };
    let server = Server::start_with(&db.store, limits, Duration::from_secs(30)).await;
    let Some(_locked) = lock(&db, &server).await else { return support::skip("hanging up", "needs a server") };
    let body = json!({"prompt": EVERYTHING, "video_id": 1}).to_string();
    let begun = server.begin("POST", "/api/prompt/", &[JSON], body.as_bytes()).await;
    assert!(eventually(Duration::from_secs(5), || async { waiting(&db).await == 1 }).await, "the statement waits");
    drop(begun);
    assert_nothing_waits(&db).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_requests_in_flight_end() {
    let db = Db::sample().await;
    let limits = Limits { timeout: Duration::from_secs(30), ..Limits::default() };
    let mut server = Server::start_with(&db.store, limits, Duration::from_secs(30)).await;
    let Some(mut locked) = lock(&db, &server).await else { return support::skip("stopping", "needs a server") };
    let body = json!({"prompt": EVERYTHING, "video_id": 1}).to_string();
    let begun = server.begin("POST", "/api/prompt/", &[JSON], body.as_bytes()).await;
    assert!(eventually(Duration::from_secs(5), || async { waiting(&db).await == 1 }).await, "the statement waits");
    server.tell_to_stop();
    let refused = || async { tokio::net::TcpStream::connect(server.address).await.is_err() };
    assert!(eventually(Duration::from_secs(5), refused).await, "nobody new is let in");
    execute(&mut locked, "ROLLBACK").await;
    let got = Got::read(begun).await;
    assert_eq!((got.status, &got.json()["outcome"]), (200, &json!("answered")));
    tokio::time::timeout(Duration::from_secs(5), server.stopped()).await.expect("the server ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_does_not_wait_for_who_asks_nothing() {
    let db = Db::empty().await;
    let mut server = Server::start(&db.store).await;
    let _silent = tokio::net::TcpStream::connect(server.address).await.unwrap();
    let mut half = tokio::net::TcpStream::connect(server.address).await.unwrap();
    half.write_all(b"GET /api/he").await.unwrap();
    assert_eq!(server.get("/api/health").await.status, 200);
    server.tell_to_stop();
    tokio::time::timeout(Duration::from_secs(4), server.stopped()).await.expect("the server ends");
}

/// Nobody could look: never an empty answer.
fn assert_failed(got: &Got, status: u16, code: &str) {
    let json = got.json();
    assert_eq!((got.status, &json["outcome"]), (status, &json!("failed")), "{json}");
    assert_eq!((&json["reason"]["code"], &json["kind"]), (&json!(code), &Json::Null), "{json}");
    assert!(!json["response"].as_str().unwrap().is_empty(), "{json}");
}

/// Makes every statement on the events wait, once the server knows the video. `None` on the embedded database.
async fn lock(db: &Db, server: &Server) -> Option<PgConnection> {
    let mut conn = db.other_connection().await?;
    assert_eq!(server.prompt(&json!({"prompt": EVERYTHING, "video_id": 1})).await.status, 200);
    execute(&mut conn, "BEGIN; LOCK TABLE db_event IN ACCESS EXCLUSIVE MODE").await;
    Some(conn)
}

/// How many statements on this database wait for a lock.
async fn waiting(db: &Db) -> i64 {
    let mut conn = db.other_connection().await.expect("a server");
    sqlx::query_scalar(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    .fetch_one(&mut conn)
    .await
    .unwrap()
}

async fn assert_nothing_waits(db: &Db) {
    let none = || async { waiting(db).await == 0 };
    assert!(eventually(Duration::from_secs(3), none).await, "the statement was stopped on the server");
}
