//! Japanese.

use super::describe::{Kinds, Leaf, Range, What, range, slot};
use super::number::{number, percent_of_one};
use super::time::{Style, clock_of, date_time, span, time_of_day, whole_day};
use super::tongue::{Of, Tongue};
use crate::question::reading::{
    Aggregate, Area, Bounds, Clock, Column, Counted, EventType, Gender, GroupValue, Key, Measure, Order, OrderBy,
    Relation, Side, Signal, VideoFact, Which,
};

pub(super) struct Japanese;

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
            Clock::TimeOfDay { from, to } if to == from + 60 => format!("時刻{}", time_of_day(from)),
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

    fn span(&self, seconds: f64) -> String {
        let (number, of) = span(seconds);
        self.amount(&number, of)
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

    fn aggregate(aggregate: Aggregate, of: Measure) -> String {
        let of = match of {
            Measure::Duration => "長さ",
            Measure::Age => "年齢",
            Measure::Confidence => "信頼度",
        };
        match aggregate {
            Aggregate::Average => format!("平均の{of}"),
            Aggregate::Sum => format!("{of}の合計"),
            Aggregate::Min => format!("{of}の最小値"),
            Aggregate::Max => format!("{of}の最大値"),
        }
    }

    fn fact_name(fact: VideoFact) -> &'static str {
        match fact {
            VideoFact::Length(_) => "長さ",
            VideoFact::Name => "名前",
            VideoFact::Filename => "ファイル名",
            VideoFact::RecordedAt => "録画開始時刻",
            VideoFact::Timezone => "タイムゾーン",
        }
    }
}

impl Tongue for Japanese {
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
        format!("「{text}」")
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
                let gender = gender.map(|gender| self.gender(gender).to_owned());
                age.into_iter().chain(gender).collect::<Vec<_>>().join("の")
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
        format!("{}判明", Self::column(column))
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

    fn yes(&self) -> &'static str {
        "はい、"
    }

    fn no(&self) -> &'static str {
        "いいえ、"
    }

    fn none(&self, what: &What) -> String {
        format!("この映像に{}はありません。", what.many)
    }

    fn none_ranked(&self, ranked: &str) -> String {
        format!("この映像に{ranked}はありません。")
    }

    fn happened(&self, when: &str, things: &str, _many: bool) -> String {
        format!("{when}{things}が検出されました。")
    }

    fn detected(&self, things: &str, _many: bool) -> String {
        format!("{things}が検出されました。")
    }

    fn ranked_at(&self, ranked: &str, moment: &str) -> String {
        format!("{ranked}は{moment}に検出されました。")
    }

    fn at(&self, moments: &[String]) -> String {
        format!("{}に", self.list(moments))
    }

    fn between(&self, first: &str, last: &str) -> String {
        format!("{first}から{last}の間に")
    }

    fn fewer_than_asked(&self, asked: u32) -> String {
        format!("お尋ねの{asked}件より少ない結果です。")
    }

    fn spread(&self, first: &str, last: &str) -> String {
        format!("最も早いものは{first}、最も遅いものは{last}です。")
    }

    fn first_few(&self, count: usize, sorted: Option<&str>) -> String {
        match sorted {
            Some(sorted) => format!("先頭の{count}件（{sorted}）："),
            None => format!("先頭の{count}件："),
        }
    }

    fn sorted(&self, order: Order) -> &'static str {
        match (order.by, order.descending) {
            (OrderBy::Time, false) => "早い順",
            (OrderBy::Time, true) => "遅い順",
            (OrderBy::Duration, false) => "短い順",
            (OrderBy::Duration, true) => "長い順",
            (OrderBy::Confidence, false) => "信頼度の低い順",
            (OrderBy::Confidence, true) => "信頼度の高い順",
            (OrderBy::Age, false) => "年齢の低い順",
            (OrderBy::Age, true) => "年齢の高い順",
        }
    }

    fn more_events(&self, count: usize) -> String {
        format!("ほかに{count}件あります。")
    }

    fn more_groups(&self, count: usize) -> String {
        format!("ほかに{count}項目あります。")
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

    fn recorded(&self, quoted: &str) -> String {
        format!("記録：{quoted}")
    }

    fn action(&self, quoted: &str) -> String {
        format!("行動：{quoted}")
    }

    fn length(&self, amount: &str) -> String {
        format!("長さ{amount}")
    }

    fn confidence(&self, percent: &str) -> String {
        format!("信頼度{percent}")
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

    fn count(&self, number: &str, counted: Counted, what: &What) -> String {
        match counted {
            Counted::Events => format!("{}は全部で{number}件です。", what.many),
            Counted::People => format!("{}に現れた人は全部で{number}人です。", what.many),
        }
    }

    fn nobody(&self, what: &What) -> String {
        format!("{}で追跡された人はいません（0人）。", what.many)
    }

    fn at_least(&self, number: &str, least: u32, what: &What) -> String {
        format!("{}が{least}件以上ある人は{number}人です。", what.many)
    }

    fn measure(&self, aggregate: Aggregate, of: Measure, amount: &str, what: &What) -> String {
        format!("{}の{}は{amount}です。", what.many, Self::aggregate(aggregate, of))
    }

    fn no_measure(&self, of: Measure, what: &What) -> String {
        let known = if of == Measure::Age { "年齢が記録されたもの" } else { "該当するもの" };
        format!("この映像の{}に{known}がないため、値がありません。", what.many)
    }

    fn share(&self, percent: &str, what: &What, part: &What, counted: Counted) -> String {
        match counted {
            Counted::Events => format!("{}のうち、{}の割合は{percent}です。", what.many, part.many),
            Counted::People => {
                format!("{}に現れた人のうち、{}に現れた人の割合は{percent}です。", what.many, part.many)
            }
        }
    }

    fn no_share(&self, what: &What) -> String {
        format!("この映像に{}がないため、割合を出せません。", what.many)
    }

    fn rate(&self, number: &str, per: f64, counted: Counted, what: &What) -> String {
        let per = match per {
            3600.0 => "1時間".to_owned(),
            per => self.span(per),
        };
        match counted {
            Counted::Events => format!("{}は{per}あたり{number}件です。", what.many),
            Counted::People => format!("{}に現れた人は{per}あたり{number}人です。", what.many),
        }
    }

    fn no_rate(&self) -> &'static str {
        "この映像の長さが不明なため、時間あたりの値を出せません。"
    }

    fn extreme(&self, key: Key, value: &str, least: bool, counted: Counted, what: &What) -> String {
        let most = if least { "少ない" } else { "多い" };
        let of = match counted {
            Counted::Events => what.many.clone(),
            Counted::People => format!("{}に現れた人", what.many),
        };
        format!("{of}が最も{most}{}は{value}です。", self.key(key))
    }

    fn no_extreme(&self, key: Key, what: &What) -> String {
        format!("この映像の{}に{}が記録されたものがないため、値がありません。", what.many, self.key(key))
    }

    fn distinct(&self, key: Key, number: &str, what: &What) -> String {
        match key {
            Key::Person => format!("{}に現れた異なる人物は{number}人です。", what.many),
            key => format!("{}の{}は全部で{number}通りです。", what.many, self.key(key)),
        }
    }

    fn fact(&self, fact: VideoFact, value: &str) -> String {
        format!("この映像の{}は{value}です。", Self::fact_name(fact))
    }

    fn no_fact(&self, fact: VideoFact) -> String {
        format!("この映像の{}は記録されていません。", Self::fact_name(fact))
    }

    fn value(&self, value: &str) -> String {
        format!("見つかった値は{value}です。")
    }

    fn no_value(&self) -> &'static str {
        "該当するものがないため、値がありません。"
    }

    fn blank(&self) -> &'static str {
        "値なし"
    }

    fn groups(&self, key: Key, value: GroupValue, top: Option<(u32, bool)>, what: &What) -> String {
        let value = match value {
            GroupValue::Count(Counted::Events) => "件数".to_owned(),
            GroupValue::Count(Counted::People) => "人数".to_owned(),
            GroupValue::Share(Counted::Events) => "割合".to_owned(),
            GroupValue::Share(Counted::People) => "人の割合".to_owned(),
            GroupValue::Measure { aggregate, of, .. } => Self::aggregate(aggregate, of),
        };
        let top = match top {
            Some((count, false)) => format!("（上位{count}）"),
            Some((count, true)) => format!("（下位{count}）"),
            None => String::new(),
        };
        format!("{}の{}別の{value}{top}：", what.many, self.key(key))
    }

    fn any_groups(&self) -> &'static str {
        "見つかった値："
    }

    fn no_groups(&self, key: Key, what: &What) -> String {
        format!("この映像の{}に{}が記録されたものはありません。", what.many, self.key(key))
    }

    fn group(&self, key: &str, value: &str) -> String {
        format!("{key}：{value}")
    }

    fn declined(&self, signal: Signal) -> &'static str {
        match signal {
            Signal::OtherVideo => {
                "選択中の映像についてだけ答えられます。ほかの映像は、その映像を選んでからお尋ねください。"
            }
            Signal::Change => {
                "記録は照会だけができ、変更や削除はできません。何も変更していません。調べたいことだけをお尋ねください。"
            }
            Signal::Identity => {
                "名前、電話番号、ナンバープレート、顔など、誰であるかは記録にありません。性別、年代、場所、または「人物7」のような追跡番号でお尋ねください。"
            }
            Signal::Speech => "会話や音は記録されていません。目に見える行動についてお尋ねください。",
            Signal::Price => "価格や金額は記録にありません。窃盗や物を取る動作などのイベントについてお尋ねください。",
            Signal::Prediction => "これから起こることには答えられません。この映像ですでに起きたことをお尋ねください。",
            Signal::Injection => "システムへの指示には従いません。この映像で起きたことを普通の言葉でお尋ねください。",
            Signal::OutsideData => {
                "この映像の記録からは答えられない質問です。「10分から15分の間に窃盗はありましたか？」のように、映像のイベントについてお尋ねください。"
            }
            Signal::ClockUnknown => {
                "この映像は録画時刻が不明なため、時刻での質問には答えられません。「10分から15分の間」のように映像の時間でお尋ねください。"
            }
            Signal::LengthUnknown => {
                "この映像は長さが不明なため、長さが必要な質問には答えられません。「10分以降」のように最初からの時間でお尋ねください。"
            }
        }
    }

    fn not_understood(&self, quoted: &[String], more: usize, unclear: bool) -> String {
        let more = if more > 0 { format!("ほか{more}か所") } else { String::new() };
        let words = format!("{}{more}", quoted.concat());
        match quoted {
            [] => "質問を理解できませんでした。種類、時間、場所、年齢、性別などの言葉でお尋ねください。".to_owned(),
            _ if unclear => {
                format!(
                    "{words}を一つの意味に読み取れませんでした。その部分を分けるか、詳しく書いてもう一度お尋ねください。"
                )
            }
            _ => format!(
                "{words}を理解できませんでした。その言葉を外すか、種類、時間、場所、年齢、性別などの言葉に替えてもう一度お尋ねください。"
            ),
        }
    }

    fn could_not_look(&self) -> &'static str {
        "今は記録を確認できませんでした。イベントがないという意味ではありません。しばらくしてからもう一度お尋ねください。"
    }

    fn no_strategy(&self) -> &'static str {
        "この種の質問に答える方法が有効になっていないため、記録を調べていません。種類、時間、場所、年齢、性別でお尋ねになるか、管理者にお問い合わせください。"
    }
}
