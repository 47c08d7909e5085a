//! Intervals and tests for what a suite of cases can say.
//!
//! Everything is two-sided, at 95% unless said otherwise, and the same on every machine: random numbers are ChaCha8's
//! from a seed. `tests/fixtures/eval/stats.py` has the same figures from scipy and statsmodels.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};

/// The 97.5% quantile of the normal distribution: 95% within, both sides.
const Z_95: f64 = 1.959_963_984_540_054;
/// The 80% quantile, for a power of 80%.
const Z_POWER: f64 = 0.841_621_233_572_914_3;

/// A range that holds a figure.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// Wilson's score interval (1927), without correction for continuity, for `hits` of `n`; `None` of nothing.
pub fn wilson(hits: u64, n: u64) -> Option<Interval> {
    if n == 0 || hits > n {
        return None;
    }
    Some(wilson_of_share(hits as f64 / n as f64, n as f64))
}

/// The same for a share of 0 to 1 over `n` cases, above 0; with repeats a share need not be a whole number of cases.
pub fn wilson_of_share(p: f64, n: f64) -> Interval {
    let z2 = Z_95 * Z_95;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z_95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    // At 0 and 1 the bound is that exactly.
    let low = if p == 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if p == 1.0 { 1.0 } else { (centre + half).min(1.0) };
    Interval { low, high }
}

/// McNemar's exact test: the p-value of `broken` cases that only the first run had right and `fixed` that only the second
/// had, if each were as likely (binomial, two-sided, both tails in full: no mid-p, no continuity correction). 1 without
/// any.
pub fn mcnemar(broken: u64, fixed: u64) -> f64 {
    let (n, tail) = (broken + fixed, broken.min(fixed));
    // The terms of the sum of C(n, k) / 2^n, from k = 0, as logarithms: 2^-n alone may be too small for a float.
    let mut term = -(n as f64) * std::f64::consts::LN_2;
    let mut terms = vec![term];
    for k in 1..=tail {
        term += ((n - k + 1) as f64 / k as f64).ln();
        terms.push(term);
    }
    // The last is the greatest.
    let sum: f64 = terms.iter().map(|other| (other - term).exp()).sum();
    (2.0 * sum * term.exp()).min(1.0)
}

/// What is made of the differences of a paired comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Centre {
    Mean,
    Median,
}

/// The percentile bootstrap interval (Efron 1979) of the mean or median of `differences`, one for each pair (second run
/// minus first): as many are drawn with replacement `resamples` times, and the 2.5% and 97.5% quantiles of the results
/// taken. The median is of the differences, not the difference of medians. `None` without pairs or resamples.
pub fn paired_bootstrap(differences: &[f64], centre: Centre, resamples: usize, seed: u64) -> Option<Interval> {
    let n = differences.len();
    if n == 0 || resamples == 0 {
        return None;
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut drawn = vec![0.0; n];
    let mut results = Vec::with_capacity(resamples);
    for _ in 0..resamples {
        for value in &mut drawn {
            // The high half of a product is below n, each as likely to within n / 2^64.
            let at = (u128::from(random.next_u64()) * n as u128) >> 64;
            *value = differences[usize::try_from(at).unwrap_or(0)];
        }
        results.push(centre.of(&mut drawn));
    }
    results.sort_by(f64::total_cmp);
    Some(Interval { low: of_sorted(&results, 0.025), high: of_sorted(&results, 0.975) })
}

/// Holm's step-down correction (1979): the adjusted p-values in the order given. Reject what is at or below the level.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut greatest: f64 = 0.0;
    for (rank, at) in order.into_iter().enumerate() {
        greatest = greatest.max((p_values.len() - rank) as f64 * p_values[at]).min(1.0);
        adjusted[at] = greatest;
    }
    adjusted
}

/// The smallest difference in accuracy that a paired comparison of `n` cases finds with 80% power at 5%, where a share
/// `discordant` of the cases is right in one run only. `None` if not even all of them going one way would be found.
///
/// The d that solves n = (z₀.₉₇₅ √ψ + z₀.₈ √(ψ − d²))² / d², ψ = `discordant` (Miettinen 1968, as in Connor 1987,
/// Biometrics 43:207, for McNemar's test without correction). The exact test is a little less able.
pub fn smallest_detectable_difference(n: u64, discordant: f64) -> Option<f64> {
    let needed = |d: f64| {
        let root = Z_95 * discordant.sqrt() + Z_POWER * (discordant - d * d).max(0.0).sqrt();
        (root / d).powi(2)
    };
    let n = n as f64;
    if !(discordant > 0.0 && discordant <= 1.0) || needed(discordant) > n {
        return None;
    }
    // The number needed falls as d grows.
    let (mut low, mut high) = (0.0, discordant);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if needed(middle) > n { low = middle } else { high = middle }
    }
    Some(high)
}

/// A quantile, `q` from 0 to 1, by linear interpolation (type 7 of Hyndman and Fan 1996: numpy's and R's default).
/// `None` of nothing.
pub fn quantile(values: &[f64], q: f64) -> Option<f64> {
    if values.is_empty() || !(0.0..=1.0).contains(&q) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(of_sorted(&sorted, q))
}

impl Centre {
    /// May leave the values in another order.
    fn of(self, values: &mut [f64]) -> f64 {
        let n = values.len();
        match self {
            Self::Mean => values.iter().sum::<f64>() / n as f64,
            Self::Median => {
                let (below, middle, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
                let middle = *middle;
                if n % 2 == 1 {
                    middle
                } else {
                    f64::midpoint(below.iter().copied().fold(f64::NEG_INFINITY, f64::max), middle)
                }
            }
        }
    }
}

/// Of at least one value.
fn of_sorted(sorted: &[f64], q: f64) -> f64 {
    let place = q * (sorted.len() - 1) as f64;
    let below = place.floor();
    let at = below as usize;
    let next = sorted[(at + 1).min(sorted.len() - 1)];
    sorted[at] + (next - sorted[at]) * (place - below)
}
