//! What an account has in a region: the two lists of models. They are asked for with the client of the models, whose keys
//! and signature they share, because the whole crate of their service costs more to build than two requests.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::{
    client::Bedrock,
    error::{self, About, Asked},
    wire::Call,
};
use crate::model::ModelError;

/// The models and inference profiles of an account in a region.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listed {
    /// Id → whether the provider calls it legacy.
    pub models: BTreeMap<String, bool>,
    /// Ids and ARNs.
    pub profiles: BTreeSet<String>,
}

impl Listed {
    /// Whether it can be called by this id, profile or ARN; of an ARN that is the account's own, nothing is known.
    pub fn has(&self, called: &str) -> bool {
        let id = called.rsplit_once('/').map_or(called, |(_, last)| last);
        self.models.contains_key(id) || self.profiles.contains(id) || self.profiles.contains(called)
    }
}

impl Bedrock {
    /// Both lists, whole.
    ///
    /// # Errors
    /// As of a chat model; the actions are `bedrock:ListFoundationModels` and `bedrock:ListInferenceProfiles`.
    pub async fn listed(&self, limit: Duration) -> Result<Listed, ModelError> {
        let about = About { asked: Asked::List("the list of models"), region: self.region.as_deref() };
        self.within("lists", limit, &about, self.lists(&about)).await
    }

    async fn lists(&self, about: &About<'_>) -> Result<Listed, ModelError> {
        let models: Models = self.get("/foundation-models", about).await?;
        let mut listed = Listed::default();
        for model in models.model_summaries {
            let legacy = model.model_lifecycle.is_some_and(|lifecycle| lifecycle.status == "LEGACY");
            listed.models.insert(model.model_id, legacy);
        }
        let mut page = None;
        loop {
            let next =
                page.map(|token: String| format!("&nextToken={}", utf8_percent_encode(&token, NON_ALPHANUMERIC)));
            let path = format!("/inference-profiles?maxResults=100{}", next.unwrap_or_default());
            let profiles: Profiles = self.get(&path, about).await?;
            let before = listed.profiles.len();
            for profile in profiles.inference_profile_summaries {
                listed.profiles.extend([profile.inference_profile_id, profile.inference_profile_arn]);
            }
            page = profiles.next_token;
            if page.is_none() || listed.profiles.len() == before {
                return Ok(listed);
            }
        }
    }

    /// The path goes in the place of one of the models' operations, whose reply is bytes.
    async fn get<T: for<'de> Deserialize<'de>>(&self, path: &str, about: &About<'_>) -> Result<T, ModelError> {
        let request = self.control.invoke_model().model_id("-").customize().interceptor(Call::get(path.to_owned()));
        let output = request.send().await.map_err(|error| error::of_sdk(error, about))?;
        serde_json::from_slice(output.body.as_ref()).map_err(|error| error::unreadable(&error.to_string(), None, about))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Models {
    model_summaries: Vec<Summary>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    model_id: String,
    model_lifecycle: Option<Lifecycle>,
}

#[derive(Deserialize)]
struct Lifecycle {
    status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profiles {
    inference_profile_summaries: Vec<Profile>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    inference_profile_id: String,
    inference_profile_arn: String,
}
