//! The places of a video, ready to be looked for in a question.

use std::collections::BTreeMap;

use super::text::{is_hangul, is_word_char, normalise};

/// The distinct places the events of a video name, in the one spelling questions are read in.
#[derive(Debug, Clone, Default)]
pub struct Places {
    names: Vec<Vec<char>>,
    /// The first character of each word of each name, to (name, index of the word).
    words: BTreeMap<char, Vec<(usize, usize)>>,
}

/// A place named in a question.
pub(super) struct Known {
    /// As the location has it, in lower case.
    pub(super) name: String,
    /// The index behind it in the question.
    pub(super) end: usize,
    /// Whether the noun that the location is named by is part of it.
    pub(super) head: bool,
}

impl Places {
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let names: Vec<Vec<char>> = names.into_iter().map(|name| normalise(&name).chars().collect()).collect();
        let mut words: BTreeMap<char, Vec<(usize, usize)>> = BTreeMap::new();
        for (n, name) in names.iter().enumerate() {
            for (at, c) in name.iter().enumerate() {
                if at == 0 || name[at - 1] == ' ' {
                    words.entry(*c).or_default().push((n, at));
                }
            }
        }
        Self { names, words }
    }

    /// Every place, in the one spelling.
    pub fn names(&self) -> impl Iterator<Item = String> {
        self.names.iter().map(|name| name.iter().collect())
    }

    /// The longest stretch of the question from `from` on that some location contains, whole words of both. Spaces may
    /// be missing or added in Korean. A stretch that is another word of the vocabulary (`taken` are their ends: 왼쪽,
    /// 앞) names no place.
    pub(super) fn longest(&self, chars: &[char], from: usize, taken: &[usize]) -> Option<Known> {
        let mut best: Option<Known> = None;
        for (n, start) in self.words.get(&chars[from]).into_iter().flatten() {
            let (place, start) = (&self.names[*n], *start);
            let (mut i, mut j) = (from, start);
            while i < chars.len() && j < place.len() {
                if chars[i] == place[j] {
                    (i, j) = (i + 1, j + 1);
                } else if chars[i] == ' ' && i > from && is_hangul(place[j]) {
                    i += 1;
                    continue;
                } else if place[j] == ' ' && j > start && is_hangul(chars[i]) {
                    j += 1;
                    continue;
                } else {
                    break;
                }
                let end = plural_end(chars, i);
                let whole = (j == place.len() || place[j] == ' ') && (word_ends(chars, i) || end > i);
                let longer = best.as_ref().is_none_or(|known| end > known.end);
                if whole && longer && i - from >= 2 && chars[i - 1] != ' ' && !taken.contains(&end) {
                    let rest: String = place[j..].iter().collect();
                    best = Some(Known { name: place[start..j].iter().collect(), end, head: is_tail_of_place(&rest) });
                }
            }
        }
        best
    }
}

/// What may follow the noun that a location is named by: nothing, a side of it, or a number or letter.
fn is_tail_of_place(rest: &str) -> bool {
    rest.split_whitespace().all(|word| {
        let short = word.chars().count() <= 2 && word.chars().any(|c| c.is_ascii_alphanumeric());
        short
            || matches!(
                word,
                "앞" | "옆" | "뒤" | "안" | "쪽" | "위" | "밖" | "근처" | "주변" | "entrance" | "area" | "front"
            )
    })
}

/// Behind a plural "s" of a Latin word that ends the word.
fn plural_end(chars: &[char], end: usize) -> usize {
    let latin = end > 0 && chars[end - 1].is_ascii_alphabetic();
    for ending in ["s", "es"] {
        let to = end + ending.len();
        if latin && ending.chars().enumerate().all(|(i, c)| chars.get(end + i) == Some(&c)) && word_ends(chars, to) {
            return to;
        }
    }
    end
}

fn word_ends(chars: &[char], end: usize) -> bool {
    match (chars.get(end.wrapping_sub(1)), chars.get(end)) {
        (Some(a), Some(b)) => !(is_word_char(*a) && is_word_char(*b)),
        _ => true,
    }
}
