//! What an administrator can switch while the product runs: the read-only mode and the announcement.
//!
//! Every instance follows the one row of `system_state`, at most [`REFRESH`] behind; a request looks at
//! the copy in memory and asks nobody.

use std::{
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::{
    database::{Db, within},
    i18n::Lang,
};

/// How far an instance may be behind the database.
pub const REFRESH: Duration = Duration::from_secs(2);
/// How long one look at the database may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The switches, as they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SystemModes {
    /// Everything can be read and printed, nothing changed.
    pub read_only: bool,
    /// The announcement in English.
    pub banner_en: Option<String>,
    /// The announcement in Amharic.
    pub banner_am: Option<String>,
    /// When the announcement ends by itself.
    pub banner_until: Option<DateTime<Utc>>,
}

impl SystemModes {
    /// The announcement to show at `now`; one that was written in one language only is shown in that.
    #[must_use]
    pub fn banner(&self, lang: Lang, now: DateTime<Utc>) -> Option<&str> {
        if self.banner_until.is_some_and(|until| until <= now) {
            return None;
        }
        let (first, second) = lang.pick((&self.banner_en, &self.banner_am), (&self.banner_am, &self.banner_en));
        first.as_deref().or(second.as_deref())
    }
}

/// The copy of the switches that requests look at; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct ModesCell(Arc<Switches>);

#[derive(Debug, Default)]
struct Switches {
    seen: RwLock<Arc<SystemModes>>,
    /// The operator's configuration goes before the administrator's switch.
    held_read_only: AtomicBool,
}

impl ModesCell {
    /// The switches as last seen.
    #[must_use]
    pub fn current(&self) -> Arc<SystemModes> {
        // The value is replaced whole, so that a poisoned lock still holds a valid one.
        Arc::clone(&self.0.seen.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts `modes` in force here at once.
    pub fn replace(&self, modes: SystemModes) {
        let read_only = modes.read_only || self.0.held_read_only.load(Ordering::Relaxed);
        let modes = SystemModes { read_only, ..modes };
        *self.0.seen.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(modes);
    }

    /// Holds this instance in the read-only mode for as long as it runs, whatever is switched.
    pub fn hold_read_only(&self) {
        self.0.held_read_only.store(true, Ordering::Relaxed);
        self.replace(SystemModes::clone(&self.current()));
    }

    /// Reads the switches again.
    ///
    /// # Errors
    /// When the database is away; the last ones stay in force.
    pub async fn refresh(&self, db: &Db) -> sqlx::Result<()> {
        let modes = within(PATIENCE, async {
            let mut connection = db.acquire().await?;
            let modes = find_modes(&mut connection).await?;
            connection.commit().await?;
            Ok(modes)
        })
        .await?;
        self.replace(modes);
        Ok(())
    }

    /// Follows the database until the process ends.
    pub async fn follow(self, db: Db) {
        let mut ticks = tokio::time::interval(REFRESH);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.refresh(&db).await {
                tracing::debug!(%error, "the switches are as before: the database is away");
            }
        }
    }
}

async fn find_modes(connection: &mut PgConnection) -> sqlx::Result<SystemModes> {
    sqlx::query_as!(SystemModes, "select read_only, banner_en, banner_am, banner_until from system_state")
        .fetch_one(connection)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_announcement_is_shown_in_the_viewers_language_until_it_ends() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let modes = SystemModes {
            banner_en: Some("Down at noon".to_owned()),
            banner_until: Some(now + chrono::Duration::hours(1)),
            ..SystemModes::default()
        };
        assert_eq!(modes.banner(Lang::EN, now), Some("Down at noon"));
        assert_eq!(modes.banner(Lang::AM, now), Some("Down at noon"));
        assert_eq!(modes.banner(Lang::EN, now + chrono::Duration::hours(1)), None);
        assert_eq!(SystemModes::default().banner(Lang::EN, now), None);
    }
    #[test]
    fn the_operator_goes_before_the_switch() {
        let modes = ModesCell::default();
        assert!(!modes.current().read_only);
        modes.hold_read_only();
        assert!(modes.current().read_only);
        modes.replace(SystemModes::default());
        assert!(modes.current().read_only);
    }
}
