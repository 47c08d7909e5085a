//! `POST /api/prompt/` beside a bare poem handler that runs the same SQL through sqlx on the same server: both in this
//! process, asked in turns by the same clients over kept-alive connections. `benches/throughput.sh` runs it.
//!
//! `DATABASE_URL` names the server; the sample is loaded if it is not there.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program for developers: it prints, or stops"
)]

use std::{env, fmt, net::SocketAddr, sync::Arc, time::Duration};

use askline::{
    engine::{Ask, Engine},
    http,
    question::Lexicon,
    router::Router,
    sql::{Bind, Query},
    store::{Limits, Place, Settings, Store},
};
use jiff::Timestamp;
use poem::{Request, Response, Server, endpoint::make, listener::TcpAcceptor};
use serde_json::{Map, Value as Json, json};
use sqlx::{
    AssertSqlSafe, Column, PgPool, Row, TypeInfo,
    postgres::{PgPoolOptions, PgRow},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    time::Instant,
};

/// An answer of each kind, and a long one.
const QUESTIONS: [&str; 4] = [
    "5분에서 10분 사이에 도난 사건이 있었나요?",
    "도난이 몇 건 있었어?",
    "Count events by type",
    "여자가 나오는 이벤트 전부 보여줘",
];
const VIDEO: i64 = 1;

#[tokio::main]
async fn main() {
    let Ok(url) = env::var("DATABASE_URL") else {
        println!("throughput: skipped, DATABASE_URL names no server");
        return;
    };
    let number = |name: &str, default: u64| env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default);
    let (rounds, clients) = (number("ROUNDS", 5), number("CLIENTS", 8));
    let time = Duration::from_millis(number("ROUND_MS", 2_000));

    let store = Store::open(Settings::new(Place::Url(url.clone()))).await.expect("the database opens");
    store.writer.load_sample().await.expect("the sample loads");
    let engine = Arc::new(Engine::new(
        store.reader.clone(),
        Lexicon::builtin().expect("the vocabulary"),
        Router::new("rules").expect("the strategies"),
        Limits::default(),
    ));
    let settings = http::Settings { host: "127.0.0.1".into(), port: 0, request_timeout: Duration::from_secs(30) };
    let bound = http::bind(&settings).await.expect("a port");
    let ours = bound.address().expect("an address");
    tokio::spawn(bound.serve(engine.clone(), store.reader.clone(), store.ledger.clone(), std::future::pending()));
    // As many connections as the store has. A pool as it comes pings before each use; the store's does not, so the
    // bare handler is also measured without.
    let pool = PgPoolOptions::new().max_connections(8);
    let plain = pool.clone().connect(&url).await.expect("a pool");
    let lean = pool.test_before_acquire(false).connect(&url).await.expect("a pool");

    println!("{clients} clients, {rounds} rounds of {} ms each in turns", time.as_millis());
    println!("requests a second, and milliseconds of the median and of the 99th in 100");
    println!("{:>16} {:>16} {:>16}   of bare  of no-ping", "bare", "bare, no ping", "askline");
    let mut worst = f64::INFINITY;
    for question in QUESTIONS {
        let ask = Ask {
            prompt: question.into(),
            video_id: VIDEO,
            lang: None,
            now: Timestamp::now(),
            strategy: None,
            caller: "test".to_owned(),
        };
        let reply = engine.ask(ask).await.expect("a question");
        let Some(query) = reply.query else {
            println!("not read by the rules: {question}");
            continue;
        };
        let servers = [bare(plain.clone(), query.clone()).await, bare(lean.clone(), query).await, ours];
        let body = json!({"prompt": question, "video_id": VIDEO}).to_string();
        let mut counted = [Counted::default(), Counted::default(), Counted::default()];
        // A round to warm up, which does not count.
        for address in servers {
            load(address, &body, clients, time / 4).await;
        }
        for _ in 0..rounds {
            for (address, counted) in servers.iter().zip(&mut counted) {
                counted.add(load(*address, &body, clients, time).await);
            }
        }
        let [plain, lean, ours] = counted;
        let (of_plain, of_lean) = (ours.per_second() / plain.per_second(), ours.per_second() / lean.per_second());
        worst = worst.min(of_plain);
        println!("{plain:>16} {lean:>16} {ours:>16}   {of_plain:>7.2}  {of_lean:>10.2}   {question}");
    }
    println!("worst of bare {worst:.2}; the target is 0.50");
}

/// The floor: the body parsed, the statement run, its rows as JSON. Nothing else.
async fn bare(pool: PgPool, query: Query) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let query = Arc::new(query);
    let handler = make(move |mut request: Request| {
        let (pool, query) = (pool.clone(), query.clone());
        async move {
            let _asked: Json = request.take_body().into_json().await?;
            let mut statement = sqlx::query(AssertSqlSafe(query.text().to_owned()));
            for bind in query.binds() {
                statement = match bind {
                    Bind::Int(n) => statement.bind(n),
                    Bind::Ints(all) => statement.bind(all),
                    Bind::Float(x) => statement.bind(x),
                    Bind::Text(text) => statement.bind(text),
                    Bind::Texts(texts) => statement.bind(texts),
                    // None of the questions is a search.
                    Bind::Vector(_) => statement,
                };
            }
            let rows = statement.fetch_all(&pool).await.map_err(poem::error::InternalServerError)?;
            let rows: Vec<_> = rows.iter().map(as_json).collect();
            Ok::<_, poem::Error>(
                Response::builder().content_type("application/json").body(Json::Array(rows).to_string()),
            )
        }
    });
    let acceptor = TcpAcceptor::from_tokio(listener).expect("an acceptor");
    tokio::spawn(Server::new_with_acceptor(acceptor).run(handler));
    address
}

fn as_json(row: &PgRow) -> Json {
    let cell = |(at, column): (usize, &sqlx::postgres::PgColumn)| {
        let value = match column.type_info().name() {
            "INT8" => row.try_get::<Option<i64>, _>(at).map(|n| json!(n)),
            "FLOAT8" => row.try_get::<Option<f64>, _>(at).map(|n| json!(n)),
            "TEXT" => row.try_get::<Option<&str>, _>(at).map(|n| json!(n)),
            "JSONB" => row.try_get::<Option<Json>, _>(at).map(|n| json!(n)),
            other => panic!("a column of type {other}"),
        };
        (column.name().to_owned(), value.expect("a cell"))
    };
    Json::Object(row.columns().iter().enumerate().map(cell).collect::<Map<_, _>>())
}

/// What the clients saw.
#[derive(Default)]
struct Counted {
    time: Duration,
    micros: Vec<u64>,
}

impl Counted {
    fn add(&mut self, other: Self) {
        self.time += other.time;
        self.micros.extend(other.micros);
    }

    fn per_second(&self) -> f64 {
        self.micros.len() as f64 / self.time.as_secs_f64()
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted = self.micros.clone();
        sorted.sort_unstable();
        let at = |share: usize| sorted.get(sorted.len() * share / 100).map_or(0.0, |micros| *micros as f64 / 1e3);
        f.pad(&format!("{:.0}  {:.1}/{:.1}", self.per_second(), at(50), at(99)))
    }
}

/// Clients that ask as soon as they are answered, for a while.
async fn load(address: SocketAddr, body: &str, clients: u64, time: Duration) -> Counted {
    let request: Arc<[u8]> = format!(
        "POST /api/prompt/ HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
    .into();
    let began = Instant::now();
    let asking: Vec<_> = (0..clients).map(|_| tokio::spawn(client(address, request.clone(), began + time))).collect();
    let mut micros = Vec::new();
    for client in asking {
        micros.extend(client.await.expect("a client that ends"));
    }
    Counted { time: began.elapsed(), micros }
}

async fn client(address: SocketAddr, request: Arc<[u8]>, until: Instant) -> Vec<u64> {
    let stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("no delay");
    let mut stream = BufReader::with_capacity(64 * 1024, stream);
    let (mut line, mut body, mut micros) = (String::new(), Vec::new(), Vec::new());
    while Instant::now() < until {
        let began = Instant::now();
        stream.get_mut().write_all(&request).await.expect("a request");
        let mut length = 0;
        for first in std::iter::once(true).chain(std::iter::repeat(false)) {
            line.clear();
            stream.read_line(&mut line).await.expect("a line");
            assert!(!first || line.contains(" 200 "), "answered {line}");
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.trim().parse().expect("a length");
            }
            if line == "\r\n" {
                break;
            }
        }
        body.resize(length, 0);
        stream.read_exact(&mut body).await.expect("a body");
        micros.push(began.elapsed().as_micros() as u64);
    }
    micros
}
