//! One case of one strategy, asked once or several times, as one result.

use std::collections::BTreeMap;

use super::record::{CaseRecord, Verdict};

/// All records of one (suite, case, strategy), by repeat; at least one.
#[derive(Debug, Clone)]
pub struct Repeats<'a> {
    pub records: Vec<&'a CaseRecord>,
}

impl<'a> Repeats<'a> {
    /// Every case of the run, in the order in which it first occurs.
    pub fn all(records: &'a [CaseRecord]) -> Vec<Self> {
        let mut places = BTreeMap::new();
        let mut all: Vec<Self> = Vec::new();
        for record in records {
            let key = (record.suite.as_str(), record.case.as_str(), record.strategy.as_str());
            let at = *places.entry(key).or_insert(all.len());
            match all.get_mut(at) {
                Some(repeats) => repeats.records.push(record),
                None => all.push(Self { records: vec![record] }),
            }
        }
        for repeats in &mut all {
            repeats.records.sort_by_key(|record| record.repeat);
        }
        all
    }

    pub fn first(&self) -> &'a CaseRecord {
        self.records[0]
    }

    /// Right if more than half of what could be judged was right; else the most frequent of the other verdicts, the graver
    /// one of a tie. Errors count only where nothing was judged, and not applicable only where nothing else happened.
    pub fn verdict(&self) -> Verdict {
        let count = |verdict| self.records.iter().filter(|record| record.verdict == verdict).count();
        let (right, wrong, abstained) = (count(Verdict::Right), count(Verdict::Wrong), count(Verdict::Abstained));
        if right > wrong + abstained {
            Verdict::Right
        } else if right + wrong + abstained > 0 {
            // A tie of right and one other is that other.
            if wrong >= abstained { Verdict::Wrong } else { Verdict::Abstained }
        } else if count(Verdict::Graded) > 0 {
            Verdict::Graded
        } else if count(Verdict::Error) > 0 {
            Verdict::Error
        } else {
            Verdict::NotApplicable
        }
    }

    /// The record that shows best why the verdict is what it is: the first that has it.
    pub fn example(&self) -> &'a CaseRecord {
        let verdict = self.verdict();
        self.records.iter().copied().find(|record| record.verdict == verdict).unwrap_or(self.first())
    }

    pub fn right(&self) -> usize {
        self.records.iter().filter(|record| record.verdict == Verdict::Right).count()
    }

    /// Whether the same question to the same strategy had different verdicts: chance, not a change.
    pub fn flips(&self) -> bool {
        self.records.iter().any(|record| record.verdict != self.first().verdict)
    }

    /// Milliseconds, the mean of the repeats.
    pub fn ms(&self) -> f64 {
        self.records.iter().map(|record| record.ms).sum::<f64>() / self.records.len() as f64
    }

    /// Micro-dollars, the mean of the repeats; `None` where the price of one is not known.
    pub fn cost_micro_usd(&self) -> Option<f64> {
        let costs: Option<Vec<u64>> = self.records.iter().map(|record| record.usage.cost_micro_usd).collect();
        Some(costs?.iter().sum::<u64>() as f64 / self.records.len() as f64)
    }

    /// The mean of the repeats that were graded.
    pub fn ndcg_at_10(&self) -> Option<f64> {
        let graded: Vec<f64> =
            self.records.iter().filter_map(|record| record.retrieval.map(|retrieval| retrieval.ndcg_at_10)).collect();
        (!graded.is_empty()).then(|| graded.iter().sum::<f64>() / graded.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use Verdict::{Abstained, Error, Graded, NotApplicable, Right, Wrong};

    use super::*;
    use crate::{
        eval::{
            case::AskedKind,
            record::{SqlFate, UsageRecord},
        },
        question::Lang,
    };

    #[test]
    fn repeats_are_one_result() {
        let check = |verdicts: &[Verdict], wanted: Verdict, flips: bool| {
            let mut records: Vec<CaseRecord> = (0..).zip(verdicts).map(|(at, verdict)| record(at, *verdict)).collect();
            // In whatever order they come.
            records.reverse();
            let all = Repeats::all(&records);
            assert_eq!(all.len(), 1);
            assert_eq!((all[0].first().repeat, all[0].verdict(), all[0].flips()), (0, wanted, flips), "{verdicts:?}");
            // Repeats 0, 1, … took 1, 2, … ms and as many micro-dollars.
            let mean = (verdicts.len() + 1) as f64 / 2.0;
            assert_eq!((all[0].ms(), all[0].cost_micro_usd()), (mean, Some(mean)));
        };
        check(&[Right], Right, false);
        check(&[Right, Right, Wrong], Right, true);
        check(&[Right, Wrong], Wrong, true);
        check(&[Right, Abstained], Abstained, true);
        check(&[Abstained, Abstained, Wrong], Abstained, true);
        check(&[Right, Error, Error], Right, true);
        check(&[Graded, Graded], Graded, false);
        check(&[Error, Error], Error, false);
        check(&[NotApplicable], NotApplicable, false);
    }

    fn record(repeat: u32, verdict: Verdict) -> CaseRecord {
        CaseRecord {
            suite: "s".to_owned(),
            case: "c".to_owned(),
            strategy: "offline".to_owned(),
            repeat,
            prompt: "how many?".to_owned(),
            lang: Lang::En,
            video_id: 1,
            kind: AskedKind::Scalar,
            tags: Vec::new(),
            difficulty: 0,
            pair: None,
            verdict,
            reason: None,
            answered: true,
            soft_f1: None,
            retrieval: None,
            lucky: Vec::new(),
            said_no: None,
            rung: None,
            reply: String::new(),
            ungrounded: None,
            gold_sql: None,
            sql: None,
            sql_fate: SqlFate::None,
            gold: None,
            predicted: None,
            ms: f64::from(repeat + 1),
            steps: Vec::new(),
            usage: UsageRecord { cost_micro_usd: Some(u64::from(repeat + 1)), ..UsageRecord::default() },
        }
    }
}
