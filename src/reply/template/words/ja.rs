//! Japanese words.

use super::{Of, Words};
use crate::question::reading::{
    Area, Bounds, Clock, Column, EventType, Gender, Key, Order, OrderBy, Relation, Side, Which,
};
use crate::reply::template::describe::{Kinds, Leaf, Range, What, range, slot};
use crate::reply::template::number::{number, percent_of_one};
use crate::reply::template::time::{Style, clock_of, date_time, time_of_day, whole_day};

pub(in crate::reply::template) struct Japanese;

impl Japanese {
    fn bounds(&self, bounds: Bounds, say: impl Fn(f64) -> String) -> String {
        match range(bounds) {
            None => String::new(),
            Some(Range::Exactly(a)) => say(a),
            Some(Range::AtLeast(a)) => format!("{}以上", say(a)),
            Some(Range::Over(a)) => format!("{}超", say(a)),
            Some(Range::AtMost(a)) => format!("{}以下", say(a)),
            Some(Range::Under(a)) => format!("{}未満", say(a)),
            Some(Range::Between(a, b)) => format!("{}以上{}以下", say(a), say(b)),
            Some(Range::Ends(a, b)) => {
                let low = if a.inclusive { "以上" } else { "超" };
                let high = if b.inclusive { "以下" } else { "未満" };
                format!("{}{low}{}{high}", say(a.value), say(b.value))
            }
        }
    }

    fn time(&self, bounds: Bounds) -> String {
        if let Some(start) = slot(bounds, 1.0) {
            return self.moment(start);
        }
        if let Some(start) = slot(bounds, 60.0) {
            return format!("{}分台", start / 60.0);
        }
        match range(bounds) {
            None => String::new(),
            Some(Range::Exactly(a)) => self.moment(a),
            Some(Range::AtLeast(a)) => format!("{}以降", self.moment(a)),
            Some(Range::Over(a)) => format!("{}より後", self.moment(a)),
            Some(Range::AtMost(a)) => format!("{}まで", self.moment(a)),
            Some(Range::Under(a)) => format!("{}より前", self.moment(a)),
            Some(Range::Between(a, b)) => format!("{}から{}まで", self.moment(a), self.moment(b)),
            Some(Range::Ends(a, b)) => {
                let low = if a.inclusive { "以降" } else { "より後" };
                let high = if b.inclusive { "まで" } else { "より前" };
                format!("{}{low}{}{high}", self.moment(a.value), self.moment(b.value))
            }
        }
    }

    fn clock(&self, clock: Clock) -> String {
        match clock {
            Clock::TimeOfDay { from, to } if to.checked_sub(from) == Some(60) => format!("時刻{}", time_of_day(from)),
            Clock::TimeOfDay { from, to } => format!("時刻{}〜{}", time_of_day(from), time_of_day(to)),
            Clock::Between { from: None, to: None } => String::new(),
            Clock::Between { from: Some(from), to: None } => format!("{}以降", date_time(from)),
            Clock::Between { from: None, to: Some(to) } => format!("{}より前", date_time(to)),
            Clock::Between { from: Some(from), to: Some(to) } => {
                whole_day(from, to).unwrap_or_else(|| format!("{}以降{}より前", date_time(from), date_time(to)))
            }
        }
    }

    fn age(&self, age: Bounds) -> String {
        match slot(age, 10.0) {
            Some(decade) if decade >= 10.0 => format!("{decade}代"),
            _ => self.bounds(age, |years| format!("{}歳", number(years))),
        }
    }

    fn types(&self, types: &[EventType]) -> String {
        types.iter().map(|kind| self.event_type(*kind)).collect::<Vec<_>>().join("・")
    }

    fn column(column: Column) -> &'static str {
        match column {
            Column::Age => "年齢",
            Column::Gender => "性別",
            Column::Area => "画面上の位置",
            Column::Place => "場所",
            Column::Person => "追跡番号",
            Column::Description => "説明",
            Column::Action => "行動",
        }
    }

    fn rank(order: Order, place: u32) -> String {
        let more = match (order.by, order.descending) {
            (OrderBy::Time, false) if place == 1 => return "最初の".to_owned(),
            (OrderBy::Time, true) if place == 1 => return "最後の".to_owned(),
            (OrderBy::Time, false) => return format!("{place}番目の"),
            (OrderBy::Time, true) => return format!("最後から{place}番目の"),
            (OrderBy::Duration, true) => "長い",
            (OrderBy::Duration, false) => "短い",
            (OrderBy::Confidence, true) => "信頼度が高い",
            (OrderBy::Confidence, false) => "信頼度が低い",
            (OrderBy::Age, true) => "年齢が高い",
            (OrderBy::Age, false) => "年齢が低い",
        };
        if place == 1 { format!("最も{more}") } else { format!("{place}番目に{more}") }
    }
}

impl Words for Japanese {
    fn event_type(&self, kind: EventType) -> &'static str {
        match kind {
            EventType::Theft => "窃盗",
            EventType::Collapse => "転倒",
            EventType::Sitting => "座り込み",
            EventType::Loitering => "うろつき",
            EventType::Intrusion => "侵入",
            EventType::Fighting => "けんか",
            EventType::Vandalism => "器物損壊",
            EventType::PersonEnter => "入場",
            EventType::PersonExit => "退場",
            EventType::Interaction => "やり取り",
            EventType::Picking => "物を取る動作",
            EventType::Walking => "歩行",
            EventType::Standing => "立ち止まり",
            EventType::Anomaly => "その他の異常",
        }
    }

    fn gender(&self, gender: Gender) -> &'static str {
        match gender {
            Gender::Male => "男性",
            Gender::Female => "女性",
        }
    }

    fn area(&self, area: Area) -> &'static str {
        match area {
            Area::Left => "左側",
            Area::Center => "中央",
            Area::Right => "右側",
        }
    }

    fn key(&self, key: Key) -> String {
        match key {
            Key::Type => "種類".to_owned(),
            Key::Place => "場所".to_owned(),
            Key::Area => "画面上の位置".to_owned(),
            Key::Gender => "性別".to_owned(),
            Key::AgeDecade => "年代".to_owned(),
            Key::Hour => "時間帯".to_owned(),
            Key::Slice(width) => format!("{}ごとの区間", self.span(width)),
            Key::Person => "人物".to_owned(),
        }
    }

    fn unknown(&self) -> &'static str {
        "不明"
    }

    fn decade(&self, start: i64) -> String {
        if start == 0 { "10歳未満".to_owned() } else { format!("{start}代") }
    }

    fn hour(&self, hour: i64) -> String {
        format!("{hour}時台")
    }

    fn person(&self, number: i64) -> String {
        format!("人物{number}")
    }

    fn slice(&self, from: &str, to: &str) -> String {
        format!("{from}〜{to}")
    }

    fn quote(&self, text: &str) -> String {
        format!("「{}」", text.replace('「', "『").replace('」', "』"))
    }

    fn shortened(&self, quoted: &str) -> String {
        format!("{quoted}（以下略）")
    }

    fn moment(&self, seconds: f64) -> String {
        clock_of(seconds, Style::Colon)
    }

    fn with_clock(&self, moment: &str, clock: &str) -> String {
        format!("{moment}（時刻{clock}）")
    }

    fn amount(&self, number: &str, of: Of) -> String {
        let unit = match of {
            Of::Events => "件",
            Of::People => "人",
            Of::Seconds => "秒",
            Of::Minutes => "分",
            Of::Hours => "時間",
            Of::Years => "歳",
        };
        format!("{number}{unit}")
    }

    fn list(&self, items: &[String]) -> String {
        items.join("、")
    }

    fn shown_as(&self, amount: &str, clock: &str) -> String {
        format!("{amount}（{clock}）")
    }

    fn leaf(&self, leaf: &Leaf<'_>) -> String {
        match leaf {
            Leaf::Types(types) => format!("種類が{}", self.types(types)),
            Leaf::Time(bounds) => self.time(*bounds),
            Leaf::Clock(clock) => self.clock(*clock),
            Leaf::Who(gender, age) => {
                let age = age.map(|age| self.age(age));
                let who = gender.map_or("人物", |gender| self.gender(gender)).to_owned();
                age.into_iter().chain([who]).collect::<Vec<_>>().join("の")
            }
            Leaf::Confidence(bounds) => format!("信頼度{}", self.bounds(*bounds, percent_of_one)),
            Leaf::Duration(bounds) => format!("長さ{}", self.bounds(*bounds, |seconds| self.span(seconds))),
            Leaf::Area(area) => self.area_of_frame(*area),
            Leaf::Place(quoted) => (*quoted).to_owned(),
            Leaf::Person(number) => self.person(*number),
            Leaf::Id(id) => format!("id {id}"),
            Leaf::Unknown(column) => format!("{}不明", Self::column(*column)),
        }
    }

    fn not(&self, words: &str) -> String {
        format!("{words}以外")
    }

    fn known(&self, column: Column) -> String {
        self.not(&self.leaf(&Leaf::Unknown(column)))
    }

    fn any(&self, words: &[String]) -> String {
        words.join("または")
    }

    fn relation(&self, relation: &Relation, anchor: &What) -> String {
        let anchor_of = |place, descending| self.ranked(Order { descending, ..Order::TIME }, place, anchor);
        let anchor = match relation.which {
            _ if relation.side == Side::BetweenFirstAndLast => anchor.many.clone(),
            Which::Every => anchor.one.clone(),
            Which::First => anchor_of(1, false),
            Which::Last => anchor_of(1, true),
            Which::Nth(place) => anchor_of(place, false),
        };
        let within = relation.within.map(|seconds| self.span(seconds));
        let words = match (relation.side, within) {
            (Side::After, Some(within)) => format!("{anchor}の後{within}以内"),
            (Side::After, None) => format!("{anchor}より後"),
            (Side::Before, Some(within)) => format!("{anchor}の前{within}以内"),
            (Side::Before, None) => format!("{anchor}より前"),
            (Side::Around, Some(within)) => format!("{anchor}の前後{within}以内"),
            (Side::Around, None) => format!("{anchor}の前後"),
            (Side::BetweenFirstAndLast, _) => format!("{anchor}の最初と最後の間"),
        };
        if relation.same_person { format!("{words}（同じ人物）") } else { words }
    }

    fn phrase(&self, kinds: &Kinds, mods: &[String], rest: bool) -> What {
        let noun = match kinds {
            Kinds::Every => "イベント".to_owned(),
            Kinds::Abnormal => "異常行動イベント".to_owned(),
            Kinds::Normal => "通常行動イベント".to_owned(),
            Kinds::Listed(types) => format!("{}イベント", self.types(types)),
        };
        let noun = if rest { format!("質問に合う{noun}") } else { noun };
        let words = if mods.is_empty() { noun } else { format!("{}の{noun}", mods.join("、")) };
        What { one: words.clone(), many: words, plain: mods.is_empty() }
    }

    fn one(&self, what: &What) -> String {
        what.one.clone()
    }

    fn several(&self, count: usize, what: &What) -> String {
        format!("{}{count}件", what.many)
    }

    fn ranked(&self, order: Order, place: u32, what: &What) -> String {
        let rank = Self::rank(order, place);
        if what.plain { format!("{rank}{}", what.one) } else { format!("{}のうち{rank}もの", what.many) }
    }

    fn top(&self, order: Order, count: usize, what: &What) -> String {
        format!("{}のうち{}{count}件", what.many, Self::rank(order, 1))
    }

    fn who(&self, gender: Option<Gender>, age: Option<&str>) -> Option<String> {
        match (gender.map(|gender| self.gender(gender)), age) {
            (Some(gender), Some(age)) => Some(format!("{gender}（約{age}歳）")),
            (Some(gender), None) => Some(gender.to_owned()),
            (None, Some(age)) => Some(format!("約{age}歳")),
            (None, None) => None,
        }
    }

    fn area_of_frame(&self, area: Area) -> String {
        format!("画面{}", self.area(area))
    }

    fn colon(&self) -> &'static str {
        "："
    }

    fn comma(&self) -> &'static str {
        "、"
    }

    fn gap(&self) -> &'static str {
        ""
    }

    fn stop(&self) -> &'static str {
        "。"
    }
}
