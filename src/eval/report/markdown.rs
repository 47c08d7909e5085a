//! A run as a comment on a pull request: what failed first, long tables folded, everything within GitHub's limit.

use super::{
    GateResult, comparison,
    figures::{SLICE_COLUMNS, groups, headline, lines, slice_cells, versions},
    format::shortened,
    terminal::{PARITY_COLUMNS, parity, with_first},
};
use crate::eval::{
    compare::{Comparison, Pair},
    record::Summary,
};

/// Cases listed of one kind; the HTML page has all.
const LISTED: usize = 20;
/// Slices shown of one strategy.
const SLICES: usize = 60;

pub fn markdown(summary: &Summary, comparison: Option<&Comparison>, gates: &[GateResult]) -> String {
    let mut text = String::from("## Evaluation\n\n");
    text.push_str(&format!("{}\n\n", escaped(&headline(&summary.header))));
    if let Some(stopped) = &summary.header.stopped {
        text.push_str(&format!("> **Stopped before all cases were asked:** {}\n\n", escaped(stopped)));
    }
    if !gates.is_empty() {
        text.push_str(&gate_results(gates));
    }
    let names: Vec<&str> =
        [""].into_iter().chain(summary.strategies.iter().map(|slice| slice.strategy.as_str())).collect();
    let rows: Vec<Vec<String>> =
        lines(&summary.strategies).into_iter().map(|(name, cells)| with_first(name, cells)).collect();
    text.push_str(&table(&names, 1, &rows));
    if let Some(comparison) = comparison {
        text.push_str(&compared(comparison));
    }
    text.push_str(&slices(summary));
    if !summary.parity.is_empty() {
        let rows = parity(summary);
        text.push_str(&folded("Korean beside English", &table(&PARITY_COLUMNS, 1, &rows)));
    }
    let versions: Vec<Vec<String>> =
        versions(&summary.header).into_iter().map(|(name, version)| vec![name, version]).collect();
    text.push_str(&folded("Versions", &table(&["", "version"], 2, &versions)));
    text
}

fn gate_results(gates: &[GateResult]) -> String {
    let failed = gates.iter().filter(|gate| gate.failed).count();
    let title = if failed == 0 { "all passed".to_owned() } else { format!("{failed} of {} failed", gates.len()) };
    let row = |gate: &GateResult| {
        let result = if gate.failed { "❌ failed" } else { "✅ passed" };
        vec![gate.gate.clone(), gate.strategy.clone(), result.to_owned(), gate.found.clone()]
    };
    let rows: Vec<Vec<String>> = gates.iter().map(row).collect();
    format!("### Gates: {title}\n\n{}", table(&["fail if", "strategy", "", "found"], 4, &rows))
}

fn compared(comparison: &Comparison) -> String {
    let mut text = format!("### {}\n\n", escaped(&comparison::headline(comparison)));
    for change in &comparison.changed {
        text.push_str(&format!("- changed: {}\n", escaped(&comparison::changed(change))));
    }
    if !comparison.changed.is_empty() {
        text.push('\n');
    }
    for compared in &comparison.strategies {
        let (names, conclusion) = (comparison::names(compared), comparison::conclusion(compared));
        text.push_str(&format!("**{}**: {}. {}\n\n", escaped(&names), conclusion, comparison::power(compared)));
        text.push_str(&table(&comparison::MEASURE_COLUMNS, 1, &comparison::measures(compared)));
        for (title, pairs, note) in comparison::lists(compared) {
            let list = list(pairs);
            match note {
                _ if pairs.is_empty() => {}
                comparison::Note::Bad => text.push_str(&format!("**{title} ({})**\n\n{list}\n", pairs.len())),
                _ => text.push_str(&folded(&format!("{title} ({})", pairs.len()), &list)),
            }
        }
        let slices = comparison::slices(compared);
        if !slices.is_empty() {
            let of = format!("Slices in which a case of {} changed", compared.after);
            text.push_str(&folded(&of, &table(&comparison::SLICE_COLUMNS, 1, &slices)));
        }
    }
    text
}

fn list(pairs: &[Pair]) -> String {
    let mut text = String::new();
    for pair in pairs.iter().take(LISTED) {
        let (id, prompt) = (escaped(&format!("{}/{}", pair.suite, pair.case)), escaped(&shortened(&pair.prompt, 120)));
        text.push_str(&format!("- {id}: {prompt}<br>{}\n", escaped(&comparison::became(pair))));
    }
    if pairs.len() > LISTED {
        text.push_str(&format!("- and {} more\n", pairs.len() - LISTED));
    }
    text
}

fn slices(summary: &Summary) -> String {
    let mut text = String::new();
    let columns: Vec<&str> = [""].into_iter().chain(SLICE_COLUMNS).collect();
    for strategy in &summary.strategies {
        let all = groups(summary, &strategy.strategy).into_iter().flat_map(|(by, slices)| {
            slices
                .into_iter()
                .map(move |slice| with_first(&format!("{by} {}", slice.key), slice_cells(&slice.figures).to_vec()))
        });
        let mut rows: Vec<Vec<String>> = all.collect();
        let left_out = rows.len().saturating_sub(SLICES);
        rows.truncate(SLICES);
        if rows.is_empty() {
            continue;
        }
        let mut body = table(&columns, 1, &rows);
        if left_out > 0 {
            body.push_str(&format!("and {left_out} more slices\n\n"));
        }
        text.push_str(&folded(&format!("Slices of {}", strategy.strategy), &body));
    }
    text
}

fn folded(title: &str, body: &str) -> String {
    format!("<details><summary>{}</summary>\n\n{}\n\n</details>\n\n", escaped(title), body.trim_end())
}

/// The columns from `numbers` on to the right.
fn table(columns: &[&str], numbers: usize, rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(columns.iter().map(|column| escaped(column)).collect());
    text.push_str(&line((0..columns.len()).map(|at| if at < numbers { "---" } else { "---:" }.to_owned()).collect()));
    for row in rows {
        text.push_str(&line(row.iter().map(|cell| escaped(cell)).collect()));
    }
    text.push('\n');
    text
}

/// On one line, with nothing that Markdown or HTML reads, and nobody mentioned.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            // Behind a letter or digit it mentions nobody.
            '@' if !safe.ends_with(char::is_alphanumeric) => safe.push_str("@\u{200b}"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => safe.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}
