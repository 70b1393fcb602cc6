//! What an administrator switches, each with its record.

use std::convert::Infallible;

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::store::{self, Announcement};
use crate::{
    audit::{Event, Severity},
    auth::Actor,
    database::Tx,
    workflow::{Command, CommandError, Effects, Message},
};

/// Where these forms are.
pub(super) const SYSTEM_PAGE: &str = "/admin/system";

/// Switches the read-only mode on or off.
#[derive(Debug)]
pub(super) struct SwitchReadOnly(pub bool);

#[async_trait]
impl Command for SwitchReadOnly {
    type Refusal = Infallible;

    async fn run(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Effects, CommandError<Self::Refusal>> {
        store::update_read_only(tx, self.0, actor.user_id, now).await?;
        let flash = if self.0 { "system-read-only-is-on" } else { "system-read-only-is-off" };
        Ok(effects("READ_ONLY_SWITCHED", flash, json!({ "read_only": self.0 })))
    }
}

/// Announces something to everybody, or nothing any more.
#[derive(Debug)]
pub(super) struct Announce {
    pub en: Option<String>,
    pub am: Option<String>,
    /// How long it is shown; without, until it is taken away.
    pub hours: Option<u32>,
}

#[async_trait]
impl Command for Announce {
    type Refusal = Infallible;

    async fn run(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Effects, CommandError<Self::Refusal>> {
        let until = self.hours.map(|hours| now + Duration::hours(i64::from(hours)));
        let announcement = Announcement { en: self.en.clone(), am: self.am.clone(), until };
        store::update_announcement(tx, &announcement, actor.user_id, now).await?;
        let is_empty = self.en.is_none() && self.am.is_none();
        let flash = if is_empty { "system-announcement-is-gone" } else { "system-announcement-is-shown" };
        Ok(effects("ANNOUNCEMENT_CHANGED", flash, json!({ "en": self.en, "am": self.am, "until": until })))
    }
}

fn effects(event_type: &'static str, flash: &str, details: Value) -> Effects {
    Effects {
        location: SYSTEM_PAGE.to_owned(),
        flash: Message::new(flash),
        event: Event { entity_type: "system", ..Event::security(event_type, Severity::High, details) },
        outbox: None,
    }
}
