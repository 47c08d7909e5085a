//! What every embedder keeps to, whoever makes the vectors: one suite, which `tests/embed.rs` runs for the local ones and
//! `tests/bedrock/embed.rs` for those of Bedrock.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests, which clippy does not see as tests"
)]

use std::time::Duration;

use askline::model::{Embedder, Purpose, Vector};

pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// Texts that any model of Korean and English has something to say about.
pub(crate) const TEXTS: [&str; 8] = [
    "빨간 모자를 쓴 사람이 지갑을 훔친다",
    "a man in a red hat steals a wallet",
    "A",
    "카페 counter 앞에서 two people 이 다툰다 🧢",
    "ｆｕｌｌ－ｗｉｄｔｈ ｌｅｔｔｅｒｓ",
    "the same text",
    "the same text",
    "10:32\tline\nbreaks  and   spaces",
];

/// Runs an embedder through all that callers rely on; with `knows`, what its vectors mean, too.
pub(crate) async fn behaves(embedder: &dyn Embedder, knows: bool) {
    for purpose in [Purpose::Document, Purpose::Query] {
        let vectors = embed(embedder, &TEXTS, purpose).await;
        for (text, vector) in TEXTS.iter().zip(&vectors) {
            is_unit(embedder, text, vector);
        }
        assert_eq!(vectors[5], vectors[6], "the same text, the same vector");
        let nearer = cosine(&vectors[0], &vectors[1]) > cosine(&vectors[0], &vectors[7]);
        assert!(nearer || !knows, "a translation is nearer than noise");

        // In the order they were given, whatever else stands in the batch.
        let mut turned = TEXTS;
        turned.reverse();
        let mut back = embed(embedder, &turned, purpose).await;
        back.reverse();
        let alone = embed(embedder, &TEXTS[3..4], purpose).await;
        for (one, other) in vectors.iter().zip(&back).chain([(&vectors[3], &alone[0])]) {
            assert!(cosine(one, other) > 0.9999, "order or company changed a vector");
        }
    }

    // Nothing to say: none, or a vector like any other; never zeros or NaN.
    let nothing = ["", " ", "\n\t\u{3000}", "\u{200b}", "🧢🧢🧢", "?!…", "\u{ffff}\u{10ffff}", "ꙮ"];
    let vectors = embed(embedder, &nothing, Purpose::Document).await;
    for (text, vector) in nothing.iter().zip(&vectors).filter(|(_, vector)| vector.is_some()) {
        is_unit(embedder, text, vector);
    }
    assert_eq!(vectors[0], None, "an empty text has no vector");
    assert!(embed(embedder, &[], Purpose::Query).await.is_empty());

    // Blank texts among others do not shift them.
    let mixed = embed(embedder, &["", TEXTS[0], "   ", TEXTS[1], ""], Purpose::Document).await;
    let plain = embed(embedder, &TEXTS[..2], Purpose::Document).await;
    assert!(mixed[0].is_none() && mixed[2].is_none() && mixed[4].is_none());
    assert!(cosine(&mixed[1], &plain[0]) > 0.9999 && cosine(&mixed[3], &plain[1]) > 0.9999);

    // Longer than any model reads: cut by somebody, refused by nobody.
    let long = "검은 외투를 입은 사람이 진열대 앞을 서성인다. a person lingers at the shelf. ".repeat(2_000);
    let endless = "가".repeat(100_000);
    for (text, vector) in [&long, &endless].iter().zip(&embed(embedder, &[&long, &endless], Purpose::Document).await) {
        is_unit(embedder, &text[..30], vector);
    }

    // More than one request holds.
    let many: Vec<String> = (0..300).map(|n| format!("사람 {n} 명이 문으로 들어온다")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let vectors = embed(embedder, &many, Purpose::Document).await;
    let last = embed(embedder, &many[299..], Purpose::Document).await;
    assert!(cosine(&vectors[299], &last[0]) > 0.9999);
}

pub(crate) async fn embed(embedder: &dyn Embedder, texts: &[&str], purpose: Purpose) -> Vec<Vector> {
    let embedded = embedder.embed(texts, purpose, LIMIT).await.expect("it embeds");
    assert_eq!(embedded.vectors.len(), texts.len());
    embedded.vectors
}

pub(crate) fn is_unit(embedder: &dyn Embedder, text: &str, vector: &Vector) {
    let vector = vector.as_ref().expect(text);
    assert_eq!(vector.len(), embedder.space().dimensions, "{text:?}");
    let length: f64 = vector.iter().map(|x| f64::from(*x).powi(2)).sum();
    assert!((length - 1.0).abs() < 1e-3, "{text:?}: {length}");
}

pub(crate) fn cosine(one: &Vector, other: &Vector) -> f64 {
    let (one, other) = (one.as_ref().unwrap(), other.as_ref().unwrap());
    one.iter().zip(other).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}
