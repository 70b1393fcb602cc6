//! Finding and keeping one's own profile.

use std::collections::BTreeMap;
use std::convert::Infallible;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::model::Profile;
use super::store;
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::ids::UserId;
use crate::workflow::{Command, CommandError, Effects, Message};

/// The viewer's own profile; an empty one where nothing was said.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &Db, viewer: &Actor) -> sqlx::Result<Profile> {
    let mut tx = db.begin_as(viewer).await?;
    let found = store::find(&mut tx, viewer).await?;
    tx.commit().await?;
    Ok(found.unwrap_or_default())
}

/// The profiles of the viewer's organisation, in their transaction given.
///
/// # Errors
/// When the database fails.
pub async fn list(tx: &mut Tx, viewer: &Actor) -> sqlx::Result<BTreeMap<UserId, Profile>> {
    store::list(tx, viewer).await
}

/// The person says what their colleagues are to know. Nobody else can.
pub(super) struct Save(pub Profile);

#[async_trait]
impl Command for Save {
    type Refusal = Infallible;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, CommandError<Infallible>> {
        let Self(profile) = self;
        let before = store::find(tx, actor).await?.unwrap_or_default();
        store::save(tx, actor, profile, now).await?;
        Ok(Effects {
            location: "/account".to_owned(),
            flash: Message::new("profile-saved"),
            event: Event {
                entity_id: Some(actor.user_id.0),
                private: Some(json!({ "old": before.on_record(), "new": profile.on_record() })),
                ..Event::security("PROFILE_CHANGED", Severity::Low, json!({ "changed": profile.changes(&before) }))
            },
            outbox: None,
        })
    }
}
