//! The count of this process, told to the database and told by it.

use chrono::{DateTime, Utc};

use super::counter::RequestCounter;
use super::store;
use crate::database::Db;

impl RequestCounter {
    /// Tells the database what was counted here, and learns what was counted elsewhere.
    ///
    /// # Errors
    /// When the database is away; nothing is forgotten then.
    pub async fn share(&self, db: &Db, now: DateTime<Utc>) -> sqlx::Result<()> {
        let untold = self.untold(now);
        if untold.is_empty() {
            return Ok(());
        }
        let (hits, since) = self.hits_of(&untold);
        let mut tx = db.begin_gate().await?;
        store::add(&mut tx, &hits).await?;
        let known = store::list(&mut tx, &hits, since).await?;
        tx.commit().await?;
        self.learn(&untold, &known);
        Ok(())
    }
}
