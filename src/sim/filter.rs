//! A filter of Retrieve, really evaluated; and how much of a query's words a text has.

use std::collections::HashSet;

use serde_json::{Map, Value as Json};

use super::{request::invalid, script::Refusal};

/// Whether a document's metadata meets a filter.
///
/// # Errors
/// A filter that the service does not take.
pub(super) fn meets(filter: &Json, metadata: &Map<String, Json>) -> Result<bool, Refusal> {
    let wrong = |why: &str| invalid(&format!("Value at 'filter' failed to satisfy constraint: {why}"));
    let one = filter.as_object().filter(|operators| operators.len() == 1).and_then(|operators| operators.iter().next());
    let (operator, says) = one.ok_or_else(|| wrong("exactly one operator"))?;
    if operator == "andAll" || operator == "orAll" {
        let all = says.as_array().filter(|all| all.len() >= 2).ok_or_else(|| wrong("2 filters or more"))?;
        let met: Vec<bool> = all.iter().map(|filter| meets(filter, metadata)).collect::<Result<_, _>>()?;
        return Ok(if operator == "andAll" { !met.contains(&false) } else { met.contains(&true) });
    }
    let key = says["key"].as_str().filter(|key| (1..=100).contains(&key.chars().count()));
    let key = key.ok_or_else(|| wrong("a key of 1 to 100 characters"))?;
    let value = says.get("value").ok_or_else(|| wrong("a value"))?;
    let has = metadata.get(key);
    let compared = |fits: &dyn Fn(f64, f64) -> bool| {
        let than = value.as_f64().ok_or_else(|| wrong("a number to compare with"))?;
        Ok(has.and_then(Json::as_f64).is_some_and(|has| fits(has, than)))
    };
    let list = || value.as_array().filter(|list| !list.is_empty()).ok_or_else(|| wrong("a list of values"));
    let word = || value.as_str().ok_or_else(|| wrong("a string"));
    Ok(match operator.as_str() {
        "equals" => has.is_some_and(|has| same(has, value)),
        "notEquals" => !has.is_some_and(|has| same(has, value)),
        "greaterThan" => compared(&|has, than| has > than)?,
        "greaterThanOrEquals" => compared(&|has, than| has >= than)?,
        "lessThan" => compared(&|has, than| has < than)?,
        "lessThanOrEquals" => compared(&|has, than| has <= than)?,
        "in" => list()?.iter().any(|one| has.is_some_and(|has| same(has, one))),
        "notIn" => !list()?.iter().any(|one| has.is_some_and(|has| same(has, one))),
        "startsWith" => {
            let word = word()?;
            has.and_then(Json::as_str).is_some_and(|has| has.starts_with(word))
        }
        "stringContains" => {
            let word = word()?;
            match has {
                Some(Json::Array(items)) => items.iter().filter_map(Json::as_str).any(|item| item.contains(word)),
                other => other.and_then(Json::as_str).is_some_and(|has| has.contains(word)),
            }
        }
        "listContains" => has.and_then(Json::as_array).is_some_and(|has| has.iter().any(|item| same(item, value))),
        _ => return Err(wrong("an operator that is known")),
    })
}

/// The share of the query's words that a text has, 0 to 1. It stands for nearness in meaning, which is not here.
pub(super) fn likeness(query: &str, text: &str) -> f64 {
    let (query, text) = (words(query), words(text));
    let shared = query.iter().filter(|word| text.contains(*word)).count();
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    count(shared) / count(query.len().max(1))
}

fn words(text: &str) -> HashSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// 1 and 1.0 are one number.
fn same(one: &Json, other: &Json) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => (one - other).abs() < f64::EPSILON,
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_operator_is_evaluated_and_what_is_no_filter_refused() {
        let metadata = json!({"video_id": 1, "event_type": "theft", "tags": ["night", "bicycle"], "score": 0.5});
        let Json::Object(metadata) = metadata else { return };
        let one = |operator: &str, key: &str, value: Json| json!({operator: {"key": key, "value": value}});
        for (filter, expected) in [
            (one("equals", "video_id", json!(1.0)), Some(true)),
            (one("equals", "video_id", json!("1")), Some(false)),
            (one("equals", "other", json!(1)), Some(false)),
            (one("notEquals", "event_type", json!("theft")), Some(false)),
            (one("notEquals", "other", json!(1)), Some(true)),
            (one("greaterThan", "score", json!(0.5)), Some(false)),
            (one("greaterThanOrEquals", "score", json!(0.5)), Some(true)),
            (one("lessThan", "score", json!(1)), Some(true)),
            (one("lessThanOrEquals", "event_type", json!(1)), Some(false)),
            (one("lessThan", "score", json!("1")), None),
            (one("in", "event_type", json!(["fire", "theft"])), Some(true)),
            (one("in", "event_type", json!([])), None),
            (one("in", "event_type", json!("theft")), None),
            (one("notIn", "event_type", json!(["fire"])), Some(true)),
            (one("startsWith", "event_type", json!("th")), Some(true)),
            (one("stringContains", "event_type", json!("ef")), Some(true)),
            (one("stringContains", "tags", json!("cycl")), Some(true)),
            (one("listContains", "tags", json!("night")), Some(true)),
            (one("listContains", "tags", json!("nigh")), Some(false)),
            (one("like", "tags", json!("night")), None),
            (json!({"andAll": [one("equals", "video_id", json!(1))]}), None),
            (json!({"andAll": [one("equals", "video_id", json!(1)), one("equals", "score", json!(1))]}), Some(false)),
            (json!({"orAll": [one("equals", "video_id", json!(1)), one("equals", "score", json!(1))]}), Some(true)),
            (json!({"equals": {"key": "a", "value": 1}, "in": {"key": "a", "value": [1]}}), None),
            (json!({"equals": {"value": 1}}), None),
            (json!({}), None),
        ] {
            assert_eq!(meets(&filter, &metadata).ok(), expected, "{filter}");
        }
    }
}
