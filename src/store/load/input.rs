//! What is loaded, how far it has come, and what is wrong with it.

use std::{fmt, path::PathBuf};

/// Where rows come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    File(PathBuf),
    /// Standard input, which is kept in memory while it is loaded. One of the inputs at most.
    Stdin,
    /// Text that is part of the program, under a name for messages.
    Text {
        name: &'static str,
        text: &'static str,
    },
}

/// How far a load has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub stage: Stage,
    /// Bytes of all the inputs.
    pub bytes: u64,
    pub total: u64,
}

/// Every row is checked before any is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Checking,
    Sending,
    /// In the database, which does not say how far it is.
    Merging,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    pub file: String,
    /// From 1, as an editor counts; the first line of a row that has several.
    pub line: Option<u64>,
    pub column: Option<String>,
    pub what: String,
}

/// What is wrong: the first [`Problems::LISTED`] of it, and how much there is in all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    pub listed: Vec<Problem>,
    pub total: u64,
}

impl Problems {
    /// How many are listed at most.
    pub const LISTED: usize = 50;

    pub(super) fn add(&mut self, problem: Problem) {
        self.total += 1;
        if self.listed.len() < Self::LISTED {
            self.listed.push(problem);
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.total;
        write!(f, "nothing was loaded: {n} {}", if n == 1 { "problem" } else { "problems" })?;
        for problem in &self.listed {
            write!(f, "\n  {problem}")?;
        }
        let rest = self.total.saturating_sub(self.listed.len() as u64);
        if rest > 0 {
            write!(f, "\n  … and {rest} more")?;
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", {column}")?;
        }
        write!(f, ": {}", self.what)
    }
}
