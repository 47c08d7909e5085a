//! Words by a model, verified sentence by sentence before anybody reads them; the template's words where they are not.

use std::sync::Arc;

use futures_util::StreamExt;

use super::{
    Statement,
    ground::{Fault, Ground, Marker, Sentence, first, sentences, unit},
    template::{Said, joined, state},
};
use crate::{
    answer::Answer,
    model::{Chat, ErrorKind, Piece, Stop},
    prompt::{Evidence, Refused, WordsPrompt},
    question::{
        Lang, Video,
        reading::{Reading, Scalar, Wants},
    },
    strategy::{Begun, Exchanges, NoReply, Trace, knowledge_base::Part},
};

/// Words answers with a model.
pub struct Composer {
    pub exchanges: Exchanges,
    pub prompt: Arc<WordsPrompt>,
}

/// An answer, and the question it is of.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub question: &'a str,
    pub lang: Lang,
    pub reading: &'a Reading,
    pub video: &'a Video,
    pub answer: &'a Answer,
}

/// An answer in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worded {
    /// What was handed out, if somebody listened.
    pub words: String,
    pub statements: Vec<Statement>,
    pub by: By,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Model,
    Template,
    /// Begun by the model, whose beginning had been handed out, and finished by the template.
    Both,
}

/// Takes sentences as soon as they are verified.
pub type Listener<'a> = &'a (dyn Fn(&str) + Sync);

/// How often a model is asked.
const TRIES: usize = 2;

/// The step that words are made in, and what an exchange is paid for.
pub const STEP: &str = "reply";

/// What came of one request.
enum Tried {
    Words(Vec<Statement>, String),
    /// Not to be used; what was handed out of it before that.
    Refused {
        why: &'static str,
        refused: Refused,
        statements: Vec<Statement>,
        handed: String,
    },
    /// No reply.
    Failed {
        why: &'static str,
        statements: Vec<Statement>,
        handed: String,
    },
}

impl Composer {
    /// The answer in words. The model is asked at most twice; a reply that cannot be verified, no reply and no budget
    /// all end in the template's words, and the trace says which. An answer of nothing, and facts of the video itself,
    /// are the template's at once.
    ///
    /// With a listener, a sentence is handed out once it is verified; all that was handed out together is the words.
    /// The last step of the trace is `reply`, `said`, with `model`, `template` or `both`.
    pub async fn words(&self, asked: &Asked<'_>, trace: &mut Trace, said: Option<Listener<'_>>) -> Worded {
        let fact = matches!(&asked.reading.wants, Wants::Scalar(Scalar::Fact(_)));
        if asked.answer.is_empty() || fact && asked.reading.unread.is_empty() {
            return finish(asked, trace, said, Vec::new(), String::new());
        }
        let evidence = Evidence {
            question: asked.question,
            lang: asked.lang,
            unit: unit(asked.reading),
            video: asked.video,
            answer: asked.answer,
        };
        let ground = Ground::new(asked.lang, asked.question, asked.reading, asked.video, asked.answer, evidence.rows());
        let mut refusals: Vec<Refused> = Vec::new();
        while refusals.len() < TRIES {
            let Exchanges { model, .. } = &self.exchanges;
            let Ok(chat) = self.prompt.chat(model, self.exchanges.known(), &evidence, &refusals) else {
                trace.step(STEP, "failed", Some("bad_prompt_file"));
                break;
            };
            let begun = match self.exchanges.begin(&chat, trace).await {
                Ok(begun) => begun,
                Err(spent) => {
                    trace.step(STEP, "passed", Some(spent.code()));
                    break;
                }
            };
            match self.attempt(&chat, begun, &ground, trace, said).await {
                Tried::Words(statements, words) => {
                    trace.step(STEP, "said", Some("model"));
                    return Worded { words, statements, by: By::Model };
                }
                Tried::Refused { why, refused, statements, handed } => {
                    trace.step(STEP, "ungrounded", Some(why));
                    if !handed.is_empty() {
                        return finish(asked, trace, said, statements, handed);
                    }
                    refusals.push(refused);
                }
                Tried::Failed { why, statements, handed } => {
                    trace.step(STEP, "failed", Some(why));
                    return finish(asked, trace, said, statements, handed);
                }
            }
        }
        finish(asked, trace, said, Vec::new(), String::new())
    }

    async fn attempt(
        &self,
        chat: &Chat,
        begun: Begun,
        ground: &Ground,
        trace: &mut Trace,
        said: Option<Listener<'_>>,
    ) -> Tried {
        let mut draft = Draft::new(ground, said);
        let Some(_) = said else {
            return match self.exchanges.complete(begun, chat, trace).await {
                Ok(completion) => {
                    draft.push(&completion.text);
                    draft.end(&completion.stop)
                }
                Err(none) => draft.failed(code(&none)),
            };
        };
        let mut pieces = self.exchanges.stream(&begun, chat);
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(Piece::Text(text)) => {
                    draft.push(&text);
                    if !draft.faults.is_empty() {
                        drop(pieces);
                        self.exchanges.left(begun, &draft.text, trace);
                        return draft.end(&Stop::End);
                    }
                }
                Ok(Piece::Whole(completion)) => {
                    self.exchanges.paid(begun, &completion, trace);
                    return draft.end(&completion.stop);
                }
                Err(error) => {
                    let none = self.exchanges.lost(begun, &draft.text, error, trace);
                    return draft.failed(code(&none));
                }
            }
        }
        draft.failed(ErrorKind::BadReply.code())
    }
}

fn code(none: &NoReply) -> &'static str {
    match none {
        NoReply::Spent(spent) => spent.code(),
        NoReply::Model(error) => error.kind.code(),
    }
}

/// Words that a knowledge base has found, in parts with the events each rests on: all of them verified, or the template's.
pub fn verified(asked: &Asked<'_>, parts: &[Part], trace: &mut Trace, said: Option<Listener<'_>>) -> Worded {
    let Asked { question, lang, reading, video, answer } = *asked;
    let evidence = Evidence { question, lang, unit: unit(reading), video, answer };
    let ground = Ground::new(lang, question, reading, video, answer, evidence.rows());
    let mut statements = Vec::new();
    for part in parts {
        for sentence in sentences(&part.text) {
            let marker = Some(Marker::Ids(part.events.clone())).filter(|_| !part.events.is_empty());
            match ground.check(&Sentence { words: sentence.words, marker }) {
                Ok(statement) => statements.push(statement),
                Err(faults) => {
                    trace.step(STEP, "ungrounded", faults.first().map(|fault| fault.kind.code()));
                    return finish(asked, trace, said, Vec::new(), String::new());
                }
            }
        }
    }
    let words = parts.iter().map(|part| part.text.trim()).collect::<Vec<_>>().join(" ");
    if let Some(said) = said {
        said(&words);
    }
    trace.step(STEP, "said", Some("knowledge_base"));
    Worded { words, statements, by: By::Model }
}

/// A reply while it comes.
struct Draft<'a> {
    ground: &'a Ground,
    said: Option<Listener<'a>>,
    /// All of it.
    text: String,
    /// The bytes of it that were checked.
    checked: usize,
    statements: Vec<Statement>,
    /// What was verified, and handed out where somebody listens.
    words: String,
    faults: Vec<(String, Vec<Fault>)>,
}

impl<'a> Draft<'a> {
    fn new(ground: &'a Ground, said: Option<Listener<'a>>) -> Self {
        let (text, words) = Default::default();
        Self { ground, said, text, checked: 0, statements: Vec::new(), words, faults: Vec::new() }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.check(false);
    }

    /// Every sentence that is complete. With a listener up to the first that is at fault: it cannot be taken back.
    fn check(&mut self, whole: bool) {
        while self.said.is_none() || self.faults.is_empty() {
            let Some((sentence, taken)) = first(&self.text[self.checked..], whole) else { return };
            self.checked += taken;
            match self.ground.check(&sentence) {
                Ok(statement) => {
                    self.statements.push(statement);
                    let words = if self.words.is_empty() { sentence.words.trim_start() } else { &sentence.words };
                    self.words.push_str(words);
                    if let Some(said) = self.said {
                        said(words);
                    }
                }
                Err(faults) => self.faults.push((sentence.words.trim().to_owned(), faults)),
            }
        }
    }

    fn end(mut self, stop: &Stop) -> Tried {
        let cut = match stop {
            Stop::End | Stop::Other(_) | Stop::Tool => None,
            Stop::MaxTokens => Some("reply_cut"),
            Stop::Filtered => Some("filtered"),
        };
        if cut.is_none() {
            self.check(true);
        }
        if self.text.trim().is_empty() || cut == Some("filtered") {
            return self.failed(cut.unwrap_or("empty_reply"));
        }
        let why = match (self.faults.first(), cut) {
            (Some((_, faults)), _) => faults.first().map_or("ungrounded", |fault| fault.kind.code()),
            (None, Some(cut)) => cut,
            (None, None) => return Tried::Words(self.statements, self.words),
        };
        let mut faults: Vec<String> =
            self.faults.iter().flat_map(|(sentence, faults)| told(sentence, faults)).collect();
        if cut.is_some() {
            faults.push("the reply is too long: write fewer sentences".to_owned());
        }
        let refused = Refused { said: self.text.trim().to_owned(), faults };
        let (statements, handed) = self.handed();
        Tried::Refused { why, refused, statements, handed }
    }

    fn failed(self, why: &'static str) -> Tried {
        let (statements, handed) = self.handed();
        Tried::Failed { why, statements, handed }
    }

    /// What cannot be taken back.
    fn handed(self) -> (Vec<Statement>, String) {
        if self.said.is_some() { (self.statements, self.words) } else { (Vec::new(), String::new()) }
    }
}

/// The template's words, as a paragraph of their own behind what was handed out already.
fn finish(
    asked: &Asked<'_>,
    trace: &mut Trace,
    said: Option<Listener<'_>>,
    mut statements: Vec<Statement>,
    mut words: String,
) -> Worded {
    let lines = state(asked.lang, asked.reading, asked.video, Said::Answer(asked.answer));
    let (by, step, gap) = if words.is_empty() { (By::Template, "template", "") } else { (By::Both, "both", "\n\n") };
    let rest = format!("{gap}{}", joined(&lines));
    if let Some(said) = said {
        said(&rest);
    }
    words.push_str(&rest);
    statements.extend(lines);
    trace.step(STEP, "said", Some(step));
    Worded { words, statements, by }
}

/// For the model: what is wrong, and in which sentence.
fn told(sentence: &str, faults: &[Fault]) -> Vec<String> {
    let line = |fault: &Fault| match fault.words == sentence {
        true => format!("{}: {sentence}", fault.kind.message()),
        false => format!("{}: {} in: {sentence}", fault.kind.message(), fault.words),
    };
    faults.iter().map(line).collect()
}
