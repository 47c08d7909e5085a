//! A file that is read in full before anything is done with it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::Context;

/// What messages call the file, and its text. `-` is standard input.
pub(super) fn read(path: &Path) -> anyhow::Result<(String, String)> {
    let (name, bytes) = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::stdin().lock(), &mut bytes).context("standard input cannot be read")?;
        ("<stdin>".to_owned(), bytes)
    } else {
        let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        (PathBuf::from(path).display().to_string(), bytes)
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count() + 1;
            anyhow::bail!("{name}:{line}: not UTF-8; save the file in that encoding")
        }
    }
}
