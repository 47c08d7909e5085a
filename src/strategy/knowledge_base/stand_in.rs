//! The index of this machine in the place of a knowledge base: the same events, asked for in the same way.

use std::time::{Duration, Instant};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Map, json};

use super::filter::conditions;
use crate::{
    answer::Hit,
    model::{ErrorKind, Generated, Generation, KnowledgeBase, ModelError, Passage, Pending, Retrieval, Retrieved},
    question::{
        Question, detect,
        reading::{Order, Pick, Reading, Wants},
    },
    store::{Limits, Reader},
    strategy::{
        Budget, Cause, Trace,
        vector::{Found, Legs, Search},
    },
};

/// Searches as the rung `vector` does.
pub struct StandIn {
    pub search: Search,
    pub reader: Reader,
    pub limits: Limits,
}

impl KnowledgeBase for StandIn {
    fn stands_in(&self) -> bool {
        true
    }

    fn retrieve<'a>(&'a self, retrieval: &'a Retrieval, limit: Duration) -> Pending<'a, Retrieved> {
        Box::pin(async move {
            let late = || failed(ErrorKind::TimedOut, "the index of this machine was not searched in time".to_owned());
            tokio::time::timeout(limit, self.found(retrieval)).await.unwrap_or_else(|_| Err(late()))
        })
    }

    fn generate<'a>(&'a self, _: &'a Generation, _: Duration) -> Pending<'a, Generated> {
        let message = "what stands in for a knowledge base words nothing".to_owned();
        Box::pin(async { Err(failed(ErrorKind::BadRequest, message)) })
    }
}

impl StandIn {
    async fn found(&self, retrieval: &Retrieval) -> Result<Retrieved, ModelError> {
        let began = Instant::now();
        let filter = retrieval.filter.as_ref().and_then(conditions);
        let (id, filter) = filter.ok_or_else(|| failed(ErrorKind::BadRequest, "no filter that is known".to_owned()))?;
        let unavailable = |error: &dyn std::error::Error| failed(ErrorKind::Unavailable, error.to_string());
        let video = self.reader.video(id).await.map_err(|error| unavailable(&error))?;
        let Some(video) = video else { return Ok(Retrieved { passages: Vec::new(), ms: 0.0, request_id: None }) };
        let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        let question = Question { text: &retrieval.query, lang: detect(&retrieval.query), video: &video, now };
        let reading = Reading {
            wants: Wants::Events { order: Order::TIME, pick: Pick::All },
            filter,
            relation: None,
            polar: false,
            asks_when: false,
            signals: Vec::new(),
            unread: Vec::new(),
        };
        let most = usize::try_from(retrieval.results).unwrap_or(usize::MAX);
        // Of its own: nothing is paid here, and the rung tells how the retrieval went.
        let mut trace = Trace::start(Budget { time: Duration::MAX, money: None, tokens: None }, None);
        let (legs, with) = (Legs::default(), (&self.reader, self.limits));
        let found = self.search.find(&question, &reading, &legs, most, with, &mut trace).await;
        let passages = match found {
            Ok(Found::Hits { hits, .. }) => hits.hits.iter().map(passage).collect(),
            Ok(Found::Nothing { .. }) => Vec::new(),
            Ok(Found::NoIndex) => {
                let message = "nothing is indexed: run `askline index`".to_owned();
                return Err(failed(ErrorKind::WrongModel, message));
            }
            Err(error) => match error.cause {
                Cause::Model(error) => return Err(error),
                cause => return Err(unavailable(&cause)),
            },
        };
        Ok(Retrieved { passages, ms: began.elapsed().as_secs_f64() * 1e3, request_id: None })
    }
}

fn passage(hit: &Hit) -> Passage {
    let event = &hit.event;
    let mut metadata = Map::new();
    metadata.insert("event_id".to_owned(), json!(event.id));
    metadata.insert("video_id".to_owned(), json!(event.video_id));
    Passage {
        id: Some(format!("video-{}-event-{}", event.video_id, event.id)),
        text: event.description.clone().unwrap_or_default(),
        score: Some(hit.score),
        metadata,
    }
}

fn failed(kind: ErrorKind, message: String) -> ModelError {
    ModelError { kind, message, request_id: None }
}
