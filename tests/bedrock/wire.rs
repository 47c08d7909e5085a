//! The stand-in itself: faulty scripts, what it refuses, and that it says what it is.

use askline::sim::Script;
use serde_json::{Value as Json, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::stand_in::StandIn;

#[test]
fn a_faulty_script_is_told_whole() {
    for (script, expected) in [
        ("version: 1\nrules: []\n", "s.yaml: `rules` is empty; a rule is `- reply: {text: …}`"),
        ("version: 1\nrulse: []\n", "s.yaml:2: unknown field `rulse`"),
        ("version: 1\nrules: [{reply: {txt: a}}]\n", "rules[0].reply: unknown field `txt`"),
        ("version: 1\nrules: [{when: {text: '('}, reply: {text: a}}]\n", "regex parse error"),
        (
            "version: 2\nrules:\n  - {}\n  - {reply: {text: '{{ tex }}'}, raw: {status: 99, body: ''}}\n  - when: {nth: [0], \
             chance: 2}\n    error: {code: Odd}\n    fault: {what: exception}\n    wait_ms: [9, 1]\n    stream: {piece: 0}\n",
            "s.yaml: version 2 is unknown; this is 1
s.yaml: rules[0]: says neither `reply` nor `error` nor `raw`
s.yaml: rules[1]: says more than one of `reply`, `error` and `raw`
s.yaml: rules[1]: raw.status: is to be 200 to 599
s.yaml: rules[1]: template `{{ tex }}`: undefined value (in <string>:1)
s.yaml: rules[2]: when.chance: is to be 0 to 1
s.yaml: rules[2]: when.nth: counts from 1
s.yaml: rules[2]: wait_ms: the first is to be the smaller
s.yaml: rules[2]: stream.piece: is to be above 0
s.yaml: rules[2]: error.code: `Odd` is not known; say its `status`, 400 to 599
s.yaml: rules[2]: fault.exception: goes with `what: exception`, and only with it",
        ),
    ] {
        let told = Script::parse("s.yaml", script).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(told.contains(expected), "{told}");
    }
}

#[tokio::test]
async fn what_the_service_would_refuse_is_refused() {
    let sim = StandIn::with("models: [m]\nrules: [{when: {text: fits}, reply: {text: ok}}]", |_| {}).await;
    let user = |text: &str| json!({"role": "user", "content": [{"text": text}]});
    let point = json!({"cachePoint": {"type": "default"}});
    for (path, body, status, holds) in [
        ("/model/m/converse", json!({"messages": [user("it fits")]}), 200, "end_turn"),
        ("/model/m/converse", json!({"messages": [user("else")]}), 400, "no rule of the script fits"),
        ("/model/n/converse", json!({"messages": [user("it fits")]}), 400, "model identifier is invalid"),
        ("/model/m/converse", json!({"messages": []}), 400, "must start with a user message"),
        ("/model/m/converse", json!({"messages": [user("a"), user("b")]}), 400, "must alternate"),
        ("/model/m/converse", json!({"messages": [user(" ")]}), 400, "is blank"),
        ("/model/m/converse", json!({"messages": [user("a")], "max_tokens": 1}), 400, "max_tokens: Extra inputs"),
        ("/model/m/converse", json!({"messages": [user("a")], "system": vec![point; 5]}), 400, "4 cache points"),
        (
            "/model/m/converse",
            json!({"messages": [user("a")], "inferenceConfig": {"temperature": 2}}),
            400,
            "between 0",
        ),
        ("/model/m/invoke", json!({"inputText": "a", "dimensions": 300}), 400, "not a valid enum value"),
        ("/model/m/invoke", json!({"inputText": "가".repeat(40_000)}), 400, "request input token count: 10000"),
        ("/model/m/invoke", json!({"prompt": "a"}), 400, "anthropic_version"),
        ("/knowledgebases/short/retrieve", json!({"retrievalQuery": {"text": "a"}}), 400, "knowledgeBaseId"),
        ("/model/m/rerank", json!({}), 404, "no such operation"),
    ] {
        let (head, got) = send(&sim, "POST", path, &body.to_string()).await;
        assert!(
            head.starts_with(&format!("HTTP/1.1 {status} ")) && got.contains(holds),
            "{path} {body}: {head}\n{got}"
        );
        assert!(head.contains("x-askline-sim: askline bedrock-sim: a test double"), "{head}");
        assert_eq!(head.contains("x-amzn-errortype: "), status != 200, "{head}");
    }

    let (_, told) = send(&sim, "GET", "/__sim/requests", "").await;
    let told: Json = serde_json::from_str(&told).unwrap();
    assert_eq!(told["requests"].as_array().unwrap().len(), 14);
    assert_eq!(told["paid"]["input"], 2, "what is refused costs nothing: {}", told["paid"]);
    send(&sim, "DELETE", "/__sim/requests", "").await;
    assert!(sim.ledger.requests().is_empty());
}

#[tokio::test]
async fn chance_and_latency_repeat_with_their_seed() {
    let rules = "rules:\n  - {when: {chance: 0.5}, error: {code: ThrottlingException}}\n  - {reply: {text: ok}, wait_ms: [1, 3]}";
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let sim = StandIn::with(&format!("seed: {seed}\n{rules}"), |_| {}).await;
        let body = json!({"messages": [{"role": "user", "content": [{"text": "a"}]}]}).to_string();
        for _ in 0..20 {
            send(&sim, "POST", "/model/m/converse", &body).await;
        }
        runs.push(sim.outcomes());
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    assert!(runs[0].iter().any(|outcome| outcome == "reply") && runs[0].iter().any(|outcome| outcome != "reply"));
}

/// Head and body of the answer to an unsigned request.
async fn send(sim: &StandIn, method: &str, path: &str, body: &str) -> (String, String) {
    let mut stream = TcpStream::connect(sim.url.trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut got = String::new();
    stream.read_to_string(&mut got).await.unwrap();
    let (head, body) = got.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}
