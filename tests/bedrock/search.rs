//! Embeddings, knowledge bases and rerankers: what is sent, and what is read.

use askline::{
    bedrock::{Embeddings, Reranking},
    model::{Embedder, ErrorKind, Generation, KnowledgeBase, Matches, Purpose, Ranked, Reranker, Retrieval},
};
use serde_json::json;

use crate::{
    LIMIT,
    stand_in::{BASE, MODEL, StandIn},
};

#[tokio::test(flavor = "multi_thread")]
async fn each_embedding_model_is_asked_as_it_wants_to_be() {
    let long = "가".repeat(3000);
    let texts = ["a bicycle was stolen", " ", "문이 열렸다", &long];
    let v3 = |text: &str| json!({"texts": [texts[0], texts[2], text], "input_type": "search_query", "truncate": "END", "embedding_types": ["float"]});
    let mut v4 = v3(&long);
    v4["output_dimension"] = 256.into();
    let cut = "가".repeat(2048);
    for (model, dimensions, requests, body) in [
        ("amazon.titan-embed-text-v1", 1536, 3, json!({"inputText": texts[0]})),
        (
            "amazon.titan-embed-text-v2:0",
            1024,
            3,
            json!({"inputText": texts[0], "dimensions": 1024, "normalize": true}),
        ),
        ("amazon.titan-embed-text-v2:0", 256, 3, json!({"inputText": texts[0], "dimensions": 256, "normalize": true})),
        ("cohere.embed-multilingual-v3", 1024, 1, v3(&cut)),
        ("global.cohere.embed-v4:0", 256, 1, v4),
    ] {
        let sim = StandIn::new("  - reply: {}\n").await;
        let embedder = Embeddings::new(sim.bedrock.clone(), model, Some(dimensions)).unwrap();
        assert_eq!(embedder.space().dimensions, dimensions);
        let embedded = embedder.embed(&texts, Purpose::Query, LIMIT).await.unwrap();
        assert_eq!(embedded.vectors.len(), 4);
        assert_eq!(embedded.vectors[1], None, "a blank text has no vector, and is not sent");
        for vector in embedded.vectors.iter().flatten() {
            let length: f32 = vector.iter().map(|x| x * x).sum();
            assert!(vector.len() == dimensions && (length - 1.0).abs() < 1e-4, "{model}: {length}");
        }
        let sent = sim.ledger.requests();
        assert_eq!((sent.len(), embedded.request_ids.len()), (requests, requests), "{model}");
        assert!(
            sent.iter().any(|request| request.body == body && request.model == model),
            "{model}: {:?}",
            sent[0].body
        );
        assert_eq!(embedded.tokens, sim.ledger.paid().input, "{model}");
        let again = embedder.embed(&texts[2..3], Purpose::Query, LIMIT).await.unwrap();
        assert_eq!(again.vectors[0], embedded.vectors[2], "the vectors stand in the order of the texts");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_vector_is_not_taken_for_one() {
    for (vector, dimensions, expected) in [
        ("[0, 0]", 1024, Err(ErrorKind::BadReply)),
        (&*format!("{:?}", vec![0; 1024]), 1024, Ok(None)),
        (&*format!("{:?}", [vec![3; 1], vec![0; 1023]].concat()), 1024, Ok(Some(1.0))),
    ] {
        let sim = StandIn::new(&format!("  - reply: {{embedding: {vector}}}\n")).await;
        let embedder = Embeddings::new(sim.bedrock.clone(), "amazon.titan-embed-text-v2:0", Some(dimensions)).unwrap();
        let got = embedder.embed(&["text"], Purpose::Document, LIMIT).await;
        let got = got.map(|mut got| got.vectors.remove(0).map(|vector| vector[0])).map_err(|error| error.kind);
        assert_eq!(got, expected);
    }
    let sim = StandIn::new("  - reply: {}\n").await;
    let of =
        |model, dimensions| Embeddings::new(sim.bedrock.clone(), model, dimensions).err().map(|error| error.message);
    assert!(of("amazon.titan-embed-text-v2:0", Some(300)).unwrap().contains("1024, 512, 256"));
    assert!(of("my.embedder", None).unwrap().contains("cohere.embed-multilingual-v3"));
    let korean = "가나다라".repeat(10_000);
    let embedder = Embeddings::new(sim.bedrock.clone(), "amazon.titan-embed-text-v2:0", None).unwrap();
    sim.ledger.clear();
    let cut = embedder.embed(&[&korean, "짧다"], Purpose::Document, LIMIT).await.unwrap();
    assert!(cut.vectors.iter().all(Option::is_some));
    assert_eq!(sim.ledger.requests().len(), 3, "too long, half of it, and the other text");
    let many: Vec<_> = (0..200).map(|n| n.to_string()).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    let cohere = Embeddings::new(sim.bedrock.clone(), "cohere.embed-multilingual-v3", None).unwrap();
    sim.ledger.clear();
    assert_eq!(cohere.embed(&many, Purpose::Document, LIMIT).await.unwrap().vectors.len(), 200);
    assert_eq!(sim.ledger.requests().len(), 3, "96 texts a request");
}

#[tokio::test]
async fn passages_are_found_filtered_and_paged() {
    let sim = StandIn::with(KNOWLEDGE, |_| {}).await;
    let about = |filter: Option<Matches>, results| Retrieval {
        knowledge_base: BASE.to_owned(),
        query: "bicycle theft at night".to_owned(),
        results,
        filter,
        ..Retrieval::default()
    };
    let video = |id: i64| Matches::Equals("video_id".to_owned(), json!(id));
    let later = Matches::GreaterOrEquals("start_s".to_owned(), 100.0);
    for (filter, results, ids, requests) in [
        (None, 5, vec!["evt-1", "evt-2", "evt-4", "evt-3"], 2),
        (None, 2, vec!["evt-1", "evt-2"], 1),
        (Some(video(1)), 5, vec!["evt-1", "evt-2", "evt-3"], 1),
        (Some(Matches::All(vec![video(1), later.clone()])), 5, vec!["evt-2"], 1),
        (Some(Matches::All(vec![video(1), Matches::All(vec![])])), 1, vec!["evt-1"], 1),
        (Some(Matches::Any(vec![video(2), later])), 5, vec!["evt-2", "evt-4"], 1),
        (Some(Matches::Any(vec![])), 5, vec![], 0),
        (Some(Matches::In("event_type".to_owned(), vec![json!("fire"), json!("fall")])), 5, vec!["evt-2", "evt-3"], 1),
        (Some(Matches::NotEquals("event_type".to_owned(), json!("theft"))), 5, vec!["evt-2", "evt-3"], 1),
    ] {
        sim.ledger.clear();
        let retrieved = sim.bedrock.retrieve(&about(filter.clone(), results), LIMIT).await.unwrap();
        let found: Vec<_> = retrieved.passages.iter().filter_map(|passage| passage.id.as_deref()).collect();
        assert_eq!((found, sim.ledger.requests().len()), (ids, requests), "{filter:?}");
    }
    let best = sim.bedrock.retrieve(&about(None, 1), LIMIT).await.unwrap().passages.remove(0);
    assert_eq!((best.text.as_str(), best.score), ("a bicycle theft at night", Some(1.0)));
    assert_eq!(best.metadata["video_id"], 1);
    let unknown = Retrieval { knowledge_base: "NOSUCHBASE".to_owned(), ..about(None, 1) };
    let error = sim.bedrock.retrieve(&unknown, LIMIT).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::WrongModel);
    assert!(error.message.contains("check AWS_BEDROCK_KNOWLEDGE_BASE_ID"), "{error}");
}

#[tokio::test]
async fn an_answer_comes_with_what_it_rests_on() {
    let sim = StandIn::with(KNOWLEDGE, |_| {}).await;
    let mut asked = Generation {
        retrieval: Retrieval {
            knowledge_base: BASE.to_owned(),
            query: "bicycle theft".to_owned(),
            results: 1,
            filter: Some(Matches::Equals("video_id".to_owned(), json!(2))),
            ..Retrieval::default()
        },
        model: MODEL.to_owned(),
        max_tokens: 100,
        temperature: Some(0.0),
        prompt: Some("Answer from $search_results$".to_owned()),
        session: None,
    };
    let generated = sim.bedrock.generate(&asked, LIMIT).await.unwrap();
    assert_eq!(generated.text, "Found: bicycle theft");
    let [citation] = &generated.citations[..] else { panic!("{generated:?}") };
    assert_eq!((citation.text.as_str(), citation.passages.len()), ("Found: bicycle theft", 1));
    assert_eq!(citation.passages[0].id.as_deref(), Some("evt-4"));
    asked.session = Some(generated.session.clone());
    assert_eq!(sim.bedrock.generate(&asked, LIMIT).await.unwrap().session, generated.session);
    let requests = sim.ledger.requests();
    assert_eq!(requests[0].path, "/retrieveAndGenerate");
    insta::assert_yaml_snapshot!(requests[1].body);
}

#[tokio::test]
async fn documents_are_ranked_in_the_rerankers_region() {
    let oregon = |settings: &mut askline::bedrock::Settings| settings.rerank_region = Some("us-west-2".to_owned());
    let sim =
        StandIn::with("rules:\n  - {when: {text: scripted}, reply: {scores: [0.1, 0.9, 0.5]}}\n  - reply: {}", oregon)
            .await;
    let reranker = Reranking::new(sim.bedrock.clone(), "amazon.rerank-v1:0");
    let documents = ["a fire", "a stolen bicycle", "a bicycle"];
    let ranked = |query: &'static str, top| {
        let reranker = &reranker;
        async move { reranker.rerank(query, &documents, top, LIMIT).await.unwrap().ranked }
    };
    let indices = |ranked: Vec<Ranked>| ranked.iter().map(|one| one.index).collect::<Vec<_>>();
    assert_eq!(indices(ranked("scripted", 2).await), [1, 2]);
    assert_eq!(indices(ranked("stolen bicycle", 9).await), [1, 2, 0]);
    let requests = sim.ledger.requests();
    assert_eq!(requests.len(), 2);
    let arn = "/rerankingConfiguration/bedrockRerankingConfiguration/modelConfiguration/modelArn";
    let arn = requests[0].body.pointer(arn).unwrap();
    assert_eq!(arn, "arn:aws:bedrock:us-west-2::foundation-model/amazon.rerank-v1:0");
    assert!(reranker.rerank("q", &[], 3, LIMIT).await.unwrap().ranked.is_empty());
    assert_eq!(sim.ledger.requests().len(), 2, "nothing to rank is not sent");
    let many = vec!["x"; 1001];
    assert_eq!(reranker.rerank("q", &many, 3, LIMIT).await.unwrap_err().kind, ErrorKind::BadRequest);
}

const KNOWLEDGE: &str = "
knowledge_bases:
  - id: KBASE00001
    data_source: DSOURCE001
    page: 3
    documents:
      - {id: evt-1, text: a bicycle theft at night, metadata: {video_id: 1, event_type: theft, start_s: 60}}
      - {id: evt-2, text: a fire at night, metadata: {video_id: 1, event_type: fire, start_s: 120}}
      - {id: evt-3, text: somebody fell, metadata: {video_id: 1, event_type: fall, start_s: 30}}
      - {id: evt-4, text: another bicycle theft, metadata: {video_id: 2, event_type: theft}}
rules:
  - reply: {text: 'Found: {{ text }}'}";
