//! What a request costs: tokens counted as characters / 4, and the prefixes that are kept at cache points.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::{
    request::{Asked, Span},
    script::Billed,
};
use crate::model::Usage;

/// The prefixes the service keeps. They never expire here.
#[derive(Default)]
pub(super) struct Kept(HashSet<[u8; 32]>);

impl Kept {
    /// What this request and its reply are billed, where the script does not say otherwise.
    pub(super) fn bill(&mut self, asked: &Asked, output: &str, says: &Billed, min_tokens: u64) -> Usage {
        let mut prefix = Sha256::new_with_prefix(&asked.model);
        let mut characters = 0;
        let mut points: Vec<([u8; 32], u64, bool)> = Vec::new();
        for span in &asked.spans {
            match span {
                Span::Text(text) => {
                    prefix.update((text.len() as u64).to_be_bytes());
                    prefix.update(text);
                    characters += text.chars().count();
                }
                Span::CachePoint { hour } => {
                    points.push((prefix.clone().finalize().into(), tokens(characters), *hour));
                }
            }
        }
        points.retain(|(_, tokens, _)| *tokens >= min_tokens);
        let read = points.iter().rev().find(|(key, ..)| self.0.contains(key)).map_or(0, |(_, tokens, _)| *tokens);
        let (written, hour) = points.last().map_or((0, false), |(_, tokens, hour)| (tokens - read, *hour));
        self.0.extend(points.iter().map(|(key, ..)| *key));
        let (five_minutes, an_hour) = if hour { (0, written) } else { (written, 0) };
        Usage {
            input: says.input.unwrap_or(tokens(characters) - read - written),
            output: says.output.unwrap_or(tokens(output.chars().count())),
            cache_read: says.cache_read.unwrap_or(read),
            cache_write: says.cache_write.unwrap_or(five_minutes),
            cache_write_1h: says.cache_write_1h.unwrap_or(an_hour),
        }
    }
}

/// Of a text.
pub(super) fn of(text: &str) -> u64 {
    tokens(text.chars().count())
}

fn tokens(characters: usize) -> u64 {
    characters.div_ceil(4) as u64
}
