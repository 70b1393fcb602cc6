//! What a person may do. Each permission is one bit; a role is a set of bits.
//!
//! What a role may do at most is said here, and in the tables `permissions` and `role_permissions`, which a test holds equal to
//! it; what a person may do at this moment is read from the database with their session.
//!
//! The seeds' roles are too coarse (`user`, `admin`); these follow the access matrix of the trade:
//! only the organisation named may do each act, and nobody administers and approves by one role.

use serde::{Deserialize, Serialize};

use super::actor::{OrganizationKind, Role};
use crate::codes::coded_enum;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// One act, as `area:subject:verb`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Permission {
            $($(#[$doc])* $name),+
        }

        impl Permission {
            /// Every permission there is, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable code, `area:subject:verb`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code),+
                }
            }
        }
    };
}

permissions! {
    /// See the exports that one's organisation may see.
    ViewExports = "exports:export:view",
    /// Open, change, submit and resubmit one's own organisation's export requests.
    RequestExport = "exports:export:request",
    /// Cancel one's own organisation's export before clearance.
    CancelOwnExport = "exports:export:cancel-own",
    /// Cancel any export before it is shipped (ECTA supervisor).
    CancelAnyExport = "exports:export:cancel-any",
    /// Attach and remove documents of an export.
    AttachDocuments = "documents:document:attach",
    /// Write messages on a case.
    WriteMessages = "exports:message:write",
    /// Check the documents of an export for the bank.
    CheckBankDocuments = "exports:bank-check:decide",
    /// Approve foreign exchange.
    ApproveFx = "exports:fx:decide",
    /// Put the due date of an export's proceeds off.
    ExtendSettlement = "exports:settlement:extend",
    /// Confirm the quality certificate.
    CertifyQuality = "exports:quality:decide",
    /// Issue the export permit.
    IssuePermit = "certificates:permit:issue",
    /// Schedule vessel, voyage and containers.
    ScheduleShipment = "exports:shipment:decide",
    /// Clear the export through customs.
    ClearCustoms = "exports:customs:decide",
    /// Confirm that the coffee is on board.
    ConfirmLoading = "exports:loading:decide",
    /// Sign the certificate of origin for customs.
    SignOrigin = "certificates:origin:sign",
    /// Issue the certificate of origin.
    IssueOrigin = "certificates:origin:issue",
    /// Complete the export with its settlement.
    SettleExport = "exports:settlement:decide",
    /// Hand a colleague's claim over.
    ReassignClaims = "workflow:claim:reassign",
    /// See the lots and inspections that one's organisation may see.
    ViewLots = "sourcing:lot:view",
    /// See the sales contracts that one's organisation may see.
    ViewContracts = "sourcing:contract:view",
    /// Register one's firm, its laboratory and taster, and apply for certificate and licence.
    ApplyToExport = "registration:application:submit",
    /// See the registrations that one's organisation may see.
    ViewRegistrations = "registration:application:view",
    /// Approve, reject or question an exporter's profile.
    DecideProfiles = "registration:profile:decide",
    /// Verify an exporter's capital from the bank's certificate.
    VerifyCapital = "registration:capital:verify",
    /// Certify an exporter's laboratory.
    CertifyLaboratories = "registration:laboratory:decide",
    /// Verify an exporter's taster.
    VerifyTasters = "registration:taster:decide",
    /// Issue the certificate of competence.
    IssueCompetence = "registration:competence:decide",
    /// Issue the export licence.
    IssueLicenses = "registration:license:decide",
    /// Suspend, reinstate and revoke what was granted (ECTA supervisor).
    SuspendRegistrations = "registration:registration:suspend",
    /// Register, import, split, merge and blend one's own lots.
    RegisterLots = "sourcing:lot:register",
    /// Verify lots from warehouse receipts: the exchange those of the auction, the authority the others.
    VerifyLots = "sourcing:lot:verify",
    /// Draw samples, inspect lots and sign the certificate of quality.
    InspectLots = "sourcing:inspection:sign",
    /// Register, amend and cancel one's own sales contracts, and name buyers.
    RegisterContracts = "sourcing:contract:register",
    /// Approve, reject or question sales contracts.
    DecideContracts = "sourcing:contract:decide",
    /// Approve a contract below the week's minimum export price (ECTA supervisor).
    OverrideMinimumPrice = "sourcing:minimum-price:override",
    /// See prices, rates, thresholds and parameters with their history.
    ViewReference = "reference:value:view",
    /// Enter the authority's figures: minimum prices, capital thresholds, its parameters.
    SetAuthorityFigures = "reference:authority:set",
    /// Enter the National Bank's figures: exchange rates, retention, terms of settlement.
    SetExchangeRates = "reference:rate:set",
    /// Maintain code lists and number series.
    MaintainCodeLists = "reference:code-list:maintain",
    /// Map plots and link them to lots for the EU's regulation on deforestation.
    ManagePlots = "eudr:plot:manage",
    /// See the plots that one's organisation may see.
    ViewPlots = "eudr:plot:view",
    /// Check and reject the documents of a case that one's own step asks for.
    CheckDocuments = "documents:document:check",
    /// Let an export do without a document that one's own step asks for (supervisor).
    WaiveDocuments = "documents:document:waive",
    /// Cancel an unused export permit, revoke or replace a certificate of origin (ECTA supervisor).
    WithdrawPapers = "certificates:paper:withdraw",
    /// Issue a lost paper anew, marked as a duplicate.
    ReissuePapers = "certificates:paper:reissue",
    /// Prepare the commercial papers of one's own exports.
    PrepareCommercialPapers = "certificates:commercial:prepare",
    /// Draw up the monthly return of certificates for the International Coffee Organization.
    FileIcoReturn = "certificates:ico-return:file",
    /// See the reports on what one's organisation may see.
    ViewReports = "reports:report:view",
    /// Print papers that one may see.
    PrintPapers = "certificates:paper:print",
    /// See the staff of one's own organisation.
    ViewStaff = "organizations:staff:view",
    /// Enable and disable the staff of one's own organisation.
    ManageStaff = "organizations:staff:manage",
    /// See what each role may do in an organisation, and who holds it.
    ViewRoles = "organizations:role:view",
    /// Grant and end roles in one's own organisation, and narrow what they may do there.
    ManageRoles = "organizations:role:manage",
    /// Read the audit trail.
    ViewAudit = "audit:event:view",
    /// See the state of the system: pool, jobs, version.
    ViewSystem = "admin:system:view",
    /// See alerts and the figures of security: of everybody, or of one's own organisation.
    ViewAlerts = "alerts:alert:view",
    /// Acknowledge alerts that are not about oneself.
    AcknowledgeAlerts = "alerts:alert:acknowledge",
    /// Announce outages, switch the read-only mode, set from how much on something is an alert.
    ManageSystem = "admin:system:manage",
    /// See certificates and requests for them: of one's own organisation.
    ViewCertificates = "pki:certificate:view",
    /// See those of every organisation, the consortium's own, and how keys and lists stand.
    ViewAllCertificates = "pki:certificate:view-all",
    /// Ask for the certificate with which one's own organisation seals its papers.
    RequestCertificates = "pki:request:submit",
    /// Approve and reject requests of other organisations (supervisor of an authority).
    ApproveCertificates = "pki:request:decide",
}

coded_enum! {
    /// How much a permission weighs.
    Weight {
        /// Asking, writing down one's own, reading.
        Light = "LIGHT",
        /// It decides a business act: approves, issues, takes back, sets figures.
        Decides = "DECIDES",
        /// It administers: people, roles, the system.
        Administers = "ADMINISTERS",
    }
}

impl Permission {
    /// The permission with this code, if there is one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.code() == code)
    }

    /// The part of the product it belongs to: what stands before the first colon.
    #[must_use]
    pub fn area(self) -> &'static str {
        self.code().split(':').next().unwrap_or_default()
    }

    /// Whether who holds it approves, issues or administers: such people need a second factor. Who asks, writes down their
    /// own and reads does not.
    #[must_use]
    pub const fn weighs(self) -> bool {
        !matches!(self.weight(), Weight::Light)
    }

    /// How much it weighs. What decides and what administers is never one person's.
    #[must_use]
    pub const fn weight(self) -> Weight {
        match self {
            Self::CancelAnyExport
            | Self::CheckBankDocuments
            | Self::ApproveFx
            | Self::ExtendSettlement
            | Self::CertifyQuality
            | Self::IssuePermit
            | Self::ScheduleShipment
            | Self::ClearCustoms
            | Self::ConfirmLoading
            | Self::SignOrigin
            | Self::IssueOrigin
            | Self::SettleExport
            | Self::ReassignClaims
            | Self::DecideProfiles
            | Self::VerifyCapital
            | Self::CertifyLaboratories
            | Self::VerifyTasters
            | Self::IssueCompetence
            | Self::IssueLicenses
            | Self::SuspendRegistrations
            | Self::VerifyLots
            | Self::InspectLots
            | Self::DecideContracts
            | Self::OverrideMinimumPrice
            | Self::SetAuthorityFigures
            | Self::SetExchangeRates
            | Self::CheckDocuments
            | Self::WaiveDocuments
            | Self::WithdrawPapers
            | Self::ReissuePapers
            | Self::ApproveCertificates => Weight::Decides,
            Self::MaintainCodeLists
            | Self::ManageStaff
            | Self::ManageRoles
            | Self::AcknowledgeAlerts
            | Self::ManageSystem
            | Self::RequestCertificates => Weight::Administers,
            Self::ViewExports
            | Self::RequestExport
            | Self::CancelOwnExport
            | Self::AttachDocuments
            | Self::WriteMessages
            | Self::ViewLots
            | Self::ViewContracts
            | Self::ApplyToExport
            | Self::ViewRegistrations
            | Self::RegisterLots
            | Self::RegisterContracts
            | Self::ViewReference
            | Self::ManagePlots
            | Self::ViewPlots
            | Self::PrepareCommercialPapers
            | Self::FileIcoReturn
            | Self::ViewReports
            | Self::PrintPapers
            | Self::ViewStaff
            | Self::ViewRoles
            | Self::ViewAudit
            | Self::ViewSystem
            | Self::ViewAlerts
            | Self::ViewCertificates
            | Self::ViewAllCertificates => Weight::Light,
        }
    }
}

/// A set of permissions. Between sessions and requests it travels as two halves: not every reader of JSON takes 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "(u64, u64)", from = "(u64, u64)")]
pub struct Permissions(u128);

impl From<(u64, u64)> for Permissions {
    fn from((high, low): (u64, u64)) -> Self {
        Self((u128::from(high) << 64) | u128::from(low))
    }
}

impl From<Permissions> for (u64, u64) {
    #[allow(clippy::cast_possible_truncation, reason = "each half is taken by itself")]
    fn from(Permissions(bits): Permissions) -> Self {
        ((bits >> 64) as u64, bits as u64)
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self(permissions.into_iter().fold(0, |bits, p| bits | 1 << (p as u8)))
    }
}

impl Permissions {
    /// The empty set.
    pub const NONE: Self = Self(0);

    /// The set of the permissions given.
    #[must_use]
    pub fn of(permissions: &[Permission]) -> Self {
        permissions.iter().copied().collect()
    }

    /// The set of the codes given. A code that a newer version has stored gives nothing here.
    #[must_use]
    pub fn from_codes(codes: &[String]) -> Self {
        codes.iter().filter_map(|code| Permission::from_code(code)).collect()
    }

    /// What both sets allow.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What both sets together allow.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `permission` is in the set.
    #[must_use]
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << (permission as u8)) != 0
    }
}

/// What the holders of `roles` in an organisation of `kind` may do at most, together.
#[must_use]
pub fn ceiling_of(kind: OrganizationKind, roles: &[Role]) -> Permissions {
    roles.iter().fold(Permissions::NONE, |all, role| all.union(permissions_of(kind, *role)))
}

/// Whether `role` decides business acts in an organisation of `kind`.
#[must_use]
pub fn decides(kind: OrganizationKind, role: Role) -> bool {
    has_of_weight(kind, role, Weight::Decides)
}

/// Whether the two roles are never one person's at a time in an organisation of `kind`: who administers approves no business
/// act. The trigger on `user_roles` asks the same of `role_permissions`.
#[must_use]
pub fn are_kept_apart(kind: OrganizationKind, one: Role, other: Role) -> bool {
    let administers = |role| has_of_weight(kind, role, Weight::Administers);
    (decides(kind, one) && administers(other)) || (decides(kind, other) && administers(one))
}

fn has_of_weight(kind: OrganizationKind, role: Role, weight: Weight) -> bool {
    let held = permissions_of(kind, role);
    Permission::ALL.iter().any(|permission| permission.weight() == weight && held.contains(*permission))
}

/// What the holder of `role` in an organisation of `kind` may do at most: the ceiling, which is law. The table
/// `role_permissions` holds the same, and an organisation takes away from it (`role_restrictions`).
#[must_use]
pub fn permissions_of(kind: OrganizationKind, role: Role) -> Permissions {
    use Permission as P;
    let desk: &[P] = match kind {
        OrganizationKind::Exporter => &[
            P::ViewExports,
            P::RequestExport,
            P::CancelOwnExport,
            P::AttachDocuments,
            P::WriteMessages,
            P::ViewLots,
            P::ViewContracts,
            P::PrintPapers,
            P::ApplyToExport,
            P::ViewRegistrations,
            P::RegisterLots,
            P::RegisterContracts,
            P::ViewReference,
            P::ManagePlots,
            P::ViewPlots,
            P::PrepareCommercialPapers,
            P::ViewReports,
        ],
        OrganizationKind::CommercialBank => &[
            P::ViewExports,
            P::AttachDocuments,
            P::WriteMessages,
            P::CheckBankDocuments,
            P::SettleExport,
            P::ViewContracts,
            P::PrintPapers,
            P::ViewRegistrations,
            P::ViewReference,
            P::CheckDocuments,
            P::ViewReports,
        ],
        OrganizationKind::NationalBank => &[
            P::ViewExports,
            P::WriteMessages,
            P::ApproveFx,
            P::ExtendSettlement,
            P::ViewContracts,
            P::PrintPapers,
            P::ViewRegistrations,
            P::ViewReference,
            P::SetExchangeRates,
            P::CheckDocuments,
            P::ViewReports,
            P::ViewCertificates,
            P::ViewAllCertificates,
        ],
        OrganizationKind::Ecta => &[
            P::ViewExports,
            P::WriteMessages,
            P::CertifyQuality,
            P::IssuePermit,
            P::IssueOrigin,
            P::ViewLots,
            P::ViewContracts,
            P::PrintPapers,
            P::ViewRegistrations,
            P::DecideProfiles,
            P::VerifyCapital,
            P::CertifyLaboratories,
            P::VerifyTasters,
            P::IssueCompetence,
            P::IssueLicenses,
            P::VerifyLots,
            P::InspectLots,
            P::DecideContracts,
            P::ViewReference,
            P::ViewPlots,
            P::CheckDocuments,
            P::ReissuePapers,
            P::FileIcoReturn,
            P::ViewReports,
            P::ViewCertificates,
            P::ViewAllCertificates,
        ],
        OrganizationKind::Ecx => &[P::ViewLots, P::VerifyLots, P::ViewReference, P::ViewReports],
        OrganizationKind::ShippingLine => &[
            P::ViewExports,
            P::AttachDocuments,
            P::WriteMessages,
            P::ScheduleShipment,
            P::ConfirmLoading,
            P::PrintPapers,
            P::CheckDocuments,
            P::ViewReports,
        ],
        OrganizationKind::Customs => &[
            P::ViewExports,
            P::AttachDocuments,
            P::WriteMessages,
            P::ClearCustoms,
            P::SignOrigin,
            P::ViewContracts,
            P::PrintPapers,
            P::ViewRegistrations,
            P::ViewPlots,
            P::CheckDocuments,
            P::ViewReports,
            P::ViewCertificates,
            P::ViewAllCertificates,
        ],
        OrganizationKind::Auditor => &[
            P::ViewExports,
            P::ViewLots,
            P::ViewContracts,
            P::PrintPapers,
            P::ViewAudit,
            P::ViewAlerts,
            P::ViewSystem,
            P::ViewRegistrations,
            P::ViewReference,
            P::ViewPlots,
            P::ViewReports,
            P::ViewRoles,
            P::ViewCertificates,
            P::ViewAllCertificates,
        ],
        OrganizationKind::Administration => &[],
    };
    match role {
        Role::Owner | Role::OrgAdmin => {
            let own = Permissions::of(&[P::ViewStaff, P::ManageStaff, P::ViewRoles, P::ManageRoles, P::ViewAlerts])
                .union(match role {
                    // An exporter's owner does the firm's desk work as well: it asks and decides nothing. Elsewhere administering
                    // people and deciding cases are two roles, which are never one person's.
                    Role::Owner => Permissions::of(desk),
                    _ => Permissions::NONE,
                });
            match kind {
                // Who audits writes nothing: who runs the system acknowledges what is about its people. It seals nothing either.
                OrganizationKind::Auditor => own,
                _ => own.union(Permissions::of(&[P::AcknowledgeAlerts, P::ViewCertificates, P::RequestCertificates])),
            }
        }
        Role::Clerk | Role::Officer | Role::Auditor => Permissions::of(desk),
        Role::Supervisor => {
            let mut own =
                Permissions::of(desk).union(Permissions::of(&[P::ReassignClaims, P::ViewStaff, P::ViewRoles]));
            // Who may say that a document is not needed is one above those who say that it is in order.
            if own.contains(P::CheckDocuments) {
                own = own.union(Permissions::of(&[P::WaiveDocuments]));
            }
            match kind {
                OrganizationKind::Ecta => own.union(Permissions::of(&[
                    P::CancelAnyExport,
                    P::SuspendRegistrations,
                    P::OverrideMinimumPrice,
                    P::WithdrawPapers,
                    P::SetAuthorityFigures,
                    P::ApproveCertificates,
                ])),
                OrganizationKind::NationalBank | OrganizationKind::Customs => {
                    own.union(Permissions::of(&[P::ApproveCertificates]))
                }
                _ => own,
            }
        }
        Role::SystemAdmin => Permissions::of(&[
            P::ViewStaff,
            P::ManageStaff,
            P::ViewRoles,
            P::ManageRoles,
            P::ViewAudit,
            P::ViewAlerts,
            P::AcknowledgeAlerts,
            P::ViewSystem,
            P::ManageSystem,
            P::ViewReference,
            P::MaintainCodeLists,
            P::ViewCertificates,
            P::ViewAllCertificates,
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_administers_approves_nothing() {
        use OrganizationKind as K;
        for kind in [K::CommercialBank, K::NationalBank, K::Ecta, K::Ecx, K::ShippingLine, K::Customs] {
            for role in [Role::Officer, Role::Supervisor] {
                assert!(are_kept_apart(kind, role, Role::OrgAdmin), "{kind} {role}");
                assert!(are_kept_apart(kind, Role::OrgAdmin, role), "{kind} {role}");
            }
            assert!(!are_kept_apart(kind, Role::Officer, Role::Supervisor), "{kind}");
        }
        // A firm asks; nothing that its people do is an approval.
        for (one, other) in [(Role::Owner, Role::Clerk), (Role::Owner, Role::OrgAdmin), (Role::Clerk, Role::OrgAdmin)] {
            assert!(!are_kept_apart(K::Exporter, one, other), "{one} {other}");
        }
        assert!(!are_kept_apart(K::Auditor, Role::Auditor, Role::OrgAdmin));
    }

    #[test]
    fn a_set_comes_back_as_it_went() {
        let all = Permissions::of(Permission::ALL);
        let text = serde_json::to_string(&all).unwrap();
        assert_eq!(serde_json::from_str::<Permissions>(&text).unwrap(), all);
        let codes: Vec<String> = Permission::ALL.iter().map(|p| p.code().to_owned()).collect();
        assert_eq!(Permissions::from_codes(&codes), all);
        assert_eq!(Permissions::from_codes(&["exports:export:conjure".to_owned()]), Permissions::NONE);
    }
}
