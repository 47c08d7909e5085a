//! Cuts a normalised prompt into tokens: the cheapest segmentation over the vocabulary, numbers, and the places of the
//! video. Linear in the length of the prompt.

use super::Question;
use super::concept::Concept;
use super::function::Josa;
use super::hangul::{self, Tail};
use super::number::{self, Numeral};
use super::places::Known;
use super::text::{is_hangul, is_unspaced, is_word_char};
use super::words::{Form, Leaf, Lexicon, Vocabulary, What};

/// One token of the prompt.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// As it stands in the normalised prompt.
    pub(super) text: String,
    pub(super) tail: Tail,
    /// A space stands before it.
    pub(super) spaced: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Concept(Concept),
    Josa(Josa),
    Aux,
    Light,
    Neutral,
    Number {
        value: f64,
        numeral: Numeral,
    },
    /// A place that some location of the video contains, as written there; `head` when it holds the noun that the
    /// location is named by, not only what modifies it.
    KnownPlace {
        name: String,
        head: bool,
    },
    /// A common place noun that no location of this video contains.
    Place,
    Punct(char),
    Unknown,
}

/// Cuts `text` (normalised) into tokens.
pub(super) fn segment(text: &str, question: &Question<'_>, lexicon: &Lexicon) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut lattice = Lattice::new(&chars);
    let words = lexicon.vocabulary(question.lang);
    for from in 0..chars.len() {
        if chars[from] == ' ' {
            lattice.space(from);
            continue;
        }
        if !lattice.reached(from) {
            continue;
        }
        lattice.unknown(from);
        if !starts_here(&chars, from) {
            continue;
        }
        if let Some(found) = number::at(&chars, from, question.lang) {
            lattice.number(from, found, words);
        }
        if !is_hangul(chars[from]) && !chars[from].is_alphanumeric() {
            lattice.punct(from);
        }
        let mut taken: Vec<usize> = Vec::new();
        words.matches(&chars, from, |end, leaf| {
            if !matches!(leaf.what, What::Concept(Concept::PlaceNoun | Concept::PlaceScene)) {
                taken.push(end);
            }
            lattice.leaf(from, end, leaf);
        });
        if let Some(place) = question.video.places.longest(&chars, from, &taken) {
            lattice.place(from, place);
        }
    }
    lattice.best(&chars)
}

/// The state a segmentation is in behind a token: what may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Behind a space, or at the start.
    Open = 0,
    /// Behind a noun, number or unknown word: particles may follow.
    Noun = 1,
    /// Behind a verb form that an auxiliary may follow.
    Verb = 2,
    /// Behind anything else.
    Other = 3,
    /// Behind an unknown word.
    Unknown = 4,
    /// Behind a space that follows a verb.
    OpenVerb = 5,
    /// Behind a space that follows a noun.
    OpenNoun = 6,
}
const CLASSES: usize = 7;

struct Step {
    cost: u32,
    from: usize,
    class: Class,
    kind: Option<Kind>,
    tail: Tail,
}

struct Lattice<'a> {
    chars: &'a [char],
    /// The cheapest way to each position, by class: its index in `steps`, or `NONE`.
    at: Vec<[u32; CLASSES]>,
    steps: Vec<Step>,
}

const NONE: u32 = u32::MAX;

impl<'a> Lattice<'a> {
    fn new(chars: &'a [char]) -> Self {
        let mut at = vec![[NONE; CLASSES]; chars.len() + 1];
        at[0][Class::Open as usize] = 0;
        let mut steps = Vec::with_capacity(4 * chars.len() + 1);
        steps.push(Step { cost: 0, from: 0, class: Class::Open, kind: None, tail: Tail::None });
        Self { chars, at, steps }
    }

    fn reached(&self, from: usize) -> bool {
        self.at[from].iter().any(|step| *step != NONE)
    }

    /// The cheapest way to `at` that ends in the class of this number.
    fn step(&self, at: usize, class: usize) -> Option<&Step> {
        self.steps.get(self.at[at][class] as usize)
    }

    #[expect(clippy::too_many_arguments, reason = "one call an edge; a struct would only name them again")]
    fn add(
        &mut self,
        from: usize,
        end: usize,
        cost: u32,
        to: Class,
        kind: Option<Kind>,
        tail: Tail,
        allowed: &[Class],
    ) {
        let Some((class, base)) = allowed
            .iter()
            .filter_map(|class| self.step(from, *class as usize).map(|step| (*class, step.cost)))
            .min_by_key(|(_, cost)| *cost)
        else {
            return;
        };
        let cost = base + cost;
        let slot = self.at[end][to as usize];
        match self.steps.get_mut(slot as usize) {
            Some(step) if cost >= step.cost => {}
            Some(step) => *step = Step { cost, from, class, kind, tail },
            None => {
                self.at[end][to as usize] = self.steps.len() as u32;
                self.steps.push(Step { cost, from, class, kind, tail });
            }
        }
    }

    fn space(&mut self, from: usize) {
        self.add(from, from + 1, 0, Class::OpenVerb, None, Tail::None, &[Class::Verb]);
        self.add(from, from + 1, 0, Class::OpenNoun, None, Tail::None, &[Class::Noun, Class::Unknown]);
        self.add(from, from + 1, 0, Class::Open, None, Tail::None, &ALL);
    }

    /// Latin words whole, other scripts character by character.
    fn unknown(&mut self, from: usize) {
        if is_word_char(self.chars[from]) {
            let end = from + self.chars[from..].iter().take_while(|c| is_word_char(**c) || **c == '\'').count();
            if from == 0 || !is_word_char(self.chars[from - 1]) {
                self.add(from, end, 120, Class::Unknown, Some(Kind::Unknown), Tail::None, &ALL);
            }
            return;
        }
        if !is_unspaced(self.chars[from]) {
            return;
        }
        self.add(
            from,
            from + 1,
            80,
            Class::Unknown,
            Some(Kind::Unknown),
            Tail::None,
            &[Class::Open, Class::OpenNoun, Class::OpenVerb],
        );
        // Directly behind a known piece a Korean word is rather unknown as a whole.
        let glued = if is_hangul(self.chars[from]) { 125 } else { 80 };
        let behind = [Class::Noun, Class::Verb, Class::Other];
        self.add(from, from + 1, glued, Class::Unknown, Some(Kind::Unknown), Tail::None, &behind);
        self.add(from, from + 1, 36, Class::Unknown, Some(Kind::Unknown), Tail::None, &[Class::Unknown]);
    }

    fn punct(&mut self, from: usize) {
        self.add(from, from + 1, 24, Class::Other, Some(Kind::Punct(self.chars[from])), Tail::None, &ALL);
    }

    /// Digits stand by themselves; spoken Korean numbers only with a unit behind them.
    fn number(&mut self, from: usize, found: number::Found, words: Vocabulary<'_>) {
        let spoken = matches!(found.kind, Numeral::Sino | Numeral::Native | Numeral::Span { .. });
        if spoken {
            let mut unit = false;
            let next = found.end + usize::from(self.chars.get(found.end) == Some(&' '));
            words.matches(self.chars, next, |_, leaf| unit |= is_unit(leaf, found.kind, next > found.end));
            let said: String = self.chars[from..found.end].iter().collect();
            let counts =
                matches!(said.as_str(), "하나" | "둘" | "셋" | "넷") && self.chars.get(found.end) != Some(&'요');
            // 예순다섯 넘은: from twenty on, a native number alone is an age.
            let age = found.kind == Numeral::Native && found.value >= 20.0;
            if !(unit || counts || age) {
                return;
            }
        }
        let kind = Kind::Number { value: found.value, numeral: found.kind };
        let allowed: &[Class] = if spoken {
            &[Class::Open, Class::OpenNoun, Class::OpenVerb, Class::Other, Class::Noun, Class::Verb]
        } else {
            &ALL
        };
        self.add(from, found.end, 12, Class::Noun, Some(kind), Tail::None, allowed);
    }

    fn place(&mut self, from: usize, place: Known) {
        let kind = Kind::KnownPlace { name: place.name, head: place.head };
        self.add(from, place.end, 16, Class::Noun, Some(kind), Tail::None, &KNOWN);
    }

    fn leaf(&mut self, from: usize, end: usize, leaf: Leaf) {
        if !self.ends_here(end) {
            return;
        }
        let length = end - from;
        let hangul = is_hangul(self.chars[from]);
        match leaf.what {
            What::Josa(josa) => {
                let glued = [Class::Noun, Class::Unknown, Class::Other];
                // With a stray space before it: "10분 에서".
                let loose = [Class::OpenNoun];
                let kind = Some(Kind::Josa(josa));
                self.add(from, end, 6, Class::Other, kind.clone(), Tail::None, &glued[..2]);
                self.add(from, end, 8, Class::Other, kind.clone(), Tail::None, &glued[2..]);
                if length > 1 {
                    self.add(from, end, 18, Class::Other, kind, Tail::None, &loose);
                }
            }
            What::Aux => self.verb(from, end, leaf, Kind::Aux, 10, &[Class::Verb, Class::OpenVerb]),
            What::Light => {
                self.verb(from, end, leaf, Kind::Light, 17, &[Class::Noun, Class::Other]);
                self.verb(from, end, leaf, Kind::Light, 17, &[Class::Open, Class::OpenNoun]);
            }
            What::Neutral => self.add(from, end, 21, Class::Other, Some(Kind::Neutral), Tail::None, &KNOWN),
            What::Concept(concept) => {
                let kind = match concept {
                    Concept::PlaceNoun => Kind::Place,
                    concept => Kind::Concept(concept),
                };
                let class = match concept {
                    Concept::Type(_) | Concept::Abnormal | Concept::Agent(_) | Concept::EnterExit => 18,
                    Concept::Filler | Concept::AskList | Concept::Event => 22,
                    _ => 20,
                };
                let cost = class + if hangul && length == 1 { 12 } else { 0 };
                if hangul && length == 1 && !matches!(leaf.form, Form::Verb(_)) {
                    let allowed: &[Class] = match concept {
                        // 남, 여, 좀, 다: words of their own, not the beginning of others.
                        Concept::Gender(_)
                        | Concept::Filler
                        | Concept::LogicAnd
                        | Concept::PlaceNoun
                        | Concept::PlaceScene => {
                            if !self.whole(from, end) {
                                return;
                            }
                            &[Class::Open, Class::OpenNoun, Class::OpenVerb]
                        }
                        Concept::Event
                        | Concept::Person
                        | Concept::UnitTimes
                        | Concept::UnitMinute
                        | Concept::UnitSecond => {
                            &[Class::Open, Class::OpenNoun, Class::OpenVerb, Class::Noun, Class::Other]
                        }
                        _ => &[Class::Open, Class::OpenNoun, Class::OpenVerb, Class::Noun],
                    };
                    return self.add(from, end, cost, Class::Noun, Some(kind), Tail::None, allowed);
                }
                match leaf.form {
                    Form::Verb(_) => self.verb(from, end, leaf, kind, cost, &KNOWN),
                    Form::Noun | Form::Word | Form::Stem(_) => {
                        self.add(from, end, cost, Class::Noun, Some(kind), Tail::None, &KNOWN);
                    }
                }
            }
        }
    }

    /// A base with each of the endings that stand behind it.
    fn verb(&mut self, from: usize, end: usize, leaf: Leaf, kind: Kind, cost: u32, allowed: &[Class]) {
        let Form::Verb(base) = leaf.form else { return };
        if !allowed.iter().any(|class| self.at[from][*class as usize] != NONE) {
            return;
        }
        let next = self.chars.get(end).copied();
        for (ending, tail) in hangul::endings_before(base, next) {
            let mut long = 0;
            if !ending.chars().all(|c| {
                long += 1;
                self.chars.get(end + long - 1) == Some(&c)
            }) {
                continue;
            }
            let class = match tail {
                Tail::Nominal => Class::Noun,
                Tail::Then | Tail::Negatable => Class::Verb,
                _ => Class::Other,
            };
            let extra = if long == 0 && base == hangul::Base::Infinitive { 4 } else { 1 };
            // 친, 난, 한 at the start of a word are verbs only as the whole of it.
            let light = kind == Kind::Light && allowed.contains(&Class::Open);
            if light && !self.whole(from, end + long) {
                continue;
            }
            self.add(from, end + long, cost + extra, class, Some(kind.clone()), tail, allowed);
        }
    }

    /// Nothing of a word stands before or behind.
    fn whole(&self, from: usize, end: usize) -> bool {
        let apart = |c: Option<&char>| c.is_none_or(|c| !is_hangul(*c));
        apart(from.checked_sub(1).and_then(|i| self.chars.get(i))) && apart(self.chars.get(end))
    }

    /// A word of a spaced script may not end inside another.
    fn ends_here(&self, end: usize) -> bool {
        match (self.chars.get(end - 1), self.chars.get(end)) {
            (Some(a), Some(b)) => !(is_word_char(*a) && is_word_char(*b)) || a.is_ascii_digit() != b.is_ascii_digit(),
            _ => true,
        }
    }

    fn best(&self, chars: &[char]) -> Vec<Token> {
        let mut end = chars.len();
        let last = (0..CLASSES).filter_map(|class| self.step(end, class).map(|step| (class, step.cost)));
        let Some((mut class, _)) = last.min_by_key(|(_, cost)| *cost) else { return Vec::new() };
        let mut out: Vec<Token> = Vec::new();
        while end > 0 {
            let Some(step) = self.step(end, class) else { break };
            if let Some(kind) = &step.kind {
                let text: String = chars[step.from..end].iter().collect();
                let spaced = step.from > 0 && chars[step.from - 1] == ' ';
                out.push(Token { kind: kind.clone(), text, tail: step.tail, spaced });
            }
            end = step.from;
            class = step.class as usize;
        }
        out.reverse();
        join_unknown(out)
    }
}

const ALL: [Class; 7] =
    [Class::Open, Class::Noun, Class::Verb, Class::Other, Class::Unknown, Class::OpenVerb, Class::OpenNoun];
/// A known word begins anywhere but directly behind an unknown piece of the same word.
const KNOWN: [Class; 7] =
    [Class::Open, Class::OpenNoun, Class::OpenVerb, Class::Noun, Class::Verb, Class::Other, Class::Unknown];

/// One token for each run of unknown characters.
fn join_unknown(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        match out.last_mut() {
            Some(last) if last.kind == Kind::Unknown && token.kind == Kind::Unknown && !token.spaced => {
                last.text.push_str(&token.text);
            }
            _ => out.push(token),
        }
    }
    out
}

/// A word of a spaced script begins at its first letter.
fn starts_here(chars: &[char], from: usize) -> bool {
    match (from.checked_sub(1).map(|i| chars[i]), chars[from]) {
        (Some(a), b) => !(is_word_char(a) && is_word_char(b)) || a.is_ascii_digit() != b.is_ascii_digit(),
        _ => true,
    }
}

/// A unit that a spoken number may stand before. 분 behind a native numeral counts people, and is left out.
fn is_unit(leaf: Leaf, numeral: Numeral, spaced: bool) -> bool {
    let What::Concept(concept) = leaf.what else { return false };
    let sino_only = matches!(numeral, Numeral::Sino | Numeral::Span { .. });
    match concept {
        Concept::UnitMinute | Concept::UnitSecond | Concept::UnitPercent | Concept::UnitMonth | Concept::UnitDay => {
            sino_only
        }
        Concept::UnitDecade => sino_only && !spaced,
        Concept::UnitHour
        | Concept::UnitOclock
        | Concept::UnitTimes
        | Concept::UnitYear
        | Concept::PersonUnit
        | Concept::UnitItem
        | Concept::UnitNth => true,
        Concept::Person => matches!(numeral, Numeral::Native),
        _ => false,
    }
}
