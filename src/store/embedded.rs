//! PostgreSQL inside this process (wasm). For trying, developing and tests: one connection, no time limits, and no
//! way to stop a query once it runs. It survives a killed process, not a power failure.

use std::{path::Path, time::Duration};

use pglite_oxide::PgliteServer;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::OpenError;

/// How long stopping may take; its one connection may still be at work.
const STOPPING: Duration = Duration::from_secs(10);

pub(super) struct Embedded(Option<PgliteServer>);

/// Opens the database under `path`, made from a template the first time, and serves it on a loopback port.
///
/// # Errors
/// [`OpenError::Start`].
pub(super) async fn start(path: &Path) -> Result<(Embedded, PgConnectOptions), OpenError> {
    let failed = |why: String| OpenError::Start { path: path.to_owned(), why };
    let root = path.to_owned();
    let server = tokio::task::spawn_blocking(move || PgliteServer::builder().path(root).start())
        .await
        .map_err(|error| failed(error.to_string()))?
        .map_err(|error| failed(format!("{error:#}")))?;
    let Some(address) = server.tcp_addr() else { return Err(failed("it has no address".to_owned())) };
    let options = PgConnectOptions::new_without_pgpass()
        .host(&address.ip().to_string())
        .port(address.port())
        .username("postgres")
        .password("")
        .database("template1")
        .ssl_mode(PgSslMode::Disable);
    Ok((Embedded(Some(server)), options))
}

impl Embedded {
    /// Stops it and waits, for a while.
    pub(super) async fn stop(mut self) {
        let Some(server) = self.0.take() else { return };
        let stopped = tokio::task::spawn_blocking(move || server.shutdown());
        match tokio::time::timeout(STOPPING, stopped).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::warn!(%error, "the embedded database did not stop cleanly"),
            Ok(Err(error)) => tracing::warn!(%error, "the embedded database did not stop cleanly"),
            Err(_) => tracing::warn!("the embedded database is still at work; left to itself"),
        }
    }
}

impl Drop for Embedded {
    /// Stopping waits for the connection to be closed, which may be this very thread's to do: so not here.
    fn drop(&mut self) {
        if let Some(server) = self.0.take() {
            std::thread::spawn(move || drop(server));
        }
    }
}
