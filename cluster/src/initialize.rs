//! Making a new, empty cluster.

use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use super::binaries::{Server, Version};
use super::commands::{Tool, finish};
use super::place::Place;
use super::{ClusterError, SUPERUSER, settings};

/// Makes the cluster beside its place and moves it in when it is complete: an interrupted start leaves
/// nothing that looks like a cluster.
pub fn initialize(tool: &Tool, server: &Server, place: &Place, durable: bool) -> Result<(), ClusterError> {
    let unfinished = place.cluster().with_extension("new");
    let mut failure = None;
    for locale in locales(server.version) {
        clear(tool, &unfinished)?;
        let mut command = tool.program("initdb");
        command
            .arg("-D")
            .arg(&unfinished)
            .args(["--username", SUPERUSER, "--encoding=UTF8", "--data-checksums"])
            .args(["--auth-local=trust", "--auth-host=reject"])
            .args(*locale);
        if !durable {
            command.arg("--no-sync");
        }
        let (status, output) = finish("initdb", &mut command)?;
        if status.success() {
            return move_in(&unfinished, place);
        }
        let about_locale = output.to_lowercase().contains("locale") || output.contains("ICU");
        failure = Some(ClusterError::Failed { program: "initdb".into(), output });
        if !about_locale {
            break;
        }
    }
    // The first error says it all; what is half made only confuses.
    let _ = std::fs::remove_dir_all(&unfinished);
    failure.map_or(Ok(()), Err)
}

/// The locales to try. Plain `C` would compare letters beyond ASCII byte by byte, so that a search that
/// ignores case misses them; it is the last resort of builds that have nothing else.
fn locales(version: Version) -> &'static [&'static [&'static str]] {
    const BUILTIN: &[&str] = &["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    const SYSTEM: &[&str] = &["--locale=C.UTF-8"];
    const ICU: &[&str] = &["--locale=C", "--locale-provider=icu", "--icu-locale=und"];
    const PLAIN: &[&str] = &["--locale=C"];
    if version.major >= 17 { &[BUILTIN, PLAIN] } else { &[SYSTEM, ICU, PLAIN] }
}

fn clear(tool: &Tool, dir: &Path) -> Result<(), ClusterError> {
    match std::fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(ClusterError::file("remove", dir)(error));
        }
        Ok(()) | Err(_) => {}
    }
    std::fs::DirBuilder::new().mode(0o700).create(dir).map_err(ClusterError::file("create", dir))?;
    tool.account().own(dir)
}

fn move_in(unfinished: &Path, place: &Place) -> Result<(), ClusterError> {
    let main = unfinished.join("postgresql.conf");
    let include = format!("\ninclude_if_exists = '{}'\n", settings::FILE);
    std::fs::read_to_string(&main)
        .and_then(|text| std::fs::write(&main, text + &include))
        .map_err(ClusterError::file("write", &main))?;
    std::fs::set_permissions(unfinished, std::fs::Permissions::from_mode(0o700))
        .map_err(ClusterError::file("close", unfinished))?;
    std::fs::rename(unfinished, place.cluster()).map_err(ClusterError::file("move", unfinished))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_servers_bring_their_own_locale() {
        let first = |major| locales(Version { major, minor: 0 })[0].join(" ");
        assert_eq!(first(15), "--locale=C.UTF-8");
        assert_eq!(first(16), "--locale=C.UTF-8");
        assert!(first(17).contains("builtin"));
        assert!(first(18).contains("builtin"));
    }
}
