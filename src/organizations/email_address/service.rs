//! Asking whether an address is a person's, and taking it when the answer comes.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

use super::store::{self, Opened};
use crate::audit::{self, Author, Event, Severity};
use crate::auth::{Actor, Origin};
use crate::database::{Db, Tx};
use crate::i18n::Lang;
use crate::ids::UserId;
use crate::mail::{self, Letter, MailKind, NewMail};
use crate::organizations::link_token::LinkToken;
use crate::organizations::reset;
use crate::web::site::Site;

/// How long the link works.
pub(super) const LIFE: Duration = Duration::hours(24);
/// Links that one person is mailed within an hour: nobody fills another's mailbox.
const MOST: i64 = 5;
const COUNTED_FOR: Duration = Duration::hours(1);

/// One's own address, and since when it is confirmed.
pub struct Address {
    /// The address.
    pub email: String,
    /// Since when it is confirmed, if it is.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// The address of who is signed in, if they have given one.
///
/// # Errors
/// When the database fails.
pub async fn find_own(db: &Db, actor: &Actor) -> sqlx::Result<Option<Address>> {
    let mut tx = db.begin_gate().await?;
    let found = store::find_address(&mut tx, actor.user_id).await?;
    tx.commit().await?;
    Ok(found.map(|(email, confirmed_at)| Address { email, confirmed_at }))
}

/// Asks whether `email` is the person's, once for each form, in the gate's transaction given. What was asked before is over. Whose
/// the address is already is not said here: who reads its mailbox learns it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn ask(
    tx: &mut Tx,
    (person, email): (UserId, &str),
    form: Uuid,
    lang: Lang,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    if !store::insert(tx, (form, person, email), (now, now + LIFE)).await? {
        return Ok(false);
    }
    let mail = NewMail { kind: MailKind::EmailConfirmation, subject: form, lang, organization: None };
    mail::ask(tx, &mail, now).await?;
    Ok(true)
}

/// Asks whether an address is the actor's.
pub(super) async fn ask_own(
    db: &Db,
    (actor, email): (&Actor, &str),
    form: Uuid,
    lang: Lang,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let mut tx = db.begin_gate().await?;
    if ask(&mut tx, (actor.user_id, email), form, lang, now).await? {
        let event = Event {
            entity_id: Some(actor.user_id.0),
            private: Some(json!({ "email": email })),
            ..Event::security("EMAIL_CHANGE_ASKED", Severity::Medium, json!({}))
        };
        audit::record(&mut tx, Author::from(actor), &event, now).await?;
    }
    tx.commit().await
}

/// What a link opens, if it still does.
pub(super) async fn find_open(db: &Db, token: &LinkToken, now: DateTime<Utc>) -> sqlx::Result<Option<Opened>> {
    let mut tx = db.begin_gate().await?;
    let found = store::lock_open(&mut tx, token, now).await?;
    tx.commit().await?;
    Ok(found)
}

/// What became of an address that was to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Confirmed {
    /// It is the person's.
    Done,
    /// It is somebody else's.
    Taken,
    /// The link opens nothing any more.
    Gone,
}

/// Takes the address to which the link went. Links for a new password that went elsewhere are over, and who reads mail there is
/// told.
pub(super) async fn confirm(
    db: &Db,
    (token, form): (&LinkToken, Uuid),
    lang: Lang,
    origin: &Origin,
    now: DateTime<Utc>,
) -> sqlx::Result<Confirmed> {
    let mut tx = db.begin_gate().await?;
    let Some(opened) = store::lock_open(&mut tx, token, now).await? else {
        let is_done = store::is_used_by(&mut tx, token, form).await?;
        return Ok(if is_done { Confirmed::Done } else { Confirmed::Gone });
    };
    let person = opened.user_id;
    let before = store::find_address(&mut tx, person).await?;
    if !store::update_address(&mut tx, (person, &opened.email), now).await? {
        return Ok(Confirmed::Taken);
    }
    let replaced =
        before.filter(|(email, confirmed_at)| confirmed_at.is_some() && *email != opened.email).map(|(email, _)| email);
    store::update_used(&mut tx, (opened.confirmation_id, form), replaced.as_deref(), now).await?;
    reset::end_links(&mut tx, person, now).await?;
    if replaced.is_some() {
        let mail = NewMail { kind: MailKind::EmailReplaced, subject: opened.confirmation_id, lang, organization: None };
        mail::ask(&mut tx, &mail, now).await?;
    }
    let author =
        Author { user: Some(person), organization: Some(opened.organization_id), roles: &[], delegations: &[], origin };
    let event = Event {
        entity_id: Some(person.0),
        private: Some(json!({ "email": opened.email, "replaced": replaced })),
        ..Event::security("EMAIL_CONFIRMED", Severity::High, json!({ "is_first": replaced.is_none() }))
    };
    audit::record(&mut tx, author, &event, now).await?;
    tx.commit().await?;
    Ok(Confirmed::Done)
}

/// The page that a link leads to.
pub(super) fn path_of(token: &LinkToken) -> String {
    format!("/confirm-email/{}", token.text())
}

/// The mail with the link, to the address that is to be confirmed; none when that is over, or there were enough of them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn write_confirmation(
    tx: &mut Tx,
    (confirmation, lang): (Uuid, Lang),
    site: &Site,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Letter>> {
    let token = LinkToken::random();
    let limit = (now - COUNTED_FOR, MOST);
    let Some(to) = store::update_token(tx, confirmation, &token, limit, now).await? else { return Ok(None) };
    let facts = [
        ("name", to.full_name),
        ("username", to.username),
        ("hours", LIFE.num_hours().to_string()),
        ("link", site.absolute_url(&path_of(&token))),
    ];
    let text = lang.fill("mail-email-confirmation-text", facts);
    Ok(Some(Letter { to: to.email, subject: lang.t("mail-email-confirmation-subject"), text }))
}

/// The mail to the address that its person has no more; none when there is nobody to tell.
///
/// # Errors
/// When the database cannot be reached.
pub async fn write_replaced(
    tx: &mut Tx,
    (confirmation, lang): (Uuid, Lang),
    site: &Site,
) -> sqlx::Result<Option<Letter>> {
    let Some(to) = store::find_replaced(tx, confirmation).await? else { return Ok(None) };
    let facts = [("name", to.full_name), ("username", to.username), ("link", site.absolute_url("/account"))];
    let text = lang.fill("mail-email-replaced-text", facts);
    Ok(Some(Letter { to: to.email, subject: lang.t("mail-email-replaced-subject"), text }))
}
