//! The rung `knowledge_base`: what it asks, what it shows of what it is told, and how its ends differ.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use askline::{
    answer::Answer,
    cost::Models,
    engine::{Abstention, Ask, Engine, Failure, Outcome, Reply},
    index::{Detail, Indexer, Plan, Template},
    local::Local,
    model::{ErrorKind, KnowledgeBase},
    question::Lexicon,
    replay::{Mode, Nobody, Tape, Taped},
    router::Router,
    store::{Limits, Store},
    strategy::{
        knowledge_base::{Knowledge, StandIn},
        vector::Search,
    },
};
use serde_json::{Value as Json, json};

use crate::{
    BASE, direct, run, script,
    support::{
        Db,
        sim::{MODEL, Sim},
        skip,
    },
};

const RED_HAT: &str = "빨간 모자를 쓴 사람이 있었나요?";

fn engine(store: &Store, base: Arc<dyn KnowledgeBase>, settings: &str) -> Engine {
    let text = format!("version: 1\nrungs:\n  - rules\n  - knowledge_base: {{{settings}}}\n");
    let files = [("kb".to_owned(), "kb.yaml".to_owned(), text)];
    let router = Router::with_files("kb", &files).unwrap();
    let prices = Arc::new(Models::builtin().unwrap());
    let knowledge = Knowledge { base, id: BASE.to_owned(), prices, default_model: MODEL.to_owned() };
    let engine = Engine::new(store.reader.clone(), Lexicon::builtin().unwrap(), router, Limits::default());
    engine.with_knowledge(knowledge)
}

async fn ask(engine: &Engine, prompt: &str) -> Reply {
    let now = "2026-03-01T00:00:00Z".parse().unwrap();
    engine
        .ask(Ask { prompt: prompt.to_owned(), video_id: 1, lang: None, now, strategy: None, caller: "test".to_owned() })
        .await
        .unwrap()
}

/// How it ended and, of hits, their events.
fn ended(reply: &Reply) -> (&'static str, Vec<i64>) {
    let ids = match &reply.outcome {
        Outcome::Answered(Answer::Hits(hits)) => hits.events.ids.clone(),
        _ => Vec::new(),
    };
    (reply.outcome.name(), ids)
}

/// (outcome, reason, count) of the rung's steps.
fn steps(reply: &Reply) -> Vec<(&'static str, Option<&'static str>, Option<u64>)> {
    let of = reply.trace.iter().filter(|step| step.step == "knowledge_base");
    of.map(|step| (step.outcome, step.reason, step.count)).collect()
}

fn passage(event: Json, score: f64, id: &str) -> Json {
    json!({
        "content": {"type": "TEXT", "text": "빨간 모자"}, "score": score, "metadata": event,
        "location": {"type": "CUSTOM", "customDocumentLocation": {"id": id}},
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_is_found_again_with_the_filter_of_the_question() {
    let db = Db::sample().await;
    let sim = Sim::with(&script("page: 3", "")).await;
    run(&direct(&sim, &db.store).await, &[1, 2]).await.unwrap();
    let bedrock = Arc::new(sim.client().await);
    let settings = "results: 8, search: hybrid, rerank: 'amazon.rerank-v1:0', rerank_top: 5, types: filter";
    let engine = engine(&db.store, bedrock, settings);
    for (prompt, certain) in [
        (RED_HAT, json!([])),
        (
            "10분에서 15분 사이에 빨간 모자를 쓴 여자가 있었나요?",
            json!([
                {"greaterThanOrEquals": {"key": "timestamp", "value": 600}},
                {"equals": {"key": "gender", "value": "female"}},
            ]),
        ),
        ("빨간 모자를 쓴 사람이 훔친 적이 있나요?", json!([{"equals": {"key": "event_type", "value": "theft"}}])),
    ] {
        sim.ledger.clear();
        let reply = ask(&engine, prompt).await;
        let requests = sim.ledger.requests();
        assert!(!requests.is_empty(), "{prompt}: {:?} {:?}", reply.outcome, reply.trace);
        let search = &requests[0].body["retrievalConfiguration"]["vectorSearchConfiguration"];
        assert_eq!(search["overrideSearchType"], "HYBRID");
        assert_eq!(search["numberOfResults"], 8);
        let rerank = &search["rerankingConfiguration"]["bedrockRerankingConfiguration"];
        assert_eq!(rerank["numberOfRerankedResults"], 5);
        let arn = &rerank["modelConfiguration"]["modelArn"];
        assert_eq!(arn, "arn:aws:bedrock:ap-northeast-2::foundation-model/amazon.rerank-v1:0");
        let video = json!({"equals": {"key": "video_id", "value": 1}});
        let filter = &search["filter"];
        let parts = filter.get("andAll").and_then(Json::as_array).cloned().unwrap_or_else(|| vec![filter.clone()]);
        assert_eq!(parts[0], video, "the video always: {filter}");
        for part in certain.as_array().unwrap() {
            assert!(filter.to_string().contains(&part.to_string()), "{prompt}: {part} in {filter}");
        }
        let (outcome, ids) = ended(&reply);
        if outcome == "answered" {
            assert_eq!(requests.len(), 2, "pages of three until there are five");
            assert_eq!(ids.len(), 5, "{prompt}");
            assert_eq!(steps(&reply), [("retrieved", None, Some(5)), ("answered", None, None)]);
            let Outcome::Answered(Answer::Hits(hits)) = &reply.outcome else { panic!() };
            assert!(hits.hits.iter().all(|hit| hit.event.video_id == 1 && hit.passage_rank.is_some()));
            assert!(hits.hits.windows(2).all(|two| two[0].score >= two[1].score));
        } else {
            assert_eq!(outcome, "empty", "{prompt}: {:?}", reply.trace);
        }
        assert_eq!(reply.exchanges.len(), 1);
        assert_eq!(reply.usage.cost_usd, None, "no table says what a retrieval costs");
    }
}

/// Whatever is said of it, what is not of the video, not there, or not as it was asked for is never shown.
#[tokio::test(flavor = "multi_thread")]
async fn passages_that_lie_are_never_shown() {
    let db = Db::sample().await;
    let other = i64::from(1_000); // of another video, in the sample
    let female = "빨간 모자를 쓴 여자가 있었나요?";
    let of = |ids: &[i64]| -> Vec<Json> {
        ids.iter().map(|id| passage(json!({"event_id": id, "video_id": 1}), 0.9, "x")).collect()
    };
    for (prompt, results, expected, dropped) in [
        (RED_HAT, of(&[1, other, 2]), ("answered", &[1, 2][..]), vec![("not_in_scope", 1)]),
        (RED_HAT, of(&[other, 999_999]), ("abstained", &[]), vec![("not_in_scope", 2)]),
        (RED_HAT, of(&[2, 2, 1]), ("answered", &[2, 1]), vec![]),
        (
            RED_HAT,
            vec![
                passage(json!({}), 0.9, "video-1-event-3"),
                passage(json!({}), 0.8, "readme"),
                passage(json!({"event_id": other}), 0.7, "video-1-event-4"),
            ],
            ("answered", &[3]),
            vec![("no_event", 1), ("not_in_scope", 1)],
        ),
        // The first and second events are of a man: the service has not kept to the filter.
        (female, of(&[1, 2]), ("abstained", &[]), vec![("not_in_scope", 2)]),
        (RED_HAT, vec![], ("abstained", &[]), vec![]),
    ] {
        let rules = format!("  - {{when: {{operation: retrieve}}, reply: {{results: {}}}}}\n", Json::from(results));
        let sim = Sim::with(&script("", &rules)).await;
        let reply = ask(&engine(&db.store, Arc::new(sim.client().await), ""), prompt).await;
        let (outcome, ids) = ended(&reply);
        assert_eq!((outcome, &ids[..]), expected, "{prompt}: {:?} {:?}", reply.outcome, reply.trace);
        let counted: Vec<_> = steps(&reply)
            .into_iter()
            .filter(|step| step.0 == "dropped")
            .filter_map(|(_, reason, count)| Some((reason?, count?)))
            .collect();
        assert_eq!(counted, dropped, "{prompt}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_nothing_relevant_no_documents_and_a_failure_are_four_things() {
    let db = Db::sample().await;
    let near = Json::from(vec![passage(json!({"event_id": 1}), 0.3, "x")]);
    let found = format!("reply: {{results: {near}}}");
    let nobody = "100분 이후에 빨간 모자를 쓴 여자가 있었나요?";
    for (prompt, settings, rule, expected) in [
        (nobody, "", "reply: {results: []}", ("empty", None)),
        (RED_HAT, "relevant: 0.5", found.as_str(), ("abstained", Some("nothing_relevant"))),
        (RED_HAT, "relevant: 0.2", found.as_str(), ("answered", None)),
        (RED_HAT, "", "reply: {results: []}", ("abstained", Some("no_index"))),
        (RED_HAT, "", "error: {code: ThrottlingException, retry_after_ms: 1}", ("failed", Some("model_throttled"))),
        (RED_HAT, "", "error: {code: ResourceNotFoundException}", ("failed", None)),
        (RED_HAT, "timeout_ms: 300", "fault: {what: hang}", ("failed", None)),
    ] {
        let sim = Sim::with(&script("", &format!("  - {{when: {{operation: retrieve}}, {rule}}}\n"))).await;
        let reply = ask(&engine(&db.store, Arc::new(sim.client().await), settings), prompt).await;
        let reason = reply.outcome.reason().map(|(code, _)| code);
        assert_eq!(reply.outcome.name(), expected.0, "{prompt} {rule}: {:?} {:?}", reply.outcome, reply.trace);
        if expected.0 == "abstained" {
            assert_eq!(reason, expected.1, "{rule}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_the_service_is_shown_only_if_its_citations_bear_it() {
    let db = Db::sample().await;
    let results = Json::from(vec![passage(json!({"event_id": 1}), 0.9, "x")]);
    for (text, by) in
        [("빨간 모자를 쓴 사람이 보입니다.", "knowledge_base"), ("빨간 모자를 쓴 사람이 42명 보입니다.", "template")]
    {
        let rules = format!(
            "  - {{when: {{operation: retrieve_and_generate}}, reply: {{text: '{text}', results: {results}}}}}\n"
        );
        let sim = Sim::with(&script("", &rules)).await;
        let reply = ask(&engine(&db.store, Arc::new(sim.client().await), "generate: true"), RED_HAT).await;
        assert_eq!(ended(&reply), ("answered", vec![1]), "{:?}", reply.trace);
        let last = reply.trace.last().unwrap();
        assert_eq!((last.step, last.reason), ("reply", Some(by)), "{text}: {:?}", reply.trace);
        assert_eq!(reply.words == text, by == "knowledge_base", "{}", reply.words);
        assert_eq!(reply.usage.cost_usd, None);
        let model = "/retrieveAndGenerateConfiguration/knowledgeBaseConfiguration/modelArn";
        assert_eq!(sim.ledger.requests()[0].body.pointer(model).unwrap(), MODEL);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retrieval_is_recorded_and_played_back() {
    let db = Db::sample().await;
    let results = Json::from(vec![passage(json!({"event_id": 1}), 0.9, "x")]);
    let rules = format!("  - {{when: {{operation: retrieve}}, reply: {{results: {results}}}}}\n");
    let sim = Sim::with(&script("", &rules)).await;
    let dir = tempfile::tempdir().unwrap();
    let tape = |mode| Arc::new(Tape::open(dir.path(), mode).unwrap());
    let live = Arc::new(sim.client().await);
    let recording: Arc<dyn KnowledgeBase> = Arc::new(Taped { tape: tape(Mode::Record), live });
    let first = ask(&engine(&db.store, recording, ""), RED_HAT).await;
    let replaying: Arc<dyn KnowledgeBase> = Arc::new(Taped { tape: tape(Mode::Replay), live: Arc::new(Nobody) });
    let engine = engine(&db.store, replaying, "");
    let again = ask(&engine, RED_HAT).await;
    assert_eq!((ended(&again), &again.words), (ended(&first), &first.words));
    assert_eq!(sim.ledger.requests().len(), 1);
    let other = ask(&engine, "노란 우산을 든 사람이 있었나요?").await;
    assert!(matches!(other.outcome, Outcome::Failed(Failure::Model(ErrorKind::NotRecorded))), "{:?}", other.outcome);
}

#[tokio::test(flavor = "multi_thread")]
async fn offline_the_index_stands_in_and_the_reply_says_so() {
    let db = Db::sample().await;
    if db.other_connection().await.is_none() {
        return skip("offline_the_index_stands_in", "needs pgvector, which the embedded database does not have yet");
    }
    let search = || Search::new(db.store.vectors.clone(), vec![Arc::new(Local::bundled())]);
    let stand_in =
        || Arc::new(StandIn { search: search(), reader: db.store.reader.clone(), limits: Limits::default() });
    let reply = ask(&engine(&db.store, stand_in(), ""), RED_HAT).await;
    assert!(matches!(reply.outcome, Outcome::Abstained(Abstention::NoIndex)), "{:?}", reply.outcome);
    assert_eq!(steps(&reply), [("passed", Some("no_index"), None)]);

    let template = Template { detail: Detail::Seen, ..Template::default() };
    let (vectors, embedder) = (db.store.vectors.clone(), Arc::new(Local::bundled()));
    let indexer = Indexer { vectors, embedder, template, paid: false, limit: Duration::from_secs(60) };
    indexer.run(&Plan::default(), |_| {}).await.unwrap();
    let engine = engine(&db.store, stand_in(), "");
    let reply = ask(&engine, RED_HAT).await;
    assert_eq!(reply.outcome.name(), "answered", "{:?}", reply.trace);
    assert_eq!(steps(&reply)[0], ("retrieved", Some("stand_in"), None));
    assert!(reply.exchanges.is_empty() && reply.usage.cost_usd == Some(0.0), "{:?}", reply.usage);
    let body = serde_json::to_value(askline::http::Body::new(&reply, "r")).unwrap();
    assert_eq!((&body["stand_in"], &body["strategy"]), (&json!(true), &json!("knowledge_base")));
    assert_eq!(body["hits"][0]["legs"], json!(["knowledge_base"]));
    let by_name: BTreeMap<&str, &Json> =
        body["hits"][0].as_object().unwrap().iter().map(|(k, v)| (k.as_str(), v)).collect();
    assert_eq!(by_name["passage_rank"], &json!(1));
}
