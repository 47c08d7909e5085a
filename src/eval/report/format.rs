//! Figures as text. What does not exist is a dash, never 0.

use crate::eval::{
    record::{Share, Verdict},
    stats::Interval,
};

pub(super) const NONE: &str = "–";

/// `87.3%`
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// `87.3% [80.1, 92.4]`
pub(super) fn share(share: Option<Share>) -> String {
    share.map_or_else(
        || NONE.to_owned(),
        |share| format!("{} [{:.1}, {:.1}]", percent(share.value), share.low * 100.0, share.high * 100.0),
    )
}

/// `+5.0`, in percentage points.
pub(super) fn points(difference: f64) -> String {
    signed(difference * 100.0, |value| format!("{value:.1}"))
}

/// With a sign, also for what rounds to nothing but is not.
pub(super) fn signed(value: f64, shown: impl Fn(f64) -> String) -> String {
    let sign = if value > 0.0 {
        "+"
    } else if value < 0.0 {
        "−"
    } else {
        "±"
    };
    format!("{sign}{}", shown(value.abs()))
}

/// A 95% interval of a difference: `[−0.4, +0.1]`.
pub(super) fn interval(interval: Option<Interval>, shown: impl Fn(f64) -> String) -> String {
    interval.map_or_else(
        || NONE.to_owned(),
        |interval| format!("[{}, {}]", signed(interval.low, &shown), signed(interval.high, &shown)),
    )
}

/// Milliseconds with three digits that say something: `0.42`, `12.3`, `1204`.
pub(super) fn ms(ms: f64) -> String {
    match ms {
        _ if ms < 10.0 => format!("{ms:.2}"),
        _ if ms < 100.0 => format!("{ms:.1}"),
        _ => format!("{ms:.0}"),
    }
}

/// 0 to 1, as `0.873`.
pub(super) fn unit(value: f64) -> String {
    format!("{value:.3}")
}

/// Dollars of micro-dollars, all digits: `$0.001234`; at least cents are shown.
pub(super) fn dollars(micro_usd: f64) -> String {
    let exact = format!("{:.6}", micro_usd / 1e6);
    let kept = exact.trim_end_matches('0');
    let decimals = kept.len().saturating_sub(kept.find('.').map_or(kept.len(), |at| at + 1));
    let shown = exact.len() - 6 + decimals.max(2);
    format!("${}", &exact[..shown])
}

/// `1,234,567`
pub(super) fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `0.031`, and `< 0.001` where it is less.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.001 { "< 0.001".to_owned() } else { format!("{p:.3}") }
}

pub(super) fn or_none<T>(value: Option<T>, shown: impl Fn(T) -> String) -> String {
    value.map_or_else(|| NONE.to_owned(), shown)
}

pub(super) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Right => "right",
        Verdict::Wrong => "wrong",
        Verdict::Abstained => "abstained",
        Verdict::Error => "error",
        Verdict::NotApplicable => "not applicable",
        Verdict::Graded => "graded",
    }
}

/// The verdicts of one case by repeat: `right`, or `right 2 of 3, wrong 1 of 3`.
pub(super) fn verdicts(all: &[Verdict]) -> String {
    let mut kinds: Vec<Verdict> = all.to_vec();
    kinds.sort();
    kinds.dedup();
    match kinds[..] {
        [] => NONE.to_owned(),
        [one] => verdict(one).to_owned(),
        _ => {
            let of = |kind: &Verdict| all.iter().filter(|other| *other == kind).count();
            let pieces: Vec<String> =
                kinds.iter().map(|kind| format!("{} {} of {}", verdict(*kind), of(kind), all.len())).collect();
            pieces.join(", ")
        }
    }
}

/// At most so many characters, on one line.
pub(super) fn shortened(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    line.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_shown_as_people_write_them() {
        let check = |got: String, wanted: &str| assert_eq!(got, wanted);
        check(dollars(0.0), "$0.00");
        check(dollars(1234.0), "$0.001234");
        check(dollars(1_500_000.0), "$1.50");
        check(dollars(12_000_000.2), "$12.00");
        check(dollars(120.0), "$0.00012");
        check(count(0), "0");
        check(count(999), "999");
        check(count(1_234_567), "1,234,567");
        check(points(-0.05), "−5.0");
        check(points(0.0), "±0.0");
        check(ms(0.421), "0.42");
        check(ms(1204.4), "1204");
        check(p_value(0.0001), "< 0.001");
        check(verdicts(&[Verdict::Right, Verdict::Wrong, Verdict::Right]), "right 2 of 3, wrong 1 of 3");
        check(shortened("몇  건\n있나요?", 5), "몇 건 …");
    }
}
