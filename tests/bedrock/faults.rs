//! Whatever happens on the way: it ends within its limit, is not read as a reply, and nothing is paid twice.

use std::time::{Duration, Instant};

use askline::{
    bedrock::{Bedrock, Settings},
    model::{
        ChatModel,
        ErrorKind::{self, *},
        Usage,
    },
};

use tokio::{io::AsyncReadExt, net::TcpListener};

use crate::{
    LIMIT,
    stand_in::{StandIn, chat, gather, settings},
};

const SHORT: Duration = Duration::from_millis(400);
const REPLY: &str = "reply: {text: 'There were three thefts, all of them at night.'}, stream: {piece: 5}";

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_reply_that_does_not_come_is_an_error_in_time_and_is_not_asked_for_again() {
    for (fault, kind) in [
        ("what: hang", TimedOut),
        ("what: stall", TimedOut),
        ("what: stall, after: 20", TimedOut),
        ("what: cut", BadReply),
        ("what: cut, after: 20", BadReply),
        ("what: end, after: 20", BadReply),
        ("what: bad_json", BadReply),
    ] {
        let sim = StandIn::new(&format!("  - {{{REPLY}, fault: {{{fault}}}}}\n")).await;
        let began = Instant::now();
        let error = sim.bedrock.complete(&chat(), SHORT).await.unwrap_err();
        within(began, SHORT);
        assert_eq!((error.kind, sim.ledger.requests().len()), (kind, 1), "{fault}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_goes_wrong_is_an_error_whatever_came_before() {
    for (fault, kind, pieces) in [
        ("what: hang", TimedOut, 0),
        ("what: stall", TimedOut, 0),
        ("what: stall, after: 4", TimedOut, 3),
        ("what: cut", Unavailable, 0),
        ("what: cut, after: 4", Unavailable, 3),
        ("what: end", Unavailable, 0),
        ("what: end, after: 4", Unavailable, 3),
        ("what: bad_crc, after: 4", BadReply, 3),
        ("what: bad_json, after: 4", BadReply, 3),
        ("what: exception, exception: throttlingException, message: slow down, after: 4", Throttled, 3),
        ("what: exception, exception: modelStreamErrorException, message: oh, after: 1", Unavailable, 0),
        ("what: exception, exception: internalServerException, message: oh, after: 4", Unavailable, 3),
        ("what: exception, exception: serviceUnavailableException, message: oh, after: 4", Unavailable, 3),
        ("what: exception, exception: validationException, message: Input is too long., after: 4", TooLong, 3),
    ] {
        let sim = StandIn::new(&format!("  - {{{REPLY}, fault: {{{fault}}}}}\n")).await;
        let began = Instant::now();
        let (texts, ended) = gather(sim.bedrock.stream(&chat(), SHORT)).await;
        within(began, SHORT);
        let error = ended.unwrap_err();
        assert_eq!((error.kind, texts.len(), sim.ledger.requests().len()), (kind, pieces, 1), "{fault}: {error}");
    }
}

#[tokio::test]
async fn silence_in_a_stream_has_a_limit_of_its_own() {
    let silence = |settings: &mut Settings| settings.silence = Duration::from_millis(100);
    let sim = StandIn::with(&format!("rules: [{{{REPLY}, fault: {{what: stall, after: 3}}}}]"), silence).await;
    let began = Instant::now();
    let error = sim.stream(&chat()).await.1.unwrap_err();
    within(began, Duration::from_millis(100));
    assert_eq!(error.kind, TimedOut, "{error}");
    assert!(error.message.contains("silent for 100 ms"), "{error}");

    let sim = StandIn::with(&format!("rules: [{{{}}}]", REPLY.replace("5}", "5, pause_ms: 30}")), silence).await;
    let (texts, ended) = sim.stream(&chat()).await;
    assert!(ended.is_ok() && texts.len() > 5, "a slow drip is no silence");
    let error = gather(sim.bedrock.stream(&chat(), Duration::from_millis(150))).await.1.unwrap_err();
    assert_eq!(error.kind, TimedOut, "the whole has its limit: {error}");
}

#[tokio::test]
async fn what_is_missing_after_the_end_of_the_text_or_is_not_known_does_no_harm() {
    let events = "There were three thefts, all of them at night.".len().div_ceil(5);
    for (fault, usage) in
        [("what: unknown_event, after: 4".to_owned(), true), (format!("what: end, after: {}", events + 3), false)]
    {
        let sim = StandIn::new(&format!("  - {{{REPLY}, fault: {{{fault}}}}}\n")).await;
        let whole = sim.stream(&chat()).await.1.unwrap();
        assert!(whole.text.ends_with("at night."), "{whole:?}");
        assert_eq!(whole.usage != Usage::default(), usage, "{whole:?}");
    }
}

#[tokio::test]
async fn a_throttled_request_is_sent_again_and_paid_once() {
    let error = "error: {code: ThrottlingException, message: Too many requests, retry_after_ms: 1}";
    let sim = StandIn::new(&format!(
        "  - {{when: {{nth: [1, 2]}}, {error}}}\n  - {{{REPLY}, usage: {{input: 9, output: 9}}}}\n"
    ))
    .await;
    sim.complete(&chat()).await.unwrap();
    assert_eq!(sim.outcomes(), ["ThrottlingException", "ThrottlingException", "reply"]);
    assert_eq!(sim.ledger.paid(), Usage { input: 9, output: 9, ..Usage::default() });
    let attempts: Vec<_> = sim.ledger.requests().into_iter().filter_map(|request| request.attempt).collect();
    assert_eq!(attempts[1..], ["attempt=2; max=3", "attempt=3; max=3"]);
}

#[tokio::test]
async fn a_request_that_was_sent_and_lost_is_not_sent_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let bedrock = Bedrock::new(settings(&format!("http://{}", listener.local_addr().unwrap()))).await;
    let taken = tokio::spawn(async move {
        let mut taken = 0;
        while let Ok(Ok((mut stream, _))) = tokio::time::timeout(Duration::from_secs(2), listener.accept()).await {
            taken += 1;
            // It has come; the answer has not: it may have been paid.
            let _ = stream.read(&mut [0; 16 * 1024]).await;
        }
        taken
    });
    let error = bedrock.complete(&chat(), LIMIT).await.unwrap_err();
    assert_eq!((error.kind, taken.await.unwrap()), (Unavailable, 1), "{error}");
    assert!(error.message.contains("ended before a reply came"), "{error}");
}

#[tokio::test]
async fn waiting_to_be_let_in_counts() {
    let error = "error: {code: ThrottlingException, message: Too many requests, retry_after_ms: 60000}";
    let sim = StandIn::new(&format!("  - {{{error}}}\n")).await;
    let began = Instant::now();
    sim.bedrock.complete(&chat(), SHORT).await.unwrap_err();
    within(began, SHORT);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_requests_to_a_model_are_in_flight_than_allowed() {
    let two = |settings: &mut Settings| settings.concurrency = 2;
    let sim = StandIn::with(&format!("rules: [{{{REPLY}, wait_ms: 200}}]"), two).await;
    let chat = chat();
    let began = Instant::now();
    let all = futures_util::future::join_all((0..6).map(|_| sim.bedrock.complete(&chat, LIMIT))).await;
    assert!(all.iter().all(Result::is_ok));
    assert!(began.elapsed() >= Duration::from_millis(600), "{:?}", began.elapsed());

    let hung = StandIn::with("rules: [{fault: {what: hang}}]", two).await;
    let limits = [SHORT, SHORT, SHORT / 2];
    let waiting = futures_util::future::join_all(limits.map(|limit| hung.bedrock.complete(&chat, limit))).await;
    let kinds: Vec<ErrorKind> = waiting.into_iter().map(|ended| ended.unwrap_err().kind).collect();
    assert_eq!(kinds, [TimedOut, TimedOut, Throttled]);
    assert_eq!(hung.ledger.requests().len(), 2);
}

fn within(began: Instant, limit: Duration) {
    // The machine may be busy; a hang would be seconds.
    let took = began.elapsed();
    assert!(took < limit + Duration::from_secs(2), "took {took:?}");
}
