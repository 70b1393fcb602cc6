//! What a paper is, in what state, and what was printed of it.

use chrono::{DateTime, NaiveDate, Utc};

use super::bilingual::Bilingual;
use super::code::VerifyCode;
use super::commercial::model::CommercialKind;
use crate::codes::coded_enum;
use crate::ids::{ExportId, OrganizationId, OriginCertificateId, PaperId, UserId};

coded_enum! {
    /// The papers of this product.
    PaperKind {
        /// The authority's export permit.
        ExportPermit = "EXPORT_PERMIT",
        /// The International Coffee Organization's certificate of origin.
        IcoCertificate = "ICO_CERTIFICATE",
        /// The certificate of competence for coffee export.
        CompetenceCertificate = "COMPETENCE_CERTIFICATE",
        /// The coffee export licence.
        ExportLicense = "EXPORT_LICENSE",
        /// The certification of a laboratory.
        LaboratoryCertificate = "LABORATORY_CERTIFICATE",
        /// A taster's certificate of proficiency.
        TasterCertificate = "TASTER_CERTIFICATE",
        /// The certificate of quality of a lot.
        QualityCertificate = "QUALITY_CERTIFICATE",
        /// The exporter's proforma.
        ProformaInvoice = "PROFORMA_INVOICE",
        /// The exporter's invoice.
        CommercialInvoice = "COMMERCIAL_INVOICE",
        /// The exporter's packing list.
        PackingList = "PACKING_LIST",
        /// The exporter's instruction to the carrier.
        ShippingInstruction = "SHIPPING_INSTRUCTION",
        /// The exporter's certificate of weight.
        WeightCertificate = "WEIGHT_CERTIFICATE",
        /// The exporter's way bill of one truck.
        WayBill = "WAY_BILL",
    }
}

impl PaperKind {
    /// Which paper of the commercial set it is, if it is one.
    pub(super) fn commercial(self) -> Option<CommercialKind> {
        CommercialKind::ALL.iter().copied().find(|kind| kind.paper() == self)
    }

    /// Whether the exporter issues it; the others are the authority's.
    #[must_use]
    pub fn is_of_exporter(self) -> bool {
        self.commercial().is_some()
    }
}

coded_enum! {
    /// What a paper is worth today. What it says never changes, this may.
    PaperState {
        /// In force.
        Valid = "VALID",
        /// A permit that has served its one export.
        Used = "USED",
        /// Taken back by who issued it.
        Revoked = "REVOKED",
        /// Its time is over.
        Expired = "EXPIRED",
        /// One in whose place another was issued.
        Replaced = "REPLACED",
        /// Taken out of force for a time by who issued it.
        Suspended = "SUSPENDED",
        /// A sheet that was declared lost: a duplicate stands in its place.
        Lost = "LOST",
    }
}

impl PaperState {
    /// Whether somebody may still rely on it: it was good when the coffee left, or is good now.
    #[must_use]
    pub const fn is_good(self) -> bool {
        match self {
            Self::Valid | Self::Used => true,
            Self::Revoked | Self::Expired | Self::Replaced | Self::Suspended | Self::Lost => false,
        }
    }
}

/// A paper without what it says: for lists, and around the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperLine {
    /// Its id.
    pub id: PaperId,
    /// To which firm it was issued.
    pub owner: OrganizationId,
    /// The firm by name.
    pub owner_name: Bilingual,
    /// Of which export, if it is one of an export.
    pub export_id: Option<ExportId>,
    /// Which paper.
    pub kind: PaperKind,
    /// Its official number.
    pub number: String,
    /// Which duplicate of a lost sheet it is; 0 for the paper as it was first issued.
    pub duplicate: i32,
    /// Under which code it is found.
    pub code: VerifyCode,
    /// What it is worth.
    pub state: PaperState,
    /// Since when it is so, where that is on record.
    pub since: Option<NaiveDate>,
    /// The number of the paper in its place.
    pub replaced_by: Option<String>,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// The name of who issued it.
    pub issued_by: String,
    /// SHA-256 of what it says.
    pub content_sha256: [u8; 32],
    /// What was printed of it, oldest first.
    pub prints: Vec<Print>,
}

/// What a list of papers is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct PaperFilter {
    /// Which papers.
    pub kind: Option<PaperKind>,
    /// How the number begins.
    pub number: Option<String>,
}

/// One print on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// Which sheet.
    pub sheet: Sheet,
    /// Who printed it.
    pub by: UserId,
    /// By name.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Which sheet of a paper: the first print is the original, the others are copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sheet(i32);

impl Sheet {
    /// The sheet that the record counts as `number`, from 1.
    #[must_use]
    pub const fn numbered(number: i32) -> Option<Self> {
        if number >= 1 { Some(Self(number)) } else { None }
    }

    /// As the record counts it.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// Whether it is the original.
    #[must_use]
    pub const fn is_original(self) -> bool {
        self.0 == 1
    }

    /// The number of the copy, from 1; nothing for the original.
    #[must_use]
    pub const fn copy_number(self) -> Option<i32> {
        if self.0 > 1 { Some(self.0 - 1) } else { None }
    }
}

/// Why something no longer holds, by whom and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The reason.
    pub reason: String,
    /// The name of who withdrew it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What became of a paper, beside what it is worth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Life {
    /// Why it was taken back, where a reason of its own is on record.
    pub withdrawn: Option<Withdrawal>,
    /// The paper in its place: its id and number.
    pub replaced_by: Option<(PaperId, String)>,
    /// The paper in whose place it is.
    pub replaces: Option<(PaperId, String)>,
    /// The duplicate in the place of its sheet, and why there is one.
    pub lost: Option<(PaperId, Withdrawal)>,
    /// The sheet that was lost, and the reason given, of a duplicate.
    pub duplicate_of: Option<(PaperId, String)>,
}

coded_enum! {
    /// Certificates of origin that others than the authority issue, recorded on an export with their own numbers.
    OtherKind {
        /// The chamber of commerce's, for customs preference and banks.
        Chamber = "CHAMBER",
        /// The registered exporter's own statement for the EU's preference.
        Rex = "REX",
    }
}

/// A certificate of origin of somebody else, as it is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherCertificate {
    /// Its id.
    pub id: OriginCertificateId,
    /// Whose.
    pub kind: OtherKind,
    /// Its own number.
    pub number: String,
    /// Which chamber.
    pub issuer: Option<String>,
    /// The day of its issue.
    pub issued_on: NaiveDate,
    /// Which organisation recorded it.
    pub organization_id: OrganizationId,
    /// The name of who recorded it.
    pub recorded_by: String,
    /// Why it was struck out.
    pub withdrawn: Option<Withdrawal>,
}
