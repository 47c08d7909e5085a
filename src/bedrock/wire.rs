//! Hooks into the SDK: the body is ours, what was counted is read from the headers, and what may have been paid for, or is
//! of no use, is not sent again.

use std::{
    error::Error as StdError,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use aws_sdk_bedrockruntime::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{
            AfterDeserializationInterceptorContextRef, BeforeDeserializationInterceptorContextRef,
            BeforeTransmitInterceptorContextMut, InterceptorContext,
        },
        retry::{ClassifyRetry, RetryAction},
    },
    error::BoxError,
};
use aws_smithy_types::body::SdkBody;
use serde_json::{Map, Value as Json};

/// Puts this JSON in the place of the body the SDK wrote, before it is signed.
#[derive(Debug)]
pub(super) struct Body(pub(super) String);

impl Intercept for Body {
    fn name(&self) -> &'static str {
        "body"
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.headers_mut().insert("content-length", self.0.len().to_string());
        *request.body_mut() = SdkBody::from(self.0.as_str());
        Ok(())
    }
}

/// Makes a request a GET of this path and query, before it is signed.
#[derive(Debug)]
pub(super) struct Get(pub(super) String);

impl Intercept for Get {
    fn name(&self) -> &'static str {
        "get"
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.set_method("GET")?;
        request.set_uri(self.0.as_str())?;
        for name in ["content-length", "content-type"] {
            request.headers_mut().remove(name);
        }
        *request.body_mut() = SdkBody::empty();
        Ok(())
    }
}

/// Takes the tokens that `InvokeModel` counted, which some bodies do not say.
#[derive(Debug, Clone, Default)]
pub(super) struct Counted(Arc<AtomicU64>);

impl Counted {
    pub(super) fn input(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Intercept for Counted {
    fn name(&self) -> &'static str {
        "counted"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let said = context.response().headers().get("x-amzn-bedrock-input-token-count");
        self.0.store(said.and_then(|said| said.parse().ok()).unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }
}

/// Whether a reply has this member. The SDK reads a list that is missing as an empty one, and so a gateway's `{}` as
/// "nothing was found".
#[derive(Debug, Clone)]
pub(super) struct Has {
    member: &'static str,
    seen: Arc<AtomicBool>,
}

impl Has {
    pub(super) fn new(member: &'static str) -> Self {
        Self { member, seen: Arc::default() }
    }

    pub(super) fn seen(&self) -> bool {
        self.seen.load(Ordering::Relaxed)
    }
}

impl Intercept for Has {
    fn name(&self) -> &'static str {
        "has"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        let members: Option<Map<String, Json>> = serde_json::from_slice(body).ok();
        self.seen.store(members.is_some_and(|members| members.contains_key(self.member)), Ordering::Relaxed);
        Ok(())
    }
}

/// The SDK sends again whatever failed on the way, and whatever was throttled. A request that reached the service, and
/// whose reply was lost or cannot be read, may have been answered and billed; a day's quota that is spent stays spent.
#[derive(Debug)]
pub(super) struct NotAgain;

impl ClassifyRetry for NotAgain {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(Err(error)) = context.output_or_error() else {
            return RetryAction::NoActionIndicated;
        };
        let answered = context.response().is_some_and(|response| response.status().is_success());
        let sent = error.as_connector_error().is_some_and(|error| was_sent(error));
        let said = context.response().and_then(|response| response.body().bytes()).map(String::from_utf8_lossy);
        let spent = said.is_some_and(|said| said.contains("per day"));
        if answered || sent || spent { RetryAction::RetryForbidden } else { RetryAction::NoActionIndicated }
    }

    fn name(&self) -> &'static str {
        "not again"
    }
}

/// Whether a request that brought no response went out: it failed in the HTTP client, and not while connecting. Requests
/// that a pooled connection never took are sent anew below this level.
pub(super) fn was_sent(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(failed) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
            return !failed.is_connect();
        }
        cause = error.source();
    }
    false
}
