//! A look at the database before it is used: nothing is brought up to date, and nothing is made.

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

use super::{OpenError, Settings, Store, connect, migrate, place};

/// What a database is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// Such as `15.14`.
    pub server: String,
    /// Migrations of this program that were not run yet; running them is the start's work.
    pub missing: usize,
    /// The version of pgvector: installed in this database, or only there to be installed.
    pub vector: Option<Vector>,
    /// The index for search by meaning that is searched, if there is one.
    pub index: Option<Searched>,
}

/// How the index that is searched stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Searched {
    pub model: String,
    pub events: i64,
    /// Those that are new, or were written since they were embedded.
    pub stale: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vector {
    pub version: String,
    pub installed: bool,
}

impl Store {
    /// Connects (or starts the database of a directory), looks, and leaves.
    ///
    /// # Errors
    /// As of [`Store::open`].
    pub async fn examine(settings: &Settings) -> Result<Examined, OpenError> {
        let place::Server { options, running, .. } = place::start(&settings.place, 1).await?;
        let options = options.disable_statement_logging().application_name("askline check");
        let mut conn = connect(&options, settings.connect_timeout).await?;
        let examined = examined(&mut conn).await.map_err(|error| place::unreachable(&options, error.to_string()));
        let _ = conn.close().await;
        running.stop().await;
        examined
    }
}

async fn examined(conn: &mut PgConnection) -> Result<Examined, sqlx::Error> {
    let server: String = sqlx::query_scalar("SHOW server_version").fetch_one(&mut *conn).await?;
    let vector: Option<(Option<String>, Option<String>)> =
        sqlx::query_as("SELECT installed_version, default_version FROM pg_available_extensions WHERE name = 'vector'")
            .fetch_optional(&mut *conn)
            .await?;
    let vector = vector.and_then(|(installed, there)| {
        let is_installed = installed.is_some();
        Some(Vector { version: installed.or(there)?, installed: is_installed })
    });
    let index = searched(conn).await?;
    Ok(Examined { server, missing: migrate::missing(conn).await, vector, index })
}

async fn searched(conn: &mut PgConnection) -> Result<Option<Searched>, sqlx::Error> {
    let there = "SELECT to_regclass('askline_index') IS NOT NULL";
    if !sqlx::query_scalar::<_, bool>(there).fetch_one(&mut *conn).await? {
        return Ok(None);
    }
    let served = "SELECT id, model FROM askline_index WHERE served";
    let Some((id, model)) = sqlx::query_as::<_, (i64, String)>(served).fetch_optional(&mut *conn).await? else {
        return Ok(None);
    };
    let text = format!(
        "SELECT count(*), count(*) FILTER (WHERE v.seen IS DISTINCT FROM e.xmin::text::bigint) FROM db_event AS e \
         LEFT JOIN askline_vectors_{id} AS v ON v.video_id = e.video_id AND v.event_id = e.id"
    );
    let (events, stale) = sqlx::query_as(AssertSqlSafe(text)).fetch_one(&mut *conn).await?;
    Ok(Some(Searched { model, events, stale }))
}
