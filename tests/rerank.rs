//! The last word of a reranker: what it is sent, what it may change, what it costs, and what happens without it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests, which clippy does not see as tests"
)]

mod support;

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use askline::{
    answer::{Answer, Hits},
    bedrock::Reranking,
    cost::Models,
    engine::{Engine, Look, Outcome, Sought},
    index::{Detail, Indexer, Plan, Template},
    local::Local,
    model::Reranker,
    question::Lexicon,
    replay::{Mode, NobodyRanks, Tape, Taped},
    router::Router,
    store::{Limits, Store},
    strategy::vector::{Rerankers, Search},
};
use support::{Db, sim::Sim};

const MODEL: &str = "amazon.rerank-v1:0";
const FILE: &str = "version: 1\nrungs: [vector: {rerank: 'amazon.rerank-v1:0', rerank_top: 5}]\n";
const QUERY: &str = "someone lighting up a smoke where it isn't allowed";

#[tokio::test(flavor = "multi_thread")]
async fn a_reranker_orders_the_first_and_cuts_nothing() {
    let Some(db) = indexed("a_reranker_orders_the_first_and_cuts_nothing").await else { return };
    // The last of five is the best, and one is not scored at all well.
    let sim = Sim::new("  - {when: {operation: rerank}, reply: {scores: [0.1, 0.2, 0.3, 0.4, 0.9]}}\n").await;
    let plain = hits(&look(&engine(&db.store, None, "vector"), QUERY, 5).await).clone();
    let engine = engine(&db.store, Some(live(&sim).await), FILE);
    let sought = look(&engine, QUERY, 5).await;
    let found = hits(&sought);
    let ids = |hits: &Hits| hits.events.ids.clone();
    let (before, after) = (ids(&plain), ids(found));
    assert_eq!(after[..5], [before[4], before[3], before[2], before[1], before[0]]);
    assert_eq!(after[5..], before[5..], "those behind keep their order");
    assert!(found.hits[0].reranked.is_some_and(|score| (score - 0.9).abs() < 1e-6));
    assert_eq!(step(&sought, "rerank"), Some(("reranked", None)));

    let sent = sim.ledger.requests();
    assert_eq!(sent.len(), 1);
    let documents = sent[0].body.pointer("/sources").unwrap().as_array().unwrap();
    assert_eq!(documents.len(), 5);
    let first = documents[0].pointer("/inlineDocumentSource/textDocument/text").unwrap().as_str().unwrap();
    assert!(first.contains(plain.hits[0].event.description.as_ref().unwrap()), "{first}");
    assert!(first.lines().filter(|line| line.starts_with('(')).count() == 2, "what stands before and after: {first}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_with_all_the_words_stays_in_front() {
    let Some(db) = indexed("an_event_with_all_the_words_stays_in_front").await else { return };
    let query = "자물쇠";
    let plain = hits(&look(&engine(&db.store, None, "vector"), query, 2).await).clone();
    let exact = |hits: &Hits| hits.hits.iter().take_while(|hit| hit.share.is_some_and(|share| share > 0.999)).count();
    let some = exact(&plain);
    assert!((1..5).contains(&some), "{some} events have the word");
    let sim = Sim::new("  - {when: {operation: rerank}, reply: {scores: [0.1, 0.2, 0.3, 0.4, 0.9]}}\n").await;
    let sought = look(&engine(&db.store, Some(live(&sim).await), FILE), query, 2).await;
    assert_eq!(step(&sought, "rerank"), Some(("reranked", None)));
    assert_eq!(hits(&sought).events.ids[..some], plain.events.ids[..some]);
    assert_ne!(hits(&sought).events.ids, plain.events.ids, "the others are ordered anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_it_the_fused_order_stays_and_the_trace_says_why() {
    let Some(db) = indexed("without_it_the_fused_order_stays_and_the_trace_says_why").await else { return };
    let plain = hits(&look(&engine(&db.store, None, "vector"), QUERY, 5).await).events.ids.clone();
    let failing =
        Sim::new("  - {when: {operation: rerank}, error: {code: AccessDeniedException, message: no}}\n").await;
    let poor = FILE.to_owned() + "budget: {usd: 0.0005}\n";
    let late = FILE.replace("rerank_top: 5", "rerank_top: 5, timeout_ms: 200");
    let hanging = Sim::new("  - {when: {operation: rerank}, fault: {what: hang}}\n").await;
    let working = Sim::new("  - {when: {operation: rerank}, reply: {}}\n").await;
    for (reranker, file, expected) in [
        (None, FILE, ("skipped", Some("no_model"))),
        (Some(live(&failing).await), FILE, ("failed", Some("model_not_allowed"))),
        (Some(live(&hanging).await), late.as_str(), ("failed", Some("model_timed_out"))),
        (Some(live(&working).await), poor.as_str(), ("skipped", Some("over_budget"))),
    ] {
        let sought = look(&engine(&db.store, reranker, file), QUERY, 5).await;
        assert_eq!(hits(&sought).events.ids, plain, "{expected:?}");
        assert_eq!(step(&sought, "rerank"), Some(expected));
    }
    assert!(working.ledger.requests().is_empty(), "nothing is asked that the budget would not bear");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_reranked_is_played_back() {
    let Some(db) = indexed("what_was_reranked_is_played_back").await else { return };
    let dir = tempfile::tempdir().unwrap();
    let tape = |mode| Arc::new(Tape::open(dir.path(), mode).unwrap());
    let sim = Sim::new("  - {when: {operation: rerank}, reply: {scores: [0.1, 0.2, 0.3, 0.4, 0.9]}}\n").await;
    let recording: Arc<dyn Reranker> = Arc::new(Taped { tape: tape(Mode::Record), live: live(&sim).await });
    let first = look(&engine(&db.store, Some(recording), FILE), QUERY, 5).await;
    let silent: Arc<dyn Reranker> =
        Arc::new(Taped { tape: tape(Mode::Replay), live: Arc::new(NobodyRanks(MODEL.to_owned())) });
    let again = look(&engine(&db.store, Some(silent.clone()), FILE), QUERY, 5).await;
    assert_eq!(hits(&again).events.ids, hits(&first).events.ids);
    assert_eq!(sim.ledger.requests().len(), 1);
    let other = look(&engine(&db.store, Some(silent), FILE), "빨간 모자 쓴 사람", 1).await;
    assert_eq!(step(&other, "rerank"), Some(("failed", Some("not_recorded"))));
    assert!(Path::new(dir.path()).join("rerank").is_dir());
}

async fn live(sim: &Sim) -> Arc<dyn Reranker> {
    Arc::new(Reranking::new(Arc::new(sim.client().await), MODEL))
}

async fn indexed(test: &str) -> Option<Db> {
    if !support::on_server() {
        support::skip(test, "needs pgvector, which the embedded database does not have yet");
        return None;
    }
    let db = Db::sample().await;
    let indexer = Indexer {
        vectors: db.store.vectors.clone(),
        embedder: Arc::new(Local::bundled()),
        template: Template { window: 0, detail: Detail::Seen },
        paid: false,
        limit: Duration::from_secs(60),
    };
    indexer.run(&Plan::default(), |_| {}).await.unwrap();
    Some(db)
}

/// `strategy` is a name, or the text of a file.
fn engine(store: &Store, reranker: Option<Arc<dyn Reranker>>, strategy: &str) -> Engine {
    let files = [("file".to_owned(), "file.yaml".to_owned(), strategy.to_owned())];
    let router = match strategy.contains('\n') {
        true => Router::with_files("file", &files).unwrap(),
        false => Router::new(strategy).unwrap(),
    };
    let models: BTreeMap<String, Arc<dyn Reranker>> =
        reranker.into_iter().map(|reranker| (MODEL.to_owned(), reranker)).collect();
    let rerankers = Rerankers { models, prices: Arc::new(Models::builtin().unwrap()) };
    let search = Search::new(store.vectors.clone(), vec![Arc::new(Local::bundled())]).with_rerankers(rerankers);
    Engine::new(store.reader.clone(), Lexicon::builtin().unwrap(), router, Limits::default()).with_search(search)
}

async fn look(engine: &Engine, text: &str, video_id: i64) -> Sought {
    let now = "2026-03-01T00:00:00Z".parse().unwrap();
    engine
        .search(Look {
            text: text.to_owned(),
            video_id,
            lang: None,
            now,
            most: 10,
            legs: None,
            caller: "test".to_owned(),
        })
        .await
        .unwrap()
}

fn hits(sought: &Sought) -> &Hits {
    match &sought.outcome {
        Outcome::Answered(Answer::Hits(hits)) => hits,
        other => panic!("{other:?}"),
    }
}

fn step(sought: &Sought, name: &str) -> Option<(&'static str, Option<&'static str>)> {
    sought.trace.iter().find(|step| step.step == name).map(|step| (step.outcome, step.reason))
}
