//! Judging a code: under the same limits as passwords, and on record.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use rand::Rng;
use serde_json::json;

use super::store::{self, Pending};
use crate::audit::{self, Author, Event, Severity};
use crate::auth::{Origin, session::SignedIn};
use crate::database::{Db, Tx};
use crate::ids::{OrganizationId, UserId};
use crate::organizations::second_factor::{self, Keys, ProveError, ProvedBy};
use crate::organizations::sessions::{self, Renewed};
use crate::organizations::sign_in::service::{SignInRefusal, SignedInUser, require_open};
use crate::organizations::sign_in::throttle::store::{self as attempts, Bucket};
use crate::organizations::sign_in::throttle::{Entrance, SignInLimits, hash_of, network_of};

/// How long a ticket opens the page that asks for a code.
pub(super) const TICKET_LIFE: Duration = Duration::minutes(5);
/// With so many wrong codes a ticket is thrown away.
const MOST_FAILURES: i16 = 3;

/// What codes are judged with.
pub(in crate::organizations) struct Judge<'a> {
    pub db: &'a Db,
    pub keys: Keys<'a>,
    pub limits: SignInLimits,
}

/// A ticket to the page that asks for a code, if the person has a second factor. The password was right: it no longer counts as
/// an attempt that failed.
pub(super) async fn begin(db: &Db, user: &SignedInUser, now: DateTime<Utc>) -> sqlx::Result<Option<String>> {
    let mut tx = db.begin_gate().await?;
    if !second_factor::is_enrolled(&mut tx, user.user_id).await? {
        tx.commit().await?;
        return Ok(None);
    }
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    let ticket = hex::encode(bytes);
    attempts::take_back(&mut tx, user.attempt).await?;
    let device = (&user.entrance.device, user.entrance.is_known);
    store::insert_pending(&mut tx, &hash_of(&ticket), user.user_id, device, (now, now + TICKET_LIFE)).await?;
    tx.commit().await?;
    Ok(Some(ticket))
}

/// What a page that a ticket opens asks beside a code.
pub(super) struct Opened {
    /// The name of who is to come in.
    pub username: String,
    /// What the person's devices are asked, if they hold a passkey.
    pub devices: Option<String>,
}

/// What a ticket opens, if it still does.
pub(super) async fn find_open(
    db: &Db,
    keys: Keys<'_>,
    ticket: &str,
    now: DateTime<Utc>,
) -> Result<Option<Opened>, ProveError> {
    let mut tx = db.begin_gate().await?;
    let Some(pending) = store::lock_pending(&mut tx, &hash_of(ticket), now).await? else { return Ok(None) };
    let devices = second_factor::ask_devices(&mut tx, keys, pending.user_id, now).await?;
    tx.commit().await?;
    Ok(Some(Opened { username: pending.username, devices }))
}

/// What became of a code.
pub(super) enum Judged {
    /// It is right: who comes in.
    Right { user: UserId, organization: OrganizationId, entrance: Entrance },
    /// It is wrong, and another may be tried.
    Wrong,
    /// The ticket is thrown away, used or too old: back to the password.
    Over,
}

/// Judges the code that is sent with a ticket.
pub(super) async fn judge(
    judge: &Judge<'_>,
    (ticket, typed): (&str, &str),
    (address, origin): (IpAddr, &Origin),
    now: DateTime<Utc>,
) -> Result<Judged, SignInRefusal> {
    let ticket = hash_of(ticket);
    let mut tx = judge.db.begin_gate().await?;
    let Some(pending) = store::lock_pending(&mut tx, &ticket, now).await? else { return Ok(Judged::Over) };
    let Pending { user_id: user, organization_id: organization, username, device_hash, device_is_known, failures } =
        pending;
    let Ok(device) = <[u8; 32]>::try_from(device_hash) else { return Ok(Judged::Over) };
    let name = hash_of(&username);
    let bucket = Bucket { name: &name, device: device_is_known.then_some(&device), network: network_of(address) };
    let author = Author { user: None, organization: Some(organization), roles: &[], delegations: &[], origin };
    let proved = weigh(&mut tx, judge, (&bucket, user, author), typed, now).await?;
    let judged = match proved {
        true => {
            store::delete_pending(&mut tx, &ticket).await?;
            Judged::Right { user, organization, entrance: Entrance { name, device, is_known: device_is_known } }
        }
        false if failures + 1 >= MOST_FAILURES => {
            store::delete_pending(&mut tx, &ticket).await?;
            Judged::Over
        }
        false => {
            store::update_failures(&mut tx, &ticket).await?;
            Judged::Wrong
        }
    };
    tx.commit().await?;
    Ok(judged)
}

/// Whether a code is right; a wrong one counts as a failure to sign in.
async fn weigh(
    tx: &mut Tx,
    judge: &Judge<'_>,
    (bucket, user, author): (&Bucket<'_>, UserId, Author<'_>),
    typed: &str,
    now: DateTime<Utc>,
) -> Result<bool, SignInRefusal> {
    attempts::take_turns(tx, bucket).await?;
    let mut failures = require_open(tx, &judge.limits, bucket, now).await?;
    let proved = second_factor::prove(tx, judge.keys, user, typed, now).await.map_err(|error| match error {
        ProveError::Database(error) => SignInRefusal::Database(error),
        error => SignInRefusal::Factor(error),
    })?;
    let about = |event| Event { entity_id: Some(user.0), ..event };
    match proved {
        Some(ProvedBy::Code | ProvedBy::Passkey) => return Ok(true),
        Some(ProvedBy::RecoveryCode) => {
            let event = about(Event::security("RECOVERY_CODE_USED", Severity::High, json!({})));
            audit::record(tx, Author { user: Some(user), ..author }, &event, now).await?;
            return Ok(true);
        }
        None => {}
    }
    attempts::insert(tx, bucket, now).await?;
    let details = json!({ "known": true, "step": "code" });
    audit::record(tx, author, &about(Event::security("LOGIN_FAILED", Severity::Medium, details)), now).await?;
    failures.insert(0, now);
    if judge.limits.account_closed_until(&failures, now).is_some() {
        let details = json!({ "known": true, "step": "code" });
        audit::record(tx, author, &about(Event::security("LOGIN_CLOSED", Severity::High, details)), now).await?;
    }
    Ok(false)
}

/// What became of a code within a session.
pub(in crate::organizations) enum Again {
    /// It is right: the session goes on under this token.
    Right(Renewed),
    /// It is not.
    Wrong,
    /// The session has ended meanwhile.
    Ended,
}

/// Judges a code of who is signed in already, on the device of this token. The session gets another token with the proof.
pub(in crate::organizations) async fn judge_again(
    judge: &Judge<'_>,
    person: &SignedIn,
    typed: &str,
    (device, address): (&str, IpAddr),
    now: DateTime<Utc>,
) -> Result<Again, SignInRefusal> {
    let actor = &person.actor;
    let (name, device) = (hash_of(&actor.username), hash_of(device));
    let mut tx = judge.db.begin_gate().await?;
    let is_known = attempts::is_known(&mut tx, Some(actor.user_id), &device).await?;
    let bucket = Bucket { name: &name, device: is_known.then_some(&device), network: network_of(address) };
    let author = Author { user: None, ..Author::from(actor) };
    let proved = weigh(&mut tx, judge, (&bucket, actor.user_id, author), typed, now).await?;
    let again = match proved {
        true => sessions::renew(&mut tx, person, Some(now), now).await?.map_or(Again::Ended, Again::Right),
        false => Again::Wrong,
    };
    tx.commit().await?;
    Ok(again)
}
