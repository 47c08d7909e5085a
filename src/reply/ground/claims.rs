//! Figures of a sentence with what they are figures of, however they are written: by the words around them.

use super::figure::{Figure, Half, Kind, figures};
use crate::question::{Lang, in_digits};

const PERCENT: [&str; 6] = ["%", "퍼센트", "프로", "percent", "per cent", "パーセント"];
const AGE: [&str; 10] = ["세", "살", "歳", "才", "岁", "歲", "years old", "years of age", "year-old", "-year-old"];
const DECADE: [&str; 5] = ["대", "代", "多岁", "多歲", "s"];
const ORDINAL: [&str; 11] = ["번째", "번 째", "째", "番目", "件目", "人目", "回目", "度目", "st", "nd", "rd"];
const COUNT: [&str; 36] = [
    "명",
    "건",
    "개",
    "회",
    "차례",
    "가지",
    "곳",
    "군데",
    "사람",
    "남성",
    "여성",
    "남자",
    "여자",
    "사건",
    "이벤트",
    "人",
    "名",
    "件",
    "回",
    "次",
    "起",
    "个",
    "個",
    "位",
    "つ",
    "度",
    "times",
    "people",
    "persons",
    "person",
    "men",
    "man",
    "women",
    "woman",
    "events",
    "incidents",
];
const NUMBER: [&str; 5] = ["번", "호", "号", "號", "番"];
const DATE: [&str; 7] = ["년", "월", "일", "年", "月", "日", "号"];
const HOUR: [&str; 6] = ["시", "時", "时", "点", "點", "o'clock"];
const HALF: [&str; 2] = ["반", "半"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words before a time of day, with its half of the day.
const BEFORE: [(&str, Half); 22] = [
    ("오전", Half::Morning),
    ("새벽", Half::Morning),
    ("아침", Half::Morning),
    ("오후", Half::Afternoon),
    ("저녁", Half::Afternoon),
    ("午前", Half::Morning),
    ("朝", Half::Morning),
    ("午後", Half::Afternoon),
    ("夕方", Half::Afternoon),
    ("上午", Half::Morning),
    ("凌晨", Half::Morning),
    ("早上", Half::Morning),
    ("下午", Half::Afternoon),
    ("午后", Half::Afternoon),
    ("傍晚", Half::Afternoon),
    ("中午", Half::Afternoon),
    ("am", Half::Morning),
    ("a.m.", Half::Morning),
    ("a.m", Half::Morning),
    ("pm", Half::Afternoon),
    ("p.m.", Half::Afternoon),
    ("p.m", Half::Afternoon),
];

/// Every figure, in all spellings of the language.
pub(super) fn claims(text: &str, lang: Lang) -> Vec<Figure> {
    let text = in_digits(text, lang);
    let chars: Vec<char> = text.chars().collect();
    let found = figures(&text);
    let mut out: Vec<Figure> = Vec::with_capacity(found.len());
    let mut rest = found.into_iter().peekable();
    while let Some(mut figure) = rest.next() {
        let around = Around { chars: &chars, from: figure.at.0, to: figure.at.1 };
        // 3시 12분: the minutes behind belong to the clock.
        let hour = matches!(figure.kind, Kind::Plain) && figure.value <= 24.0 && around.is_hour();
        if hour {
            let next = rest.peek().filter(|next| next.kind == Kind::Time && next.value < 3600.0);
            let close = |from: usize| from.saturating_sub(figure.at.1) <= "o'clock ".len();
            let (mut value, mut minute) = (figure.value * 3600.0, true);
            let half = around.half();
            let minutes = next.filter(|next| close(next.at.0) && around.only_hour_before(next.at.0)).cloned();
            if let Some(minutes) = minutes {
                value += minutes.value;
                minute = minutes.value % 60.0 == 0.0;
                figure.text = format!("{} {}", figure.text, minutes.text);
                rest.next();
            } else if around.half_hour() {
                value += 1800.0;
            }
            figure.value = value;
            figure.kind = Kind::Clock { half, minute };
        } else {
            refine(&mut figure, &around);
        }
        out.push(figure);
    }
    out.extend(chars.iter().enumerate().filter(|(_, c)| is_foreign(**c)).map(|(at, c)| unreadable(at, *c)));
    out
}

/// A digit of a script that nobody writes these languages in: what it says cannot be read, so nothing accounts for it.
fn is_foreign(c: char) -> bool {
    c.is_numeric() && !c.is_ascii() && c != '〇'
}

fn unreadable(at: usize, c: char) -> Figure {
    Figure { text: c.to_string(), value: f64::NAN, step: 0.0, kind: Kind::Plain, at: (at, at + 1) }
}

/// By what stands around a figure that is written alone.
fn refine(figure: &mut Figure, around: &Around<'_>) {
    match figure.kind {
        Kind::Colon { parts } => {
            if let Some(half) = around.half() {
                let value = if parts == 2 { figure.value * 60.0 } else { figure.value };
                figure.value = value;
                figure.kind = Kind::Clock { half: Some(half), minute: parts == 2 };
            } else if parts == 2 && around.behind(&["o'clock"]) {
                figure.value *= 60.0;
                figure.kind = Kind::Clock { half: None, minute: true };
            }
        }
        // "30s" behind "his" or "mid-".
        Kind::Time if figure.text.ends_with('s') && around.after_decade_word() => {
            figure.kind = Kind::Decade;
        }
        // 12분 반: half of it more.
        Kind::Time if around.behind(&HALF) => {
            let unit = if figure.text.ends_with(['분', '分']) { 30.0 } else { 1800.0 };
            figure.value += unit;
        }
        Kind::Plain => figure.kind = around.kind(figure.value),
        _ => {}
    }
    // A number with a place of its own, 第2: what follows it may say more.
    if matches!(figure.kind, Kind::Plain | Kind::Count | Kind::Number) && around.before(&["第", "제"]) {
        figure.kind = Kind::Ordinal;
    }
}

/// Where a figure stands.
struct Around<'a> {
    chars: &'a [char],
    from: usize,
    to: usize,
}

impl Around<'_> {
    fn kind(&self, value: f64) -> Kind {
        let decade = (10.0..100.0).contains(&value) && value % 10.0 == 0.0;
        if self.behind(&PERCENT) {
            Kind::Percent
        } else if decade && self.behind(&DECADE) {
            Kind::Decade
        } else if self.behind(&ORDINAL) || self.behind(&["th"]) {
            Kind::Ordinal
        } else if self.is_clock_hour(value) {
            Kind::Clock { half: self.half(), minute: true }
        } else if self.behind(&AGE) || self.before(&["aged ", "age "]) {
            Kind::Age
        } else if self.behind(&DATE) || self.in_date() {
            Kind::Date
        } else if self.behind(&COUNT) && !self.behind(&["회차"]) {
            Kind::Count
        } else if self.behind(&NUMBER) || self.before(&["#"]) {
            Kind::Number
        } else {
            Kind::Plain
        }
    }

    /// "3 pm": handled with the hours.
    fn is_clock_hour(&self, value: f64) -> bool {
        value <= 24.0 && self.is_hour()
    }

    fn is_hour(&self) -> bool {
        let not_length = !self.behind(&["시간", "時間", "时间"]);
        not_length && self.behind(&HOUR) || self.half_behind().is_some()
    }

    /// Nothing but the hour's own word stands before `until`.
    fn only_hour_before(&self, until: usize) -> bool {
        let between: String = self.chars[self.to..until].iter().collect();
        HOUR.contains(&between.trim())
    }

    fn half_hour(&self) -> bool {
        let start = self.skip(self.to);
        let behind = HOUR.iter().find(|word| self.stands(start, word)).map(|word| start + word.chars().count());
        behind.is_some_and(|at| HALF.iter().any(|half| self.stands(self.skip(at), half)))
    }

    fn half(&self) -> Option<Half> {
        let before: String = self.chars[..self.from].iter().collect();
        let before = before.trim_end();
        let found = BEFORE.iter().find(|(word, _)| !word.is_ascii() && before.ends_with(word));
        found.map(|(_, half)| *half).or_else(|| self.half_behind())
    }

    fn half_behind(&self) -> Option<Half> {
        let start = self.skip(self.to);
        let found = BEFORE.iter().find(|(word, _)| {
            let end = start + word.len();
            let goes_on = self.chars.get(end).is_some_and(|c| c.is_ascii_alphanumeric());
            word.is_ascii() && self.stands(start, word) && !goes_on
        });
        found.map(|(_, half)| *half)
    }

    /// One of these follows, behind one space at most; a Latin one as a whole word.
    fn behind(&self, words: &[&str]) -> bool {
        let start = self.skip(self.to);
        words.iter().any(|word| {
            let end = start + word.chars().count();
            let latin = word.chars().last().is_some_and(|c| c.is_ascii_alphabetic());
            let goes_on = latin && self.chars.get(end).is_some_and(|c| c.is_ascii_alphanumeric());
            self.stands(start, word) && !goes_on
        })
    }

    fn before(&self, words: &[&str]) -> bool {
        let before: String = self.chars[..self.from].iter().collect();
        words.iter().any(|word| before.ends_with(word))
    }

    fn after_decade_word(&self) -> bool {
        self.before(&["his ", "her ", "their ", "mid-", "mid ", "early ", "late ", "in the "])
    }

    /// 2026-03-02, March 2.
    fn in_date(&self) -> bool {
        let digit = |at: Option<usize>| at.and_then(|at| self.chars.get(at)).is_some_and(char::is_ascii_digit);
        let dash = |at: Option<usize>| at.and_then(|at| self.chars.get(at)) == Some(&'-');
        let (from, to) = (self.from, self.to);
        let iso = dash(Some(to)) && digit(Some(to + 1)) && to - from == 4
            || dash(from.checked_sub(1)) && digit(from.checked_sub(2)) && to - from == 2;
        let before: String = self.chars[..from].iter().collect();
        let word = before.trim_end().rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        iso || MONTHS.iter().any(|month| *month == word || word.len() == 3 && month.starts_with(word))
    }

    fn stands(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(i, c)| self.chars.get(at + i) == Some(&c))
    }

    fn skip(&self, at: usize) -> usize {
        if self.chars.get(at) == Some(&' ') { at + 1 } else { at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_of_what_stands_around_them() {
        let clock = |half, minute| Kind::Clock { half, minute };
        let (am, pm) = (Some(Half::Morning), Some(Half::Afternoon));
        let mut wrong = Vec::new();
        for (lang, text, expected) in [
            (Lang::Ko, "오후 3시 12분에", vec![(11_520.0, clock(pm, true))]),
            (Lang::Ko, "세 시 반, 14시 5분 30초", vec![(12_600.0, clock(None, true)), (50_730.0, clock(None, false))]),
            (Lang::Ko, "3시간 12분", vec![(11_520.0, Kind::Time)]),
            (Lang::Ko, "열두 살 남성 두 명이 세 번", vec![(12.0, Kind::Age), (2.0, Kind::Count), (3.0, Kind::Number)]),
            (Lang::Ko, "30대, 95.3%, 두 번째", vec![(30.0, Kind::Decade), (95.3, Kind::Percent), (2.0, Kind::Ordinal)]),
            (Lang::Ko, "2026년 3월 2일", vec![(2026.0, Kind::Date), (3.0, Kind::Date), (2.0, Kind::Date)]),
            (Lang::Ko, "7번 인물, 12분 30초", vec![(7.0, Kind::Number), (750.0, Kind::Time)]),
            (Lang::En, "at 3:12 PM or 9 a.m.", vec![(11_520.0, clock(pm, true)), (32_400.0, clock(am, true))]),
            (Lang::En, "half past three", vec![(12_600.0, clock(None, true))]),
            (
                Lang::En,
                "12:30 and 1:05:30",
                vec![(750.0, Kind::Colon { parts: 2 }), (3930.0, Kind::Colon { parts: 3 })],
            ),
            (Lang::En, "a man in his thirties", vec![(30.0, Kind::Decade)]),
            (Lang::En, "30s later, 12.5 minutes", vec![(30.0, Kind::Time), (750.0, Kind::Time)]),
            (
                Lang::En,
                "twice, three men, 35 years old",
                vec![(2.0, Kind::Count), (3.0, Kind::Count), (35.0, Kind::Age)],
            ),
            (
                Lang::En,
                "on 2026-03-02, March 2",
                vec![(2026.0, Kind::Date), (3.0, Kind::Date), (2.0, Kind::Date), (2.0, Kind::Date)],
            ),
            (Lang::Ja, "午後3時12分に三人", vec![(11_520.0, clock(pm, true)), (3.0, Kind::Count)]),
            (Lang::Ja, "二十四歳、12分30秒", vec![(24.0, Kind::Age), (750.0, Kind::Time)]),
            (Lang::Zh, "下午三点十二分，第二次", vec![(11_520.0, clock(pm, true)), (2.0, Kind::Ordinal)]),
            (Lang::Zh, "两名男子，一小时五分", vec![(2.0, Kind::Count), (3900.0, Kind::Time)]),
        ] {
            let found: Vec<(f64, Kind)> = claims(text, lang).into_iter().map(|one| (one.value, one.kind)).collect();
            if found != expected {
                wrong.push(format!("{text}: {found:?} instead of {expected:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
