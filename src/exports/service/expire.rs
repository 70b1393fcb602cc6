//! Permits whose time is over. The rules go by the date whether this has run or not; it keeps the lists honest.

use chrono::{DateTime, Utc};

use crate::calendar::eat_date;
use crate::database::Db;
use crate::exports::store;

/// Marks unused permits as expired whose last day is past; how many.
///
/// # Errors
/// When the database cannot be reached.
pub async fn expire_permits(db: &Db, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let mut tx = db.begin_worker().await?;
    tx.enter_system().await?;
    let expired = store::permits::expire(&mut tx, eat_date(now), now).await?;
    tx.commit().await?;
    Ok(expired)
}
