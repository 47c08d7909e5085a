//! Buckets of the stand-in: the three requests of S3 that a sync makes, and what a data source reads in them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use percent_encoding::percent_decode_str;

use super::{
    document::{Document, beside},
    operation::Operation,
    request::Asked,
    script::Refusal,
};

pub(super) struct Buckets {
    names: Vec<String>,
    /// Bucket and key → what it holds.
    objects: Mutex<BTreeMap<(String, String), Vec<u8>>>,
}

/// What is answered: a status and a body.
pub(super) struct Answered {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl Buckets {
    pub(super) fn new(names: &[String]) -> Self {
        Self { names: names.to_vec(), objects: Mutex::default() }
    }

    /// The bucket and key that a path names; `None` where there are no buckets.
    pub(super) fn place(&self, path: &str) -> Option<(String, String)> {
        if self.names.is_empty() {
            return None;
        }
        let (bucket, key) = path.strip_prefix('/')?.split_once('/')?;
        let key = percent_decode_str(key).decode_utf8_lossy().into_owned();
        let other = ["model", "knowledgebases", "guardrail", "foundation-model-availability"].contains(&bucket);
        (!other && !key.is_empty()).then(|| (bucket.to_owned(), key))
    }

    pub(super) fn answer(&self, asked: &Asked) -> Answered {
        let place = (asked.model.clone(), asked.part.clone());
        if !self.names.contains(&place.0) {
            return refused(404, "NoSuchBucket", "The specified bucket does not exist");
        }
        let mut objects = self.objects();
        match asked.operation {
            Operation::PutObject => {
                objects.insert(place, asked.body.as_str().unwrap_or_default().as_bytes().to_vec());
                Answered { status: 200, body: Vec::new() }
            }
            Operation::DeleteObject => {
                objects.remove(&place);
                Answered { status: 204, body: Vec::new() }
            }
            _ => match objects.get(&place) {
                Some(held) => Answered { status: 200, body: held.clone() },
                None => refused(404, "NoSuchKey", "The specified key does not exist."),
            },
        }
    }

    /// Every object but the metadata, each with its own.
    pub(super) fn documents(&self, bucket: &str) -> Vec<Document> {
        let objects = self.objects();
        let of = objects.iter().filter(|((name, key), _)| name == bucket && !key.ends_with(METADATA));
        let document = |((name, key), text): (&(String, String), &Vec<u8>)| Document {
            id: format!("s3://{name}/{key}"),
            text: String::from_utf8_lossy(text).into_owned(),
            metadata: objects
                .get(&(name.clone(), format!("{key}{METADATA}")))
                .and_then(|text| beside(text))
                .unwrap_or_default(),
        };
        of.map(document).collect()
    }

    fn objects(&self) -> MutexGuard<'_, BTreeMap<(String, String), Vec<u8>>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const METADATA: &str = ".metadata.json";

impl From<Refusal> for Answered {
    fn from(refusal: Refusal) -> Self {
        refused(refusal.status().unwrap_or(500), &refusal.code, &refusal.message)
    }
}

/// In the shape of S3, which is XML.
fn refused(status: u16, code: &str, message: &str) -> Answered {
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    let body = format!("{xml}\n<Error><Code>{code}</Code><Message>{message}</Message></Error>");
    Answered { status, body: body.into_bytes() }
}
