//! SQL as a value: text and binds that only this folder can make. The store runs nothing else.

pub mod compose;

use crate::answer::Kind;

/// One statement with its binds. Its fields are private: it is composed from a reading (later: admitted from text).
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    text: String,
    binds: Vec<Bind>,
    kind: Kind,
}

/// A value the statement refers to as `$1`, `$2`, …
#[derive(Debug, Clone, PartialEq)]
pub enum Bind {
    Int(i64),
    Float(f64),
    Text(String),
    Texts(Vec<String>),
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

    /// Any text, unchecked. For the tests of the store, which need statements that nothing composes.
    #[doc(hidden)]
    pub fn for_tests(text: &str, binds: Vec<Bind>, kind: Kind) -> Self {
        Self { text: text.to_owned(), binds, kind }
    }

    /// The statement with its values in place, for people to read. It is never run.
    pub fn readable(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + 16 * self.binds.len());
        let mut rest = self.text.as_str();
        while let Some(at) = rest.find('$') {
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

impl Bind {
    fn write_literal(&self, out: &mut String) {
        match self {
            Self::Int(n) => out.push_str(&n.to_string()),
            Self::Float(x) => out.push_str(&x.to_string()),
            Self::Text(text) => write_quoted(text, out),
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
