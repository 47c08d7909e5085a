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

/// Stable, for counting.
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
