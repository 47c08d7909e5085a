//! Brings the tables up to date at start, and makes the role that queries run as.

use sqlx::{Connection, PgConnection, migrate::Migrator};

use super::error::OpenError;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// How often the role is tried again when another replica is making it in the same moment.
const TRIES: usize = 5;

/// Runs the migrations that are missing. Several replicas may do so at once: sqlx holds an advisory lock meanwhile.
/// If none is missing nothing is locked or written, so that a login without rights on the schema can start, too.
///
/// # Errors
/// [`OpenError::Migrate`]: not allowed, or the database is newer than this program.
pub(super) async fn migrate(conn: &mut PgConnection) -> Result<(), OpenError> {
    if is_current(conn).await {
        return Ok(());
    }
    MIGRATIONS.run_direct(None, conn, false).await.map_err(|error| OpenError::Migrate(error.to_string()))
}

/// Makes the role `askline_reader`, which may read the two tables and nothing else, and says whether queries can be
/// run as it. A server that does not allow it is no obstacle: transactions are read-only all the same.
pub(super) async fn reader_role(conn: &mut PgConnection) -> bool {
    for _ in 0..TRIES {
        if can_read_as_role(conn).await {
            return true;
        }
        // Roles belong to the whole server, so replicas of other databases may be at it in the same moment:
        // "duplicate", "unique violation" and "tuple concurrently updated" all mean that.
        match sqlx::raw_sql(ROLE).execute(&mut *conn).await {
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "the role askline_reader was not made, or not by this process"),
        }
    }
    let usable = can_read_as_role(conn).await;
    if !usable {
        tracing::warn!(
            "the role askline_reader cannot be used, because this login may not create roles; queries run as the \
             login itself, in read-only transactions. To change that, run as an administrator: CREATE ROLE \
             askline_reader NOLOGIN; GRANT SELECT ON db_video, db_event TO askline_reader; GRANT askline_reader TO \
             this login"
        );
    }
    usable
}

const ROLE: &str = "
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'askline_reader') THEN
        BEGIN
            CREATE ROLE askline_reader NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO askline_reader', current_schema());
    GRANT SELECT ON db_video, db_event TO askline_reader;
    GRANT askline_reader TO CURRENT_USER;
END
$$";

/// Tried, not looked up: what the catalog says about a role differs between versions.
async fn can_read_as_role(conn: &mut PgConnection) -> bool {
    let tried = async {
        let mut tx = conn.begin().await?;
        sqlx::raw_sql("SET LOCAL ROLE askline_reader; SELECT 1 FROM db_video LIMIT 0; SELECT 1 FROM db_event LIMIT 0")
            .execute(&mut *tx)
            .await?;
        tx.rollback().await
    };
    let tried: Result<(), sqlx::Error> = tried.await;
    tried.is_ok()
}

/// How many migrations were not run yet; without their table, none was.
pub(super) async fn missing(conn: &mut PgConnection) -> usize {
    let applied: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success")
        .fetch_all(conn)
        .await
        .unwrap_or_default();
    MIGRATIONS.iter().filter(|ours| !applied.contains(&ours.version)).count()
}

/// Whether exactly the migrations of this program have been run. Any doubt, such as no such table, is a no.
async fn is_current(conn: &mut PgConnection) -> bool {
    let applied: Result<Vec<(i64, Vec<u8>, bool)>, sqlx::Error> =
        sqlx::query_as("SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version")
            .fetch_all(conn)
            .await;
    applied.is_ok_and(|applied| {
        applied.len() == MIGRATIONS.iter().count()
            && applied.iter().zip(MIGRATIONS.iter()).all(|((version, checksum, success), ours)| {
                *success && *version == ours.version && checksum.as_slice() == ours.checksum.as_ref()
            })
    })
}
