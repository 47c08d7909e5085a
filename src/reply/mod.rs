//! Says an outcome in the asker's language.

pub mod ground;
pub mod template;
