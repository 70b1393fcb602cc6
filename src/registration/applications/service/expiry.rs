//! What time ends. Every rule goes by the date, whether this has run or not; it keeps lists and history honest.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::calendar::eat_date;
use crate::database::Db;
use crate::registration::applications::store;
use crate::registration::workflow_of;
use crate::review::{Cause, Move, record_move_alone};

/// Grants that are ended in one transaction.
const BATCH: i64 = 200;

/// Ends the grants whose last day is past, each in its own history; how many.
///
/// # Errors
/// When the database cannot be reached; what has been ended before stays ended.
pub async fn expire(db: &Db, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let mut expired = 0;
    loop {
        let mut tx = db.begin_worker().await?;
        tx.enter_system().await?;
        let ended = store::list_ended(&mut tx, eat_date(now), BATCH).await?;
        let mut moved_now = 0;
        for found in &ended {
            let Some((workflow, act)) = workflow_of(found.kind).and_then(|w| Some((w, w.act("expire")?))) else {
                continue;
            };
            // Somebody else, another instance or a decision, may have been quicker.
            if !store::end_by_time(&mut tx, found, now).await? {
                continue;
            }
            let moved = Move::of(workflow, &found.standing, act, json!({ "expired_on": found.expires_on }));
            record_move_alone(&mut tx, &moved, act, &found.standing.reference, &Cause::Time, now).await?;
            moved_now += 1;
        }
        tx.commit().await?;
        expired += moved_now;
        if moved_now == 0 || ended.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(expired);
        }
    }
}
