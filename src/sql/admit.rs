//! The only door for SQL that somebody else wrote (a model's, a user's, an example's): text → [`Query`], or a
//! [`Refusal`] that says what and where.
//!
//! The text is parsed, the whole tree is walked, and what the walk knows and allows is **written anew**, token by token,
//! by the walk itself. That text runs, never the received one, so a difference between two parsers cannot be used: what
//! was not looked at was not written. The row scope is put on here, not asked for: both tables are shadowed by queries of
//! the same names that hold the scope's rows alone, and no other name may shadow them again.

mod expr;
mod extent;
mod from;
mod function;
mod group;
mod growth;
mod kinds;
mod literal;
mod parse;
mod pattern;
mod refusal;
mod select;
mod series;
mod values;
mod walk;

use super::{Bind, Query, Scope, catalog::Catalog};
use crate::answer::Kind;

pub use refusal::{Code, Refusal};

/// A statement that may run, written anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Admitted {
    statement: String,
    scope: Option<Scope>,
    /// Whether anything of what runs refers to `$1`.
    binds: bool,
    /// `db_event AS NOT MATERIALIZED (…), db_video AS …`, with `$1`.
    shadows: String,
    /// The names of its result's columns, where they can be known.
    columns: Option<Vec<String>>,
    seen: values::Seen,
}

/// Bytes of stack for one level of a statement: more than a build without optimisation was seen to take.
const LEVEL: usize = 256 << 10;

/// For all the levels there can be; half of it was seen to be used.
const STACK: usize = 16 << 20;

/// Checks a text and puts the scope on it.
///
/// # Errors
/// The first thing that is not allowed, or not known: whatever the catalog does not list is refused.
pub fn admit(text: &str, catalog: &Catalog, scope: &Scope) -> Result<Admitted, Refusal> {
    written(text, catalog, Some(scope))
}

/// Checks a text for a database whose tables have no row scope: not one of ours. A table that has one is refused
/// ([`Code::ScopeMissing`]), so that leaving the scope out opens nothing.
///
/// # Errors
/// As [`admit`].
pub fn admit_unscoped(text: &str, catalog: &Catalog) -> Result<Admitted, Refusal> {
    written(text, catalog, None)
}

fn written(text: &str, catalog: &Catalog, scope: Option<&Scope>) -> Result<Admitted, Refusal> {
    let limits = catalog.limits();
    let tokens = parse::tokens(text, limits)?;
    // A stack of its own costs as much time as all the rest, so only what is deep is given one.
    let needed = (tokens.levels + 2) * LEVEL;
    let (written, seen) = stacker::maybe_grow(needed, STACK, || {
        let query = parse::parse(tokens, limits)?;
        Ok((walk::walk(&query, catalog, scope)?, values::see(&query, catalog)))
    })?;
    let walk::Written { statement, columns, mut binds } = written;
    // Not qualified with a schema: the name means what it means in composed queries, also in a changed copy of the data.
    // Inside its own definition it is the table, because nothing here is recursive.
    let shadow = |table: &super::catalog::Table| {
        let condition = condition(scope?);
        let (name, column) = (&table.name, table.scope.as_ref().filter(|_| table.is_shadowed())?);
        Some(format!("{name} AS NOT MATERIALIZED (SELECT * FROM {name} WHERE {column} {condition})"))
    };
    let shadows: Vec<String> = catalog.tables().iter().filter_map(shadow).collect();
    binds |= !shadows.is_empty();
    Ok(Admitted { statement, scope: scope.cloned(), binds, shadows: shadows.join(", "), columns, seen })
}

/// What holds a column to the scope.
fn condition(scope: &Scope) -> &'static str {
    if scope.ids().len() == 1 { "= $1" } else { "= ANY ($1)" }
}

const EVENT: &str = "e.id, e.video_id, e.timestamp, e.duration, e.event_type, e.action_detected, e.location, e.area, \
                     e.age, e.gender, e.obj_id, e.confidence, e.description, e.attributes";

impl Admitted {
    /// The statement as it was written anew, without the scope: for showing, for caches, for admitting again.
    pub fn statement(&self) -> &str {
        &self.statement
    }

    /// The names of its result's columns, where they can be known without asking the database.
    pub fn columns(&self) -> Option<&[String]> {
        self.columns.as_deref()
    }

    /// Whether it reads a table at all: else what it gives is its writer's word, and nothing of the database.
    pub fn reads_tables(&self) -> bool {
        self.seen.reads
    }

    /// A value it compares a column of few values with, and that the column never has: asking for it finds nothing, which
    /// would be told as a fact. In words for its writer, with the values there are.
    pub fn no_such_value(&self) -> Option<&str> {
        self.seen.impossible.as_deref()
    }

    /// The rows as the statement gives them, whatever they are. For a reader that takes any.
    pub fn rows(&self) -> Query {
        self.query(self.scoped(), Kind::Groups)
    }

    /// The query whose rows are an answer of this kind: for events, those whose numbers stand in its column `id`, each
    /// once, whole, and in the statement's order; a number outside the scope is no event.
    ///
    /// # Errors
    /// [`Code::ResultColumns`] if it has no column `id`, or not one column for a value, or not two for groups.
    pub fn answer(&self, kind: Kind) -> Result<Query, Refusal> {
        match kind {
            Kind::Events => self.events(),
            Kind::Scalar => self.counted(kind, 1, "one column, the value"),
            Kind::Groups => self.counted(kind, 2, "two columns, key and value"),
            // No statement of somebody else's is a search.
            Kind::Hits => self.events(),
        }
    }

    fn events(&self) -> Result<Query, Refusal> {
        if self.shadows.is_empty() {
            return Err(Refusal::whole(Code::ScopeMissing, "events are of a video, and none was said"));
        }
        // Named anew, because two of its columns may have one name.
        let (names, id) = match &self.columns {
            None => (String::new(), "id".to_owned()),
            Some(columns) => {
                let Some(at) = columns.iter().position(|name| name == "id") else {
                    return Err(Refusal::whole(Code::ResultColumns, "for events, the result needs a column id"));
                };
                let names: Vec<String> = (1..=columns.len()).map(|n| format!("c{n}")).collect();
                (format!(" ({})", names.join(", ")), format!("c{}", at + 1))
            }
        };
        let text = format!(
            "WITH {} SELECT {EVENT} FROM (SELECT r.id, min(r.n) AS n FROM (SELECT s.{id} AS id, row_number() OVER () AS n \
             FROM ({}) AS s{names}) AS r GROUP BY r.id) AS k JOIN db_event AS e ON e.id = k.id ORDER BY k.n",
            self.shadows, self.statement
        );
        Ok(self.query(text, Kind::Events))
    }

    fn counted(&self, kind: Kind, count: usize, what: &str) -> Result<Query, Refusal> {
        match &self.columns {
            Some(columns) if columns.len() != count => {
                let message = format!("the result needs {what}, and has {} columns", columns.len());
                Err(Refusal::whole(Code::ResultColumns, message))
            }
            _ => Ok(self.query(self.scoped(), kind)),
        }
    }

    /// The statement after the shadows: its own WITH goes on with theirs.
    fn scoped(&self) -> String {
        match self.statement.strip_prefix("WITH ") {
            _ if self.shadows.is_empty() => self.statement.clone(),
            Some(rest) => format!("WITH {}, {rest}", self.shadows),
            None => format!("WITH {} {}", self.shadows, self.statement),
        }
    }

    fn query(&self, text: String, kind: Kind) -> Query {
        let bind = self.scope.as_ref().filter(|_| self.binds).map(|scope| match scope.ids() {
            [one] => Bind::Int(*one),
            several => Bind::Ints(several.to_vec()),
        });
        Query { text, binds: bind.into_iter().collect(), kind, scope: self.scope.clone(), foreign: true }
    }
}
