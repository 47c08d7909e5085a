//! The times of day that a spoken time may mean, and which of them fit the recording.

use super::recording::Recording;
use crate::question::grammar::{ClockTime, Half};

/// The two ends of a closed range in seconds of the day.
pub(super) fn range(first: ClockTime, second: ClockTime, span: Recording) -> Option<(u32, u32)> {
    let (a, b) = (options(first), options(second));
    let forward = |from: u32| {
        b.iter().copied().min_by_key(|to| (86_400 + to - from) % 86_400 + if *to == from { 86_400 } else { 0 })
    };
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    if b.len() == 1 && a.len() > 1 {
        let to = b[0];
        let from = a
            .iter()
            .copied()
            .min_by_key(|from| (86_400 + to - from) % 86_400 + if *from == to { 86_400 } else { 0 })?;
        pairs.push((from, to));
    } else {
        for from in &a {
            pairs.push((*from, forward(*from)?));
        }
    }
    let inside: Vec<(u32, u32)> = pairs.iter().copied().filter(|(from, to)| span.overlaps(*from, *to)).collect();
    match (inside.len(), pairs.len()) {
        (1, _) => inside.first().copied(),
        (_, 1) | (0, _) => pairs.first().copied(),
        _ => None,
    }
}

pub(super) fn pick(options: &[u32], span: Recording, width: u32) -> Option<u32> {
    let inside: Vec<u32> = options.iter().copied().filter(|from| span.overlaps(*from, from + width)).collect();
    match (inside.len(), options.len()) {
        (1, _) => inside.first().copied(),
        (_, 1) | (0, _) => options.first().copied(),
        _ => None,
    }
}

/// The times of day a spoken time may mean, seconds.
pub(super) fn options(time: ClockTime) -> Vec<u32> {
    let seconds = |hour: u32| (hour % 24) * 3600 + time.minute * 60;
    match (time.half, time.hour) {
        (Some(Half::Am), 12) => vec![seconds(0)],
        (Some(Half::Pm), h) if h < 12 => vec![seconds(h + 12)],
        (Some(Half::Night), 12) => vec![seconds(0)],
        (Some(Half::Night), h @ 6..=11) => vec![seconds(h + 12)],
        (Some(_), h) => vec![seconds(h)],
        (None, 12) => vec![seconds(12), seconds(0)],
        (None, h @ 1..=11) => vec![seconds(h), seconds(h + 12)],
        (None, h) => vec![seconds(h)],
    }
}
