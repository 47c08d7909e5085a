//! The legs of a search side by side: how well each ranks what descriptions alone answer, whether both together are
//! better than the better one, and where "nothing relevant" is to begin.
//!
//! Every question is searched as `Engine::search` serves it, with the conditions of its reading: by letters alone, by
//! meaning alone, by both, and by both with the threshold. The first three have none, so that they rank.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{
    case::{Case, Expected, Suite, default_now},
    retrieval::{Measures, measures},
    stats::{Centre, Interval, paired_bootstrap},
};
use crate::{
    answer::Answer,
    engine::{Abstention, AskError, Engine, Look, Outcome},
    strategy::vector::Legs,
};

/// The ways each question is searched, in the order of every array here.
pub const WAYS: [&str; 4] = ["letters", "meaning", "both", "served"];
/// Marks a question about what its video does not show; of kind `abstain`.
pub const ABSENT: &str = "absent";

/// What came of all questions.
#[derive(Debug, Serialize)]
pub struct Report {
    /// All, then by language, then by tag, each with two questions or more.
    pub groups: Vec<Group>,
    /// None without questions of both sorts, or where nothing gave a certainty.
    pub calibration: Vec<Calibration>,
}

/// Questions of one sort.
#[derive(Debug, Serialize)]
pub struct Group {
    pub name: String,
    pub questions: usize,
    /// Means, by way.
    pub means: [Measures; 4],
    /// `both` minus the better of the two legs (by nDCG@10): mean differences with 95% intervals.
    pub better_leg: &'static str,
    pub gain: Gain,
}

/// Of MRR and nDCG@10 on the same questions: mean, and its paired bootstrap interval.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Gain {
    pub mrr: (f64, Option<Interval>),
    pub ndcg_10: (f64, Option<Interval>),
}

/// How well certainty tells questions with an answer from those without.
#[derive(Debug, Serialize)]
pub struct Calibration {
    pub name: String,
    pub answerable: usize,
    pub absent: usize,
    /// The chance that one with an answer is surer than one without.
    pub auc: f64,
    /// Shares as served: of the answerable turned away, of the absent answered.
    pub false_abstention: f64,
    pub noise: f64,
    /// The same at other thresholds.
    pub at: Vec<Operating>,
    /// Where twice the false abstentions and the noise together are least.
    pub suggested: f64,
}

#[derive(Debug, Clone, Copy, Serialize)]
pub struct Operating {
    pub relevant: f64,
    pub false_abstention: f64,
    pub noise: f64,
}

/// One question, searched in every way.
struct Searched<'c> {
    case: &'c Case,
    /// None of a question about what is not there.
    measures: Option<[Measures; 4]>,
    certainty: f64,
    turned_away: bool,
}

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    #[error("no case is of kind `semantic`: only those are searched")]
    NoCases,
    #[error("{case}: {source}")]
    Ask { case: String, source: AskError },
    #[error("{case}: the search failed or has no index ({code}); `askline index` makes one")]
    Failed { case: String, code: &'static str },
}

const RESAMPLES: usize = 10_000;
const SEED: u64 = 5;

/// Searches every question of the suites.
///
/// # Errors
/// [`SearchError`], the first.
pub async fn search(engine: &Engine, suites: &[Suite]) -> Result<Report, SearchError> {
    let mut searched = Vec::new();
    for case in suites.iter().flat_map(|suite| &suite.cases) {
        let absent = matches!(case.expected, Expected::Abstain) && case.tags.iter().any(|tag| tag == ABSENT);
        if absent || matches!(case.expected, Expected::Relevant(_)) {
            searched.push(one(engine, case).await?);
        }
    }
    if !searched.iter().any(|one| one.measures.is_some()) {
        return Err(SearchError::NoCases);
    }
    let mut named: BTreeMap<String, Vec<&Searched<'_>>> = BTreeMap::new();
    let mut halves: BTreeMap<String, Vec<&Searched<'_>>> = BTreeMap::new();
    for one in &searched {
        for name in groups(one.case) {
            named.entry(name).or_default().push(one);
        }
        for name in std::iter::once("all").chain(one.case.tags.iter().map(String::as_str)) {
            halves.entry(name.to_owned()).or_default().push(one);
        }
    }
    let groups = named.into_iter().filter_map(|(name, of)| group(name, &of)).collect();
    let calibration = halves.into_iter().filter_map(|(name, of)| calibration(name, &of)).collect();
    Ok(Report { groups, calibration })
}

/// All, its language, its tags, and its half with its language and with each other tag.
fn groups(case: &Case) -> Vec<String> {
    let lang = format!("{:?}", case.lang).to_lowercase();
    let halves = ["fit", "held", "unseen"];
    let half = case.tags.iter().find(|tag| halves.contains(&tag.as_str()));
    let mut names = vec!["all".to_owned(), lang.clone()];
    names.extend(case.tags.iter().cloned());
    if let Some(half) = half {
        names.push(format!("{half} {lang}"));
        names.extend(case.tags.iter().filter(|tag| *tag != half).map(|tag| format!("{half} {tag}")));
    }
    names.sort();
    names.dedup();
    names
}

async fn one<'c>(engine: &Engine, case: &'c Case) -> Result<Searched<'c>, SearchError> {
    let mut found = [const { Vec::new() }; 4];
    let (mut certainty, mut turned_away) = (0.0, false);
    for (way, found) in found.iter_mut().enumerate() {
        let relevant = (way < 3).then_some(-1.0);
        let (meaning, letters) = match way {
            0 => (Some(0.0), Some(1.0)),
            1 => (None, Some(0.0)),
            _ => (None, None),
        };
        let legs = Legs { meaning, letters, relevant, rerank: None };
        let outcome = look(engine, case, legs).await?;
        match outcome {
            Outcome::Answered(Answer::Hits(hits)) | Outcome::Empty(Answer::Hits(hits)) => {
                if way == 2 {
                    certainty = hits.certainty.unwrap_or(0.0);
                }
                turned_away = hits.hits.is_empty();
                *found = hits.events.ids;
            }
            Outcome::Abstained(Abstention::NothingRelevant) => turned_away = true,
            other => {
                let code = other.reason().map_or("no hits", |(code, _)| code);
                return Err(SearchError::Failed { case: case.id.clone(), code });
            }
        }
    }
    let measures = match &case.expected {
        Expected::Relevant(relevant) => {
            let grades: BTreeMap<String, i64> =
                relevant.iter().map(|(id, grade)| (id.to_string(), i64::from(*grade))).collect();
            Some(found.map(|ids| {
                let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                measures(&grades, &ids.iter().map(String::as_str).collect::<Vec<_>>())
            }))
        }
        _ => None,
    };
    Ok(Searched { case, measures, certainty, turned_away })
}

async fn look(engine: &Engine, case: &Case, legs: Legs) -> Result<Outcome, SearchError> {
    let now: Timestamp = case.now.unwrap_or_else(default_now);
    let (text, video_id, lang) = (case.prompt.clone(), case.video_id, Some(case.lang));
    let (legs, caller) = (Some(legs), "eval".to_owned());
    let sought = engine.search(Look { text, video_id, lang, now, most: 10, legs, caller }).await;
    sought.map(|sought| sought.outcome).map_err(|source| SearchError::Ask { case: case.id.clone(), source })
}

fn group(name: String, of: &[&Searched<'_>]) -> Option<Group> {
    let all: Vec<&[Measures; 4]> = of.iter().filter_map(|one| one.measures.as_ref()).collect();
    if all.len() < 2 {
        return None;
    }
    let mean = |way: usize, figure: fn(&Measures) -> f64| {
        all.iter().map(|measures| figure(&measures[way])).sum::<f64>() / all.len() as f64
    };
    let means = [0, 1, 2, 3].map(|way| Measures {
        recall_5: mean(way, |of| of.recall_5),
        recall_10: mean(way, |of| of.recall_10),
        mrr: mean(way, |of| of.mrr),
        ndcg_10: mean(way, |of| of.ndcg_10),
    });
    let better = usize::from(means[1].ndcg_10 >= means[0].ndcg_10);
    let gain = |figure: fn(&Measures) -> f64| {
        let differences: Vec<f64> = all.iter().map(|ways| figure(&ways[2]) - figure(&ways[better])).collect();
        let mean = differences.iter().sum::<f64>() / differences.len() as f64;
        (mean, paired_bootstrap(&differences, Centre::Mean, RESAMPLES, SEED))
    };
    let gain = Gain { mrr: gain(|of| of.mrr), ndcg_10: gain(|of| of.ndcg_10) };
    Some(Group { name, questions: all.len(), means, better_leg: WAYS[better], gain })
}

fn calibration(name: String, of: &[&Searched<'_>]) -> Option<Calibration> {
    let (with, without): (Vec<&Searched<'_>>, Vec<&Searched<'_>>) = of.iter().partition(|one| one.measures.is_some());
    if with.len() < 2 || without.len() < 2 {
        return None;
    }
    let pairs = with.iter().flat_map(|one| without.iter().map(move |other| one.certainty.total_cmp(&other.certainty)));
    let won: f64 = pairs.map(|order| order as i8).map(|order| f64::from(order + 1) / 2.0).sum();
    let share = |of: &[&Searched<'_>], turned: &dyn Fn(&Searched<'_>) -> bool| {
        of.iter().filter(|one| turned(one)).count() as f64 / of.len() as f64
    };
    let at = |relevant: f64| Operating {
        relevant,
        false_abstention: share(&with, &|one| one.certainty < relevant),
        noise: share(&without, &|one| one.certainty >= relevant),
    };
    let all: Vec<Operating> = (0..=60).map(|step| at(f64::from(step) / 100.0)).collect();
    let loss = |of: &Operating| 2.0 * of.false_abstention + of.noise;
    let suggested = all.iter().min_by(|a, b| loss(a).total_cmp(&loss(b))).map_or(0.0, |best| best.relevant);
    Some(Calibration {
        name,
        answerable: with.len(),
        absent: without.len(),
        auc: won / (with.len() * without.len()) as f64,
        false_abstention: share(&with, &|one| one.turned_away),
        noise: share(&without, &|one| !one.turned_away),
        at: all.into_iter().filter(|of| (of.relevant * 100.0).round() as i64 % 4 == 2).collect(),
        suggested,
    })
}
