//! Why a text is not admitted: a code that stays the same, and what and where, so that its writer can repair it.

use std::fmt;

/// What was wrong, the first that was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}{}", place(*.line, *.column))]
pub struct Refusal {
    pub code: Code,
    /// What, in words, with the name that is at fault. It never holds anything but words of the statement.
    pub message: String,
    /// From 1; 0 where the whole text is meant.
    pub line: u64,
    /// In characters, from 1. The nearest known place: what is meant stands there or little after it.
    pub column: u64,
}

/// Why, in one word that stays the same: for counting, for tests, for whoever repairs the statement.
///
/// | code | what was wrong |
/// |---|---|
/// | `empty` | there is no statement |
/// | `too_long` | more bytes, words, tables or VALUES than are read |
/// | `too_deep` | parentheses, queries or expressions too deep in one another |
/// | `control_character` | NUL, another control character, or one that turns the direction of text |
/// | `unparsable` | no SQL of PostgreSQL, or some that the parser does not know |
/// | `several_statements` | more than one |
/// | `not_a_select` | a statement that is no SELECT |
/// | `data_modifying` | INSERT, UPDATE, DELETE or MERGE within a SELECT |
/// | `select_into` | SELECT INTO makes a table |
/// | `locking` | FOR UPDATE, FOR SHARE |
/// | `recursion` | WITH RECURSIVE |
/// | `placeholder` | `$1`, `?`, `:name`: no value comes with a text |
/// | `qualified_name` | a name with a schema |
/// | `unknown_table` | a table that the catalog does not have, or a name that FROM does not have |
/// | `unknown_column` | a column that no table has, and to which the statement gave no name |
/// | `shadows_table` | a CTE or an alias with the name of a table |
/// | `renames_columns` | a list of columns after a table's alias |
/// | `function_not_allowed` | a function that is not on the list, or not at this place |
/// | `function_arguments` | called otherwise than it may be, such as a length that is too large |
/// | `operator_not_allowed` | an operator that is not on the list |
/// | `type_not_allowed` | a type that is not on the list |
/// | `syntax_not_allowed` | a form of SELECT, FROM, expression or literal that is not known here |
/// | `pattern` | a regular expression that is no literal, or could take for ever |
/// | `series` | a generate_series that is too long, or whose end nobody knows |
/// | `growth` | a text, a number or a plan that could become too large for the server to stop |
/// | `cross_join` | every event with every event |
/// | `result_columns` | the result is not of the kind that was asked for |
/// | `scope_missing` | a table that is somebody's, for nobody |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    Empty,
    TooLong,
    TooDeep,
    ControlCharacter,
    Unparsable,
    SeveralStatements,
    NotASelect,
    DataModifying,
    SelectInto,
    Locking,
    Recursion,
    Placeholder,
    QualifiedName,
    UnknownTable,
    UnknownColumn,
    ShadowsTable,
    RenamesColumns,
    FunctionNotAllowed,
    FunctionArguments,
    OperatorNotAllowed,
    TypeNotAllowed,
    SyntaxNotAllowed,
    Pattern,
    Series,
    Growth,
    CrossJoin,
    ResultColumns,
    ScopeMissing,
}

impl Code {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::TooDeep => "too_deep",
            Self::ControlCharacter => "control_character",
            Self::Unparsable => "unparsable",
            Self::SeveralStatements => "several_statements",
            Self::NotASelect => "not_a_select",
            Self::DataModifying => "data_modifying",
            Self::SelectInto => "select_into",
            Self::Locking => "locking",
            Self::Recursion => "recursion",
            Self::Placeholder => "placeholder",
            Self::QualifiedName => "qualified_name",
            Self::UnknownTable => "unknown_table",
            Self::UnknownColumn => "unknown_column",
            Self::ShadowsTable => "shadows_table",
            Self::RenamesColumns => "renames_columns",
            Self::FunctionNotAllowed => "function_not_allowed",
            Self::FunctionArguments => "function_arguments",
            Self::OperatorNotAllowed => "operator_not_allowed",
            Self::TypeNotAllowed => "type_not_allowed",
            Self::SyntaxNotAllowed => "syntax_not_allowed",
            Self::Pattern => "pattern",
            Self::Series => "series",
            Self::Growth => "growth",
            Self::CrossJoin => "cross_join",
            Self::ResultColumns => "result_columns",
            Self::ScopeMissing => "scope_missing",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Refusal {
    /// Of the whole text.
    pub(super) fn whole(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), line: 0, column: 0 }
    }
}

fn place(line: u64, column: u64) -> String {
    if line == 0 { String::new() } else { format!(", at line {line}, column {column}") }
}
