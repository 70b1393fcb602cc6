//! The papers of `tests/sheets`: what the application gives of each kind.

use std::sync::{Arc, Mutex, OnceLock};

use chrono::{DateTime, Utc};
use jebena_pdf::{Attachment, Paper, Picture, Relationship, compose};
use serde_json::Value;

/// All papers, by name.
pub fn all() -> Vec<(String, Paper)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sheets");
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names.iter().map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), read(path))).collect()
}

/// The paper of this name.
pub fn one(name: &str) -> Paper {
    all().into_iter().find(|(known, _)| known == name).unwrap().1
}

/// Each paper is composed once for all tests: that takes most of their time, and is the same whenever it is done.
static COMPOSED: Mutex<Vec<(Paper, File)>> = Mutex::new(Vec::new());

type File = Arc<OnceLock<Vec<u8>>>;

/// A paper as a file.
pub fn composed(paper: &Paper) -> Vec<u8> {
    let place = {
        let mut all = COMPOSED.lock().unwrap();
        match all.iter().find(|(known, _)| known == paper) {
            Some((_, place)) => Arc::clone(place),
            None => {
                let place = Arc::default();
                all.push((paper.clone(), Arc::clone(&place)));
                place
            }
        }
    };
    place.get_or_init(|| compose(paper).unwrap_or_else(|error| panic!("{}: {error}", paper.number))).clone()
}

/// The paper of this name as a file.
pub fn file(name: &str) -> Vec<u8> {
    composed(&one(name))
}

/// The text of this paper's page.
pub fn page(name: &str) -> String {
    let path = format!("{}/tests/sheets/{name}.json", env!("CARGO_MANIFEST_DIR"));
    fields(path.as_ref())["page"].as_str().unwrap().to_owned()
}

fn fields(path: &std::path::Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn read(path: &std::path::Path) -> Paper {
    let fields = fields(path);
    let text = |key: &str| fields[key].as_str().unwrap().to_owned();
    Paper {
        title: text("title"),
        lang: "en".to_owned(),
        number: text("number"),
        content: fields["content"].clone(),
        qr: Picture { svg: text("qr"), alt: "Check this paper".to_owned() },
        attachments: vec![
            Attachment {
                name: "paper.json".to_owned(),
                mime: "application/json".to_owned(),
                relationship: Relationship::Data,
                description: "What the paper says, for machines".to_owned(),
                bytes: b"{\"number\":\"1\"}".to_vec(),
            },
            Attachment {
                name: "paper.cose".to_owned(),
                mime: "application/cose".to_owned(),
                relationship: Relationship::Alternative,
                description: "The paper in short, with its seal".to_owned(),
                bytes: vec![0xd2, 0x84, 0x43, 0xa1, 0x01, 0x26],
            },
        ],
        created: moment(),
    }
}

/// When all of them were issued.
pub fn moment() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_944_600, 0).unwrap()
}
