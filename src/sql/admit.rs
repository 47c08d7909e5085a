//! The only door for SQL that somebody else wrote (a model's, a user's, an example's): text → [`Query`], or a
//! [`Refusal`] that says what and where.
//!
//! The text is parsed, the whole tree is walked, and what the walk knows and allows is **written anew**, token by token,
//! by the walk itself. That text runs, never the received one, so a difference between two parsers cannot be used: what
//! was not looked at was not written. The row scope is put on here, not asked for: both tables are shadowed by queries of
//! the same names that hold the scope's rows alone, and no other name may shadow them again.

mod expr;
mod from;
mod function;
mod kinds;
mod literal;
mod parse;
mod pattern;
mod refusal;
mod select;
mod series;
mod walk;

use super::{Bind, Query, Scope, catalog::Catalog};
use crate::answer::Kind;

pub use refusal::{Code, Refusal};

/// A statement that may run, written anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Admitted {
    statement: String,
    scope: Scope,
    /// `db_event AS NOT MATERIALIZED (…), db_video AS …`, with `$1`.
    shadows: String,
    /// The names of its result's columns, where they can be known.
    columns: Option<Vec<String>>,
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
    let limits = catalog.limits();
    let tokens = parse::tokens(text, limits)?;
    // A stack of its own costs as much time as all the rest, so only what is deep is given one.
    let needed = (tokens.levels + 2) * LEVEL;
    let (statement, columns) = stacker::maybe_grow(needed, STACK, || {
        let query = parse::parse(tokens, limits)?;
        walk::walk(&query, catalog)
    })?;
    let condition = if scope.ids().len() == 1 { "= $1" } else { "= ANY ($1)" };
    // Not qualified with a schema: the name means what it means in composed queries, also in a changed copy of the data.
    // Inside its own definition it is the table, because nothing here is recursive.
    let shadow = |table: &super::catalog::Table| {
        let (name, column) = (&table.name, &table.scope);
        format!("{name} AS NOT MATERIALIZED (SELECT * FROM {name} WHERE {column} {condition})")
    };
    let shadows: Vec<String> = catalog.tables().iter().map(shadow).collect();
    Ok(Admitted { statement, scope: scope.clone(), shadows: shadows.join(", "), columns })
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

    /// The rows as the statement gives them, whatever they are. For a reader that takes any.
    pub fn rows(&self) -> Query {
        self.query(format!("WITH {}{}", self.shadows, self.joined_with()), Kind::Groups)
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
            _ => Ok(self.query(format!("WITH {}{}", self.shadows, self.joined_with()), kind)),
        }
    }

    /// The statement to stand after the shadows: its own WITH goes on with theirs.
    fn joined_with(&self) -> String {
        match self.statement.strip_prefix("WITH ") {
            Some(rest) => format!(", {rest}"),
            None => format!(" {}", self.statement),
        }
    }

    fn query(&self, text: String, kind: Kind) -> Query {
        let bind = match self.scope.ids() {
            [one] => Bind::Int(*one),
            several => Bind::Ints(several.to_vec()),
        };
        Query { text, binds: vec![bind], kind, scope: Some(self.scope.clone()), foreign: true }
    }
}
