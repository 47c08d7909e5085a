//! A value for each group: by type, by hour, in slices of time; the largest of them.

use super::count::counted;
use super::measure::aggregate;
use super::words::{has_time, number_of_things};
use crate::question::Lang;
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::grammar::{N, Range, Work};
use crate::question::reading::{GroupValue, Groups, Key, Wants};

/// 유형별, "by gender", "per hour", 10분 단위, "in ten-minute slices".
pub(super) fn groups(work: &mut Work<'_>) -> Option<Wants> {
    let (by, used) = key_of_groups(work)?;
    let value = if let Some(i) = work.find(|c| matches!(c, Concept::StatShare | Concept::UnitPercent)) {
        // "for each side, what share are women": a share within each group.
        let said_before = |k: usize| (0..i).any(|p| work.what(p) == work.what(k));
        let nested = if work.english() {
            (i..work.len()).any(|k| work.is_item(k) && !used.contains(&k) && !said_before(k))
        } else {
            i > 0 && work.is_item(i - 1)
        };
        if nested {
            work.unclear(i);
        }
        work.consume(i);
        work.take(Concept::UnitPercent);
        GroupValue::Share(counted(work))
    } else if let Some((aggregate, of, unit)) = aggregate(work) {
        GroupValue::Measure { aggregate, of, unit }
    } else {
        GroupValue::Count(counted(work))
    };
    work.consume_all(used);
    let top = top_of_groups(work);
    work.take_all(&[
        Concept::GroupVerb,
        Concept::GroupDistribution,
        Concept::GroupBy,
        Concept::GroupSlice,
        Concept::AskCountVerb,
        Concept::LogicAnd,
        Concept::AskWhich,
        Concept::RelDuring,
        Concept::StatTotal,
        Concept::AskHowMany,
        Concept::UnitTimes,
        Concept::AskWhere,
        Concept::AskCount,
        Concept::AskWhat,
    ]);
    for i in 0..work.len() {
        if work.josa(i) == Some(Josa::Each) || matches!(work.text(i), "내림차순" | "오름차순") {
            work.consume(i);
        }
    }
    Some(Wants::Groups(Groups { by, value, known_only: false, top }))
}

fn key_of_groups(work: &Work<'_>) -> Option<(Key, Range)> {
    let spread = work.has(|c| matches!(c, Concept::GroupVerb | Concept::GroupDistribution));
    // Slices of the video's time.
    for i in 0..work.len() {
        let Some(N::Moment { seconds, colon: false, .. }) = work.what(i) else { continue };
        if work.nodes[i].used || *seconds <= 0.0 {
            continue;
        }
        let mut next = i + 1;
        while work.punct(next, "-") || matches!(work.text(next), "의" | "long" | "の") {
            next += 1;
        }
        let slice = work.is(next, Concept::GroupSlice)
            || work.is(next, Concept::GroupBy) && !work.english()
            || matches!(work.josa(next), Some(Josa::Each))
            || work.text(next) == "씩";
        let before = i.checked_sub(1).is_some_and(|k| {
            work.is(k, Concept::GroupBy)
                && matches!(work.text(k), "every" | "per" | "each" | "by" | "매" | "每" | "for each" | "for every")
        });
        if slice || before {
            return Some((Key::Slice(*seconds), i - usize::from(before)..next + usize::from(slice)));
        }
    }
    // Of the whole question, so not looked for again at each of its words.
    let average = work.has(|c| matches!(c, Concept::StatAverage | Concept::StatRate));
    let counts = work.has(|c| matches!(c, Concept::AskCountVerb | Concept::AskCount | Concept::AskHowMany));
    let slices = work.english() && !average && !work.has(|c| c == Concept::AskHowMany) && has_time(work);
    for i in 0..work.len() {
        let Some(concept) = work.concept(i) else { continue };
        let behind = behind_key(work, i);
        let before = (0..i)
            .rev()
            .find(|k| !matches!(work.what(*k), Some(N::Neutral | N::Item(_))))
            .filter(|k| work.is(*k, Concept::GroupBy) && (work.english() || work.question.lang == Lang::Zh));
        let key = match concept {
            Concept::ColumnType => Key::Type,
            Concept::ColumnGender => Key::Gender,
            Concept::ColumnArea => Key::Area,
            Concept::PlaceAny => Key::Place,
            Concept::AskWhich if behind.is_some() && work.text(i).contains('쪽') => Key::Area,
            Concept::ColumnDecade | Concept::ColumnAge => Key::AgeDecade,
            Concept::ColumnHour => Key::Hour,
            Concept::ColumnPerson => Key::Person,
            Concept::Person
                if behind.is_some()
                    || before.is_some()
                        && (matches!(work.text(i), "person" | "individual" | "customer" | "visitor")
                            || before.is_some_and(|k| work.text(k) != "by")) =>
            {
                Key::Person
            }
            Concept::UnitHour if behind.is_some() || before.is_some() => Key::Hour,
            Concept::UnitMinute if behind.is_some() || before.is_some() => Key::Slice(60.0),
            Concept::Event if behind.is_some() && !work.english() => Key::Type,
            Concept::StatRateHour if !average && hourly(work.text(i)) => Key::Hour,
            // A rate divides by the whole video, so a range of time means slices of it.
            Concept::StatRateMinute if slices => Key::Slice(60.0),
            _ => continue,
        };
        let named = matches!(concept, Concept::StatRateHour | Concept::StatRateMinute);
        if matches!(concept, Concept::UnitHour | Concept::UnitMinute) && average {
            continue;
        }
        let to = matches!(work.text(i + 1), "로" | "으로") && (spread || counts);
        let hourly = hourly(work.text(i));
        if let Some(end) = behind {
            return Some((key, i..end));
        }
        if let Some(start) = before {
            return Some((key, start..i + 1));
        }
        if named || to || hourly || spread && !matches!(concept, Concept::Person) {
            return Some((key, i..i + 1));
        }
    }
    // "for each type", 각 유형: the word stands apart.
    None
}

/// Behind 별, 별로, 마다 that follow the key.
fn behind_key(work: &Work<'_>, i: usize) -> Option<usize> {
    let mut next = i + 1;
    while matches!(work.text(next), "에" | "の" | "的" | "을" | "를") || matches!(work.josa(next), Some(Josa::Is))
    {
        next += 1;
    }
    if matches!(work.josa(next), Some(Josa::Each)) {
        return Some(next + 1);
    }
    // 성별 건수, 성별 비율
    let counted = matches!(
        work.concept(next),
        Some(
            Concept::AskCount
                | Concept::StatShare
                | Concept::GroupDistribution
                | Concept::AskPeopleCount
                | Concept::StatAverage
        )
    );
    if work.text(i) == "성별" && next == i + 1 && counted {
        return Some(next);
    }
    let word = work.is(next, Concept::GroupBy) && (!work.english() || matches!(work.text(next), "wise" | "-wise"));
    if word {
        return Some(next + 1);
    }
    // "area by area"
    (work.english()
        && work.is(next, Concept::GroupBy)
        && work.text(next) == "by"
        && work.text(next + 1) == work.text(i))
    .then_some(next + 2)
}

/// "top 3", 상위 세 개, "the three most common".
fn top_of_groups(work: &mut Work<'_>) -> Option<(u32, bool)> {
    let top = work.find(|c| matches!(c, Concept::RelTop | Concept::StatMost | Concept::StatLeast | Concept::SupMost));
    let least = work.has(|c| c == Concept::StatLeast);
    let count = number_of_things(work);
    match (top, count) {
        (Some(_), Some((n, at))) => {
            work.consume(at);
            work.take_all(&[Concept::RelTop, Concept::StatMost, Concept::StatLeast, Concept::SupMost]);
            Some((n, least))
        }
        _ => None,
    }
}

fn hourly(text: &str) -> bool {
    matches!(
        text,
        "hourly"
            | "시간대별"
            | "by the hour"
            | "each hour"
            | "every hour"
            | "by hour"
            | "for each hour"
            | "hour by hour"
    )
}
