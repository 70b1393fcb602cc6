//! The ledger as it is kept outside, and erasing again what a restore has brought back.

use chrono::{DateTime, Utc};

use super::carrying_out::{count, erase};
use crate::audit::{self, Author};
use crate::database::Db;
use crate::ids::UserId;
use crate::organizations::erasure::model::LedgerEntry;
use crate::organizations::erasure::store;

/// What came of a replay.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Replayed {
    /// Were there again, and are erased.
    pub erased: u64,
    /// Were erased in this database already.
    pub already: u64,
    /// Are not in this database.
    pub unknown: u64,
    /// Stay as they are while a legal hold stands in this database; to be replayed again when it is lifted.
    pub held: u64,
}

/// Everybody who was erased.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list_ledger(db: &Db) -> sqlx::Result<Vec<LedgerEntry>> {
    let mut tx = db.begin_worker().await?;
    let ledger = store::list_ledger(&mut tx).await?;
    tx.commit().await?;
    Ok(ledger)
}

/// Erases whom `ledger` names and this database still knows, each in a transaction of their own. Done again, it changes
/// nothing. Whether somebody is still needed is asked no more: they were erased.
///
/// # Errors
/// When the database cannot be reached; what was done until then is done.
pub async fn replay(db: &Db, ledger: &[LedgerEntry], now: DateTime<Utc>) -> sqlx::Result<Replayed> {
    let mut replayed = Replayed::default();
    for entry in ledger {
        let person = UserId(entry.person);
        let mut tx = db.begin_worker().await?;
        let standing = store::find_standing(&mut tx, entry).await?;
        tx.commit().await?;
        if !standing.is_known {
            replayed.unknown += 1;
            continue;
        }
        if standing.is_done {
            replayed.already += 1;
            continue;
        }
        if standing.is_held {
            replayed.held += 1;
            continue;
        }
        let counts = count(db, person).await?;
        let mut tx = db.begin_worker().await?;
        let told = erase(&mut tx, "ERASURE_REPLAYED", (person, entry.erasure), now).await?;
        store::insert_replayed(&mut tx, entry, &counts).await?;
        let author = Author::product(None);
        audit::record(&mut tx, author, &told, now).await?;
        tx.commit().await?;
        replayed.erased += 1;
    }
    Ok(replayed)
}
