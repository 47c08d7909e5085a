//! Suites of questions with what is right: `eval/suites/*.yaml`, strictly parsed, all problems at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
};

use jiff::{Timestamp, fmt::temporal::Pieces};
use serde::{Deserialize, Serialize};

use crate::{fingerprint::fingerprint, question::Lang};

/// One file of cases.
#[derive(Debug, Clone, PartialEq)]
pub struct Suite {
    /// The file's name without its ending.
    pub name: String,
    /// The file as it was given.
    pub path: String,
    /// The fingerprint of the file's text: two runs of one suite asked the same.
    pub hash: String,
    pub cases: Vec<Case>,
}

/// One question about one video.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub id: String,
    pub prompt: String,
    pub lang: Lang,
    pub video_id: i64,
    /// What "today" is relative to; [`default_now`] where the case does not say.
    pub now: Option<Timestamp>,
    pub expected: Expected,
    pub tags: Vec<String>,
    /// 1 to 5; 0 where the case does not say.
    pub difficulty: u8,
    /// What the Korean and the English case of one question have in common.
    pub pair: Option<String>,
    /// The line its `- id` stands on, from 1.
    pub line: usize,
}

/// What is right.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// What this statement returns, read by kind.
    Sql { kind: AskedKind, sql: String, ordered: bool, may_be_empty: bool },
    /// No answer, and no SQL is run.
    Abstain,
    /// These events, by how well they answer it.
    Relevant(BTreeMap<i64, u32>),
}

/// The kinds of cases, as files and reports name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AskedKind {
    Events,
    Scalar,
    Groups,
    Abstain,
    Semantic,
}

/// Everything that is wrong with a suite.
#[derive(Debug, thiserror::Error)]
pub struct SuiteError(pub Vec<CaseProblem>);

/// One fault: `file:line: case: what`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseProblem {
    pub path: String,
    pub line: usize,
    pub case: Option<String>,
    pub what: String,
}

/// The moment that cases without `now` are asked at: no answer may depend on it, so it is the same in every run.
pub fn default_now() -> Timestamp {
    // 2026-03-02T18:00:00+09:00
    Timestamp::constant(1_772_442_000, 0)
}

impl Suite {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// Every problem, with its line and the id of its case; also a file that cannot be read.
    pub fn load(path: &Path) -> Result<Self, SuiteError> {
        let shown = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&shown, &text),
            Err(error) => {
                Err(SuiteError(vec![CaseProblem { path: shown, line: 0, case: None, what: error.to_string() }]))
            }
        }
    }

    /// As [`Self::load`], of a text.
    ///
    /// # Errors
    /// As there.
    pub fn parse(path: &str, text: &str) -> Result<Self, SuiteError> {
        let mut problems = Problems { path, found: Vec::new() };
        let mut cases = Vec::new();
        for (line, piece) in pieces(text) {
            match serde_yaml::from_str::<Vec<Written>>(&piece) {
                Ok(written) => {
                    for written in written {
                        let case = written.resolve(line, &mut problems);
                        cases.extend(case);
                    }
                }
                Err(error) => {
                    let at = error.location().map_or(line, |at| line + at.line().saturating_sub(1));
                    let said = error.to_string();
                    let what = said
                        .split(" at line ")
                        .next()
                        .unwrap_or_default()
                        .trim_start_matches(".[0]")
                        .trim_start_matches(['.', ':', ' ']);
                    problems.add(at, id_of(&piece), what.to_owned());
                }
            }
        }
        if cases.is_empty() && problems.found.is_empty() {
            problems.add(
                1,
                None,
                "there is no case in it; a suite is a list of cases, each begun by `- id:`".to_owned(),
            );
        }
        check_together(&cases, &mut problems);
        if !problems.found.is_empty() {
            problems.found.sort_by_key(|problem| problem.line);
            return Err(SuiteError(problems.found));
        }
        let name = Path::new(path).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        Ok(Self { name, path: path.to_owned(), hash: fingerprint([text]), cases })
    }
}

impl Case {
    pub fn kind(&self) -> AskedKind {
        match &self.expected {
            Expected::Sql { kind, .. } => *kind,
            Expected::Abstain => AskedKind::Abstain,
            Expected::Relevant(_) => AskedKind::Semantic,
        }
    }

    /// The statement whose result is right, where there is one.
    pub fn sql(&self) -> Option<&str> {
        match &self.expected {
            Expected::Sql { sql, .. } => Some(sql),
            Expected::Abstain | Expected::Relevant(_) => None,
        }
    }
}

impl AskedKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Scalar => "scalar",
            Self::Groups => "groups",
            Self::Abstain => "abstain",
            Self::Semantic => "semantic",
        }
    }
}

impl fmt::Display for SuiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            let end = if i + 1 < self.0.len() { "\n" } else { "" };
            write!(f, "{problem}{end}")?;
        }
        Ok(())
    }
}

impl fmt::Display for CaseProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.path, self.line)?;
        if let Some(case) = &self.case {
            write!(f, "{case}: ")?;
        }
        f.write_str(&self.what)
    }
}

/// A case as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    prompt: String,
    lang: Lang,
    video_id: i64,
    now: Option<String>,
    kind: AskedKind,
    sql: Option<String>,
    ordered: Option<bool>,
    /// The right answer may be empty.
    #[serde(default)]
    empty: bool,
    relevant: Option<Graded>,
    #[serde(default)]
    tags: Vec<String>,
    difficulty: Option<u8>,
    pair: Option<String>,
}

/// Ids, or ids with their grades.
#[derive(Deserialize)]
#[serde(untagged)]
enum Graded {
    Plain(Vec<i64>),
    Graded(BTreeMap<i64, u32>),
}

struct Problems<'a> {
    path: &'a str,
    found: Vec<CaseProblem>,
}

impl Problems<'_> {
    fn add(&mut self, line: usize, case: Option<String>, what: String) {
        self.found.push(CaseProblem { path: self.path.to_owned(), line, case, what });
    }
}

impl Written {
    /// The case, if nothing is wrong with it.
    fn resolve(self, line: usize, problems: &mut Problems<'_>) -> Option<Case> {
        let before = problems.found.len();
        let mut wrong = |what: String| problems.add(line, Some(self.id.clone()), what);
        if self.id.trim().is_empty() {
            wrong("`id` is empty".to_owned());
        }
        if self.prompt.trim().is_empty() {
            wrong("`prompt` asks nothing".to_owned());
        }
        if self.difficulty.is_some_and(|d| !(1..=5).contains(&d)) {
            wrong("`difficulty` is 1 to 5".to_owned());
        }
        let now = self.now.as_deref().map(moment).transpose();
        if let Err(what) = &now {
            wrong(what.clone());
        }
        let kind = self.kind.name();
        let needs_sql = matches!(self.kind, AskedKind::Events | AskedKind::Scalar | AskedKind::Groups);
        match (needs_sql, &self.sql) {
            (true, None) => wrong(format!("`sql` is missing, which {kind} needs")),
            (false, Some(_)) => wrong(format!("`sql` has no use in {kind}")),
            (true, Some(sql)) if sql.trim().is_empty() => wrong("`sql` is empty".to_owned()),
            _ => {}
        }
        if self.ordered.is_some() && self.kind != AskedKind::Events {
            wrong(format!("`ordered` is for events, not for {kind}"));
        }
        if self.empty && !needs_sql {
            wrong(format!("`empty` has no use in {kind}"));
        }
        let relevant = self.relevant.map(|relevant| match relevant {
            Graded::Plain(ids) => ids.into_iter().map(|id| (id, 1)).collect(),
            Graded::Graded(grades) => grades,
        });
        match (&relevant, self.kind == AskedKind::Semantic) {
            (None, true) => wrong("`relevant` is missing, which semantic needs".to_owned()),
            (Some(_), false) => wrong(format!("`relevant` has no use in {kind}")),
            (Some(ids), true) if ids.values().all(|grade| *grade == 0) => {
                wrong("`relevant` has no event with a grade above 0".to_owned());
            }
            _ => {}
        }
        if problems.found.len() > before {
            return None;
        }
        let expected = match (self.kind, self.sql, relevant) {
            (AskedKind::Abstain, ..) => Expected::Abstain,
            (AskedKind::Semantic, _, Some(relevant)) => Expected::Relevant(relevant),
            (kind, Some(sql), _) => {
                Expected::Sql { kind, sql, ordered: self.ordered.unwrap_or(false), may_be_empty: self.empty }
            }
            _ => return None,
        };
        Some(Case {
            id: self.id,
            prompt: self.prompt,
            lang: self.lang,
            video_id: self.video_id,
            now: now.ok().flatten(),
            expected,
            tags: self.tags,
            difficulty: self.difficulty.unwrap_or(0),
            pair: self.pair,
            line,
        })
    }
}

/// RFC 3339, with its offset: without one it is nobody's moment.
fn moment(text: &str) -> Result<Timestamp, String> {
    let offset = Pieces::parse(text).ok().and_then(|pieces| pieces.to_numeric_offset());
    match (offset, text.parse()) {
        (Some(_), Ok(moment)) => Ok(moment),
        _ => Err(format!("`now` is a moment with its offset, as in 2026-03-02T10:00:00+09:00, not {text:?}")),
    }
}

/// Ids are unique, and a pair is one question in two languages.
fn check_together(cases: &[Case], problems: &mut Problems<'_>) {
    let mut ids = BTreeSet::new();
    let mut pairs: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        if !ids.insert(case.id.as_str()) {
            problems.add(case.line, Some(case.id.clone()), "another case has this id".to_owned());
        }
        if let Some(pair) = &case.pair {
            pairs.entry(pair).or_default().push(case);
        }
    }
    for (pair, cases) in pairs {
        let fits = matches!(cases[..], [a, b] if a.lang != b.lang && a.kind() == b.kind());
        if !fits {
            let case = cases[0];
            let what = format!("pair `{pair}` is not two cases of one kind in two languages, but {}", cases.len());
            problems.add(case.line, Some(case.id.clone()), what);
        }
    }
}

/// The items of a YAML list whose marks stand in the first column, with the line each begins on: so that a fault in one
/// does not hide those of the next.
fn pieces(text: &str) -> Vec<(usize, String)> {
    let mut pieces: Vec<(usize, String)> = Vec::new();
    let mut before = String::new();
    for (at, line) in text.lines().enumerate() {
        let begins = line == "-" || line.starts_with("- ");
        match pieces.last_mut() {
            _ if begins => pieces.push((at + 1, format!("{line}\n"))),
            Some((_, piece)) => {
                piece.push_str(line);
                piece.push('\n');
            }
            None => {
                before.push_str(line);
                before.push('\n');
            }
        }
    }
    if pieces.is_empty() && !before.trim().is_empty() {
        return vec![(1, before)];
    }
    pieces
}

fn id_of(piece: &str) -> Option<String> {
    let line = piece.lines().find_map(|line| line.trim_start_matches("- ").trim().strip_prefix("id:"))?;
    Some(line.trim().trim_matches(['"', '\'']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "\
# A comment.
- id: a
  prompt: how many?
  lang: en
  video_id: 1
  kind: scalar
  sql: SELECT 1
  pair: p
  tags: [count]
  difficulty: 2

- id: b
  prompt: 몇 건?
  lang: ko
  video_id: 1
  now: 2026-03-02T10:00:00+09:00
  kind: scalar
  sql: SELECT 1
  pair: p
- id: c
  prompt: who hid something?
  lang: en
  video_id: 1
  kind: semantic
  relevant: {3: 2, 4: 1}
";

    #[test]
    fn a_suite_is_read() {
        let suite = Suite::parse("eval/suites/s.yaml", SOUND).unwrap();
        assert_eq!((suite.name.as_str(), suite.cases.len()), ("s", 3));
        assert_eq!(suite.cases[1].line, 12);
        assert_eq!(suite.cases[1].now.unwrap().to_string(), "2026-03-02T01:00:00Z");
        assert_eq!(suite.cases[2].expected, Expected::Relevant(BTreeMap::from([(3, 2), (4, 1)])));
        assert_eq!(default_now().to_string(), "2026-03-02T09:00:00Z");
    }

    #[test]
    fn every_fault_is_told_with_its_line_and_case() {
        let text = "\
- id: a
  prompt: how many?
  lang: en
  video_id: 1
  kind: scalar
- id: b
  prompt: ' '
  lang: en
  video_id: 1
  kind: abstain
  sql: SELECT 1
  now: 2026-03-02
  difficulty: 6
- id: c
  prompt: x
  lang: en
  video_id: 1
  kind: events
  sgl: SELECT id FROM db_event
- id: a
  prompt: x
  lang: fr
  video_id: 1
  kind: abstain
- id: d
  prompt: x
  lang: en
  video_id: 1
  kind: abstain
  pair: alone
- id: d
  prompt: x
  lang: en
  video_id: 1
  kind: semantic
  relevant: [7]
";
        let said = Suite::parse("s.yaml", text).unwrap_err().to_string();
        insta::assert_snapshot!(said);
    }

    #[test]
    fn what_is_no_list_is_said_to_be_none() {
        for text in ["", "# nothing\n", "cases: []\n", "hello"] {
            let error = Suite::parse("s.yaml", text).unwrap_err();
            assert_eq!(error.0.len(), 1, "{text:?}: {error}");
        }
    }
}
