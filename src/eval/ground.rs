//! Whether a reply says only what the rows say: every time, count, age, share and id in its words must stand in the
//! evidence, which is the rows, what follows from them by counting, and the numbers of the question itself.
//!
//! Quoted text (names, records of what was seen) is the data's own and is not looked into.

use crate::{
    answer::{Answer, Hits},
    engine::{Outcome, Reply},
    question::{
        Video,
        reading::{Groups, Key, Pick, Scalar, Unit, VideoFact, Wants},
    },
    reply::ground::{Values, figures, number, unquoted},
    sql::Bind,
};

/// The figures of the reply that nothing accounts for, as they stand in it; `None` where nothing was answered.
pub fn ungrounded(reply: &Reply, prompt: &str, video: Option<&Video>) -> Option<Vec<String>> {
    let answer = match &reply.outcome {
        Outcome::Answered(answer) | Outcome::Empty(answer) => answer,
        Outcome::Abstained(_) | Outcome::Failed(_) => return None,
    };
    let mut evidence = Values::default();
    evidence.add_answer(answer);
    evidence.add_text(prompt);
    if let Some(reading) = &reply.reading {
        add_wants(&mut evidence, &reading.wants, answer);
    }
    if let (Some(video), Answer::Events(events) | Answer::Hits(Hits { events, .. })) = (video, answer) {
        let ends = events.spread.map(|(from, to)| [from, to]);
        let times = events.shown.iter().map(|event| event.timestamp).chain(ends.into_iter().flatten());
        times.for_each(|seconds| add_clock(&mut evidence, video, seconds));
    }
    for bind in reply.query.iter().flat_map(|query| query.binds()) {
        match bind {
            Bind::Int(n) => evidence.add(*n as f64),
            Bind::Float(x) => evidence.add(*x),
            Bind::Text(text) => {
                evidence.add_text(text);
                // A time of day with no end to it ends with the day, at 24:00.
                if text.len() == "23:00:00".len() && text.contains(':') {
                    evidence.add_exactly(24.0 * 60.0);
                }
            }
            Bind::Texts(texts) => texts.iter().for_each(|text| evidence.add_text(text)),
            // Videos, which no reply counts.
            Bind::Ints(_) | Bind::Vector(_) => {}
        }
    }
    Some(figures(&unquoted(&reply.words)).into_iter().filter(|f| !evidence.holds(f)).map(|f| f.text).collect())
}

/// What is said of groups and orders: the third, the ends of slices, minutes of a length.
fn add_wants(evidence: &mut Values, wants: &Wants, answer: &Answer) {
    match (wants, answer) {
        (Wants::Events { pick: Pick::Top(n) | Pick::Nth(n), .. }, _) => evidence.add(f64::from(*n)),
        (Wants::Scalar(Scalar::PeopleWithAtLeast(n)), _) => evidence.add(f64::from(*n)),
        (Wants::Scalar(scalar), Answer::Scalar(value)) => {
            let factor = match unit(scalar) {
                Some(Unit::Minutes) => 60.0,
                Some(Unit::Hours) => 3600.0,
                Some(Unit::Native) | None => return,
            };
            number(value).into_iter().for_each(|value| evidence.add_exactly(value * factor));
        }
        (Wants::Groups(Groups { by, .. }), Answer::Groups(groups)) => {
            for key in groups.iter().filter_map(|(key, _)| number(key)) {
                match by {
                    Key::Slice(seconds) => evidence.add(key + seconds),
                    // 1:00 reads as minutes and seconds.
                    Key::Hour => [key * 60.0, key * 60.0 + 60.0].into_iter().for_each(|end| evidence.add_exactly(end)),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// The clock at a second of the video, as h:mm:ss and as h:mm.
fn add_clock(evidence: &mut Values, video: &Video, seconds: f64) {
    let Some(local) = video.local(seconds) else { return };
    let (hour, minute, second) = (f64::from(local.hour()), f64::from(local.minute()), f64::from(local.second()));
    evidence.add_exactly(hour * 3600.0 + minute * 60.0 + second);
    evidence.add_exactly(hour * 60.0 + minute);
}

/// The unit a value was asked in.
fn unit(scalar: &Scalar) -> Option<Unit> {
    match scalar {
        Scalar::Measure { unit, .. } => Some(*unit),
        Scalar::Fact(VideoFact::Length(unit)) => Some(*unit),
        _ => None,
    }
}
