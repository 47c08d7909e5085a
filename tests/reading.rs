//! What holds of every reading, whatever was asked; and what single questions are read as.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests, which clippy does not see as tests")]

use std::{
    collections::BTreeSet,
    sync::LazyLock,
    time::{Duration, Instant},
};

use askline::{
    question::{
        Lang::{self, En, Ja, Ko, Zh},
        Lexicon, Places, Question, Video, decline, detect, read,
        reading::{Reading, Signal},
    },
    sql::{Bind, Query, compose::compose},
};
use jiff::{Timestamp, Zoned, tz::Offset, tz::TimeZone};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::builtin().expect("the vocabulary is sound"));

/// An hour and a half in Seoul, from ten past one in the afternoon.
static SHOP: LazyLock<Video> = LazyLock::new(|| {
    let places = ["계산대", "과자 진열대", "입구", "center aisle", "checkout", "ticket gate", "음료 냉장고 앞"];
    video(Some(5400.0), Some("2026-03-02T13:10:00+09:00"), "Asia/Seoul", &places)
});

fn video(duration: Option<f64>, recorded_at: Option<&str>, zone: &str, places: &[&str]) -> Video {
    Video {
        id: 1,
        name: "Shop".to_owned(),
        filename: None,
        duration,
        recorded_at: recorded_at.map(|at| at.parse().unwrap()),
        timezone: TimeZone::get(zone).unwrap(),
        places: Places::new(places.iter().map(|place| (*place).to_owned())),
    }
}

/// The morning after [`SHOP`] was recorded.
fn now() -> Zoned {
    "2026-03-03T10:00:00+09:00".parse::<Timestamp>().unwrap().to_zoned(TimeZone::UTC)
}

fn reading(lang: Lang, text: &str) -> Reading {
    read(&Question { text, lang, video: &SHOP, now: now() }, &LEXICON)
}

// --- Whatever is asked ---------------------------------------------------------------------------------------------

/// Pieces that the grammar joins, in every order; and some that nothing joins.
const PIECES: &str = "절도 싸움 훔친 쓰러진 배회 남자 여자 20대 삼십대 미성년자 노인 왼쪽 가운데 계산대 입구 10분 12분30초 반 한시간 두번째 열두 \
    몇 번 몇명 에서 까지 부터 사이 이후 전 직후 첫 마지막 가장 긴 제일 많은 평균 비율 유형별 시간대별 5분단위 오후 2시 새벽 어제 \
    오늘 3월 2일 지난 1시간 아닌 말고 또는 와 같은 사람 모르는 신뢰도 90% 이상 미만 초과 영상 길이 삭제해줘 지워진 3번 \
    theft fights stole fainted loitering men women twenties elderly left right checkout ticket gate 10 minutes 12:30 half an hour \
    second third how many times people between and from to until after before within 30 seconds of the first last longest most \
    average percentage by type per hour every 5 at 2 pm midnight yesterday on march not except or same person unknown confidence \
    at least 90 percent video long delete obj_id 7 # , . ? : ~ - / ( ' % _ \\ $1 -- /* xylophone \u{301} \u{200b} 🛒 \
    盗難 喧嘩 男性 20代 30分 以降 何回 最初の 午後2時 昨日 盗窃 打架 女性 前5分钟 之后 几次 最后 下午两点 昨天 比例";

const PLACES: [&str; 16] = [
    "계산대",
    "음료 냉장고 앞",
    "ticket gate",
    "checkout",
    "",
    " ",
    "%",
    "_\\",
    "'; DROP TABLE db_event; --",
    "🛒 코너",
    "１２번 게이트",
    "caf\u{e9}",
    "cafe\u{301} \u{200b}",
    "男子トイレ",
    "10분",
    "$1",
];

const ZONES: [&str; 9] = [
    "Asia/Seoul",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Europe/Dublin",
    "UTC",
];

fn any_lang() -> impl Strategy<Value = Lang> {
    prop::sample::select(vec![Ko, En, Ja, Zh])
}

fn any_zone() -> impl Strategy<Value = TimeZone> {
    prop_oneof![
        4 => prop::sample::select(ZONES.to_vec()).prop_map(|name| TimeZone::get(name).unwrap()),
        1 => (-93_599..=93_599).prop_map(|s| TimeZone::fixed(Offset::from_seconds(s).unwrap())),
    ]
}

/// Ordinary moments, the hours around a change of clocks, and the ends of time.
fn any_moment() -> impl Strategy<Value = Timestamp> {
    let changes = ["2026-03-08T06:30:00Z", "2026-11-01T05:30:00Z", "2026-03-29T00:59:59Z", "2011-12-30T09:59:59Z"];
    let changes: Vec<i64> = changes.iter().map(|at| at.parse::<Timestamp>().unwrap().as_second()).collect();
    prop_oneof![
        3 => (1_577_836_800..1_893_456_000_i64).prop_map(|s| Timestamp::from_second(s).unwrap()),
        3 => (prop::sample::select(changes), -7200..7200_i64).prop_map(|(s, d)| Timestamp::from_second(s + d).unwrap()),
        1 => prop::sample::select(vec![Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH]),
    ]
}

fn any_video() -> impl Strategy<Value = Video> {
    let duration = prop_oneof![
        Just(None),
        prop::sample::select(vec![0.0, 0.04, 59.9, 5400.0, 1e12, f64::INFINITY, f64::NAN]).prop_map(Some),
    ];
    let places = prop::collection::vec(
        prop_oneof![3 => prop::sample::select(PLACES.to_vec()).prop_map(str::to_owned), 1 => any::<String>()],
        0..6,
    );
    (any::<i64>(), duration, prop::option::weighted(0.8, any_moment()), any_zone(), places).prop_map(
        |(id, duration, recorded_at, timezone, places)| Video {
            id,
            name: String::new(),
            filename: None,
            duration,
            recorded_at,
            timezone,
            places: Places::new(places),
        },
    )
}

/// Pieces of questions with and without spaces, cut anywhere; and any text at all.
fn any_prompt() -> impl Strategy<Value = String> {
    let pieces: Vec<&str> = PIECES.split(' ').filter(|piece| !piece.is_empty()).collect();
    let piece = prop_oneof![
        12 => prop::sample::select(pieces).prop_map(str::to_owned),
        2 => (0..100_000_u32).prop_map(|n| n.to_string()),
        1 => prop::sample::select(PLACES.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    let joined = prop::collection::vec((piece, prop::sample::select(vec![" ", " ", " ", "", "\u{3000}"])), 0..14)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, gap)| [piece, gap.to_owned()]).collect());
    prop_oneof![6 => joined, 1 => any::<String>()]
}

/// `PROPTEST_CASES` may ask for more.
fn cases() -> u32 {
    ProptestConfig::default().cases.max(1500)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    /// Reading, declining and composing end, whatever was asked of whatever video; what is composed keeps to the video
    /// and to the words of this program.
    #[test]
    fn every_prompt_is_read(text in any_prompt(), lang in any_lang(), video in any_video(), now in any_moment(), zone in any_zone()) {
        let _ = detect(&text);
        let question = Question { text: &text, lang, video: &video, now: now.to_zoned(zone) };
        let reading = read(&question, &LEXICON);
        let declined = decline(&reading, &video);
        prop_assert!(reading.signals.is_empty() || declined.is_some());
        match compose(&reading, &video) {
            Ok(query) => keeps_to_the_video(&query, &video).map_err(TestCaseError::fail)?,
            Err(_) => prop_assert!(!reading.unread.is_empty() || declined.is_some()),
        }
        // The words left over are given as they were typed; everything else is the same.
        let unread = reading.unread.len();
        for other in [text.replace(' ', " \t "), text.nfd().collect(), text.nfkc().collect(), format!("\n{text} ")] {
            let mut read = read(&Question { text: &other, ..question.clone() }, &LEXICON);
            prop_assert_eq!(read.unread.len(), unread, "{:?}", other);
            read.unread.clone_from(&reading.unread);
            // As text: a length that is not a number is not equal to itself.
            prop_assert_eq!(format!("{:?}", read), format!("{:?}", reading), "{:?}", other);
        }
    }

    /// A place that is only in the data is found, and stands in a bind, never in the text.
    #[test]
    fn a_place_is_a_bind(place in "[가-힣]{3,6}|[bcdfghjklmnpqrstvwxz]{4,8}", quote in "['%_\\\\;$]{0,2}", minute in 61..89_u32) {
        let place = format!("{place}{quote}");
        let video = Video { places: Places::new([place.clone()]), ..SHOP.clone() };
        for (lang, text) in [(En, format!("thefts after {minute} minutes, at {place}")), (Ko, format!("{minute}분 이후 {place} 절도"))] {
            let question = Question { text: &text, lang, video: &video, now: now() };
            let query = match compose(&read(&question, &LEXICON), &video) {
                Ok(query) => query,
                Err(_) if !quote.is_empty() => continue,
                Err(error) => return Err(TestCaseError::fail(format!("{text}: {error}"))),
            };
            keeps_to_the_video(&query, &video).map_err(TestCaseError::fail)?;
            prop_assert!(!query.text().contains(&place) && !query.text().contains(&minute.to_string()), "{}", query.text());
            let bound = query.binds().contains(&Bind::Float(f64::from(minute) * 60.0));
            prop_assert!(bound, "{text}: {:?}", query.binds());
        }
    }
}

/// `$1` is the video; every scan of events or videos is restricted to it, by a condition that nothing widens; and every
/// word is one that the composer knows.
fn keeps_to_the_video(query: &Query, video: &Video) -> Result<(), String> {
    let text = query.text();
    let fault = |what: &str| Err(format!("{what}: {text}"));
    if query.binds().first() != Some(&Bind::Int(video.id)) {
        return fault("$1 is not the video");
    }
    let mut scans = 0;
    for (at, table) in text.match_indices("db_event ").chain(text.match_indices("db_video ")) {
        scans += 1;
        let rest = &text[at + table.len()..];
        let alias: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        let scope = own_level(rest);
        let Some((_, condition)) = scope.split_once(" WHERE ") else { return fault("a scan without a condition") };
        let restricted = match (table, alias.as_str()) {
            ("db_event ", "e" | "a" | "x") => begins_with(condition, &format!("{alias}.video_id = $1")),
            ("db_video ", "v") => {
                begins_with(condition, "v.video_id = $1")
                    || rest.starts_with("v ON v.video_id = e.video_id WHERE ")
                        && begins_with(condition, "e.video_id = $1")
            }
            _ => false,
        };
        if !restricted || condition.contains(" OR ") || condition.contains(" UNION ") {
            return fault("a scan leaves the video");
        }
    }
    if scans == 0 || scans != text.matches("db_").count() {
        return fault("a table is not accounted for");
    }
    for word in words(text) {
        let known = match word.strip_prefix('$') {
            Some(number) => number.parse::<usize>().is_ok_and(|n| (1..=query.binds().len()).contains(&n)),
            None => VOCABULARY.contains(word),
        };
        if !known {
            return fault(&format!("{word:?} is not a word of the composer"));
        }
    }
    Ok(())
}

/// A condition that stands alone or has others joined to it by AND.
fn begins_with(conditions: &str, first: &str) -> bool {
    conditions.strip_prefix(first).is_some_and(|rest| {
        rest.is_empty() || [" AND ", " ORDER BY ", " GROUP BY "].iter().any(|next| rest.starts_with(next))
    })
}

/// The text up to the bracket that closes the level it begins on, without the brackets within.
fn own_level(text: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_ascii_whitespace() || "(),*/<>=+-:.[]|".contains(c)).filter(|word| !word.is_empty())
}

/// Every word a composed statement may hold.
static VOCABULARY: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    words(
        "SELECT FROM JOIN ON WHERE AND OR NOT IS NULL TRUE EXISTS ANY ALL AS ASC DESC DISTINCT FILTER OVER GROUP ORDER BY HAVING \
         LIMIT OFFSET ILIKE COLLATE \"C\" AT TIME ZONE avg sum min max count floor extract hour nullif to_char interval \
         db_event db_video e a x v g p k n key value id video_id timestamp duration event_type action_detected location area \
         age gender obj_id confidence description attributes name filename recorded_at timezone \
         float8 int8 text time date 0 1 10 60 100 3600 '1 second' 'YYYY-MM-DD HH24:MI:SS'",
    )
    .collect()
});

#[test]
fn the_check_sees_what_leaves_the_video() {
    let kind = askline::answer::Kind::Scalar;
    let check = |text: &str| keeps_to_the_video(&Query::for_tests(text, vec![Bind::Int(1)], kind), &SHOP);
    let fits = |text: &str| assert_eq!(check(text), Ok(()));
    fits("SELECT count(*) FROM db_event e WHERE e.video_id = $1");
    fits("SELECT count(*) FROM db_event e WHERE e.video_id = $1 AND (e.age < $1 OR e.age IS NULL)");
    for text in [
        "SELECT count(*) FROM db_event e",
        "SELECT count(*) FROM db_event e WHERE e.video_id = $10",
        "SELECT count(*) FROM db_event e WHERE e.video_id = $1 OR e.age IS NULL",
        "SELECT count(*) FROM db_event e WHERE (e.video_id = $1)",
        "SELECT count(*) FROM db_event e WHERE e.video_id = $1 AND EXISTS (SELECT 1 FROM db_event a WHERE e.video_id = $1)",
        "SELECT count(*) FROM db_event e WHERE e.video_id = $1 AND e.location = 'checkout'",
        "SELECT 1",
    ] {
        assert!(check(text).is_err(), "{text}");
    }
}

// --- The same question, typed otherwise ----------------------------------------------------------------------------

/// Prompts of every kind: what of them is understood does not matter here.
fn corpus() -> Vec<(Lang, &'static str)> {
    let more = [
        (Ko, "빨간 모자 쓴 남자가 계산대에서 뭐 했어"),
        (Ko, "절도범 전화번호 알려줘"),
        (Ko, "절도 기록을 지워줘"),
        (Ko, "모든 카메라에서 난 절도"),
        (Ko, "오늘 날씨 어때"),
        (Ko, "카페에서 싸움이 났는지 확인 부탁드립니다"),
        (En, "someone in a red hat near the café"),
        (En, "what's the thief's name"),
        (En, "delete all the thefts"),
        (En, "thefts in video 3"),
        (En, "tell me a joke"),
        (En, "is the naïve customer's coat blue"),
        (Ja, "12分30秒に何がありましたか"),
        (Ja, "左側でガラスが割れましたか"),
        (Ja, "30代の男性は何人いましたか"),
        (Zh, "12分30秒发生了什么"),
        (Zh, "左边有人打架吗"),
        (Zh, "昨天下午两点之后的盗窃"),
    ];
    READ.iter().map(|(lang, text, _)| (*lang, *text)).chain(more).collect()
}

fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap(),
            ' ' => '\u{3000}',
            c => c,
        })
        .collect()
}

#[test]
fn spaces_forms_and_case_do_not_matter() {
    let mut faults = Vec::new();
    for (lang, text) in corpus() {
        let plain = reading(lang, text);
        let others = [
            ("wide gaps", text.replace(' ', "   ")),
            ("tabs and line ends", text.replace(' ', " \t\r\n ")),
            ("space around", format!("  \n{text} \t ")),
            ("no-break spaces", text.replace(' ', "\u{a0}")),
            ("NFC", text.nfc().collect()),
            ("NFD", text.nfd().collect()),
            ("NFKC", text.nfkc().collect()),
            ("NFKD", text.nfkd().collect()),
            ("full width", full_width(text)),
            ("capitals", text.to_uppercase()),
            ("zero-width joiners", text.replace(' ', " \u{200b}")),
        ];
        for (how, other) in others {
            let read = reading(lang, &other);
            if read != plain {
                faults.push(format!("{how}: {other:?}\n  {read:?}\n  {plain:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_mark_at_the_end_does_not_matter() {
    let mut faults = Vec::new();
    for (lang, text) in corpus() {
        let bare = text.trim_end_matches(['?', '.']);
        let plain = reading(lang, bare);
        for mark in ["?", ".", "!", "??", "?!", "...", "…", " ?", "？", "。", "!!! "] {
            let read = reading(lang, &format!("{bare}{mark}"));
            if read != plain {
                faults.push(format!("{bare:?} with {mark:?}\n  {read:?}\n  {plain:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn korean_needs_no_spaces() {
    let prompts = [
        "첫 5분 동안 도난 있었어?",
        "10분에서 15분 사이에 싸운 사람",
        "20대 여자가 훔친 장면",
        "계산대 앞에서 쓰러진 사람 있나요",
        "마지막으로 침입한 사람",
        "절도 몇 번 있었어",
        "남자 몇 명이 싸웠어",
        "유형별 건수 알려줘",
        "오후 2시에서 3시 사이 배회",
        "신뢰도 90% 이상 절도",
        "가장 오래 배회한 사람",
        "왼쪽에서 넘어진 노인",
        "절도 직후 30초 안에 나간 사람",
        "30분 이후 파손 몇 건",
        "12분 30초에 무슨 일 있었어",
        "어제 싸움 있었어",
        "침입한 사람 중 남자 비율",
    ];
    let mut faults = Vec::new();
    for prompt in prompts {
        let plain = reading(Ko, prompt);
        let glued = reading(Ko, &prompt.replace(' ', ""));
        if !plain.unread.is_empty() || glued != plain {
            faults.push(format!("{prompt}\n  {glued:?}\n  {plain:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

// --- Time ----------------------------------------------------------------------------------------------------------

/// How long this thread has run: other work on the machine does not count, where the system tells.
fn on_processor() -> Duration {
    static SINCE: LazyLock<Instant> = LazyLock::new(Instant::now);
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = schedstat.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| SINCE.elapsed(), Duration::from_nanos)
}

/// As many characters take about as long in prompts of 4,000 as in prompts of 1,000: with the square it would be four
/// times as long. Measured more than once where it seems to be long, for the machine may be busy.
fn is_linear(shapes: &[(Lang, &str)]) {
    let mut faults = Vec::new();
    for (lang, shape) in shapes {
        let text = |chars: usize| -> String { shape.chars().cycle().take(chars).collect() };
        let timed = |text: &str, runs: usize| {
            let start = on_processor();
            for _ in 0..runs {
                std::hint::black_box(reading(*lang, text));
            }
            (on_processor() - start).as_secs_f64()
        };
        let (short, long) = (text(1000), text(4000));
        let mut least = f64::MAX;
        for _ in 0..5 {
            // The clock of some machines has steps of 4 ms.
            let times = timed(&long, 6) / timed(&short, 24).max(0.004);
            least = least.min(times);
            if least < 1.7 {
                break;
            }
        }
        if least > 2.0 {
            faults.push(format!("{shape:?} takes {least:.1} times as long a character"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn time_is_linear_in_the_prompt() {
    is_linear(&[
        (Ko, "7"),
        (Ko, "가"),
        (Ko, "ㅋ"),
        (Ko, "절도"),
        (Ko, "절도 "),
        (Ko, "십"),
        (Ko, "하나"),
        (Ko, "12분 30초 "),
        (Ko, "1시간"),
        (Ko, "오후 2시 "),
        (Ko, "계산대 "),
        (Ko, "음료냉장고"),
        (Ko, "절도 전 "),
        (Ko, "20대 남자나 "),
        (Ko, "뷁뛟 "),
        (Ko, "때 "),
        (En, "a"),
        (En, "z "),
        (En, "theft "),
        (En, "10:"),
        (En, "10 minutes "),
        (En, "ticket gate "),
        (En, "5 "),
        (En, "50% "),
        (En, "most "),
        (En, "how many "),
        (En, "xylophone "),
        (En, "'"),
        (En, "e\u{301}"),
    ]);
}

#[test]
fn shapes_that_once_grew_faster_do_not() {
    is_linear(&[
        (Ko, "물건을 훔치"),
        (Ko, "절도 말고 "),
        (Ko, "첫 절도 이후 "),
        (Ko, "신뢰도 90% "),
        (Ko, "몇 명 "),
        (Ko, "유형 "),
        (Ko, "시간대 "),
        (En, "not "),
        (En, "by "),
        (En, "between "),
        (En, "theft and "),
        (En, "type of "),
        (En, "after the first theft "),
        (En, "men under 20 or "),
        (En, "per minute "),
        (Ja, "盗難の"),
        (Zh, "第一次"),
    ]);
}

// --- Single questions ----------------------------------------------------------------------------------------------

/// The statement in short: the columns, the video and the usual order are left out.
fn brief(query: &Query) -> String {
    let all = "SELECT e.id, e.video_id, e.timestamp, e.duration, e.event_type, e.action_detected, e.location, e.area, \
               e.age, e.gender, e.obj_id, e.confidence, e.description, e.attributes FROM here AND ";
    let abnormal =
        "ARRAY['theft', 'collapse', 'sitting', 'loitering', 'intrusion', 'fighting', 'vandalism', 'anomaly']";
    let normal = "ARRAY['person_enter', 'person_exit', 'interaction', 'picking', 'walking', 'standing']";
    let mut sql = query.readable();
    for (long, short) in [
        ("((v.recorded_at + e.timestamp * interval '1 second') AT TIME ZONE v.timezone)", "local"),
        (" JOIN db_video v ON v.video_id = e.video_id", ""),
        ("FROM db_event e WHERE e.video_id = 1", "FROM here"),
        (abnormal, "ABNORMAL"),
        (normal, "NORMAL"),
        ("::text[]", ""),
        ("::text::timestamp", ""),
        ("::text::time", ""),
        (" ORDER BY e.timestamp, e.id", " ORDER BY time"),
        (all, ""),
    ] {
        sql = sql.replace(long, short);
    }
    sql.strip_suffix(" ORDER BY time").unwrap_or(&sql).to_owned()
}

fn outcome(lang: Lang, text: &str) -> String {
    let reading = reading(lang, text);
    match (decline(&reading, &SHOP), compose(&reading, &SHOP)) {
        (Some(signal), _) => format!("declined: {signal:?}"),
        (None, Ok(query)) => brief(&query),
        (None, Err(_)) => format!("left over: {:?}", reading.unread),
    }
}

#[test]
fn questions_mean_what_the_contract_says() {
    let mut faults = Vec::new();
    for (lang, text, expected) in READ {
        let got = outcome(*lang, text);
        if got != *expected {
            faults.push(format!("{text}\n  got      {got}\n  expected {expected}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A clock is asked for, and nobody knows when the video was recorded; its length is asked for, and nobody knows it.
#[test]
fn what_is_not_known_of_the_video_is_declined() {
    let unknown = video(None, None, "Asia/Seoul", &["계산대"]);
    let cases = [
        (Ko, "오후 2시에 무슨 일 있었어", Signal::ClockUnknown),
        (Ko, "어제 도난", Signal::ClockUnknown),
        (Ko, "시간대별 침입 건수", Signal::ClockUnknown),
        (En, "thefts after 2 pm", Signal::ClockUnknown),
        (En, "hourly breakdown of thefts", Signal::ClockUnknown),
        (En, "when was this recorded", Signal::ClockUnknown),
        (Ko, "마지막 5분 절도", Signal::LengthUnknown),
        (Ko, "후반부 절도", Signal::LengthUnknown),
        (Ko, "분당 이벤트 수", Signal::LengthUnknown),
        (En, "thefts in the last 5 minutes of the video", Signal::LengthUnknown),
        (En, "fights in the second half", Signal::LengthUnknown),
    ];
    for (lang, text, expected) in cases {
        let reading = read(&Question { text, lang, video: &unknown, now: now() }, &LEXICON);
        assert_eq!(decline(&reading, &unknown), Some(expected), "{text}: {reading:?}");
    }
    for (lang, text) in [(Ko, "첫 5분 절도"), (En, "thefts at 12:30")] {
        let reading = read(&Question { text, lang, video: &unknown, now: now() }, &LEXICON);
        assert!(decline(&reading, &unknown).is_none() && reading.unread.is_empty(), "{text}: {reading:?}");
    }
}

/// The night clocks go back, and the night they go forward, in New York.
#[test]
fn clock_ranges_are_local() {
    let fall = video(Some(6000.0), Some("2026-11-01T00:40:00-04:00"), "America/New_York", &[]);
    let spring = video(Some(6000.0), Some("2026-03-08T01:30:00-05:00"), "America/New_York", &[]);
    let noon: Zoned = "2026-11-01T17:00:00Z".parse::<Timestamp>().unwrap().to_zoned(TimeZone::UTC);
    let cases = [
        (&fall, "between 1 and 2 am", "(local::time >= '01:00:00' AND local::time < '02:00:00')"),
        (&fall, "after midnight", "(local >= '2026-11-01 00:00:00')"),
        (&fall, "before 1 am", "(local < '2026-11-01 01:00:00')"),
        (&fall, "today", "(local >= '2026-11-01 00:00:00' AND local < '2026-11-02 00:00:00')"),
        (&spring, "between 2 and 3 am", "(local::time >= '02:00:00' AND local::time < '03:00:00')"),
    ];
    for (video, text, expected) in cases {
        let reading = read(&Question { text, lang: En, video, now: noon.clone() }, &LEXICON);
        let query = compose(&reading, video).unwrap_or_else(|_| panic!("{text}: {reading:?}"));
        assert_eq!(brief(&query), expected, "{text}");
    }
}

/// What was seen being deleted, dropped or changed is not an order to do so.
#[test]
fn only_an_order_to_change_is_one() {
    let change = |lang, text: &str| reading(lang, text).signals.contains(&Signal::Change);
    let harmless = [
        (Ko, "삭제된 장면 있어?"),
        (Ko, "지워진 자국이 있는 벽"),
        (Ko, "물건을 떨어뜨린 사람"),
        (Ko, "바뀐 사람 있어?"),
        (Ko, "물건을 추가로 집은 사람"),
        (Ko, "쓰레기를 버린 사람"),
        (Ko, "기록이 없는 시간"),
        (Ko, "카트를 옮긴 사람"),
        (Ko, "업데이트된 이벤트"),
        (Ko, "삭제 버튼을 누른 사람"),
        (Ko, "누가 간판을 바꿨나"),
        (Ko, "새로 들어온 사람"),
        (En, "the deleted scene"),
        (En, "who dropped a bottle"),
        (En, "someone removing a label"),
        (En, "did someone remove a sign?"),
        (En, "was a sign removed"),
        (En, "anyone changing clothes"),
        (En, "who erased the whiteboard"),
        (En, "give me an update on the thefts"),
        (En, "drop-off area loitering"),
        (En, "was there a drop in events after minute 10"),
        (En, "people clearing the table"),
        (En, "did a woman replace the bottle"),
        (En, "who moved the cart"),
        (En, "create a list of thefts"),
        (Ja, "物を落とした人"),
        (Zh, "掉东西的人"),
    ];
    for (lang, text) in harmless {
        assert!(!change(lang, text), "{text}");
    }
    let orders = [
        (Ko, "절도 기록 지워줘"),
        (Ko, "이벤트 전부 삭제해"),
        (Ko, "42번 이벤트 삭제 부탁해요"),
        (Ko, "몇 명인지 세고 지워줘"),
        (Ko, "절도 유형을 싸움으로 바꿔줘"),
        (Ko, "새 이벤트 추가해줘"),
        (Ko, "데이터 초기화해"),
        (Ko, "절도 목록 보여주고 나서 삭제해줘"),
        (Ko, "이벤트 다 없애줘"),
        (En, "delete the thefts"),
        (En, "please remove event 42"),
        (En, "count the fights, then delete them"),
        (En, "can you erase all loitering events"),
        (En, "change the type of event 5 to theft"),
        (En, "set the age of person 7 to 30"),
        (En, "add a new theft at minute 10"),
        (En, "show me thefts and delete them"),
        (En, "get rid of all the thefts"),
        (Ja, "盗難の記録を削除してください"),
        (Ja, "イベントを全部消して"),
        (Zh, "删除所有盗窃记录"),
    ];
    for (lang, text) in orders {
        assert!(change(lang, text), "{text}");
    }
    // In SQL: refused, as a change or as an order to the engine.
    for text in ["DELETE FROM db_event", "drop table db_event", "'; DROP TABLE db_event; --", "truncate db_event"] {
        let signals = reading(En, text).signals;
        assert!(signals.contains(&Signal::Change) || signals.contains(&Signal::Injection), "{text}: {signals:?}");
    }
}

/// Read as something that was not asked, when this was written. None of them may be answered so: they are right when
/// they pass, or are read as the last column says.
#[test]
fn what_was_once_misread_is_not_read_so_again() {
    let misread: [(Lang, &str, &str); 20] = [
        (Ko, "20대 후반 남자", "(e.age >= 20 AND e.age < 30) AND e.timestamp >= 2700 AND e.gender = 'male'"),
        (Ko, "40대 전반", "(e.age >= 40 AND e.age < 50) AND e.timestamp < 2700"),
        (Ko, "끝나기 5분 전", "e.timestamp < 300"),
        (Ko, "첫 절도 빼고 나머지", "e.event_type <> ALL (ARRAY['theft']) ORDER BY time LIMIT 1"),
        (Ko, "계산대에서 물건 빼고 간 사람", "NOT (e.location ILIKE '%계산대%')"),
        (
            Ko,
            "10초에서 20초 사이로 지속된 싸움",
            "(e.timestamp >= 10 AND e.timestamp <= 20) AND e.event_type = 'fighting'",
        ),
        (
            Ko,
            "절도를 제일 많이 한 사람",
            "SELECT k FROM (SELECT e.event_type AS k, count(*) AS n FROM here AND e.event_type = 'theft' GROUP BY 1) AS g \
             WHERE k IS NOT NULL ORDER BY n DESC, k COLLATE \"C\" LIMIT 1",
        ),
        (Ko, "누가 낙서를 지웠어?", "declined: Change"),
        (En, "up to minute 20, loitering", "e.duration <= 1200 AND e.event_type = 'loitering'"),
        (En, "up to 5 minutes: thefts", "e.duration <= 300 AND e.event_type = 'theft'"),
        (En, "thefts by minute 10", "e.event_type = 'theft' AND (e.timestamp >= 600 AND e.timestamp < 660)"),
        (
            En,
            "fights lasting between 10 and 20 seconds",
            "e.event_type = 'fighting' AND (e.timestamp >= 10 AND e.timestamp <= 20)",
        ),
        (En, "not the first theft", "e.event_type <> ALL (ARRAY['theft']) ORDER BY time LIMIT 1"),
        (En, "middle of the video", "e.area = 'center'"),
        (
            En,
            "thefts this morning",
            "e.event_type = 'theft' AND (local::time >= '00:00:00' AND local::time < '12:00:00')",
        ),
        (En, "10:75", "(e.timestamp >= 675 AND e.timestamp < 676)"),
        (En, "mark event 5 as theft", "e.id = 5 AND e.event_type = 'theft'"),
        (En, "update on the fight please", "declined: Change"),
        (Ja, "削除されたシーン", "declined: Change"),
        (Zh, "被删除的画面", "declined: Change"),
    ];
    let still: Vec<&str> =
        misread.iter().filter(|(lang, text, wrong)| outcome(*lang, text) == *wrong).map(|(_, text, _)| *text).collect();
    assert!(still.is_empty(), "{still:#?}");
}

/// A question and the statement it is read as, in short; [`SHOP`] is asked.
#[rustfmt::skip]
const READ: &[(Lang, &str, &str)] = &[
    (Ko, "7분 40초에 누가 뭘 했어?", "(e.timestamp >= 460 AND e.timestamp < 461)"),
    (En, "what was going on at 7:40", "(e.timestamp >= 460 AND e.timestamp < 461)"),
    (Ko, "461초 시점 이벤트", "(e.timestamp >= 461 AND e.timestamp < 462)"),
    (En, "anything at 461 seconds?", "(e.timestamp >= 461 AND e.timestamp < 462)"),
    (Ko, "17분대 이벤트 전부", "(e.timestamp >= 1020 AND e.timestamp < 1080)"),
    (En, "at minute 17", "(e.timestamp >= 1020 AND e.timestamp < 1080)"),
    (Ko, "5분에서 8분 20초 사이 배회 있었는지", "(e.timestamp >= 300 AND e.timestamp <= 500) AND e.event_type = 'loitering'"),
    (En, "between 1:05:00 and 1:15:30, did anyone faint?", "(e.timestamp >= 3900 AND e.timestamp <= 4530) AND e.event_type = 'collapse'"),
    (Ko, "한 시간 십오 분 이후에 침입한 사람 있어?", "e.timestamp >= 4500 AND e.event_type = 'intrusion'"),
    (En, "who came in before the 3 minute mark", "e.event_type = 'person_enter' AND e.timestamp < 180"),
    (Ko, "3분 전에 들어온 사람", "e.timestamp < 180 AND e.event_type = 'person_enter'"),
    (En, "loitering after 2 minutes", "e.event_type = 'loitering' AND e.timestamp >= 120"),
    (Ko, "첫 90초", "e.timestamp < 90"),
    (En, "opening ten minutes, any lurking?", "e.timestamp < 600 AND e.event_type = 'loitering'"),
    (Ko, "막판 7분 동안 싸움", "e.timestamp >= 4980 AND e.event_type = 'fighting'"),
    (En, "final quarter of an hour: vandalism", "e.timestamp >= 4500 AND e.event_type = 'vandalism'"),
    (Ko, "12분쯤 쓰러진 사람", "(e.timestamp >= 660 AND e.timestamp <= 780) AND e.event_type = 'collapse'"),
    (En, "around minute 12, did someone collapse", "(e.timestamp >= 660 AND e.timestamp <= 780) AND e.event_type = 'collapse'"),
    (Ko, "영상 앞 절반에서 도난", "e.timestamp < 2700 AND e.event_type = 'theft'"),
    (En, "second half: how many scuffles?", "SELECT count(*) FROM here AND e.timestamp >= 2700 AND e.event_type = 'fighting'"),
    (Ko, "20분까지 배회", "e.timestamp <= 1200 AND e.event_type = 'loitering'"),
    (En, "until 5:00, thefts", "e.timestamp <= 300 AND e.event_type = 'theft'"),
    (Ko, "20분부터 배회", "e.timestamp >= 1200 AND e.event_type = 'loitering'"),
    (En, "past minute 20", "e.timestamp > 1200"),
    (Ko, "삼십대 여자가 훔친 거", "(e.age >= 30 AND e.age < 40) AND e.gender = 'female' AND e.event_type = 'theft'"),
    (En, "thefts by women in their thirties", "e.event_type = 'theft' AND e.gender = 'female' AND (e.age >= 30 AND e.age < 40)"),
    (Ko, "마흔 살 넘은 남자", "e.age > 40 AND e.gender = 'male'"),
    (En, "men over 40 who fought", "e.gender = 'male' AND e.age > 40 AND e.event_type = 'fighting'"),
    (Ko, "쉰 살 이하 여성이 앉아 있던 장면", "e.age <= 50 AND e.gender = 'female' AND e.event_type = 'sitting'"),
    (En, "people aged between 20 and 25", "(e.age >= 20 AND e.age <= 25)"),
    (Ko, "미성년자 배회 건수", "SELECT count(*) FROM here AND e.age < 19 AND e.event_type = 'loitering'"),
    (En, "how many minors loitered?", "SELECT count(DISTINCT e.obj_id) FROM here AND e.age < 18 AND e.event_type = 'loitering'"),
    (Ko, "10대가 부순 것", "(e.age >= 10 AND e.age < 20) AND e.event_type = 'vandalism'"),
    (En, "teenagers hanging about", "(e.age >= 13 AND e.age < 20) AND e.event_type = 'loitering'"),
    (Ko, "성인 여자 침입자", "e.age >= 19 AND e.gender = 'female' AND e.event_type = 'intrusion'"),
    (En, "adult women sitting", "e.age >= 18 AND e.gender = 'female' AND e.event_type = 'sitting'"),
    (Ko, "노인이 넘어진 건", "e.age >= 65 AND e.event_type = 'collapse'"),
    (En, "elderly men falling down", "e.age >= 65 AND e.gender = 'male' AND e.event_type = 'collapse'"),
    (Ko, "성별을 모르는 절도", "e.gender IS NULL AND e.event_type = 'theft'"),
    (En, "thefts where the age is not recorded", "e.event_type = 'theft' AND e.age IS NULL"),
    (Ko, "7번 사람", "e.obj_id = 7"),
    (En, "person number 7", "e.obj_id = 7"),
    (Ko, "왼쪽에서 생긴 몸싸움", "e.area = 'left' AND e.event_type = 'fighting'"),
    (En, "a brawl on the right", "e.event_type = 'fighting' AND e.area = 'right'"),
    (Ko, "화면 오른쪽 계산대 도난", "e.area = 'right' AND e.location ILIKE '%계산대%' AND e.event_type = 'theft'"),
    (En, "stolen at the checkout, left of the frame", "e.event_type = 'theft' AND e.location ILIKE '%checkout%' AND e.area = 'left'"),
    (Ko, "냉장고 앞에서 기절한 사람", "e.location ILIKE '%냉장고 앞%' AND e.event_type = 'collapse'"),
    (En, "loitering near the vending machine", "e.event_type = 'loitering' AND e.location ILIKE '%vending machine%'"),
    (Ko, "계산대 말고 다른 데서 난 절도", "e.event_type = 'theft' AND NOT (e.location ILIKE '%계산대%')"),
    (En, "thefts not at the checkout", "e.event_type = 'theft' AND NOT (e.location ILIKE '%checkout%')"),
    (Ko, "여기서 싸움 났어?", "e.event_type = 'fighting'"),
    (En, "did anyone break anything in the shop", "e.event_type = 'vandalism'"),
    (En, "events with no place recorded", "e.location IS NULL"),
    (Ko, "신뢰도 85% 넘는 절도", "e.confidence > 0.85 AND e.event_type = 'theft'"),
    (En, "thefts with at least 85 percent confidence", "e.event_type = 'theft' AND e.confidence >= 0.85"),
    (Ko, "확신도 70~80%", "(e.confidence >= 0.7 AND e.confidence <= 0.8)"),
    (En, "less than 70% sure", "e.confidence < 0.7"),
    (Ko, "배회 2분 이상", "e.event_type = 'loitering' AND e.duration >= 120"),
    (En, "loitering over 2 minutes", "e.event_type = 'loitering' AND e.duration > 120"),
    (Ko, "절도 몇 번", "SELECT count(*) FROM here AND e.event_type = 'theft'"),
    (En, "how many times did someone steal", "SELECT count(*) FROM here AND e.event_type = 'theft'"),
    (Ko, "싸운 사람 몇 명이야", "SELECT count(DISTINCT e.obj_id) FROM here AND e.event_type = 'fighting'"),
    (En, "how many people fought", "SELECT count(DISTINCT e.obj_id) FROM here AND e.event_type = 'fighting'"),
    (Ko, "맨 처음 절도", "e.event_type = 'theft' ORDER BY time LIMIT 1"),
    (En, "the very first theft", "e.event_type = 'theft' ORDER BY time LIMIT 1"),
    (Ko, "마지막으로 쓰러진 사람", "e.event_type = 'collapse' ORDER BY e.timestamp DESC, e.id DESC LIMIT 1"),
    (En, "last intrusion", "e.event_type = 'intrusion' ORDER BY e.timestamp DESC, e.id DESC LIMIT 1"),
    (Ko, "세 번째 싸움 언제였어", "e.event_type = 'fighting' ORDER BY time LIMIT 1 OFFSET 2"),
    (En, "when did the third fight happen", "e.event_type = 'fighting' ORDER BY time LIMIT 1 OFFSET 2"),
    (Ko, "마지막에서 두 번째 절도", "e.event_type = 'theft' ORDER BY e.timestamp DESC, e.id DESC LIMIT 1 OFFSET 1"),
    (Ko, "가장 짧은 착석 두 개", "e.event_type = 'sitting' ORDER BY e.duration, e.timestamp, e.id LIMIT 2"),
    (En, "longest loitering", "e.event_type = 'loitering' ORDER BY e.duration DESC, e.timestamp, e.id LIMIT 1"),
    (Ko, "확신도 제일 높은 도난 다섯 건", "e.event_type = 'theft' ORDER BY e.confidence DESC, e.timestamp, e.id LIMIT 5"),
    (En, "least certain fight", "e.event_type = 'fighting' ORDER BY e.confidence, e.timestamp, e.id LIMIT 1"),
    (Ko, "최근 침입 3건", "e.event_type = 'intrusion' ORDER BY e.timestamp DESC, e.id DESC LIMIT 3"),
    (En, "latest three intrusions", "e.event_type = 'intrusion' ORDER BY e.timestamp DESC, e.id DESC LIMIT 3"),
    (Ko, "제일 나이 많은 절도범이 누구야", "e.event_type = 'theft' AND e.age IS NOT NULL ORDER BY e.age DESC, e.timestamp, e.id LIMIT 1"),
    (En, "the youngest person who fell", "e.event_type = 'collapse' AND e.age IS NOT NULL ORDER BY e.age, e.timestamp, e.id LIMIT 1"),
    (Ko, "절도나 싸움", "e.event_type = ANY (ARRAY['theft', 'fighting'])"),
    (En, "theft or vandalism", "e.event_type = ANY (ARRAY['theft', 'vandalism'])"),
    (Ko, "절도 말고 이상 행동", "e.event_type = ANY (ABNORMAL) AND e.event_type <> ALL (ARRAY['theft'])"),
    (En, "normal events in the first 2 minutes", "e.event_type = ANY (NORMAL) AND e.timestamp < 120"),
    (Ko, "기타 이상", "e.event_type = 'anomaly'"),
    (En, "other anomalies", "e.event_type = 'anomaly'"),
    (Ko, "드나든 사람", "e.event_type = ANY (ARRAY['person_enter', 'person_exit'])"),
    (En, "people coming and going", "e.event_type = ANY (ARRAY['person_enter', 'person_exit'])"),
    (Ko, "남자가 아닌 절도범", "e.event_type = 'theft' AND e.gender <> 'male'"),
    (Ko, "20대 남자나 60대 여자", "(((e.age >= 20 AND e.age < 30) AND e.gender = 'male') OR ((e.age >= 60 AND e.age < 70) AND e.gender = 'female'))"),
    (En, "men under 20 or women over 60", "((e.gender = 'male' AND e.age < 20) OR (e.gender = 'female' AND e.age > 60))"),
    (Ko, "절도 후 1분 안에 나간 사람", "e.event_type = 'person_exit' AND EXISTS (SELECT 1 FROM db_event a WHERE a.video_id = 1 AND a.event_type = 'theft' AND e.timestamp > a.timestamp AND e.timestamp <= a.timestamp + 60) AND (e.event_type = 'theft') IS NOT TRUE"),
    (En, "exits within a minute after a theft", "e.event_type = 'person_exit' AND EXISTS (SELECT 1 FROM db_event a WHERE a.video_id = 1 AND a.event_type = 'theft' AND e.timestamp > a.timestamp AND e.timestamp <= a.timestamp + 60) AND (e.event_type = 'theft') IS NOT TRUE"),
    (Ko, "싸움 직전에 들어온 사람", "e.event_type = 'person_enter' AND EXISTS (SELECT 1 FROM db_event a WHERE a.video_id = 1 AND a.event_type = 'fighting' AND e.timestamp < a.timestamp AND e.timestamp >= a.timestamp - 30) AND (e.event_type = 'fighting') IS NOT TRUE"),
    (En, "who left right after the fight", "e.event_type = 'person_exit' AND EXISTS (SELECT 1 FROM db_event a WHERE a.video_id = 1 AND a.event_type = 'fighting' AND e.timestamp > a.timestamp AND e.timestamp <= a.timestamp + 30) AND (e.event_type = 'fighting') IS NOT TRUE"),
    (Ko, "절도 전후 20초", "EXISTS (SELECT 1 FROM db_event a WHERE a.video_id = 1 AND a.event_type = 'theft' AND e.timestamp <> a.timestamp AND e.timestamp >= a.timestamp - 20 AND e.timestamp <= a.timestamp + 20) AND (e.event_type = 'theft') IS NOT TRUE"),
    (En, "within 20 seconds of a collapse", "EXISTS (SELECT 1 FROM db_event a WHERE a.video_id = 1 AND a.event_type = 'collapse' AND e.timestamp <> a.timestamp AND e.timestamp >= a.timestamp - 20 AND e.timestamp <= a.timestamp + 20) AND (e.event_type = 'collapse') IS NOT TRUE"),
    (Ko, "첫 침입 이후 절도", "e.event_type = 'theft' AND EXISTS (SELECT 1 FROM (SELECT x.* FROM db_event x WHERE x.video_id = 1 AND x.event_type = 'intrusion' ORDER BY x.timestamp, x.id LIMIT 1) a WHERE e.timestamp > a.timestamp AND a.id <> e.id)"),
    (En, "fights before the first theft", "e.event_type = 'fighting' AND EXISTS (SELECT 1 FROM (SELECT x.* FROM db_event x WHERE x.video_id = 1 AND x.event_type = 'theft' ORDER BY x.timestamp, x.id LIMIT 1) a WHERE e.timestamp < a.timestamp AND a.id <> e.id)"),
    (Ko, "훔친 뒤 같은 사람이 나간 장면", "e.event_type = 'person_exit' AND EXISTS (SELECT 1 FROM db_event a WHERE a.video_id = 1 AND a.event_type = 'theft' AND e.timestamp > a.timestamp AND a.obj_id = e.obj_id) AND (e.event_type = 'theft') IS NOT TRUE"),
    (En, "did the same person leave after stealing", "e.event_type = 'person_exit' AND EXISTS (SELECT 1 FROM db_event a WHERE a.video_id = 1 AND a.event_type = 'theft' AND e.timestamp > a.timestamp AND a.obj_id = e.obj_id) AND (e.event_type = 'theft') IS NOT TRUE"),
    (En, "between the first and the last theft", "e.timestamp > (SELECT a.timestamp FROM db_event a WHERE a.video_id = 1 AND a.event_type = 'theft' ORDER BY a.timestamp, a.id LIMIT 1) AND e.timestamp < (SELECT a.timestamp FROM db_event a WHERE a.video_id = 1 AND a.event_type = 'theft' ORDER BY a.timestamp DESC, a.id DESC LIMIT 1)"),
    (Ko, "첫 절도와 마지막 절도 사이 싸움", "e.event_type = 'fighting' AND e.timestamp > (SELECT a.timestamp FROM db_event a WHERE a.video_id = 1 AND a.event_type = 'theft' ORDER BY a.timestamp, a.id LIMIT 1) AND e.timestamp < (SELECT a.timestamp FROM db_event a WHERE a.video_id = 1 AND a.event_type = 'theft' ORDER BY a.timestamp DESC, a.id DESC LIMIT 1)"),
    (Ko, "왼쪽에서 난 절도 직후 30초", "EXISTS (SELECT 1 FROM db_event a WHERE a.video_id = 1 AND a.area = 'left' AND a.event_type = 'theft' AND e.timestamp > a.timestamp AND e.timestamp <= a.timestamp + 30) AND (e.area = 'left' AND e.event_type = 'theft') IS NOT TRUE"),
    (Ko, "오후 1시 반부터 2시 사이 절도", "(local::time >= '13:30:00' AND local::time < '14:00:00') AND e.event_type = 'theft'"),
    (En, "between 1:30 pm and 2 pm", "(local::time >= '13:30:00' AND local::time < '14:00:00')"),
    (En, "at 2:05 pm", "(local::time >= '14:05:00' AND local::time < '14:06:00')"),
    (Ko, "오후 두 시대에 배회", "(local::time >= '14:00:00' AND local::time < '15:00:00') AND e.event_type = 'loitering'"),
    (Ko, "14시 이후 침입", "(local >= '2026-03-02 14:00:00') AND e.event_type = 'intrusion'"),
    (En, "thefts since 2 pm", "e.event_type = 'theft' AND (local >= '2026-03-02 14:00:00')"),
    (Ko, "어제 오후 싸움", "(local >= '2026-03-02 12:00:00' AND local < '2026-03-03 00:00:00') AND e.event_type = 'fighting'"),
    (En, "fights yesterday", "e.event_type = 'fighting' AND (local >= '2026-03-02 00:00:00' AND local < '2026-03-03 00:00:00')"),
    (En, "thefts in the last hour", "e.event_type = 'theft' AND (local >= '2026-03-03 09:00:00' AND local < '2026-03-03 10:00:00')"),
    (Ko, "새벽에 침입", "(local::time >= '00:00:00' AND local::time < '06:00:00') AND e.event_type = 'intrusion'"),
    (En, "half past one", "(local::time >= '13:30:00' AND local::time < '13:31:00')"),
    (En, "thefts on march 2", "e.event_type = 'theft' AND (local >= '2026-03-02 00:00:00' AND local < '2026-03-03 00:00:00')"),
    (Ko, "제일 자주 일어난 이상 행동은?", r#"SELECT k FROM (SELECT e.event_type AS k, count(*) AS n FROM here AND e.event_type = ANY (ABNORMAL) GROUP BY 1) AS g WHERE k IS NOT NULL ORDER BY n DESC, k COLLATE "C" LIMIT 1"#),
    (En, "most common event type", r#"SELECT k FROM (SELECT e.event_type AS k, count(*) AS n FROM here GROUP BY 1) AS g WHERE k IS NOT NULL ORDER BY n DESC, k COLLATE "C" LIMIT 1"#),
    (Ko, "절도가 제일 많은 장소", r#"SELECT k FROM (SELECT e.location AS k, count(*) AS n FROM here AND e.event_type = 'theft' GROUP BY 1) AS g WHERE k IS NOT NULL ORDER BY n DESC, k COLLATE "C" LIMIT 1"#),
    (Ko, "배회가 가장 많았던 시간대", "SELECT k FROM (SELECT extract(hour FROM local)::int8 AS k, count(*) AS n FROM here AND e.event_type = 'loitering' GROUP BY 1) AS g WHERE k IS NOT NULL ORDER BY n DESC, k LIMIT 1"),
    (Ko, "절도범 평균 나이", "SELECT avg(e.age) FROM here AND e.event_type = 'theft'"),
    (En, "average age of people who fought", "SELECT avg(e.age) FROM here AND e.event_type = 'fighting'"),
    (Ko, "평균 배회 시간 몇 분", "SELECT avg(e.duration) / 60.0::float8 FROM here AND e.event_type = 'loitering'"),
    (En, "total loitering time in minutes", "SELECT sum(e.duration) / 60.0::float8 FROM here AND e.event_type = 'loitering'"),
    (En, "mean confidence of thefts", "SELECT avg(e.confidence) FROM here AND e.event_type = 'theft'"),
    (Ko, "침입 가운데 여성 비율", "SELECT (100.0 * count(*) FILTER (WHERE e.gender = 'female') / nullif(count(*), 0))::float8 FROM here AND e.event_type = 'intrusion'"),
    (En, "what share of thefts were by men", "SELECT (100.0 * count(*) FILTER (WHERE e.gender = 'male') / nullif(count(*), 0))::float8 FROM here AND e.event_type = 'theft'"),
    (Ko, "분당 이벤트 수", "SELECT count(*)::float8 / (nullif((SELECT v.duration FROM db_video v WHERE v.video_id = 1), 0) / 60::float8) FROM here"),
    (En, "how many fights per minute on average", "SELECT count(*)::float8 / (nullif((SELECT v.duration FROM db_video v WHERE v.video_id = 1), 0) / 60::float8) FROM here AND e.event_type = 'fighting'"),
    (Ko, "영상 길이", "SELECT v.duration FROM db_video v WHERE v.video_id = 1"),
    (En, "how long is the video", "SELECT v.duration FROM db_video v WHERE v.video_id = 1"),
    (Ko, "파일 이름 뭐야", "SELECT v.filename FROM db_video v WHERE v.video_id = 1"),
    (En, "when was this recorded", "SELECT to_char(v.recorded_at AT TIME ZONE v.timezone, 'YYYY-MM-DD HH24:MI:SS') FROM db_video v WHERE v.video_id = 1"),
    (Ko, "유형별 건수", r#"SELECT key, value FROM (SELECT e.event_type AS key, count(*) AS value FROM here GROUP BY 1) AS g ORDER BY value DESC, key COLLATE "C""#),
    (En, "count by type", r#"SELECT key, value FROM (SELECT e.event_type AS key, count(*) AS value FROM here GROUP BY 1) AS g ORDER BY value DESC, key COLLATE "C""#),
    (Ko, "성별로 절도 몇 명", r#"SELECT key, value FROM (SELECT e.gender AS key, count(DISTINCT e.obj_id) AS value FROM here AND e.event_type = 'theft' GROUP BY 1) AS g ORDER BY value DESC, key COLLATE "C""#),
    (En, "thefts by gender", r#"SELECT key, value FROM (SELECT e.gender AS key, count(*) AS value FROM here AND e.event_type = 'theft' GROUP BY 1) AS g ORDER BY value DESC, key COLLATE "C""#),
    (Ko, "시간대별 침입 건수", "SELECT key, value FROM (SELECT extract(hour FROM local)::int8 AS key, count(*) AS value FROM here AND e.event_type = 'intrusion' GROUP BY 1) AS g ORDER BY key"),
    (En, "hourly breakdown of thefts", "SELECT key, value FROM (SELECT extract(hour FROM local)::int8 AS key, count(*) AS value FROM here AND e.event_type = 'theft' GROUP BY 1) AS g ORDER BY key"),
    (Ko, "연령대별 배회 분포", "SELECT key, value FROM (SELECT floor(e.age / 10)::int8 * 10 AS key, count(*) AS value FROM here AND e.event_type = 'loitering' GROUP BY 1) AS g ORDER BY key"),
    (Ko, "5분 단위로 이벤트 수", "SELECT key, value FROM (SELECT floor(e.timestamp / 300::int8)::int8 * 300::int8 AS key, count(*) AS value FROM here GROUP BY 1) AS g ORDER BY key"),
    (En, "thefts per 10 minute slice", "SELECT key, value FROM (SELECT floor(e.timestamp / 600::int8)::int8 * 600::int8 AS key, count(*) AS value FROM here AND e.event_type = 'theft' GROUP BY 1) AS g ORDER BY key"),
    (Ko, "제일 흔한 유형 세 가지", r#"SELECT key, value FROM (SELECT e.event_type AS key, count(*) AS value FROM here AND e.event_type IS NOT NULL GROUP BY 1) AS g ORDER BY value DESC, key COLLATE "C" LIMIT 3"#),
    (En, "top 3 places for loitering", r#"SELECT key, value FROM (SELECT e.location AS key, count(*) AS value FROM here AND e.event_type = 'loitering' AND e.location IS NOT NULL GROUP BY 1) AS g ORDER BY value DESC, key COLLATE "C" LIMIT 3"#),
    (Ko, "장소별 평균 신뢰도", r#"SELECT key, value FROM (SELECT e.location AS key, avg(e.confidence) AS value FROM here GROUP BY 1) AS g ORDER BY value DESC, key COLLATE "C""#),
    (En, "average duration by type", r#"SELECT key, value FROM (SELECT e.event_type AS key, avg(e.duration) AS value FROM here GROUP BY 1) AS g ORDER BY value DESC, key COLLATE "C""#),
    (En, "share by type", r#"SELECT key, value FROM (SELECT e.event_type AS key, (100.0 * count(*) / sum(count(*)) OVER ())::float8 AS value FROM here GROUP BY 1) AS g ORDER BY value DESC, key COLLATE "C""#),
    (Ja, "盗難は何回ありましたか", "SELECT count(*) FROM here AND e.event_type = 'theft'"),
    (Ja, "最初の5分の喧嘩", "e.timestamp < 300 AND e.event_type = 'fighting'"),
    (Ja, "20代の女性", "(e.age >= 20 AND e.age < 30) AND e.gender = 'female'"),
    (Ja, "30分以降に倒れた人", "e.timestamp >= 1800 AND e.event_type = 'collapse'"),
    (Zh, "有几次盗窃", "SELECT count(*) FROM here AND e.event_type = 'theft'"),
    (Zh, "前5分钟有没有打架", "e.timestamp < 300 AND e.event_type = 'fighting'"),
    (Zh, "30岁以上的男性", "e.age >= 30 AND e.gender = 'male'"),
    (Zh, "最后10分钟的入侵", "e.timestamp >= 4800 AND e.event_type = 'intrusion'"),
];
