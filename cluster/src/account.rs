//! Under which account the server runs. PostgreSQL refuses root, so root is left.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::ClusterError;
use super::place::{self, effective_uid};

/// The account of the server's processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// Ours; we are not root.
    Own,
    /// Another one; we are root and switch to it.
    Switched {
        /// Its user id.
        uid: u32,
        /// Its group id.
        gid: u32,
    },
    /// Root in a user namespace where it is called 1000: for folders that nobody but root can reach.
    Namespace,
}

impl Account {
    /// `program` under this account: in a process group of its own, so that Ctrl-C reaches us and not
    /// the server, away from our working directory, and without our `PG*` variables.
    #[must_use]
    pub fn command(self, program: &Path) -> Command {
        let mut command = match self {
            Self::Own | Self::Switched { .. } => Command::new(program),
            Self::Namespace => {
                let mut unshare = Command::new("unshare");
                unshare.args(["--user", "--map-user=1000", "--map-group=1000", "--"]).arg(program);
                unshare
            }
        };
        if let Self::Switched { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        command.env("LC_ALL", "C").current_dir("/").process_group(0).stdin(Stdio::null());
        command
    }

    /// Gives `path` to this account.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn own(self, path: &Path) -> Result<(), ClusterError> {
        match self {
            // The files of a namespace's processes stay root's.
            Self::Own | Self::Namespace => Ok(()),
            Self::Switched { uid, gid } => std::os::unix::fs::chown(path, Some(uid), Some(gid))
                .map_err(ClusterError::file("change the owner of", path)),
        }
    }

    /// Whether this account can work in `folder`.
    #[must_use]
    pub fn can_use(self, folder: &Path) -> bool {
        self.agrees(r#"test -r "$1" && test -w "$1" && test -x "$1""#, folder)
    }

    /// Whether this account can look into `folder`.
    #[must_use]
    pub fn can_enter(self, folder: &Path) -> bool {
        self.agrees(r#"test -r "$1" && test -x "$1""#, folder)
    }

    /// Whether this account can run the server in `folder`.
    #[must_use]
    pub fn can_run_from(self, folder: &Path) -> bool {
        self.agrees(r#""$1/postgres" --version"#, folder)
    }

    /// Whether a line of shell, run as this account with `folder` as its argument, succeeds.
    fn agrees(self, script: &str, folder: &Path) -> bool {
        self.command(Path::new("/bin/sh"))
            .args(["-c", script, "sh"])
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}

/// The account for a cluster in `data_dir`: ours unless we are root; as root the owner of a cluster
/// that exists, else `postgres` or `nobody`, whoever can reach the folder, else a user namespace.
///
/// # Errors
/// [`ClusterError::NotOurs`] when the cluster is another user's.
pub fn choose(data_dir: &Path) -> Result<Account, ClusterError> {
    let us = effective_uid()?;
    if let Some(cluster) = place::existing_cluster(data_dir) {
        let owner = std::fs::metadata(&cluster).map_err(ClusterError::file("open", &cluster))?;
        return match owner.uid() {
            uid if us != 0 && uid == us => Ok(Account::Own),
            uid if us != 0 => Err(ClusterError::NotOurs { path: cluster, owner: uid }),
            0 => Ok(Account::Namespace),
            uid => Ok(Account::Switched { uid, gid: owner.gid() }),
        };
    }
    if us != 0 {
        return Ok(Account::Own);
    }
    let candidates = ["postgres", "nobody"].into_iter().filter_map(named).chain([Account::Namespace]);
    for candidate in candidates {
        if reaches(candidate, data_dir)? {
            return Ok(candidate);
        }
    }
    // Nobody can reach the folder: `Place` then puts the cluster where somebody can.
    ["postgres", "nobody"]
        .into_iter()
        .find_map(named)
        .ok_or_else(|| ClusterError::NoAccount { data_dir: data_dir.to_owned() })
}

/// Whether a folder below `data_dir` that is given to the account can be used by it.
pub fn reaches(account: Account, data_dir: &Path) -> Result<bool, ClusterError> {
    let trial = tempfile::Builder::new()
        .prefix(".reach-")
        .tempdir_in(data_dir)
        .map_err(ClusterError::file("create a folder in", data_dir))?;
    account.own(trial.path())?;
    Ok(account.can_use(trial.path()))
}

fn named(user: &str) -> Option<Account> {
    let id = |flag: &str| {
        let output = Command::new("id").args([flag, user]).stdin(Stdio::null()).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    Some(Account::Switched { uid: id("-u")?, gid: id("-g")? })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn an_existing_cluster_keeps_its_owner() {
        let data = tempfile::tempdir().unwrap();
        std::fs::create_dir(data.path().join(place::CLUSTER)).unwrap();
        let chosen = choose(data.path()).unwrap();
        match effective_uid().unwrap() {
            0 => assert_eq!(chosen, Account::Namespace),
            _ => assert_eq!(chosen, Account::Own),
        }
    }

    #[test]
    fn a_closed_parent_is_noticed() {
        if effective_uid().unwrap() != 0 {
            return;
        }
        let Some(nobody) = named("nobody") else { return };
        let data = tempfile::tempdir().unwrap();
        std::fs::set_permissions(data.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        assert!(!reaches(nobody, data.path()).unwrap());
        std::fs::set_permissions(data.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
        assert!(reaches(nobody, data.path()).unwrap());
    }
}
