//! What a model may say of rows: whatever does not stand in them is found, in every spelling.

use askline::{
    answer::{Answer, Event, Events, Value},
    question::{
        Lang, Places, Video,
        reading::{Cond, Counted, GroupValue, Groups, Key, Order, Pick, Reading, Scalar, Wants},
    },
    reply::{
        ground::{Ground, Marker, Sentence, sentences},
        template::{Said, state},
    },
};
use jiff::tz::{TimeZone, offset};
use proptest::prelude::*;

/// `ok`, or the codes of what is wrong with each sentence.
fn verdict(ground: &Ground, text: &str) -> String {
    let sentences = sentences(text);
    let codes: Vec<String> = sentences
        .iter()
        .map(|sentence| match ground.check(sentence) {
            Ok(_) => "ok".to_owned(),
            Err(faults) => faults.iter().map(|fault| fault.kind.code()).collect::<Vec<_>>().join("+"),
        })
        .collect();
    codes.join(" ")
}

fn video() -> Video {
    Video {
        id: 1,
        name: "x".to_owned(),
        filename: None,
        duration: Some(5400.0),
        recorded_at: "2026-03-02T15:00:00+09:00".parse().ok(),
        timezone: TimeZone::fixed(offset(9)),
        places: Places::default(),
    }
}

fn event(id: i64, timestamp: f64, gender: Option<&str>, age: Option<f64>) -> Event {
    Event {
        id,
        video_id: 1,
        timestamp,
        duration: 12.5,
        event_type: "theft".to_owned(),
        action_detected: None,
        location: Some("계산대".to_owned()),
        area: None,
        age,
        gender: gender.map(str::to_owned),
        obj_id: Some(id * 10),
        confidence: 0.953,
        description: None,
        attributes: serde_json::Map::new(),
    }
}

/// 12: 12:30 (15:12:30 by the clock), a man of 35; 15: 25:00 (15:25:00), a woman of 24; 18: 48:03, nothing known.
fn events() -> Vec<Event> {
    let mut third = event(18, 2883.0, None, None);
    third.description = Some("사람이 가방 세 개를 들고 있다".to_owned());
    vec![event(12, 750.4, Some("male"), Some(35.0)), event(15, 1500.0, Some("female"), Some(24.0)), third]
}

fn reading(wants: Wants) -> Reading {
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

fn wants_events() -> Reading {
    reading(Wants::Events { order: Order::TIME, pick: Pick::All })
}

fn found(shown: Vec<Event>) -> Answer {
    let ids = shown.iter().map(|event| event.id).collect();
    let times = || shown.iter().map(|event| event.timestamp);
    let spread = Some((times().fold(f64::MAX, f64::min), times().fold(f64::MIN, f64::max)));
    Answer::Events(Events { ids, shown, spread })
}

fn of(lang: Lang, question: &str, shown: &[Event]) -> Ground {
    Ground::new(lang, question, &wants_events(), &video(), &found(shown.to_vec()), shown)
}

#[track_caller]
fn check(lang: Lang, cases: &[(&str, &str)]) {
    let ground = of(lang, "", &events());
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, verdict(&ground, text), expected))
        .filter(|(_, found, expected)| found != *expected)
        .map(|(text, found, expected)| format!("{text}: {found} instead of {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn korean() {
    check(
        Lang::Ko,
        &[
            ("네, 12분 30초에 35세 남성이 물건을 훔쳤습니다. [12]", "ok"),
            ("12:30과 25:00에 남성과 여성이 각각 있었습니다. [12, 15]", "ok"),
            ("두 건은 남성 한 명과 여성 한 명입니다. [12, 15]", "ok"),
            ("모두 세 건이고 12:30부터 48:03까지입니다. [all]", "ok"),
            ("오후 3시 12분, 또는 15:12:30입니다. [12]", "ok"),
            ("750초에 서른다섯 살 남성, 삼십대. [12]", "ok"),
            ("신뢰도 95.3%로 계산대에서 감지되었습니다. [12]", "ok"),
            ("가방 3개를 들고 있습니다. [18]", "ok"),
            ("‘사람이 가방 세 개를’이라고 적혀 있습니다. [18]", "ok"),
            ("두 번째 사건은 25분입니다. [15]", "ok"),
            ("둘 다 같은 곳입니다. [12, 15]", "ok"),
            ("한 남성이 12초간 머물렀습니다. [12]", "ok"),
            // Not in the rows.
            ("두 건이 있었습니다. [12, 12]", "figure"),
            ("넷이 함께 있었습니다. [12]", "figure"),
            ("두 배로 늘었습니다. [12]", "figure"),
            ("١٢:٣١에 있었습니다. [12]", "figure+figure+figure+figure"),
            ("12분 31초에 남성이 있었습니다. [12]", "figure"),
            ("25분에 남성이 있었습니다. [12]", "figure"),
            ("남성이 25:00에 있었습니다. [15]", "gender"),
            ("여성이 있었습니다. [18]", "gender"),
            ("네 명이 있었습니다. [12]", "figure"),
            ("모두 네 건입니다. [all]", "figure"),
            ("마흔 살 남성입니다. [12]", "figure"),
            ("오전 3시 12분입니다. [12]", "figure"),
            ("오후 네 시 십이 분입니다. [12]", "figure"),
            ("신뢰도는 98%입니다. [12]", "figure"),
            ("있었습니다. [99]", "unknown_event"),
            ("도난이 있었습니다.", "no_marker"),
            ("“그는 도둑이다”라고 적혀 있습니다. [18]", "quotation"),
            ("아니요, 없었습니다. [all]", "denial"),
            ("A theft happened there in the shop. [12]", "other_language"),
            ("네 번째 사건입니다. [12]", "figure"),
            ("20대 남성입니다. [12]", "figure"),
        ],
    );
}

#[test]
fn english() {
    check(
        Lang::En,
        &[
            ("Yes, at 12:30 a man of about 35 took something. [12]", "ok"),
            ("Three thefts were detected between 12:30 and 48:03. [all]", "ok"),
            ("A woman, 24 years old, at 25 minutes. [15]", "ok"),
            ("A man in his thirties at 3:12 PM. [12]", "ok"),
            ("At 12.5 minutes, with a confidence of 95%. [12]", "ok"),
            ("It was the second theft. [15]", "ok"),
            ("Aisle and shelf, person 120, lasting 12.5 seconds. [12]", "ok"),
            ("One man was there. [12]", "ok"),
            ("A duo came, twice. [12]", "figure+figure"),
            ("A quarter of an hour later. [12]", "figure"),
            ("At half past three a man came. [12]", "figure"),
            ("She left at 12:30. [12]", "gender"),
            ("Two men were there. [12]", "figure"),
            ("A dozen thefts were detected. [all]", "figure"),
            ("It happened twice more, four times in all. [all]", "figure+figure"),
            ("A man at 3:13 PM. [12]", "figure"),
            ("Event 15 was at 12:30. [12]", "figure"),
            ("No, there was nothing. [all]", "denial"),
            ("도난이 12:30에 있었습니다. [12]", "other_language"),
            ("At 12:30. [12] He then left.", "ok no_marker"),
        ],
    );
}

#[test]
fn japanese_and_chinese() {
    check(
        Lang::Ja,
        &[
            ("はい、12分30秒に三十五歳の男性がいました。[12]", "ok"),
            ("全部で三件です。[all]", "ok"),
            ("午後3時12分です。[12]", "ok"),
            ("二十代の女性です。[15]", "ok"),
            ("同一人物ではありません。[12, 15]", "ok"),
            ("よっつあります。[12]", "figure"),
            ("四件ありました。[all]", "figure"),
            ("彼女は12:30にいました。[12]", "gender"),
            ("午後四時です。[12]", "figure"),
            ("一共发现三起盗窃事件在超市里面发生。[all]", "other_language"),
        ],
    );
    check(
        Lang::Zh,
        &[
            ("是的，一名三十五岁男子在12分30秒出现。[12]", "ok"),
            ("一共三起。[all]", "ok"),
            ("下午三点十二分。[12]", "ok"),
            ("两名男子。[12]", "figure"),
            ("她在12:30出现。[12]", "gender"),
            ("没有。[all]", "denial"),
            ("三人がいました。[all]", "other_language"),
            ("第四次。[12]", "figure"),
        ],
    );
}

#[test]
fn numbers_of_the_question_may_be_said_again() {
    let ground = of(Lang::Ko, "10분에서 15분 사이에 남자 다섯 명이 있었나요?", &events());
    for (text, expected) in [
        ("10분에서 15분 사이에는 12분 30초에 있었습니다. [12]", "ok"),
        ("15:00 전입니다. [12]", "ok"),
        ("10시간 사이에 있었습니다. [12]", "figure"),
        ("남자가 있었습니다. [18]", "gender"),
    ] {
        assert_eq!(verdict(&ground, text), expected, "{text}");
    }
}

#[test]
fn values_and_groups_are_said_as_what_they_are() {
    let count = reading(Wants::Scalar(Scalar::Count(Counted::Events)));
    let groups = reading(Wants::Groups(Groups {
        by: Key::AgeDecade,
        value: GroupValue::Count(Counted::Events),
        known_only: false,
        top: None,
    }));
    let decades = Answer::Groups(vec![(Value::Int(20), Value::Int(3)), (Value::Int(30), Value::Int(5))]);
    for (reading, answer, text, expected) in [
        (&count, Answer::Scalar(Value::Int(5)), "남자 도난은 다섯 건입니다. [all]", "ok"),
        (&count, Answer::Scalar(Value::Int(5)), "5건입니다.", "ok"),
        (&count, Answer::Scalar(Value::Int(5)), "5분입니다. [all]", "figure"),
        (&count, Answer::Scalar(Value::Int(5)), "6건입니다. [all]", "figure"),
        (&count, Answer::Scalar(Value::Int(5)), "여자 5건입니다. [all]", "gender"),
        (&count, Answer::Scalar(Value::Int(5)), "5건입니다. [5]", "unknown_event"),
        (&groups, decades.clone(), "20대 3건, 30대 5건, 모두 8건입니다. [all]", "ok"),
        (&groups, decades.clone(), "40대 5건입니다. [all]", "figure"),
        (&groups, decades, "20대 4건입니다. [all]", "figure"),
    ] {
        let ground = Ground::new(Lang::Ko, "남자 도난은?", reading, &video(), &answer, &[]);
        assert_eq!(verdict(&ground, text), expected, "{text}");
    }
}

/// What is right is not taken for wrong: the template tells of rows what they hold, in its own spellings.
#[test]
fn the_templates_lines_are_grounded() {
    let mut wrong = Vec::new();
    for shown in [events(), events()[..1].to_vec(), events()[..2].to_vec()] {
        let answer = found(shown.clone());
        for lang in [Lang::Ko, Lang::En, Lang::Ja, Lang::Zh] {
            let ground = of(lang, "", &shown);
            for line in state(lang, &wants_events(), &video(), Said::Answer(&answer)) {
                let marker = if line.event_ids.len() == 1 { Marker::Ids(line.event_ids) } else { Marker::All };
                let found = ground.check(&Sentence { words: line.text.clone(), marker: Some(marker) });
                wrong.extend(found.err().map(|faults| format!("{}: {faults:?}", line.text)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Rows with times, ages and confidences of their own.
fn rows() -> impl Strategy<Value = Vec<Event>> {
    let row = (0u32..7200, proptest::option::of(any::<bool>()), proptest::option::of(18u32..90), 500u32..1000);
    proptest::collection::vec(row, 1..6).prop_map(|rows| {
        let made = rows.into_iter().zip(0i64..).map(|((second, male, age, confidence), at)| {
            let gender = male.map(|male| if male { "male" } else { "female" });
            let mut event = event(1000 + 7 * at, f64::from(second), gender, age.map(f64::from));
            event.confidence = f64::from(confidence) / 1000.0;
            event
        });
        made.collect()
    })
}

/// What a sentence says.
#[derive(Debug, Clone)]
struct Told {
    second: f64,
    age: Option<f64>,
    male: Option<bool>,
    confidence: f64,
    id: i64,
}

impl Told {
    fn sentence(&self, lang: Lang, spelling: usize) -> String {
        let (minutes, seconds) = ((self.second / 60.0).floor(), self.second % 60.0);
        let korean = |n: f64| {
            const ONES: [&str; 10] = ["", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"];
            let (n, tens) = (n as usize, n as usize / 10);
            format!("{}{}{}", if tens > 1 { ONES[tens] } else { "" }, if tens > 0 { "십" } else { "" }, ONES[n % 10])
        };
        let han = |n: f64| {
            const ONES: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
            let (n, tens) = (n as usize, n as usize / 10);
            format!("{}{}{}", if tens > 1 { ONES[tens] } else { "" }, if tens > 0 { "十" } else { "" }, ONES[n % 10])
        };
        let time = match (lang, spelling % 3) {
            (_, 0) => format!("{minutes}:{seconds:02}"),
            (Lang::Ko, 1) => format!("{minutes}분 {seconds}초"),
            (Lang::Ja, 1) => format!("{minutes}分{seconds}秒"),
            (Lang::Zh, 1) => format!("{minutes}分{seconds}秒"),
            (Lang::En, 1) => format!("{minutes} minutes {seconds} seconds"),
            (Lang::Ko, _) => format!("{}초", self.second),
            (Lang::Ja | Lang::Zh, _) => format!("{}秒", self.second),
            (Lang::En, _) => format!("{} s", self.second),
        };
        let age = |age: f64| match (lang, spelling / 3 % 2) {
            (Lang::Ko, 0) => format!("{age}세 "),
            (Lang::Ko, _) => format!("{}세 ", korean(age)),
            (Lang::En, _) => format!("{age} years old, "),
            (Lang::Ja, 0) => format!("{age}歳の"),
            (Lang::Ja, _) => format!("{}歳の", han(age)),
            (Lang::Zh, 0) => format!("{age}岁的"),
            (Lang::Zh, _) => format!("{}岁的", han(age)),
        };
        let age = self.age.map_or_else(String::new, age);
        let who = match (lang, self.male) {
            (Lang::Ko, None) => "사람",
            (Lang::Ko, Some(true)) => "남성",
            (Lang::Ko, Some(false)) => "여성",
            (Lang::En, None) => "a person",
            (Lang::En, Some(true)) => "a man",
            (Lang::En, Some(false)) => "a woman",
            (Lang::Ja, None) => "人物",
            (Lang::Ja, Some(true)) => "男性",
            (Lang::Ja, Some(false)) => "女性",
            (Lang::Zh, None) => "顾客",
            (Lang::Zh, Some(true)) => "男子",
            (Lang::Zh, Some(false)) => "女士",
        };
        let share = (self.confidence * 1000.0).round() / 10.0;
        let id = self.id;
        match lang {
            Lang::Ko => format!("{time}에 {age}{who}, 신뢰도 {share}%입니다. [{id}]"),
            Lang::En => format!("At {time} {age}{who} took it, confidence {share}%. [{id}]"),
            Lang::Ja => format!("{time}に{age}{who}がいました（信頼度{share}%）。[{id}]"),
            Lang::Zh => format!("{time}有一位{age}{who}，置信度{share}%。[{id}]"),
        }
    }
}

proptest! {
    #[test]
    fn any_change_of_a_grounded_sentence_is_found(
        rows in rows(), at in 0usize..6, spelling in 0usize..6, what in 0usize..5, other in 1u32..4000,
    ) {
        let event = &rows[at % rows.len()];
        let told = Told {
            second: event.timestamp,
            age: event.age,
            male: event.gender.as_deref().map(|gender| gender == "male"),
            confidence: event.confidence,
            id: event.id,
        };
        for lang in [Lang::Ko, Lang::En, Lang::Ja, Lang::Zh] {
            let ground = of(lang, "", &rows);
            let sentence = told.sentence(lang, spelling);
            prop_assert_eq!(verdict(&ground, &sentence), "ok", "{}", sentence);
            let mut changed = told.clone();
            let expected = match what {
                0 => {
                    changed.second = event.timestamp + f64::from(other);
                    // The end of the event, and m:ss that is h:mm of the clock, are in the row.
                    prop_assume!(!(12..=13).contains(&other) && !(12.0..=13.0).contains(&changed.second));
                    prop_assume!(spelling % 3 != 0 || changed.second < 900.0 || changed.second > 1100.0);
                    "figure"
                }
                1 => {
                    changed.age = Some(told.age.unwrap_or(20.0) + 1.0 + f64::from(other % 9));
                    "figure"
                }
                2 => {
                    changed.male = Some(!told.male.unwrap_or(true));
                    "gender"
                }
                3 => {
                    changed.confidence = told.confidence - 0.002 - f64::from(other % 400) / 1000.0;
                    "figure"
                }
                _ => {
                    changed.id = 5000 + i64::from(other);
                    let found = verdict(&ground, &changed.sentence(lang, spelling));
                    prop_assert!(found.contains("unknown_event"), "{}", found);
                    continue;
                }
            };
            let sentence = changed.sentence(lang, spelling);
            prop_assert_eq!(verdict(&ground, &sentence), expected, "{}", sentence);
        }
    }
}
