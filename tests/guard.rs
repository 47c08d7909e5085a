//! The guard without a database: what is refused, with which code; that nothing makes it panic; that what it writes it
//! admits again.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, which clippy does not see as tests")]

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use askline::{
    answer::Kind,
    sql::{
        Bind, Scope,
        admit::{Admitted, Refusal, admit},
        catalog::Catalog,
    },
};

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::builtin().expect("it is sound"));

fn try_admit(text: &str) -> Result<Admitted, Refusal> {
    admit(text, &CATALOG, &Scope::video(1))
}

#[test]
fn hostile_statements_are_refused_each_with_its_code() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (line, text) in include_str!("fixtures/guard/hostile.sql").lines().zip(1..) {
        if line.is_empty() || line.starts_with("--") {
            continue;
        }
        let Some((code, statement)) = text_of(line) else { panic!("line {text}: `code | statement` is expected") };
        count += 1;
        match try_admit(&statement) {
            Ok(admitted) => wrong.push(format!("line {text}: admitted: {statement}\n    {}", admitted.statement())),
            Err(refusal) if refusal.code.as_str() != code => {
                wrong.push(format!("line {text}: {code} expected: {statement}\n    {refusal}"));
            }
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 200, "only {count}");
}

/// Code and statement of a line of the list.
fn text_of(line: &str) -> Option<(&str, String)> {
    let (code, statement) = line.split_once('|')?;
    let statement = statement.trim().replace("\\0b", "\0b").replace("\\0F", "\0F");
    let statement =
        statement.replace("\\u{1b}", "\u{1b}").replace("\\u{202e}", "\u{202e}").replace("\\u{feff}", "\u{feff}");
    Some((code.trim(), statement))
}
