//! The client: one connection pool, one limiter for each model, a time limit around everything.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_config::{BehaviorVersion, Region};
use aws_sdk_bedrockruntime::{
    Client,
    config::{self, StalledStreamProtectionConfig, Token, retry::RetryConfig, timeout::TimeoutConfig},
    operation::RequestId,
};
use aws_smithy_runtime_api::client::auth::http::HTTP_BEARER_AUTH_SCHEME_ID;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

use super::{
    chat,
    error::{self, About},
    settings::{Capabilities, Credentials, Settings},
    stream,
    wire::{Body, NotAgain},
};
use crate::model::{Chat, ChatModel, Completion, ModelError, Pending, Pieces};

/// The chat models of one region of one account.
pub struct Bedrock {
    pub(super) client: Client,
    pub(super) silence: Duration,
    region: Option<String>,
    models: BTreeMap<String, Capabilities>,
    concurrency: usize,
    turns: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Bedrock {
    /// Reads the SDK's configuration (environment, profile); asks nobody yet.
    pub async fn new(settings: Settings) -> Self {
        let mut loader = aws_config::defaults(BehaviorVersion::latest());
        if let Some(region) = settings.region {
            loader = loader.region(Region::new(region));
        }
        let shared = loader.load().await;
        let mut config = config::Builder::from(&shared)
            // Adaptive would sleep 20 s after one throttle.
            .retry_config(RetryConfig::standard().with_max_attempts(settings.attempts))
            .retry_classifier(NotAgain)
            // No limit for one attempt: a slow reply would be asked for, and paid, again. The whole has a limit instead.
            .timeout_config(TimeoutConfig::builder().connect_timeout(settings.connect_timeout).build())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        config = match settings.credentials {
            Some(Credentials::Keys { access_key_id, secret_access_key, session_token }) => config.credentials_provider(
                config::Credentials::new(access_key_id, secret_access_key, session_token, None, "settings"),
            ),
            Some(Credentials::Bearer(token)) => {
                config.bearer_token(Token::new(token, None)).auth_scheme_preference([HTTP_BEARER_AUTH_SCHEME_ID])
            }
            None => config,
        };
        if let Some(endpoint) = settings.endpoint {
            config = config.endpoint_url(endpoint);
        }
        Self {
            client: Client::from_conf(config.build()),
            silence: settings.silence,
            region: shared.region().map(ToString::to_string),
            models: settings.models,
            concurrency: settings.concurrency.max(1),
            turns: Mutex::default(),
        }
    }

    async fn converse(&self, chat: &Chat) -> Result<Completion, ModelError> {
        let began = Instant::now();
        let about = self.about(chat);
        let sent = self.client.converse().model_id(&chat.model).customize();
        let output = sent.interceptor(self.body(chat)).send().await.map_err(|error| error::of_sdk(error, &about))?;
        let request_id = output.request_id().map(str::to_owned);
        let ms = millis(began);
        chat::completion(output, request_id.clone(), ms).map_err(|why| error::unreadable(&why, request_id, &about))
    }

    pub(super) fn body(&self, chat: &Chat) -> Body {
        let takes = self.models.get(&chat.model).copied().unwrap_or_default();
        Body(chat::body(chat, takes).to_string())
    }

    pub(super) fn about<'a>(&'a self, chat: &'a Chat) -> About<'a> {
        About { chat, region: self.region.as_deref() }
    }

    /// The right to ask this model, as soon as fewer than `concurrency` others are.
    pub(super) async fn turn(&self, chat: &Chat, deadline: Instant) -> Result<OwnedSemaphorePermit, ModelError> {
        let semaphore = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            let new = || Arc::new(Semaphore::new(self.concurrency));
            turns.entry(chat.model.clone()).or_insert_with(new).clone()
        };
        match timeout_at(deadline, semaphore.acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_)) | Err(_) => Err(error::no_turn(self.concurrency, &self.about(chat))),
        }
    }
}

impl ChatModel for Bedrock {
    fn complete<'a>(&'a self, chat: &'a Chat, limit: Duration) -> Pending<'a, Completion> {
        Box::pin(async move {
            let deadline = Instant::now() + limit;
            let _turn = self.turn(chat, deadline).await?;
            timeout_at(deadline, self.converse(chat))
                .await
                .unwrap_or_else(|_elapsed| Err(error::too_slow(limit, None, &self.about(chat))))
        })
    }

    fn stream<'a>(&'a self, chat: &'a Chat, limit: Duration) -> Pieces<'a> {
        stream::pieces(self, chat, limit)
    }
}

pub(super) fn millis(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1e3
}
