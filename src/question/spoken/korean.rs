//! Korean numerals: native ones before counters, Sino-Korean ones before units.

use super::starts;
use crate::question::{
    Lang,
    number::{self, Numeral},
    text::is_hangul,
};

/// Counters of native numerals; the longer ones first. 분 behind one counts people.
const COUNTERS: [&str; 23] = [
    "번째", "번", "명", "건", "개", "차례", "살", "시간", "시", "사람", "분", "가지", "곳", "군데", "달", "대", "배",
    "마리", "쌍", "남성", "여성", "남자", "여자",
];
const THINGS: [&str; 4] = ["사건", "이벤트", "장면", "인물"];
/// Units of Sino-Korean numerals.
const UNITS: [&str; 18] = [
    "번째",
    "퍼센트",
    "프로",
    "시간",
    "분",
    "초",
    "세",
    "대",
    "명",
    "건",
    "회",
    "개",
    "번",
    "년",
    "월",
    "일",
    "점",
    "인",
];
/// How numerals end that stand without a counter, too: 둘, 셋, 넷, 다섯, 일곱, 여덟, 아홉.
const ALONE: &str = "둘셋넷섯곱덟홉";
const VAGUE: [(&str, &str); 9] = [
    ("한두", "1~2"),
    ("두세", "2~3"),
    ("두서너", "2~4"),
    ("서너", "3~4"),
    ("너댓", "4~5"),
    ("네댓", "4~5"),
    ("대여섯", "5~6"),
    ("예닐곱", "6~7"),
    ("일고여덟", "7~8"),
];
/// What follows a counter that is one: 세 건이 is three, 한 건물 is not.
const BEHIND: &str = "이가은는을를의에과와도만씩쯤간째로으뿐부까밖동정경후뒤전중넘미내짜입였당및들보처하하고반";

pub(super) fn in_digits(chars: &[char]) -> Vec<char> {
    let mut out: Vec<char> = Vec::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        let begins = at == 0 || !chars[at - 1].is_alphanumeric() || behind_time(&out);
        let found = if begins && is_hangul(chars[at]) { spelled(chars, at) } else { None };
        match found {
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

/// A numeral with its counter, as digits with it, and the index behind.
fn spelled(chars: &[char], from: usize) -> Option<(String, usize)> {
    if let Some((word, digits)) = VAGUE.iter().find(|(word, _)| starts(chars, from, word)) {
        let end = from + word.chars().count();
        let counter = counter(chars, gap(chars, end), &COUNTERS)?;
        return Some((format!("{digits}{}", people(counter)), gap(chars, end) + counter.chars().count()));
    }
    let found = number::at(chars, from, Lang::Ko)?;
    let behind = gap(chars, found.end);
    match found.kind {
        Numeral::Native => {
            if let Some(word) = counter(chars, behind, &COUNTERS) {
                let (length, space) = (word.chars().count(), if word.ends_with(['성', '자']) { " " } else { "" });
                return Some((format!("{}{space}{}", found.value, people(word)), behind + length));
            }
            // 둘 다, 셋이: without a counter.
            let (last, next) = (chars[found.end - 1], chars.get(found.end));
            let alone = next.is_none_or(|c| !is_hangul(*c) || "이은을의과만".contains(*c));
            if ALONE.contains(last) && alone {
                return Some((format!("{} ", found.value), found.end));
            }
            let thing = THINGS.iter().any(|thing| starts(chars, behind, thing));
            (thing && behind > found.end && found.value > 1.0).then(|| (format!("{} ", found.value), behind))
        }
        Numeral::Sino => {
            let word = counter(chars, behind, &UNITS)?;
            let single = found.end == from + 1;
            (!single || is_meant(chars[from], word, behind > found.end))
                .then(|| (format!("{}{word}", found.value), behind + word.chars().count()))
        }
        Numeral::Span { upto } => {
            let word = counter(chars, behind, &UNITS)?;
            Some((format!("{}~{upto}{word}", found.value), behind + word.chars().count()))
        }
        Numeral::Digits | Numeral::Colon { .. } => None,
    }
}

/// Whether a single syllable is a number before a unit: 오 분, 십초; not 구분, 사건, 이 분, 일대.
fn is_meant(digit: char, unit: &str, apart: bool) -> bool {
    match unit {
        "초" | "퍼센트" | "프로" => true,
        "분" => digit != '이' && (apart || "일삼사오육칠팔십".contains(digit)),
        "세" | "시간" | "명" | "번" | "회" | "개" | "건" => apart && digit != '이',
        _ => false,
    }
}

/// The counter at `at`, if it is one and not the beginning of a word.
fn counter(chars: &[char], at: usize, all: &[&'static str]) -> Option<&'static str> {
    let word = all.iter().find(|word| starts(chars, at, word))?;
    let end = at + word.chars().count();
    let next = chars.get(end).copied();
    let whole = word.chars().count() > 1 && *word != "시간";
    let stands = next.is_none_or(|c| whole || !is_hangul(c) || BEHIND.contains(c) || time_goes_on(chars, end));
    stands.then_some(*word)
}

/// 분 before seconds: 삼십이분오초.
fn time_goes_on(chars: &[char], at: usize) -> bool {
    number::at(chars, at, Lang::Ko).is_some_and(|found| matches!(chars.get(found.end), Some('초' | '분')))
}

/// The text so far ends in a time, so that a numeral may follow directly.
fn behind_time(out: &[char]) -> bool {
    matches!(out, [.., digit, '분' | '시'] if digit.is_ascii_digit()) || out.ends_with(&['시', '간'])
}

/// Two 분 of people are 명: with digits 분 would be minutes.
fn people(counter: &'static str) -> &'static str {
    if counter == "분" { "명" } else { counter }
}

fn gap(chars: &[char], at: usize) -> usize {
    if chars.get(at) == Some(&' ') { at + 1 } else { at }
}
