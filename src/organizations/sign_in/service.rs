//! Who may come in: one password hash per attempt, one answer for every failure, all on record.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use secrecy::SecretString;
use serde_json::json;
use tower_sessions::session::Id;
use uuid::Uuid;

use super::store::{self, Account};
use super::throttle::store::{self as attempts, Bucket};
use super::throttle::{Entrance, SignInLimits, hash_of, network_of};
use crate::{
    audit::{self, Author, Event, Severity},
    auth::{
        Actor, Origin,
        password::{PasswordError, PasswordHasher},
    },
    database::{Db, Tx},
    i18n::Lang,
    ids::{OrganizationId, UserId},
    organizations::{second_factor::ProveError, sessions},
};

/// The longest user name there can be; the column's own rule.
const MAX_USERNAME: usize = 80;
/// A device is known for so long after somebody has signed in on it.
pub const DEVICE_KNOWN: Duration = Duration::days(90);

/// Why nobody comes in.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefusal {
    /// The name, the password or the state of the account; which of them is nobody's business.
    #[error("the name or the password is wrong, or the account is disabled")]
    Failed,
    /// Too many attempts at this moment.
    #[error("too many passwords are being checked")]
    Busy,
    /// Too many attempts have failed; nothing was judged.
    #[error("too many attempts have failed, until {until}")]
    Closed {
        /// When the next attempt is judged.
        until: DateTime<Utc>,
    },
    /// A code cannot be judged.
    #[error(transparent)]
    Factor(ProveError),
    /// The stored hash cannot be read.
    #[error(transparent)]
    Hashing(PasswordError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::organizations) struct SignedInUser {
    pub user_id: UserId,
    pub organization_id: OrganizationId,
    pub language: Lang,
    /// Whether everybody knows the password, which stands beside the form of a demonstration.
    pub is_demo: bool,
    /// Whether they come for the first time. The people of a demonstration know their way.
    pub is_new: bool,
    pub entrance: Entrance,
    /// The attempt that was judged, which counts as failed until its person comes in.
    pub attempt: Uuid,
}

/// What an attempt is judged with.
#[derive(Debug)]
pub(super) struct Gate<'a> {
    pub db: &'a Db,
    pub passwords: &'a PasswordHasher,
    pub limits: SignInLimits,
    /// Whether demo accounts count.
    pub is_demo: bool,
}

/// From where an attempt comes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visitor<'a> {
    /// The token that the device keeps, or is given if somebody comes in.
    pub device: &'a str,
    pub address: IpAddr,
    pub origin: &'a Origin,
}

/// Judges one attempt, and puts a failure on record. That somebody came in is recorded with the session: there is
/// none without the other. No transaction is open while the password is hashed; what was not judged yet counts as failed
/// meanwhile, so that many at once are no more than many in a row.
pub(super) async fn sign_in(
    gate: &Gate<'_>,
    username: &str,
    password: SecretString,
    visitor: Visitor<'_>,
    now: DateTime<Utc>,
) -> Result<SignedInUser, SignInRefusal> {
    let username = username.trim().to_lowercase();
    let (name, device) = (hash_of(&username), hash_of(visitor.device));
    let begun = begin(gate, &username, (&name, &device), visitor.address, now).await?;
    let Begun { account, bucket, attempt, is_last } = begun;
    let origin = visitor.origin;
    let stored = account.as_ref().map(|account| account.password_hash.clone());
    let matches = match gate.passwords.verify(password, stored).await {
        Ok(matches) => matches,
        Err(PasswordError::TooLong) => false,
        Err(error) => {
            let mut tx = gate.db.begin_gate().await?;
            attempts::take_back(&mut tx, attempt).await?;
            tx.commit().await?;
            return Err(match error {
                PasswordError::Busy => SignInRefusal::Busy,
                error => SignInRefusal::Hashing(error),
            });
        }
    };
    let may_enter = |account: &Account| matches && account.is_active && (gate.is_demo || !account.is_demo);
    let Some(account) = account.as_ref().filter(|account| may_enter(account)) else {
        let failure = Attempt { username: &username, account: account.as_ref() };
        let mut tx = gate.db.begin_gate().await?;
        audit::record(&mut tx, failure.author(origin), &failure.event("LOGIN_FAILED", Severity::Medium), now).await?;
        if is_last {
            audit::record(&mut tx, failure.author(origin), &failure.event("LOGIN_CLOSED", Severity::High), now).await?;
        }
        tx.commit().await?;
        return Err(SignInRefusal::Failed);
    };
    let language = Lang::from_code(&account.language).unwrap_or_default();
    Ok(SignedInUser {
        user_id: account.user_id,
        organization_id: account.organization_id,
        language,
        is_demo: account.is_demo,
        is_new: account.last_login.is_none() && !account.is_demo,
        entrance: Entrance { name, device, is_known: bucket.device.is_some() },
        attempt,
    })
}

/// Whether the database can be asked for somebody of this name at all. Older names may have another shape than new ones.
pub(in crate::organizations) fn may_be_name(username: &str) -> bool {
    username.len() <= MAX_USERNAME && !username.contains('\0')
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

/// An attempt that is to be judged.
struct Begun<'a> {
    account: Option<Account>,
    bucket: Bucket<'a>,
    attempt: Uuid,
    /// Whether it closes the door, should it fail.
    is_last: bool,
}

/// Finds the account, and notes the attempt if the door is open.
async fn begin<'a>(
    gate: &Gate<'_>,
    username: &str,
    (name, device): (&'a [u8; 32], &'a [u8; 32]),
    address: IpAddr,
    now: DateTime<Utc>,
) -> Result<Begun<'a>, SignInRefusal> {
    let limits = &gate.limits;
    let mut tx = gate.db.begin_gate().await?;
    // What no user name can be is not asked for; the hash is computed all the same.
    let account = if may_be_name(username) { store::find_account(&mut tx, username).await? } else { None };
    let is_known = attempts::is_known(&mut tx, account.as_ref().map(|account| account.user_id), device).await?;
    let bucket = Bucket { name, device: is_known.then_some(device), network: network_of(address) };
    attempts::take_turns(&mut tx, &bucket).await?;
    let mut failures = require_open(&mut tx, limits, &bucket, now).await?;
    let attempt = attempts::insert(&mut tx, &bucket, now).await?;
    tx.commit().await?;
    failures.insert(0, now);
    let is_last = limits.account_closed_until(&failures, now).is_some();
    Ok(Begun { account, bucket, attempt, is_last })
}

/// What has failed with the name, unless that closes the door. Whoever asks has taken their turn.
pub(super) async fn require_open(
    tx: &mut Tx,
    limits: &SignInLimits,
    bucket: &Bucket<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>, SignInRefusal> {
    let failures = attempts::failures_of_account(tx, bucket, now).await?;
    let mut closed = limits.account_closed_until(&failures, now);
    if bucket.device.is_none() {
        let others = attempts::failures_of_network(tx, bucket, now).await?;
        closed = closed.max(limits.network_closed_until(&others, now));
    }
    closed.map_or(Ok(failures), |until| Err(SignInRefusal::Closed { until }))
}

/// Takes back an attempt that was right, by which nobody comes in.
pub(super) async fn forgive(db: &Db, user: &SignedInUser) -> sqlx::Result<()> {
    let mut tx = db.begin_gate().await?;
    attempts::take_back(&mut tx, user.attempt).await?;
    tx.commit().await
}

/// Whether anybody has signed in on a device before.
pub(super) async fn is_known_device(db: &Db, device: &[u8; 32]) -> sqlx::Result<bool> {
    let mut tx = db.begin_gate().await?;
    let is_known = attempts::is_anybodys(&mut tx, device).await?;
    tx.commit().await?;
    Ok(is_known)
}

/// Forgets what has failed with the name of an account: who has proved otherwise that it is theirs comes in.
pub(in crate::organizations) async fn forget_failures(tx: &mut Tx, username: &str) -> sqlx::Result<()> {
    attempts::delete_of_name(tx, &hash_of(username)).await
}

/// A failed attempt, as it goes on record.
struct Attempt<'a> {
    username: &'a str,
    account: Option<&'a Account>,
}

impl<'a> Attempt<'a> {
    fn author(&self, origin: &'a Origin) -> Author<'a> {
        // The person who owns the account has not done this.
        Author {
            user: None,
            organization: self.account.map(|account| account.organization_id),
            roles: &[],
            delegations: &[],
            origin,
        }
    }

    fn event(&self, event_type: &'static str, severity: Severity) -> Event {
        // What was typed may be a password in the wrong field: the name goes into the part that can be
        // erased, and only where it is a name of ours.
        let private = self.account.map(|_| json!({ "username": self.username }));
        Event {
            entity_id: self.account.map(|account| account.user_id.0),
            private,
            ..Event::security(event_type, severity, json!({ "known": self.account.is_some() }))
        }
    }
}
