//! Keeping preferences. They are not put on record: they are nobody else's business, and change nothing but pages.

use chrono::{DateTime, Utc};

use super::store;
use crate::database::{Db, Tx};
use crate::i18n::Lang;
use crate::ids::UserId;
use crate::web::chrome::Density;

/// How pages are to be for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Preferences {
    /// The language, and the calendar of its days.
    pub lang: Lang,
    pub density: Density,
    /// Whether single keys do something (WCAG 2.1.4).
    pub shortcuts: bool,
}

/// Keeps what a person wants. Sent twice, it is the same.
pub(super) async fn choose(db: &Db, person: UserId, wanted: Preferences, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = db.begin_gate().await?;
    store::update(&mut tx, person, wanted, now).await?;
    tx.commit().await
}

/// Lets a person use the single-key shortcuts, or no longer (WCAG 2.1.4).
///
/// # Errors
/// When the database fails.
pub async fn choose_shortcuts(db: &Db, person: UserId, enabled: bool, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = db.begin_gate().await?;
    store::update_shortcuts(&mut tx, person, enabled, now).await?;
    tx.commit().await
}

/// Since when a person's preferences are as they chose them, in the gate's transaction given; never where they have not.
///
/// # Errors
/// When the database fails.
pub async fn when_chosen(tx: &mut Tx, person: UserId) -> sqlx::Result<Option<DateTime<Utc>>> {
    store::find_chosen_at(tx, person).await
}
