//! One SELECT: its list, FROM, WHERE, GROUP BY, HAVING and windows.

use sqlparser::ast::{
    Distinct, GroupByExpr, Ident, NamedWindowDefinition, NamedWindowExpr, Select, SelectFlavor, SelectItem,
    SelectItemQualifiedWildcardKind, WildcardAdditionalOptions,
};

use super::{
    Code,
    growth::{Row, Weight, whole},
    kinds,
    walk::{Columns, Walk, Walked},
};

impl Walk<'_> {
    pub(super) fn select(&mut self, select: &Select) -> Walked<Columns> {
        let Select {
            select_token,
            optimizer_hints,
            distinct,
            select_modifiers,
            top,
            top_before_distinct: _,
            projection,
            exclude,
            into,
            from,
            lateral_views,
            prewhere,
            selection,
            connect_by,
            group_by,
            cluster_by,
            distribute_by,
            sort_by,
            having,
            named_window,
            qualify,
            window_before_qualify: _,
            value_table_mode,
            flavor,
        } = select;
        self.see(select_token.0.span);
        if into.is_some() {
            return self.refuse(Code::SelectInto, "SELECT INTO makes a table; this may only read");
        }
        let others = [
            top.is_some(),
            exclude.is_some(),
            !lateral_views.is_empty(),
            prewhere.is_some(),
            !connect_by.is_empty(),
            !cluster_by.is_empty(),
            !distribute_by.is_empty(),
            !sort_by.is_empty(),
            qualify.is_some(),
            value_table_mode.is_some(),
            *flavor != SelectFlavor::Standard,
            select_modifiers.as_ref().is_some_and(|modifiers| modifiers.is_any_set()),
            projection.is_empty() && from.is_empty(),
        ];
        if others.contains(&true) {
            return self.unknown("this form of SELECT");
        }
        // Comments are not written anew, and these are some.
        let _ = optimizer_hints;

        // FROM before what refers to it; written in SQL's order.
        let product = self.product;
        let (tables, ()) = self.aside(|walk| walk.from(from, selection.is_some()))?;
        let windows_before = self.windows.clone();
        for window in named_window {
            let name = self.name(&window.0)?;
            self.windows.insert(name);
        }
        self.put("SELECT");
        match distinct {
            None => {}
            Some(Distinct::All) => self.put(" ALL"),
            Some(Distinct::Distinct) => self.put(" DISTINCT"),
            Some(Distinct::On(by)) => {
                self.put(" DISTINCT ON (");
                self.comma_separated(by, Self::expr)?;
                self.put(")");
            }
        }
        if !projection.is_empty() {
            self.put(" ");
        }
        let mut columns = Some(Vec::new());
        let mut row = Row::default();
        self.comma_separated(projection, |walk, item| walk.item(item, &mut columns, &mut row))?;
        self.given.extend(columns.iter().flatten().cloned());
        self.put(&tables);
        if let Some(selection) = selection {
            self.put(" WHERE ");
            self.expr(selection)?;
        }
        self.group_by(group_by, projection)?;
        if let Some(having) = having {
            self.put(" HAVING ");
            self.expr(having)?;
        }
        self.named_windows(named_window)?;
        self.windows = windows_before;
        if matches!(group_by, GroupByExpr::Expressions(by, _) if by.is_empty()) && self.is_one_row(projection) {
            self.product = product;
        }
        self.row = row;
        Ok(columns)
    }

    fn item(&mut self, item: &SelectItem, columns: &mut Columns, row: &mut Row) -> Walked {
        match item {
            SelectItem::UnnamedExpr(expr) => {
                let (weight, spent) = self.apart(|walk| walk.expr(expr))?;
                row.add(weight, spent);
                let name = kinds::default_name(expr);
                self.stands_for(&name, weight, spent);
                self.extents.note(&name, self.extent(expr));
                if let Some(columns) = columns {
                    columns.push(name);
                }
                Ok(())
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                let (weight, spent) = self.apart(|walk| walk.expr(expr))?;
                row.add(weight, spent);
                let name = self.name(alias)?;
                self.stands_for(&name, weight, spent);
                self.put(" AS ");
                self.put_name(&name);
                self.extents.note(&name, self.extent(expr));
                if let Some(columns) = columns {
                    columns.push(name);
                }
                Ok(())
            }
            SelectItem::Wildcard(options) => {
                self.see(options.wildcard_token.0.span);
                self.no_options(options)?;
                self.put("*");
                let names: Vec<String> = self.frames.last().into_iter().flatten().map(|r| r.name.clone()).collect();
                for name in names {
                    self.add_all(&name, row);
                }
                let joined = self.frames.last().map_or(0, Vec::len);
                let all = self.frames.last().map(|frame| frame.iter().map(|r| r.columns.clone()).collect::<Vec<_>>());
                // NATURAL and USING leave columns out, so more than one relation is not counted.
                match (columns.as_mut(), all) {
                    (Some(known), Some(all)) if joined == 1 => match all.into_iter().next().flatten() {
                        Some(more) => known.extend(more),
                        None => *columns = None,
                    },
                    _ => *columns = None,
                }
                Ok(())
            }
            SelectItem::QualifiedWildcard(kind, options) => {
                self.no_options(options)?;
                let SelectItemQualifiedWildcardKind::ObjectName(of) = kind else {
                    return self.unknown("a star of anything but a table");
                };
                let name = self.single(of)?;
                let known = match self.relation(&name) {
                    Some(relation) => relation.columns.clone(),
                    None => return self.refuse(Code::UnknownTable, format!("there is no {name} in FROM")),
                };
                self.add_all(&name, row);
                self.put_name(&name);
                self.put(".*");
                match (columns.as_mut(), known) {
                    (Some(columns), Some(known)) => columns.extend(known),
                    _ => *columns = None,
                }
                Ok(())
            }
            SelectItem::ExprWithAliases { .. } => self.unknown("several names for one column"),
        }
    }

    /// `name.*`: its columns keep their names, and what these stand for.
    fn add_all(&self, name: &str, row: &mut Row) {
        let whole = self.weight_of(&whole(name));
        let columns = self.relation(name).and_then(|relation| relation.columns.as_ref());
        let largest =
            columns.map(|all| all.iter().map(|column| self.weight_of(column)).fold(Weight::default(), Weight::or));
        row.column = row.column.or(largest.unwrap_or(whole));
        row.whole = row.whole.and(whole);
    }

    fn no_options(&mut self, options: &WildcardAdditionalOptions) -> Walked {
        let WildcardAdditionalOptions {
            wildcard_token: _,
            opt_ilike: None,
            opt_exclude: None,
            opt_except: None,
            opt_replace: None,
            opt_rename: None,
            opt_alias: None,
        } = options
        else {
            return self.unknown("anything after a star");
        };
        Ok(())
    }

    fn group_by(&mut self, group_by: &GroupByExpr, projection: &[SelectItem]) -> Walked {
        let GroupByExpr::Expressions(by, modifiers) = group_by else {
            return self.unknown("GROUP BY ALL");
        };
        if !modifiers.is_empty() {
            return self.unknown("this form of GROUP BY; write ROLLUP (…), CUBE (…) or GROUPING SETS (…)");
        }
        if by.is_empty() {
            return Ok(());
        }
        self.put(" GROUP BY ");
        let outside = std::mem::replace(&mut self.sets, 1);
        self.comma_separated(by, Self::expr)?;
        self.sets = outside;
        self.put_dependent(by, projection)
    }

    /// Each with each of those before: the server plans them all.
    pub(super) fn count_sets(&mut self, words: &str, count: usize) -> Walked {
        let made = match words {
            "CUBE (" => 1_usize.checked_shl(u32::try_from(count).unwrap_or(u32::MAX)).unwrap_or(usize::MAX),
            "ROLLUP (" => count + 1,
            _ => count.max(1),
        };
        self.sets = self.sets.saturating_mul(made);
        let most = self.catalog.limits().sets;
        if self.sets > most {
            return self.refuse(Code::TooLong, format!("GROUP BY has more than {most} grouping sets"));
        }
        Ok(())
    }

    fn named_windows(&mut self, windows: &[NamedWindowDefinition]) -> Walked {
        if windows.is_empty() {
            return Ok(());
        }
        self.put(" WINDOW ");
        self.comma_separated(windows, |walk, NamedWindowDefinition(name, window)| {
            walk.named_window(name)?;
            walk.put(" AS ");
            match window {
                NamedWindowExpr::NamedWindow(other) => walk.named_window(other),
                NamedWindowExpr::WindowSpec(spec) => walk.window(spec),
            }
        })
    }

    pub(super) fn named_window(&mut self, name: &Ident) -> Walked {
        let name = self.name(name)?;
        if !self.windows.contains(&name) {
            return self.refuse(Code::UnknownColumn, format!("there is no window {name}"));
        }
        self.put_name(&name);
        Ok(())
    }
}
