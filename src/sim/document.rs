//! Documents of the stand-in's knowledge bases, as requests and objects of a bucket hold them.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::{
    request::{invalid, list},
    script::Refusal,
};

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub metadata: Map<String, Json>,
}

/// What `.metadata.json` beside an object says.
pub(super) fn beside(text: &[u8]) -> Option<Map<String, Json>> {
    let json: Json = serde_json::from_slice(text).ok()?;
    json.get("metadataAttributes")?.as_object().cloned()
}

pub(super) fn few(given: &[Json]) -> Result<(), Refusal> {
    let fits = (1..=10).contains(&given.len());
    if fits { Ok(()) } else { Err(invalid("Member must have length between 1 and 10, inclusive")) }
}

pub(super) fn identifiers(body: &Json) -> Result<Vec<String>, Refusal> {
    let given = list(body, "/documentIdentifiers");
    few(given)?;
    let id = |one: &Json| one.pointer("/custom/id").and_then(Json::as_str).map(str::to_owned);
    given.iter().map(|one| id(one).ok_or_else(|| invalid("an identifier of this stand-in is CUSTOM"))).collect()
}

pub(super) fn document(given: &Json) -> Result<Document, Refusal> {
    let text = |pointer: &str| given.pointer(pointer).and_then(Json::as_str);
    let id = text("/content/custom/customDocumentIdentifier/id");
    let id = id.filter(|id| !id.is_empty()).ok_or_else(|| invalid("a document of this stand-in has a custom id"))?;
    let data = text("/content/custom/inlineContent/textContent/data");
    let data =
        data.filter(|data| !data.is_empty()).ok_or_else(|| invalid("a document of this stand-in is inline text"))?;
    let attributes = list(given, "/metadata/inlineAttributes");
    if attributes.len() > 50 {
        return Err(invalid("a document has at most 50 attributes"));
    }
    let metadata = attributes.iter().map(attribute).collect::<Result<_, _>>()?;
    Ok(Document { id: id.to_owned(), text: data.to_owned(), metadata })
}

fn attribute(given: &Json) -> Result<(String, Json), Refusal> {
    let value = &given["value"];
    let field = match value["type"].as_str().unwrap_or_default() {
        "STRING" => "stringValue",
        "NUMBER" => "numberValue",
        "BOOLEAN" => "booleanValue",
        "STRING_LIST" => "stringListValue",
        other => return Err(invalid(&format!("`{other}` is no type of an attribute"))),
    };
    match (given["key"].as_str(), value.get(field)) {
        (Some(key), Some(value)) if (1..=200).contains(&key.chars().count()) => Ok((key.to_owned(), value.clone())),
        _ => Err(invalid(&format!("an attribute has a key of 1 to 200 characters and its {field}"))),
    }
}
