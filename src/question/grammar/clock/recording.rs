//! The recording in local time.

use crate::question::grammar::Work;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

/// The recording in local time: start and end.
#[derive(Clone, Copy)]
pub(super) struct Recording {
    pub(super) start: DateTime,
    pub(super) end: DateTime,
}

impl Recording {
    pub(super) fn of(work: &Work<'_>) -> Option<Self> {
        let video = work.question.video;
        let at = video.recorded_at?;
        let length =
            jiff::SignedDuration::from_secs_f64(video.duration.filter(|d| !d.is_nan()).unwrap_or(0.0).clamp(0.0, 1e9));
        let local = |at: jiff::Timestamp| at.to_zoned(video.timezone.clone()).datetime();
        Some(Self { start: local(at), end: local(at.checked_add(length).ok()?) })
    }

    pub(super) fn overlaps(&self, from: u32, to: u32) -> bool {
        let mut day = self.start.date();
        let Ok(first) = day.checked_sub(1.day()) else { return false };
        day = first;
        while day <= self.end.date() {
            let a = on(day, from);
            let b = if to <= from { next_day(day).map(|d| on(d, to)) } else { Some(on(day, to)) };
            if b.is_some_and(|b| a <= self.end && b > self.start) {
                return true;
            }
            match next_day(day) {
                Some(next) => day = next,
                None => return false,
            }
        }
        false
    }

    /// The occurrence of one of these times of day inside the recording, else the nearest to it.
    pub(super) fn occurrence(&self, times: &[u32]) -> Option<DateTime> {
        let mut best: Option<(i64, DateTime)> = None;
        let mut day = self.start.date().checked_sub(1.day()).ok()?;
        let last = next_day(self.end.date())?;
        while day <= last {
            for time in times {
                let at = on(day, *time);
                let distance = if at < self.start {
                    seconds_between(at, self.start)
                } else if at > self.end {
                    seconds_between(self.end, at)
                } else {
                    0
                };
                if best.is_none_or(|(d, _)| distance < d) {
                    best = Some((distance, at));
                }
            }
            day = next_day(day)?;
        }
        best.map(|(_, at)| at)
    }
}

pub(super) fn on(date: Date, seconds: u32) -> DateTime {
    let midnight = date.to_datetime(Time::midnight());
    midnight.checked_add(i64::from(seconds).seconds()).unwrap_or(midnight)
}

pub(super) fn next_day(date: Date) -> Option<Date> {
    date.checked_add(1.day()).ok()
}

pub(super) fn seconds_between(a: DateTime, b: DateTime) -> i64 {
    a.duration_until(b).as_secs()
}
