//! Asking for a new password, and setting it.

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

use super::store::{self, Opened};
use crate::audit::{self, Author, Event, Severity};
use crate::auth::Origin;
use crate::database::{Db, Tx};
use crate::i18n::Lang;
use crate::ids::UserId;
use crate::mail::{self, Letter, MailKind, NewMail};
use crate::organizations::link_token::LinkToken;
use crate::organizations::{password, sessions, sign_in};
use crate::web::site::Site;

/// How long the link works.
pub(super) const LIFE: Duration = Duration::minutes(60);
/// How long a link works that an operator hands over.
pub const HANDED_LIFE: Duration = Duration::hours(24);
/// Links that one person gets in such a time: nobody fills another's mailbox.
const MOST: i64 = 3;

/// Notes that somebody asks for the account `username`, once for each form. Whose it is, and whether they can be written to,
/// is seen when the mail is written.
pub(super) async fn ask(
    db: &Db,
    (username, form): (&str, Uuid),
    lang: Lang,
    origin: &Origin,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let username = username.trim().to_lowercase();
    let mut tx = db.begin_gate().await?;
    let person = if sign_in::may_be_name(&username) { store::find_person(&mut tx, &username).await? } else { None };
    // In the language of the account: whoever asks may use another, and be another. What is nobody's is never written.
    let lang = person.as_ref().and_then(|asking| Lang::from_code(&asking.language)).unwrap_or(lang);
    let person = person.map(|asking| asking.id);
    if !store::insert_reset(&mut tx, form, person, now, now + LIFE).await? {
        return tx.rollback().await;
    }
    let mail = NewMail { kind: MailKind::PasswordReset, subject: form, lang, organization: None };
    mail::ask(&mut tx, &mail, now).await?;
    // Who owns the account has not done this.
    let author = Author { user: None, organization: None, roles: &[], delegations: &[], origin };
    let event = Event {
        entity_id: person.map(|UserId(id)| id),
        ..Event::security("PASSWORD_RESET_ASKED", Severity::Medium, json!({ "known": person.is_some() }))
    };
    audit::record(&mut tx, author, &event, now).await?;
    tx.commit().await
}

/// The mail with the link; none when the request is nobody's, or there were enough of them.
///
/// # Errors
/// When the database cannot be reached.
pub async fn write_reset(
    tx: &mut Tx,
    (request, lang): (Uuid, Lang),
    site: &Site,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Letter>> {
    let token = LinkToken::random();
    let Some(to) = store::update_token(tx, request, &token, (now - LIFE, MOST), now).await? else { return Ok(None) };
    let facts = [
        ("name", to.full_name),
        ("username", to.username),
        ("minutes", LIFE.num_minutes().to_string()),
        ("link", site.absolute_url(&path_of(&token))),
    ];
    let text = lang.fill("mail-password-reset-text", facts);
    Ok(Some(Letter { to: to.email, subject: lang.t("mail-password-reset-subject"), text }))
}

/// The mail that says that a password was changed; none when the person cannot be written to.
///
/// # Errors
/// When the database cannot be reached.
pub async fn write_changed(tx: &mut Tx, (person, lang): (UserId, Lang), site: &Site) -> sqlx::Result<Option<Letter>> {
    let Some(to) = store::find_receiver(tx, person).await? else { return Ok(None) };
    let facts = [("name", to.full_name), ("username", to.username), ("link", site.absolute_url("/forgotten-password"))];
    let text = lang.fill("mail-password-changed-text", facts);
    Ok(Some(Letter { to: to.email, subject: lang.t("mail-password-changed-subject"), text }))
}

/// The page on which a person sets a password, for an operator to hand over: whoever helps does not learn it. The links before
/// are over. In the gate's transaction given.
pub(in crate::organizations) async fn open_by_hand(
    tx: &mut Tx,
    person: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<String> {
    let token = LinkToken::random();
    store::update_others_used(tx, person, now).await?;
    store::insert_handed(tx, person, &token, (now, now + HANDED_LIFE)).await?;
    Ok(path_of(&token))
}

/// Ends every link of a person, in the gate's transaction given.
pub(in crate::organizations) async fn end_links(tx: &mut Tx, person: UserId, now: DateTime<Utc>) -> sqlx::Result<()> {
    store::update_others_used(tx, person, now).await
}

/// The page that a link leads to.
pub(super) fn path_of(token: &LinkToken) -> String {
    format!("/new-password/{}", token.text())
}

/// What the link opens, if it still does.
pub(super) async fn find_open(db: &Db, token: &LinkToken, now: DateTime<Utc>) -> sqlx::Result<Option<Opened>> {
    let mut tx = db.begin_gate().await?;
    let found = store::find_open(&mut tx, token, now).await?;
    tx.commit().await?;
    Ok(found)
}

/// Whether this very form has set the password already.
pub(super) async fn is_done(db: &Db, token: &LinkToken, form: Uuid) -> sqlx::Result<bool> {
    let mut tx = db.begin_gate().await?;
    let is_done = store::is_used_by(&mut tx, token, form).await?;
    tx.commit().await?;
    Ok(is_done)
}

/// Sets the new password, and ends every session and every other link of its person. The door that failures may have closed
/// is open again. False when the link was used meanwhile; nothing is changed then.
pub(super) async fn set(
    db: &Db,
    (opened, form): (&Opened, Uuid),
    (hash, lang): (&str, Lang),
    origin: &Origin,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let mut tx = db.begin_gate().await?;
    if !store::update_used(&mut tx, (opened.reset_id, form), now).await? {
        tx.rollback().await?;
        return Ok(false);
    }
    store::update_others_used(&mut tx, opened.user_id, now).await?;
    password::update_password(&mut tx, opened.user_id, hash, now).await?;
    let ended = sessions::end_all(&mut tx, opened.user_id).await?;
    sign_in::end_pending(&mut tx, opened.user_id).await?;
    sign_in::forget_failures(&mut tx, &opened.username).await?;
    let UserId(person) = opened.user_id;
    let mail = NewMail { kind: MailKind::PasswordChanged, subject: person, lang, organization: None };
    mail::ask(&mut tx, &mail, now).await?;
    let author = Author {
        user: Some(opened.user_id),
        organization: Some(opened.organization_id),
        roles: &[],
        delegations: &[],
        origin,
    };
    let event = Event {
        entity_id: Some(person),
        ..Event::security("PASSWORD_CHANGED", Severity::High, json!({ "by": "link", "sessions": ended }))
    };
    audit::record(&mut tx, author, &event, now).await?;
    tx.commit().await?;
    Ok(true)
}
