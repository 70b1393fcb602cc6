//! The second factor: who needs one, and how long a proof of it holds. Pure.

use chrono::{DateTime, Duration, Utc};

use super::{Actor, Permission};

/// What is asked for beside the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorRule {
    /// Whether who approves or administers needs a second factor (`SECOND_FACTOR`).
    pub is_required: bool,
    /// How long a proof holds before acts of weight (`STEP_UP_MINUTES`).
    pub proof_holds: Duration,
}

impl Default for FactorRule {
    /// Offered; ten minutes.
    fn default() -> Self {
        Self { is_required: false, proof_holds: Duration::minutes(10) }
    }
}

impl FactorRule {
    /// Whether somebody may do nothing but set their second factor up. `proved_at` is when their session has last seen it.
    #[must_use]
    pub fn must_enrol(&self, actor: &Actor, proved_at: Option<DateTime<Utc>>) -> bool {
        self.is_required && proved_at.is_none() && needs_second_factor(actor)
    }

    /// Whether the factor is to be proved anew before an act of weight. Who has none has nothing to prove.
    #[must_use]
    pub fn is_stale(&self, proved_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
        proved_at.is_some_and(|proved_at| now - proved_at > self.proof_holds)
    }
}

/// Whether this person approves, issues or administers anything.
#[must_use]
pub fn needs_second_factor(actor: &Actor) -> bool {
    Permission::ALL.iter().any(|permission| permission.weighs() && actor.may(*permission))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{ActorOrganization, OrganizationKind, Origin, Role, permission::permissions_of};
    use crate::ids::{OrganizationId, UserId};

    fn actor(kind: OrganizationKind, role: Role) -> Actor {
        Actor {
            user_id: UserId::new(),
            username: "almaz".to_owned(),
            display_name: "Almaz Tesfaye".to_owned(),
            organization: ActorOrganization {
                id: OrganizationId::new(),
                kind,
                code: "X".to_owned(),
                name_en: "X".to_owned(),
                name_am: "X".to_owned(),
            },
            roles: vec![role],
            permissions: permissions_of(kind, role),
            delegations: Vec::new(),
            origin: Origin::default(),
        }
    }

    #[test]
    fn who_approves_or_administers_needs_one_and_who_asks_or_reads_does_not() {
        use OrganizationKind as K;
        for (kind, role) in [
            (K::NationalBank, Role::Officer),
            (K::Ecta, Role::Supervisor),
            (K::CommercialBank, Role::OrgAdmin),
            (K::Customs, Role::Officer),
            (K::ShippingLine, Role::Officer),
            (K::Ecx, Role::Officer),
            (K::Exporter, Role::Owner),
            (K::Auditor, Role::OrgAdmin),
            (K::Administration, Role::SystemAdmin),
        ] {
            assert!(needs_second_factor(&actor(kind, role)), "{kind} {role}");
        }
        assert!(!needs_second_factor(&actor(K::Exporter, Role::Clerk)));
        assert!(!needs_second_factor(&actor(K::Auditor, Role::Auditor)));
    }

    #[test]
    fn only_who_needs_one_and_has_none_must_enrol() {
        let now = "2026-11-29T09:00:00Z".parse().unwrap();
        let (officer, clerk) =
            (actor(OrganizationKind::NationalBank, Role::Officer), actor(OrganizationKind::Exporter, Role::Clerk));
        let required = FactorRule { is_required: true, ..FactorRule::default() };
        assert!(required.must_enrol(&officer, None));
        assert!(!required.must_enrol(&officer, Some(now)));
        assert!(!required.must_enrol(&clerk, None));
        assert!(!FactorRule::default().must_enrol(&officer, None));
    }

    #[test]
    fn a_proof_holds_for_ten_minutes() {
        let (rule, now) = (FactorRule::default(), "2026-11-29T09:00:00Z".parse().unwrap());
        assert!(!rule.is_stale(Some(now), now + Duration::minutes(10)));
        assert!(rule.is_stale(Some(now), now + Duration::minutes(10) + Duration::seconds(1)));
        assert!(!rule.is_stale(None, now), "who has none is asked for nothing");
    }
}
