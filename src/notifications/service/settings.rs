//! How somebody wants to hear of what.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::notifications::model::{Choice, NewsEvent, Times};
use crate::notifications::store::settings;
use crate::workflow::{Command, CommandError, Effects, Message};

/// Where the page is.
pub(in crate::notifications) const SETTINGS: &str = "/account/notifications";

/// What somebody has chosen.
#[derive(Debug, Clone, Default)]
pub(in crate::notifications) struct Settings {
    /// Where it is not as usual.
    pub choices: BTreeMap<NewsEvent, Choice>,
    pub times: Times,
}

impl Settings {
    /// How the person hears of `event`.
    pub fn of(&self, event: NewsEvent) -> Choice {
        self.choices.get(&event).copied().unwrap_or_else(|| event.usual())
    }
}

/// What the viewer has chosen.
pub(in crate::notifications) async fn find(db: &Db, viewer: &Actor) -> sqlx::Result<Settings> {
    let mut tx = db.begin_as(viewer).await?;
    let choices = settings::list_choices(&mut tx, viewer).await?.into_iter().collect();
    let times = settings::find_times(&mut tx, viewer).await?.unwrap_or_default();
    tx.commit().await?;
    Ok(Settings { choices, times })
}

/// Why the choice is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::notifications) enum Refusal {
    /// It would mute what cannot be muted.
    Critical,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("what is critical cannot be muted")
    }
}

/// The person chooses; that times and hours fit, the page has made sure of.
pub(in crate::notifications) struct Save(pub Settings);

#[async_trait]
impl Command for Save {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, _: DateTime<Utc>) -> Result<Effects, CommandError<Refusal>> {
        let Self(Settings { choices, times }) = self;
        let is_other = |(event, choice): &(&NewsEvent, &Choice)| **choice != event.usual();
        let other: Vec<_> = choices.iter().filter(is_other).map(|(event, choice)| (*event, *choice)).collect();
        if other.iter().any(|(event, _)| event.is_critical()) {
            return Err(CommandError::Refused(Refusal::Critical));
        }
        settings::replace_choices(tx, actor, &other).await?;
        settings::save_times(tx, actor, *times).await?;
        let muted: Vec<_> = other.iter().map(|(event, choice)| json!([event, choice.in_app, choice.mail])).collect();
        Ok(Effects {
            location: SETTINGS.to_owned(),
            flash: Message::new("notifications-saved"),
            event: Event {
                entity_id: Some(actor.user_id.0),
                ..Event::security("NOTIFICATIONS_CHOSEN", Severity::Low, json!({ "choices": muted }))
            },
            outbox: None,
        })
    }
}
