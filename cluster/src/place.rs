//! Where the cluster's files are: the data folder, its lock, the cluster, the socket.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::account::{self, Account};
use super::{ClusterError, ClusterOptions, PORT};

/// The cluster's folder inside the data folder.
pub const CLUSTER: &str = "pg";

/// What `sockaddr_un` holds besides its closing zero: 108 bytes on Linux, 104 on macOS and the BSDs.
const SOCKET_PATH_BYTES: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// A server's log is set aside at a start when it has grown beyond this.
const LOG_BYTES: u64 = 10 * 1024 * 1024;

/// Where a cluster goes when root's data folder is closed to every other account.
const SHARED_HOME: &str = "/var/lib/jebena";

/// The folders of one cluster.
#[derive(Debug, Clone)]
pub struct Place {
    base: PathBuf,
    cluster: PathBuf,
    socket_dir: PathBuf,
}

impl Place {
    /// Decides on the folders for a cluster of `data_dir`, and makes the socket's, which nobody but
    /// the account (and root) can enter: whoever gets in is the superuser.
    pub fn settle(data_dir: &Path, account: &Account) -> Result<Self, ClusterError> {
        let shared = shared_home(data_dir);
        let base = if let Some(cluster) = existing_cluster(data_dir) {
            if !account.can_enter(&cluster) {
                return Err(ClusterError::NoAccount { data_dir: data_dir.to_owned() });
            }
            cluster.parent().unwrap_or(data_dir).to_owned()
        } else if account::reaches(*account, data_dir)? {
            data_dir.to_owned()
        } else {
            create_open_dir(&shared)?;
            if !account::reaches(*account, &shared)? {
                return Err(ClusterError::NoAccount { data_dir: data_dir.to_owned() });
            }
            shared
        };
        let key = key(data_dir);
        let socket_dir = socket_dir(&base, &std::env::temp_dir(), &key);
        create_private_dir(&socket_dir, *account)?;
        Ok(Self { cluster: base.join(CLUSTER), base, socket_dir })
    }

    /// Where fetched binaries are kept: where `options` say, unless the account cannot get there.
    pub fn pgbin(&self, options: &ClusterOptions, account: Account) -> PathBuf {
        let beside = self.base.join("pgbin");
        match &options.pgbin_dir {
            Some(dir) if std::fs::create_dir_all(dir).is_ok() && account.can_enter(dir) => dir.clone(),
            Some(_) | None => beside,
        }
    }

    /// The cluster's own folder (`PGDATA`).
    pub fn cluster(&self) -> &Path {
        &self.cluster
    }

    /// The socket's folder.
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// The server's log.
    pub fn log(&self) -> PathBuf {
        self.cluster.join("server.log")
    }

    /// Whether a whole cluster is there: it is made beside its place and moved in when complete.
    pub fn is_initialized(&self) -> bool {
        self.cluster.join("PG_VERSION").is_file()
    }

    /// The major version that wrote the cluster, if there is one.
    pub fn written_by(&self) -> Result<Option<u16>, ClusterError> {
        if !self.is_initialized() {
            return Ok(None);
        }
        let file = self.cluster.join("PG_VERSION");
        let text = std::fs::read_to_string(&file).map_err(ClusterError::file("read", &file))?;
        Ok(text.trim().parse().ok())
    }

    /// Whether a server that runs here since an earlier process died is as we would start it: on our
    /// socket, and as careful with the data as is wanted now.
    pub fn left_over_fits(&self, durable: bool) -> bool {
        let pid_file = std::fs::read_to_string(self.cluster.join("postmaster.pid")).unwrap_or_default();
        let settings = std::fs::read_to_string(self.cluster.join(super::settings::FILE)).unwrap_or_default();
        left_over_socket(&pid_file) == Some(self.socket_dir.as_path())
            && super::settings::is_durable(&settings) == durable
    }

    /// Sets a log aside that has grown large.
    pub fn keep_log_small(&self) {
        let log = self.log();
        if std::fs::metadata(&log).is_ok_and(|metadata| metadata.len() > LOG_BYTES) {
            // A log that stays where it is only grows on; not a reason to refuse the start.
            let _ = std::fs::rename(&log, log.with_extension("log.1"));
        }
    }
}

/// The cluster that an earlier start made for `data_dir`, wherever it had to go then: a parent folder
/// that is opened or closed meanwhile must not make the data look lost.
pub fn existing_cluster(data_dir: &Path) -> Option<PathBuf> {
    [data_dir.join(CLUSTER), shared_home(data_dir).join(CLUSTER)].into_iter().find(|cluster| cluster.is_dir())
}

fn shared_home(data_dir: &Path) -> PathBuf {
    Path::new(SHARED_HOME).join(key(data_dir))
}

/// A short name for a data folder.
fn key(data_dir: &Path) -> String {
    hex::encode(&Sha256::digest(data_dir.as_os_str().as_encoded_bytes())[..6])
}

/// The socket's folder of a running server: the fifth line of `postmaster.pid`.
fn left_over_socket(pid_file: &str) -> Option<&Path> {
    pid_file.lines().nth(4).map(Path::new)
}

/// Beside the cluster if the socket's path is short enough there, else in the temporary folder.
fn socket_dir(base: &Path, temporary: &Path, key: &str) -> PathBuf {
    let beside = base.join("socket");
    let fits = |dir: &Path| dir.join(format!(".s.PGSQL.{PORT}")).as_os_str().len() <= SOCKET_PATH_BYTES;
    if fits(&beside) {
        return beside;
    }
    let name = format!("jebena-{key}");
    let short = temporary.join(&name);
    if fits(&short) { short } else { Path::new("/tmp").join(name) }
}

/// Makes the data folder and says its full path. As root others may pass through it, so that the
/// server's account reaches the cluster; they cannot list it, and what is in it has modes of its own.
pub fn create_data_dir(data_dir: &Path) -> Result<PathBuf, ClusterError> {
    create_open_dir(data_dir)?;
    data_dir.canonicalize().map_err(ClusterError::file("open", data_dir))
}

fn create_open_dir(dir: &Path) -> Result<(), ClusterError> {
    if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent).map_err(ClusterError::file("create", parent))?;
    }
    match DirBuilder::new().mode(0o711).create(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        result => result.map_err(ClusterError::file("create", dir)),
    }
}

/// Makes a folder of mode 0700 for `account`, or takes the one that is there if it is just that: in a
/// temporary folder somebody else may have been first.
fn create_private_dir(dir: &Path, account: Account) -> Result<(), ClusterError> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Ok(()) => account.own(dir),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let found = std::fs::symlink_metadata(dir).map_err(ClusterError::file("open", dir))?;
            let owner_fits = match account {
                Account::Switched { uid, .. } => found.uid() == uid,
                Account::Own | Account::Namespace => found.uid() == effective_uid()?,
            };
            if !found.is_dir() || !owner_fits {
                return Err(ClusterError::NotOurs { path: dir.to_owned(), owner: found.uid() });
            }
            std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700))
                .map_err(ClusterError::file("close", dir))
        }
        Err(error) => Err(ClusterError::file("create", dir)(error)),
    }
}

/// Our own effective user id, as the owner of a file that we create: asking the system directly would
/// take an unsafe call.
pub fn effective_uid() -> Result<u32, ClusterError> {
    let temporary = std::env::temp_dir();
    tempfile::tempfile_in(&temporary)
        .and_then(|file| file.metadata())
        .map(|metadata| metadata.uid())
        .map_err(ClusterError::file("create a file in", &temporary))
}

/// Takes the data folder for this process. The lock goes with the process, however it ends; the
/// process id in the file is for the message alone.
pub fn lock(data_dir: &Path) -> Result<File, ClusterError> {
    let path = data_dir.join("lock");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(ClusterError::file("open", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // Without a readable id the message is still right.
            let _ = file.read_to_string(&mut holder);
            return Err(ClusterError::InUse { data_dir: data_dir.to_owned(), holder: holder.trim().to_owned() });
        }
        Err(TryLockError::Error(error)) => return Err(ClusterError::file("lock", &path)(error)),
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(ClusterError::file("write", &path))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_moves_the_socket_to_a_short_folder() {
        let short = Path::new("/srv/jebena/data");
        assert_eq!(socket_dir(short, Path::new("/tmp"), "abc"), Path::new("/srv/jebena/data/socket"));
        let long = PathBuf::from(format!("/{}", "x".repeat(90)));
        assert_eq!(socket_dir(&long, Path::new("/tmp"), "abc"), Path::new("/tmp/jebena-abc"));
        assert_eq!(socket_dir(&long, &long, "abc"), Path::new("/tmp/jebena-abc"));
        let exactly = SOCKET_PATH_BYTES - "/socket/.s.PGSQL.5432".len();
        let base = PathBuf::from(format!("/{}", "x".repeat(exactly - 1)));
        assert_eq!(socket_dir(&base, Path::new("/tmp"), "abc"), base.join("socket"));
    }

    #[test]
    fn a_cluster_that_is_there_is_found_again() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(existing_cluster(data.path()), None);
        std::fs::create_dir(data.path().join(CLUSTER)).unwrap();
        assert_eq!(existing_cluster(data.path()), Some(data.path().join(CLUSTER)));
    }

    #[test]
    fn the_left_over_server_names_its_socket_folder() {
        let pid_file = "4711\n/srv/data/pg\n1763668800\n5432\n/srv/data/socket\n\n  5432001    327680\nready   \n";
        assert_eq!(left_over_socket(pid_file), Some(Path::new("/srv/data/socket")));
        assert_eq!(left_over_socket(""), None);
    }

    #[test]
    fn a_second_process_learns_who_holds_the_folder() {
        let data = tempfile::tempdir().unwrap();
        let held = lock(data.path()).unwrap();
        let refused = lock(data.path()).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        drop(held);
        lock(data.path()).unwrap();
    }
}
