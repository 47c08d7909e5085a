//! Embeddings: what Titan and Cohere take and refuse, and vectors made from the hash of a text.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{RngCore, SeedableRng},
};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};

use super::{
    request::{Asked, invalid, known},
    script::Refusal,
};
use crate::model::Usage;

/// The texts, if the body is that of an embedding.
///
/// # Errors
/// What the service refuses in it.
pub(super) fn texts(model: &str, body: &Json) -> Result<Option<Vec<String>>, Refusal> {
    if let Some(text) = body["inputText"].as_str() {
        return titan(model, body, text).map(|text| Some(vec![text]));
    }
    match body["texts"].as_array() {
        Some(texts) => cohere(model, body, texts).map(Some),
        None => Ok(None),
    }
}

fn titan(model: &str, body: &Json, text: &str) -> Result<String, Refusal> {
    known(body, if is_first(model) { &TITAN[..1] } else { &TITAN })?;
    let characters = text.chars().count();
    if characters == 0 {
        return Err(malformed("expected minLength: 1, actual: 0"));
    }
    if characters > 50_000 {
        return Err(malformed(&format!("expected maxLength: 50000, actual: {characters}")));
    }
    let tokens = characters.div_ceil(4);
    if tokens > 8192 {
        return Err(invalid(&format!(
            "400 Bad Request: Too many input tokens. Max input tokens: 8192, request input token count: {tokens}"
        )));
    }
    if body.get("dimensions").is_some_and(|dims| ![256, 512, 1024].map(Json::from).contains(dims)) {
        return Err(malformed("#/dimensions: is not a valid enum value"));
    }
    Ok(text.to_owned())
}

fn cohere(model: &str, body: &Json, texts: &[Json]) -> Result<Vec<String>, Refusal> {
    let sized = is_fourth(model);
    known(body, if sized { &COHERE } else { &COHERE[..4] })?;
    if texts.is_empty() || texts.len() > 96 {
        return Err(malformed(&format!("#/texts: expected 1 to 96 items, actual: {}", texts.len())));
    }
    let kinds = ["search_document", "search_query", "classification", "clustering"];
    if !kinds.iter().any(|kind| body["input_type"] == **kind) {
        return Err(malformed("#/input_type: is not a valid enum value"));
    }
    if sized && body.get("output_dimension").is_some_and(|dims| ![256, 512, 1024, 1536].map(Json::from).contains(dims))
    {
        return Err(malformed("#/output_dimension: is not a valid enum value"));
    }
    let text = |text: &Json| match text.as_str() {
        Some(text) if sized || text.chars().count() <= 2048 => Ok(text.to_owned()),
        Some(text) => Err(malformed(&format!("#/texts: expected maxLength: 2048, actual: {}", text.chars().count()))),
        None => Err(malformed("#/texts: expected type: String")),
    };
    texts.iter().map(text).collect()
}

/// The reply: the script's vector for each text, else one made from the hash of the text, of length 1.
pub(super) fn reply(asked: &Asked, given: Option<&[f64]>, usage: Usage) -> Json {
    let vector = |text: &str, dims: u64| given.map_or_else(|| pseudo(text, dims), <[f64]>::to_vec);
    let Some(texts) = asked.body["texts"].as_array() else {
        let dims = asked.body["dimensions"].as_u64().unwrap_or(if is_first(&asked.model) { 1536 } else { 1024 });
        let vector = vector(&asked.text, dims);
        if is_first(&asked.model) {
            return json!({"embedding": vector, "inputTextTokenCount": usage.input});
        }
        let by_type = by_type(&asked.body["embeddingTypes"], std::slice::from_ref(&vector));
        let by_type: Map<_, _> = by_type.into_iter().map(|(kind, mut all)| (kind, all[0].take())).collect();
        return json!({"embedding": vector, "embeddingsByType": by_type, "inputTextTokenCount": usage.input});
    };
    let dims = asked.body["output_dimension"].as_u64().unwrap_or(if is_fourth(&asked.model) { 1536 } else { 1024 });
    let vectors: Vec<_> = texts.iter().map(|text| vector(text.as_str().unwrap_or_default(), dims)).collect();
    if asked.body.get("embedding_types").is_none() {
        return json!({"id": "sim", "texts": texts, "embeddings": vectors, "response_type": "embeddings_floats"});
    }
    let by_type = by_type(&asked.body["embedding_types"], &vectors);
    json!({"id": "sim", "texts": texts, "embeddings": by_type, "response_type": "embeddings_by_type"})
}

const TITAN: [&str; 4] = ["inputText", "dimensions", "normalize", "embeddingTypes"];
const COHERE: [&str; 6] = ["texts", "input_type", "truncate", "embedding_types", "output_dimension", "max_tokens"];

fn is_first(model: &str) -> bool {
    model.contains("titan-embed-text-v1")
}

fn is_fourth(model: &str) -> bool {
    model.contains("embed-v4")
}

fn by_type(types: &Json, vectors: &[Vec<f64>]) -> Map<String, Json> {
    let types = types.as_array().cloned().unwrap_or_else(|| vec!["float".into()]);
    let all = |kind: &str| -> Json {
        let bits = |vector: &Vec<f64>| -> Json { vector.iter().map(|x| Json::from(u8::from(*x > 0.0))).collect() };
        match kind {
            "binary" => vectors.iter().map(bits).collect(),
            _ => json!(vectors),
        }
    };
    types.iter().filter_map(Json::as_str).map(|kind| (kind.to_owned(), all(kind))).collect()
}

fn malformed(what: &str) -> Refusal {
    invalid(&format!("Malformed input request: {what}, please reformat your input and try again."))
}

fn pseudo(text: &str, dims: u64) -> Vec<f64> {
    let mut random = ChaCha8Rng::from_seed(Sha256::digest(text).into());
    let vector: Vec<f64> = (0..dims).map(|_| f64::from(random.next_u32()) / f64::from(u32::MAX) * 2.0 - 1.0).collect();
    let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
    vector.iter().map(|x| x / length).collect()
}
