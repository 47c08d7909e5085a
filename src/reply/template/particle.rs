//! Korean particles, which follow the sound before them.

/// A particle with two shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Particle {
    /// 이/가
    Subject,
    /// 을/를
    Object,
    /// 은/는
    Topic,
    /// 과/와
    And,
    /// 으로/로
    By,
}

impl Particle {
    /// After a final consonant, after a vowel, and where the sound is not known.
    fn shapes(self) -> [&'static str; 3] {
        match self {
            Self::Subject => ["이", "가", "이(가)"],
            Self::Object => ["을", "를", "을(를)"],
            Self::Topic => ["은", "는", "은(는)"],
            Self::And => ["과", "와", "과(와)"],
            Self::By => ["으로", "로", "(으)로"],
        }
    }
}

/// What a word ends in, as it is read aloud in Korean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Vowel,
    /// ㄹ, after which it is 로.
    Liquid,
    Consonant,
    Unknown,
}

/// The word with its particle.
pub(super) fn with(word: &str, particle: Particle) -> String {
    let [consonant, vowel, unknown] = particle.shapes();
    let shape = match end_of(word) {
        End::Vowel => vowel,
        End::Liquid if particle == Particle::By => vowel,
        End::Liquid | End::Consonant => consonant,
        End::Unknown => unknown,
    };
    format!("{word}{shape}")
}

/// Closing brackets, quotation marks and stops are not read; `%` is 퍼센트.
fn end_of(word: &str) -> End {
    let word = word.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '%');
    match word.chars().next_back() {
        Some('%') => End::Vowel,
        Some(c @ '가'..='힣') => hangul(c),
        Some(c) if c.is_ascii_digit() => digit(c),
        Some(c) if c.is_ascii_alphabetic() => latin(word),
        _ => End::Unknown,
    }
}

fn hangul(syllable: char) -> End {
    match (u32::from(syllable) - u32::from('가')) % 28 {
        0 => End::Vowel,
        8 => End::Liquid,
        _ => End::Consonant,
    }
}

/// 영 (and 십, 백, 천, 만), 일, 이, 삼, 사, 오, 육, 칠, 팔, 구.
fn digit(digit: char) -> End {
    match digit {
        '1' | '7' | '8' => End::Liquid,
        '0' | '3' | '6' => End::Consonant,
        _ => End::Vowel,
    }
}

/// A rule of thumb: letters of an abbreviation by name, words by how they are usually written in Hangul.
fn latin(word: &str) -> End {
    let start = word
        .rfind(|c: char| !c.is_ascii_alphabetic())
        .map_or(0, |at| at + word[at..].chars().next().map_or(1, char::len_utf8));
    let last: Vec<char> = word[start..].chars().collect();
    if last.iter().all(char::is_ascii_uppercase) {
        return match last.last() {
            Some('L' | 'R') => End::Liquid,
            Some('M' | 'N') => End::Consonant,
            _ => End::Vowel,
        };
    }
    let lower: Vec<char> = last.iter().rev().map(char::to_ascii_lowercase).collect();
    let vowel = |at: usize| lower.get(at).is_some_and(|c| "aeiou".contains(*c));
    match lower.as_slice() {
        ['l', ..] | ['e', 'l', ..] => End::Liquid,
        ['m' | 'n', ..] | ['e', 'm' | 'n', ..] | ['g', 'n', ..] => End::Consonant,
        ['p' | 'k' | 't' | 'c', ..] if vowel(1) && !vowel(2) => End::Consonant,
        _ => End::Vowel,
    }
}

#[cfg(test)]
mod tests {
    use super::Particle::{And, By, Object, Subject, Topic};
    use super::*;

    #[test]
    fn agree_with_the_sound_before() {
        for (word, particle, expected) in [
            ("도난", Subject, "도난이"),
            ("이벤트", Subject, "이벤트가"),
            ("장소", Object, "장소를"),
            ("유형", Object, "유형을"),
            ("나이", Topic, "나이는"),
            ("성별", Topic, "성별은"),
            ("남성", And, "남성과"),
            ("여자", And, "여자와"),
            ("복도", By, "복도로"),
            ("교실", By, "교실로"),
            ("매장", By, "매장으로"),
            ("3", Subject, "3이"),
            ("2", Subject, "2가"),
            ("10", Topic, "10은"),
            ("7", By, "7로"),
            ("3", By, "3으로"),
            ("95.3%", Topic, "95.3%는"),
            ("남성(35)", Subject, "남성(35)가"),
            ("‘계산대’", Object, "‘계산대’를"),
            ("‘A열 선반’", Topic, "‘A열 선반’은"),
            ("“간다.”", And, "“간다.”와"),
            ("CCTV", Topic, "CCTV는"),
            ("ATM", Topic, "ATM은"),
            ("XL", By, "XL로"),
            ("B2", Subject, "B2가"),
            ("bench", Object, "bench를"),
            ("shop", Object, "shop을"),
            ("aisle", By, "aisle로"),
            ("turnstile", Topic, "turnstile은"),
            ("platform", Topic, "platform은"),
            ("주차장 east", Subject, "주차장 east가"),
            ("レジ", Subject, "レジ이(가)"),
            ("", Subject, "이(가)"),
        ] {
            assert_eq!(with(word, particle), expected);
        }
    }
}
