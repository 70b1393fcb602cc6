//! Code lists: read, and kept by the administration.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{Changed, Failure, Refusal, effects, invalid, note};
use crate::auth::{Actor, Permission};
use crate::database::{Db, Tx};
use crate::organizations::directory::{Directory, Names};
use crate::reference::lists::{CodeList, EntryForm, Particulars};
use crate::reference::model::{Change, Entry};
use crate::reference::store;
use crate::workflow::{Command, Effects, Message, Problem, Reason};

/// Everybody whom a history names.
pub(super) fn people(changes: &[Change]) -> Vec<Uuid> {
    let people = changes.iter().map(|change| change.changed_by.0);
    people.chain(changes.iter().map(|change| change.organization_id.0)).collect()
}

/// A list with its history.
#[derive(Debug, Clone)]
pub(in crate::reference) struct ListPage {
    pub entries: Vec<Entry>,
    pub changes: Vec<Change>,
    pub names: Names,
}

/// Every entry of a list.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::reference) async fn list_page(
    db: &Db,
    directory: &Directory,
    viewer: &Actor,
    list: CodeList,
) -> sqlx::Result<ListPage> {
    let mut tx = db.begin_as(viewer).await?;
    let entries = store::lists::list_entries(&mut tx, list, None).await?;
    let changes = store::list_changes(&mut tx, list.subject(), None).await?;
    let names = directory.names(&mut tx, people(&changes)).await?;
    tx.commit().await?;
    Ok(ListPage { entries, changes, names })
}

/// What the form of an entry needs: the entry, if there is one, and the countries to choose from.
#[derive(Debug, Clone)]
pub(in crate::reference) struct EntryPage {
    pub entry: Option<Entry>,
    pub version: i32,
    pub countries: Vec<Entry>,
}

/// What the form of an entry needs; of a new one without a code. `None` when there is no such entry.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::reference) async fn entry_page(
    db: &Db,
    viewer: &Actor,
    list: CodeList,
    code: Option<&str>,
) -> sqlx::Result<Option<EntryPage>> {
    let mut tx = db.begin_as(viewer).await?;
    let (entry, version) = match code {
        None => (None, 0),
        Some(code) => {
            let entry = store::lists::list_entries(&mut tx, list, Some(code)).await?.pop();
            if entry.is_none() {
                return Ok(None);
            }
            (entry, store::count_changes(&mut tx, list.subject(), code).await?)
        }
    };
    let countries = if list == CodeList::Ports {
        store::lists::list_entries(&mut tx, CodeList::Countries, None).await?
    } else {
        Vec::new()
    };
    tx.commit().await?;
    Ok(Some(EntryPage { entry, version, countries }))
}

/// A new entry, or a change of one.
pub(in crate::reference) struct WriteEntry<'a> {
    pub list: CodeList,
    /// Of which entry; none of a new one.
    pub code: Option<&'a str>,
    /// For which version the form was shown.
    pub version: i32,
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for WriteEntry<'_> {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        if !actor.may(Permission::MaintainCodeLists) {
            return Err(Refusal::NotYours.into());
        }
        let form = EntryForm::parse(self.list, self.code, self.fields).map_err(Refusal::Invalid)?;
        let subject = self.list.subject();
        store::lock(tx, subject, &form.code).await?;
        let old = store::lists::list_entries(tx, self.list, Some(&form.code)).await?.pop();
        match (&old, self.code) {
            (None, Some(_)) => return Err(Refusal::NotFound.into()),
            (Some(_), None) => return Err(invalid("code", refused("problem-code-taken"))),
            (Some(_), Some(code)) if store::count_changes(tx, subject, code).await? != self.version => {
                return Err(Refusal::Stale.into());
            }
            _ => {}
        }
        if let Particulars::Port { country_code, .. } = &form.particulars
            && store::lists::list_entries(tx, CodeList::Countries, Some(country_code)).await?.is_empty()
        {
            return Err(invalid("country_code", Problem::NotAChoice));
        }
        let (before, after) = (old.as_ref().map(as_json), form.as_json());
        if before.as_ref() == Some(&after) {
            let field = if self.list.is_named_by_its_code() { "name_am" } else { "name" };
            return Err(invalid(field, refused("problem-figure-same")));
        }
        let typed = self.fields.get("reason").map_or("", |reason| reason.trim());
        let reason = match typed {
            "" if old.is_some() => return Err(invalid("reason", refused("problem-figure-reason"))),
            "" => None,
            typed => Some(Reason::parse(typed).map_err(|problem| invalid("reason", problem))?),
        };
        let names = (form.name.as_str(), form.name_am.as_str());
        let days = (form.valid_from, form.valid_to);
        store::lists::upsert_entry(tx, &form.code, names, &form.particulars, days).await?;
        let changed = Changed { key: &form.code, valid_from: form.valid_from, old: before, new: Some(after) };
        let reason = reason.as_ref().map(Reason::as_str);
        let (id, change) = note(tx, subject, &changed, reason, actor, now).await?;
        let flash = Message::new("reference-entry-written").with("code", form.code.clone());
        Ok(effects(subject, id, vec![change], format!("/reference/lists/{}", self.list.slug()), flash))
    }
}

fn as_json(entry: &Entry) -> serde_json::Value {
    json!({
        "name": entry.name,
        "name_am": entry.name_am,
        "particulars": entry.particulars,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
    })
}

fn refused(text_id: &'static str) -> Problem {
    Problem::Refused { text_id, arguments: Vec::new() }
}
