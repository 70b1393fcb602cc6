//! Importing lots: what a file says is kept and shown, row by row; then all of it is registered, or nothing.

use std::collections::HashSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::number_refusal;
use super::register::INTERNAL;
use crate::audit::{Event, Severity};
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::ids::{LotId, LotImportId};
use crate::numbering;
use crate::review::{Failure, Refusal, RefusalKind, Refusals};
use crate::sourcing::lots::form::{Lists, LotForm};
use crate::sourcing::lots::import::check::{Row, check, number_of};
use crate::sourcing::lots::import::table::Format;
use crate::sourcing::lots::store::{self, Import, NewImport};
use crate::workflow::{Command, CommandError, Effects, Message, OutboxEvent};

/// Keeps what a file says, to be looked at.
pub struct CheckFile {
    /// Its id, made before.
    pub id: LotImportId,
    /// What kind of file it is.
    pub format: Format,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// Its rows, in the words of the form.
    pub rows: Vec<Row>,
    /// Columns that were not read.
    pub ignored_columns: Vec<String>,
}

#[async_trait]
impl Command for CheckFile {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        if !actor.may(Permission::RegisterLots) {
            return Err(Refusal::NotYours.into());
        }
        if store::find_profile(tx, actor).await?.is_none() {
            return Err(Refusal::rule("lots-refusal-no-profile", Vec::new()).into());
        }
        let rows = serde_json::to_value(&self.rows).map_err(|error| sqlx::Error::Encode(error.into()))?;
        let new = NewImport {
            id: self.id,
            format: self.format,
            sha256: &self.sha256,
            row_count: i32::try_from(self.rows.len()).unwrap_or(i32::MAX),
            ignored_columns: &self.ignored_columns,
            rows: &rows,
        };
        store::replace_import(tx, &new, actor, now).await?;
        let details = json!({ "sha256": hex::encode(self.sha256), "format": self.format, "rows": self.rows.len() });
        let mut event = Event::business("LOT_IMPORT_CHECKED", "lot_import", self.id.0, Severity::Low, details);
        event.compliance_relevant = false;
        Ok(Effects {
            location: format!("/lots/imports/{}", self.id),
            flash: Message::new("lots-flash-checked").with("rows", self.rows.len().to_string()),
            event,
            outbox: None,
        })
    }
}

/// A file with its rows, and what they are to be held against.
#[derive(Debug)]
pub struct ImportFile {
    /// The file.
    pub import: Import,
    /// Its rows; none when they were imported.
    pub rows: Vec<Row>,
    /// The code lists of the day.
    pub lists: Lists,
    /// Numbers among the rows that lots have already.
    pub taken: HashSet<String>,
}

/// A file of the viewer's organisation.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_import(
    db: &Db,
    viewer: &Actor,
    id: LotImportId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<ImportFile>> {
    let mut tx = db.begin_as(viewer).await?;
    let file = match store::find_import(&mut tx, viewer, id).await? {
        Some(import) => Some(with_rows(&mut tx, import, now).await?),
        None => None,
    };
    tx.commit().await?;
    Ok(file)
}

async fn with_rows(tx: &mut Tx, mut import: Import, now: DateTime<Utc>) -> sqlx::Result<ImportFile> {
    let kept = import.rows.take().unwrap_or(Value::Array(Vec::new()));
    let rows: Vec<Row> = serde_json::from_value(kept).map_err(|error| sqlx::Error::Decode(error.into()))?;
    let lists = store::read_lists(tx, eat_date(now)).await?;
    let numbers: Vec<String> = rows.iter().filter_map(number_of).collect();
    // Of all lots there are: a number is taken, whoever has it.
    tx.enter_system().await?;
    let taken = store::taken_numbers(tx, &numbers).await?;
    tx.leave_system().await?;
    Ok(ImportFile { import, rows, lists, taken })
}

/// Registers every lot of a file, or none.
pub struct ImportAll {
    /// Which file.
    pub id: LotImportId,
    /// For which version the form was shown.
    pub version: i32,
}

#[async_trait]
impl Command for ImportAll {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        if !actor.may(Permission::RegisterLots) {
            return Err(Refusal::NotYours.into());
        }
        let import = store::find_import(tx, actor, self.id).await?.ok_or(Refusal::NotFound)?;
        let exporter = store::find_profile(tx, actor).await?;
        let exporter = exporter.ok_or(Refusal::rule("lots-refusal-no-profile", Vec::new()))?;
        let sha256 = hex::encode(&import.sha256);
        let file = with_rows(tx, import, now).await?;
        if !store::end_import(tx, self.id, self.version, actor, now).await? {
            return Err(imported_already().into());
        }
        let checked = check(&file.rows, &file.lists, eat_date(now), &file.taken);
        let wrong = checked.iter().filter(|row| row.outcome.is_err()).count();
        let forms: Vec<LotForm> = checked.into_iter().filter_map(|row| row.outcome.ok()).collect();
        if wrong > 0 {
            return Err(Refusal::rule("lots-refusal-rows", vec![("rows", wrong.to_string())]).into());
        }
        let count = forms.len();
        let unnumbered = u32::try_from(forms.iter().filter(|form| form.number.is_none()).count()).unwrap_or(u32::MAX);
        let mut given = Vec::new().into_iter();
        if unnumbered > 0 {
            tx.enter_system().await?;
            given = numbering::next_many(tx, INTERNAL, "", "", unnumbered, now).await?.into_iter();
            tx.leave_system().await?;
        }
        let mut lots = Vec::with_capacity(count);
        for form in forms {
            let number = form.number.clone().or_else(|| given.next().map(|number| number.text));
            let number = number.ok_or_else(|| CommandError::Database(sqlx::Error::RowNotFound))?;
            lots.push((LotId::new(), number, form));
        }
        store::insert_all(tx, self.id, exporter, &lots, actor, now).await.map_err(number_refusal)?;
        let details = json!({ "sha256": sha256, "lots": count });
        Ok(Effects {
            location: "/lots".to_owned(),
            flash: Message::new("lots-flash-imported").with("rows", count.to_string()),
            event: Event::business("LOTS_IMPORTED", "lot_import", self.id.0, Severity::Medium, details),
            outbox: Some(OutboxEvent {
                kind: "review.moved",
                subject: "review",
                subject_id: self.id.0,
                payload: json!({ "review_subject": "LOT", "organizations": [actor.organization.id], "action": "import" }),
            }),
        })
    }
}

fn imported_already() -> Refusal {
    Refusal::Rule { text_id: "lots-refusal-imported", arguments: Vec::new(), kind: RefusalKind::Conflict }
}
