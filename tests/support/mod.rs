//! A database of its own for each test.
//!
//! With `ASKLINE_TEST_DATABASE_URL` (a server on which the login may create databases) it is a clone of a template
//! that is made once for each state of `migrations/`. Without it, it is the embedded one in a temporary directory, or a
//! private server there if the embedded one is not built in.

#![allow(dead_code, reason = "each file of tests uses its own part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "test code that clippy does not see as such, because it is not in a test function"
)]

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    str::FromStr,
    time::Duration,
};

use askline::{
    answer::{Answer, Kind},
    sql::{Bind, Query},
    store::{Engine, Limits, Place, Settings, Store, StoreError},
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};

pub(crate) mod sim;

/// A database that is gone when it is dropped.
pub(crate) struct Db {
    pub(crate) store: Store,
    place: Place,
    home: Home,
}

enum Home {
    Server { admin: Box<PgConnectOptions>, name: String },
    Dir(tempfile::TempDir),
}

impl Db {
    /// With the tables, and without rows.
    pub(crate) async fn empty() -> Self {
        let (place, home) = match server() {
            Some(admin) => {
                let template = template(&admin).await;
                let name = format!("askline_test_{}", uuid::Uuid::new_v4().simple());
                let mut conn = admin.connect().await.expect("the test server is there");
                execute(&mut conn, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
                conn.close().await.unwrap();
                (Place::Url(url(&admin, &name)), Home::Server { admin: Box::new(admin), name })
            }
            None => {
                let dir = tempfile::tempdir().unwrap();
                // A build without the embedded database runs a private server, whose user is not root.
                let traversable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
                std::fs::set_permissions(dir.path(), traversable).unwrap();
                let place = Place::Dir { path: dir.path().to_owned(), pg_bin: None, engine: Engine::Auto };
                (place, Home::Dir(dir))
            }
        };
        let store = Store::open(Settings::new(place.clone())).await.expect("the database opens");
        Self { store, place, home }
    }

    /// With the six videos and 2,346 events of the sample.
    pub(crate) async fn sample() -> Self {
        let db = Self::empty().await;
        assert!(db.store.writer.load_sample().await.expect("the sample loads"));
        db
    }

    /// Where it is, for a second store or another process. The embedded one lets in one process at a time.
    pub(crate) fn place(&self) -> Place {
        self.place.clone()
    }

    /// A connection beside the store's; none on the embedded database, which has one only.
    pub(crate) async fn other_connection(&self) -> Option<PgConnection> {
        match &self.home {
            Home::Server { admin, name } => Some((**admin).clone().database(name).connect().await.unwrap()),
            Home::Dir(_) => None,
        }
    }

    /// Of the rows and of what the catalog holds: the same where nothing was left behind.
    pub(crate) async fn fingerprint(&self) -> Vec<Vec<Option<String>>> {
        let mut snapshot = self.store.snapshot(Limits::default()).await.unwrap();
        let text = "SELECT (SELECT md5(string_agg(e::text, '' ORDER BY id)) FROM db_event e), \
                    (SELECT md5(string_agg(v::text, '' ORDER BY video_id)) FROM db_video v), \
                    (SELECT md5(string_agg(oid::text || relname, ',' ORDER BY oid)) FROM pg_class), \
                    (SELECT count(*) FROM pg_type), (SELECT count(*) FROM pg_attribute), \
                    (SELECT count(*) FROM pg_namespace)";
        let table = snapshot.table(text, &[]).await.unwrap();
        snapshot.close().await;
        table.rows
    }

    /// Runs a text as the reader would run a composed query.
    pub(crate) async fn read(&self, text: &str, kind: Kind) -> Result<Answer, StoreError> {
        self.read_with(text, Vec::new(), kind, Limits::default()).await
    }

    pub(crate) async fn read_with(
        &self,
        text: &str,
        binds: Vec<Bind>,
        kind: Kind,
        limits: Limits,
    ) -> Result<Answer, StoreError> {
        self.store.reader.run(&Query::for_tests(text, binds, kind), limits).await
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        let Home::Server { admin, name } = &self.home else {
            // Before its directory is removed, or it would write into it again.
            if tokio::runtime::Handle::current().runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread {
                tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(self.store.close()));
            }
            return;
        };
        let (admin, name) = (admin.clone(), name.clone());
        // In a runtime of its own: the test's may be ending, and may be panicking.
        let dropped = std::thread::spawn(move || {
            runtime().block_on(async {
                let mut conn = admin.connect().await?;
                sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")))
                    .execute(&mut conn)
                    .await
            })
        });
        if !matches!(dropped.join(), Ok(Ok(_))) {
            eprintln!("a test database was not dropped");
        }
    }
}

/// Whether the tests run on a server, be it a private one; otherwise on the embedded database.
pub(crate) fn on_server() -> bool {
    server().is_some() || !cfg!(feature = "embedded")
}

/// Says why a test does nothing, so that it is not taken for passed.
pub(crate) fn skip(test: &str, why: &str) {
    eprintln!("SKIPPED {test}: {why}");
}

pub(crate) fn embedded(dir: &Path) -> Place {
    Place::Dir { path: dir.to_owned(), pg_bin: None, engine: Engine::Embedded }
}

pub(crate) fn native(dir: &Path) -> Place {
    Place::Dir { path: dir.to_owned(), pg_bin: None, engine: Engine::Native }
}

/// An empty database without tables, for tests of migrations. The caller drops it with [`Bare::gone`].
pub(crate) struct Bare {
    admin: PgConnectOptions,
    name: String,
}

impl Bare {
    pub(crate) async fn new() -> Option<Self> {
        let admin = server()?;
        let name = format!("askline_test_{}", uuid::Uuid::new_v4().simple());
        let mut conn = admin.connect().await.unwrap();
        execute(&mut conn, &format!("CREATE DATABASE {name}")).await;
        Some(Self { admin, name })
    }

    pub(crate) fn place(&self) -> Place {
        Place::Url(url(&self.admin, &self.name))
    }

    pub(crate) async fn connect(&self) -> PgConnection {
        self.admin.clone().database(&self.name).connect().await.unwrap()
    }

    /// The same database through another login.
    pub(crate) fn place_as(&self, user: &str, password: &str) -> Place {
        Place::Url(url(&self.admin.clone().username(user).password(password), &self.name).replacen(
            &format!("{user}@"),
            &format!("{user}:{password}@"),
            1,
        ))
    }

    pub(crate) async fn gone(self) {
        let mut conn = self.admin.connect().await.unwrap();
        execute(&mut conn, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

pub(crate) async fn execute(conn: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(conn).await.expect(statement);
}

fn server() -> Option<PgConnectOptions> {
    let url = std::env::var("ASKLINE_TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())?;
    Some(PgConnectOptions::from_str(&url).expect("ASKLINE_TEST_DATABASE_URL is a URL").disable_statement_logging())
}

fn url(admin: &PgConnectOptions, database: &str) -> String {
    let base = std::env::var("ASKLINE_TEST_DATABASE_URL").unwrap_or_default();
    let password = base.split("://").nth(1).and_then(|rest| rest.split('@').next()).and_then(|u| u.split_once(':'));
    let user = match password {
        Some((_, password)) => format!("{}:{password}", admin.get_username()),
        None => admin.get_username().to_owned(),
    };
    format!("postgres://{user}@{}:{}/{database}?sslmode=prefer", admin.get_host(), admin.get_port())
}

/// A migrated database to clone, named by the state of the migrations; made by the first test that comes.
async fn template(admin: &PgConnectOptions) -> String {
    let name = format!("askline_template_{:016x}", migrations());
    let mut conn = admin.connect().await.expect("the test server is there");
    execute(&mut conn, "SELECT pg_advisory_lock(7203417)").await;
    let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(&name)
        .fetch_one(&mut conn)
        .await
        .unwrap();
    if !exists {
        // Renamed when it is whole: a test run that is killed leaves no half one.
        let fresh = format!("{name}_new");
        execute(&mut conn, &format!("DROP DATABASE IF EXISTS {fresh}")).await;
        execute(&mut conn, &format!("CREATE DATABASE {fresh}")).await;
        let store = Store::open(Settings::new(Place::Url(url(admin, &fresh)))).await.expect("the template migrates");
        store.close().await;
        execute(&mut conn, &format!("ALTER DATABASE {fresh} RENAME TO {name}")).await;
    }
    execute(&mut conn, "SELECT pg_advisory_unlock(7203417)").await;
    conn.close().await.unwrap();
    name
}

fn migrations() -> u64 {
    let mut files: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Tries until it holds, for at most the time given.
pub(crate) async fn eventually<F: Future<Output = bool>>(limit: Duration, mut holds: impl FnMut() -> F) -> bool {
    let deadline = tokio::time::Instant::now() + limit;
    loop {
        if holds().await {
            return true;
        }
        if tokio::time::Instant::now() > deadline {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
