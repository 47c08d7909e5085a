//! One spelling for what people type: Unicode forms, widths, case and spacing; and which language it is.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::Lang;

/// NFKC, lower case, straight quotes, one dash for every range mark, single spaces, no control or zero-width
/// characters. Idempotent; time and length linear in the input.
pub fn normalise(raw: &str) -> String {
    // Left out first: a letter and its accent may stand on either side of one.
    let seen = raw.chars().filter(|c| c.is_whitespace() || !(c.is_control() || is_zero_width(*c)));
    // Most prompts are in normal form already; lower-casing a normal form can leave it (İ), so only ASCII is sure to stay.
    let plain =
        is_nfkc_quick(seen.clone()) == IsNormalized::Yes && !seen.clone().any(|c| !c.is_ascii() && c.is_uppercase());
    if plain {
        tidy(seen.map(|c| c.to_ascii_lowercase()), raw.len())
    } else {
        tidy(seen.nfkc().flat_map(char::to_lowercase).nfkc(), raw.len())
    }
}

fn tidy(chars: impl Iterator<Item = char>, length: usize) -> String {
    let mut out = String::with_capacity(length);
    let mut gap = false;
    for c in chars {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let c = match c {
            '\u{2018}' | '\u{2019}' | '\u{201b}' | '`' | '\u{b4}' => '\'',
            '\u{201c}' | '\u{201d}' => '"',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '\u{301c}' | '\u{223c}' | '\u{2053}' | '\u{3030}' => '~',
            '\u{3001}' => ',',
            '\u{3002}' => '.',
            c => c,
        };
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// By script: kana is Japanese, Hangul Korean, Han alone Chinese, anything else English. A few foreign words do not
/// change it: Hangul or kana win where they stand at all, unless Latin words are four times as many.
pub fn detect(text: &str) -> Lang {
    let (mut hangul, mut kana, mut han, mut latin) = (0usize, 0usize, 0usize, 0usize);
    let mut in_latin = false;
    for c in text.nfc() {
        let is_latin = c.is_ascii_alphabetic();
        match c {
            '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' => hangul += 1,
            '\u{3041}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9d}' => kana += 1,
            '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' => han += 1,
            _ if is_latin && !in_latin => latin += 1,
            _ => {}
        }
        in_latin = is_latin;
    }
    let cjk = hangul + kana + han;
    if cjk == 0 || latin > 3 && latin * 2 > cjk {
        Lang::En
    } else if kana > 0 && kana >= hangul {
        Lang::Ja
    } else if hangul > 0 {
        Lang::Ko
    } else {
        Lang::Zh
    }
}

/// Letters or digits of a script that writes spaces between words.
pub(super) fn is_word_char(c: char) -> bool {
    // The ranges first: the table of letters is slow for what is not Latin.
    !is_unspaced(c) && c.is_alphanumeric()
}

/// Hangul, kana and Han: a word may begin directly behind another.
pub(super) fn is_unspaced(c: char) -> bool {
    is_hangul(c) || matches!(c, '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}

pub(super) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn what_cannot_be_seen_does_not_matter() {
        for (raw, expected) in [
            ("e\u{200b}\u{301}", "\u{e9}"),
            ("\u{1112}\u{200d}\u{1161}\u{11ab}", "한"),
            ("a\u{0}b", "ab"),
            ("a\tb", "a b"),
        ] {
            assert_eq!(normalise(raw), expected);
            assert_eq!(normalise(expected), expected);
        }
    }
}
