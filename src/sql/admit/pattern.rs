//! Regular expressions: what of them may be asked of the server.

use sqlparser::ast::{DollarQuotedString, Expr, Value};

/// The text of a literal.
pub(super) fn text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Nested(inner) => text(inner),
        Expr::Cast { expr, .. } => text(expr),
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text)
            | Value::EscapedStringLiteral(text)
            | Value::UnicodeStringLiteral(text)
            | Value::DollarQuotedString(DollarQuotedString { value: text, tag: _ }) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// No back-references (they make a search exponential), no repetition of thousands, no length that hides one.
///
/// # Errors
/// What is wrong with it, to stand after "a regular expression".
pub(super) fn check(pattern: &str, most: usize, repetitions: u64) -> Result<(), &'static str> {
    // Without regard to case, which changes nothing of the rest.
    let pattern = pattern.strip_prefix("(?i)").unwrap_or(pattern);
    let most = if is_plain(pattern) { PLAIN } else { most };
    if pattern.chars().count() > most {
        return Err("is too long");
    }
    // "***=" and "(?…)" at the beginning choose another syntax, in which the rest may mean something else.
    if pattern.starts_with("***") || pattern.starts_with("(?") && !pattern.starts_with("(?:") {
        return Err("may not choose its own syntax");
    }
    let mut product = 1_u64;
    let mut stars = 0;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('1'..='9') => return Err("may not have back-references"),
                None => return Err("ends in a backslash"),
                Some(_) => {}
            },
            '{' => {
                let bound: String = std::iter::from_fn(|| chars.next_if(|c| c.is_ascii_digit() || *c == ',')).collect();
                let largest = bound.split(',').filter(|n| !n.is_empty()).map(|n| n.parse().unwrap_or(u64::MAX)).max();
                product = product.saturating_mul(largest.unwrap_or(1).max(1));
            }
            '*' | '+' => stars += 1,
            _ => {}
        }
    }
    if product > repetitions || stars > 20 {
        return Err("repeats too often");
    }
    Ok(())
}

/// Characters of a pattern whose groups are not repeated: words, one or the other.
const PLAIN: usize = 1000;

fn is_plain(pattern: &str) -> bool {
    let repeats = |sign: &str| pattern.contains(sign);
    !repeats("{") && ![")*", ")+", ")?"].into_iter().any(repeats)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn patterns() {
        for good in [
            "계산대",
            "^(남|여)자.*$",
            r"\d{1,3}세",
            "(?:a|b)+c?",
            "[가-힣]+",
            r"a\.b",
            ".*가방.*(넣|숨)",
            "(?i)red|blue",
        ] {
            assert_eq!(check(good, 200, 100), Ok(()), "{good}");
        }
        let bad = [
            r"(a)\1",
            "a{1,255}",
            "(a{20}){20}",
            "***=a",
            "(?x)a",
            "(?i)(?x)a",
            "(?i)***=a",
            r"(?i)(a)\1",
            "a\\",
            "a{99999999999999999999}",
        ];
        for bad in
            bad.into_iter().chain(["x*".repeat(21).as_str(), "(x)*".repeat(51).as_str(), "x|".repeat(501).as_str()])
        {
            assert!(check(bad, 200, 100).is_err(), "{bad}");
        }
    }
}
