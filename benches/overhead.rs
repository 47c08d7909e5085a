//! What the engine adds to a prompt that a model reads: 200 prompts a second, each through `Engine::ask` with the text2sql
//! rung, beside its model's share (the same request to the same stand-in) and its database's (the same statements on the
//! same pool). Both in this process; the stand-in answers at once, on a thread of its own.
//!
//! `DATABASE_URL` names the server; the sample is loaded if it is not there. `RATE`, `SECONDS` change the load.

#![expect(clippy::expect_used, clippy::print_stdout, reason = "a program for developers: it prints, or stops")]

use std::{collections::BTreeMap, env, sync::Arc, time::Duration};

use askline::{
    bedrock::{Bedrock, Capabilities, Credentials, Keys, Settings as Client, ToolUse},
    cost::Models,
    engine::{Ask, Engine, ModelSetup},
    local::Local,
    model::{Chat, ChatModel, Completion, Pending},
    prompt::SqlPrompt,
    question::Lexicon,
    router::Router,
    sim::{self, Script},
    sql::{Scope, admit::admit, catalog::Catalog},
    store::{Limits, Place, Settings, Store},
};
use tokio::{sync::Mutex, task::JoinSet, time::Instant};

const MODEL: &str = "anthropic.claude-haiku-5-5";
const SQL: &str = "SELECT e.id FROM db_event e WHERE e.event_type = 'theft' AND e.timestamp BETWEEN 300 AND 600";
const PROMPT: &str = "5분에서 10분 사이 도난 사건 중 특이한 거 있었어?";

/// Keeps the last request, to ask it again by itself.
struct Kept {
    live: Bedrock,
    last: Mutex<Option<Chat>>,
}

impl ChatModel for Kept {
    fn complete<'a>(&'a self, chat: &'a Chat, limit: Duration) -> Pending<'a, Completion> {
        Box::pin(async move {
            let mut last = self.last.lock().await;
            if last.is_none() {
                *last = Some(chat.clone());
            }
            drop(last);
            self.live.complete(chat, limit).await
        })
    }
}

#[tokio::main]
async fn main() {
    let Ok(url) = env::var("DATABASE_URL") else {
        println!("overhead: skipped, DATABASE_URL names no server");
        return;
    };
    let number = |name: &str, default: u64| env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default);
    let (rate, seconds) = (number("RATE", 200), number("SECONDS", 5));
    let store = Store::open(Settings::new(Place::Url(url))).await.expect("the database opens");
    store.writer.load_sample().await.expect("the sample loads");
    let kept = Arc::new(Kept { live: client(stand_in()).await, last: Mutex::new(None) });
    let engine = Arc::new(engine(&store, kept.clone()));
    let video = engine_video(&engine).await;
    let catalog = Catalog::builtin().expect("the catalog");
    let query = admit(SQL, &catalog, &Scope::video(1)).and_then(|sql| sql.answer(askline::answer::Kind::Events));
    let query = Arc::new(query.expect("it is admitted"));
    let reader = store.reader.clone();
    let chat = Arc::new(kept.last.lock().await.clone().expect("a request was kept"));
    let breaking = Arc::new(video);

    let mut ratios = Vec::new();
    for round in 1..=number("ROUNDS", 3) {
        let whole = load(rate, seconds, {
            let engine = engine.clone();
            move || {
                let engine = engine.clone();
                async move { drop(engine.ask(asked()).await.expect("it answers")) }
            }
        });
        let whole = whole.await;
        let parts = load(rate, seconds, {
            let (kept, chat, reader, query, breaking) =
                (kept.clone(), chat.clone(), reader.clone(), query.clone(), breaking.clone());
            move || {
                let (kept, chat, reader, query, breaking) =
                    (kept.clone(), chat.clone(), reader.clone(), query.clone(), breaking.clone());
                async move {
                    kept.live.complete(&chat, Duration::from_secs(10)).await.expect("the stand-in answers");
                    reader.run(&query, Limits::default()).await.expect("it runs");
                    reader.run(&breaking, Limits::default()).await.expect("it runs");
                }
            }
        });
        let parts = parts.await;
        let (p50, p99) = (at(&whole, 0.5) - at(&parts, 0.5), at(&whole, 0.99) - at(&parts, 0.99));
        println!(
            "round {round}: whole p50 {:.2} ms p99 {:.2} ms; model and database alone p50 {:.2} p99 {:.2}; engine p50 {p50:.2} p99 {p99:.2}",
            at(&whole, 0.5),
            at(&whole, 0.99),
            at(&parts, 0.5),
            at(&parts, 0.99),
        );
        ratios.push(p50);
    }
    ratios.sort_by(f64::total_cmp);
    println!("engine, median of rounds: p50 {:.2} ms at {rate} prompts a second", ratios[ratios.len() / 2]);
}

fn asked() -> Ask {
    Ask {
        prompt: PROMPT.to_owned(),
        video_id: 1,
        lang: None,
        now: jiff::Timestamp::now(),
        strategy: Some("text2sql".to_owned()),
        caller: "test".to_owned(),
    }
}

/// Asks once, so that all that is read once has been; and gives the statement that holds the rows against the reading.
async fn engine_video(engine: &Engine) -> askline::sql::Query {
    let reply = engine.ask(asked()).await.expect("it answers");
    assert_eq!(reply.outcome.name(), "answered", "{:?}", reply.trace);
    let ids = match reply.outcome.answer() {
        Some(askline::answer::Answer::Events(events)) => events.ids.clone(),
        _ => Vec::new(),
    };
    let reading = reply.reading.expect("it was read");
    let video = askline::question::Video {
        id: 1,
        name: String::new(),
        filename: None,
        duration: None,
        recorded_at: None,
        timezone: jiff::tz::TimeZone::UTC,
        places: askline::question::Places::default(),
    };
    askline::sql::certain::certain(&reading, &video).breaking(&ids, &video).expect("there are conditions")
}

/// Begins so many a second, whether the others have ended or not; how long each took, in ms, in order.
async fn load<F, W>(rate: u64, seconds: u64, work: F) -> Vec<f64>
where
    F: Fn() -> W,
    W: Future<Output = ()> + Send + 'static,
{
    let began = Instant::now();
    let mut running = JoinSet::new();
    for nth in 0..rate * seconds {
        tokio::time::sleep_until(began + Duration::from_secs_f64(nth as f64 / rate as f64)).await;
        let one = work();
        running.spawn(async move {
            let since = Instant::now();
            one.await;
            since.elapsed().as_secs_f64() * 1e3
        });
    }
    let mut took = running.join_all().await;
    took.sort_by(f64::total_cmp);
    took
}

fn at(sorted: &[f64], share: f64) -> f64 {
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}

/// On a thread of its own; its address.
fn stand_in() -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let input = serde_json::json!({"kind": "events", "sql": SQL, "explanation": "thefts"});
            let rule = format!("version: 1\nrules: [{{reply: {{tool: {{name: answer_with_sql, input: {input}}}}}}}]\n");
            let script = Script::parse("overhead", &rule).expect("a script");
            let bound = sim::bind(script, "127.0.0.1", 0).await.expect("a port");
            let address = bound.address().expect("an address");
            tell.send(format!("http://{address}")).expect("somebody waits");
            bound.serve(std::future::pending()).await.expect("it serves");
        });
    });
    told.recv().expect("the stand-in starts")
}

async fn client(url: String) -> Bedrock {
    let keys = Keys { access_key_id: "AKID".into(), secret_access_key: "SECRET".into(), session_token: None };
    Bedrock::new(Client {
        region: Some("ap-northeast-2".to_owned()),
        credentials: Credentials { keys: Some(keys), bearer: None },
        endpoint: Some(url),
        models: [(MODEL.to_owned(), Capabilities { sampling: false, tool: ToolUse::Forced, cache: true })].into(),
        concurrency: 64,
        ..Client::default()
    })
    .await
}

fn engine(store: &Store, chat: Arc<dyn ChatModel>) -> Engine {
    let catalog = Arc::new(Catalog::builtin().expect("the catalog"));
    let text = include_str!("../prompts/text2sql.yaml");
    let prompt = SqlPrompt::parse("prompts/text2sql.yaml", text, &catalog).expect("the prompt");
    let setup = ModelSetup {
        chat,
        default_model: MODEL.to_owned(),
        prices: Arc::new(Models::builtin().expect("the prices")),
        sql_prompts: BTreeMap::from([("text2sql".to_owned(), Arc::new(prompt))]),
        words_prompts: BTreeMap::from([(
            "answer".to_owned(),
            Arc::new(askline::prompt::WordsPrompt::answer().expect("the prompt")),
        )]),
        embedder: Arc::new(Local::bundled()),
        catalog,
    };
    let router = Router::new("text2sql").expect("the strategies");
    let engine =
        Engine::new(store.reader.clone(), Lexicon::builtin().expect("the vocabulary"), router, Limits::default());
    engine.with_models(setup).expect("the prompts are there")
}
