//! Other people's suites: questions with gold SQL on databases that are not ours, in one form.
//!
//! [`read`] knows the files of Spider, BIRD and defog's sql-eval, and plain CSV; [`check`] runs the golds.

pub mod check;
mod defog;
mod records;

use serde::{Deserialize, Serialize};

use super::{judge::Mode, judge::order::order_by, problems::Problems};
use records::{Found, Record};

/// Whose files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON: `{"question", "query", "db_id"}`.
    Spider,
    /// JSON: `{"question", "SQL", "db_id", "evidence", "difficulty"}`.
    Bird,
    /// CSV: `question, query, db_name, query_category, instructions`; braces and `;` in a query give several golds.
    Defog,
    /// CSV: `question`, `query` or `sql`, `db_name`.
    Csv,
}

/// One question: a line of what `askline eval import` writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Imported {
    /// The file's name without its ending, and the number of the record from 1: `dev-0012`.
    pub id: String,
    pub question: String,
    /// The database it is asked of.
    pub database: String,
    /// Statements, at least one. A result like that of any of them is right.
    pub golds: Vec<String>,
    /// By whose rules results are judged.
    pub mode: JudgedBy,
    /// Whether the order of rows counts: in `spider` where the gold orders them; in `defog` where category or question
    /// ask for it, as sql-eval has it; never in `bird`.
    pub ordered: bool,
    /// What is said beside the question: defog's instructions, BIRD's evidence.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub instructions: Option<String>,
    /// As the suite calls it: BIRD's difficulty.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub difficulty: Option<String>,
    /// defog's query_category.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<String>,
    /// `file:line` it was read from.
    pub source: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JudgedBy {
    Bird,
    Spider,
    Defog,
}

impl JudgedBy {
    pub fn mode(self) -> Mode {
        match self {
            Self::Bird => Mode::Bird,
            Self::Spider => Mode::Spider,
            Self::Defog => Mode::Defog,
        }
    }
}

impl Format {
    /// What its fields are called: question, gold, database, each by the names it may have.
    fn names(self) -> [&'static [&'static str]; 3] {
        match self {
            Self::Spider => [&["question"], &["query"], &["db_id"]],
            Self::Bird => [&["question"], &["SQL"], &["db_id"]],
            Self::Defog => [&["question"], &["query"], &["db_name"]],
            Self::Csv => [&["question"], &["query", "sql"], &["db_name"]],
        }
    }

    fn judged_by(self) -> JudgedBy {
        match self {
            Self::Bird => JudgedBy::Bird,
            Self::Defog => JudgedBy::Defog,
            Self::Spider | Self::Csv => JudgedBy::Spider,
        }
    }
}

/// Reads one file. `file` is what messages call it, `stem` what ids begin with.
///
/// # Errors
/// Everything that is wrong with it, by line and record.
pub fn read(format: Format, file: &str, stem: &str, text: &str) -> Result<Vec<Imported>, Problems> {
    let mut found = Vec::new();
    let records = match format {
        Format::Spider | Format::Bird => records::of_json(text, &mut found),
        Format::Defog | Format::Csv => records::of_csv(text, &format.names(), &mut found),
    };
    let mut imported = Vec::with_capacity(records.len());
    for record in &records {
        if let Some(mut one) = one(format, record, &mut found) {
            one.id = format!("{stem}-{:04}", record.number);
            one.source = format!("{file}:{}", record.line);
            imported.push(one);
        }
    }
    found.sort();
    let mut problems = Problems::of(file);
    for (line, what) in found {
        problems.add(line, what);
    }
    if imported.is_empty() {
        problems.add_if_none("there is no question in it");
    }
    problems.or(imported)
}

fn one(format: Format, record: &Record, problems: &mut Found) -> Option<Imported> {
    let mut field = |names: &[&str]| {
        let found = names.iter().find_map(|name| record.text(name));
        if found.is_none() {
            let names = names.join("` or `");
            problems.push((record.line, format!("record {}: `{names}` is missing or empty", record.number)));
        }
        found
    };
    let [question, gold, database] = format.names().map(&mut field);
    let (question, gold, database) = (question?, gold?, database?);
    let golds = match format {
        Format::Defog => defog::golds(&gold),
        _ => Ok(vec![gold.trim().trim_end_matches(';').trim_end().to_owned()]),
    };
    let golds = match golds {
        Ok(golds) => golds,
        Err(why) => {
            problems.push((record.line, format!("record {}: {why}", record.number)));
            return None;
        }
    };
    let category = record.text("query_category").filter(|_| format == Format::Defog);
    let ordered = match format {
        Format::Bird => false,
        Format::Defog => defog::asks_for_order(&question, category.as_deref()),
        Format::Spider | Format::Csv => golds.iter().any(|gold| order_by(gold).is_ok_and(|keys| !keys.is_empty())),
    };
    // The longer of the two says what the other does, and more.
    let instructions = ["full_instructions", "instructions", "evidence"].into_iter().find_map(|name| record.text(name));
    Some(Imported {
        id: String::new(),
        question,
        database,
        golds,
        mode: format.judged_by(),
        ordered,
        instructions,
        difficulty: record.text("difficulty"),
        category,
        source: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(format: Format, text: &str) -> String {
        match read(format, "dev.x", "dev", text) {
            Ok(all) => all.iter().map(|one| serde_json::to_string(one).unwrap()).collect::<Vec<_>>().join("\n"),
            Err(problems) => problems.to_string(),
        }
    }

    #[test]
    fn every_format_becomes_the_same_lines() {
        let spider = r#"[{"db_id": "shop", "query": "SELECT a FROM t ORDER BY a;", "question": "Which?", "query_toks": ["SELECT"]},
 {"db_id": "shop", "query": "SELECT b FROM t", "question": "What?"}]"#;
        let bird = r#"[{"question_id": 7, "db_id": "shop", "question": "Which?", "evidence": "a is b", "SQL": "SELECT a FROM t ORDER BY a", "difficulty": "simple"}]"#;
        let defog = "question,query,db_name,query_category,instructions\n\
                     \"Which, in order?\",\"SELECT {a, b} FROM t GROUP BY {};SELECT c\n FROM t;\",shop,group_by,\nHow many?,SELECT 1,shop,ratio,be brief\n";
        let csv = "db_name,question,sql\nshop,Which?,SELECT a FROM t\n";
        let all = [
            lines(Format::Spider, spider),
            lines(Format::Bird, bird),
            lines(Format::Defog, defog),
            lines(Format::Csv, csv),
        ];
        insta::assert_snapshot!(all.join("\n\n"));
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let spider = "[{\"db_id\": \"shop\", \"query\": \"\", \"question\": \"Which?\"},\n{\"db_id\": 7, \"question\": \"x\"},\n3]";
        let defog = "question,query,db_name\nWhich?,\"SELECT {a, FROM t\",shop\n,;,shop\na,b\n\"x\n y\",SELECT 1,\n";
        let all = [
            lines(Format::Spider, spider),
            lines(Format::Spider, "{"),
            lines(Format::Bird, "[]"),
            lines(Format::Defog, defog),
            lines(Format::Csv, "question,gold\na,b\n"),
            lines(Format::Csv, ""),
        ];
        insta::assert_snapshot!(all.join("\n\n"));
    }
}
