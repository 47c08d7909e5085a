//! The grammar: tokens to a reading. Each pass uses up the tokens it understands; whatever no pass used is unread.

mod amounts;
mod bounds;
mod clock;
mod combine;
mod ends;
mod filters;
mod node;
mod relation;
mod signals;
mod time;
mod wants;
mod work;

use node::{ClockTime, Finest, Half, Item, ItemKind, N, Zone};
use work::{Found, Range, Work};

use super::reading::{Cond, Order, Pick, Reading, Unread, Wants, Why};
use super::words::Lexicon;
use super::{Question, segment, text};

/// Reads a question. Never fails: what it cannot use stands in [`Reading::unread`]. Time and memory are linear in the
/// length of the prompt: a question of more than 400 tokens is no single question, and is left unread whole.
pub fn read(question: &Question<'_>, lexicon: &Lexicon) -> Reading {
    let normal = text::normalise(question.text);
    let tokens = segment::segment(&normal, question, lexicon);
    if tokens.len() > LONGEST {
        return too_long(&normal);
    }
    let mut work = Work::new(question, tokens);
    amounts::read(&mut work);
    signals::read(&mut work);
    clock::read(&mut work);
    relation::read(&mut work);
    filters::lengths::lengths(&mut work);
    time::read(&mut work);
    filters::read(&mut work);
    let wants = wants::read(&mut work);
    combine::finish(work, wants)
}

/// Tokens of the longest question that is read. The passes look ahead and back, so their time is bounded by this and
/// not by what a caller may send; people's questions have some ten to sixty.
const LONGEST: usize = 400;

fn too_long(text: &str) -> Reading {
    let beginning: String = text.chars().take(40).collect();
    Reading {
        wants: Wants::Events { order: Order::TIME, pick: Pick::All },
        filter: Cond::all(),
        relation: None,
        polar: false,
        asks_when: false,
        signals: Vec::new(),
        unread: vec![unread(&format!("{beginning}…"), Why::Unclear)],
    }
}

/// How the prompt was cut: each token as it stands there, and what it was taken for. For those who tend the vocabulary.
pub fn tokens(question: &Question<'_>, lexicon: &Lexicon) -> Vec<(String, String)> {
    let normal = text::normalise(question.text);
    let tokens = segment::segment(&normal, question, lexicon);
    tokens.into_iter().map(|token| (token.text, format!("{:?}", token.kind))).collect()
}

/// What the passes made of the question, before the filters are put together.
struct Wanted {
    wants: Wants,
    /// A share's whole and part are zones of the tokens.
    share: bool,
}

fn unread(text: &str, why: Why) -> Unread {
    Unread { text: text.to_owned(), why }
}
