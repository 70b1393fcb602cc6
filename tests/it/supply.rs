//! What the product is built of: from where, under which licences, and without a hole that is known.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use rustsec::advisory::Advisory;
use rustsec::{Database, Lockfile};
use serde_json::Value;
use spdx::{Expression, ParseMode};

/// Licences under which a library may become part of a binary that is given away: permissive ones, and MPL 2.0, whose duties
/// end with the library's own files.
const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
];
fn is_accepted(licence: &str) -> bool {
    let parsed = Expression::parse_mode(licence, ParseMode::LAX);
    parsed
        .is_ok_and(|parsed| parsed.evaluate(|wanted| wanted.license.id().is_some_and(|id| LICENCES.contains(&id.name))))
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn libraries_come_from_one_registry_under_licences_that_we_accept() {
    // Those of other platforms may not have been fetched.
    let version = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let version = String::from_utf8(version).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let asked = ["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", host];
    let metadata: Value = serde_json::from_str(&cargo(&asked)).unwrap();
    let used: Vec<&Value> = metadata["resolve"]["nodes"].as_array().unwrap().iter().map(|node| &node["id"]).collect();
    let packages: Vec<&Value> = metadata["packages"].as_array().unwrap().iter().collect();
    let libraries: Vec<&Value> =
        packages.into_iter().filter(|package| used.contains(&&package["id"]) && !package["source"].is_null()).collect();
    assert!(libraries.len() > 100, "only {}", libraries.len());
    let strange: Vec<String> = libraries
        .iter()
        .filter(|library| !library["license"].as_str().is_some_and(is_accepted))
        .map(|library| format!("{}: {}", library["name"], library["license"]))
        .collect();
    assert!(strange.is_empty(), "{strange:#?}");
    let sources: BTreeSet<&str> =
        libraries.iter().map(|library| library["source"].as_str().unwrap_or("here")).collect();
    let [source] = sources.iter().collect::<Vec<_>>()[..] else { panic!("{sources:?}") };
    assert!(source.starts_with("registry+"), "{source}");
    // What would not be accepted.
    for licence in ["GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "SSPL-1.0", "as you like"] {
        assert!(!is_accepted(licence), "{licence}");
    }
}

/// The libraries of the lock file that an advisory of the database in a folder is about.
fn known_holes(advisories: &Path) -> Vec<String> {
    let database = Database::open(advisories).unwrap();
    let lockfile = Lockfile::load(PathBuf::from("Cargo.lock")).unwrap();
    let found = database.vulnerabilities(&lockfile).into_iter();
    found.map(|hole| format!("{} {}: {}", hole.package.name, hole.package.version, hole.advisory.id)).collect()
}

/// A database of advisories with one about `package`, which `patched` no longer has.
fn database_with(package: &str, patched: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "```toml\n[advisory]\nid = \"RUSTSEC-2026-0001\"\npackage = \"{package}\"\ndate = \"2026-01-02\"\n\
         [versions]\npatched = [\"{patched}\"]\n```\n\n# Invented for a test\n\nIt is not there.\n"
    );
    text.parse::<Advisory>().unwrap();
    let place = folder.path().join("crates").join(package);
    std::fs::create_dir_all(&place).unwrap();
    std::fs::write(place.join("RUSTSEC-2026-0001.md"), text).unwrap();
    folder
}

#[test]
fn a_library_with_a_known_hole_is_found_and_one_without_is_not() {
    let holes = known_holes(database_with("serde", ">= 999.0.0").path());
    assert!(
        matches!(&holes[..], [hole] if hole.starts_with("serde 1.") && hole.ends_with("RUSTSEC-2026-0001")),
        "{holes:?}"
    );
    assert!(known_holes(database_with("serde", ">= 1.0.0").path()).is_empty());
    assert!(known_holes(database_with("no-library-of-ours", ">= 999.0.0").path()).is_empty());
}

#[test]
#[ignore = "needs a copy of the RustSec advisories, which ADVISORY_DB names; tests/run looks for it"]
fn no_library_has_a_hole_that_the_advisories_name() {
    let advisories = std::env::var("ADVISORY_DB").unwrap();
    let holes = known_holes(Path::new(&advisories));
    assert!(holes.is_empty(), "{holes:#?}");
}
