//! Where what may stand: SQL in stores, transactions in services. Whatever else has some says here why.

use std::fs;
use std::path::{Path, PathBuf};

const SQL: [&str; 4] = ["sqlx::query", "query_as", "sqlx::raw_sql", "QueryBuilder"];
const TRANSACTIONS: [&str; 7] =
    [".begin_as(", ".begin_gate(", ".begin_worker(", ".begin_admin(", ".begin_public(", "db.acquire(", ".commit()"];

/// Beside the stores.
const WITH_SQL: [(&str, &str); 8] = [
    ("src/database/", "is the database's own: contexts, grants, migrations"),
    ("src/demo/", "fills tables with history that nobody lived"),
    ("src/cli/demo.rs", "creates the demo's databases"),
    ("cluster/src/", "asks a server that it has just started"),
    ("signer/src/database.rs", "is the secure database's own: roles and migrations"),
    ("src/numbering.rs", "is a store of one query, with the pattern that it reads"),
    ("src/web/modes.rs", "is asked beneath every area"),
    ("src/app/probes.rs", "looks at the migrator's own table"),
];

/// Beside the services.
const WITH_TRANSACTIONS: [(&str, &str); 14] = [
    ("src/database/", "is what they are made of"),
    ("signer/src/keyring.rs", "is the service of keys: a use is on record before it happens"),
    ("signer/src/authority.rs", "is the service of certificates"),
    ("signer/src/authority/", "is the service of lists, requests and single answers"),
    ("signer/src/rotation.rs", "is the service of rotations: a batch is a transaction"),
    ("src/demo/", "fills tables with history that nobody lived"),
    ("src/workflow/command.rs", "is the one transaction of every command"),
    ("src/organizations/sessions/backend.rs", "is the service of sessions, behind the session layer's trait"),
    ("src/web/modes.rs", "is asked beneath every area"),
    ("src/app/probes.rs", "asks whether there is a database"),
    ("src/app/chores.rs", "is where chores are run"),
    ("src/audit/seal.rs", "is a chore"),
    ("src/documents/reconcile.rs", "is a chore"),
    ("src/cli/audit.rs", "is an operator's command"),
];

/// Where sources are.
const CRATES: [&str; 5] = ["src", "cluster/src", "pdf/src", "signer/src", "trust/src"];

/// Every source file with what it says.
fn sources() -> Vec<(String, String)> {
    CRATES.iter().flat_map(|folder| files(folder, "rs")).collect()
}

/// Every file below a folder whose name ends so, with what it says.
fn files(below: &str, ending: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join(below)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files
}

/// The files that have one of `words`, are not of the `kind` that may, and are not `excepted`; and the exceptions
/// that no file needs.
fn strangers(words: &[&str], kind: &str, excepted: &[(&str, &str)]) -> Vec<String> {
    let having: Vec<String> = sources()
        .into_iter()
        .filter(|(name, text)| {
            let is_of_kind = name.ends_with(&format!("/{kind}.rs")) || name.contains(&format!("/{kind}/"));
            !is_of_kind && words.iter().any(|word| text.contains(word))
        })
        .map(|(name, _)| name)
        .collect();
    let needless = excepted.iter().filter(|(path, _)| !having.iter().any(|name| name.starts_with(path)));
    let needless = needless.map(|(path, _)| format!("{path} is excepted and has nothing to except"));
    let strangers = having.iter().filter(|name| !excepted.iter().any(|(path, _)| name.starts_with(path))).cloned();
    strangers.chain(needless).collect()
}

#[test]
fn sql_stands_in_stores() {
    assert_eq!(strangers(&SQL, "store", &WITH_SQL), Vec::<String>::new());
}

#[test]
fn transactions_begin_and_end_in_services() {
    assert_eq!(strangers(&TRANSACTIONS, "service", &WITH_TRANSACTIONS), Vec::<String>::new());
}

#[test]
fn programs_are_started_for_the_cluster_of_a_demonstration_alone() {
    let excepted = [
        ("cluster/src/", "finds, installs and runs PostgreSQL"),
        ("src/cli/demo/signing.rs", "starts this very program beside itself, as the demo's signer"),
    ];
    assert_eq!(
        strangers(&["Command::new(", "process::Command", "posix_spawn"], "none", &excepted),
        Vec::<String>::new()
    );
    let shells = ["\"sh\"", "\"bash\"", "/bin/sh", "\"-c\""];
    let excepted = [("cluster/src/", "starts the watcher of a test's cluster, with words of its own alone")];
    assert_eq!(strangers(&shells, "none", &excepted), Vec::<String>::new());
}

#[test]
fn nothing_is_fetched_from_where_a_person_says() {
    // The store of files, the mail server and the scanner have the addresses of the configuration.
    let clients = ["reqwest::", "hyper::client", "ureq::", "client::legacy", "TcpStream::connect"];
    let excepted = [
        ("src/web/serve/tests.rs", "speaks to its own server"),
        ("src/documents/scanner.rs", "speaks to the scanner at the address of the configuration"),
    ];
    assert_eq!(strangers(&clients, "none", &excepted), Vec::<String>::new());
}

#[test]
fn templates_escape_everything_and_lead_nowhere_by_script() {
    let mut found = Vec::new();
    for (name, text) in files("templates", "html") {
        let without_blanks: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        for word in ["|safe", "|escape(\"none\")", "javascript:", "data:text", "srcdoc="] {
            if without_blanks.to_lowercase().contains(word) {
                found.push(format!("{name}: {word}"));
            }
        }
        // Templates escape what stands between quotes. Where each link leads, the round over every page in a browser looks.
        for attribute in ["href=", "src=", "action=", "formaction=", "hx-get=", "hx-post="] {
            for value in text.split(attribute).skip(1) {
                if !value.starts_with('"') {
                    found.push(format!("{name}: {attribute} without quotes"));
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
