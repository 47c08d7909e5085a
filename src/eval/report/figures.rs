//! The lines of a table of figures, and the header's, for the terminal and Markdown alike.

use super::format::{NONE, count, dollars, ms, or_none, share, unit};
use crate::eval::record::{Figures, Header, Quantiles, Slice, Summary};

/// A line for each figure, a cell for each of the slices. Lines without any figure are left out.
pub(super) fn lines(slices: &[Slice]) -> Vec<(&'static str, Vec<String>)> {
    let all = NAMES.iter().map(|(name, shown)| {
        let cells: Vec<String> = slices.iter().map(|slice| shown(&slice.figures)).collect();
        (*name, cells)
    });
    all.filter(|(_, cells)| cells.iter().any(|cell| cell != NONE)).collect()
}

/// The columns of a table of slices.
pub(super) const SLICE_COLUMNS: [&str; 8] =
    ["cases", "accuracy [95%]", "coverage", "precision", "errors", "n/a", "p50 ms", "cost / prompt"];

pub(super) fn slice_cells(figures: &Figures) -> [String; 8] {
    let value = |share: Option<crate::eval::record::Share>| or_none(share, |share| super::format::percent(share.value));
    [
        figures.cases.to_string(),
        share(figures.accuracy),
        value(figures.coverage),
        value(figures.precision),
        figures.errors.to_string(),
        figures.not_applicable.to_string(),
        or_none(total(figures), |total| ms(total.p50)),
        or_none(figures.cost_per_prompt_micro_usd, dollars),
    ]
}

/// What was run, in a few words: `askline 0.1.0, 60 cases of sample, asked 3 times, on 2026-03-02T10:00:00Z`.
pub(super) fn headline(header: &Header) -> String {
    let suites: Vec<&str> = header.suites.keys().map(String::as_str).collect();
    let mut text = format!("askline {}, {} cases of {}", header.crate_version, header.cases, suites.join(", "));
    if header.repeat > 1 {
        text.push_str(&format!(", asked {} times", header.repeat));
    }
    if header.mutants > 0 {
        text.push_str(&format!(", on {} changed copies of the data", header.mutants));
    }
    text.push_str(&format!(", on {}", header.started_at));
    text
}

/// Every version in the header, name and value.
pub(super) fn versions(header: &Header) -> Vec<(String, String)> {
    let mut all = vec![("data".to_owned(), header.data_hash.clone())];
    all.extend(header.suites.iter().map(|(name, hash)| (format!("suite {name}"), hash.clone())));
    all.extend(header.strategies.iter().map(|(name, hash)| (format!("strategy {name}"), hash.clone())));
    all.push(("lexicon".to_owned(), header.lexicon_hash.clone()));
    all.extend(header.prompts.iter().map(|(name, hash)| (format!("prompt {name}"), hash.clone())));
    if !header.models.is_empty() {
        all.push(("models".to_owned(), header.models.join(", ")));
    }
    all
}

/// The groups of slices of one strategy, in the order of the summary: what they are by, and those.
pub(super) fn groups<'a>(summary: &'a Summary, strategy: &str) -> Vec<(&'a str, Vec<&'a Slice>)> {
    let mut groups: Vec<(&str, Vec<&Slice>)> = Vec::new();
    for slice in summary.slices.iter().filter(|slice| slice.strategy == strategy) {
        match groups.iter_mut().find(|(by, _)| *by == slice.by) {
            Some((_, members)) => members.push(slice),
            None => groups.push((&slice.by, vec![slice])),
        }
    }
    groups
}

type Shown = fn(&Figures) -> String;

/// Figures that only some runs have are [`NONE`] in the others, and so not shown.
const NAMES: [(&str, Shown); 29] = [
    ("cases", |f| f.cases.to_string()),
    ("accuracy [95%]", |f| share(f.accuracy)),
    ("right", |f| f.right.to_string()),
    ("wrong", |f| f.wrong.to_string()),
    ("abstained", |f| f.abstained.to_string()),
    ("errors", |f| f.errors.to_string()),
    ("not applicable", |f| f.not_applicable.to_string()),
    ("graded", |f| some(f.graded)),
    ("right by luck", |f| some(f.lucky)),
    ("coverage [95%]", |f| share(f.coverage)),
    ("precision [95%]", |f| share(f.precision)),
    ("abstention precision", |f| share(f.abstention_precision)),
    ("abstention recall", |f| share(f.abstention_recall)),
    ("soft-F1", |f| or_none(f.soft_f1, unit)),
    ("SQL ran", |f| f.sql_ran.to_string()),
    ("SQL refused", |f| some(f.sql_refused)),
    ("SQL repaired", |f| some(f.sql_repaired)),
    ("SQL failed", |f| some(f.sql_failed)),
    ("recall@5", |f| or_none(f.retrieval, |r| unit(r.recall_at_5))),
    ("MRR", |f| or_none(f.retrieval, |r| unit(r.mrr))),
    ("nDCG@10", |f| or_none(f.retrieval, |r| unit(r.ndcg_at_10))),
    ("grounded [95%]", |f| share(f.grounded)),
    ("ms p50 / p95 / p99", |f| or_none(total(f), |q| format!("{} / {} / {}", ms(q.p50), ms(q.p95), ms(q.p99)))),
    ("tokens in / out", |f| both(f.input_tokens, f.output_tokens)),
    ("cache read / write", |f| both(f.cache_read_tokens, f.cache_write_tokens)),
    ("cost", |f| or_none(f.cost_micro_usd, |cost| dollars(cost as f64))),
    ("cost / prompt", |f| or_none(f.cost_per_prompt_micro_usd, dollars)),
    ("cost / right", |f| or_none(f.cost_per_right_micro_usd, dollars)),
    ("route regret", |f| or_none(f.route_regret_micro_usd, dollars)),
];

fn total(figures: &Figures) -> Option<Quantiles> {
    figures.latency_ms.get("total").copied()
}

/// A count that is only of interest where there is one.
fn some(count: usize) -> String {
    if count == 0 { NONE.to_owned() } else { count.to_string() }
}

fn both(first: u64, second: u64) -> String {
    if first + second == 0 { NONE.to_owned() } else { format!("{} / {}", count(first), count(second)) }
}
