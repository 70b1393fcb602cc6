//! The new password and what goes with it, in one transaction.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::store;
use crate::audit::{self, Author, Event, Severity};
use crate::auth::session::SignedIn;
use crate::database::Db;
use crate::i18n::Lang;
use crate::mail::{self, MailKind, NewMail};
use crate::organizations::sessions::{self, Renewed};
use crate::organizations::sign_in;

/// The new password, and the end of every other session: whoever else is in, by the old one, is out. `None`, and nothing is
/// changed, when the session that acts has ended meanwhile, as by an operator's reset.
pub(super) async fn change(
    db: &Db,
    (person, lang): (&SignedIn, Lang),
    hash: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Renewed>> {
    let actor = &person.actor;
    let mut tx = db.begin_gate().await?;
    store::update_password(&mut tx, actor.user_id, hash, now).await?;
    let others = sessions::end_others(&mut tx, actor).await?;
    sign_in::end_pending(&mut tx, actor.user_id).await?;
    let Some(renewed) = sessions::renew(&mut tx, person, None, now).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    let event = Event {
        entity_id: Some(actor.user_id.0),
        ..Event::security("PASSWORD_CHANGED", Severity::High, json!({ "by": "person", "sessions": others }))
    };
    audit::record(&mut tx, Author::from(actor), &event, now).await?;
    let mail = NewMail { kind: MailKind::PasswordChanged, subject: actor.user_id.0, lang, organization: None };
    mail::ask(&mut tx, &mail, now).await?;
    tx.commit().await?;
    Ok(Some(renewed))
}
