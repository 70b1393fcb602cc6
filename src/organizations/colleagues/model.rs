//! Colleagues and invitations.

use chrono::{DateTime, Duration, Utc};

use crate::auth::Role;
use crate::ids::{InvitationId, UserId};
use crate::mail::MailStatus;

/// How long an invitation can be followed.
pub const INVITATION_LIFE: Duration = Duration::days(7);

/// Somebody of the own organisation.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// Their id.
    pub id: UserId,
    /// The name with which they sign in.
    pub username: String,
    /// The name that others see.
    pub full_name: String,
    /// What they are there.
    pub roles: Vec<Role>,
    /// Whether they may sign in.
    pub is_active: bool,
    /// When they last signed in.
    pub last_login: Option<DateTime<Utc>>,
    /// Whether they were erased: for good.
    pub is_erased: bool,
}

/// An invitation that can still be followed.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub full_name: String,
    /// As what.
    pub role: Role,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// Where its link is sent, unless it was handed over otherwise.
    pub email: Option<String>,
    /// What came of that.
    pub mail: Option<MailStatus>,
}

/// What a stranger with the link may know.
#[derive(Debug, Clone)]
pub(super) struct OpenInvitation {
    pub organization_name: String,
    pub organization_name_am: String,
    pub full_name: String,
    pub role: Role,
    pub expires_at: DateTime<Utc>,
}

/// What came of following a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accepted {
    /// There is an account, now or by the same form before.
    Done,
    /// The link works no more.
    Gone,
    /// Somebody has the name.
    UsernameTaken,
}

/// What the mail to an invited person says.
#[derive(Debug, Clone)]
pub(super) struct Invited {
    pub organization_name: String,
    pub organization_name_am: String,
    pub full_name: String,
    pub role: Role,
    pub expires_at: DateTime<Utc>,
    pub email: String,
}
