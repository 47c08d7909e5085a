//! STAND-IN, replaced by the reader.
use std::path::PathBuf;
#[derive(Debug)]
pub struct Lexicon;
#[derive(Debug, thiserror::Error)]
#[error("lexicon")]
pub struct LexiconError;
impl Lexicon {
    pub fn builtin() -> Result<Self, LexiconError> { Ok(Self) }
    pub fn with_files(_f: &[PathBuf]) -> Result<Self, LexiconError> { Ok(Self) }
}
