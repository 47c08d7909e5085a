//! Two runs of the same suites on the same data, paired by case: what got better, what broke, and whether the difference
//! is more than chance.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde::Serialize;

use super::{
    record::{CaseRecord, Header, Summary, Verdict},
    repeats::Repeats,
    stats::{self, Centre, Interval},
};

/// The second run against the first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// When the first run started, RFC 3339.
    pub before: String,
    pub after: String,
    /// What was not the same in both, of what may differ.
    pub changed: Vec<Changed>,
    /// One for each pair of strategies.
    pub strategies: Vec<Compared>,
}

/// One thing that was versioned and is another version now; `None` where a run did not have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub what: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// One strategy of the second run against one of the first. Differences are second minus first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    pub before: String,
    pub after: String,
    /// Cases that are in both runs.
    pub pairs: usize,
    /// Cases that are in one run only.
    pub unpaired: usize,
    /// Over the pairs that were judged in both runs.
    pub accuracy: Accuracy,
    /// The smallest difference in accuracy that would have been found with 80% power at the 5% level, if as many cases
    /// differed as do here; where that is too few to find anything, if the fewest that suffice did. `None` if not even
    /// all cases would.
    pub detectable: Option<f64>,
    /// Milliseconds a case (the mean of its repeats), over the pairs that neither run failed at or does not apply to.
    pub ms: Option<Measured>,
    /// Micro-dollars a case, over those of the same pairs whose price is known in both.
    pub cost_micro_usd: Option<Measured>,
    /// nDCG@10, over the pairs that were graded in both.
    pub ndcg_at_10: Option<Measured>,
    /// By kind, language, tag and difficulty.
    pub slices: Vec<SliceCompared>,
    /// Not right before, right now.
    pub fixed: Vec<Pair>,
    /// Right before, not right now.
    pub broken: Vec<Pair>,
    /// Judged in one run only: an error, or not applicable, in the other.
    pub unjudged: Vec<Pair>,
    /// The verdict differs between repeats of one run; such a case may also be fixed or broken.
    pub flipped: Vec<Pair>,
}

/// Shares of right cases, and how likely the difference is by chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Accuracy {
    pub pairs: usize,
    /// `None` without pairs, as in all three.
    pub before: Option<f64>,
    pub after: Option<f64>,
    pub difference: Option<f64>,
    pub fixed: usize,
    pub broken: usize,
    /// Exact McNemar, two-sided.
    pub p: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SliceCompared {
    pub by: &'static str,
    pub key: String,
    pub accuracy: Accuracy,
    /// Holm's correction over all slices of this strategy.
    pub p_holm: f64,
}

/// A figure that every pair has, with 95% bootstrap intervals of its difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    pub pairs: usize,
    pub mean: Difference,
    /// Its difference is the median of the differences, which need not be the difference of the medians.
    pub median: Difference,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Difference {
    pub before: f64,
    pub after: f64,
    pub difference: f64,
    pub interval: Option<Interval>,
}

/// A case with what became of it in both runs, each verdict by repeat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pair {
    pub suite: String,
    pub case: String,
    pub prompt: String,
    pub before: Vec<Verdict>,
    pub after: Vec<Verdict>,
    /// What was not right, where it was not.
    pub why_before: Option<String>,
    pub why_after: Option<String>,
}

/// The two runs did not ask the same of the same data: everything that differs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Incomparable(pub Vec<String>);

/// Both files of a run.
pub type Run<'a> = (&'a Summary, &'a [CaseRecord]);

const RESAMPLES: usize = 10_000;
/// The same in every comparison, so that one made again says the same.
const SEED: u64 = 20_260_302;

/// Each strategy that both runs have, against itself.
///
/// # Errors
/// [`Incomparable`], if suites or data differ, or no strategy is in both.
pub fn compare(before: Run<'_>, after: Run<'_>) -> Result<Comparison, Incomparable> {
    let other = names(after.1);
    let common: Vec<_> =
        names(before.1).into_iter().filter(|name| other.contains(name)).map(|name| (name, name)).collect();
    compare_each(before, after, &common)
}

/// One strategy of the second run against another of the first; the two may be the same run.
///
/// # Errors
/// As [`compare`], or if a run has no such strategy.
pub fn compare_strategies(before: Run<'_>, after: Run<'_>, chosen: (&str, &str)) -> Result<Comparison, Incomparable> {
    compare_each(before, after, &[chosen])
}

fn compare_each(before: Run<'_>, after: Run<'_>, chosen: &[(&str, &str)]) -> Result<Comparison, Incomparable> {
    let mut problems = differing(&before.0.header, &after.0.header);
    let (ours, theirs) = (names(before.1), names(after.1));
    if chosen.is_empty() {
        let (ours, theirs) = (listed(&ours), listed(&theirs));
        problems.push(format!("no strategy is in both runs ({ours}; {theirs}): name the two that are to be compared"));
    }
    for (has, name, run) in chosen.iter().flat_map(|(a, b)| [(&ours, a, "first"), (&theirs, b, "second")]) {
        if !has.contains(name) {
            problems.push(format!("the {run} run has no strategy `{name}`, but {}", listed(has)));
        }
    }
    if !problems.is_empty() {
        return Err(Incomparable(problems));
    }
    let strategies = chosen.iter().map(|(a, b)| Compared::of((a, before.1), (b, after.1))).collect();
    let (before, after) = (&before.0.header, &after.0.header);
    Ok(Comparison {
        before: before.started_at.clone(),
        after: after.started_at.clone(),
        changed: changed(before, after),
        strategies,
    })
}

impl Compared {
    fn of((before, first): (&str, &[CaseRecord]), (after, second): (&str, &[CaseRecord])) -> Self {
        let (first, second) = (by_case(before, first), by_case(after, second));
        let both: Vec<_> = first.iter().filter_map(|(key, a)| second.get(key).map(|b| Both { a, b })).collect();
        let judged: Vec<&Both<'_>> = both.iter().filter(|both| both.is_judged()).collect();
        let accuracy = Accuracy::of(&judged);
        let compared: Vec<&Both<'_>> = both.iter().filter(|both| both.can_be_measured()).collect();
        let measured = |of: &dyn Fn(&Repeats<'_>) -> Option<f64>| {
            Measured::of(compared.iter().filter_map(|both| Some((of(both.a)?, of(both.b)?))).collect())
        };
        let list = |belongs: &dyn Fn(&Both<'_>) -> bool| {
            both.iter().filter(|both| belongs(both)).map(Both::pair).collect::<Vec<_>>()
        };
        Self {
            before: before.to_owned(),
            after: after.to_owned(),
            pairs: both.len(),
            unpaired: first.len() + second.len() - 2 * both.len(),
            accuracy,
            detectable: detectable(judged.len(), accuracy.fixed + accuracy.broken),
            ms: measured(&|repeats| Some(repeats.ms())),
            cost_micro_usd: measured(&|repeats| repeats.cost_micro_usd()),
            ndcg_at_10: measured(&|repeats| repeats.ndcg_at_10()),
            slices: slices(&judged),
            fixed: list(&|both| both.is_fixed()),
            broken: list(&|both| both.is_broken()),
            unjudged: list(&|both| judged_alone(both.a.verdict()) != judged_alone(both.b.verdict())),
            flipped: list(&|both| both.a.flips() || both.b.flips()),
        }
    }
}

impl Accuracy {
    fn of(judged: &[&Both<'_>]) -> Self {
        let share = |hits: usize| (!judged.is_empty()).then(|| hits as f64 / judged.len() as f64);
        let count = |belongs: &dyn Fn(&Both<'_>) -> bool| judged.iter().filter(|both| belongs(both)).count();
        let (fixed, broken) = (count(&|both| both.is_fixed()), count(&|both| both.is_broken()));
        let before = count(&|both| both.a.verdict() == Verdict::Right);
        Self {
            pairs: judged.len(),
            before: share(before),
            after: share(before + fixed - broken),
            difference: share(fixed).zip(share(broken)).map(|(fixed, broken)| fixed - broken),
            fixed,
            broken,
            p: stats::mcnemar(broken as u64, fixed as u64),
        }
    }
}

impl Measured {
    fn of(pairs: Vec<(f64, f64)>) -> Option<Self> {
        let (before, after): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        let differences: Vec<f64> = pairs.iter().map(|(before, after)| after - before).collect();
        let of = |centre: Centre| {
            let figure = |values: &[f64]| match centre {
                Centre::Mean => (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64),
                Centre::Median => stats::quantile(values, 0.5),
            };
            Some(Difference {
                before: figure(&before)?,
                after: figure(&after)?,
                difference: figure(&differences)?,
                interval: stats::paired_bootstrap(&differences, centre, RESAMPLES, SEED),
            })
        };
        Some(Self { pairs: pairs.len(), mean: of(Centre::Mean)?, median: of(Centre::Median)? })
    }
}

impl fmt::Display for Incomparable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the two runs cannot be compared:\n- {}", self.0.join("\n- "))
    }
}

/// One case in both runs.
struct Both<'a> {
    a: &'a Repeats<'a>,
    b: &'a Repeats<'a>,
}

impl Both<'_> {
    fn is_judged(&self) -> bool {
        judged_alone(self.a.verdict()) && judged_alone(self.b.verdict())
    }

    fn can_be_measured(&self) -> bool {
        [self.a, self.b].iter().all(|one| !matches!(one.verdict(), Verdict::Error | Verdict::NotApplicable))
    }

    fn is_fixed(&self) -> bool {
        self.is_judged() && self.a.verdict() != Verdict::Right && self.b.verdict() == Verdict::Right
    }

    fn is_broken(&self) -> bool {
        self.is_judged() && self.a.verdict() == Verdict::Right && self.b.verdict() != Verdict::Right
    }

    fn pair(&self) -> Pair {
        let verdicts = |one: &Repeats<'_>| one.records.iter().map(|record| record.verdict).collect();
        let why = |one: &Repeats<'_>| {
            let example = one.records.iter().find(|record| record.verdict != Verdict::Right)?;
            example.reason.as_ref().or(example.said_no.as_ref()).map(|why| why.message.clone())
        };
        let first = self.b.first();
        Pair {
            suite: first.suite.clone(),
            case: first.case.clone(),
            prompt: first.prompt.clone(),
            before: verdicts(self.a),
            after: verdicts(self.b),
            why_before: why(self.a),
            why_after: why(self.b),
        }
    }
}

/// Whether a verdict counts for accuracy.
fn judged_alone(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Right | Verdict::Wrong | Verdict::Abstained)
}

/// What must be the same for cases to be pairs.
fn differing(before: &Header, after: &Header) -> Vec<String> {
    let mut problems = Vec::new();
    for change in map_changes("suite", &before.suites, &after.suites) {
        problems.push(match (change.before, change.after) {
            (Some(a), Some(b)) => {
                format!("{} is another version: {a} in the first run, {b} in the second", change.what)
            }
            (Some(_), None) => format!("{} is in the first run only", change.what),
            _ => format!("{} is in the second run only", change.what),
        });
    }
    if before.data_hash != after.data_hash {
        let (a, b) = (&before.data_hash, &after.data_hash);
        problems.push(format!("the data differs: {a} in the first run, {b} in the second"));
    }
    problems
}

fn changed(before: &Header, after: &Header) -> Vec<Changed> {
    let one = |what: &str, a: &str, b: &str| {
        (a != b).then(|| Changed { what: what.to_owned(), before: Some(a.to_owned()), after: Some(b.to_owned()) })
    };
    let mut all: Vec<Changed> = Vec::new();
    all.extend(one("askline", &before.crate_version, &after.crate_version));
    all.extend(map_changes("strategy", &before.strategies, &after.strategies));
    all.extend(one("lexicon", &before.lexicon_hash, &after.lexicon_hash));
    all.extend(map_changes("prompt", &before.prompts, &after.prompts));
    all.extend(one("models", &before.models.join(", "), &after.models.join(", ")));
    all.extend(one("repeats", &before.repeat.to_string(), &after.repeat.to_string()));
    all.extend(one("changed copies", &before.mutants.to_string(), &after.mutants.to_string()));
    all
}

fn map_changes(what: &str, before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<Changed> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| Changed {
            what: format!("{what} {key}"),
            before: before.get(key).cloned(),
            after: after.get(key).cloned(),
        })
        .collect()
}

fn names(records: &[CaseRecord]) -> BTreeSet<&str> {
    records.iter().map(|record| record.strategy.as_str()).collect()
}

fn listed(names: &BTreeSet<&str>) -> String {
    if names.is_empty() { "none".to_owned() } else { names.iter().copied().collect::<Vec<_>>().join(", ") }
}

fn by_case<'a>(strategy: &str, records: &'a [CaseRecord]) -> BTreeMap<(&'a str, &'a str), Repeats<'a>> {
    let all = Repeats::all(records).into_iter().filter(|repeats| repeats.first().strategy == strategy);
    all.map(|repeats| ((repeats.first().suite.as_str(), repeats.first().case.as_str()), repeats)).collect()
}

fn slices(judged: &[&Both<'_>]) -> Vec<SliceCompared> {
    let mut members: BTreeMap<(usize, &'static str, String), Vec<&Both<'_>>> = BTreeMap::new();
    for both in judged {
        let record = both.b.first();
        let mut add = |place, by, key: String| members.entry((place, by, key)).or_default().push(both);
        add(0, "kind", record.kind.name().to_owned());
        add(1, "lang", format!("{:?}", record.lang).to_lowercase());
        for tag in record.tags.iter().collect::<BTreeSet<_>>() {
            add(2, "tag", tag.clone());
        }
        if record.difficulty > 0 {
            add(3, "difficulty", record.difficulty.to_string());
        }
    }
    let mut slices: Vec<SliceCompared> = members
        .into_iter()
        .map(|((_, by, key), members)| SliceCompared { by, key, accuracy: Accuracy::of(&members), p_holm: 1.0 })
        .collect();
    let p_values: Vec<f64> = slices.iter().map(|slice| slice.accuracy.p).collect();
    for (slice, p) in slices.iter_mut().zip(stats::holm(&p_values)) {
        slice.p_holm = p;
    }
    slices
}

/// Of `n` pairs of which `discordant` are right in one run only.
fn detectable(n: usize, discordant: usize) -> Option<f64> {
    let of = |count: usize| stats::smallest_detectable_difference(n as u64, count as f64 / n as f64);
    of(discordant).or_else(|| (discordant + 1..=n).find_map(of))
}
