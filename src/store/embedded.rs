//! PostgreSQL inside this process (wasm). For trying, developing and tests: one connection, no time limits, and no
//! way to stop a query once it runs. It survives a killed process, not a power failure.

use std::{
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};

use pglite_oxide::{PgliteServer, extensions::VECTOR};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::OpenError;

/// How long stopping may take; its one connection may still be at work.
const STOPPING: Duration = Duration::from_secs(10);

pub(super) struct Embedded(Option<PgliteServer>);

/// Opens the database under `path`, made from a template the first time, and serves it on a unix socket there that
/// only this user may use; if its path would be too long, on a loopback port, which any user of the machine may use.
///
/// # Errors
/// [`OpenError::Start`].
pub(super) async fn start(path: &Path) -> Result<(Embedded, PgConnectOptions), OpenError> {
    let failed = |why: String| OpenError::Start { path: path.to_owned(), why };
    let (root, socket) = (path.to_owned(), private_socket(path));
    private_folder(path).map_err(|error| OpenError::Directory { path: path.to_owned(), why: error.to_string() })?;
    let server = tokio::task::spawn_blocking(move || {
        let builder = PgliteServer::builder().path(root).extension(VECTOR);
        match socket {
            Some(socket) => builder.unix(socket).start(),
            None => builder.start(),
        }
    })
    .await
    .map_err(|error| failed(error.to_string()))?
    .map_err(|error| failed(format!("{error:#}")))?;
    let options = PgConnectOptions::new_without_pgpass()
        .username("postgres")
        .password("")
        .database("template1")
        .ssl_mode(PgSslMode::Disable);
    let options = match (server.tcp_addr(), server.socket_path().and_then(Path::parent)) {
        (Some(address), _) => options.host(&address.ip().to_string()).port(address.port()),
        (None, Some(folder)) => options.socket(folder).port(5432),
        (None, None) => return Err(failed("it has no address".to_owned())),
    };
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

/// A socket in a folder beside the data, if its path is not too long: 104 bytes with the closing zero on macOS, 108 on
/// Linux.
fn private_socket(path: &Path) -> Option<PathBuf> {
    let folder = path.with_extension("socket");
    let socket = folder.join(".s.PGSQL.5432");
    (socket.as_os_str().len() < 104 && private_folder(&folder).is_ok()).then_some(socket)
}

/// A folder that other users may not enter.
fn private_folder(path: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}
