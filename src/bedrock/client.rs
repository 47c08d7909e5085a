//! The client: one connection pool for each service, one limiter for each model, a time limit around everything.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_config::{BehaviorVersion, Region};
use aws_runtime::auth::sigv4::SCHEME_ID as SIGV4;
use aws_sdk_bedrockagentruntime as agent;
use aws_sdk_bedrockruntime::{
    Client,
    config::{
        self, StalledStreamProtectionConfig, Token,
        retry::{RetryConfig, RetryPartition},
        timeout::TimeoutConfig,
    },
    operation::RequestId,
};
use aws_smithy_runtime_api::client::auth::http::HTTP_BEARER_AUTH_SCHEME_ID;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

use super::{
    chat,
    error::{self, About, Asked},
    invoke,
    settings::{Capabilities, Keys, Settings},
    stream,
    wire::{Body, NotAgain},
};
use crate::model::{Chat, ChatModel, Completion, ModelError, Pending, Pieces};

/// What one account has in one region: chat models, embeddings, knowledge bases, rerankers.
pub struct Bedrock {
    pub(super) client: Client,
    pub(super) agent: agent::Client,
    /// In its own region.
    pub(super) reranking: agent::Client,
    /// The account's lists of models, at another endpoint of the same wire.
    pub(super) control: Client,
    /// The documents of knowledge bases, likewise, which take no API key.
    pub(super) documents: Client,
    /// Objects of S3, likewise.
    pub(super) objects: Client,
    pub(super) silence: Duration,
    pub(super) region: Option<String>,
    pub(super) rerank_region: Option<String>,
    pub(super) concurrency: usize,
    pub(super) by_invoke: BTreeSet<String>,
    models: BTreeMap<String, Capabilities>,
    turns: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Bedrock {
    /// Reads the SDK's configuration (environment, profile); asks nobody yet.
    pub async fn new(settings: Settings) -> Self {
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            // Adaptive would sleep 20 s after one throttle.
            .retry_config(RetryConfig::standard().with_max_attempts(settings.attempts))
            // No limit for one attempt: a slow reply would be asked for, and paid, again. The whole has a limit instead.
            .timeout_config(TimeoutConfig::builder().connect_timeout(settings.connect_timeout).build())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        if let Some(region) = settings.region {
            loader = loader.region(Region::new(region));
        }
        if let Some(Keys { access_key_id, secret_access_key, session_token }) = settings.credentials.keys {
            let keys = config::Credentials::new(access_key_id, secret_access_key, session_token, None, "settings");
            loader = loader.credentials_provider(keys);
        }
        let shared = loader.load().await;
        let region = shared.region().map(ToString::to_string);

        let mut models = config::Builder::from(&shared).retry_classifier(NotAgain);
        let keys_only = models.clone().auth_scheme_preference([SIGV4]);
        if let Some(token) = settings.credentials.bearer {
            let token = Token::new(token, None);
            models = models.bearer_token(token).auth_scheme_preference([HTTP_BEARER_AUTH_SCHEME_ID]);
        }
        // Some hundred tries again in vain, and the SDK makes no more of them: what one endpoint fails at is not held
        // against another.
        let budget = |service: &str, endpoint: Option<&String>| {
            RetryPartition::new(format!("{service} {}", endpoint.or(region.as_ref()).map_or("", String::as_str)))
        };
        let at = |endpoint: Option<String>| {
            let models = models.clone().retry_partition(budget("models", endpoint.as_ref()));
            match endpoint {
                Some(endpoint) => models.endpoint_url(endpoint),
                None => models,
            }
        };
        let of_region = region.as_ref().map(|region| format!("https://bedrock.{region}.amazonaws.com"));
        let with_keys = |service: &str, endpoint: Option<String>, host: &str| {
            let of_region = region.as_ref().map(|region| format!("https://{host}.{region}.amazonaws.com"));
            let endpoint = endpoint.or(of_region);
            let client = keys_only.clone().retry_partition(budget(service, endpoint.as_ref()));
            Client::from_conf(endpoint.into_iter().fold(client, config::Builder::endpoint_url).build())
        };
        let documents = with_keys("documents", settings.documents_endpoint, "bedrock-agent");
        let objects = with_keys("objects", settings.objects_endpoint, "s3");
        let mut agents = agent::config::Builder::from(&shared)
            .retry_classifier(NotAgain)
            .retry_partition(budget("agents", settings.agent_endpoint.as_ref()));
        if let Some(endpoint) = settings.agent_endpoint {
            agents = agents.endpoint_url(endpoint);
        }
        let rerank_region = settings.rerank_region.or(region.clone());
        let reranking = agents.clone().region(rerank_region.clone().map(Region::new));
        Self {
            client: Client::from_conf(at(settings.endpoint).build()),
            control: Client::from_conf(at(settings.control_endpoint.or(of_region)).build()),
            agent: agent::Client::from_conf(agents.build()),
            documents,
            objects,
            reranking: agent::Client::from_conf(reranking.build()),
            silence: settings.silence,
            region,
            rerank_region,
            concurrency: settings.concurrency.max(1),
            by_invoke: settings.by_invoke,
            models: settings.models,
            turns: Mutex::default(),
        }
    }

    async fn converse(&self, chat: &Chat) -> Result<Completion, ModelError> {
        let began = Instant::now();
        let about = self.about(chat);
        let sent = self.client.converse().model_id(&chat.model).customize();
        let body = Body(chat::body(chat, self.takes(chat)).to_string());
        let output = sent.interceptor(body).send().await.map_err(|error| error::of_sdk(error, &about))?;
        let request_id = output.request_id().map(str::to_owned);
        let ms = millis(began);
        chat::completion(output, request_id.clone(), ms).map_err(|why| error::unreadable(&why, request_id, &about))
    }

    pub(super) fn takes(&self, chat: &Chat) -> Capabilities {
        self.models.get(&chat.model).copied().unwrap_or_default()
    }

    pub(super) fn about<'a>(&'a self, chat: &'a Chat) -> About<'a> {
        About { asked: Asked::Chat(chat), region: self.region.as_deref() }
    }

    /// The right to ask `whom` (a model, a knowledge base), as soon as fewer than `concurrency` others are.
    pub(super) async fn turn(
        &self,
        whom: &str,
        deadline: Instant,
        about: &About<'_>,
    ) -> Result<OwnedSemaphorePermit, ModelError> {
        let semaphore = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(Semaphore::new(self.concurrency));
            turns.entry(whom.to_owned()).or_insert_with(new).clone()
        };
        match timeout_at(deadline, semaphore.acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(error::no_turn(self.concurrency, about)),
        }
    }

    /// One request, in its turn and its time.
    pub(super) async fn within<T>(
        &self,
        whom: &str,
        limit: Duration,
        about: &About<'_>,
        request: impl Future<Output = Result<T, ModelError>>,
    ) -> Result<T, ModelError> {
        let deadline = Instant::now() + limit;
        let _turn = self.turn(whom, deadline, about).await?;
        timeout_at(deadline, request).await.unwrap_or_else(|_elapsed| Err(error::too_slow(limit, None, about)))
    }
}

impl ChatModel for Bedrock {
    fn complete<'a>(&'a self, chat: &'a Chat, limit: Duration) -> Pending<'a, Completion> {
        Box::pin(async move {
            let about = self.about(chat);
            if self.by_invoke.contains(&chat.model) {
                self.within(&chat.model, limit, &about, invoke::complete(self, chat)).await
            } else {
                self.within(&chat.model, limit, &about, self.converse(chat)).await
            }
        })
    }

    fn stream<'a>(&'a self, chat: &'a Chat, limit: Duration) -> Pieces<'a> {
        stream::pieces(self, chat, limit)
    }
}

pub(super) fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
