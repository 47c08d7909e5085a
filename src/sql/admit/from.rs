//! FROM: tables, CTEs, subqueries, functions, joins; and which names stand for what.

use sqlparser::ast::{
    Expr, FunctionArg, Ident, Join, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart, Query, TableAlias,
    TableAliasColumnDef, TableFactor, TableFunctionArgs, TableWithJoins,
};

use super::{
    Code, condition,
    extent::{DATA, Extent},
    function::expression,
    growth::{Row, Spent, whole},
    kinds,
    walk::{Columns, Relation, Walk, Walked, rename},
};
use crate::sql::catalog::{Class, Table};

impl<'c> Walk<'c> {
    /// Opens a frame; it is closed with the query. `filtered`: whether a WHERE follows.
    pub(super) fn from(&mut self, from: &[TableWithJoins], filtered: bool) -> Walked {
        self.frames.push(Vec::new());
        if from.is_empty() {
            return Ok(());
        }
        let most = self.catalog.limits().listed;
        if from.len() > most {
            return self.refuse(Code::TooLong, format!("FROM lists more than {most} tables; join them with JOIN … ON"));
        }
        self.put(" FROM ");
        self.comma_separated(from, Self::joined)?;
        let plain = |item: &TableWithJoins| {
            from.len() > 1 && item.joins.is_empty()
                || item.joins.iter().any(|join| matches!(join.join_operator, JoinOperator::CrossJoin(_)))
        };
        let tables =
            self.frames.last().map_or(0, |frame| frame.iter().filter(|relation| Self::has_many(relation)).count());
        if tables > 1 && !filtered && from.iter().any(plain) {
            return self.refuse(Code::CrossJoin, "every event joined with every event; join them ON a condition");
        }
        Ok(())
    }

    fn joined(&mut self, item: &TableWithJoins) -> Walked {
        let TableWithJoins { relation, joins } = item;
        self.factor(relation)?;
        for Join { relation, global, join_operator } in joins {
            let (words, constraint) = match join_operator {
                JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => (" JOIN ", constraint),
                JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => (" LEFT JOIN ", constraint),
                JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => (" RIGHT JOIN ", constraint),
                JoinOperator::FullOuter(constraint) => (" FULL JOIN ", constraint),
                JoinOperator::CrossJoin(constraint) => (" CROSS JOIN ", constraint),
                _ => return self.unknown("this kind of join"),
            };
            if *global {
                return self.unknown("GLOBAL JOIN");
            }
            // It stands before the kind of join, and refers to the relations.
            if matches!(constraint, JoinConstraint::Natural) {
                self.put(" NATURAL");
            }
            self.put(words);
            self.factor(relation)?;
            match constraint {
                JoinConstraint::On(condition) => {
                    self.put(" ON ");
                    self.expr(condition)?;
                }
                JoinConstraint::Using(columns) => {
                    self.put(" USING (");
                    self.comma_separated(columns, |walk, column| {
                        let name = walk.single(column)?;
                        walk.known_column(&name)?;
                        walk.put_name(&name);
                        Ok(())
                    })?;
                    self.put(")");
                }
                JoinConstraint::Natural | JoinConstraint::None => {}
            }
        }
        Ok(())
    }

    fn factor(&mut self, factor: &TableFactor) -> Walked {
        self.relations += 1;
        let most = self.catalog.limits().relations;
        if self.relations > most {
            return self.refuse(Code::TooLong, format!("there are more than {most} tables and subqueries"));
        }
        match factor {
            TableFactor::Table {
                name,
                alias,
                args,
                with_hints,
                version,
                with_ordinality,
                partitions,
                json_path,
                sample,
                index_hints,
            } => {
                let odd = !with_hints.is_empty() || version.is_some() || !partitions.is_empty();
                if odd || json_path.is_some() || sample.is_some() || !index_hints.is_empty() {
                    return self.unknown("TABLESAMPLE, a hint or a version after a table");
                }
                match args {
                    Some(TableFunctionArgs { args, settings: None }) => {
                        self.rows_of(name, args, *with_ordinality, alias.as_ref())
                    }
                    Some(_) => self.unknown("SETTINGS"),
                    None if *with_ordinality => self.unknown("WITH ORDINALITY after a table"),
                    None => self.table(name, alias.as_ref()),
                }
            }
            TableFactor::Derived { lateral, subquery, alias, sample } => {
                if sample.is_some() {
                    return self.unknown("TABLESAMPLE");
                }
                self.derived(*lateral, subquery, alias.as_ref())
            }
            TableFactor::Function { lateral, name, args, with_ordinality, alias } => {
                if *lateral {
                    self.put("LATERAL ");
                }
                self.rows_of(name, args, *with_ordinality, alias.as_ref())
            }
            TableFactor::UNNEST { alias, array_exprs, with_offset, with_offset_alias, with_ordinality } => {
                if *with_offset || with_offset_alias.is_some() {
                    return self.unknown("WITH OFFSET");
                }
                self.put("unnest(");
                let (weight, spent) = self.apart(|walk| walk.comma_separated(array_exprs, Self::expr))?;
                self.put(")");
                self.row = Row { column: weight, spent, whole: weight };
                self.spend_relation()?;
                self.after_rows("unnest", array_exprs.len(), None, *with_ordinality, alias.as_ref())
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                if alias.is_some() {
                    return self.unknown("a name for a join");
                }
                self.put("(");
                self.deeper(|walk| walk.joined(table_with_joins))?;
                self.put(")");
                Ok(())
            }
            _ => self.unknown("this after FROM"),
        }
    }

    fn table(&mut self, name: &ObjectName, alias: Option<&TableAlias>) -> Walked {
        let (name, table) = self.table_of(name)?;
        let cte = self.ctes.iter().rev().find(|cte| cte.name == name).filter(|_| table.is_none_or(|t| t.1));
        let cte = cte.cloned();
        let made = cte.as_ref().map_or(1.0, |cte| cte.made);
        let table = table.filter(|_| cte.is_none()).map(|(table, _)| table);
        let columns: Columns = match (&cte, table) {
            (Some(cte), _) => cte.columns.clone(),
            (None, Some(table)) => Some(table.columns.iter().map(|column| column.name.clone()).collect()),
            (None, None) => {
                let known: Vec<&str> = self.catalog.tables().iter().map(|table| table.name.as_str()).collect();
                let message = format!("there is no table {name}; the tables are {}", known.join(" and "));
                return self.refuse(Code::UnknownTable, message);
            }
        };
        self.row = match &cte {
            Some(cte) => {
                self.spend(cte.spent)?;
                cte.row
            }
            None => {
                let mut row = Row::default();
                for column in columns.iter().flatten() {
                    row.add(self.weight_of(column), Spent::default());
                }
                row
            }
        };
        self.spend_relation()?;
        let inline = match table {
            Some(table) => self.put_table(table)?,
            None => {
                self.put_name(&name);
                false
            }
        };
        let (called, renamed) = match alias {
            None => {
                if inline {
                    self.put(" AS ");
                    self.put_name(&name);
                }
                (name.clone(), Vec::new())
            }
            Some(alias) => {
                let (called, renamed) = self.alias_of(alias, Some(&name))?;
                if cte.is_none() && !renamed.is_empty() {
                    let message = format!("the columns of {name} may not be renamed by a list after its alias");
                    return self.refuse(Code::RenamesColumns, message);
                }
                self.put(" AS ");
                self.put_alias(&called, &renamed);
                (called, renamed)
            }
        };
        self.extents.rename(columns.as_deref(), &renamed);
        self.renamed(&renamed);
        self.bring(called, table, rename(columns, renamed));
        self.multiply(made)
    }

    /// New names of columns of `self.row`.
    fn renamed(&mut self, names: &[String]) {
        let row = self.row;
        for name in names {
            self.stands_for(name, row.column, row.spent);
        }
    }

    /// The table of a name, if there is one, and whether it was named alone, so that a CTE may be meant.
    fn table_of(&mut self, name: &ObjectName) -> Walked<(String, Option<(&'c Table, bool)>)> {
        let catalog = self.catalog;
        if let [ObjectNamePart::Identifier(schema), ObjectNamePart::Identifier(name)] = name.0.as_slice() {
            let (schema, name) = (self.name(schema)?, self.name(name)?);
            return match catalog.table_in(&schema, &name) {
                Some(table) => Ok((name, Some((table, false)))),
                // Written without the schema, so that it is the query that holds its rows.
                None if schema == "public"
                    && let Some(table) = catalog.table(&name).filter(|table| table.is_shadowed()) =>
                {
                    Ok((name, Some((table, false))))
                }
                None => self.refuse(Code::QualifiedName, format!("a name with a schema ({schema}.…) is not allowed")),
            };
        }
        let name = self.single(name)?;
        let table = catalog.table(&name).map(|table| (table, true));
        Ok((name, table))
    }

    /// A table, or its rows of the scope; whether the latter, which need a name.
    fn put_table(&mut self, table: &Table) -> Walked<bool> {
        let condition = match (&table.scope, self.scope) {
            (None, _) => None,
            (Some(column), Some(scope)) => Some((column, condition(scope))),
            (Some(_), None) => {
                let message =
                    format!("the rows of {} are not everybody's, and for whom they are was not said", table.name);
                return self.refuse(Code::ScopeMissing, message);
            }
        };
        let (Some(schema), true) = (&table.schema, !table.is_shadowed()) else {
            self.put_name(&table.name);
            return Ok(false);
        };
        if condition.is_some() {
            self.put("(SELECT * FROM ");
        }
        self.put_name(schema);
        self.put(".");
        self.put_name(&table.name);
        let Some((column, condition)) = condition else { return Ok(false) };
        self.put(" WHERE ");
        self.put_name(column);
        self.put(" ");
        self.put(condition);
        self.put(")");
        self.binds = true;
        Ok(true)
    }

    fn derived(&mut self, lateral: bool, query: &Query, alias: Option<&TableAlias>) -> Walked {
        if lateral {
            self.put("LATERAL ");
        }
        self.put("(");
        let columns = self.query(query)?;
        let made = self.made;
        self.put(")");
        // PostgreSQL before 16 needs a name; without one, nothing of it can be said but its columns.
        let (name, renamed) = match alias {
            Some(alias) => {
                let (name, renamed) = self.alias(alias)?;
                self.put(" AS ");
                self.put_alias(&name, &renamed);
                (name, renamed)
            }
            None => (String::new(), Vec::new()),
        };
        self.extents.rename(columns.as_deref(), &renamed);
        self.renamed(&renamed);
        self.bring(name, None, rename(columns, renamed));
        self.multiply(made)
    }

    /// A function that returns rows, in FROM.
    fn rows_of(
        &mut self,
        name: &ObjectName,
        args: &[FunctionArg],
        with_ordinality: bool,
        alias: Option<&TableAlias>,
    ) -> Walked {
        let name = self.single(name)?;
        match self.catalog.function(&name).map(|function| function.class) {
            Some(Class::Rows | Class::Series) => {}
            Some(_) => {
                let message = format!("the function {name} gives no rows, and may not stand after FROM");
                return self.refuse(Code::FunctionNotAllowed, message);
            }
            None => return self.refuse(Code::FunctionNotAllowed, format!("the function {name} is not allowed")),
        }
        let (weight, spent) = self.apart(|walk| walk.arguments(&name, args))?;
        self.row = Row { column: weight, spent, whole: weight };
        self.spend_relation()?;
        // A series is between its ends, and what else has rows is anything.
        let ends: Vec<&Expr> = args.iter().take(2).filter_map(expression).collect();
        let extent = if name == "generate_series" { self.larger(&ends) } else { None };
        self.after_rows(&name, args.len(), extent, with_ordinality, alias)
    }

    fn after_rows(
        &mut self,
        name: &str,
        arguments: usize,
        extent: Option<Extent>,
        with_ordinality: bool,
        alias: Option<&TableAlias>,
    ) -> Walked {
        let mut columns = kinds::columns_of_rows(name, arguments);
        let own = columns.len();
        if with_ordinality {
            self.put(" WITH ORDINALITY");
            columns.push("ordinality".to_owned());
        }
        let (called, renamed) = match alias {
            Some(alias) => {
                let (called, renamed) = self.alias(alias)?;
                self.put(" AS ");
                self.put_alias(&called, &renamed);
                (called, renamed)
            }
            None => (name.to_owned(), Vec::new()),
        };
        // Of a function with one column, the alias is the column's name, too.
        if own == 1 && columns[0] == name {
            columns[0].clone_from(&called);
        }
        for (at, column) in columns.iter().enumerate() {
            self.extents.note(column, if at < own { extent } else { Extent::number(DATA) });
        }
        self.extents.rename(Some(&columns), &renamed);
        // Whatever its columns are called, they are of what it was given.
        self.renamed(&renamed);
        let all: Vec<String> = columns.iter().cloned().chain([called.clone()]).collect();
        self.renamed(&all);
        self.bring(called, None, rename(Some(columns), renamed));
        Ok(())
    }

    /// A relation, of which `self.row` is a row.
    fn bring(&mut self, name: String, table: Option<&'c Table>, columns: Columns) {
        let row = self.row;
        // As one text, it has its quotes twice.
        self.stands_for(&whole(&name), row.whole.times(2.0), row.spent);
        // Of a table they stand for themselves already, and of a query for what it said.
        for column in columns.iter().flatten() {
            if !self.names.contains_key(column) {
                self.stands_for(column, row.column, row.spent);
            }
        }
        self.given.insert(name.clone());
        self.given.extend(columns.iter().flatten().cloned());
        if let Some(frame) = self.frames.last_mut() {
            frame.push(Relation { name, table, columns });
        }
    }

    /// Whether it is a table with many rows for one video. Of tables that are everybody's nothing is known.
    fn has_many(relation: &Relation<'_>) -> bool {
        relation.table.is_some_and(|table| table.scope.is_some() && table.key != table.scope)
    }

    /// The relation of this name that is nearest.
    pub(super) fn relation(&self, name: &str) -> Option<&Relation<'c>> {
        self.frames.iter().rev().flat_map(|frame| frame.iter()).find(|relation| relation.name == name)
    }

    pub(super) fn alias(&mut self, alias: &TableAlias) -> Walked<(String, Vec<String>)> {
        self.alias_of(alias, None)
    }

    /// An alias and the names it gives to columns. No name may stand for a table, but a table's own for itself.
    fn alias_of(&mut self, alias: &TableAlias, of: Option<&str>) -> Walked<(String, Vec<String>)> {
        let TableAlias { explicit: _, name, columns, at } = alias;
        if at.is_some() {
            return self.unknown("AT after an alias");
        }
        let name = self.name(name)?;
        let shadowed = self.catalog.table(&name).is_some_and(Table::is_shadowed);
        if shadowed && of != Some(name.as_str()) {
            let message = format!("the name {name} stands for the table, and for nothing else");
            return self.refuse(Code::ShadowsTable, message);
        }
        let mut names = Vec::with_capacity(columns.len());
        for TableAliasColumnDef { name, data_type } in columns {
            if data_type.is_some() {
                return self.unknown("a type in a list of columns");
            }
            names.push(self.name(name)?);
        }
        self.given.insert(name.clone());
        self.given.extend(names.iter().cloned());
        Ok((name, names))
    }

    pub(super) fn put_alias(&mut self, name: &str, columns: &[String]) {
        self.put_name(name);
        if !columns.is_empty() {
            self.put(" (");
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    self.put(", ");
                }
                self.put_name(column);
            }
            self.put(")");
        }
    }

    /// A name of one part: whatever is in a schema is not for this door.
    pub(super) fn single(&mut self, name: &ObjectName) -> Walked<String> {
        match name.0.as_slice() {
            [ObjectNamePart::Identifier(ident)] => self.name(ident),
            [ObjectNamePart::Identifier(first), ..] => {
                let first = self.name(first)?;
                self.refuse(Code::QualifiedName, format!("a name with a schema ({first}.…) is not allowed"))
            }
            _ => self.unknown("this kind of name"),
        }
    }

    /// A column alone: of a table, or a name the statement gave.
    pub(super) fn known_column(&mut self, name: &str) -> Walked {
        if self.catalog.column(name) || self.given.contains(name) {
            let is_column =
                |relation: &Relation<'_>| relation.columns.as_ref().is_some_and(|all| all.iter().any(|c| c == name));
            // The whole row of a relation can be meant, too.
            if self.frames.iter().flatten().any(|relation| relation.name == name)
                && !self.frames.iter().flatten().any(is_column)
            {
                self.weigh_name(&whole(name))?;
            }
            return self.weigh_name(name);
        }
        self.refuse(Code::UnknownColumn, format!("there is no column {name}"))
    }

    /// `relation.column`.
    pub(super) fn column_of(&mut self, of: &Ident, column: &Ident) -> Walked {
        let (of, name) = (self.name(of)?, self.name(column)?);
        let Some(relation) = self.relation(&of) else {
            return self.refuse(Code::UnknownTable, format!("there is no {of} in FROM"));
        };
        let known = match &relation.columns {
            Some(columns) => columns.contains(&name),
            // Names it got from a star over a join: its rows are records, which few functions take, and no setting.
            None => !name.starts_with("pg_") && (self.catalog.column(&name) || self.given.contains(&name)),
        };
        // PostgreSQL reads `relation.function` as a call, so what is not a column is refused here.
        if !known {
            return self.refuse(Code::UnknownColumn, format!("there is no column {name} in {of}"));
        }
        self.put_name(&of);
        self.put(".");
        self.put_name(&name);
        self.weigh_name(&name)
    }
}
