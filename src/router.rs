//! Which rungs a question climbs, in which order and with what: a table from the name of a strategy to its ladder. No IO.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};

use crate::{
    cost::Money,
    model::{RerankBy, SearchKind},
    store::DayBudget,
    strategy::{
        Budget, Rung,
        knowledge_base::Asking,
        vector::{Legs, Rerank},
    },
};

/// The strategies the binary carries.
const BUILTIN: [(&str, &str); 7] = [
    ("offline", include_str!("../strategies/offline.yaml")),
    ("semantic", include_str!("../strategies/semantic.yaml")),
    ("semantic-bedrock", include_str!("../strategies/semantic-bedrock.yaml")),
    ("frugal", include_str!("../strategies/frugal.yaml")),
    ("balanced", include_str!("../strategies/balanced.yaml")),
    ("accurate", include_str!("../strategies/accurate.yaml")),
    ("model-only", include_str!("../strategies/model-only.yaml")),
];

#[derive(Debug)]
pub struct Router {
    ladders: BTreeMap<String, Ladder>,
    default: String,
}

/// The steps of one strategy, and what a prompt may take on them.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    pub rungs: Vec<Settings>,
    pub budget: Budget,
    /// What all prompts of a day may cost.
    pub day: DayBudget,
    pub words: Words,
}

/// A rung with its settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub rung: Rung,
    /// A model id, an inference profile or an ARN; without one, the configured model.
    pub model: Option<String>,
    /// The prompt file.
    pub prompt: String,
    /// Without a number, the prompt file's.
    pub repairs: Option<u32>,
    /// Of one exchange.
    pub timeout: Duration,
    /// Of a search.
    pub legs: Legs,
    /// Of a knowledge base.
    pub asking: Asking,
}

/// Who finds the words of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Words {
    Template,
    /// A model, whose words are verified.
    Model {
        model: Option<String>,
        prompt: String,
        timeout: Duration,
    },
}

/// What asks a chat model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asks<'a> {
    pub kind: PromptKind,
    /// The prompt file, by its name.
    pub prompt: &'a str,
    /// Without one, the configured model.
    pub model: Option<&'a str>,
}

/// What a prompt file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptKind {
    Sql,
    Words,
}

impl Router {
    /// The built-in strategies, and every rung alone under its own name. `default` serves who names none.
    ///
    /// # Errors
    /// All problems of a file; no strategy of that name.
    pub fn new(default: &str) -> Result<Self, RouterError> {
        Self::with_files(default, &[])
    }

    /// The same, with files of (name, path, text) that stand before the built-in ones.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_files(default: &str, files: &[(String, String, String)]) -> Result<Self, RouterError> {
        let alone = |rung: &Rung| (rung.name().to_owned(), Ladder::of(vec![Settings::of(*rung)]));
        let mut ladders: BTreeMap<_, _> = Rung::ALL.iter().map(alone).collect();
        for (name, text) in BUILTIN {
            ladders.insert(name.to_owned(), parse(&format!("strategies/{name}.yaml"), text)?);
        }
        for (name, path, text) in files {
            ladders.insert(name.clone(), parse(path, text)?);
        }
        let router = Self { ladders, default: default.to_owned() };
        router.ladder(None)?;
        Ok(router)
    }

    /// The named strategy, or the default.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn ladder(&self, name: Option<&str>) -> Result<&Ladder, UnknownStrategy> {
        let name = name.unwrap_or(&self.default);
        self.ladders
            .get(name)
            .ok_or_else(|| UnknownStrategy { name: name.to_owned(), known: self.ladders.keys().cloned().collect() })
    }

    /// The name of the strategy that serves who names none.
    pub fn default(&self) -> &str {
        &self.default
    }

    /// Every strategy with its name.
    pub fn ladders(&self) -> impl Iterator<Item = (&str, &Ladder)> {
        self.ladders.iter().map(|(name, ladder)| (name.as_str(), ladder))
    }
}

impl Ladder {
    /// With nothing but the usual.
    fn of(rungs: Vec<Settings>) -> Self {
        Self {
            rungs,
            budget: Budget { time: TIME, money: None, tokens: None },
            day: DayBudget::default(),
            words: Words::Template,
        }
    }

    /// What asks a chat model, in order.
    pub fn asks(&self) -> impl Iterator<Item = Asks<'_>> {
        let rungs = self.rungs.iter().filter(|settings| settings.rung == Rung::Text2sql).map(|settings| Asks {
            kind: PromptKind::Sql,
            prompt: &settings.prompt,
            model: settings.model.as_deref(),
        });
        let words = match &self.words {
            Words::Template => None,
            Words::Model { model, prompt, .. } => {
                Some(Asks { kind: PromptKind::Words, prompt, model: model.as_deref() })
            }
        };
        rungs.chain(words)
    }

    /// Every chat model that it may ask; `default` for what names none.
    pub fn models(&self, default: &str) -> Vec<String> {
        self.asks().map(|asks| asks.model.unwrap_or(default).to_owned()).collect()
    }

    /// Tells versions of it apart: all that it says.
    pub fn version(&self) -> String {
        format!("{self:?}")
    }

    /// In one line: rungs with what makes them differ.
    pub fn describe(&self) -> String {
        let rungs: Vec<String> = self.rungs.iter().map(ToString::to_string).collect();
        let words = match &self.words {
            Words::Template => String::new(),
            Words::Model { model, prompt, .. } => format!("; words: {}", named(model.as_deref(), prompt)),
        };
        format!("{}{words}", rungs.join(" > "))
    }
}

impl Settings {
    fn of(rung: Rung) -> Self {
        Self {
            rung,
            model: None,
            prompt: rung.name().to_owned(),
            repairs: None,
            timeout: TIMEOUT,
            legs: Legs::default(),
            asking: Asking::default(),
        }
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rung.name())?;
        if self.rung == Rung::KnowledgeBase {
            return f.write_str(&said_of(&self.asking));
        }
        if self.rung.costs() {
            return write!(f, "({})", named(self.model.as_deref(), &self.prompt));
        }
        let Legs { meaning, letters, relevant, rerank } = &self.legs;
        let weight = |name: &str, weight: &Option<f64>| weight.map(|weight| format!("{name} {weight}"));
        let rerank = rerank.as_ref().map(|Rerank { model, top, .. }| format!("the first {top} reranked by {model}"));
        let said = [weight("meaning", meaning), weight("letters", letters), weight("relevant", relevant), rerank];
        let said: Vec<String> = said.into_iter().flatten().collect();
        if said.is_empty() { Ok(()) } else { write!(f, "({})", said.join(", ")) }
    }
}

/// Nothing where all is as usual.
fn said_of(asking: &Asking) -> String {
    let Asking { results, search, rerank, types, relevant, generate, model } = asking;
    let said = [
        results.map(|results| format!("{results} passages")),
        search.map(|search| format!("{search:?}").to_lowercase()),
        rerank.as_ref().map(|rerank| format!("{} leaves {}", rerank.model, rerank.results)),
        types.then(|| "types filter".to_owned()),
        relevant.map(|least| format!("relevant from {least}")),
        generate.then(|| format!("worded by {}", model.as_deref().unwrap_or("configured model"))),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    if said.is_empty() { String::new() } else { format!("({})", said.join(", ")) }
}

fn named(model: Option<&str>, prompt: &str) -> String {
    format!("{}, {prompt}", model.unwrap_or("configured model"))
}

#[derive(Debug, thiserror::Error)]
pub enum RouterError {
    #[error("{0}")]
    File(String),
    #[error(transparent)]
    Default(#[from] UnknownStrategy),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no strategy `{name}`; known are: {}", known.join(", "))]
pub struct UnknownStrategy {
    pub name: String,
    pub known: Vec<String>,
}

/// What a prompt may take, where its strategy does not say.
const TIME: Duration = Duration::from_secs(25);
/// And one exchange of it.
const TIMEOUT: Duration = Duration::from_secs(12);

/// Events that a reranker sees, and how long it may take, where nothing is said.
const RERANKED: usize = 30;
const RERANKING: Duration = Duration::from_secs(4);

/// A strategy file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    rungs: Vec<WrittenRung>,
    #[serde(default)]
    budget: WrittenBudget,
    words: Option<WrittenWords>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenBudget {
    ms: Option<u64>,
    usd: Option<f64>,
    tokens: Option<u64>,
    caller_day_usd: Option<f64>,
    day_usd: Option<f64>,
}

/// `rules`, or `text2sql: {model: …}`.
struct WrittenRung {
    rung: Rung,
    settings: WrittenSettings,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSettings {
    model: Option<String>,
    prompt: Option<String>,
    repairs: Option<u32>,
    timeout_ms: Option<u64>,
    meaning: Option<f64>,
    letters: Option<f64>,
    relevant: Option<f64>,
    rerank: Option<String>,
    rerank_top: Option<usize>,
    results: Option<u32>,
    search: Option<SearchKind>,
    types: Option<WrittenTypes>,
    generate: Option<bool>,
}

/// What a type is that a question names beside other words.
#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenTypes {
    /// Perhaps a word of the description.
    Hint,
    /// A condition.
    Filter,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWords {
    model: Option<String>,
    #[serde(default = "answer")]
    prompt: String,
    timeout_ms: Option<u64>,
}

fn answer() -> String {
    "answer".to_owned()
}

impl<'de> Deserialize<'de> for WrittenRung {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl<'de> Visitor<'de> for Written {
            type Value = WrittenRung;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a rung: its name, or its name with its settings")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<WrittenRung, E> {
                let rung = Rung::deserialize(de::value::StrDeserializer::new(name))?;
                Ok(WrittenRung { rung, settings: WrittenSettings::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<WrittenRung, A::Error> {
                let Some(rung) = map.next_key::<Rung>()? else { return Err(de::Error::custom("a rung is empty")) };
                let settings = map.next_value::<Option<WrittenSettings>>()?.unwrap_or_default();
                match map.next_key::<String>()? {
                    None => Ok(WrittenRung { rung, settings }),
                    Some(next) => Err(de::Error::custom(format!("`{next}` is to be a rung of its own, with a dash"))),
                }
            }
        }
        deserializer.deserialize_any(Written)
    }
}

fn parse(path: &str, text: &str) -> Result<Ladder, RouterError> {
    let file: File = serde_yaml::from_str(text).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
        RouterError::File(format!("{path}:{line}:{column}: {error}"))
    })?;
    let mut problems = Vec::new();
    let mut problem = |field: String, why: &str| problems.push(format!("{path}: {field}: {why}"));
    if file.version != 1 {
        problem("version".to_owned(), &format!("{} is unknown; this is 1", file.version));
    }
    if file.rungs.is_empty() {
        problem("rungs".to_owned(), "`rungs` is empty");
    }
    let millis = |given: Option<u64>, default: Duration| given.map_or(default, Duration::from_millis);
    for (nth, WrittenRung { rung, settings }) in file.rungs.iter().enumerate() {
        let mut at = |field: &str, why: &str| problem(format!("rungs[{nth}].{field}"), why);
        if *rung != Rung::KnowledgeBase {
            let set = [
                ("results", settings.results.is_some()),
                ("search", settings.search.is_some()),
                ("types", settings.types.is_some()),
                ("generate", settings.generate.is_some()),
            ];
            set.iter().filter(|(_, set)| *set).for_each(|(field, _)| at(field, "this rung asks no knowledge base"));
        } else {
            let set = [("prompt", settings.prompt.is_some()), ("repairs", settings.repairs.is_some())];
            set.iter().filter(|(_, set)| *set).for_each(|(field, _)| at(field, "a knowledge base takes none"));
            if settings.model.is_some() && settings.generate != Some(true) {
                at("model", "words answers only with `generate: true`");
            }
            let few = |results: u32| !(1..=100).contains(&results);
            if settings.results.is_some_and(few) {
                at("results", "is to be 1 to 100");
            }
        }
        if !rung.costs() {
            let set = [
                ("model", settings.model.is_some()),
                ("prompt", settings.prompt.is_some()),
                ("repairs", settings.repairs.is_some()),
                ("timeout_ms", settings.timeout_ms.is_some() && settings.rerank.is_none()),
            ];
            set.iter().filter(|(_, set)| *set).for_each(|(field, _)| at(field, "this rung asks no model"));
        }
        for (field, weight) in [("meaning", settings.meaning), ("letters", settings.letters)] {
            if weight.is_some() && *rung != Rung::Vector {
                at(field, "this rung does not search");
            } else if weight.is_some_and(|weight| !(0.0..=10.0).contains(&weight)) {
                at(field, "is to be 0 to 10, the weight of a leg of the search");
            }
        }
        let searches = [
            ("relevant", settings.relevant.is_some()),
            ("rerank", settings.rerank.is_some()),
            ("rerank_top", settings.rerank_top.is_some()),
        ];
        searches
            .iter()
            .filter(|(_, set)| *set && !rung.searches())
            .for_each(|(field, _)| at(field, "this rung does not search"));
        if settings.relevant.is_some_and(|least| !(-1.0..=2.0).contains(&least)) {
            at("relevant", "is to be -1 to 2: the least certainty, of a cosine and of words in common");
        }
        if settings.rerank.as_ref().is_some_and(|model| model.trim().is_empty()) {
            at("rerank", "is to be the id or the ARN of a reranking model");
        }
        match (&settings.rerank, settings.rerank_top) {
            (None, Some(_)) => at("rerank_top", "is of no use without `rerank`"),
            (_, Some(top)) if !(2..=100).contains(&top) => {
                at("rerank_top", "is to be 2 to 100: 100 documents are a unit of cost")
            }
            _ => {}
        }
        if settings.repairs.is_some_and(|repairs| repairs > 5) {
            at("repairs", "is to be 0 to 5: each costs a request");
        }
        if settings.timeout_ms.is_some_and(|ms| ms < 100) {
            at("timeout_ms", "is to be 100 or more");
        }
    }
    let mut money = |field: &str, usd: Option<f64>| {
        let usd = usd?;
        if usd.is_finite() && usd >= 1e-6 {
            return Some(Money::from_micro_usd((usd * 1e6).round() as u64));
        }
        problem(format!("budget.{field}"), "is to be a millionth of a dollar or more");
        None
    };
    let of_prompt = money("usd", file.budget.usd);
    let day = DayBudget {
        caller: money("caller_day_usd", file.budget.caller_day_usd),
        all: money("day_usd", file.budget.day_usd),
    };
    if file.budget.tokens == Some(0) {
        problem("budget.tokens".to_owned(), "is to be above 0");
    }
    if file.words.as_ref().and_then(|words| words.timeout_ms).is_some_and(|ms| ms < 100) {
        problem("words.timeout_ms".to_owned(), "is to be 100 or more");
    }
    if file.budget.ms.is_some_and(|ms| ms < 100) {
        problem("budget.ms".to_owned(), "is to be 100 or more");
    }
    if !problems.is_empty() {
        return Err(RouterError::File(problems.join("\n")));
    }
    let rung = |WrittenRung { rung, settings }: WrittenRung| Settings {
        asking: asking(&settings),
        rung,
        model: settings.model,
        prompt: settings.prompt.unwrap_or(rung.name().to_owned()),
        repairs: settings.repairs,
        timeout: millis(settings.timeout_ms, TIMEOUT),
        legs: Legs {
            meaning: settings.meaning,
            letters: settings.letters,
            relevant: settings.relevant,
            rerank: settings.rerank.map(|model| Rerank {
                model,
                top: settings.rerank_top.unwrap_or(RERANKED),
                timeout: millis(settings.timeout_ms, RERANKING),
            }),
        },
    };
    Ok(Ladder {
        budget: Budget { time: millis(file.budget.ms, TIME), money: of_prompt, tokens: file.budget.tokens },
        day,
        words: file.words.map_or(Words::Template, |words| Words::Model {
            model: words.model,
            prompt: words.prompt,
            timeout: millis(words.timeout_ms, TIMEOUT),
        }),
        rungs: file.rungs.into_iter().map(rung).collect(),
    })
}

fn asking(settings: &WrittenSettings) -> Asking {
    let rerank = settings.rerank.as_ref().map(|model| RerankBy {
        model: model.clone(),
        results: settings.rerank_top.and_then(|top| u32::try_from(top).ok()).or(settings.results).unwrap_or(LEFT),
    });
    Asking {
        results: settings.results,
        search: settings.search,
        rerank,
        types: settings.types == Some(WrittenTypes::Filter),
        relevant: settings.relevant,
        generate: settings.generate.unwrap_or(false),
        model: settings.model.clone(),
    }
}

/// Passages that a reranker leaves of those of a knowledge base.
const LEFT: u32 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strategy_is_a_file_or_a_rung() {
        let router = Router::new("offline").unwrap();
        for (name, rungs) in [(None, "rules"), (Some("semantic"), "rules > vector"), (Some("rules"), "rules")] {
            assert_eq!(router.ladder(name).unwrap().describe(), rungs);
        }
        let alone = router.ladder(Some("text2sql")).unwrap();
        assert_eq!(alone.describe(), "text2sql(configured model, text2sql)");
        let unknown = router.ladder(Some("magic")).unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "there is no strategy `magic`; known are: accurate, balanced, frugal, knowledge_base, model-only, offline, rules, semantic, semantic-bedrock, text2sql, vector"
        );
        assert!(matches!(Router::new("magic"), Err(RouterError::Default(_))));
    }

    #[test]
    fn a_rung_is_a_name_or_a_name_with_settings() {
        let text = "version: 1\nbudget: {usd: 0.01, ms: 9000}\nrungs:\n  - rules\n  - text2sql: {model: m, repairs: 1}\n  \
                    - text2sql:\n      timeout_ms: 500\nwords: {model: n}\n";
        let ladder = parse("s.yaml", text).unwrap();
        assert_eq!(
            ladder.describe(),
            "rules > text2sql(m, text2sql) > text2sql(configured model, text2sql); words: n, answer"
        );
        assert_eq!(ladder.budget.money, Some(Money::from_micro_usd(10_000)));
        assert_eq!(ladder.budget.time, Duration::from_secs(9));
        assert_eq!((ladder.rungs[1].repairs, ladder.rungs[2].repairs), (Some(1), None));
        assert_eq!(ladder.rungs[2].timeout, Duration::from_millis(500));
        let text = "version: 1\nrungs: [vector: {meaning: 2, relevant: 0.3, rerank: m, timeout_ms: 900}]\n";
        let ladder = parse("s.yaml", text).unwrap();
        assert_eq!(ladder.describe(), "vector(meaning 2, relevant 0.3, the first 30 reranked by m)");
        let rerank = Rerank { model: "m".to_owned(), top: 30, timeout: Duration::from_millis(900) };
        assert_eq!(ladder.rungs[0].legs.rerank, Some(rerank));
    }

    #[test]
    fn a_faulty_file_is_named_with_its_line() {
        for (text, expected) in [
            ("version: 1\nrungs: [rules]\nrugns: []\n", "s.yaml:3:1: unknown field `rugns`"),
            ("version: 1\nrungs: [rule]\n", "s.yaml:2:"),
            ("version: 1\nrungs: [{text2sql: {modle: m}}]\n", "unknown field `modle`"),
            ("version: 1\nrungs:\n  - text2sql: {}\n    rules:\n", "`rules` is to be a rung of its own"),
            ("version: 2\nrungs: [rules]\n", "version: 2 is unknown"),
            ("version: 1\nrungs: []\n", "`rungs` is empty"),
            ("version: 1\n", "missing field `rungs`"),
            (
                "version: 1\nrungs: [{rules: {rerank: m}}, {vector: {relevant: 9, rerank_top: 5}}, {vector: {rerank: m, rerank_top: 1}}]\n",
                "s.yaml: rungs[0].rerank: this rung does not search\ns.yaml: rungs[1].relevant: is to be -1 to 2: the least \
                 certainty, of a cosine and of words in common\ns.yaml: rungs[1].rerank_top: is of no use without \
                 `rerank`\ns.yaml: rungs[2].rerank_top: is to be 2 to 100: 100 documents are a unit of cost",
            ),
            (
                "version: 1\nbudget: {usd: 1e-7, ms: 1, tokens: 0}\nwords: {timeout_ms: 0}\nrungs: [{rules: {model: m}}, \
                 {text2sql: {repairs: 9, timeout_ms: 1}}]\n",
                "s.yaml: rungs[0].model: this rung asks no model\ns.yaml: rungs[1].repairs: is to be 0 to 5: each costs a \
                 request\ns.yaml: rungs[1].timeout_ms: is to be 100 or more\ns.yaml: budget.usd: is to be a \
                 millionth of a dollar or more\ns.yaml: budget.tokens: is to be above 0\ns.yaml: words.timeout_ms: is to \
                 be 100 or more\ns.yaml: budget.ms: is to be 100 or more",
            ),
        ] {
            let said = parse("s.yaml", text).unwrap_err().to_string();
            assert!(said.contains(expected), "{said}");
        }
    }
}
