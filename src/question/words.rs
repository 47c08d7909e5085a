//! The vocabulary: `lexicon/*.yaml`, strictly parsed and expanded into one trie a language.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    panic::resume_unwind,
};

use serde::Deserialize;

use super::{Lang, concept, concept::Concept, function, hangul, hangul::Base, text};
use crate::fingerprint::fingerprint;

/// The words of all languages. Built once, shared by every reading.
#[derive(Debug)]
pub struct Lexicon {
    tries: [Trie; 4],
    conjugations: Vec<Conjugation>,
    hash: String,
}

/// How the bases of a verb go on behind what they have in common: 훔 + 치-, 친, 칠, 쳐, 쳤-.
type Conjugation = Vec<(Vec<char>, Base)>;

/// What is wrong in a vocabulary file, all of it at once.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct LexiconError(pub Vec<String>);

/// What a matched string is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) what: What,
    pub(super) form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Concept(Concept),
    /// A Korean particle.
    Josa(function::Josa),
    /// A Korean auxiliary verb: 훔쳐 *갔*다.
    Aux,
    /// 하다, 되다 behind a noun or particle.
    Light,
    /// An article, pronoun or auxiliary that filters nothing.
    Neutral,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Word,
    /// Takes particles.
    Noun,
    /// Takes the endings of this base.
    Verb(Base),
    /// What the bases of a verb have in common; how they go on is the conjugation of this number.
    Stem(u16),
}

impl Lexicon {
    /// The vocabulary that is part of the program.
    pub fn builtin() -> Result<Self, LexiconError> {
        Self::with_files(&[])
    }

    /// The program's vocabulary and more: (name, text) of further files in the same format.
    pub fn with_files(more: &[(String, String)]) -> Result<Self, LexiconError> {
        let shipped = [
            ("lexicon/ko.yaml", include_str!("../../lexicon/ko.yaml")),
            ("lexicon/en.yaml", include_str!("../../lexicon/en.yaml")),
            ("lexicon/ja.yaml", include_str!("../../lexicon/ja.yaml")),
            ("lexicon/zh.yaml", include_str!("../../lexicon/zh.yaml")),
        ];
        let files: Vec<(&str, &str)> =
            shipped.into_iter().chain(more.iter().map(|(name, text)| (name.as_str(), text.as_str()))).collect();
        let hash = fingerprint(files.iter().map(|(_, text)| text));
        let parsed = at_once(files, |(name, text)| {
            let file = serde_yaml::from_str::<File>(text).map_err(|error| format!("{name}: {error}"));
            file.map(|file| Source { name, text, file })
        });
        let mut problems = Vec::new();
        let mut of_language: [Vec<Source<'_>>; 4] = Default::default();
        for source in parsed {
            match source {
                Ok(source) => of_language[index(source.file.language)].push(source),
                Err(problem) => problems.push(problem),
            }
        }
        // Words of one language never stand against those of another, so each is built by itself.
        let built = at_once(of_language.into(), |sources| {
            let mut builder = Builder::default();
            for source in &sources {
                builder.add_file(source);
            }
            (Trie::new(builder.entries), builder.conjugations, builder.problems)
        });
        let (mut tries, mut conjugations) = (Vec::new(), Vec::new());
        for (trie, of_verbs, wrong) in built {
            tries.push(trie);
            conjugations.extend(of_verbs);
            problems.extend(wrong);
        }
        match <[Trie; 4]>::try_from(tries) {
            Ok(tries) if problems.is_empty() => Ok(Self { tries, conjugations, hash }),
            _ => Err(LexiconError(problems)),
        }
    }

    /// Tells versions of the vocabulary apart: 16 hexadecimal digits.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The words that may stand in a question of this language. English ones mix freely with the others, and Korean
    /// ones with English; Japanese and Chinese share characters, so they are kept apart.
    pub(super) fn vocabulary(&self, lang: Lang) -> Vocabulary<'_> {
        let other = if lang == Lang::En { Lang::Ko } else { Lang::En };
        Vocabulary { own: &self.tries[index(lang)], other: &self.tries[index(other)], conjugations: &self.conjugations }
    }
}

/// The words of a language and of the one that mixes with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vocabulary<'a> {
    own: &'a Trie,
    other: &'a Trie,
    conjugations: &'a [Conjugation],
}

impl Vocabulary<'_> {
    /// Every leaf whose string begins at `from`, with the index behind it.
    pub(super) fn matches(&self, chars: &[char], from: usize, mut found: impl FnMut(usize, Leaf)) {
        let mut each = |end: usize, leaf: Leaf| {
            let Form::Stem(number) = leaf.form else { return found(end, leaf) };
            for (rest, base) in &self.conjugations[usize::from(number)] {
                if chars[end..].starts_with(rest) {
                    found(end + rest.len(), Leaf { what: leaf.what, form: Form::Verb(*base) });
                }
            }
        };
        self.own.matches(chars, from, &mut each);
        self.other.matches(chars, from, &mut each);
    }
}

fn index(lang: Lang) -> usize {
    match lang {
        Lang::Ko => 0,
        Lang::En => 1,
        Lang::Ja => 2,
        Lang::Zh => 3,
    }
}

/// Strings to leaves. Nodes, edges and leaves lie flat: a vocabulary has some hundred thousand forms.
#[derive(Debug)]
struct Trie {
    nodes: Vec<Node>,
    /// Of each node together, sorted by character: the character and the node behind it.
    edges: Vec<(char, u32)>,
    leaves: Vec<Leaf>,
}

/// Where a node's edges and leaves begin; they end where the next node's begin.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
    edges: u32,
    leaves: u32,
}

impl Trie {
    fn new(mut words: Vec<(String, Leaf)>) -> Self {
        // Stable: of several leaves of one string the one listed first stays first.
        words.sort_by(|a, b| a.0.cmp(&b.0));
        let mut trie = Self { nodes: Vec::new(), edges: Vec::new(), leaves: Vec::new() };
        // Breadth first, so that nodes are numbered in the order their edges are written. The depth is in bytes.
        let mut level: VecDeque<(usize, usize, usize)> = VecDeque::from([(0, words.len(), 0)]);
        let mut next = 1u32;
        while let Some((mut from, to, depth)) = level.pop_front() {
            trie.nodes.push(Node { edges: trie.edges.len() as u32, leaves: trie.leaves.len() as u32 });
            let first = trie.leaves.len();
            while from < to && words[from].0.len() == depth {
                if !trie.leaves[first..].contains(&words[from].1) {
                    trie.leaves.push(words[from].1);
                }
                from += 1;
            }
            while let Some(c) = words[from..to].first().and_then(|(word, _)| word[depth..].chars().next()) {
                let end = from + words[from..to].partition_point(|(word, _)| word[depth..].starts_with(c));
                trie.edges.push((c, next));
                level.push_back((from, end, depth + c.len_utf8()));
                next += 1;
                from = end;
            }
        }
        trie.nodes.push(Node { edges: trie.edges.len() as u32, leaves: trie.leaves.len() as u32 });
        trie
    }

    fn matches(&self, chars: &[char], from: usize, found: &mut impl FnMut(usize, Leaf)) {
        let mut at = 0usize;
        for (i, c) in chars.iter().enumerate().skip(from) {
            let edges = &self.edges[self.nodes[at].edges as usize..self.nodes[at + 1].edges as usize];
            let Ok(edge) = edges.binary_search_by_key(c, |(c, _)| *c) else { return };
            at = edges[edge].1 as usize;
            for leaf in &self.leaves[self.nodes[at].leaves as usize..self.nodes[at + 1].leaves as usize] {
                found(i + 1, *leaf);
            }
        }
    }
}

/// What `work` makes of each item, in their order; each on a thread of its own.
fn at_once<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = items.into_iter().map(|item| scope.spawn(move || work(item))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// A file of words, with its text for the numbers of lines.
struct Source<'a> {
    name: &'a str,
    text: &'a str,
    file: File,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: Lang,
    concepts: BTreeMap<String, Words>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Words {
    nouns: Vec<String>,
    action_nouns: Vec<String>,
    verbs: Vec<Verb>,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Verb {
    Regular(String),
    Marked(Marked),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Marked {
    verb: String,
    irregular: bool,
}

#[derive(Default)]
struct Builder {
    entries: Vec<(String, Leaf)>,
    /// A word as listed to its concept's id and file, to find words listed twice.
    listed: HashMap<String, (String, String)>,
    problems: Vec<String>,
    conjugations: Vec<Conjugation>,
    numbers: HashMap<Conjugation, u16>,
}

impl Builder {
    fn add_file(&mut self, source: &Source<'_>) {
        let Source { name, text, file } = source;
        if *name == "lexicon/ko.yaml" {
            function::korean(|text, leaf| self.entries.push((text, leaf)));
        }
        if *name == "lexicon/en.yaml" {
            function::english(|text, leaf| self.entries.push((text, leaf)));
        }
        for (id, words) in &file.concepts {
            let Some(concept) = concept::parse(id) else {
                let line =
                    text.lines().position(|l| l.trim_start().starts_with(&format!("{id}:"))).map_or(0, |i| i + 1);
                self.problems.push(format!("{name}:{line}: {id}: no such concept"));
                continue;
            };
            self.add_words(name, text, file.language, id, concept, words);
        }
    }

    fn add_words(&mut self, name: &str, source: &str, lang: Lang, id: &str, concept: Concept, words: &Words) {
        let what = What::Concept(concept);
        let verbs = words.verbs.iter().map(|v| match v {
            Verb::Regular(verb) => (verb.as_str(), false),
            Verb::Marked(marked) => (marked.verb.as_str(), marked.irregular),
        });
        let all = words.nouns.iter().chain(&words.action_nouns).chain(&words.words).map(String::as_str);
        for word in all.chain(verbs.clone().map(|(v, _)| v)) {
            self.note(name, source, id, word);
        }
        for word in &words.words {
            self.push(lang, word, Leaf { what, form: if lang == Lang::Ko { Form::Noun } else { Form::Word } });
        }
        for noun in words.nouns.iter().chain(&words.action_nouns) {
            self.push(lang, noun, Leaf { what, form: Form::Noun });
            if lang == Lang::En {
                self.push(lang, &plural(noun), Leaf { what, form: Form::Noun });
            }
        }
        if lang == Lang::Ko {
            for noun in &words.action_nouns {
                for light in ["하", "되", "벌이", "벌어지", "일어나", "저지르", "시키", "중이"] {
                    self.push_korean_verb(&format!("{noun}{light}"), false, what);
                }
            }
            for (verb, irregular) in verbs {
                match verb.strip_suffix('다') {
                    Some(stem) => self.push_korean_verb(stem, irregular, what),
                    None => self.problems.push(format!("{name}: {id}: {verb}: a Korean verb ends in 다")),
                }
            }
        } else {
            for (verb, _) in verbs {
                for form in english_forms(verb) {
                    self.push(lang, &form, Leaf { what, form: Form::Word });
                }
            }
        }
    }

    /// The part all bases share, with a number for how they go on: verbs that end alike conjugate alike.
    fn push_korean_verb(&mut self, stem: &str, irregular: bool, what: What) {
        let bases: Vec<(Vec<char>, Base)> = hangul::bases(&text::normalise(stem), irregular)
            .into_iter()
            .map(|(text, base)| (text.chars().collect(), base))
            .collect();
        let Some((first, _)) = bases.first() else { return };
        let shared =
            (0..first.len()).take_while(|i| bases.iter().all(|(base, _)| base.get(*i) == first.get(*i))).count();
        if shared == 0 {
            for (text, base) in bases {
                let text: String = text.into_iter().collect();
                self.push(Lang::Ko, &text, Leaf { what, form: Form::Verb(base) });
            }
            return;
        }
        let head: String = first[..shared].iter().collect();
        let rest: Conjugation = bases.into_iter().map(|(text, base)| (text[shared..].to_vec(), base)).collect();
        let next = self.conjugations.len() as u16;
        let number = *self.numbers.entry(rest.clone()).or_insert(next);
        if number == next {
            self.conjugations.push(rest);
        }
        let leaf = Leaf { what, form: Form::Stem(number) };
        if head.contains(' ') {
            self.entries.push((head.replace(' ', ""), leaf));
        }
        self.entries.push((head, leaf));
    }

    /// With its spaces and, in Korean, without them.
    fn push(&mut self, lang: Lang, word: &str, leaf: Leaf) {
        let word = text::normalise(word);
        if word.is_empty() {
            return;
        }
        if lang == Lang::Ko && word.contains(' ') {
            self.entries.push((word.replace(' ', ""), leaf));
        }
        self.entries.push((word, leaf));
    }

    fn note(&mut self, name: &str, source: &str, id: &str, word: &str) {
        let before = self.listed.insert(word.to_owned(), (id.to_owned(), name.to_owned()));
        if let Some((other, file)) = before
            && other != id
        {
            let line = source.lines().position(|l| l.contains(word)).map_or(0, |i| i + 1);
            self.problems.push(format!("{name}:{line}: {word}: listed as {id} and, in {file}, as {other}"));
        }
    }
}

fn plural(noun: &str) -> String {
    let vowel_y = ["ay", "ey", "oy", "uy"].iter().any(|end| noun.ends_with(end));
    if noun.ends_with('y') && !vowel_y {
        format!("{}ies", &noun[..noun.len() - 1])
    } else if ["s", "x", "z", "ch", "sh"].iter().any(|end| noun.ends_with(end)) {
        format!("{noun}es")
    } else {
        format!("{noun}s")
    }
}

/// "steal|stole|stolen", "pass out", "break|broke|broken in": the first word inflects.
fn english_forms(verb: &str) -> Vec<String> {
    let (head, rest) = match verb.rsplit_once('|') {
        Some((before, last)) => match last.split_once(' ') {
            Some((participle, rest)) => (format!("{before}|{participle}"), format!(" {rest}")),
            None => (verb.to_owned(), String::new()),
        },
        None => match verb.split_once(' ') {
            Some((head, rest)) => (head.to_owned(), format!(" {rest}")),
            None => (verb.to_owned(), String::new()),
        },
    };
    let parts: Vec<&str> = head.split('|').collect();
    let Some(lemma) = parts.first().copied() else { return Vec::new() };
    let bytes = lemma.as_bytes();
    let is_vowel = |b: u8| b"aeiou".contains(&b);
    let vowels = bytes.iter().filter(|b| is_vowel(**b)).count();
    let doubles = bytes.len() >= 3
        && vowels == 1
        && is_vowel(bytes[bytes.len() - 2])
        && !is_vowel(bytes[bytes.len() - 1])
        && !b"wxy".contains(&bytes[bytes.len() - 1]);
    let stem = if doubles { format!("{lemma}{}", &lemma[lemma.len() - 1..]) } else { lemma.to_owned() };
    let silent_e = lemma.ends_with('e') && !lemma.ends_with("ee");
    let mut forms = vec![lemma.to_owned(), plural(lemma)];
    forms.push(if silent_e && lemma.ends_with("ie") {
        format!("{}ying", &lemma[..lemma.len() - 2])
    } else if silent_e {
        format!("{}ing", &lemma[..lemma.len() - 1])
    } else {
        format!("{stem}ing")
    });
    if parts.len() > 1 {
        forms.extend(parts[1..].iter().map(|p| (*p).to_owned()));
    } else if silent_e {
        forms.push(format!("{lemma}d"));
    } else if plural(lemma).ends_with("ies") {
        forms.push(format!("{}ied", &lemma[..lemma.len() - 1]));
    } else {
        forms.push(format!("{stem}ed"));
    }
    forms.into_iter().map(|form| format!("{form}{rest}")).collect()
}
