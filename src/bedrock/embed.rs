//! Texts as vectors by `InvokeModel`: Titan, one text a request, and Cohere, many.

use std::{sync::Arc, time::Duration};

use aws_sdk_bedrockruntime::{operation::RequestId, primitives::Blob};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use tokio::time::{Instant, timeout_at};

use super::{
    client::{Bedrock, millis},
    error::{self, About, Asked},
    invoke::JSON,
    wire::Counted,
};
use crate::model::{Embedded, Embedder, ErrorKind, ModelError, Pending, Purpose, Space, Vector};

/// An embedding model of Bedrock. A blank text is not sent and has no vector. A text longer than the model takes, as far as
/// that is counted in characters, is cut there: Titan at 50,000, Cohere's third version at 2048. Titan also takes no more
/// than 8192 tokens, which Korean reaches long before: what it refuses as too long is sent again with half of it. Cohere
/// cuts off what is above its tokens itself.
pub struct Embeddings {
    bedrock: Arc<Bedrock>,
    /// As it is called: an id, a profile or an ARN.
    called: String,
    body: Body,
    space: Space,
}

impl Embeddings {
    /// `model` is an id, an inference profile or an ARN of one of the models below; `dimensions` one of those it has, else
    /// its default.
    ///
    /// # Errors
    /// [`ErrorKind::WrongModel`]: a model whose requests are not known, or dimensions that it has not.
    pub fn new(bedrock: Arc<Bedrock>, model: &str, dimensions: Option<usize>) -> Result<Self, ModelError> {
        let wrong = |message| ModelError { kind: ErrorKind::WrongModel, message, request_id: None };
        let Some(known) = KNOWN.iter().find(|known| is_called(known.id, model)) else {
            let ids: Vec<_> = KNOWN.iter().map(|known| known.id).collect();
            return Err(wrong(format!(
                "`{model}` is no embedding model that is known here: set AWS_BEDROCK_EMBEDDING_MODEL_ID to one of {}",
                ids.join(", ")
            )));
        };
        let dimensions = dimensions.or(known.dimensions.first().copied()).unwrap_or_default();
        if !known.dimensions.contains(&dimensions) {
            let all: Vec<_> = known.dimensions.iter().map(ToString::to_string).collect();
            return Err(wrong(format!(
                "`{model}` makes no vectors of {dimensions} dimensions, but of {}",
                all.join(", ")
            )));
        }
        let space = Space { model: known.id.to_owned(), dimensions };
        Ok(Self { bedrock, called: model.to_owned(), body: known.body, space })
    }

    /// One that is too long is sent again with half of it: how many tokens a text has only the model knows, and what it
    /// refuses it does not bill.
    async fn fitted(&self, texts: &[&str], purpose: Purpose, deadline: Instant) -> Result<Got, Stopped> {
        let [text] = texts else { return self.request(texts, purpose, deadline).await };
        let mut text = *text;
        loop {
            match self.request(&[text], purpose, deadline).await {
                Err(Stopped::Failed(error)) if error.kind == ErrorKind::TooLong && text.len() > SHORT => {
                    let half = text.chars().count() / 2;
                    text = text.char_indices().nth(half).map_or("", |(end, _)| &text[..end]);
                }
                ended => return ended,
            }
        }
    }

    async fn request(&self, texts: &[&str], purpose: Purpose, deadline: Instant) -> Result<Got, Stopped> {
        let about = self.about(texts);
        let _turn = self.bedrock.turn(&self.called, deadline, &about).await?;
        let counted = Counted::default();
        let body = self.body.request(texts, purpose, self.space.dimensions).to_string();
        let request = self.bedrock.client.invoke_model().model_id(&self.called).content_type(JSON).accept(JSON);
        let sent = request.body(Blob::new(body)).customize().interceptor(counted.clone()).send();
        let output = timeout_at(deadline, sent)
            .await
            .map_err(|_elapsed| Stopped::Late)?
            .map_err(|error| error::of_sdk(error, &about))?;
        let request_id = output.request_id().map(str::to_owned);
        let unreadable = |why: &str| error::unreadable(why, request_id.clone(), &about);
        let reply: Reply =
            serde_json::from_slice(output.body.as_ref()).map_err(|error| unreadable(&error.to_string()))?;
        let tokens = reply.input_text_token_count.unwrap_or(counted.input());
        let vectors = reply.vectors();
        if vectors.len() != texts.len() {
            return Err(unreadable(&format!("{} vectors for {} texts", vectors.len(), texts.len())).into());
        }
        let vectors = vectors.into_iter().map(|vector| unit(vector, self.space.dimensions)).collect::<Result<_, _>>();
        Ok(Got { vectors: vectors.map_err(|why| unreadable(&why))?, tokens, request_id })
    }

    fn about<'a>(&'a self, texts: &'a [&'a str]) -> About<'a> {
        About { asked: Asked::Embedding { model: &self.called, texts }, region: self.bedrock.region.as_deref() }
    }
}

impl Embedder for Embeddings {
    fn space(&self) -> &Space {
        &self.space
    }

    fn embed<'a>(&'a self, texts: &'a [&'a str], purpose: Purpose, limit: Duration) -> Pending<'a, Embedded> {
        Box::pin(async move {
            let (began, deadline) = (Instant::now(), Instant::now() + limit);
            let (places, sent): (Vec<usize>, Vec<&str>) = texts
                .iter()
                .enumerate()
                .filter(|(_, text)| !text.trim().is_empty())
                .map(|(place, text)| (place, self.body.cut(text)))
                .unzip();
            let requests = sent.chunks(self.body.at_a_time()).map(|texts| self.fitted(texts, purpose, deadline));
            let got: Vec<Got> = stream::iter(requests.collect::<Vec<_>>())
                .buffered(self.bedrock.concurrency)
                .try_collect()
                .await
                .map_err(|stopped| match stopped {
                    Stopped::Late => error::too_slow(limit, None, &self.about(texts)),
                    Stopped::Failed(error) => error,
                })?;
            let mut vectors = vec![None; texts.len()];
            let tokens = got.iter().map(|got| got.tokens).sum();
            let request_ids = got.iter().filter_map(|got| got.request_id.clone()).collect();
            for (place, vector) in places.into_iter().zip(got.into_iter().flat_map(|got| got.vectors)) {
                vectors[place] = vector;
            }
            Ok(Embedded { vectors, tokens, ms: millis(began), request_ids })
        })
    }
}

/// Bytes of a text that no model finds too long.
const SHORT: usize = 1_000;

/// A model, and how it is asked.
struct Known {
    id: &'static str,
    body: Body,
    /// Its default first.
    dimensions: &'static [usize],
}

const KNOWN: [Known; 5] = [
    Known { id: "amazon.titan-embed-text-v2:0", body: Body::Titan { sized: true }, dimensions: &[1024, 512, 256] },
    Known { id: "amazon.titan-embed-text-v1", body: Body::Titan { sized: false }, dimensions: &[1536] },
    Known { id: "cohere.embed-multilingual-v3", body: Body::Cohere { sized: false }, dimensions: &[1024] },
    Known { id: "cohere.embed-english-v3", body: Body::Cohere { sized: false }, dimensions: &[1024] },
    Known { id: "cohere.embed-v4:0", body: Body::Cohere { sized: true }, dimensions: &[1536, 1024, 512, 256] },
];

/// The id itself, an inference profile of it (`global.` before it), or an ARN that ends with one of them.
fn is_called(id: &str, called: &str) -> bool {
    let called = called.rsplit_once('/').map_or(called, |(_, last)| last);
    called == id || called.split_once('.').is_some_and(|(_, rest)| rest == id)
}

/// How a model is asked; sized where it makes vectors of several lengths.
#[derive(Clone, Copy)]
enum Body {
    Titan { sized: bool },
    Cohere { sized: bool },
}

impl Body {
    fn at_a_time(self) -> usize {
        match self {
            Self::Titan { .. } => 1,
            Self::Cohere { .. } => 96,
        }
    }

    /// As much of a text as it takes, in characters.
    fn cut(self, text: &str) -> &str {
        let most = match self {
            Self::Titan { .. } => 50_000,
            Self::Cohere { sized: false } => 2048,
            Self::Cohere { sized: true } => return text,
        };
        text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
    }

    fn request(self, texts: &[&str], purpose: Purpose, dimensions: usize) -> Json {
        let text = texts.first().copied().unwrap_or_default();
        match self {
            Self::Titan { sized: false } => json!({"inputText": text}),
            Self::Titan { sized: true } => json!({"inputText": text, "dimensions": dimensions, "normalize": true}),
            Self::Cohere { sized } => {
                let purpose = match purpose {
                    Purpose::Document => "search_document",
                    Purpose::Query => "search_query",
                };
                let mut body = json!({
                    "texts": texts, "input_type": purpose, "truncate": "END", "embedding_types": ["float"],
                });
                if sized {
                    body["output_dimension"] = dimensions.into();
                }
                body
            }
        }
    }
}

/// Titan's or Cohere's.
#[derive(Deserialize)]
struct Reply {
    embedding: Option<Vec<f64>>,
    #[serde(rename = "inputTextTokenCount")]
    input_text_token_count: Option<u64>,
    embeddings: Option<Several>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Several {
    Plain(Vec<Vec<f64>>),
    ByType { float: Vec<Vec<f64>> },
}

impl Reply {
    fn vectors(self) -> Vec<Vec<f64>> {
        match (self.embedding, self.embeddings) {
            (Some(one), _) => vec![one],
            (None, Some(Several::Plain(all) | Several::ByType { float: all })) => all,
            (None, None) => Vec::new(),
        }
    }
}

struct Got {
    vectors: Vec<Vector>,
    tokens: u64,
    request_id: Option<String>,
}

enum Stopped {
    Late,
    Failed(ModelError),
}

impl From<ModelError> for Stopped {
    fn from(error: ModelError) -> Self {
        Self::Failed(error)
    }
}

/// Of length 1; a vector of nothing but zeros has no direction.
fn unit(vector: Vec<f64>, dimensions: usize) -> Result<Vector, String> {
    if vector.len() != dimensions {
        return Err(format!("a vector of {} dimensions, and {dimensions} were asked for", vector.len()));
    }
    let length = vector.iter().map(|x| x * x).sum::<f64>().sqrt();
    if !length.is_finite() {
        return Err("a vector that holds no numbers".to_owned());
    }
    #[expect(clippy::cast_possible_truncation, reason = "vectors are compared as 32 bits")]
    let direction = || vector.iter().map(|x| (x / length) as f32).collect();
    Ok((length > 0.0).then(direction))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_known_by_id_profile_and_arn() {
        for (called, known) in [
            ("amazon.titan-embed-text-v2:0", true),
            ("us.cohere.embed-v4:0", true),
            ("arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v1", true),
            ("arn:aws:bedrock:us-east-1:1:inference-profile/global.cohere.embed-v4:0", true),
            ("amazon.titan-embed-text-v3", false),
            ("titan-embed-text-v1", false),
        ] {
            assert_eq!(KNOWN.iter().any(|known| is_called(known.id, called)), known, "{called}");
        }
    }

    #[test]
    fn texts_are_cut_between_characters() {
        for (body, most) in [(Body::Titan { sized: true }, 50_000), (Body::Cohere { sized: false }, 2048)] {
            assert_eq!(body.cut(&"가".repeat(most + 7)).chars().count(), most);
            assert_eq!(body.cut(&"가".repeat(most)).chars().count(), most);
        }
        assert_eq!(Body::Cohere { sized: true }.cut(&"가".repeat(60_000)).chars().count(), 60_000);
    }

    #[test]
    fn vectors_have_length_1_or_are_none() {
        assert_eq!(unit(vec![3.0, 4.0], 2), Ok(Some(vec![0.6, 0.8])));
        assert_eq!(unit(vec![0.0, 0.0], 2), Ok(None));
        assert!(unit(vec![1.0], 2).is_err());
        assert!(unit(vec![f64::INFINITY, 1.0], 2).is_err());
    }
}
