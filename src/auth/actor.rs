//! The person who acts: who they are, for which organisation, and what they may do.

use serde::{Deserialize, Serialize};

use super::permission::{Permission, Permissions};
use crate::codes::coded_enum;
use crate::i18n::Lang;
use crate::ids::{GrantId, OrganizationId, UserId};

coded_enum! {
    /// What an organisation is in the trade.
    OrganizationKind {
        /// A firm, union, company or farmer that exports coffee.
        Exporter = "EXPORTER",
        /// An exporter's bank.
        CommercialBank = "COMMERCIAL_BANK",
        /// The National Bank of Ethiopia.
        NationalBank = "NATIONAL_BANK",
        /// The Ethiopian Coffee and Tea Authority.
        Ecta = "ECTA",
        /// The Ethiopia Commodity Exchange.
        Ecx = "ECX",
        /// A shipping line.
        ShippingLine = "SHIPPING_LINE",
        /// The Ethiopian Customs Commission.
        Customs = "CUSTOMS",
        /// Who reads everything and writes nothing.
        Auditor = "AUDITOR",
        /// Who runs the system; approves no business act.
        Administration = "ADMINISTRATION",
    }
}

impl OrganizationKind {
    /// Whether its people see the exports of everybody, once they are submitted: the regulators and the auditor. The
    /// policies of the database say the same.
    #[must_use]
    pub const fn sees_every_export(self) -> bool {
        match self {
            Self::NationalBank | Self::Ecta | Self::Customs | Self::Auditor => true,
            Self::Exporter | Self::CommercialBank | Self::Ecx | Self::ShippingLine | Self::Administration => false,
        }
    }
}

coded_enum! {
    /// What a person is in their organisation.
    Role {
        /// Owner of an exporting firm.
        Owner = "OWNER",
        /// Clerk of an exporting firm.
        Clerk = "CLERK",
        /// Decides cases.
        Officer = "OFFICER",
        /// Decides cases, hands claims over.
        Supervisor = "SUPERVISOR",
        /// Invites and disables the organisation's staff.
        OrgAdmin = "ORG_ADMIN",
        /// Reads everything.
        Auditor = "AUDITOR",
        /// Runs the system.
        SystemAdmin = "SYSTEM_ADMIN",
    }
}

/// The organisation for which a person acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorOrganization {
    /// Its id.
    pub id: OrganizationId,
    /// What it is in the trade.
    pub kind: OrganizationKind,
    /// Its short code, such as `NBE`.
    pub code: String,
    /// Its name in English.
    pub name_en: String,
    /// Its name in Amharic.
    pub name_am: String,
}

impl ActorOrganization {
    /// Its name in a language.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name_en, &self.name_am)
    }
}

/// Where a request came from: kept beside the record, in the part that can be erased.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The request's id, as in the log.
    pub request_id: Option<uuid::Uuid>,
    /// The address, as the proxy that is trusted tells it.
    pub ip_address: Option<std::net::IpAddr>,
    /// What the browser says it is, at most 400 characters.
    pub user_agent: Option<String>,
    /// Which session, by its id.
    pub session: Option<uuid::Uuid>,
}

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Their id.
    pub user_id: UserId,
    /// The name with which they sign in.
    pub username: String,
    /// The name that others see.
    pub display_name: String,
    /// For whom they act.
    pub organization: ActorOrganization,
    /// What they are there.
    pub roles: Vec<Role>,
    /// What those roles allow at this moment, together.
    pub permissions: Permissions,
    /// The grants by which this person does the work of colleagues who are absent; none, as a rule.
    pub delegations: Vec<GrantId>,
    /// Where this request came from.
    pub origin: Origin,
}

impl Actor {
    /// Whether this person may do `permission`.
    #[must_use]
    pub const fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }
}
