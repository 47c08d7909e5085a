//! Numbers that are spelled out, put in digits where they are meant as numbers: "세 번" → "3번", "half past three" →
//! "3:30 o'clock", "三十五分" → "35分". For checking what was written, not for reading questions.
//!
//! A numeral is one only before a counter or a unit: 이 사건, "no one" and 十分 are words. Left alone, because they are
//! words more often than numbers: "once", "both", "second" without "the", 이 before 분 and 번, vague amounts ("several").

mod english;
mod han;
mod korean;

use super::{Lang, text::normalise};

/// The text in one spelling (as [`normalise`] has it), its numerals in digits.
pub fn in_digits(text: &str, lang: Lang) -> String {
    let text = english::in_digits(&normalise(text));
    let chars: Vec<char> = text.chars().collect();
    match lang {
        Lang::Ko => scaled(&korean::in_digits(&chars)),
        Lang::Ja | Lang::Zh => scaled(&han::in_digits(&chars, lang)),
        Lang::En => text,
    }
}

/// 1만 2천 → 12000, 3百 → 300.
fn scaled(chars: &[char]) -> String {
    let mut out = String::with_capacity(chars.len());
    let mut at = 0;
    while at < chars.len() {
        match amount(chars, at) {
            Some((value, end)) => {
                out.push_str(&value.to_string());
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

/// Digits with at least one power of ten behind them, and the index behind the last.
fn amount(chars: &[char], from: usize) -> Option<(u64, usize)> {
    let part_of_number = |c: &char| c.is_ascii_digit() || matches!(c, '.' | ',' | ':');
    if from > 0 && part_of_number(&chars[from - 1]) {
        return None;
    }
    let (mut total, mut section, mut at, mut scales) = (0u64, 0u64, from, 0);
    let mut end = from;
    loop {
        let digits = chars[at..].iter().take_while(|c| c.is_ascii_digit()).take(9).count();
        if digits == 0 {
            break;
        }
        let number: u64 = chars[at..at + digits].iter().collect::<String>().parse().ok()?;
        let scale = match chars.get(at + digits) {
            Some('십' | '十') => 10,
            Some('백' | '百') => 100,
            Some('천' | '千') => 1000,
            Some('만' | '万' | '萬') => 10_000,
            _ if scales > 0 => 1,
            _ => return None,
        };
        section += number * scale;
        at += digits;
        end = at;
        if scale == 1 {
            break;
        }
        if scale == 10_000 {
            total += section;
            section = 0;
        }
        (at, end, scales) = (at + 1, at + 1, scales + 1);
        if chars.get(at) == Some(&' ') && chars.get(at + 1).is_some_and(char::is_ascii_digit) {
            at += 1;
        }
    }
    (scales > 0).then_some((total + section, end))
}

fn starts(chars: &[char], at: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_become_digits_and_words_stay() {
        let mut wrong = Vec::new();
        let mut check = |lang: Lang, cases: &[(&str, &str)]| {
            let found = cases
                .iter()
                .map(|(text, expected)| (text, in_digits(text, lang), expected))
                .filter(|(_, found, expected)| found != *expected)
                .map(|(text, found, expected)| format!("{text}: {found} instead of {expected}"));
            wrong.extend(found);
        };
        check(
            Lang::Ko,
            &[
                ("도난이 세 번 있었습니다", "도난이 3번 있었습니다"),
                ("두 명, 열두 살, 스물다섯살", "2명, 12살, 25살"),
                ("두 분이 이십 분 뒤", "2명이 20분 뒤"),
                ("삼십이분 오초", "32분 5초"),
                ("세 시 반에 네 시간", "3시 반에 4시간"),
                ("두 번째 도난은 이십대", "2번째 도난은 20대"),
                ("두세 명이 서너 번", "2~3명이 3~4번"),
                ("1만 2천 건, 3백 명", "12000 건, 300 명"),
                ("구십오 퍼센트", "95퍼센트"),
                ("두 남성과 세 사건", "2 남성과 3 사건"),
                ("１２：３０에", "12:30에"),
                // Words.
                ("이 사건은 사건입니다. 이번 이 분은 구분", "이 사건은 사건입니다. 이번 이 분은 구분"),
                ("한 건물의 네, 사회 만일 이상 영상 공개", "한 건물의 네, 사회 만일 이상 영상 공개"),
                ("최초 시점, 한 시점에서 한번호", "최초 시점, 한 시점에서 한번호"),
            ],
        );
        check(
            Lang::En,
            &[
                ("Three thefts, twenty-four men", "3 thefts, 24 men"),
                ("one hundred and twenty events", "120 events"),
                ("half past three, a quarter to four", "3:30 o'clock, 3:45 o'clock"),
                ("twice, half a dozen, a dozen, two dozen", "2 times, 6, 12, 24"),
                ("half an hour or a minute later", "30 minutes or 1 minute later"),
                ("the second theft, the third", "the 2nd theft, the 3rd"),
                ("one man and one woman, only one", "1 man and 1 woman, only 1"),
                ("in his mid-thirties", "in his mid-30s"),
                ("at noon, twelve thirty", "at 12:00 pm, 12 30"),
                // Words.
                ("one of them, no one, a second man", "one of them, no one, a second man"),
                ("someone often weighted", "someone often weighted"),
            ],
        );
        check(
            Lang::Ja,
            &[
                ("三人が五分後に二回", "3人が5分後に2回"),
                ("二十四歳、九割、ふたり", "24歳,90%,2人"),
                ("十分に一部の三脚", "十分に一部の三脚"),
                ("午後三時半、二番目", "午後3時半,2番目"),
                ("1万2千件", "12000件"),
            ],
        );
        check(
            Lang::Zh,
            &[
                ("两名男子在三十五分", "2名男子在35分"),
                ("一些人一直一起", "一些人一直一起"),
                ("百分之九十五,十分钟后", "95%,10分钟后"),
                ("下午三点十二分,二十四岁", "下午3点12分,24岁"),
                ("第二次,一共三起", "第2次,一共3起"),
            ],
        );
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn digits_stay() {
        for text in ["12:30", "1,234 events", "2026-03-02", "37.5%", "[12, 15]"] {
            for lang in [Lang::Ko, Lang::En, Lang::Ja, Lang::Zh] {
                assert_eq!(in_digits(text, lang), text);
            }
        }
    }
}
