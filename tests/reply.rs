//! What is said, in every language, of every kind of outcome. One table of cases a topic, one snapshot each.

use askline::answer::{Answer, Event, Events, Value};
use askline::question::reading::{
    Aggregate, Area, Bound, Bounds, Clock, Column, Cond, Counted, EventType, Gender, GroupValue, Groups, Key, Measure,
    Order, OrderBy, Pick, Reading, Relation, Scalar, Side, Signal, Unit, Unread, VideoFact, Wants, Which, Why,
};
use askline::question::{Lang, Video};
use askline::reply::template::{Said, say};
use jiff::tz::{TimeZone, offset};

/// Says every case in every language, and compares with what was said before.
#[track_caller]
fn check(topic: &str, cases: &[(&str, Reading, Said<'_>)]) {
    let video = video();
    let mut text = String::new();
    for (name, reading, outcome) in cases {
        text.push_str(&format!("# {name}\n"));
        for (lang, code) in [(Lang::Ko, "ko"), (Lang::En, "en"), (Lang::Ja, "ja"), (Lang::Zh, "zh")] {
            text.push_str(&format!("{code} {}\n", say(lang, reading, &video, *outcome).replace('\n', "\n   ")));
        }
        text.push('\n');
    }
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(topic, text) });
}

fn video() -> Video {
    Video {
        id: 1,
        name: "매장 내부".to_owned(),
        filename: Some("store.mp4".to_owned()),
        duration: Some(5400.0),
        recorded_at: "2026-03-02T13:10:00+09:00".parse().ok(),
        timezone: TimeZone::fixed(offset(9)),
        places: askline::question::Places::new(["계산대".to_owned()]),
    }
}

fn reading(wants: Wants, filter: Cond) -> Reading {
    Reading { wants, filter, relation: None, polar: false, asks_when: false, signals: Vec::new(), unread: Vec::new() }
}

fn wants_events(filter: Cond) -> Reading {
    picks(Order::TIME, Pick::All, filter)
}

fn picks(order: Order, pick: Pick, filter: Cond) -> Reading {
    reading(Wants::Events { order, pick }, filter)
}

fn polar(reading: Reading) -> Reading {
    Reading { polar: true, ..reading }
}

fn when(reading: Reading) -> Reading {
    Reading { asks_when: true, ..reading }
}

fn partly(reading: Reading) -> Reading {
    Reading { unread: vec![unread("빨간 모자", Why::UnknownWord)], ..reading }
}

fn unread(text: &str, why: Why) -> Unread {
    Unread { text: text.to_owned(), why }
}

fn value(scalar: Scalar) -> Reading {
    reading(Wants::Scalar(scalar), theft())
}

fn groups(by: Key, value: GroupValue) -> Reading {
    grouped(by, value, false, None)
}

fn grouped(by: Key, value: GroupValue, known_only: bool, top: Option<(u32, bool)>) -> Reading {
    reading(Wants::Groups(Groups { by, value, known_only, top }), theft())
}

fn theft() -> Cond {
    Cond::Type(vec![EventType::Theft])
}

fn all(conds: &[Cond]) -> Cond {
    Cond::All(conds.to_vec())
}

fn any(conds: &[Cond]) -> Cond {
    Cond::Any(conds.to_vec())
}

fn not(cond: Cond) -> Cond {
    Cond::Not(Box::new(cond))
}

fn bound(value: f64, inclusive: bool) -> Option<Bound> {
    Some(Bound { value, inclusive })
}

/// `[low, high]`
fn between(low: f64, high: f64) -> Bounds {
    Bounds { low: bound(low, true), high: bound(high, true) }
}

/// `[low, high)`
fn until(low: f64, high: f64) -> Bounds {
    Bounds { low: bound(low, true), high: bound(high, false) }
}

fn at_least(low: f64) -> Bounds {
    Bounds { low: bound(low, true), high: None }
}

fn over(low: f64) -> Bounds {
    Bounds { low: bound(low, false), high: None }
}

fn under(high: f64) -> Bounds {
    Bounds { low: None, high: bound(high, false) }
}

fn at_most(high: f64) -> Bounds {
    Bounds { low: None, high: bound(high, true) }
}

const LONGEST: Order = Order { by: OrderBy::Duration, descending: true };

/// The theft of the brief.
fn event(id: i64, timestamp: f64) -> Event {
    Event {
        id,
        video_id: 1,
        timestamp,
        duration: 12.5,
        event_type: "theft".to_owned(),
        action_detected: Some("가방에 넣기".to_owned()),
        location: Some("매장 중앙 진열대".to_owned()),
        area: Some("center".to_owned()),
        age: Some(35.0),
        gender: Some("male".to_owned()),
        obj_id: Some(7),
        confidence: 0.953,
        description: Some("남성이 물품을 가방에 넣는다.".to_owned()),
        attributes: serde_json::Map::new(),
    }
}

/// Nothing known but what must be.
fn bare(id: i64, timestamp: f64) -> Event {
    Event {
        action_detected: None,
        location: None,
        area: None,
        age: None,
        gender: None,
        obj_id: None,
        description: None,
        confidence: 0.9,
        ..event(id, timestamp)
    }
}

fn answer(shown: Vec<Event>) -> Answer {
    let spread = shown.iter().map(|e| e.timestamp).fold(None, |spread, t| match spread {
        None => Some((t, t)),
        Some((low, high)) => Some((f64::min(low, t), f64::max(high, t))),
    });
    Answer::Events(Events { ids: shown.iter().map(|e| e.id).collect(), shown, spread })
}

fn every(count: i32, step: f64) -> Answer {
    answer((0..count).map(|n| event(i64::from(n), 65.0 + f64::from(n) * step)).collect())
}

fn float(value: f64) -> Answer {
    Answer::Scalar(Value::Float(value))
}

fn int(value: i64) -> Answer {
    Answer::Scalar(Value::Int(value))
}

fn text(value: &str) -> Answer {
    Answer::Scalar(Value::Text(value.to_owned()))
}

const NULL: Answer = Answer::Scalar(Value::Null);

fn counts(rows: &[(Value, i64)]) -> Answer {
    Answer::Groups(rows.iter().map(|(key, count)| (key.clone(), Value::Int(*count))).collect())
}

fn word(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn events() {
    let one = answer(vec![event(1, 750.4)]);
    let unknown = answer(vec![bare(1, 3903.0)]);
    let action = answer(vec![Event { description: None, location: None, ..event(1, 750.0) }]);
    let two = answer(vec![event(1, 65.0), bare(2, 750.0)]);
    let three = every(3, 60.0);
    let many = every(24, 61.0);
    let capped = {
        let Answer::Events(events) = every(60, 61.0) else { unreachable!() };
        Answer::Events(Events { shown: events.shown[..50].to_vec(), ..events })
    };
    let other = answer(vec![Event { event_type: "juggling".to_owned(), ..bare(1, 5.0) }]);
    let hostile = answer(vec![Event {
        description: Some("안내:\n{0} %s \u{202e}무시\u{7} ".to_owned() + &"가".repeat(300)),
        location: Some("  선반\t\u{200b}A ".to_owned()),
        ..event(1, 750.0)
    }]);
    let none = answer(Vec::new());
    let clock = all(&[theft(), Cond::Clock(Clock::TimeOfDay { from: 46_800, to: 50_400 })]);
    check(
        "events",
        &[
            ("one, was there", polar(wants_events(theft())), Said::Answer(&one)),
            ("one", wants_events(theft()), Said::Answer(&one)),
            ("one, when", when(wants_events(theft())), Said::Answer(&one)),
            ("one of which little is known", wants_events(theft()), Said::Answer(&unknown)),
            ("one without description", wants_events(theft()), Said::Answer(&action)),
            ("one of a kind unheard of", wants_events(Cond::all()), Said::Answer(&other)),
            ("one with hostile text", wants_events(theft()), Said::Answer(&hostile)),
            ("one, by the clock", polar(wants_events(clock)), Said::Answer(&one)),
            ("two", polar(wants_events(theft())), Said::Answer(&two)),
            ("three, when", when(wants_events(theft())), Said::Answer(&three)),
            ("many", polar(wants_events(theft())), Said::Answer(&many)),
            ("many, when", when(wants_events(theft())), Said::Answer(&many)),
            ("more than are carried", wants_events(theft()), Said::Answer(&capped)),
            ("the longest", picks(LONGEST, Pick::Top(1), theft()), Said::Answer(&one)),
            ("the first, when", when(picks(Order::TIME, Pick::Top(1), theft())), Said::Answer(&one)),
            (
                "the last of more conditions",
                picks(
                    Order { by: OrderBy::Time, descending: true },
                    Pick::Top(1),
                    all(&[theft(), Cond::Gender(Gender::Male)]),
                ),
                Said::Answer(&one),
            ),
            ("the second longest", picks(LONGEST, Pick::Nth(2), theft()), Said::Answer(&one)),
            (
                "the third oldest",
                picks(Order { by: OrderBy::Age, descending: true }, Pick::Nth(3), theft()),
                Said::Answer(&one),
            ),
            ("the three longest", picks(LONGEST, Pick::Top(3), theft()), Said::Answer(&three)),
            ("five longest, of which there are three", picks(LONGEST, Pick::Top(5), theft()), Said::Answer(&three)),
            ("the first three, when", when(picks(Order::TIME, Pick::Top(3), theft())), Said::Answer(&three)),
            ("many by length", picks(LONGEST, Pick::All, theft()), Said::Answer(&many)),
            ("no third", picks(Order::TIME, Pick::Nth(3), theft()), Said::Answer(&none)),
            ("none", wants_events(theft()), Said::Answer(&none)),
            ("none, was there", polar(wants_events(theft())), Said::Answer(&none)),
            ("none, read in part", polar(partly(wants_events(theft()))), Said::Answer(&none)),
            ("two, read in part", polar(partly(wants_events(theft()))), Said::Answer(&two)),
        ],
    );
}

/// How a filter is restated, by the answer that there is nothing.
#[test]
fn filters() {
    let none = answer(Vec::new());
    let case = |name, filter| (name, wants_events(filter), Said::Answer(&none));
    let related = |name, which, side, within, same_person| {
        let relation = Relation { anchor: all(&[theft(), Cond::Area(Area::Left)]), which, side, within, same_person };
        let filter = all(&[Cond::Type(vec![EventType::PersonExit]), Cond::Gender(Gender::Female)]);
        (name, Reading { relation: Some(relation), ..wants_events(filter) }, Said::Answer(&none))
    };
    let plain_between = Reading {
        relation: Some(Relation {
            anchor: theft(),
            which: Which::Every,
            side: Side::BetweenFirstAndLast,
            within: None,
            same_person: false,
        }),
        ..wants_events(Cond::all())
    };
    let male = || Cond::Gender(Gender::Male);
    let at = |text: &str| Some(text.parse().unwrap());
    check(
        "filters",
        &[
            case("nothing said", Cond::all()),
            case(
                "everything said",
                all(&[
                    Cond::Type(vec![EventType::Theft, EventType::Fighting]),
                    Cond::Time(between(600.0, 900.0)),
                    Cond::Place("계산대".to_owned()),
                    Cond::Area(Area::Left),
                    male(),
                    Cond::Age(until(20.0, 30.0)),
                    Cond::Confidence(at_least(0.9)),
                    Cond::Duration(over(90.0)),
                    Cond::Person(7),
                ]),
            ),
            case("abnormal", Cond::Type(EventType::ABNORMAL.to_vec())),
            case(
                "normal, at a second",
                all(&[Cond::Type(EventType::NORMAL.to_vec()), Cond::Time(until(750.0, 751.0))]),
            ),
            case("not theft, at a minute", all(&[not(theft()), Cond::Time(until(4320.0, 4380.0))])),
            case("abnormal, but not theft", all(&[Cond::Type(EventType::ABNORMAL.to_vec()), not(theft())])),
            case("from on", Cond::Time(at_least(180.0))),
            case("past", Cond::Time(over(3600.0))),
            case("before", Cond::Time(under(300.0))),
            case("up to", Cond::Time(at_most(300.0))),
            case("half open", Cond::Time(until(60.5, 125.0))),
            case("not from on", not(Cond::Time(at_least(180.0)))),
            case("not between", not(Cond::Time(between(60.0, 120.0)))),
            case("30 or older", Cond::Age(at_least(30.0))),
            case("teenagers in English", Cond::Age(until(13.0, 20.0))),
            case("minors, women", all(&[Cond::Gender(Gender::Female), Cond::Age(under(19.0))])),
            case("not men, not at the checkout", all(&[not(male()), not(Cond::Place("계산대".to_owned()))])),
            case("confidence between", Cond::Confidence(Bounds { low: bound(0.7, false), high: bound(0.855, true) })),
            case(
                "not women, from on",
                all(&[not(Cond::Gender(Gender::Female)), Cond::Time(at_least(60.0)), not(theft())]),
            ),
            case("unknown gender", all(&[theft(), Cond::Unknown(Column::Gender)])),
            case("known age", all(&[theft(), not(Cond::Unknown(Column::Age))])),
            case("time of day", Cond::Clock(Clock::TimeOfDay { from: 50_400, to: 54_000 })),
            case("a minute of the day", Cond::Clock(Clock::TimeOfDay { from: 50_700, to: 50_760 })),
            case("a day", Cond::Clock(Clock::Between { from: at("2026-03-02T00:00"), to: at("2026-03-03T00:00") })),
            case("from a clock time on", Cond::Clock(Clock::Between { from: at("2026-03-02T14:30"), to: None })),
            case("types by either", any(&[theft(), Cond::Type(vec![EventType::Vandalism])])),
            case("either", all(&[theft(), any(&[male(), Cond::Area(Area::Right)]), Cond::Time(under(300.0))])),
            case("theft, or anything by men", any(&[theft(), male()])),
            case("not either", not(any(&[theft(), male()]))),
            case("nested", all(&[theft(), any(&[all(&[male(), Cond::Age(at_least(30.0))]), Cond::Area(Area::Left)])])),
            case("contradiction", all(&[theft(), not(theft())])),
            case("open range", all(&[theft(), Cond::Age(Bounds::default())])),
            case("hostile place", Cond::Place(" 선반\n{x}\u{202e}‘ ".to_owned())),
            ("between plain first and last", plain_between, Said::Answer(&none)),
            related("after every", Which::Every, Side::After, Some(30.0), false),
            related("after the first", Which::First, Side::After, None, true),
            related("around the last", Which::Last, Side::Around, Some(60.0), false),
            related("before the second", Which::Nth(2), Side::Before, Some(90.0), false),
            related("between first and last", Which::Every, Side::BetweenFirstAndLast, None, false),
        ],
    );
}

#[test]
fn values() {
    use Scalar::{Count, Distinct, Extreme, Fact, PeopleWithAtLeast, Rate, Share};
    let measure = |aggregate, of, unit| value(Scalar::Measure { aggregate, of, unit });
    let women = || Cond::Gender(Gender::Female);
    let extreme = |key, least, counted| reading(Wants::Scalar(Extreme { key, least, counted }), Cond::Area(Area::Left));
    let events = Counted::Events;
    let people = Counted::People;
    check(
        "values",
        &[
            ("events", value(Count(events)), Said::Answer(&int(24))),
            ("one event, was there", polar(value(Count(events))), Said::Answer(&int(1))),
            ("no event", value(Count(events)), Said::Answer(&int(0))),
            ("people", value(Count(people)), Said::Answer(&int(3))),
            ("nobody, was there", polar(value(Count(people))), Said::Answer(&int(0))),
            ("people with at least", value(PeopleWithAtLeast(2)), Said::Answer(&int(1))),
            ("none with at least, was there", polar(value(PeopleWithAtLeast(2))), Said::Answer(&int(0))),
            (
                "average length",
                measure(Aggregate::Average, Measure::Duration, Unit::Native),
                Said::Answer(&float(45.237)),
            ),
            ("total length", measure(Aggregate::Sum, Measure::Duration, Unit::Native), Said::Answer(&float(754.0))),
            (
                "longest in minutes",
                measure(Aggregate::Max, Measure::Duration, Unit::Minutes),
                Said::Answer(&float(1.5)),
            ),
            ("youngest", measure(Aggregate::Min, Measure::Age, Unit::Native), Said::Answer(&float(17.0))),
            (
                "average confidence",
                measure(Aggregate::Average, Measure::Confidence, Unit::Native),
                Said::Answer(&float(0.91239)),
            ),
            ("no length", measure(Aggregate::Average, Measure::Duration, Unit::Native), Said::Answer(&NULL)),
            ("no age", measure(Aggregate::Average, Measure::Age, Unit::Native), Said::Answer(&NULL)),
            ("share", value(Share { part: women(), counted: events }), Said::Answer(&float(100.0 / 3.0))),
            ("share of people", value(Share { part: women(), counted: people }), Said::Answer(&float(50.0))),
            ("no share", value(Share { part: women(), counted: events }), Said::Answer(&NULL)),
            ("rate", value(Rate { per: 60.0, counted: events }), Said::Answer(&float(0.2667))),
            ("a tiny rate", value(Rate { per: 600.0, counted: people }), Said::Answer(&float(0.0001))),
            ("no rate", value(Rate { per: 60.0, counted: events }), Said::Answer(&NULL)),
            ("most frequent type", extreme(Key::Type, false, events), Said::Answer(&text("person_enter"))),
            ("place of fewest people", extreme(Key::Place, true, people), Said::Answer(&text("과자 진열대"))),
            ("gender", extreme(Key::Gender, false, events), Said::Answer(&text("female"))),
            ("side", extreme(Key::Area, false, events), Said::Answer(&text("center"))),
            ("decade", extreme(Key::AgeDecade, false, events), Said::Answer(&float(30.0))),
            ("hour", extreme(Key::Hour, false, events), Said::Answer(&int(14))),
            ("slice", extreme(Key::Slice(600.0), false, events), Said::Answer(&float(600.0))),
            ("person", extreme(Key::Person, false, events), Said::Answer(&int(7))),
            ("no type", extreme(Key::Place, false, events), Said::Answer(&NULL)),
            ("distinct places", value(Distinct(Key::Place)), Said::Answer(&int(5))),
            ("distinct persons", value(Distinct(Key::Person)), Said::Answer(&int(1))),
            ("length of the video", value(Fact(VideoFact::Length(Unit::Native))), Said::Answer(&float(5400.0))),
            ("in hours", value(Fact(VideoFact::Length(Unit::Hours))), Said::Answer(&float(1.5))),
            ("file name", value(Fact(VideoFact::Filename)), Said::Answer(&text("store.mp4"))),
            ("recorded at", value(Fact(VideoFact::RecordedAt)), Said::Answer(&text("2026-03-02T04:10:00Z"))),
            ("not recorded", value(Fact(VideoFact::RecordedAt)), Said::Answer(&NULL)),
            ("zone", value(Fact(VideoFact::Timezone)), Said::Answer(&text("Asia/Seoul"))),
            ("read in part", partly(value(Count(events))), Said::Answer(&int(3))),
            ("another kind than was read", wants_events(theft()), Said::Answer(&text("theft"))),
            ("another kind, nothing", wants_events(theft()), Said::Answer(&NULL)),
        ],
    );
}

#[test]
fn group_lists() {
    let count = GroupValue::Count(Counted::Events);
    let two = counts(&[(word("theft"), 12), (word("person_exit"), 3)]);
    let types = counts(&[(word("theft"), 12), (word("person_exit"), 3), (word("juggling"), 1)]);
    let places = counts(&[(word("계산대"), 4), (Value::Null, 2)]);
    let sides = counts(&[(word("left"), 4), (word("center"), 2), (Value::Null, 1)]);
    let numbers = counts(&[(Value::Int(0), 1), (Value::Float(10.0), 2), (Value::Int(30), 3)]);
    let hours = counts(&[(Value::Int(0), 1), (Value::Float(14.0), 2)]);
    let slices = counts(&[(Value::Float(0.0), 1), (Value::Int(4800), 2)]);
    let many: Vec<(Value, i64)> = (1..=15).map(|n| (Value::Int(n), n)).collect();
    let many = counts(&many);
    let genders = Answer::Groups(vec![
        (word("male"), Value::Float(66.666)),
        (word("female"), Value::Float(33.333)),
        (Value::Null, Value::Null),
    ]);
    let none = Answer::Groups(Vec::new());
    let length = GroupValue::Measure { aggregate: Aggregate::Average, of: Measure::Duration, unit: Unit::Native };
    check(
        "group_lists",
        &[
            ("types", groups(Key::Type, count), Said::Answer(&types)),
            ("two types with the most", grouped(Key::Type, count, true, Some((2, false))), Said::Answer(&two)),
            ("places", groups(Key::Place, GroupValue::Count(Counted::People)), Said::Answer(&places)),
            ("sides", groups(Key::Area, count), Said::Answer(&sides)),
            ("decades", groups(Key::AgeDecade, count), Said::Answer(&numbers)),
            ("hours", groups(Key::Hour, count), Said::Answer(&hours)),
            ("slices, the last cut by the end", groups(Key::Slice(900.0), count), Said::Answer(&slices)),
            ("persons, more than are listed", groups(Key::Person, count), Said::Answer(&many)),
            ("shares", groups(Key::Gender, GroupValue::Share(Counted::Events)), Said::Answer(&genders)),
            ("lengths", groups(Key::Gender, length), Said::Answer(&genders)),
            ("none", groups(Key::Type, count), Said::Answer(&none)),
            ("none known", grouped(Key::Gender, count, true, None), Said::Answer(&none)),
            ("read in part", partly(groups(Key::Type, count)), Said::Answer(&types)),
        ],
    );
}

#[test]
fn not_answered() {
    let read = || wants_events(theft());
    let one = [unread("빨간 모자", Why::UnknownWord)];
    let five = ["witch", "hat", "co\nat\u{202e}", "x", "y"].map(|text| unread(text, Why::UnknownWord));
    let unclear = [unread("전후로 말고", Why::Unclear)];
    check(
        "not_answered",
        &[
            ("other video", read(), Said::Declined(Signal::OtherVideo)),
            ("change", read(), Said::Declined(Signal::Change)),
            ("identity", read(), Said::Declined(Signal::Identity)),
            ("speech", read(), Said::Declined(Signal::Speech)),
            ("price", read(), Said::Declined(Signal::Price)),
            ("prediction", read(), Said::Declined(Signal::Prediction)),
            ("injection", read(), Said::Declined(Signal::Injection)),
            ("outside the data", read(), Said::Declined(Signal::OutsideData)),
            ("clock unknown", read(), Said::Declined(Signal::ClockUnknown)),
            ("length unknown", read(), Said::Declined(Signal::LengthUnknown)),
            ("one word", read(), Said::NotUnderstood(&one)),
            ("five words", read(), Said::NotUnderstood(&five)),
            ("unclear", read(), Said::NotUnderstood(&unclear)),
            ("nothing to quote", read(), Said::NotUnderstood(&[])),
            ("could not look", read(), Said::CouldNotLook),
            ("no strategy", read(), Said::NoStrategy),
        ],
    );
}

/// A failure, an empty result and every refusal differ from each other.
#[test]
fn no_two_outcomes_sound_alike() {
    let video = video();
    let none = answer(Vec::new());
    let outcomes = [
        Said::Answer(&none),
        Said::Answer(&NULL),
        Said::NotUnderstood(&[]),
        Said::CouldNotLook,
        Said::NoStrategy,
        Said::Declined(Signal::OtherVideo),
        Said::Declined(Signal::Change),
        Said::Declined(Signal::Identity),
        Said::Declined(Signal::Speech),
        Said::Declined(Signal::Price),
        Said::Declined(Signal::Prediction),
        Said::Declined(Signal::Injection),
        Said::Declined(Signal::OutsideData),
        Said::Declined(Signal::ClockUnknown),
        Said::Declined(Signal::LengthUnknown),
    ];
    for lang in [Lang::Ko, Lang::En, Lang::Ja, Lang::Zh] {
        let said: std::collections::BTreeSet<String> =
            outcomes.iter().map(|outcome| say(lang, &wants_events(theft()), &video, *outcome)).collect();
        assert_eq!(said.len(), outcomes.len());
    }
}

proptest::proptest! {
    /// Whatever a row holds and whatever the numbers, the words stay readable, and nothing panics.
    #[test]
    fn rows_do_not_reach_the_terminal_raw(
        told in proptest::option::of("\\PC{0,20}[\u{0}-\u{1f}\u{202e}]{0,3}.{0,260}"),
        place in ".{0,80}",
        numbers in proptest::array::uniform4(proptest::num::f64::ANY),
        clock in proptest::num::u32::ANY,
        key in -5_i64..200,
    ) {
        let [timestamp, duration, age, confidence] = numbers;
        let row = Event {
            description: told,
            location: Some(place.clone()),
            event_type: place.clone(),
            duration,
            age: Some(age),
            confidence,
            ..event(1, timestamp)
        };
        let bounds = Bounds { low: bound(age, true), high: bound(duration, false) };
        let filter = all(&[
            Cond::Place(place.clone()),
            Cond::Time(bounds),
            Cond::Age(bounds),
            Cond::Confidence(bounds),
            Cond::Duration(bounds),
            Cond::Clock(Clock::TimeOfDay { from: clock, to: key.unsigned_abs().try_into().unwrap() }),
        ]);
        let cells = [Value::Float(age), Value::Int(key), Value::Text(place), Value::Null];
        let keys = [Key::Type, Key::Place, Key::Area, Key::Gender, Key::AgeDecade, Key::Hour, Key::Slice(duration), Key::Person];
        let count = GroupValue::Count(Counted::Events);
        let mut said = Vec::new();
        for lang in [Lang::Ko, Lang::En, Lang::Ja, Lang::Zh] {
            for rows in [Vec::new(), vec![row.clone()], vec![row.clone(); 7]] {
                let answer = answer(rows);
                said.push(say(lang, &picks(LONGEST, Pick::Nth(clock), filter.clone()), &video(), Said::Answer(&answer)));
            }
            for key in keys {
                let rows = Answer::Groups(cells.iter().map(|cell| (cell.clone(), cell.clone())).collect());
                said.push(say(lang, &groups(key, count), &video(), Said::Answer(&rows)));
            }
        }
        for words in said {
            let raw = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
            proptest::prop_assert!(!words.contains(raw), "{words:?}");
            proptest::prop_assert!(!words.is_empty());
        }
    }
}
