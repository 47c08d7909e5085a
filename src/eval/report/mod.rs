//! A run as people and CI read it: a terminal, Markdown for a pull request, JUnit XML, and one HTML page.
//!
//! All of them show the same figures by the same words ([`figures`]) and the same comparison ([`comparison`]). None looks
//! at a clock, a file or a terminal: the same run gives the same text.

mod comparison;
mod figures;
mod format;
mod html;
mod junit;
mod markdown;
mod terminal;

pub use comparison::terminal as comparison_terminal;
pub use html::html;
pub use junit::junit;
pub use markdown::markdown;
pub use terminal::terminal;

/// What a gate found for one strategy.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct GateResult {
    /// As it was written: `accuracy < 0.9`.
    pub gate: String,
    pub strategy: String,
    pub failed: bool,
    /// "accuracy is 0.87" and the like.
    pub found: String,
}
