//! Hooks into the SDK: the body is ours, what was counted is read from the headers, and what may have been paid for, or is
//! of no use, is not sent again.

use std::{
    error::Error as StdError,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use aws_runtime::auth::SigV4OperationSigningConfig;
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
use aws_types::{SigningName, region::Region};
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

/// Makes a request another one, before it is signed: for operations whose own crates cost more to build than they are
/// worth.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: &'static str,
    /// With its query.
    pub(super) path: String,
    /// With its type.
    pub(super) body: Option<(&'static str, Vec<u8>)>,
}

impl Call {
    pub(super) fn get(path: String) -> Self {
        Self { method: "GET", path, body: None }
    }

    pub(super) fn json(method: &'static str, path: String, body: &Json) -> Self {
        Self { method, path, body: Some(("application/json", body.to_string().into_bytes())) }
    }
}

impl Intercept for Call {
    fn name(&self) -> &'static str {
        "call"
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.set_method(self.method)?;
        request.set_uri(self.path.as_str())?;
        for name in ["content-length", "content-type", "accept"] {
            request.headers_mut().remove(name);
        }
        *request.body_mut() = match &self.body {
            None => SdkBody::empty(),
            Some((kind, body)) => {
                request.headers_mut().insert("content-type", *kind);
                request.headers_mut().insert("content-length", body.len().to_string());
                SdkBody::from(body.clone())
            }
        };
        Ok(())
    }
}

/// Signs a request as S3 wants it: by its name, the path as it is, the hash of the body in a header.
#[derive(Debug)]
pub(super) struct SignedForS3 {
    pub(super) region: String,
}

impl Intercept for SignedForS3 {
    fn name(&self) -> &'static str {
        "signed for s3"
    }

    fn modify_before_signing(
        &self,
        _context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let mut signing = SigV4OperationSigningConfig {
            region: Some(Region::new(self.region.clone()).into()),
            name: Some(SigningName::from_static("s3")),
            ..SigV4OperationSigningConfig::default()
        };
        signing.signing_options.double_uri_encode = false;
        signing.signing_options.normalize_uri_path = false;
        signing.signing_options.content_sha256_header = true;
        config.interceptor_state().store_put(signing);
        config.interceptor_state().store_put(SigningName::from_static("s3"));
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
