//! The server's settings, written anew at every start into a file of ours that `postgresql.conf`
//! includes last.

use std::fmt::Write as _;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;

use super::place::Place;
use super::{ClusterError, ClusterOptions, PORT};

/// The file's name inside the cluster's folder.
pub const FILE: &str = "jebena.conf";

const NOT_DURABLE: [(&str, &str); 3] = [("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")];

/// Writes the settings file.
pub fn write(place: &Place, options: &ClusterOptions) -> Result<(), ClusterError> {
    let path = place.cluster().join(FILE);
    let text = text(place, options);
    // Replaced whole: the folder is the server account's, so no file in it is written through.
    tempfile::Builder::new()
        .permissions(std::fs::Permissions::from_mode(0o644))
        .tempfile_in(place.cluster())
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.persist(&path).map_err(|error| error.error)
        })
        .map_err(ClusterError::file("write", &path))?;
    Ok(())
}

/// Whether settings written earlier keep committed data through a power cut.
pub fn is_durable(text: &str) -> bool {
    !text.lines().any(|line| line.starts_with("fsync = 'off'"))
}

fn text(place: &Place, options: &ClusterOptions) -> String {
    let mut text = String::from("# Written by jebena at every start; changes here are lost.\n");
    let mut set = |name: &str, value: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name} = '{}'", value.replace('\\', "\\\\").replace('\'', "''"));
    };
    set("listen_addresses", "");
    set("port", &PORT.to_string());
    // The value is a list of names: in double quotes a comma or a blank is part of the name.
    set("unix_socket_directories", &format!("\"{}\"", place.socket_dir().display()));
    set("unix_socket_permissions", "0700");
    set("max_connections", &options.max_connections.to_string());
    set("timezone", "UTC");
    set("log_timezone", "UTC");
    set("cluster_name", "jebena");
    if !options.durable {
        for (name, value) in NOT_DURABLE {
            set(name, value);
        }
    }
    for (name, value) in &options.settings {
        set(name, value);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::Account;

    #[test]
    fn values_are_quoted_and_the_wanted_durability_is_legible() {
        let folder = tempfile::Builder::new().prefix("it's, odd ").tempdir().unwrap();
        let place = Place::settle(folder.path(), &Account::Own).unwrap();
        let mut options = ClusterOptions::new(folder.path());
        assert!(is_durable(&text(&place, &options)));
        options.durable = false;
        options.settings.push(("work_mem".into(), "8MB".into()));
        let text = text(&place, &options);
        assert!(!is_durable(&text));
        assert!(text.contains("work_mem = '8MB'"));
        let quoted = format!("'\"{}/socket\"'", folder.path().display().to_string().replace('\'', "''"));
        assert!(text.contains(&quoted), "{text}");
    }
}
