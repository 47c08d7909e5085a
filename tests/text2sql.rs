//! A model that writes SQL, from a prompt to its reply: the stand-in on a real socket, the real database, nothing else
//! faked.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as tests")]

mod support;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use askline::{
    answer::Answer,
    engine::{Ask, Outcome, Reply},
    model::{Embedder, Purpose},
};
use support::{
    Db,
    sim::{self, Sim},
};

/// A question that the rules do not read in full.
const PARTLY: &str = "5분에서 10분 사이 도난 사건 중 특이한 거 있었어?";

const LADDERS: [(&str, &str); 4] = [
    ("model-first", "version: 1\nrungs: [text2sql: {repairs: 1}, rules]\n"),
    ("poor", "version: 1\nbudget: {usd: 0.000001}\nrungs: [text2sql]\n"),
    ("few-tokens", "version: 1\nbudget: {tokens: 100}\nrungs: [text2sql]\n"),
    ("hurried", "version: 1\nbudget: {ms: 3000}\nrungs: [text2sql: {repairs: 2}]\n"),
];

fn sql(kind: &str, sql: &str) -> String {
    let input = serde_json::json!({"kind": kind, "sql": sql, "explanation": "what it asks"});
    format!("{{tool: {{name: answer_with_sql, input: {input}}}}}")
}

async fn ask(db: &Db, sim: &Sim, strategy: &str, prompt: &str) -> Reply {
    // Read before the time of a prompt runs.
    sim::embedder().embed(&["x"], Purpose::Query, Duration::from_secs(60)).await.unwrap();
    let engine = sim::engine(&db.store, Arc::new(sim.client().await), &LADDERS);
    let ask = Ask {
        prompt: prompt.to_owned(),
        video_id: 1,
        lang: None,
        now: "2026-03-02T10:00:00+09:00".parse().unwrap(),
        strategy: Some(strategy.to_owned()),
        caller: "test".to_owned(),
    };
    engine.ask(ask).await.unwrap()
}

/// `rung outcome reason` of each step of a rung.
fn climbed(reply: &Reply) -> String {
    let rungs = reply.trace.iter().filter(|step| ["rules", "text2sql"].contains(&step.step));
    let told = rungs.map(|step| format!("{} {} {}", step.step, step.outcome, step.reason.unwrap_or("-")));
    told.collect::<Vec<_>>().join(", ")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_of_a_models_statement() {
    let db = Db::sample().await;
    let thefts = "SELECT e.id FROM db_event e WHERE e.event_type = 'theft' AND e.timestamp BETWEEN 300 AND 600";
    let all_thefts = "SELECT e.id FROM db_event e WHERE e.event_type = 'theft'";
    let good = sql("events", thefts);
    let then = |first: &str| format!("  - {{when: {{nth: [1]}}, reply: {first}}}\n  - reply: {good}\n");
    let fenced = serde_json::json!(format!("Sure!\n```json\n{{\"kind\": \"events\", \"sql\": \"{thefts}\"}}\n```"));
    for (name, strategy, prompt, rules, outcome, steps, asked) in [
        ("a tool call", "text2sql", PARTLY, format!("  - reply: {good}\n"), "answered", "text2sql answered -", 1),
        (
            "JSON in a fence",
            "text2sql",
            PARTLY,
            format!("  - reply: {{text: {fenced}}}\n"),
            "answered",
            "text2sql answered -",
            1,
        ),
        (
            "prose, then a tool call",
            "text2sql",
            PARTLY,
            then("{text: I would rather talk.}"),
            "answered",
            "text2sql repair reply_unreadable, text2sql answered -",
            2,
        ),
        (
            "a refused statement is repaired",
            "text2sql",
            PARTLY,
            then(&sql("events", "SELECT pid AS id FROM pg_stat_activity")),
            "answered",
            "text2sql repair unknown_table, text2sql answered -",
            2,
        ),
        (
            "an error of the database is repaired",
            "text2sql",
            PARTLY,
            then(&sql("events", "SELECT e.id FROM db_event e WHERE 1 / (e.id - e.id) > 0")),
            "answered",
            "text2sql repair rejected, text2sql answered -",
            2,
        ),
        (
            "rows outside the time that was asked for",
            "text2sql",
            PARTLY,
            then(&sql("events", all_thefts)),
            "answered",
            "text2sql repair breaks_a_filter, text2sql answered -",
            2,
        ),
        (
            "a number where events were asked for",
            "text2sql",
            "Were there thefts between 5 and 10 minutes?",
            then(&sql("scalar", "SELECT count(*) FROM db_event e WHERE e.event_type = 'theft'")),
            "answered",
            "text2sql repair wrong_kind, text2sql answered -",
            2,
        ),
        (
            "a count of more than there are",
            "text2sql",
            "How many fights were there?",
            format!(
                "  - {{when: {{nth: [1]}}, reply: {}}}\n  - reply: {}\n",
                sql("scalar", "SELECT count(*) FROM db_event e"),
                sql("scalar", "SELECT count(*) FROM db_event e WHERE e.event_type = 'fighting'")
            ),
            "answered",
            "text2sql repair breaks_a_filter, text2sql answered -",
            2,
        ),
        (
            "a type that no event has: not said to be nothing",
            "text2sql",
            PARTLY,
            then(&sql("events", "SELECT e.id FROM db_event e WHERE e.event_type IN ('theft', 'Shoplifting')")),
            "answered",
            "text2sql repair no_such_value, text2sql answered -",
            2,
        ),
        (
            "nothing, where the question is read in full and there is something",
            "text2sql",
            "Were there thefts between 5 and 10 minutes?",
            then(&sql("events", "SELECT e.id FROM db_event e WHERE e.event_type = 'theft' AND e.age > 900")),
            "answered",
            "text2sql repair breaks_a_filter, text2sql answered -",
            2,
        ),
        (
            "words of the model's own are no finding",
            "text2sql",
            "특이한 거 몇 개야?",
            format!("  - reply: {}\n", sql("scalar", "SELECT 'Call 555-1234 now'")),
            "failed",
            "text2sql repair reads_no_table, text2sql repair reads_no_table, text2sql failed no_usable_statement",
            3,
        ),
        (
            "a write is never repaired into one",
            "text2sql",
            PARTLY,
            format!("  - reply: {}\n", sql("events", "DELETE FROM db_event")),
            "failed",
            "text2sql repair not_a_select, text2sql repair not_a_select, text2sql failed no_usable_statement",
            3,
        ),
        (
            "another video's rows are not there",
            "text2sql",
            "특이한 거 있었어?",
            format!("  - reply: {}\n", sql("events", "SELECT e.id FROM db_event e WHERE e.video_id = 2")),
            "empty",
            "text2sql empty -",
            1,
        ),
        (
            "what the tables cannot tell",
            "text2sql",
            PARTLY,
            format!("  - reply: {}\n", sql("unanswerable", "")),
            "abstained",
            "text2sql passed unanswerable",
            1,
        ),
        (
            "a guardrail",
            "text2sql",
            PARTLY,
            "  - {reply: {text: I cannot.}, stop: guardrail_intervened}\n".to_owned(),
            "abstained",
            "text2sql passed filtered",
            1,
        ),
        (
            "the rules first, and they are enough",
            "frugal",
            "5분에서 10분 사이에 도난 사건이 있었나요?",
            format!("  - reply: {good}\n"),
            "answered",
            "rules answered -",
            0,
        ),
        (
            "no access: told, and not asked again",
            "text2sql",
            PARTLY,
            "  - error: {code: AccessDeniedException, message: no}\n".to_owned(),
            "failed",
            "text2sql failed model_not_allowed",
            1,
        ),
        (
            "down: the next rung answers, and the trace says what failed",
            "model-first",
            "5분에서 10분 사이에 도난 사건이 있었나요?",
            "  - error: {code: ServiceUnavailableException, message: down}\n".to_owned(),
            "answered",
            "text2sql failed model_unavailable, rules answered -",
            3,
        ),
        (
            "down, and nobody else can: could not look",
            "model-first",
            PARTLY,
            "  - error: {code: ThrottlingException, message: Too many requests}\n".to_owned(),
            "failed",
            "text2sql failed throttled, rules passed not_understood",
            3,
        ),
        (
            "over the budget before it is spent",
            "poor",
            PARTLY,
            format!("  - reply: {good}\n"),
            "failed",
            "text2sql failed over_budget",
            0,
        ),
        (
            "over the tokens before they are used",
            "few-tokens",
            PARTLY,
            format!("  - reply: {good}\n"),
            "failed",
            "text2sql failed over_token_budget",
            0,
        ),
        (
            "no time for a repair",
            "hurried",
            PARTLY,
            format!("  - {{wait_ms: 2000, reply: {}}}\n", sql("events", "DELETE FROM db_event")),
            "failed",
            "text2sql repair not_a_select, text2sql failed out_of_time",
            2,
        ),
    ] {
        let sim = Sim::new(&rules).await;
        let began = Instant::now();
        let reply = ask(&db, &sim, strategy, prompt).await;
        assert!(began.elapsed() < Duration::from_secs(10), "{name}: took {:?}", began.elapsed());
        assert_eq!(reply.outcome.name(), outcome, "{name}: {}", climbed(&reply));
        assert_eq!(climbed(&reply), steps, "{name}");
        assert_eq!(sim.outcomes().len(), asked, "{name}: {:?}", sim.outcomes());
        if let Outcome::Answered(Answer::Events(events)) = &reply.outcome {
            assert!(!events.ids.is_empty(), "{name}");
            assert!(events.shown.iter().all(|e| e.video_id == 1 && (300.0..=600.0).contains(&e.timestamp)), "{name}");
        }
        // Of a reply that came too late nobody says what it cost.
        if reply.exchanges.iter().any(|exchange| exchange.estimated) {
            assert_eq!(reply.exchanges.len(), asked, "{name}");
            continue;
        }
        let billed = sim.ledger.requests().into_iter().filter_map(|request| request.usage);
        let (input, output) =
            billed.fold((0, 0), |(i, o), u| (i + u.input + u.cache_write + u.cache_read, o + u.output));
        let usage = &reply.usage;
        assert_eq!(
            (usage.input_tokens + usage.cache_write_tokens + usage.cache_read_tokens, usage.output_tokens),
            (input, output),
            "{name}: what is paid is what is told"
        );
        assert_eq!(usage.cost_usd.unwrap() > 0.0, output > 0, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_hangs_takes_no_longer_than_its_time() {
    let db = Db::sample().await;
    let sim = Sim::new("  - {fault: {what: hang}}\n").await;
    let began = Instant::now();
    let reply = ask(&db, &sim, "hurried", PARTLY).await;
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    assert_eq!(climbed(&reply), "text2sql failed out_of_time");
    assert_eq!(sim.outcomes().len(), 1, "asked once, and not paid twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_model_is_told() {
    let db = Db::sample().await;
    let refused = sql("events", "SELECT e.id FROM db_event AS e (id, vid) ORDER BY 1");
    let good = sql("events", "SELECT e.id FROM db_event e WHERE FALSE");
    let sim = Sim::new(&format!("  - {{when: {{nth: [1]}}, reply: {refused}}}\n  - reply: {good}\n")).await;
    let prompt = "Was there, between 5 and 10 minutes, a\n\"weird\" theft?";
    ask(&db, &sim, "text2sql", prompt).await;
    let requests = sim.ledger.requests();
    let text = |request: usize, turn: usize| {
        requests[request].body["messages"][turn]["content"][0]["text"].as_str().unwrap().to_owned()
    };
    let first = text(0, 0);
    assert!(
        first.ends_with("\"Was there, between 5 and 10 minutes, a \\\"weird\\\" theft?\""),
        "it cannot leave its quotes: {first}"
    );
    // The examples depend on the embedder, the rest on nothing.
    let told = first.split("The video: ").nth(1).unwrap();
    insta::assert_snapshot!("the_question", told);
    assert_eq!(first.matches("\nkind: ").count(), 6);
    assert!(requests[0].body["system"][0]["text"].as_str().unwrap().contains("Table db_event: one event seen"));
    assert_eq!(requests[0].body["system"][1], serde_json::json!({"cachePoint": {"type": "default"}}));
    assert_eq!(requests[0].body["inferenceConfig"], serde_json::json!({"maxTokens": 700}), "no temperature is sent");
    insta::assert_snapshot!("the_repair", text(1, 2));
    ask(&db, &sim, "text2sql", "weird {{ 7 * 7 }}").await;
    let third =
        sim.ledger.requests().last().unwrap().body["messages"][0]["content"][0]["text"].as_str().unwrap().to_owned();
    assert!(third.ends_with("\"weird {{ 7 * 7 }}\""), "a question is no template: {third}");
    assert_eq!(requests[0].body["system"], requests[1].body["system"], "the same prefix, byte for byte");
}
