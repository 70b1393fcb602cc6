//! Making a copy: every entry of the register as JSON and as CSV, and the files that the person has handed in.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt};
use serde_json::Value;
use tokio_util::io::ReaderStream;
use uuid::Uuid;

use super::LIFE;
use crate::database::{Db, Tx};
use crate::documents::storage::{Storage, StorageError, StorageKey};
use crate::i18n::Lang;
use crate::ids::UserId;
use crate::jobs::{Finished, JobError, Run};
use crate::mail::{self, MailKind, NewMail};
use crate::organizations::own_data::archive::{Archive, ArchiveError};
use crate::organizations::own_data::model::{Asked, Entry, OwnFile};
use crate::organizations::own_data::store::{self, Laid};
use crate::web::components::Moment;
use crate::web::csv::{CsvError, CsvTable};

/// Rows of one file; more of them go on in the next. Spreadsheets open so many, and so many fit into memory.
const ROWS_OF_A_FILE: usize = 20_000;

impl From<ArchiveError> for JobError {
    fn from(error: ArchiveError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<StorageError> for JobError {
    fn from(error: StorageError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<CsvError> for JobError {
    fn from(error: CsvError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Makes the copy that `run` is about, and tells its person.
///
/// # Errors
/// [`JobError`]; nothing can be downloaded then. After the last try the copy is given up.
pub async fn make_copy(db: &Db, storage: &Storage, run: &Run) -> Result<Finished, JobError> {
    let named = run.payload.get("copy").and_then(|id| id.as_str()).and_then(|id| id.parse::<Uuid>().ok());
    let id = named.ok_or_else(|| JobError::Hopeless("the job names no copy".to_owned()))?;
    // Its states are large; on the heap they cost whoever awaits nothing.
    let made = Box::pin(make(db, storage, run, id)).await;
    if let Err(error) = &made
        && run.is_last
        && !matches!(error, JobError::Lost)
    {
        let mut tx = run.begin(db).await?;
        store::update_failed(&mut tx, id, db.now()).await?;
        tx.commit().await?;
    }
    made
}

async fn make(db: &Db, storage: &Storage, run: &Run, id: Uuid) -> Result<Finished, JobError> {
    let mut tx = run.begin(db).await?;
    let Some(asked) = store::find_asked(&mut tx, id).await? else {
        return run.finish(tx, &Vec::new(), db.now()).await;
    };
    let register = store::list_register(&mut tx).await?;
    tx.commit().await?;

    let file = storage.scratch().await?;
    let mut archive = Archive::begin(file.reopen().map_err(ArchiveError::from)?);
    let mut counts = Vec::with_capacity(register.len());
    for (done, entry) in register.iter().enumerate() {
        progress(db, run, id, (done, register.len())).await?;
        let count;
        (archive, count) = Box::pin(add_rows(db, archive, asked.person, entry)).await?;
        counts.push((entry, count));
    }
    let files = list_files(db, asked.person).await?;
    let missing;
    (archive, missing) = Box::pin(add_files(storage, archive, &files)).await?;
    let about = serde_json::to_vec_pretty(&register).map_err(|error| JobError::Failed(error.to_string()))?;
    archive = archive.add("register.json".to_owned(), about).await?;
    let readme = readme(&asked, &counts, files.len() - missing, db.now());
    archive.add("README.txt".to_owned(), readme.into_bytes()).await?.finish().await?;

    let written = tokio::fs::File::open(file.path()).await.map_err(ArchiveError::from)?;
    let staged = storage.stage(ReaderStream::new(written), u64::MAX).await?;
    let (size_bytes, sha256) = (staged.digest().size_bytes, staged.digest().sha256);
    let key = StorageKey::new();
    storage.commit(staged, &key).await?;

    let now = db.now();
    let mut tx = run.begin(db).await?;
    store::update_progress(&mut tx, id, totals(register.len(), register.len())).await?;
    let size_bytes = i64::try_from(size_bytes).unwrap_or(i64::MAX);
    let laid = Laid { key: &key.path(), size_bytes, sha256: &sha256 };
    store::update_ready(&mut tx, id, &laid, (now, now + LIFE)).await?;
    let news = NewMail { kind: MailKind::DataCopy, subject: id, lang: asked.lang, organization: None };
    mail::ask(&mut tx, &news, now).await?;
    let rows = counts.iter().map(|(_, count)| count).sum();
    run.finish(tx, &vec![("records", rows), ("files", (files.len() - missing) as u64)], now).await
}

fn totals(done: usize, total: usize) -> (i32, i32) {
    let bounded = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    (bounded(done), bounded(total))
}

/// Writes down how far it has come; fails when the job is somebody else's by now.
async fn progress(db: &Db, run: &Run, id: Uuid, (done, total): (usize, usize)) -> Result<(), JobError> {
    let mut tx = run.begin(db).await?;
    store::update_progress(&mut tx, id, totals(done, total)).await?;
    Ok(tx.commit().await?)
}

/// Adds the person's rows of one entry; how many there are. Nothing is added where there are none.
async fn add_rows(db: &Db, mut archive: Archive, person: UserId, entry: &Entry) -> Result<(Archive, u64), JobError> {
    let mut tx: Tx = db.begin_privacy(person).await?;
    let (mut count, mut part) = (0, 0);
    let mut chunks = Box::pin(store::stream_rows(&mut tx, entry).try_chunks(ROWS_OF_A_FILE));
    while let Some(rows) = chunks.next().await {
        let rows = rows.map_err(|error| error.1)?;
        part += 1;
        let name = if part == 1 { entry.file_name() } else { format!("{}-{part}", entry.file_name()) };
        let json = serde_json::to_vec_pretty(&rows).map_err(|error| JobError::Failed(error.to_string()))?;
        archive = archive.add(format!("records/{name}.json"), json).await?;
        archive = archive.add(format!("records/{name}.csv"), as_csv(entry, &rows)?).await?;
        count += rows.len() as u64;
    }
    drop(chunks);
    tx.commit().await?;
    Ok((archive, count))
}

fn as_csv(entry: &Entry, rows: &[Value]) -> Result<Vec<u8>, CsvError> {
    let mut table = CsvTable::new(entry.told.iter().map(String::as_str))?;
    for row in rows {
        let cells: Vec<String> = entry
            .told
            .iter()
            .map(|column| match row.get(column) {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
            })
            .collect();
        table.row(cells.iter().map(String::as_str))?;
    }
    table.finish()
}

async fn list_files(db: &Db, person: UserId) -> sqlx::Result<Vec<OwnFile>> {
    let mut tx = db.begin_privacy(person).await?;
    let files = store::list_files(&mut tx, person).await?;
    tx.commit().await?;
    Ok(files)
}

/// Adds what the person has handed in; how many of the files are not there any more.
async fn add_files(storage: &Storage, mut archive: Archive, files: &[OwnFile]) -> Result<(Archive, usize), JobError> {
    let mut missing = 0;
    for file in files {
        let opened = match StorageKey::from_path(&file.path) {
            Some(key) => match storage.open(&key).await {
                Ok(opened) => Some(opened),
                Err(StorageError::NotFound(_)) => None,
                Err(error) => return Err(error.into()),
            },
            None => None,
        };
        let Some(opened) = opened else {
            tracing::warn!(document = %file.id, "a document's file is missing in a copy of personal data");
            missing += 1;
            continue;
        };
        let mut bytes = opened.bytes;
        archive = archive.start(format!("documents/{}-{}", file.id, plain(&file.name)), false).await?;
        while let Some(chunk) = bytes.try_next().await? {
            archive = archive.write(chunk).await?;
        }
    }
    Ok((archive, missing))
}

/// A file name that leads nowhere when it is unpacked.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_control() || matches!(c, '/' | '\\' | ':') { '_' } else { c }).collect()
}

/// What is in the copy, in the language in which it was asked for.
fn readme(asked: &Asked, counts: &[(&Entry, u64)], files: usize, now: DateTime<Utc>) -> String {
    let Asked { full_name, username, lang, .. } = asked;
    let mut text = lang.fill(
        "own-data-readme",
        [
            ("name", full_name.clone()),
            ("username", username.clone()),
            ("at", Moment::at(*lang, now).text),
            ("files", files.to_string()),
        ],
    );
    text.push_str("\r\n\r\n");
    for (entry, count) in counts {
        // Writing to a string cannot fail.
        let _ = write!(text, "{}\r\n", line(entry, *count, *lang));
    }
    text
}

fn line(entry: &Entry, count: u64, lang: Lang) -> String {
    let name = entry.name(lang);
    let purpose = lang.name_of("own-data-purpose", entry.purpose.code());
    let kept = lang.name_of("own-data-kept", entry.kept.code());
    format!("records/{}  {count}  {name}: {purpose}; {kept}", entry.file_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_leads_nowhere() {
        assert_eq!(plain("../../etc/passwd"), ".._.._etc_passwd");
        assert_eq!(plain("C:\\x\u{0}.pdf"), "C__x_.pdf");
        assert_eq!(plain("ውል 12.pdf"), "ውል 12.pdf");
    }
}
