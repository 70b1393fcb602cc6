//! Forms that are being filled in, kept as one types. Nothing in a draft has been checked; it becomes a row of its area
//! when it is handed in.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::ids::{DraftId, UserId};
use crate::review::model::SubjectKind;
use crate::review::store;

/// A form that is being filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// What was typed, by field.
    pub fields: Value,
    /// Who saved it last.
    pub saved_by: UserId,
    /// When.
    pub saved_at: DateTime<Utc>,
}

impl Draft {
    /// What was typed, by field.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, String> {
        let fields = self.fields.as_object().into_iter().flatten();
        fields.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
    }
}

/// The draft of `viewer`'s organisation: of something new, or of the correction of `id`.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_draft(
    db: &Db,
    viewer: &Actor,
    subject: SubjectKind,
    id: Option<Uuid>,
) -> sqlx::Result<Option<Draft>> {
    let mut tx = db.begin_as(viewer).await?;
    let draft = store::find_draft(&mut tx, viewer, subject, id).await?;
    tx.commit().await?;
    Ok(draft)
}

/// As [`find_draft`], within the command that hands it in.
///
/// # Errors
/// When the database cannot be reached.
pub async fn draft_in(
    tx: &mut Tx,
    actor: &Actor,
    subject: SubjectKind,
    id: Option<Uuid>,
) -> sqlx::Result<Option<Draft>> {
    store::find_draft(tx, actor, subject, id).await
}

/// Keeps what was typed so far in the place of what was kept before.
///
/// # Errors
/// When the database cannot be reached.
pub async fn save_draft(
    db: &Db,
    actor: &Actor,
    subject: SubjectKind,
    id: Option<Uuid>,
    fields: &BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let mut tx = db.begin_as(actor).await?;
    store::upsert_draft(&mut tx, actor, subject, id, &json!(fields), now).await?;
    tx.commit().await
}

/// Throws the draft away; whether there was one.
///
/// # Errors
/// When the database cannot be reached.
pub async fn discard_draft(db: &Db, actor: &Actor, subject: SubjectKind, id: Option<Uuid>) -> sqlx::Result<bool> {
    let mut tx = db.begin_as(actor).await?;
    let found = store::delete_draft(&mut tx, actor, subject, id).await?;
    tx.commit().await?;
    Ok(found)
}

/// Ends the draft within the command that hands it in.
///
/// # Errors
/// When the database cannot be reached.
pub async fn take_draft(tx: &mut Tx, actor: &Actor, subject: SubjectKind, id: Option<Uuid>) -> sqlx::Result<()> {
    store::delete_draft(tx, actor, subject, id).await.map(drop)
}
