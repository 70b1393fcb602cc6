//! Contracts whose time is over. The rules go by the date whether this has run or not; it keeps the lists honest.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::calendar::eat_date;
use crate::database::Db;
use crate::review::{Cause, Move, Standing, record_move_alone};
use crate::sourcing::contracts::rules::{WORKFLOW, act_of};
use crate::sourcing::contracts::store::{self, write};

/// Ends approved contracts whose last day of shipment is past, each with its line of the history; how many.
///
/// # Errors
/// When the database cannot be reached.
pub async fn expire_contracts(db: &Db, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let act = act_of("expire");
    let mut tx = db.begin_worker().await?;
    tx.enter_system().await?;
    let ended = store::lock_ended(&mut tx, eat_date(now)).await?;
    let mut count = 0;
    for contract in &ended {
        if !write::end(&mut tx, (contract.id, contract.version), "EXPIRED", now).await? {
            continue;
        }
        let standing = Standing {
            id: contract.id.0,
            reference: contract.number.clone(),
            state: "APPROVED".to_owned(),
            version: contract.version,
            owner: contract.owner,
            submitted_by: None,
            changed_by: String::new(),
            changed_at: contract.updated_at,
        };
        let moved = Move::of(&WORKFLOW, &standing, act, Value::Null);
        record_move_alone(&mut tx, &moved, act, &contract.number, &Cause::Time, now).await?;
        count += 1;
    }
    tx.commit().await?;
    Ok(count)
}
