//! How well ranked lists of documents answer queries: recall@5 and @10, MRR, nDCG@10.
//!
//! The figures are trec_eval's `recall_5`, `recall_10`, `recip_rank` and `ndcg_cut_10`, and ranx's where no scores tie:
//!
//! - a grade above 0 is relevant; its gain is the grade itself (linear), its discount log2(rank + 1); documents that were
//!   not judged, or graded below 0, gain nothing;
//! - documents with equal scores rank by their names in descending order of bytes, as in trec_eval, so that the order of
//!   lines in a file decides nothing; scores are compared as 64-bit floats (trec_eval keeps 32 bits);
//! - every judged query counts: one that the run lacks has 0 everywhere (`trec_eval -c`, ranx with `make_comparable`);
//! - one without relevant documents has 0 everywhere, as in both tools. As nothing could be found for it, the means
//!   without such queries stand beside.

use std::{cmp::Reverse, collections::BTreeMap};

use serde::Serialize;

use super::trec::{Qrels, Run};

/// Of one query, or the means of several; each 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Measures {
    /// The share of the relevant documents that is among the first 5.
    #[serde(rename = "recall@5")]
    pub recall_5: f64,
    #[serde(rename = "recall@10")]
    pub recall_10: f64,
    /// 1 / the rank of the first relevant document, however far down.
    pub mrr: f64,
    #[serde(rename = "ndcg@10")]
    pub ndcg_10: f64,
}

/// A run against judgements.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Judged queries; all of them count in `means`.
    pub queries: usize,
    /// Those of them the run does not have.
    pub missing: usize,
    /// Those of them that have no relevant document.
    pub without_relevant: usize,
    /// Queries of the run that were not judged; they do not count.
    pub unjudged: usize,
    pub means: Measures,
    /// Over the queries that have a relevant document, if there is one.
    pub means_with_relevant: Option<Measures>,
    pub per_query: BTreeMap<String, Measures>,
}

/// Measures a run.
pub fn report(qrels: &Qrels, run: &Run) -> Report {
    let per_query: BTreeMap<String, Measures> = qrels
        .iter()
        .map(|(query, grades)| {
            let ranked = run.get(query).map(ranked).unwrap_or_default();
            (query.clone(), measures(grades, &ranked))
        })
        .collect();
    let answerable = |query: &String| qrels.get(query).is_some_and(|grades| grades.values().any(|grade| *grade > 0));
    let with_relevant: Vec<Measures> =
        per_query.iter().filter(|(query, _)| answerable(query)).map(|(_, one)| *one).collect();
    let all: Vec<Measures> = per_query.values().copied().collect();
    Report {
        queries: all.len(),
        missing: qrels.keys().filter(|query| !run.contains_key(*query)).count(),
        without_relevant: all.len() - with_relevant.len(),
        unjudged: run.keys().filter(|query| !qrels.contains_key(*query)).count(),
        means: means(&all).unwrap_or_default(),
        means_with_relevant: means(&with_relevant),
        per_query,
    }
}

/// Measures one ranked list, the best first, in which each document stands once.
pub fn measures(grades: &BTreeMap<String, i64>, ranked: &[&str]) -> Measures {
    let gains: Vec<i64> = ranked.iter().map(|document| grades.get(*document).copied().unwrap_or(0).max(0)).collect();
    let mut ideal: Vec<i64> = grades.values().copied().filter(|grade| *grade > 0).collect();
    ideal.sort_unstable_by_key(|grade| Reverse(*grade));
    if ideal.is_empty() {
        return Measures::default();
    }
    let recall = |k: usize| gains.iter().take(k).filter(|gain| **gain > 0).count() as f64 / ideal.len() as f64;
    Measures {
        recall_5: recall(5),
        recall_10: recall(10),
        mrr: gains.iter().position(|gain| *gain > 0).map_or(0.0, |at| 1.0 / (at + 1) as f64),
        ndcg_10: discounted(&gains) / discounted(&ideal),
    }
}

/// By score, equal ones by name, both descending.
fn ranked(scores: &BTreeMap<String, f64>) -> Vec<&str> {
    let mut ranked: Vec<(&str, f64)> = scores.iter().map(|(document, score)| (document.as_str(), *score)).collect();
    ranked.sort_by(|(a, x), (b, y)| y.partial_cmp(x).unwrap_or_else(|| y.total_cmp(x)).then_with(|| b.cmp(a)));
    ranked.into_iter().map(|(document, _)| document).collect()
}

/// DCG@10.
fn discounted(gains: &[i64]) -> f64 {
    gains.iter().take(10).zip(2..).map(|(gain, rank)| *gain as f64 / f64::from(rank).log2()).sum()
}

fn means(of: &[Measures]) -> Option<Measures> {
    let mean = |figure: fn(&Measures) -> f64| of.iter().map(figure).sum::<f64>() / of.len() as f64;
    (!of.is_empty()).then(|| Measures {
        recall_5: mean(|one| one.recall_5),
        recall_10: mean(|one| one.recall_10),
        mrr: mean(|one| one.mrr),
        ndcg_10: mean(|one| one.ndcg_10),
    })
}
