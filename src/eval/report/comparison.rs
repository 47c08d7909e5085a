//! A comparison in tables and sentences, for the terminal and Markdown alike; and its terminal text.

use super::{
    format::{NONE, dollars, interval, ms, or_none, p_value, percent, points, shortened, signed, unit, verdicts},
    terminal::{Paint, table},
};
use crate::eval::compare::{Accuracy, Changed, Compared, Comparison, Difference, Pair};

pub(super) const MEASURE_COLUMNS: [&str; 5] = ["", "before", "after", "difference", "95% of the difference"];
pub(super) const SLICE_COLUMNS: [&str; 7] = ["", "cases", "before", "after", "points", "fixed / broken", "p (Holm)"];

/// The level below which a difference is called one.
const LEVEL: f64 = 0.05;

/// The comparison alone, without colour.
pub fn terminal(comparison: &Comparison) -> String {
    coloured(comparison, Paint::new(false))
}

pub(super) fn coloured(comparison: &Comparison, paint: Paint) -> String {
    let mut text = format!("{}\n", paint.bold(&headline(comparison)));
    for change in &comparison.changed {
        text.push_str(&format!("  changed: {}\n", changed(change)));
    }
    for compared in &comparison.strategies {
        text.push_str(&format!("\n{}: {}\n", paint.bold(&names(compared)), conclusion(compared)));
        text.push_str(&format!("{}\n", power(compared)));
        text.push_str(&table(&MEASURE_COLUMNS, &measures(compared)));
        let slices = slices(compared);
        if !slices.is_empty() {
            text.push_str("\nSlices in which a case changed\n");
            text.push_str(&table(&SLICE_COLUMNS, &slices));
        }
        for (title, pairs, note) in lists(compared) {
            if pairs.is_empty() {
                continue;
            }
            let title = format!("{title} ({})", pairs.len());
            let title = match note {
                Note::Good => paint.green(&title),
                Note::Bad => paint.red(&title),
                Note::Neither => paint.bold(&title),
            };
            text.push_str(&format!("\n{title}\n"));
            for pair in pairs {
                text.push_str(&format!("  {}/{}  {}\n", pair.suite, pair.case, shortened(&pair.prompt, 60)));
                text.push_str(&format!("    {}\n", became(pair)));
            }
        }
    }
    text
}

pub(super) enum Note {
    Good,
    Bad,
    Neither,
}

pub(super) fn headline(comparison: &Comparison) -> String {
    format!("Compared with the run of {} (now: {})", comparison.before, comparison.after)
}

pub(super) fn names(compared: &Compared) -> String {
    if compared.before == compared.after {
        compared.after.clone()
    } else {
        format!("{} (before: {})", compared.after, compared.before)
    }
}

pub(super) fn changed(change: &Changed) -> String {
    let version = |version: &Option<String>| version.clone().unwrap_or_else(|| "none".to_owned());
    format!("{} {} → {}", change.what, version(&change.before), version(&change.after))
}

/// What accuracy says, in a sentence.
pub(super) fn conclusion(compared: &Compared) -> String {
    let Accuracy { pairs, fixed, broken, p, .. } = compared.accuracy;
    let counts = format!("{fixed} fixed, {broken} broken of {pairs} (exact McNemar p {})", equals(p));
    let mut text = match () {
        () if pairs == 0 => "no case was judged in both runs".to_owned(),
        () if fixed + broken == 0 => format!("the same {pairs} cases are right and not right"),
        () if p > LEVEL => format!("no difference in accuracy that chance would not make: {counts}"),
        () if fixed > broken => format!("better: {counts}"),
        () => format!("worse: {counts}"),
    };
    if compared.unpaired > 0 {
        text.push_str(&format!("; {} more cases are in one run only", compared.unpaired));
    }
    text
}

/// What could have been found at all.
pub(super) fn power(compared: &Compared) -> String {
    or_none(compared.detectable, |least| {
        let least = format!("{:.1}", least * 100.0);
        format!(
            "With so many cases, a difference of {least} points is found 4 times in 5; a smaller one may be missed."
        )
    })
    .replace(NONE, "There are too few cases to find any difference in accuracy.")
}

/// A row for each figure: name, before, after, difference, interval.
pub(super) fn measures(compared: &Compared) -> Vec<Vec<String>> {
    let accuracy = &compared.accuracy;
    let mut rows = vec![vec![
        "accuracy".to_owned(),
        or_none(accuracy.before, percent),
        or_none(accuracy.after, percent),
        or_none(accuracy.difference, |difference| format!("{} points", points(difference))),
        format!("p {}", equals(accuracy.p)),
    ]];
    let mut add = |name: &str, of: Difference, shown: &dyn Fn(f64) -> String| {
        rows.push(vec![
            name.to_owned(),
            shown(of.before),
            shown(of.after),
            signed(of.difference, shown),
            interval(of.interval, shown),
        ]);
    };
    if let Some(of) = &compared.ms {
        add("ms, mean", of.mean, &ms);
        add("ms, median", of.median, &ms);
    }
    if let Some(of) = &compared.cost_micro_usd {
        add("cost / prompt, mean", of.mean, &dollars);
        add("cost / prompt, median", of.median, &dollars);
    }
    if let Some(of) = &compared.ndcg_at_10 {
        add("nDCG@10, mean", of.mean, &unit);
    }
    rows
}

/// A row for each slice in which a case changed.
pub(super) fn slices(compared: &Compared) -> Vec<Vec<String>> {
    let changed = compared.slices.iter().filter(|slice| slice.accuracy.fixed + slice.accuracy.broken > 0);
    changed
        .map(|slice| {
            let accuracy = &slice.accuracy;
            vec![
                format!("{} {}", slice.by, slice.key),
                accuracy.pairs.to_string(),
                or_none(accuracy.before, percent),
                or_none(accuracy.after, percent),
                or_none(accuracy.difference, points),
                format!("{} / {}", accuracy.fixed, accuracy.broken),
                p_value(slice.p_holm),
            ]
        })
        .collect()
}

/// The lists of cases, worst news first.
pub(super) fn lists(compared: &Compared) -> [(&'static str, &[Pair], Note); 4] {
    [
        ("Broken", &compared.broken, Note::Bad),
        ("Fixed", &compared.fixed, Note::Good),
        ("Judged in one run only", &compared.unjudged, Note::Neither),
        ("Flipped by chance between repeats", &compared.flipped, Note::Neither),
    ]
}

/// `right → wrong (2 rows are missing)`
pub(super) fn became(pair: &Pair) -> String {
    let side = |all: &[_], why: &Option<String>| match why {
        Some(why) => format!("{} ({})", verdicts(all), shortened(why, 120)),
        None => verdicts(all),
    };
    format!("{} → {}", side(&pair.before, &pair.why_before), side(&pair.after, &pair.why_after))
}

fn equals(p: f64) -> String {
    let shown = p_value(p);
    if shown.starts_with('<') { shown } else { format!("= {shown}") }
}
