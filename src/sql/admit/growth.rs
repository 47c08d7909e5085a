//! How large values can become, and how much work a statement can be for the server, by its form alone. While it folds
//! constants, copies expressions or runs one call of a function, the server listens to nobody: no limit of time stops it
//! there, so what is refused here is stopped by nothing else.

use sqlparser::ast::{
    AccessExpr, BinaryOperator, DataType, ExactNumberInfo, Expr, Function, FunctionArguments, Subscript,
};

use super::{
    Code,
    function::{expression, shrinks},
    kinds, pattern, series,
    walk::{Walk, Walked},
};
use crate::sql::catalog::{Catalog, Growth};

/// What a value can be.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weight {
    /// Characters, digits of an exact number, bytes: as many as it can have, if a text of a table has [`TEXT`].
    pub(super) size: f64,
    /// Of any number of rows.
    pub(super) gathered: bool,
    /// A text that, put beside another, may spell the exponent of a number.
    sharp: bool,
    /// A text that may spell a number with any exponent: ten signs, a hundred thousand digits.
    made: bool,
    /// Texts in the statement with an `e`, which a number has before its exponent.
    letters: u32,
}

/// What the server has to do before rows are asked for. A name that stands for an expression costs what that costs each
/// time it is named: the planner puts the expression in its place.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent {
    /// Characters looked at.
    work: f64,
    /// Expressions in one another.
    nodes: f64,
    /// Tables, after each subquery stands where its name stood.
    relations: f64,
}

/// What one row of a query is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    /// Its largest column.
    pub(super) column: Weight,
    pub(super) spent: Spent,
    /// All of them.
    pub(super) whole: Weight,
}

/// Of a text in a table.
const TEXT: f64 = 500.0;
const JSON: f64 = 1000.0;
/// Of a number, a moment, a truth value.
const SMALL: f64 = 30.0;
/// Of what is gathered from rows.
const GATHERED: f64 = 25_000.0;
/// Digits that an exponent can make.
const EXPONENT: f64 = 150_000.0;

/// Work of `exp(5999.5)`, as long as a million characters take.
const EXPONENTIAL: f64 = 1e6;

impl Weight {
    const SMALL: Self = Self { size: SMALL, gathered: false, sharp: false, made: false, letters: 0 };

    pub(super) fn and(self, other: Self) -> Self {
        let letters = self.letters.saturating_add(other.letters);
        Self { size: self.size + other.size, letters, ..self.or(other) }
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self {
            size: self.size.max(other.size),
            gathered: self.gathered || other.gathered,
            sharp: self.sharp || other.sharp,
            made: self.made || other.made,
            letters: self.letters.max(other.letters),
        }
    }

    pub(super) fn times(self, factor: f64) -> Self {
        Self { size: self.size * factor, ..self }
    }

    /// Of a column of a table.
    fn of_kind(kind: &str) -> Self {
        let size = match kind {
            _ if kind.starts_with("json") || kind.ends_with("[]") => JSON,
            _ if ["text", "char", "citext", "name", "bpchar", "xml", "bytea"]
                .iter()
                .any(|text| kind.contains(text)) =>
            {
                TEXT
            }
            _ => SMALL,
        };
        Self { size, ..Self::default() }
    }
}

impl Spent {
    fn and(self, other: Self) -> Self {
        Self {
            work: self.work + other.work,
            nodes: self.nodes + other.nodes,
            relations: self.relations + other.relations,
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            work: self.work.max(other.work),
            nodes: self.nodes.max(other.nodes),
            relations: self.relations.max(other.relations),
        }
    }

    pub(super) fn with_work_of(self, later: Self) -> Self {
        Self { work: later.work, ..self }
    }

    pub(super) fn since(self, before: Self) -> Self {
        Self {
            work: self.work - before.work,
            nodes: self.nodes - before.nodes,
            relations: self.relations - before.relations,
        }
    }
}

impl Row {
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            column: self.column.or(other.column),
            spent: self.spent.or(other.spent),
            whole: self.whole.or(other.whole),
        }
    }

    pub(super) fn add(&mut self, column: Weight, spent: Spent) {
        self.column = self.column.or(column);
        self.spent = self.spent.or(spent);
        self.whole = self.whole.and(column);
    }
}

/// What the names mean before a statement gave any.
pub(super) fn names(catalog: &Catalog) -> std::collections::HashMap<String, (Weight, Spent)> {
    let mut names = std::collections::HashMap::new();
    for column in catalog.tables().iter().flat_map(|table| &table.columns) {
        let weight = Weight::of_kind(&column.kind);
        let known = names.entry(column.name.clone()).or_insert((weight, Spent::default()));
        known.0 = known.0.or(weight);
    }
    names
}

impl Walk<'_> {
    /// A name that stands for this from now on, and for what it stood for so far: which of both is not looked at.
    pub(super) fn stands_for(&mut self, name: &str, weight: Weight, spent: Spent) {
        let known = self.names.entry(name.to_owned()).or_default();
        *known = (known.0.or(weight), known.1.or(spent));
    }

    /// What a name stands for is here once more.
    pub(super) fn weigh_name(&mut self, name: &str) -> Walked {
        if let Some((weight, spent)) = self.names.get(name).copied() {
            self.weight = self.weight.and(weight);
            self.spend(spent)?;
        }
        Ok(())
    }

    pub(super) fn weight_of(&self, name: &str) -> Weight {
        self.names.get(name).map(|(weight, _)| *weight).unwrap_or_default()
    }

    pub(super) fn spend(&mut self, more: Spent) -> Walked {
        self.spent = self.spent.and(more);
        let limits = self.catalog.limits();
        if self.spent.relations > limits.inlined {
            let message = format!("with each subquery in its place, there are more than {} tables", limits.inlined);
            return self.refuse(Code::TooLong, message);
        }
        if self.spent.nodes > limits.nodes {
            return self
                .refuse(Code::Growth, "names stand for expressions that become too many, each put in its place");
        }
        if self.spent.work > limits.work {
            return self.refuse(Code::Growth, "texts are too long for what is done with them");
        }
        Ok(())
    }

    pub(super) fn spend_relation(&mut self) -> Walked {
        self.spend(Spent { relations: 1.0, ..Spent::default() })
    }

    fn work(&mut self, work: f64) -> Walked {
        self.spend(Spent { work, ..Spent::default() })
    }

    /// A text in the statement.
    pub(super) fn weigh_text(&mut self, text: &str) {
        let signs: Vec<char> = text.chars().collect();
        let mut exponents = 0_u32;
        let mut sharp = false;
        for (at, _) in signs.iter().enumerate().filter(|(_, sign)| matches!(sign, 'e' | 'E')) {
            let before = at.checked_sub(1).and_then(|at| signs.get(at));
            let digits = signs[at + 1..].iter().skip_while(|c| **c == '+').take_while(|c| c.is_ascii_digit()).count();
            let open = signs.len() <= at + 1 + digits + 1;
            let after_digit = before.is_none_or(|c| c.is_ascii_digit() || *c == '.');
            sharp |= after_digit && (open || digits > 0);
            exponents += u32::from(after_digit && before.is_some() && digits > 2);
        }
        let size = signs.len() as f64 + f64::from(exponents) * EXPONENT;
        self.weight = self.weight.and(Weight {
            size,
            sharp,
            made: exponents > 0,
            gathered: false,
            letters: u32::from(has_letter(text)),
        });
    }

    pub(super) fn weigh_number(&mut self, text: &str) {
        let digits = if text.contains(['e', 'E']) { 100 } else { 0 };
        self.weight.size += (text.len() + digits) as f64;
    }

    /// `self.weight` is what the parts of this are, and then what it is itself.
    pub(super) fn weigh(&mut self, expr: &Expr) -> Walked {
        let parts = self.weight;
        self.weight = match expr {
            Expr::Function(function) => self.weigh_call(function)?,
            Expr::Cast { expr, data_type, .. } => self.weigh_cast(expr, data_type)?,
            Expr::Array(_) | Expr::Tuple(_) => parts.times(2.0),
            Expr::Substring { .. } | Expr::Trim { .. } => Weight { sharp: true, ..parts },
            Expr::Overlay { .. } => Weight { made: parts.made || parts.sharp, ..parts },
            Expr::CompoundFieldAccess { root, access_chain } => {
                let single = matches!(access_chain.as_slice(), [AccessExpr::Subscript(Subscript::Index { .. })]);
                let gathered = single && gathers_array(root);
                let size = if gathered { (parts.size - GATHERED).max(SMALL) } else { parts.size };
                Weight { size, gathered: parts.gathered && size > GATHERED, sharp: true, ..parts }
            }
            Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsTrue(_)
            | Expr::IsNotTrue(_)
            | Expr::IsFalse(_)
            | Expr::IsNotFalse(_)
            | Expr::IsUnknown(_)
            | Expr::IsNotUnknown(_)
            | Expr::IsDistinctFrom(..)
            | Expr::IsNotDistinctFrom(..)
            | Expr::InList { .. }
            | Expr::InSubquery { .. }
            | Expr::Between { .. }
            | Expr::Like { .. }
            | Expr::ILike { .. }
            | Expr::SimilarTo { .. }
            | Expr::AnyOp { .. }
            | Expr::AllOp { .. }
            | Expr::Exists { .. }
            | Expr::Extract { .. }
            | Expr::Position { .. }
            | Expr::AtTimeZone { .. } => Weight::SMALL,
            _ => parts,
        };
        self.weighed(parts)
    }

    /// `left op right`.
    pub(super) fn weigh_operator(&mut self, sign: &str, left: Weight, right: Weight, exponent: &Expr) -> Walked {
        let both = left.and(right);
        self.weight = match sign {
            "||" => Weight { made: both.made || both.sharp, ..both },
            "->" | "->>" | "#>" | "#>>" | "#-" => Weight { sharp: left.sharp || left.letters > 0, ..left },
            "+" | "-" => both,
            "*" | "/" | "%" => self.exact(both)?,
            "^" => self.raised(left, series::number(exponent).unwrap_or(1.0).abs())?,
            // Each of one with each of the other.
            "@>" | "<@" | "&&" | "?|" | "?&" => {
                self.work(left.size * right.size)?;
                Weight::SMALL
            }
            _ => Weight::SMALL,
        };
        self.weighed(both)
    }

    fn weighed(&mut self, parts: Weight) -> Walked {
        let most = self.catalog.limits().size;
        if self.weight.size > most {
            return self.refuse(Code::Growth, "a text, a list or a number could become too long here");
        }
        self.spend(Spent { nodes: 1.0, work: parts.size, relations: 0.0 })
    }

    /// What calculates with all digits.
    fn exact(&mut self, parts: Weight) -> Walked<Weight> {
        let most = self.catalog.limits().digits;
        if parts.size > most && !parts.gathered || parts.made {
            return self.refuse(Code::Growth, "a number could have too many digits here");
        }
        if parts.gathered {
            return self.refuse(Code::Growth, "what is gathered from rows is no number");
        }
        self.work(parts.size * parts.size / 16.0)?;
        Ok(parts)
    }

    /// A fraction as an exponent takes logarithms.
    fn raised(&mut self, base: Weight, exponent: f64) -> Walked<Weight> {
        if exponent.fract() != 0.0 {
            self.work(EXPONENTIAL)?;
        }
        Ok(self.exact(base)?.times(exponent.max(1.0)))
    }

    fn weigh_cast(&mut self, expr: &Expr, kind: &DataType) -> Walked<Weight> {
        let parts = self.weight;
        Ok(match kind {
            DataType::Array(_) => parts,
            DataType::Text | DataType::Varchar(_) | DataType::CharacterVarying(_) | DataType::CharVarying(_) => {
                // A row or a list as a text has its quotes twice.
                let row = !matches!(expr, Expr::Value(_) | Expr::CompoundIdentifier(_));
                parts.times(if row { 2.0 } else { 1.0 })
            }
            DataType::Char(Some(_)) | DataType::Character(Some(_)) => parts,
            DataType::JSON | DataType::JSONB if parts.made => {
                return self.refuse(Code::Growth, "JSON of a text that is put together; write jsonb_build_object");
            }
            DataType::JSON | DataType::JSONB => parts,
            DataType::Numeric(info) | DataType::Decimal(info) | DataType::Dec(info) => match info {
                ExactNumberInfo::Precision(digits) | ExactNumberInfo::PrecisionAndScale(digits, _) => {
                    Weight { size: *digits as f64, ..Weight::SMALL }
                }
                ExactNumberInfo::None if parts.made => {
                    return self.refuse(Code::Growth, "an exact number of a text that is put together");
                }
                ExactNumberInfo::None => parts,
            },
            _ => Weight::SMALL,
        })
    }

    fn weigh_call(&mut self, function: &Function) -> Walked<Weight> {
        let parts = self.weight;
        let args = match &function.args {
            FunctionArguments::List(list) => list.args.as_slice(),
            // ARRAY(SELECT …)
            FunctionArguments::Subquery(_) => {
                return Ok(Weight { size: GATHERED + parts.size, gathered: true, ..parts });
            }
            FunctionArguments::None => return Ok(Weight::SMALL),
        };
        let name = function.name.0.last().and_then(|part| part.as_ident()).map(kinds::spelled_name);
        let Some(known) = name.as_deref().and_then(|name| self.catalog.function(name)).cloned() else {
            // ROW(…)
            return Ok(parts.times(2.0));
        };
        let literal = |at: usize| args.get(at).and_then(expression).and_then(pattern::text).map(|t| t.chars().count());
        let longest = known.literals.iter().chain(&known.pattern).filter_map(|at| literal(*at)).max().unwrap_or(0);
        if parts.gathered && longest > 10 {
            return self.refuse(Code::Growth, "what is gathered from rows is too long for this text");
        }
        self.work(parts.size * longest as f64)?;
        let number = known.bounded.and_then(|(at, _)| args.get(at).and_then(expression).and_then(series::number));
        // A length that is none is held to the most; an exponent makes a double precision.
        let held = known.bounded.filter(|(at, _)| args.len() > *at).map_or(0.0, |(_, most)| most);
        if number.is_none() && held > 0.0 && matches!(known.growth, Growth::Exact) {
            return Ok(Weight { size: 310.0, ..Weight::default() });
        }
        let number = number.unwrap_or(held).abs();
        let mut weight = parts;
        let shrinks = name.as_deref().is_some_and(|name| shrinks(name, args));
        for at in known.multiplies.iter().filter(|_| !shrinks) {
            weight.size *= 1.0_f64.max(literal(*at).unwrap_or(0) as f64);
        }
        weight.size *= known.factor;
        Ok(match known.growth {
            Growth::Sum => Weight { size: weight.size + number, ..weight },
            Growth::Fixed => Weight::SMALL,
            Growth::Gathers => {
                let made = weight.made || weight.sharp && name.as_deref() == Some("string_agg");
                Weight { size: GATHERED + weight.size, gathered: true, sharp: true, made, ..weight }
            }
            Growth::Escapes => Weight {
                made: weight.made
                    || weight.sharp && name.as_deref() == Some("concat")
                    || name.as_deref() == Some("format"),
                ..weight.times(2.0)
            },
            Growth::Cuts => Weight { sharp: true, ..weight },
            Growth::Spells => Weight { sharp: true, letters: 1, ..weight },
            Growth::Replaces => {
                // Of the text that goes, no letter stays.
                let goes = args.get(1).and_then(expression).and_then(pattern::text).is_some_and(has_letter);
                Weight { sharp: true, made: weight.made || weight.letters > u32::from(goes), ..weight }
            }
            Growth::Joins => Weight { size: weight.size + number, made: weight.made || weight.sharp, ..weight },
            Growth::Exact => {
                let exact = self.raised(parts, number)?;
                exact.and(Weight { size: number, ..Weight::default() })
            }
            Growth::Exponential => {
                self.exact(parts)?;
                self.work(EXPONENTIAL)?;
                Weight { size: 2700.0, ..Weight::default() }
            }
        })
    }

    /// `text LIKE pattern`: its work is one's length times the other's.
    pub(super) fn weigh_like(&mut self, pattern: &Expr, text: Weight, of: Weight) -> Walked {
        let limits = self.catalog.limits();
        let (most, any) = (limits.literal, limits.wildcards);
        if let Some(literal) = pattern::text(pattern)
            && (literal.chars().count() > most || literal.chars().filter(|c| *c == '%').count() > any)
        {
            return self.refuse(Code::Pattern, format!("a pattern has to have at most {most} characters, and {any} %"));
        }
        if of.gathered || of.size > 4.0 * TEXT {
            return self.refuse(Code::Pattern, "a pattern has to be a text in the statement, or one of the tables");
        }
        let factor = if text.gathered { of.size * of.size } else { of.size };
        self.work(text.size * factor)
    }

    /// A text that has to stand in the statement.
    pub(super) fn short(&mut self, what: &str, expr: Option<&Expr>) -> Walked {
        let most = self.catalog.limits().literal;
        match expr.map(|expr| (pattern::text(expr), expr)) {
            Some((Some(text), _)) if text.chars().count() <= most => Ok(()),
            Some((None, Expr::Value(value))) if matches!(value.value, sqlparser::ast::Value::Null) => Ok(()),
            _ => self.refuse(
                Code::FunctionArguments,
                format!("{what} has to be a text in the statement, of at most {most} characters"),
            ),
        }
    }
}

/// The name under which a whole row of a relation is known.
pub(super) fn whole(name: &str) -> String {
    format!("{name}.*")
}

fn has_letter(text: &str) -> bool {
    text.contains(['e', 'E'])
}

fn gathers_array(expr: &Expr) -> bool {
    match expr {
        Expr::Nested(inner) => gathers_array(inner),
        Expr::Function(function) => function
            .name
            .0
            .last()
            .and_then(|part| part.as_ident())
            .is_some_and(|name| name.value.eq_ignore_ascii_case("array_agg")),
        _ => false,
    }
}

/// The operator's sign, if it has one.
pub(super) fn sign(op: &BinaryOperator) -> &'static str {
    kinds::sign(op).unwrap_or_default()
}
