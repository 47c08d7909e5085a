//! What of a text is looked for letter by letter: Korean in pieces of two syllables, which are the same under all endings
//! and particles, English in stems.

use std::collections::BTreeSet;

/// Of at most so many words; a question has some ten.
const MOST: usize = 64;

/// In the order of the text, each once. An English piece begins with a space, because it begins a word.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let text = crate::question::normalise(text).to_lowercase();
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |piece: String| {
        if seen.insert(piece.clone()) {
            out.push(piece);
        }
    };
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if word.is_ascii() {
            if word.len() >= 3 && !EMPTY.contains(&word) {
                add(format!(" {}", stem(word)));
            }
            continue;
        }
        let letters: Vec<char> = word.chars().collect();
        letters.windows(2).for_each(|two| add(two.iter().collect()));
    }
    out.truncate(MOST);
    out
}

/// Without the endings of plurals and verbs, which a description has in another form.
fn stem(word: &str) -> &str {
    ["ing", "ies", "ed", "es", "s", "y", "e"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() >= 3))
        .unwrap_or(word)
}

/// English words that say nothing of an event.
const EMPTY: [&str; 48] = [
    "the",
    "and",
    "for",
    "with",
    "who",
    "what",
    "was",
    "were",
    "are",
    "has",
    "have",
    "had",
    "did",
    "does",
    "that",
    "this",
    "there",
    "any",
    "anyone",
    "anybody",
    "some",
    "someone",
    "somebody",
    "something",
    "when",
    "where",
    "which",
    "how",
    "show",
    "find",
    "his",
    "her",
    "their",
    "they",
    "from",
    "into",
    "onto",
    "out",
    "off",
    "not",
    "isn",
    "person",
    "people",
    "video",
    "scene",
    "event",
    "see",
    "can",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_pieces() {
        for (text, expected) in [
            ("빨간 모자 쓴", &["빨간", "모자"][..]),
            ("someone riding bikes", &[" rid", " bik"]),
            ("Who is hiding something?", &[" hid"]),
            ("자전거", &["자전", "전거"]),
            ("", &[]),
            ("a?!", &[]),
        ] {
            assert_eq!(pieces(text), expected, "{text}");
        }
        assert_eq!(pieces(&"가나다라 ".repeat(1_000)).len(), 3);
    }
}
