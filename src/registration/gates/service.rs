//! The gates of a firm, for its own page and for whoever decides about it.

use chrono::NaiveDate;

use super::model::Facts;
use super::store;
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::ids::ExporterId;

/// What the gates of the viewer's own firm are judged by; `None` before it has a profile.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(db: &Db, viewer: &Actor, today: NaiveDate) -> sqlx::Result<Option<Facts>> {
    let mut tx = db.begin_as(viewer).await?;
    let facts = match store::find_exporter(&mut tx, viewer).await? {
        Some(id) => store::find_facts(&mut tx, id, today).await?,
        None => None,
    };
    tx.commit().await?;
    Ok(facts)
}

/// The same of a firm that the caller has found.
///
/// # Errors
/// When the database cannot be reached.
pub async fn facts_in(tx: &mut Tx, id: ExporterId, today: NaiveDate) -> sqlx::Result<Option<Facts>> {
    store::find_facts(tx, id, today).await
}
