//! Papers that prove themselves: the list of who may seal, the page that checks seals, and the command line.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use chrono::{DateTime, Utc};
use http::StatusCode;
use jebena::certificates::{FileSource, NoList, TrustSource};
use jebena_trust::trust_list::ListError;
use serde_json::Value;

use crate::site::{Browser, TestSite};

const NOW: i64 = 1_800_000_000;

/// A list, seals and the verdict on each, made for this test by the example of the crate.
struct Vectors(tempfile::TempDir);

impl Vectors {
    fn make() -> Self {
        // Beside this test: target/debug/deps/it and target/debug/examples/vectors.
        let binary = std::env::current_exe().unwrap().parent().unwrap().with_file_name("examples").join("vectors");
        assert!(binary.exists(), "{} is not there: cargo build --workspace --examples", binary.display());
        let folder = tempfile::tempdir().unwrap();
        let made = Command::new(binary).arg("make").arg(folder.path()).arg(NOW.to_string()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        Self(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn root(&self) -> [u8; 32] {
        hex::decode(self.read("root.txt")).unwrap().try_into().unwrap()
    }

    /// `jebena verify` of these files, as of the moment of the vectors.
    fn verify(&self, words: &[&str], files: &[&Path]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_jebena"))
            .arg("verify")
            .args(words)
            .args(files)
            .env("TRUST_LIST_FILE", self.path("list.jws"))
            .env("TRUST_ROOT_SHA256", self.read("root.txt"))
            .output()
            .unwrap()
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

#[tokio::test]
async fn without_a_list_nobody_is_told_of_one_and_nothing_is_checked() {
    let site = TestSite::start().await;
    let mut stranger = Browser::default();
    let answer = site.get(&mut stranger, "/trust-list").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text.contains("no list of trust") && answer.text.contains("ዝርዝር"), "{}", answer.text);
    let answer = site.get(&mut stranger, "/v/offline").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("<noscript>") && !answer.text.contains("data-signer"), "{}", answer.text);
    let answer = site.get(&mut stranger, "/v/worker.js").await;
    assert_eq!(answer.headers["content-type"], "text/javascript; charset=utf-8");
    assert_eq!(answer.headers["cache-control"], "no-cache", "a browser looks for another worker each time");
}

#[tokio::test]
async fn a_list_in_a_file_is_served_as_long_as_it_holds_and_never_an_older_one() {
    let vectors = Vectors::make();
    let served = vectors.path("served.jws");
    let write = |text: &str| {
        // As a whole, as whoever brings one should.
        std::fs::write(vectors.path("new.jws"), text).unwrap();
        std::fs::rename(vectors.path("new.jws"), &served).unwrap();
    };
    let put = |name: &str| write(&vectors.read(name));
    let source = FileSource::new(served.clone(), vectors.root());
    assert!(matches!(source.current(at(NOW)).await, Err(NoList::Unreadable(_))), "no file yet");
    put("foreign.jws");
    assert!(matches!(source.current(at(NOW)).await, Err(NoList::Refused(ListError::Signer(_)))));
    put("older.jws");
    let early = source.current(at(NOW - 4000)).await;
    assert!(matches!(early, Err(NoList::Refused(ListError::MadeLater(_)))), "{early:?}");
    let older = source.current(at(NOW)).await.unwrap();
    put("list.jws");
    let list = source.current(at(NOW)).await.unwrap();
    assert_eq!(*list.text, vectors.read("list.jws"));
    assert_eq!(list.key, older.key);
    assert_eq!(list.key.root, vectors.read("root.txt"));
    assert_eq!(source.current(at(NOW)).await.unwrap(), list, "again, without reading it");
    // What does not hold changes nothing.
    for name in ["older.jws", "foreign.jws", "over.jws", "cases.json"] {
        put(name);
        assert_eq!(source.current(at(NOW)).await.as_ref(), Ok(&list), "{name}");
    }
    std::fs::remove_file(&served).unwrap();
    assert_eq!(source.current(at(NOW)).await.unwrap(), list, "while somebody brings another");
    write(&format!("{}\n", vectors.read("list.jws")));
    assert_eq!(source.current(at(NOW)).await.unwrap(), list, "an editor's last line break");
    let over = source.current(at(NOW + 31 * 86_400)).await;
    assert!(matches!(over, Err(NoList::Refused(ListError::Expired(_)))), "{over:?}");
    put("older.jws");
    let older = source.current(at(NOW + 31 * 86_400)).await;
    assert!(matches!(older, Err(NoList::Refused(_))), "{older:?}");
}

#[test]
fn the_command_line_comes_to_the_verdicts_of_the_crate_and_ends_well_only_when_all_are_valid() {
    let vectors = Vectors::make();
    let cases: Vec<Value> = serde_json::from_str(&vectors.read("cases.json")).unwrap();
    let named = cases.iter().filter(|case| !case["name"].as_str().unwrap().starts_with("byte "));
    let files: Vec<(PathBuf, &Value)> = named
        .enumerate()
        .map(|(number, case)| {
            let path = vectors.path(&format!("{number}.txt"));
            std::fs::write(&path, case["text"].as_str().unwrap()).unwrap();
            (path, case)
        })
        .collect();
    let as_of = ["--at", "2027-01-15T08:00:00Z"];
    let paths: Vec<&Path> = files.iter().map(|(path, _)| path.as_path()).collect();
    let output = vectors.verify(&[as_of[0], as_of[1], "--json"], &paths);
    assert_eq!(output.status.code(), Some(1));
    let said: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(said.len() >= 20 && said.len() == files.len());
    for (said, (path, case)) in said.iter().zip(&files) {
        assert_eq!(said["file"], path.to_str().unwrap());
        assert_eq!(said["outcome"]["verdict"], case["verdict"], "{}", case["name"]);
        assert_eq!(said["outcome"]["reason"]["code"], case["reason"], "{}", case["name"]);
    }
    assert_eq!(files[0].1["verdict"], "VALID");
    let output = vectors.verify(&as_of, &paths[..1]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    for part in ["VALID ", "Ethiopian Coffee and Tea Authority (ECTA)", "Abay Coffee Export PLC", "as of", "list 7 of"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    // One that is not valid among others; one that is not there; a moment that is none.
    assert_eq!(vectors.verify(&as_of, &[paths[0], paths[3]]).status.code(), Some(1));
    assert_eq!(vectors.verify(&as_of, &[paths[0], Path::new("/no/such/file")]).status.code(), Some(1));
    assert_eq!(vectors.verify(&["--at", "yesterday"], &paths[..1]).status.code(), Some(2));
    // With another root nothing can be said.
    let foreign = "ab".repeat(32);
    let output = vectors.verify(&[as_of[0], as_of[1], "--root", &foreign, "--json"], &paths[..1]);
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(said[0]["outcome"]["verdict"], "CANNOT_TELL");
    assert_eq!(said[0]["outcome"]["reason"]["code"], "TRUST_LIST");
    assert_eq!(output.status.code(), Some(1));
}
