//! `Rerank`: which documents answer a query best.

use std::{sync::Arc, time::Duration};

use aws_sdk_bedrockagentruntime::operation::RequestId;
use serde_json::json;
use tokio::time::Instant;

use super::{
    client::{Bedrock, millis},
    error::{self, About, Asked},
    wire::Body,
};
use crate::model::{ErrorKind, ModelError, Pending, Ranked, Reranked, Reranker};

/// A reranking model of Bedrock, in the region that is set for it. A query or a document longer than 32,000 characters is
/// cut there.
pub struct Reranking {
    bedrock: Arc<Bedrock>,
    model: String,
    arn: String,
}

impl Reranking {
    /// `model` is an id or an ARN.
    pub fn new(bedrock: Arc<Bedrock>, model: &str) -> Self {
        let region = bedrock.rerank_region.as_deref().unwrap_or_default();
        let arn = match model.starts_with("arn:") {
            true => model.to_owned(),
            false => format!("arn:aws:bedrock:{region}::foundation-model/{model}"),
        };
        Self { bedrock, model: model.to_owned(), arn }
    }

    async fn request(
        &self,
        query: &str,
        documents: &[&str],
        top: usize,
        about: &About<'_>,
    ) -> Result<Reranked, ModelError> {
        let began = Instant::now();
        let source = |text: &&str| {
            let document = json!({"type": "TEXT", "textDocument": {"text": cut(text)}});
            json!({"type": "INLINE", "inlineDocumentSource": document})
        };
        let sources: Vec<_> = documents.iter().map(source).collect();
        let body = json!({
            "queries": [{"type": "TEXT", "textQuery": {"text": cut(query)}}],
            "sources": sources,
            "rerankingConfiguration": {
                "type": "BEDROCK_RERANKING_MODEL",
                "bedrockRerankingConfiguration": {
                    "numberOfResults": top,
                    "modelConfiguration": {"modelArn": self.arn},
                },
            },
        });
        let request = self.bedrock.reranking.rerank().customize();
        let sent = request.interceptor(Body(body.to_string())).send().await;
        let output = sent.map_err(|error| error::of_sdk(error, about))?;
        let request_id = output.request_id().map(str::to_owned);
        let ranked: Option<Vec<Ranked>> = output
            .results
            .iter()
            .map(|result| {
                let index = usize::try_from(result.index).ok().filter(|index| *index < documents.len())?;
                Some(Ranked { index, score: f64::from(result.relevance_score) })
            })
            .collect();
        let Some(mut ranked) = ranked else {
            return Err(error::unreadable("it ranks a document that was not given", request_id, about));
        };
        if ranked.is_empty() {
            return Err(error::unreadable("it ranks nothing", request_id, about));
        }
        ranked.sort_by(|one, other| other.score.total_cmp(&one.score));
        ranked.truncate(top);
        Ok(Reranked { ranked, ms: millis(began), request_id })
    }
}

impl Reranker for Reranking {
    fn model(&self) -> &str {
        &self.model
    }

    fn rerank<'a>(
        &'a self,
        query: &'a str,
        documents: &'a [&'a str],
        top: usize,
        limit: Duration,
    ) -> Pending<'a, Reranked> {
        Box::pin(async move {
            let top = top.min(documents.len());
            if top == 0 {
                return Ok(Reranked { ranked: Vec::new(), ms: 0.0, request_id: None });
            }
            if documents.len() > MOST {
                let message =
                    format!("{} documents are to be ranked, and Bedrock takes {MOST} at a time", documents.len());
                return Err(ModelError { kind: ErrorKind::BadRequest, message, request_id: None });
            }
            let asked = Asked::Reranker { model: &self.model, query, documents };
            let about = About { asked, region: self.bedrock.rerank_region.as_deref() };
            self.bedrock.within(&self.model, limit, &about, self.request(query, documents, top, &about)).await
        })
    }
}

/// Documents of a request.
const MOST: usize = 1000;

fn cut(text: &str) -> &str {
    text.char_indices().nth(32_000).map_or(text, |(end, _)| &text[..end])
}
