//! The prompt that asks a model for SQL: what it is told of the tables, the examples most like the question, what is
//! certain already, and how its reply is read.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tokio::sync::OnceCell;

use super::{
    Cache, PromptError,
    choose::{Choice, choose},
    frame::{Before, Frame, Written, unreadable},
    quoted,
    template::Templates,
};
use crate::{
    answer::Kind,
    cost::Known,
    model::{Chat, Completion, Embedder, ModelError, Purpose, Tool, Vector},
    question::Lang,
    sql::{
        Scope,
        admit::admit,
        catalog::{Catalog, Table},
    },
};

/// A checked prompt file.
pub struct SqlPrompt {
    /// Its system text is the file's, the tables and the note.
    frame: Frame,
    choice: Choice,
    repairs: u32,
    examples: Vec<Example>,
    /// Language and vector of each example, once a question was asked.
    pool: OnceCell<Vec<(Lang, Vector)>>,
}

/// What a question is asked with.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    pub question: &'a str,
    pub lang: Lang,
    /// Which examples it is shown.
    pub examples: Vec<usize>,
    pub facts: Facts,
}

/// What is known before the model is asked.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// SQL conditions on one event `e` that are certain.
    pub conditions: Vec<String>,
    /// Words of the question that nobody could use yet.
    pub unread: Vec<String>,
    pub video_name: String,
    /// Seconds.
    pub video_duration: Option<f64>,
    /// Local date and time of second 0.
    pub recorded_at: Option<String>,
    pub timezone: String,
    pub places: Vec<String>,
    /// Local date and time.
    pub now: String,
}

/// What was wrong with the statement before.
#[derive(Debug, Clone)]
pub struct Broken {
    /// What the model said, as it is to be shown to it again.
    pub said: String,
    pub problem: String,
}

/// What a model made of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct SqlReply {
    pub intent: Intent,
    /// The model's words: for the trace and for people who look into it, never an answer.
    pub explanation: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    Statement {
        sql: String,
        kind: Kind,
    },
    /// The tables cannot tell.
    Unanswerable,
}

/// Characters of a question, and of a name, that a prompt shows.
const LONGEST: usize = 4_000;
const LONGEST_NAME: usize = 120;
/// Places that are listed; a video with more has a vocabulary of its own.
const PLACES: usize = 60;

/// What the file says it is for.
const KIND: &str = "sql";

const TOOL: &str = "answer_with_sql";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    kind: String,
    revision: String,
    max_tokens: u32,
    temperature: Option<f32>,
    cache: Cache,
    choose: Choice,
    repairs: u32,
    system: String,
    catalog_note: String,
    user: String,
    repair: String,
    examples: Vec<Example>,
}

/// A question and the statement that answers it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub lang: Lang,
    pub question: String,
    pub kind: Kind,
    pub sql: String,
}

impl SqlPrompt {
    /// Reads and checks the text of a file; `name` is for its messages. The examples go through the guard.
    ///
    /// # Errors
    /// [`PromptError`] with all that is wrong.
    pub fn parse(name: &str, text: &str, catalog: &Catalog) -> Result<Self, PromptError> {
        let file: File = serde_yaml::from_str(text).map_err(|error| unreadable(name, &error))?;
        let mut problems = Vec::new();
        file.check(name, text, catalog, &mut problems);
        let repair = [json!({"sql": "SELECT 1", "problem": "x"})];
        let (user, repair) = (samples_of_user(), repair.as_slice());
        let fields = [("user", file.user.as_str(), user.as_slice()), ("repair", file.repair.as_str(), repair)];
        let templates = Templates::new(name, &fields, &mut problems);
        if !problems.is_empty() {
            return Err(PromptError(problems));
        }
        let tables: Vec<String> = catalog.tables().iter().map(table).collect();
        let system = format!("{}\n\n{}\n\n{}", file.system.trim(), tables.join("\n\n"), file.catalog_note.trim());
        Ok(Self {
            frame: file.written().frame(system, templates, text),
            choice: file.choose,
            repairs: file.repairs,
            pool: OnceCell::new(),
            examples: file.examples,
        })
    }

    /// Tells versions of the file apart.
    pub fn hash(&self) -> &str {
        self.frame.hash()
    }

    /// How often a statement that cannot be used is sent back, unless a strategy says otherwise.
    pub fn repairs(&self) -> u32 {
        self.repairs
    }

    pub fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// The examples for a question, by likeness in the space of `embedder`, which is to be the same one each time; if it
    /// fails, the first ones of the language.
    pub async fn choose(&self, embedder: &dyn Embedder, question: &str, lang: Lang) -> Vec<usize> {
        let pool = self.pool.get_or_try_init(|| async {
            let questions: Vec<&str> = self.examples.iter().map(|example| example.question.as_str()).collect();
            let embedded = embedder.embed(&questions, Purpose::Query, EMBEDDING).await?;
            Ok::<_, ModelError>(self.examples.iter().map(|example| example.lang).zip(embedded.vectors).collect())
        });
        let embedded = async { embedder.embed(&[question], Purpose::Query, EMBEDDING).await };
        match (pool.await, embedded.await) {
            (Ok(pool), Ok(mut embedded)) => {
                let vector = embedded.vectors.pop().flatten();
                choose(self.choice, vector.as_deref(), lang, pool)
            }
            (Err(error), _) | (_, Err(error)) => {
                tracing::warn!(%error, "the examples of a prompt were chosen without vectors");
                let pool: Vec<(Lang, Vector)> = self.examples.iter().map(|example| (example.lang, None)).collect();
                choose(self.choice, None, lang, &pool)
            }
        }
    }

    /// The request, after what went wrong so far. `model` is the id, profile or ARN; `known` what the table has of it.
    ///
    /// # Errors
    /// A template that renders with the sample and not with this: a mistake of the file.
    pub fn chat(
        &self,
        model: &str,
        known: Option<Known<'_>>,
        asked: &Asked<'_>,
        broken: &[Broken],
    ) -> Result<Chat, String> {
        let before = broken.iter().map(|one| {
            let repair = json!({"sql": one.said, "problem": one.problem});
            Before { said: &one.said, repair }
        });
        self.frame.chat(model, known, Some(tool()), self.context(asked), before)
    }

    fn context(&self, asked: &Asked<'_>) -> Json {
        let examples: Vec<Json> = asked
            .examples
            .iter()
            .filter_map(|at| self.examples.get(*at))
            .map(|one| json!({"lang": one.lang, "question": quoted(&one.question, LONGEST), "kind": one.kind, "sql": one.sql.trim()}))
            .collect();
        let names = |all: &[String]| all.iter().take(PLACES).map(|one| quoted(one, LONGEST_NAME)).collect::<Vec<_>>();
        let facts = &asked.facts;
        json!({
            "lang": asked.lang,
            "question": quoted(asked.question, LONGEST),
            "examples": examples,
            "conditions": facts.conditions,
            "unread": names(&facts.unread),
            "video": {
                "name": quoted(&facts.video_name, LONGEST_NAME),
                "duration": facts.video_duration,
                "recorded_at": facts.recorded_at,
                "timezone": facts.timezone,
                "places": names(&facts.places),
            },
            "now": facts.now,
        })
    }
}

/// Long enough for a bundled embedder to be read first.
const EMBEDDING: Duration = Duration::from_secs(30);

impl File {
    fn written(&self) -> Written<'_> {
        Written {
            version: self.version,
            kind: &self.kind,
            revision: &self.revision,
            max_tokens: self.max_tokens,
            temperature: self.temperature,
            cache: self.cache,
            texts: &[],
        }
    }

    fn check(&self, name: &str, text: &str, catalog: &Catalog, problems: &mut Vec<String>) {
        self.written().check(KIND, name, problems);
        let mut problem = |field: &str, why: &str| problems.push(format!("{name}: {field}: {why}"));
        if !(0.0..=1.0).contains(&self.choose.diversity) {
            problem("choose.diversity", "is to be 0 to 1");
        }
        if self.choose.other_languages > self.choose.most {
            problem("choose.other_languages", "is to be no more than `most`");
        }
        if self.repairs > 5 {
            problem("repairs", "is to be 0 to 5: each costs a request");
        }
        for (nth, example) in self.examples.iter().enumerate() {
            let line = super::line_of(text, &example.question);
            let mut problem = |why: &str| problems.push(format!("{name}:{line}: examples[{nth}]: {why}"));
            if example.question.trim().is_empty() {
                problem("question: is empty");
            }
            if self.examples[..nth].iter().any(|other| other.question == example.question) {
                problem("question: stands there twice");
            }
            let admitted = admit(&example.sql, catalog, &Scope::video(1)).and_then(|sql| sql.answer(example.kind));
            if let Err(refusal) = admitted {
                problem(&format!("sql: {refusal}"));
            }
        }
    }
}

impl SqlReply {
    /// From a tool call, or from the JSON that a model wrote instead; what cannot be used is said for the model to
    /// repair.
    ///
    /// # Errors
    /// What is missing in it.
    pub fn read(completion: &Completion) -> Result<Self, String> {
        let Some(object) = completion.object() else {
            return Err(format!("call the tool {TOOL}; the reply held no JSON object"));
        };
        let text = |key: &str| object.get(key).and_then(Json::as_str).map(str::trim).filter(|text| !text.is_empty());
        let explanation = text("explanation").map(str::to_owned);
        let kind = match text("kind").map(str::to_lowercase).as_deref() {
            Some("events") => Kind::Events,
            Some("scalar") => Kind::Scalar,
            Some("groups") => Kind::Groups,
            Some("unanswerable") => return Ok(Self { intent: Intent::Unanswerable, explanation }),
            _ => return Err("`kind` is to be events, scalar, groups or unanswerable".to_owned()),
        };
        let sql = text("sql").ok_or("`sql` is missing")?.to_owned();
        Ok(Self { intent: Intent::Statement { sql, kind }, explanation })
    }
}

fn tool() -> Tool {
    Tool {
        name: TOOL.to_owned(),
        description: "The PostgreSQL statement whose rows answer the question.".to_owned(),
        schema: json!({
            "type": "object",
            "properties": {
                "kind": {
                    "type": "string",
                    "enum": ["events", "scalar", "groups", "unanswerable"],
                    "description": "events: rows of db_event, one column id. scalar: one row, one column, the value. \
                                    groups: two columns, key and value. unanswerable: the tables cannot tell.",
                },
                "sql": {"type": "string", "description": "One SELECT. Empty if unanswerable."},
                "explanation": {"type": "string", "description": "One short line: what the statement asks."},
            },
            "required": ["kind", "sql", "explanation"],
            "additionalProperties": false,
        }),
    }
}

/// A table as a model is told of it.
fn table(table: &Table) -> String {
    let mut out = format!("Table {}: {}.", table.name, table.meaning);
    for column in &table.columns {
        out.push_str(&format!("\n  {} {}", column.name, column.kind));
        if column.nullable {
            out.push_str(", may be NULL");
        }
        out.push_str(&format!(": {}", column.meaning));
        if let Some(unit) = &column.unit {
            out.push_str(&format!(" ({unit})"));
        }
        for (what, texts) in [("such as", &column.examples), ("always one of", &column.values)] {
            if !texts.is_empty() {
                let texts: Vec<String> = texts.iter().map(|one| quoted(one, LONGEST_NAME)).collect();
                out.push_str(&format!("; {what} {}", texts.join(", ")));
            }
        }
    }
    out
}

/// With everything there is, and with nothing.
fn samples_of_user() -> [Json; 2] {
    let all = json!({
        "lang": "en",
        "question": "\"x\"",
        "examples": [{"lang": "en", "question": "\"x\"", "kind": "events", "sql": "SELECT 1"}],
        "conditions": ["TRUE"],
        "unread": ["\"x\""],
        "video": {"name": "\"x\"", "duration": 1.0, "recorded_at": "x", "timezone": "x", "places": ["\"x\""]},
        "now": "x",
    });
    let nothing = json!({
        "lang": "ko",
        "question": "\"\"",
        "examples": [],
        "conditions": [],
        "unread": [],
        "video": {"name": "\"\"", "duration": null, "recorded_at": null, "timezone": "UTC", "places": []},
        "now": "x",
    });
    [all, nothing]
}
