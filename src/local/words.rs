//! The quick way through a static model whose words are told apart before they are cut into pieces: a word's tokens are
//! always the same, so that they are worked out once, and for a word that comes again and again their sum too.
//!
//! It reads what the bundled model has: a Unigram vocabulary behind NFKC, lower case, and words between spaces,
//! punctuation and digits. Any other model goes through `model2vec-rs`, with which this agrees (`tests/embed.rs`).

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use serde::Deserialize;
use serde_json::{Value as Json, json};
use unicode_normalization::UnicodeNormalization;

/// A model, read in place.
pub(super) struct Words {
    /// Piece → its number and its logarithmic probability.
    pieces: HashMap<String, (usize, f64), foldhash::fast::RandomState>,
    /// Characters of the longest piece.
    longest: usize,
    /// The cost of a character that is in no piece.
    unknown: f64,
    unknown_id: usize,
    dimensions: usize,
    /// Rows of 8-bit numbers.
    table: Cow<'static, [u8]>,
    /// What a row's numbers are multiplied with.
    scales: Vec<f32>,
    punctuation: regex::Regex,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    words: HashMap<String, Word, foldhash::fast::RandomState>,
    sums: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    /// Spaces and punctuation.
    Between,
}

/// A word's tokens, and their sum once it is worth its room.
struct Word {
    tokens: Box<[usize]>,
    sum: Option<Box<[f32]>>,
    /// How often it came.
    met: u32,
}

/// Words that are remembered, some 8 MB.
const REMEMBERED: usize = 1 << 16;
/// How often a word comes until its sum is remembered, and of how many: 4 MB at 256 dimensions, which stay near the
/// processor. Numbers and names, of which there are many, would drive them out.
const OFTEN: u32 = 16;
const SUMS: usize = 1 << 12;
/// Tokens that are read of a text, and letters of one word.
const LONGEST_TEXT: usize = 512;
const LONGEST_WORD: usize = 64;

#[derive(Deserialize)]
struct Tokenizer {
    normalizer: Json,
    pre_tokenizer: Json,
    post_processor: Json,
    model: Model,
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type")]
    kind: String,
    unk_id: Option<usize>,
    vocab: Vec<(String, f64)>,
    #[serde(default)]
    byte_fallback: bool,
}

impl Words {
    /// `None`: a model of another kind.
    pub(super) fn read(tokenizer: &[u8], file: Cow<'static, [u8]>) -> Option<Self> {
        let Tokenizer { normalizer, pre_tokenizer, post_processor, model } = serde_json::from_slice(tokenizer).ok()?;
        let usual = normalizer == json!({"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]})
            && pre_tokenizer
                == json!({"type": "Sequence", "pretokenizers": [
                    {"type": "WhitespaceSplit"},
                    {"type": "Punctuation", "behavior": "Removed"},
                    {"type": "Digits", "individual_digits": false},
                    {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": true}
                ]})
            && post_processor.is_null();
        if !usual || model.kind != "Unigram" || model.byte_fallback {
            return None;
        }
        let (dimensions, table, scales) = tensors(&file, model.vocab.len())?;
        let table = match file {
            Cow::Borrowed(all) => Cow::Borrowed(all.get(table)?),
            Cow::Owned(all) => Cow::Owned(all.get(table)?.to_vec()),
        };
        let least = model.vocab.iter().map(|(_, score)| *score).fold(f64::INFINITY, f64::min);
        let longest = model.vocab.iter().map(|(piece, _)| piece.chars().count()).max()?;
        let pieces = model.vocab.into_iter().enumerate().map(|(id, (piece, score))| (piece, (id, score))).collect();
        Some(Self {
            pieces,
            longest,
            unknown: least - 10.0,
            unknown_id: model.unk_id?,
            dimensions,
            table,
            scales,
            punctuation: regex::Regex::new(r"[\p{P}$+<=>^`|~]").ok()?,
            known: Mutex::default(),
        })
    }

    pub(super) fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The sum of all token vectors, which has the direction of their mean.
    pub(super) fn sum(&self, text: &str) -> Vec<f32> {
        let mut sum = vec![0.0_f32; self.dimensions];
        let mut tokens = 0;
        let text = normal(text);
        let mut rest: &str = &text;
        // One lock for a text: some microseconds.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(word) = self.next_word(&mut rest) {
            tokens += self.add(word, &mut known, &mut sum);
            if tokens >= LONGEST_TEXT {
                break;
            }
        }
        sum
    }

    /// Adds a word's token vectors to the sum. Returns how many there are.
    fn add(&self, word: &str, known: &mut Known, sum: &mut [f32]) -> usize {
        let Known { words, sums } = known;
        let Some(found) = words.get_mut(word) else {
            let tokens = self.tokens(word);
            self.add_tokens(&tokens, sum);
            let count = tokens.len();
            if words.len() >= REMEMBERED {
                words.clear();
                *sums = 0;
            }
            words.insert(word.to_owned(), Word { tokens, sum: None, met: 1 });
            return count;
        };
        found.met = found.met.saturating_add(1);
        if found.sum.is_none() && found.met >= OFTEN && *sums < SUMS {
            let mut whole = vec![0.0_f32; self.dimensions];
            self.add_tokens(&found.tokens, &mut whole);
            found.sum = Some(whole.into_boxed_slice());
            *sums += 1;
        }
        match &found.sum {
            Some(whole) => sum.iter_mut().zip(whole).for_each(|(sum, x)| *sum += x),
            None => self.add_tokens(&found.tokens, sum),
        }
        found.tokens.len()
    }

    fn add_tokens(&self, tokens: &[usize], sum: &mut [f32]) {
        for id in tokens {
            let Some(row) = self.table.get(id * self.dimensions..(id + 1) * self.dimensions) else { continue };
            let scale = self.scales.get(*id).copied().unwrap_or(1.0);
            sum.iter_mut().zip(row).for_each(|(sum, x)| *sum += f32::from(x.cast_signed()) * scale);
        }
    }

    /// The next run of digits, or of letters that are none, between spaces and punctuation.
    fn next_word<'t>(&self, rest: &mut &'t str) -> Option<&'t str> {
        let begin = rest.find(|c| self.kind(c) != Kind::Between)?;
        let word = rest.get(begin..)?;
        let first = self.kind(word.chars().next()?);
        let end = word.find(|c| self.kind(c) != first).unwrap_or(word.len());
        let (word, behind) = word.split_at_checked(end)?;
        *rest = behind;
        Some(word)
    }

    fn kind(&self, c: char) -> Kind {
        match c {
            'a'..='z' | '가'..='힣' => Kind::Letter,
            '0'..='9' => Kind::Digit,
            '!'..='~' => Kind::Between,
            _ if c.is_whitespace() => Kind::Between,
            _ if self.punctuation.is_match(c.encode_utf8(&mut [0; 4])) => Kind::Between,
            _ if c.is_numeric() => Kind::Digit,
            _ => Kind::Letter,
        }
    }

    fn tokens(&self, word: &str) -> Box<[usize]> {
        let mut tokens = Vec::new();
        let letters: Vec<char> = word.chars().collect();
        // A word without end is cut, not read for minutes.
        for (part, letters) in letters.chunks(LONGEST_WORD).enumerate() {
            let spaced: String = if part == 0 { "▁" } else { "" }.chars().chain(letters.iter().copied()).collect();
            tokens.extend(self.cut(&spaced));
        }
        tokens.into_boxed_slice()
    }

    /// The likeliest pieces of a word (Viterbi), without the unknown ones.
    fn cut(&self, word: &str) -> Vec<usize> {
        let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        let count = ends.len() - 1;
        // The best way to each place: its score, where its last piece begins, and that piece.
        let mut best = vec![(f64::NEG_INFINITY, 0, self.unknown_id); count + 1];
        if let Some(start) = best.first_mut() {
            start.0 = 0.0;
        }
        for from in 0..count {
            let base = best[from].0;
            let mut single = false;
            for to in from + 1..=count.min(from + self.longest) {
                let Some(&(id, score)) = self.pieces.get(&word[ends[from]..ends[to]]) else { continue };
                single |= to == from + 1;
                if base + score > best[to].0 {
                    best[to] = (base + score, from, id);
                }
            }
            if !single && base + self.unknown > best[from + 1].0 {
                best[from + 1] = (base + self.unknown, from, self.unknown_id);
            }
        }
        let mut ids = Vec::new();
        let mut at = count;
        while at > 0 {
            let (_, from, id) = best[at];
            if id != self.unknown_id {
                ids.push(id);
            }
            at = from;
        }
        ids.reverse();
        ids
    }
}

/// What the vocabulary is written in: NFKC, small letters.
fn normal(text: &str) -> Cow<'_, str> {
    // Most is written so already, but for large letters.
    let plain = |c: char| matches!(c, '\n' | ' '..='~' | '가'..='힣');
    match text.chars().all(plain) {
        true if text.bytes().any(|byte| byte.is_ascii_uppercase()) => Cow::Owned(text.to_ascii_lowercase()),
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.nfkc().flat_map(char::to_lowercase).collect()),
    }
}

/// Of a safetensors file with a table of 8-bit rows and their scales: dimensions, where the table is, scales.
fn tensors(file: &[u8], rows: usize) -> Option<(usize, std::ops::Range<usize>, Vec<f32>)> {
    let length = usize::try_from(u64::from_le_bytes(file.get(..8)?.try_into().ok()?)).ok()?;
    let begin = length.checked_add(8)?;
    let header: Json = serde_json::from_slice(file.get(8..begin)?).ok()?;
    let tensor = |name: &str, kind: &str| {
        let tensor = header.get(name).filter(|tensor| tensor["dtype"] == kind)?;
        let number = |json: &Json| usize::try_from(json.as_u64()?).ok();
        let shape: Vec<usize> = tensor["shape"].as_array()?.iter().map(number).collect::<Option<_>>()?;
        let (from, to) = (number(&tensor["data_offsets"][0])?, number(&tensor["data_offsets"][1])?);
        Some((shape, begin.checked_add(from)?..begin.checked_add(to)?))
    };
    if header.get("mapping").is_some() {
        return None;
    }
    let (shape, table) = tensor("embeddings", "I8")?;
    let [found, dimensions] = shape.try_into().ok()?;
    let (_, scales) = tensor("weights", "F32")?;
    let scales: Vec<f32> =
        file.get(scales)?.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    (found == rows && scales.len() == rows && table.len() == rows * dimensions && dimensions > 0)
        .then_some((dimensions, table, scales))
}
