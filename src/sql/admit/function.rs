//! Calls of functions: which, with what arguments, and over what.

use sqlparser::ast::{
    BinaryOperator, DataType, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArgumentList, FunctionArguments, NullTreatment, WindowFrame, WindowFrameBound, WindowFrameUnits,
    WindowSpec, WindowType,
};

use super::{
    Code, pattern, series,
    walk::{Walk, Walked},
};
use crate::sql::catalog::Class;

impl Walk<'_> {
    pub(super) fn function(&mut self, function: &Function) -> Walked {
        let Function { name, uses_odbc_syntax, parameters, args, within_group, filter, null_treatment, over } =
            function;
        let name = self.single(name)?;
        if *uses_odbc_syntax || !matches!(parameters, FunctionArguments::None) {
            return self.unknown("this form of a call");
        }
        let bare = within_group.is_empty() && filter.is_none() && null_treatment.is_none() && over.is_none();
        if let (FunctionArguments::Subquery(query), "array", true) = (args, name.as_str(), bare) {
            self.put("ARRAY(");
            self.query(query)?;
            self.put(")");
            return Ok(());
        }
        if let (FunctionArguments::List(list), "row", true) = (args, name.as_str(), bare) {
            if list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
                return self.unknown("this form of ROW");
            }
            self.put("ROW(");
            self.comma_separated(&list.args, Self::argument)?;
            self.put(")");
            return Ok(());
        }
        let class = match self.catalog.function(&name) {
            Some(known) => known.class,
            None => return self.refuse(Code::FunctionNotAllowed, format!("the function {name} is not allowed")),
        };
        match args {
            FunctionArguments::None if class == Class::Moment && bare => {
                self.put(&name);
                return Ok(());
            }
            FunctionArguments::List(list) if class != Class::Moment => self.call(&name, class, list)?,
            _ => return self.refuse(Code::FunctionArguments, format!("{name} is not called like this")),
        }
        if !bare && !matches!(class, Class::Aggregate | Class::Window) {
            let message = format!("{name} is no aggregate: FILTER, OVER and WITHIN GROUP are not for it");
            return self.refuse(Code::FunctionArguments, message);
        }
        if !within_group.is_empty() {
            self.put(" WITHIN GROUP (ORDER BY ");
            self.comma_separated(within_group, Self::order)?;
            self.put(")");
        }
        if let Some(filter) = filter {
            self.put(" FILTER (WHERE ");
            self.expr(filter)?;
            self.put(")");
        }
        // PostgreSQL has RESPECT NULLS alone, and does it without being told.
        match null_treatment {
            None | Some(NullTreatment::RespectNulls) => {}
            Some(NullTreatment::IgnoreNulls) => return self.unknown("IGNORE NULLS"),
        }
        self.overs += usize::from(over.is_some());
        let most = self.catalog.limits().windows;
        if self.overs > most {
            return self.refuse(Code::TooLong, format!("OVER stands there more than {most} times"));
        }
        match over {
            None => Ok(()),
            Some(WindowType::NamedWindow(name)) => {
                self.put(" OVER ");
                self.named_window(name)
            }
            Some(WindowType::WindowSpec(spec)) => {
                self.put(" OVER ");
                self.window(spec)
            }
        }
    }

    /// Name and arguments.
    fn call(&mut self, name: &str, class: Class, list: &FunctionArgumentList) -> Walked {
        let FunctionArgumentList { duplicate_treatment, args, clauses } = list;
        let plain = duplicate_treatment.is_none() && clauses.is_empty();
        if plain {
            return self.arguments(name, args);
        }
        if class != Class::Aggregate {
            return self.refuse(Code::FunctionArguments, format!("{name} is not called like this"));
        }
        self.put(name);
        self.put("(");
        match duplicate_treatment {
            None => {}
            Some(DuplicateTreatment::Distinct) => self.put("DISTINCT "),
            Some(DuplicateTreatment::All) => self.put("ALL "),
        }
        self.comma_separated(args, Self::argument)?;
        match clauses.as_slice() {
            [] => {}
            [FunctionArgumentClause::OrderBy(by)] => {
                self.put(" ORDER BY ");
                self.comma_separated(by, Self::order)?;
            }
            _ => return self.unknown("this clause in a call"),
        }
        self.put(")");
        Ok(())
    }

    /// Name and arguments of a plain call, checked as the catalog says.
    pub(super) fn arguments(&mut self, name: &str, args: &[FunctionArg]) -> Walked {
        let Some(function) = self.catalog.function(name).cloned() else {
            return self.refuse(Code::FunctionNotAllowed, format!("the function {name} is not allowed"));
        };
        let second = args.get(1).and_then(expression).filter(|_| args.iter().all(|arg| expression(arg).is_some()));
        let held = second.and_then(|second| held(name, second));
        if let Some((at, most)) = function.bounded
            && args.len() > at
            && held.is_none()
            && !expression(&args[at]).and_then(series::number).is_some_and(|n| n.abs() <= most)
        {
            let message = format!("argument {} of {name} has to be a number of at most {most}", at + 1);
            return self.refuse(Code::FunctionArguments, message);
        }
        if let Some(pattern) = function.pattern.and_then(|at| args.get(at)) {
            match expression(pattern) {
                Some(pattern) => self.regular(pattern)?,
                None => return self.refuse(Code::FunctionArguments, format!("{name} is not called like this")),
            }
        }
        let first = args.first().and_then(expression).and_then(pattern::text);
        if name == "format" && !first.is_some_and(is_simple) {
            let message = "the first argument of format has to be a text in the statement, with no % but %s and %%";
            return self.refuse(Code::FunctionArguments, message);
        }
        if name == "repeat" && first.is_none_or(|text| text.chars().count() > 10) {
            let message = "the first argument of repeat has to be a text in the statement, of at most 10 characters";
            return self.refuse(Code::FunctionArguments, message);
        }
        for at in function.literals.iter().filter(|at| args.len() > **at) {
            self.short(&format!("argument {} of {name}", at + 1), expression(&args[*at]))?;
        }
        let nested = function.nested.filter(|_| !shrinks(name, args));
        if let Some(most) = nested {
            if self.open.iter().filter(|open| *open == name).count() == most {
                let message = format!("calls of {name} may stand at most {most} deep in one another");
                return self.refuse(Code::FunctionArguments, message);
            }
            self.open.push(name.to_owned());
        }
        self.put(name);
        self.put("(");
        match held {
            None => self.comma_separated(args, Self::argument)?,
            Some((before, after)) => {
                self.comma_separated(args.get(..1).unwrap_or_default(), Self::argument)?;
                self.put(", ");
                self.put(before);
                self.comma_separated(args.get(1..2).unwrap_or_default(), Self::argument)?;
                self.put(after);
                for arg in args.get(2..).unwrap_or_default() {
                    self.put(", ");
                    self.argument(arg)?;
                }
            }
        }
        self.put(")");
        if nested.is_some() {
            self.open.pop();
        }
        if function.class == Class::Series {
            self.series(name, args)?;
        }
        Ok(())
    }

    /// After its arguments: then it is known what their names stand for.
    fn series(&mut self, name: &str, args: &[FunctionArg]) -> Walked {
        let expressions: Option<Vec<&Expr>> = args.iter().map(expression).collect();
        let made = expressions.as_deref().map_or(Err("is not called like this"), |args| self.made(args));
        let most = self.catalog.limits().series;
        match made {
            Err(why) => self.refuse(Code::Series, format!("{name} {why}")),
            Ok(made) if made.rows > most => {
                self.refuse(Code::Series, format!("{name} makes more than {most} rows, or may; take a larger step"))
            }
            Ok(made) => self.multiply(made.factor),
        }
    }

    fn argument(&mut self, arg: &FunctionArg) -> Walked {
        match arg {
            // make_interval(secs := e.timestamp)
            FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::BinaryOp {
                left,
                op: BinaryOperator::Assignment,
                right,
            })) => match left.as_ref() {
                Expr::Identifier(name) => self.named(name, right),
                _ => self.unknown("this kind of argument"),
            },
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => self.expr(expr),
            FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => {
                self.put("*");
                Ok(())
            }
            FunctionArg::Unnamed(FunctionArgExpr::QualifiedWildcard(of)) => {
                let name = self.single(of)?;
                if self.relation(&name).is_none() {
                    return self.refuse(Code::UnknownTable, format!("there is no {name} in FROM"));
                }
                self.put_name(&name);
                self.put(".*");
                Ok(())
            }
            // make_interval(secs => e.timestamp)
            FunctionArg::Named { name, arg: FunctionArgExpr::Expr(expr), operator: _ } => self.named(name, expr),
            FunctionArg::ExprNamed { name: Expr::Identifier(name), arg: FunctionArgExpr::Expr(expr), operator: _ } => {
                self.named(name, expr)
            }
            _ => self.unknown("this kind of argument"),
        }
    }

    fn named(&mut self, name: &sqlparser::ast::Ident, expr: &Expr) -> Walked {
        let name = self.name(name)?;
        self.put_name(&name);
        self.put(" => ");
        self.expr(expr)
    }

    pub(super) fn window(&mut self, spec: &WindowSpec) -> Walked {
        let WindowSpec { window_name, partition_by, order_by, window_frame } = spec;
        self.put("(");
        let mut between = "";
        if let Some(name) = window_name {
            self.named_window(name)?;
            between = " ";
        }
        if !partition_by.is_empty() {
            self.put(between);
            self.put("PARTITION BY ");
            self.comma_separated(partition_by, Self::expr)?;
            between = " ";
        }
        if !order_by.is_empty() {
            self.put(between);
            self.put("ORDER BY ");
            self.comma_separated(order_by, Self::order)?;
            between = " ";
        }
        if let Some(WindowFrame { units, start_bound, end_bound }) = window_frame {
            self.put(between);
            self.put(match units {
                WindowFrameUnits::Rows => "ROWS ",
                WindowFrameUnits::Range => "RANGE ",
                WindowFrameUnits::Groups => "GROUPS ",
            });
            match end_bound {
                None => self.bound(start_bound)?,
                Some(end) => {
                    self.put("BETWEEN ");
                    self.bound(start_bound)?;
                    self.put(" AND ");
                    self.bound(end)?;
                }
            }
        }
        self.put(")");
        Ok(())
    }

    fn bound(&mut self, bound: &WindowFrameBound) -> Walked {
        let (distance, words) = match bound {
            WindowFrameBound::CurrentRow => {
                self.put("CURRENT ROW");
                return Ok(());
            }
            WindowFrameBound::Preceding(distance) => (distance, "PRECEDING"),
            WindowFrameBound::Following(distance) => (distance, "FOLLOWING"),
        };
        match distance {
            None => self.put("UNBOUNDED"),
            Some(distance) => self.expr(distance)?,
        }
        self.put(" ");
        self.put(words);
        Ok(())
    }
}

/// The expression that is passed, by place.
pub(super) fn expression(arg: &FunctionArg) -> Option<&Expr> {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}

/// What is written around a second argument that is no number in the statement, so that it is bounded all the same, and
/// NULL where it was: a length of at most 1000, and an exponent that makes the result no exact number.
fn held(name: &str, second: &Expr) -> Option<(&'static str, &'static str)> {
    if series::number(second).is_some() {
        return None;
    }
    match name {
        "lpad" | "rpad" | "repeat" if is_held(second) => Some(("", "")),
        "lpad" | "rpad" | "repeat" => Some(("width_bucket(", ", 0, 1000, 1000) - 1")),
        "power" | "pow" if matches!(second, Expr::Cast { data_type: DataType::DoublePrecision, .. }) => Some(("", "")),
        "power" | "pow" => Some(("(", ")::double precision")),
        _ => None,
    }
}

/// `width_bucket(…, 0, 1000, 1000) - 1`: a whole number from -1 to 1000.
fn is_held(expr: &Expr) -> bool {
    let Expr::BinaryOp { left, op: BinaryOperator::Minus, right } = expr else { return false };
    let (Expr::Function(function), Some(1.0)) = (left.as_ref(), series::number(right)) else { return false };
    let name = function.name.0.last().and_then(|part| part.as_ident());
    let FunctionArguments::List(list) = &function.args else { return false };
    let numbers: Vec<_> = list.args.iter().skip(1).map(|arg| expression(arg).and_then(series::number)).collect();
    name.is_some_and(|name| name.value == "width_bucket") && numbers == [Some(0.0), Some(1000.0), Some(1000.0)]
}

/// Whether it puts a text in place of another that is no shorter, so that nothing grows.
pub(super) fn shrinks(name: &str, args: &[FunctionArg]) -> bool {
    // Without a cast, which may cut it.
    let bare = |expr: &&Expr| matches!(expr, Expr::Value(_));
    let literal = |at: usize| args.get(at).and_then(expression).filter(bare).and_then(pattern::text).map(str::len);
    name == "replace" && matches!((literal(1), literal(2)), (Some(old), Some(new)) if new <= old && old > 0)
}

/// Nothing but `%s` and `%%`: no width, no place, no quotes.
fn is_simple(format: &str) -> bool {
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c == '%' && !matches!(chars.next(), Some('s' | '%')) {
            return false;
        }
    }
    true
}
