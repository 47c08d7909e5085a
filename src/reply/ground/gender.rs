//! Words that say somebody's gender, in four languages.

use crate::question::reading::Gender;

/// Whole words.
const ENGLISH: [(&[&str], Gender); 2] = [
    (
        &[
            "man",
            "men",
            "male",
            "males",
            "he",
            "him",
            "his",
            "himself",
            "boy",
            "boys",
            "guy",
            "guys",
            "gentleman",
            "gentlemen",
            "father",
            "husband",
            "son",
            "brother",
            "grandfather",
            "mr",
            "businessman",
            "masculine",
        ],
        Gender::Male,
    ),
    (
        &[
            "woman",
            "women",
            "female",
            "females",
            "she",
            "her",
            "hers",
            "herself",
            "girl",
            "girls",
            "lady",
            "ladies",
            "mother",
            "wife",
            "daughter",
            "sister",
            "grandmother",
            "mrs",
            "ms",
            "businesswoman",
            "feminine",
        ],
        Gender::Female,
    ),
];
/// Beginnings of words; the longer ones first.
const KOREAN: [(&str, Option<Gender>); 25] = [
    ("남녀", None),
    ("남성", Some(Gender::Male)),
    ("남자", Some(Gender::Male)),
    ("남학생", Some(Gender::Male)),
    ("남아", Some(Gender::Male)),
    ("사내", Some(Gender::Male)),
    ("소년", Some(Gender::Male)),
    ("아저씨", Some(Gender::Male)),
    ("할아버지", Some(Gender::Male)),
    ("아버지", Some(Gender::Male)),
    ("아들", Some(Gender::Male)),
    ("신사", Some(Gender::Male)),
    ("여성", Some(Gender::Female)),
    ("여자", Some(Gender::Female)),
    ("여학생", Some(Gender::Female)),
    ("여아", Some(Gender::Female)),
    ("여인", Some(Gender::Female)),
    ("그녀", Some(Gender::Female)),
    ("소녀", Some(Gender::Female)),
    ("아줌마", Some(Gender::Female)),
    ("아주머니", Some(Gender::Female)),
    ("할머니", Some(Gender::Female)),
    ("어머니", Some(Gender::Female)),
    ("아가씨", Some(Gender::Female)),
    ("숙녀", Some(Gender::Female)),
];
/// Anywhere. The longer ones first: 彼女 is not 彼, 彼ら may be anybody.
const HAN: [(&str, Option<Gender>); 23] = [
    ("彼女", Some(Gender::Female)),
    ("彼ら", None),
    ("彼", Some(Gender::Male)),
    ("男", Some(Gender::Male)),
    ("女", Some(Gender::Female)),
    ("少年", Some(Gender::Male)),
    ("青少年", None),
    ("おじいさん", Some(Gender::Male)),
    ("おじさん", Some(Gender::Male)),
    ("お父さん", Some(Gender::Male)),
    ("おばあさん", Some(Gender::Female)),
    ("おばさん", Some(Gender::Female)),
    ("お母さん", Some(Gender::Female)),
    ("老爷爷", Some(Gender::Male)),
    ("爷爷", Some(Gender::Male)),
    ("奶奶", Some(Gender::Female)),
    ("叔叔", Some(Gender::Male)),
    ("阿姨", Some(Gender::Female)),
    ("先生", Some(Gender::Male)),
    ("她", Some(Gender::Female)),
    ("妇", Some(Gender::Female)),
    ("婦", Some(Gender::Female)),
    ("姑娘", Some(Gender::Female)),
];

/// Each with the word that says it, in their order; a gender can be said more than once.
pub(super) fn genders(text: &str) -> Vec<(Gender, String)> {
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    for word in lower.split(|c: char| !c.is_ascii_alphabetic()) {
        let known = ENGLISH.iter().find(|(words, _)| words.contains(&word));
        found.extend(known.map(|(_, gender)| (*gender, word.to_owned())));
    }
    let (mut rest, mut before) = (lower.as_str(), ' ');
    while let Some(c) = rest.chars().next() {
        let begins = !before.is_alphanumeric() || before.is_ascii();
        let korean = KOREAN.iter().filter(|_| begins).find(|(word, _)| rest.starts_with(word));
        match korean.or_else(|| HAN.iter().find(|(word, _)| rest.starts_with(word))) {
            Some((word, gender)) => {
                if *word == "남녀" {
                    found.extend([(Gender::Male, "남녀".to_owned()), (Gender::Female, "남녀".to_owned())]);
                }
                found.extend(gender.map(|gender| (gender, (*word).to_owned())));
                before = word.chars().last().unwrap_or(c);
                rest = &rest[word.len()..];
            }
            None => {
                before = c;
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gender_words_are_found_and_others_are_not() {
        for (text, expected) in [
            ("30대 남성이 12:30에", "m"),
            ("여자와 남자, 남녀 모두", "fmmf"),
            ("강남역 여러 사람의 남쪽", ""),
            ("A man and her mother", "mff"),
            ("the human, mankind, others; here, this", ""),
            ("男性と女性、彼女、彼ら", "mff"),
            ("一名男子和她", "mf"),
        ] {
            let found: String =
                genders(text).iter().map(|(gender, _)| if *gender == Gender::Male { 'm' } else { 'f' }).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
