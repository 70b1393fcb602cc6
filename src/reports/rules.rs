//! Who may see what. What they see of it is for the finders and for the walls behind them.

use super::model::{ExpiringKind, Report};
use crate::auth::{Actor, OrganizationKind as O, Permission};

/// Whether `actor` may open the report.
#[must_use]
pub fn may_see(actor: &Actor, report: Report) -> bool {
    if !actor.may(Permission::ViewReports) {
        return false;
    }
    match report {
        Report::ByState
        | Report::ByOrigin
        | Report::ByDestination
        | Report::ByMonth
        | Report::ByCoffeeYear
        | Report::ByExporter
        | Report::Turnaround => actor.may(Permission::ViewExports),
        Report::Expiring => ExpiringKind::ALL.iter().any(|kind| sees_kind(actor.organization.kind, *kind)),
        // Money received is between the exporter, its bank and the authorities.
        Report::Settlements => actor.may(Permission::ViewExports) && actor.organization.kind != O::ShippingLine,
    }
}

/// Whether people of an organisation of this kind see certificates of this kind (domain 1.1).
#[must_use]
pub const fn sees_kind(organization: O, kind: ExpiringKind) -> bool {
    use ExpiringKind as K;
    match organization {
        O::Exporter | O::Ecta | O::Auditor => true,
        O::CommercialBank | O::Customs => {
            matches!(kind, K::Competence | K::License | K::Permit | K::Quality)
        }
        O::NationalBank => matches!(kind, K::Competence | K::License | K::Permit),
        O::ShippingLine => matches!(kind, K::Permit),
        O::Ecx => matches!(kind, K::Quality | K::Receipt),
        O::Administration => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::permission::permissions_of;
    use crate::auth::{ActorOrganization, Origin, Role};
    use crate::ids::{OrganizationId, UserId};

    fn somebody(kind: O, role: Role) -> Actor {
        Actor {
            user_id: UserId::new(),
            username: String::new(),
            display_name: String::new(),
            organization: ActorOrganization {
                id: OrganizationId::new(),
                kind,
                code: String::new(),
                name_en: String::new(),
                name_am: String::new(),
            },
            roles: vec![role],
            permissions: permissions_of(kind, role),
            delegations: Vec::new(),
            origin: Origin::default(),
        }
    }

    fn reports_of(kind: O, role: Role) -> Vec<&'static str> {
        let actor = somebody(kind, role);
        Report::ALL.iter().filter(|report| may_see(&actor, **report)).map(|report| report.code()).collect()
    }

    #[test]
    fn everybody_with_a_part_in_exports_sees_their_figures() {
        for (kind, role) in [
            (O::Exporter, Role::Clerk),
            (O::CommercialBank, Role::Officer),
            (O::NationalBank, Role::Officer),
            (O::Ecta, Role::Supervisor),
            (O::Customs, Role::Officer),
            (O::Auditor, Role::Auditor),
        ] {
            assert_eq!(reports_of(kind, role).len(), Report::ALL.len(), "{kind}");
        }
        let carrier = reports_of(O::ShippingLine, Role::Officer);
        assert!(carrier.contains(&"turnaround") && !carrier.contains(&"settlements"));
        assert_eq!(reports_of(O::Ecx, Role::Officer), ["expiring"], "the exchange has no part in exports");
        for (kind, role) in [(O::Administration, Role::SystemAdmin), (O::NationalBank, Role::OrgAdmin)] {
            assert!(reports_of(kind, role).is_empty(), "{kind} {role}");
        }
    }

    #[test]
    fn laboratories_and_tasters_are_the_exporters_and_the_authoritys_affair() {
        for kind in [ExpiringKind::Laboratory, ExpiringKind::Taster] {
            let seen: Vec<O> = O::ALL.iter().copied().filter(|organization| sees_kind(*organization, kind)).collect();
            assert_eq!(seen, [O::Exporter, O::Ecta, O::Auditor], "{kind}");
        }
    }
}
