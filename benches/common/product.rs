//! The product under measurement: `jebena demo` with its own PostgreSQL, started, stopped and started again.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::process::{Child, Command};

use super::client::{Ask, Connection};
use super::load::Target;
use super::process::Processes;

/// A million exports take minutes to make; nothing takes longer.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// Where the product keeps everything.
#[derive(Debug)]
pub(crate) struct DataFolder {
    path: PathBuf,
    _temporary: Option<tempfile::TempDir>,
}

impl DataFolder {
    /// `keep/<name>`, which stays, or a folder that is gone afterwards.
    pub(crate) fn choose(keep: Option<&Path>, name: &str) -> Result<Self> {
        if let Some(keep) = keep {
            let path = keep.join(name);
            fs::create_dir_all(&path)?;
            return Ok(Self { path, _temporary: None });
        }
        let temporary = tempfile::Builder::new().prefix("jebena-bench-").tempdir()?;
        // Started as root, PostgreSQL runs as another account, which has to reach its folder.
        fs::set_permissions(temporary.path(), fs::Permissions::from_mode(0o755))?;
        Ok(Self { path: temporary.path().to_owned(), _temporary: Some(temporary) })
    }
}

/// A running product.
#[derive(Debug)]
pub(crate) struct Product {
    child: Child,
    address: SocketAddr,
    folder: PathBuf,
}

impl Product {
    /// Starts it; returns it with the time from the start of the process to its first answer.
    pub(crate) async fn start(folder: &DataFolder, exports: u64) -> Result<(Self, Duration)> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let begun = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_jebena"))
            .args(["demo", "--listen", &address.to_string(), "--exports", &exports.to_string()])
            .arg("--data-dir")
            .arg(&folder.path)
            // What is measured is what is answered.
            .env("RATE_LIMIT_MAX_REQUESTS", "1000000")
            .env("AUTH_RATE_LIMIT_MAX", "1000")
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("the product cannot be started")?;
        let mut product = Self { child, address, folder: folder.path.clone() };
        while !product.answers().await {
            if let Some(status) = product.child.try_wait()? {
                bail!("the product ended: {status}");
            }
            if begun.elapsed() > PATIENCE {
                bail!("the product does not answer");
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok((product, begun.elapsed()))
    }

    async fn answers(&self) -> bool {
        let answer = Connection::new(self.address).send(&Ask::page("/sign-in", None)).await;
        answer.is_ok_and(|answer| answer.status == 200)
    }

    /// Ends it as Ctrl-C would, its PostgreSQL too.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let id = self.child.id().context("the product has ended")?;
        Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        self.child.wait().await?;
        Ok(())
    }

    /// Ends the server as a crash would; its PostgreSQL stays, as a database service would.
    pub(crate) async fn crash(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Where to send the load.
    pub(crate) fn target(&self) -> Result<Target> {
        let server = self.child.id().context("the product has ended")?;
        Ok(Target { address: self.address, processes: Processes { server, postmaster: self.postmaster()? } })
    }

    /// The address of the database, for its superuser.
    pub(crate) fn database_url(&self) -> Result<String> {
        Ok(fs::read_to_string(self.folder.join("database-url"))?.trim().to_owned())
    }

    /// What PostgreSQL has written down about itself.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("pg/server.log")
    }

    /// A command of the product on the same database.
    pub(crate) fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jebena"));
        command.args(arguments).env("DATABASE_URL", self.database_url()?);
        Ok(command)
    }

    /// The folder with the programs of the PostgreSQL that runs.
    pub(crate) fn programs(&self) -> Result<PathBuf> {
        let program = fs::read_link(format!("/proc/{}/exe", self.postmaster()?))?;
        Ok(program.parent().context("a program has a folder")?.to_owned())
    }

    fn postmaster(&self) -> Result<u32> {
        let text = fs::read_to_string(self.folder.join("pg/postmaster.pid"))?;
        Ok(text.lines().next().context("the file of PostgreSQL's process is empty")?.trim().parse()?)
    }
}
