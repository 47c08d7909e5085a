//! A run in tables of characters; wide letters, as those of Hangul, take two columns.

use comfy_table::{CellAlignment, LineStyle, Table, presets::UTF8_HORIZONTAL_ONLY};

use super::{
    comparison,
    figures::{SLICE_COLUMNS, groups, headline, lines, slice_cells, versions},
    format::p_value,
};
use crate::eval::{compare::Comparison, record::Summary};

/// Figures for each strategy, then slices, then the comparison. `colour` is for terminals that have it.
pub fn terminal(summary: &Summary, comparison: Option<&Comparison>, colour: bool) -> String {
    let paint = Paint::new(colour);
    let mut text = format!("{}\n", paint.bold(&headline(&summary.header)));
    for (name, hash) in versions(&summary.header) {
        text.push_str(&format!("  {}\n", paint.dim(&format!("{name} {hash}"))));
    }
    if let Some(stopped) = &summary.header.stopped {
        text.push_str(&format!("{}\n", paint.red(&format!("stopped before all cases were asked: {stopped}"))));
    }
    let names: Vec<&str> =
        [""].into_iter().chain(summary.strategies.iter().map(|slice| slice.strategy.as_str())).collect();
    let rows: Vec<Vec<String>> =
        lines(&summary.strategies).into_iter().map(|(name, cells)| with_first(name, cells)).collect();
    text.push_str(&format!("\n{}", table(&names, &rows)));
    for strategy in &summary.strategies {
        let mut rows = Vec::new();
        for (by, slices) in groups(summary, &strategy.strategy) {
            rows.extend(
                slices
                    .iter()
                    .map(|slice| with_first(&format!("{by} {}", slice.key), slice_cells(&slice.figures).to_vec())),
            );
        }
        if !rows.is_empty() {
            let columns: Vec<&str> = [""].into_iter().chain(SLICE_COLUMNS).collect();
            text.push_str(&format!(
                "\n{}\n{}",
                paint.bold(&format!("Slices of {}", strategy.strategy)),
                table(&columns, &rows)
            ));
        }
    }
    if !summary.parity.is_empty() {
        text.push_str(&format!("\n{}\n", paint.bold("Korean beside English, over the cases that ask the same")));
        text.push_str(&table(&PARITY_COLUMNS, &parity(summary)));
    }
    if let Some(comparison) = comparison {
        text.push_str(&format!("\n{}", comparison::coloured(comparison, paint)));
    }
    text
}

pub(super) const PARITY_COLUMNS: [&str; 7] =
    ["", "pairs", "both right", "only Korean", "only English", "neither", "p (McNemar)"];

pub(super) fn parity(summary: &Summary) -> Vec<Vec<String>> {
    let row = |of: &crate::eval::record::Parity| {
        let counts = [of.pairs, of.both_right, of.only_korean, of.only_english, of.neither];
        let mut row = with_first(&of.strategy, counts.map(|count| count.to_string()).to_vec());
        row.push(super::format::or_none(of.p, p_value));
        row
    };
    summary.parity.iter().map(row).collect()
}

pub(super) fn with_first(first: &str, rest: Vec<String>) -> Vec<String> {
    [first.to_owned()].into_iter().chain(rest).collect()
}

/// The first column to the left, the others to the right.
pub(super) fn table(columns: &[&str], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table
        .load_style(UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none()))
        .set_header(columns.to_vec())
        .add_rows(rows.to_vec());
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("{table}\n")
}

/// Emphasis by ANSI codes, or none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    on: bool,
}

impl Paint {
    pub(super) fn new(on: bool) -> Self {
        Self { on }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.coded("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.coded("2", text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.coded("31", text)
    }

    pub(super) fn green(self, text: &str) -> String {
        self.coded("32", text)
    }

    fn coded(self, code: &str, text: &str) -> String {
        if self.on { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
