//! `askline eval search SUITE…`: the legs of a search side by side, and where "nothing relevant" is to begin.

use std::{fmt::Write, path::PathBuf};

use super::{End, suites::suites};
use crate::{
    assemble::{self, With},
    cli::output,
    config::Config,
    eval::{
        search::{Calibration, Gain, Group, Report, WAYS, search},
        stats::Interval,
    },
};

pub(super) const ABOUT: &str = "\
Search every `semantic` case of the suites by letters alone, by meaning alone, by both, and as it is served (both, and
nothing where nothing is relevant): recall@5, MRR and nDCG@10 in percent, by language and tag, with 95% intervals of what
both gain over the better leg. Where the suites have cases of kind `abstain` with the tag `absent` (what the video does not
show), it says how well certainty tells the two apart: the figures to set `relevant` of a strategy's rung `vector` by,
for an embedder that nothing was calibrated for.";

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Files of cases, or directories of them
    #[arg(required = true, value_name = "SUITE")]
    suites: Vec<PathBuf>,
    /// Only cases whose id or one of whose tags holds this text
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Load the sample videos first, if they are not there
    #[arg(long)]
    demo: bool,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<End> {
    let suites = suites(config, &args.suites, args.only.as_deref())?;
    let (store, engine) = assemble::engine(config, &With { demo: args.demo, ..With::default() }).await?;
    let report = search(&engine, &suites).await;
    store.close().await;
    let report = report?;
    output::line(&if args.json { serde_json::to_string(&report)? } else { table(&report) })?;
    Ok(End::Done)
}

fn table(Report { groups, calibration }: &Report) -> String {
    let mut out = format!("{:<16}{:>5}", "recall@5/MRR/nDCG", "");
    for way in WAYS {
        let _ = write!(out, "  {way:^16}");
    }
    out.push_str("  both minus the better leg: MRR, nDCG@10");
    for Group { name, questions, means, better_leg, gain: Gain { mrr, ndcg_10 } } in groups {
        let _ = write!(out, "\n{name:<16}{questions:>5}");
        for of in means {
            let figures = [of.recall_5, of.mrr, of.ndcg_10].map(|figure| format!("{:.1}", 100.0 * figure));
            let _ = write!(out, "  {:>16}", figures.join("/"));
        }
        let _ = write!(out, "  {} {}, {}", better_leg, difference(mrr), difference(ndcg_10));
    }
    for Calibration { name, answerable, absent, auc, false_abstention, noise, at, suggested } in calibration {
        let _ = write!(
            out,
            "\n\n{name}: {answerable} with an answer, {absent} without: AUC {auc:.3}; as served {:.1}% of the first turned \
             away, {:.1}% of the second answered; twice the first and the second are least at {suggested:.2}",
            100.0 * false_abstention,
            100.0 * noise
        );
        for of in at.iter().filter(|of| of.false_abstention < 0.5 && of.noise > 0.0) {
            let shares = [of.false_abstention, of.noise].map(|share| 100.0 * share);
            let _ = write!(
                out,
                "\n  relevant: {:.2}  {:>5.1}% turned away, {:>5.1}% noise",
                of.relevant, shares[0], shares[1]
            );
        }
    }
    out
}

fn difference((mean, interval): &(f64, Option<Interval>)) -> String {
    let range = interval.map(|Interval { low, high }| format!(" [{:+.1}, {:+.1}]", 100.0 * low, 100.0 * high));
    format!("{:+.1}{}", 100.0 * mean, range.unwrap_or_default())
}
