//! A run's directory: `cases.jsonl`, a [`CaseRecord`] a line, and `summary.json`, a [`Summary`]. Reports stand beside.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::record::{CaseRecord, SCHEMA, Summary};

pub const CASES: &str = "cases.jsonl";
pub const SUMMARY: &str = "summary.json";

/// Why a run's files are not to be had, or not written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}:{line}: {what}; is it a run of this version of askline?", path.display())]
    Unreadable { path: PathBuf, line: usize, what: String },
    #[error("{}: its schema is {found}, and this askline reads {SCHEMA}; run the suites again", path.display())]
    Schema { path: PathBuf, found: u32 },
}

/// Records as they come, so that a run that is stopped has lost nothing.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
}

impl Journal {
    /// Goes on with a directory's records (`resume`), or begins anew.
    ///
    /// # Errors
    /// [`FileError::Io`]
    pub fn open(dir: &Path, resume: bool) -> Result<Self, FileError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| FileError::Io { path, source }
        };
        fs::create_dir_all(dir).map_err(failed(dir))?;
        let path = dir.join(CASES);
        let mut options = File::options();
        options.create(true).write(true).append(resume).truncate(!resume);
        let file = options.open(&path).map_err(failed(&path))?;
        Ok(Self { path, file })
    }

    /// # Errors
    /// [`FileError::Io`]
    pub fn add(&mut self, record: &CaseRecord) -> Result<(), FileError> {
        let failed = |source| FileError::Io { path: self.path.clone(), source };
        let mut line = serde_json::to_vec(record).map_err(|error| failed(error.into()))?;
        line.push(b'\n');
        self.file.write_all(&line).map_err(failed)
    }
}

/// Both files at once, in the order given: what a journal left is replaced when all of it is written.
///
/// # Errors
/// [`FileError::Io`]
pub fn write(dir: &Path, summary: &Summary, records: &[CaseRecord]) -> Result<(), FileError> {
    let text =
        serde_json::to_string_pretty(summary).map_err(|e| FileError::Io { path: dir.to_owned(), source: e.into() })?;
    write_cases(dir, records)?;
    put(&dir.join(SUMMARY), &(text + "\n"))
}

/// The records alone, whole or not at all.
///
/// # Errors
/// [`FileError::Io`]
pub fn write_cases(dir: &Path, records: &[CaseRecord]) -> Result<(), FileError> {
    let mut text = String::new();
    for record in records {
        let line = serde_json::to_string(record);
        text += &line.map_err(|error| FileError::Io { path: dir.to_owned(), source: error.into() })?;
        text.push('\n');
    }
    put(&dir.join(CASES), &text)
}

/// Writes a file whole, or not at all.
///
/// # Errors
/// [`FileError::Io`]
pub fn put(path: &Path, text: &str) -> Result<(), FileError> {
    let failed = |source| FileError::Io { path: path.to_owned(), source };
    let fresh = path.with_extension("new");
    fs::write(&fresh, text).map_err(failed)?;
    fs::rename(&fresh, path).map_err(failed)
}

/// A run from its directory, or from its `summary.json`.
///
/// # Errors
/// [`FileError`], with the line that cannot be read.
pub fn read(at: &Path) -> Result<(Summary, Vec<CaseRecord>), FileError> {
    let dir = if at.is_dir() { at } else { at.parent().unwrap_or(Path::new(".")) };
    let path = if at.is_dir() { dir.join(SUMMARY) } else { at.to_owned() };
    let text = fs::read_to_string(&path).map_err(|source| FileError::Io { path: path.clone(), source })?;
    let unreadable = |path: &Path, line: usize, error: &serde_json::Error| FileError::Unreadable {
        path: path.to_owned(),
        line,
        what: error.to_string(),
    };
    let plain: serde_json::Value = serde_json::from_str(&text).map_err(|e| unreadable(&path, e.line(), &e))?;
    let found = plain.get("schema").and_then(serde_json::Value::as_u64).unwrap_or(0) as u32;
    if found != SCHEMA {
        return Err(FileError::Schema { path, found });
    }
    let summary = serde_json::from_value(plain).map_err(|e| unreadable(&path, e.line(), &e))?;
    Ok((summary, records(dir)?))
}

/// The records of a run, finished or not. A last line that was cut off in the middle of writing is left out.
///
/// # Errors
/// [`FileError`], with the line that cannot be read.
pub fn records(dir: &Path) -> Result<Vec<CaseRecord>, FileError> {
    let path = dir.join(CASES);
    let mut bytes = fs::read(&path).map_err(|source| FileError::Io { path: path.clone(), source })?;
    // Behind the last line's end stands what was cut off, perhaps in the middle of a character.
    bytes.truncate(bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1));
    let unreadable = |line: usize, what: String| FileError::Unreadable { path: path.clone(), line, what };
    let text = String::from_utf8(bytes).map_err(|error| unreadable(0, error.to_string()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty());
    lines.map(|(at, line)| serde_json::from_str(line).map_err(|error| unreadable(at + 1, error.to_string()))).collect()
}
