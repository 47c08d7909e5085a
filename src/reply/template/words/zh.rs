//! Chinese words.

use super::{Of, Words};
use crate::question::reading::{
    Area, Bounds, Clock, Column, EventType, Gender, Key, Order, OrderBy, Relation, Side, Which,
};
use crate::reply::template::describe::{Kinds, Leaf, Range, What, range, slot};
use crate::reply::template::number::{number, percent_of_one};
use crate::reply::template::time::{Style, clock_of, date_time, time_of_day, whole_day};

pub(in crate::reply::template) struct Chinese;

impl Chinese {
    fn bounds(&self, bounds: Bounds, say: impl Fn(f64) -> String) -> String {
        match range(bounds) {
            None => String::new(),
            Some(Range::Exactly(a)) => say(a),
            Some(Range::AtLeast(a)) => format!("不低于{}", say(a)),
            Some(Range::Over(a)) => format!("超过{}", say(a)),
            Some(Range::AtMost(a)) => format!("不超过{}", say(a)),
            Some(Range::Under(a)) => format!("低于{}", say(a)),
            Some(Range::Between(a, b)) => format!("{}至{}", say(a), say(b)),
            Some(Range::Ends(a, b)) => {
                let low = if a.inclusive { "不低于" } else { "超过" };
                let high = if b.inclusive { "不超过" } else { "低于" };
                format!("{low}{}且{high}{}", say(a.value), say(b.value))
            }
        }
    }

    fn time(&self, bounds: Bounds) -> String {
        if let Some(start) = slot(bounds, 1.0) {
            return self.moment(start);
        }
        match range(bounds) {
            None => String::new(),
            Some(Range::Exactly(a)) => self.moment(a),
            Some(Range::AtLeast(a)) => format!("{}起", self.moment(a)),
            Some(Range::Over(a)) => format!("{}之后", self.moment(a)),
            Some(Range::AtMost(a)) => format!("截至{}", self.moment(a)),
            Some(Range::Under(a)) => format!("{}之前", self.moment(a)),
            Some(Range::Between(a, b)) => format!("{}至{}之间", self.moment(a), self.moment(b)),
            Some(Range::Ends(a, b)) => {
                let low = if a.inclusive { "起" } else { "之后" };
                let high = if b.inclusive { "为止" } else { "之前" };
                format!("{}{low}至{}{high}", self.moment(a.value), self.moment(b.value))
            }
        }
    }

    fn clock(&self, clock: Clock) -> String {
        match clock {
            Clock::TimeOfDay { from, to } if to.checked_sub(from) == Some(60) => format!("时刻{}", time_of_day(from)),
            Clock::TimeOfDay { from, to } => format!("时刻{}–{}", time_of_day(from), time_of_day(to)),
            Clock::Between { from: None, to: None } => String::new(),
            Clock::Between { from: Some(from), to: None } => format!("从{}起", date_time(from)),
            Clock::Between { from: None, to: Some(to) } => format!("{}之前", date_time(to)),
            Clock::Between { from: Some(from), to: Some(to) } => {
                whole_day(from, to).unwrap_or_else(|| format!("{}起至{}之前", date_time(from), date_time(to)))
            }
        }
    }

    fn age(&self, age: Bounds) -> String {
        match (slot(age, 10.0), range(age)) {
            (Some(decade), _) if decade >= 10.0 => format!("{decade}多岁"),
            (_, Some(Range::AtLeast(a))) => format!("{}岁及以上", number(a)),
            (_, Some(Range::AtMost(a))) => format!("{}岁及以下", number(a)),
            (_, Some(Range::Under(a))) => format!("不到{}岁", number(a)),
            _ => self.bounds(age, |years| format!("{}岁", number(years))),
        }
    }

    fn types(&self, types: &[EventType]) -> String {
        match types {
            [] => String::new(),
            [one] => self.event_type(*one).to_owned(),
            [others @ .., last] => {
                let others: Vec<&str> = others.iter().map(|kind| self.event_type(*kind)).collect();
                format!("{}或{}", others.join("、"), self.event_type(*last))
            }
        }
    }

    fn column(column: Column) -> &'static str {
        match column {
            Column::Age => "年龄",
            Column::Gender => "性别",
            Column::Area => "画面位置",
            Column::Place => "地点",
            Column::Person => "跟踪编号",
            Column::Description => "描述",
            Column::Action => "动作",
        }
    }

    fn rank(order: Order, place: u32) -> String {
        let more = match (order.by, order.descending) {
            (OrderBy::Time, false) if place == 1 => return "第一起".to_owned(),
            (OrderBy::Time, true) if place == 1 => return "最后一起".to_owned(),
            (OrderBy::Time, false) => return format!("第{place}起"),
            (OrderBy::Time, true) => return format!("倒数第{place}起"),
            (OrderBy::Duration, true) => "时间最长",
            (OrderBy::Duration, false) => "时间最短",
            (OrderBy::Confidence, true) => "置信度最高",
            (OrderBy::Confidence, false) => "置信度最低",
            (OrderBy::Age, true) => "年龄最大",
            (OrderBy::Age, false) => "年龄最小",
        };
        if place == 1 { format!("{more}的一起") } else { format!("{more}的第{place}起") }
    }
}

impl Words for Chinese {
    fn event_type(&self, kind: EventType) -> &'static str {
        match kind {
            EventType::Theft => "盗窃",
            EventType::Collapse => "倒地",
            EventType::Sitting => "坐下",
            EventType::Loitering => "徘徊",
            EventType::Intrusion => "闯入",
            EventType::Fighting => "打架",
            EventType::Vandalism => "破坏",
            EventType::PersonEnter => "进入",
            EventType::PersonExit => "离开",
            EventType::Interaction => "互动",
            EventType::Picking => "拿取物品",
            EventType::Walking => "行走",
            EventType::Standing => "站立",
            EventType::Anomaly => "其他异常",
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
            Area::Left => "左侧",
            Area::Center => "中间",
            Area::Right => "右侧",
        }
    }

    fn key(&self, key: Key) -> String {
        match key {
            Key::Type => "类型".to_owned(),
            Key::Place => "地点".to_owned(),
            Key::Area => "画面位置".to_owned(),
            Key::Gender => "性别".to_owned(),
            Key::AgeDecade => "年龄段".to_owned(),
            Key::Hour => "钟点".to_owned(),
            Key::Slice(width) => format!("{}时段", self.span(width)),
            Key::Person => "人物".to_owned(),
        }
    }

    fn unknown(&self) -> &'static str {
        "未知"
    }

    fn decade(&self, start: i64) -> String {
        if start == 0 { "不到10岁".to_owned() } else { format!("{start}多岁") }
    }

    fn hour(&self, hour: i64) -> String {
        format!("{hour}点")
    }

    fn person(&self, number: i64) -> String {
        format!("{number}号人物")
    }

    fn slice(&self, from: &str, to: &str) -> String {
        format!("{from}–{to}")
    }

    fn quote(&self, text: &str) -> String {
        format!("“{}”", text.replace(['“', '”'], "\""))
    }

    fn shortened(&self, quoted: &str) -> String {
        format!("{quoted}（后文略）")
    }

    fn moment(&self, seconds: f64) -> String {
        clock_of(seconds, Style::Colon)
    }

    fn with_clock(&self, moment: &str, clock: &str) -> String {
        format!("{moment}（时刻{clock}）")
    }

    fn amount(&self, number: &str, of: Of) -> String {
        let unit = match of {
            Of::Events => "起",
            Of::People => "人",
            Of::Seconds => "秒",
            Of::Minutes => "分钟",
            Of::Hours => "小时",
            Of::Years => "岁",
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
            Leaf::Types(types) => format!("{}类", self.types(types)),
            Leaf::Time(bounds) => self.time(*bounds),
            Leaf::Clock(clock) => self.clock(*clock),
            Leaf::Who(gender, age) => {
                let age = age.map(|age| self.age(age));
                let who = gender.map_or("人", |gender| self.gender(gender)).to_owned();
                age.into_iter().chain([who]).collect::<Vec<_>>().join("的")
            }
            Leaf::Confidence(bounds) => format!("置信度{}", self.bounds(*bounds, percent_of_one)),
            Leaf::Duration(bounds) => format!("时长{}", self.bounds(*bounds, |seconds| self.span(seconds))),
            Leaf::Area(area) => self.area_of_frame(*area),
            Leaf::Place(quoted) => (*quoted).to_owned(),
            Leaf::Person(number) => self.person(*number),
            Leaf::Id(id) => format!("id {id}"),
            Leaf::Unknown(column) => format!("{}未知", Self::column(*column)),
        }
    }

    fn not(&self, words: &str) -> String {
        format!("{words}以外")
    }

    fn known(&self, column: Column) -> String {
        format!("{}已知", Self::column(column))
    }

    fn any(&self, words: &[String]) -> String {
        words.join("或")
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
            (Side::After, Some(within)) => format!("{anchor}之后{within}内"),
            (Side::After, None) => format!("{anchor}之后"),
            (Side::Before, Some(within)) => format!("{anchor}之前{within}内"),
            (Side::Before, None) => format!("{anchor}之前"),
            (Side::Around, Some(within)) => format!("{anchor}前后{within}内"),
            (Side::Around, None) => format!("{anchor}前后"),
            (Side::BetweenFirstAndLast, _) => format!("第一起和最后一起{anchor}之间"),
        };
        if relation.same_person { format!("{words}（同一人物）") } else { words }
    }

    fn phrase(&self, kinds: &Kinds, mods: &[String], rest: bool) -> What {
        let noun = match kinds {
            Kinds::Every => "事件".to_owned(),
            Kinds::Abnormal => "异常行为事件".to_owned(),
            Kinds::Normal => "正常行为事件".to_owned(),
            Kinds::Listed(types) => format!("{}事件", self.types(types)),
        };
        let noun = if rest { format!("符合问题的{noun}") } else { noun };
        let words = if mods.is_empty() { noun } else { format!("{}的{noun}", mods.join("、")) };
        What { one: words.clone(), many: words, plain: mods.is_empty() }
    }

    fn one(&self, what: &What) -> String {
        format!("1起{}", what.one)
    }

    fn several(&self, count: usize, what: &What) -> String {
        format!("{count}起{}", what.many)
    }

    fn ranked(&self, order: Order, place: u32, what: &What) -> String {
        let rank = Self::rank(order, place);
        if what.plain && order.by == OrderBy::Time {
            format!("{rank}{}", what.one)
        } else {
            format!("{}中{rank}", what.many)
        }
    }

    fn top(&self, order: Order, count: usize, what: &What) -> String {
        let rank = match (order.by, order.descending) {
            (OrderBy::Time, false) => "最早的",
            (OrderBy::Time, true) => "最晚的",
            (OrderBy::Duration, true) => "时间最长的",
            (OrderBy::Duration, false) => "时间最短的",
            (OrderBy::Confidence, true) => "置信度最高的",
            (OrderBy::Confidence, false) => "置信度最低的",
            (OrderBy::Age, true) => "年龄最大的",
            (OrderBy::Age, false) => "年龄最小的",
        };
        format!("{}中{rank}{count}起", what.many)
    }

    fn who(&self, gender: Option<Gender>, age: Option<&str>) -> Option<String> {
        match (gender.map(|gender| self.gender(gender)), age) {
            (Some(gender), Some(age)) => Some(format!("{gender}（约{age}岁）")),
            (Some(gender), None) => Some(gender.to_owned()),
            (None, Some(age)) => Some(format!("约{age}岁")),
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
        "，"
    }

    fn gap(&self) -> &'static str {
        ""
    }

    fn stop(&self) -> &'static str {
        "。"
    }
}
