//! Inviting, taking back, letting in and shutting out; each on record.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::json;

use super::model::{Accepted, Colleague, INVITATION_LIFE, Invitation, OpenInvitation};
use super::store::{self, NewInvitation};
use crate::audit::{self, Author, Event, Severity};
use crate::auth::password::{PasswordError, PasswordHasher};
use crate::auth::{Actor, Origin, Role};
use crate::database::{Db, Tx};
use crate::i18n::Lang;
use crate::ids::{InvitationId, UserId};
use crate::mail::{self, Letter, MailKind, NewMail};
use crate::organizations::link_token::LinkToken;
use crate::organizations::new_account::NewAccount;
use crate::organizations::profile::{self, Profile};
use crate::organizations::roles::{self, Rests};
use crate::organizations::staff::roles_in;
use crate::organizations::{second_factor, sessions, sign_in};
use crate::web::components::Moment;
use crate::web::site::Site;
use crate::workflow::{Command, CommandError, Effects, Message};

/// Why nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such person or invitation in this organisation, or no more.
    NotFound,
    /// The organisation has no such role.
    RoleDoesNotFit,
    /// Nobody shuts themselves out.
    Oneself,
    /// Who was erased is let in by nobody.
    Erased,
    /// This invitation to the same address can still be followed; none where it was made at the same moment.
    InvitedAlready(Option<InvitationId>),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotFound => "not found",
            Self::RoleDoesNotFit => "the role does not fit",
            Self::Oneself => "oneself",
            Self::Erased => "erased",
            Self::InvitedAlready(_) => "invited already",
        })
    }
}

type Failure = CommandError<Refusal>;

const HOME: &str = "/staff";

/// The people of an organisation.
pub(super) struct Staff {
    pub colleagues: Vec<Colleague>,
    pub invitations: Vec<Invitation>,
    /// What they say of themselves, where they do.
    pub profiles: BTreeMap<UserId, Profile>,
    /// Who has a second factor.
    pub enrolled: Vec<UserId>,
}

/// Everybody of the viewer's organisation.
pub(super) async fn list(db: &Db, viewer: &Actor, now: DateTime<Utc>) -> sqlx::Result<Staff> {
    let mut tx = db.begin_as(viewer).await?;
    let colleagues = store::list_colleagues(&mut tx, viewer).await?;
    let invitations = store::list_invitations(&mut tx, viewer, now).await?;
    let profiles = profile::list(&mut tx, viewer).await?;
    tx.enter_gate().await?;
    let enrolled = second_factor::list_enrolled(&mut tx, viewer.organization.id).await?;
    tx.commit().await?;
    Ok(Staff { colleagues, invitations, profiles, enrolled })
}

/// Somebody is to come in.
pub(super) struct Invite {
    pub token: LinkToken,
    pub full_name: String,
    pub role: Role,
    /// Where the link is sent, and in which language; else it is handed over by who invites.
    pub email: Option<(String, Lang)>,
}

#[async_trait]
impl Command for Invite {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        if !roles_in(actor.organization.kind).any(|role| role == self.role) {
            return Err(CommandError::Refused(Refusal::RoleDoesNotFit));
        }
        if let Some((email, _)) = &self.email
            && let Some(open) = store::find_invitation_to(tx, actor, email, now).await?
        {
            return Err(CommandError::Refused(Refusal::InvitedAlready(Some(open))));
        }
        let id = InvitationId::new();
        let new = NewInvitation {
            id,
            token: &self.token,
            full_name: &self.full_name,
            role: self.role,
            email: self.email.as_ref().map(|(email, _)| email.as_str()),
            expires_at: now + INVITATION_LIFE,
        };
        // The same form, sent twice at once: the first of them has made it, and answers for both.
        store::insert_invitation(tx, &new, actor, now).await.map_err(|error| {
            match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
                Some("invitations_token_hash_key") => CommandError::Refused(Refusal::NotFound),
                Some("invitations_open_once") => CommandError::Refused(Refusal::InvitedAlready(None)),
                _ => CommandError::Database(error),
            }
        })?;
        if let Some((_, lang)) = &self.email {
            let organization = Some(actor.organization.id);
            let mail = NewMail { kind: MailKind::Invitation, subject: id.0, lang: *lang, organization };
            mail::ask(tx, &mail, now).await?;
        }
        let event = Event {
            entity_type: "invitation",
            entity_id: Some(id.0),
            private: Some(json!({ "full_name": self.full_name })),
            ..Event::security(
                "USER_INVITED",
                Severity::High,
                json!({ "role": self.role, "by_mail": self.email.is_some() }),
            )
        };
        let said = if self.email.is_some() { "staff-invited-by-mail" } else { "staff-invited" };
        Ok(done(said, &self.full_name, event))
    }
}

/// An invitation is taken back.
pub(super) struct Withdraw {
    pub id: InvitationId,
}

#[async_trait]
impl Command for Withdraw {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let name = store::withdraw_invitation(tx, actor, self.id, now).await?;
        let name = name.ok_or(CommandError::Refused(Refusal::NotFound))?;
        let event = Event {
            entity_type: "invitation",
            entity_id: Some(self.id.0),
            ..Event::security("INVITATION_WITHDRAWN", Severity::Medium, json!({}))
        };
        Ok(done("staff-withdrawn", &name, event))
    }
}

/// A colleague may sign in, or no longer; in the latter case their sessions end.
pub(super) struct Switch {
    pub id: UserId,
    pub is_active: bool,
}

#[async_trait]
impl Command for Switch {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        if self.id == actor.user_id {
            return Err(CommandError::Refused(Refusal::Oneself));
        }
        let colleague = find_colleague(tx, actor, self.id).await?;
        let ending =
            if self.is_active { Vec::new() } else { roles::list_resting(tx, Rests::OnPerson(self.id), now).await? };
        if !store::update_active(tx, actor, self.id, self.is_active, now).await? {
            return Err(CommandError::Refused(Refusal::NotFound));
        }
        if !self.is_active {
            tx.enter_gate().await?;
            sessions::end_all(tx, self.id).await?;
            tx.leave_system().await?;
        }
        let (event_type, said) =
            if self.is_active { ("USER_ENABLED", "staff-enabled") } else { ("USER_DISABLED", "staff-disabled") };
        let event = Event {
            entity_id: Some(self.id.0),
            ..Event::security(event_type, Severity::High, json!({ "by": "colleague" }))
        };
        let mut effects = done(said, &colleague.full_name, event);
        // Whoever did their work does it no longer.
        effects.outbox = roles::told(Some(actor), ending);
        Ok(effects)
    }
}

/// A colleague's second factor is taken away, who has lost phone and recovery codes; their sessions end.
pub(super) struct ResetFactor {
    pub id: UserId,
}

#[async_trait]
impl Command for ResetFactor {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        if self.id == actor.user_id {
            return Err(CommandError::Refused(Refusal::Oneself));
        }
        let colleague = find_colleague(tx, actor, self.id).await?;
        tx.enter_gate().await?;
        let was_there = second_factor::remove(tx, self.id, now).await?;
        let ended = sessions::end_all(tx, self.id).await?;
        sign_in::end_pending(tx, self.id).await?;
        tx.leave_system().await?;
        if !was_there {
            return Err(CommandError::Refused(Refusal::NotFound));
        }
        let event = Event {
            entity_id: Some(self.id.0),
            ..Event::security(
                "SECOND_FACTOR_RESET",
                Severity::Critical,
                json!({ "by": "colleague", "sessions": ended }),
            )
        };
        Ok(done("staff-factor-reset", &colleague.full_name, event))
    }
}

/// A colleague who is still somebody.
async fn find_colleague(tx: &mut Tx, actor: &Actor, id: UserId) -> Result<Colleague, Failure> {
    match store::find_colleague(tx, actor, id).await? {
        Some(colleague) if colleague.is_erased => Err(CommandError::Refused(Refusal::Erased)),
        Some(colleague) => Ok(colleague),
        None => Err(CommandError::Refused(Refusal::NotFound)),
    }
}

fn done(said: &str, name: &str, event: Event) -> Effects {
    Effects { location: HOME.to_owned(), flash: Message::new(said).with("name", name.to_owned()), event, outbox: None }
}

/// The mail to an invited person, with a link that nobody else has seen; none when the invitation is over.
///
/// # Errors
/// When the database cannot be reached.
pub async fn write_invitation(
    tx: &mut Tx,
    (id, lang): (InvitationId, Lang),
    site: &Site,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Letter>> {
    let token = LinkToken::random();
    let Some(invited) = store::update_token(tx, id, &token, now).await? else { return Ok(None) };
    let organization = lang.pick(invited.organization_name, invited.organization_name_am);
    let facts = [
        ("name", invited.full_name),
        ("organization", organization),
        ("role", lang.name_of("role", invited.role.code())),
        ("until", Moment::at(lang, invited.expires_at).text),
        ("link", site.absolute_url(&path_of(&token))),
    ];
    let subject = lang.fill("mail-invitation-subject", facts.clone());
    Ok(Some(Letter { to: invited.email, subject, text: lang.fill("mail-invitation-text", facts) }))
}

/// The page that an invitation's link leads to.
pub(super) fn path_of(token: &LinkToken) -> String {
    format!("/invitations/{}", token.text())
}

/// What the link opens, if it still does.
pub(super) async fn find_open(db: &Db, token: &LinkToken, now: DateTime<Utc>) -> sqlx::Result<Option<OpenInvitation>> {
    let mut tx = db.begin_gate().await?;
    let found = store::find_open(&mut tx, token, now).await?;
    tx.commit().await?;
    Ok(found)
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum AcceptError {
    /// Too many passwords are being hashed at this moment.
    #[error("too many passwords are being hashed")]
    Busy,
    /// The password cannot be hashed.
    #[error(transparent)]
    Hashing(PasswordError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Makes the account that an invitation promises. No transaction is open while the password is hashed.
pub(super) async fn accept(
    (db, passwords): (&Db, &PasswordHasher),
    token: &LinkToken,
    account: NewAccount,
    lang: Lang,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Result<Accepted, AcceptError> {
    let hash = passwords.hash(SecretString::clone(&account.password)).await.map_err(|error| match error {
        PasswordError::Busy => AcceptError::Busy,
        error @ (PasswordError::TooLong | PasswordError::Hashing(_)) => AcceptError::Hashing(error),
    })?;
    let (person, username) = (UserId::new(), account.username.as_str());
    let mut tx = db.begin_gate().await?;
    let (answer, made) = store::accept(&mut tx, token, (person, username, &hash), lang.code(), now).await?;
    if let Some((organization, role)) = made {
        let roles = [role];
        let author =
            Author { user: Some(person), organization: Some(organization), roles: &roles, delegations: &[], origin };
        let event = Event {
            entity_id: Some(person.0),
            private: Some(json!({ "username": username })),
            ..Event::security("USER_CREATED", Severity::High, json!({ "role": role, "by": "invitation" }))
        };
        audit::record(&mut tx, author, &event, now).await?;
    }
    tx.commit().await?;
    Ok(answer)
}
