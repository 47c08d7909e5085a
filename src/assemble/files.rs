//! The files that settings name: read, with what they are called.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

/// The prompts the binary carries: kind, name, text.
const PROMPTS: [(&str, &str, &str); 3] = [
    ("sql", "text2sql", include_str!("../../prompts/text2sql.yaml")),
    ("words", "answer", include_str!("../../prompts/answer.yaml")),
    ("words", "summary", include_str!("../../prompts/summary.yaml")),
];

/// The name of the strategy that a setting means, and its file where it is one.
pub(super) fn strategy(setting: &str) -> (String, Option<PathBuf>) {
    if is_file(setting) { (stem(Path::new(setting)), Some(setting.into())) } else { (setting.to_owned(), None) }
}

/// Whether a strategy is named by its file.
pub(super) fn is_file(setting: &str) -> bool {
    setting.contains(['/', '\\']) || setting.ends_with(".yaml") || setting.ends_with(".yml")
}

/// Name, path and text of each.
pub(super) fn strategies(files: &[PathBuf]) -> anyhow::Result<Vec<(String, String, String)>> {
    let mut read: Vec<(String, String, String)> = Vec::new();
    for path in files {
        let name = stem(path);
        let shown = path.display().to_string();
        if let Some((_, other, _)) = read.iter().find(|(known, other, _)| *known == name && *other != shown) {
            bail!("{shown} and {other} would both be the strategy `{name}`; rename one");
        }
        let text = fs::read_to_string(path).with_context(|| format!("the strategy file {shown}"))?;
        read.push((name, shown, text));
    }
    Ok(read)
}

/// Name, path and text of each prompt of a kind; those of `dir` stand for the built-in ones of their name.
pub(super) fn prompts(dir: Option<&Path>, kind: &str) -> anyhow::Result<Vec<(String, String, String)>> {
    let own = PROMPTS.iter().filter(|(of, _, _)| *of == kind);
    let mut all: Vec<(String, String, String)> =
        own.map(|(_, name, text)| ((*name).to_owned(), format!("prompts/{name}.yaml"), (*text).to_owned())).collect();
    let Some(dir) = dir else { return Ok(all) };
    let found = fs::read_dir(dir).with_context(|| format!("the setting `prompts`: {}", dir.display()))?;
    let mut files: Vec<PathBuf> = found.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"));
    files.sort();
    for path in files {
        let shown = path.display().to_string();
        let text = fs::read_to_string(&path).with_context(|| format!("the prompt file {shown}"))?;
        if crate::prompt::kind(&shown, &text)? != kind {
            continue;
        }
        let name = stem(&path);
        all.retain(|(known, _, _)| *known != name);
        all.push((name, shown, text));
    }
    Ok(all)
}

/// Name and text of each.
pub(super) fn vocabulary(files: &[PathBuf]) -> anyhow::Result<Vec<(String, String)>> {
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).with_context(|| format!("the setting `lexicon`: {name}"))?;
        Ok((name, text))
    };
    files.iter().map(read).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}
