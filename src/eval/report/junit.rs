//! A run as JUnit XML, in the shape of the schema that Jenkins checks (junit-10.xsd of its xUnit plugin): a test suite for
//! each suite and strategy, a test case for each case, whatever its repeats.

use std::collections::BTreeMap;

use quick_xml::escape::escape;

use super::format::{shortened, verdict, verdicts};
use crate::eval::{
    record::{CaseRecord, Summary, Verdict},
    repeats::Repeats,
};

/// Wrong and abstained are failures, an error is an error, not applicable is skipped. A case that was right most times
/// but not always passes, and says so.
pub fn junit(summary: &Summary, records: &[CaseRecord]) -> String {
    let mut suites: BTreeMap<(&str, &str), Vec<Repeats<'_>>> = BTreeMap::new();
    for repeats in Repeats::all(records) {
        let first = repeats.first();
        suites.entry((&first.suite, &first.strategy)).or_default().push(repeats);
    }
    let all: Vec<&Repeats<'_>> = suites.values().flatten().collect();
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str(&format!("<testsuites name=\"askline\" {}>\n", counts(&all)));
    for ((suite, strategy), cases) in &suites {
        let all: Vec<&Repeats<'_>> = cases.iter().collect();
        let skipped = all.iter().filter(|case| case.verdict() == Verdict::NotApplicable).count();
        text.push_str(&format!(
            "  <testsuite name=\"{}\" {} skipped=\"{skipped}\" timestamp=\"{}\">\n",
            safe(&format!("{suite}.{strategy}")),
            counts(&all),
            safe(&summary.header.started_at)
        ));
        for case in cases {
            text.push_str(&test_case(case));
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn counts(cases: &[&Repeats<'_>]) -> String {
    let count = |is: &dyn Fn(Verdict) -> bool| cases.iter().filter(|case| is(case.verdict())).count();
    let ms: f64 = cases.iter().map(|case| case.ms() * case.records.len() as f64).sum();
    format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.6}\"",
        cases.len(),
        count(&|verdict| matches!(verdict, Verdict::Wrong | Verdict::Abstained)),
        count(&|verdict| verdict == Verdict::Error),
        ms / 1000.0
    )
}

fn test_case(case: &Repeats<'_>) -> String {
    let (first, example) = (case.first(), case.example());
    let class = format!("{}.{}", first.suite, first.strategy);
    let open = format!(
        "    <testcase name=\"{}\" classname=\"{}\" time=\"{:.6}\"",
        safe(&first.case),
        safe(&class),
        case.ms() / 1000.0
    );
    let mut inner = String::new();
    let element = match case.verdict() {
        Verdict::Right | Verdict::Graded => None,
        Verdict::Wrong | Verdict::Abstained => Some("failure"),
        Verdict::Error => Some("error"),
        Verdict::NotApplicable => Some("skipped"),
    };
    if let Some(element) = element {
        let (code, message) = why(example);
        inner.push_str(&format!(
            "      <{element} type=\"{}\" message=\"{}\">{}</{element}>\n",
            safe(&code),
            safe(&shortened(&message, 300)),
            safe(&told(example))
        ));
    }
    if case.flips() {
        let all: Vec<Verdict> = case.records.iter().map(|record| record.verdict).collect();
        inner.push_str(&format!("      <system-out>flipped by chance: {}</system-out>\n", verdicts(&all)));
    }
    if inner.is_empty() { format!("{open}/>\n") } else { format!("{open}>\n{inner}    </testcase>\n") }
}

/// The code and words of why a record is not right.
fn why(record: &CaseRecord) -> (String, String) {
    // What the engine said tells more of an abstention or an error than that there was one.
    let no_answer = matches!(record.verdict, Verdict::Abstained | Verdict::Error);
    let (first, second) = (&record.reason, &record.said_no);
    let why = if no_answer { second.as_ref().or(first.as_ref()) } else { first.as_ref().or(second.as_ref()) };
    why.map_or_else(
        || (verdict(record.verdict).replace(' ', "_"), verdict(record.verdict).to_owned()),
        |why| (why.code.clone(), why.message.clone()),
    )
}

fn told(record: &CaseRecord) -> String {
    let mut lines = vec![format!("prompt: {}", record.prompt)];
    let mut add = |name: &str, text: &Option<String>| lines.extend(text.iter().map(|text| format!("{name}: {text}")));
    add("gold", &record.gold_sql);
    add("ran", &record.sql);
    if !record.reply.is_empty() {
        lines.push(format!("reply: {}", record.reply));
    }
    lines.join("\n")
}

/// Escaped, and without the characters that XML 1.0 has no way to write.
fn safe(text: &str) -> String {
    let allowed: String = text
        .chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => c,
            _ => '\u{fffd}',
        })
        .collect();
    escape(allowed).into_owned()
}
