//! Search by meaning: what is certain of a question becomes conditions, the rest of it a vector and pieces of words; the
//! nearest events by both are fused into one ranking. Nothing is answered where nothing is near enough.

mod fusion;
mod pieces;
mod rerank;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

pub use self::{
    fusion::{Legs, Rerank, Weights},
    rerank::Rerankers,
};
use super::{Attempt, Cause, Exchange, Passed, StrategyError, Trace};
use crate::{
    answer::{Answer, Hits, Value},
    cost::Usage,
    model::{Embedder, Purpose, Space, Vector},
    prompt::about_tokens,
    question::{
        Places, Question,
        reading::{Cond, EventType, Order, Pick, Reading, Wants, Why},
    },
    sql::{
        Query,
        search::{Effort, Wanted, candidates, search, unindexed},
    },
    store::{Limits, Reader, StoreError, Vectors, Version},
};

/// Searches one store, with whichever embedder made the index that is searched.
pub struct Search {
    vectors: Vectors,
    embedders: Vec<Arc<dyn Embedder>>,
    /// The version that is searched, as it was a moment ago.
    served: Mutex<Option<(Instant, Served)>>,
    rerankers: Option<Rerankers>,
}

#[derive(Clone)]
struct Served {
    version: Version,
    /// Whether there is an approximate index.
    graph: bool,
}

/// What came of a search.
#[derive(Debug)]
pub enum Found {
    Hits {
        query: Query,
        /// None of them where nothing satisfies the conditions.
        hits: Hits,
    },
    /// The best is too far to be meant.
    Nothing { query: Query },
    /// Nothing can be searched: `askline index` was not run, or for another embedder.
    NoIndex,
}

/// How long the version that is searched is taken for the same.
const FRESH: Duration = Duration::from_secs(2);
/// How often a search begins anew because the index was switched under it.
const SWITCHED: u32 = 3;
/// For the vector of a question.
const EMBEDDING: Duration = Duration::from_secs(5);

impl Search {
    pub fn new(vectors: Vectors, embedders: Vec<Arc<dyn Embedder>>) -> Self {
        Self { vectors, embedders, served: Mutex::new(None), rerankers: None }
    }

    /// With models that a strategy may ask for the order.
    #[must_use]
    pub fn with_rerankers(self, rerankers: Rerankers) -> Self {
        Self { rerankers: Some(rerankers), ..self }
    }

    /// A question that descriptions alone can answer: it asks for events, and has words that nobody knows. One whose words
    /// are known and unclear is not guessed at.
    ///
    /// # Errors
    /// The embedder or the database could not be asked.
    pub async fn attempt(
        &self,
        question: &Question<'_>,
        reading: &Reading,
        legs: &Legs,
        reader: &Reader,
        limits: Limits,
        trace: &mut Trace,
    ) -> Result<Attempt, StrategyError> {
        let descriptive = reading.unread.iter().any(|piece| piece.why == Why::UnknownWord);
        if !descriptive || !all_in_order(&reading.wants) {
            return Ok(Attempt::Passed(Passed::Uncovered));
        }
        match self.find(question, reading, legs, HITS, (reader, limits), trace).await? {
            Found::Hits { query, hits } => {
                Ok(Attempt::Answered { query, answer: Answer::Hits(hits), explanation: None })
            }
            Found::Nothing { .. } => Ok(Attempt::Passed(Passed::NothingRelevant)),
            Found::NoIndex => Ok(Attempt::Passed(Passed::NoIndex)),
        }
    }

    /// The best `most` events, whatever the question is like.
    ///
    /// # Errors
    /// The embedder or the database could not be asked.
    pub async fn find(
        &self,
        question: &Question<'_>,
        reading: &Reading,
        legs: &Legs,
        most: usize,
        (reader, limits): (&Reader, Limits),
        trace: &mut Trace,
    ) -> Result<Found, StrategyError> {
        let store = |error| StrategyError { query: None, cause: Cause::Store(error) };
        let unread: Vec<&str> = reading.unread.iter().map(|piece| piece.text.as_str()).collect();
        let unread = unread.join(" ");
        let aside = says_when(&reading.filter) || reading.relation.is_some();
        let conditions = Conditions::of(&reading.filter, &question.video.places);
        let words = pieces::words(question.text, pieces::unused(reading));
        let depth = u32::try_from(most.saturating_mul(5).clamp(50, 1_000)).unwrap_or(1_000);
        let mut again = 0;
        let mut made: Option<(Space, Vector)> = None;
        loop {
            let Some(served) = self.served(again > 0).await.map_err(store)? else { return Ok(Found::NoIndex) };
            let Some(embedder) = self.embedder(&served) else { return Ok(Found::NoIndex) };
            let weights = Weights::of(embedder.space()).with(legs);
            let focus = if aside { weights.aside } else { weights.focus };
            let vector = match &mut made {
                Some((space, vector)) if space == embedder.space() => vector.clone(),
                made => {
                    let vector = self.vector(embedder, focus, question.text, &unread, trace).await?;
                    made.insert((embedder.space().clone(), vector)).1.clone()
                }
            };
            let wanted = Wanted {
                filter: &conditions.certain,
                relation: reading.relation.as_ref(),
                near: vector.map(|vector| (served.version.searched(), vector)),
                words: words.clone(),
                depth,
            };
            let (effort, count) = self.effort(&served, &wanted, question, reader, limits).await?;
            let query = search(&wanted, question.video, effort);
            match reader.run(&query, limits).await {
                Ok(Answer::Hits(mut hits)) => {
                    if effort == Effort::Approximate {
                        // Comparing the words of so many events takes too long.
                        trace.step("letters", "left_out", Some("too_many_events"));
                        let wanted = u64::from(depth).min(count.unwrap_or_default());
                        hits.underfilled = (hits.hits.len() as u64) < wanted;
                    }
                    let nothing = hits.hits.is_empty();
                    let rerank = legs.rerank.as_ref().zip(self.rerankers.as_ref());
                    let kept = rerank.map_or(most, |(wanted, _)| wanted.top.max(most));
                    let mut hits = fusion::fuse(question.text, hits, &weights, &conditions.types, kept);
                    trace.step("rank", "ranked", weights.relevant.is_none().then_some("not_calibrated"));
                    if let Some((wanted, rerankers)) = rerank {
                        rerankers.order(wanted, question, &mut hits.hits, reader, limits, trace).await;
                        hits = hits.first(most);
                    }
                    if !hits.hits.is_empty() {
                        return Ok(Found::Hits { query, hits });
                    }
                    // Nothing that satisfies the conditions, nothing near enough, or not all of it looked at.
                    let count = async |query: Query| match reader.run(&query, limits).await {
                        Ok(Answer::Scalar(Value::Int(count))) => Ok(count.unsigned_abs()),
                        Ok(_) => Ok(0),
                        Err(error) => Err(StrategyError { query: Some(query), cause: Cause::Store(error) }),
                    };
                    let missing = count(unindexed(&wanted, served.version.searched(), question.video)).await?;
                    if missing > 0 {
                        trace.counted("rank", "not_indexed", None, missing);
                        return Ok(Found::NoIndex);
                    }
                    let there = nothing && count(candidates(&wanted, question.video, 1)).await? > 0;
                    return Ok(if nothing && !there { Found::Hits { query, hits } } else { Found::Nothing { query } });
                }
                Ok(_) => {
                    let cause = Cause::Store(StoreError::Rejected { message: "a search gave no hits".to_owned() });
                    return Err(StrategyError { query: Some(query), cause });
                }
                // Another version, maybe of another space, has taken its place a moment ago.
                Err(StoreError::Rejected { .. }) if again < SWITCHED => again += 1,
                Err(error) => return Err(StrategyError { query: Some(query), cause: Cause::Store(error) }),
            }
        }
    }

    fn embedder(&self, served: &Served) -> Option<&dyn Embedder> {
        self.embedders.iter().map(AsRef::as_ref).find(|embedder| *embedder.space() == served.version.space)
    }

    /// Every event is compared, unless there are too many and an approximate index; and how many there are, if they were
    /// counted.
    async fn effort(
        &self,
        served: &Served,
        wanted: &Wanted<'_>,
        question: &Question<'_>,
        reader: &Reader,
        limits: Limits,
    ) -> Result<(Effort, Option<u64>), StrategyError> {
        if !served.graph || wanted.near.is_none() {
            return Ok((Effort::Exact, None));
        }
        let exact = self.vectors.exact();
        let query = candidates(wanted, question.video, exact);
        match reader.run(&query, limits).await {
            Ok(Answer::Scalar(Value::Int(count))) if count > exact => {
                Ok((Effort::Approximate, Some(count.unsigned_abs())))
            }
            Ok(_) => Ok((Effort::Exact, None)),
            Err(error) => Err(StrategyError { query: Some(query), cause: Cause::Store(error) }),
        }
    }

    /// The question's, drawn towards the words that nothing else has used. Of a model that is paid it is held to the budget
    /// and counted like any exchange.
    async fn vector(
        &self,
        embedder: &dyn Embedder,
        focus: f32,
        text: &str,
        unread: &str,
        trace: &mut Trace,
    ) -> Result<Vector, StrategyError> {
        let texts = if focus > 0.0 && !unread.is_empty() { vec![text, unread] } else { vec![text] };
        let model = &embedder.space().model;
        let known = self.rerankers.as_ref().and_then(|with| with.prices.get(model));
        let price = |usage: &Usage| known.and_then(|known| known.price(usage));
        let mut limit = EMBEDDING;
        if known.is_some() {
            let expected = Usage { input: texts.iter().map(|text| about_tokens(text)).sum(), ..Usage::default() };
            let allowed = trace.allow(EMBEDDING, &expected, price(&expected));
            limit = allowed.map_err(|spent| StrategyError { query: None, cause: Cause::Spent(spent) })?;
        }
        let embedded = embedder.embed(&texts, Purpose::Query, limit).await;
        let mut embedded = embedded.map_err(|error| StrategyError { query: None, cause: Cause::Model(error) })?;
        if embedded.tokens > 0 {
            let usage = Usage { input: embedded.tokens, ..Usage::default() };
            let (request_id, ms) = (embedded.request_ids.pop(), embedded.ms);
            let (price, model) = (price(&usage), model.clone());
            trace.push(Exchange { of: "vector", model, usage, price, ms, request_id, estimated: false }, None);
        }
        Ok(drawn(embedded.vectors, focus))
    }

    async fn served(&self, anew: bool) -> Result<Option<Served>, StoreError> {
        let known = self.served.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, served)) = known.filter(|_| !anew)
            && at.elapsed() < FRESH
        {
            return Ok(Some(served));
        }
        let Some(version) = self.vectors.served().await? else { return Ok(None) };
        let graph = self.vectors.has_graph(&version).await?;
        let served = Served { version, graph };
        *self.served.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), served.clone()));
        Ok(Some(served))
    }
}

/// The first, drawn towards the second.
fn drawn(vectors: Vec<Vector>, focus: f32) -> Vector {
    let mut vectors = vectors.into_iter();
    let (whole, rest) = (vectors.next().flatten(), vectors.next().flatten());
    let (Some(mut vector), Some(rest)) = (whole.clone(), rest) else { return whole };
    for (x, y) in vector.iter_mut().zip(rest) {
        *x = (1.0 - focus) * *x + focus * y;
    }
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length < 1e-6 {
        return whole;
    }
    vector.iter_mut().for_each(|x| *x /= length);
    Some(vector)
}

/// Whether all events are asked for: the nearest ones are no answer to which was the first, or the longest.
pub(super) fn all_in_order(wants: &Wants) -> bool {
    matches!(wants, Wants::Events { order: Order::TIME, pick: Pick::All })
}

/// Whether a part of it is about the video, and not about what is seen.
fn says_when(filter: &Cond) -> bool {
    match filter {
        Cond::All(parts) | Cond::Any(parts) => parts.iter().any(says_when),
        Cond::Not(part) => says_when(part),
        Cond::Time(_) | Cond::Clock(_) | Cond::Confidence(_) | Cond::Duration(_) | Cond::Person(_) | Cond::Id(_) => {
            true
        }
        Cond::Type(_) | Cond::Age(_) | Cond::Gender(_) | Cond::Area(_) | Cond::Place(_) | Cond::Unknown(_) => false,
    }
}

/// How many events answer a question.
const HITS: usize = 10;

/// What a filter says for certain, and what it only hints at: in a description a type's word may be one of many ("somebody
/// hiding stolen goods"), so that it draws events of its type up and shuts no other out. Nor is every thing that stands
/// somewhere ("fallen from a tree") a place of this video.
pub(super) struct Conditions {
    pub(super) certain: Cond,
    pub(super) types: Vec<EventType>,
}

impl Conditions {
    pub(super) fn of(filter: &Cond, places: &Places) -> Self {
        let parts = match filter {
            Cond::All(parts) => parts.clone(),
            one => vec![one.clone()],
        };
        let mut types = Vec::new();
        let mut certain = Vec::new();
        for part in parts {
            match part {
                Cond::Type(named) => types.extend(named),
                Cond::Place(place) if !names(places, &place) => {}
                part => certain.push(part),
            }
        }
        Self { certain: Cond::All(certain), types }
    }
}

/// Whether a place of the video has it as words of its own.
fn names(places: &Places, wanted: &str) -> bool {
    let wanted = wanted.to_lowercase();
    places.names().any(|name| {
        let name = name.to_lowercase();
        name.match_indices(&wanted).any(|(at, _)| {
            let before = name[..at].chars().next_back();
            let after = name[at + wanted.len()..].chars().next();
            let begins = before.is_none_or(|c| !c.is_alphanumeric());
            // Particles and endings stand behind Korean words without a space.
            begins && after.is_none_or(|c| !c.is_ascii_alphanumeric())
        })
    })
}
