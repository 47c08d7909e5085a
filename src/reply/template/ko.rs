//! Korean.

use super::describe::{Kinds, Leaf, Range, What, range, slot};
use super::number::{number, percent_of_one};
use super::particle::Particle::{And, Object, Subject, Topic};
use super::particle::with;
use super::time::{Style, clock_of, date_time, span, time_of_day, whole_day};
use super::tongue::{Of, Tongue};
use crate::question::reading::{
    Aggregate, Area, Bounds, Clock, Column, Counted, EventType, Gender, GroupValue, Key, Measure, Order, OrderBy,
    Relation, Side, Signal, VideoFact, Which,
};

pub(super) struct Korean;

impl Korean {
    fn bounds(&self, bounds: Bounds, say: impl Fn(f64) -> String) -> String {
        match range(bounds) {
            None => String::new(),
            Some(Range::Exactly(a)) => say(a),
            Some(Range::AtLeast(a)) => format!("{} 이상", say(a)),
            Some(Range::Over(a)) => format!("{} 초과", say(a)),
            Some(Range::AtMost(a)) => format!("{} 이하", say(a)),
            Some(Range::Under(a)) => format!("{} 미만", say(a)),
            Some(Range::Between(a, b)) => format!("{} 이상 {} 이하", say(a), say(b)),
            Some(Range::Ends(a, b)) => {
                let low = if a.inclusive { "이상" } else { "초과" };
                let high = if b.inclusive { "이하" } else { "미만" };
                format!("{} {low} {} {high}", say(a.value), say(b.value))
            }
        }
    }

    fn time(&self, bounds: Bounds) -> String {
        if let Some(start) = slot(bounds, 1.0) {
            return self.moment(start);
        }
        if let Some(start) = slot(bounds, 60.0) {
            let (hours, minutes) = ((start / 3600.0).floor(), (start % 3600.0 / 60.0).floor());
            return if hours > 0.0 { format!("{hours}시간 {minutes}분대") } else { format!("{minutes}분대") };
        }
        match range(bounds) {
            None => String::new(),
            Some(Range::Exactly(a)) => self.moment(a),
            Some(Range::AtLeast(a)) => format!("{}부터 끝까지", self.moment(a)),
            Some(Range::Over(a)) => format!("{} 넘어서부터 끝까지", self.moment(a)),
            Some(Range::AtMost(a)) => format!("처음부터 {}까지", self.moment(a)),
            Some(Range::Under(a)) => format!("처음부터 {} 전까지", self.moment(a)),
            Some(Range::Between(a, b)) => format!("{}에서 {} 사이", self.moment(a), self.moment(b)),
            Some(Range::Ends(a, b)) => {
                let low = if a.inclusive { "부터" } else { " 넘어서부터" };
                let high = if b.inclusive { "까지" } else { " 전까지" };
                format!("{}{low} {}{high}", self.moment(a.value), self.moment(b.value))
            }
        }
    }

    fn clock(&self, clock: Clock) -> String {
        match clock {
            Clock::TimeOfDay { from, to } if to == from + 60 => format!("시각 {}", time_of_day(from)),
            Clock::TimeOfDay { from, to } => format!("시각 {}~{}", time_of_day(from), time_of_day(to)),
            Clock::Between { from: None, to: None } => String::new(),
            Clock::Between { from: Some(from), to: None } => format!("{} 이후", date_time(from)),
            Clock::Between { from: None, to: Some(to) } => format!("{} 전", date_time(to)),
            Clock::Between { from: Some(from), to: Some(to) } => {
                whole_day(from, to).unwrap_or_else(|| format!("{}부터 {} 전까지", date_time(from), date_time(to)))
            }
        }
    }

    fn age(&self, age: Bounds) -> String {
        match slot(age, 10.0) {
            Some(decade) if decade >= 10.0 => format!("{decade}대"),
            _ => self.bounds(age, |years| format!("{}세", number(years))),
        }
    }

    fn span(&self, seconds: f64) -> String {
        let (number, of) = span(seconds);
        self.amount(&number, of)
    }

    fn column(column: Column) -> &'static str {
        match column {
            Column::Age => "나이",
            Column::Gender => "성별",
            Column::Area => "화면 위치",
            Column::Place => "장소",
            Column::Person => "추적 번호",
            Column::Description => "설명",
            Column::Action => "행동",
        }
    }

    fn rank(order: Order, place: u32) -> String {
        let (of, more) = match (order.by, order.descending) {
            (OrderBy::Time, false) if place == 1 => return "첫 번째".to_owned(),
            (OrderBy::Time, true) if place == 1 => return "마지막".to_owned(),
            (OrderBy::Time, false) => return format!("{place}번째"),
            (OrderBy::Time, true) => return format!("끝에서 {place}번째"),
            (OrderBy::Duration, true) => ("", "긴"),
            (OrderBy::Duration, false) => ("", "짧은"),
            (OrderBy::Confidence, true) => ("신뢰도가 ", "높은"),
            (OrderBy::Confidence, false) => ("신뢰도가 ", "낮은"),
            (OrderBy::Age, true) => ("나이가 ", "많은"),
            (OrderBy::Age, false) => ("나이가 ", "적은"),
        };
        if place == 1 { format!("{of}가장 {more}") } else { format!("{of}{place}번째로 {more}") }
    }

    fn aggregate(aggregate: Aggregate, of: Measure) -> String {
        let aggregate = match aggregate {
            Aggregate::Average => "평균",
            Aggregate::Sum => "총",
            Aggregate::Min => "최소",
            Aggregate::Max => "최대",
        };
        let of = match of {
            Measure::Duration => "길이",
            Measure::Age => "나이",
            Measure::Confidence => "신뢰도",
        };
        format!("{aggregate} {of}")
    }

    fn fact_name(fact: VideoFact) -> &'static str {
        match fact {
            VideoFact::Length(_) => "길이",
            VideoFact::Name => "이름",
            VideoFact::Filename => "파일 이름",
            VideoFact::RecordedAt => "녹화 시작 시각",
            VideoFact::Timezone => "표준 시간대",
        }
    }
}

impl Tongue for Korean {
    fn event_type(&self, kind: EventType) -> &'static str {
        match kind {
            EventType::Theft => "도난",
            EventType::Collapse => "쓰러짐",
            EventType::Sitting => "앉기",
            EventType::Loitering => "배회",
            EventType::Intrusion => "침입",
            EventType::Fighting => "싸움",
            EventType::Vandalism => "파손",
            EventType::PersonEnter => "입장",
            EventType::PersonExit => "퇴장",
            EventType::Interaction => "상호작용",
            EventType::Picking => "물건 집기",
            EventType::Walking => "걷기",
            EventType::Standing => "서 있기",
            EventType::Anomaly => "기타 이상",
        }
    }

    fn gender(&self, gender: Gender) -> &'static str {
        match gender {
            Gender::Male => "남성",
            Gender::Female => "여성",
        }
    }

    fn area(&self, area: Area) -> &'static str {
        match area {
            Area::Left => "왼쪽",
            Area::Center => "가운데",
            Area::Right => "오른쪽",
        }
    }

    fn key(&self, key: Key) -> String {
        match key {
            Key::Type => "유형".to_owned(),
            Key::Place => "장소".to_owned(),
            Key::Area => "화면 위치".to_owned(),
            Key::Gender => "성별".to_owned(),
            Key::AgeDecade => "나이대".to_owned(),
            Key::Hour => "시간대".to_owned(),
            Key::Slice(width) => format!("{} 구간", self.span(width)),
            Key::Person => "인물".to_owned(),
        }
    }

    fn unknown(&self) -> &'static str {
        "알 수 없음"
    }

    fn decade(&self, start: i64) -> String {
        if start == 0 { "10세 미만".to_owned() } else { format!("{start}대") }
    }

    fn hour(&self, hour: i64) -> String {
        format!("{hour}시")
    }

    fn person(&self, number: i64) -> String {
        format!("{number}번 인물")
    }

    fn slice(&self, from: &str, to: &str) -> String {
        format!("{from}~{to}")
    }

    fn quote(&self, text: &str) -> String {
        format!("‘{text}’")
    }

    fn shortened(&self, quoted: &str) -> String {
        format!("{quoted}(뒷부분 생략)")
    }

    fn moment(&self, seconds: f64) -> String {
        clock_of(seconds, Style::Korean)
    }

    fn with_clock(&self, moment: &str, clock: &str) -> String {
        format!("{moment}(시각 {clock})")
    }

    fn amount(&self, number: &str, of: Of) -> String {
        let unit = match of {
            Of::Events => "건",
            Of::People => "명",
            Of::Seconds => "초",
            Of::Minutes => "분",
            Of::Hours => "시간",
            Of::Years => "세",
        };
        format!("{number}{unit}")
    }

    fn list(&self, items: &[String]) -> String {
        items.join(", ")
    }

    fn shown_as(&self, amount: &str, clock: &str) -> String {
        format!("{amount}({clock})")
    }

    fn leaf(&self, leaf: &Leaf<'_>) -> String {
        match leaf {
            Leaf::Types(types) => {
                format!("{} 유형", types.iter().map(|t| self.event_type(*t)).collect::<Vec<_>>().join("·"))
            }
            Leaf::Time(bounds) => self.time(*bounds),
            Leaf::Clock(clock) => self.clock(*clock),
            Leaf::Who(gender, age) => {
                let age = age.map(|age| self.age(age));
                let gender = gender.map(|gender| self.gender(gender).to_owned());
                age.into_iter().chain(gender).collect::<Vec<_>>().join(" ")
            }
            Leaf::Confidence(bounds) => format!("신뢰도 {}", self.bounds(*bounds, percent_of_one)),
            Leaf::Duration(bounds) => format!("길이 {}", self.bounds(*bounds, |seconds| self.span(seconds))),
            Leaf::Area(area) => format!("화면 {}", self.area(*area)),
            Leaf::Place(quoted) => (*quoted).to_owned(),
            Leaf::Person(number) => self.person(*number),
            Leaf::Id(id) => format!("id {id}"),
            Leaf::Unknown(column @ (Column::Age | Column::Gender | Column::Area | Column::Place)) => {
                format!("{} 미상", Self::column(*column))
            }
            Leaf::Unknown(column) => format!("{} 없음", Self::column(*column)),
        }
    }

    fn not(&self, words: &str) -> String {
        format!("{words} 이외")
    }

    fn known(&self, column: Column) -> String {
        format!("{} 확인", Self::column(column))
    }

    fn any(&self, words: &[String]) -> String {
        words.join(" 또는 ")
    }

    fn relation(&self, relation: &Relation, anchor: &What) -> String {
        let anchor_of = |place, descending| self.ranked(Order { descending, ..Order::TIME }, place, anchor);
        let anchor = match relation.which {
            _ if relation.side == Side::BetweenFirstAndLast => {
                format!("{} {}", with(&anchor_of(1, false), And), anchor_of(1, true))
            }
            Which::Every => anchor.one.clone(),
            Which::First => anchor_of(1, false),
            Which::Last => anchor_of(1, true),
            Which::Nth(place) => anchor_of(place, false),
        };
        let within = relation.within.map(|seconds| self.span(seconds));
        let words = match (relation.side, within) {
            (Side::After, Some(within)) => format!("{anchor} 후 {within} 이내"),
            (Side::After, None) => format!("{anchor} 이후"),
            (Side::Before, Some(within)) => format!("{anchor} 전 {within} 이내"),
            (Side::Before, None) => format!("{anchor} 이전"),
            (Side::Around, Some(within)) => format!("{anchor} 전후 {within} 이내"),
            (Side::Around, None) => format!("{anchor} 전후"),
            (Side::BetweenFirstAndLast, _) => format!("{anchor} 사이"),
        };
        if relation.same_person { format!("{words}(같은 인물)") } else { words }
    }

    fn phrase(&self, kinds: &Kinds, mods: &[String], rest: bool) -> What {
        let noun = match kinds {
            Kinds::Every => "이벤트".to_owned(),
            Kinds::Abnormal => "이상 행동 이벤트".to_owned(),
            Kinds::Normal => "정상 행동 이벤트".to_owned(),
            Kinds::Listed(types) => {
                format!("{} 이벤트", types.iter().map(|t| self.event_type(*t)).collect::<Vec<_>>().join("·"))
            }
        };
        let noun = if rest { format!("질문에 맞는 {noun}") } else { noun };
        let words = if mods.is_empty() { noun } else { format!("{}의 {noun}", mods.join(", ")) };
        What { one: words.clone(), many: words, plain: mods.is_empty() }
    }

    fn one(&self, what: &What) -> String {
        what.one.clone()
    }

    fn several(&self, count: usize, what: &What) -> String {
        format!("{} {count}건", what.many)
    }

    fn ranked(&self, order: Order, place: u32, what: &What) -> String {
        let rank = Self::rank(order, place);
        if what.plain { format!("{rank} {}", what.one) } else { format!("{} 중 {rank} 이벤트", what.many) }
    }

    fn top(&self, order: Order, count: usize, what: &What) -> String {
        let rank = match order {
            Order { by: OrderBy::Time, descending: false } => "처음".to_owned(),
            Order { by: OrderBy::Time, descending: true } => "마지막".to_owned(),
            order => Self::rank(order, 1),
        };
        format!("{} 중 {rank} {count}건", what.many)
    }

    fn yes(&self) -> &'static str {
        "네, "
    }

    fn no(&self) -> &'static str {
        "아니요, "
    }

    fn none(&self, what: &What) -> String {
        format!("이 영상에 {} 없습니다.", with(&what.many, Topic))
    }

    fn none_ranked(&self, ranked: &str) -> String {
        format!("이 영상에 {} 없습니다.", with(ranked, Topic))
    }

    fn happened(&self, when: &str, things: &str, _many: bool) -> String {
        format!("{when} {} 감지되었습니다.", with(things, Subject))
    }

    fn detected(&self, things: &str, _many: bool) -> String {
        format!("{} 감지되었습니다.", with(things, Subject))
    }

    fn ranked_at(&self, ranked: &str, moment: &str) -> String {
        format!("{} {moment}에 감지되었습니다.", with(ranked, Topic))
    }

    fn at(&self, moments: &[String]) -> String {
        format!("{}에", self.list(moments))
    }

    fn between(&self, first: &str, last: &str) -> String {
        format!("{first}에서 {last} 사이에")
    }

    fn fewer_than_asked(&self, asked: u32) -> String {
        format!("물어보신 {asked}건보다 적습니다.")
    }

    fn spread(&self, first: &str, last: &str) -> String {
        format!("가장 이른 것은 {first}, 가장 늦은 것은 {last}에 있습니다.")
    }

    fn first_few(&self, count: usize, sorted: Option<&str>) -> String {
        match sorted {
            Some(sorted) => format!("앞의 {count}건({sorted}):"),
            None => format!("앞의 {count}건:"),
        }
    }

    fn sorted(&self, order: Order) -> &'static str {
        match (order.by, order.descending) {
            (OrderBy::Time, false) => "이른 순",
            (OrderBy::Time, true) => "늦은 순",
            (OrderBy::Duration, false) => "짧은 순",
            (OrderBy::Duration, true) => "긴 순",
            (OrderBy::Confidence, false) => "신뢰도 낮은 순",
            (OrderBy::Confidence, true) => "신뢰도 높은 순",
            (OrderBy::Age, false) => "나이 적은 순",
            (OrderBy::Age, true) => "나이 많은 순",
        }
    }

    fn more_events(&self, count: usize) -> String {
        format!("그 밖에 {count}건이 더 있습니다.")
    }

    fn more_groups(&self, count: usize) -> String {
        format!("그 밖에 {count}개 항목이 더 있습니다.")
    }

    fn who(&self, gender: Option<Gender>, age: Option<&str>) -> Option<String> {
        match (gender.map(|gender| self.gender(gender)), age) {
            (Some(gender), Some(age)) => Some(format!("{gender}(약 {age}세)")),
            (Some(gender), None) => Some(gender.to_owned()),
            (None, Some(age)) => Some(format!("약 {age}세")),
            (None, None) => None,
        }
    }

    fn area_of_frame(&self, area: Area) -> String {
        format!("화면 {}", self.area(area))
    }

    fn recorded(&self, quoted: &str) -> String {
        format!("기록: {quoted}")
    }

    fn action(&self, quoted: &str) -> String {
        format!("행동: {quoted}")
    }

    fn length(&self, amount: &str) -> String {
        format!("길이 {amount}")
    }

    fn confidence(&self, percent: &str) -> String {
        format!("신뢰도 {percent}")
    }

    fn comma(&self) -> &'static str {
        ", "
    }

    fn gap(&self) -> &'static str {
        " "
    }

    fn stop(&self) -> &'static str {
        "."
    }

    fn count(&self, number: &str, counted: Counted, what: &What) -> String {
        match counted {
            Counted::Events => format!("{} 모두 {number}건입니다.", with(&what.many, Topic)),
            Counted::People => format!("{}에 나온 사람은 모두 {number}명입니다.", what.many),
        }
    }

    fn nobody(&self, what: &What) -> String {
        format!("{}에서 추적된 사람은 없습니다(0명).", what.many)
    }

    fn at_least(&self, number: &str, least: u32, what: &What) -> String {
        format!("{} {least}건 이상인 사람은 {number}명입니다.", with(&what.many, Subject))
    }

    fn measure(&self, aggregate: Aggregate, of: Measure, amount: &str, what: &What) -> String {
        format!("{}의 {} {amount}입니다.", what.many, with(&Self::aggregate(aggregate, of), Topic))
    }

    fn no_measure(&self, of: Measure, what: &What) -> String {
        let known = if of == Measure::Age { "나이가 기록된 것이" } else { "해당하는 것이" };
        format!("이 영상의 {} 중 {known} 없어 값이 없습니다.", what.many)
    }

    fn share(&self, percent: &str, what: &What, part: &What, counted: Counted) -> String {
        match counted {
            Counted::Events => format!("{} 중 {}의 비율은 {percent}입니다.", what.many, part.many),
            Counted::People => {
                format!("{}에 나온 사람 중 {}에 나온 사람의 비율은 {percent}입니다.", what.many, part.many)
            }
        }
    }

    fn no_share(&self, what: &What) -> String {
        format!("이 영상에 {} 없어 비율을 말할 수 없습니다.", with(&what.many, Subject))
    }

    fn rate(&self, number: &str, per: f64, counted: Counted, what: &What) -> String {
        let per = match per {
            60.0 => "분".to_owned(),
            3600.0 => "시간".to_owned(),
            per => self.span(per),
        };
        match counted {
            Counted::Events => format!("{} {per}당 {number}건입니다.", with(&what.many, Topic)),
            Counted::People => format!("{}에 나온 사람은 {per}당 {number}명입니다.", what.many),
        }
    }

    fn no_rate(&self) -> &'static str {
        "이 영상의 길이를 알 수 없어 시간당 값을 말할 수 없습니다."
    }

    fn extreme(&self, key: Key, value: &str, least: bool, counted: Counted, what: &What) -> String {
        let most = if least { "적은" } else { "많은" };
        let key = with(&self.key(key), Topic);
        match counted {
            Counted::Events => format!("{} 가장 {most} {key} {value}입니다.", with(&what.many, Subject)),
            Counted::People => format!("{}에 나온 사람이 가장 {most} {key} {value}입니다.", what.many),
        }
    }

    fn no_extreme(&self, key: Key, what: &What) -> String {
        format!("이 영상의 {} 중 {} 기록된 것이 없어 값이 없습니다.", what.many, with(&self.key(key), Subject))
    }

    fn distinct(&self, key: Key, number: &str, what: &What) -> String {
        let unit = if key == Key::Person { "명" } else { "개" };
        format!("{}에 나온 서로 다른 {} {number}{unit}입니다.", what.many, with(&self.key(key), Topic))
    }

    fn fact(&self, fact: VideoFact, value: &str) -> String {
        format!("이 영상의 {} {value}입니다.", with(Self::fact_name(fact), Topic))
    }

    fn no_fact(&self, fact: VideoFact) -> String {
        format!("이 영상의 {} 기록되어 있지 않습니다.", with(Self::fact_name(fact), Topic))
    }

    fn value(&self, value: &str) -> String {
        format!("찾은 값은 {value}입니다.")
    }

    fn no_value(&self) -> &'static str {
        "맞는 것이 없어 값이 없습니다."
    }

    fn blank(&self) -> &'static str {
        "값 없음"
    }

    fn groups(&self, key: Key, value: GroupValue, top: Option<(u32, bool)>, what: &What) -> String {
        let value = match value {
            GroupValue::Count(Counted::Events) => "건수".to_owned(),
            GroupValue::Count(Counted::People) => "사람 수".to_owned(),
            GroupValue::Share(Counted::Events) => "비율".to_owned(),
            GroupValue::Share(Counted::People) => "사람 비율".to_owned(),
            GroupValue::Measure { aggregate, of, .. } => Self::aggregate(aggregate, of),
        };
        let top = match top {
            Some((count, false)) => format!("(상위 {count}개)"),
            Some((count, true)) => format!("(하위 {count}개)"),
            None => String::new(),
        };
        format!("{}의 {}별 {value}{top}:", what.many, self.key(key))
    }

    fn any_groups(&self) -> &'static str {
        "찾은 값:"
    }

    fn no_groups(&self, key: Key, what: &What) -> String {
        format!("이 영상의 {} 중 {} 기록된 것이 없습니다.", what.many, with(&self.key(key), Subject))
    }

    fn group(&self, key: &str, value: &str) -> String {
        format!("{key}: {value}")
    }

    fn declined(&self, signal: Signal) -> &'static str {
        match signal {
            Signal::OtherVideo => {
                "지금 고른 영상 하나에 대해서만 답할 수 있습니다. 다른 영상은 그 영상을 고른 다음 물어봐 주세요."
            }
            Signal::Change => {
                "기록은 조회만 할 수 있고 바꾸거나 지울 수 없습니다. 아무것도 바뀌지 않았습니다. 조회할 내용만 따로 물어봐 주세요."
            }
            Signal::Identity => {
                "이름, 연락처, 차량 번호, 얼굴처럼 누구인지는 기록에 없어 답할 수 없습니다. 성별, 나이대, 장소나 ‘7번 인물’ 같은 추적 번호로 물어봐 주세요."
            }
            Signal::Speech => "말과 소리는 기록되지 않아 답할 수 없습니다. 눈에 보이는 행동에 대해 물어봐 주세요.",
            Signal::Price => {
                "가격이나 금액은 기록에 없어 답할 수 없습니다. 도난이나 물건 집기 같은 이벤트에 대해 물어봐 주세요."
            }
            Signal::Prediction => "앞으로 일어날 일은 답할 수 없습니다. 이 영상에서 이미 일어난 일을 물어봐 주세요.",
            Signal::Injection => {
                "시스템에 대한 지시는 따르지 않습니다. 이 영상에서 일어난 일을 평소 말로 물어봐 주세요."
            }
            Signal::OutsideData => {
                "이 영상의 기록으로 답할 수 있는 질문이 아닙니다. ‘10분에서 15분 사이에 도난이 있었나요?’처럼 영상 속 이벤트를 물어봐 주세요."
            }
            Signal::ClockUnknown => {
                "이 영상은 녹화 시각을 알 수 없어 몇 시인지로 묻는 질문에는 답할 수 없습니다. ‘10분에서 15분 사이’처럼 영상 시간으로 물어봐 주세요."
            }
            Signal::LengthUnknown => {
                "이 영상의 길이를 알 수 없어 길이가 필요한 질문에는 답할 수 없습니다. ‘10분 이후’처럼 처음부터 잰 시간으로 물어봐 주세요."
            }
        }
    }

    fn not_understood(&self, quoted: &[String], more: usize, unclear: bool) -> String {
        let more = if more > 0 { format!(" 등 {}개 표현", quoted.len() + more) } else { String::new() };
        let words = format!("{}{more}", self.list(quoted));
        match quoted {
            [] => "질문을 이해하지 못했습니다. 유형, 시간, 장소, 나이, 성별 같은 말로 다시 물어봐 주세요.".to_owned(),
            _ if unclear => format!(
                "{} 한 가지 뜻으로 읽을 수 없습니다. 그 부분을 나누거나 더 자세히 적어 다시 물어봐 주세요.",
                with(&words, Object)
            ),
            _ => format!(
                "{} 이해하지 못했습니다. 그 말을 빼거나 유형, 시간, 장소, 나이, 성별 같은 말로 바꿔 다시 물어봐 주세요.",
                with(&words, Object)
            ),
        }
    }

    fn could_not_look(&self) -> &'static str {
        "지금 기록을 확인하지 못했습니다. 이벤트가 없다는 뜻이 아닙니다. 잠시 후 다시 물어봐 주세요."
    }

    fn no_strategy(&self) -> &'static str {
        "이런 질문에 답하는 방식이 지금 꺼져 있어 기록을 찾아보지 않았습니다. 유형, 시간, 장소, 나이, 성별로 물어보시거나 관리자에게 문의해 주세요."
    }
}
