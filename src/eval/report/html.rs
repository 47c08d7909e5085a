//! A run as one HTML page that needs nothing else: style, script and all cases stand in it.

use serde::Serialize;

use super::GateResult;
use crate::eval::{
    compare::Comparison,
    record::{CaseRecord, Summary},
};

/// What the page's script reads.
#[derive(Serialize)]
struct Data<'a> {
    summary: &'a Summary,
    comparison: Option<&'a Comparison>,
    gates: &'a [GateResult],
    cases: &'a [CaseRecord],
}

/// The parts that take the places of `{style}`, `{data}` and `{script}`, in this order.
const PAGE: &str = include_str!("page/report.html");
const STYLE: &str = include_str!("page/report.css");
/// One script, whose later files use the earlier ones.
const SCRIPT: [&str; 7] = [
    include_str!("page/dom.js"),
    include_str!("page/data.js"),
    include_str!("page/charts.js"),
    include_str!("page/summary.js"),
    include_str!("page/difference.js"),
    include_str!("page/case.js"),
    include_str!("page/cases.js"),
];

pub fn html(
    summary: &Summary,
    records: &[CaseRecord],
    comparison: Option<&Comparison>,
    gates: &[GateResult],
) -> String {
    let data = serde_json::to_string(&Data { summary, comparison, gates, cases: records });
    // Of maps with text as keys and numbers that may be NaN, none fails.
    let data = inert(&data.unwrap_or_default());
    let script = SCRIPT.concat();
    let mut page = String::with_capacity(PAGE.len() + STYLE.len() + script.len() + data.len());
    let mut rest = PAGE;
    for (place, part) in [("{style}", STYLE), ("{data}", &data), ("{script}", &script)] {
        let (before, after) = rest.split_once(place).unwrap_or((rest, ""));
        page.push_str(before);
        page.push_str(part);
        rest = after;
    }
    page.push_str(rest);
    page
}

/// The same JSON, in which no text can end the element it stands in, or begin another.
fn inert(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + json.len() / 16);
    for c in json.chars() {
        match c {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            c => safe.push(c),
        }
    }
    safe
}
