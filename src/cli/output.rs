//! What the commands write: results to stdout, complaints to stderr. A closed pipe is no accident.

use std::io::{self, Write};

/// Writes `text` and a line break to stdout.
pub(super) fn line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Writes `text` and a line break to stderr, beside the results.
pub(super) fn note(text: &str) {
    // With stderr gone there is nobody to tell.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Tells what went wrong, with those of its causes that say more.
pub(super) fn complain(error: &anyhow::Error) {
    let mut told = format!("askline: {error}");
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !told.contains(&cause) {
            told = format!("{told}: {cause}");
        }
    }
    // With stderr gone there is nobody to tell.
    let _ = writeln!(io::stderr(), "{told}");
}

pub(super) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe))
}
