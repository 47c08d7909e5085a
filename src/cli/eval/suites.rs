//! The suites a command was given, and what only the program knows to be wrong with them.

use std::{collections::BTreeSet, path::PathBuf};

use anyhow::{Context, bail};

use crate::{
    assemble,
    config::Config,
    eval::case::{Case, Suite},
    fingerprint::fingerprint,
    prompt::SqlPrompt,
    question::normalise,
    sql::catalog::Catalog,
};

/// Every suite of the paths. All problems of all of them at once.
pub(super) fn suites(config: &Config, paths: &[PathBuf], only: Option<&str>) -> anyhow::Result<Vec<Suite>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let found = std::fs::read_dir(path).with_context(|| path.display().to_string())?;
            let mut found: Vec<PathBuf> = found.filter_map(|entry| Some(entry.ok()?.path())).collect();
            found.retain(|file| file.extension().is_some_and(|ext| ext == "yaml" || ext == "yml"));
            found.sort();
            if found.is_empty() {
                bail!("{}: there is no suite (*.yaml) in it", path.display());
            }
            files.extend(found);
        } else {
            files.push(path.clone());
        }
    }
    let (mut suites, mut problems) = (Vec::new(), Vec::new());
    let mut names = BTreeSet::new();
    for file in files {
        match Suite::load(&file) {
            Ok(suite) if !names.insert(suite.name.clone()) => {
                problems.push(format!("{}: another suite is called `{}`; rename one", suite.path, suite.name));
            }
            Ok(suite) => suites.push(suite),
            Err(error) => problems.push(error.to_string()),
        }
    }
    for (name, prompt) in assemble::sql_prompts(config, &Catalog::builtin()?)? {
        problems.extend(suites.iter().flat_map(|suite| shown(&name, &prompt, suite)));
    }
    if !problems.is_empty() {
        bail!("{}", problems.join("\n"));
    }
    if let Some(only) = only {
        for suite in &mut suites {
            suite.cases.retain(|case| case.id.contains(only) || case.tags.iter().any(|tag| tag.contains(only)));
            // What is left is another suite.
            suite.hash = fingerprint([&suite.hash, " only ", only]);
        }
        suites.retain(|suite| !suite.cases.is_empty());
        if suites.is_empty() {
            bail!("no case has `{only}` in its id or a tag");
        }
    }
    Ok(suites)
}

/// Cases whose question a model is shown with its answer: what they measure is memory.
fn shown(name: &str, prompt: &SqlPrompt, suite: &Suite) -> Vec<String> {
    let examples: BTreeSet<String> = prompt.examples().iter().map(|example| bare(&example.question)).collect();
    let shown = suite.cases.iter().filter(|case| examples.contains(&bare(&case.prompt)));
    let told = |case: &Case| {
        format!(
            "{}:{}: case {}: its question is an example of the prompt `{name}`; ask another, or change the example",
            suite.path, case.line, case.id
        )
    };
    shown.map(told).collect()
}

/// Letters and digits alone: spelt otherwise it is the same question.
fn bare(question: &str) -> String {
    normalise(question).chars().filter(|c| c.is_alphanumeric()).collect()
}
