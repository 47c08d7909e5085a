//! Words by a model that is scripted: what is asked, what is handed out, and what becomes of what cannot be verified.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as tests")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use askline::{
    answer::{Answer, Event, Events, Value},
    cost::{Models, Usage},
    model::{Chat, ChatModel, Completion, ErrorKind, ModelError, Part, Pending, Piece, Pieces, Stop},
    prompt::WordsPrompt,
    question::{
        Lang, Places, Video,
        reading::{Cond, Counted, Order, Pick, Reading, Scalar, Wants},
    },
    reply::compose::{Asked, By, Composer, STEP, Worded},
    strategy::{Budget, Exchanges, Trace},
};
use futures_util::stream;

const MODEL: &str = "anthropic.claude-haiku-5-5";

/// Says what it was given, one after the other, a few characters at a time; `!` is an error.
struct Scripted {
    says: Mutex<Vec<&'static str>>,
    stop: Stop,
    asked: Mutex<Vec<Chat>>,
    /// Characters of each stream that were taken.
    taken: Arc<Mutex<Vec<usize>>>,
}

impl Scripted {
    fn next(&self, chat: &Chat) -> Result<Completion, ModelError> {
        self.asked.lock().unwrap().push(chat.clone());
        let text = self.says.lock().unwrap().remove(0);
        if text == "!" {
            let kind = ErrorKind::Throttled;
            return Err(ModelError { kind, message: "wait".to_owned(), request_id: None });
        }
        let usage = Usage { input: 1000, output: 100, ..Usage::default() };
        let (stop, request_id) = (self.stop.clone(), Some("r".to_owned()));
        Ok(Completion { text: text.to_owned(), tool_input: None, stop, usage, ms: 1.0, request_id })
    }
}

impl ChatModel for Scripted {
    fn complete<'a>(&'a self, chat: &'a Chat, _: Duration) -> Pending<'a, Completion> {
        Box::pin(async move { self.next(chat) })
    }

    fn stream<'a>(&'a self, chat: &'a Chat, _: Duration) -> Pieces<'a> {
        let whole = self.next(chat);
        let text = whole.as_ref().map_or("", |whole| whole.text.as_str()).to_owned();
        let taken = Arc::clone(&self.taken);
        taken.lock().unwrap().push(0);
        let chars: Vec<char> = text.chars().collect();
        let pieces: Vec<String> = chars.chunks(3).map(|piece| piece.iter().collect()).collect();
        let texts = pieces.into_iter().map(move |piece| {
            *taken.lock().unwrap().last_mut().unwrap() += piece.chars().count();
            Ok(Piece::Text(piece))
        });
        Box::pin(stream::iter(texts.chain([whole.map(Piece::Whole)])))
    }
}

struct Case {
    says: Vec<&'static str>,
    stop: Stop,
    listens: bool,
    tokens: Option<u64>,
    answer: Answer,
}

struct Came {
    worded: Worded,
    handed: Vec<String>,
    /// `step outcome reason`
    trace: Vec<String>,
    paid: usize,
    billed: u64,
    asked: Vec<Chat>,
    taken: Vec<usize>,
}

impl Case {
    fn of(says: &[&'static str]) -> Self {
        Self { says: says.to_vec(), stop: Stop::End, listens: false, tokens: None, answer: two() }
    }

    fn heard(says: &[&'static str]) -> Self {
        Self { listens: true, ..Self::of(says) }
    }

    async fn run(self) -> Came {
        let taken = Arc::default();
        let model = Arc::new(Scripted {
            says: Mutex::new(self.says),
            stop: self.stop,
            asked: Mutex::default(),
            taken: Arc::clone(&taken),
        });
        let exchanges = Exchanges {
            chat: Arc::clone(&model) as Arc<dyn ChatModel>,
            models: Arc::new(Models::builtin().unwrap()),
            model: MODEL.to_owned(),
            timeout: Duration::from_secs(5),
            of: STEP,
        };
        let composer = Composer { exchanges, prompt: Arc::new(WordsPrompt::answer().unwrap()) };
        let (reading, video) = (reading(&self.answer), video());
        let asked = Asked {
            question: "10분 뒤에 도난이 있었나요?",
            lang: Lang::Ko,
            reading: &reading,
            video: &video,
            answer: &self.answer,
        };
        let mut trace = Trace::start(Budget { time: Duration::from_secs(20), money: None, tokens: self.tokens }, None);
        let handed = Mutex::new(Vec::new());
        let listener = |text: &str| handed.lock().unwrap().push(text.to_owned());
        let said: Option<&(dyn Fn(&str) + Sync)> = if self.listens { Some(&listener) } else { None };
        let worded = composer.words(&asked, &mut trace, said).await;
        let handed = handed.into_inner().unwrap();
        if self.listens {
            assert_eq!(handed.concat(), worded.words, "what was handed out is what was said");
        } else {
            assert!(handed.is_empty());
        }
        let came = Came {
            handed,
            trace: trace
                .steps
                .iter()
                .map(|step| format!("{} {} {}", step.step, step.outcome, step.reason.unwrap_or("-")))
                .collect(),
            paid: trace.exchanges.len(),
            billed: trace.usage().output,
            asked: model.asked.lock().unwrap().clone(),
            taken: taken.lock().unwrap().clone(),
            worded,
        };
        assert!(!came.worded.words.contains('['), "{}", came.worded.words);
        assert!(came.trace.last().unwrap().starts_with("reply said "), "{:?}", came.trace);
        came
    }
}

fn video() -> Video {
    Video {
        id: 1,
        name: "x".to_owned(),
        filename: None,
        duration: Some(5400.0),
        recorded_at: None,
        timezone: jiff::tz::TimeZone::UTC,
        places: Places::default(),
    }
}

fn event(id: i64, timestamp: f64, gender: &str) -> Event {
    Event {
        id,
        video_id: 1,
        timestamp,
        duration: 12.5,
        event_type: "theft".to_owned(),
        action_detected: None,
        location: None,
        area: None,
        age: Some(35.0),
        gender: Some(gender.to_owned()),
        obj_id: None,
        confidence: 0.953,
        description: None,
        attributes: serde_json::Map::new(),
    }
}

/// 12: 12:30, a man; 15: 25:00, a woman.
fn two() -> Answer {
    let shown = vec![event(12, 750.0, "male"), event(15, 1500.0, "female")];
    Answer::Events(Events { ids: vec![12, 15], shown, spread: Some((750.0, 1500.0)) })
}

fn reading(answer: &Answer) -> Reading {
    let wants = match answer {
        Answer::Events(_) | Answer::Hits(_) => Wants::Events { order: Order::TIME, pick: Pick::All },
        Answer::Scalar(_) | Answer::Groups(_) => Wants::Scalar(Scalar::Count(Counted::Events)),
    };
    Reading {
        wants,
        filter: Cond::all(),
        relation: None,
        polar: false,
        asks_when: false,
        signals: Vec::new(),
        unread: Vec::new(),
    }
}

const GOOD: &str =
    "네, 두 건이 있었습니다. [all] 12분 30초에 남성이 훔쳤습니다. [12]\n25:00에는 여성이 훔쳤습니다 [15].";
const WORDS: &str = "네, 두 건이 있었습니다. 12분 30초에 남성이 훔쳤습니다.\n25:00에는 여성이 훔쳤습니다.";
const BAD: &str = "두 건이 있었습니다. [all] 26:00에는 여성이 훔쳤습니다. [15] 더 있습니다. [all]";
const BAD_AT_ONCE: &str = "세 건이 있었습니다. [all] 12:30에 남성이 훔쳤습니다. [12]";

#[tokio::test]
async fn a_verified_reply_is_said_without_its_markers() {
    for case in [Case::of(&[GOOD]), Case::heard(&[GOOD])] {
        let came = case.run().await;
        assert_eq!((came.worded.words.as_str(), came.worded.by), (WORDS, By::Model));
        let ids: Vec<&[i64]> = came.worded.statements.iter().map(|one| one.event_ids.as_slice()).collect();
        assert_eq!(ids, [&[12, 15][..], &[12], &[15]]);
        assert_eq!(came.worded.statements[1].text, "12분 30초에 남성이 훔쳤습니다.");
        assert_eq!((came.trace, came.paid), (vec!["reply said model".to_owned()], 1));
    }
}

#[tokio::test]
async fn what_is_streamed_is_handed_out_by_the_sentence() {
    let came = Case::heard(&[GOOD]).run().await;
    let expected = ["네, 두 건이 있었습니다.", " 12분 30초에 남성이 훔쳤습니다.", "\n25:00에는 여성이 훔쳤습니다."];
    assert_eq!(came.handed, expected);
}

#[tokio::test]
async fn an_ungrounded_reply_is_asked_once_more_with_the_reasons() {
    let came = Case::of(&[BAD, GOOD]).run().await;
    assert_eq!((came.worded.words.as_str(), came.worded.by), (WORDS, By::Model));
    assert_eq!(came.trace, ["reply ungrounded figure", "reply said model"]);
    assert_eq!(came.paid, 2);
    let turns = &came.asked[1].turns;
    let told = |turn: usize| match &turns[turn].parts[0] {
        Part::Text(text) => text.clone(),
        Part::CachePoint => String::new(),
    };
    assert_eq!((turns.len(), told(1).as_str()), (3, BAD));
    assert!(told(2).contains("26:00 in: 26:00에는 여성이 훔쳤습니다."), "{}", told(2));
}

#[tokio::test]
async fn what_stays_ungrounded_is_the_templates() {
    for case in [Case::of(&[BAD, BAD_AT_ONCE]), Case::heard(&[BAD_AT_ONCE, BAD_AT_ONCE])] {
        let came = case.run().await;
        assert_eq!(came.worded.by, By::Template);
        assert_eq!(came.trace, ["reply ungrounded figure", "reply ungrounded figure", "reply said template"]);
        assert!(came.worded.words.contains("12분 30초") && !came.worded.words.contains("26"));
        let ids: Vec<usize> = came.worded.statements.iter().map(|one| one.event_ids.len()).collect();
        assert_eq!(ids, [2, 1, 1], "each line carries the events it tells of");
        assert_eq!(came.paid, 2);
    }
}

#[tokio::test]
async fn a_stream_is_dropped_at_its_first_ungrounded_sentence() {
    let came = Case::heard(&[BAD]).run().await;
    assert_eq!((came.worded.by, came.paid), (By::Both, 1));
    assert_eq!(came.trace, ["reply ungrounded figure", "reply said both"]);
    assert_eq!(came.handed[0], "두 건이 있었습니다.");
    assert!(came.handed[1].starts_with("\n\n") && came.handed[1].contains("12분 30초"), "{:?}", came.handed);
    assert!(!came.worded.words.contains("26:00"));
    assert!(came.taken[0] < BAD.chars().count(), "{:?}", came.taken);
    assert!(came.billed > 0 && came.billed < 100, "an estimate of what came: {}", came.billed);
}

#[tokio::test]
async fn no_reply_is_the_templates_words() {
    let empty = || Answer::Events(Events::default());
    let cases = [
        (Case::of(&["!"]), By::Template, vec!["reply failed throttled", "reply said template"], 0),
        (Case::heard(&["!"]), By::Template, vec!["reply failed throttled", "reply said template"], 0),
        (Case::of(&[" "]), By::Template, vec!["reply failed empty_reply", "reply said template"], 1),
        (
            Case { stop: Stop::Filtered, ..Case::of(&[GOOD]) },
            By::Template,
            vec!["reply failed filtered", "reply said template"],
            1,
        ),
        (
            Case { stop: Stop::MaxTokens, ..Case::of(&[GOOD, GOOD]) },
            By::Template,
            vec!["reply ungrounded reply_cut", "reply ungrounded reply_cut", "reply said template"],
            2,
        ),
        (
            Case { tokens: Some(10), ..Case::of(&[]) },
            By::Template,
            vec!["reply passed over_token_budget", "reply said template"],
            0,
        ),
        // There is nothing to word: nobody is asked.
        (Case { answer: empty(), ..Case::of(&[]) }, By::Template, vec!["reply said template"], 0),
        (Case { answer: empty(), ..Case::heard(&[]) }, By::Template, vec!["reply said template"], 0),
        (
            Case { answer: Answer::Scalar(Value::Int(3)), ..Case::of(&["세 건입니다. [all]"]) },
            By::Model,
            vec!["reply said model"],
            1,
        ),
        (
            Case { answer: Answer::Scalar(Value::Int(3)), ..Case::of(&["There were 3. [all]", "네 건."]) },
            By::Template,
            vec!["reply ungrounded other_language", "reply ungrounded figure", "reply said template"],
            2,
        ),
    ];
    for (case, by, trace, paid) in cases {
        let came = case.run().await;
        assert_eq!(
            (came.worded.by, came.trace, came.paid),
            (by, trace.iter().map(|s| (*s).to_owned()).collect(), paid)
        );
        assert!(!came.worded.words.is_empty());
    }
}
