//! What an account has, as the stand-in's lists say it: models and inference profiles; and the small things beside
//! models: counted tokens, guardrails, rerankers.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{
    base,
    filter::likeness,
    operation::Operation,
    request::{Asked, invalid, list},
    script::{Refusal, Script},
    tokens,
};

/// A model of the account.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    pub id: String,
    #[serde(default)]
    pub legacy: bool,
    /// Served through inference profiles only.
    #[serde(default)]
    pub profile_only: bool,
    /// Access is not granted.
    #[serde(default)]
    pub closed: bool,
}

/// What one of these operations answers.
///
/// # Errors
/// What the service refuses.
pub(super) fn answer(
    script: &Script,
    asked: &Asked,
    guarded: Option<&str>,
    scores: Option<&[f64]>,
) -> Result<Json, Refusal> {
    match asked.operation {
        Operation::ListFoundationModels => {
            Ok(json!({"modelSummaries": script.catalog.iter().map(summary).collect::<Vec<_>>()}))
        }
        Operation::GetFoundationModelAvailability => availability(script, &asked.model),
        Operation::ListInferenceProfiles => profiles(script, &asked.body),
        Operation::CountTokens => Ok(json!({"inputTokens": count(&asked.body)?})),
        Operation::ApplyGuardrail => Ok(guardrail(&asked.body, guarded)),
        _ => rerank(&asked.body, scores),
    }
}

fn summary(model: &Listed) -> Json {
    let provider = model.id.split('.').next().unwrap_or_default();
    json!({
        "modelArn": format!("arn:aws:bedrock:sim::foundation-model/{}", model.id),
        "modelId": model.id, "modelName": model.id, "providerName": provider,
        "inputModalities": ["TEXT"], "outputModalities": ["TEXT"], "responseStreamingSupported": true,
        "customizationsSupported": [],
        "inferenceTypesSupported": if model.profile_only { vec!["INFERENCE_PROFILE"] } else { vec!["ON_DEMAND"] },
        "modelLifecycle": {"status": if model.legacy { "LEGACY" } else { "ACTIVE" }},
    })
}

fn availability(script: &Script, id: &str) -> Result<Json, Refusal> {
    let Some(model) = script.catalog.iter().find(|model| model.id == id) else {
        return Err(Refusal::new("ResourceNotFoundException", "Model not found."));
    };
    let (status, authorized) =
        if model.closed { ("NOT_AVAILABLE", "NOT_AUTHORIZED") } else { ("AVAILABLE", "AUTHORIZED") };
    Ok(json!({
        "modelId": id, "agreementAvailability": {"status": status}, "authorizationStatus": authorized,
        "entitlementAvailability": status, "regionAvailability": "AVAILABLE",
    }))
}

/// The body of a GET is its query.
fn profiles(script: &Script, query: &Json) -> Result<Json, Refusal> {
    let summary = |id: &String| {
        let model = id.split_once('.').map_or("", |(_, model)| model);
        json!({
            "inferenceProfileId": id, "inferenceProfileName": id, "status": "ACTIVE", "type": "SYSTEM_DEFINED",
            "inferenceProfileArn": format!("arn:aws:bedrock:sim:000000000000:inference-profile/{id}"),
            "models": [{"modelArn": format!("arn:aws:bedrock:sim::foundation-model/{model}")}],
        })
    };
    let all: Vec<_> = script.inference_profiles.iter().map(summary).collect();
    let size = query["maxResults"].as_str().and_then(|size| size.parse().ok()).unwrap_or(100);
    let (page, token) = base::page(&all, size, &query["nextToken"])?;
    let mut body = json!({"inferenceProfileSummaries": page});
    if let Some(token) = token {
        body["nextToken"] = token.to_string().into();
    }
    Ok(body)
}

fn count(body: &Json) -> Result<u64, Refusal> {
    let text = match (body.pointer("/input/converse"), body.pointer("/input/invokeModel/body").and_then(Json::as_str)) {
        (Some(converse), _) => [list(converse, "/system"), list(converse, "/messages")]
            .concat()
            .iter()
            .map(|part| part["text"].as_str().map_or_else(|| part["content"].to_string(), str::to_owned))
            .collect(),
        (None, Some(encoded)) => {
            let bytes = BASE64_STANDARD.decode(encoded).map_err(|error| invalid(&error.to_string()))?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
        (None, None) => return Err(invalid("input: one of converse and invokeModel is to be set")),
    };
    Ok(tokens::of(&text))
}

/// Only a script's text intervenes.
fn guardrail(body: &Json, says: Option<&str>) -> Json {
    let outputs: Vec<_> = says.iter().map(|text| json!({"text": text})).collect();
    let units = list(body, "/content").len();
    json!({
        "action": if says.is_some() { "GUARDRAIL_INTERVENED" } else { "NONE" },
        "outputs": outputs, "assessments": [],
        "usage": {
            "topicPolicyUnits": 0, "contentPolicyUnits": units, "wordPolicyUnits": 0,
            "sensitiveInformationPolicyUnits": 0, "sensitiveInformationPolicyFreeUnits": 0,
            "contextualGroundingPolicyUnits": 0,
        },
    })
}

/// By the script's scores, else by the words a document shares with the query.
fn rerank(body: &Json, scores: Option<&[f64]>) -> Result<Json, Refusal> {
    let wrong = |why: &str| invalid(&format!("Value at {why}"));
    let [query] = list(body, "/queries") else { return Err(wrong("'queries': exactly 1")) };
    let sources = list(body, "/sources");
    if !(1..=1000).contains(&sources.len()) {
        return Err(wrong("'sources': 1 to 1000"));
    }
    let says = body.pointer("/rerankingConfiguration/bedrockRerankingConfiguration").unwrap_or(&Json::Null);
    let arn = says.pointer("/modelConfiguration/modelArn").and_then(Json::as_str);
    if !arn.is_some_and(|arn| arn.starts_with("arn:aws")) {
        return Err(wrong("'modelArn': an ARN"));
    }
    let most = says.get("numberOfResults").map_or(Some(sources.len() as u64), Json::as_u64);
    let most = most.and_then(|most| usize::try_from(most).ok()).filter(|most| (1..=1000).contains(most));
    let most = most.ok_or_else(|| wrong("'numberOfResults': 1 to 1000"))?;
    let query = query.pointer("/textQuery/text").and_then(Json::as_str).unwrap_or_default();
    let mut ranked = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let text = source.pointer("/inlineDocumentSource/textDocument/text").and_then(Json::as_str);
        let json = || source.pointer("/inlineDocumentSource/jsonDocument").map(Json::to_string);
        let text = text.map(str::to_owned).or_else(json).ok_or_else(|| wrong("'sources': text or JSON"))?;
        if text.chars().count() > 32_000 {
            return Err(wrong("'text': at most 32000 characters"));
        }
        ranked.push((
            scores.and_then(|scores| scores.get(index).copied()).unwrap_or_else(|| likeness(query, &text)),
            index,
        ));
    }
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
    let results = ranked.iter().take(most).map(|(score, index)| json!({"index": index, "relevanceScore": score}));
    Ok(json!({"results": results.collect::<Vec<_>>()}))
}
