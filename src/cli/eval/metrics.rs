//! `askline eval metrics`: how good a ranked run is.

use std::{fmt::Write, path::PathBuf};

use super::{super::output, input};
use crate::eval::{
    retrieval::{Measures, Report, report},
    trec,
};

pub(super) const ABOUT: &str = "\
Measure a ranked run against relevance judgements, both in TREC's formats: recall@5, recall@10, MRR and nDCG@10.

The figures are trec_eval's (recall_5, recall_10, recip_rank, ndcg_cut_10, with -c): documents with equal scores rank
by name, descending; a judged query that the run lacks counts as 0, and so does one without relevant documents (the
means without those are given too).";

pub(super) const FORMAT: &str = "\
Formats, fields between spaces or tabs:
  qrels  query iteration document grade      a grade above 0 is relevant, and is its gain
  run    query Q0 document rank score tag    the score alone decides the order

Exit codes:
  0  measured
  2  could not run: all lines that cannot be read are listed, and nothing is printed";

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The relevance judgements; - is standard input
    #[arg(long, value_name = "FILE")]
    qrels: PathBuf,
    /// The run; - is standard input
    #[arg(long, value_name = "FILE")]
    run: PathBuf,
    /// One JSON object, with the figures of every query
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    if args.qrels == args.run {
        anyhow::bail!("--qrels and --run are the same file; they are two");
    }
    let (qrels, run) = (input::read(&args.qrels)?, input::read(&args.run)?);
    let (qrels, run) = match (trec::qrels(&qrels.0, &qrels.1), trec::run(&run.0, &run.1)) {
        (Ok(qrels), Ok(run)) => (qrels, run),
        (qrels, run) => {
            let problems: Vec<String> = [qrels.err(), run.err()].iter().flatten().map(ToString::to_string).collect();
            anyhow::bail!("nothing was measured:\n{}", problems.join("\n"))
        }
    };
    let report = report(&qrels, &run);
    output::line(&if args.json { serde_json::to_string(&report)? } else { table(&report) })?;
    Ok(())
}

fn table(report: &Report) -> String {
    let mut out = format!("{:<28}{:>10}{:>11}{:>8}{:>9}", "", "recall@5", "recall@10", "MRR", "nDCG@10");
    let mut row = |name: String, of: Measures| {
        let Measures { recall_5, recall_10, mrr, ndcg_10 } = of;
        let _ = write!(out, "\n{name:<28}{recall_5:>10.4}{recall_10:>11.4}{mrr:>8.4}{ndcg_10:>9.4}");
    };
    row(format!("all {} queries", report.queries), report.means);
    if let Some(means) = report.means_with_relevant.filter(|_| report.without_relevant > 0) {
        row(format!("{} with a relevant document", report.queries - report.without_relevant), means);
    }
    for (count, told) in [
        (report.missing, "judged, but not in the run: 0 each"),
        (report.without_relevant, "without a relevant document: 0 each"),
        (report.unjudged, "in the run, but not judged: left out"),
    ] {
        if count > 0 {
            let _ = write!(out, "\n{count} {told}");
        }
    }
    out
}
