//! Every fault of every operation: the right kind, in time, sent as often as is right, and nothing paid twice.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use askline::{
    bedrock::{Bedrock, Embeddings, Reranking, Settings},
    model::{
        Chat, ChatModel, Embedder,
        ErrorKind::{self, *},
        Generation, KnowledgeBase, ModelError, Purpose, Reranker, Retrieval, Usage,
    },
};
use futures_util::future::join_all;
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
};

use crate::{
    LIMIT,
    stand_in::{BASE, MODEL, StandIn, chat, gather, settings},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Converse,
    ConverseStream,
    Invoke,
    InvokeStream,
    Titan,
    Cohere,
    Retrieve,
    Generate,
    Rerank,
    Lists,
}
use Asked::*;

const ALL: [Asked; 10] =
    [Converse, ConverseStream, Invoke, InvokeStream, Titan, Cohere, Retrieve, Generate, Rerank, Lists];
const WHOLE: [Asked; 8] = [Converse, Invoke, Titan, Cohere, Retrieve, Generate, Rerank, Lists];
const STREAMS: [Asked; 2] = [ConverseStream, InvokeStream];
const SHORT: Duration = Duration::from_millis(500);
const REPLY: &str = "reply: {text: 'There were three thefts.', results: [{content: {type: TEXT, text: three}}]}, stream: \
                     {piece: 4}";

#[tokio::test(flavor = "multi_thread")]
async fn every_error_of_the_service() {
    for (error, kind, sent) in [
        ("AccessDeniedException, message: is not authorized to perform", NotAllowed, 1),
        ("ThrottlingException, message: Too many requests", Throttled, 3),
        ("ThrottlingException, message: Too many tokens per day", QuotaSpent, 1),
        ("ResourceNotFoundException, message: not found", WrongModel, 1),
        ("ModelTimeoutException", TimedOut, 1),
        ("InternalServerException", Unavailable, 3),
        ("ServiceUnavailableException", Unavailable, 3),
        ("ValidationException, message: no", BadRequest, 1),
        ("ValidationException, message: Input is too long for requested model.", TooLong, 1),
        ("ModelErrorException, members: {originalStatusCode: 500, resourceName: r}", Unavailable, 1),
        ("ModelStreamErrorException, members: {originalStatusCode: 500}", Unavailable, 1),
        ("ServiceQuotaExceededException", QuotaSpent, 1),
        ("ServiceQuotaExceededException, status: 402", QuotaSpent, 1),
        ("ConflictException", Unavailable, 1),
        ("DependencyFailedException, members: {resourceName: my-collection}", Unavailable, 1),
        ("BadGatewayException", Unavailable, 3),
        ("UnrecognizedClientException", BadCredentials, 1),
        ("ExpiredTokenException", BadCredentials, 1),
        ("InvalidSignatureException", BadCredentials, 1),
        ("SomethingNewException, status: 400", BadRequest, 1),
        ("SomethingNewException, status: 429", Throttled, 1),
        ("SomethingNewException, status: 500", Unavailable, 3),
    ] {
        let rule = format!("error: {{code: {error}, retry_after_ms: 1}}");
        let told = fails(&ALL, &rule, LIMIT, kind, sent).await;
        let named = error.split("resourceName: ").nth(1).map(|name| name.trim_end_matches('}'));
        assert!(named.is_none_or(|name| told.iter().all(|error| error.message.contains(name))), "{told:?}");
    }
    // Knowledge bases and rerankers do not say it.
    let of_models = [Converse, ConverseStream, Invoke, InvokeStream, Titan, Cohere];
    fails(&of_models, "error: {code: ModelNotReadyException, retry_after_ms: 1}", LIMIT, Unavailable, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reply_that_does_not_come_or_cannot_be_read() {
    for (fault, whole, stream) in [
        ("what: hang", TimedOut, TimedOut),
        ("what: stall", TimedOut, TimedOut),
        ("what: stall, after: 3", TimedOut, TimedOut),
        ("what: drip", TimedOut, TimedOut),
        ("what: cut", BadReply, Unavailable),
        ("what: cut, after: 3", BadReply, Unavailable),
        ("what: end", BadReply, Unavailable),
        ("what: end, after: 3", BadReply, Unavailable),
        ("what: bad_json, after: 3", BadReply, BadReply),
    ] {
        let reply = if fault == "what: drip" { REPLY.replace("4}", "1, pause_ms: 150}") } else { REPLY.to_owned() };
        let rule = format!("{reply}, fault: {{{fault}}}");
        fails(&WHOLE, &rule, SHORT, whole, 1).await;
        fails(&STREAMS, &rule, SHORT, stream, 1).await;
    }
    // What is no stream of events is one that ends too early.
    for raw in [
        "body: ''",
        "body: '{}'",
        "body: '{\"results\": 1}'",
        "body: '[1, 2'",
        "body: '<html>sign in</html>', content_type: text/html",
    ] {
        fails(&WHOLE, &format!("raw: {{status: 200, {raw}}}"), LIMIT, BadReply, 1).await;
        fails(&STREAMS, &format!("raw: {{status: 200, {raw}}}"), LIMIT, Unavailable, 1).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_stream() {
    for (fault, kind) in [
        ("what: bad_crc, after: 2", BadReply),
        ("what: exception, exception: throttlingException, message: slow down, after: 2", Throttled),
        ("what: exception, exception: modelStreamErrorException, message: oh, after: 2", Unavailable),
        ("what: exception, exception: internalServerException, message: oh, after: 2", Unavailable),
        ("what: exception, exception: serviceUnavailableException, message: oh, after: 2", Unavailable),
        ("what: exception, exception: validationException, message: Input is too long., after: 2", TooLong),
        ("what: exception, exception: somethingNewException, message: oh, after: 2", Unavailable),
    ] {
        fails(&STREAMS, &format!("{REPLY}, fault: {{{fault}}}"), LIMIT, kind, 1).await;
    }
    let timed_out = "what: exception, exception: modelTimeoutException, message: oh, after: 2";
    fails(&[InvokeStream], &format!("{REPLY}, fault: {{{timed_out}}}"), LIMIT, TimedOut, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_is_tried_again_and_paid_once() {
    for error in [
        "error: {code: ThrottlingException, retry_after_ms: 1}",
        "error: {code: ServiceUnavailableException, retry_after_ms: 1}",
        "error: {code: InternalServerException, retry_after_ms: 1}",
    ] {
        let rules =
            format!("  - {{when: {{nth: [1, 2]}}, {error}}}\n  - {{{REPLY}, usage: {{input: 9, output: 7}}}}\n");
        for asked in ALL {
            let sim = stand_in(&rules).await;
            ask(&sim.bedrock, asked, LIMIT).await.unwrap_or_else(|error| panic!("{asked:?}: {error}"));
            // The lists are two requests.
            let expected = if asked == Lists { 4 } else { 3 };
            assert_eq!(sim.ledger.requests().len(), expected, "{asked:?}");
            let paid = match asked {
                Retrieve | Generate | Rerank | Lists => Usage::default(),
                _ => Usage { input: 9, output: 7, ..Usage::default() },
            };
            assert_eq!(sim.ledger.paid(), paid, "{asked:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_breaks_before_the_reply_is_not_tried_again() {
    for reset in [true, false] {
        join_all(ALL.map(async |asked| {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let taken = tokio::spawn(async move {
                let mut taken = 0;
                while let Ok(Ok((stream, _))) = tokio::time::timeout(Duration::from_secs(2), listener.accept()).await {
                    taken += 1;
                    broken(stream, reset).await;
                }
                taken
            });
            let error =
                ask(&Arc::new(Bedrock::new(with_invoke(settings(&url))).await), asked, LIMIT).await.unwrap_err();
            assert_eq!((error.kind, taken.await.unwrap()), (Unavailable, 1), "{asked:?}, reset {reset}: {error}");
        }))
        .await;
    }
}

/// Reads the request, and leaves: with a reset, or in order.
async fn broken(mut stream: TcpStream, reset: bool) {
    let _ = stream.read(&mut [0; 16 * 1024]).await;
    if reset {
        stream.set_zero_linger().unwrap();
    }
}

/// What the user is told by each of these operations.
async fn fails(all: &[Asked], rule: &str, limit: Duration, kind: ErrorKind, sent: usize) -> Vec<ModelError> {
    let told = all.iter().map(async |asked| {
        let sim = stand_in(&format!("  - {{{rule}}}\n")).await;
        let began = Instant::now();
        let ended = ask(&sim.bedrock, *asked, limit).await;
        let error = ended.expect_err(&format!("{asked:?}: {rule}"));
        let took = began.elapsed();
        assert!(took < limit + Duration::from_secs(3), "{asked:?}: {rule}: took {took:?}");
        assert_eq!((error.kind, sim.ledger.requests().len()), (kind, sent), "{asked:?}: {rule}: {error}");
        assert!(!error.message.contains("thefts were there"), "a message never holds the prompt: {error}");
        error
    });
    join_all(told).await
}

async fn ask(bedrock: &Arc<Bedrock>, asked: Asked, limit: Duration) -> Result<(), ModelError> {
    let query = "How many thefts were there?".to_owned();
    let retrieval = Retrieval { knowledge_base: BASE.to_owned(), query, results: 3, ..Retrieval::default() };
    let invoked = Chat { model: INVOKED.to_owned(), ..chat() };
    let embed = async |model| {
        let embeddings = Embeddings::new(bedrock.clone(), model, None).unwrap();
        embeddings.embed(&[retrieval.query.as_str()], Purpose::Query, limit).await.map(drop)
    };
    match asked {
        Converse => bedrock.complete(&chat(), limit).await.map(drop),
        ConverseStream => gather(bedrock.stream(&chat(), limit)).await.1.map(drop),
        Invoke => bedrock.complete(&invoked, limit).await.map(drop),
        InvokeStream => gather(bedrock.stream(&invoked, limit)).await.1.map(drop),
        Titan => embed("amazon.titan-embed-text-v2:0").await,
        Cohere => embed("cohere.embed-multilingual-v3").await,
        Retrieve => bedrock.retrieve(&retrieval, limit).await.map(drop),
        Generate => {
            let (model, prompt, session) = (MODEL.to_owned(), None, None);
            let generation = Generation { retrieval, model, max_tokens: 9, temperature: None, prompt, session };
            bedrock.generate(&generation, limit).await.map(drop)
        }
        Rerank => {
            let reranking = Reranking::new(bedrock.clone(), "amazon.rerank-v1:0");
            reranking.rerank(&retrieval.query, &["a", "b"], 1, limit).await.map(drop)
        }
        Lists => bedrock.listed(limit).await.map(drop),
    }
}

const INVOKED: &str = "anthropic.claude-by-invoke";

fn with_invoke(mut settings: Settings) -> Settings {
    settings.by_invoke = [INVOKED.to_owned()].into();
    settings
}

async fn stand_in(rules: &str) -> StandIn {
    StandIn::with(&format!("rules:\n{rules}"), |settings| *settings = with_invoke(settings.clone())).await
}
