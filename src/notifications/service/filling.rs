//! Who is told of the events of a batch.

use chrono::{DateTime, Utc};

use crate::database::Tx;
use crate::mail::{self, MailKind, NewMail};
use crate::notifications::model::MailChoice;
use crate::notifications::rules::{audience, mail_from};
use crate::notifications::store::{filling, mailing, personal};

/// Writes down whom `events` are told to, and asks for the mails that tell of them at once.
pub(super) async fn tell(tx: &mut Tx, events: &[i64], now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut told = filling::insert_news(tx, events, &audience()).await?;
    told.extend(personal::insert_personal(tx, events).await?);
    let at_once: Vec<_> = told.iter().filter(|one| one.mail == MailChoice::Immediate).map(|one| one.id.0).collect();
    if at_once.is_empty() {
        return Ok(());
    }
    // Who cannot be written to has no mail waiting for them.
    let reachable = mailing::list_reachable(tx, &at_once).await?;
    let (mut mails, mut news) = (Vec::new(), Vec::new());
    for one in reachable {
        let Some(from) = mail_from(one.event, one.created_at, one.times, now) else { continue };
        let mail = NewMail { kind: MailKind::Notification, subject: one.id.0, lang: one.lang, organization: None };
        mails.push((mail, from));
        news.push(one.id.0);
    }
    let ids = mail::ask_all(tx, &mails, now).await?;
    let pairs: Vec<_> = news.into_iter().zip(ids).collect();
    mailing::update_mailed(tx, &pairs).await
}
