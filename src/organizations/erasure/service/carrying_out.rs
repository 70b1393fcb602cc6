//! Erasing those whose day has come, and forgetting what is left of it.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::event;
use crate::audit::{self, Author, Event, Severity};
use crate::database::{Db, Tx};
use crate::i18n::Lang;
use crate::ids::UserId;
use crate::jobs::JobError;
use crate::mail::{self, MailKind, NewMail};
use crate::organizations::erasure::model::Counted;
use crate::organizations::erasure::store::{self, Due, EndedGrant};
use crate::organizations::roles::{self, RoleChange};

/// Erases everybody whose day has come, each in a transaction of their own; how many. One who cannot be erased keeps nobody
/// else waiting.
///
/// # Errors
/// [`JobError`] when somebody was not erased; the next run tries again.
pub async fn carry_out_due(db: &Db, now: DateTime<Utc>) -> Result<u64, JobError> {
    let mut tx = db.begin_worker().await?;
    let due = store::list_due(&mut tx, now).await?;
    tx.commit().await?;
    let (mut done, mut failed) = (0, 0);
    for one in due {
        match carry_out(db, one, now).await {
            Ok(is_done) => done += u64::from(is_done),
            Err(error) => {
                tracing::warn!(%error, erasure = %one.id, "somebody was not erased");
                failed += 1;
            }
        }
    }
    if failed > 0 { Err(JobError::Failed(format!("{failed} were not erased"))) } else { Ok(done) }
}

async fn carry_out(db: &Db, due: Due, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let counts = count(db, due.person).await?;
    let mut tx = db.begin_worker().await?;
    let Some(leaving) = store::lock_due(&mut tx, due.id, now).await? else {
        tx.rollback().await?;
        return Ok(false);
    };
    let lang = Lang::from_code(&leaving.language).unwrap_or_default();
    let author = Author::product(None);
    let refusal = store::find_refusal(&mut tx, due.person).await?;
    let (kind, event) = match refusal {
        Some(refusal) => {
            store::update_refused(&mut tx, due.id, refusal, now).await?;
            (MailKind::ErasureRefused, event("ERASURE_REFUSED", Severity::High, (due.person.0, due.id)))
        }
        None => {
            let event = erase(&mut tx, "ERASURE_DONE", (due.person, due.id), now).await?;
            store::update_done(&mut tx, due.id, (&counts, leaving.email.as_deref()), now).await?;
            (MailKind::ErasureDone, event)
        }
    };
    mail::ask(&mut tx, &NewMail { kind, subject: due.id, lang, organization: None }, now).await?;
    audit::record(&mut tx, author, &event, now).await?;
    tx.commit().await?;
    Ok(refusal.is_none())
}

/// Erases a person, whose roles end with them; what the record says of it.
pub(super) async fn erase(
    tx: &mut Tx,
    event_type: &'static str,
    (person, erasure): (UserId, Uuid),
    now: DateTime<Utc>,
) -> sqlx::Result<Event> {
    let (own, of_others): (Vec<EndedGrant>, Vec<EndedGrant>) =
        store::end_roles(tx, person, now).await?.into_iter().partition(|ended| ended.holder == person);
    store::erase(tx, person, now).await?;
    // Whoever did their work does it no longer, and hears so.
    let ended = of_others.iter().map(|one| RoleChange::delegation_ended((one.holder, one.id, one.role))).collect();
    if let Some(news) = roles::told(None, ended) {
        store::insert_outbox(tx, &news, now).await?;
    }
    let ids = |ended: &[EndedGrant]| ended.iter().map(|one| one.id).collect::<Vec<_>>();
    let mut event = event(event_type, Severity::High, (person.0, erasure));
    event.details = json!({ "erasure": erasure, "roles": ids(&own), "delegations": ids(&of_others) });
    Ok(event)
}

/// In how many rows of each place the person is named, and what becomes of those.
pub(super) async fn count(db: &Db, person: UserId) -> sqlx::Result<Vec<Counted>> {
    let mut tx = db.begin_worker().await?;
    let places = store::list_places(&mut tx).await?;
    tx.commit().await?;
    // The class that makes copies sees every place, and of it what names this person.
    let mut tx = db.begin_privacy(person).await?;
    let mut counts = Vec::new();
    for place in places {
        let rows = store::count_rows(&mut tx, &place).await?;
        if rows > 0 {
            let (did, basis) = (place.on_erasure, place.legal_basis);
            counts.push(Counted { source: place.source, column: place.person_column, did, basis, rows });
        }
    }
    tx.commit().await?;
    Ok(counts)
}

/// Forgets where the last mail of an erasure went: it is sent, or never will be.
///
/// # Errors
/// When the database cannot be reached.
pub async fn forget_farewell(db: &Db, erasure: Uuid) -> sqlx::Result<()> {
    let mut tx = db.begin_worker().await?;
    store::update_farewell(&mut tx, erasure).await?;
    tx.commit().await
}
