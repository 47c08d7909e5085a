//! What the numbers of an answer are, as far as the reading of the question says it.

use crate::question::reading::{Counted, GroupValue, Key, Measure, Reading, Scalar, Unit, VideoFact, Wants};

/// What one number of an answer is, for people.
pub fn unit(reading: &Reading) -> &'static str {
    let of = match &reading.wants {
        _ if !reading.unread.is_empty() => Of::Unknown,
        Wants::Scalar(scalar) => Of::scalar(scalar),
        Wants::Groups(groups) => Of::group(groups.value),
        Wants::Events { .. } => Of::Unknown,
    };
    match of {
        Of::Count => "a count",
        Of::Share => "percent, 0 to 100",
        Of::Fraction => "a confidence, 0 to 1",
        Of::Age => "years",
        Of::Seconds(1.0) => "seconds",
        Of::Seconds(60.0) => "minutes",
        Of::Seconds(_) => "hours",
        Of::Key(Key::AgeDecade) => "the first year of a decade of ages",
        Of::Key(Key::Hour) => "an hour of the day, 0 to 23",
        Of::Key(Key::Slice(_)) => "seconds from the start of the video, where a slice begins",
        Of::Key(Key::Person) => "the number of a person",
        Of::Key(Key::Type | Key::Place | Key::Area | Key::Gender) | Of::Moment => "a text",
        Of::Unknown => "as the question asks; times are in seconds, ages in years",
    }
}

/// What the numbers of an answer are of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Of {
    Unknown,
    Count,
    /// 0 to 100.
    Share,
    /// 0 to 1.
    Fraction,
    Age,
    /// So many seconds each.
    Seconds(f64),
    Key(Key),
    Moment,
}

impl Of {
    pub(super) fn scalar(scalar: &Scalar) -> Self {
        match scalar {
            Scalar::Count(Counted::Events | Counted::People) | Scalar::PeopleWithAtLeast(_) | Scalar::Distinct(_) => {
                Self::Count
            }
            Scalar::Measure { of, unit, .. } => Self::measure(*of, *unit),
            Scalar::Share { .. } => Self::Share,
            Scalar::Rate { .. } => Self::Unknown,
            Scalar::Extreme { key, .. } => Self::Key(*key),
            Scalar::Fact(VideoFact::Length(unit)) => Self::measure(Measure::Duration, *unit),
            Scalar::Fact(VideoFact::RecordedAt) => Self::Moment,
            Scalar::Fact(_) => Self::Unknown,
        }
    }

    pub(super) fn group(value: GroupValue) -> Self {
        match value {
            GroupValue::Count(_) => Self::Count,
            GroupValue::Share(_) => Self::Share,
            GroupValue::Measure { of, unit, .. } => Self::measure(of, unit),
        }
    }

    fn measure(of: Measure, unit: Unit) -> Self {
        match (of, unit) {
            (Measure::Age, _) => Self::Age,
            (Measure::Confidence, _) => Self::Fraction,
            (Measure::Duration, Unit::Native) => Self::Seconds(1.0),
            (Measure::Duration, Unit::Minutes) => Self::Seconds(60.0),
            (Measure::Duration, Unit::Hours) => Self::Seconds(3600.0),
        }
    }
}
