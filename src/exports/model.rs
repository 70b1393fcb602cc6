//! What an export is, and the words for its states.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::auth::OrganizationKind;
use crate::codes::coded_enum;
use crate::ids::{ContractId, ExportId, ExporterId, OrganizationId, UserId};

coded_enum! {
    /// The nine statuses of the seed: what has been achieved.
    ExportStatus {
        /// Requested; the bank and the National Bank have it.
        Pending = "PENDING",
        /// The National Bank approved the foreign exchange.
        FxApproved = "FX_APPROVED",
        /// The National Bank refused it.
        FxRejected = "FX_REJECTED",
        /// The authority confirmed the quality.
        QualityCertified = "QUALITY_CERTIFIED",
        /// The authority refused it.
        QualityRejected = "QUALITY_REJECTED",
        /// Vessel, voyage and containers are booked.
        ShipmentScheduled = "SHIPMENT_SCHEDULED",
        /// Cleared and on board.
        Shipped = "SHIPPED",
        /// Paid and settled.
        Completed = "COMPLETED",
        /// Given up.
        Cancelled = "CANCELLED",
    }
}

coded_enum! {
    /// The finer state: what it waits for. Each open stage stands in exactly one organisation's queue.
    Stage {
        /// The exporter is still putting it together.
        Preparation = "PREPARATION",
        /// The bank checks the documents.
        BankCheck = "BANK_CHECK",
        /// The National Bank decides on the foreign exchange.
        Fx = "FX",
        /// The authority confirms the quality certificate.
        Quality = "QUALITY",
        /// The authority issues the export permit.
        Permit = "PERMIT",
        /// The shipping line books vessel and containers.
        Scheduling = "SCHEDULING",
        /// Customs clears.
        Clearance = "CLEARANCE",
        /// The shipping line confirms that it is on board.
        Loading = "LOADING",
        /// The customs officer signs the certificate of origin.
        OriginSignature = "ORIGIN_SIGNATURE",
        /// The authority's certifying officer issues it.
        Origin = "ORIGIN",
        /// The bank settles the proceeds.
        Settlement = "SETTLEMENT",
        /// Back with the exporter, who answers and resubmits.
        Returned = "RETURNED",
        /// Nobody has anything to do any more.
        Closed = "CLOSED",
    }
}

coded_enum! {
    /// The steps that organisations decide, by the name in the address of their form.
    ApprovalKind {
        /// Documents agree, bank permit granted.
        BankCheck = "bank-check",
        /// Foreign exchange.
        Fx = "fx",
        /// Quality certificate.
        Quality = "quality",
        /// Export permit.
        Permit = "permit",
        /// Vessel, voyage, containers.
        Shipment = "shipment",
        /// Clearance.
        Customs = "customs",
        /// On board.
        Loading = "loading",
        /// First signature under the certificate of origin.
        OriginSignature = "origin-signature",
        /// Issue of the certificate of origin.
        Origin = "origin",
        /// Proceeds and completion.
        Settlement = "settlement",
    }
}

impl ApprovalKind {
    /// The `approval_type` of the seed's table.
    #[must_use]
    pub const fn approval_type(self) -> &'static str {
        match self {
            Self::BankCheck => "BANK_DOCUMENT_VERIFICATION",
            Self::Fx => "FX_APPROVAL",
            Self::Quality => "QUALITY_CERTIFICATION",
            Self::Permit => "EXPORT_PERMIT",
            Self::Shipment => "SHIPMENT_SCHEDULING",
            Self::Customs => "CUSTOMS_CLEARANCE",
            Self::Loading => "LOADING_CONFIRMATION",
            Self::OriginSignature => "ORIGIN_SIGNATURE",
            Self::Origin => "ORIGIN_ISSUE",
            Self::Settlement => "EXPORT_COMPLETION",
        }
    }

    /// The audit event types of approval and of rejection or return (domain 5.9).
    #[must_use]
    pub const fn event_types(self) -> (&'static str, &'static str) {
        match self {
            Self::BankCheck => ("BANK_DOCUMENTS_APPROVED", "BANK_DOCUMENTS_REJECTED"),
            Self::Fx => ("FX_APPROVED", "FX_REJECTED"),
            Self::Quality => ("QUALITY_APPROVED", "QUALITY_REJECTED"),
            Self::Permit => ("PERMIT_ISSUED", "PERMIT_REJECTED"),
            Self::Shipment => ("SHIPMENT_SCHEDULED", "SHIPMENT_REJECTED"),
            Self::Customs => ("CUSTOMS_APPROVED", "CUSTOMS_REJECTED"),
            Self::Loading => ("LOADING_APPROVED", "LOADING_REJECTED"),
            Self::OriginSignature => ("ORIGIN_SIGNATURE_APPROVED", "ORIGIN_SIGNATURE_REJECTED"),
            Self::Origin => ("ORIGIN_ISSUED", "ORIGIN_REJECTED"),
            Self::Settlement => ("EXPORT_COMPLETED", "SETTLEMENT_REJECTED"),
        }
    }
}

/// Status and stage together: the state that moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct State {
    /// What has been achieved.
    pub status: ExportStatus,
    /// What it waits for.
    pub stage: Stage,
}

impl State {
    /// The state of this status and stage.
    #[must_use]
    pub const fn new(status: ExportStatus, stage: Stage) -> Self {
        Self { status, stage }
    }

    /// As the table of legal moves writes it.
    #[must_use]
    pub fn code(self) -> String {
        format!("{}:{}", self.status.code(), self.stage.code())
    }

    /// Whether something is still to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(self.stage, Stage::Closed)
    }
}

coded_enum! {
    /// What has become of the proceeds of an export.
    Proceeds {
        /// Something is still to come.
        Outstanding = "OUTSTANDING",
        /// They have come in full.
        Received = "RECEIVED",
        /// The bank has closed the export although something is missing.
        Short = "SHORT",
    }
}

coded_enum! {
    /// What the National Bank answers to who asks for more time.
    ExtensionAnswer {
        /// The due date is put off.
        Granted = "GRANTED",
        /// It stays.
        Refused = "REFUSED",
    }
}

/// An export as the rules see it: state, parties, terms, and what the decisions so far have put on record.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// Its id.
    pub id: ExportId,
    /// Its number, `EXP-YYYYMMDD-NNNNNN`.
    pub number: String,
    /// The exporter's profile.
    pub exporter_id: ExporterId,
    /// The exporter's organisation.
    pub exporter_organization_id: OrganizationId,
    /// The exporter's bank for this export.
    pub bank_organization_id: OrganizationId,
    /// The carrier.
    pub shipping_organization_id: OrganizationId,
    /// The exporter as stated in the request.
    pub exporter_name: String,
    /// Under which contract.
    pub contract_id: ContractId,
    /// Status and stage.
    pub state: State,
    /// Where a returned export goes on.
    pub resume_stage: Option<Stage>,
    /// Since when it waits.
    pub stage_entered_at: DateTime<Utc>,
    /// In whose queue.
    pub queue_organization_id: Option<OrganizationId>,
    /// Counts its changes; a form that was shown for another version is stale.
    pub version: i32,
    /// The officer who has taken it.
    pub claimed_by: Option<UserId>,
    /// Since when.
    pub claimed_at: Option<DateTime<Utc>>,
    /// Who opened the request.
    pub created_by: UserId,
    /// Who submitted it last.
    pub submitted_by: Option<UserId>,
    /// How often it came back and was resubmitted.
    pub resubmission_count: i32,
    /// Who changed it last.
    pub changed_by: UserId,
    /// And when.
    pub changed_at: DateTime<Utc>,
    /// Net kilograms of green coffee.
    pub quantity: Decimal,
    /// Kilograms in a bag.
    pub bag_kg: Decimal,
    /// Bags.
    pub bags: i32,
    /// Coffee type, such as Sidama.
    pub coffee_type: String,
    /// Region of origin.
    pub origin_region: String,
    /// WASHED, NATURAL or HONEY.
    pub processing_method: String,
    /// Grade that the contract asks for.
    pub grade: String,
    /// ISO 3166 code of the destination.
    pub destination_country: String,
    /// UN/LOCODE.
    pub port_of_loading: String,
    /// UN/LOCODE.
    pub port_of_discharge: String,
    /// SEA or AIR.
    pub transport_mode: String,
    /// Incoterms 2020.
    pub incoterm: String,
    /// LC, CAD, ADVANCE, CONSIGNMENT or TT.
    pub payment_method: String,
    /// ISO 4217.
    pub currency: String,
    /// In that currency.
    pub price_per_kg: Decimal,
    /// In that currency.
    pub estimated_value: Decimal,
    /// The buyer.
    pub buyer_name: String,
    /// ISO 3166 code.
    pub buyer_country: String,
    /// Where it stands.
    pub buyer_address: Option<String>,
    /// Documents that the buyer asks for beyond the rule.
    pub requested_documents: Vec<String>,
    /// Kinds of the documents that are there; one of which there are several papers stands there as often.
    pub attached_documents: Vec<String>,
    /// When the bank granted its permit; the 90 days run from here.
    pub bank_permit_date: Option<NaiveDate>,
    /// When the proceeds have to be in.
    pub settlement_due_date: Option<NaiveDate>,
    /// What has become of them.
    pub proceeds: Proceeds,
    /// When customs cleared.
    pub customs_clearance_date: Option<NaiveDate>,
    /// Booked departure.
    pub departure_date: Option<NaiveDate>,
    /// Booked vessel.
    pub vessel_name: Option<String>,
    /// Booked voyage.
    pub voyage_number: Option<String>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
}

/// The place that stands behind an Incoterm (Incoterms 2020): under E and F where the goods are handed over, at `loading`;
/// under C and D where they go, at `discharge`.
#[must_use]
pub fn place_of_delivery<'a>(incoterm: &str, loading: &'a str, discharge: &'a str) -> &'a str {
    if is_handed_over_at_loading(incoterm) { loading } else { discharge }
}

/// Whether the seller's part is done where the goods are loaded: the groups E and F of the Incoterms 2020.
#[must_use]
pub fn is_handed_over_at_loading(incoterm: &str) -> bool {
    matches!(incoterm, "EXW" | "FCA" | "FAS" | "FOB")
}

impl Export {
    /// The organisation that is to decide at `kind`: the export's own bank or carrier, or the one authority.
    #[must_use]
    pub const fn party_of(&self, kind: OrganizationKind) -> Option<OrganizationId> {
        match kind {
            OrganizationKind::Exporter => Some(self.exporter_organization_id),
            OrganizationKind::CommercialBank => Some(self.bank_organization_id),
            OrganizationKind::ShippingLine => Some(self.shipping_organization_id),
            OrganizationKind::NationalBank
            | OrganizationKind::Ecta
            | OrganizationKind::Ecx
            | OrganizationKind::Customs
            | OrganizationKind::Auditor
            | OrganizationKind::Administration => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_incoterm_names_where_the_goods_are_handed_over_or_where_they_go() {
        for (incoterm, place) in [
            ("EXW", "Djibouti"),
            ("FCA", "Djibouti"),
            ("FAS", "Djibouti"),
            ("FOB", "Djibouti"),
            ("CFR", "Hamburg"),
            ("CIF", "Hamburg"),
            ("CPT", "Hamburg"),
            ("CIP", "Hamburg"),
            ("DAP", "Hamburg"),
            ("DPU", "Hamburg"),
            ("DDP", "Hamburg"),
        ] {
            assert_eq!(place_of_delivery(incoterm, "Djibouti", "Hamburg"), place, "{incoterm}");
        }
    }
}
