//! Tells versions of texts apart: of files, prompts, vocabularies.

use sha2::{Digest, Sha256};

/// 16 hexadecimal digits: the first 64 bits of the SHA-256 of the texts, each behind its length.
pub fn fingerprint<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        let bytes = text.as_ref().as_bytes();
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }
    hex::encode(&hasher.finalize()[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_where_they_end_are_told_apart() {
        let all = [fingerprint(["ab"]), fingerprint(["a", "b"]), fingerprint(["ab", ""]), fingerprint(["b", "a"])];
        for (nth, one) in all.iter().enumerate() {
            assert_eq!(one.len(), 16);
            assert!(!all[..nth].contains(one), "{all:?}");
        }
    }
}
