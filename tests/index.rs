//! The index for search by meaning: what is embedded when, and that nothing is embedded twice.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, which clippy does not see as tests")]

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use askline::{
    index::{Indexer, Plan, Report, Template},
    local::Local,
    model::{Embedded, Embedder, Pending, Purpose, Space},
    store::{Store, VectorError},
};
use support::{Db, execute, skip};

const SAMPLE: u64 = 2_346;

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_new_or_changed_is_embedded() {
    let db = Db::sample().await;
    let all = Plan::default();
    let bundled = indexer(&db.store);

    let forecast = bundled.forecast(&all).await.unwrap();
    assert_eq!((forecast.new, forecast.changed, forecast.removed), (SAMPLE, 0, 0));
    let first = bundled.run(&all, |_| {}).await.unwrap();
    assert_eq!(counts(&first), (SAMPLE, 0, 0, 0));
    assert!(first.switched, "the first one is searched");
    assert_eq!(forecast.documents, first.embedded, "the forecast said how many");

    let again = bundled.run(&all, |_| {}).await.unwrap();
    assert_eq!((counts(&again), again.embedded, again.switched), ((0, 0, 0, 0), 0, false));

    let Some(mut conn) = db.other_connection().await else {
        return skip(
            "only_what_is_new_or_changed_is_embedded",
            "the rest changes rows, which needs a second connection",
        );
    };
    // A changed text, one touched row that says the same, an event that is gone, one that is new, one that moved.
    execute(&mut conn, "UPDATE db_event SET description = 'a dog runs past the till' WHERE id = 1").await;
    execute(&mut conn, "UPDATE db_event SET confidence = confidence WHERE id = 2").await;
    execute(&mut conn, "DELETE FROM db_event WHERE id = 3").await;
    execute(&mut conn, "UPDATE db_event SET video_id = 2 WHERE id = 4").await;
    execute(
        &mut conn,
        "INSERT INTO db_event (video_id, timestamp, event_type, confidence, description) \
         VALUES (1, 5, 'walking', 0.5, 'a dog runs past the till')",
    )
    .await;
    let forecast = bundled.forecast(&all).await.unwrap();
    assert_eq!((forecast.new, forecast.changed, forecast.removed), (2, 1, 2));
    let changed = bundled.run(&all, |_| {}).await.unwrap();
    assert_eq!(counts(&changed), (2, 1, 1, 2));
    let again = bundled.run(&all, |_| {}).await.unwrap();
    assert_eq!(counts(&again), (0, 0, 0, 0), "what was touched is not looked at twice");

    // One video alone: the others stay as they are.
    execute(&mut conn, "UPDATE db_event SET description = 'x ' || description WHERE id IN (10, 2000)").await;
    let one = bundled.run(&Plan { videos: Some(vec![1]), ..Plan::default() }, |_| {}).await.unwrap();
    assert_eq!(counts(&one), (0, 1, 0, 0));
    let rest = bundled.run(&all, |_| {}).await.unwrap();
    assert_eq!(counts(&rest), (0, 1, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_neighbours_sees_changes_next_to_an_event() {
    let db = Db::sample().await;
    let wide = Indexer { template: Template { window: 1, ..Template::default() }, ..indexer(&db.store) };
    assert_eq!(counts(&wide.run(&Plan::default(), |_| {}).await.unwrap()).0, SAMPLE);
    let again = wide.run(&Plan::default(), |_| {}).await.unwrap();
    assert_eq!((counts(&again), again.embedded), ((0, 0, SAMPLE, 0), 0));
    let Some(mut conn) = db.other_connection().await else {
        return skip("a_window_of_neighbours_sees_changes_next_to_an_event", "it needs a second connection");
    };
    execute(&mut conn, "UPDATE db_event SET description = 'a dog' WHERE id = 100").await;
    assert_eq!(counts(&wide.run(&Plan::default(), |_| {}).await.unwrap()).1, 3, "itself and both neighbours");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paid_is_paid_once() {
    let db = Db::sample().await;
    let counting = Arc::new(Counting::default());
    let paid = Indexer { embedder: counting.clone(), paid: true, ..indexer(&db.store) };
    let first = paid.run(&Plan::default(), |_| {}).await.unwrap();
    assert_eq!(first.embedded, counting.texts.load(Ordering::Relaxed));
    assert_eq!(first.tokens, first.embedded, "what the embedder billed is what is told");
    let Some(mut conn) = db.other_connection().await else {
        return skip("what_is_paid_is_paid_once", "the rest changes rows, which needs a second connection");
    };
    // The same documents under other numbers.
    execute(
        &mut conn,
        "INSERT INTO db_event (video_id, timestamp, event_type, action_detected, location, area, age, gender, confidence, \
         description) SELECT 2, timestamp, event_type, action_detected, location, area, age, gender, confidence, description \
         FROM db_event WHERE video_id = 1",
    )
    .await;
    let copies = paid.run(&Plan::default(), |_| {}).await.unwrap();
    assert!(copies.new > 100 && copies.embedded == 0, "{copies:?}");

    // An embedder that fails on the way leaves what was done, and the next run goes on there.
    execute(&mut conn, "UPDATE db_event SET description = description || ' again'").await;
    counting.fails_after.store(counting.texts.load(Ordering::Relaxed) + 500, Ordering::Relaxed);
    let before = counting.texts.load(Ordering::Relaxed);
    let failed = paid.run(&Plan::default(), |_| {}).await.unwrap_err();
    assert!(failed.to_string().contains("goes on there"), "{failed}");
    counting.fails_after.store(u64::MAX, Ordering::Relaxed);
    let rest = paid.run(&Plan::default(), |_| {}).await.unwrap();
    let embedded = counting.texts.load(Ordering::Relaxed) - before;
    let plain = paid.forecast(&Plan { rebuild: true, ..Plan::default() }).await.unwrap();
    assert!(rest.embedded < embedded && embedded <= plain.documents + 64, "{embedded} of {plain:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_stands_beside_the_old_one_until_it_is_switched_to() {
    let db = Db::sample().await;
    let old = indexer(&db.store);
    let new = Indexer { template: Template { window: 1, ..Template::default() }, ..old.clone() };
    let served = async || db.store.vectors.served().await.unwrap().unwrap().id;
    let first = old.run(&Plan::default(), |_| {}).await.unwrap().version.id;
    let second = new.run(&Plan::default(), |_| {}).await.unwrap();
    assert!(!second.switched && served().await == first);
    let switched = new.run(&Plan { switch: true, ..Plan::default() }, |_| {}).await.unwrap();
    assert!(switched.switched && served().await == second.version.id);
    assert_eq!(db.store.vectors.versions().await.unwrap().len(), 2, "the one before is kept");

    // Made anew: another version takes the place, and the one before it is gone.
    let anew = new.run(&Plan { rebuild: true, ..Plan::default() }, |_| {}).await.unwrap();
    assert_eq!(counts(&anew).0, SAMPLE);
    assert!(anew.switched && anew.version.id != second.version.id && served().await == anew.version.id);
    let versions: Vec<i64> = db.store.vectors.versions().await.unwrap().iter().map(|version| version.id).collect();
    assert_eq!(versions, [first, anew.version.id]);
    let again = new.run(&Plan::default(), |_| {}).await.unwrap();
    assert_eq!((again.embedded, again.version.id), (0, anew.version.id));

    // A third one takes its place; of the two before, the last is kept.
    let unserved = Indexer { embedder: Arc::new(Counting::default()), paid: true, ..old.clone() };
    let unserved = unserved.run(&Plan { videos: Some(vec![1]), ..Plan::default() }, |_| {}).await.unwrap();
    assert!(!unserved.switched);
    let third = Indexer { template: Template { window: 2, ..Template::default() }, ..old.clone() };
    let third = third.run(&Plan { switch: true, ..Plan::default() }, |_| {}).await.unwrap().version.id;
    let versions: Vec<i64> = db.store.vectors.versions().await.unwrap().iter().map(|version| version.id).collect();
    assert_eq!(versions, [anew.version.id, unserved.version.id, third], "one that waits to be switched to stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_do_not_write_one_index() {
    let db = Db::sample().await;
    let bundled = indexer(&db.store);
    let version = bundled.run(&Plan::default(), |_| {}).await.unwrap().version;
    if db.other_connection().await.is_none() {
        return skip("two_processes_do_not_write_one_index", "the embedded database lets in one process");
    }
    let writing = db.store.vectors.lock(&version).await.unwrap();
    let told = bundled.run(&Plan::default(), |_| {}).await.unwrap_err();
    assert!(matches!(told, askline::index::IndexError::Vectors(VectorError::Taken)), "{told}");
    drop(writing);
    assert!(
        support::eventually(Duration::from_secs(5), async || bundled.run(&Plan::default(), |_| {}).await.is_ok()).await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_says_nothing_is_indexed_without_a_vector() {
    let db = Db::sample().await;
    let bundled = indexer(&db.store);
    let counting = Arc::new(Counting { silent: true, ..Counting::default() });
    let silent = Indexer { embedder: counting.clone(), ..bundled };
    let first = silent.run(&Plan::default(), |_| {}).await.unwrap();
    assert_eq!(first.silent, SAMPLE);
    assert_eq!(silent.run(&Plan::default(), |_| {}).await.unwrap().embedded, 0, "it is not embedded again for that");
}

fn indexer(store: &Store) -> Indexer {
    Indexer {
        vectors: store.vectors.clone(),
        embedder: Arc::new(Local::bundled()),
        template: Template::default(),
        paid: false,
        limit: Duration::from_secs(60),
    }
}

/// New, changed, unchanged, removed.
fn counts(report: &Report) -> (u64, u64, u64, u64) {
    (report.new, report.changed, report.unchanged, report.removed)
}

/// Counts what it is asked for, one token a text.
struct Counting {
    space: Space,
    texts: AtomicU64,
    fails_after: AtomicU64,
    silent: bool,
}

impl Default for Counting {
    fn default() -> Self {
        Self {
            space: Space { model: "counting".to_owned(), dimensions: 3 },
            texts: AtomicU64::new(0),
            fails_after: AtomicU64::new(u64::MAX),
            silent: false,
        }
    }
}

impl Embedder for Counting {
    fn space(&self) -> &Space {
        &self.space
    }

    fn embed<'a>(&'a self, texts: &'a [&'a str], _purpose: Purpose, _limit: Duration) -> Pending<'a, Embedded> {
        Box::pin(async move {
            let count = texts.len() as u64;
            // What fails in the middle is billed all the same.
            self.texts.fetch_add(count, Ordering::Relaxed);
            if self.texts.load(Ordering::Relaxed) > self.fails_after.load(Ordering::Relaxed) {
                return Err(askline::model::ModelError {
                    kind: askline::model::ErrorKind::Throttled,
                    message: "the quota is used up".to_owned(),
                    request_id: None,
                });
            }
            let vector = |text: &&str| (!self.silent).then(|| vec![0.6, 0.8, (text.len() % 7) as f32 * 1e-3]);
            let vectors = texts.iter().map(vector).collect();
            Ok(Embedded { vectors, tokens: count, ms: 0.1, request_ids: Vec::new() })
        })
    }
}
