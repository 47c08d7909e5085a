//! What must be declined, and why: decided from the reading alone, before anything runs.

use super::Video;
use super::reading::{Clock, Cond, Groups, Key, Reading, Scalar, Signal, VideoFact, Wants};

/// The reason not to answer, the weightiest first; `None` when nothing speaks against it.
pub fn decline(reading: &Reading, video: &Video) -> Option<Signal> {
    const WEIGHT: [Signal; 10] = [
        Signal::Injection,
        Signal::Change,
        Signal::OtherVideo,
        Signal::Identity,
        Signal::Speech,
        Signal::Price,
        Signal::Prediction,
        Signal::OutsideData,
        Signal::ClockUnknown,
        Signal::LengthUnknown,
    ];
    let said = WEIGHT.into_iter().find(|signal| reading.signals.contains(signal));
    said.or_else(|| (video.recorded_at.is_none() && needs_clock(reading)).then_some(Signal::ClockUnknown))
        .or_else(|| (video.duration.is_none() && needs_length(reading)).then_some(Signal::LengthUnknown))
}

fn needs_clock(reading: &Reading) -> bool {
    let keyed = match &reading.wants {
        Wants::Groups(Groups { by, .. }) => *by == Key::Hour,
        Wants::Scalar(Scalar::Extreme { key, .. } | Scalar::Distinct(key)) => *key == Key::Hour,
        Wants::Scalar(Scalar::Fact(fact)) => *fact == VideoFact::RecordedAt,
        _ => false,
    };
    keyed || has_clock(&reading.filter)
}

fn has_clock(cond: &Cond) -> bool {
    match cond {
        Cond::All(parts) | Cond::Any(parts) => parts.iter().any(has_clock),
        Cond::Not(inner) => has_clock(inner),
        Cond::Clock(Clock::TimeOfDay { .. } | Clock::Between { .. }) => true,
        _ => false,
    }
}

fn needs_length(reading: &Reading) -> bool {
    matches!(reading.wants, Wants::Scalar(Scalar::Rate { .. }))
}
