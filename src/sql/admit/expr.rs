//! Expressions. What stands in no arm is refused.

use sqlparser::ast::{
    AccessExpr, Array, BinaryOperator, CaseWhen, CastKind, CeilFloorKind, DateTimeField, Expr, ExtractSyntax,
    Subscript, TrimWhereField, TypedString, UnaryOperator,
};

use super::{
    Code, growth, kinds, pattern, series,
    walk::{Walk, Walked},
};

impl Walk<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Walked {
        self.deeper(|walk| {
            let outside = std::mem::take(&mut walk.weight);
            walk.chain(expr)?;
            walk.weight = outside.and(walk.weight);
            Ok(())
        })
    }

    /// `a AND b AND c …` leans to the left as deep as it is long, so it is not walked by recursion.
    fn chain(&mut self, expr: &Expr) -> Walked {
        let mut first = expr;
        let mut rest: Vec<(&BinaryOperator, &Expr)> = Vec::new();
        while let Expr::BinaryOp { left, op, right } = first {
            rest.push((op, right));
            first = left;
        }
        self.one(first)?;
        self.weigh(first)?;
        rest.into_iter().rev().try_for_each(|(op, right)| {
            let left = std::mem::take(&mut self.weight);
            self.operator(op, right)?;
            let weight = self.weight;
            self.weigh_operator(growth::sign(op), left, weight, right)
        })
    }

    fn one(&mut self, expr: &Expr) -> Walked {
        match expr {
            Expr::Identifier(ident) => {
                let name = self.name(ident)?;
                self.known_column(&name)?;
                self.put_name(&name);
                Ok(())
            }
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [of, column] => self.column_of(of, column),
                [first, ..] => {
                    let first = self.name(first)?;
                    self.refuse(Code::QualifiedName, format!("a name with a schema ({first}.…) is not allowed"))
                }
                [] => self.unknown("a name without parts"),
            },
            Expr::Nested(inner) => self.wrapped("(", inner, ")"),
            Expr::Value(value) => self.value(value),
            Expr::IsNull(e) => self.wrapped("", e, " IS NULL"),
            Expr::IsNotNull(e) => self.wrapped("", e, " IS NOT NULL"),
            Expr::IsTrue(e) => self.wrapped("", e, " IS TRUE"),
            Expr::IsNotTrue(e) => self.wrapped("", e, " IS NOT TRUE"),
            Expr::IsFalse(e) => self.wrapped("", e, " IS FALSE"),
            Expr::IsNotFalse(e) => self.wrapped("", e, " IS NOT FALSE"),
            Expr::IsUnknown(e) => self.wrapped("", e, " IS UNKNOWN"),
            Expr::IsNotUnknown(e) => self.wrapped("", e, " IS NOT UNKNOWN"),
            Expr::IsDistinctFrom(a, b) => self.two(a, " IS DISTINCT FROM ", b),
            Expr::IsNotDistinctFrom(a, b) => self.two(a, " IS NOT DISTINCT FROM ", b),
            Expr::AtTimeZone { timestamp, time_zone } => self.two(timestamp, " AT TIME ZONE ", time_zone),
            Expr::InList { expr, list, negated } => {
                self.wrapped("", expr, if *negated { " NOT IN (" } else { " IN (" })?;
                self.comma_separated(list, Self::expr)?;
                self.put(")");
                Ok(())
            }
            Expr::InSubquery { expr, subquery, negated } => {
                self.wrapped("", expr, if *negated { " NOT IN (" } else { " IN (" })?;
                self.query(subquery)?;
                self.put(")");
                Ok(())
            }
            Expr::Between { expr, negated, low, high } => {
                self.wrapped("", expr, if *negated { " NOT BETWEEN " } else { " BETWEEN " })?;
                self.two(low, " AND ", high)
            }
            Expr::Like { negated, any, expr, pattern, escape_char } => {
                let words = if *negated { " NOT LIKE " } else { " LIKE " };
                self.like(expr, words, *any, pattern, escape_char.as_deref())
            }
            Expr::ILike { negated, any, expr, pattern, escape_char } => {
                let words = if *negated { " NOT ILIKE " } else { " ILIKE " };
                self.like(expr, words, *any, pattern, escape_char.as_deref())
            }
            Expr::SimilarTo { negated, expr, pattern, escape_char } => {
                self.regular(pattern)?;
                let words = if *negated { " NOT SIMILAR TO " } else { " SIMILAR TO " };
                self.like(expr, words, false, pattern, escape_char.as_deref())
            }
            Expr::AnyOp { left, compare_op, right, is_some: _ } => self.any(left, compare_op, " ANY ", right),
            Expr::AllOp { left, compare_op, right } => self.any(left, compare_op, " ALL ", right),
            Expr::UnaryOp { op, expr } => {
                self.put(match op {
                    UnaryOperator::Plus => "+ ",
                    UnaryOperator::Minus => "- ",
                    UnaryOperator::Not => "NOT ",
                    // What `parse` makes of it; nothing else becomes this operator.
                    UnaryOperator::PGPrefixFactorial => "SYMMETRIC ",
                    _ => return self.refuse(Code::OperatorNotAllowed, format!("the operator {op} is not allowed")),
                });
                self.expr(expr)
            }
            Expr::Cast { kind, expr, data_type, format: None } => {
                let kind_of = self.kind(data_type)?;
                match kind {
                    CastKind::DoubleColon => {
                        self.expr(expr)?;
                        self.put("::");
                        self.put(&kind_of);
                    }
                    CastKind::Cast => {
                        self.wrapped("CAST(", expr, " AS ")?;
                        self.put(&kind_of);
                        self.put(")");
                    }
                    CastKind::TryCast | CastKind::SafeCast => return self.unknown("this kind of cast"),
                }
                Ok(())
            }
            Expr::TypedString(TypedString { data_type, value, uses_odbc_syntax: false }) => {
                let kind = self.kind(data_type)?;
                self.put(&kind);
                self.put(" ");
                self.value(value)
            }
            Expr::Interval(interval) => self.interval(interval),
            Expr::Extract { field, syntax: ExtractSyntax::From, expr } => {
                let field = self.field(field)?;
                self.put("extract(");
                self.put(&field);
                self.wrapped(" FROM ", expr, ")")
            }
            Expr::Ceil { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
                self.wrapped("ceil(", expr, ")")
            }
            Expr::Floor { expr, field: CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) } => {
                self.wrapped("floor(", expr, ")")
            }
            Expr::Position { expr, r#in } => {
                self.short("what position looks for", Some(expr))?;
                self.wrapped("position(", expr, " IN ")?;
                self.wrapped("", r#in, ")")
            }
            Expr::Substring { expr, substring_from, substring_for, special, shorthand } => {
                self.substring(expr, substring_from.as_deref(), substring_for.as_deref(), (*special, *shorthand))
            }
            Expr::Trim { trim_where, trim_what, expr, trim_characters } => {
                self.trim(*trim_where, trim_what.as_deref(), expr, trim_characters.as_deref())
            }
            Expr::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                self.wrapped("overlay(", expr, " PLACING ")?;
                self.two(overlay_what, " FROM ", overlay_from)?;
                if let Some(length) = overlay_for {
                    self.wrapped(" FOR ", length, "")?;
                }
                self.put(")");
                Ok(())
            }
            Expr::Collate { expr, collation } => {
                self.expr(expr)?;
                let name = match collation.0.as_slice() {
                    [part] if part.as_ident().is_some_and(|ident| self.catalog.collation(&ident.value)) => {
                        part.as_ident().map(|ident| ident.value.clone()).unwrap_or_default()
                    }
                    _ => return self.unknown("this collation"),
                };
                self.put(" COLLATE ");
                self.put_name(&name);
                Ok(())
            }
            Expr::Function(function) => self.function(function),
            Expr::Case { case_token, end_token: _, operand, conditions, else_result } => {
                self.see(case_token.0.span);
                self.case(operand.as_deref(), conditions, else_result.as_deref())
            }
            Expr::Exists { subquery, negated } => {
                self.put(if *negated { "NOT EXISTS (" } else { "EXISTS (" });
                self.query(subquery)?;
                self.put(")");
                Ok(())
            }
            Expr::Subquery(query) => {
                self.put("(");
                self.query(query)?;
                self.put(")");
                Ok(())
            }
            Expr::GroupingSets(sets) => self.sets("GROUPING SETS (", sets),
            Expr::Cube(sets) => self.sets("CUBE (", sets),
            Expr::Rollup(sets) => self.sets("ROLLUP (", sets),
            Expr::Tuple(items) => {
                self.put("(");
                self.comma_separated(items, Self::expr)?;
                self.put(")");
                Ok(())
            }
            Expr::Array(Array { elem, named }) => {
                self.put(if *named { "ARRAY[" } else { "[" });
                self.comma_separated(elem, Self::expr)?;
                self.put("]");
                Ok(())
            }
            Expr::CompoundFieldAccess { root, access_chain } => self.access(root, access_chain),
            Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => self.unknown("a star here"),
            other => {
                let what = format!("the expression {}", kinds::beginning(other));
                self.unknown(&what)
            }
        }
    }

    fn wrapped(&mut self, before: &str, expr: &Expr, after: &str) -> Walked {
        self.put(before);
        self.expr(expr)?;
        self.put(after);
        Ok(())
    }

    fn two(&mut self, left: &Expr, between: &str, right: &Expr) -> Walked {
        self.wrapped("", left, between)?;
        self.expr(right)
    }

    fn operator(&mut self, op: &BinaryOperator, right: &Expr) -> Walked {
        let sign = kinds::sign(op).filter(|sign| self.catalog.operator(sign));
        let Some(sign) = sign else {
            return self.refuse(Code::OperatorNotAllowed, format!("the operator {op} is not allowed"));
        };
        match sign {
            "~" | "~*" | "!~" | "!~*" => self.regular(right)?,
            "^" => self.power(right)?,
            _ => {}
        }
        self.put(" ");
        self.put(sign);
        self.put(" ");
        self.expr(right)
    }

    /// Exact numbers can be raised to any power, and nothing stops the server while it does.
    fn power(&mut self, exponent: &Expr) -> Walked {
        if series::number(exponent).is_some_and(|n| n.abs() <= 10.0) {
            return Ok(());
        }
        self.refuse(Code::FunctionArguments, "the exponent of ^ has to be a number from -10 to 10")
    }

    /// A regular expression must stand in the statement, so that it can be looked at.
    pub(super) fn regular(&mut self, expr: &Expr) -> Walked {
        let limits = self.catalog.limits();
        let checked = match pattern::text(expr) {
            Some(text) => pattern::check(text, limits.pattern, limits.repetitions),
            None => Err("has to be a text in the statement"),
        };
        match checked {
            Ok(()) => Ok(()),
            Err(why) => self.refuse(Code::Pattern, format!("a regular expression {why}")),
        }
    }

    fn like(&mut self, expr: &Expr, words: &str, any: bool, pattern: &Expr, escape: Option<&Expr>) -> Walked {
        let (text, _) = self.apart(|walk| walk.wrapped("", expr, words))?;
        let (of, _) = self.apart(|walk| walk.like_pattern(any, pattern))?;
        self.weigh_like(pattern, text, of)?;
        match escape {
            Some(escape) => self.wrapped(" ESCAPE ", escape, ""),
            None => Ok(()),
        }
    }

    fn like_pattern(&mut self, any: bool, pattern: &Expr) -> Walked {
        match pattern {
            // LIKE ANY (ARRAY['%a%', '%b%'])
            Expr::Nested(_) | Expr::Subquery(_) if any => self.wrapped("ANY ", pattern, ""),
            _ if any => self.unknown("this form of LIKE ANY; write LIKE ANY (ARRAY[…])"),
            _ => self.expr(pattern),
        }
    }

    fn any(&mut self, left: &Expr, op: &BinaryOperator, words: &str, right: &Expr) -> Walked {
        let sign = kinds::sign(op).filter(|sign| matches!(*sign, "=" | "<>" | "<" | "<=" | ">" | ">="));
        let Some(sign) = sign else {
            return self.refuse(Code::OperatorNotAllowed, format!("the operator {op} is not allowed with ANY or ALL"));
        };
        self.wrapped("", left, " ")?;
        self.put(sign);
        self.put(words);
        match right {
            Expr::Subquery(_) => self.expr(right),
            _ => self.wrapped("(", right, ")"),
        }
    }

    fn substring(&mut self, expr: &Expr, from: Option<&Expr>, length: Option<&Expr>, style: (bool, bool)) -> Walked {
        let (commas, shorthand) = style;
        // With a text it is a regular expression, whatever it looks like; substr takes none.
        if let Some(from) = from
            && !shorthand
            && !series::is_whole(from)
        {
            self.regular(from)?;
        }
        self.wrapped(if shorthand { "substr(" } else { "substring(" }, expr, "")?;
        if let Some(from) = from {
            self.wrapped(if commas { ", " } else { " FROM " }, from, "")?;
        }
        if let Some(length) = length {
            self.wrapped(if commas { ", " } else { " FOR " }, length, "")?;
        }
        self.put(")");
        Ok(())
    }

    fn trim(
        &mut self,
        side: Option<TrimWhereField>,
        what: Option<&Expr>,
        expr: &Expr,
        characters: Option<&[Expr]>,
    ) -> Walked {
        self.put("trim(");
        match side {
            None => {}
            Some(TrimWhereField::Both) => self.put("BOTH "),
            Some(TrimWhereField::Leading) => self.put("LEADING "),
            Some(TrimWhereField::Trailing) => self.put("TRAILING "),
        }
        match what {
            Some(what) => {
                self.short("what trim takes away", Some(what))?;
                self.wrapped("", what, " FROM ")?;
            }
            None if side.is_some() => self.put("FROM "),
            None => {}
        }
        self.expr(expr)?;
        for characters in characters.unwrap_or_default() {
            self.short("what trim takes away", Some(characters))?;
            self.wrapped(", ", characters, "")?;
        }
        self.put(")");
        Ok(())
    }

    fn case(&mut self, operand: Option<&Expr>, conditions: &[CaseWhen], otherwise: Option<&Expr>) -> Walked {
        self.put("CASE");
        if let Some(operand) = operand {
            self.wrapped(" ", operand, "")?;
        }
        for CaseWhen { condition, result } in conditions {
            self.wrapped(" WHEN ", condition, " THEN ")?;
            self.expr(result)?;
        }
        if let Some(otherwise) = otherwise {
            self.wrapped(" ELSE ", otherwise, "")?;
        }
        self.put(" END");
        Ok(())
    }

    fn sets(&mut self, words: &str, sets: &[Vec<Expr>]) -> Walked {
        self.put(words);
        self.count_sets(words, sets.len())?;
        self.comma_separated(sets, |walk, set| {
            walk.put("(");
            walk.comma_separated(set, Self::expr)?;
            walk.put(")");
            Ok(())
        })?;
        self.put(")");
        Ok(())
    }

    fn access(&mut self, root: &Expr, chain: &[AccessExpr]) -> Walked {
        self.expr(root)?;
        for access in chain {
            match access {
                AccessExpr::Subscript(Subscript::Index { index }) => self.wrapped("[", index, "]")?,
                AccessExpr::Subscript(Subscript::Slice { lower_bound, upper_bound, stride: None }) => {
                    self.put("[");
                    if let Some(lower) = lower_bound {
                        self.expr(lower)?;
                    }
                    self.put(":");
                    if let Some(upper) = upper_bound {
                        self.expr(upper)?;
                    }
                    self.put("]");
                }
                _ => return self.unknown("a field of a value"),
            }
        }
        Ok(())
    }
}
