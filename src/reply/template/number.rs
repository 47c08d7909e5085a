//! Numbers as they are read: rounded for the eye, never to a zero that is not one.

use crate::answer::Value;

/// At most two decimals, without trailing zeros.
pub(super) fn number(value: f64) -> String {
    if value != 0.0 && value.abs() < 0.005 {
        return if value > 0.0 { "<0.01".to_owned() } else { ">-0.01".to_owned() };
    }
    trimmed(value, 2)
}

/// A percentage, 0 to 100, with at most one decimal; two where one would claim none or all.
pub(super) fn percent(value: f64) -> String {
    let near_an_end = (value > 0.0 && value < 0.05) || (99.95..100.0).contains(&value);
    format!("{}%", if near_an_end { number(value) } else { trimmed(value, 1) })
}

/// A share of one as a percentage.
pub(super) fn percent_of_one(value: f64) -> String {
    percent(value * 100.0)
}

fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// The number a cell holds, if it holds one.
pub(super) fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Null => None,
        Value::Int(n) => Some(*n as f64),
        Value::Float(f) => f.is_finite().then_some(*f),
        Value::Text(text) => text.trim().parse().ok().filter(|f: &f64| f.is_finite()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (value, text) in
            [(3.0, "3"), (3.456, "3.46"), (0.5, "0.5"), (0.0001, "<0.01"), (0.0, "0"), (-0.0, "0"), (100.0, "100")]
        {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn percentages() {
        for (value, text) in
            [(33.333, "33.3%"), (50.0, "50%"), (0.02, "0.02%"), (99.97, "99.97%"), (100.0, "100%"), (0.0, "0%")]
        {
            assert_eq!(percent(value), text);
        }
        assert_eq!(percent_of_one(0.953), "95.3%");
    }
}
