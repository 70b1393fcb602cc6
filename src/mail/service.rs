//! Asking for a mail, and handing it over.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::mailer::{HandOverError, Mailer};
use super::model::{Caught, Letter, Mail, MailStatus, NewMail};
use super::store;
use crate::database::{Db, Tx};
use crate::ids::MailId;
use crate::jobs::{self, Finished, JobError, JobKind, NewJob, Run};

/// Mails on the page of those that were caught.
const SHOWN: i64 = 100;

/// Enters `mail` and the job that sends it, in the transaction of the deed that asks for it.
///
/// # Errors
/// When the database refuses.
pub async fn ask(tx: &mut Tx, mail: &NewMail, now: DateTime<Utc>) -> sqlx::Result<()> {
    let id = MailId::new();
    store::insert_mail(tx, id, mail, now).await?;
    let job = NewJob {
        kind: JobKind::SendMail,
        payload: json!({ "mail": id }),
        unique_key: None,
        run_at: now,
        requested_by: None,
    };
    jobs::enter(tx, &job, now).await?;
    Ok(())
}

/// Enters `mails` and the jobs that send them, none before its moment, in two statements; their ids in the same order.
///
/// # Errors
/// When the database refuses.
pub async fn ask_all(tx: &mut Tx, mails: &[(NewMail, DateTime<Utc>)], now: DateTime<Utc>) -> sqlx::Result<Vec<MailId>> {
    if mails.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<MailId> = mails.iter().map(|_| MailId::new()).collect();
    let asked: Vec<(MailId, NewMail)> = ids.iter().copied().zip(mails.iter().map(|(mail, _)| *mail)).collect();
    store::insert_mails(tx, &asked, now).await?;
    let due: Vec<_> = ids.iter().zip(mails).map(|(id, (_, from))| (json!({ "mail": id }), *from)).collect();
    jobs::enter_all(tx, JobKind::SendMail, &due, now).await?;
    Ok(ids)
}

/// The mail of a job, locked; none when it was sent by a try before that was not heard of any more.
///
/// # Errors
/// [`JobError::Hopeless`] when the job names no mail.
pub async fn find_unsent(tx: &mut Tx, run: &Run) -> Result<Option<Mail>, JobError> {
    let named = run.payload.get("mail").and_then(|id| id.as_str()).and_then(|id| id.parse::<Uuid>().ok());
    let id = named.ok_or_else(|| JobError::Hopeless("the job names no mail".to_owned()))?;
    Ok(store::lock_unsent(tx, id).await?)
}

/// Ends a mail to nobody, or about nothing any more, with its job.
///
/// # Errors
/// [`JobError`]; nothing is written down then.
pub async fn drop_needless(mut tx: Tx, run: &Run, mail: &Mail, now: DateTime<Utc>) -> Result<Finished, JobError> {
    store::update_ended(&mut tx, mail.id, MailStatus::Needless, now).await?;
    run.finish(tx, &vec![("needless", 1)], now).await
}

/// Gives `letter` to the mail server, or keeps it in the house, and ends the mail with its job.
///
/// # Errors
/// [`JobError::Failed`] when the server cannot be reached or asks to come again, [`JobError::Hopeless`] when it does not take
/// the letter. Neither says to whom it was.
pub async fn hand_over(
    (db, mailer): (&Db, &Mailer),
    run: &Run,
    mail: &Mail,
    letter: &Letter,
    now: DateTime<Utc>,
) -> Result<Finished, JobError> {
    if let Err(error) = mailer.send(mail.id, letter).await {
        let is_over = run.is_last || matches!(error, HandOverError::Refused(_) | HandOverError::NoServer);
        if is_over {
            let mut tx = run.begin(db).await?;
            store::update_ended(&mut tx, mail.id, MailStatus::Refused, now).await?;
            tx.commit().await?;
        }
        let said = error.to_string();
        return Err(if is_over { JobError::Hopeless(said) } else { JobError::Failed(said) });
    }
    let mut tx = run.begin(db).await?;
    store::update_ended(&mut tx, mail.id, MailStatus::Sent, now).await?;
    if matches!(mailer, Mailer::Catcher) {
        store::insert_caught(&mut tx, mail.id, letter, now).await?;
    }
    run.finish(tx, &vec![("mails", 1)], now).await
}

/// The last mails that did not leave the house.
pub(super) async fn list_caught(db: &Db) -> sqlx::Result<Vec<Caught>> {
    let mut tx = db.begin_gate().await?;
    let caught = store::list_caught(&mut tx, SHOWN).await?;
    tx.commit().await?;
    Ok(caught)
}

/// One of them.
pub(super) async fn find_caught(db: &Db, id: MailId) -> sqlx::Result<Option<Caught>> {
    let mut tx = db.begin_gate().await?;
    let caught = store::find_caught(&mut tx, id).await?;
    tx.commit().await?;
    Ok(caught)
}
