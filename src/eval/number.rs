//! One number of a result: exact, whatever its size, and the same in whatever form it was written.
//!
//! A number is held as a sign, its decimal digits and a power of ten, so equality needs no arithmetic: `1`, `1.0`, `1e0`
//! and `1.000` are one number, `-0` is `0`, and 9007199254740993 is not 9007199254740992.0. A binary float stands for the
//! shortest decimal that reads back as it (0.1 is 0.1, and not 0.1000000000000000055…), which is also what PostgreSQL and
//! Python print. NaN equals NaN and comes last, as in PostgreSQL.

use std::{cmp::Ordering, fmt, hash};

/// A number, with the kind it had in the result. Equality, order and hash look at the value alone.
#[derive(Debug, Clone)]
pub struct Number {
    kind: NumberKind,
    value: Value,
    /// The nearest float, for tolerances.
    near: f64,
}

/// How a number was typed where it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberKind {
    Integer,
    Float,
    /// PostgreSQL's `numeric`.
    Decimal,
}

/// In ascending order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Value {
    MinusInfinity,
    Finite(Decimal),
    Infinity,
    NaN,
}

/// ±0.d₁d₂d₃… × 10^`point`. No zero at either end of `digits`; zero has none, and no sign.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Decimal {
    negative: bool,
    digits: String,
    point: i64,
}

impl Number {
    /// An integer literal (`-12`), of any length.
    pub fn integer(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
            .then(|| Self::finite(NumberKind::Integer, text))
            .flatten()
    }

    /// A decimal literal (`12.50`, `1e-3`) or `NaN`, `Infinity`, `-Infinity`, exactly as it says.
    pub fn decimal(text: &str) -> Option<Self> {
        match text {
            "NaN" => Some(Self::special(NumberKind::Decimal, f64::NAN)),
            "Infinity" => Some(Self::special(NumberKind::Decimal, f64::INFINITY)),
            "-Infinity" => Some(Self::special(NumberKind::Decimal, f64::NEG_INFINITY)),
            _ => Self::finite(NumberKind::Decimal, text),
        }
    }

    pub fn kind(&self) -> NumberKind {
        self.kind
    }

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        self.near
    }

    fn finite(kind: NumberKind, text: &str) -> Option<Self> {
        let value = Decimal::parse(text)?;
        let near = text.parse().ok()?;
        Some(Self { kind, value: Value::Finite(value), near })
    }

    fn special(kind: NumberKind, near: f64) -> Self {
        let value = if near.is_nan() {
            Value::NaN
        } else if near > 0.0 {
            Value::Infinity
        } else {
            Value::MinusInfinity
        };
        Self { kind, value, near }
    }
}

impl From<f64> for Number {
    fn from(near: f64) -> Self {
        Self::finite(NumberKind::Float, &format!("{near:e}")).unwrap_or_else(|| Self::special(NumberKind::Float, near))
    }
}

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        let near = whole as f64;
        Self::integer(&whole.to_string()).unwrap_or_else(|| Self::special(NumberKind::Integer, near))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Number {}

impl hash::Hash for Number {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::MinusInfinity => f.write_str("-Infinity"),
            Value::Infinity => f.write_str("Infinity"),
            Value::NaN => f.write_str("NaN"),
            Value::Finite(decimal) => decimal.fmt(f),
        }
    }
}

impl Decimal {
    /// `-12.50e-3`; `None` if it is not of that form or its exponent is absurd.
    fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let digits = all.trim_start_matches('0');
        let zeros = i64::try_from(all.len() - digits.len()).ok()?;
        let point = i64::try_from(whole.len()).ok()?.checked_sub(zeros)?.checked_add(exponent)?;
        let digits = digits.trim_end_matches('0').to_owned();
        Some(match digits.is_empty() {
            true => Self { negative: false, digits, point: 0 },
            false => Self { negative, digits, point },
        })
    }

    fn size(&self) -> (bool, i64, &str) {
        (!self.digits.is_empty(), self.point, &self.digits)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.size().cmp(&other.size()),
            (true, true) => other.size().cmp(&self.size()),
            (negative, _) => {
                if negative {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Plain up to 20 places before the point and 6 zeros after it, else with an exponent.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        let Self { digits, point, .. } = self;
        let length = digits.len();
        match usize::try_from(*point) {
            _ if digits.is_empty() => f.write_str("0"),
            Ok(point) if point <= 20 && length <= point => write!(f, "{sign}{digits:0<point$}"),
            Ok(point) if point > 0 && point < length => write!(f, "{sign}{}.{}", &digits[..point], &digits[point..]),
            _ if (-6..=0).contains(point) => {
                let zeros = "0".repeat(usize::try_from(-point).unwrap_or(0));
                write!(f, "{sign}0.{zeros}{digits}")
            }
            _ => {
                let rest = if length > 1 { format!(".{}", &digits[1..]) } else { String::new() };
                write!(f, "{sign}{}{rest}e{}", &digits[..1], point - 1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_its_value() {
        for (a, b, order) in [
            ("1", "1.0", Ordering::Equal),
            ("1", "1e0", Ordering::Equal),
            ("100", "1e2", Ordering::Equal),
            ("0.010", "1E-2", Ordering::Equal),
            ("-0", "0.00", Ordering::Equal),
            ("-0e99999", "0", Ordering::Equal),
            ("+7", "7", Ordering::Equal),
            ("9007199254740993", "9007199254740992", Ordering::Greater),
            ("0.1000000000000000055", "0.1", Ordering::Greater),
            ("9", "10", Ordering::Less),
            ("1.5", "1.05", Ordering::Greater),
            ("-2", "-10", Ordering::Greater),
            ("-1", "0", Ordering::Less),
            ("0", "1e-300", Ordering::Less),
            ("15", "1", Ordering::Greater),
            ("Infinity", "1e9999999999", Ordering::Greater),
            ("NaN", "Infinity", Ordering::Greater),
            ("NaN", "NaN", Ordering::Equal),
            ("-Infinity", "-1e400", Ordering::Less),
        ] {
            let number = |text| Number::decimal(text).unwrap();
            assert_eq!(number(a).cmp(&number(b)), order, "{a} and {b}");
            assert_eq!(number(b).cmp(&number(a)), order.reverse(), "{b} and {a}");
        }
        for text in ["", "-", ".", "1e", "one", "1_000", "1,0", " 1", "0x10", "1e99999999999999999999"] {
            assert!(Number::decimal(text).is_none(), "{text:?}");
        }
        assert!(Number::integer("1.0").is_none() && Number::integer("+1").is_none());
    }

    #[test]
    fn a_float_is_the_shortest_decimal_that_reads_back_as_it() {
        for (float, text) in [
            (0.1, "0.1"),
            (0.1 + 0.2, "0.30000000000000004"),
            (-0.0, "0"),
            (1e22, "1e22"),
            (1e19, "10000000000000000000"),
            (12.5, "12.5"),
            (1e-7, "0.0000001"),
            (1.5e-9, "1.5e-9"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(Number::from(float).to_string(), text);
            assert_eq!(Number::from(float), Number::decimal(text).unwrap());
        }
        assert_ne!(Number::from(9_007_199_254_740_992.0), Number::integer("9007199254740993").unwrap());
        assert_eq!(Number::from(i64::MIN).to_string(), "-9.223372036854775808e18".replace("e18", "").replace('.', ""));
    }

    proptest::proptest! {
        #[test]
        fn floats_keep_their_order(a in proptest::num::f64::ANY, b in proptest::num::f64::ANY) {
            let expected = a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()));
            proptest::prop_assert_eq!(Number::from(a).cmp(&Number::from(b)), expected);
            proptest::prop_assert!(a.is_nan() || Number::from(a).to_string().parse::<f64>().unwrap() == a);
        }
    }
}
