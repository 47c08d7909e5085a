//! From a [`Place`] to the way to connect to it, and to the server that runs there if it is one of our own.

use std::{
    fs::File,
    io::{Read, Seek, Write},
    path::Path,
    str::FromStr,
    sync::{Mutex, PoisonError},
};

use sqlx::postgres::PgConnectOptions;

use super::{Engine, OpenError, Place, private};

/// A server to connect to.
pub(super) struct Server {
    pub(super) options: PgConnectOptions,
    pub(super) running: Running,
    /// It has one connection, which every user shares.
    pub(super) single: bool,
}

/// What this process itself runs, and must stop.
#[derive(Default)]
pub(super) struct Running(Mutex<Option<Own>>);

struct Own {
    server: OwnServer,
    /// Held as long as the server runs; the operating system lets go of it if the process is killed.
    lock: File,
}

enum OwnServer {
    #[cfg(feature = "embedded")]
    Embedded(super::embedded::Embedded),
    Native(private::Private),
}

/// Connects to nothing yet; starts the database of a directory.
pub(super) async fn start(place: &Place, pool_size: u32) -> Result<Server, OpenError> {
    let (path, pg_bin, engine) = match place {
        Place::Url(url) => {
            let options = PgConnectOptions::from_str(url).map_err(|error| OpenError::BadUrl(error.to_string()))?;
            return Ok(Server { options, running: Running::default(), single: false });
        }
        Place::Dir { path, pg_bin, engine } => (path, pg_bin.as_deref(), *engine),
    };
    let path = &usable(path)?;
    let lock = lock(path)?;
    let (server, options, single) = match chosen(engine, path, pg_bin)? {
        #[cfg(feature = "embedded")]
        Chosen::Embedded => {
            let (embedded, options) = super::embedded::start(&path.join("pglite")).await?;
            (OwnServer::Embedded(embedded), options, true)
        }
        Chosen::Native(programs) => {
            // The pools of queries, of loading and of cancelling, and one for a person who looks.
            let (private, options) = private::start(programs, &path.join("native"), pool_size + 8).await?;
            (OwnServer::Native(private), options, false)
        }
    };
    Ok(Server { options, running: Running(Mutex::new(Some(Own { server, lock }))), single })
}

pub(super) fn unreachable(options: &PgConnectOptions, why: String) -> OpenError {
    let database = options.get_database().unwrap_or(options.get_username());
    let at = match options.get_socket() {
        Some(socket) => format!("{} (database {database})", socket.display()),
        None => format!("{}:{}/{database}", options.get_host(), options.get_port()),
    };
    OpenError::Unreachable { at, why }
}

impl Running {
    /// Stops the server and waits for it. The connections must have been closed.
    pub(super) async fn stop(&self) {
        let own = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Own { server, lock }) = own else { return };
        match server {
            #[cfg(feature = "embedded")]
            OwnServer::Embedded(embedded) => embedded.stop().await,
            OwnServer::Native(private) => private.stop().await,
        }
        drop(lock);
    }
}

enum Chosen {
    #[cfg(feature = "embedded")]
    Embedded,
    Native(private::Programs),
}

/// A directory keeps the engine it was made with: the other one would show an empty database.
fn chosen(engine: Engine, path: &Path, pg_bin: Option<&Path>) -> Result<Chosen, OpenError> {
    let made_native = path.join("native/data").exists();
    let made_embedded = path.join("pglite").exists();
    #[cfg(feature = "embedded")]
    if engine == Engine::Embedded || (engine == Engine::Auto && (made_embedded || !made_native)) {
        return Ok(Chosen::Embedded);
    }
    #[cfg(not(feature = "embedded"))]
    if engine == Engine::Embedded || (made_embedded && !made_native) {
        return Err(OpenError::NoEngine(
            "this program was built without the embedded database: build it with the feature `embedded`, or name a \
             PostgreSQL server"
                .to_owned(),
        ));
    }
    let _ = made_embedded;
    private::Programs::find(pg_bin).map(Chosen::Native)
}

fn usable(path: &Path) -> Result<std::path::PathBuf, OpenError> {
    let failed = |error: std::io::Error| OpenError::Directory { path: path.to_owned(), why: error.to_string() };
    std::fs::create_dir_all(path).map_err(failed)?;
    path.canonicalize().map_err(failed)
}

/// One process at a time. The file holds the number of the process, for the message of the second one.
fn lock(path: &Path) -> Result<File, OpenError> {
    let failed = |error: std::io::Error| OpenError::Directory { path: path.to_owned(), why: error.to_string() };
    let mut file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path.join("askline.lock"))
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(std::fs::TryLockError::WouldBlock) => {
            let mut held_by = String::new();
            let _ = file.read_to_string(&mut held_by);
            return Err(OpenError::InUse { path: path.to_owned(), pid: held_by.trim().parse().ok() });
        }
        Err(std::fs::TryLockError::Error(error)) => return Err(failed(error)),
    }
    file.set_len(0).and_then(|()| file.rewind()).map_err(failed)?;
    writeln!(file, "{}", std::process::id()).map_err(failed)?;
    Ok(file)
}
