//! The new password and what goes with it, in one transaction.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::store;
use crate::audit::{self, Author, Event, Severity};
use crate::auth::Actor;
use crate::database::Db;
use crate::i18n::Lang;
use crate::mail::{self, MailKind, NewMail};
use crate::organizations::{sessions, sign_in};

/// The new password, and the end of every session: whoever else is in, by the old one, is out. When the one that acts would
/// have ended by its age; `None`, and nothing is changed, when it has ended meanwhile, as by an operator's reset.
pub(super) async fn change(
    db: &Db,
    (actor, lang): (&Actor, Lang),
    hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    let mut tx = db.begin_gate().await?;
    store::update_password(&mut tx, actor.user_id, hash, now).await?;
    let ended = sessions::end_all(&mut tx, actor.user_id).await?;
    sign_in::end_pending(&mut tx, actor.user_id).await?;
    let (own, others): (Vec<_>, Vec<_>) =
        ended.into_iter().partition(|session| Some(session.reference) == actor.origin.session);
    let Some(own) = own.first() else {
        tx.rollback().await?;
        return Ok(None);
    };
    let others: Vec<_> = others.iter().map(|session| session.reference).collect();
    let event = Event {
        entity_id: Some(actor.user_id.0),
        ..Event::security("PASSWORD_CHANGED", Severity::High, json!({ "by": "person", "sessions": others }))
    };
    audit::record(&mut tx, Author::from(actor), &event, now).await?;
    let mail = NewMail { kind: MailKind::PasswordChanged, subject: actor.user_id.0, lang, organization: None };
    mail::ask(&mut tx, &mail, now).await?;
    tx.commit().await?;
    Ok(Some(own.expires_at))
}
