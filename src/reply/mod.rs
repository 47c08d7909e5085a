//! Says an outcome in the asker's language.

pub mod template;
