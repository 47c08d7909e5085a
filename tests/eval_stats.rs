//! The statistics beside scipy's and statsmodels' figures; `fixtures/eval/README.md` says how those were made.

use askline::eval::stats::{
    Centre, Interval, holm, mcnemar, paired_bootstrap, quantile, smallest_detectable_difference, wilson,
};
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Figures {
    /// hits, n, low, high
    wilson: Vec<(u64, u64, f64, f64)>,
    /// broken, fixed, p
    mcnemar: Vec<(u64, u64, f64)>,
    /// p-values, adjusted
    holm: Vec<(Vec<f64>, Vec<f64>)>,
    /// values, q, quantile
    quantile: Vec<(Vec<f64>, f64, f64)>,
    /// differences, centre, low, high, standard error
    bootstrap: Vec<(Vec<f64>, String, f64, f64, f64)>,
    /// n, discordant, difference, power found by trial
    detectable: Vec<(u64, f64, Option<f64>, Option<f64>)>,
}

#[test]
fn figures_are_those_of_scipy_and_statsmodels() {
    let figures: Figures = serde_json::from_str(include_str!("fixtures/eval/stats.json")).unwrap();
    for (hits, n, low, high) in figures.wilson {
        let found = wilson(hits, n).unwrap();
        near(found.low, low, 1e-12, &format!("wilson({hits}, {n})"));
        near(found.high, high, 1e-12, &format!("wilson({hits}, {n})"));
    }
    for (broken, fixed, p) in figures.mcnemar {
        let found = mcnemar(broken, fixed);
        near(found / p, 1.0, 1e-9, &format!("mcnemar({broken}, {fixed})"));
    }
    for (values, adjusted) in figures.holm {
        for (found, expected) in holm(&values).into_iter().zip(adjusted) {
            near(found, expected, 1e-12, &format!("holm({values:?})"));
        }
    }
    for (values, q, expected) in figures.quantile {
        near(quantile(&values, q).unwrap(), expected, 1e-12, &format!("quantile({values:?}, {q})"));
    }
    for (n, discordant, expected, power) in figures.detectable {
        let found = smallest_detectable_difference(n, discordant);
        assert_eq!(found.is_some(), expected.is_some(), "{n}, {discordant}");
        if let (Some(found), Some(expected), Some(power)) = (found, expected, power) {
            near(found, expected, 1e-9, &format!("{n}, {discordant}"));
            // The formula is an approximation; at the edge, where all go one way, it is cautious.
            assert!((0.78..0.95).contains(&power), "{n}, {discordant}: {power}");
        }
    }
}

/// Drawn by other random numbers, so within a tenth of the standard error.
#[test]
fn bootstrap_intervals_are_scipys_up_to_chance() {
    let figures: Figures = serde_json::from_str(include_str!("fixtures/eval/stats.json")).unwrap();
    for (differences, centre, low, high, spread) in figures.bootstrap {
        let centre = if centre == "mean" { Centre::Mean } else { Centre::Median };
        let found = paired_bootstrap(&differences, centre, 20_000, 1).unwrap();
        let name = format!("{centre:?} of {}", differences.len());
        near(found.low, low, 0.1 * spread, &name);
        near(found.high, high, 0.1 * spread, &name);
    }
}

#[test]
fn the_edges_are_defined() {
    assert_eq!((wilson(0, 0), wilson(2, 1)), (None, None));
    assert_eq!(mcnemar(0, 0), 1.0);
    assert_eq!(holm(&[]), Vec::<f64>::new());
    assert_eq!((quantile(&[], 0.5), quantile(&[1.0], 1.5)), (None, None));
    assert_eq!(paired_bootstrap(&[], Centre::Mean, 10, 1), None);
    assert_eq!(paired_bootstrap(&[2.0], Centre::Median, 10, 1), Some(Interval { low: 2.0, high: 2.0 }));
    for (n, discordant) in [(0, 0.1), (100, 0.0), (100, 1.5), (100, f64::NAN)] {
        assert_eq!(smallest_detectable_difference(n, discordant), None, "{n}, {discordant}");
    }
}

/// The same on every machine and in every version: a report can be made again.
#[test]
fn the_bootstrap_is_its_seed() {
    let differences: Vec<f64> = (0..50).map(|i| f64::from(i * i % 17)).collect();
    let interval = |seed| paired_bootstrap(&differences, Centre::Mean, 1000, seed).unwrap();
    assert_eq!(interval(42), Interval { low: BOOTSTRAP.0, high: BOOTSTRAP.1 });
    assert_ne!(interval(42), interval(43));
}

const BOOTSTRAP: (f64, f64) = (6.56, 9.66);

proptest! {
    #[test]
    fn intervals_hold_their_figure(hits in 0u64..500, more in 0u64..500) {
        let n = hits + more;
        prop_assume!(n > 0);
        let Interval { low, high } = wilson(hits, n).unwrap();
        let share = hits as f64 / n as f64;
        prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0);
    }

    #[test]
    fn p_values_are_probabilities(broken in 0u64..3000, fixed in 0u64..3000) {
        let p = mcnemar(broken, fixed);
        prop_assert!(p > 0.0 || broken.abs_diff(fixed) > 1000);
        prop_assert!(p <= 1.0);
        prop_assert_eq!(p, mcnemar(fixed, broken));
    }

    #[test]
    fn holm_never_lowers_and_keeps_the_order(p in proptest::collection::vec(0.0..=1.0, 0..20)) {
        let adjusted = holm(&p);
        for (i, a) in p.iter().enumerate() {
            prop_assert!(adjusted[i] >= *a && adjusted[i] <= 1.0);
            prop_assert!(p.iter().enumerate().all(|(j, b)| a > b || adjusted[i] <= adjusted[j]));
        }
    }
}

fn near(found: f64, expected: f64, by: f64, what: &str) {
    assert!((found - expected).abs() <= by, "{what}: {found}, and not {expected}");
}
