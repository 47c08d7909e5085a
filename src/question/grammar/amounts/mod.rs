//! Numbers with their units: moments and lengths of time, clock times, dates, and counted things.

mod clocks;
mod dates;
mod merge;
mod units;

use super::{N, Work};
use crate::question::concept::Concept;
use crate::question::number::Numeral;
use clocks::clocks;
use dates::dates;
use merge::Merge;
use units::{moments, units};

pub(super) fn read(work: &mut Work<'_>) {
    spoken(work);
    units(work);
    moments(work);
    clocks(work);
    dates(work);
}

/// English number words to numbers: "twenty-five", "one hundred and twenty".
fn spoken(work: &mut Work<'_>) {
    let mut merge = Merge::new();
    while merge.at < work.len() {
        let i = merge.at;
        let Some(Concept::Number(mut value)) = work.concept(i) else {
            merge.step(work);
            continue;
        };
        let mut end = i + 1;
        loop {
            let mut next = end;
            if work.punct(next, "-") || value >= 100 && work.is(next, Concept::LogicAnd) {
                next += 1;
            }
            match work.concept(next) {
                Some(Concept::Number(100)) if value < 100 => value *= 100,
                Some(Concept::Number(n)) if value >= 20 && value % 10 == 0 && n < 10 => value += n,
                Some(Concept::Number(n)) if value >= 100 && value % 100 == 0 && n < 100 => value += n,
                _ => break,
            }
            end = next + 1;
        }
        if work.is(end, Concept::NumberDozen) {
            value *= 12;
            end += 1;
        }
        merge.replace(work, end, N::Number { value: f64::from(value), numeral: Numeral::Digits });
        merge.step(work);
    }
    merge.finish(work);
}
