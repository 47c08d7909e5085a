//! `GET /api/usage/?by=…&since=…`: what models were asked, and what that cost.

use jiff::Timestamp;
use poem::{Request, Response};
use serde::Serialize;

use super::error::Problem;
use crate::{
    engine::Failure,
    store::{By, Ledger, Sum},
};

/// The body of an answer. Tokens are billed ones; `input_tokens` is without those of the cache.
#[derive(Debug, Serialize)]
pub struct UsageBody<'a> {
    by: &'static str,
    since: Option<Timestamp>,
    usage: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    key: &'a str,
    exchanges: u64,
    input_tokens: u64,
    output_tokens: u64,
    cache_read_tokens: u64,
    cache_write_tokens: u64,
    /// Of those whose price is known, to the micro-dollar.
    cost_usd: f64,
    /// Exchanges whose price is not known: they are not in `cost_usd`.
    unpriced: u64,
    /// Exchanges of which nobody said what was used.
    estimated: u64,
}

impl<'a> UsageBody<'a> {
    pub fn new(by: By, since: Option<Timestamp>, sums: &'a [Sum]) -> Self {
        let row = |sum: &'a Sum| Row {
            key: &sum.key,
            exchanges: sum.exchanges,
            input_tokens: sum.usage.input,
            output_tokens: sum.usage.output,
            cache_read_tokens: sum.usage.cache_read,
            cache_write_tokens: sum.usage.cache_write + sum.usage.cache_write_1h,
            cost_usd: sum.price.micro_usd() as f64 / 1e6,
            unpriced: sum.unpriced,
            estimated: sum.estimated,
        };
        Self { by: by.name(), since, usage: sums.iter().map(row).collect() }
    }
}

pub(super) async fn usage(ledger: Ledger, request: Request) -> poem::Result<Response> {
    let (by, since) = parse(request.uri().query().unwrap_or_default())?;
    let sums = ledger.sums(by, since).await.map_err(|error| Problem::NotReady(Failure::of(&error)))?;
    let body = serde_json::to_string(&UsageBody::new(by, since, &sums)).map_err(|_| Problem::Internal)?;
    Ok(Response::builder().content_type("application/json").body(body))
}

fn parse(query: &str) -> Result<(By, Option<Timestamp>), Problem> {
    let (mut by, mut since) = (By::Day, None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "by" => {
                by = By::ALL.into_iter().find(|by| by.name() == value).ok_or_else(|| Problem::InvalidValue {
                    field: "by",
                    why: format!("is to be one of {}", By::ALL.map(By::name).join(", ")),
                })?;
            }
            "since" => {
                since = Some(value.parse().map_err(|_| Problem::InvalidValue {
                    field: "since",
                    why: "is to be a moment with its offset, such as 2026-03-02T18:00:00+09:00".to_owned(),
                })?);
            }
            _ => return Err(Problem::UnknownField { name: name.into_owned(), known: "by, since".to_owned() }),
        }
    }
    Ok((by, since))
}
