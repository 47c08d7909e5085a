//! What is sent, and what is read of replies that arrive.

use askline::{
    bedrock::{Capabilities, Credentials, Keys, ToolUse},
    model::{Chat, Completion, Part, Role, Stop, Turn, Usage},
};
use serde_json::json;

use crate::stand_in::{MODEL, StandIn, chat, schema, with_tool};

#[tokio::test]
async fn the_request_is_the_documented_one() {
    let sim = StandIn::new("  - reply: {text: ok}\n").await;
    sim.complete(&with_tool()).await.unwrap();
    let requests = sim.ledger.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].path, format!("/model/{}/converse", MODEL.replace(':', "%3A")));
    assert_eq!((requests[0].signed, requests[0].model.as_str()), ("sigv4", MODEL));
    assert_eq!(requests[0].attempt.as_deref(), Some("attempt=1; max=3"));
    let expected = json!({
        "system": [{"text": "You write PostgreSQL."}, {"cachePoint": {"type": "default"}}],
        "messages": [{"role": "user", "content": [{"text": "How many thefts were there?"}]}],
        "inferenceConfig": {"maxTokens": 300, "temperature": 0.2},
        "toolConfig": {
            "tools": [{"toolSpec": {
                "name": "emit_sql", "description": "Takes the statement.", "inputSchema": {"json": schema()},
            }}],
            "toolChoice": {"tool": {"name": "emit_sql"}},
        },
    });
    // As text: the order is part of a prefix that is to be kept.
    assert_eq!(requests[0].body.to_string(), expected.to_string());
}

#[tokio::test]
async fn a_model_is_sent_only_what_it_takes() {
    let nothing = Capabilities { sampling: false, tool: ToolUse::None, cache: false };
    let offered = Capabilities { tool: ToolUse::Offered, ..nothing };
    for (takes, choice) in [(nothing, None), (offered, Some(json!({"auto": {}})))] {
        let set = |settings: &mut askline::bedrock::Settings| {
            settings.models.insert(MODEL.to_owned(), takes);
        };
        let sim = StandIn::with("rules: [{reply: {text: ok}}]", set).await;
        sim.complete(&with_tool()).await.unwrap();
        let body = sim.ledger.requests()[0].body.clone();
        assert_eq!(body["system"], json!([{"text": "You write PostgreSQL."}]));
        assert_eq!(body["inferenceConfig"], json!({"maxTokens": 300}));
        assert_eq!(body.pointer("/toolConfig/toolChoice"), choice.as_ref());
    }
}

#[tokio::test]
async fn a_reply_is_read_whole_or_streamed_alike() {
    let rules = "
  - when: {tool: emit_sql, text: thefts}
    reply: {text: 'Counting. ', tool: {name: emit_sql, input: {sql: 'SELECT ''{{ text }}''', n: [1, -2, 0.5, null, true]}}}
    usage: {input: 41, output: 18, cache_read: 7, cache_write: 5, cache_write_1h: 3}
  - when: {text: long}
    reply: {text: 'cut short'}
    stop: max_tokens
  - when: {text: strange}
    reply: {text: hm}
    stop: something_new
  - when: {text: bad}
    reply: {text: '-'}
    stop: guardrail_intervened
  - reply: {text: \"도난 사건은 없었습니다. \\U0001F6B2\"}
    usage: {input: 10, output: 4}
";
    let sim = StandIn::new(rules).await;
    let input = json!({"n": [1, -2, 0.5, null, true], "sql": "SELECT 'How many thefts were there?'"});
    let all = Usage { input: 41, output: 18, cache_read: 7, cache_write: 5, cache_write_1h: 3 };
    let plain = Usage { input: 10, output: 4, ..Usage::default() };
    for (chat, text, input, stop, usage) in [
        (with_tool(), "Counting. ", Some(input), Stop::Tool, Some(all)),
        (asking("long"), "cut short", None, Stop::MaxTokens, None),
        (asking("strange"), "hm", None, Stop::Other("something_new".to_owned()), None),
        (asking("bad"), "-", None, Stop::Filtered, None),
        (chat(), "도난 사건은 없었습니다. 🚲", None, Stop::End, Some(plain)),
    ] {
        let whole = sim.complete(&chat).await.unwrap();
        let (pieces, streamed) = sim.stream(&chat).await;
        for completion in [&whole, &streamed.unwrap()] {
            let Completion { text: said, tool_input, stop: stopped, usage: billed, ms, request_id } = completion;
            assert_eq!((said.as_str(), tool_input, stopped), (text, &input, &stop));
            assert!(usage.is_none_or(|usage| usage == *billed), "{billed:?}");
            assert!(*ms > 0.0 && request_id.as_ref().is_some_and(|id| id.starts_with("00000000-")));
        }
        assert_eq!(pieces.concat(), text);
    }
}

#[tokio::test]
async fn json_in_a_fence_is_understood() {
    let rules = "  - reply: {text: \"Here you are:\\n```json\\n{\\\"sql\\\": \\\"SELECT 1\\\"}\\n```\"}\n";
    let completion = StandIn::new(rules).await.complete(&with_tool()).await.unwrap();
    assert_eq!((completion.tool_input.clone(), completion.object()), (None, Some(json!({"sql": "SELECT 1"}))));
}

#[tokio::test]
async fn a_kept_prefix_is_billed_as_one() {
    let sim = StandIn::with("cache_min_tokens: 100\nrules: [{reply: {text: abcdefgh}}]", |_| {}).await;
    let chat = |system: &str, question: &str| Chat {
        system: vec![Part::Text(system.to_owned()), Part::CachePoint],
        ..asking(question)
    };
    let (long, short) = ("x".repeat(400), "x".repeat(200));
    for (chat, [input, cache_read, cache_write]) in [
        (chat(&long, "one."), [1, 0, 100]),
        (chat(&long, "two?"), [1, 100, 0]),
        (chat(&short, "one."), [51, 0, 0]),
        (chat(&short, "two?"), [51, 0, 0]),
    ] {
        let usage = sim.complete(&chat).await.unwrap().usage;
        assert_eq!(usage, Usage { input, output: 2, cache_read, cache_write, cache_write_1h: 0 });
    }
    assert_eq!(
        sim.ledger.paid(),
        Usage { input: 104, output: 8, cache_read: 100, cache_write: 100, cache_write_1h: 0 }
    );
}

#[tokio::test]
async fn keys_tokens_and_api_keys_are_used_as_they_are_meant() {
    let keys = |id: &str, secret: &str, token: Option<&str>| {
        let (access_key_id, secret_access_key) = (id.to_owned(), secret.to_owned());
        let keys = Keys { access_key_id, secret_access_key, session_token: token.map(str::to_owned) };
        Credentials { keys: Some(keys), bearer: None }
    };
    let bearer = |token: &str| Credentials { bearer: Some(token.to_owned()), ..keys("A", "s", Some("t")) };
    let script = "credentials: {access_key_id: A, secret_access_key: s, session_token: t}
bearer_token: b
rules: [{reply: {text: ok}}]";
    for (credentials, outcome, signed) in [
        (keys("A", "s", Some("t")), "reply", "sigv4"),
        (keys("A", "S", Some("t")), "InvalidSignatureException", "sigv4"),
        (keys("B", "s", Some("t")), "UnrecognizedClientException", "sigv4"),
        (keys("A", "s", None), "UnrecognizedClientException", "sigv4"),
        (bearer("b"), "reply", "bearer"),
        (bearer("c"), "AccessDeniedException", "bearer"),
    ] {
        let sim = StandIn::with(script, |settings| settings.credentials = credentials).await;
        let arn = "arn:aws:bedrock:ap-northeast-2:123456789012:inference-profile/global.a-b:0";
        for chat in [chat(), Chat { model: arn.to_owned(), ..chat() }] {
            assert_eq!(sim.complete(&chat).await.is_ok(), outcome == "reply");
        }
        let requests = sim.ledger.requests();
        assert_eq!(requests[1].model, arn);
        for request in requests {
            assert_eq!((request.outcome.as_str(), request.signed), (outcome, signed));
        }
    }
}

fn asking(text: &str) -> Chat {
    Chat { turns: vec![Turn { role: Role::User, parts: vec![Part::Text(text.to_owned())] }], ..chat() }
}
