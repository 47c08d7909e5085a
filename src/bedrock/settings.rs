//! What a client of Bedrock is set up with.

use std::{collections::BTreeMap, time::Duration};

/// Not `Debug`: it may hold a secret.
#[derive(Clone)]
pub struct Settings {
    /// Without one, the SDK's: `AWS_REGION`, or the profile's.
    pub region: Option<String>,
    /// Without them, the SDK's chain: environment, profile, SSO, web identity, container, instance.
    pub credentials: Option<Credentials>,
    /// Without one, the SDK's: `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`, `AWS_ENDPOINT_URL`, the profile's, AWS's own.
    pub endpoint: Option<String>,
    /// What each model takes, by the id, profile or ARN it is called by; the default for those not named.
    pub models: BTreeMap<String, Capabilities>,
    /// Requests in flight at a time, for each model; more wait for their turn.
    pub concurrency: usize,
    /// How often the SDK sends a request that was throttled or failed on the service's side, the first time included.
    pub attempts: u32,
    pub connect_timeout: Duration,
    /// The longest a stream may be silent between two events.
    pub silence: Duration,
}

/// Keys from a place where the SDK does not look.
#[derive(Clone)]
pub enum Credentials {
    Keys {
        access_key_id: String,
        secret_access_key: String,
        session_token: Option<String>,
    },
    /// A Bedrock API key.
    Bearer(String),
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
            credentials: None,
            endpoint: None,
            models: BTreeMap::new(),
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
