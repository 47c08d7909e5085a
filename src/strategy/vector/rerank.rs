//! The last word of a reranker on the order of what was found: the first events of the fused ranking with what stands
//! before and after each in the video. It only orders: nothing is cut, and an event that has all the question's words
//! stays in front. Where it cannot be asked, the fused order stays, and the trace says why.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::fusion::Rerank;
use crate::{
    answer::{Answer, Hit, Value},
    cost::{Models, Usage},
    model::Reranker,
    question::Question,
    sql::search::neighbours,
    store::{Limits, Reader},
    strategy::Trace,
};

/// By the name a strategy has for them, with what a query of each costs.
#[derive(Clone)]
pub struct Rerankers {
    pub models: BTreeMap<String, Arc<dyn Reranker>>,
    pub prices: Arc<Models>,
}

/// Documents of one unit of cost, and characters of one that is surely no more than one.
const UNIT: usize = 100;
const LONGEST: usize = 500;
/// From this share of the question's words on, all of them.
const ALL: f64 = 1.0 - 1e-6;

impl Rerankers {
    /// Orders the first `wanted.top` of `hits` anew; the others stay behind them.
    pub(super) async fn order(
        &self,
        wanted: &Rerank,
        question: &Question<'_>,
        hits: &mut [Hit],
        reader: &Reader,
        limits: Limits,
        trace: &mut Trace,
    ) {
        let top = wanted.top.min(hits.len());
        if top < 2 {
            return;
        }
        let Some(model) = self.models.get(&wanted.model) else {
            trace.step(STEP, "skipped", Some("no_model"));
            return;
        };
        let units = top.div_ceil(UNIT);
        let known = self.prices.get(model.model()).and_then(|known| known.per_query());
        let price = known.map(|price| std::iter::repeat_n(price, units).sum());
        let limit = match trace.allow(wanted.timeout, &Usage::default(), price) {
            Ok(limit) => limit,
            Err(spent) => {
                trace.step(STEP, "skipped", Some(spent.code()));
                return;
            }
        };
        let ids: Vec<i64> = hits[..top].iter().map(|hit| hit.event.id).collect();
        // Without its surroundings an event still says something.
        let around = match reader.run(&neighbours(ids, question.video), limits).await {
            Ok(Answer::Groups(groups)) => by_id(groups),
            _ => HashMap::new(),
        };
        let documents: Vec<String> =
            hits[..top].iter().map(|hit| document(hit, around.get(&hit.event.id).map(String::as_str))).collect();
        let documents: Vec<&str> = documents.iter().map(String::as_str).collect();
        match model.rerank(question.text, &documents, top, limit).await {
            Ok(reranked) => {
                trace.bought(STEP, model.model(), price, reranked.ms, reranked.request_id);
                for ranked in reranked.ranked {
                    if let Some(hit) = hits[..top].get_mut(ranked.index) {
                        hit.reranked = Some(ranked.score);
                    }
                }
                // Stable: what has all the words, and what was not ranked, keeps its order.
                hits[..top].sort_by(|a, b| key(b).0.cmp(&key(a).0).then_with(|| key(b).1.total_cmp(&key(a).1)));
                trace.step(STEP, "reranked", None);
            }
            Err(error) => {
                tracing::warn!(code = error.kind.code(), %error, "not reranked");
                trace.step(STEP, "failed", Some(error.kind.code()));
            }
        }
    }
}

const STEP: &str = "rerank";

fn key(hit: &Hit) -> (bool, f64) {
    let all = hit.share.is_some_and(|share| share >= ALL);
    (all, if all { 0.0 } else { hit.reranked.unwrap_or(-1.0) })
}

fn by_id(groups: Vec<(Value, Value)>) -> HashMap<i64, String> {
    let pair = |pair| match pair {
        (Value::Int(id), Value::Text(text)) => Some((id, text)),
        _ => None,
    };
    groups.into_iter().filter_map(pair).collect()
}

/// What was seen, where, and in brackets what was seen before and after.
fn document(hit: &Hit, around: Option<&str>) -> String {
    let event = &hit.event;
    let own = [event.description.as_deref(), event.action_detected.as_deref(), event.location.as_deref()];
    let own = own.into_iter().flatten().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let around =
        around.into_iter().flat_map(str::lines).filter(|line| !line.is_empty()).map(|line| format!("({line})"));
    let mut text = own.chain(around).collect::<Vec<_>>().join("\n");
    if text.is_empty() {
        text.clone_from(&event.event_type);
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => text[..end].to_owned(),
        None => text,
    }
}
