//! What is wrong with a file: all of it at once, by line.

use std::fmt;

/// One line each: `file:line: what is wrong`. Made while reading; an error if it is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    file: String,
    /// By line, from 1; 0 is the file as a whole.
    found: Vec<(usize, String)>,
}

impl Problems {
    pub(super) fn of(file: &str) -> Self {
        Self { file: file.to_owned(), found: Vec::new() }
    }

    pub(super) fn add(&mut self, line: usize, told: impl Into<String>) {
        self.found.push((line, told.into()));
    }

    /// Of the file as a whole, where no line says more.
    pub(super) fn add_if_none(&mut self, told: impl Into<String>) {
        if self.found.is_empty() {
            self.add(0, told);
        }
    }

    /// `read`, if nothing is wrong with it.
    pub(super) fn or<T>(self, read: T) -> Result<T, Self> {
        if self.found.is_empty() { Ok(read) } else { Err(self) }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (line, told)) in self.found.iter().enumerate() {
            let next = if at == 0 { "" } else { "\n" };
            match line {
                0 => write!(f, "{next}{}: {told}", self.file)?,
                _ => write!(f, "{next}{}:{line}: {told}", self.file)?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
