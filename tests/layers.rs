//! Who may import whom, as ARCHITECTURE.md has it: read from the sources, so that it stays true.

#![expect(clippy::expect_used, reason = "helpers of tests, which clippy does not see as tests")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The rows of the table. A file imports from rows above its own, or from its own folder.
const ROWS: [&[&str]; 9] = [
    &["fingerprint"],
    &["question", "answer", "cost"],
    &["sql", "model"],
    &["prompt", "store", "bedrock", "local", "replay", "sim"],
    &["strategy"],
    &["router", "reply", "index"],
    &["engine"],
    &["eval", "http"],
    &["config", "assemble", "telemetry", "cli", "main", "lib"],
];

/// What may be named only in these places.
const ONLY_IN: [(&[&str], &[&str]); 7] = [
    // telemetry names them to keep their logs quiet.
    (&["sqlx", "pgvector", "pglite_oxide"], &["store/", "telemetry.rs"]),
    (&["poem"], &["http/", "sim/"]),
    (
        &["aws_config", "aws_runtime", "aws_sdk", "aws_smithy", "aws_types"],
        &["bedrock/", "assemble.rs", "telemetry.rs"],
    ),
    (
        &["serde_yaml"],
        &[
            "config.rs",
            "router.rs",
            "prompt/",
            "cost.rs",
            "sim/script.rs",
            "sql/catalog.rs",
            "question/",
            "eval/case.rs",
        ],
    ),
    (&["env::var", "env::vars", "env::var_os"], &["config.rs"]),
    (&["Timestamp::now", "Zoned::now", "SystemTime::now"], &["cli/", "http/"]),
    (&["clap"], &["cli/", "config.rs"]),
];

#[test]
fn imports_go_upwards_only() {
    let mut wrong = Vec::new();
    for source in sources() {
        let own = source.module();
        let Some(row) = row_of(&own) else {
            wrong.push(format!("{}: `{own}` is in no row", source.path));
            continue;
        };
        for import in imports(&source.text) {
            match row_of(&import) {
                _ if import == own || row == ROWS.len() - 1 => {}
                Some(other) if other < row => {}
                _ => wrong.push(format!("{}: may not import `{import}`", source.path)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn outer_things_are_named_where_they_belong_only() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (names, places) in ONLY_IN {
            let allowed = places.iter().any(|place| source.path == *place || source.path.starts_with(place));
            for name in names.iter().filter(|name| !allowed && names_it(&source.text, name)) {
                wrong.push(format!("{}: `{name}` belongs in {}", source.path, places.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_reads_them() {
    let text = "use crate::{\n    answer::{Answer, Kind},\n    sql::Query,\n};\nuse crate::store;\nlet x = crate::engine::ask();";
    assert_eq!(imports(text), ["answer", "sql", "store", "engine"]);
    assert!(
        names_it("use poem::Route;", "poem") && !names_it("let poems = 1;", "poem") && names_it("a(poem::B)", "poem")
    );
}

struct Source {
    /// Below src/.
    path: String,
    /// Without comments and unit tests.
    text: String,
}

impl Source {
    fn module(&self) -> String {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned()
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 10, "sources are under {}", root.display());
    files
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(&file).expect("a source is readable");
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
            let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
            let path = file.strip_prefix(&root).expect("below src").to_string_lossy().into_owned();
            Source { path, text: code }
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder is readable") {
        let path = entry.expect("an entry is readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            files.push(path);
        }
    }
}

fn row_of(module: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&module))
}

/// The first names after every `crate::`, groups included.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => found.push(leading_name(rest)),
            Some(group) => {
                let mut depth = 0;
                let mut piece = String::new();
                for c in group.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => found.push(leading_name(&std::mem::take(&mut piece))),
                        _ => {}
                    }
                    if !(c == ',' && depth == 0) {
                        piece.push(c);
                    }
                }
                found.push(leading_name(&piece));
            }
        }
    }
    found.retain(|name| !name.is_empty());
    found
}

fn leading_name(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// As a whole word; `aws_sdk` also begins longer ones.
fn names_it(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(part);
        let after = text[at + name.len()..].chars().next().is_some_and(part);
        !before && (!after || name.starts_with("aws_"))
    })
}
