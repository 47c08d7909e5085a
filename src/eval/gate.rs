//! Gates: conditions on the figures of a run that make it fail, as in `accuracy < 0.9`.
//!
//! ```text
//! gate      := figure op number | "regressed(" figure ["," number] ")"
//! figure    := NAME [ "[" by "=" key "]" ]        accuracy, accuracy[lang=ko], p95_ms, errors …
//! op        := < | <= | > | >= | = | !=
//! ```
//! A gate holds for each strategy by itself. `regressed(accuracy, 0.05)`: worse than the baseline by more than 0.05.

use std::fmt;

use super::record::{Figures, Slice, Summary};

/// A parsed `--fail-if`.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    text: String,
    figure: Figure,
    test: Test,
}

#[derive(Debug, Clone, PartialEq)]
struct Figure {
    name: String,
    /// by, key
    slice: Option<(String, String)>,
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Compare(Op, f64),
    /// Worse than the baseline by more than this.
    Regressed(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    NotEqual,
}

/// What a gate found for one strategy.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct GateResult {
    /// As it was written: `accuracy < 0.9`.
    pub gate: String,
    pub strategy: String,
    pub failed: bool,
    /// "accuracy is 0.87" and the like.
    pub found: String,
}

/// A gate that cannot be read or used: what is wrong, and what there is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("gate `{gate}`: {what}")]
pub struct GateError {
    pub gate: String,
    pub what: String,
}

type Reading = fn(&Figures) -> Option<f64>;

/// Name, how it is read, and whether more is better.
const FIGURES: [(&str, Reading, bool); 23] = [
    ("accuracy", |f| f.accuracy.map(|s| s.value), true),
    ("coverage", |f| f.coverage.map(|s| s.value), true),
    ("precision", |f| f.precision.map(|s| s.value), true),
    ("abstention_precision", |f| f.abstention_precision.map(|s| s.value), true),
    ("abstention_recall", |f| f.abstention_recall.map(|s| s.value), true),
    ("soft_f1", |f| f.soft_f1, true),
    ("grounded", |f| f.grounded.map(|s| s.value), true),
    ("recall_at_5", |f| f.retrieval.map(|r| r.recall_at_5), true),
    ("recall_at_10", |f| f.retrieval.map(|r| r.recall_at_10), true),
    ("mrr", |f| f.retrieval.map(|r| r.mrr), true),
    ("ndcg_at_10", |f| f.retrieval.map(|r| r.ndcg_at_10), true),
    ("cases", |f| Some(f.cases as f64), true),
    ("right", |f| Some(f.right as f64), true),
    ("wrong", |f| Some(f.wrong as f64), false),
    ("errors", |f| Some(f.errors as f64), false),
    ("lucky", |f| Some(f.lucky as f64), false),
    ("sql_refused", |f| Some(f.sql_refused as f64), false),
    ("p50_ms", |f| f.latency_ms.get("total").map(|q| q.p50), false),
    ("p95_ms", |f| f.latency_ms.get("total").map(|q| q.p95), false),
    ("p99_ms", |f| f.latency_ms.get("total").map(|q| q.p99), false),
    ("cost_usd", |f| f.cost_micro_usd.map(|c| c as f64 / 1e6), false),
    ("cost_per_prompt_usd", |f| f.cost_per_prompt_micro_usd.map(|c| c / 1e6), false),
    ("cost_per_right_usd", |f| f.cost_per_right_micro_usd.map(|c| c / 1e6), false),
];

impl Gate {
    /// # Errors
    /// [`GateError`] with what was expected.
    pub fn parse(text: &str) -> Result<Self, GateError> {
        let wrong = |what: &str| GateError { gate: text.trim().to_owned(), what: what.to_owned() };
        let shape = "it is to be `figure < number` (or <=, >, >=, =, !=) or `regressed(figure, number)`";
        let trimmed = text.trim();
        if let Some(inner) = trimmed.strip_prefix("regressed(").and_then(|rest| rest.strip_suffix(')')) {
            let (figure, by) = inner.split_once(',').unwrap_or((inner, "0"));
            let by: f64 = by.trim().parse().map_err(|_| wrong("behind the comma stands a number, as in 0.05"))?;
            if !by.is_finite() || by < 0.0 {
                return Err(wrong("what may be lost is a number from 0 up"));
            }
            return Ok(Self { text: trimmed.to_owned(), figure: figure_of(figure, text)?, test: Test::Regressed(by) });
        }
        let at = trimmed.find(['<', '>', '!']).or_else(|| equals(trimmed)).ok_or_else(|| wrong(shape))?;
        let (figure, rest) = trimmed.split_at(at);
        let ops = [
            ("<=", Op::AtMost),
            (">=", Op::AtLeast),
            ("!=", Op::NotEqual),
            ("==", Op::Equal),
            ("<", Op::Less),
            (">", Op::More),
            ("=", Op::Equal),
        ];
        let (sign, op) = ops.iter().find(|(sign, _)| rest.starts_with(sign)).ok_or_else(|| wrong(shape))?;
        let number: f64 = rest[sign.len()..].trim().parse().map_err(|_| wrong("its right side is a number"))?;
        if !number.is_finite() {
            return Err(wrong("its right side is a number"));
        }
        Ok(Self { text: trimmed.to_owned(), figure: figure_of(figure, text)?, test: Test::Compare(*op, number) })
    }

    pub fn needs_baseline(&self) -> bool {
        matches!(self.test, Test::Regressed(_))
    }

    /// One result a strategy of the run.
    ///
    /// # Errors
    /// The slice is not there, the figure does not exist in this run, or a baseline is needed and does not have it: a
    /// gate that cannot be looked at has not passed.
    pub fn check(&self, run: &Summary, baseline: Option<&Summary>) -> Result<Vec<GateResult>, GateError> {
        let wrong = |what: String| GateError { gate: self.text.clone(), what };
        run.strategies
            .iter()
            .map(|of| {
                let strategy = &of.strategy;
                let value = self.figure.of(run, of).map_err(&wrong)?;
                let name = &self.figure;
                let (failed, found) = match self.test {
                    Test::Compare(op, number) => (op.holds(value, number), format!("{name} is {}", shown(value))),
                    Test::Regressed(by) => {
                        let baseline = baseline.ok_or_else(|| wrong("it needs --baseline".to_owned()))?;
                        if let Some(why) = baseline.header.stopped.as_ref().or(run.header.stopped.as_ref()) {
                            return Err(wrong(format!("a run was stopped before its end ({why}): finish it first")));
                        }
                        let only = (baseline.strategies.len() == 1).then(|| &baseline.strategies[0]);
                        let before = baseline.strategies.iter().find(|s| s.strategy == *strategy).or(only);
                        let before =
                            before.ok_or_else(|| wrong(format!("the baseline has no strategy `{strategy}`")))?;
                        let old =
                            self.figure.of(baseline, before).map_err(|what| wrong(format!("baseline: {what}")))?;
                        let lost = if self.figure.more_is_better() { old - value } else { value - old };
                        (lost > by + 1e-12, format!("{name} is {}, and was {}", shown(value), shown(old)))
                    }
                };
                Ok(GateResult { gate: self.text.clone(), strategy: strategy.clone(), failed, found })
            })
            .collect()
    }
}

impl Figure {
    fn of(&self, run: &Summary, whole: &Slice) -> Result<f64, String> {
        let slice = match &self.slice {
            None => whole,
            Some((by, key)) => run
                .slices
                .iter()
                .find(|s| s.strategy == whole.strategy && s.by == *by && s.key == *key)
                .ok_or_else(|| format!("there are no cases of {by} `{key}`"))?,
        };
        let (_, read, _) = FIGURES.iter().find(|(name, ..)| *name == self.name).ok_or("there is no such figure")?;
        read(&slice.figures).ok_or_else(|| format!("{self} does not exist in this run: no case gives it"))
    }

    fn more_is_better(&self) -> bool {
        FIGURES.iter().any(|(name, _, more)| *name == self.name && *more)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.slice {
            None => f.write_str(&self.name),
            Some((by, key)) => write!(f, "{}[{by}={key}]", self.name),
        }
    }
}

impl Op {
    fn holds(self, a: f64, b: f64) -> bool {
        match self {
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::More => a > b,
            Self::AtLeast => a >= b,
            Self::Equal => (a - b).abs() < 1e-12,
            Self::NotEqual => (a - b).abs() >= 1e-12,
        }
    }
}

fn figure_of(text: &str, gate: &str) -> Result<Figure, GateError> {
    let wrong = |what: String| GateError { gate: gate.trim().to_owned(), what };
    let text = text.trim();
    let (name, slice) = match text.split_once('[') {
        None => (text, None),
        Some((name, rest)) => {
            let inner = rest.strip_suffix(']').and_then(|inner| inner.split_once('='));
            let (by, key) = inner.ok_or_else(|| wrong("a slice is written as in accuracy[lang=ko]".to_owned()))?;
            (name.trim(), Some((by.trim().to_owned(), key.trim().to_owned())))
        }
    };
    if FIGURES.iter().any(|(known, ..)| *known == name) {
        return Ok(Figure { name: name.to_owned(), slice });
    }
    let known: Vec<&str> = FIGURES.iter().map(|(known, ..)| *known).collect();
    Err(wrong(format!("there is no figure `{name}`; there are {}", known.join(", "))))
}

/// The sign between figure and number, not the one within a slice.
fn equals(text: &str) -> Option<usize> {
    let from = text.find(']').map_or(0, |end| end + 1);
    text[from..].find('=').map(|at| from + at)
}

fn shown(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_said() {
        for (text, told) in [
            ("accuracy", "`figure < number`"),
            ("acuracy < 0.9", "there is no figure `acuracy`; there are accuracy, coverage"),
            ("accuracy < much", "its right side is a number"),
            ("accuracy[ko] < 1", "accuracy[lang=ko]"),
            ("regressed(accuracy, -1)", "from 0 up"),
            ("accuracy < NaN", "is a number"),
        ] {
            let said = Gate::parse(text).unwrap_err().to_string();
            assert!(said.contains(told), "{said}");
        }
        for text in [
            "accuracy<0.9",
            "accuracy[lang=ko] >= 0.5",
            "errors != 0",
            "regressed(p95_ms, 5)",
            "wrong = 0",
            "wrong[lang=ko] == 0",
        ] {
            assert!(Gate::parse(text).is_ok(), "{text}");
        }
    }
}
