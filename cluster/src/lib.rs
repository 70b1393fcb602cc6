//! The PostgreSQL that the application runs by itself: for the demo and for tests.
//!
//! A private cluster in a data folder, reachable over a Unix socket alone, over whatever server is
//! found on the machine or, failing that, fetched once. Everything here blocks the calling thread;
//! call it before the runtime starts or from `spawn_blocking`. Production points at a server of its
//! own and never comes here.

mod account;
mod binaries;
mod commands;
mod ephemeral;
mod initialize;
mod place;
mod provision;
mod settings;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

pub use account::Account;
pub use binaries::{Server, Source, Version};
use commands::Tool;
use place::Place;

/// The cluster's superuser. The socket's folder is closed to everybody but the cluster's account.
pub const SUPERUSER: &str = "postgres";

/// The port in the socket's name; nothing listens on TCP.
const PORT: u16 = 5432;

/// Crash recovery of a large database may take minutes; a fresh start takes a fraction of a second.
const START_LIMIT: Duration = Duration::from_secs(600);

/// What kind of cluster is wanted, and where.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// The folder that holds the cluster (`pg`), fetched binaries (`pgbin`) and the lock.
    pub data_dir: PathBuf,
    /// `false` trades safety for speed (`fsync=off` and the like): for tests alone.
    pub durable: bool,
    /// The server's `max_connections`.
    pub max_connections: u16,
    /// `PG_BIN`: a folder with `initdb`, `pg_ctl` and `postgres` that goes before all others.
    pub pg_bin: Option<PathBuf>,
    /// Where fetched binaries are kept; `data_dir/pgbin` when `None`.
    pub pgbin_dir: Option<PathBuf>,
    /// Where a server may come from, in the order in which it is tried.
    pub sources: Vec<Source>,
    /// Further server settings, written as they are into the configuration file.
    pub settings: Vec<(String, String)>,
}

impl ClusterOptions {
    /// A durable cluster in `data_dir`, with a server from wherever one can be had.
    /// `PG_BIN` is read from the environment.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            durable: true,
            max_connections: 100,
            pg_bin: std::env::var_os("PG_BIN").filter(|value| !value.is_empty()).map(PathBuf::from),
            pgbin_dir: None,
            sources: Source::ALL.to_vec(),
            settings: Vec::new(),
        }
    }
}

/// Why the cluster could not be started or stopped. Every message says what to do next.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// Another process works on the same data folder.
    #[error("{} is in use by another jebena (process {holder}); stop it, or choose another folder with --data-dir", data_dir.display())]
    InUse {
        /// The folder.
        data_dir: PathBuf,
        /// The process id that the lock file names.
        holder: String,
    },
    /// No server was found and none could be fetched.
    #[error("no PostgreSQL 15 or newer was found, and none could be fetched ({tried}); install it with: {command}")]
    NoServer {
        /// What was tried, and how it failed.
        tried: String,
        /// The one command that installs PostgreSQL on this system.
        command: &'static str,
    },
    /// `PG_BIN` was given and is not usable.
    #[error("PG_BIN={} is not usable: {reason}", path.display())]
    PgBin {
        /// Its value.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The data folder was written by another major version.
    #[error("{} was written by PostgreSQL {written_by}, found is {found}; install PostgreSQL {written_by}, point PG_BIN at it, or choose another folder with --data-dir", data_dir.display())]
    OtherVersion {
        /// The folder.
        data_dir: PathBuf,
        /// The major version that wrote it.
        written_by: u16,
        /// What is installed.
        found: String,
    },
    /// The data folder belongs to somebody else.
    #[error("{} belongs to user id {owner}; start as that user, or choose another folder with --data-dir", path.display())]
    NotOurs {
        /// The cluster's folder.
        path: PathBuf,
        /// Its owner.
        owner: u32,
    },
    /// Started as root, and no unprivileged account can reach the data folder.
    #[error("PostgreSQL does not run as root, and no unprivileged account can use {}; choose a folder that user 'postgres' or 'nobody' can reach with --data-dir", data_dir.display())]
    NoAccount {
        /// The folder.
        data_dir: PathBuf,
    },
    /// One of the server's programs failed.
    #[error("{program} failed: {output}")]
    Failed {
        /// Which one.
        program: String,
        /// The end of what it printed.
        output: String,
    },
    /// A file or folder could not be used.
    #[error("{action} {}: {source}", path.display())]
    File {
        /// What was being done, as a verb ("create", "write").
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl ClusterError {
    /// Turns an I/O error into one that says what was being done with which path.
    fn file(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::File { action, path: path.to_owned(), source }
    }
}

/// A running PostgreSQL. Stopped by [`Cluster::stop`], or when dropped.
#[derive(Debug)]
pub struct Cluster {
    tool: Tool,
    server: Server,
    place: Place,
    running: bool,
    /// Kept open for as long as the data folder is ours; the system lets go of it when we die.
    _lock: File,
    ephemeral: Option<ephemeral::Remains>,
}

impl Cluster {
    /// Starts the cluster in the data folder, and makes it first if there is none: takes the folder's
    /// lock, finds or fetches a server, leaves root, adopts a server that an earlier process left
    /// behind. `progress` gets a line for every step that takes time. Blocks until the server answers.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub fn start(options: ClusterOptions, progress: &dyn Fn(&str)) -> Result<Self, ClusterError> {
        let data_dir = place::create_data_dir(&options.data_dir)?;
        let lock = place::lock(&data_dir)?;
        let account = account::choose(&data_dir)?;
        let place = Place::settle(&data_dir, &account)?;
        let pgbin = place.pgbin(&options, account);
        let server = provision::find_or_fetch(&options, &pgbin, account, place.written_by()?, progress)?;
        let tool = Tool::new(&server, account);
        if !place.is_initialized() {
            progress(&format!("Creating a database cluster (PostgreSQL {})", server.version));
            initialize::initialize(&tool, &server, &place, options.durable)?;
        }
        let mut cluster = Self { tool, server, place, running: false, _lock: lock, ephemeral: None };
        cluster.start_server(&options, progress)?;
        Ok(cluster)
    }

    /// Starts a throw-away cluster for tests: in a temporary folder, without durability, gone with
    /// this process however it ends.
    ///
    /// # Errors
    /// See [`ClusterError`].
    pub fn start_ephemeral() -> Result<Self, ClusterError> {
        ephemeral::start()
    }

    fn start_server(&mut self, options: &ClusterOptions, progress: &dyn Fn(&str)) -> Result<(), ClusterError> {
        if self.tool.is_running(&self.place)? {
            if self.place.left_over_fits(options.durable) {
                progress("Taking over the PostgreSQL that an earlier run left behind");
                self.running = true;
                return Ok(());
            }
            progress("Stopping the PostgreSQL that an earlier run left behind");
            self.tool.stop(&self.place)?;
        }
        settings::write(&self.place, options)?;
        self.place.keep_log_small();
        progress(&format!("Starting PostgreSQL {}", self.server.version));
        self.tool.start(&self.place, START_LIMIT)?;
        self.running = true;
        Ok(())
    }

    /// How `user` connects to `database`.
    #[must_use]
    pub fn connect_options(&self, user: &str, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(self.place.socket_dir())
            .port(PORT)
            .username(user)
            .database(database)
            .ssl_mode(PgSslMode::Disable)
    }

    /// How the superuser connects to `database` (`postgres` always exists).
    #[must_use]
    pub fn admin_options(&self, database: &str) -> PgConnectOptions {
        self.connect_options(SUPERUSER, database)
    }

    /// The address of `database` for `user`, in the form that both libpq and sqlx read.
    #[must_use]
    pub fn url(&self, user: &str, database: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("host", &self.place.socket_dir().to_string_lossy());
        query.append_pair("user", user);
        // libpq takes a plus sign for itself, not for a blank.
        format!("postgres:///{database}?{}", query.finish().replace('+', "%20"))
    }

    /// The folder of the Unix socket.
    #[must_use]
    pub fn socket_dir(&self) -> &Path {
        self.place.socket_dir()
    }

    /// The server that runs.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Stops the server: open connections are ended, everything committed is on disk.
    ///
    /// # Errors
    /// When it did not stop, even after it was told to stop at once.
    pub fn stop(mut self) -> Result<(), ClusterError> {
        self.stop_once()
    }

    fn stop_once(&mut self) -> Result<(), ClusterError> {
        if !std::mem::take(&mut self.running) {
            return Ok(());
        }
        self.tool.stop(&self.place)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let stopped = match self.ephemeral.take() {
            // The watchdog stops the server and removes the folder: one way for every kind of end.
            Some(remains) => {
                self.running = false;
                remains.wait();
                Ok(())
            }
            None => self.stop_once(),
        };
        if let Err(error) = stopped {
            tracing::error!(%error, "PostgreSQL was not stopped");
        }
    }
}

#[cfg(test)]
mod tests;
