//! The settings of Bedrock: the seed's variables, and AWS's own where the SDK would not find them (`.env`).

use std::collections::BTreeSet;

use super::Sources;
use crate::bedrock::{self, Credentials, Keys};

/// What is asked of Bedrock, and how.
#[derive(Clone)]
pub struct Bedrock {
    pub client: bedrock::Settings,
    pub embedding_model: Option<String>,
    /// None means the model's own.
    pub embedding_dimensions: Option<usize>,
    pub knowledge_base: Option<String>,
    /// That documents are put into; without one, the only one of the knowledge base.
    pub data_source: Option<String>,
    /// That `askline check` looks at; a strategy that reranks names its own.
    pub rerank_model: Option<String>,
}

/// Nothing without `use_bedrock`; what is set is checked all the same.
pub(super) fn gather(from: &mut Sources<'_>) -> Option<Bedrock> {
    let used = from.take("use_bedrock", None, yes_or_no).unwrap_or(false);
    let region = from.take("bedrock_region", None, word("a region such as ap-northeast-2"));
    let gathered = Bedrock {
        embedding_model: from.take("bedrock_embedding_model_id", None, model),
        knowledge_base: from.take("bedrock_knowledge_base_id", None, knowledge_base),
        data_source: from.take("bedrock_data_source_id", None, data_source_id),
        embedding_dimensions: from.take("bedrock_embedding_dimensions", None, positive),
        rerank_model: from.take("bedrock_rerank_model_id", None, model),
        client: bedrock::Settings {
            region: region.or(from.aws("AWS_REGION")).or(from.aws("AWS_DEFAULT_REGION")),
            credentials: credentials(from),
            rerank_region: from.take("bedrock_rerank_region", None, word("a region such as us-west-2")),
            endpoint: endpoint(from, "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"),
            agent_endpoint: endpoint(from, "AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME"),
            control_endpoint: endpoint(from, "AWS_ENDPOINT_URL_BEDROCK"),
            documents_endpoint: endpoint(from, "AWS_ENDPOINT_URL_BEDROCK_AGENT"),
            objects_endpoint: endpoint(from, "AWS_ENDPOINT_URL_S3"),
            by_invoke: from.take("bedrock_invoke_model_ids", None, several).unwrap_or_default(),
            concurrency: from
                .take("bedrock_concurrency", None, concurrency)
                .unwrap_or(bedrock::Settings::default().concurrency),
            ..bedrock::Settings::default()
        },
    };
    used.then_some(gathered)
}

fn credentials(from: &mut Sources<'_>) -> Credentials {
    Credentials { bearer: from.aws("AWS_BEARER_TOKEN_BEDROCK"), keys: keys(from) }
}

fn keys(from: &mut Sources<'_>) -> Option<Keys> {
    let session_token = from.aws("AWS_SESSION_TOKEN");
    let (id, secret) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    match (from.aws(id), from.aws(secret)) {
        (Some(access_key_id), Some(secret_access_key)) => {
            Some(Keys { access_key_id, secret_access_key, session_token })
        }
        (Some(_), None) => {
            from.problem(id.to_owned(), id, format!("is set without {secret}"));
            None
        }
        (None, Some(_)) => {
            from.problem(secret.to_owned(), secret, format!("is set without {id}"));
            None
        }
        // The SDK's chain: profile, SSO, container, instance.
        (None, None) => None,
    }
}

fn endpoint(from: &mut Sources<'_>, of_service: &'static str) -> Option<String> {
    let ignored = from.aws("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|set| set.eq_ignore_ascii_case("true"));
    let set = from.aws(of_service).or(from.aws("AWS_ENDPOINT_URL"));
    set.filter(|_| !ignored)
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("true or false".to_owned()),
    }
}

/// A model id, an inference profile or an ARN.
pub(super) fn model(text: &str) -> Result<String, String> {
    word("a model id, an inference profile or an ARN")(text)
}

fn word(expected: &'static str) -> impl Fn(&str) -> Result<String, String> {
    move |text| match text.trim() {
        "" => Err(expected.to_owned()),
        text if text.contains(char::is_whitespace) => Err(expected.to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// Ids between commas.
fn several(text: &str) -> Result<BTreeSet<String>, String> {
    let one = word("model ids, with commas between them");
    text.split(',').map(one).collect()
}

fn positive(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or("a whole number above 0".to_owned())
}

fn knowledge_base(text: &str) -> Result<String, String> {
    let text = text.trim();
    let id = text.len() == 10 && text.chars().all(|c| c.is_ascii_alphanumeric());
    if id || text.starts_with("arn:") {
        Ok(text.to_owned())
    } else {
        Err("10 letters and digits, or an ARN".to_owned())
    }
}

/// As AWS gives them to data sources.
pub fn data_source_id(text: &str) -> Result<String, String> {
    let text = text.trim();
    let id = text.len() == 10 && text.chars().all(|c| c.is_ascii_alphanumeric());
    if id { Ok(text.to_owned()) } else { Err("10 letters and digits".to_owned()) }
}

fn concurrency(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| (1..=1000).contains(n)).ok_or("a whole number, 1 to 1000".to_owned())
}
