//! What SQL from text may name, from `catalog.yaml`: tables with their meanings and row scope, functions, operators,
//! types. Used by `admit`, and by prompts that tell a model of the tables.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

/// The file, checked, and indexed by name.
#[derive(Debug)]
pub struct Catalog {
    file: File,
    functions: HashMap<String, Function>,
    operators: HashSet<String>,
    types: HashSet<String>,
    /// Every column of every table.
    columns: HashSet<String>,
}

/// A table that may be read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Where it is, and then it is always written with it. `None`: of this program, found by its name alone.
    #[serde(skip)]
    pub schema: Option<String>,
    pub name: String,
    pub meaning: String,
    /// The column that says whose row it is. `None`, of other databases: everybody's.
    pub scope: Option<String>,
    /// The column that tells its rows apart, where one does.
    pub key: Option<String>,
    pub columns: Vec<Column>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub meaning: String,
    pub unit: Option<String>,
    #[serde(default)]
    pub nullable: bool,
    #[serde(default)]
    pub examples: Vec<String>,
    /// All that it ever holds, where that is a closed set.
    #[serde(default)]
    pub values: Vec<String>,
}

/// What is checked of a call.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Function {
    pub(super) class: Class,
    /// Argument (from 0) and the largest number it may be.
    pub(super) bounded: Option<(usize, f64)>,
    /// Argument (from 0) that is a regular expression.
    pub(super) pattern: Option<usize>,
    /// How deep calls of it may stand in one another.
    pub(super) nested: Option<usize>,
    /// Arguments (from 0) that are short texts in the statement.
    pub(super) literals: Vec<usize>,
    pub(super) growth: Growth,
    /// Arguments (from 0) as often as whose characters its result may be longer.
    pub(super) multiplies: Vec<usize>,
    pub(super) factor: f64,
}

/// How large a result can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Growth {
    /// As all it is given.
    Sum,
    Fixed,
    Gathers,
    Escapes,
    Cuts,
    Spells,
    Replaces,
    Joins,
    Exact,
    Exponential,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Aggregate,
    Window,
    Scalar,
    /// Written without parentheses.
    Moment,
    /// Returns several rows.
    Rows,
    /// Returns as many rows as its arguments say.
    Series,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) bytes: usize,
    pub(super) tokens: usize,
    pub(super) depth: usize,
    pub(super) relations: usize,
    pub(super) values: usize,
    pub(super) series: f64,
    pub(super) product: f64,
    pub(super) pattern: usize,
    pub(super) literal: usize,
    pub(super) wildcards: usize,
    pub(super) size: f64,
    pub(super) digits: f64,
    pub(super) nodes: f64,
    pub(super) work: f64,
    pub(super) inlined: f64,
    pub(super) listed: usize,
    pub(super) sets: usize,
    pub(super) windows: usize,
    pub(super) repetitions: u64,
}

/// Why a catalog cannot be used; the text names line or entry.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {why}")]
pub struct CatalogError {
    name: String,
    why: String,
}

const BUILTIN: &str = include_str!("catalog.yaml");
const VERSION: u32 = 1;

impl Catalog {
    /// The one of this program.
    ///
    /// # Errors
    /// None that a released program has.
    pub fn builtin() -> Result<Self, CatalogError> {
        Self::parse("src/sql/catalog.yaml", BUILTIN)
    }

    /// Reads and checks the text of a file; `name` is for its messages, which tell all faults at once.
    ///
    /// # Errors
    /// [`CatalogError`]: not YAML, an unknown key, a name that stands for nothing.
    pub fn parse(name: &str, text: &str) -> Result<Self, CatalogError> {
        let failed = |why: String| CatalogError { name: name.to_owned(), why };
        let file: File = serde_yaml::from_str(text).map_err(|error| failed(error.to_string()))?;
        let mut faults = Vec::new();
        if file.version != VERSION {
            faults.push(format!("version: this program reads version {VERSION}, not {}", file.version));
        }
        for table in &file.tables {
            // Left out, everybody could read it.
            for (key, column) in [("scope", &table.scope), ("key", &table.key)] {
                match column {
                    None => faults.push(format!("tables: {}: {key}: it is missing", table.name)),
                    Some(column) if table.column(column).is_none() => {
                        faults.push(format!("tables: {}: {key}: it has no column {column}", table.name));
                    }
                    Some(_) => {}
                }
            }
        }
        let functions = file.functions(&mut faults);
        let names = file.tables.iter().map(|table| &table.name);
        let columns = file.tables.iter().flat_map(|table| &table.columns).map(|column| &column.name);
        for plain in names.chain(columns.clone()).chain(functions.keys()).filter(|name| !is_plain(name)) {
            faults.push(format!("{plain:?} is not a plain name: lower case letters, digits and _ are"));
        }
        let columns = columns.cloned().collect();
        let operators = file.operators.iter().cloned().collect();
        let types = file.types.iter().cloned().collect();
        if faults.is_empty() {
            Ok(Self { file, functions, operators, types, columns })
        } else {
            Err(failed(faults.join("; ")))
        }
    }

    /// Of other tables, with the functions, operators, types and limits of this program.
    ///
    /// # Errors
    /// As [`Self::builtin`].
    pub fn of(tables: Vec<Table>) -> Result<Self, CatalogError> {
        let mut catalog = Self::builtin()?;
        catalog.columns = tables.iter().flat_map(|table| &table.columns).map(|column| column.name.clone()).collect();
        catalog.file.tables = tables;
        Ok(catalog)
    }

    /// The tables, in the order of the file.
    pub fn tables(&self) -> &[Table] {
        &self.file.tables
    }

    /// The table that is meant by a name alone: one of this program, or one of the schema `public`.
    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        let of = |table: &&Table| table.name == name && table.schema.as_deref().is_none_or(|schema| schema == "public");
        self.file.tables.iter().find(of)
    }

    pub(super) fn table_in(&self, schema: &str, name: &str) -> Option<&Table> {
        self.file.tables.iter().find(|table| table.name == name && table.schema.as_deref() == Some(schema))
    }

    pub(super) fn function(&self, name: &str) -> Option<&Function> {
        self.functions.get(name)
    }

    pub(super) fn operator(&self, sign: &str) -> bool {
        self.operators.contains(sign)
    }

    pub(super) fn kind(&self, name: &str) -> bool {
        self.types.contains(name)
    }

    pub(super) fn collation(&self, name: &str) -> bool {
        self.file.collations.iter().any(|known| known == name)
    }

    /// Whether any table has a column of this name.
    pub(super) fn column(&self, name: &str) -> bool {
        self.columns.contains(name)
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.file.limits
    }
}

impl Table {
    /// Whether a query of its name stands before the statement and holds its rows.
    pub(super) fn is_shadowed(&self) -> bool {
        self.schema.is_none() && self.scope.is_some()
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    tables: Vec<Table>,
    functions: Functions,
    bounded: Vec<Bounded>,
    patterns: Vec<Pattern>,
    nested: Vec<Nested>,
    literals: Vec<Literals>,
    multiplied: Vec<Multiplied>,
    growth: Growths,
    operators: Vec<String>,
    types: Vec<String>,
    collations: Vec<String>,
    limits: Limits,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Functions {
    aggregates: Vec<String>,
    windows: Vec<String>,
    scalars: Vec<String>,
    moments: Vec<String>,
    rows: Vec<String>,
    series: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounded {
    function: String,
    argument: usize,
    most: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pattern {
    function: String,
    argument: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nested {
    function: String,
    most: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Literals {
    function: String,
    arguments: Vec<usize>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Multiplied {
    function: String,
    argument: Option<usize>,
    by: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Growths {
    fixed: Vec<String>,
    gathers: Vec<String>,
    escapes: Vec<String>,
    cuts: Vec<String>,
    spells: Vec<String>,
    replaces: Vec<String>,
    joins: Vec<String>,
    exact: Vec<String>,
    exponential: Vec<String>,
}

impl File {
    fn functions(&self, faults: &mut Vec<String>) -> HashMap<String, Function> {
        let f = &self.functions;
        let classes = [
            (Class::Aggregate, &f.aggregates),
            (Class::Window, &f.windows),
            (Class::Scalar, &f.scalars),
            (Class::Moment, &f.moments),
            (Class::Rows, &f.rows),
            (Class::Series, &f.series),
        ];
        let mut functions = HashMap::new();
        for (class, names) in classes {
            for name in names {
                let function = Function {
                    class,
                    bounded: None,
                    pattern: None,
                    nested: None,
                    literals: Vec::new(),
                    growth: Growth::Sum,
                    multiplies: Vec::new(),
                    factor: 1.0,
                };
                if functions.insert(name.clone(), function).is_some() {
                    faults.push(format!("functions: {name} stands there twice"));
                }
            }
        }
        let mut of = |key: &str, name: &str, argument: usize, set: &dyn Fn(&mut Function)| match functions.get_mut(name)
        {
            Some(function) if argument > 0 => set(function),
            Some(_) => faults.push(format!("{key}: {name}: arguments are counted from 1")),
            None => faults.push(format!("{key}: {name} is not among the functions")),
        };
        for Bounded { function, argument, most } in &self.bounded {
            of("bounded", function, *argument, &|f| f.bounded = Some((argument - 1, *most)));
        }
        for Pattern { function, argument } in &self.patterns {
            of("patterns", function, *argument, &|f| f.pattern = Some(argument - 1));
        }
        for Nested { function, most } in &self.nested {
            of("nested", function, 1, &|f| f.nested = Some(*most));
        }
        for Literals { function, arguments } in &self.literals {
            for argument in arguments {
                of("literals", function, *argument, &|f| f.literals.push(argument - 1));
            }
        }
        for Multiplied { function, argument, by } in &self.multiplied {
            of("multiplied", function, argument.unwrap_or(1), &|f| {
                f.multiplies.extend(argument.map(|argument| argument - 1));
                f.factor *= by.unwrap_or(1.0);
            });
        }
        let g = &self.growth;
        let growths = [
            (Growth::Fixed, &g.fixed),
            (Growth::Gathers, &g.gathers),
            (Growth::Escapes, &g.escapes),
            (Growth::Cuts, &g.cuts),
            (Growth::Spells, &g.spells),
            (Growth::Replaces, &g.replaces),
            (Growth::Joins, &g.joins),
            (Growth::Exact, &g.exact),
            (Growth::Exponential, &g.exponential),
        ];
        for (growth, names) in growths {
            for name in names {
                of("growth", name, 1, &|f| f.growth = growth);
            }
        }
        functions
    }
}

/// A name that means the same with and without quotes.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_catalog_is_sound_and_strict() {
        let catalog = Catalog::builtin().expect("it is sound");
        assert_eq!(catalog.table("db_event").expect("it is there").columns.len(), 14);
        assert_eq!(catalog.table("db_video").expect("it is there").columns.len(), 7);
        let cases = [
            ("version: 1", "version: 2", "this program reads version 1, not 2"),
            ("    key: id\n", "    key: nope\n", "tables: db_event: key: it has no column nope"),
            ("    key: id\n", "    keys: id\n", "unknown field `keys`"),
            ("    scope: video_id\n", "", "tables: db_event: scope: it is missing"),
            (
                "function: lpad, argument: 2",
                "function: lpad, argument: 0",
                "bounded: lpad: arguments are counted from 1",
            ),
            ("function: lpad", "function: lpat", "bounded: lpat is not among the functions"),
            ("[unnest,", "[unnest, count,", "functions: count stands there twice"),
            ("[unnest,", "[unnest, '\"x\"',", "is not a plain name"),
        ];
        for (from, to, expected) in cases {
            let text = BUILTIN.replacen(from, to, 1);
            let error = Catalog::parse("c.yaml", &text).expect_err(to).to_string();
            assert!(error.starts_with("c.yaml: ") && error.contains(expected), "{to}: {error}");
        }
        let error = Catalog::parse("c.yaml", &format!("{BUILTIN}\nmore: 1\n")).expect_err("unknown").to_string();
        assert!(error.contains("line"), "{error}");
    }
}
