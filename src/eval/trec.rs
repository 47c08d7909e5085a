//! TREC's files: relevance judgements (qrels) and ranked runs, as trec_eval reads them.
//!
//! | file | a line, fields between spaces or tabs |
//! |---|---|
//! | qrels | `query iteration document grade`; the iteration is not looked at, a grade above 0 is relevant |
//! | run | `query Q0 document rank score tag`; score alone decides the order, rank and tag are not looked at |

use std::collections::BTreeMap;

use super::problems::Problems;

/// For each query the grades of the documents that were judged.
pub type Qrels = BTreeMap<String, BTreeMap<String, i64>>;

/// For each query the scores of the documents that were found.
pub type Run = BTreeMap<String, BTreeMap<String, f64>>;

/// Reads judgements; `file` is for messages. Empty lines are skipped.
///
/// # Errors
/// Every line that is not as above or judges a document again, or that there is none at all.
pub fn qrels(file: &str, text: &str) -> Result<Qrels, Problems> {
    read(file, text, "query iteration document grade", |fields: [&str; 4]| {
        let [query, _, document, grade] = fields;
        match grade.parse() {
            Ok(grade) => Ok((query, document, grade)),
            Err(_) => Err(format!("the grade `{grade}` is not a whole number")),
        }
    })
}

/// Reads a run; `file` is for messages. Empty lines are skipped.
///
/// # Errors
/// Every line that is not as above or ranks a document again, or that there is none at all.
pub fn run(file: &str, text: &str) -> Result<Run, Problems> {
    read(file, text, "query Q0 document rank score tag", |fields: [&str; 6]| {
        let [query, _, document, _, score, _] = fields;
        match score.parse::<f64>() {
            Ok(score) if !score.is_nan() => Ok((query, document, score)),
            _ => Err(format!("the score `{score}` is not a number")),
        }
    })
}

fn read<'a, T, const N: usize>(
    file: &str,
    text: &'a str,
    form: &str,
    parse: impl Fn([&'a str; N]) -> Result<(&'a str, &'a str, T), String>,
) -> Result<BTreeMap<String, BTreeMap<String, T>>, Problems> {
    let mut problems = Problems::of(file);
    let mut read: BTreeMap<String, BTreeMap<String, T>> = BTreeMap::new();
    let mut lines: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (line, number) in text.trim_start_matches('\u{feff}').lines().zip(1..) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        if fields.is_empty() {
            continue;
        }
        let count = fields.len();
        let Ok(fields) = <[&str; N]>::try_from(fields) else {
            problems.add(number, format!("{count} fields, and not the {N} of `{form}`"));
            continue;
        };
        match parse(fields) {
            Ok((query, document, value)) => {
                if let Some(first) = lines.insert((query, document), number) {
                    problems
                        .add(number, format!("document `{document}` of query `{query}` is already on line {first}"));
                }
                read.entry(query.to_owned()).or_default().insert(document.to_owned(), value);
            }
            Err(told) => problems.add(number, told),
        }
    }
    if read.is_empty() {
        problems.add_if_none(format!("no lines; each is `{form}`"));
    }
    problems.or(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read() {
        let judged = qrels("q", "\u{feff}a 0 d1 2\r\n\na\t0\td2 0\nb 0 d1 -1\n").unwrap();
        assert_eq!((judged.len(), judged["a"]["d1"], judged["b"]["d1"]), (2, 2, -1));
        let found = run("r", "a Q0 d2 1 0.5 x\na Q0 d1 1 -1e3 x").unwrap();
        assert_eq!((found["a"]["d2"], found["a"]["d1"]), (0.5, -1000.0));
    }

    #[test]
    fn everything_wrong_is_told_with_file_and_line() {
        let check = |told: Result<usize, Problems>, expected: &str| {
            assert_eq!(told.unwrap_err().to_string(), expected);
        };
        check(
            qrels("q.txt", "a 0 d1\na 0 d1 high\na 0 d2 1\na 1 d2 2\na 0 d3 1 x").map(|read| read.len()),
            "q.txt:1: 3 fields, and not the 4 of `query iteration document grade`\n\
             q.txt:2: the grade `high` is not a whole number\n\
             q.txt:4: document `d2` of query `a` is already on line 3\n\
             q.txt:5: 5 fields, and not the 4 of `query iteration document grade`",
        );
        check(
            run("r.txt", "a Q0 d1 1 NaN x\na Q0 d1 1 best x").map(|read| read.len()),
            "r.txt:1: the score `NaN` is not a number\nr.txt:2: the score `best` is not a number",
        );
        check(
            run("r.txt", " \n").map(|read| read.len()),
            "r.txt: no lines; each is `query Q0 document rank score tag`",
        );
    }
}
