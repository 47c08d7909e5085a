//! A run as people and CI read it: a terminal, Markdown for a pull request, JUnit XML, and one HTML page.
//!
//! All of them show the same figures by the same words (`figures`) and the same comparison (`comparison`). None looks
//! at a clock, a file or a terminal: the same run gives the same text.

mod comparison;
mod figures;
mod format;
mod html;
mod junit;
mod markdown;
mod terminal;

pub use super::gate::GateResult;
pub use comparison::terminal as comparison_terminal;
pub use html::html;
pub use junit::junit;
pub use markdown::markdown;
pub use terminal::terminal;
