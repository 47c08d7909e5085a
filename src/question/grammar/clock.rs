//! Wall-clock times and dates, in the video's zone.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};

use super::{ClockTime, Half, ItemKind, N, Range, Work};
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::reading::{Clock, Cond, Signal};

pub(super) fn read(work: &mut Work<'_>) {
    promote(work);
    let speaks_of_clock = (0..work.len()).any(|i| {
        matches!(work.what(i), Some(N::Clock(_) | N::Date(_)))
            || work.concept(i).is_some_and(|c| is_day_word(c) || is_day_part(c, work.text(i)))
    });
    let ago = ago(work);
    if !speaks_of_clock && ago.is_none() {
        return;
    }
    let Some(span) = Recording::of(work) else {
        work.signal(Signal::ClockUnknown);
        for i in 0..work.len() {
            let word = work.concept(i).is_some_and(|c| is_day_word(c) || is_day_part(c, work.text(i)));
            if word || matches!(work.what(i), Some(N::Clock(_) | N::Date(_))) {
                work.consume(i);
            }
        }
        return;
    };
    if let Some((i, range, seconds)) = ago {
        let to = work.question.now.with_time_zone(work.question.video.timezone.clone()).datetime();
        let from = to.checked_sub((seconds as i64).seconds()).unwrap_or(to);
        work.put(i, range, ItemKind::Clock, Cond::Clock(Clock::Between { from: Some(from), to: Some(to) }));
    }
    let mut i = 0;
    while i < work.len() {
        i = expression(work, i, span).unwrap_or(i) + 1;
    }
}

/// The recording in local time: start and end.
#[derive(Clone, Copy)]
struct Recording {
    start: DateTime,
    end: DateTime,
}

impl Recording {
    fn of(work: &Work<'_>) -> Option<Self> {
        let video = work.question.video;
        let at = video.recorded_at?;
        let length = jiff::SignedDuration::from_secs_f64(video.duration.unwrap_or(0.0).clamp(0.0, 1e9));
        let local = |at: jiff::Timestamp| at.to_zoned(video.timezone.clone()).datetime();
        Some(Self { start: local(at), end: local(at.checked_add(length).ok()?) })
    }

    fn overlaps(&self, from: u32, to: u32) -> bool {
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
    fn occurrence(&self, times: &[u32]) -> Option<DateTime> {
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

/// What was said of the time of day.
#[derive(Clone, Copy)]
enum Said {
    Closed(u32, u32),
    From,
    Before,
    Exact(u32, u32),
}

/// One clock expression that begins at `i`: the index of its last token.
fn expression(work: &mut Work<'_>, i: usize, span: Recording) -> Option<usize> {
    let start = i;
    let (date, at) = day(work, i);
    let mut end = at;
    if date.is_some() {
        // "yesterday between …", "어제 오후 …"
        while matches!(work.text(end), "at" | "," | "in" | "의" | "에" | "の" | "的" | "on" | "the") {
            end += 1;
        }
    }
    if let Some((said, times, after)) = time_of_day(work, end, span) {
        let (date, after) = match date {
            Some(date) => (Some(date), after),
            // "between 1 and 2 pm yesterday"
            None => {
                let mut look = after;
                while matches!(work.text(look), "on" | "," | "the" | "of") {
                    look += 1;
                }
                match day(work, look) {
                    (Some(date), past) => (Some(date), past),
                    _ => (None, after),
                }
            }
        };
        let after = trailing(work, after);
        let clock = match build(said, date, &times, span) {
            Some(clock) => clock,
            None => {
                work.unclear(start);
                return Some(after - 1);
            }
        };
        work.put(start, start..after, ItemKind::Clock, Cond::Clock(clock));
        return Some(after - 1);
    }
    let date = date?;
    // "from March 1 to March 2"
    let mut after = at;
    let mut to = date;
    if let Some(behind) = separator(work, at)
        && let (Some(second), past) = day(work, behind)
    {
        to = second;
        after = past;
    }
    let after = trailing(work, after);
    let clock = Clock::Between { from: Some(on(date, 0)), to: next_day(to).map(|d| on(d, 0)) };
    work.put(start, start..after, ItemKind::Clock, Cond::Clock(clock));
    Some(after - 1)
}

/// A day at `i`, and the index behind it.
fn day(work: &Work<'_>, i: usize) -> (Option<Date>, usize) {
    let today = work.question.now.with_time_zone(work.question.video.timezone.clone()).date();
    let back = |days: i32| today.checked_sub(days.days()).ok();
    let date = match (work.what(i), work.concept(i)) {
        (Some(N::Date(date)), _) => Some(*date),
        (_, Some(Concept::DateToday)) => Some(today),
        (_, Some(Concept::DateYesterday)) => back(1),
        (_, Some(Concept::DateBeforeYesterday)) => back(2),
        _ => None,
    };
    (date, if date.is_some() { i + 1 } else { i })
}

/// A time of day or a range of them at `i`: what was said, the possible starts (seconds of the day), the index behind.
fn time_of_day(work: &Work<'_>, i: usize, span: Recording) -> Option<(Said, Vec<u32>, usize)> {
    // "around 2 pm" has no defined width.
    if i > 0 && matches!(work.concept(i - 1), Some(Concept::RelAbout | Concept::RelBetween)) {
        return None;
    }
    let mut at = i;
    // Words before the time: "between", "after", "from", "before", "until", "at", "around".
    let mut prefix = None;
    if work.english() || matches!(work.text(at), "从" | "從" | "在") {
        while let Some(c) = work.concept(at) {
            match c {
                Concept::RelBetween
                | Concept::RelFrom
                | Concept::RelAfter
                | Concept::RelBefore
                | Concept::RelTo
                | Concept::RelAbout
                | Concept::RelPast => {
                    prefix = Some(c);
                    at += 1;
                }
                _ => break,
            }
            at = work.past_neutral(at);
        }
        if prefix.is_none() {
            while matches!(work.text(at), "at" | "in" | "the" | "during") {
                at += 1;
            }
        }
    }
    if let Some(concept) = work.concept(at)
        && is_day_part(concept, work.text(at))
        && prefix.is_none()
    {
        let (from, to) = match concept {
            Concept::ClockDawn => (0, 6),
            Concept::ClockAm => (0, 12),
            _ => (12, 24),
        };
        return Some((Said::Closed(from * 3600, to * 3600), vec![from * 3600], at + 1));
    }
    let Some(N::Clock(first)) = work.what(at) else { return None };
    let first = *first;
    let mut end = at + 1;
    let open_range =
        !work.english() || matches!(prefix, Some(Concept::RelBetween | Concept::RelFrom)) || prefix.is_none();
    if open_range
        && let Some(behind) = separator(work, end)
        && let Some((second, past)) = second_time(work, behind)
    {
        let (from, to) = range(first, second, span)?;
        end = past;
        // 2시 전까지
        if work.is(end, Concept::RelBefore) && !work.english() {
            end += 1;
        }
        return Some((Said::Closed(from, to), vec![from], end));
    }
    let options = options(first);
    let said = match prefix {
        Some(Concept::RelAfter | Concept::RelFrom | Concept::RelPast) => Said::From,
        Some(Concept::RelBefore | Concept::RelTo) => Said::Before,
        Some(Concept::RelAbout | Concept::RelBetween) => return None,
        _ => {
            let mut look = end;
            // 시간 behind the particle: 9시에서부터, 9시부터, 9시 이후, 9시까지, 9시 전, 9시쯤, 2시대
            match (work.josa(look), work.concept(look)) {
                (Some(Josa::From), _) | (_, Some(Concept::RelAfter | Concept::RelFrom | Concept::RelPast))
                    if !work.english() || work.is(look, Concept::RelFrom) =>
                {
                    end = look + 1;
                    Said::From
                }
                (Some(Josa::Until), _) | (_, Some(Concept::RelBefore | Concept::RelTo)) if !work.english() => {
                    end = look + 1;
                    Said::Before
                }
                (Some(Josa::And | Josa::Or), _) => return None,
                (_, Some(Concept::RelAbout | Concept::RelBetween | Concept::RelAround | Concept::RelWithin)) => {
                    return None;
                }
                (_, Some(Concept::UnitHour)) if work.english() => {
                    end = look + 1;
                    let from = pick(&options, span, 3600)?;
                    Said::Exact(from, from + 3600)
                }
                (_, Some(Concept::UnitDecade)) => {
                    end = look + 1;
                    let from = pick(&options, span, 3600)?;
                    Said::Exact(from, from + 3600)
                }
                (Some(Josa::At), _) => {
                    // 9시를 넘어서, 9시에서 — only with a second time.
                    look += 1;
                    if work.is(look, Concept::RelPast) {
                        end = look + 1;
                        Said::From
                    } else {
                        let from = pick(&options, span, 60)?;
                        Said::Exact(from, from + 60)
                    }
                }
                (Some(Josa::Role), _) if work.is(look + 1, Concept::RelPast) => {
                    end = look + 2;
                    Said::From
                }
                _ => {
                    let from = pick(&options, span, 60)?;
                    Said::Exact(from, from + 60)
                }
            }
        }
    };
    Some((said, options, end))
}

/// The second time of a range, which may lack its hour word: "between 9 and 10 am" was promoted before.
fn second_time(work: &Work<'_>, i: usize) -> Option<(ClockTime, usize)> {
    let mut at = i;
    while work.is_neutral(at) || matches!(work.concept(at), Some(Concept::DateToday)) {
        at += 1;
    }
    match work.what(at) {
        Some(N::Clock(time)) => Some((*time, at + 1)),
        _ => None,
    }
}

/// Turns m:ss into the clock where the sentence speaks of the clock, and lends a lone number its partner's hour word.
fn promote(work: &mut Work<'_>) {
    let clocked = (0..work.len()).any(|i| {
        matches!(work.what(i), Some(N::Date(_)))
            || work.concept(i).is_some_and(|c| is_day_word(c) || c == Concept::ClockWord)
    });
    for i in 0..work.len() {
        if clocked && let Some(N::Moment { clock: Some((hour, minute)), .. }) = work.what(i) {
            work.nodes[i].what = N::Clock(ClockTime {
                hour: *hour,
                minute: *minute,
                exact: true,
                half: (*hour > 12).then_some(Half::Fixed),
            });
        }
        if work.is(i, Concept::ClockWord) {
            work.consume(i);
        }
    }
    for i in 0..work.len() {
        if !matches!(work.what(i), Some(N::Clock(_))) {
            continue;
        }
        // The partner before: number or m:ss, then a separator, then this.
        for gap in 1..=2 {
            if i > gap && separator(work, i - gap) == Some(i) {
                lend(work, i - gap - 1);
            }
        }
        if let Some(behind) = separator(work, i + 1)
            && !matches!(work.concept(behind + 1), Some(Concept::UnitMinute | Concept::UnitSecond))
        {
            lend(work, behind);
        }
    }
}

fn lend(work: &mut Work<'_>, i: usize) {
    let time = match work.what(i) {
        Some(N::Moment { clock: Some((hour, minute)), .. }) => {
            ClockTime { hour: *hour, minute: *minute, exact: true, half: None }
        }
        Some(N::Number { value, .. }) if value.fract() == 0.0 && *value <= 24.0 => {
            ClockTime { hour: *value as u32, minute: 0, exact: false, half: None }
        }
        _ => return,
    };
    work.nodes[i].what = N::Clock(time);
}

/// Behind what stands between the two ends of a range.
pub(super) fn separator(work: &Work<'_>, i: usize) -> Option<usize> {
    let mut at = i;
    let mut found = false;
    loop {
        let josa = matches!(work.josa(at), Some(Josa::From | Josa::At | Josa::And));
        let word = matches!(work.concept(at), Some(Concept::RelTo | Concept::LogicAnd | Concept::RelFrom))
            || matches!(work.text(at), "to" | "up to");
        if !(josa || word || work.punct(at, "~-")) {
            break;
        }
        found = true;
        at += 1;
    }
    found.then_some(at)
}

/// Behind the words that close a range: 사이에, 까지, 동안, "on".
pub(super) fn trailing(work: &Work<'_>, i: usize) -> usize {
    let mut at = i;
    loop {
        let word = matches!(work.concept(at), Some(Concept::RelBetween | Concept::RelDuring | Concept::RelWithin))
            && !work.english();
        let josa = matches!(work.josa(at), Some(Josa::Until | Josa::At | Josa::From));
        let to = matches!(work.concept(at), Some(Concept::RelTo | Concept::RelFrom)) && !work.english();
        let onwards = matches!(work.text(at), "on" | "onward" | "onwards" | "forward");
        if !(word || josa || to || onwards) {
            return at;
        }
        at += 1;
    }
}

/// The two ends of a closed range in seconds of the day.
fn range(first: ClockTime, second: ClockTime, span: Recording) -> Option<(u32, u32)> {
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

fn pick(options: &[u32], span: Recording, width: u32) -> Option<u32> {
    let inside: Vec<u32> = options.iter().copied().filter(|from| span.overlaps(*from, from + width)).collect();
    match (inside.len(), options.len()) {
        (1, _) => inside.first().copied(),
        (_, 1) | (0, _) => options.first().copied(),
        _ => None,
    }
}

/// The times of day a spoken time may mean, seconds.
fn options(time: ClockTime) -> Vec<u32> {
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

fn build(said: Said, date: Option<Date>, times: &[u32], span: Recording) -> Option<Clock> {
    Some(match (said, date) {
        (Said::Closed(from, to) | Said::Exact(from, to), None) => {
            Clock::TimeOfDay { from, to: if to > 86_400 { to - 86_400 } else { to } }
        }
        (Said::Closed(from, to) | Said::Exact(from, to), Some(date)) => {
            let end = if to <= from { next_day(date).map(|d| on(d, to)) } else { Some(on(date, to)) };
            Clock::Between { from: Some(on(date, from)), to: end }
        }
        (Said::From, None) => Clock::Between { from: Some(span.occurrence(times)?), to: None },
        (Said::Before, None) => Clock::Between { from: None, to: Some(span.occurrence(times)?) },
        (Said::From, Some(date)) => {
            let from = best_on(date, times, span)?;
            Clock::Between { from: Some(from), to: next_day(date).map(|d| on(d, 0)) }
        }
        (Said::Before, Some(date)) => Clock::Between { from: Some(on(date, 0)), to: Some(best_on(date, times, span)?) },
    })
}

/// Of the times of day that may be meant, the one of this date nearest to the recording.
fn best_on(date: Date, times: &[u32], span: Recording) -> Option<DateTime> {
    times.iter().map(|t| on(date, *t)).min_by_key(|at| {
        if *at < span.start {
            seconds_between(*at, span.start)
        } else if *at > span.end {
            seconds_between(span.end, *at)
        } else {
            0
        }
    })
}

/// 지난 1시간, "the last hour": back from now. (The token it begins at, its tokens, seconds.)
fn ago(work: &Work<'_>) -> Option<(usize, Range, f64)> {
    for i in 0..work.len() {
        match work.concept(i) {
            Some(Concept::RelAgo) => {
                let at = work.seek(i + 1);
                if let Some(N::Moment { seconds, .. }) = work.what(at) {
                    let end = if work.is(at + 1, Concept::RelDuring) { at + 2 } else { at + 1 };
                    return Some((i, i..end, *seconds));
                }
            }
            Some(Concept::RelLast | Concept::RelPast)
                if work.english()
                    && work.is(i + 1, Concept::UnitHour)
                    && work.text(i) != "final"
                    && work.text(i) != "closing" =>
            {
                let of_video = (i + 2..(i + 6).min(work.len())).any(|k| work.is(k, Concept::Video));
                if !of_video {
                    return Some((i, i..i + 2, 3600.0));
                }
            }
            _ => {}
        }
    }
    None
}

fn is_day_word(concept: Concept) -> bool {
    matches!(concept, Concept::DateToday | Concept::DateYesterday | Concept::DateBeforeYesterday)
}

/// A part of the day with defined ends that stands without an hour.
fn is_day_part(concept: Concept, text: &str) -> bool {
    match concept {
        Concept::ClockDawn | Concept::ClockAm => !text.starts_with("this") && !matches!(text, "am" | "a.m." | "a.m"),
        Concept::ClockPm => matches!(text, "오후" | "午後" | "下午"),
        _ => false,
    }
}

fn on(date: Date, seconds: u32) -> DateTime {
    let midnight = date.to_datetime(Time::midnight());
    midnight.checked_add(i64::from(seconds).seconds()).unwrap_or(midnight)
}

fn next_day(date: Date) -> Option<Date> {
    date.checked_add(1.day()).ok()
}

fn seconds_between(a: DateTime, b: DateTime) -> i64 {
    a.duration_until(b).as_secs()
}
