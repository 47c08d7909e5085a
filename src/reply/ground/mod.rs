//! Whether words say only what rows say.

mod figure;
mod value;

pub use self::{
    figure::{Figure, figures},
    value::{Values, number},
};

/// Quotation marks that open, with the one that closes each.
const QUOTES: [(char, char); 4] = [('‘', '’'), ('“', '”'), ('「', '」'), ('『', '』')];

/// Without what stands in quotation marks.
pub fn unquoted(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut until = None;
    for c in words.chars() {
        match (until, QUOTES.iter().find(|(open, _)| *open == c)) {
            (Some(end), _) if c == end => until = None,
            (Some(_), _) => {}
            (None, Some((_, close))) => until = Some(*close),
            (None, None) => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_left_out() {
        assert_eq!(unquoted("a ‘3 men’ b “4” c"), "a  b  c");
    }
}
