//! What was billed, and exact money.

use std::{fmt, iter::Sum, ops::AddAssign};

use serde::{Deserialize, Serialize};

/// Billed tokens; each kind has its own price. `input` is without what was read from or written to the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    pub input: u64,
    pub output: u64,
    pub cache_read: u64,
    /// Kept for 5 minutes.
    pub cache_write: u64,
    /// Kept for an hour.
    pub cache_write_1h: u64,
}

/// Whole pico-dollars (1e-12 US dollars), because a token can cost less than a micro-dollar: 18 million dollars at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Money(u64);

impl Money {
    pub const ZERO: Self = Self(0);

    pub fn from_micro_usd(micro: u64) -> Self {
        Self(micro.saturating_mul(1_000_000))
    }

    /// To the nearest, halves up.
    pub fn micro_usd(self) -> u64 {
        self.0.saturating_add(500_000) / 1_000_000
    }

    pub fn from_pico_usd(pico: u64) -> Self {
        Self(pico)
    }

    pub fn pico_usd(self) -> u64 {
        self.0
    }

    pub(super) fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(count))
    }

    /// For people: a float.
    pub fn usd(self) -> f64 {
        self.0 as f64 / 1e12
    }

    /// `usd` × `per`, where that is whole pico-dollars.
    pub(super) fn from_usd(usd: f64, per: f64) -> Option<Self> {
        let pico = usd * per;
        let whole = pico.round();
        ((0.0..1e18).contains(&whole) && (pico - whole).abs() < 1e-3).then_some(Self(whole as u64))
    }
}

impl fmt::Display for Money {
    /// In dollars, to the micro-dollar.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micro = self.micro_usd();
        write!(f, "${}.{:06}", micro / 1_000_000, micro % 1_000_000)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.saturating_add(other.0);
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, |mut sum, one| {
            sum += one;
            sum
        })
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input += other.input;
        self.output += other.output;
        self.cache_read += other.cache_read;
        self.cache_write += other.cache_write;
        self.cache_write_1h += other.cache_write_1h;
    }
}
