//! What is certain of a question as a condition on metadata, and back. A knowledge base is told less than the database:
//! its words are fewer, and what it finds is looked up all the same.

use serde_json::{Value as Json, json};

use crate::{
    model::Matches,
    question::reading::{Area, Bound, Bounds, Cond, EventType, Gender},
};

/// The video always, and of the conditions those that metadata can tell: every event that satisfies them all meets it.
pub fn matches(certain: &Cond, video: i64) -> Matches {
    let mut all = vec![Matches::Equals(VIDEO.to_owned(), video.into())];
    match part(certain) {
        Some(Matches::All(parts)) => all.extend(parts),
        Some(one) => all.push(one),
        None => {}
    }
    Matches::All(all)
}

/// The video, and the conditions; `None` of what [`matches`] did not make.
pub(super) fn conditions(matches: &Matches) -> Option<(i64, Cond)> {
    let Matches::All(all) = matches else { return None };
    let (first, rest) = all.split_first()?;
    let Matches::Equals(key, video) = first else { return None };
    let parts = rest.iter().map(back).collect::<Option<Vec<_>>>()?;
    Some((video.as_i64().filter(|_| key == VIDEO)?, Cond::All(parts)))
}

const VIDEO: &str = "video_id";

/// `None` where metadata cannot tell.
fn part(cond: &Cond) -> Option<Matches> {
    match cond {
        Cond::All(parts) => {
            let mut all = Vec::new();
            for matches in parts.iter().filter_map(part) {
                match matches {
                    Matches::All(inner) => all.extend(inner),
                    one => all.push(one),
                }
            }
            (!all.is_empty()).then_some(Matches::All(all))
        }
        // One of which nothing is told lets all through.
        Cond::Any(parts) => Some(Matches::Any(parts.iter().map(part).collect::<Option<_>>()?)),
        Cond::Type(types) => Some(match &types[..] {
            [one] => equals("event_type", one.as_str()),
            types => Matches::In("event_type".to_owned(), types.iter().map(|one| one.as_str().into()).collect()),
        }),
        Cond::Not(inner) => match inner.as_ref() {
            Cond::Type(types) => {
                Some(Matches::All(types.iter().map(|one| differs("event_type", one.as_str())).collect()))
            }
            Cond::Gender(gender) => Some(differs("gender", gender_word(*gender))),
            Cond::Area(area) => Some(differs("area", area_word(*area))),
            _ => None,
        },
        Cond::Time(bounds) => between("timestamp", bounds),
        Cond::Age(bounds) => between("age", bounds),
        Cond::Gender(gender) => Some(equals("gender", gender_word(*gender))),
        Cond::Area(area) => Some(equals("area", area_word(*area))),
        Cond::Id(id) => Some(Matches::Equals("event_id".to_owned(), (*id).into())),
        Cond::Clock(_)
        | Cond::Confidence(_)
        | Cond::Duration(_)
        | Cond::Place(_)
        | Cond::Person(_)
        | Cond::Unknown(_) => None,
    }
}

fn between(key: &str, bounds: &Bounds) -> Option<Matches> {
    let key = || key.to_owned();
    let low = bounds.low.map(|low| match low.inclusive {
        true => Matches::GreaterOrEquals(key(), low.value),
        false => Matches::GreaterThan(key(), low.value),
    });
    let high = bounds.high.map(|high| match high.inclusive {
        true => Matches::LessOrEquals(key(), high.value),
        false => Matches::LessThan(key(), high.value),
    });
    let all: Vec<Matches> = low.into_iter().chain(high).collect();
    (!all.is_empty()).then_some(Matches::All(all))
}

fn back(matches: &Matches) -> Option<Cond> {
    let bound = |key: &str, low: bool, value: f64, inclusive: bool| {
        let bound = Some(Bound { value, inclusive });
        let bounds = if low { Bounds { low: bound, high: None } } else { Bounds { low: None, high: bound } };
        match key {
            "timestamp" => Some(Cond::Time(bounds)),
            "age" => Some(Cond::Age(bounds)),
            _ => None,
        }
    };
    match matches {
        Matches::All(all) => Some(Cond::All(all.iter().map(back).collect::<Option<_>>()?)),
        Matches::Any(any) => Some(Cond::Any(any.iter().map(back).collect::<Option<_>>()?)),
        Matches::Equals(key, value) => is(key, value),
        Matches::NotEquals(key, value) => Some(Cond::Not(Box::new(is(key, value)?))),
        Matches::In(key, values) if key == "event_type" => {
            let types = values.iter().map(|value| EventType::parse(value.as_str()?)).collect::<Option<_>>()?;
            Some(Cond::Type(types))
        }
        Matches::In(..) => None,
        Matches::GreaterThan(key, value) => bound(key, true, *value, false),
        Matches::GreaterOrEquals(key, value) => bound(key, true, *value, true),
        Matches::LessThan(key, value) => bound(key, false, *value, false),
        Matches::LessOrEquals(key, value) => bound(key, false, *value, true),
    }
}

fn is(key: &str, value: &Json) -> Option<Cond> {
    match (key, value.as_str()) {
        ("event_id", None) => Some(Cond::Id(value.as_i64()?)),
        ("event_type", Some(word)) => Some(Cond::Type(vec![EventType::parse(word)?])),
        ("gender", Some("male")) => Some(Cond::Gender(Gender::Male)),
        ("gender", Some("female")) => Some(Cond::Gender(Gender::Female)),
        ("area", Some("left")) => Some(Cond::Area(Area::Left)),
        ("area", Some("center")) => Some(Cond::Area(Area::Center)),
        ("area", Some("right")) => Some(Cond::Area(Area::Right)),
        _ => None,
    }
}

fn equals(key: &str, word: &str) -> Matches {
    Matches::Equals(key.to_owned(), json!(word))
}

fn differs(key: &str, word: &str) -> Matches {
    Matches::NotEquals(key.to_owned(), json!(word))
}

fn gender_word(gender: Gender) -> &'static str {
    match gender {
        Gender::Male => "male",
        Gender::Female => "female",
    }
}

fn area_word(area: Area) -> &'static str {
    match area {
        Area::Left => "left",
        Area::Center => "center",
        Area::Right => "right",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::reading::Column;

    #[test]
    fn what_is_certain_becomes_a_filter_and_a_filter_what_is_certain() {
        let time = |low, high| {
            let bound = |value, inclusive| Some(Bound { value, inclusive });
            Cond::Time(Bounds { low: bound(low, true), high: bound(high, false) })
        };
        let types = || Cond::Type(vec![EventType::Theft, EventType::Fighting]);
        for (cond, expected) in [
            (Cond::all(), json!([])),
            (time(60.0, 90.0), json!([{"greater_or_equals": ["timestamp", 60.0]}, {"less_than": ["timestamp", 90.0]}])),
            (types(), json!([{"in": ["event_type", ["theft", "fighting"]]}])),
            (
                Cond::All(vec![Cond::Gender(Gender::Female), Cond::Area(Area::Left), Cond::Place("계산대".to_owned())]),
                json!([{"equals": ["gender", "female"]}, {"equals": ["area", "left"]}]),
            ),
            (Cond::Not(Box::new(Cond::Gender(Gender::Male))), json!([{"not_equals": ["gender", "male"]}])),
            (
                Cond::Any(vec![Cond::Gender(Gender::Male), Cond::Id(7)]),
                json!([{"any": [{"equals": ["gender", "male"]}, {"equals": ["event_id", 7]}]}]),
            ),
            // One of the alternatives cannot be told: all are let through.
            (Cond::Any(vec![Cond::Gender(Gender::Male), Cond::Person(7)]), json!([])),
            (Cond::Not(Box::new(time(1.0, 2.0))), json!([])),
            (Cond::Unknown(Column::Age), json!([])),
        ] {
            let made = matches(&cond, 3);
            let Matches::All(parts) = &made else { panic!("{made:?}") };
            assert_eq!(parts[0], Matches::Equals("video_id".to_owned(), json!(3)), "the video always");
            assert_eq!(serde_json::to_value(&parts[1..]).unwrap(), expected, "{cond:?}");
            let (video, again) = conditions(&made).unwrap();
            assert_eq!((video, matches(&again, 3)), (3, made));
        }
        assert_eq!(conditions(&Matches::Any(vec![])), None);
    }
}
