//! Prompt files: YAML with strict templates, checked whole when they load, rendered into chats.
//!
//! Whatever a question, a row or a video says is put into a template as a JSON string, quotes and all: it is data there,
//! and cannot end its own quotation. A template that names a variable that does not exist is an error when it loads.

mod choose;
mod frame;
mod sql;
mod template;
mod words;

pub use self::sql::{Asked, Broken, Example, Facts, Intent, SqlPrompt, SqlReply};
pub use self::words::{Evidence, ROWS, Refused, WordsPrompt};
use crate::cost::Known;

/// Everything that is wrong with a prompt file, each with file, line and field.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct PromptError(Vec<String>);

/// What a prompt file is for: `sql` or `words`.
///
/// # Errors
/// It is no YAML, or for something else.
pub fn kind(name: &str, text: &str) -> Result<String, PromptError> {
    #[derive(serde::Deserialize)]
    struct Kind {
        kind: String,
    }
    let failed = |why: String| PromptError(vec![format!("{name}: {why}")]);
    let Kind { kind } = serde_yaml::from_str(text).map_err(|error| failed(error.to_string()))?;
    if ["sql", "words"].contains(&kind.as_str()) {
        Ok(kind)
    } else {
        Err(failed(format!("kind: `{kind}` is unknown; a prompt is for sql or words")))
    }
}

/// The form of the files that this program reads.
const VERSION: u32 = 1;

/// What a file says of caching: how often a kept beginning is expected to be read again within its five minutes.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Cache {
    reads_per_write: f64,
}

impl Cache {
    /// Whether a cache point behind so many tokens has an effect, and costs less than it saves.
    fn pays(self, prefix_tokens: u64, model: Option<Known<'_>>) -> bool {
        let Some(model) = model else { return false };
        let met = model.model.takes.and_then(|takes| takes.cache_min_tokens).is_some_and(|min| prefix_tokens >= min);
        let Some(prices) = model.prices().filter(|_| met) else { return false };
        // Without a price of its own a write is billed as input (Nova).
        let (Some(input), Some(read)) = (prices.input, prices.cache_read) else { return false };
        let write = prices.cache_write.unwrap_or(input);
        write.usd() + self.reads_per_write * read.usd() < (1.0 + self.reads_per_write) * input.usd()
    }
}

/// About so many tokens: a quarter of the ASCII characters, and one for each other. An estimate, for limits and budgets;
/// what is billed is what the service says.
pub fn about_tokens(text: &str) -> u64 {
    let ascii = text.bytes().filter(u8::is_ascii).count() as u64;
    let others = text.chars().filter(|c| !c.is_ascii()).count() as u64;
    ascii.div_ceil(4) + others
}

/// As a JSON string, without control characters and not longer than this many characters: what others wrote.
fn quoted(text: &str, longest: usize) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(longest).collect();
    serde_json::Value::String(clean).to_string()
}

/// The line, from 1, that a text of the file begins in; 1 where it is written in another way than it is read.
fn line_of(file: &str, text: &str) -> usize {
    let first = text.lines().next().unwrap_or_default();
    let found = file.lines().zip(1..).find(|(line, _)| !first.is_empty() && line.contains(first));
    found.map_or(1, |(_, line)| line)
}
