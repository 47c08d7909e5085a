//! SQL as a value: text and binds that only this folder can make. The store runs nothing else.

pub mod admit;
pub mod catalog;
pub mod certain;
pub mod compose;
mod data;
pub mod search;

use crate::answer::Kind;

/// One statement with its binds. Its fields are private: it is composed from a reading, or admitted from text.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    text: String,
    binds: Vec<Bind>,
    kind: Kind,
    /// `None` of another database than ours, and in tests: every row.
    scope: Option<Scope>,
    /// Whether somebody else wrote it: its errors may hold what rows say, and it may cost anything.
    foreign: bool,
}

/// The videos whose rows a statement may see: one, or several.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope(Vec<i64>);

/// A value the statement refers to as `$1`, `$2`, …
#[derive(Debug, Clone, PartialEq)]
pub enum Bind {
    Int(i64),
    Ints(Vec<i64>),
    Float(f64),
    Text(String),
    Texts(Vec<String>),
    /// For pgvector, as text: `[0.1,…]`.
    Vector(Vec<f32>),
}

impl Query {
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn binds(&self) -> &[Bind] {
        &self.binds
    }

    /// What its rows are: events (all columns of `db_event`, in `Event`'s order), one value, or (key, value) pairs.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The videos whose rows it may see, which the database is told, too.
    pub fn scope(&self) -> Option<&Scope> {
        self.scope.as_ref()
    }

    /// Whether it was admitted from text that somebody else wrote.
    pub fn is_foreign(&self) -> bool {
        self.foreign
    }

    /// Any text, unchecked. For the tests of the store, which need statements that nothing composes.
    #[doc(hidden)]
    pub fn for_tests(text: &str, binds: Vec<Bind>, kind: Kind) -> Self {
        Self { text: text.to_owned(), binds, kind, scope: None, foreign: false }
    }

    /// The same as if it had this scope, which nothing has put into its text.
    #[doc(hidden)]
    #[must_use]
    pub fn within(self, scope: Scope) -> Self {
        Self { scope: Some(scope), ..self }
    }

    /// The same, of which nothing but the column `id` is asked for.
    #[must_use]
    pub fn ids(&self) -> Self {
        Self { text: format!("SELECT id FROM ({}) AS found", self.text), ..self.clone() }
    }

    /// The statement with its values in place, for people to read. It is never run.
    pub fn readable(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + 16 * self.binds.len());
        let mut rest = self.text.as_str();
        // Of admitted text: what stands in quotes has no binds.
        let mut quoted = None;
        while let Some(at) = rest.find(['$', '\'', '"']) {
            let sign = rest.as_bytes()[at];
            if sign != b'$' || quoted.is_some() {
                match quoted {
                    None => quoted = Some(sign),
                    Some(opened) if opened == sign => quoted = None,
                    Some(_) => {}
                }
                out.push_str(&rest[..=at]);
                rest = &rest[at + 1..];
                continue;
            }
            out.push_str(&rest[..at]);
            let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
            match rest[at + 1..at + 1 + digits].parse::<usize>().ok().and_then(|n| self.binds.get(n.wrapping_sub(1))) {
                Some(bind) => bind.write_literal(&mut out),
                None => out.push_str(&rest[at..at + 1 + digits]),
            }
            rest = &rest[at + 1 + digits..];
        }
        out.push_str(rest);
        out
    }
}

impl Scope {
    pub fn video(id: i64) -> Self {
        Self(vec![id])
    }

    /// `None` without any: whoever may see nothing is not asked for.
    pub fn videos(ids: impl IntoIterator<Item = i64>) -> Option<Self> {
        let mut ids: Vec<i64> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        (!ids.is_empty()).then_some(Self(ids))
    }

    /// In order, each once.
    pub fn ids(&self) -> &[i64] {
        &self.0
    }

    /// As the database is told: `1,2`.
    pub(crate) fn setting(&self) -> String {
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

impl Bind {
    fn write_literal(&self, out: &mut String) {
        match self {
            Self::Int(n) => out.push_str(&n.to_string()),
            Self::Ints(all) => {
                let all: Vec<String> = all.iter().map(ToString::to_string).collect();
                out.push_str(&format!("ARRAY[{}]::bigint[]", all.join(", ")));
            }
            Self::Float(x) => out.push_str(&x.to_string()),
            Self::Text(text) => write_quoted(text, out),
            // Of some hundred numbers nobody reads more than the first.
            Self::Vector(numbers) => {
                let first = numbers.first().copied().unwrap_or_default();
                out.push_str(&format!("'[{first}, … {} numbers]'", numbers.len()));
            }
            Self::Texts(texts) => {
                out.push_str("ARRAY[");
                for (i, text) in texts.iter().enumerate() {
                    if i > 0 {
                        out.push_str(", ");
                    }
                    write_quoted(text, out);
                }
                out.push(']');
            }
        }
    }
}

fn write_quoted(text: &str, out: &mut String) {
    out.push('\'');
    out.push_str(&text.replace('\'', "''"));
    out.push('\'');
}
