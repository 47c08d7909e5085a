//! Words by a model through ConverseStream: on the wire, handed out by the sentence, and what is paid.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use askline::{
    answer::{Answer, Event, Events},
    bedrock::Bedrock,
    cost::Models,
    model::ChatModel,
    prompt::WordsPrompt,
    question::{
        Lang, Places, Video,
        reading::{Cond, Order, Pick, Reading, Wants},
    },
    reply::compose::{Asked, By, Composer, STEP, Worded},
    strategy::{Budget, Exchanges, Trace},
};

use crate::stand_in::{MODEL, StandIn, settings};

const GOOD: &str = "At 12:30 a man took something. [12] That is all. [all]";

/// The words, what was handed out, the trace, and the output tokens that were paid.
async fn asked(rules: &str) -> (Worded, Vec<String>, Vec<String>, u64, StandIn) {
    let sim = StandIn::new(rules).await;
    let exchanges = Exchanges {
        chat: Arc::new(Bedrock::new(settings(&sim.url)).await) as Arc<dyn ChatModel>,
        models: Arc::new(Models::builtin().unwrap()),
        model: MODEL.to_owned(),
        timeout: Duration::from_secs(10),
        of: STEP,
    };
    let composer = Composer { exchanges, prompt: Arc::new(WordsPrompt::answer().unwrap()) };
    let event = Event {
        id: 12,
        video_id: 1,
        timestamp: 750.0,
        duration: 12.5,
        event_type: "theft".to_owned(),
        action_detected: None,
        location: None,
        area: None,
        age: None,
        gender: Some("male".to_owned()),
        obj_id: None,
        confidence: 0.9,
        description: None,
        attributes: serde_json::Map::new(),
    };
    let answer = Answer::Events(Events { ids: vec![12], shown: vec![event], spread: Some((750.0, 750.0)) });
    let reading = Reading {
        wants: Wants::Events { order: Order::TIME, pick: Pick::All },
        filter: Cond::all(),
        relation: None,
        polar: false,
        asks_when: false,
        signals: Vec::new(),
        unread: Vec::new(),
    };
    let video = Video {
        id: 1,
        name: "x".to_owned(),
        filename: None,
        duration: None,
        recorded_at: None,
        timezone: jiff::tz::TimeZone::UTC,
        places: Places::default(),
    };
    let asked =
        Asked { question: "Was anything stolen?", lang: Lang::En, reading: &reading, video: &video, answer: &answer };
    let mut trace = Trace::start(Budget { time: Duration::from_secs(20), money: None, tokens: None }, None);
    let handed = Mutex::new(Vec::new());
    let listener = |text: &str| handed.lock().unwrap().push(text.to_owned());
    let worded = composer.words(&asked, &mut trace, Some(&listener)).await;
    let handed = handed.into_inner().unwrap();
    assert_eq!(handed.concat(), worded.words);
    let steps = trace.steps.iter().map(|step| format!("{} {}", step.outcome, step.reason.unwrap_or("-"))).collect();
    (worded, handed, steps, trace.usage().output, sim)
}

#[tokio::test]
async fn a_streamed_reply_is_handed_out_once_it_is_verified() {
    let rules = format!(
        "  - when: {{operation: converse_stream}}\n    reply: {{text: '{GOOD}'}}\n    usage: {{input: 500, output: 21}}\n"
    );
    let (worded, handed, steps, output, sim) = asked(&rules).await;
    assert_eq!(worded.by, By::Model);
    assert_eq!(handed, ["At 12:30 a man took something.", " That is all."]);
    assert_eq!((steps, output), (vec!["said model".to_owned()], 21));
    let request = &sim.ledger.requests()[0];
    assert!(request.path.ends_with("/converse-stream"), "{}", request.path);
    let user = request.body.pointer("/messages/0/content/0/text").and_then(serde_json::Value::as_str).unwrap();
    assert!(user.contains(r#"{"id":12,"at":"12:30","#), "{user}");
}

#[tokio::test]
async fn what_breaks_off_or_says_too_much_ends_in_the_templates_words() {
    let much = "At 12:30 a man took something. [12] She then left at 13:00. [12] And more and more and more. [12]";
    for (rules, by, expected) in [
        (format!("  - reply: {{text: '{much}'}}\n"), By::Both, vec!["ungrounded figure", "said both"]),
        (
            "  - when: {nth: [1]}\n    reply: {text: 'A woman was there. [12]'}\n".to_owned()
                + &format!("  - reply: {{text: '{GOOD}'}}\n"),
            By::Model,
            vec!["ungrounded gender", "said model"],
        ),
        (
            "  - error: {code: ThrottlingException, message: slow}\n".to_owned(),
            By::Template,
            vec!["failed throttled", "said template"],
        ),
    ] {
        let (worded, handed, steps, _, _) = asked(&rules).await;
        assert_eq!((worded.by, steps), (by, expected.iter().map(|s| (*s).to_owned()).collect()), "{handed:?}");
        assert!(!worded.words.contains("She") && worded.words.contains("12:30"), "{}", worded.words);
    }
}
