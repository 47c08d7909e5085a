//! What is judged, as JSON lines: `askline eval judge` reads [`Pair`]s and writes [`Judged`]s.
//!
//! A line is
//! `{"id", "mode", "kind", "ordered", "ties", "gold", "predicted"}`; `kind` is for contract mode, `ordered` is false and
//! `ties` absent unless given. `gold` is a table or a list of tables of which any will do; `ties` then is a list for each
//! (or null). `predicted` is a table, `{"abstained": true}` or `{"error": "timed_out" | "truncated" | words}`.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, value::RawValue};

use super::{
    judge::{BadGold, Failure, Gold, Kind, Mode, Predicted, Reason, Verdict, judge},
    problems::Problems,
    table::{Table, without_place},
};

/// One line, ready to be judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// A text or a whole number; given back as it came.
    pub id: Json,
    pub mode: Mode,
    pub ordered: bool,
    pub golds: Vec<Gold>,
    pub predicted: Predicted,
}

/// One line of the result.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    pub id: Json,
    pub right: bool,
    pub reason: Option<Reason>,
    pub soft_f1: f64,
}

/// Judges every line of `text`, which is the content of `file`. Empty lines are skipped.
///
/// # Errors
/// Every line that is not as above, or whose gold cannot be judged against.
pub fn judge_lines(file: &str, text: &str) -> Result<Vec<Judged>, Problems> {
    let mut problems = Problems::of(file);
    let mut judged = Vec::new();
    let lines = text.trim_start_matches('\u{feff}').lines().zip(1..);
    for (line, number) in lines.filter(|(line, _)| !line.trim().is_empty()) {
        match Pair::from_json(line) {
            Ok(pair) => match pair.judge() {
                Ok(line) => judged.push(line),
                Err(bad) => problems.add(number, format!("`gold`: {bad}")),
            },
            Err(wrong) => wrong.into_iter().for_each(|told| problems.add(number, told)),
        }
    }
    if judged.is_empty() {
        problems.add_if_none("no pairs to judge");
    }
    problems.or(judged)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    mode: Option<&'a RawValue>,
    kind: Option<&'a RawValue>,
    ordered: Option<&'a RawValue>,
    ties: Option<&'a RawValue>,
    gold: Option<&'a RawValue>,
    predicted: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unanswered {
    #[serde(default)]
    abstained: bool,
    error: Option<String>,
}

/// The names of the kinds, for messages.
const KINDS: &str = "events, scalar, groups or abstain";

impl Pair {
    /// # Errors
    /// All that is wrong with the line, each with its field.
    pub fn from_json(line: &str) -> Result<Self, Vec<String>> {
        let written: Written<'_> = serde_json::from_str(line).map_err(|error| {
            let column = if error.is_data() { String::new() } else { format!(" at column {}", error.column()) };
            vec![format!("{}{column}", without_place(&error))]
        })?;
        let mut wrong = Vec::new();
        let id = field("id", written.id, "a text or a whole number", &mut wrong);
        let id = id.filter(|id: &Json| {
            let fits = id.is_string() || id.is_i64() || id.is_u64();
            if !fits {
                wrong.push("`id` is to be a text or a whole number".to_owned());
            }
            fits
        });
        let ordered =
            written.ordered.map_or(Some(false), |raw| field("ordered", Some(raw), "true or false", &mut wrong));
        let mode = mode(&written, &mut wrong);
        let golds = golds(&written, mode, &mut wrong);
        let predicted = match written.predicted.map(predicted) {
            None => {
                wrong.push("`predicted` is missing".to_owned());
                None
            }
            Some(Ok(predicted)) => Some(predicted),
            Some(Err(told)) => {
                wrong.extend(told.into_iter().map(|told| format!("`predicted`: {told}")));
                None
            }
        };
        match (id, mode, ordered, predicted) {
            (Some(id), Some(mode), Some(ordered), Some(predicted)) if wrong.is_empty() => {
                Ok(Self { id, mode, ordered, golds, predicted })
            }
            _ => Err(wrong),
        }
    }

    /// # Errors
    /// A gold that cannot be judged against.
    pub fn judge(self) -> Result<Judged, BadGold> {
        let Verdict { right, reason, soft_f1 } = judge(self.mode, self.ordered, &self.golds, &self.predicted)?;
        Ok(Judged { id: self.id, right, reason, soft_f1 })
    }
}

fn mode(written: &Written<'_>, wrong: &mut Vec<String>) -> Option<Mode> {
    let kind: Option<Kind> = match written.kind.filter(|raw| raw.get() != "null") {
        Some(raw) => Some(field("kind", Some(raw), KINDS, wrong)?),
        None => None,
    };
    let modes = "contract, bird, spider or defog";
    let name: String = field("mode", written.mode, modes, wrong)?;
    match (name.as_str(), kind) {
        ("contract", Some(kind)) => Some(Mode::Contract(kind)),
        ("bird", _) => Some(Mode::Bird),
        ("spider", _) => Some(Mode::Spider),
        ("defog", _) => Some(Mode::Defog),
        ("contract", None) => {
            wrong.push(format!("`kind` is missing: in contract mode it is {KINDS}"));
            None
        }
        _ => {
            wrong.push(format!("`mode` is to be {modes}, and is {name:?}"));
            None
        }
    }
}

/// None of kind `abstain`, whatever the line has.
fn golds(written: &Written<'_>, mode: Option<Mode>, wrong: &mut Vec<String>) -> Vec<Gold> {
    if mode == Some(Mode::Contract(Kind::Abstain)) {
        return Vec::new();
    }
    let Some(raw) = written.gold.filter(|raw| raw.get() != "null") else {
        wrong.push("`gold` is missing".to_owned());
        return Vec::new();
    };
    let ties = written.ties.filter(|raw| raw.get() != "null");
    let several = raw.get().starts_with('[');
    let tables: Vec<&RawValue> = if several { serde_json::from_str(raw.get()).unwrap_or_default() } else { vec![raw] };
    if tables.is_empty() {
        wrong.push("`gold` is an empty list; at least one result is needed".to_owned());
    }
    let none = vec![None; tables.len()];
    let ties: Vec<Option<Vec<u32>>> = match ties {
        None => none,
        Some(raw) if several => {
            let wanted = format!("a list of whole numbers (or null) for each of {} golds", tables.len());
            let fits = |ties: &Vec<_>| ties.len() == tables.len();
            serde_json::from_str(raw.get()).ok().filter(fits).unwrap_or_else(|| {
                wrong.push(format!("`ties` is to be {wanted}"));
                none
            })
        }
        Some(raw) => vec![field("ties", Some(raw), "a list of whole numbers, one for each row of the gold", wrong)],
    };
    let mut golds = Vec::new();
    for (at, (raw, ties)) in tables.into_iter().zip(ties).enumerate() {
        let place = if several { format!("`gold[{at}]`") } else { "`gold`".to_owned() };
        match Table::from_json(raw.get()) {
            Ok(table) => golds.push(Gold { table, ties }),
            Err(told) => wrong.extend(told.into_iter().map(|told| format!("{place}: {told}"))),
        }
    }
    golds
}

fn predicted(raw: &RawValue) -> Result<Predicted, Vec<String>> {
    let text = raw.get();
    let is_table = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text)
        .map_or(true, |fields| fields.is_empty() || fields.contains_key("columns") || fields.contains_key("rows"));
    if is_table {
        return Table::from_json(text).map(Predicted::Table);
    }
    let wanted = "is to be {\"columns\", \"rows\"}, {\"abstained\": true} or {\"error\": words}";
    let unanswered: Unanswered =
        serde_json::from_str(text).map_err(|error| vec![format!("{wanted}: {}", without_place(&error))])?;
    match unanswered {
        Unanswered { abstained: true, error: None } => Ok(Predicted::Abstained),
        Unanswered { abstained: false, error: Some(words) } => Ok(Predicted::Failed(match words.as_str() {
            "timed_out" => Failure::TimedOut,
            "truncated" => Failure::Truncated,
            "engine_error" => Failure::Engine(String::new()),
            _ => Failure::Engine(words),
        })),
        _ => Err(vec![wanted.to_owned()]),
    }
}

fn field<'a, T: Deserialize<'a>>(
    name: &str,
    raw: Option<&'a RawValue>,
    wanted: &str,
    wrong: &mut Vec<String>,
) -> Option<T> {
    let Some(raw) = raw else {
        wrong.push(format!("`{name}` is missing"));
        return None;
    };
    serde_json::from_str(raw.get()).inspect_err(|_| wrong.push(format!("`{name}` is to be {wanted}"))).ok()
}
