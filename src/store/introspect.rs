//! What a database holds, read from PostgreSQL's own catalog: tables, columns, types, keys.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Snapshot, StoreError};
use crate::sql::catalog::{self, CatalogError};

/// The tables and views that the login may read, without those of the system; by schema and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Catalog {
    pub tables: Vec<TableShape>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableShape {
    pub schema: String,
    pub name: String,
    pub comment: Option<String>,
    pub columns: Vec<ColumnShape>,
    /// Column names, in the key's order; empty where there is none.
    pub primary_key: Vec<String>,
    pub foreign_keys: Vec<ForeignKey>,
    /// The column that holds a row to one tenant. No database says so: it is filled in by whoever knows.
    pub row_scope: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnShape {
    pub name: String,
    /// As PostgreSQL writes it: `bigint`, `character varying(20)`, `timestamp without time zone` …
    pub kind: String,
    pub nullable: bool,
    pub comment: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForeignKey {
    pub columns: Vec<String>,
    /// `schema.table`
    pub table: String,
    /// Its columns, in the order of `columns`.
    pub references: Vec<String>,
}

impl Catalog {
    /// What SQL for this database may name: its tables and columns, and the functions that all SQL may name.
    ///
    /// # Errors
    /// None that a released program has.
    pub fn allowed(&self) -> Result<catalog::Catalog, CatalogError> {
        let column = |column: &ColumnShape| catalog::Column {
            name: column.name.clone(),
            kind: column.kind.clone(),
            meaning: column.comment.clone().unwrap_or_default(),
            unit: None,
            nullable: column.nullable,
            examples: Vec::new(),
            values: Vec::new(),
        };
        let table = |table: &TableShape| catalog::Table {
            schema: Some(table.schema.clone()),
            name: table.name.clone(),
            meaning: table.comment.clone().unwrap_or_default(),
            scope: table.row_scope.clone(),
            key: <[String; 1]>::try_from(table.primary_key.clone()).ok().map(|[key]| key),
            columns: table.columns.iter().map(column).collect(),
        };
        catalog::Catalog::of(self.tables.iter().map(table).collect())
    }
}

const COLUMNS: &str = "
    SELECT n.nspname, c.relname, obj_description(c.oid, 'pg_class'),
           a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, col_description(c.oid, a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
          AND n.nspname NOT LIKE 'pg\\_%' AND has_table_privilege(c.oid, 'SELECT')
    ORDER BY n.nspname, c.relname, a.attnum";

/// One row for each column of a key.
const KEYS: &str = "
    SELECT n.nspname, c.relname, k.contype, k.oid, a.attname, fn.nspname || '.' || f.relname, fa.attname
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
         CROSS JOIN LATERAL unnest(k.conkey) WITH ORDINALITY u(attnum, place)
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.attnum
         LEFT JOIN pg_class f ON f.oid = k.confrelid LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
         LEFT JOIN pg_attribute fa ON fa.attrelid = k.confrelid AND fa.attnum = k.confkey[u.place]
    WHERE k.contype IN ('p', 'f')
    ORDER BY n.nspname, c.relname, k.conname, u.place";

impl Snapshot {
    /// What the database holds.
    ///
    /// # Errors
    /// As [`Snapshot::table`].
    pub async fn catalog(&mut self) -> Result<Catalog, StoreError> {
        let mut tables: Vec<TableShape> = Vec::new();
        let mut places = BTreeMap::new();
        for row in self.table(COLUMNS, &[]).await?.rows {
            let Ok([schema, name, comment, column, kind, not_null, about]) = <[Option<String>; 7]>::try_from(row)
            else {
                continue;
            };
            let (schema, name) = (schema.unwrap_or_default(), name.unwrap_or_default());
            let at = *places.entry((schema.clone(), name.clone())).or_insert_with(|| {
                let (columns, primary_key, foreign_keys) = (Vec::new(), Vec::new(), Vec::new());
                tables.push(TableShape { schema, name, comment, columns, primary_key, foreign_keys, row_scope: None });
                tables.len() - 1
            });
            if let (Some(name), Some(kind)) = (column, kind) {
                let nullable = not_null.as_deref() != Some("t");
                tables[at].columns.push(ColumnShape { name, kind, nullable, comment: about });
            }
        }
        let mut last = String::new();
        for row in self.table(KEYS, &[]).await?.rows {
            let Ok([Some(schema), Some(name), Some(kind), Some(key), Some(column), to, of]) =
                <[Option<String>; 7]>::try_from(row)
            else {
                continue;
            };
            let Some(at) = places.get(&(schema, name)) else { continue };
            let table = &mut tables[*at];
            if kind == "p" {
                table.primary_key.push(column);
            } else if let (Some(to), Some(of)) = (to, of) {
                if key != last {
                    let (columns, references) = (Vec::new(), Vec::new());
                    table.foreign_keys.push(ForeignKey { columns, table: to, references });
                }
                if let Some(foreign) = table.foreign_keys.last_mut() {
                    foreign.columns.push(column);
                    foreign.references.push(of);
                }
                last = key;
            }
        }
        Ok(Catalog { tables })
    }
}
