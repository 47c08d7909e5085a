//! What every embedder keeps to, whoever makes the vectors: one suite, run for each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests, which clippy does not see as tests"
)]

use std::{path::Path, time::Duration};

use askline::{
    local::{self, Local, OpenError},
    model::{Embedder, Purpose, Vector},
};

const LIMIT: Duration = Duration::from_secs(60);

/// Texts that any model of Korean and English has something to say about.
const TEXTS: [&str; 8] = [
    "빨간 모자를 쓴 사람이 지갑을 훔친다",
    "a man in a red hat steals a wallet",
    "A",
    "카페 counter 앞에서 two people 이 다툰다 🧢",
    "ｆｕｌｌ－ｗｉｄｔｈ ｌｅｔｔｅｒｓ",
    "the same text",
    "the same text",
    "10:32\tline\nbreaks  and   spaces",
];

/// Runs an embedder through all that callers rely on.
async fn behaves(embedder: &dyn Embedder) {
    for purpose in [Purpose::Document, Purpose::Query] {
        let vectors = embed(embedder, &TEXTS, purpose).await;
        for (text, vector) in TEXTS.iter().zip(&vectors) {
            is_unit(embedder, text, vector);
        }
        assert_eq!(vectors[5], vectors[6], "the same text, the same vector");
        assert!(
            cosine(&vectors[0], &vectors[1]) > cosine(&vectors[0], &vectors[7]),
            "a translation is nearer than noise"
        );

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

#[tokio::test]
async fn the_bundled_model_behaves() {
    let bundled = Local::bundled();
    assert_eq!((bundled.space().model.as_str(), bundled.space().dimensions), (local::BUNDLED, 256));
    behaves(&bundled).await;
}

#[tokio::test]
async fn the_same_model_from_a_directory_behaves_and_agrees() {
    let read = Local::open(&model_dir()).unwrap();
    assert!(read.space().model.starts_with("m2v-koen-256@"), "{:?}", read.space());
    behaves(&read).await;
    let (ours, theirs) = (Local::bundled(), read);
    assert_eq!(embed(&ours, &TEXTS, Purpose::Query).await, embed(&theirs, &TEXTS, Purpose::Query).await);
}

#[tokio::test]
async fn what_no_token_covers_has_no_vector() {
    for text in ["🧢🧢🧢", "ꙮ", "?!…", "", " ", "ꙮ ꙮꙮ ꙮ"] {
        assert_eq!(embed(&Local::bundled(), &[text], Purpose::Query).await, [None], "{text:?}");
    }
}

/// `model2vec-rs` reads the same files; ours is quicker, and is to be the same.
#[tokio::test]
async fn the_bundled_model_is_what_the_format_says() {
    let read = |name: &str| std::fs::read(model_dir().join(name)).unwrap();
    let (tokenizer, table, config) = (read("tokenizer.json"), read("model.safetensors"), read("config.json"));
    let peer = model2vec_rs::model::StaticModel::from_bytes(tokenizer, table, config, None).unwrap();
    let mut events = csv::Reader::from_path(model_dir().join("../../datasets/sample/events.csv")).unwrap();
    let columns = events.headers().unwrap().clone();
    let at = columns.iter().position(|column| column == "description").unwrap();
    let mut texts: Vec<String> = events.records().map(|row| row.unwrap()[at].to_owned()).collect();
    texts.extend(TEXTS.map(str::to_owned));
    texts.extend(
        [
            "don't $5.00 e-mail@x.kr",
            "１２３가나다ABC",
            "İstanbul ΣΑΣ ǅ",
            "가각갂\u{1100}\u{1161}",
            "½ ² Ⅻ ㎏",
            "a_b|c~d^e`f",
            "«x» “y” ·",
        ]
        .map(str::to_owned),
    );
    texts.retain(|text| !text.is_empty());
    let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
    let ours = embed(&Local::bundled(), &borrowed, Purpose::Document).await;
    for (text, vector) in texts.iter().zip(&ours) {
        let same = cosine(vector, &Some(peer.encode_single(text)));
        assert!(same > 0.99999, "{text:?}: {same}");
    }
}

#[test]
fn a_directory_that_is_no_model_is_told_with_its_file() {
    let dir = tempfile::tempdir().unwrap();
    let told = |dir: &Path| Local::open(dir).map(|_| ()).unwrap_err();
    assert!(matches!(told(dir.path()), OpenError::Unreadable { path, .. } if path.ends_with("tokenizer.json")));
    for name in ["tokenizer.json", "model.safetensors", "config.json"] {
        std::fs::write(dir.path().join(name), "{}").unwrap();
    }
    assert!(matches!(told(dir.path()), OpenError::NotAModel { .. }));
    // Another model under the same name is another space.
    let other = dir.path().join("m2v-koen-256");
    std::fs::create_dir(&other).unwrap();
    for name in ["tokenizer.json", "model.safetensors", "config.json"] {
        let mut bytes = std::fs::read(model_dir().join(name)).unwrap();
        if name == "config.json" {
            bytes.push(b'\n');
        }
        std::fs::write(other.join(name), bytes).unwrap();
    }
    assert_ne!(Local::open(&other).unwrap().space(), Local::open(&model_dir()).unwrap().space());
}

fn model_dir() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models/m2v-koen-256")
}

async fn embed(embedder: &dyn Embedder, texts: &[&str], purpose: Purpose) -> Vec<Vector> {
    let embedded = embedder.embed(texts, purpose, LIMIT).await.expect("it embeds");
    assert_eq!(embedded.vectors.len(), texts.len());
    embedded.vectors
}

fn is_unit(embedder: &dyn Embedder, text: &str, vector: &Vector) {
    let vector = vector.as_ref().expect(text);
    assert_eq!(vector.len(), embedder.space().dimensions, "{text:?}");
    let length: f64 = vector.iter().map(|x| f64::from(*x).powi(2)).sum();
    assert!((length - 1.0).abs() < 1e-3, "{text:?}: {length}");
}

fn cosine(one: &Vector, other: &Vector) -> f64 {
    let (one, other) = (one.as_ref().unwrap(), other.as_ref().unwrap());
    one.iter().zip(other).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}
