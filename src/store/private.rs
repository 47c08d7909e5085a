//! A private PostgreSQL server in a directory, run with the programs of an installed PostgreSQL.
//!
//! It listens on a unix socket in that directory only. PostgreSQL refuses to run as root; root runs it as `postgres`
//! or `nobody`.

use std::{
    ffi::{OsStr, OsString},
    fs,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::OpenError;

/// A unix socket's path may not be longer (104 on macOS), and Postgres appends `/.s.PGSQL.5432`.
const LONGEST_SOCKET_DIR: usize = 103 - 14;

/// A server that runs; stopped when it is dropped.
pub(super) struct Private {
    programs: Programs,
    data: PathBuf,
    stopped: bool,
}

/// The programs, and how they are started by this user.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    /// The folder they are in; empty if they are on the PATH.
    bin: PathBuf,
    /// What to put before a program so that it does not run as root.
    as_user: Option<AsUser>,
}

/// Another user, and the command line that starts a program as that user.
#[derive(Debug, Clone)]
struct AsUser {
    uid: u32,
    gid: u32,
    name: String,
    prefix: Vec<OsString>,
}

/// Makes the directory's database if it is not there, and starts the server.
///
/// # Errors
/// [`OpenError::Directory`] and [`OpenError::Start`], with the end of the server's log.
pub(super) async fn start(
    programs: Programs,
    path: &Path,
    connections: u32,
) -> Result<(Private, PgConnectOptions), OpenError> {
    let path = path.to_owned();
    let socket = path.join("socket");
    let at = path.clone();
    let private = tokio::task::spawn_blocking(move || programs.run(&path, connections))
        .await
        .map_err(|error| OpenError::Start { path: at, why: error.to_string() })??;
    let options = PgConnectOptions::new_without_pgpass()
        .socket(socket)
        .port(5432)
        .username("askline")
        .password("")
        .database("postgres")
        .ssl_mode(PgSslMode::Disable);
    Ok((private, options))
}

impl Programs {
    /// Looks in `pg_bin` if it is given, else on the PATH, else in /usr/lib/postgresql (the newest version).
    ///
    /// # Errors
    /// [`OpenError::NoEngine`] says what to install or to set.
    pub(super) fn find(pg_bin: Option<&Path>) -> Result<Self, OpenError> {
        let missing = |why: &str| {
            OpenError::NoEngine(format!(
                "{why}: install PostgreSQL 14 or newer, say where its programs are, build with the feature \
                 `embedded`, or name a server by its URL"
            ))
        };
        let places = match pg_bin {
            Some(bin) => vec![bin.to_owned()],
            None => [PathBuf::new()].into_iter().chain(installed()).collect(),
        };
        let bin = places
            .into_iter()
            .find(|bin| ["initdb", "pg_ctl"].iter().all(|program| answers(&bin.join(program))))
            .ok_or_else(|| missing("PostgreSQL's programs `initdb` and `pg_ctl` were not found"))?;
        Ok(Self { bin, as_user: not_root().map_err(|why| missing(&why))? })
    }

    fn run(self, path: &Path, connections: u32) -> Result<Private, OpenError> {
        let directory = |why: String| OpenError::Directory { path: path.to_owned(), why };
        let failed = |why: String| OpenError::Start { path: path.to_owned(), why };
        let (data, socket, log) = (path.join("data"), path.join("socket"), path.join("server.log"));
        if socket.as_os_str().len() > LONGEST_SOCKET_DIR {
            return Err(directory(format!(
                "its path is too long for a unix socket ({} bytes); choose a shorter one",
                socket.as_os_str().len()
            )));
        }
        if path.as_os_str().as_encoded_bytes().iter().any(|byte| b"'\"\\,\n".contains(byte)) {
            return Err(directory("its path has a quote, backslash, comma or line break in it".to_owned()));
        }
        for dir in [path, &socket] {
            self.own_dir(dir).map_err(|error| directory(error.to_string()))?;
        }
        if !data.join("PG_VERSION").exists() {
            self.init(path, &data)?;
        }
        self.stop_leftover(&data).map_err(failed)?;
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c unix_socket_permissions=0700 \
             -c port=5432 -c max_connections={connections}",
            socket.display()
        );
        let started = self
            .command("pg_ctl")
            .arg("-D")
            .arg(&data)
            .arg("-l")
            .arg(&log)
            .args(["-w", "-t", "60", "-o", &options, "start"])
            .current_dir(path)
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status();
        match started {
            Ok(status) if status.success() => Ok(Private { programs: self, data, stopped: false }),
            Ok(_) => Err(failed(format!("the end of {}:\n{}", log.display(), tail(&log)))),
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// Into a directory beside it first, so that a killed `initdb` leaves nothing half made.
    fn init(&self, path: &Path, data: &Path) -> Result<(), OpenError> {
        let failed = |why: String| OpenError::Start { path: path.to_owned(), why };
        let fresh = path.join("data.new");
        if fresh.exists() {
            fs::remove_dir_all(&fresh).map_err(|error| failed(error.to_string()))?;
        }
        let mut last = String::new();
        for ctype in ["C.UTF-8", "C"] {
            let made = output(
                self.command("initdb")
                    .arg("-D")
                    .arg(&fresh)
                    .args(["-U", "askline", "--auth=trust", "--encoding=UTF8", "--locale=C"])
                    .arg(format!("--lc-ctype={ctype}"))
                    .current_dir(path),
            );
            match made {
                Ok(()) => return fs::rename(&fresh, data).map_err(|error| failed(error.to_string())),
                Err(why) => last = why,
            }
        }
        Err(failed(format!("initdb: {last}")))
    }

    /// A server that a killed askline left behind is stopped; the note of one that is dead is removed. The caller
    /// holds the directory's lock, so no living askline uses it.
    fn stop_leftover(&self, data: &Path) -> Result<(), String> {
        let note = data.join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&note) else { return Ok(()) };
        let pid = text.lines().next().and_then(|line| line.trim().parse::<u32>().ok());
        if pid.is_some_and(|pid| is_server_of(pid, data)) {
            tracing::warn!("stopping the database server that an earlier process left behind");
            return output(self.command("pg_ctl").arg("-D").arg(data).args(["-m", "fast", "-w", "stop"]));
        }
        fs::remove_file(&note).map_err(|error| error.to_string())
    }

    /// A directory for nobody but the server's user.
    fn own_dir(&self, dir: &Path) -> std::io::Result<()> {
        fs::create_dir_all(dir)?;
        if let Some(user) = &self.as_user {
            chown(dir, Some(user.uid), Some(user.gid))?;
            let reachable = self.plain("test").arg("-x").arg(dir).status()?;
            if !reachable.success() {
                return Err(std::io::Error::other(format!(
                    "the database runs as the user {:?}, because PostgreSQL refuses to run as root, and that user may \
                     not enter it; choose a directory whose parents everyone may enter",
                    user.name
                )));
            }
        }
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
    }

    fn command(&self, program: &str) -> Command {
        self.plain(self.bin.join(program))
    }

    fn plain(&self, program: impl AsRef<OsStr>) -> Command {
        match self.as_user.as_ref().and_then(|user| user.prefix.split_first()) {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
            None => Command::new(program),
        }
    }
}

impl Private {
    /// Stops the server and waits for it.
    pub(super) async fn stop(self) {
        let stopped = tokio::task::spawn_blocking(move || drop(self)).await;
        if let Err(error) = stopped {
            tracing::warn!(%error, "the private database server did not stop cleanly");
        }
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        if std::mem::replace(&mut self.stopped, true) {
            return;
        }
        let stop = &mut self.programs.command("pg_ctl");
        if let Err(why) = output(stop.arg("-D").arg(&self.data).args(["-m", "fast", "-w", "-t", "20", "stop"])) {
            tracing::warn!(why, "the private database server did not stop cleanly");
        }
    }
}

/// Runs a program to its end; what it said is the error.
fn output(command: &mut Command) -> Result<(), String> {
    let Output { status, stdout, stderr } = command.output().map_err(|error| error.to_string())?;
    if status.success() {
        return Ok(());
    }
    let said = if stderr.is_empty() { stdout } else { stderr };
    Err(String::from_utf8_lossy(&said).trim().to_owned())
}

fn answers(program: &Path) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

/// /usr/lib/postgresql/*/bin, as Debian and Ubuntu lay it out, newest first.
fn installed() -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, bin)| bin).collect()
}

/// How to start a program as somebody else, if this is root.
fn not_root() -> Result<Option<AsUser>, String> {
    if id("-u", None) != Some(0) {
        return Ok(None);
    }
    let found =
        ["postgres", "nobody"].into_iter().find_map(|name| Some((name, id("-u", Some(name))?, id("-g", Some(name))?)));
    let Some((name, uid, gid)) = found else {
        return Err("PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`".to_owned());
    };
    let prefixes: [Vec<String>; 2] = [
        ["setpriv".into(), format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".into(), "--".into()]
            .into(),
        ["runuser", "-u", name, "--"].map(str::to_owned).into(),
    ];
    for prefix in prefixes {
        let works = Command::new(&prefix[0]).args(&prefix[1..]).arg("true").output();
        if works.is_ok_and(|output| output.status.success()) {
            let prefix = prefix.into_iter().map(OsString::from).collect();
            return Ok(Some(AsUser { uid, gid, name: name.to_owned(), prefix }));
        }
    }
    Err("PostgreSQL refuses to run as root, and neither `setpriv` nor `runuser` is there to change the user".to_owned())
}

fn id(what: &str, user: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg(what).args(user).output().ok().filter(|output| output.status.success())?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

/// Whether the process is a server of that directory: the number may have been given to another one since.
fn is_server_of(pid: u32, data: &Path) -> bool {
    let listed = Command::new("ps").args(["-o", "args=", "-p", &pid.to_string()]).output();
    let from_ps = listed.map(|output| output.stdout).unwrap_or_default();
    let from_proc = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let data = data.as_os_str().as_encoded_bytes();
    [from_ps, from_proc].iter().any(|line| line.windows(data.len()).any(|part| part == data))
}

/// The last lines of a log.
fn tail(log: &Path) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().rev().take(15).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
