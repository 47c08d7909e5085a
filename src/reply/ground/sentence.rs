//! Sentences of a reply that is still being written, each with the marker that says which events it rests on.

/// What a sentence says it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marker {
    /// `[12, 15]`: these events.
    Ids(Vec<i64>),
    /// `[all]`: what holds of all that was found.
    All,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Without its marker; with the white space before it, so that sentences one behind the other are the reply.
    pub words: String,
    pub marker: Option<Marker>,
}

/// Characters of the longest marker.
const LONGEST_MARKER: usize = 400;

const ENDS: &str = ".!?。！？";
const CLOSERS: &str = "”’」』)）\"";

/// The first sentence, and the bytes it takes; `None` while what follows could still change it. `whole`: nothing
/// follows.
pub fn first(text: &str, whole: bool) -> Option<(Sentence, usize)> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let scan = Scan { chars: &chars, whole };
    match scan.end() {
        Cut::Wait => None,
        Cut::At { marker, end } => {
            let byte = |at: usize| chars.get(at).map_or(text.len(), |(byte, _)| *byte);
            let sentence = match marker {
                None => Sentence { words: text[..byte(end)].to_owned(), marker: None },
                Some((from, to, marker)) => Sentence {
                    words: format!("{}{}", text[..byte(from)].trim_end(), &text[byte(to)..byte(end)]),
                    marker: Some(marker),
                },
            };
            Some((sentence, byte(end)))
        }
        Cut::Nothing => None,
    }
}

/// All sentences of a whole reply.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((sentence, end)) = first(rest, true) {
        found.push(sentence);
        rest = &rest[end..];
    }
    found
}

enum Cut {
    Wait,
    /// Nothing but white space.
    Nothing,
    At {
        marker: Option<(usize, usize, Marker)>,
        end: usize,
    },
}

struct Scan<'a> {
    chars: &'a [(usize, char)],
    whole: bool,
}

impl Scan<'_> {
    fn at(&self, at: usize) -> Option<char> {
        self.chars.get(at).map(|(_, c)| *c)
    }

    fn end(&self) -> Cut {
        let begin = self.chars.iter().take_while(|(_, c)| c.is_whitespace()).count();
        let mut until: Option<char> = None;
        let mut at = begin;
        while let Some(c) = self.at(at) {
            let closes = until == Some(c);
            if closes {
                until = None;
            } else if until.is_none() {
                until = opened(c);
            }
            if c == '[' && until.is_none() {
                match self.marker(at) {
                    Found::Wait => return Cut::Wait,
                    Found::Marker(to, marker) => return self.behind_marker(at, to, marker),
                    Found::None => {}
                }
            }
            if c == '\n' || until.is_none() && ENDS.contains(c) {
                match self.behind_end(at, begin) {
                    Ends::Not => {}
                    Ends::Wait => return Cut::Wait,
                    Ends::Cut(cut) => return cut,
                }
            }
            at += 1;
        }
        if !self.whole {
            return Cut::Wait;
        }
        if begin == self.chars.len() { Cut::Nothing } else { Cut::At { marker: None, end: self.chars.len() } }
    }

    /// A sentence that ends in a marker takes the stops directly behind it.
    fn behind_marker(&self, from: usize, to: usize, marker: Marker) -> Cut {
        let stops = self.chars[to..].iter().take_while(|(_, c)| ENDS.contains(*c)).count();
        if to + stops == self.chars.len() && !self.whole {
            return Cut::Wait;
        }
        Cut::At { marker: Some((from, to, marker)), end: to + stops }
    }

    fn behind_end(&self, at: usize, begin: usize) -> Ends {
        let stop = self.chars[at];
        let run = self.chars[at..].iter().take_while(|(_, c)| ENDS.contains(*c) || CLOSERS.contains(*c)).count().max(1);
        let behind = at + run;
        let blank = self.chars[behind..].iter().take_while(|(_, c)| c.is_whitespace()).count();
        let next = self.at(behind + blank);
        if next.is_none() && !self.whole {
            return Ends::Wait;
        }
        let dot = stop.1 == '.' && run == 1;
        if dot && blank == 0 && !matches!(next, None | Some('[')) {
            return Ends::Not;
        }
        if next == Some('[') {
            match self.marker(behind + blank) {
                Found::Wait => return Ends::Wait,
                Found::Marker(to, marker) => return Ends::Cut(self.behind_marker(behind + blank, to, marker)),
                Found::None => {}
            }
        }
        if dot && next.is_some() && self.abbreviates(at, begin) {
            return Ends::Not;
        }
        // A line that ends takes its break along with the next sentence.
        let end = if stop.1 == '\n' { at } else { behind };
        Ends::Cut(Cut::At { marker: None, end })
    }

    /// "p.m.", and the number of a line: "1.".
    fn abbreviates(&self, dot: usize, begin: usize) -> bool {
        let letter = |at: Option<usize>| at.and_then(|at| self.at(at)).is_some_and(|c| c.is_ascii_alphabetic());
        let short = letter(dot.checked_sub(1)) && dot.checked_sub(2).and_then(|at| self.at(at)) == Some('.');
        let numbered = dot > begin && self.chars[begin..dot].iter().all(|(_, c)| c.is_ascii_digit());
        short || numbered
    }

    fn marker(&self, from: usize) -> Found {
        let rest = &self.chars[from + 1..];
        let Some(length) = rest.iter().take(LONGEST_MARKER).position(|(_, c)| *c == ']') else {
            return if rest.len() < LONGEST_MARKER && !self.whole { Found::Wait } else { Found::None };
        };
        let inside: String = rest[..length].iter().map(|(_, c)| *c).collect();
        let to = from + length + 2;
        if inside.trim().eq_ignore_ascii_case("all") {
            return Found::Marker(to, Marker::All);
        }
        let ids: Result<Vec<i64>, _> = inside.split([',', '、', '，']).map(|id| id.trim().parse()).collect();
        ids.map_or(Found::None, |ids| Found::Marker(to, Marker::Ids(ids)))
    }
}

enum Found {
    Wait,
    None,
    /// With the index behind it.
    Marker(usize, Marker),
}

enum Ends {
    Not,
    Wait,
    Cut(Cut),
}

/// The mark that closes what this one opens.
pub(super) fn opened(c: char) -> Option<char> {
    match c {
        '"' => Some('"'),
        c => super::QUOTES.iter().find(|(open, _)| *open == c).map(|(_, close)| *close),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(sentences: &[Sentence]) -> Vec<String> {
        let marker = |marker: &Option<Marker>| match marker {
            None => "-".to_owned(),
            Some(Marker::All) => "all".to_owned(),
            Some(Marker::Ids(ids)) => format!("{ids:?}"),
        };
        sentences.iter().map(|one| format!("{}|{}", one.words, marker(&one.marker))).collect()
    }

    #[test]
    fn sentences_end_in_four_languages_with_their_markers() {
        for (text, expected) in [
            (
                "12:30에 도난이 있었습니다. [12] 두 번째는 [15].",
                vec!["12:30에 도난이 있었습니다.|[12]", " 두 번째는.|[15]"],
            ),
            ("At 3:12 p.m. a man, 37.5 years old. [12, 15]", vec!["At 3:12 p.m. a man, 37.5 years old.|[12, 15]"]),
            ("三人いました。[all]次です。", vec!["三人いました。|all", "次です。|-"]),
            ("- 12:30 [12]\n- 13:05 [15]\n", vec!["- 12:30|[12]", "\n- 13:05|[15]"]),
            ("He said “Go. Now!” at 1:00. [1]", vec!["He said “Go. Now!” at 1:00.|[1]"]),
            ("Yes. Really! [all]", vec!["Yes.|-", " Really!|all"]),
            ("Really?! [1]", vec!["Really?!|[1]"]),
            ("a line\nanother [1]", vec!["a line|-", "\nanother|[1]"]),
            ("[1:30] is no marker [2]", vec!["[1:30] is no marker|[2]"]),
            ("1. First. [1]", vec!["1. First.|[1]"]),
            ("in the afternoon at 3 p.m. [1]", vec!["in the afternoon at 3 p.m.|[1]"]),
            ("  \n", vec![]),
        ] {
            assert_eq!(shown(&sentences(text)), expected, "{text}");
        }
    }

    #[test]
    fn a_stream_gives_the_same_sentences_as_the_whole_and_none_too_early() {
        let text = "네, 12:30에 1,234건. [12, 15] “가. 나” 3.5%입니다 [all]。 At 3 p.m. he left! [7]\n- 끝";
        let whole = sentences(text);
        let (mut buffer, mut found) = (String::new(), Vec::new());
        for c in text.chars() {
            buffer.push(c);
            while let Some((sentence, end)) = first(&buffer, false) {
                found.push(sentence);
                buffer.drain(..end);
            }
        }
        found.extend(sentences(&buffer));
        assert_eq!(found, whole);
        assert_eq!(whole.len(), 4);
    }
}
