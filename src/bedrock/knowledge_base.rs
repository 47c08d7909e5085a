//! Knowledge bases: `Retrieve`, and `RetrieveAndGenerate`, which also words an answer.

use std::time::Duration;

use aws_sdk_bedrockagentruntime::{
    operation::RequestId,
    types::{RetrievalResultContent, RetrievalResultLocation},
};
use aws_smithy_types::Document;
use serde_json::{Map, Value as Json, json};
use tokio::time::Instant;

use super::{
    chat,
    client::{Bedrock, millis},
    error::{self, About, Asked},
    wire::{Body, Has},
};
use crate::model::{
    Citation, ErrorKind, Generated, Generation, KnowledgeBase, Matches, ModelError, Passage, Pending, RerankBy,
    Retrieval, Retrieved, SearchKind,
};

impl KnowledgeBase for Bedrock {
    fn retrieve<'a>(&'a self, retrieval: &'a Retrieval, limit: Duration) -> Pending<'a, Retrieved> {
        Box::pin(async move {
            if retrieval.filter.as_ref().is_some_and(|filter| met(filter) == Met::Never) {
                return Ok(Retrieved { passages: Vec::new(), ms: 0.0, request_id: None });
            }
            let about = self.about_base(retrieval);
            self.within(&retrieval.knowledge_base, limit, &about, self.all_pages(retrieval, &about)).await
        })
    }

    /// The query may have 1000 characters. A filter that nothing can meet is [`ErrorKind::BadRequest`].
    fn generate<'a>(&'a self, asked: &'a Generation, limit: Duration) -> Pending<'a, Generated> {
        Box::pin(async move {
            if asked.retrieval.filter.as_ref().is_some_and(|filter| met(filter) == Met::Never) {
                let message = "no document can meet the filter: there is nothing to answer from".to_owned();
                return Err(ModelError { kind: ErrorKind::BadRequest, message, request_id: None });
            }
            let about = self.about_base(&asked.retrieval);
            self.within(&asked.retrieval.knowledge_base, limit, &about, self.answer_of(asked, &about)).await
        })
    }
}

impl Bedrock {
    /// Pages are asked for until there are as many passages as wanted, or no more.
    async fn all_pages(&self, retrieval: &Retrieval, about: &About<'_>) -> Result<Retrieved, ModelError> {
        let began = Instant::now();
        let left = retrieval.rerank.as_ref().map_or(retrieval.results, |rerank| rerank.results.min(retrieval.results));
        let wanted = usize::try_from(left).unwrap_or(usize::MAX);
        let mut passages: Vec<Passage> = Vec::new();
        let (mut request_id, mut page) = (None, None::<String>);
        loop {
            let mut body = json!({
                "retrievalQuery": {"text": retrieval.query},
                "retrievalConfiguration": self.configuration(retrieval),
            });
            if let Some(token) = &page {
                body["nextToken"] = token.as_str().into();
            }
            let request = self.agent.retrieve().knowledge_base_id(&retrieval.knowledge_base).customize();
            let has = Has::new("retrievalResults");
            let sent = request.interceptor(Body(body.to_string())).interceptor(has.clone()).send().await;
            let output = sent.map_err(|error| error::of_sdk(error, about))?;
            request_id = request_id.or(output.request_id().map(str::to_owned));
            if !has.seen() {
                return Err(error::unreadable("it holds no retrievalResults", request_id, about));
            }
            let before = passages.len();
            passages.extend(output.retrieval_results.into_iter().map(|result| {
                let metadata = result.metadata.unwrap_or_default();
                passage(result.content, result.location.as_ref(), result.score, metadata)
            }));
            page = output.next_token;
            if page.is_none() || passages.len() >= wanted || passages.len() == before {
                break;
            }
        }
        passages.truncate(wanted);
        Ok(Retrieved { passages, ms: millis(began), request_id })
    }

    async fn answer_of(&self, asked: &Generation, about: &About<'_>) -> Result<Generated, ModelError> {
        let began = Instant::now();
        let request = self.agent.retrieve_and_generate().customize();
        let has = Has::new("output");
        let sent = request.interceptor(Body(self.generation(asked).to_string())).interceptor(has.clone()).send().await;
        let output = sent.map_err(|error| error::of_sdk(error, about))?;
        let request_id = output.request_id().map(str::to_owned);
        let Some(said) = output.output.filter(|_| has.seen()) else {
            return Err(error::unreadable("it holds no output", request_id, about));
        };
        let citations = output.citations.unwrap_or_default().into_iter().map(|citation| Citation {
            text: citation
                .generated_response_part
                .and_then(|part| part.text_response_part)
                .and_then(|part| part.text)
                .unwrap_or_default(),
            passages: citation
                .retrieved_references
                .unwrap_or_default()
                .into_iter()
                .map(|found| passage(found.content, found.location.as_ref(), None, found.metadata.unwrap_or_default()))
                .collect(),
        });
        Ok(Generated {
            text: said.text,
            citations: citations.collect(),
            session: output.session_id,
            ms: millis(began),
            request_id,
        })
    }

    fn about_base<'a>(&'a self, retrieval: &'a Retrieval) -> About<'a> {
        let asked = Asked::KnowledgeBase { id: &retrieval.knowledge_base, query: &retrieval.query };
        About { asked, region: self.region.as_deref() }
    }

    fn generation(&self, asked: &Generation) -> Json {
        let mut inference = json!({"maxTokens": asked.max_tokens});
        if let Some(temperature) = asked.temperature {
            inference["temperature"] = chat::shortest(temperature);
        }
        let mut generation = json!({"inferenceConfig": {"textInferenceConfig": inference}});
        if let Some(prompt) = &asked.prompt {
            generation["promptTemplate"] = json!({"textPromptTemplate": prompt});
        }
        let mut body = json!({
            "input": {"text": asked.retrieval.query},
            "retrieveAndGenerateConfiguration": {
                "type": "KNOWLEDGE_BASE",
                "knowledgeBaseConfiguration": {
                    "knowledgeBaseId": asked.retrieval.knowledge_base,
                    "modelArn": asked.model,
                    "retrievalConfiguration": self.configuration(&asked.retrieval),
                    "generationConfiguration": generation,
                },
            },
        });
        if let Some(session) = &asked.session {
            body["sessionId"] = session.as_str().into();
        }
        body
    }

    fn configuration(&self, retrieval: &Retrieval) -> Json {
        let mut search = json!({"numberOfResults": retrieval.results.clamp(1, 100)});
        if let Some(Met::If(filter)) = retrieval.filter.as_ref().map(met) {
            search["filter"] = filter;
        }
        if let Some(kind) = retrieval.search {
            search["overrideSearchType"] = match kind {
                SearchKind::Semantic => "SEMANTIC".into(),
                SearchKind::Hybrid => "HYBRID".into(),
            };
        }
        if let Some(RerankBy { model, results }) = &retrieval.rerank {
            let region = self.region.as_deref().unwrap_or_default();
            let arn = match model.starts_with("arn:") {
                true => model.clone(),
                false => format!("arn:aws:bedrock:{region}::foundation-model/{model}"),
            };
            search["rerankingConfiguration"] = json!({
                "type": "BEDROCK_RERANKING_MODEL",
                "bedrockRerankingConfiguration": {
                    "numberOfRerankedResults": (*results).clamp(1, 100),
                    "modelConfiguration": {"modelArn": arn},
                },
            });
        }
        json!({"vectorSearchConfiguration": search})
    }
}

/// Which documents meet a condition: the service has no words for all and for none.
#[derive(Debug, PartialEq)]
enum Met {
    Always,
    Never,
    If(Json),
}

/// `andAll` and `orAll` take two or more: one alone stands for itself.
fn met(matches: &Matches) -> Met {
    let one = |operator: &str, key: &str, value: Json| {
        Met::If(Json::Object(Map::from_iter([(operator.to_owned(), json!({"key": key, "value": value}))])))
    };
    // What decides alone, and what says nothing, of those that are joined.
    let joined = |operator: &str, of: &[Matches], decides: Met, idle: Met| {
        let mut filters = Vec::new();
        for met in of.iter().map(met) {
            match met {
                Met::If(filter) => filters.push(filter),
                other if other == decides => return decides,
                _ => {}
            }
        }
        match (filters.pop(), filters.is_empty()) {
            (None, _) => idle,
            (Some(last), true) => Met::If(last),
            (Some(last), false) => {
                filters.push(last);
                Met::If(Json::Object(Map::from_iter([(operator.to_owned(), filters.into())])))
            }
        }
    };
    match matches {
        Matches::Equals(key, value) => one("equals", key, value.clone()),
        Matches::NotEquals(key, value) => one("notEquals", key, value.clone()),
        Matches::In(_, values) if values.is_empty() => Met::Never,
        Matches::In(key, values) => one("in", key, values.clone().into()),
        Matches::GreaterThan(key, value) => one("greaterThan", key, number(*value)),
        Matches::GreaterOrEquals(key, value) => one("greaterThanOrEquals", key, number(*value)),
        Matches::LessThan(key, value) => one("lessThan", key, number(*value)),
        Matches::LessOrEquals(key, value) => one("lessThanOrEquals", key, number(*value)),
        Matches::All(all) => joined("andAll", all, Met::Never, Met::Always),
        Matches::Any(any) => joined("orAll", any, Met::Always, Met::Never),
    }
}

/// 60 and not 60.0.
fn number(value: f64) -> Json {
    #[expect(clippy::cast_possible_truncation, reason = "it is compared with what it came from")]
    let whole = value as i64;
    #[expect(clippy::cast_precision_loss, reason = "it is compared with what it came from")]
    let same = (whole as f64 - value).abs() < f64::EPSILON;
    if same { whole.into() } else { value.into() }
}

fn passage(
    content: Option<RetrievalResultContent>,
    location: Option<&RetrievalResultLocation>,
    score: Option<f64>,
    metadata: impl IntoIterator<Item = (String, Document)>,
) -> Passage {
    let mut metadata: Vec<_> = metadata.into_iter().map(|(key, value)| (key, chat::plain(value))).collect();
    metadata.sort_by(|one, other| one.0.cmp(&other.0));
    Passage {
        id: location.and_then(place),
        text: content.map(|content| content.text).unwrap_or_default(),
        score,
        metadata: metadata.into_iter().collect(),
    }
}

/// The id of a document that was put in by itself, else the address it was read from.
fn place(location: &RetrievalResultLocation) -> Option<String> {
    let custom = location.custom_document_location().and_then(|at| at.id());
    let s3 = location.s3_location().and_then(|at| at.uri());
    let web = location.web_location().and_then(|at| at.url());
    let confluence = location.confluence_location().and_then(|at| at.url());
    let share_point = location.share_point_location().and_then(|at| at.url());
    let kendra = location.kendra_document_location().and_then(|at| at.uri());
    [custom, s3, web, confluence, share_point, kendra].into_iter().flatten().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_as_the_service_takes_them() {
        let is = |key: &str| Matches::Equals(key.to_owned(), json!(1));
        let is_json = |key: &str| json!({"equals": {"key": key, "value": 1}});
        let never = || Matches::Any(vec![]);
        let always = || Matches::All(vec![]);
        let both = |operator: &str| {
            Met::If(Json::Object(Map::from_iter([(operator.to_owned(), json!([is_json("a"), is_json("b")]))])))
        };
        for (matches, expected) in [
            (is("a"), Met::If(is_json("a"))),
            (always(), Met::Always),
            (never(), Met::Never),
            (Matches::In("a".to_owned(), vec![]), Met::Never),
            (Matches::All(vec![is("a")]), Met::If(is_json("a"))),
            (Matches::All(vec![is("a"), always(), is("b")]), both("andAll")),
            (Matches::All(vec![is("a"), never(), is("b")]), Met::Never),
            (Matches::Any(vec![is("a"), never(), is("b")]), both("orAll")),
            (Matches::Any(vec![is("a"), always()]), Met::Always),
            (Matches::Any(vec![never(), is("a")]), Met::If(is_json("a"))),
            (Matches::LessThan("s".to_owned(), 60.0), Met::If(json!({"lessThan": {"key": "s", "value": 60}}))),
            (
                Matches::GreaterOrEquals("s".to_owned(), 0.5),
                Met::If(json!({"greaterThanOrEquals": {"key": "s", "value": 0.5}})),
            ),
            (
                Matches::In("t".to_owned(), vec![json!("x"), json!("y")]),
                Met::If(json!({"in": {"key": "t", "value": ["x", "y"]}})),
            ),
        ] {
            assert_eq!(met(&matches), expected, "{matches:?}");
        }
    }
}
