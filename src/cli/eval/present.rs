//! What `run`, `compare` and `report` show: the same tables and files from the same figures.

use std::{collections::BTreeMap, fmt::Write, io::IsTerminal, path::Path};

use crate::eval::{
    compare::{Comparison, Incomparable, Run, compare, compare_strategies},
    files,
    gate::GateResult,
    record::{CaseRecord, Summary, Verdict},
    report,
};

/// Cases that are listed one by one on a terminal.
const LISTED: usize = 20;

/// Each strategy of the new run against the same of the old one; where there is one of each, these.
///
/// # Errors
/// The runs are not comparable; the message says why.
pub(super) fn comparison(before: Run<'_>, after: Run<'_>) -> Result<Comparison, Incomparable> {
    match (&before.0.strategies[..], &after.0.strategies[..]) {
        ([a], [b]) => compare_strategies(before, after, (&a.strategy, &b.strategy)),
        _ => compare(before, after),
    }
}

/// The table, the comparison, the gates, and the cases that are wrong or could not be run.
pub(super) fn terminal(
    summary: &Summary,
    records: &[CaseRecord],
    comparison: Option<&Comparison>,
    gates: &[GateResult],
) -> String {
    let colour = std::io::stdout().is_terminal();
    let mut out = report::terminal(summary, comparison, colour);
    for (verdict, title) in [(Verdict::Wrong, "wrong"), (Verdict::Error, "could not be run")] {
        let cases: Vec<&CaseRecord> = records.iter().filter(|record| record.verdict == verdict).collect();
        list(&mut out, title, &cases, |record| {
            record.reason.as_ref().map_or_else(String::new, |why| why.message.clone())
        });
    }
    let lucky: Vec<&CaseRecord> = records.iter().filter(|record| !record.lucky.is_empty()).collect();
    list(&mut out, "right by luck", &lucky, |record| format!("differs on: {}", record.lucky.join(", ")));
    if !gates.is_empty() {
        let _ = writeln!(out, "\ngates");
    }
    for GateResult { gate, strategy, failed, found } in gates {
        let how = if *failed { "FAILED" } else { "passed" };
        let _ = writeln!(out, "  {how}  fail if {gate}  ({strategy}: {found})");
    }
    out
}

/// report.html, report.md and junit.xml.
///
/// # Errors
/// A file cannot be written.
pub(super) fn reports(
    dir: &Path,
    summary: &Summary,
    records: &[CaseRecord],
    comparison: Option<&Comparison>,
    gates: &[GateResult],
) -> anyhow::Result<()> {
    files::put(&dir.join("report.html"), &report::html(summary, records, comparison, gates))?;
    files::put(&dir.join("report.md"), &report::markdown(summary, comparison, gates))?;
    files::put(&dir.join("junit.xml"), &report::junit(summary, records))?;
    Ok(())
}

fn list(out: &mut String, title: &str, cases: &[&CaseRecord], said: impl Fn(&CaseRecord) -> String) {
    if cases.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}");
    for record in cases.iter().take(LISTED) {
        let _ = writeln!(out, "  {} ({}): {}", record.case, record.strategy, said(record));
    }
    if cases.len() > LISTED {
        let _ = writeln!(out, "  … and {} more; --out keeps them all", cases.len() - LISTED);
    }
}

/// How many cases of each kind, for `list`.
pub(super) fn kinds(suite: &crate::eval::case::Suite) -> String {
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for case in &suite.cases {
        *kinds.entry(case.kind().name()).or_default() += 1;
    }
    kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ")
}
