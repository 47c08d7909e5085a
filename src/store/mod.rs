//! Postgres: on a server, or in a directory of its own. [`Reader`] answers queries, [`Writer`] loads data,
//! [`Vectors`] keeps the index for search by meaning.
//!
//! `sqlx` is used here and nowhere else.

mod documents;
mod error;
mod examine;
mod foreign;
mod introspect;
mod lease;
mod ledger;
mod load;
mod migrate;
mod place;
mod reader;
mod rows;
mod snapshot;
mod vectors;
mod videos;

#[cfg(feature = "embedded")]
mod embedded;
mod private;

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

pub use documents::{Begun, DocumentState, Documents, Due, Remembered, Sending, Which};
pub use error::{OpenError, StoreError};
pub use examine::{Examined, Searched, Vector};
pub use foreign::Foreign;
pub use introspect::{Catalog, ColumnShape, ForeignKey, TableShape};
pub use ledger::{By, DayBudget, Entry, Ledger, OverDay, Reservation, Sum};
pub use load::{Counts, Input, LoadError, Loaded, Problem, Problems, Progress, Stage, Writer};
pub use reader::{EMBEDDED_MAX_COST, FOREIGN_MAX_COST, Limits, Reader};
pub use snapshot::{Change, Snapshot, TextColumn, TextTable};
pub use vectors::{
    Built, Candidate, EXACT, Hash, Indexed, Place as EventPlace, Span, VectorError, Vectors, Version, Writing,
};
pub use videos::VideoRow;

use lease::Leases;
use place::Running;
use videos::VideoCache;

/// The database: its two sides, and the server it runs if it is one of its own.
pub struct Store {
    pub reader: Reader,
    pub writer: Writer,
    pub vectors: Vectors,
    pub ledger: Ledger,
    documents: Documents,
    pools: Vec<PgPool>,
    running: Running,
}

/// How to open the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub place: Place,
    /// Connections for queries. The embedded database has one, whatever is said here.
    pub pool_size: u32,
    /// How long a server that does not answer is tried when the store is opened.
    pub connect_timeout: Duration,
}

/// Where the data is.
#[derive(Clone, PartialEq)]
pub enum Place {
    /// A server: `postgres://user:password@host:port/database`.
    Url(String),
    /// A directory that holds a database of its own, made if it is not there. One process at a time.
    Dir {
        path: PathBuf,
        /// Where `initdb`, `pg_ctl` and `postgres` are. `None`: on the PATH or in /usr/lib/postgresql.
        pg_bin: Option<PathBuf>,
        engine: Engine,
    },
}

/// What runs the database of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Engine {
    /// The one the directory was made with; for a new one, the embedded one if it is built in, else native programs.
    #[default]
    Auto,
    /// PostgreSQL inside this process: nothing to install, one connection.
    Embedded,
    /// The programs of an installed PostgreSQL, as a private server.
    Native,
}

/// Seconds between 1970 and 2000, the epoch of Postgres' binary timestamps, in microseconds.
const EPOCH_2000_MICROS: i64 = 946_684_800_000_000;

impl fmt::Debug for Place {
    /// Without the URL, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(_) => f.write_str("Url(…)"),
            Self::Dir { path, pg_bin, engine } => {
                f.debug_struct("Dir").field("path", path).field("pg_bin", pg_bin).field("engine", engine).finish()
            }
        }
    }
}

impl Settings {
    /// 8 connections, 5 seconds.
    pub fn new(place: Place) -> Self {
        Self { place, pool_size: 8, connect_timeout: Duration::from_secs(5) }
    }
}

impl Store {
    /// Connects (or starts the database of a directory), brings the tables up to date, and makes the reading role.
    ///
    /// # Errors
    /// Each variant of [`OpenError`] says what to do.
    pub async fn open(settings: Settings) -> Result<Self, OpenError> {
        let Settings { place, pool_size, connect_timeout } = settings;
        let place::Server { options, running, single } = place::start(&place, pool_size).await?;
        let options = options.disable_statement_logging().application_name("askline");

        let (reading, as_reader) = if single {
            // The pool's only connection from the start: a second one would wait for it to leave.
            let pool = pool(&options, 1);
            let mut conn = pool.acquire().await.map_err(|error| place::unreachable(&options, error.to_string()))?;
            let as_reader = prepare(&mut conn).await?;
            (pool, as_reader)
        } else {
            let mut conn = connect(&options, connect_timeout).await?;
            let as_reader = prepare(&mut conn).await?;
            let _ = conn.close().await;
            (pool(&options, pool_size.max(1)), as_reader)
        };
        let videos = Arc::new(VideoCache::default());
        let (writing, cancelling) =
            if single { (reading.clone(), None) } else { (pool(&options, 2), Some(pool(&options, 2))) };
        let hasty = if single { reading.clone() } else { hasty(&options) };
        let mut pools = vec![reading.clone(), writing.clone(), hasty.clone()];
        let vectors = Vectors::new(reading.clone(), writing.clone(), hasty, single);
        let ledger = Ledger::new(writing.clone());
        let documents = Documents::new(reading.clone(), writing.clone(), single);
        pools.extend(cancelling.clone());
        Ok(Self {
            reader: Reader::new(Leases::new(reading, cancelling, as_reader), videos.clone()),
            writer: Writer::new(writing, videos, single),
            vectors,
            ledger,
            documents,
            pools,
            running,
        })
    }

    /// The memory of what was sent to a data source of a knowledge base.
    pub fn documents(&self, knowledge_base: &str, data_source: &str) -> Documents {
        self.documents.of(knowledge_base, data_source)
    }

    /// Closes the connections and stops the database if it is one of our own. Dropping does the same, without waiting.
    pub async fn close(&self) {
        self.ledger.written().await;
        for pool in &self.pools {
            pool.close().await;
        }
        self.running.stop().await;
    }
}

/// Brings the database up to date; whether queries can be run as the reading role.
async fn prepare(conn: &mut PgConnection) -> Result<bool, OpenError> {
    migrate::migrate(conn).await?;
    Ok(migrate::reader_role(conn).await)
}

/// Connections are made when they are needed. They are not tested before use (that is a round trip for each query):
/// the reader tries once more when it was given a dead one.
fn pool(options: &PgConnectOptions, size: u32) -> PgPool {
    let options = options.clone();
    let pool = PgPoolOptions::new().max_connections(size);
    // The embedded database takes a third of a second for a new connection, so it keeps the one it has.
    let pool = if size == 1 { pool.idle_timeout(None).max_lifetime(None) } else { pool };
    // On a busy machine its first connection, which unpacks and starts it, was seen to take more than ten seconds.
    let patience = Duration::from_secs(if size == 1 { 30 } else { 10 });
    pool.acquire_timeout(patience).test_before_acquire(false).connect_lazy_with(options)
}

/// One connection on which nothing waits for the disk.
fn hasty(options: &PgConnectOptions) -> PgPool {
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(10));
    let pool = pool.test_before_acquire(false).after_connect(|conn, _| {
        Box::pin(async move { sqlx::raw_sql("SET synchronous_commit = off").execute(conn).await.map(|_| ()) })
    });
    pool.connect_lazy_with(options.clone())
}

/// The first connection: tried until `limit` while the server is still starting, so that it may be started together
/// with this program. It tells what is wrong, which a pool does not.
async fn connect(options: &PgConnectOptions, limit: Duration) -> Result<PgConnection, OpenError> {
    let deadline = tokio::time::Instant::now() + limit;
    let mut why = "no answer".to_owned();
    let mut pause = Duration::from_millis(50);
    loop {
        match tokio::time::timeout_at(deadline, options.connect()).await {
            Ok(Ok(conn)) => return Ok(conn),
            Ok(Err(error)) if error::is_lost(&error) => why = error.to_string(),
            Ok(Err(error)) => return Err(place::unreachable(options, error.to_string())),
            Err(_) => return Err(place::unreachable(options, why)),
        }
        if tokio::time::Instant::now() + pause > deadline {
            return Err(place::unreachable(options, why));
        }
        tokio::time::sleep(pause).await;
        pause = (2 * pause).min(Duration::from_secs(1));
    }
}
