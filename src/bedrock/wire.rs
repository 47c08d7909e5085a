//! Two hooks into the SDK: the body is ours, and what may have been paid for, or is of no use, is not sent again.

use std::error::Error as StdError;

use aws_sdk_bedrockruntime::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{BeforeTransmitInterceptorContextMut, InterceptorContext},
        retry::{ClassifyRetry, RetryAction},
    },
    error::{BoxError, ProvideErrorMetadata},
    operation::{converse::ConverseError, converse_stream::ConverseStreamError},
};
use aws_smithy_types::body::SdkBody;

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
        let said = error.as_operation_error().and_then(|error| {
            let whole = error.downcast_ref::<ConverseError>().map(ProvideErrorMetadata::message);
            whole.or_else(|| error.downcast_ref::<ConverseStreamError>().map(ProvideErrorMetadata::message))?
        });
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
