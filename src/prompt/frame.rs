//! What every prompt file says of its request: the system text, the limits of the reply, and the turns.

use serde::Serialize;
use serde_json::Value as Json;

use super::{Cache, PromptError, VERSION, about_tokens, template::Templates};
use crate::{
    cost::Known,
    fingerprint::fingerprint,
    model::{Chat, Part, Role, Tool, Turn},
};

/// The fields that all kinds of files share, as they are written.
pub(super) struct Written<'a> {
    pub version: u32,
    pub kind: &'a str,
    pub revision: &'a str,
    pub max_tokens: u32,
    pub temperature: Option<f32>,
    pub cache: Cache,
    /// Fields that must hold something, by name.
    pub texts: &'a [(&'static str, &'a str)],
}

/// A request but for what is asked.
#[derive(Debug)]
pub(super) struct Frame {
    templates: Templates,
    /// The same for every question.
    system: String,
    max_tokens: u32,
    temperature: Option<f32>,
    cache: Cache,
    hash: String,
}

/// What was said before, and the variables that `repair` answers it with.
pub(super) struct Before<'a> {
    pub said: &'a str,
    pub repair: Json,
}

impl Written<'_> {
    /// Tells what is wrong in them.
    pub(super) fn check(&self, kind: &str, name: &str, problems: &mut Vec<String>) {
        let mut problem = |field: &str, why: &str| problems.push(format!("{name}: {field}: {why}"));
        if self.version != VERSION {
            problem("version", &format!("{} is unknown; this is {VERSION}", self.version));
        }
        if self.kind != kind {
            problem("kind", &format!("`{}` is another; this is read as `{kind}`", self.kind));
        }
        if self.max_tokens == 0 {
            problem("max_tokens", "is to be above 0");
        }
        if self.temperature.is_some_and(|t| !(0.0..=1.0).contains(&t)) {
            problem("temperature", "is to be 0 to 1");
        }
        if self.cache.reads_per_write.is_nan() || self.cache.reads_per_write < 0.0 {
            problem("cache.reads_per_write", "is to be 0 or more");
        }
        for (field, text) in self.texts {
            if text.trim().is_empty() {
                problem(field, "is empty");
            }
        }
    }

    /// `text` is the whole file.
    pub(super) fn frame(&self, system: String, templates: Templates, text: &str) -> Frame {
        Frame {
            templates,
            system,
            max_tokens: self.max_tokens,
            temperature: self.temperature,
            cache: self.cache,
            hash: format!("{}:{}", self.revision, fingerprint([text])),
        }
    }
}

impl Frame {
    /// Tells versions of the file apart.
    pub(super) fn hash(&self) -> &str {
        &self.hash
    }

    /// The request: what is asked by the template `user`, and after each reply that could not be used, `repair`.
    ///
    /// # Errors
    /// A template that rendered with the sample and does not with this: a mistake of the file.
    pub(super) fn chat<'a>(
        &self,
        model: &str,
        known: Option<Known<'_>>,
        tool: Option<Tool>,
        user: impl Serialize,
        before: impl Iterator<Item = Before<'a>>,
    ) -> Result<Chat, String> {
        let mut system = vec![Part::Text(self.system.clone())];
        if self.cache.pays(about_tokens(&self.system), known) {
            system.push(Part::CachePoint);
        }
        let turn = |role, text| Turn { role, parts: vec![Part::Text(text)] };
        let mut turns = vec![turn(Role::User, self.templates.render("user", user)?)];
        for Before { said, repair } in before {
            turns.push(turn(Role::Assistant, said.to_owned()));
            turns.push(turn(Role::User, self.templates.render("repair", repair)?));
        }
        let (model, max_tokens, temperature) = (model.to_owned(), self.max_tokens, self.temperature);
        Ok(Chat { model, system, turns, tool, max_tokens, temperature })
    }
}

/// Of a file that is no YAML, or has other fields, with its line.
pub(super) fn unreadable(name: &str, error: &serde_yaml::Error) -> PromptError {
    let line = error.location().map_or(1, |at| at.line());
    PromptError(vec![format!("{name}:{line}: {error}")])
}
