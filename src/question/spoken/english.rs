//! English numerals.

/// A word, with where it begins and ends (bytes).
#[derive(Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    from: usize,
    to: usize,
}

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const DECADES: [&str; 8] =
    ["twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"];
const ORDINALS: [&str; 20] = [
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "thirtieth",
    "fortieth",
];
/// What "one" counts; before other words it is a pronoun.
const COUNTED: [&str; 24] = [
    "event",
    "person",
    "man",
    "woman",
    "male",
    "female",
    "time",
    "case",
    "incident",
    "hour",
    "minute",
    "second",
    "year",
    "individual",
    "occurrence",
    "theft",
    "fight",
    "intrusion",
    "collapse",
    "customer",
    "visitor",
    "record",
    "match",
    "percent",
];

/// The text, in lower case, with its numerals in digits.
pub(super) fn in_digits(text: &str) -> String {
    let words = words(text);
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut at) = (0, 0);
    while at < words.len() {
        match spelled(text, &words, at) {
            Some((digits, next)) => {
                out.push_str(&text[copied..words[at].from]);
                out.push_str(&digits);
                copied = words[next - 1].to;
                at = next;
            }
            None => at += 1,
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// What begins at a word, in digits, and the word behind it.
fn spelled(text: &str, words: &[Word<'_>], at: usize) -> Option<(String, usize)> {
    let is = |offset: usize, word: &str| words.get(at + offset).is_some_and(|w| w.text == word);
    let are = |all: &[&str]| all.iter().enumerate().all(|(offset, word)| is(offset, word));
    let past = |from: usize, minutes: u32, earlier: u64| {
        let (hour, next) = cardinal(text, words, at + from)?;
        let hour = if earlier == 0 { hour } else { (hour + 11) % 12 };
        Some((format!("{}:{minutes:02} o'clock", if hour == 0 { 12 } else { hour }), next))
    };
    let fixed: [(&[&str], &str); 15] = [
        (&["half", "a", "dozen"], "6"),
        (&["a", "dozen"], "12"),
        (&["dozen"], "12"),
        (&["a", "couple", "of"], "2"),
        (&["half", "an", "hour"], "30 minutes"),
        (&["an", "hour"], "1 hour"),
        (&["a", "minute"], "1 minute"),
        (&["a", "quarter", "of", "an", "hour"], "15 minutes"),
        (&["a", "pair", "of"], "2"),
        (&["duo"], "2"),
        (&["trio"], "3"),
        (&["thrice"], "3 times"),
        (&["twice"], "2 times"),
        (&["noon"], "12:00 pm"),
        (&["midnight"], "12:00 am"),
    ];
    if are(&["an", "hour", "and", "a", "half"]) {
        return Some(("90 minutes".to_owned(), at + 5));
    }
    if are(&["half", "past"]) {
        return past(2, 30, 0);
    }
    let article = usize::from(is(0, "a"));
    if is(article, "quarter") && is(article + 1, "past") {
        return past(article + 2, 15, 0);
    }
    if is(article, "quarter") && is(article + 1, "to") {
        return past(article + 2, 45, 1);
    }
    if let Some((phrase, digits)) = fixed.iter().find(|(phrase, _)| are(phrase)) {
        return Some(((*digits).to_owned(), at + phrase.len()));
    }
    let word = words.get(at)?.text;
    let before = at.checked_sub(1).map_or("", |before| words[before].text);
    if let Some(decade) = DECADES.iter().position(|decade| *decade == word) {
        return Some((format!("{}s", 20 + 10 * decade), at + 1));
    }
    if word == "second" && before == "the" {
        return Some(("2nd".to_owned(), at + 1));
    }
    if let Some(place) = ORDINALS.iter().position(|ordinal| *ordinal == word) {
        let place = if place < 18 { place + 3 } else { (place - 16) * 10 + 10 };
        return Some((format!("{place}{}", if place == 3 { "rd" } else { "th" }), at + 1));
    }
    let (value, next) = cardinal(text, words, at)?;
    if value == 1 && next == at + 1 {
        let counts = words.get(next).is_some_and(|w| COUNTED.contains(&w.text) && w.from == words[at].to + 1);
        let alone = matches!(before, "only" | "exactly" | "just");
        let pronoun = matches!(before, "no" | "the" | "any" | "every" | "each" | "another");
        return ((counts || alone) && !pronoun).then(|| ("1".to_owned(), next));
    }
    let dozens = words.get(next).is_some_and(|w| w.text == "dozen");
    Some(if dozens { ((value * 12).to_string(), next + 1) } else { (value.to_string(), next) })
}

/// "twenty-four", "one hundred and twenty", "two thousand": the value, and the word behind it.
fn cardinal(text: &str, words: &[Word<'_>], from: usize) -> Option<(u64, usize)> {
    let (mut total, mut section, mut at) = (0u64, 0u64, from);
    // What may follow: anything below this.
    let mut below = 1000u64;
    while let Some(word) = words.get(at) {
        if at > from && !text[words[at - 1].to..word.from].chars().all(|c| c == ' ' || c == '-') {
            break;
        }
        let small = SMALL.iter().position(|w| *w == word.text).map(|n| n as u64);
        let tens = TENS.iter().position(|w| *w == word.text).map(|n| 20 + 10 * n as u64);
        match (small.or(tens), word.text) {
            (Some(n), _) if n < below => {
                section += n;
                below = if tens.is_some() { 10 } else { 0 };
            }
            (None, "hundred") if at > from && section > 0 && section < 100 => {
                section *= 100;
                below = 100;
            }
            (None, "thousand") if at > from && section > 0 && total == 0 => {
                total = section * 1000;
                section = 0;
                below = 1000;
            }
            (None, "and") if at > from && matches!(words[at - 1].text, "hundred" | "thousand") => {
                let goes_on = words.get(at + 1).is_some_and(|w| SMALL.contains(&w.text) || TENS.contains(&w.text));
                if !goes_on {
                    break;
                }
            }
            _ => break,
        }
        at += 1;
    }
    (at > from).then_some((total + section, at))
}

/// Runs of Latin letters that no digit or other letter touches.
fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut from = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (from, c.is_ascii_lowercase()) {
            (None, true) => from = Some(at),
            (Some(start), false) => {
                found.push(Word { text: &text[start..at], from: start, to: at });
                from = None;
            }
            _ => {}
        }
    }
    found.retain(|word| {
        let before = text[..word.from].chars().next_back();
        before.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_' && c != '\'')
    });
    found
}
