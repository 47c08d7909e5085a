//! Our client against what others wrote; run by the scripts in tests/interop, which start them.

use std::{env, sync::Arc, time::Duration};

use askline::{
    bedrock::{Bedrock, Bucket, DataSource, Embeddings, Ended, Reranking, Settings},
    model::{
        Chat, ChatModel, Embedder,
        ErrorKind::{self, *},
        Generation, KnowledgeBase, Matches, ModelError, Purpose, Reranker, Retrieval,
    },
};
use serde_json::{Value as Json, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    LIMIT,
    stand_in::{chat, gather, settings},
};

const CLAUDE: &str = "anthropic.claude-3-haiku-20240307-v1:0";
const INVOKED: &str = "anthropic.claude-3-sonnet-20240229-v1:0";

#[tokio::test]
#[ignore = "tests/interop/ministack.sh starts what it asks"]
async fn ministack() {
    let bedrock = client().await;
    for chat in [asking(CLAUDE), asking(INVOKED)] {
        let whole = bedrock.complete(&chat, LIMIT).await.unwrap();
        assert!(!whole.text.is_empty() && whole.usage.input > 0 && whole.usage.output > 0, "{whole:?}");
        let (texts, streamed) = gather(bedrock.stream(&chat, LIMIT)).await;
        let streamed = streamed.unwrap();
        assert!(texts.len() > 1 && texts.concat() == streamed.text, "{texts:?}");
        assert_eq!(streamed.text, whole.text, "a stream says what the whole says");
    }
    let embeddings = Embeddings::new(bedrock.clone(), "amazon.titan-embed-text-v2:0", None);
    // ministack knows no embedding model: it answers as Titan's text models do, and words are not taken for a vector.
    let embedded = embeddings.unwrap().embed(&["a bicycle"], Purpose::Query, LIMIT).await;
    assert_eq!(embedded.unwrap_err().kind, BadReply);
    let found = bedrock.retrieve(&retrieval(None), LIMIT).await.unwrap().passages;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].text.contains("bicycle") && found[0].score > found[1].score, "{found:?}");
    assert_eq!(found[0].id.as_deref(), Some("s3://events/evt-1.txt"));
    let second = Matches::All(vec![Matches::Equals("video_id".to_owned(), json!(2))]);
    let found = bedrock.retrieve(&retrieval(Some(second)), LIMIT).await.unwrap().passages;
    assert!(found.len() == 1 && found[0].text.contains("fire"), "{found:?}");
    let generation = Generation {
        retrieval: retrieval(None),
        model: CLAUDE.to_owned(),
        max_tokens: 50,
        temperature: None,
        prompt: None,
        session: None,
    };
    let generated = bedrock.generate(&generation, LIMIT).await.unwrap();
    assert!(!generated.text.is_empty() && !generated.session.is_empty(), "{generated:?}");
    let reranking = Reranking::new(bedrock.clone(), "amazon.rerank-v1:0");
    assert_eq!(reranking.rerank("a", &["a", "b"], 2, LIMIT).await.unwrap().ranked.len(), 2);
    let listed = bedrock.listed(LIMIT).await.unwrap();
    assert!(listed.models.len() > 3, "{listed:?}");
    let unknown = Retrieval { knowledge_base: "NOSUCHBASE".to_owned(), ..retrieval(None) };
    assert_eq!(bedrock.retrieve(&unknown, LIMIT).await.unwrap_err().kind, WrongModel);
    by_bucket(&bedrock).await;
}

/// An object that is written is read by the data source of its bucket, and one that is removed is not.
async fn by_bucket(bedrock: &Arc<Bedrock>) {
    let bucket = Bucket::new(bedrock.clone(), "events/sync").unwrap();
    let base = env::var("ASKLINE_INTEROP_BASE").expect("the script sets it");
    let sources = bedrock.data_sources(&base, LIMIT).await.unwrap();
    assert_eq!(sources.len(), 1, "{sources:?}");
    let source = DataSource::new(bedrock.clone(), &base, &sources[0].0);
    assert_eq!(source.kind(LIMIT).await.unwrap(), "S3");
    let uri = bucket.uri("빨간 우산 3.txt");
    for there in [true, false] {
        if there {
            let beside = json!({"metadataAttributes": {"video_id": 3}}).to_string();
            bucket.put("빨간 우산 3.txt.metadata.json", "application/json", &beside, LIMIT).await.unwrap();
            bucket.put("빨간 우산 3.txt", "text/plain", "a bicycle under a red umbrella", LIMIT).await.unwrap();
        } else {
            bucket.delete("빨간 우산 3.txt", LIMIT).await.unwrap();
            bucket.delete("빨간 우산 3.txt.metadata.json", LIMIT).await.unwrap();
        }
        let mut job = source.start_job(&format!("{there:-<40}"), LIMIT).await.unwrap();
        while job.ended.is_none() {
            tokio::time::sleep(Duration::from_millis(100)).await;
            job = source.job(&job.id, LIMIT).await.unwrap();
        }
        assert_eq!(job.ended, Some(Ended::Complete), "{job:?}");
        assert_eq!(job.scanned, if there { 3 } else { 2 }, "{job:?}");
        if there {
            // ministack goes on finding what is gone.
            let found = bedrock.retrieve(&retrieval(None), LIMIT).await.unwrap().passages;
            assert!(found.iter().any(|passage| passage.id.as_deref() == Some(&uri)), "{uri} in {found:?}");
        }
    }
    let elsewhere = Bucket::new(bedrock.clone(), "no-such-bucket").unwrap();
    let error = elsewhere.put("a", "text/plain", "a", LIMIT).await.unwrap_err();
    assert!(error.kind == WrongModel && error.message.contains("make it"), "{error}");
}

#[tokio::test]
#[ignore = "tests/interop/microburst.sh starts what it asks"]
async fn microburst() {
    let response = |fault: Json| json!({"response": fault});
    let frame = |fault: Json| json!({"response": {"event_frames": [fault]}});
    for (operation, fault, expected) in [
        ("Converse", json!({"error": {"code": "ThrottlingException"}}), Some(Throttled)),
        ("Converse", json!({"error": {"code": "ThrottlingException"}, "times": 1}), None),
        ("Converse", json!({"error": {"code": "ServiceUnavailableException"}, "times": 2}), None),
        ("Converse", json!({"error": {"code": "AccessDeniedException"}}), Some(NotAllowed)),
        ("Converse", json!({"error": {"code": "ModelTimeoutException"}}), Some(TimedOut)),
        ("Converse", json!({"error": {"code": "ModelErrorException"}}), Some(Unavailable)),
        ("Converse", json!({"error": {"code": "ValidationException"}}), Some(BadRequest)),
        ("Converse", json!({"error": {"code": "InternalServerException"}}), Some(Unavailable)),
        ("Converse", json!({"reset": true}), Some(Unavailable)),
        ("Converse", json!({"timeout_ms": 10_000}), Some(TimedOut)),
        ("Converse", response(json!({"truncate_frac": 0.5})), Some(BadReply)),
        ("Converse", response(json!({"abort_frac": 0.5})), Some(BadReply)),
        ("ConverseStream", frame(json!({"at": 2, "bad_crc": true})), Some(BadReply)),
        ("ConverseStream", frame(json!({"at": 2, "cut": 0.5})), Some(Unavailable)),
        ("ConverseStream", frame(json!({"at": 2, "drop": true})), None),
        ("ConverseStream", response(json!({"abort_frac": 0.4})), Some(Unavailable)),
        ("ConverseStream", json!({"error": {"code": "ThrottlingException"}}), Some(Throttled)),
        ("Retrieve", json!({"error": {"code": "DependencyFailedException"}}), Some(Unavailable)),
        ("Retrieve", json!({"error": {"code": "AccessDeniedException"}}), Some(NotAllowed)),
        ("Retrieve", json!({"error": {"code": "ConflictException"}}), Some(Unavailable)),
        ("Retrieve", json!({"reset": true}), Some(Unavailable)),
        ("Retrieve", response(json!({"truncate_frac": 0.5})), Some(BadReply)),
    ] {
        let mut rule = fault.clone();
        // It does not know which operation of Bedrock a path is: the rule is for all.
        rule["service"] = "*".into();
        send("POST", "/_microburst/rules", &json!([rule]).to_string()).await;
        send("DELETE", "/_microburst/fired", "").await;
        let bedrock = client().await;
        let limit = if expected == Some(TimedOut) { Duration::from_secs(2) } else { LIMIT };
        let ended: Result<(), ModelError> = match operation {
            "Converse" => bedrock.complete(&asking(CLAUDE), limit).await.map(drop),
            "ConverseStream" => gather(bedrock.stream(&asking(CLAUDE), limit)).await.1.map(drop),
            _ => bedrock.retrieve(&retrieval(None), limit).await.map(drop),
        };
        let kind: Option<ErrorKind> = ended.as_ref().err().map(|error| error.kind);
        assert_eq!(kind, expected, "{operation} {fault}: {ended:?}");
        let fired: Json = serde_json::from_str(&send("GET", "/_microburst/fired", "").await).unwrap();
        assert!(
            fired.as_array().is_some_and(|fired| !fired.is_empty()),
            "{operation} {fault} came to nothing: {fired}"
        );
    }
}

async fn client() -> Arc<Bedrock> {
    let settings =
        Settings { region: Some("us-east-1".to_owned()), by_invoke: [INVOKED.to_owned()].into(), ..settings(&url()) };
    Arc::new(Bedrock::new(settings).await)
}

fn url() -> String {
    env::var("ASKLINE_INTEROP_URL").expect("the script sets it")
}

fn asking(model: &str) -> Chat {
    Chat { model: model.to_owned(), ..chat() }
}

fn retrieval(filter: Option<Matches>) -> Retrieval {
    let knowledge_base = env::var("ASKLINE_INTEROP_BASE").expect("the script sets it");
    Retrieval { knowledge_base, query: "bicycle at night".to_owned(), results: 5, filter, ..Retrieval::default() }
}

/// The body of the answer.
async fn send(method: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(url().trim_start_matches("http://")).await.unwrap();
    let head =
        format!("{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-type: application/json\r\n");
    stream.write_all(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await.unwrap();
    let mut got = String::new();
    stream.read_to_string(&mut got).await.unwrap();
    got.split_once("\r\n\r\n").unwrap().1.to_owned()
}
