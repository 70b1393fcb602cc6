//! The mails about an erasure.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{HOME, LIFE, certificate_path_of, path_of};
use crate::database::Tx;
use crate::i18n::Lang;
use crate::mail::{Letter, MailKind};
use crate::organizations::erasure::store;
use crate::organizations::link_token::LinkToken;
use crate::web::components::Moment;
use crate::web::site::Site;

/// The mail of `kind` about an erasure; none when there is nobody to write to, or nothing to say any more.
///
/// # Errors
/// When the database cannot be reached.
pub async fn write_mail(
    tx: &mut Tx,
    kind: MailKind,
    (erasure, lang): (Uuid, Lang),
    site: &Site,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Letter>> {
    match kind {
        MailKind::ErasureDone => write_done(tx, (erasure, lang), site).await,
        MailKind::ErasureAsked => {
            let token = LinkToken::random();
            let Some(to) = store::update_token(tx, erasure, &token, now).await? else { return Ok(None) };
            let facts = [
                ("name", to.full_name),
                ("hours", LIFE.num_hours().to_string()),
                ("link", site.absolute_url(&path_of(&token))),
            ];
            let text = lang.fill("mail-erasure-asked-text", facts);
            Ok(Some(Letter { to: to.email, subject: lang.t("mail-erasure-asked-subject"), text }))
        }
        MailKind::ErasureConfirmed => {
            let Some(to) = store::find_receiver(tx, erasure).await? else { return Ok(None) };
            let Some(due_at) = to.due_at else { return Ok(None) };
            let facts =
                [("name", to.full_name), ("due", Moment::at(lang, due_at).text), ("link", site.absolute_url(HOME))];
            let text = lang.fill("mail-erasure-confirmed-text", facts);
            Ok(Some(Letter { to: to.email, subject: lang.t("mail-erasure-confirmed-subject"), text }))
        }
        MailKind::ErasureRefused => {
            let Some(to) = store::find_receiver(tx, erasure).await? else { return Ok(None) };
            let Some(refusal) = to.refusal else { return Ok(None) };
            let facts = [
                ("name", to.full_name),
                ("reason", lang.name_of("erasure-refusal", refusal.code())),
                ("link", site.absolute_url(HOME)),
            ];
            let text = lang.fill("mail-erasure-refused-text", facts);
            Ok(Some(Letter { to: to.email, subject: lang.t("mail-erasure-refused-subject"), text }))
        }
        _ => Ok(None),
    }
}

async fn write_done(tx: &mut Tx, (erasure, lang): (Uuid, Lang), site: &Site) -> sqlx::Result<Option<Letter>> {
    let token = LinkToken::random();
    let Some(to) = store::update_certificate(tx, erasure, &token).await? else { return Ok(None) };
    let facts = [("number", erasure.to_string()), ("link", site.absolute_url(&certificate_path_of(&token)))];
    let text = lang.fill("mail-erasure-done-text", facts);
    Ok(Some(Letter { to, subject: lang.t("mail-erasure-done-subject"), text }))
}
