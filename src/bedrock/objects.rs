//! Objects in a bucket of S3, which a data source reads: written and removed.
//!
//! Two operations, asked for with the client of the models: the SDK's own crate takes longer to build than all of this.

use std::{sync::Arc, time::Duration};

use aws_sdk_bedrockruntime::error::SdkError;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{
    client::Bedrock,
    error::{self, About, Asked},
    wire::{Call, SignedForS3},
};
use crate::model::{ErrorKind, ModelError};

/// A folder of a bucket.
#[derive(Clone)]
pub struct Bucket {
    bedrock: Arc<Bedrock>,
    pub name: String,
    /// Empty, or with a slash at its end.
    pub prefix: String,
}

impl Bucket {
    /// `place` is `BUCKET` or `BUCKET/PREFIX`, with `s3://` or without.
    ///
    /// # Errors
    /// It names no bucket.
    pub fn new(bedrock: Arc<Bedrock>, place: &str) -> Result<Self, String> {
        let place = place.strip_prefix("s3://").unwrap_or(place);
        let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        if !(3..=63).contains(&name.len()) || !name.chars().all(is_name) {
            return Err(format!("`{name}` is no name of a bucket: 3 to 63 small letters, digits, dots and hyphens"));
        }
        let prefix = prefix.trim_matches('/');
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        Ok(Self { bedrock, name: name.to_owned(), prefix })
    }

    /// Where an object of the folder stands: `s3://BUCKET/PREFIX/KEY`.
    pub fn uri(&self, key: &str) -> String {
        format!("s3://{}/{}{key}", self.name, self.prefix)
    }

    /// Writes an object, over one that is there.
    ///
    /// # Errors
    /// As of a chat model.
    pub async fn put(&self, key: &str, kind: &'static str, text: &str, limit: Duration) -> Result<(), ModelError> {
        self.call("PUT", key, Some((kind, text)), limit).await
    }

    /// Removes an object, if it is there.
    ///
    /// # Errors
    /// As of a chat model.
    pub async fn delete(&self, key: &str, limit: Duration) -> Result<(), ModelError> {
        self.call("DELETE", key, None, limit).await
    }

    async fn call(
        &self,
        method: &'static str,
        key: &str,
        body: Option<(&'static str, &str)>,
        limit: Duration,
    ) -> Result<(), ModelError> {
        let text = body.map_or("", |(_, text)| text);
        let asked = Asked::Bucket { name: &self.name, text };
        let about = About { asked, region: self.bedrock.region.as_deref() };
        let path = utf8_percent_encode(&format!("{}{key}", self.prefix), KEY).to_string();
        let call = Call {
            method,
            path: format!("/{}/{path}", self.name),
            body: body.map(|(kind, text)| (kind, text.as_bytes().to_vec())),
        };
        let region = self.bedrock.region.clone().unwrap_or_default();
        let request = async {
            let request = self.bedrock.objects.invoke_model().model_id("-").customize();
            let sent = request.interceptor(call).interceptor(SignedForS3 { region }).send().await;
            match sent {
                Ok(_) => Ok(()),
                Err(error) => Err(told(error, &about)),
            }
        };
        self.bedrock.within(&self.name, limit, &about, request).await
    }
}

/// Everything but what stands in a path as it is.
const KEY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// S3 writes its errors in XML, which the client of the models does not read.
fn told<E>(error: SdkError<E, aws_sdk_bedrockruntime::config::http::HttpResponse>, about: &About<'_>) -> ModelError
where
    E: aws_sdk_bedrockruntime::error::ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let Some(raw) = error.raw_response().filter(|raw| !raw.status().is_success()) else {
        return error::of_sdk(error, about);
    };
    let body = String::from_utf8_lossy(raw.body().bytes().unwrap_or_default());
    let field = |name: &str| {
        let (_, rest) = body.split_once(&format!("<{name}>"))?;
        Some(rest.split_once("</")?.0.to_owned())
    };
    let (code, message) = (field("Code"), field("Message"));
    let request_id = raw.headers().get("x-amz-request-id").map(str::to_owned);
    let status = raw.status().as_u16();
    match code.as_deref() {
        Some("NoSuchBucket") => {
            let message = format!("{} is not there: make it, or correct --s3 [NoSuchBucket]", about_name(about));
            ModelError { kind: ErrorKind::WrongModel, message, request_id }
        }
        _ => error::of_service(code.as_deref(), message.as_deref(), Some(status), request_id, about),
    }
}

fn about_name(about: &About<'_>) -> String {
    match about.asked {
        Asked::Bucket { name, .. } => format!("the bucket {name}"),
        _ => "the bucket".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bedrock::Settings;

    #[tokio::test]
    async fn a_place_is_a_bucket_and_a_folder() {
        let bedrock = Arc::new(Bedrock::new(Settings::default()).await);
        for (place, expected) in [
            ("events", Some("s3://events/k")),
            ("s3://events/a/b/", Some("s3://events/a/b/k")),
            ("my.events/a", Some("s3://my.events/a/k")),
            ("s3://events", Some("s3://events/k")),
            ("Events", None),
            ("", None),
            ("/a", None),
        ] {
            let bucket = Bucket::new(bedrock.clone(), place).ok();
            assert_eq!(bucket.map(|bucket| bucket.uri("k")).as_deref(), expected, "{place}");
        }
    }
}
