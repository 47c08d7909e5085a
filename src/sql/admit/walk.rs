//! Walks queries and writes them anew: WITH, set operations, ORDER BY, LIMIT. Structs are taken apart without
//! `..`, so that a field which a later parser adds has to be looked at here.

use std::collections::{HashMap, HashSet};

use sqlparser::{
    ast::{
        Cte, CteAsMaterialized, Fetch, Ident, LimitClause, Offset, OrderBy, OrderByExpr, OrderByKind, OrderByOptions,
        OrderBySort, Query, SetExpr, SetOperator, SetQuantifier, Values, With,
    },
    tokenizer::Span,
};

use super::{
    Code, Refusal,
    extent::Extents,
    growth::{self, Row, Spent, Weight},
    kinds, parse,
};
use crate::sql::{
    Scope,
    catalog::{Catalog, Table},
};

pub(super) type Walked<T = ()> = Result<T, Refusal>;

/// The statement written anew, and the names of its columns where they can be known. Without a scope, no table that has
/// one may be read.
pub(super) fn walk(query: &Query, catalog: &Catalog, scope: Option<&Scope>) -> Walked<Written> {
    let mut walk = Walk::new(catalog, scope);
    let columns = walk.query(query)?;
    Ok(Written { statement: walk.out, columns, binds: walk.binds })
}

pub(super) struct Written {
    pub(super) statement: String,
    pub(super) columns: Columns,
    /// Whether it holds `$1` itself.
    pub(super) binds: bool,
}

/// The columns of a result, by name; `None` if they cannot be known here.
pub(super) type Columns = Option<Vec<String>>;

pub(super) struct Walk<'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) scope: Option<&'c Scope>,
    pub(super) binds: bool,
    pub(super) out: String,
    /// The last place that is known, for messages.
    at: (u64, u64),
    depth: usize,
    /// Relations of the FROM lists around this point, innermost last.
    pub(super) frames: Vec<Vec<Relation<'c>>>,
    /// CTEs in sight.
    pub(super) ctes: Vec<Named>,
    /// Every name that the statement itself gave to a column or a relation so far.
    pub(super) given: HashSet<String>,
    /// Windows named so far.
    pub(super) windows: HashSet<String>,
    pub(super) relations: usize,
    /// How many rows the series of this FROM, and of those around it, make, multiplied.
    pub(super) product: f64,
    /// How many those of the query made that was walked last.
    pub(super) made: f64,
    pub(super) extents: Extents,
    /// Functions with a limit on standing in one another, as deep as they stand now.
    pub(super) open: Vec<String>,
    /// What every name stands for, the largest if for several things.
    pub(super) names: HashMap<String, (Weight, Spent)>,
    /// Of the parts of the expression that is walked.
    pub(super) weight: Weight,
    pub(super) spent: Spent,
    /// Of the query walked last.
    pub(super) row: Row,
    /// Grouping sets of this GROUP BY.
    pub(super) sets: usize,
    pub(super) overs: usize,
}

/// A CTE.
#[derive(Clone)]
pub(super) struct Named {
    /// How many rows its series make.
    pub(super) made: f64,
    pub(super) name: String,
    pub(super) columns: Columns,
    pub(super) row: Row,
    pub(super) spent: Spent,
}

pub(super) struct Relation<'c> {
    pub(super) name: String,
    /// The table it is, where it is one.
    pub(super) table: Option<&'c Table>,
    pub(super) columns: Columns,
}

impl<'c> Walk<'c> {
    fn new(catalog: &'c Catalog, scope: Option<&'c Scope>) -> Self {
        Self {
            catalog,
            scope,
            binds: false,
            out: String::new(),
            at: (0, 0),
            depth: 0,
            frames: Vec::new(),
            ctes: Vec::new(),
            given: HashSet::new(),
            windows: HashSet::new(),
            relations: 0,
            product: 1.0,
            made: 1.0,
            extents: Extents::default(),
            open: Vec::new(),
            names: growth::names(catalog),
            weight: Weight::default(),
            spent: Spent::default(),
            row: Row::default(),
            sets: 1,
            overs: 0,
        }
    }

    pub(super) fn refuse<T>(&self, code: Code, message: impl Into<String>) -> Walked<T> {
        Err(Refusal { code, message: message.into(), line: self.at.0, column: self.at.1 })
    }

    /// Of something that the walk does not know.
    pub(super) fn unknown<T>(&self, what: &str) -> Walked<T> {
        self.refuse(Code::SyntaxNotAllowed, format!("{what} is not allowed"))
    }

    pub(super) fn see(&mut self, span: Span) {
        if span.start.line > 0 {
            self.at = (span.start.line, span.start.column);
        }
    }

    pub(super) fn deeper<T>(&mut self, inside: impl FnOnce(&mut Self) -> Walked<T>) -> Walked<T> {
        if self.depth == self.catalog.limits().depth {
            return self.refuse(Code::TooDeep, "expressions or queries stand too deep in one another");
        }
        self.depth += 1;
        let walked = inside(self);
        self.depth -= 1;
        walked
    }

    pub(super) fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// What this alone weighs and costs.
    pub(super) fn apart(&mut self, inside: impl FnOnce(&mut Self) -> Walked) -> Walked<(Weight, Spent)> {
        let (outside, before) = (std::mem::take(&mut self.weight), self.spent);
        inside(self)?;
        Ok((std::mem::replace(&mut self.weight, outside), self.spent.since(before)))
    }

    /// Writes what `inside` writes to a text of its own.
    pub(super) fn aside<T>(&mut self, inside: impl FnOnce(&mut Self) -> Walked<T>) -> Walked<(String, T)> {
        let before = std::mem::take(&mut self.out);
        let walked = inside(self);
        let text = std::mem::replace(&mut self.out, before);
        Ok((text, walked?))
    }

    /// Its name as PostgreSQL understands it: in lower case unless it is quoted.
    pub(super) fn name(&mut self, ident: &Ident) -> Walked<String> {
        self.see(ident.span);
        let Ident { value, quote_style, span: _ } = ident;
        let name = match quote_style {
            None => value.to_lowercase(),
            Some('"') => value.clone(),
            Some(_) => return self.unknown("this kind of quotes"),
        };
        match name {
            name if name.is_empty() || name.chars().any(parse::is_control) => self.unknown("such a name"),
            name => Ok(kinds::cut(name)),
        }
    }

    /// Always in quotes: then it is a name, whatever word it is.
    pub(super) fn put_name(&mut self, name: &str) {
        self.out.push('"');
        self.out.push_str(&name.replace('"', "\"\""));
        self.out.push('"');
    }

    /// So many rows of a series for each row that the FROM around it makes.
    pub(super) fn multiply(&mut self, rows: f64) -> Walked {
        self.product *= rows.max(1.0);
        let most = self.catalog.limits().product;
        if self.product > most {
            return self
                .refuse(Code::Series, format!("all the series of one FROM together make more than {most} rows"));
        }
        Ok(())
    }

    pub(super) fn comma_separated<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T) -> Walked) -> Walked {
        for (at, one) in items.iter().enumerate() {
            if at > 0 {
                self.put(", ");
            }
            item(self, one)?;
        }
        Ok(())
    }

    pub(super) fn query(&mut self, query: &Query) -> Walked<Columns> {
        self.deeper(|walk| {
            let (ctes, frames, product) = (walk.ctes.len(), walk.frames.len(), walk.product);
            let outside = std::mem::take(&mut walk.weight);
            let walked = walk.query_inside(query);
            walk.weight = outside.and(walk.row.column);
            walk.ctes.truncate(ctes);
            walk.frames.truncate(frames);
            walk.made = walk.product / product;
            walk.product = product;
            walked
        })
    }

    fn query_inside(&mut self, query: &Query) -> Walked<Columns> {
        let Query {
            with,
            body,
            order_by,
            limit_clause,
            fetch,
            locks,
            for_clause,
            settings,
            format_clause,
            pipe_operators,
        } = query;
        if !locks.is_empty() {
            return self.refuse(Code::Locking, "FOR UPDATE and FOR SHARE lock rows; this may only read");
        }
        if for_clause.is_some() || settings.is_some() || format_clause.is_some() || !pipe_operators.is_empty() {
            return self.unknown("this clause after a SELECT");
        }
        if let Some(with) = with {
            self.with(with)?;
        }
        // `WITH … (WITH …)`: PostgreSQL would have two WITH of one query, and the shadows are one already.
        let columns = match body.as_ref() {
            SetExpr::Query(inner) if inner.with.is_some() => {
                self.put("SELECT * FROM (");
                let columns = self.query(inner)?;
                self.put(") AS \"q\"");
                self.multiply(self.made)?;
                columns
            }
            body => self.body(body)?,
        };
        let row = self.row;
        if let Some(OrderBy { kind, interpolate }) = order_by {
            let (OrderByKind::Expressions(by), None) = (kind, interpolate) else {
                return self.unknown("this form of ORDER BY");
            };
            self.put(" ORDER BY ");
            self.comma_separated(by, Self::order)?;
        }
        if let Some(limit) = limit_clause {
            self.limit(limit)?;
        }
        if let Some(Fetch { with_ties, percent, quantity }) = fetch {
            if *percent {
                return self.unknown("FETCH … PERCENT");
            }
            self.put(" FETCH FIRST");
            if let Some(quantity) = quantity {
                self.put(" ");
                self.expr(quantity)?;
            }
            self.put(if *with_ties { " ROWS WITH TIES" } else { " ROWS ONLY" });
        }
        self.row = row;
        Ok(columns)
    }

    fn with(&mut self, with: &With) -> Walked {
        let With { with_token, recursive, cte_tables } = with;
        self.see(with_token.0.span);
        if *recursive {
            return self.refuse(Code::Recursion, "WITH RECURSIVE is not allowed; rows of numbers or moments come from generate_series, what goes along rows from window functions");
        }
        self.put("WITH ");
        for (at, cte) in cte_tables.iter().enumerate() {
            if at > 0 {
                self.put(", ");
            }
            let Cte { alias, query, from, materialized, closing_paren_token: _ } = cte;
            let (name, renamed) = self.alias(alias)?;
            if from.is_some() {
                return self.unknown("FROM after a CTE");
            }
            self.put_alias(&name, &renamed);
            self.put(" AS ");
            match materialized {
                Some(CteAsMaterialized::Materialized) => self.put("MATERIALIZED "),
                Some(CteAsMaterialized::NotMaterialized) => self.put("NOT MATERIALIZED "),
                None => {}
            }
            self.put("(");
            let around = std::mem::replace(&mut self.product, 1.0);
            let before = self.spent;
            let columns = self.query(query)?;
            self.product = around;
            self.put(")");
            self.extents.rename(columns.as_deref(), &renamed);
            // It costs where it is named; its work also here: one that is not put in its place is planned by itself.
            let spent = self.spent.since(before);
            self.spent = before.with_work_of(self.spent);
            let row = self.row;
            for name in &renamed {
                self.stands_for(name, row.column, row.spent);
            }
            self.ctes.push(Named { name, columns: rename(columns, renamed), row, spent, made: self.made });
        }
        self.put(" ");
        Ok(())
    }

    fn body(&mut self, body: &SetExpr) -> Walked<Columns> {
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(query) => {
                self.put("(");
                let columns = self.query(query)?;
                self.put(")");
                self.multiply(self.made)?;
                Ok(columns)
            }
            SetExpr::SetOperation { left, op, set_quantifier, right } => self.deeper(|walk| {
                let around = walk.product;
                let columns = walk.body(left)?;
                let made = std::mem::replace(&mut walk.product, around);
                walk.put(match op {
                    SetOperator::Union => " UNION ",
                    SetOperator::Except => " EXCEPT ",
                    SetOperator::Intersect => " INTERSECT ",
                    _ => return walk.unknown("this set operation"),
                });
                walk.put(match set_quantifier {
                    SetQuantifier::All => "ALL ",
                    SetQuantifier::Distinct => "DISTINCT ",
                    SetQuantifier::None => "",
                    _ => return walk.unknown("this form of a set operation"),
                });
                // ORDER BY after a set operation is of the whole: it names columns of the left side alone.
                let row = walk.row;
                let others = walk.body(right)?;
                walk.extents.unite(columns.as_deref(), others.as_deref());
                walk.product += made;
                walk.row = walk.row.or(row);
                Ok(columns)
            }),
            SetExpr::Values(values) => self.values(values),
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                self.refuse(Code::DataModifying, "INSERT, UPDATE, DELETE and MERGE are not allowed; this may only read")
            }
            SetExpr::Table(_) => self.unknown("TABLE instead of SELECT"),
        }
    }

    fn values(&mut self, values: &Values) -> Walked<Columns> {
        let Values { explicit_row, value_keyword, rows } = values;
        if self.depth < 2 {
            return self.refuse(Code::NotASelect, "a SELECT is expected, and this is VALUES");
        }
        if *explicit_row || *value_keyword {
            return self.unknown("this form of VALUES");
        }
        let most = self.catalog.limits().values;
        if rows.len() > most {
            return self.refuse(Code::TooLong, format!("VALUES has {} rows; at most {most} are allowed", rows.len()));
        }
        self.put("VALUES ");
        let mut all = Row::default();
        self.comma_separated(rows, |walk, row| {
            walk.put("(");
            let mut one = Row::default();
            walk.comma_separated(&row.content, |walk, expr| {
                let (weight, spent) = walk.apart(|walk| walk.expr(expr))?;
                one.add(weight, spent);
                Ok(())
            })?;
            all = all.or(one);
            walk.put(")");
            Ok(())
        })?;
        self.row = all;
        let width = rows.first().map_or(0, |row| row.content.len());
        let columns: Vec<String> = (1..=width).map(|n| format!("column{n}")).collect();
        self.given.extend(columns.iter().cloned());
        for row in rows {
            for (name, value) in columns.iter().zip(&row.content) {
                self.extents.note(name, self.extent(value));
            }
        }
        for column in &columns {
            self.stands_for(column, all.column, all.spent);
        }
        Ok(Some(columns))
    }

    pub(super) fn order(&mut self, by: &OrderByExpr) -> Walked {
        let OrderByExpr { expr, options, with_fill } = by;
        let OrderByOptions { sort, nulls_first } = options;
        if with_fill.is_some() {
            return self.unknown("WITH FILL");
        }
        self.expr(expr)?;
        match sort {
            None => {}
            Some(OrderBySort::Asc) => self.put(" ASC"),
            Some(OrderBySort::Desc) => self.put(" DESC"),
            Some(OrderBySort::Using(_)) => {
                return self.refuse(Code::OperatorNotAllowed, "ORDER BY … USING is not allowed; write ASC or DESC");
            }
        }
        match nulls_first {
            None => {}
            Some(true) => self.put(" NULLS FIRST"),
            Some(false) => self.put(" NULLS LAST"),
        }
        Ok(())
    }

    fn limit(&mut self, limit: &LimitClause) -> Walked {
        let LimitClause::LimitOffset { limit, offset, limit_by } = limit else {
            return self.unknown("LIMIT with a comma");
        };
        if !limit_by.is_empty() {
            return self.unknown("LIMIT … BY");
        }
        if let Some(limit) = limit {
            self.put(" LIMIT ");
            self.expr(limit)?;
        }
        if let Some(Offset { value, rows: _ }) = offset {
            self.put(" OFFSET ");
            self.expr(value)?;
        }
        Ok(())
    }
}

/// The names that an alias list gives to the first columns; the others keep theirs.
pub(super) fn rename(columns: Columns, names: Vec<String>) -> Columns {
    let mut columns = columns?;
    for (column, name) in columns.iter_mut().zip(names) {
        *column = name;
    }
    Some(columns)
}
