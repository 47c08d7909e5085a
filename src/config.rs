//! The settings: `askline.yaml`, then `.env`, then the environment, then flags, each over the one before. All mistakes at
//! once.

mod bedrock;

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use serde::{Deserialize, Deserializer, de};
use serde_yaml::Value;

pub use self::bedrock::{Bedrock, data_source_id};
use crate::{
    http,
    store::{self, Place},
    telemetry,
};

/// Everything a run is set up with. Whoever uses a part defines it. Not `Debug`: it holds a password.
#[derive(Clone)]
pub struct Config {
    pub store: store::Settings,
    pub http: http::Settings,
    pub log: telemetry::Settings,
    /// Vocabulary beside the built-in one.
    pub lexicon: Vec<PathBuf>,
    /// A built-in strategy, a rung, or a strategy file.
    pub strategy: String,
    /// Prompt files that stand before the built-in ones of their name.
    pub prompts: Option<PathBuf>,
    /// The chat model of rungs that name none.
    pub model: Option<String>,
    /// What makes vectors: `bundled`, a model's directory or a model of Bedrock. `None`: as Bedrock is used or not.
    pub embedder: Option<String>,
    /// Neighbouring events whose descriptions stand in a document, on each side.
    pub index_window: u32,
    pub statement_timeout: Duration,
    /// None with `USE_BEDROCK=false`: nothing leaves this machine.
    pub bedrock: Option<Bedrock>,
}

/// Settings given on the command line; they win over the environment, and that over the file.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Settings")]
pub struct Flags {
    /// Settings file [default: askline.yaml where there is one] [env: ASKLINE_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// PostgreSQL server, postgres://user:password@host/database; without it a database under --data-dir
    /// [env: DATABASE_URL]
    #[arg(long, global = true, value_name = "URL")]
    pub database_url: Option<String>,
    /// Where a database of its own is kept [default: .askline] [env: ASKLINE_DATA_DIR]
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// What runs that database: auto, embedded or native [default: auto] [env: ASKLINE_ENGINE]
    #[arg(long, global = true)]
    pub engine: Option<String>,
    /// Log lines as auto, text or json [default: auto] [env: ASKLINE_LOG_FORMAT]
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log_format: Option<String>,
    /// What is logged, such as info or askline=debug [env: ASKLINE_LOG]
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// Filled in by the command that has it.
    #[arg(skip)]
    pub host: Option<String>,
    /// Filled in by the command that has it.
    #[arg(skip)]
    pub port: Option<u16>,
}

/// Key in the file, name in the environment.
const KEYS: [(&str, &str); 28] = [
    ("database_url", "DATABASE_URL"),
    ("data_dir", "ASKLINE_DATA_DIR"),
    ("pg_bin", "ASKLINE_PG_BIN"),
    ("engine", "ASKLINE_ENGINE"),
    ("host", "ASKLINE_HOST"),
    ("port", "ASKLINE_PORT"),
    ("pool_size", "ASKLINE_POOL_SIZE"),
    ("statement_timeout_ms", "ASKLINE_STATEMENT_TIMEOUT_MS"),
    ("request_timeout_ms", "ASKLINE_REQUEST_TIMEOUT_MS"),
    ("lexicon", "ASKLINE_LEXICON"),
    ("prompts", "ASKLINE_PROMPTS"),
    ("strategy", "ASKLINE_STRATEGY"),
    ("embedder", "ASKLINE_EMBEDDER"),
    ("index_window", "ASKLINE_INDEX_WINDOW"),
    ("use_bedrock", "USE_BEDROCK"),
    ("bedrock_region", "AWS_BEDROCK_REGION"),
    ("bedrock_model_id", "AWS_BEDROCK_MODEL_ID"),
    ("bedrock_embedding_model_id", "AWS_BEDROCK_EMBEDDING_MODEL_ID"),
    ("bedrock_embedding_dimensions", "ASKLINE_BEDROCK_EMBEDDING_DIMENSIONS"),
    ("bedrock_knowledge_base_id", "AWS_BEDROCK_KNOWLEDGE_BASE_ID"),
    ("bedrock_data_source_id", "ASKLINE_BEDROCK_DATA_SOURCE_ID"),
    ("bedrock_rerank_model_id", "AWS_BEDROCK_RERANK_MODEL_ID"),
    ("bedrock_rerank_region", "AWS_BEDROCK_RERANK_REGION"),
    ("bedrock_invoke_model_ids", "ASKLINE_BEDROCK_INVOKE_MODEL_IDS"),
    ("bedrock_concurrency", "ASKLINE_BEDROCK_CONCURRENCY"),
    ("log_format", "ASKLINE_LOG_FORMAT"),
    ("log", "ASKLINE_LOG"),
    ("config", "ASKLINE_CONFIG"),
];
const DEFAULT_FILE: &str = "askline.yaml";
/// A settings file is a page; more is not one, and the YAML parser is slow on adversaries.
const LARGEST_FILE: usize = 64 * 1024;

impl Config {
    /// `quiet` commands, which tell their mistakes themselves, log errors only, unless told otherwise.
    pub fn load(flags: &Flags, quiet: bool) -> Result<Self, ConfigError> {
        let file = dotenv()?;
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        Self::gather(flags, quiet, &|name| set(name).or_else(|| file.get(name).map(OsString::from)))
    }

    /// [`Config::load`] with the environment as an input.
    pub fn gather(flags: &Flags, quiet: bool, env: &dyn Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let mut from = Sources { file: None, env, problems: Vec::new() };
        from.open(flags.config.clone());

        let path = |text: &str| Ok(PathBuf::from(text));
        let text = |text: &str| Ok(text.to_owned());
        let positive = |text: &str| match text.parse::<u32>() {
            Ok(n) if n > 0 => Ok(n),
            _ => Err("a whole number above 0".to_owned()),
        };
        let window = |text: &str| match text.parse::<u32>() {
            Ok(n) if n <= 10 => Ok(n),
            _ => Err("a whole number, 0 to 10".to_owned()),
        };
        let dir = Place::Dir {
            path: flags.data_dir.clone().or(from.take("data_dir", None, path)).unwrap_or(".askline".into()),
            pg_bin: from.take("pg_bin", None, path),
            engine: from.take("engine", flags.engine.as_deref(), engine).unwrap_or_default(),
        };
        let url = from.take("database_url", flags.database_url.as_deref(), database_url);
        let mut store = store::Settings::new(url.map_or(dir, Place::Url));
        store.pool_size = from.take("pool_size", None, positive).unwrap_or(store.pool_size);
        let config = Self {
            store,
            http: http::Settings {
                host: from.take("host", flags.host.as_deref(), text).unwrap_or("127.0.0.1".to_owned()),
                port: flags.port.or(from.take("port", None, parsed::<u16>("a port, 0 to 65535"))).unwrap_or(8088),
                request_timeout: millis(from.take("request_timeout_ms", None, positive), 30_000),
            },
            log: telemetry::Settings {
                format: from
                    .take("log_format", flags.log_format.as_deref(), parsed("auto, text or json"))
                    .unwrap_or_default(),
                filter: from
                    .take("log", flags.log.as_deref(), telemetry::filter)
                    .unwrap_or(if quiet { "error" } else { "info" }.to_owned()),
            },
            lexicon: from.paths("lexicon"),
            strategy: from.take("strategy", None, text).unwrap_or("offline".to_owned()),
            embedder: from.take("embedder", None, text),
            index_window: from.take("index_window", None, window).unwrap_or(0),
            statement_timeout: millis(from.take("statement_timeout_ms", None, positive), 5_000),
            prompts: from.take("prompts", None, path),
            model: from.take("bedrock_model_id", None, bedrock::model),
            bedrock: bedrock::gather(&mut from),
        };
        if from.problems.is_empty() { Ok(config) } else { Err(ConfigError(from.problems)) }
    }
}

/// Every mistake in the settings.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ConfigError(pub Vec<Problem>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `askline.yaml:3`, `DATABASE_URL` or `--engine`.
    pub place: String,
    pub field: String,
    pub why: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: `{}` {}", self.place, self.field, self.why)
    }
}

/// Where values come from, and what was wrong with them.
struct Sources<'a> {
    file: Option<File>,
    env: &'a dyn Fn(&str) -> Option<OsString>,
    problems: Vec<Problem>,
}

struct File {
    path: PathBuf,
    text: String,
    values: Pairs,
}

/// The pairs of a mapping in their order, a key that is given twice included.
struct Pairs(Vec<(String, Value)>);

impl Sources<'_> {
    /// The flag, else the environment, else the file. A value that does not parse is a problem, and is left out.
    fn take<T>(&mut self, key: &str, flag: Option<&str>, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let (place, text) = match (flag, self.env(key)) {
            (Some(text), _) => (format!("--{}", key.replace('_', "-")), text.to_owned()),
            (None, Some(text)) => (env_name(key).to_owned(), text),
            (None, None) => self.scalar(key)?,
        };
        parse(&text).map_err(|expected| self.problem(place, key, format!("is to be {expected}"))).ok()
    }

    /// Several paths: a list in the file, separated as in PATH in the environment.
    fn paths(&mut self, key: &str) -> Vec<PathBuf> {
        if let Some(text) = self.env(key) {
            return env::split_paths(&text).collect();
        }
        let Some(file) = &self.file else { return Vec::new() };
        let beside = file.path.parent().unwrap_or(Path::new("")).to_owned();
        match file.values.get(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::String(one)) => vec![beside.join(one)],
            Some(Value::Sequence(items)) if items.iter().all(Value::is_string) => {
                items.iter().filter_map(Value::as_str).map(|item| beside.join(item)).collect()
            }
            Some(_) => {
                let place = file.place(key, 0);
                self.problem(place, key, "is to be a list of files".to_owned());
                Vec::new()
            }
        }
    }

    fn scalar(&mut self, key: &str) -> Option<(String, String)> {
        let file = self.file.as_ref()?;
        let text = match file.values.get(key)? {
            Value::Null => return None,
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(yes) => yes.to_string(),
            _ => {
                let place = file.place(key, 0);
                self.problem(place, key, "is to be one value".to_owned());
                return None;
            }
        };
        Some((file.place(key, 0), text))
    }

    /// An empty variable is as good as none.
    fn env(&mut self, key: &str) -> Option<String> {
        self.variable(env_name(key), key)
    }

    /// A variable of AWS's own, which no settings file holds.
    fn aws(&mut self, name: &'static str) -> Option<String> {
        self.variable(name, name)
    }

    fn variable(&mut self, name: &str, key: &str) -> Option<String> {
        let value = (self.env)(name).filter(|value| !value.is_empty())?;
        value.into_string().map_err(|_| self.problem(name.to_owned(), key, "is not UTF-8".to_owned())).ok()
    }

    /// Reads the settings file: the named one, or the usual one where it is.
    fn open(&mut self, named: Option<PathBuf>) {
        let named = named.or_else(|| self.env("config").map(PathBuf::from));
        let path = named.clone().unwrap_or(DEFAULT_FILE.into());
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => return,
            Err(error) => {
                return self.problem(path.display().to_string(), "config", format!("cannot be read: {error}"));
            }
        };
        if text.len() > LARGEST_FILE {
            return self.problem(path.display().to_string(), "config", format!("is larger than {LARGEST_FILE} bytes"));
        }
        let values = match serde_yaml::from_str::<Option<Pairs>>(&text) {
            Ok(values) => values.unwrap_or(Pairs(Vec::new())),
            Err(error) => {
                let line = error.location().map_or(1, |at| at.line());
                let why = format!("is not `key: value` lines of YAML: {error}");
                return self.problem(format!("{}:{line}", path.display()), "config", why);
            }
        };
        let file = File { path, text, values };
        for (nth, (key, _)) in file.values.0.iter().enumerate() {
            let earlier = file.values.0[..nth].iter().filter(|(other, _)| other == key).count();
            let place = file.place(key, earlier);
            if key == "config" || !KEYS.iter().any(|(known, _)| known == key) {
                let hint = nearest(key).map(|known| format!("; is `{known}` meant?")).unwrap_or_default();
                self.problem(place, key, format!("is not a setting{hint}"));
            } else if earlier > 0 {
                self.problem(place, key, "is given twice".to_owned());
            }
        }
        self.file = Some(file);
    }

    fn problem(&mut self, place: String, field: &str, why: String) {
        self.problems.push(Problem { place, field: field.to_owned(), why });
    }
}

impl File {
    /// File and line of the key, of which `earlier` stand before. Keys stand at the left edge: there is one level.
    fn place(&self, key: &str, earlier: usize) -> String {
        let begins = |line: &str| {
            let line = line.trim_start_matches(['"', '\'']);
            line.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
        };
        let line = self.text.lines().zip(1..).filter(|(line, _)| begins(line)).nth(earlier).map_or(1, |(_, line)| line);
        format!("{}:{line}", self.path.display())
    }
}

impl Pairs {
    fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("settings")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// The variables of `.env` in the working directory, where there is one. Others than ours may stand in it.
fn dotenv() -> Result<BTreeMap<String, String>, ConfigError> {
    let place = ".env";
    let wrong = |why: String| ConfigError(vec![Problem { place: place.to_owned(), field: "config".to_owned(), why }]);
    match dotenvy::from_path_iter(place) {
        Err(error) if error.not_found() => Ok(BTreeMap::new()),
        Err(error) => Err(wrong(format!("cannot be read: {error}"))),
        // A line that is not understood is not repeated: it may hold a secret.
        Ok(pairs) => pairs.collect::<Result<_, _>>().map_err(|_| wrong("is not `NAME=value` lines".to_owned())),
    }
}

fn env_name(key: &str) -> &'static str {
    KEYS.iter().find(|(known, _)| *known == key).map_or("", |(_, name)| name)
}

fn parsed<T: FromStr>(expected: &'static str) -> impl Fn(&str) -> Result<T, String> {
    move |text| text.trim().parse().map_err(|_| expected.to_owned())
}

/// The value itself is never repeated: it may hold a password.
fn database_url(text: &str) -> Result<String, String> {
    let known = ["postgres://", "postgresql://"].iter().any(|scheme| text.starts_with(scheme));
    if known { Ok(text.to_owned()) } else { Err("postgres://user:password@host:port/database".to_owned()) }
}

fn engine(text: &str) -> Result<store::Engine, String> {
    match text {
        "auto" => Ok(store::Engine::Auto),
        "embedded" => Ok(store::Engine::Embedded),
        "native" => Ok(store::Engine::Native),
        _ => Err("auto, embedded or native".to_owned()),
    }
}

fn millis(given: Option<u32>, default: u32) -> Duration {
    Duration::from_millis(given.unwrap_or(default).into())
}

/// The setting that a typo was meant to be.
fn nearest(typo: &str) -> Option<&'static str> {
    let distance = |known: &str| {
        let mut row: Vec<usize> = (0..=known.len()).collect();
        for (i, a) in typo.bytes().enumerate() {
            let mut diagonal = std::mem::replace(&mut row[0], i + 1);
            for (j, b) in known.bytes().enumerate() {
                let change = diagonal + usize::from(a != b);
                diagonal = row[j + 1];
                row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
            }
        }
        row[known.len()]
    };
    let (known, far) = KEYS.iter().map(|(known, _)| (*known, distance(known))).min_by_key(|(_, far)| *far)?;
    (far <= 2 && far < known.len()).then_some(known)
}
