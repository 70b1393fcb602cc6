//! A person to be created, and a person as listed.

use chrono::{DateTime, Utc};

use crate::auth::password::PasswordError;
use crate::auth::{OrganizationKind, Role};

/// The name with which a person signs in: lower-case letters, digits, dot, dash and underscore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Username {
    type Err = StaffError;

    fn from_str(text: &str) -> Result<Self, StaffError> {
        let is_good = (3..=80).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte));
        if is_good { Ok(Self(text.to_owned())) } else { Err(StaffError::BadUsername) }
    }
}

/// A person to be created.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// The code of their organisation.
    pub organization_code: String,
    /// The name with which they sign in.
    pub username: Username,
    /// The name that others see.
    pub full_name: String,
    /// What they are there.
    pub role: Role,
}

/// A person as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name with which they sign in.
    pub username: String,
    /// The name that others see.
    pub full_name: String,
    /// The code of their organisation.
    pub organization_code: String,
    /// What they are there.
    pub roles: Vec<String>,
    /// Whether they may sign in.
    pub is_active: bool,
    /// Whether they belong to the demo.
    pub is_demo: bool,
    /// When they last signed in.
    pub last_login: Option<DateTime<Utc>>,
}

/// What becomes of a second factor when an operator lets a person set a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// It stays, and is asked for.
    Kept,
    /// It is lost with the phone, and so are the recovery codes.
    TakenAway,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The user name has other characters, or is too short or too long.
    #[error("a user name has 3 to 80 of a-z, 0-9, '.', '-' and '_'")]
    BadUsername,
    /// The full name is too short or too long, or has what no name has.
    #[error("a full name has 2 to 255 characters: Latin or Ethiopic letters, each word in one of them, and no markup")]
    BadFullName,
    /// Somebody has the name.
    #[error("there is a user {0} already")]
    Taken(String),
    /// Nobody has the name.
    #[error("there is no user {0}")]
    NoUser(String),
    /// No organisation has the code.
    #[error("there is no organisation with the code {0}")]
    NoOrganization(String),
    /// The organisation has no such role.
    #[error("{role} is no role in an organisation of the kind {kind}")]
    RoleDoesNotFit {
        /// The role.
        role: Role,
        /// The organisation's kind.
        kind: OrganizationKind,
    },
    /// The hasher failed.
    #[error(transparent)]
    Hashing(#[from] PasswordError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The roles that an organisation of `kind` has, as `app.has_role` in the database says too.
pub fn roles_in(kind: OrganizationKind) -> impl Iterator<Item = Role> {
    Role::ALL.iter().copied().filter(move |role| fits(*role, kind))
}

/// Whether an organisation of `kind` has people of `role`.
pub(super) const fn fits(role: Role, kind: OrganizationKind) -> bool {
    match kind {
        OrganizationKind::Exporter => matches!(role, Role::Owner | Role::Clerk | Role::OrgAdmin),
        OrganizationKind::Auditor => matches!(role, Role::Auditor | Role::OrgAdmin),
        OrganizationKind::Administration => matches!(role, Role::SystemAdmin),
        OrganizationKind::CommercialBank
        | OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::Ecx
        | OrganizationKind::ShippingLine
        | OrganizationKind::Customs => matches!(role, Role::Officer | Role::Supervisor | Role::OrgAdmin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::permission::are_kept_apart;

    #[test]
    fn no_role_decides_and_administers() {
        for kind in OrganizationKind::ALL {
            for role in roles_in(*kind) {
                assert!(!are_kept_apart(*kind, role, role), "{kind} {role}");
            }
        }
    }

    #[test]
    fn user_names_are_plain() {
        assert_eq!("abay.owner".parse::<Username>().unwrap().as_str(), "abay.owner");
        for bad in ["ab", "Abay", "abay owner", "አባይ", ""] {
            assert!(bad.parse::<Username>().is_err(), "{bad}");
        }
    }

    #[test]
    fn every_role_fits_somewhere_and_deciding_stays_with_those_who_decide() {
        for role in Role::ALL {
            assert!(OrganizationKind::ALL.iter().any(|kind| fits(*role, *kind)), "{role}");
        }
        assert!(!fits(Role::Officer, OrganizationKind::Administration));
        assert!(!fits(Role::SystemAdmin, OrganizationKind::NationalBank));
    }
}
