//! Bounds from one value or two.

use crate::question::reading::{Bound, Bounds};

pub(super) fn closed(from: f64, to: f64) -> Bounds {
    Bounds { low: Some(Bound { value: from, inclusive: true }), high: Some(Bound { value: to, inclusive: true }) }
}

pub(super) fn half_open(from: f64, width: f64) -> Bounds {
    Bounds {
        low: Some(Bound { value: from, inclusive: true }),
        high: Some(Bound { value: from + width, inclusive: false }),
    }
}

pub(super) fn above(value: f64, inclusive: bool) -> Bounds {
    Bounds { low: Some(Bound { value, inclusive }), high: None }
}

pub(super) fn below(value: f64, inclusive: bool) -> Bounds {
    Bounds { low: None, high: Some(Bound { value, inclusive }) }
}

/// One minute either side, both ends included.
pub(super) fn around(at: f64) -> Bounds {
    closed(at - 60.0, at + 60.0)
}
