//! Clusters for tests: in a temporary folder, gone when the test process is, even when it is killed.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::{Cluster, ClusterError, ClusterOptions, account};

/// A test run opens a pool per test, many at once.
const MAX_CONNECTIONS: u16 = 300;

/// Waits for the end of its input, which is the end of our process, then ends the server (SIGQUIT is
/// PostgreSQL's immediate shutdown) and removes the folder. The first argument is the folder, the second
/// the cluster in it.
const WATCHDOG: &str = r#"
cat >/dev/null
pid=$(head -n 1 "$2/postmaster.pid" 2>/dev/null)
if [ -n "$pid" ]; then
  kill -QUIT "$pid" 2>/dev/null
  tries=0
  while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
fi
# What was still starting may write once more while its folder goes away.
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
"#;

/// The watchdog of a throw-away cluster.
#[derive(Debug)]
pub struct Remains {
    watchdog: Child,
}

impl Remains {
    /// Lets the watchdog do its work and waits for it.
    pub fn wait(mut self) {
        drop(self.watchdog.stdin.take());
        // It cannot fail in a way that anybody could act on.
        let _ = self.watchdog.wait();
    }
}

/// Starts a throw-away cluster.
pub fn start() -> Result<Cluster, ClusterError> {
    let temporary = std::env::temp_dir();
    let folder = tempfile::Builder::new()
        .prefix("jebena-")
        // The server's account passes through; it cannot list.
        .permissions(std::fs::Permissions::from_mode(0o711))
        .tempdir_in(&temporary)
        .map_err(ClusterError::file("create a folder in", &temporary))?;
    // The watchdog removes one folder; a cluster that had to go elsewhere would be left behind.
    if !account::reaches(account::choose(folder.path())?, folder.path())? {
        return Err(ClusterError::NoAccount { data_dir: folder.path().to_owned() });
    }
    // The watchdog goes first: from here on nothing is left behind, wherever we stop.
    let watchdog = watch(&folder)?;
    let options = ClusterOptions {
        durable: false,
        max_connections: MAX_CONNECTIONS,
        pgbin_dir: Some(shared_pgbin()),
        ..ClusterOptions::new(folder.path())
    };
    let started = Cluster::start(options, &|line| tracing::info!("{line}"));
    // From here the folder is the watchdog's to remove.
    let _ = folder.keep();
    let remains = Remains { watchdog };
    match started {
        Ok(mut cluster) => {
            cluster.ephemeral = Some(remains);
            Ok(cluster)
        }
        Err(error) => {
            remains.wait();
            Err(error)
        }
    }
}

fn watch(folder: &tempfile::TempDir) -> Result<Child, ClusterError> {
    Command::new("/bin/sh")
        .args(["-c", WATCHDOG, "jebena-watchdog"])
        .arg(folder.path())
        .arg(folder.path().join(super::place::CLUSTER))
        .current_dir("/")
        // Ctrl-C and a kill of our group must not reach it.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| ClusterError::Failed { program: "/bin/sh".into(), output: error.to_string() })
}

/// Binaries are fetched once for all test runs: into the data folder of the working copy, whichever of its crates is tested.
fn shared_pgbin() -> PathBuf {
    let crate_folder = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
    let root = crate_folder.ancestors().find(|folder| folder.join("Cargo.lock").is_file()).unwrap_or(&crate_folder);
    root.join("data/pgbin")
}
