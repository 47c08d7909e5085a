//! `askline eval judge PAIRS`: verdicts on results made elsewhere.

use std::path::PathBuf;

use super::{super::output, input};
use crate::eval::pairs::judge_lines;

pub(super) const ABOUT: &str = "\
Judge results made elsewhere against their golds, by the rules the project's own suites are judged by.

Reads JSON lines and writes one JSON line for each, in the same order:

  {\"id\", \"right\", \"reason\": null | {\"code\", \"message\"}, \"soft_f1\"}

soft_f1 is 1 exactly when right. No database is opened and no settings are read.";

pub(super) const FORMAT: &str = "\
A line of PAIRS, on one line:
  {\"id\": \"q1\", \"mode\": \"contract\", \"kind\": \"groups\", \"ordered\": false,
   \"gold\": {\"columns\": [\"type\", \"n\"], \"rows\": [[\"theft\", 2]]},
   \"predicted\": {\"columns\": [\"type\", \"n\"], \"rows\": [[\"theft\", 2]]}}

  mode       contract  by kind: events (set of the column id), scalar (numbers to 1e-6), groups
                       (bag of key and value), abstain
             bird      the sets of rows are equal; order and repetitions do not count
             spider    the bags of rows are equal under some order of the columns
             defog     the gold's columns are among the predicted ones, with the same rows
  kind       events, scalar, groups or abstain; in contract mode only
  ordered    whether the order of rows counts [default: false]; bird never looks at it
  ties       for each row of the gold the number of its group of equal sort keys, such as [0, 0, 1]:
             rows of one group may change places [default: all keys differ]
  gold       a result, or a list of results of which any will do (ties is then a list for each)
  predicted  a result, {\"abstained\": true}, or {\"error\": \"timed_out\" | \"truncated\" | words}

  A result is {\"columns\", \"rows\"}. A column is a name, or {\"name\", \"type\"} where JSON does not tell:
  bool, int, numeric, float (\"NaN\"), text, date, timestamp, timestamptz, json.

Reasons: missing_rows, extra_rows, multiplicity, order, type, values, columns, truncated, timed_out,
engine_error, abstained, not_abstained.

Exit codes:
  0  judged, whatever the verdicts
  2  could not run: all lines that cannot be judged are listed, and nothing is printed";

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// JSON lines; - is standard input
    pairs: PathBuf,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let (file, text) = input::read(&args.pairs)?;
    let judged = judge_lines(&file, &text).map_err(|problems| anyhow::anyhow!("nothing was judged:\n{problems}"))?;
    let lines: Vec<String> = judged.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    output::line(&lines.join("\n"))?;
    Ok(())
}
