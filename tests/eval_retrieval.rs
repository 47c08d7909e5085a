//! The metrics of ranked lists beside pytrec_eval's and ranx's; `fixtures/eval/README.md` says how those were made.

use std::collections::BTreeMap;

use askline::eval::{
    retrieval::{Measures, measures, report},
    trec,
};
use serde::Deserialize;

const QRELS: &str = include_str!("fixtures/eval/qrels.txt");
const RUN: &str = include_str!("fixtures/eval/run.txt");

type Named = BTreeMap<String, f64>;

#[derive(Deserialize)]
struct Figures {
    pytrec_eval: BTreeMap<String, Named>,
    ranx: BTreeMap<String, Named>,
}

#[test]
fn figures_are_those_of_pytrec_eval_and_ranx() {
    let figures: Figures = serde_json::from_str(include_str!("fixtures/eval/retrieval.json")).unwrap();
    let report = report(&trec::qrels("qrels.txt", QRELS).unwrap(), &trec::run("run.txt", RUN).unwrap());
    assert!(figures.pytrec_eval.len() > 20 && figures.ranx.len() > 15);
    for (tool, queries) in [("pytrec_eval", &figures.pytrec_eval), ("ranx", &figures.ranx)] {
        for (query, expected) in queries {
            check(&format!("{tool}, {query}"), report.per_query[query], expected);
        }
    }
    assert_eq!((report.queries, report.missing, report.without_relevant, report.unjudged), (27, 1, 3, 1));
    // trec_eval -c: the missing query is a 0 in the mean.
    let sum = |name: &str| figures.pytrec_eval.values().map(|query| query[name]).sum::<f64>();
    let names = ["recall@5", "recall@10", "mrr", "ndcg@10"];
    let mean = |over: f64| names.map(|name| (name.to_owned(), sum(name) / over)).into_iter().collect::<Named>();
    check("all queries", report.means, &mean(27.0));
    check("those with a relevant document", report.means_with_relevant.unwrap(), &mean(24.0));
}

#[test]
fn the_order_of_lines_decides_nothing() {
    let reversed = |text: &str| text.lines().rev().collect::<Vec<_>>().join("\n");
    let report = |qrels: &str, run: &str| report(&trec::qrels("", qrels).unwrap(), &trec::run("", run).unwrap());
    assert_eq!(report(QRELS, RUN), report(&reversed(QRELS), &reversed(RUN)));
}

#[test]
fn by_hand() {
    let grades = |of: &[(&str, i64)]| of.iter().map(|(name, grade)| ((*name).to_owned(), *grade)).collect();
    let zero = Measures::default();
    let found = |recall_5, recall_10, mrr, ndcg_10| Measures { recall_5, recall_10, mrr, ndcg_10 };
    for (judged, ranked, expected) in [
        (&[("a", 1)][..], &["a"][..], found(1.0, 1.0, 1.0, 1.0)),
        (&[("a", 1)], &["b", "a"], found(1.0, 1.0, 0.5, 1.0 / 3f64.log2())),
        (&[("a", 1)], &["1", "2", "3", "4", "5", "a"], found(0.0, 1.0, 1.0 / 6.0, 1.0 / 7f64.log2())),
        (&[("a", 1)], &["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "a"], found(0.0, 0.0, 1.0 / 11.0, 0.0)),
        (
            &[("a", 2), ("b", 1)],
            &["b", "a"],
            found(1.0, 1.0, 1.0, (1.0 + 2.0 / 3f64.log2()) / (2.0 + 1.0 / 3f64.log2())),
        ),
        (&[("a", 1), ("b", 1)], &["a"], found(0.5, 0.5, 1.0, 1.0 / (1.0 + 1.0 / 3f64.log2()))),
        (&[("a", 0), ("b", -1)], &["a", "b"], zero),
        (&[], &["a"], zero),
        (&[("a", 1)], &[], zero),
    ] {
        assert_eq!(measures(&grades(judged), ranked), expected, "{judged:?} and {ranked:?}");
    }
}

fn check(what: &str, found: Measures, expected: &Named) {
    let found =
        [("recall@5", found.recall_5), ("recall@10", found.recall_10), ("mrr", found.mrr), ("ndcg@10", found.ndcg_10)];
    for (name, value) in found {
        assert!((value - expected[name]).abs() <= 1e-9, "{what}: {name} is {value}, and not {}", expected[name]);
    }
}
