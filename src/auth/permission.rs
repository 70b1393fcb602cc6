//! What a person may do. Each permission is one bit; a role is a set of bits.
//!
//! The seeds' roles are too coarse (`user`, `admin`); these follow the access matrix of the trade:
//! only the organisation named may do each act, and nobody administers and approves by one role.

use super::actor::{OrganizationKind, Role};

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
    /// Print papers that one may see.
    PrintPapers = "certificates:paper:print",
    /// See the staff of one's own organisation.
    ViewStaff = "organizations:staff:view",
    /// Enable and disable the staff of one's own organisation.
    ManageStaff = "organizations:staff:manage",
    /// Read the audit trail.
    ViewAudit = "audit:event:view",
    /// See the state of the system: pool, jobs, version.
    ViewSystem = "admin:system:view",
    /// Announce outages and switch the read-only mode.
    ManageSystem = "admin:system:manage",
}

/// A set of permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions(u64);

impl Permissions {
    /// The empty set.
    pub const NONE: Self = Self(0);

    /// The set of the permissions given.
    #[must_use]
    pub fn of(permissions: &[Permission]) -> Self {
        Self(permissions.iter().fold(0, |bits, p| bits | 1 << (*p as u8)))
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

/// What the holder of `role` in an organisation of `kind` may do.
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
        ],
        OrganizationKind::CommercialBank => &[
            P::ViewExports,
            P::AttachDocuments,
            P::WriteMessages,
            P::CheckBankDocuments,
            P::SettleExport,
            P::ViewContracts,
            P::PrintPapers,
        ],
        OrganizationKind::NationalBank => {
            &[P::ViewExports, P::WriteMessages, P::ApproveFx, P::ExtendSettlement, P::ViewContracts, P::PrintPapers]
        }
        OrganizationKind::Ecta => &[
            P::ViewExports,
            P::WriteMessages,
            P::CertifyQuality,
            P::IssuePermit,
            P::IssueOrigin,
            P::ViewLots,
            P::ViewContracts,
            P::PrintPapers,
        ],
        OrganizationKind::Ecx => &[P::ViewLots],
        OrganizationKind::ShippingLine => &[
            P::ViewExports,
            P::AttachDocuments,
            P::WriteMessages,
            P::ScheduleShipment,
            P::ConfirmLoading,
            P::PrintPapers,
        ],
        OrganizationKind::Customs => &[
            P::ViewExports,
            P::AttachDocuments,
            P::WriteMessages,
            P::ClearCustoms,
            P::SignOrigin,
            P::ViewContracts,
            P::PrintPapers,
        ],
        OrganizationKind::Auditor => {
            &[P::ViewExports, P::ViewLots, P::ViewContracts, P::PrintPapers, P::ViewAudit, P::ViewSystem]
        }
        OrganizationKind::Administration => &[],
    };
    match role {
        Role::Owner | Role::OrgAdmin => Permissions::of(&[P::ViewStaff, P::ManageStaff]).union(match role {
            // An exporter's owner does the firm's desk work as well; elsewhere administering people
            // and deciding cases are two roles, which one person may be granted both of.
            Role::Owner => Permissions::of(desk),
            _ => Permissions::NONE,
        }),
        Role::Clerk | Role::Officer | Role::Auditor => Permissions::of(desk),
        Role::Supervisor => {
            let own = Permissions::of(desk).union(Permissions::of(&[P::ReassignClaims, P::ViewStaff]));
            if kind == OrganizationKind::Ecta { own.union(Permissions::of(&[P::CancelAnyExport])) } else { own }
        }
        Role::SystemAdmin => {
            Permissions::of(&[P::ViewStaff, P::ManageStaff, P::ViewAudit, P::ViewSystem, P::ManageSystem])
        }
    }
}
