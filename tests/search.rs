//! Search by meaning: what it finds, what it keeps to, and what it says where there is nothing to find.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests, which clippy does not see as tests"
)]

mod support;

use std::{sync::Arc, time::Duration};

use askline::{
    answer::{Answer, Hits},
    engine::{Abstention, Ask, Engine, Outcome, Reply},
    index::{Detail, Indexer, Plan, Template},
    local::Local,
    question::Lexicon,
    router::Router,
    store::{Limits, Store},
    strategy::{Rung, vector::Search},
};
use support::{Db, execute};

#[tokio::test(flavor = "multi_thread")]
async fn a_descriptive_question_is_answered_by_the_nearest_descriptions() {
    if !support::on_server() {
        return support::skip(
            "a_descriptive_question_is_answered_by_the_nearest_descriptions",
            "needs pgvector, which the embedded database does not have yet",
        );
    }
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
    if !support::on_server() {
        return support::skip(
            "what_is_certain_of_the_question_holds_for_every_event",
            "needs pgvector, which the embedded database does not have yet",
        );
    }
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
    if !support::on_server() {
        return support::skip(
            "without_an_index_or_anything_near_nothing_is_answered",
            "needs pgvector, which the embedded database does not have yet",
        );
    }
    let db = Db::sample().await;
    let engine = engine(&db.store);
    let reply = ask(&engine, "빨간 모자 쓴 사람", 1).await;
    assert!(matches!(reply.outcome, Outcome::Abstained(Abstention::NotUnderstood(_))), "{:?}", reply.outcome);
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

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_is_switched_under_a_search_is_found_again() {
    if !support::on_server() {
        return support::skip(
            "an_index_that_is_switched_under_a_search_is_found_again",
            "needs pgvector, which the embedded database does not have yet",
        );
    }
    let db = indexed().await;
    let engine = engine(&db.store);
    found(&ask(&engine, "빨간 모자 쓴 사람", 1).await);
    indexer(&db.store).run(&Plan { rebuild: true, ..Plan::default() }, |_| {}).await.unwrap();
    found(&ask(&engine, "빨간 모자 쓴 사람", 1).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reading_role_sees_the_vectors_of_its_videos_alone() {
    if !support::on_server() {
        return support::skip(
            "the_reading_role_sees_the_vectors_of_its_videos_alone",
            "needs pgvector, which the embedded database does not have yet",
        );
    }
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
    engine.ask(Ask { prompt: prompt.to_owned(), video_id, lang: None, now, strategy: None }).await.unwrap()
}

fn found(reply: &Reply) -> &Hits {
    match &reply.outcome {
        Outcome::Answered(Answer::Hits(hits)) => hits,
        other => panic!("{other:?} {:?}", reply.trace),
    }
}
