//! Who may come in: one password hash per attempt, one answer for every failure, all on record.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::json;
use tower_sessions::session::Id;

use super::store::{self, Account};
use crate::{
    audit::{self, Author, Event, Severity},
    auth::{
        Actor, Origin,
        password::{PasswordError, PasswordHasher},
    },
    database::Db,
    i18n::Lang,
    ids::{OrganizationId, UserId},
    organizations::sessions,
};

/// The longest user name there can be; the column's own rule.
const MAX_USERNAME: usize = 80;

/// Why nobody comes in.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefusal {
    /// The name, the password or the state of the account; which of them is nobody's business.
    #[error("the name or the password is wrong, or the account is disabled")]
    Failed,
    /// Too many attempts at this moment.
    #[error("too many passwords are being checked")]
    Busy,
    /// The stored hash cannot be read.
    #[error(transparent)]
    Hashing(PasswordError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SignedInUser {
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    pub language: Lang,
}

/// What an attempt is judged with.
#[derive(Debug)]
pub(super) struct Gate<'a> {
    pub db: &'a Db,
    pub passwords: &'a PasswordHasher,
    /// Whether demo accounts count.
    pub is_demo: bool,
}

/// Judges one attempt, and puts a failure on record. That somebody came in is recorded with the session: there is
/// none without the other. No transaction is open while the password is hashed.
pub(super) async fn sign_in(
    gate: &Gate<'_>,
    username: &str,
    password: SecretString,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Result<SignedInUser, SignInRefusal> {
    let username = username.trim().to_lowercase();
    let account = find_account(gate.db, &username).await?;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let matches = match gate.passwords.verify(password, stored).await {
        Ok(matches) => matches,
        Err(PasswordError::TooLong) => false,
        Err(PasswordError::Busy) => return Err(SignInRefusal::Busy),
        Err(error @ PasswordError::Hashing(_)) => return Err(SignInRefusal::Hashing(error)),
    };
    let may_enter = |account: &Account| matches && account.is_active && (gate.is_demo || !account.is_demo);
    let Some(account) = account.as_ref().filter(|account| may_enter(account)) else {
        let failure = Attempt { username: &username, account: account.as_ref() };
        let mut tx = gate.db.begin_gate().await?;
        audit::record(&mut tx, failure.author(origin), &failure.event(), now).await?;
        tx.commit().await?;
        return Err(SignInRefusal::Failed);
    };
    let language = Lang::from_code(&account.language).unwrap_or_default();
    Ok(SignedInUser { user_id: account.user_id, organization_id: account.organization_id, language })
}

/// Ends a session and puts that on record, both or neither. Sent twice, it ends once.
pub(super) async fn sign_out(db: &Db, actor: &Actor, session: Id, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = db.begin_gate().await?;
    if sessions::end(&mut tx, session).await? {
        let event = Event { entity_id: Some(actor.user_id.0), ..Event::security("LOGOUT", Severity::Low, json!({})) };
        audit::record(&mut tx, Author::from(actor), &event, now).await?;
    }
    tx.commit().await
}

/// Keeps the language of a signed-in person in their account.
pub(super) async fn choose_language(db: &Db, actor: &Actor, lang: Lang, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = db.begin_gate().await?;
    store::update_language(&mut tx, actor.user_id, lang, now).await?;
    tx.commit().await
}

async fn find_account(db: &Db, username: &str) -> sqlx::Result<Option<Account>> {
    // What no user name can be is not asked for; the hash is computed all the same.
    if username.len() > MAX_USERNAME || username.contains('\0') {
        return Ok(None);
    }
    let mut tx = db.begin_gate().await?;
    let account = store::find_account(&mut tx, username).await?;
    tx.commit().await?;
    Ok(account)
}

/// A failed attempt, as it goes on record.
struct Attempt<'a> {
    username: &'a str,
    account: Option<&'a Account>,
}

impl<'a> Attempt<'a> {
    fn author(&self, origin: &'a Origin) -> Author<'a> {
        // The person who owns the account has not done this.
        Author { user: None, organization: self.account.map(|account| account.organization_id), roles: &[], origin }
    }

    fn event(&self) -> Event {
        // What was typed may be a password in the wrong field: the name goes into the part that can be
        // erased, and only where it is a name of ours.
        let private = self.account.map(|_| json!({ "username": self.username }));
        Event {
            entity_id: self.account.map(|account| account.user_id.0),
            private,
            ..Event::security("LOGIN_FAILED", Severity::Medium, json!({ "known": self.account.is_some() }))
        }
    }
}
