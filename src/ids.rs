//! Identifiers: one type per kind of thing, so that an export's id cannot stand where a lot's belongs.
//!
//! New ids are UUIDv7 made here (PostgreSQL 15 has no `uuidv7()`); they sort by creation time, which
//! keeps the primary-key indexes dense and serves as the last key of keyset paging.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, later in order than every earlier one of this process.
            #[must_use]
            #[allow(clippy::new_without_default, reason = "a default id would be a surprise")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// A person who signs in.
    UserId
    /// That somebody is signed in somewhere; never the token in the cookie.
    SessionId
    /// That somebody holds a role, from when until when.
    GrantId
    /// That an organisation takes something away from a role.
    RestrictionId
    /// A one-time link by which a colleague comes in.
    InvitationId
    /// A piece of work beside requests.
    JobId
    /// Something that a person was told.
    NotificationId
    /// A mail that is to be sent or was.
    MailId
    /// An organisation of the consortium.
    OrganizationId
    /// An exporter's profile.
    ExporterId
    /// An export request.
    ExportId
    /// A letter of credit.
    LetterId
    /// An exporter's laboratory.
    LaboratoryId
    /// An exporter's taster.
    TasterId
    /// A certificate of competence, or an application for one.
    CompetenceId
    /// An export licence, or an application for one.
    LicenseId
    /// A form that is being filled in.
    DraftId
    /// A buyer abroad.
    BuyerId
    /// A plot of land on which coffee grows.
    PlotId
    /// A file of plots that waits for a yes.
    PlotImportId
    /// That a lot comes from a plot.
    PlotLinkId
    /// What a buyer told of a due diligence statement.
    StatementId
    /// A lot of coffee.
    LotId
    /// A sample of a lot, under its blind code.
    SampleId
    /// A file from which lots are imported.
    LotImportId
    /// A quality inspection of a lot.
    InspectionId
    /// A sales contract.
    ContractId
    /// A document attached to an export.
    DocumentId
    /// A stored file (the bytes behind a document).
    FileId
    /// An export permit.
    PermitId
    /// A certificate of origin.
    OriginCertificateId
    /// A printed paper: the snapshot of what was issued.
    PaperId
    /// An account to which buyers pay an exporter.
    AccountId
    /// A message on a case.
    MessageId
    /// An alert about what the record shows.
    AlertId
}
