//! Runs imported golds on their databases, each judged as if it had been predicted: all of them have to be right.

use std::collections::BTreeMap;

use super::Imported;
use crate::{
    eval::{
        case::AskedKind,
        door::{Door, NotRun},
        judge::{Gold, Predicted, judge},
        result,
    },
    sql::{admit::Refusal, catalog::CatalogError},
    store::{Catalog, Limits, OpenError, Snapshot, Store, StoreError},
};

/// What stands for the database's name in a template of a URL.
pub const NAME: &str = "{db}";

/// What became of the golds of one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub id: String,
    pub source: String,
    pub database: String,
    /// How many golds it has.
    pub golds: usize,
    /// Those that are not right, by their number from 1.
    pub faults: Vec<(usize, Fault)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Statements like it are not run for anybody; nothing was judged.
    Refused(Refusal),
    /// PostgreSQL does not run it; nothing was judged.
    NotRun(String),
    /// It ran, and is not judged right.
    Wrong(String),
}

/// Why a database cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    #[error("the URL has no {NAME}, which stands for the database's name")]
    NoName,
    #[error("`{0}` is no name that can stand in a URL; letters, digits, _ and - can")]
    BadName(String),
    #[error("the database `{0}`: {1}")]
    Open(String, #[source] OpenError),
    #[error("the database `{0}`: {1}")]
    Asked(String, #[source] StoreError),
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// Each question in its order, and what each database holds. The databases are only read.
///
/// # Errors
/// A database that cannot be reached. A gold that does not run is a [`Fault`].
pub async fn check(
    questions: &[Imported],
    template: &str,
    limits: Limits,
) -> Result<(Vec<Checked>, BTreeMap<String, Catalog>), CheckError> {
    if !template.contains(NAME) {
        return Err(CheckError::NoName);
    }
    let mut by_database: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, question) in questions.iter().enumerate() {
        by_database.entry(&question.database).or_default().push(at);
    }
    let mut checked = BTreeMap::new();
    let mut catalogs = BTreeMap::new();
    for (database, of) in by_database {
        if !database.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            return Err(CheckError::BadName(database.to_owned()));
        }
        let asked = |error| CheckError::Asked(database.to_owned(), error);
        let foreign = Store::foreign(&template.replace(NAME, database), limits)
            .await
            .map_err(|error| CheckError::Open(database.to_owned(), error))?;
        let mut snapshot = foreign.snapshot().await.map_err(asked)?;
        let catalog = snapshot.catalog().await.map_err(asked)?;
        let allowed = catalog.allowed()?;
        catalogs.insert(database.to_owned(), catalog);
        for at in of {
            checked.insert(at, one(&mut snapshot, &Door::to_all(&allowed), &questions[at]).await.map_err(asked)?);
        }
        snapshot.close().await;
        foreign.close().await;
    }
    Ok((checked.into_values().collect(), catalogs))
}

async fn one(snapshot: &mut Snapshot, door: &Door<'_>, question: &Imported) -> Result<Checked, StoreError> {
    let mut golds: Vec<(usize, Gold)> = Vec::new();
    let mut faults = Vec::new();
    for (number, sql) in (1..).zip(&question.golds) {
        // As it is: only a scalar of the contract is made one value.
        match result::gold(snapshot, door, AskedKind::Groups, sql, question.ordered).await {
            Ok(gold) => golds.push((number, gold)),
            Err(error) => {
                let fault = match error.of_statement()? {
                    NotRun::Refused(refusal) => Fault::Refused(refusal),
                    NotRun::Store(error) => Fault::NotRun(error.to_string()),
                };
                faults.push((number, fault));
            }
        }
    }
    // Against itself alone: beside the others it could be right by one of them.
    for (number, gold) in &golds {
        let itself = Predicted::Table(gold.table.clone());
        let verdict = judge(question.mode.mode(), question.ordered, std::slice::from_ref(gold), &itself);
        let why = match verdict {
            Ok(verdict) if verdict.right => continue,
            Ok(verdict) => verdict.reason.map_or_else(String::new, |reason| reason.message),
            Err(bad) => bad.to_string(),
        };
        faults.push((*number, Fault::Wrong(why)));
    }
    faults.sort_by_key(|(number, _)| *number);
    let Imported { id, source, database, golds, .. } = question;
    Ok(Checked { id: id.clone(), source: source.clone(), database: database.clone(), golds: golds.len(), faults })
}
