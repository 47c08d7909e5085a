//! `askline eval run SUITE…`: asks, judges, reports, and holds the figures to the gates.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::atomic::Ordering,
    time::Duration,
};

use anyhow::{Context, bail};
use jiff::Timestamp;

use super::{End, exchanges, present, suites::suites, watch::Watch};
use crate::{
    assemble,
    cli::output,
    config::Config,
    engine::Engine,
    eval::{
        case::Suite,
        figures,
        files::{self, Journal},
        gate::Gate,
        luck,
        record::{CaseRecord, Header, Summary, Verdict},
        run::{self, Place, Plan},
    },
    fingerprint::fingerprint,
    sql::catalog::Catalog,
    store::{Limits, Store},
};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// Files of cases, or directories of them
    #[arg(required = true, value_name = "SUITE")]
    pub(super) suites: Vec<PathBuf>,
    /// A strategy, one of its rungs, or a strategy file; several are run side by side [default: the setting `strategy`]
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) strategy: Vec<String>,
    /// Only cases whose id or one of whose tags holds this text
    #[arg(long, value_name = "TEXT")]
    pub(super) only: Option<String>,
    /// Ask each case this often: shows what flips by chance
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    repeat: u32,
    /// Questions in flight at once; results do not depend on it
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: u16,
    /// Judge right answers again on this many changed copies of the data, and report those that were right by luck
    #[arg(long, default_value_t = 0, value_name = "N")]
    mutate: usize,
    /// Write cases.jsonl, summary.json, report.html, report.md and junit.xml here
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Go on with the run that was stopped in --out
    #[arg(long, requires = "out", conflicts_with = "overwrite")]
    pub(super) resume: bool,
    /// Replace the run that --out holds
    #[arg(long, requires = "out")]
    overwrite: bool,
    /// A run to compare with: its directory, or its summary.json
    #[arg(long, value_name = "RUN")]
    baseline: Option<PathBuf>,
    /// Fail (exit code 1) if this holds, such as "accuracy < 0.9" or "regressed(accuracy, 0.05)"
    #[arg(long, value_name = "GATE")]
    fail_if: Vec<String>,
    /// Stop before more than this is spent
    #[arg(long, value_name = "USD")]
    max_cost_usd: Option<f64>,
    /// Keep every exchange with a model in this directory [default: with --out, its `exchanges`]
    #[arg(long, value_name = "DIR", conflicts_with = "replay")]
    pub(super) record: Option<PathBuf>,
    /// Ask no model: play back what was recorded here
    #[arg(long, value_name = "DIR")]
    pub(super) replay: Option<PathBuf>,
    /// Ask what --replay has no recording of, and keep it there
    #[arg(long, requires = "replay")]
    pub(super) record_new: bool,
    /// Say what would be asked and what it would cost, and ask nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Load the sample videos first, if they are not there
    #[arg(long)]
    pub(super) demo: bool,
}

pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<End> {
    let gates: Vec<Gate> = parse_gates(&args)?;
    if let Some(dir) = args.out.as_deref().filter(|dir| holds_a_run(dir) && !args.resume && !args.overwrite) {
        bail!("{}: holds a run already; name another directory, or add --resume or --overwrite", dir.display());
    }
    let suites = suites(config, &args.suites, args.only.as_deref())?;
    let baseline = args.baseline.as_deref().map(files::read).transpose().context("the baseline")?;
    let (store, engine) = assemble::engine(config, &exchanges::with(config, &args)?).await?;
    let ended = asked(config, &args, &store, &engine, &suites, &gates, baseline).await;
    store.close().await;
    ended
}

fn parse_gates(args: &Args) -> anyhow::Result<Vec<Gate>> {
    let (mut gates, mut wrong) = (Vec::new(), Vec::new());
    for text in &args.fail_if {
        match Gate::parse(text) {
            Ok(gate) if gate.needs_baseline() && args.baseline.is_none() => {
                wrong.push(format!("gate `{text}`: it needs --baseline"));
            }
            Ok(gate) => gates.push(gate),
            Err(error) => wrong.push(error.to_string()),
        }
    }
    if args.max_cost_usd.is_some_and(|usd| !usd.is_finite() || usd < 0.0) {
        wrong.push("--max-cost-usd: an amount from 0 up is expected".to_owned());
    }
    if wrong.is_empty() { Ok(gates) } else { bail!("{}", wrong.join("\n")) }
}

async fn asked(
    config: &Config,
    args: &Args,
    store: &Store,
    engine: &Engine,
    suites: &[Suite],
    gates: &[Gate],
    baseline: Option<(Summary, Vec<CaseRecord>)>,
) -> anyhow::Result<End> {
    let given = if args.strategy.is_empty() { std::slice::from_ref(&config.strategy) } else { &args.strategy };
    let mut strategies: Vec<String> = given.iter().map(|given| assemble::strategy(given).0).collect();
    let mut named = BTreeSet::new();
    strategies.retain(|strategy| named.insert(strategy.clone()));
    // With a limit of money one after the other: of several in flight nobody knows what they cost.
    let jobs = if args.max_cost_usd.is_some() { 1 } else { usize::from(args.jobs) };
    let limits = Limits { timeout: Duration::from_secs(30), ..Limits::default() };
    let catalog = Catalog::builtin()?;
    let plan = Plan { catalog: &catalog, suites, strategies, repeat: args.repeat, jobs, limits };
    let header = header(store, engine, &plan, args).await?;
    let places = run::places(&plan);
    if args.dry_run {
        return dry_run(&plan, places.len(), engine, baseline.as_ref().map(|(summary, _)| summary));
    }
    let mut before = resumed(args, &header)?;
    if args.mutate > 0 && !before.is_empty() {
        if plan.strategies.iter().any(|strategy| engine.may_cost(strategy)) {
            bail!("--resume with --mutate would ask again what was paid for; go on without --mutate, or begin anew");
        }
        // The statements of right answers are needed again, to be run on the copies.
        before.retain(|record| record.verdict != Verdict::Right || record.sql.is_none());
        files::write_cases(args.out.as_deref().unwrap_or(Path::new(".")), &before)?;
    }
    let known: BTreeSet<(String, String, String, u32)> = before.iter().map(key_of).collect();
    let done = |place: &Place| {
        let suite = &suites[place.suite];
        let key = (
            suite.name.clone(),
            suite.cases[place.case].id.clone(),
            plan.strategies[place.strategy].clone(),
            place.repeat,
        );
        known.contains(&key)
    };
    let head = serde_json::to_string_pretty(&header)? + "\n";
    let mut journal = None;
    let mut watch = Watch::new(places.len(), &before, args.max_cost_usd, plan.jobs);
    let stop = watch.stop.clone();
    let mut unwritten = None;
    let mut told = |record: &CaseRecord| {
        watch.add(record);
        let Some(dir) = &args.out else { return };
        // Not before the golds have run: a suite with a mistake replaces nothing.
        let open = || begin(dir, args.resume, &head);
        let written = match &mut journal {
            Some(journal) => Journal::add(journal, record),
            None => open().and_then(|opened| journal.insert(opened).add(record)),
        };
        if let Err(error) = written {
            watch.stop.store(true, Ordering::Relaxed);
            unwritten.get_or_insert(error);
        }
    };
    let ran = run::run(engine, store, &plan, &done, &mut told, &stop).await;
    let why = watch.end();
    let ran = ran?;
    if let Some(error) = unwritten {
        return Err(error.into());
    }
    if ran.data_hash != header.data_hash {
        return Err(run::RunError::DataChanged.into());
    }
    let mut asked = ran.asked;
    let rate = asked.len() as f64 / ran.seconds.max(1e-9);
    let pace = format!("{} questions asked in {:.1} s, {rate:.0} a second", asked.len(), ran.seconds);
    if args.mutate > 0 && !ran.stopped {
        luck::hunt(store, &plan, &mut asked, args.mutate).await?;
    }
    let mut records = before;
    records.extend(asked.into_iter().map(|asked| asked.record));
    let order: BTreeMap<_, usize> =
        places.iter().enumerate().map(|(at, place)| (place_key(&plan, place), at)).collect();
    records.sort_by_key(|record| order.get(&key_of(record)).copied());
    let header = Header { stopped: ran.stopped.then_some(why), ..header };
    finish(args, header, &records, gates, baseline, &pace)
}

/// The directory of a run that begins: what an earlier one left there goes, so that nothing of two runs is mixed.
fn begin(dir: &Path, resume: bool, header: &str) -> Result<Journal, files::FileError> {
    let journal = Journal::open(dir, resume)?;
    for left in [files::SUMMARY, "report.html", "report.md", "junit.xml"] {
        // Where there is none there is nothing to remove.
        let _ = std::fs::remove_file(dir.join(left));
    }
    files::put(&dir.join(HEADER), header)?;
    Ok(journal)
}

/// Figures, files, the table, the gates.
fn finish(
    args: &Args,
    header: Header,
    records: &[CaseRecord],
    gates: &[Gate],
    baseline: Option<(Summary, Vec<CaseRecord>)>,
    pace: &str,
) -> anyhow::Result<End> {
    let stopped = header.stopped.clone();
    let summary = figures::summary(header, records);
    // What was asked is kept and shown, whatever is wrong with a baseline or a gate.
    if let Some(dir) = &args.out {
        files::write(dir, &summary, records)?;
    }
    let compared = baseline.as_ref().map(|(before, old)| present::comparison((before, old), (&summary, records)));
    let (comparison, mut unusable) = match compared.transpose() {
        Ok(comparison) => (comparison, Vec::new()),
        Err(error) => (None, vec![anyhow::Error::from(error).to_string()]),
    };
    let comparison = comparison.as_ref();
    let mut checked = Vec::new();
    for gate in gates {
        match gate.check(&summary, baseline.as_ref().map(|(summary, _)| summary)) {
            Ok(found) => checked.extend(found),
            Err(error) => unusable.push(error.to_string()),
        }
    }
    if let Some(dir) = &args.out {
        present::reports(dir, &summary, records, comparison, &checked)?;
    }
    output::line(present::terminal(&summary, records, comparison, &checked).trim_end())?;
    output::line(&format!("\n{pace}"))?;
    if let Some(dir) = &args.out {
        output::line(&format!("written to {}", dir.display()))?;
    }
    if let Some(why) = stopped {
        let how = if args.out.is_some() { "; --resume goes on" } else { "" };
        output::line(&format!("stopped before its end: {why}{how}"))?;
        return Ok(End::CouldNotRun);
    }
    if !unusable.is_empty() {
        bail!("{}", unusable.join("\n"));
    }
    Ok(if checked.iter().any(|checked| checked.failed) { End::GateFailed } else { End::Done })
}

const HEADER: &str = "header.json";

type Key = (String, String, String, u32);

fn key_of(record: &CaseRecord) -> Key {
    (record.suite.clone(), record.case.clone(), record.strategy.clone(), record.repeat)
}

fn place_key(plan: &Plan<'_>, place: &Place) -> Key {
    let suite = &plan.suites[place.suite];
    (suite.name.clone(), suite.cases[place.case].id.clone(), plan.strategies[place.strategy].clone(), place.repeat)
}

async fn header(store: &Store, engine: &Engine, plan: &Plan<'_>, args: &Args) -> anyhow::Result<Header> {
    let mut strategies = BTreeMap::new();
    for strategy in &plan.strategies {
        strategies.insert(strategy.clone(), fingerprint([engine.strategy_version(strategy)?]));
    }
    Ok(Header {
        started_at: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        crate_version: env!("CARGO_PKG_VERSION").to_owned(),
        suites: plan.suites.iter().map(|suite| (suite.name.clone(), suite.hash.clone())).collect(),
        data_hash: run::data_hash(store, plan).await?,
        strategies,
        lexicon_hash: engine.lexicon_hash().to_owned(),
        prompts: engine.prompt_hashes(),
        models: plan
            .strategies
            .iter()
            .flat_map(|strategy| engine.models(strategy))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        repeat: plan.repeat,
        mutants: args.mutate as u32,
        cases: plan.suites.iter().map(|suite| suite.cases.len()).sum(),
        stopped: None,
    })
}

/// What the run that is gone on with has asked already.
fn resumed(args: &Args, header: &Header) -> anyhow::Result<Vec<CaseRecord>> {
    let Some(dir) = args.out.as_deref().filter(|_| args.resume) else { return Ok(Vec::new()) };
    let path = dir.join(HEADER);
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("{}: there is no run to go on with; leave out --resume", path.display()))?;
    let old: Header = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
    let same = Header { started_at: old.started_at.clone(), stopped: old.stopped.clone(), ..header.clone() };
    if old != same {
        bail!(
            "{}: suites, data, strategy, vocabulary or options are not those of the run that was stopped; leave out \
             --resume to begin anew",
            dir.display()
        );
    }
    // The records are rewritten without a line that was cut off.
    let records = files::records(dir)?;
    files::write_cases(dir, &records)?;
    Ok(records)
}

/// What a run would ask and cost. Rungs without a model cost nothing; the others what the baseline's prompts cost.
fn dry_run(plan: &Plan<'_>, questions: usize, engine: &Engine, baseline: Option<&Summary>) -> anyhow::Result<End> {
    let cases: usize = plan.suites.iter().map(|suite| suite.cases.len()).sum();
    let mut lines = vec![format!(
        "{questions} questions: {cases} cases × {} strategies × {} repeats",
        plan.strategies.len(),
        plan.repeat
    )];
    for strategy in &plan.strategies {
        let rungs = engine.strategy_rungs(strategy)?;
        let asked = questions / plan.strategies.len().max(1);
        let known = baseline.and_then(|run| run.strategies.iter().find(|slice| slice.strategy == *strategy));
        let price = match known.and_then(|slice| slice.figures.cost_per_prompt_micro_usd) {
            _ if !engine.may_cost(strategy) => "costs nothing: no model is asked".to_owned(),
            Some(each) => {
                format!("about ${:.4}, at the baseline's ${:.6} a prompt", each * asked as f64 / 1e6, each / 1e6)
            }
            None => "price unknown: no baseline has run it".to_owned(),
        };
        lines.push(format!("{strategy} ({rungs}): {asked} questions, {price}"));
    }
    output::line(&lines.join("\n"))?;
    Ok(End::Done)
}

/// Where a run without --out is looked for by other commands.
pub(super) fn is_run(path: &Path) -> bool {
    path.join(files::SUMMARY).is_file()
}

/// Also one that was not finished.
fn holds_a_run(path: &Path) -> bool {
    is_run(path) || path.join(HEADER).is_file()
}
