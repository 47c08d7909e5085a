//! Korean words.

use super::{Of, Words};
use crate::question::reading::{
    Area, Bounds, Clock, Column, EventType, Gender, Key, Order, OrderBy, Relation, Side, Which,
};
use crate::reply::template::describe::{Kinds, Leaf, Range, What, range, slot};
use crate::reply::template::number::{number, percent_of_one};
use crate::reply::template::particle::Particle::And;
use crate::reply::template::particle::with;
use crate::reply::template::time::{Style, clock_of, date_time, time_of_day, whole_day};

pub(in crate::reply::template) struct Korean;

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
            Some(Range::Under(a)) => format!("처음부터 {} 직전까지", self.moment(a)),
            Some(Range::Between(a, b)) => format!("{}에서 {} 사이", self.moment(a), self.moment(b)),
            Some(Range::Ends(a, b)) => {
                let low = if a.inclusive { "부터" } else { " 넘어서부터" };
                let high = if b.inclusive { "까지" } else { " 직전까지" };
                format!("{}{low} {}{high}", self.moment(a.value), self.moment(b.value))
            }
        }
    }

    fn clock(&self, clock: Clock) -> String {
        match clock {
            Clock::TimeOfDay { from, to } if to.checked_sub(from) == Some(60) => format!("시각 {}", time_of_day(from)),
            Clock::TimeOfDay { from, to } => format!("시각 {}~{}", time_of_day(from), time_of_day(to)),
            Clock::Between { from: None, to: None } => String::new(),
            Clock::Between { from: Some(from), to: None } => format!("{} 이후", date_time(from)),
            Clock::Between { from: None, to: Some(to) } => format!("{} 전", date_time(to)),
            Clock::Between { from: Some(from), to: Some(to) } => {
                whole_day(from, to).unwrap_or_else(|| format!("{}부터 {} 직전까지", date_time(from), date_time(to)))
            }
        }
    }

    fn age(&self, age: Bounds) -> String {
        match slot(age, 10.0) {
            Some(decade) if decade >= 10.0 => format!("{decade}대"),
            _ => self.bounds(age, |years| format!("{}세", number(years))),
        }
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
}

impl Words for Korean {
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
        format!("‘{}’", text.replace(['‘', '’'], "'"))
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
                let who = gender.map_or("인물", |gender| self.gender(gender)).to_owned();
                age.into_iter().chain([who]).collect::<Vec<_>>().join(" ")
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
        self.not(&self.leaf(&Leaf::Unknown(column)))
    }

    fn any(&self, words: &[String]) -> String {
        words.join(" 또는 ")
    }

    fn relation(&self, relation: &Relation, anchor: &What) -> String {
        let anchor_of = |place, descending| self.ranked(Order { descending, ..Order::TIME }, place, anchor);
        let anchor = match relation.which {
            _ if relation.side == Side::BetweenFirstAndLast && !anchor.plain => {
                format!("{} 중 첫 번째와 마지막", anchor.many)
            }
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

    fn colon(&self) -> &'static str {
        ":"
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
}
