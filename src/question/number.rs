//! Numbers as people write and say them: digits, Korean, English, Chinese and Japanese numerals.

use super::Lang;
use super::text::is_hangul;

/// A number that begins at some position, and the index behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub(super) value: f64,
    pub(super) end: usize,
    pub(super) kind: Numeral,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Numeral {
    Digits,
    /// Hours (or minutes) and minutes (or seconds) with a colon: the value in seconds read as m:ss or h:mm:ss, and
    /// hour and minute when it can be a time of day.
    Colon {
        clock: Option<(u32, u32)>,
    },
    /// 일 이 삼 …, 一 二 三 …
    Sino,
    /// 하나 둘 셋 …: counts, and the hours of the clock.
    Native,
    /// 이삼십: from this value to `upto`, both decades.
    Span {
        upto: f64,
    },
}

/// The number at `from`: the longest one.
pub(super) fn at(chars: &[char], from: usize, lang: Lang) -> Option<Found> {
    match chars.get(from)? {
        c if c.is_ascii_digit() => Some(digits(chars, from)),
        c if is_hangul(*c) => korean(chars, from),
        _ if matches!(lang, Lang::Ja | Lang::Zh) => han(chars, from),
        _ => None,
    }
}

fn digits(chars: &[char], from: usize) -> Found {
    let run = |at: usize| chars[at.min(chars.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let read = |from: usize, to: usize| {
        chars[from..to].iter().filter_map(|c| c.to_digit(10)).fold(0.0, |n, d| n * 10.0 + f64::from(d))
    };
    let is = |at: usize, c: char| chars.get(at) == Some(&c);
    let first = run(from);
    let mut end = from + first;
    // 12:30 and 1:05:30.
    if first <= 3 && is(end, ':') && run(end + 1) == 2 && read(end + 1, end + 3) < 60.0 {
        let (a, b) = (read(from, end), read(end + 1, end + 3));
        if is(end + 3, ':') && run(end + 4) == 2 {
            let value = a * 3600.0 + b * 60.0 + read(end + 4, end + 6);
            return Found { value, end: end + 6, kind: Numeral::Colon { clock: None } };
        }
        let clock = (a < 25.0 && b < 60.0).then_some((a as u32, b as u32));
        return Found { value: a * 60.0 + b, end: end + 3, kind: Numeral::Colon { clock } };
    }
    let mut value = read(from, end);
    // 2,000
    while first <= 3 && is(end, ',') && run(end + 1) == 3 {
        value = value * 1000.0 + read(end + 1, end + 4);
        end += 4;
    }
    if is(end, '.') && run(end + 1) > 0 {
        let places = run(end + 1);
        value += read(end + 1, end + 1 + places) / 10f64.powi(places.min(300) as i32);
        end += 1 + places;
    }
    Found { value, end, kind: Numeral::Digits }
}

const SINO: &[(char, u32)] = &[
    ('일', 1),
    ('이', 2),
    ('삼', 3),
    ('사', 4),
    ('오', 5),
    ('육', 6),
    ('륙', 6),
    ('칠', 7),
    ('팔', 8),
    ('구', 9),
    ('영', 0),
    ('공', 0),
];

fn korean(chars: &[char], from: usize) -> Option<Found> {
    native(chars, from).or_else(|| {
        let digit = |c: char| SINO.iter().find(|(d, _)| *d == c).map(|(_, n)| *n);
        let scale = |c: char| match c {
            '십' => Some(10),
            '백' => Some(100),
            '천' => Some(1000),
            '만' => Some(10_000),
            _ => None,
        };
        // 이삼십: twenty to thirty.
        if let (Some(a), Some(b), Some('십')) =
            (digit(*chars.get(from)?), chars.get(from + 1).and_then(|c| digit(*c)), chars.get(from + 2))
            && b == a + 1
        {
            let value = f64::from(a * 10);
            return Some(Found { value, end: from + 3, kind: Numeral::Span { upto: f64::from(b * 10) } });
        }
        positional(chars, from, digit, scale)
    })
}

fn native(chars: &[char], from: usize) -> Option<Found> {
    const TENS: &[(&str, u32)] = &[
        ("열", 10),
        ("스물", 20),
        ("스무", 20),
        ("서른", 30),
        ("마흔", 40),
        ("쉰", 50),
        ("예순", 60),
        ("일흔", 70),
        ("여든", 80),
        ("아흔", 90),
    ];
    const ONES: &[(&str, u32)] = &[
        ("하나", 1),
        ("한", 1),
        ("둘", 2),
        ("두", 2),
        ("셋", 3),
        ("세", 3),
        ("석", 3),
        ("넷", 4),
        ("네", 4),
        ("넉", 4),
        ("다섯", 5),
        ("여섯", 6),
        ("일곱", 7),
        ("여덟", 8),
        ("여덜", 8),
        ("아홉", 9),
    ];
    let find = |list: &[(&str, u32)], at: usize| {
        let hit = list.iter().filter(|(word, _)| starts(chars, at, word)).max_by_key(|(word, _)| word.len());
        hit.map(|(word, n)| (*n, at + word.chars().count()))
    };
    let (tens, mid) = find(TENS, from).unwrap_or((0, from));
    let (ones, end) = find(ONES, mid).unwrap_or((0, mid));
    (end > from).then_some(Found { value: f64::from(tens + ones), end, kind: Numeral::Native })
}

fn han(chars: &[char], from: usize) -> Option<Found> {
    let digit = |c: char| {
        "零一二三四五六七八九"
            .chars()
            .position(|d| d == c)
            .or(match c {
                '〇' => Some(0),
                '两' | '兩' => Some(2),
                _ => None,
            })
            .map(|n| n as u32)
    };
    let scale = |c: char| match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        '万' | '萬' => Some(10_000),
        _ => None,
    };
    positional(chars, from, digit, scale)
}

/// Digits and powers of ten in turn: 백이십오, 二十三.
fn positional(
    chars: &[char],
    from: usize,
    digit: impl Fn(char) -> Option<u32>,
    scale: impl Fn(char) -> Option<u32>,
) -> Option<Found> {
    let (mut total, mut section, mut pending, mut end) = (0u64, 0u64, None::<u32>, from);
    let mut below = u32::MAX;
    while let Some(c) = chars.get(end) {
        if let Some(d) = digit(*c) {
            if pending.is_some() {
                break;
            }
            pending = Some(d);
        } else if let Some(s) = scale(*c) {
            if s >= below && s < 10_000 || total > 0 && s == 10_000 {
                break;
            }
            let times = u64::from(pending.take().unwrap_or(1));
            if s == 10_000 {
                total = (section + if section == 0 { times } else { 0 }) * 10_000;
                section = 0;
                below = u32::MAX;
            } else {
                section += times * u64::from(s);
                below = s;
            }
        } else {
            break;
        }
        end += 1;
    }
    let value = (total + section + u64::from(pending.unwrap_or(0))) as f64;
    (end > from).then_some(Found { value, end, kind: Numeral::Sino })
}

fn starts(chars: &[char], at: usize, word: &str) -> bool {
    word.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c))
}

#[cfg(test)]
mod tests {
    use super::{Lang, at};

    #[test]
    fn numerals_are_read() {
        let check = |text: &str, lang: Lang, value: f64, used: usize| {
            let chars: Vec<char> = text.chars().collect();
            let found = at(&chars, 0, lang).unwrap();
            assert_eq!((found.value, found.end), (value, used), "{text}");
        };
        check("2,000초", Lang::Ko, 2000.0, 5);
        check("12:30", Lang::Ko, 750.0, 5);
        check("1:05:30", Lang::Ko, 3930.0, 7);
        check("37.5", Lang::Ko, 37.5, 4);
        check("삼십이분", Lang::Ko, 32.0, 3);
        check("백이십초", Lang::Ko, 120.0, 3);
        check("스물다섯 살", Lang::Ko, 25.0, 4);
        check("열두 번", Lang::Ko, 12.0, 2);
        check("三十五分", Lang::Zh, 35.0, 3);
        check("两个", Lang::Zh, 2.0, 1);
    }
}
