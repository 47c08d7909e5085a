//! Reads, composes and says any text, in any language, of one of a few videos.
//!
//! The first byte chooses language, video and moment; the rest is the prompt.

#![no_main]

use std::sync::LazyLock;

use askline::{
    answer::{Answer, Events, Kind, Value},
    question::{Lang, Lexicon, Places, Question, Video, decline, detect, read},
    reply::template::{Said, say},
    sql::{Bind, compose::compose},
};
use jiff::{Timestamp, tz::TimeZone};
use libfuzzer_sys::{Corpus, fuzz_target};

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::builtin().expect("the vocabulary is sound"));

static VIDEOS: LazyLock<[Video; 4]> = LazyLock::new(|| {
    let video = |duration, recorded_at: Option<&str>, zone, places: &[&str]| Video {
        id: 1,
        name: "1".to_owned(),
        filename: None,
        duration,
        recorded_at: recorded_at.map(|at| at.parse().expect("a moment")),
        timezone: TimeZone::get(zone).expect("a zone"),
        places: Places::new(places.iter().map(|place| (*place).to_owned())),
    };
    [
        video(Some(5400.0), Some("2026-03-02T04:10:00Z"), "Asia/Seoul", &["계산대", "음료 냉장고 앞", "checkout", ""]),
        video(Some(6000.0), Some("2026-11-01T04:40:00Z"), "America/New_York", &["ticket gate", "%_'\\", "12번"]),
        video(None, None, "Australia/Lord_Howe", &[]),
        video(Some(0.0), Some("-009999-01-02T01:59:59Z"), "Pacific/Apia", &["🛒 코너", "cafe\u{301}"]),
    ]
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((choice, text)) = data.split_first() else { return Corpus::Reject };
    let Ok(text) = std::str::from_utf8(text) else { return Corpus::Reject };
    let lang = [Lang::Ko, Lang::En, Lang::Ja, Lang::Zh][usize::from(choice & 3)];
    let video = &VIDEOS[usize::from(choice >> 2 & 3)];
    let now = match choice >> 4 & 3 {
        0 => Timestamp::MIN,
        1 => Timestamp::MAX,
        _ => Timestamp::constant(1_772_500_000, 0),
    };
    let _ = detect(text);
    let question = Question { text, lang, video, now: now.to_zoned(TimeZone::UTC) };
    let reading = read(&question, &LEXICON);
    if let Some(signal) = decline(&reading, video) {
        let _ = say(lang, &reading, video, Said::Declined(signal));
        return Corpus::Keep;
    }
    match compose(&reading, video) {
        Ok(query) => {
            assert_eq!(query.binds().first(), Some(&Bind::Int(video.id)));
            assert!(query.text().contains("video_id = $1") && !query.readable().is_empty());
            let answer = match query.kind() {
                Kind::Events => Answer::Events(Events::default()),
                Kind::Scalar => Answer::Scalar(Value::Float(0.5)),
                Kind::Groups => Answer::Groups(vec![(Value::Null, Value::Int(1))]),
            };
            let _ = say(lang, &reading, video, Said::Answer(&answer));
        }
        Err(_) => {
            let _ = say(lang, &reading, video, Said::NotUnderstood(&reading.unread));
        }
    }
    Corpus::Keep
});
