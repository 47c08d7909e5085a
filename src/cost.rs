//! What models cost, and what they take: a dated table as data, and exact money.
//!
//! The table is `strategies/prices.yaml`, list prices in US dollars with their sources. A price that nobody gave is
//! unknown, which is never nothing.

mod money;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use self::money::{Money, Usage};

/// Every model that is known, by id, inference profile and ARN.
#[derive(Debug)]
pub struct Models {
    /// `YYYY-MM-DD`, the day the prices are of.
    pub as_of: String,
    models: BTreeMap<String, Model>,
    /// One retrieval from a knowledge base, without what its models cost; `None` where nobody said.
    pub per_retrieval: Option<Money>,
    /// Profile → (base model, its prices).
    profiles: BTreeMap<String, (String, Prices)>,
}

/// One model. What is not said of it is not known.
#[derive(Debug, Clone)]
pub struct Model {
    pub kind: ModelKind,
    pub lifecycle: Lifecycle,
    /// `YYYY-MM-DD`
    pub eol_date: Option<String>,
    pub max_input_tokens: Option<u64>,
    pub max_output_tokens: Option<u64>,
    /// Of an embedding model.
    pub dimensions: Option<usize>,
    /// Of a chat model; `None` if nothing is said.
    pub takes: Option<Takes>,
    /// Region → ways it is offered there.
    pub regions: BTreeMap<String, Vec<Offer>>,
    prices: Option<Prices>,
    /// Above so many input tokens, these.
    above: Option<(u64, Prices)>,
    per_query: Option<Money>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelKind {
    Chat,
    Embedding,
    Rerank,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    Active,
    /// New accounts do not get it any more.
    Legacy,
    /// Ended.
    Eol,
    NotListed,
}

/// How a model is offered in a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Offer {
    /// By its bare id.
    #[serde(rename = "ON_DEMAND")]
    OnDemand,
    /// By an inference profile with this prefix.
    Us,
    Eu,
    Apac,
    Jp,
    Au,
    Global,
    /// On another endpoint.
    Mantle,
}

/// What a chat model takes, as the table says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Takes {
    /// `temperature` and `topP` are not refused.
    pub sampling_params: bool,
    /// The last message may be the assistant's.
    #[serde(default)]
    pub assistant_prefill: bool,
    /// Tokens before a cache point; without it nothing is said of caching.
    pub cache_min_tokens: Option<u64>,
    #[serde(default)]
    pub json_schema_output: bool,
    /// It can be made to answer through a tool.
    pub forced_tool_use: bool,
    #[serde(default)]
    pub thinking_always_on: bool,
}

/// Of one token each; `None` where no price was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prices {
    pub input: Option<Money>,
    pub output: Option<Money>,
    pub cache_read: Option<Money>,
    pub cache_write: Option<Money>,
    pub cache_write_1h: Option<Money>,
}

/// What is known of a model called by some name.
#[derive(Debug, Clone, Copy)]
pub struct Known<'m> {
    /// The id of the model itself.
    pub base: &'m str,
    pub model: &'m Model,
    /// `None` for a name whose price the table does not have.
    prices: Option<&'m Prices>,
}

/// What is wrong with a table, all of it.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct PricesError(Vec<String>);

const BUILTIN: &str = include_str!("../strategies/prices.yaml");

impl Models {
    /// The table of this program.
    ///
    /// # Errors
    /// None that a released program has.
    pub fn builtin() -> Result<Self, PricesError> {
        Self::parse("strategies/prices.yaml", BUILTIN)
    }

    /// Reads and checks a table; `name` is for its messages.
    ///
    /// # Errors
    /// Not YAML, an unknown key, a price that is not one.
    pub fn parse(name: &str, text: &str) -> Result<Self, PricesError> {
        let file: File = serde_yaml::from_str(text).map_err(|error| {
            let line = error.location().map_or(1, |at| at.line());
            PricesError(vec![format!("{name}:{line}: {error}")])
        })?;
        let mut faults = Vec::new();
        if file.currency != "USD" {
            faults.push(format!("{name}: currency: is to be USD"));
        }
        let (mut models, mut profiles) = (BTreeMap::new(), BTreeMap::new());
        for (id, row) in file.models {
            let mut fault = |field: &str, why: &str| faults.push(format!("{name}: models.{id}.{field}: {why}"));
            let mut prices = |field: &str, given: &PerThousand| {
                given.prices().unwrap_or_else(|| {
                    fault(field, "a price is to be 0 or more US dollars, no finer than a billionth");
                    Prices::default()
                })
            };
            let above = [(100_000, &row.per_1k_tokens_above_100k), (200_000, &row.per_1k_tokens_above_200k)];
            let above = above.into_iter().find_map(|(limit, given)| given.as_ref().map(|given| (limit, given)));
            let model = Model {
                kind: row.kind,
                lifecycle: row.lifecycle,
                eol_date: row.eol_date,
                max_input_tokens: row.limits.max_input_tokens,
                max_output_tokens: row.limits.max_output_tokens,
                dimensions: row.limits.dims,
                takes: row.capabilities,
                regions: row.regions,
                prices: row.per_1k_tokens.as_ref().map(|given| prices("per_1k_tokens", given)),
                above: above.map(|(limit, given)| (limit, prices("per_1k_tokens_above", given))),
                per_query: row.per_query.and_then(|usd| Money::from_usd(usd, 1e12)),
            };
            for (profile, given) in &row.profiles {
                profiles.insert(profile.clone(), (id.clone(), prices(&format!("profiles.{profile}"), given)));
            }
            models.insert(id, model);
        }
        if faults.is_empty() {
            {
                let per_retrieval = file.knowledge_base.per_retrieval.and_then(|usd| Money::from_usd(usd, 1e12));
                Ok(Self { as_of: file.as_of, per_retrieval, models, profiles })
            }
        } else {
            Err(PricesError(faults))
        }
    }

    /// What is known of a model id, an inference profile or an ARN of either; nothing is inferred from how it is spelt.
    pub fn get(&self, name: &str) -> Option<Known<'_>> {
        // An ARN ends in `foundation-model/ID` or `inference-profile/ID`.
        let id = if name.starts_with("arn:") { name.rsplit('/').next()? } else { name };
        if let Some((base, model)) = self.models.get_key_value(id) {
            return Some(Known { base, model, prices: model.prices.as_ref() });
        }
        let (base, prices) = self.profiles.get(id)?;
        let (base, model) = self.models.get_key_value(base)?;
        Some(Known { base, model, prices: Some(prices) })
    }

    /// Every name there is: models, then profiles.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.models.keys().chain(self.profiles.keys()).map(String::as_str)
    }
}

impl Known<'_> {
    /// What a use of it costs; `None` where a kind of token that was used has no price.
    pub fn price(&self, usage: &Usage) -> Option<Money> {
        let all_input = usage.input + usage.cache_read + usage.cache_write + usage.cache_write_1h;
        let prices = match &self.model.above {
            // Of a profile the table gives one price only.
            Some((limit, above)) if all_input > *limit => {
                (self.prices == self.model.prices.as_ref()).then_some(above)?
            }
            _ => self.prices?,
        };
        prices.price(usage)
    }

    /// Of one token each, up to the size at which they change.
    pub fn prices(&self) -> Option<&Prices> {
        self.prices
    }

    /// Of one query of a reranker.
    pub fn per_query(&self) -> Option<Money> {
        self.model.per_query
    }
}

impl Prices {
    fn price(&self, usage: &Usage) -> Option<Money> {
        let parts = [
            (usage.input, self.input),
            (usage.output, self.output),
            (usage.cache_read, self.cache_read),
            (usage.cache_write, self.cache_write),
            (usage.cache_write_1h, self.cache_write_1h),
        ];
        let used = parts.into_iter().filter(|(tokens, _)| *tokens > 0);
        used.map(|(tokens, price)| Some(price?.times(tokens))).sum()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    as_of: String,
    currency: String,
    #[serde(rename = "sources")]
    _sources: BTreeMap<String, String>,
    /// How prefixes change prices, for people: every price is given.
    #[serde(rename = "profiles")]
    _profiles: BTreeMap<String, f64>,
    #[serde(default)]
    knowledge_base: BaseRow,
    models: BTreeMap<String, Row>,
}

/// US dollars.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaseRow {
    per_retrieval: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    kind: ModelKind,
    lifecycle: Lifecycle,
    eol_date: Option<String>,
    #[serde(default, rename = "still_listed_in")]
    _still_listed_in: Vec<String>,
    per_1k_tokens: Option<PerThousand>,
    per_1k_tokens_above_100k: Option<PerThousand>,
    per_1k_tokens_above_200k: Option<PerThousand>,
    per_query: Option<f64>,
    limits: Limits,
    capabilities: Option<Takes>,
    #[serde(default)]
    regions: BTreeMap<String, Vec<Offer>>,
    #[serde(default)]
    profiles: BTreeMap<String, PerThousand>,
    #[serde(rename = "source")]
    _source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    max_input_tokens: Option<u64>,
    max_output_tokens: Option<u64>,
    dims: Option<usize>,
}

/// US dollars for 1,000 tokens.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PerThousand {
    input: Option<f64>,
    output: Option<f64>,
    cache_read: Option<f64>,
    cache_write: Option<f64>,
    cache_write_1h: Option<f64>,
}

impl PerThousand {
    fn prices(&self) -> Option<Prices> {
        let one = |given: Option<f64>| match given {
            None => Some(None),
            Some(usd) => Money::from_usd(usd, 1e9).map(Some),
        };
        Some(Prices {
            input: one(self.input)?,
            output: one(self.output)?,
            cache_read: one(self.cache_read)?,
            cache_write: one(self.cache_write)?,
            cache_write_1h: one(self.cache_write_1h)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_exact_and_the_unknown_stays_unknown() {
        let models = Models::builtin().expect("the table is sound");
        let usage = |input, output, cache_read, cache_write, cache_write_1h| Usage {
            input,
            output,
            cache_read,
            cache_write,
            cache_write_1h,
        };
        for (name, usage, expected) in [
            // 1000 × 0.0001/1k + 200 × 0.0005/1k
            ("anthropic.claude-haiku-5-5", usage(1_000, 200, 0, 0, 0), Some("$0.000200")),
            ("us.anthropic.claude-haiku-5-5", usage(1_000, 200, 0, 0, 0), Some("$0.000220")),
            ("anthropic.claude-haiku-5-5", usage(1, 0, 99_999, 0, 0), Some("$0.001000")),
            // 100,001 tokens, at the higher price.
            ("anthropic.claude-haiku-5-5", usage(100_001, 0, 0, 0, 0), Some("$0.050001")),
            ("us.anthropic.claude-haiku-5-5", usage(100_001, 0, 0, 0, 0), None),
            ("global.anthropic.claude-sonnet-5", usage(0, 0, 10_000, 1_000, 0), Some("$0.004500")),
            ("global.anthropic.claude-sonnet-5", usage(0, 0, 0, 0, 1), None),
            ("anthropic.claude-sonnet-5", usage(0, 0, 0, 0, 1_000), Some("$0.004000")),
            ("amazon.nova-micro-v1:0", usage(1, 1, 1, 0, 0), Some("$0.000000")),
            ("amazon.nova-micro-v1:0", usage(0, 0, 0, 1, 0), None),
            ("amazon.titan-embed-text-v2:0", usage(1_000_000, 0, 0, 0, 0), Some("$0.020000")),
            ("amazon.titan-embed-text-v2:0", usage(1, 1, 0, 0, 0), None),
            (
                "arn:aws:bedrock:ap-northeast-2:123456789012:inference-profile/global.anthropic.claude-sonnet-5",
                usage(1_000, 0, 0, 0, 0),
                Some("$0.002000"),
            ),
        ] {
            let known = models.get(name).expect(name);
            assert_eq!(known.price(&usage).map(|money| money.to_string()).as_deref(), expected, "{name} {usage:?}");
        }
        assert!(models.get("anthropic.claude-haiku-9").is_none());
        assert!(models.get("kr.anthropic.claude-sonnet-5").is_none(), "nothing is inferred from the spelling");
        let rerank = models.get("cohere.rerank-v3-5:0").and_then(|known| known.per_query());
        assert_eq!(rerank, Some(Money::from_micro_usd(2_000)));
    }

    #[test]
    fn every_chat_model_says_what_it_takes_and_every_model_has_a_price() {
        let models = Models::builtin().expect("the table is sound");
        assert_eq!(models.as_of, "2026-11-22");
        for name in models.names() {
            let known = models.get(name).expect("it is its own name");
            assert_eq!(known.model.kind == ModelKind::Chat, known.model.takes.is_some(), "{name}");
            let one = Usage { input: 1, ..Usage::default() };
            assert!(known.price(&one).is_some() || known.per_query().is_some(), "{name}");
        }
    }

    #[test]
    fn a_faulty_table_is_told() {
        for (from, to, expected) in [
            ("currency: USD", "curency: USD", "p.yaml:5: unknown field `curency`"),
            ("currency: USD", "currency: EUR", "p.yaml: currency: is to be USD"),
            ("    kind: chat\n", "    kind: chats\n", "unknown variant `chats`"),
            ("forced_tool_use: true", "forced_tools: true", "unknown field `forced_tools`"),
            (
                "per_1k_tokens: {input: 0.0001}",
                "per_1k_tokens: {input: -0.1}",
                "titan-embed-text-v1.per_1k_tokens: a price",
            ),
        ] {
            assert!(BUILTIN.contains(from), "{from}");
            let error = Models::parse("p.yaml", &BUILTIN.replacen(from, to, 1)).expect_err(to).to_string();
            assert!(error.contains(expected), "{to}: {error}");
        }
    }
}
