//! Chinese sentences.

use super::Tongue;
use crate::question::reading::{Aggregate, Counted, GroupValue, Key, Measure, Order, OrderBy, Signal, VideoFact};
use crate::reply::template::describe::What;
use crate::reply::template::words::{Chinese, Words};

impl Chinese {
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
    fn yes(&self) -> &'static str {
        "有，"
    }

    fn no(&self) -> &'static str {
        "没有，"
    }

    fn none(&self, what: &What) -> String {
        format!("本视频中没有{}。", what.many)
    }

    fn not_found(&self, what: &What) -> String {
        format!("在本视频中没有找到{}。", what.many)
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

    fn these(&self, top: &str) -> String {
        format!("这是{top}。")
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
        match of {
            Measure::Age => format!("本视频的{}中没有记录了年龄的，因此没有值。", what.many),
            Measure::Duration | Measure::Confidence => {
                format!("本视频中没有{}，因此没有值。", what.many)
            }
        }
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

    fn nothing_relevant(&self) -> &'static str {
        "已搜索描述，但没有与问题足够接近的内容。"
    }

    fn likely(&self, count: usize) -> String {
        format!("有{count}个事件的描述与问题接近，按接近程度排列：")
    }

    fn no_strategy(&self) -> &'static str {
        "能回答这类问题的方式没有启用，因此没有查找记录。请按类型、时间、地点、年龄、性别提问，或联系管理员。"
    }
}
