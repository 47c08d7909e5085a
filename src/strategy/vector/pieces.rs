//! What of a question is looked for letter by letter: its words, each as pieces that survive endings, particles and
//! slips of the finger, its numbers and codes exactly, and its neighbouring words as a phrase.

use std::collections::BTreeSet;

use crate::{
    question::{
        normalise,
        reading::{Cond, Reading},
    },
    sql::search::{Piece, Word},
};

/// Of a question that has more, the first: it has some ten.
const MOST: usize = 16;
/// Pieces of all words together; each is compared with every event.
const MOST_PIECES: usize = 48;

/// The words of a text, each once, in its order. `numbers` says of a run of digits whether it stands for itself: what a
/// filter has used ("after 5 minutes") does not.
pub(super) fn words(text: &str, numbers: impl Fn(&str) -> bool) -> Vec<Word> {
    let text = normalise(text).to_lowercase().replace("'s ", " ");
    let mut found: Vec<Word> = Vec::new();
    let mut phrases: Vec<Word> = Vec::new();
    let mut before: Option<&str> = None;
    for token in text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|token| !token.is_empty()) {
        if token.contains(|c: char| c.is_ascii_digit()) {
            found.extend(code(token, &numbers));
            before = None;
            continue;
        }
        for run in runs(token).filter(|run| *run != "-") {
            let Some((stem, word)) = word(run) else {
                before = None;
                continue;
            };
            if let Some(before) = before {
                let said = format!("{before} {stem}");
                let piece = Piece { text: format!(" {said}"), pattern: None, part: 1.0 };
                phrases.push(Word { said, least: 1.0, phrase: true, pieces: vec![piece] });
            }
            before = Some(run);
            found.push(word);
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|word| seen.insert(word.said.clone()));
    found.truncate(MOST);
    phrases.retain(|phrase| seen.insert(phrase.said.clone()));
    phrases.truncate(MOST);
    found.extend(phrases);
    let mut pieces = 0;
    found.retain(|word| {
        pieces += word.pieces.len();
        pieces <= MOST_PIECES
    });
    found
}

/// Whether a run of digits was left over by the reading, or stands in a place's name.
pub(super) fn unused(reading: &Reading) -> impl Fn(&str) -> bool {
    let mut texts: Vec<String> = reading.unread.iter().map(|piece| piece.text.clone()).collect();
    places(&reading.filter, &mut texts);
    move |digits| texts.iter().any(|text| runs(text).any(|run| run == digits))
}

fn places(filter: &Cond, into: &mut Vec<String>) {
    match filter {
        Cond::All(parts) => parts.iter().for_each(|part| places(part, into)),
        Cond::Place(place) => into.push(place.clone()),
        _ => {}
    }
}

/// Its stem, and what it is looked for by; `None` of a word that says nothing of an event.
fn word(run: &str) -> Option<(&str, Word)> {
    if run.is_ascii() {
        return english(run);
    }
    if !run.chars().all(is_hangul) {
        let whole = Piece { text: run.to_owned(), pattern: None, part: 1.0 };
        return Some((run, Word { said: run.to_owned(), least: 1.0, phrase: false, pieces: vec![whole] }));
    }
    let stem = without_particle(run);
    if EMPTY_KOREAN.contains(&run) || EMPTY_KOREAN.contains(&stem) {
        return None;
    }
    let letters: Vec<char> = stem.chars().collect();
    let pieces = match letters[..] {
        [_] => vec![Piece { text: format!(" {stem}"), pattern: None, part: 1.0 }],
        // Two syllables at a time: what is left of a word under all endings.
        _ => {
            let part = 1.0 / (letters.len() - 1) as f64;
            letters.windows(2).map(|two| Piece { text: two.iter().collect(), pattern: None, part }).collect()
        }
    };
    Some((stem, Word { said: stem.to_owned(), least: 0.4, phrase: false, pieces }))
}

/// By its stem at the beginning of a word, or, of a long one, by most of its letters in threes.
fn english(run: &str) -> Option<(&str, Word)> {
    if run.len() < 3 || EMPTY_ENGLISH.contains(&run) {
        return None;
    }
    let stem = stem(run);
    let mut pieces = vec![Piece { text: format!(" {stem}"), pattern: None, part: 1.0 }];
    if run.len() >= 6 {
        let threes: BTreeSet<&str> = (0..=run.len() - 3).step_by(2).map(|at| &run[at..at + 3]).collect();
        let part = 0.9 / threes.len() as f64;
        pieces.extend(threes.iter().map(|three| Piece { text: (*three).to_owned(), pattern: None, part }));
    }
    Some((stem, Word { said: run.to_owned(), least: 0.54, phrase: false, pieces }))
}

/// A number, a plate, a code: its runs of digits and letters as they are, with or without spaces between them, and
/// nothing longer. What stands behind the last digits is a counter or a particle, which a description may not have.
fn code(token: &str, numbers: &impl Fn(&str) -> bool) -> Option<Word> {
    let mut parts: Vec<&str> = runs(token).filter(|run| *run != "-").collect();
    while parts.last().is_some_and(|last| last.chars().all(is_hangul)) {
        parts.pop();
    }
    let digits = |part: &&&str| part.as_bytes().first().is_some_and(u8::is_ascii_digit);
    if !parts.iter().filter(digits).any(|digits| numbers(digits)) {
        return None;
    }
    let longest = parts.iter().filter(digits).max_by_key(|part| part.len())?;
    let edge = |part: Option<&&str>| match part {
        Some(part) if part.as_bytes().first().is_some_and(u8::is_ascii_digit) => "[^0-9]",
        _ => "[^a-z0-9]",
    };
    // Letters and digits alone: nothing in it is a sign of regular expressions.
    let pattern = format!("(^|{}){}({}|$)", edge(parts.first()), parts.join("[ -]?"), edge(parts.last()));
    let piece = Piece { text: (**longest).to_owned(), pattern: Some(pattern), part: 1.0 };
    Some(Word { said: parts.concat(), least: 1.0, phrase: false, pieces: vec![piece] })
}

/// Stretches of one kind: digits, Korean, other letters, other signs.
fn runs(token: &str) -> impl Iterator<Item = &str> {
    let kind = |c: char| match c {
        c if c.is_ascii_digit() => 0,
        c if is_hangul(c) => 1,
        c if c.is_ascii_alphabetic() => 2,
        c if c.is_alphanumeric() => 3,
        _ => 4,
    };
    let mut rest = token;
    std::iter::from_fn(move || {
        let first = kind(rest.chars().next()?);
        let end = rest.find(|c| kind(c) != first).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        Some(run)
    })
}

fn is_hangul(c: char) -> bool {
    ('가'..='힣').contains(&c)
}

fn without_particle(word: &str) -> &str {
    PARTICLES.iter().find_map(|particle| word.strip_suffix(particle).filter(|stem| !stem.is_empty())).unwrap_or(word)
}

/// Without the endings of plurals and verbs, which a description has in another form.
fn stem(word: &str) -> &str {
    ["ing", "ies", "ed", "es", "s", "y", "e"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() >= 3))
        .unwrap_or(word)
}

/// The longest first.
const PARTICLES: [&str; 27] = [
    "에서는",
    "으로는",
    "에게서",
    "한테서",
    "에서",
    "에게",
    "한테",
    "으로",
    "까지",
    "부터",
    "처럼",
    "보다",
    "이랑",
    "라고",
    "하고",
    "을",
    "를",
    "이",
    "가",
    "은",
    "는",
    "에",
    "의",
    "로",
    "와",
    "과",
    "도",
];

/// Korean words that say nothing of an event: of asking, of pointing, of time.
#[rustfmt::skip]
const EMPTY_KOREAN: [&str; 62] = [
    "입은", "쓴", "든", "멘", "낀", "가진",
    "사람", "사람들", "장면", "모습", "영상", "누가", "누구", "누구야", "있어", "있나", "있나요", "있는", "있었어", "있었나",
    "있었나요", "있을까요", "찾아", "찾아줘", "찾아주세요", "보여줘", "보여주세요", "알려줘", "알려주세요", "하는", "하다가",
    "한", "거", "것", "그", "이", "저", "좀", "언제", "어디", "어디서", "무엇", "뭐", "무슨", "어떤", "중에", "때문에", "동안",
    "같은", "듯", "다", "그리고", "이후", "이전", "사이", "사이에", "전후", "초", "분", "시간", "시", "때",
];

/// English words that say nothing of an event.
#[rustfmt::skip]
const EMPTY_ENGLISH: [&str; 75] = [
    "the", "and", "for", "with", "who", "what", "was", "were", "are", "has", "have", "had", "did", "does", "that", "this",
    "there", "any", "anyone", "anybody", "some", "someone", "somebody", "something", "when", "where", "which", "how", "show",
    "find", "his", "her", "him", "she", "its", "our", "your", "their", "they", "from", "into", "onto", "out", "off", "not",
    "isn", "person", "people", "video", "scene", "event", "see", "can", "while", "after", "before", "between", "during",
    "over", "down", "one", "minute", "minutes", "second", "seconds", "hour", "hours", "look", "looks", "please", "tell",
    "give", "get", "been", "being",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let show = |word: Word| {
            let pieces: Vec<&str> =
                word.pieces.iter().map(|piece| piece.pattern.as_deref().unwrap_or(&piece.text)).collect();
            format!("{}{}: {}", word.said, if word.phrase { " (phrase)" } else { "" }, pieces.join("|"))
        };
        words(text, |_| true).into_iter().map(show).collect()
    }

    #[test]
    fn a_text_in_words_and_pieces() {
        insta::assert_yaml_snapshot!(
            [
                "빨간 모자를 쓴 사람 찾아줘",
                "Who is riding orange bikes?",
                "78나9012",
                "번호판 12가 3456인 차",
                "R-27",
                "locker 63",
                "3번 출구에서 뱀",
                "poncho 입은 여자",
                "日本語",
                "a?!",
                ""
            ]
            .map(said)
        );
    }

    #[test]
    fn a_text_without_end_has_an_end() {
        let many: String = (0..5_000).map(|n| format!("word{n} 낱말{n} alphabetical{} ", "x".repeat(n % 7))).collect();
        let words = words(&many, |_| true);
        assert!(words.iter().map(|word| word.pieces.len()).sum::<usize>() <= MOST_PIECES);
        assert!(words.len() <= 2 * MOST);
    }

    #[test]
    fn a_number_that_a_filter_used_is_not_looked_for() {
        assert!(words("5분 이후", |_| false).is_empty());
        assert_eq!(words("63번", |digits| digits == "63").len(), 1);
    }
}
