//! What can go wrong with the database, told apart by what the caller can do about it.

use std::{path::PathBuf, time::Duration};

/// Why a query, or a load, gave no result.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing was looked at. Try again later; somebody has to look at the server.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// Every connection is in use. Try again in a moment, or give the pool more connections.
    #[error("every connection to the database is in use")]
    Busy,
    /// The time limit passed. Ask for less, or allow more time.
    #[error("the database did not finish within {} ms", after.as_millis())]
    TimedOut { after: Duration },
    /// The planner expects more work than is allowed; it was not run. Ask for less.
    /// Its own estimate is not told: it rests on statistics of every video's rows.
    #[error("the query would cost more than the {limit:.0} units of work that are allowed")]
    TooCostly { cost: f64, limit: f64 },
    /// More rows than are allowed; none is returned, because a cut answer is a wrong one. Ask for less.
    #[error("the query returns more than {limit} rows")]
    TooMany { limit: usize },
    /// More bytes than are allowed; none is returned. Ask for less.
    #[error("the query returns more than {limit} bytes")]
    TooLarge { limit: usize },
    /// The statement is at fault, not the data or the server. The message is for a developer, not for the asker.
    #[error("the database rejected the query: {message}")]
    Rejected { message: String },
    /// The video's row needs to be corrected.
    #[error("video {video} has the time zone {timezone:?}, which is not an IANA name")]
    BadTimezone { video: i64, timezone: String },
}

/// Why the store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Correct the address.
    #[error("the database URL cannot be read: {0}")]
    BadUrl(String),
    /// Start the server, or correct address, name and password.
    #[error("cannot connect to the database at {at}: {why}")]
    Unreachable { at: String, why: String },
    /// Stop the other process, or choose another directory.
    #[error(
        "the data directory {} is in use by another askline process{}; stop it, or choose another directory",
        path.display(),
        pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
    )]
    InUse { path: PathBuf, pid: Option<u32> },
    /// Build with the feature, install PostgreSQL, or name a server.
    #[error("{0}")]
    NoEngine(String),
    /// Make the directory usable.
    #[error("cannot use the data directory {}: {why}", path.display())]
    Directory { path: PathBuf, why: String },
    /// The server in the directory did not start; the message holds the end of its log.
    #[error("the database in {} did not start: {why}", path.display())]
    Start { path: PathBuf, why: String },
    /// The tables could not be brought up to date.
    #[error("the database's tables cannot be brought up to date: {0}")]
    Migrate(String),
}

impl StoreError {
    /// What sqlx reported, by what the caller can do. `after` is the limit that a cancelled statement ran into.
    pub(super) fn from_sqlx(error: &sqlx::Error, after: Duration) -> Self {
        match error {
            sqlx::Error::Database(db) => match db.code().as_deref() {
                Some("57014") => Self::TimedOut { after },
                // The class of lost connections, too; a proxy says it of those.
                Some("08P01") if db.message().starts_with("bind message supplies") => {
                    Self::Rejected { message: db.message().to_owned() }
                }
                // `message()`, because sqlx's own text ends in a line number of the server's C source.
                Some(code) if server_is_away(code) => Self::Unreachable(db.message().to_owned()),
                Some(code) => Self::Rejected { message: format!("{} (SQLSTATE {code})", db.message()) },
                None => Self::Rejected { message: db.message().to_owned() },
            },
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unreachable(error.to_string()),
            other => Self::Rejected { message: other.to_string() },
        }
    }
}

/// What is said of an error that came while a statement of somebody else ran: PostgreSQL's own words may quote what
/// stands in rows (`invalid input syntax for type integer: "…"`), so they go neither to a model nor to a user.
pub(super) fn without_values(error: &sqlx::Error, after: Duration) -> StoreError {
    match StoreError::from_sqlx(error, after) {
        StoreError::Rejected { message } => match error {
            sqlx::Error::Database(db) => {
                let code = db.code().unwrap_or_default();
                StoreError::Rejected { message: format!("{} (SQLSTATE {code})", in_general(&code)) }
            }
            _ => StoreError::Rejected { message },
        },
        other => other,
    }
}

fn in_general(code: &str) -> &'static str {
    match code {
        "21000" => "a subquery that stands for one value returned several rows",
        "22P02" => "a text cannot be read as the type it is cast to",
        "22003" => "a number is too large for its type",
        "22007" | "22008" => "a text cannot be read as a moment or an interval",
        "22012" => "division by zero",
        "22023" => "an argument has a value that its function does not take",
        "2201B" | "2201X" | "2201W" => "a pattern, LIMIT or OFFSET is not valid",
        "25006" => "the transaction is read-only",
        "42501" => "permission denied",
        code if code.starts_with("22") => "a value is not valid for what is done with it",
        code if code.starts_with("54") || code.starts_with("53") => "it needs more than the server has or allows",
        _ => "it failed while it ran",
    }
}

/// The connection is of no more use, and nothing was answered over it: worth one more try on another one.
pub(super) fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(db) => matches!(db.code().as_deref(), Some(code) if code.starts_with("57P")),
        _ => false,
    }
}

/// Connection trouble (08; but 08P01 are values that do not fit the statement), wrong credentials (28), no such database
/// (3D), out of resources (53), shutting down (57P).
fn server_is_away(code: &str) -> bool {
    code != "08P01" && ["08", "28", "3D", "53", "57P"].iter().any(|class| code.starts_with(class))
}
