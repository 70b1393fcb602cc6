//! Mails that tell of news: one by one, and the mail of the day.

use std::fmt::Write as _;

use chrono::{DateTime, Duration, Utc};

use crate::calendar::{eat_date, start_of_day};
use crate::database::{Db, Tx};
use crate::i18n::Lang;
use crate::ids::{MailId, NotificationId, UserId};
use crate::jobs::{Finished, JobError, Run};
use crate::mail::{self, Letter, MailKind, NewMail};
use crate::notifications::pages::{HOME, SETTINGS};
use crate::notifications::store::mailing;
use crate::notifications::words;
use crate::web::components::Moment;
use crate::web::site::Site;

/// People whose mail of the day is asked for in one transaction.
const PEOPLE: i64 = 500;
/// Lines of such a mail; it names how many there are besides.
const LINES: usize = 40;
/// What is older stands in the list alone.
const NEWS_OF: Duration = Duration::days(7);

/// Asks for the mails of the day whose hour has come, in one transaction with the end of the job.
///
/// # Errors
/// [`JobError`]; nothing is asked for then.
pub async fn send_digests(db: &Db, run: &Run, now: DateTime<Utc>) -> Result<Finished, JobError> {
    let mut tx = run.begin(db).await?;
    let today = start_of_day(eat_date(now));
    let due = mailing::list_due(&mut tx, (today, now), NEWS_OF, PEOPLE).await?;
    let mails: Vec<_> = due
        .iter()
        .map(|one| {
            let UserId(subject) = one.person;
            (NewMail { kind: MailKind::NotificationDigest, subject, lang: one.lang, organization: None }, now)
        })
        .collect();
    let ids = mail::ask_all(&mut tx, &mails, now).await?;
    let pairs: Vec<_> =
        due.iter().zip(&ids).flat_map(|(one, mail)| one.news.iter().map(|news| (*news, *mail))).collect();
    mailing::update_mailed(&mut tx, &pairs).await?;
    run.finish(tx, &vec![("mails", ids.len() as u64)], now).await
}

/// The mail that tells of one thing; none when its person has read of it, wants no mail of it any more or cannot be written to.
///
/// # Errors
/// When the database cannot be reached.
pub async fn write_news(tx: &mut Tx, (id, lang): (NotificationId, Lang), site: &Site) -> sqlx::Result<Option<Letter>> {
    let Some((to, news)) = mailing::find_unread(tx, id).await? else { return Ok(None) };
    let line = words::line(&news, lang);
    let facts = [
        ("name", to.full_name),
        ("line", line.clone()),
        ("at", Moment::at(lang, news.created_at).text),
        ("link", site.absolute_url(&words::path(&news))),
        ("settings", site.absolute_url(SETTINGS)),
    ];
    Ok(Some(Letter { to: to.email, subject: line, text: lang.fill("mail-notification-text", facts) }))
}

/// The mail of the day; none when everything in it was read meanwhile.
///
/// # Errors
/// When the database cannot be reached.
pub async fn write_digest(
    tx: &mut Tx,
    (mail, person, lang): (MailId, UserId, Lang),
    site: &Site,
) -> sqlx::Result<Option<Letter>> {
    let Some(to) = mailing::find_receiver(tx, person).await? else { return Ok(None) };
    let news = mailing::list_of_mail(tx, mail).await?;
    if news.is_empty() {
        return Ok(None);
    }
    let mut lines = String::new();
    for one in news.iter().take(LINES) {
        let at = Moment::at(lang, one.created_at).text;
        let _ = write!(lines, "{}\n{at}\n{}\n\n", words::line(one, lang), site.absolute_url(&words::path(one)));
    }
    if news.len() > LINES {
        lines.push_str(&lang.fill("mail-digest-more", [("count", (news.len() - LINES).to_string())]));
        lines.push('\n');
    }
    let count = news.len().to_string();
    let facts = [
        ("name", to.full_name),
        ("lines", lines.trim_end().to_owned()),
        ("link", site.absolute_url(HOME)),
        ("settings", site.absolute_url(SETTINGS)),
    ];
    let subject = lang.fill("mail-digest-subject", [("count", count)]);
    Ok(Some(Letter { to: to.email, subject, text: lang.fill("mail-digest-text", facts) }))
}
