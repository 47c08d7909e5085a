//! What every embedder keeps to, whoever makes the vectors: one suite, run for each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests, which clippy does not see as tests"
)]

mod embedders;

use std::path::Path;

use askline::{
    local::{self, Local, OpenError},
    model::{Embedder, Purpose},
};
use embedders::{TEXTS, behaves, cosine, embed};

#[tokio::test]
async fn the_bundled_model_behaves() {
    let bundled = Local::bundled();
    assert_eq!((bundled.space().model.as_str(), bundled.space().dimensions), (local::BUNDLED, 256));
    behaves(&bundled, true).await;
}

#[tokio::test]
async fn the_same_model_from_a_directory_behaves_and_agrees() {
    let read = Local::open(&model_dir()).unwrap();
    assert!(read.space().model.starts_with("m2v-koen-256@"), "{:?}", read.space());
    behaves(&read, true).await;
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
