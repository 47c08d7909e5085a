//! The ledger: every exchange is in it, at its price, whatever became of its prompt; and budgets of a day hold everybody
//! who shares the database.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, which clippy does not see as tests")]

#[path = "client/mod.rs"]
mod client;
mod support;

use std::{sync::Arc, time::Duration};

use askline::{
    cost::{Models, Money, Usage},
    engine::{Ask, Engine, Reply},
    model::{Embedder, Purpose},
    store::{By, DayBudget, Entry, Place, Settings, Store, Sum},
};
use client::Server;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use support::{
    Db,
    sim::{self, MODEL, Sim},
};

const STATEMENT: &str = "{tool: {name: answer_with_sql, input: {kind: scalar, sql: \"SELECT count(*) FROM db_event e \
                         WHERE e.event_type = 'theft'\", explanation: x}}}";
const RULES: &str = "usage: {input: 1000, cache_read: 200, cache_write: 0, output: 100}";

fn rules(more: &str) -> String {
    format!("  - {{{more}{RULES}, reply: {STATEMENT}}}\n")
}

async fn engine(store: &Store, sim: &Sim, files: &[(&str, &str)]) -> Engine {
    // Read before the time of a prompt runs.
    sim::embedder().embed(&["x"], Purpose::Query, Duration::from_secs(60)).await.unwrap();
    sim::engine(store, Arc::new(sim.client().await), files).with_ledger(store.ledger.clone())
}

async fn ask(engine: &Engine, strategy: &str, caller: &str) -> Reply {
    let ask = Ask {
        prompt: "How many frobnicated thefts were there?".to_owned(),
        video_id: 1,
        lang: None,
        now: "2026-03-02T10:00:00+09:00".parse().unwrap(),
        strategy: Some(strategy.to_owned()),
        caller: caller.to_owned(),
    };
    engine.ask(ask).await.unwrap()
}

/// `key exchanges price unpriced estimated` of each.
async fn told(store: &Store, by: By) -> Vec<String> {
    store.ledger.written().await;
    let line = |sum: Sum| format!("{} {} {} {} {}", sum.key, sum.exchanges, sum.price, sum.unpriced, sum.estimated);
    store.ledger.sums(by, None).await.unwrap().into_iter().map(line).collect()
}

/// Nothing is held any more; not asked where there is no second connection.
async fn nothing_is_reserved(db: &Db) {
    db.store.ledger.written().await;
    if let Some(mut conn) = db.other_connection().await {
        let left: i64 = sqlx::query_scalar("SELECT count(*) FROM askline_reserved").fetch_one(&mut conn).await.unwrap();
        assert_eq!(left, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_exchange_is_entered_by_who_what_and_when() {
    let db = Db::sample().await;
    let sim = Sim::new(&rules("")).await;
    let engine = engine(&db.store, &sim, &[("first", "version: 1\nrungs: [text2sql]\n")]).await;
    for (strategy, caller) in [("first", "ann"), ("text2sql", "ann"), ("text2sql", "bob"), ("rules", "bob")] {
        ask(&engine, strategy, caller).await;
    }
    // 1,000 x 0.0000001 + 200 cached x 0.00000001 + 100 x 0.0000005
    let each = Models::builtin().unwrap().get(MODEL).unwrap().price(&Usage {
        input: 1000,
        cache_read: 200,
        output: 100,
        ..Usage::default()
    });
    let times = |n: u64| Money::from_pico_usd(each.unwrap().pico_usd() * n);
    let (one, two, three) = (times(1), times(2), times(3));
    assert_eq!(told(&db.store, By::Model).await, [format!("{MODEL} 3 {three} 0 0")]);
    assert_eq!(told(&db.store, By::Rung).await, [format!("text2sql 3 {three} 0 0")]);
    assert_eq!(told(&db.store, By::Strategy).await, [format!("text2sql 2 {two} 0 0"), format!("first 1 {one} 0 0")]);
    assert_eq!(told(&db.store, By::Caller).await, [format!("ann 2 {two} 0 0"), format!("bob 1 {one} 0 0")]);
    assert_eq!(told(&db.store, By::Day).await.len(), 1);
    assert!(db.store.ledger.sums(By::Day, Some("2999-01-01T00:00:00Z".parse().unwrap())).await.unwrap().is_empty());

    let server = Server::start(&db.store).await;
    let got = server.get("/api/usage/?by=caller&since=2020-01-01T00:00:00Z").await;
    assert_eq!(got.status, 200);
    let body = got.json();
    assert_eq!(body["by"], "caller");
    assert_eq!(body["usage"][0]["key"], "ann");
    assert_eq!(body["usage"][0]["input_tokens"], 2000);
    for (query, code) in
        [("by=hour", "invalid_value"), ("since=yesterday", "invalid_value"), ("until=x", "unknown_field")]
    {
        let got = server.get(&format!("/api/usage/?{query}")).await;
        assert!(got.status == 400 && got.json()["code"] == code, "{query}: {:?}", got.json());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_waits_for_is_entered_and_what_cost_nothing_is_given_back() {
    let db = Db::sample().await;
    let sim = Sim::new(&rules("wait_ms: 3000, ")).await;
    let day = [("held", "version: 1\nbudget: {day_usd: 1}\nrungs: [text2sql]\n")];
    let asking = engine(&db.store, &sim, &day).await;
    let gone = tokio::time::timeout(Duration::from_millis(1500), ask(&asking, "held", "ann")).await;
    assert!(gone.is_err(), "nobody waits any more");
    let told_now = told(&db.store, By::Caller).await;
    assert!(
        told_now.len() == 1 && told_now[0].starts_with("ann 1 $0.000") && told_now[0].ends_with(" 0 1"),
        "{told_now:?}"
    );
    nothing_is_reserved(&db).await;

    let refusing = Sim::new("  - error: {code: AccessDeniedException}\n").await;
    let engine = engine(&db.store, &refusing, &day).await;
    let reply = ask(&engine, "held", "bob").await;
    assert_eq!(reply.outcome.name(), "failed");
    assert_eq!(told(&db.store, By::Caller).await, told_now, "what was refused costs nothing");
    nothing_is_reserved(&db).await;
}

/// Two replicas, 24 prompts at once: they stop at the budget, and go on to what costs nothing.
#[tokio::test(flavor = "multi_thread")]
async fn replicas_share_the_budget_of_a_day() {
    let db = Db::sample().await;
    if !matches!(db.place(), Place::Url(_)) {
        return support::skip("replicas_share_the_budget_of_a_day", "a database of a directory lets in one process");
    }
    let other = Store::open(Settings::new(db.place())).await.unwrap();
    let sim = Sim::new(&rules("wait_ms: 30, ")).await;
    let each = Models::builtin()
        .unwrap()
        .get(MODEL)
        .unwrap()
        .price(&Usage { input: 1000, cache_read: 200, output: 100, ..Usage::default() })
        .unwrap();
    for (name, budget, callers, code) in [
        ("all", "day_usd: 0.004", ["ann", "bob"], "over_day_budget"),
        ("caller", "caller_day_usd: 0.002", ["cid", "cid"], "over_caller_budget"),
    ] {
        let text = format!("version: 1\nbudget: {{{budget}}}\nrungs: [text2sql, rules]\n");
        let files = [(name, text.as_str())];
        let engines = [engine(&db.store, &sim, &files).await, engine(&other, &sim, &files).await].map(Arc::new);
        let spent = |sums: Vec<Sum>| {
            sums.iter().filter(|sum| callers.contains(&sum.key.as_str())).map(|sum| sum.price).sum::<Money>()
        };
        let mut asked = tokio::task::JoinSet::new();
        for n in 0..24 {
            let (engine, caller) = (engines[n % 2].clone(), callers[n % 2]);
            asked.spawn(async move { ask(&engine, name, caller).await });
        }
        let replies = asked.join_all().await;
        let stopped = replies.iter().filter(|reply| reply.trace.iter().any(|step| step.reason == Some(code))).count();
        assert!(stopped > 0, "{name}: nobody was stopped");
        assert!(stopped < 24, "{name}: nobody was let through");
        for store in [&db.store, &other] {
            store.ledger.written().await;
        }
        let limit = if name == "all" { Money::from_micro_usd(4_000) } else { Money::from_micro_usd(2_000) };
        let spent = spent(db.store.ledger.sums(By::Caller, None).await.unwrap());
        assert!(spent <= limit, "{name}: {spent} of {limit}");
        assert_eq!(spent.pico_usd(), each.pico_usd() * (24 - stopped) as u64, "{name}");
    }
    let unpriced = [("unknown", "version: 1\nbudget: {day_usd: 1}\nrungs: [text2sql: {model: some.model}]\n")];
    let reply = ask(&engine(&db.store, &sim, &unpriced).await, "unknown", "dan").await;
    assert!(reply.trace.iter().any(|step| step.reason == Some("price_unknown")), "{:?}", reply.trace);
    other.close().await;
}

/// Whatever is entered, the sum is that of its usage at the table's prices; what has no price is counted apart.
#[tokio::test(flavor = "multi_thread")]
async fn the_sum_is_that_of_the_usage_priced_again() {
    let db = Db::empty().await;
    let models = Models::builtin().unwrap();
    let names: Vec<String> = models.names().map(str::to_owned).chain(["unknown.model".to_owned()]).collect();
    let tokens = || 0..200_000_u64;
    let usage = (tokens(), tokens(), tokens(), tokens(), 0..2_u64).prop_map(
        |(input, output, cache_read, cache_write, hour)| Usage {
            input,
            output,
            cache_read,
            cache_write,
            cache_write_1h: hour * 7,
        },
    );
    let exchanges = prop::collection::vec((prop::sample::select(names), usage), 40..60);
    let mut entered: Vec<(String, Usage)> = Vec::new();
    let mut runner = TestRunner::deterministic();
    for _ in 0..5 {
        entered.extend(exchanges.new_tree(&mut runner).unwrap().current());
    }
    for (model, usage) in &entered {
        let price = models.get(model).and_then(|known| known.price(usage));
        let (caller, strategy, rung, request_id) = ("x".to_owned(), "y".to_owned(), "z".to_owned(), None);
        let entry =
            Entry { caller, strategy, rung, model: model.clone(), usage: *usage, price, estimated: false, request_id };
        db.store.ledger.put(entry, None);
    }
    db.store.ledger.written().await;
    for sum in db.store.ledger.sums(By::Model, None).await.unwrap() {
        let of: Vec<&Usage> = entered.iter().filter(|(model, _)| *model == sum.key).map(|(_, usage)| usage).collect();
        let prices: Vec<Option<Money>> =
            of.iter().map(|usage| models.get(&sum.key).and_then(|known| known.price(usage))).collect();
        assert_eq!(sum.exchanges, of.len() as u64, "{}", sum.key);
        assert_eq!(sum.price, prices.iter().flatten().copied().sum::<Money>(), "{}", sum.key);
        assert_eq!(sum.unpriced, prices.iter().filter(|price| price.is_none()).count() as u64, "{}", sum.key);
        assert_eq!(sum.usage.input, of.iter().map(|usage| usage.input).sum::<u64>());
    }
    // What is held is not spent, and what is spent is held against the next.
    let spent: Money = db.store.ledger.sums(By::Day, None).await.unwrap().iter().map(|sum| sum.price).sum();
    let one = Money::from_micro_usd(1);
    let most = |micro: u64| DayBudget {
        all: Some(Money::from_pico_usd(spent.pico_usd() + Money::from_micro_usd(micro).pico_usd())),
        caller: None,
    };
    let hold = Duration::from_secs(60);
    assert!(db.store.ledger.reserve("w", one, most(0), hold).await.unwrap().is_err());
    assert!(db.store.ledger.reserve("w", one, most(1), hold).await.unwrap().is_ok());
    assert!(db.store.ledger.reserve("w", one, most(1), hold).await.unwrap().is_err(), "the first holds it");
    assert!(db.store.ledger.reserve("w", one, most(2), Duration::ZERO).await.unwrap().is_ok());
    assert!(db.store.ledger.reserve("w", one, most(2), hold).await.unwrap().is_ok(), "the one before has run out");
}
