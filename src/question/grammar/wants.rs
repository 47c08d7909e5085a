//! Which kind of answer is wanted: rows in an order, one value, or groups.

use super::{ItemKind, N, Range, Wanted, Work, Zone};
use crate::question::Lang;
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::hangul::Tail;
use crate::question::number::Numeral;
use crate::question::reading::{
    Aggregate, Cond, Counted, GroupValue, Groups, Key, Measure, Order, OrderBy, Pick, Scalar, Unit, VideoFact, Wants,
};

pub(super) fn read(work: &mut Work<'_>) -> Wanted {
    tone(work);
    lasting(work);
    let plain = |wants| Wanted { wants, share: false };
    if let Some(wants) = fact(work) {
        return plain(wants);
    }
    longest_time(work);
    if let Some(wants) = groups(work) {
        return plain(wants);
    }
    if let Some(wanted) = share(work) {
        return wanted;
    }
    let found = rate(work)
        .or_else(|| extreme_key(work))
        .or_else(|| measure(work))
        .or_else(|| distinct(work))
        .or_else(|| count(work));
    plain(found.unwrap_or_else(|| events(work)))
}

/// 나간 시간, 파손된 시간: when it was.
fn time_at_the_end(work: &mut Work<'_>) {
    let measured = work.has(|c| {
        matches!(
            c,
            Concept::StatAverage
                | Concept::StatTotal
                | Concept::SupLongest
                | Concept::SupShortest
                | Concept::StatMax
                | Concept::StatMin
                | Concept::OrderLongest
                | Concept::OrderShortest
        )
    });
    for i in 1..work.len() {
        let time = work.is(i, Concept::UnitHour) && work.text(i) == "시간" && !measured;
        let verb = work.nodes[i - 1].tail == Tail::Adnominal;
        let next = (i + 1..work.len()).find(|k| !matches!(work.what(*k), Some(N::Josa(_) | N::Neutral | N::Punct(_))));
        let ends = next.is_none_or(|k| {
            matches!(work.concept(k), Some(Concept::AskList | Concept::AskWhen | Concept::AskWhat | Concept::Filler))
        });
        if time && verb && ends {
            work.consume(i);
            work.asks_when = true;
        }
    }
}

/// Whether it is asked with yes or no, or for the moment.
fn tone(work: &mut Work<'_>) {
    time_at_the_end(work);
    for i in 0..work.len() {
        match work.concept(i) {
            Some(Concept::AskExist) => work.polar = true,
            Some(Concept::AskWhen) => work.asks_when = true,
            _ => {}
        }
    }
    if work.english()
        && matches!(work.text(0), "did" | "was" | "were" | "is" | "are" | "has" | "have" | "does" | "do" | "had")
    {
        work.polar = true;
    }
}

/// 가장 오래 서 있던 시간: the length is asked for, not the event.
fn longest_time(work: &mut Work<'_>) {
    let superlative = work.find(|c| matches!(c, Concept::SupLongest | Concept::SupShortest));
    for i in 1..work.len() {
        let time = work.is(i, Concept::UnitHour) && work.text(i) == "시간";
        if superlative.is_some() && time && matches!(work.what(i - 1), Some(N::Item(_) | N::Aux | N::Light)) {
            work.nodes[i].what = N::Concept(Concept::AskHowLong);
        }
    }
}

/// "how long did it last": the verb, not the last one.
fn lasting(work: &mut Work<'_>) {
    let asks = work.has(|c| matches!(c, Concept::AskHowLong | Concept::StatTotal | Concept::StatAverage))
        || asks_amount_of_time(work);
    if !asks {
        return;
    }
    for i in 1..work.len() {
        let verb = matches!(work.text(i), "last" | "lasts") && work.is(i, Concept::RelLast);
        let noun = work.is_item(i - 1)
            || matches!(work.text(i - 1), "it" | "they" | "one" | "fight" | "event" | "that" | "this")
            || work.is(i - 1, Concept::Event);
        let next = work.seek(i + 1);
        let alone = next >= work.len()
            || work.punct(next, ".?!,")
            || matches!(
                work.concept(next),
                Some(Concept::StatTotal | Concept::StatAverage | Concept::RelDuring | Concept::ColumnTime)
            )
            || matches!(work.what(next), Some(N::Item(item)) if item.kind != ItemKind::Type);
        if work.english() && verb && noun && alone {
            work.consume(i);
        }
    }
}

/// How long the video is, its name, its file.
fn fact(work: &mut Work<'_>) -> Option<Wants> {
    let has_video = work.find(|c| c == Concept::Video);
    let filters = (0..work.len()).any(|i| work.is_item(i)) || work.relation.is_some();
    for i in 0..work.len() {
        let fact = match work.concept(i) {
            Some(Concept::InfoLength) => VideoFact::Length(unit(work)),
            Some(Concept::InfoFilename) => VideoFact::Filename,
            Some(Concept::InfoName) => VideoFact::Name,
            Some(Concept::InfoRecordedAt) => VideoFact::RecordedAt,
            Some(Concept::InfoTimezone) => VideoFact::Timezone,
            _ => continue,
        };
        if filters {
            return None;
        }
        work.consume(i);
        consume_length_words(work);
        return Some(Wants::Scalar(Scalar::Fact(fact)));
    }
    let video = has_video?;
    let how_long =
        work.has(|c| matches!(c, Concept::AskHowLong | Concept::ColumnDuration)) || asks_amount_of_time(work);
    if how_long && !filters && !work.has(|c| matches!(c, Concept::Event | Concept::StatAverage)) {
        let unit = unit(work);
        work.consume(video);
        work.take(Concept::StatTotal);
        consume_length_words(work);
        return Some(Wants::Scalar(Scalar::Fact(VideoFact::Length(unit))));
    }
    None
}

/// 유형별, "by gender", "per hour", 10분 단위, "in ten-minute slices".
fn groups(work: &mut Work<'_>) -> Option<Wants> {
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
    for i in 0..work.len() {
        let Some(concept) = work.concept(i) else { continue };
        let behind = behind_key(work, i);
        let before = (0..i)
            .rev()
            .find(|k| !matches!(work.what(*k), Some(N::Neutral | N::Item(_))))
            .filter(|k| work.is(*k, Concept::GroupBy) && (work.english() || work.question.lang == Lang::Zh));
        let average = work.has(|c| matches!(c, Concept::StatAverage | Concept::StatRate));
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
            Concept::StatRateMinute
                if !average && work.english() && !work.has(|c| c == Concept::AskHowMany) && has_time(work) =>
            {
                Key::Slice(60.0)
            }
            _ => continue,
        };
        let named = matches!(concept, Concept::StatRateHour | Concept::StatRateMinute);
        if matches!(concept, Concept::UnitHour | Concept::UnitMinute) && average {
            continue;
        }
        let counts = work.has(|c| matches!(c, Concept::AskCountVerb | Concept::AskCount | Concept::AskHowMany));
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

/// The share of a part in a whole, 0 to 100.
fn share(work: &mut Work<'_>) -> Option<Wanted> {
    let at = work.find(|c| c == Concept::StatShare).or_else(|| {
        let percent = work.find(|c| c == Concept::UnitPercent)?;
        if (0..percent).any(|k| work.text(k).starts_with("차지")) {
            return Some(percent);
        }
        let how = work.find(|c| matches!(c, Concept::AskHowMany | Concept::AskHowMuch))?;
        (percent.abs_diff(how) <= 2).then_some(percent)
    })?;
    let items: Vec<usize> = (0..work.len()).filter(|i| work.is_item(*i) && work.nodes[*i].zone == Zone::Main).collect();
    work.consume(at);
    for concept in
        [Concept::StatShare, Concept::UnitPercent, Concept::AskHowMany, Concept::AskHowMuch, Concept::StatTotal]
    {
        work.take(concept);
    }
    let part = if work.english() { part_of_english(work, at) } else { part_of_korean(work, at) };
    match part {
        // What stands in neither, before the share word, filters the whole: "in the first hour, what share …".
        Some(part) => {
            if part.is_empty() || !items.iter().any(|i| part.contains(i)) {
                work.unclear(at);
            }
            for i in part {
                if work.nodes[i].zone == Zone::Main {
                    work.nodes[i].zone = Zone::Part;
                }
            }
        }
        None if items.len() == 1 || same_kind(work, &items) => {
            for i in &items {
                work.nodes[*i].zone = Zone::Part;
            }
        }
        None => work.unclear(at),
    }
    work.take_all(&[Concept::LogicAmong, Concept::AskList]);
    let counted = counted_in_share(work);
    Some(Wanted { wants: Wants::Scalar(Scalar::Share { part: Cond::all(), counted }), share: true })
}

fn counted_in_share(work: &mut Work<'_>) -> Counted {
    match work.find(|c| matches!(c, Concept::AskPeopleCount)) {
        Some(i) => {
            work.consume(i);
            Counted::People
        }
        None => Counted::Events,
    }
}

/// Ko, ja, zh: the whole stands before 중에서, 에서, 가운데; the part between it and the share word.
fn part_of_korean(work: &mut Work<'_>, share: usize) -> Option<Range> {
    let cut = (0..work.len()).rev().find(|i| {
        work.is(*i, Concept::LogicAmong)
            || matches!(work.text(*i), "のうち" | "の中で" | "当中" | "中")
            || matches!(work.josa(*i), Some(Josa::At))
                && work.text(*i).starts_with("에서")
                && *i > 0
                && (work.is(*i - 1, Concept::Event) || work.names_type(*i - 1) || work.text(*i - 1) == "전체")
    });
    let Some(cut) = cut else {
        // 전체 이상 행동의 몇 퍼센트
        let of = share.checked_sub(1).filter(|k| work.text(*k) == "의")?;
        let whole = of.checked_sub(1)?;
        let named = work.is_item(whole) || work.is(whole, Concept::Event);
        let item = |range: Range| range.into_iter().any(|i| work.is_item(i));
        return match (named, item(share + 1..work.len()), item(0..whole)) {
            (true, true, false) => Some(share + 1..work.len()),
            (true, false, true) => Some(0..whole),
            _ => None,
        };
    };
    work.consume(cut);
    // 비율 may also stand before: "비율이 얼마나 되나, 도난 중 여자는" reads the same.
    let end = if cut < share { share } else { work.len() };
    Some(cut + 1..end)
}

/// English: "of the thefts" is the whole; the part follows the verb.
fn part_of_english(work: &Work<'_>, share: usize) -> Option<Range> {
    let before =
        (0..share).any(|i| work.is(i, Concept::LogicAmong)) || matches!(work.text(0), "of" | "out of" | "from");
    let has_item = |range: Range| range.into_iter().any(|i| work.is_item(i));
    if before && !work.text(share).ends_with(" of") && work.text(share + 1) != "of" && has_item(0..share) {
        return Some(share + 1..work.len());
    }
    let of = if work.text(share).ends_with(" of") {
        share
    } else {
        (share + 1..(share + 4).min(work.len())).find(|i| work.text(*i) == "of" || work.is(*i, Concept::LogicAmong))?
    };
    let item = |range: Range| range.into_iter().any(|i| work.is_item(i));
    // "the female share of the thefts"
    if item(0..share) && item(of + 1..work.len()) {
        return Some(0..share);
    }
    const STRONG: [&str; 29] = [
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "did",
        "involve",
        "involved",
        "involves",
        "happened",
        "happen",
        "came",
        "come",
        "took",
        "belong",
        "fall",
        "falls",
        "committed",
        "make",
        "made",
        "occurred",
        "occur",
        "last",
        "lasted",
        "show",
        "concern",
        "done",
    ];
    const WEAK: [&str; 7] = ["by", "that", "who", "in", "at", "on", "with"];
    let from = |words: &[&str]| {
        (of + 2..work.len())
            .find(|i| words.contains(&work.text(*i)) || work.text(*i).ends_with(" by") || work.punct(*i, ","))
    };
    let verb = from(&STRONG).filter(|i| !work.punct(*i, ",")).or_else(|| from(&WEAK))?;
    // "the share of women among the thieves"
    if let Some(among) = (of + 1..work.len()).find(|i| work.is(*i, Concept::LogicAmong)) {
        return Some(of + 1..among);
    }
    Some(verb..work.len())
}

fn same_kind(work: &Work<'_>, items: &[usize]) -> bool {
    let kind = |i: &usize| match work.what(*i) {
        Some(N::Item(item)) => Some(item.kind),
        _ => None,
    };
    items.first().is_some_and(|first| items.iter().all(|i| kind(i) == kind(first)))
}

/// 분당, 시간당, "per minute on average".
fn rate(work: &mut Work<'_>) -> Option<Wants> {
    let i = work.find(|c| matches!(c, Concept::StatRateMinute | Concept::StatRateHour))?;
    let per = if work.is(i, Concept::StatRateMinute) { 60.0 } else { 3600.0 };
    // "counts per hour", "per hour in the first half" may mean the hours of the clock.
    let average = work.has(|c| matches!(c, Concept::StatAverage | Concept::StatRate))
        || work.text(i).contains("rate")
        || work.text(i).contains("average");
    let counts =
        work.has(|c| matches!(c, Concept::AskCountVerb | Concept::AskCount | Concept::AskHowMany | Concept::GroupVerb));
    if work.english() && !average && (counts || has_time(work)) {
        return None;
    }
    work.consume(i);
    for concept in [
        Concept::StatAverage,
        Concept::StatRate,
        Concept::AskHowMany,
        Concept::AskCount,
        Concept::UnitItem,
        Concept::UnitTimes,
        Concept::AskHowMuch,
    ] {
        if concept != Concept::AskHowMany || !work.has(|c| c == Concept::PersonUnit) {
            work.take(concept);
        }
    }
    let counted = counted(work);
    Some(Wants::Scalar(Scalar::Rate { per, counted }))
}

/// The type, place, side, gender, hour or person that occurs most.
fn extreme_key(work: &mut Work<'_>) -> Option<Wants> {
    let keyed = work.has(|c| {
        matches!(
            c,
            Concept::ColumnType
                | Concept::ColumnGender
                | Concept::ColumnArea
                | Concept::PlaceAny
                | Concept::ColumnHour
                | Concept::ColumnDecade
                | Concept::ColumnPerson
                | Concept::AskWho
                | Concept::AskWhere
        )
    }) || hour_word(work).is_some()
        || work.kinds(ItemKind::Type) == 0 && work.has(|c| matches!(c, Concept::AskWhat | Concept::AskWhich));
    let most = work
        .find(|c| matches!(c, Concept::StatMost | Concept::StatLeast | Concept::StatMore | Concept::StatFewer))
        .or_else(|| work.find(|c| matches!(c, Concept::SupMost | Concept::RelTop)).filter(|_| keyed))?;
    let least = matches!(work.concept(most), Some(Concept::StatLeast | Concept::StatFewer));
    let comparative = matches!(work.concept(most), Some(Concept::StatMore | Concept::StatFewer));
    let genders = work.kinds(ItemKind::Gender);
    let areas = work.kinds(ItemKind::Area);
    let types = work.kinds(ItemKind::Type);
    let mut words = Vec::new();
    for i in 0..work.len() {
        let key = match work.concept(i) {
            Some(Concept::ColumnType) => Key::Type,
            Some(Concept::ColumnGender) => Key::Gender,
            Some(Concept::ColumnArea) => Key::Area,
            Some(Concept::PlaceAny | Concept::AskWhere) => Key::Place,
            Some(Concept::ColumnHour) => Key::Hour,
            Some(Concept::ColumnDecade) => Key::AgeDecade,
            Some(Concept::ColumnPerson | Concept::AskWho) => Key::Person,
            Some(Concept::AskWhen) if hour_like(work.text(i)) => Key::Hour,
            Some(Concept::UnitHour) if hour_word(work) == Some(i) => Key::Hour,
            _ => continue,
        };
        words.push((i, key));
    }
    let vague = words
        .iter()
        .all(|(i, _)| matches!(work.concept(*i), Some(Concept::AskWho | Concept::AskWhere | Concept::AskWhich)));
    let key = if vague && areas >= 2 {
        Key::Area
    } else if vague && genders >= 2 {
        Key::Gender
    } else if comparative {
        if genders >= 2 {
            Key::Gender
        } else if areas >= 2 {
            Key::Area
        } else if types >= 2 {
            Key::Type
        } else if let Some((_, key)) =
            words.iter().find(|(i, _)| matches!(work.concept(*i), Some(Concept::ColumnGender | Concept::ColumnArea)))
        {
            *key
        } else {
            return None;
        }
    } else if let Some((_, key)) = words
        .iter()
        .find(|(i, _)| !matches!(work.concept(*i), Some(Concept::AskWho | Concept::AskWhere)))
        .or(words.first())
    {
        *key
    } else if genders >= 2 {
        Key::Gender
    } else if areas >= 2 {
        Key::Area
    } else if work.has(|c| matches!(c, Concept::Person)) && types >= 1 {
        Key::Person
    } else if work.has(|c| matches!(c, Concept::AskWhat | Concept::Event)) || types >= 1 {
        Key::Type
    } else {
        return None;
    };
    for (i, _) in words {
        work.consume(i);
        // 몇 시대
        if work.is(i + 1, Concept::UnitDecade) {
            work.consume(i + 1);
        }
    }
    work.take_all(&[
        Concept::StatMost,
        Concept::StatLeast,
        Concept::StatMore,
        Concept::StatFewer,
        Concept::SupMost,
        Concept::AskWhich,
        Concept::LogicAmong,
        Concept::AskCount,
        Concept::AskCountVerb,
        Concept::GroupBy,
    ]);
    Some(match number_of_things(work) {
        Some((n, at)) if n > 1 => {
            work.consume(at);
            work.take(Concept::RelTop);
            Wants::Groups(Groups {
                by: key,
                value: GroupValue::Count(Counted::Events),
                known_only: false,
                top: Some((n, least)),
            })
        }
        Some((_, at)) => {
            work.consume(at);
            Wants::Scalar(Scalar::Extreme { key, least, counted: Counted::Events })
        }
        None => Wants::Scalar(Scalar::Extreme { key, least, counted: Counted::Events }),
    })
}

/// Averages, sums, the largest and smallest of a length, an age, a confidence.
fn measure(work: &mut Work<'_>) -> Option<Wants> {
    let (aggregate, of, unit) = aggregate(work)?;
    Some(Wants::Scalar(Scalar::Measure { aggregate, of, unit }))
}

fn aggregate(work: &mut Work<'_>) -> Option<(Aggregate, Measure, Unit)> {
    let asks_length =
        asks_amount_of_time(work) || work.has(|c| matches!(c, Concept::AskHowLong | Concept::ColumnDuration));
    let in_units = (0..work.len())
        .any(|i| matches!(work.concept(i), Some(Concept::UnitSecond | Concept::UnitMinute | Concept::UnitHour)));
    let asks_age =
        work.has(|c| matches!(c, Concept::AskHowOld | Concept::ColumnAge)) || work.has(|c| c == Concept::UnitYear);
    let confidence = work.has(|c| c == Concept::ColumnConfidence);
    let measured = |work: &Work<'_>| {
        if confidence && !asks_age {
            Some(Measure::Confidence)
        } else if asks_age {
            Some(Measure::Age)
        } else if asks_length || in_units || work.has(|c| c == Concept::ColumnTime) {
            Some(Measure::Duration)
        } else {
            None
        }
    };
    let at = |work: &Work<'_>, f: &dyn Fn(Concept) -> bool| work.find(f);
    let (found, aggregate, of) = if let Some(i) = at(work, &|c| c == Concept::StatAverage) {
        (i, Aggregate::Average, measured(work)?)
    } else if let Some(i) = at(work, &|c| matches!(c, Concept::SupLongest | Concept::SupShortest)) {
        // The longest event, or how long the longest was.
        if !(asks_amount_of_time(work)
            || work.has(|c| c == Concept::AskHowLong)
            || work.english() && work.has(|c| c == Concept::ColumnDuration)
            || in_units && work.english())
        {
            return None;
        }
        (i, if work.is(i, Concept::SupLongest) { Aggregate::Max } else { Aggregate::Min }, Measure::Duration)
    } else if let Some(i) = at(work, &|c| matches!(c, Concept::SupOldest | Concept::SupYoungest)) {
        if !asks_age {
            return None;
        }
        (i, if work.is(i, Concept::SupOldest) { Aggregate::Max } else { Aggregate::Min }, Measure::Age)
    } else if let Some(i) = at(work, &|c| matches!(c, Concept::SupMostCertain | Concept::SupLeastCertain)) {
        if !(confidence || work.has(|c| matches!(c, Concept::AskHowMany | Concept::UnitPercent | Concept::AskHowMuch)))
            || work.has(|c| matches!(c, Concept::AskWhat | Concept::AskWhen | Concept::Event))
        {
            return None;
        }
        (i, if work.is(i, Concept::SupMostCertain) { Aggregate::Max } else { Aggregate::Min }, Measure::Confidence)
    } else if let Some(i) = at(work, &|c| matches!(c, Concept::StatMax | Concept::StatMin)) {
        (i, if work.is(i, Concept::StatMax) { Aggregate::Max } else { Aggregate::Min }, measured(work)?)
    } else if let Some(i) = at(work, &|c| c == Concept::StatTotal) {
        let time = (0..work.len())
            .any(|k| work.text(k) == "time" || work.text(k) == "times" && work.is(k, Concept::ColumnTime));
        if !(asks_length || in_units || time) || confidence || asks_age {
            return None;
        }
        (i, Aggregate::Sum, Measure::Duration)
    } else {
        return None;
    };
    let unit = unit(work);
    work.consume(found);
    work.take_all(&[
        Concept::StatAverage,
        Concept::StatTotal,
        Concept::StatMax,
        Concept::StatMin,
        Concept::SupLongest,
        Concept::SupShortest,
        Concept::SupOldest,
        Concept::SupYoungest,
        Concept::SupMostCertain,
        Concept::SupLeastCertain,
        Concept::SupMost,
        Concept::ColumnAge,
        Concept::AskHowOld,
        Concept::ColumnConfidence,
        Concept::UnitYear,
        Concept::UnitPercent,
        Concept::ColumnTime,
    ]);
    if of == Measure::Duration {
        consume_length_words(work);
    }
    Some((aggregate, of, if of == Measure::Duration { unit } else { Unit::Native }))
}

/// "how many different places".
fn distinct(work: &mut Work<'_>) -> Option<Wants> {
    work.find(|c| matches!(c, Concept::AskHowMany | Concept::AskCount))?;
    let many = work.has(|c| matches!(c, Concept::RelDistinct))
        || work.has(|c| c == Concept::UnitItem)
        || (0..work.len())
            .any(|i| work.is(i, Concept::AskHowMany) && (work.text(i).contains("가지") || work.text(i).contains('개')))
        || work.english();
    if !many {
        return None;
    }
    let (i, key) = (0..work.len()).find_map(|i| match work.concept(i) {
        Some(Concept::ColumnType) => Some((i, Key::Type)),
        Some(Concept::PlaceAny) => Some((i, Key::Place)),
        _ => None,
    })?;
    work.consume(i);
    work.take_all(&[
        Concept::AskHowMany,
        Concept::AskCount,
        Concept::RelDistinct,
        Concept::UnitItem,
        Concept::AskWhich,
    ]);
    Some(Wants::Scalar(Scalar::Distinct(key)))
}

/// How many events, how many people.
fn count(work: &mut Work<'_>) -> Option<Wants> {
    let asked = (0..work.len()).any(|i| {
        matches!(
            work.concept(i),
            Some(Concept::AskCount | Concept::AskHowMany | Concept::AskPeopleCount | Concept::AskCountVerb)
        )
    });
    if !asked {
        return None;
    }
    several_asked(work);
    // "number of men and women": one number, or two?
    if work.kinds(ItemKind::Gender) >= 2
        && let Some(i) = work.find(|c| matches!(c, Concept::LogicAnd))
    {
        work.unclear(i);
    }
    // 남자와 여자 각각 몇 명: one number would be wrong.
    if let Some(i) = work
        .find(|c| c == Concept::GroupBy)
        .filter(|i| matches!(work.text(*i), "각각" | "각각의" | "각" | "각자" | "each" | "respectively"))
    {
        work.unclear(i);
    }
    if let Some(by) = asked_where(work) {
        let value = GroupValue::Count(counted(work));
        consume_count_words(work);
        return Some(Wants::Groups(Groups { by, value, known_only: false, top: None }));
    }
    let people = counted(work);
    // "more than once", 두 번 이상
    if people == Counted::People
        && let Some(least) = repeated(work)
    {
        consume_count_words(work);
        return Some(Wants::Scalar(Scalar::PeopleWithAtLeast(least)));
    }
    consume_count_words(work);
    Some(Wants::Scalar(Scalar::Count(people)))
}

/// "how many men and how many women", "how many and when": more than one answer is asked for.
fn several_asked(work: &mut Work<'_>) {
    let asks: Vec<usize> = (0..work.len())
        .filter(|i| matches!(work.concept(*i), Some(Concept::AskHowMany | Concept::AskCount | Concept::AskPeopleCount)))
        .collect();
    let item = |range: Range| range.into_iter().any(|k| work.is_item(k));
    let apart = asks
        .windows(2)
        .find(|pair| item(0..pair[0]) && item(pair[0]..pair[1]) || item(pair[0]..pair[1]) && item(pair[1]..work.len()));
    if let Some(pair) = apart {
        work.unclear(pair[1]);
    }
    let also_when =
        (0..work.len()).find(|i| work.is(*i, Concept::AskWhen) && *i > 0 && work.is(*i - 1, Concept::LogicAnd));
    if let Some(i) = also_when {
        work.unclear(i);
    }
}

/// 어느 쪽에서 몇 번씩, 어디서 몇 건: a count for each.
fn asked_where(work: &mut Work<'_>) -> Option<Key> {
    if work.english() {
        return None;
    }
    let at = work.find(|c| matches!(c, Concept::AskWhich | Concept::AskWhere))?;
    let key = match work.concept(at) {
        Some(Concept::AskWhere) => Key::Place,
        Some(_) if work.text(at).contains('쪽') => Key::Area,
        _ => return None,
    };
    work.consume(at);
    Some(key)
}

/// At least this many times each: "more than once", "twice or more", 두 번 이상.
fn repeated(work: &mut Work<'_>) -> Option<u32> {
    for i in 0..work.len() {
        let times = match work.what(i) {
            Some(N::Amount { value, unit: Concept::UnitTimes, .. }) if !work.nodes[i].used => *value,
            Some(_) if work.text(i) == "once" => 1.0,
            Some(_) if work.text(i) == "twice" => 2.0,
            _ => continue,
        };
        let near = |range: Range| {
            range.into_iter().find_map(|k| match work.concept(k) {
                Some(Concept::CmpGe) => Some((k, 0.0)),
                Some(Concept::CmpGt) => Some((k, 1.0)),
                _ => None,
            })
        };
        let (k, more) = near(i + 1..(i + 3).min(work.len())).or_else(|| near(i.saturating_sub(2)..i))?;
        work.consume(k);
        work.consume(i);
        return Some((times + more) as u32);
    }
    None
}

/// What "how many" counts: people where the noun is a person.
fn counted(work: &mut Work<'_>) -> Counted {
    let mut people = false;
    for i in 0..work.len() {
        match work.concept(i) {
            Some(Concept::AskPeopleCount) => {
                people = true;
                work.consume(i);
            }
            Some(Concept::PersonUnit) => {
                people = true;
                work.consume(i);
            }
            Some(Concept::RelDistinct) => {
                work.consume(i);
            }
            Some(Concept::AskHowMany | Concept::AskCount)
                if work.english() || !matches!(work.question.lang, crate::question::Lang::Ko) =>
            {
                people |= !counts_times(work.text(i)) && person_noun_behind(work, i);
            }
            _ => {}
        }
    }
    if people { Counted::People } else { Counted::Events }
}

/// "how many times", "how often": events, whoever stands behind it.
fn counts_times(text: &str) -> bool {
    text.contains("time")
        || text.contains("often")
        || text.contains("occasion")
        || text.contains('回')
        || text.contains('次')
}

/// "how many (different) (young) people | thieves | women | of them".
fn person_noun_behind(work: &Work<'_>, i: usize) -> bool {
    let person = |k: usize| {
        matches!(work.concept(k), Some(Concept::Person))
            || matches!(work.what(k), Some(N::Item(item)) if matches!(item.kind, ItemKind::Gender | ItemKind::Age))
            || matches!(work.text(k), "men" | "women")
            || agent(work, k)
    };
    for k in i + 1..work.len() {
        if work.is(k, Concept::UnitTimes) || work.is(k, Concept::Event) {
            return false;
        }
        if person(k) {
            return true;
        }
        let soft = work.is_neutral(k)
            || matches!(work.concept(k), Some(Concept::RelDistinct | Concept::Filler))
            || matches!(work.what(k), Some(N::Item(item)) if item.not);
        if !soft {
            return false;
        }
    }
    false
}

/// A noun for who does it, now an item: its text is kept.
fn agent(work: &Work<'_>, k: usize) -> bool {
    let text = work.text(k);
    work.is_kind(k, ItemKind::Type)
        && (text.ends_with("ers")
            || text.ends_with("ors")
            || text.ends_with("thieves")
            || text.ends_with("vandals")
            || text.ends_with('者')
            || text.ends_with("犯")
            || text.ends_with("贼")
            || text.ends_with("小偷"))
}

/// Rows: their order, and which of them.
fn events(work: &mut Work<'_>) -> Wants {
    let n = number_of_things(work);
    let mut order = None;
    let mut single = false;
    for i in 0..work.len() {
        let (by, descending, superlative) = match work.concept(i) {
            Some(Concept::SupLongest) => (OrderBy::Duration, true, true),
            Some(Concept::SupShortest) => (OrderBy::Duration, false, true),
            Some(Concept::SupMostCertain) => (OrderBy::Confidence, true, true),
            Some(Concept::SupLeastCertain) => (OrderBy::Confidence, false, true),
            // "the oldest person" may ask for an age.
            Some(Concept::SupOldest | Concept::SupYoungest) if !asks_for_rows(work) => {
                work.unclear(i);
                continue;
            }
            Some(Concept::SupOldest) => (OrderBy::Age, true, true),
            Some(Concept::SupYoungest) => (OrderBy::Age, false, true),
            Some(Concept::OrderLongest) => (OrderBy::Duration, true, false),
            Some(Concept::OrderShortest) => (OrderBy::Duration, false, false),
            Some(Concept::OrderMostCertain) => (OrderBy::Confidence, true, false),
            Some(Concept::OrderLeastCertain) => (OrderBy::Confidence, false, false),
            Some(Concept::OrderOldest) => (OrderBy::Age, true, false),
            Some(Concept::OrderYoungest) => (OrderBy::Age, false, false),
            Some(Concept::OrderNewest) => (OrderBy::Time, true, false),
            Some(Concept::OrderAscending) => (OrderBy::Time, false, false),
            _ => continue,
        };
        if order.is_some() && matches!(work.concept(i), Some(Concept::OrderAscending)) {
            work.consume(i);
            continue;
        }
        if order.is_some_and(|(o, _): (Order, usize)| o != Order { by, descending }) {
            work.unclear(i);
            continue;
        }
        single |= superlative;
        order = Some((Order { by, descending }, i));
        work.consume(i);
    }
    work.take(Concept::ColumnDuration);
    // "the first", 마지막 두 건, 세 번째
    if n.is_some()
        && let Some(k) = work.find(|c| c == Concept::RelAgo)
    {
        work.nodes[k].what = N::Concept(Concept::RelLast);
    }
    // 시작하고, 초반: a time, not the first one.
    let first = (0..work.len()).find(|i| {
        matches!(work.concept(*i), Some(Concept::RelFirst | Concept::RelLast | Concept::RelTop))
            && !["시작", "초반", "막판", "막바지", "끝"].iter().any(|time| work.text(*i).starts_with(time))
    });
    let nth = nth(work);
    let pick = |n: Option<(u32, usize)>, work: &mut Work<'_>| match n {
        Some((n, at)) => {
            work.consume(at);
            Pick::Top(n)
        }
        None => Pick::Top(1),
    };
    if let Some((order, _)) = order {
        if single || n.is_some() {
            work.take(Concept::RelTop);
            if let Some(k) = first
                && matches!(work.concept(k), Some(Concept::RelFirst))
                && work.english()
            {
                // "most certain first"
                work.consume(k);
            }
            let pick = match nth {
                Some((k, at)) => {
                    work.consume(at);
                    Pick::Nth(k)
                }
                None => pick(n, work),
            };
            return Wants::Events { order, pick };
        }
        if let Some(k) = first
            && work.english()
            && matches!(work.concept(k), Some(Concept::RelFirst))
        {
            work.consume(k);
        }
        return Wants::Events { order, pick: Pick::All };
    }
    if let Some((k, at)) = nth {
        // "the last third": a part of the video.
        if at > 0 && matches!(work.concept(at - 1), Some(Concept::RelLast | Concept::RelFirst)) && work.english() {
            work.unclear(at);
        }
        work.consume(at);
        let backwards = first.filter(|k| work.is(*k, Concept::RelLast));
        if let Some(last) = backwards {
            work.consume(last);
        }
        let order = Order { by: OrderBy::Time, descending: backwards.is_some() };
        return Wants::Events { order, pick: Pick::Nth(k) };
    }
    if let Some(k) = first {
        let descending = work.is(k, Concept::RelLast);
        if !work.is(k, Concept::RelTop) {
            work.consume(k);
            for concept in [Concept::RelFirst, Concept::RelLast] {
                if (concept == Concept::RelLast) == descending {
                    work.take(concept);
                }
            }
            let order = Order { by: OrderBy::Time, descending };
            return Wants::Events { order, pick: pick(n, work) };
        }
    }
    Wants::Events { order: Order::TIME, pick: Pick::All }
}

/// Whether rows are asked for in so many words.
fn asks_for_rows(work: &Work<'_>) -> bool {
    work.has(|c| {
        matches!(c, Concept::AskWho | Concept::AskWhen | Concept::AskWhere | Concept::Event | Concept::AskList)
    }) || number_of_things(work).is_some()
}

/// "the second", 세 번째, "3rd".
fn nth(work: &Work<'_>) -> Option<(u32, usize)> {
    const WORDS: [&str; 27] = [
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "thirtieth",
        "fortieth",
        "fiftieth",
        "sixtieth",
        "seventieth",
        "eightieth",
        "ninetieth",
        "hundredth",
    ];
    let ordinal = |at: usize| if at < 19 { at as u32 + 2 } else { (at as u32 - 16) * 10 };
    (0..work.len()).find_map(|i| {
        if work.nodes[i].used {
            return None;
        }
        match work.what(i) {
            Some(N::Amount { value, unit: Concept::UnitNth, .. }) => Some((*value as u32, i)),
            _ if work.english() => WORDS.iter().position(|w| *w == work.text(i)).map(|at| (ordinal(at), i)),
            _ => None,
        }
    })
}

/// "three", 다섯 개, 2건: how many of the rows.
fn number_of_things(work: &Work<'_>) -> Option<(u32, usize)> {
    (0..work.len()).find_map(|i| match work.what(i) {
        Some(N::Amount { value, unit: Concept::UnitItem | Concept::UnitTimes | Concept::PersonUnit, upto: None })
            if !work.nodes[i].used && value.fract() == 0.0 && *value >= 1.0 && *value < 1e6 =>
        {
            Some((*value as u32, i))
        }
        Some(N::Number { value, numeral: Numeral::Digits | Numeral::Native })
            if !work.nodes[i].used && value.fract() == 0.0 && *value >= 1.0 && *value < 1e6 =>
        {
            Some((*value as u32, i))
        }
        _ => None,
    })
}

fn consume_count_words(work: &mut Work<'_>) {
    work.take_all(&[
        Concept::AskCount,
        Concept::AskHowMany,
        Concept::AskPeopleCount,
        Concept::AskCountVerb,
        Concept::UnitTimes,
        Concept::UnitItem,
        Concept::PersonUnit,
        Concept::StatTotal,
        Concept::RelDistinct,
        Concept::UnitPercent,
        Concept::AskHowMuch,
    ]);
}

/// 몇 초, 몇 분 동안: the amount is asked for in a unit.
fn asks_amount_of_time(work: &Work<'_>) -> bool {
    (0..work.len()).any(|i| {
        work.is(i, Concept::AskHowMany)
            && (i + 1..(i + 3).min(work.len()))
                .any(|k| matches!(work.concept(k), Some(Concept::UnitSecond | Concept::UnitMinute | Concept::UnitHour)))
    })
}

fn consume_length_words(work: &mut Work<'_>) {
    work.take_all(&[
        Concept::AskHowLong,
        Concept::ColumnDuration,
        Concept::AskHowMany,
        Concept::AskHowMuch,
        Concept::UnitSecond,
        Concept::UnitMinute,
        Concept::UnitHour,
        Concept::RelDuring,
        Concept::RelAbout,
        Concept::UnitTimes,
    ]);
}

/// The unit a length is asked in; seconds unless minutes or hours are named.
fn unit(work: &Work<'_>) -> Unit {
    for i in 0..work.len() {
        let asks = matches!(
            work.concept(i),
            Some(Concept::AskHowLong | Concept::InfoLength | Concept::AskHowMany | Concept::ColumnDuration)
        );
        let text = work.text(i);
        let named = match work.concept(i) {
            Some(Concept::UnitSecond) => Some(Unit::Native),
            Some(Concept::UnitMinute) => Some(Unit::Minutes),
            // 시간 is "time" as well as "hours".
            Some(Concept::UnitHour) if work.english() || i > 0 && work.is(i - 1, Concept::AskHowMany) => {
                Some(Unit::Hours)
            }
            _ if asks && (text.contains("초") || text.contains("second")) => Some(Unit::Native),
            _ if asks
                && (text.contains("몇 분")
                    || text.contains("몇분")
                    || text.contains("minute")
                    || text.contains("분짜리")) =>
            {
                Some(Unit::Minutes)
            }
            _ if asks && (text.contains("몇 시간") || text.contains("몇시간") || text.contains("hours")) => {
                Some(Unit::Hours)
            }
            _ => None,
        };
        if let Some(unit) = named {
            return unit;
        }
    }
    Unit::Native
}

/// "which hour", "busiest hour": the hour is asked for.
fn hour_word(work: &Work<'_>) -> Option<usize> {
    (1..work.len()).find(|i| {
        work.english()
            && work.is(*i, Concept::UnitHour)
            && (work.is(i - 1, Concept::AskWhich) || work.text(i - 1) == "busiest" || work.is(i - 1, Concept::AskWhat))
    })
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

fn has_time(work: &Work<'_>) -> bool {
    (0..work.len()).any(|i| work.is_kind(i, ItemKind::Time))
}

fn hour_like(text: &str) -> bool {
    text.contains('시')
        || text.contains("hour")
        || text.contains("time of day")
        || text.contains('時')
        || text.contains("点")
}
