//! Grants, restrictions and their periods.

use chrono::{DateTime, Utc};

use crate::auth::{ActorOrganization, OrganizationKind, Permission, Permissions, Role, permission};
use crate::ids::{GrantId, OrganizationId, RestrictionId, UserId};

/// From its first moment on until before its last; without a bound where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Period {
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

impl Period {
    /// Whether there is a moment that both have.
    pub(super) fn overlaps(self, other: Self) -> bool {
        let begins = self.from.max(other.from);
        let ends = earlier(self.until, other.until);
        ends.is_none_or(|ends| begins.is_none_or(|begins| begins < ends))
    }

    /// Whether all of it lies in `other`.
    pub(super) fn lies_within(self, other: Self) -> bool {
        other.from.is_none_or(|from| self.from.is_some_and(|own| own >= from))
            && other.until.is_none_or(|until| self.until.is_some_and(|own| own <= until))
    }

    /// How it stands at `now`. The database asks the same in `app.holds`.
    pub(super) fn standing(self, now: DateTime<Utc>) -> Standing {
        if self.until.is_some_and(|until| until <= now || self.from.is_some_and(|from| until <= from)) {
            Standing::Ended
        } else if self.from.is_some_and(|from| from > now) {
            Standing::Planned
        } else {
            Standing::Running
        }
    }
}

/// The earlier of two ends, of which each may be none.
pub(super) fn earlier(one: Option<DateTime<Utc>>, other: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// How something with a period stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// It has not begun.
    Planned,
    /// It holds.
    Running,
    /// It is over.
    Ended,
}

impl Standing {
    /// Its name in the texts.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Running => "running",
            Self::Ended => "ended",
        }
    }
}

/// That somebody holds a role.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub id: GrantId,
    pub person: UserId,
    pub name: String,
    pub username: String,
    pub role: Role,
    pub granted_at: DateTime<Utc>,
    /// Nobody, where an operator has made the account or a firm registered itself.
    pub granted_by: Option<String>,
    /// As it was agreed.
    pub period: Period,
    pub revoked_at: Option<DateTime<Utc>>,
    pub revoked_by: Option<String>,
    /// Whose role it is, where it is a delegation.
    pub delegated_by: Option<(UserId, String)>,
    pub reason: Option<String>,
}

impl Grant {
    /// As it came to be: it may have ended early.
    pub(super) fn span(&self) -> Period {
        Period { from: self.period.from, until: earlier(self.period.until, self.revoked_at) }
    }

    pub(super) fn standing(&self, now: DateTime<Utc>) -> Standing {
        self.span().standing(now)
    }
}

/// Somebody of the organisation.
#[derive(Debug, Clone)]
pub(super) struct Colleague {
    pub id: UserId,
    pub name: String,
    pub is_active: bool,
}

/// What becomes of somebody's role, of which they hear.
#[derive(Debug, Clone, Copy)]
pub(in crate::organizations) struct RoleChange {
    pub(in crate::organizations) person: UserId,
    pub(in crate::organizations) grant: GrantId,
    pub(in crate::organizations) role: Role,
    pub(in crate::organizations) kind: Change,
    /// Of a role that is given.
    pub(super) period: Period,
}

impl RoleChange {
    /// That somebody does another's work no longer.
    pub(in crate::organizations) fn delegation_ended((person, grant, role): (UserId, GrantId, Role)) -> Self {
        Self { person, grant, role, kind: Change::DelegationEnded, period: Period::default() }
    }
}

/// What can become of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::organizations) enum Change {
    Granted,
    Delegated,
    Ended,
    DelegationEnded,
}

impl Change {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Delegated => "delegated",
            Self::Ended => "ended",
            Self::DelegationEnded => "delegation-ended",
        }
    }
}

/// On what a delegation rests.
#[derive(Debug, Clone, Copy)]
pub(in crate::organizations) enum Rests {
    /// On a grant that ends.
    OnGrant(GrantId),
    /// On the roles of somebody who is shut out.
    OnPerson(UserId),
}

/// That a role may not do something in an organisation.
#[derive(Debug, Clone)]
pub(super) struct Restriction {
    pub id: RestrictionId,
    pub role: Role,
    pub permission: Permission,
    pub from: DateTime<Utc>,
    pub until: Option<DateTime<Utc>>,
    pub reason: String,
    pub set_by: Option<String>,
    pub lifted_at: Option<DateTime<Utc>>,
}

impl Restriction {
    pub(super) fn standing(&self, now: DateTime<Utc>) -> Standing {
        Period { from: Some(self.from), until: earlier(self.until, self.lifted_at) }.standing(now)
    }
}

/// Whose roles a page shows.
#[derive(Debug, Clone)]
pub(super) struct House {
    pub id: OrganizationId,
    pub kind: OrganizationKind,
    pub code: String,
    pub name_en: String,
    pub name_am: String,
}

impl From<&ActorOrganization> for House {
    fn from(own: &ActorOrganization) -> Self {
        Self {
            id: own.id,
            kind: own.kind,
            code: own.code.clone(),
            name_en: own.name_en.clone(),
            name_am: own.name_am.clone(),
        }
    }
}

/// Everything about the roles of an organisation.
#[derive(Debug, Clone)]
pub(super) struct Roster {
    pub house: House,
    pub people: Vec<Colleague>,
    pub grants: Vec<Grant>,
    pub restrictions: Vec<Restriction>,
}

impl Roster {
    /// What holders of `role` may do here at `now`.
    pub(super) fn allowed(&self, role: Role, now: DateTime<Utc>) -> Permissions {
        let ceiling = permission::permissions_of(self.house.kind, role);
        let is_withheld = |permission: Permission| self.restriction(role, permission, now).is_some();
        Permission::ALL.iter().copied().filter(|one| ceiling.contains(*one) && !is_withheld(*one)).collect()
    }

    /// What takes `permission` away from `role` at `now`.
    pub(super) fn restriction(&self, role: Role, permission: Permission, now: DateTime<Utc>) -> Option<&Restriction> {
        self.restrictions
            .iter()
            .find(|one| one.role == role && one.permission == permission && one.standing(now) == Standing::Running)
    }

    /// How many people may do `permission` at `now`.
    pub(super) fn holders(&self, permission: Permission, now: DateTime<Utc>) -> usize {
        let may = |grant: &&Grant| {
            grant.standing(now) == Standing::Running && self.allowed(grant.role, now).contains(permission)
        };
        let active = |grant: &&Grant| self.people.iter().any(|one| one.id == grant.person && one.is_active);
        let people: std::collections::BTreeSet<UserId> =
            self.grants.iter().filter(active).filter(may).map(|grant| grant.person).collect();
        people.len()
    }
}
