//! Search by meaning: what it finds, what it keeps to, and what it says where there is nothing to find.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests, which clippy does not see as tests"
)]

mod support;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use askline::{
    answer::{Answer, Hits},
    cost::Models,
    engine::{Abstention, Ask, Engine, Look, Outcome, Reply},
    index::{Detail, Indexer, Plan, Template},
    local::Local,
    model::{Embedded, Embedder, Pending, Purpose, Space},
    question::Lexicon,
    router::Router,
    store::{Built, By, Limits, Store},
    strategy::{
        Rung,
        vector::{Rerankers, Search},
    },
};
use support::{Db, execute};

#[tokio::test(flavor = "multi_thread")]
async fn a_descriptive_question_is_answered_by_the_nearest_descriptions() {
    let db = indexed().await;
    let engine = engine(&db.store);
    for (prompt, video, word) in [
        ("빨간 모자 쓴 사람", 1, "모자"),
        ("유모차 밑에 물건을 숨기고 담요로 덮은 여자 찾아줘", 1, "유모차"),
        ("someone lighting up a smoke where it isn't allowed", 5, "cigarette"),
        ("자전거 자물쇠 끊고 가져가는 장면", 2, "자물쇠"),
    ] {
        let reply = ask(&engine, prompt, video).await;
        let hits = found(&reply);
        assert_eq!(reply.strategy, Some(Rung::Vector), "{prompt}");
        assert!((1..=10).contains(&hits.hits.len()), "{prompt}");
        let first = hits.hits[0].event.description.clone().unwrap_or_default();
        assert!(first.contains(word), "{prompt}: {first}");
        assert!(hits.hits.iter().all(|hit| hit.event.video_id == video), "{prompt}");
        assert!(hits.hits.windows(2).all(|two| two[0].score >= two[1].score), "{prompt}: best first");
        assert!(hits.compared.is_some_and(|compared| compared > 100), "{prompt}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_certain_of_the_question_holds_for_every_event() {
    let db = indexed().await;
    let engine = engine(&db.store);
    let half = ask(&engine, "In the second half of the video, somebody with a cigarette", 5).await;
    assert!(found(&half).hits.iter().all(|hit| hit.event.timestamp >= 1_800.0));
    let women = ask(&engine, "빨간 모자를 쓴 여자", 1).await;
    assert!(found(&women).hits.iter().all(|hit| hit.event.gender.as_deref() == Some("female")));
    let between = ask(&engine, "10분에서 20분 사이에 빨간 모자를 쓴 사람", 1).await;
    let hits = match &between.outcome {
        Outcome::Answered(Answer::Hits(hits)) | Outcome::Empty(Answer::Hits(hits)) => hits.clone(),
        Outcome::Abstained(Abstention::NothingRelevant) => Hits::new(Vec::new(), None, false),
        other => panic!("{other:?}"),
    };
    assert!(hits.hits.iter().all(|hit| (600.0..=1_200.0).contains(&hit.event.timestamp)));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_index_or_anything_near_nothing_is_answered() {
    let db = Db::sample().await;
    let engine = engine(&db.store);
    let reply = ask(&engine, "빨간 모자 쓴 사람", 1).await;
    assert!(matches!(reply.outcome, Outcome::Abstained(Abstention::NoIndex)), "{:?}", reply.outcome);
    assert_eq!(reply.trace.iter().find(|step| step.step == "vector").unwrap().reason, Some("no_index"));

    indexer(&db.store).run(&Plan::default(), |_| {}).await.unwrap();
    // A moment later it is there.
    tokio::time::sleep(Duration::from_millis(2_100)).await;
    found(&ask(&engine, "빨간 모자 쓴 사람", 1).await);
    for prompt in ["오케스트라 지휘자", "dolphins swim around an iceberg"] {
        let reply = ask(&engine, prompt, 1).await;
        assert!(
            matches!(reply.outcome, Outcome::Abstained(Abstention::NothingRelevant)),
            "{prompt}: {:?}",
            reply.outcome
        );
        assert_eq!(reply.outcome.reason().unwrap().0, "nothing_relevant");
        assert!(reply.words.contains("searched") || reply.words.contains("찾아보았지만"), "{}", reply.words);
    }
}

/// Of events that were never looked at nobody says that there are none; and the nearest ones are no answer to which was
/// the first.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_looked_at_is_not_said_to_be_nothing() {
    let db = Db::sample().await;
    let engine = engine(&db.store);
    let one = Plan { videos: Some(vec![1]), ..Plan::default() };
    indexer(&db.store).run(&one, |_| {}).await.unwrap();
    for prompt in ["우산을 쓴 사람", "xqzzv 있었나요?", "a person with an umbrella"] {
        let reply = ask(&engine, prompt, 2).await;
        assert!(matches!(reply.outcome, Outcome::Abstained(Abstention::NoIndex)), "{prompt}: {:?}", reply.outcome);
        let missing = reply.trace.iter().find(|step| step.outcome == "not_indexed").and_then(|step| step.count);
        assert!(missing.is_some_and(|count| count > 100), "{prompt}: {:?}", reply.trace);
    }
    found(&ask(&engine, "빨간 모자 쓴 사람", 1).await);
    for prompt in ["빨간 모자를 쓴 사람이 처음 나온 건 언제야?", "빨간 모자를 쓴 사람 중 가장 나이 많은 사람은 누구야?"]
    {
        let reply = ask(&engine, prompt, 1).await;
        assert!(matches!(reply.outcome, Outcome::Abstained(_)), "{prompt}: {:?}", reply.outcome);
        assert_eq!(reply.trace.iter().find(|step| step.step == "vector").unwrap().reason, Some("not_covered"));
    }
}

/// The vector of a question that a paid model makes is held to the budget, and is in the account.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_question_costs_is_told_and_held() {
    let db = Db::sample().await;
    let embedder = || Arc::new(Paid(Space { model: "amazon.titan-embed-text-v2:0".to_owned(), dimensions: 256 }));
    let index = Indexer { embedder: embedder(), ..indexer(&db.store) };
    index.run(&Plan { videos: Some(vec![1]), ..Plan::default() }, |_| {}).await.unwrap();
    let files = [("poor", "budget: {tokens: 1}\n"), ("rich", "")].map(|(name, budget)| {
        (
            name.to_owned(),
            format!("{name}.yaml"),
            format!("version: 1\n{budget}rungs: [rules, {{vector: {{relevant: -1}}}}]\n"),
        )
    });
    let router = Router::with_files("rich", &files).unwrap();
    let rerankers = Rerankers { models: BTreeMap::new(), prices: Arc::new(Models::builtin().unwrap()) };
    let search = Search::new(db.store.vectors.clone(), vec![embedder()]).with_rerankers(rerankers);
    let engine = Engine::new(db.store.reader.clone(), Lexicon::builtin().unwrap(), router, Limits::default())
        .with_search(search)
        .with_ledger(db.store.ledger.clone());
    let asked = async |strategy: &str| {
        let (now, strategy) = ("2026-03-01T00:00:00Z".parse().unwrap(), Some(strategy.to_owned()));
        let (prompt, caller) = ("빨간 모자 쓴 사람".to_owned(), "test".to_owned());
        engine.ask(Ask { prompt, video_id: 1, lang: None, now, strategy, caller }).await.unwrap()
    };
    let rich = asked("rich").await;
    found(&rich);
    // 1,000 tokens at $0.02 a million.
    assert_eq!((rich.usage.input_tokens, rich.usage.cost_usd), (1_000, Some(0.000_02)));
    let poor = asked("poor").await;
    assert_eq!(poor.outcome.reason().unwrap().0, "budget_spent");
    assert_eq!(poor.trace.iter().find(|step| step.step == "vector").unwrap().reason, Some("over_token_budget"));
    db.store.ledger.written().await;
    let sums = db.store.ledger.sums(By::Model, None).await.unwrap();
    assert_eq!(sums.iter().map(|sum| (sum.exchanges, sum.usage.input)).collect::<Vec<_>>(), [(1, 1_000)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_switched_under_a_search_is_found_again() {
    let db = indexed().await;
    let engine = engine(&db.store);
    found(&ask(&engine, "빨간 모자 쓴 사람", 1).await);
    indexer(&db.store).run(&Plan { rebuild: true, ..Plan::default() }, |_| {}).await.unwrap();
    found(&ask(&engine, "빨간 모자 쓴 사람", 1).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reading_role_sees_the_vectors_of_its_videos_alone() {
    let db = indexed().await;
    let Some(mut conn) = db.other_connection().await else {
        return support::skip("the_reading_role_sees_the_vectors_of_its_videos_alone", "it needs a second connection");
    };
    execute(&mut conn, "SET ROLE askline_reader").await;
    let table = format!("askline_vectors_{}", db.store.vectors.served().await.unwrap().unwrap().id);
    for (scope, seen) in [("", 0), ("2", 1), ("*", 6)] {
        execute(&mut conn, &format!("SET askline.video_ids = '{scope}'")).await;
        let videos: i64 =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(DISTINCT video_id) FROM {table}")))
                .fetch_one(&mut conn)
                .await
                .unwrap();
        assert_eq!(videos, seen, "{scope:?}");
    }
}

/// The approximate index finds what comparing all finds, and says so when it cannot fill its list.
#[tokio::test(flavor = "multi_thread")]
async fn above_a_limit_the_approximate_index_is_asked() {
    let db = indexed().await;
    let Some(mut conn) = db.other_connection().await else {
        return support::skip("above_a_limit_the_approximate_index_is_asked", "the embedded database compares all");
    };
    let exact = engine(&db.store);
    let vectors = db.store.vectors.clone().exact_up_to(50);
    let few = Indexer { vectors: vectors.clone(), ..indexer(&db.store) };
    assert_eq!(few.run(&Plan::default(), |_| {}).await.unwrap().built, Built::Made);
    assert_eq!(few.run(&Plan::default(), |_| {}).await.unwrap().built, Built::AlreadyThere);
    let router = Router::new("semantic").unwrap();
    let approximate = Engine::new(db.store.reader.clone(), Lexicon::builtin().unwrap(), router, Limits::default())
        .with_search(Search::new(vectors, vec![Arc::new(Local::bundled())]));
    let (mut same, mut all) = (0, 0);
    for prompt in ["빨간 모자 쓴 사람", "someone hides a bottle", "문 앞에서 전화하는 사람", "a woman with a pram"]
    {
        let (exact, approximate) = (hits(&exact, prompt).await, hits(&approximate, prompt).await);
        assert!(exact.compared.is_some() && approximate.compared.is_none() && !approximate.underfilled, "{prompt}");
        let nearest = |hits: &Hits| {
            let mut ranked: Vec<_> =
                hits.hits.iter().filter_map(|hit| Some((hit.vector_rank?, hit.event.id))).collect();
            ranked.sort_unstable();
            ranked.into_iter().map(|(_, id)| id).take(10).collect::<Vec<_>>()
        };
        let (exact, approximate) = (nearest(&exact), nearest(&approximate));
        all += exact.len();
        same += exact.iter().filter(|id| approximate.contains(id)).count();
    }
    assert!(all >= 20 && same * 100 >= all * 95, "{same} of {all}");

    // Events without vectors cannot fill its list, and that is said.
    let prompt = "빨간 모자 쓴 사람";
    let kept: Vec<String> =
        hits(&approximate, prompt).await.hits.iter().take(5).map(|hit| hit.event.id.to_string()).collect();
    let table = format!("askline_vectors_{}", db.store.vectors.served().await.unwrap().unwrap().id);
    let deleted = format!("DELETE FROM {table} WHERE video_id = 1 AND event_id NOT IN ({})", kept.join(", "));
    execute(&mut conn, &deleted).await;
    let left = hits(&approximate, prompt).await;
    assert!(left.underfilled && left.hits.len() <= kept.len(), "{left:?}");
}

/// Searches go on while indexes are made anew and switched, between models of other dimensions too: none fails, and none
/// compares vectors of two spaces.
#[tokio::test(flavor = "multi_thread")]
async fn searches_go_on_while_the_index_is_switched() {
    let db = indexed().await;
    if db.other_connection().await.is_none() {
        return support::skip("searches_go_on_while_the_index_is_switched", "it needs a second connection");
    }
    let router = Router::new("semantic").unwrap();
    let both: Vec<Arc<dyn Embedder>> = vec![Arc::new(Local::bundled()), Arc::new(Sides::default())];
    let engine = Engine::new(db.store.reader.clone(), Lexicon::builtin().unwrap(), router, Limits::default())
        .with_search(Search::new(db.store.vectors.clone(), both));
    let done = AtomicBool::new(false);
    let searching = async {
        let mut searches = 0;
        while !done.load(Ordering::Relaxed) {
            // A cosine is at most one; a product with vectors of another space would not be.
            for hit in hits(&engine, "빨간 모자 쓴 사람").await.hits {
                assert!(hit.cosine.is_none_or(|cosine| (-1.001..=1.001).contains(&cosine)));
            }
            searches += 1;
        }
        searches
    };
    let switching = async {
        let bundled = indexer(&db.store);
        let sides = Indexer { embedder: Arc::new(Sides::default()), ..bundled.clone() };
        let wide = Indexer { template: Template { window: 1, detail: Detail::Seen }, ..bundled.clone() };
        for _ in 0..3 {
            for indexer in [&sides, &wide, &bundled] {
                indexer.run(&Plan { switch: true, ..Plan::default() }, |_| {}).await.unwrap();
                indexer.run(&Plan { rebuild: true, ..Plan::default() }, |_| {}).await.unwrap();
            }
        }
        done.store(true, Ordering::Relaxed);
    };
    let (one, two, ()) = tokio::join!(searching, searching_too(&engine, &done), switching);
    assert!(one >= 18 && two >= 18, "{one} and {two} searches beside 18 switches");
}

async fn searching_too(engine: &Engine, done: &AtomicBool) -> u32 {
    let mut searches = 0;
    while !done.load(Ordering::Relaxed) {
        hits(engine, "someone hides a bottle").await;
        searches += 1;
    }
    searches
}

/// Vectors of three numbers, by the length of the text.
struct Sides(Space);

impl Default for Sides {
    fn default() -> Self {
        Self(Space { model: "sides".to_owned(), dimensions: 3 })
    }
}

impl Embedder for Sides {
    fn space(&self) -> &Space {
        &self.0
    }

    fn embed<'a>(&'a self, texts: &'a [&'a str], _purpose: Purpose, _limit: Duration) -> Pending<'a, Embedded> {
        Box::pin(async move {
            let vector = |text: &&str| {
                let angle = text.len() as f32 / 100.0;
                Some(vec![angle.cos(), angle.sin(), 0.0])
            };
            let vectors = texts.iter().map(vector).collect();
            Ok(Embedded { vectors, tokens: 0, ms: 0.0, request_ids: Vec::new() })
        })
    }
}

/// The bundled model under a name that has a price: 1,000 tokens a request.
struct Paid(Space);

impl Embedder for Paid {
    fn space(&self) -> &Space {
        &self.0
    }

    fn embed<'a>(&'a self, texts: &'a [&'a str], purpose: Purpose, limit: Duration) -> Pending<'a, Embedded> {
        Box::pin(async move {
            let made = support::sim::embedder().embed(texts, purpose, limit).await?;
            Ok(Embedded { tokens: 1_000, ..made })
        })
    }
}

/// Of a search in the first video that finds something.
async fn hits(engine: &Engine, text: &str) -> Hits {
    let now = "2026-03-01T00:00:00Z".parse().unwrap();
    let look =
        Look { text: text.to_owned(), video_id: 1, lang: None, now, most: 50, legs: None, caller: "test".to_owned() };
    let sought = engine.search(look).await.unwrap();
    match sought.outcome {
        Outcome::Answered(Answer::Hits(hits)) => hits,
        other => panic!("{text}: {other:?}"),
    }
}

async fn indexed() -> Db {
    let db = Db::sample().await;
    indexer(&db.store).run(&Plan::default(), |_| {}).await.unwrap();
    db
}

fn indexer(store: &Store) -> Indexer {
    Indexer {
        vectors: store.vectors.clone(),
        embedder: Arc::new(Local::bundled()),
        template: Template { window: 0, detail: Detail::Seen },
        paid: false,
        limit: Duration::from_secs(60),
    }
}

fn engine(store: &Store) -> Engine {
    let router = Router::new("semantic").unwrap();
    let engine = Engine::new(store.reader.clone(), Lexicon::builtin().unwrap(), router, Limits::default());
    engine.with_search(Search::new(store.vectors.clone(), vec![Arc::new(Local::bundled())]))
}

async fn ask(engine: &Engine, prompt: &str, video_id: i64) -> Reply {
    let now = "2026-03-01T00:00:00Z".parse().unwrap();
    engine
        .ask(Ask { prompt: prompt.to_owned(), video_id, lang: None, now, strategy: None, caller: "test".to_owned() })
        .await
        .unwrap()
}

fn found(reply: &Reply) -> &Hits {
    match &reply.outcome {
        Outcome::Answered(Answer::Hits(hits)) => hits,
        other => panic!("{other:?} {:?}", reply.trace),
    }
}
