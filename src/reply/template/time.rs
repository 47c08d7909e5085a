//! Moments and lengths.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::number::number;
use super::words::Of;

/// How a moment of the video is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `12:30`, `1:05:03`
    Colon,
    /// `12분 30초`, `1시간 5분 3초`
    Korean,
}

/// A moment of the video. A fraction of a second is kept, to two decimals; give `floor` of it to leave it out.
pub(super) fn clock_of(seconds: f64, style: Style) -> String {
    let seconds = if seconds.is_finite() { ((seconds.max(0.0)) * 100.0).round() / 100.0 } else { 0.0 };
    let (hours, minutes, rest) =
        ((seconds / 3600.0).floor(), (seconds % 3600.0 / 60.0).floor(), number(seconds % 60.0));
    match style {
        Style::Colon => {
            let pad = if rest.split('.').next().is_some_and(|whole| whole.len() < 2) { "0" } else { "" };
            if hours > 0.0 { format!("{hours}:{minutes:02}:{pad}{rest}") } else { format!("{minutes}:{pad}{rest}") }
        }
        Style::Korean => {
            let mut parts = Vec::new();
            if hours > 0.0 {
                parts.push(format!("{hours}시간"));
            }
            if minutes > 0.0 {
                parts.push(format!("{minutes}분"));
            }
            if rest != "0" || parts.is_empty() {
                parts.push(format!("{rest}초"));
            }
            parts.join(" ")
        }
    }
}

/// A length in the largest unit it is a whole number of.
pub(super) fn span(seconds: f64) -> (String, Of) {
    let whole = |unit: f64| seconds >= unit && seconds % unit == 0.0;
    if whole(3600.0) {
        (number(seconds / 3600.0), Of::Hours)
    } else if whole(60.0) {
        (number(seconds / 60.0), Of::Minutes)
    } else {
        (number(seconds), Of::Seconds)
    }
}

/// The wall clock this many seconds into a recording, `14:05:30`.
pub(super) fn wall_clock(start: Timestamp, seconds: f64, zone: &TimeZone) -> Option<String> {
    let offset = SignedDuration::try_from_secs_f64(seconds.floor()).ok()?;
    let moment = start.checked_add(offset).ok()?.to_zoned(zone.clone());
    Some(moment.strftime("%H:%M:%S").to_string())
}

/// A moment as it is stored (RFC 3339), in the video's zone; `None` where the text is no moment.
pub(super) fn local(text: &str, zone: &TimeZone) -> Option<String> {
    let moment: Timestamp = text.trim().parse().ok()?;
    let moment = moment.to_zoned(zone.clone());
    let zone = zone.iana_name().map_or_else(|| moment.strftime("%:z").to_string(), str::to_owned);
    Some(format!("{} ({zone})", moment.strftime("%Y-%m-%d %H:%M:%S")))
}

/// Seconds of a day as `14:00`, or `14:00:30`; the end of the day is `24:00`.
pub(super) fn time_of_day(seconds: u32) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds % 3600 / 60, seconds % 60);
    if seconds == 0 { format!("{hours:02}:{minutes:02}") } else { format!("{hours:02}:{minutes:02}:{seconds:02}") }
}

/// `2026-03-02 14:00`, with seconds where there are any.
pub(super) fn date_time(moment: DateTime) -> String {
    let pattern = if moment.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
    moment.strftime(pattern).to_string()
}

/// The date, where the two are the midnights it lies between.
pub(super) fn whole_day(from: DateTime, to: DateTime) -> Option<String> {
    let midnight = from.time() == jiff::civil::Time::midnight() && to.time() == from.time();
    (midnight && from.date().tomorrow().ok() == Some(to.date())).then(|| from.date().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        for (seconds, colon, korean) in [
            (0.0, "0:00", "0초"),
            (9.99, "0:09.99", "9.99초"),
            (65.0, "1:05", "1분 5초"),
            (600.0, "10:00", "10분"),
            (750.0, "12:30", "12분 30초"),
            (3600.0, "1:00:00", "1시간"),
            (3903.0, "1:05:03", "1시간 5분 3초"),
            (2700.5, "45:00.5", "45분 0.5초"),
            (59.999, "1:00", "1분"),
            (-1.0, "0:00", "0초"),
            (f64::NAN, "0:00", "0초"),
        ] {
            assert_eq!(clock_of(seconds, Style::Colon), colon);
            assert_eq!(clock_of(seconds, Style::Korean), korean);
        }
    }

    #[test]
    fn wall_clocks() {
        let start: Timestamp = "2026-03-02T13:10:00+09:00".parse().unwrap();
        let zone = TimeZone::fixed(jiff::tz::offset(9));
        assert_eq!(wall_clock(start, 750.9, &zone).as_deref(), Some("13:22:30"));
        assert_eq!(wall_clock(start, f64::MAX, &zone), None);
        assert_eq!(local("2026-03-02T04:10:00Z", &zone).as_deref(), Some("2026-03-02 13:10:00 (+09:00)"));
        assert_eq!(local("yesterday", &zone), None);
        assert_eq!(time_of_day(86_400), "24:00");
        assert_eq!(time_of_day(50_730), "14:05:30");
    }

    #[test]
    fn spans() {
        for (seconds, number, of) in [
            (30.0, "30", Of::Seconds),
            (90.0, "90", Of::Seconds),
            (120.0, "2", Of::Minutes),
            (7200.0, "2", Of::Hours),
            (0.5, "0.5", Of::Seconds),
            (0.0, "0", Of::Seconds),
        ] {
            assert_eq!(span(seconds), (number.to_owned(), of));
        }
    }

    #[test]
    fn days() {
        let at = |text: &str| text.parse::<DateTime>().unwrap();
        assert_eq!(whole_day(at("2026-02-28T00:00"), at("2026-03-01T00:00")).as_deref(), Some("2026-02-28"));
        assert_eq!(whole_day(at("2026-02-28T00:00"), at("2026-03-02T00:00")), None);
        assert_eq!(date_time(at("2026-02-28T09:05")), "2026-02-28 09:05");
    }
}
