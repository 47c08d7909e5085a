//! Chinese and Japanese numerals, before counters and units.

use super::starts;
use crate::question::{
    Lang,
    number::{self, Numeral},
};

/// The longer ones first.
const JAPANESE: [&str; 28] = [
    "パーセント",
    "番目",
    "件目",
    "人目",
    "回目",
    "度目",
    "時間",
    "箇所",
    "ヶ所",
    "か所",
    "人",
    "名",
    "件",
    "回",
    "度",
    "つ",
    "個",
    "分",
    "秒",
    "時",
    "歳",
    "才",
    "番",
    "代",
    "倍",
    "日",
    "月",
    "年",
];
const CHINESE: [&str; 36] = [
    "分钟", "分鐘", "小时", "小時", "多岁", "人", "名", "位", "个", "個", "次", "起", "件", "条", "場", "场", "分",
    "秒", "点", "點", "时", "時", "岁", "歲", "号", "號", "回", "种", "種", "处", "處", "倍", "天", "月", "日", "年",
];
const SPOKEN_JAPANESE: [(&str, &str); 6] =
    [("ひとり", "1人"), ("ふたり", "2人"), ("ふたつ", "2つ"), ("みっつ", "3つ"), ("よっつ", "4つ"), ("いつつ", "5つ")];
const SPOKEN_CHINESE: [(&str, &str); 2] = [("俩", "2个"), ("仨", "3个")];
/// Words that only look like a number and a counter.
const WORDS: [&str; 8] = ["一起", "一度", "一時", "一时", "一点", "一點", "一日中", "一番"];
/// 十分 is "ten minutes" before these, else "enough" and "very".
const TEN_MINUTES: &str = "钟鐘后後前内內间間以頃ご秒";

pub(super) fn in_digits(chars: &[char], lang: Lang) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        match spelled(chars, at, lang) {
            Some((digits, end)) => {
                out.extend(digits.chars());
                at = end;
            }
            None => {
                out.push(chars[at]);
                at += 1;
            }
        }
    }
    out
}

/// A numeral as digits, and the index behind it.
fn spelled(chars: &[char], from: usize, lang: Lang) -> Option<(String, usize)> {
    let spoken: &[(&str, &str)] = if lang == Lang::Ja { &SPOKEN_JAPANESE } else { &SPOKEN_CHINESE };
    if let Some((word, digits)) = spoken.iter().find(|(word, _)| starts(chars, from, word)) {
        return Some(((*digits).to_owned(), from + word.chars().count()));
    }
    if starts(chars, from, "百分之") {
        let share = number::at(chars, from + 3, lang)?;
        return Some((format!("{}%", share.value), share.end));
    }
    let found = number::at(chars, from, lang).filter(|found| found.kind == Numeral::Sino)?;
    let before = from.checked_sub(1).map(|at| chars[at]);
    // 2千: of digits with powers of ten; 同一人物 is the same person.
    if before.is_some_and(|c| c.is_ascii_digit() || matches!(c, '同' | '唯' | '统' | '統' | '单' | '單')) {
        return None;
    }
    let next = chars.get(found.end).copied();
    // Nine tenths.
    if matches!(next, Some('割' | '成')) && found.value < 10.0 && !matches!(chars.get(found.end + 1), Some('年' | '人'))
    {
        return Some((format!("{}%", found.value * 10.0), found.end + 1));
    }
    let counters: &[&str] = if lang == Lang::Ja { &JAPANESE } else { &CHINESE };
    let counter = counters.iter().find(|word| starts(chars, found.end, word))?;
    let after_clock = matches!(before, Some('点' | '點' | '時' | '时'));
    let half = matches!(before, Some('午' | '晨' | '上' | '前' | '後'));
    if WORDS.iter().any(|word| starts(chars, from, word)) && !half {
        return None;
    }
    if found.value == 10.0 && found.end == from + 1 && *counter == "分" && !after_clock {
        let behind = chars.get(found.end + 1);
        let meant = behind.is_some_and(|c| TEN_MINUTES.contains(*c) || "一二三四五六七八九十".contains(*c));
        if !meant {
            return None;
        }
    }
    Some((found.value.to_string(), found.end))
}
