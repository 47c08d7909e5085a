//! Text that somebody else wrote, made fit to show.

/// How many characters of a record's text are said.
pub(super) const RECORD: usize = 200;
/// How many characters of a name, a place or an asker's word are said.
pub(super) const WORD: usize = 60;

/// Text on one line, without control characters, at most so long.
pub(super) struct Clean {
    pub text: String,
    /// Some of it was left off; `text` ends with an ellipsis.
    pub cut: bool,
}

/// Spaces and line ends become one space; control characters and those that turn or hide text go.
pub(super) fn clean(text: &str, limit: usize) -> Clean {
    let visible: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|&c| !c.is_control() && !is_invisible(c))
        .collect();
    let line = visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(limit) {
        Some((end, _)) => Clean { text: format!("{}…", line[..end].trim_end()), cut: true },
        None => Clean { text: line, cut: false },
    }
}

/// Zero width, direction marks, tags: what is not seen but changes what is.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The first letter in upper case, where it has one.
pub(super) fn capital(sentence: &str) -> String {
    let mut chars = sentence.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_without_tricks() {
        assert_eq!(clean("a\u{202e}b\n\n c\u{7}\u{200b}d\t", 20).text, "ab cd");
        assert_eq!(clean("  ", 20).text, "");
    }

    #[test]
    fn cut_by_characters_and_said() {
        let long = clean("가나다라마", 3);
        assert_eq!((long.text.as_str(), long.cut), ("가나다…", true));
        let fits = clean("가나다", 3);
        assert_eq!((fits.text.as_str(), fits.cut), ("가나다", false));
    }

    #[test]
    fn capitals_only_where_there_are_any() {
        assert_eq!(capital("at 1:05"), "At 1:05");
        assert_eq!(capital("네"), "네");
        assert_eq!(capital(""), "");
    }
}
