//! What people do with lots: so far they look at them.

use chrono::{DateTime, Utc};

use super::store::{self, LotLine};
use crate::auth::Actor;
use crate::database::Db;
use crate::ids::LotId;

/// A page of the lots that `viewer` may see, newest first.
///
/// # Errors
/// When the database cannot be reached.
pub(super) async fn list(
    db: &Db,
    viewer: &Actor,
    number: Option<&str>,
    status: Option<&str>,
    after: Option<(DateTime<Utc>, LotId)>,
    limit: i64,
) -> sqlx::Result<Vec<LotLine>> {
    let mut tx = db.begin_as(viewer).await?;
    let lots = store::list_visible(&mut tx, viewer, number, status, after, limit).await?;
    tx.commit().await?;
    Ok(lots)
}
