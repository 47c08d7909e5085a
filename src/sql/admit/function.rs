//! Calls of functions: which, with what arguments, and over what.

use sqlparser::ast::{
    BinaryOperator, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause,
    FunctionArgumentList, FunctionArguments, NullTreatment, WindowFrame, WindowFrameBound, WindowFrameUnits,
    WindowSpec, WindowType,
};

use super::{
    Code,
    series,
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
        if let Some((at, most)) = function.bounded
            && args.len() > at
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
        for at in function.literals.iter().filter(|at| args.len() > **at) {
            self.short(&format!("argument {} of {name}", at + 1), expression(&args[*at]))?;
        }
        if let Some(most) = function.nested {
            if self.open.iter().filter(|open| *open == name).count() == most {
                let message = format!("calls of {name} may stand at most {most} deep in one another");
                return self.refuse(Code::FunctionArguments, message);
            }
            self.open.push(name.to_owned());
        }
        self.put(name);
        self.put("(");
        self.comma_separated(args, Self::argument)?;
        self.put(")");
        if function.nested.is_some() {
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
