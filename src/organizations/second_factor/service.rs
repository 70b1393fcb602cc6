//! Setting a second factor up, proving it, and taking it away: each in one transaction, on record and told by mail.

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::codes::{self, Typed};
use super::demo;
use super::passkeys::service::{self as devices, Passkeys};
use super::passkeys::{self, RelyingParty};
use super::store::{self, Begun};
use crate::audit::{self, Author, Event, Severity};
use crate::auth::Actor;
use crate::auth::session::SignedIn;
use crate::auth::vault::{Unsealable, Vault};
use crate::database::{Db, Tx};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{OrganizationId, UserId};
use crate::mail::{self, Letter, MailKind, NewMail};
use crate::organizations::sessions::{self, Renewed};
use crate::web::routes::ENROLMENT;
use crate::web::site::Site;
use crate::workflow::{Command, CommandError, Effects, Message};

/// How long a factor that was begun may be confirmed.
const BEGUN_FOR: Duration = Duration::minutes(15);

/// Why there is no verdict on a code.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// The secret cannot be opened.
    #[error(transparent)]
    Sealed(#[from] Unsealable),
    /// The secret makes no codes.
    #[error(transparent)]
    Code(#[from] totp_rs::TotpError),
    /// The server has no key.
    #[error("somebody has a second factor, and SECOND_FACTOR_KEY is not given")]
    NoKey,
    /// No passkey can be made or asked for.
    #[error(transparent)]
    Passkey(#[from] webauthn_rs::prelude::WebauthnError),
    /// What is kept of a passkey cannot be read.
    #[error(transparent)]
    Kept(#[from] serde_json::Error),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl From<ProveError> for AppError {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::Database(error) => error.into(),
            error => Self::internal(error),
        }
    }
}

/// What second factors are judged with.
#[derive(Debug, Clone, Copy)]
pub struct Keys<'a> {
    /// Opens the secrets that phones share with us.
    pub vault: Option<&'a Vault>,
    /// Judges what devices answer.
    pub relying_party: Option<&'a RelyingParty>,
}

/// With what somebody has proved to be themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::organizations) enum ProvedBy {
    /// A code of the phone.
    Code,
    /// A passkey.
    Passkey,
    /// A recovery code, which is used up.
    RecoveryCode,
}

/// Judges what `person` has typed, or what their device has answered, and uses it up, in the gate's transaction given. Decided
/// under the lock of the factor's row and by the update's own condition: of two requests with one code, on whichever instances,
/// one passes.
pub(in crate::organizations) async fn prove(
    tx: &mut Tx,
    keys: Keys<'_>,
    person: UserId,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<Option<ProvedBy>, ProveError> {
    let vault = keys.vault.ok_or(ProveError::NoKey)?;
    let Some(factor) = store::lock_confirmed(tx, person).await? else { return Ok(None) };
    if passkeys::is_answer(typed) {
        let Some(site) = keys.relying_party else { return Ok(None) };
        return Ok(devices::prove(tx, site, person, typed, now).await?.then_some(ProvedBy::Passkey));
    }
    match Typed::read(typed) {
        Typed::Code(code) => {
            let secret = vault.open(&factor.sealed_secret, (person, factor.factor_id))?;
            let Some(step) = codes::step_of(&secret, &code, now)? else { return Ok(None) };
            Ok(store::update_step(tx, factor.factor_id, step).await?.then_some(ProvedBy::Code))
        }
        Typed::Recovery(hash) => {
            if !store::update_recovery_code(tx, (factor.factor_id, &hash), now).await? {
                return Ok(None);
            }
            tell(tx, MailKind::RecoveryCodeUsed, person, now).await?;
            Ok(Some(ProvedBy::RecoveryCode))
        }
        Typed::Neither => Ok(None),
    }
}

/// What a page that asks for a code may ask the person's devices, in the gate's transaction given.
pub(in crate::organizations) async fn ask_devices(
    tx: &mut Tx,
    keys: Keys<'_>,
    person: UserId,
    now: DateTime<Utc>,
) -> Result<Option<String>, ProveError> {
    match keys.relying_party {
        Some(site) => devices::ask(tx, site, person, now).await,
        None => Ok(None),
    }
}

/// What a page may ask the devices of who is signed in.
pub(super) async fn ask_own_devices(
    db: &Db,
    keys: Keys<'_>,
    person: UserId,
    now: DateTime<Utc>,
) -> Result<Option<String>, ProveError> {
    let mut tx = db.begin_gate().await?;
    let asked = ask_devices(&mut tx, keys, person, now).await?;
    tx.commit().await?;
    Ok(asked)
}

/// Asks for a mail in the person's own language.
async fn tell(tx: &mut Tx, kind: MailKind, person: UserId, now: DateTime<Utc>) -> sqlx::Result<()> {
    let lang = store::find_language(tx, person).await?;
    let lang = lang.and_then(|code| Lang::from_code(&code)).unwrap_or_default();
    mail::ask(tx, &NewMail { kind, subject: person.0, lang, organization: None }, now).await
}

/// Whether an account is one of those that all visitors of a demonstration share, in the gate's transaction given.
///
/// # Errors
/// When the database fails.
pub async fn is_shared(tx: &mut Tx, person: UserId) -> sqlx::Result<bool> {
    store::is_shared(tx, person).await
}

/// Whether a person has a second factor, in the gate's transaction given.
///
/// # Errors
/// When the database fails.
pub async fn is_enrolled(tx: &mut Tx, person: UserId) -> sqlx::Result<bool> {
    Ok(store::find_confirmed_at(tx, person).await?.is_some())
}

/// Who of an organisation has a second factor, in the gate's transaction given.
pub(in crate::organizations) async fn list_enrolled(
    tx: &mut Tx,
    organization: OrganizationId,
) -> sqlx::Result<Vec<UserId>> {
    store::list_enrolled(tx, organization).await
}

/// Takes a person's factor away and tells them, in the gate's transaction given; whether there was one.
pub(in crate::organizations) async fn remove(tx: &mut Tx, person: UserId, now: DateTime<Utc>) -> sqlx::Result<bool> {
    if !store::delete_factors(tx, person).await? {
        return Ok(false);
    }
    tell(tx, MailKind::SecondFactorRemoved, person, now).await?;
    Ok(true)
}

/// How it stands with one's own factor.
pub(super) struct Standing {
    /// Whether the account is everybody's: then nobody changes anything.
    pub is_shared: bool,
    pub since: Option<DateTime<Utc>>,
    pub recovery_codes: i64,
    /// What the phone reads and what a person types, of a factor that this session is setting up.
    pub begun: Option<(String, String)>,
    /// Their passkeys, where there can be any.
    pub passkeys: Option<Passkeys>,
}

/// How it stands with the actor's factor.
pub(super) async fn find(
    db: &Db,
    (vault, site): (&Vault, Option<&RelyingParty>),
    (actor, session): (&Actor, Uuid),
    now: DateTime<Utc>,
) -> Result<Standing, ProveError> {
    let mut tx = db.begin_gate().await?;
    let is_shared = store::is_shared(&mut tx, actor.user_id).await?;
    let since = store::find_confirmed_at(&mut tx, actor.user_id).await?;
    let recovery_codes = store::count_recovery_codes(&mut tx, actor.user_id).await?;
    let begun = store::lock_begun(&mut tx, (actor.user_id, session), now - BEGUN_FOR).await?;
    let passkeys = match site {
        // They stand beside the digits, never in their place.
        Some(site) if since.is_some() && !is_shared => Some(devices::find(&mut tx, site, actor, now).await?),
        _ => None,
    };
    tx.commit().await?;
    let begun = match begun {
        Some(begun) => {
            let secret = vault.open(&begun.sealed_secret, (actor.user_id, begun.factor_id))?;
            Some(codes::shown(&secret, &actor.username)?)
        }
        None => None,
    };
    Ok(Standing { is_shared, since, recovery_codes, begun, passkeys })
}

/// Begins a factor: a new secret, which this session alone is shown; in a demonstration the one that everybody may know.
pub(super) async fn begin(
    db: &Db,
    vault: &Vault,
    (actor, session): (&Actor, Uuid),
    is_demo: bool,
    now: DateTime<Utc>,
) -> Result<(), ProveError> {
    let factor_id = Uuid::now_v7();
    let secret = if is_demo { demo::secret_of(&actor.username) } else { codes::new_secret() };
    let sealed_secret = vault.seal(&secret, (actor.user_id, factor_id))?;
    let begun = Begun { factor_id, person: actor.user_id, sealed_secret: &sealed_secret, session };
    let mut tx = db.begin_gate().await?;
    store::insert_begun(&mut tx, &begun, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives people of the demonstration the second factor with the known secret, unless they have one.
///
/// # Errors
/// When the database or the vault fails.
pub async fn enrol_for_demo(
    db: &Db,
    vault: &Vault,
    usernames: impl IntoIterator<Item = String> + Send,
    now: DateTime<Utc>,
) -> Result<(), ProveError> {
    let mut tx = db.begin_gate().await?;
    for username in usernames {
        let Some(person) = store::find_unenrolled_of_demo(&mut tx, &username).await? else { continue };
        // No session has begun it.
        let (factor_id, session) = (Uuid::now_v7(), Uuid::nil());
        let sealed_secret = vault.seal(&demo::secret_of(&username), (person, factor_id))?;
        let begun = Begun { factor_id, person, sealed_secret: &sealed_secret, session };
        store::insert_begun(&mut tx, &begun, now).await?;
        store::update_confirmed(&mut tx, (person, factor_id), 0, now).await?;
    }
    Ok(tx.commit().await?)
}

/// What became of a code that was to confirm a factor.
pub(super) enum Confirmation {
    /// It is confirmed; these are the recovery codes, which are told this once, and the session goes on under this token.
    Done(Vec<String>, Renewed),
    /// The code is not right.
    Wrong,
    /// Nothing is being set up in this session, or no more.
    Gone,
}

/// Confirms the factor that this session has begun; the one before, its codes and every other session end.
pub(super) async fn confirm(
    db: &Db,
    vault: &Vault,
    (person, session): (&SignedIn, Uuid),
    typed: &str,
    now: DateTime<Utc>,
) -> Result<Confirmation, ProveError> {
    let actor = &person.actor;
    let mut tx = db.begin_gate().await?;
    let Some(begun) = store::lock_begun(&mut tx, (actor.user_id, session), now - BEGUN_FOR).await? else {
        return Ok(Confirmation::Gone);
    };
    let Typed::Code(code) = Typed::read(typed) else { return Ok(Confirmation::Wrong) };
    let secret = vault.open(&begun.sealed_secret, (actor.user_id, begun.factor_id))?;
    let Some(step) = codes::step_of(&secret, &code, now)? else { return Ok(Confirmation::Wrong) };
    store::update_confirmed(&mut tx, (actor.user_id, begun.factor_id), step, now).await?;
    let codes = codes::new_recovery_codes();
    replace_codes(&mut tx, begun.factor_id, &codes, now).await?;
    record_change(&mut tx, ("SECOND_FACTOR_SET", json!({})), (MailKind::SecondFactorSet, actor), now).await?;
    let Some(renewed) = sessions::renew(&mut tx, person, Some(now), now).await? else { return Ok(Confirmation::Gone) };
    tx.commit().await?;
    Ok(Confirmation::Done(codes, renewed))
}

async fn replace_codes(tx: &mut Tx, factor: Uuid, codes: &[String], now: DateTime<Utc>) -> sqlx::Result<()> {
    let hash = |code: &String| Sha256::digest(code.replace('-', "")).to_vec();
    let hashes: Vec<Vec<u8>> = codes.iter().map(hash).collect();
    store::replace_recovery_codes(tx, factor, &hashes, now).await
}

/// Ends the other sessions of the actor, and puts on record and into a mail what was changed.
pub(super) async fn record_change(
    tx: &mut Tx,
    about: (&'static str, Value),
    whom: (MailKind, &Actor),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let actor = whom.1;
    let event = tell_of_change(tx, about, whom, now).await?;
    audit::record(tx, Author::from(actor), &event, now).await
}

/// Ends the other sessions of the actor, and puts into a mail what was changed; what the record is to say.
async fn tell_of_change(
    tx: &mut Tx,
    (event_type, mut details): (&'static str, Value),
    (mail, actor): (MailKind, &Actor),
    now: DateTime<Utc>,
) -> sqlx::Result<Event> {
    let ended = sessions::end_others(tx, actor).await?;
    details["by"] = json!("person");
    details["sessions"] = json!(ended);
    tell(tx, mail, actor.user_id, now).await?;
    Ok(Event { entity_id: Some(actor.user_id.0), ..Event::security(event_type, Severity::High, details) })
}

/// Why no codes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoCodes {
    /// The actor has no second factor of their own.
    NoFactor,
}

impl std::fmt::Display for NoCodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no second factor")
    }
}

/// Recovery codes that nobody has yet.
pub(super) fn new_codes() -> Vec<String> {
    codes::new_recovery_codes()
}

/// These take the place of the recovery codes before, which open nothing any more. Sent again, nothing happens: the codes that
/// were shown stay those that count.
pub(super) struct MakeCodes<'a> {
    pub codes: &'a [String],
}

#[async_trait]
impl Command for MakeCodes<'_> {
    type Refusal = NoCodes;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, CommandError<NoCodes>> {
        tx.enter_gate().await?;
        let factor = store::lock_confirmed(tx, actor.user_id).await?;
        let factor = factor.ok_or(CommandError::Refused(NoCodes::NoFactor))?;
        if store::is_shared(tx, actor.user_id).await? {
            return Err(CommandError::Refused(NoCodes::NoFactor));
        }
        replace_codes(tx, factor.factor_id, self.codes, now).await?;
        let about = ("RECOVERY_CODES_MADE", json!({}));
        let event = tell_of_change(tx, about, (MailKind::RecoveryCodesMade, actor), now).await?;
        tx.leave_system().await?;
        // What a repeat is answered with: the codes are kept nowhere.
        let flash = Message::new("factor-codes-made-already");
        Ok(Effects { location: ENROLMENT.to_owned(), flash, event, outbox: None })
    }
}

/// Takes the actor's own factor away; false when there was none.
pub(super) async fn remove_own(db: &Db, actor: &Actor, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let mut tx = db.begin_gate().await?;
    if store::is_shared(&mut tx, actor.user_id).await? || !store::delete_factors(&mut tx, actor.user_id).await? {
        return Ok(false);
    }
    sessions::forget_proof(&mut tx, actor).await?;
    record_change(&mut tx, ("SECOND_FACTOR_REMOVED", json!({})), (MailKind::SecondFactorRemoved, actor), now).await?;
    tx.commit().await?;
    Ok(true)
}

/// Seals every secret under the key of now; how many were sealed under the one before, and how many there are. All of them or,
/// where one opens under neither key, none.
///
/// # Errors
/// When a secret cannot be opened, or the database is away.
pub async fn seal_anew(db: &Db, vault: &Vault, now: DateTime<Utc>) -> Result<(usize, usize), ProveError> {
    let mut tx = db.begin_gate().await?;
    let all = store::lock_all(&mut tx).await?;
    let mut sealed_anew = 0;
    for factor in &all {
        if let Some(sealed) = vault.seal_anew(&factor.sealed_secret, (factor.user_id, factor.factor_id))? {
            store::update_sealed(&mut tx, (factor.factor_id, &sealed)).await?;
            sealed_anew += 1;
        }
    }
    let author = Author::product(None);
    let details = json!({ "by": "operator", "sealed": sealed_anew, "all": all.len() });
    audit::record(&mut tx, author, &Event::security("SECOND_FACTORS_SEALED", Severity::High, details), now).await?;
    tx.commit().await?;
    Ok((sealed_anew, all.len()))
}

/// The mail that tells of a change; none when the person cannot be written to.
///
/// # Errors
/// When the database cannot be reached.
pub async fn write_told(
    tx: &mut Tx,
    kind: MailKind,
    (person, lang): (UserId, Lang),
    site: &Site,
) -> sqlx::Result<Option<Letter>> {
    let Some(to) = store::find_receiver(tx, person).await? else { return Ok(None) };
    let left = store::count_recovery_codes(tx, person).await?;
    let facts = [
        ("name", to.full_name),
        ("username", to.username),
        ("left", left.to_string()),
        ("link", site.absolute_url("/account/second-factor")),
    ];
    let (subject, text) = match kind {
        MailKind::SecondFactorSet => ("mail-factor-set-subject", "mail-factor-set-text"),
        MailKind::SecondFactorRemoved => ("mail-factor-removed-subject", "mail-factor-removed-text"),
        MailKind::RecoveryCodesMade => ("mail-codes-made-subject", "mail-codes-made-text"),
        MailKind::RecoveryCodeUsed => ("mail-code-used-subject", "mail-code-used-text"),
        MailKind::PasskeyAdded => ("mail-passkey-added-subject", "mail-passkey-added-text"),
        MailKind::PasskeyRemoved => ("mail-passkey-removed-subject", "mail-passkey-removed-text"),
        MailKind::Invitation
        | MailKind::PasswordReset
        | MailKind::PasswordChanged
        | MailKind::EmailConfirmation
        | MailKind::EmailReplaced
        | MailKind::RoleDelegated
        | MailKind::DataCopy
        | MailKind::ErasureAsked
        | MailKind::ErasureConfirmed
        | MailKind::ErasureRefused
        | MailKind::ErasureDone
        | MailKind::Notification
        | MailKind::NotificationDigest => return Ok(None),
    };
    Ok(Some(Letter { to: to.email, subject: lang.t(subject), text: lang.fill(text, facts) }))
}
