//! What an operator does with people from the command line, all of which goes on record, and what a person
//! chooses for themselves.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::model::{Factor, NewPerson, Person, StaffError, Username, fits};
use super::store;
use crate::audit::{Event, Severity};
use crate::auth::password::PasswordHasher;
use crate::database::{Db, Tx};
use crate::ids::UserId;
use crate::names;
use crate::organizations::link_token::LinkToken;
use crate::organizations::operator::record;
use crate::organizations::{reset, second_factor, sessions, sign_in};

/// Creates a person who may sign in from now on.
///
/// # Errors
/// [`StaffError`]; nothing is changed then.
pub async fn create(
    db: &Db,
    person: &NewPerson,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<UserId, StaffError> {
    if !(2..=255).contains(&person.full_name.chars().count()) || names::against(&person.full_name).is_some() {
        return Err(StaffError::BadFullName);
    }
    let mut tx = db.begin_admin().await?;
    let organization = store::find_organization(&mut tx, &person.organization_code)
        .await?
        .ok_or_else(|| StaffError::NoOrganization(person.organization_code.clone()))?;
    if !fits(person.role, organization.kind) {
        return Err(StaffError::RoleDoesNotFit { role: person.role, kind: organization.kind });
    }
    let id = UserId::new();
    if !store::insert_person(&mut tx, id, organization.id, person, password_hash, now).await? {
        return Err(StaffError::Taken(person.username.as_str().to_owned()));
    }
    tx.enter_gate().await?;
    let event = Event {
        entity_id: Some(id.0),
        private: Some(json!({ "username": person.username.as_str() })),
        ..Event::security("USER_CREATED", Severity::High, json!({ "role": person.role.code() }))
    };
    record(&mut tx, organization.id, &event, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// Lets a person sign in, or no longer; in the latter case their sessions end.
///
/// # Errors
/// [`StaffError`]; nothing is changed then.
pub async fn set_active(db: &Db, username: &Username, is_active: bool, now: DateTime<Utc>) -> Result<(), StaffError> {
    let mut tx = db.begin_admin().await?;
    let user = store::update_active(&mut tx, username.as_str(), is_active, now).await?;
    let user = user.ok_or_else(|| StaffError::NoUser(username.as_str().to_owned()))?;
    let event_type = if is_active { "USER_ENABLED" } else { "USER_DISABLED" };
    tx.enter_gate().await?;
    finish(tx, &user, event_type, now).await
}

/// The page on which a person sets a password of their own, until [`HANDED_LIFE`](crate::organizations::reset::HANDED_LIFE)
/// from now: for the first time, or because the old one is lost. No password opens the account meanwhile.
///
/// # Errors
/// [`StaffError`]; nothing is changed then.
pub async fn reset(
    (db, passwords): (&Db, &PasswordHasher),
    username: &Username,
    factor: Factor,
    now: DateTime<Utc>,
) -> Result<String, StaffError> {
    // The hash of what nobody has seen.
    let hash = passwords.hash(LinkToken::random().text().into()).await?;
    let mut tx = db.begin_admin().await?;
    let user = store::update_password(&mut tx, username.as_str(), &hash, now).await?;
    let user = user.ok_or_else(|| StaffError::NoUser(username.as_str().to_owned()))?;
    tx.enter_gate().await?;
    let path = reset::open_by_hand(&mut tx, user.id, now).await?;
    sign_in::end_pending(&mut tx, user.id).await?;
    if factor == Factor::TakenAway && second_factor::remove(&mut tx, user.id, now).await? {
        let event = Event {
            entity_id: Some(user.id.0),
            ..Event::security("SECOND_FACTOR_RESET", Severity::Critical, json!({ "by": "operator" }))
        };
        record(&mut tx, user.organization_id, &event, now).await?;
    }
    finish(tx, &user, "PASSWORD_RESET", now).await?;
    Ok(path)
}

/// Everybody, by organisation.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &Db) -> sqlx::Result<Vec<Person>> {
    let mut tx = db.begin_admin().await?;
    let people = store::list_people(&mut tx).await?;
    tx.commit().await?;
    Ok(people)
}

/// Whether accounts of the demo are here, whose password everybody knows.
///
/// # Errors
/// When the database fails.
pub async fn has_demo_people(db: &Db) -> sqlx::Result<bool> {
    let mut tx = db.begin_gate().await?;
    let found = store::has_demo_people(&mut tx).await?;
    tx.commit().await?;
    Ok(found)
}

/// Ends the person's sessions and puts on record what was done, as the gate.
async fn finish(
    mut tx: Tx,
    user: &store::User,
    event_type: &'static str,
    now: DateTime<Utc>,
) -> Result<(), StaffError> {
    sessions::end_all(&mut tx, user.id).await?;
    let event = Event {
        entity_id: Some(user.id.0),
        ..Event::security(event_type, Severity::High, json!({ "by": "operator" }))
    };
    record(&mut tx, user.organization_id, &event, now).await?;
    Ok(tx.commit().await?)
}
