//! Japanese sentences.

use super::Tongue;
use crate::question::reading::{Aggregate, Counted, GroupValue, Key, Measure, Order, OrderBy, Signal, VideoFact};
use crate::reply::template::describe::What;
use crate::reply::template::words::{Japanese, Words};

impl Japanese {
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
    fn yes(&self) -> &'static str {
        "はい、"
    }

    fn no(&self) -> &'static str {
        "いいえ、"
    }

    fn none(&self, what: &What) -> String {
        format!("この映像に{}はありません。", what.many)
    }

    fn not_found(&self, what: &What) -> String {
        format!("この映像で{}は見つかりませんでした。", what.many)
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

    fn these(&self, top: &str) -> String {
        format!("{top}です。")
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
        match of {
            Measure::Age => {
                format!("この映像の{}に年齢が記録されたものがないため、値がありません。", what.many)
            }
            Measure::Duration | Measure::Confidence => {
                format!("この映像に{}がないため、値がありません。", what.many)
            }
        }
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
        let by = if key == Key::Gender { self.key(key) } else { format!("{}別", self.key(key)) };
        format!("{}の{by}の{value}{top}：", what.many)
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

    fn nothing_relevant(&self) -> &'static str {
        "説明を検索しましたが、質問に十分近いものはありませんでした。"
    }

    fn likely(&self, count: usize) -> String {
        format!("質問に近い説明のイベントが{count}件あります。近い順に：")
    }

    fn no_strategy(&self) -> &'static str {
        "この種の質問に答える方法が有効になっていないため、記録を調べていません。種類、時間、場所、年齢、性別でお尋ねになるか、管理者にお問い合わせください。"
    }
}
