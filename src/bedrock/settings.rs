//! What a client of Bedrock is set up with.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

/// Not `Debug`: it may hold a secret.
#[derive(Clone)]
pub struct Settings {
    /// Without one, the SDK's: `AWS_REGION`, or the profile's.
    pub region: Option<String>,
    /// Of the reranker, which few regions have; without one, `region`.
    pub rerank_region: Option<String>,
    pub credentials: Credentials,
    /// Of the models. Without one, the SDK's: `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`, `AWS_ENDPOINT_URL`, the profile's, AWS's
    /// own.
    pub endpoint: Option<String>,
    /// Of knowledge bases and rerankers; without one, as above, `AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME`.
    pub agent_endpoint: Option<String>,
    /// Of the lists of models; without one, AWS's own of the region.
    pub control_endpoint: Option<String>,
    /// Of the documents of knowledge bases, and their jobs; without one, AWS's own of the region.
    pub documents_endpoint: Option<String>,
    /// Of S3; likewise.
    pub objects_endpoint: Option<String>,
    /// What each model takes, by the id, profile or ARN it is called by; the default for those not named.
    pub models: BTreeMap<String, Capabilities>,
    /// Chat models of Claude that are asked through `InvokeModel` with its own messages, and not through `Converse`.
    pub by_invoke: BTreeSet<String>,
    /// Requests in flight at a time, for each model; more wait for their turn.
    pub concurrency: usize,
    /// How often the SDK sends a request that was throttled or failed on the service's side, the first time included.
    pub attempts: u32,
    pub connect_timeout: Duration,
    /// The longest a stream may be silent between two events.
    pub silence: Duration,
}

/// Those from a place where the SDK does not look. What is not here comes from the SDK's chain: environment, profile, SSO,
/// web identity, container, instance.
#[derive(Clone, Default)]
pub struct Credentials {
    pub keys: Option<Keys>,
    /// A Bedrock API key. It wins over the keys, which knowledge bases and rerankers still need.
    pub bearer: Option<String>,
}

#[derive(Clone)]
pub struct Keys {
    pub access_key_id: String,
    pub secret_access_key: String,
    pub session_token: Option<String>,
}

/// What a model takes. It comes from the model table: nothing is inferred from how an id is spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// `temperature` is not refused.
    pub sampling: bool,
    pub tool: ToolUse,
    /// Cache points are taken.
    pub cache: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToolUse {
    /// The model can be made to answer through a tool.
    Forced,
    /// It may use a tool, and refuses to be made to.
    Offered,
    /// It takes no tools: the request goes without.
    None,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            region: None,
            rerank_region: None,
            credentials: Credentials::default(),
            endpoint: None,
            agent_endpoint: None,
            control_endpoint: None,
            documents_endpoint: None,
            objects_endpoint: None,
            models: BTreeMap::new(),
            by_invoke: BTreeSet::new(),
            concurrency: 8,
            attempts: 3,
            connect_timeout: Duration::from_secs(3),
            silence: Duration::from_secs(30),
        }
    }
}

impl Default for Capabilities {
    /// What current chat models all take.
    fn default() -> Self {
        Self { sampling: false, tool: ToolUse::Offered, cache: false }
    }
}
