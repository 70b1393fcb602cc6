//! What everybody who is signed in may know about the desks.

use super::store::{self, Desk};
use crate::auth::Actor;
use crate::database::Db;

/// The desks at work, by kind and name.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(db: &Db, viewer: &Actor) -> sqlx::Result<Vec<Desk>> {
    let mut tx = db.begin_as(viewer).await?;
    let desks = store::list_active(&mut tx).await?;
    tx.commit().await?;
    Ok(desks)
}
