//! Asking devices and judging what they answer; keeping passkeys and taking them away, on record and told by mail.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;
use webauthn_rs::prelude::{
    Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
};

use super::RelyingParty;
use super::store::{self, Kept, NewPasskey, Purpose};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::ids::UserId;
use crate::mail::MailKind;
use crate::organizations::second_factor::service::{ProveError, record_change};
use crate::organizations::second_factor::store::lock_confirmed;

/// How long a device may take to answer.
const ANSWERED_WITHIN: Duration = Duration::minutes(5);
/// Questions of one person that wait for an answer: one for each page that is open.
const MOST_OPEN: i64 = 20;
/// Passkeys of one person.
pub(super) const MOST_KEPT: usize = 10;

/// What the script of a page reads.
#[derive(Serialize)]
struct Asked<T> {
    challenge: Uuid,
    options: T,
}

/// What it sends.
#[derive(Deserialize)]
struct Answered<T> {
    challenge: Uuid,
    credential: T,
}

async fn keep_challenge<O: Serialize, S: Serialize>(
    tx: &mut Tx,
    (person, purpose): (UserId, Purpose),
    (options, state): (O, &S),
    now: DateTime<Utc>,
) -> Result<String, ProveError> {
    let challenge = Uuid::now_v7();
    let state = serde_json::to_value(state)?;
    let lives = (now, now + ANSWERED_WITHIN);
    store::insert_challenge(tx, (challenge, person, purpose), &state, MOST_OPEN - 1, lives).await?;
    Ok(serde_json::to_string(&Asked { challenge, options })?)
}

async fn credentials(tx: &mut Tx, person: UserId) -> Result<Vec<Passkey>, ProveError> {
    let kept = store::list_credentials(tx, person).await?;
    Ok(kept.into_iter().map(serde_json::from_value).collect::<Result<_, _>>()?)
}

/// What a page asks a person's devices, in the gate's transaction given; nothing when they have no passkey.
pub(in crate::organizations::second_factor) async fn ask(
    tx: &mut Tx,
    site: &RelyingParty,
    person: UserId,
    now: DateTime<Utc>,
) -> Result<Option<String>, ProveError> {
    let kept = credentials(tx, person).await?;
    if kept.is_empty() {
        return Ok(None);
    }
    let (options, state) = site.start_passkey_authentication(&kept)?;
    keep_challenge(tx, (person, Purpose::Prove), (options, &state), now).await.map(Some)
}

/// Judges what a device has answered, in the gate's transaction given. What it was asked is used up, whatever it says.
pub(in crate::organizations::second_factor) async fn prove(
    tx: &mut Tx,
    site: &RelyingParty,
    person: UserId,
    answer: &str,
    now: DateTime<Utc>,
) -> Result<bool, ProveError> {
    let Ok(answer) = serde_json::from_str::<Answered<PublicKeyCredential>>(answer) else { return Ok(false) };
    let asked = (answer.challenge, person, Purpose::Prove);
    let Some(state) = store::take_challenge(tx, asked, now).await? else { return Ok(false) };
    let state: PasskeyAuthentication = serde_json::from_value(state)?;
    let Ok(result) = site.finish_passkey_authentication(&answer.credential, &state) else { return Ok(false) };
    // It may have been taken away since the device was asked.
    let Some((passkey, kept)) = store::lock(tx, (person, result.cred_id().as_ref())).await? else { return Ok(false) };
    let mut kept: Passkey = serde_json::from_value(kept)?;
    kept.update_credential(&result);
    store::update_used(tx, (passkey, &serde_json::to_value(kept)?), now).await?;
    Ok(true)
}

/// How it stands with a person's passkeys.
pub(in crate::organizations::second_factor) struct Passkeys {
    /// What there is.
    pub kept: Vec<Kept>,
    /// What a device is asked that is to have another; nothing when there are enough.
    pub asked: Option<String>,
}

/// The actor's passkeys, and what a device is asked that is to have another; in the gate's transaction given.
pub(in crate::organizations::second_factor) async fn find(
    tx: &mut Tx,
    site: &RelyingParty,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Passkeys, ProveError> {
    let kept = store::list(tx, actor.user_id).await?;
    if kept.len() >= MOST_KEPT {
        return Ok(Passkeys { kept, asked: None });
    }
    let known = credentials(tx, actor.user_id).await?.iter().map(|passkey| passkey.cred_id().clone()).collect();
    let UserId(id) = actor.user_id;
    let (options, state) = site.start_passkey_registration(id, &actor.username, &actor.display_name, Some(known))?;
    let asked = keep_challenge(tx, (actor.user_id, Purpose::Make), (options, &state), now).await?;
    Ok(Passkeys { kept, asked: Some(asked) })
}

/// What became of a passkey that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Added {
    /// It is kept.
    Done,
    /// Another of the person's passkeys has the name.
    NameTaken,
    /// What the device says does not hold, comes too late, or was there before.
    Refused,
    /// There are enough, or there is no second factor for it to stand beside.
    NotNow,
}

/// Keeps what a device has made, under a name.
pub(super) async fn add(
    db: &Db,
    site: &RelyingParty,
    actor: &Actor,
    (name, answer): (&str, &str),
    now: DateTime<Utc>,
) -> Result<Added, ProveError> {
    let person = actor.user_id;
    let mut tx = db.begin_gate().await?;
    if lock_confirmed(&mut tx, person).await?.is_none() {
        return Ok(Added::NotNow);
    }
    let kept = store::list(&mut tx, person).await?;
    if kept.len() >= MOST_KEPT {
        return Ok(Added::NotNow);
    }
    if kept.iter().any(|passkey| passkey.name == name) {
        return Ok(Added::NameTaken);
    }
    let Ok(answer) = serde_json::from_str::<Answered<RegisterPublicKeyCredential>>(answer) else {
        return Ok(Added::Refused);
    };
    let asked = (answer.challenge, person, Purpose::Make);
    let Some(state) = store::take_challenge(&mut tx, asked, now).await? else { return Ok(Added::Refused) };
    let state: PasskeyRegistration = serde_json::from_value(state)?;
    let Ok(made) = site.finish_passkey_registration(&answer.credential, &state) else { return Ok(Added::Refused) };
    let credential = serde_json::to_value(&made)?;
    let passkey = NewPasskey {
        passkey_id: Uuid::now_v7(),
        person,
        credential_id: made.cred_id().as_ref(),
        credential: &credential,
        name,
    };
    if !store::insert(&mut tx, &passkey, now).await? {
        return Ok(Added::Refused);
    }
    let details = json!({ "passkey": passkey.passkey_id });
    record_change(&mut tx, ("PASSKEY_ADDED", details), (MailKind::PasskeyAdded, actor), now).await?;
    tx.commit().await?;
    Ok(Added::Done)
}

/// Takes one of the actor's passkeys away; its name, if there was one.
pub(super) async fn remove(db: &Db, actor: &Actor, passkey: Uuid, now: DateTime<Utc>) -> sqlx::Result<Option<String>> {
    let mut tx = db.begin_gate().await?;
    let Some(name) = store::delete(&mut tx, (actor.user_id, passkey)).await? else { return Ok(None) };
    let details = json!({ "passkey": passkey });
    record_change(&mut tx, ("PASSKEY_REMOVED", details), (MailKind::PasskeyRemoved, actor), now).await?;
    tx.commit().await?;
    Ok(Some(name))
}
