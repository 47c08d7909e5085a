//! Chinese.

use super::describe::{Kinds, Leaf, Range, What, range, slot};
use super::number::{number, percent_of_one};
use super::time::{Style, clock_of, date_time, span, time_of_day, whole_day};
use super::tongue::{Of, Tongue};
use crate::question::reading::{
    Aggregate, Area, Bounds, Clock, Column, Counted, EventType, Gender, GroupValue, Key, Measure, Order, OrderBy,
    Relation, Side, Signal, VideoFact, Which,
};

pub(super) struct Chinese;

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
            Some(Range::AtLeast(a)) => format!("从{}起", self.moment(a)),
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
            Clock::TimeOfDay { from, to } if to == from + 60 => format!("时刻{}", time_of_day(from)),
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
        match slot(age, 10.0) {
            Some(decade) if decade >= 10.0 => format!("{decade}多岁"),
            _ => self.bounds(age, |years| format!("{}岁", number(years))),
        }
    }

    fn span(&self, seconds: f64) -> String {
        let (number, of) = span(seconds);
        self.amount(&number, of)
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

    fn aggregate(aggregate: Aggregate, of: Measure) -> String {
        let aggregate = match aggregate {
            Aggregate::Average => "平均",
            Aggregate::Sum => "总",
            Aggregate::Min => "最小",
            Aggregate::Max => "最大",
        };
        let of = match of {
            Measure::Duration => "时长",
            Measure::Age => "年龄",
            Measure::Confidence => "置信度",
        };
        format!("{aggregate}{of}")
    }

    fn fact_name(fact: VideoFact) -> &'static str {
        match fact {
            VideoFact::Length(_) => "时长",
            VideoFact::Name => "名称",
            VideoFact::Filename => "文件名",
            VideoFact::RecordedAt => "录制开始时间",
            VideoFact::Timezone => "时区",
        }
    }
}

impl Tongue for Chinese {
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
            Key::Slice(width) => format!("每{}时段", self.span(width)),
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
        format!("“{text}”")
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
            Leaf::Types(types) => format!("类型为{}", self.types(types)),
            Leaf::Time(bounds) => self.time(*bounds),
            Leaf::Clock(clock) => self.clock(*clock),
            Leaf::Who(gender, age) => {
                let age = age.map(|age| self.age(age));
                let gender = gender.map(|gender| self.gender(gender).to_owned());
                age.into_iter().chain(gender).collect::<Vec<_>>().join("的")
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

    fn yes(&self) -> &'static str {
        "有，"
    }

    fn no(&self) -> &'static str {
        "没有，"
    }

    fn none(&self, what: &What) -> String {
        format!("本视频中没有{}。", what.many)
    }

    fn none_ranked(&self, ranked: &str) -> String {
        format!("本视频中没有{ranked}。")
    }

    fn happened(&self, when: &str, things: &str, _many: bool) -> String {
        format!("{when}检测到{things}。")
    }

    fn detected(&self, things: &str, _many: bool) -> String {
        format!("检测到{things}。")
    }

    fn ranked_at(&self, ranked: &str, moment: &str) -> String {
        format!("{ranked}在{moment}。")
    }

    fn at(&self, moments: &[String]) -> String {
        self.list(moments)
    }

    fn between(&self, first: &str, last: &str) -> String {
        format!("{first}至{last}之间")
    }

    fn fewer_than_asked(&self, asked: u32) -> String {
        format!("少于所问的{asked}起。")
    }

    fn spread(&self, first: &str, last: &str) -> String {
        format!("最早在{first}，最晚在{last}。")
    }

    fn first_few(&self, count: usize, sorted: Option<&str>) -> String {
        match sorted {
            Some(sorted) => format!("前{count}起（{sorted}）："),
            None => format!("前{count}起："),
        }
    }

    fn sorted(&self, order: Order) -> &'static str {
        match (order.by, order.descending) {
            (OrderBy::Time, false) => "从早到晚",
            (OrderBy::Time, true) => "从晚到早",
            (OrderBy::Duration, false) => "从短到长",
            (OrderBy::Duration, true) => "从长到短",
            (OrderBy::Confidence, false) => "置信度从低到高",
            (OrderBy::Confidence, true) => "置信度从高到低",
            (OrderBy::Age, false) => "年龄从小到大",
            (OrderBy::Age, true) => "年龄从大到小",
        }
    }

    fn more_events(&self, count: usize) -> String {
        format!("另外还有{count}起。")
    }

    fn more_groups(&self, count: usize) -> String {
        format!("另外还有{count}项。")
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

    fn recorded(&self, quoted: &str) -> String {
        format!("记录：{quoted}")
    }

    fn action(&self, quoted: &str) -> String {
        format!("动作：{quoted}")
    }

    fn length(&self, amount: &str) -> String {
        format!("时长{amount}")
    }

    fn confidence(&self, percent: &str) -> String {
        format!("置信度{percent}")
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

    fn count(&self, number: &str, counted: Counted, what: &What) -> String {
        match counted {
            Counted::Events => format!("本视频中共有{number}起{}。", what.many),
            Counted::People => format!("{}中共出现{number}人。", what.many),
        }
    }

    fn nobody(&self, what: &What) -> String {
        format!("{}中没有被跟踪到的人（0人）。", what.many)
    }

    fn at_least(&self, number: &str, least: u32, what: &What) -> String {
        format!("有至少{least}起{}的有{number}人。", what.many)
    }

    fn measure(&self, aggregate: Aggregate, of: Measure, amount: &str, what: &What) -> String {
        format!("{}的{}为{amount}。", what.many, Self::aggregate(aggregate, of))
    }

    fn no_measure(&self, of: Measure, what: &What) -> String {
        let known = if of == Measure::Age { "记录了年龄的" } else { "符合条件的" };
        format!("本视频的{}中没有{known}，因此没有值。", what.many)
    }

    fn share(&self, percent: &str, what: &What, part: &What, counted: Counted) -> String {
        match counted {
            Counted::Events => format!("{}中，{}占{percent}。", what.many, part.many),
            Counted::People => format!("{}中出现的人里，出现在{}中的占{percent}。", what.many, part.many),
        }
    }

    fn no_share(&self, what: &What) -> String {
        format!("本视频中没有{}，因此无法给出比例。", what.many)
    }

    fn rate(&self, number: &str, per: f64, counted: Counted, what: &What) -> String {
        let per = match per {
            60.0 => "分钟".to_owned(),
            3600.0 => "小时".to_owned(),
            per => self.span(per),
        };
        match counted {
            Counted::Events => format!("{}每{per}{number}起。", what.many),
            Counted::People => format!("{}中每{per}出现{number}人。", what.many),
        }
    }

    fn no_rate(&self) -> &'static str {
        "本视频的时长未知，因此无法给出单位时间的值。"
    }

    fn extreme(&self, key: Key, value: &str, least: bool, counted: Counted, what: &What) -> String {
        let most = if least { "最少" } else { "最多" };
        let of = match counted {
            Counted::Events => what.many.clone(),
            Counted::People => format!("{}中人数", what.many),
        };
        format!("{of}{most}的{}是{value}。", self.key(key))
    }

    fn no_extreme(&self, key: Key, what: &What) -> String {
        format!("本视频的{}中没有记录了{}的，因此没有值。", what.many, self.key(key))
    }

    fn distinct(&self, key: Key, number: &str, what: &What) -> String {
        match key {
            Key::Person => format!("{}中出现的不同人物共{number}人。", what.many),
            key => format!("{}中不同的{}共{number}种。", what.many, self.key(key)),
        }
    }

    fn fact(&self, fact: VideoFact, value: &str) -> String {
        format!("本视频的{}是{value}。", Self::fact_name(fact))
    }

    fn no_fact(&self, fact: VideoFact) -> String {
        format!("本视频的{}没有记录。", Self::fact_name(fact))
    }

    fn value(&self, value: &str) -> String {
        format!("查到的值是{value}。")
    }

    fn no_value(&self) -> &'static str {
        "没有符合条件的内容，因此没有值。"
    }

    fn blank(&self) -> &'static str {
        "无值"
    }

    fn groups(&self, key: Key, value: GroupValue, top: Option<(u32, bool)>, what: &What) -> String {
        let value = match value {
            GroupValue::Count(Counted::Events) => "数量".to_owned(),
            GroupValue::Count(Counted::People) => "人数".to_owned(),
            GroupValue::Share(Counted::Events) => "比例".to_owned(),
            GroupValue::Share(Counted::People) => "人数比例".to_owned(),
            GroupValue::Measure { aggregate, of, .. } => Self::aggregate(aggregate, of),
        };
        let top = match top {
            Some((count, false)) => format!("（前{count}项）"),
            Some((count, true)) => format!("（后{count}项）"),
            None => String::new(),
        };
        format!("{}按{}的{value}{top}：", what.many, self.key(key))
    }

    fn any_groups(&self) -> &'static str {
        "查到的值："
    }

    fn no_groups(&self, key: Key, what: &What) -> String {
        format!("本视频的{}中没有记录了{}的。", what.many, self.key(key))
    }

    fn group(&self, key: &str, value: &str) -> String {
        format!("{key}：{value}")
    }

    fn declined(&self, signal: Signal) -> &'static str {
        match signal {
            Signal::OtherVideo => "只能回答关于当前所选视频的问题。要问其他视频，请先选择那个视频再提问。",
            Signal::Change => "记录只能查询，不能更改或删除。没有更改任何内容。请只提出要查询的内容。",
            Signal::Identity => {
                "记录中没有姓名、电话、车牌、面部等身份信息。请按性别、年龄段、地点或“7号人物”这样的跟踪编号提问。"
            }
            Signal::Speech => "没有记录说话和声音。请询问看得见的行为。",
            Signal::Price => "没有记录价格和金额。请询问盗窃、拿取物品等事件。",
            Signal::Prediction => "无法回答将来会发生的事。请询问本视频中已经发生的事。",
            Signal::Injection => "不执行针对系统的指令。请用平常的话询问本视频中发生的事。",
            Signal::OutsideData => "本视频的记录无法回答这个问题。请询问视频中的事件，例如“10分到15分之间有没有盗窃？”",
            Signal::ClockUnknown => {
                "本视频的录制时间未知，无法回答按钟点提出的问题。请按视频时间提问，例如“10分到15分之间”。"
            }
            Signal::LengthUnknown => {
                "本视频的时长未知，无法回答需要时长的问题。请按从开头算起的时间提问，例如“10分以后”。"
            }
        }
    }

    fn not_understood(&self, quoted: &[String], more: usize, unclear: bool) -> String {
        let more = if more > 0 { format!("以及另外{more}处") } else { String::new() };
        let words = format!("{}{more}", quoted.concat());
        match quoted {
            [] => "没有理解这个问题。请用类型、时间、地点、年龄、性别等词提问。".to_owned(),
            _ if unclear => format!("{words}可以有多种理解。请把这部分拆开或写得更具体，再问一次。"),
            _ => format!("没有理解{words}。请去掉这些词，或换成类型、时间、地点、年龄、性别等词，再问一次。"),
        }
    }

    fn could_not_look(&self) -> &'static str {
        "现在没能查看记录。这并不表示没有事件。请稍后再问一次。"
    }

    fn no_strategy(&self) -> &'static str {
        "能回答这类问题的方式没有启用，因此没有查找记录。请按类型、时间、地点、年龄、性别提问，或联系管理员。"
    }
}
