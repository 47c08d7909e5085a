//! What the engine adds to a search: `Engine::search` beside the same statement alone, over the same events.
//!
//! `DATABASE_URL=… cargo bench --bench search -- [SEARCHES]`, after `benches/index.sh` or any `askline index` of the
//! bundled embedder. Statement and engine take turns, so that whatever else the machine does falls on both.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a program for measuring")]

use std::{
    env,
    sync::Arc,
    time::{Duration, Instant},
};

use askline::{
    answer::Answer,
    engine::{Engine, Look},
    local::Local,
    model::{Embedder, Purpose},
    question::{
        Lexicon,
        reading::{Bound, Bounds, Cond},
    },
    router::Router,
    sql::{
        Bind,
        search::{Effort, Wanted, search},
    },
    store::{EXACT, Limits, Place, Settings, Store, VideoRow},
    strategy::vector::Search,
};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const ASKED: [&str; 8] = [
    "검은 외투를 입은 사람이 통로를 어슬렁거린다",
    "빨간 모자 쓴 손님",
    "a person in grey reading a label",
    "someone with a pram near the cooler",
    "우산을 든 노인",
    "a courier taking pictures",
    "whoever argues by the lift with a paper cup",
    "학생이 유리를 걷어찬다",
];

#[tokio::main]
async fn main() {
    let Ok(url) = env::var("DATABASE_URL") else {
        println!("search: skipped, DATABASE_URL names no server");
        return;
    };
    let count: usize = env::args().filter_map(|argument| argument.parse().ok()).next().unwrap_or(400);
    let store = Store::open(Settings::new(Place::Url(url.clone()))).await.unwrap();
    let router = Router::new("offline").unwrap();
    let engine = Engine::new(store.reader.clone(), Lexicon::builtin().unwrap(), router, Limits::default())
        .with_search(Search::new(store.vectors.clone(), vec![Arc::new(Local::bundled())]));
    let mut alone = PgConnection::connect(&url).await.unwrap();
    let videos = store.reader.videos().await.unwrap();
    let now = "2026-03-01T00:00:00Z".parse().unwrap();

    let (mut engines, mut statements) = (Vec::new(), Vec::new());
    let (mut found, mut ideal) = (0, 0);
    for n in 0..count + 20 {
        let video = videos[n * 7919 % videos.len()].id;
        let text = ASKED[n % ASKED.len()].to_owned();
        let look = Look { text, video_id: video, lang: None, now, most: 10, legs: None, caller: "bench".to_owned() };
        let sought = engine.search(look.clone()).await.unwrap();
        let query = sought.query.clone().unwrap();
        let run = async |conn: &mut PgConnection| {
            let mut statement = sqlx::query(AssertSqlSafe(query.text().to_owned()));
            for bind in query.binds() {
                statement = match bind.clone() {
                    Bind::Int(n) => statement.bind(n),
                    Bind::Ints(all) => statement.bind(all),
                    Bind::Float(x) => statement.bind(x),
                    Bind::Text(text) => statement.bind(text),
                    Bind::Texts(all) => statement.bind(all),
                    Bind::Vector(all) => statement.bind(format!("{all:?}")),
                };
            }
            statement.fetch_all(conn).await.unwrap()
        };
        // Both are warm now.
        let began = Instant::now();
        run(&mut alone).await;
        let statement = began.elapsed();
        let began = Instant::now();
        let sought = engine.search(look).await.unwrap();
        let whole = began.elapsed();
        if n >= 20 {
            engines.push(whole.as_secs_f64() * 1e3);
            statements.push(statement.as_secs_f64() * 1e3);
        }
        if n < 60
            && let Some(Answer::Hits(hits)) = sought.outcome.answer()
        {
            let exact = exact(&mut alone, &query, video, 50).await;
            let ranked = hits.hits.iter().filter_map(|hit| Some((hit.event.id, hit.vector_rank? as usize)));
            for (id, rank) in ranked.filter(|(_, rank)| *rank <= exact.len()) {
                ideal += 1;
                found += usize::from(exact[rank - 1] == id);
            }
        }
    }
    let (engine_ms, alone_ms) = (median(&mut engines), median(&mut statements));
    println!("{} videos, {count} searches", videos.len());
    println!("the statement alone: p50 {alone_ms:.2} ms, p95 {:.2} ms", statements[statements.len() * 95 / 100]);
    println!("the engine:          p50 {engine_ms:.2} ms, p95 {:.2} ms", engines[engines.len() * 95 / 100]);
    println!("the engine adds {:.1}%", 100.0 * (engine_ms / alone_ms - 1.0));
    println!("{found} of {ideal} hits have the rank by meaning that they have among all events of their video");
    approximate(&store, &videos).await;
    store.close().await;
}

/// Where there is an approximate index: what it finds of the ten nearest and what it takes, beside comparing all, in the
/// largest video, with conditions that hold for all of its events, for a tenth and for a hundredth.
async fn approximate(store: &Store, videos: &[VideoRow]) {
    let Some(served) = store.vectors.served().await.unwrap() else { return };
    let Some(largest) = videos.iter().max_by_key(|video| video.events) else { return };
    if !store.vectors.has_graph(&served).await.unwrap() {
        println!("no approximate index: no video has more than {EXACT} events");
        return;
    }
    let video = store.reader.video(largest.id).await.unwrap().unwrap();
    let embedder = Local::bundled();
    println!("the approximate index, in a video of {} events:", largest.events);
    for share in [1.0, 0.1, 0.01] {
        // `benches/events.py`: 7.1 s from event to event, from the start of the video.
        let high = Bound { value: largest.events as f64 * 7.1 * share, inclusive: false };
        let filter = Cond::Time(Bounds { low: None, high: Some(high) });
        let (mut near, mut all) = (Vec::new(), Vec::new());
        let (mut found, mut ideal) = (0, 0);
        for n in 0..48 {
            let text = format!("{} {}", ASKED[n % ASKED.len()], ["", "녹색", "blue"][n % 3]);
            let embedded = embedder.embed(&[&text], Purpose::Query, Duration::from_secs(5)).await.unwrap();
            let vector = embedded.vectors[0].clone().unwrap();
            let near_to = Some((served.searched(), vector));
            let wanted = Wanted { filter: &filter, relation: None, near: near_to, words: Vec::new(), depth: 50 };
            let mut ten = Vec::new();
            for (effort, times) in [(Effort::Approximate, &mut near), (Effort::Exact, &mut all)] {
                let query = search(&wanted, &video, effort);
                let began = Instant::now();
                let answer = store.reader.run(&query, Limits::default()).await.unwrap();
                times.push(began.elapsed().as_secs_f64() * 1e3);
                let Answer::Hits(hits) = answer else { return };
                let mut ranked: Vec<_> =
                    hits.hits.iter().filter_map(|hit| Some((hit.vector_rank?, hit.event.id))).collect();
                ranked.sort_unstable();
                ten.push(ranked.into_iter().map(|(_, id)| id).take(10).collect::<Vec<_>>());
            }
            ideal += ten[1].len();
            found += ten[1].iter().filter(|id| ten[0].contains(id)).count();
        }
        println!(
            "  {:>3.0}% of its events: recall@10 {:.3}; p50 {:.1} ms, comparing all {:.1} ms",
            100.0 * share,
            found as f64 / ideal as f64,
            median(&mut near),
            median(&mut all)
        );
    }
}

/// The nearest events of the video by cosine, every one compared, without a question's other words.
async fn exact(conn: &mut PgConnection, query: &askline::sql::Query, video: i64, most: usize) -> Vec<i64> {
    let Some(vector) = query.binds().iter().find_map(|bind| match bind {
        Bind::Vector(all) => Some(format!("{all:?}")),
        _ => None,
    }) else {
        return Vec::new();
    };
    let id: i64 = sqlx::query_scalar("SELECT id FROM askline_index WHERE served").fetch_one(&mut *conn).await.unwrap();
    let text = format!(
        "SELECT event_id FROM askline_vectors_{id} WHERE video_id = $1 AND embedding IS NOT NULL \
         ORDER BY (embedding <=> $2::text::halfvec) + 0 LIMIT $3"
    );
    sqlx::query_scalar(AssertSqlSafe(text)).bind(video).bind(vector).bind(most as i64).fetch_all(conn).await.unwrap()
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
