//! Searching the record, and reading one event of it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::model::{EventLine, Filter, FullEvent, Subject};
use super::store;
use crate::audit::{self, Event, Severity};
use crate::auth::{Actor, Permission};
use crate::database::{Db, Tx};
use crate::organizations::directory::{Directory, Names};

/// What was typed into the search.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    /// A number, a user name, a code, or a subject.
    pub about: Option<String>,
    /// A user name.
    pub by: Option<String>,
    /// The rest, which needs no looking up.
    pub rest: Filter,
}

/// The events that fit, and the names in them. What is typed and not there finds nothing.
pub(super) async fn search(
    (db, directory): (&Db, &Directory),
    viewer: &Actor,
    typed: &Typed,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> sqlx::Result<(Vec<EventLine>, Names)> {
    let mut tx = db.begin_as(viewer).await?;
    let mut filter = typed.rest.clone();
    if let Some(about) = &typed.about {
        filter.about = Some(subjects_of(&mut tx, viewer, about.trim()).await?);
    }
    if let Some(by) = &typed.by {
        // An id that nobody has.
        filter.by = Some(store::find_person(&mut tx, &by.trim().to_lowercase()).await?.unwrap_or_default());
    }
    let mut lines = store::list(&mut tx, viewer, &filter, after, limit).await?;
    add_numbers(&mut tx, viewer, lines.iter_mut()).await?;
    let ids: Vec<Uuid> = lines.iter().flat_map(EventLine::ids).collect();
    let names = directory.names(&mut tx, ids).await?;
    tx.commit().await?;
    Ok((lines, names))
}

/// What somebody means: the thing itself, and of an export what belongs to it. Who may see no business case finds people and
/// organisations only.
async fn subjects_of(tx: &mut Tx, viewer: &Actor, text: &str) -> sqlx::Result<Vec<Subject>> {
    let mut found = Vec::new();
    if let Some(subject) = Subject::parse(text) {
        found.push(subject);
    } else {
        let kind = |kind: &str| kind.to_owned();
        found.extend(store::find_person(tx, &text.to_lowercase()).await?.map(|id| Subject { kind: kind("user"), id }));
        let organization = store::find_organization(tx, &text.to_uppercase()).await?;
        found.extend(organization.map(|id| Subject { kind: kind("organization"), id }));
        if viewer.may(Permission::ViewExports) {
            found.extend(store::find_numbered(tx, &text.to_uppercase()).await?);
        }
    }
    if viewer.may(Permission::ViewExports) {
        let exports: Vec<Uuid> = found.iter().filter(|one| one.kind == "export").map(|one| one.id).collect();
        for export in exports {
            found.extend(store::list_belongings(tx, export).await?);
        }
    }
    Ok(found)
}

/// Says of which export an event is: only its first event has the number.
async fn add_numbers<'a>(
    tx: &mut Tx,
    viewer: &Actor,
    lines: impl Iterator<Item = &'a mut EventLine>,
) -> sqlx::Result<()> {
    if !viewer.may(Permission::ViewExports) {
        return Ok(());
    }
    let nameless: Vec<(Uuid, &mut EventLine)> =
        lines.filter_map(|line| Some((line.export_without_number()?, line))).collect();
    let exports: HashSet<Uuid> = nameless.iter().map(|(export, _)| *export).collect();
    if exports.is_empty() {
        return Ok(());
    }
    let numbers = store::list_numbers(tx, &exports.into_iter().collect::<Vec<_>>()).await?;
    for (export, line) in nameless {
        if let Some(number) = numbers.get(&export) {
            line.details["number"] = json!(number);
        }
    }
    Ok(())
}

/// One event with everything that is kept about it, and the names in it.
pub(super) async fn find(
    (db, directory): (&Db, &Directory),
    viewer: &Actor,
    id: Uuid,
    at: DateTime<Utc>,
) -> sqlx::Result<Option<(FullEvent, Names)>> {
    let mut tx = db.begin_as(viewer).await?;
    let Some(mut event) = store::find(&mut tx, viewer, (id, at)).await? else { return Ok(None) };
    add_numbers(&mut tx, viewer, std::iter::once(&mut event.line)).await?;
    let names = directory.names(&mut tx, event.ids()).await?;
    tx.commit().await?;
    Ok(Some((event, names)))
}

/// Puts on record that events left as a file.
pub(super) async fn record_download(
    db: &Db,
    actor: &Actor,
    (address, rows): (&str, usize),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let event = Event {
        entity_type: "record",
        compliance_relevant: true,
        // What was typed into the search may name a person.
        private: Some(json!({ "path": address })),
        ..Event::security("DATA_EXPORT", Severity::Medium, json!({ "list": "record", "rows": rows }))
    };
    audit::record_alone(db, actor, &event, now).await
}
