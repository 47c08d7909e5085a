//! Records → figures: counts, shares with their intervals, quantiles, money; for all cases and for slices of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    case::AskedKind,
    record::{
        CaseRecord, Figures, Header, Parity, Quantiles, Retrieval, SCHEMA, Share, Slice, SqlFate, Summary, Verdict,
    },
    stats::{mcnemar, quantile, wilson_of_share},
};
use crate::question::Lang;

/// The whole summary of a run.
pub fn summary(header: Header, records: &[CaseRecord]) -> Summary {
    let mut strategies = Vec::new();
    let mut slices = Vec::new();
    let mut parities = Vec::new();
    let names: BTreeSet<&str> = records.iter().map(|record| record.strategy.as_str()).collect();
    for strategy in names {
        let of: Vec<&CaseRecord> = records.iter().filter(|record| record.strategy == strategy).collect();
        let mut all = slice(strategy, "all", "all".to_owned(), &of);
        all.figures.route_regret_micro_usd = regret(&of, records);
        strategies.push(all);
        slices.extend(sliced(strategy, &of));
        parities.extend(parity(strategy, &of));
    }
    Summary { schema: SCHEMA, header, strategies, slices, parity: parities }
}

/// Over any records.
pub fn figures(records: &[&CaseRecord]) -> Figures {
    let distinct: BTreeSet<(&str, &str)> = records.iter().map(|r| (r.suite.as_str(), r.case.as_str())).collect();
    let repeats = (records.len() as f64 / distinct.len().max(1) as f64).max(1.0);
    let count = |verdict: Verdict| records.iter().filter(|record| record.verdict == verdict).count();
    let (right, wrong, abstained) = (count(Verdict::Right), count(Verdict::Wrong), count(Verdict::Abstained));
    let has_answer = |record: &&&CaseRecord| record.kind != AskedKind::Abstain && is_judged(record);
    let answerable: Vec<_> = records.iter().filter(has_answer).collect();
    let answered: Vec<_> = records.iter().filter(|r| r.answered && is_judged(r)).collect();
    let silent: Vec<_> = records.iter().filter(|r| !r.answered && is_judged(r)).collect();
    let forbidden: Vec<_> = records.iter().filter(|r| r.kind == AskedKind::Abstain && is_judged(r)).collect();
    let rights = |of: &[&&CaseRecord]| of.iter().filter(|record| record.verdict == Verdict::Right).count();
    let fate = |fate: SqlFate| records.iter().filter(|record| record.sql_fate == fate).count();
    let grounded: Vec<bool> = records.iter().filter_map(|r| r.ungrounded.as_ref().map(Vec::is_empty)).collect();
    let f1: Vec<f64> = records.iter().filter(|r| is_judged(r)).filter_map(|r| r.soft_f1).collect();
    let usage = |of: fn(&CaseRecord) -> u64| records.iter().map(|record| of(record)).sum::<u64>();
    let cost: Option<u64> = records.iter().map(|record| record.usage.cost_micro_usd).sum();
    let per = |n: usize| cost.filter(|_| n > 0).map(|cost| cost as f64 / n as f64);
    Figures {
        cases: records.len(),
        right,
        wrong,
        abstained,
        errors: count(Verdict::Error),
        not_applicable: count(Verdict::NotApplicable),
        graded: count(Verdict::Graded),
        lucky: records.iter().filter(|record| !record.lucky.is_empty()).count(),
        accuracy: share(right, right + wrong + abstained, repeats),
        coverage: share(answerable.iter().filter(|record| record.answered).count(), answerable.len(), repeats),
        precision: share(rights(&answered), answered.len(), repeats),
        abstention_precision: share(rights(&silent), silent.len(), repeats),
        abstention_recall: share(rights(&forbidden), forbidden.len(), repeats),
        soft_f1: mean(&f1),
        sql_ran: fate(SqlFate::Ran),
        sql_refused: fate(SqlFate::Refused),
        sql_repaired: fate(SqlFate::Repaired),
        sql_failed: fate(SqlFate::Failed),
        retrieval: retrieval(records),
        grounded: share(grounded.iter().filter(|grounded| **grounded).count(), grounded.len(), repeats),
        latency_ms: latencies(records),
        input_tokens: usage(|r| r.usage.input_tokens),
        output_tokens: usage(|r| r.usage.output_tokens),
        cache_read_tokens: usage(|r| r.usage.cache_read_tokens),
        cache_write_tokens: usage(|r| r.usage.cache_write_tokens),
        cost_micro_usd: cost,
        cost_per_prompt_micro_usd: per(records.len()),
        cost_per_right_micro_usd: per(right),
        route_regret_micro_usd: None,
    }
}

/// Neither an error nor not applicable, and not graded by rank instead.
fn is_judged(record: &CaseRecord) -> bool {
    matches!(record.verdict, Verdict::Right | Verdict::Wrong | Verdict::Abstained)
}

/// A share of the records. Its interval is that of as many cases: asking a case again makes nothing surer of others.
fn share(of: usize, whole: usize, repeats: f64) -> Option<Share> {
    if whole == 0 {
        return None;
    }
    let value = of as f64 / whole as f64;
    let interval = wilson_of_share(value, whole as f64 / repeats);
    Some(Share { of: whole, value, low: interval.low, high: interval.high })
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Over the semantic cases that could be answered; one that was not answered found nothing.
fn retrieval(records: &[&CaseRecord]) -> Option<Retrieval> {
    let nothing = Retrieval { recall_at_5: 0.0, recall_at_10: 0.0, mrr: 0.0, ndcg_at_10: 0.0 };
    let all: Vec<Retrieval> = records
        .iter()
        .filter(|r| r.kind == AskedKind::Semantic && matches!(r.verdict, Verdict::Graded | Verdict::Abstained))
        .map(|record| record.retrieval.unwrap_or(nothing))
        .collect();
    let of = |figure: fn(&Retrieval) -> f64| mean(&all.iter().map(figure).collect::<Vec<_>>());
    Some(Retrieval {
        recall_at_5: of(|r| r.recall_at_5)?,
        recall_at_10: of(|r| r.recall_at_10)?,
        mrr: of(|r| r.mrr)?,
        ndcg_at_10: of(|r| r.ndcg_at_10)?,
    })
}

fn latencies(records: &[&CaseRecord]) -> BTreeMap<String, Quantiles> {
    let mut stages: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for record in records {
        stages.entry("total".to_owned()).or_default().push(record.ms);
        for step in &record.steps {
            stages.entry(step.step.clone()).or_default().push(step.ms);
        }
    }
    let quantiles = |times: Vec<f64>| {
        let of = |q| quantile(&times, q);
        Some(Quantiles { p50: of(0.5)?, p90: of(0.9)?, p95: of(0.95)?, p99: of(0.99)? })
    };
    stages.into_iter().filter_map(|(stage, times)| Some((stage, quantiles(times)?))).collect()
}

fn slice(strategy: &str, by: &str, key: String, records: &[&CaseRecord]) -> Slice {
    Slice { strategy: strategy.to_owned(), by: by.to_owned(), key, figures: figures(records) }
}

/// The keys of a case, by what it is sliced by. A case has several tags, so those slices overlap.
fn keys(record: &CaseRecord) -> Vec<(&'static str, String)> {
    let mut keys = vec![
        ("suite", record.suite.clone()),
        ("kind", record.kind.name().to_owned()),
        ("lang", format!("{:?}", record.lang).to_lowercase()),
        ("difficulty", record.difficulty.to_string()),
    ];
    keys.extend(record.rung.iter().map(|rung| ("rung", rung.clone())));
    keys.extend(record.tags.iter().map(|tag| ("tag", tag.clone())));
    keys
}

fn sliced(strategy: &str, records: &[&CaseRecord]) -> Vec<Slice> {
    let mut groups: BTreeMap<(usize, String), Vec<&CaseRecord>> = BTreeMap::new();
    let order = ["suite", "kind", "lang", "difficulty", "rung", "tag"];
    for record in records {
        for (by, key) in keys(record) {
            let place = order.iter().position(|known| *known == by).unwrap_or(order.len());
            groups.entry((place, key)).or_default().push(record);
        }
    }
    groups.into_iter().filter_map(|((place, key), of)| Some(slice(strategy, order.get(place)?, key, &of))).collect()
}

/// Over pairs of which both were judged; with repeats, a case is right if most of its repeats are.
fn parity(strategy: &str, records: &[&CaseRecord]) -> Option<Parity> {
    /// Right, of how many.
    type ByLang = BTreeMap<Lang, (usize, usize)>;
    let mut pairs: BTreeMap<(&str, &str), ByLang> = BTreeMap::new();
    for record in records.iter().filter(|record| is_judged(record)) {
        let Some(pair) = &record.pair else { continue };
        let (right, of) = pairs.entry((&record.suite, pair)).or_default().entry(record.lang).or_default();
        *right += usize::from(record.verdict == Verdict::Right);
        *of += 1;
    }
    let both = pairs.values().filter_map(|langs| {
        let right = |lang| langs.get(&lang).map(|(right, of)| 2 * right > *of);
        Some((right(Lang::Ko)?, right(Lang::En)?))
    });
    let both: Vec<(bool, bool)> = both.collect();
    let count = |wanted: (bool, bool)| both.iter().filter(|pair| **pair == wanted).count();
    let (only_korean, only_english) = (count((true, false)), count((false, true)));
    (!both.is_empty()).then(|| Parity {
        strategy: strategy.to_owned(),
        pairs: both.len(),
        both_right: count((true, true)),
        only_korean,
        only_english,
        neither: count((false, false)),
        p: (only_korean + only_english > 0).then(|| mcnemar(only_korean as u64, only_english as u64)),
    })
}

/// What this strategy paid above the cheapest that was right, over the cases that several strategies were asked and one
/// of them had right. `None` where only one strategy ran, or a price is unknown.
fn regret(of: &[&CaseRecord], all: &[CaseRecord]) -> Option<f64> {
    let strategies: BTreeSet<&str> = all.iter().map(|record| record.strategy.as_str()).collect();
    if strategies.len() < 2 {
        return None;
    }
    let mut cheapest: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for record in all.iter().filter(|record| record.verdict == Verdict::Right) {
        let cost = record.usage.cost_micro_usd?;
        let known = cheapest.entry((&record.suite, &record.case)).or_insert(cost);
        *known = cost.min(*known);
    }
    let paid = of.iter().filter_map(|record| {
        let least = cheapest.get(&(record.suite.as_str(), record.case.as_str()))?;
        Some(record.usage.cost_micro_usd? as f64 - *least as f64)
    });
    Some(paid.sum())
}
