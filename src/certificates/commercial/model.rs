//! The papers of the set, the words in them, and what the seller keeps for all of them.

use rust_decimal::Decimal;

use crate::certificates::bilingual::Bilingual;
use crate::certificates::model::PaperKind;
use crate::codes::coded_enum;
use crate::exports::is_handed_over_at_loading;
use crate::ids::{AccountId, OrganizationId};

coded_enum! {
    /// The papers of the set, by the name in the address of their form.
    CommercialKind {
        /// What the bank and the buyer see before the coffee moves.
        Proforma = "proforma-invoice",
        /// What is charged.
        Invoice = "commercial-invoice",
        /// What is in each container.
        PackingList = "packing-list",
        /// What the carrier is asked to put on the bill of lading.
        ShippingInstruction = "shipping-instruction",
        /// What each container weighs.
        WeightCertificate = "weight-certificate",
        /// What one truck carries to the port.
        WayBill = "way-bill",
    }
}

impl CommercialKind {
    /// Whether an export has one of it at a time; of way bills it has one for each truck.
    #[must_use]
    pub const fn is_single(self) -> bool {
        match self {
            Self::Proforma
            | Self::Invoice
            | Self::PackingList
            | Self::ShippingInstruction
            | Self::WeightCertificate => true,
            Self::WayBill => false,
        }
    }

    /// As papers are kept.
    #[must_use]
    pub const fn paper(self) -> PaperKind {
        match self {
            Self::Proforma => PaperKind::ProformaInvoice,
            Self::Invoice => PaperKind::CommercialInvoice,
            Self::PackingList => PaperKind::PackingList,
            Self::ShippingInstruction => PaperKind::ShippingInstruction,
            Self::WeightCertificate => PaperKind::WeightCertificate,
            Self::WayBill => PaperKind::WayBill,
        }
    }

    /// The event types of its issue and of its correction.
    #[must_use]
    pub const fn event_types(self) -> (&'static str, &'static str) {
        match self {
            Self::Proforma => ("PROFORMA_INVOICE_ISSUED", "PROFORMA_INVOICE_REPLACED"),
            Self::Invoice => ("COMMERCIAL_INVOICE_ISSUED", "COMMERCIAL_INVOICE_REPLACED"),
            Self::PackingList => ("PACKING_LIST_ISSUED", "PACKING_LIST_REPLACED"),
            Self::ShippingInstruction => ("SHIPPING_INSTRUCTION_ISSUED", "SHIPPING_INSTRUCTION_REPLACED"),
            Self::WeightCertificate => ("WEIGHT_CERTIFICATE_ISSUED", "WEIGHT_CERTIFICATE_REPLACED"),
            Self::WayBill => ("WAY_BILL_ISSUED", "WAY_BILL_REPLACED"),
        }
    }

    /// The series of its numbers. The proforma and the invoice have one number (domain 4.5).
    #[must_use]
    pub const fn series(self) -> &'static str {
        match self {
            Self::Proforma | Self::Invoice => "INVOICE",
            Self::PackingList => "PACKING_LIST",
            Self::ShippingInstruction => "SHIPPING_INSTRUCTION",
            Self::WeightCertificate => "WEIGHT_CERTIFICATE",
            Self::WayBill => "WAY_BILL",
        }
    }
}

coded_enum! {
    /// Who pays the freight, and so where.
    FreightTerms {
        /// The seller, before it leaves.
        Prepaid = "PREPAID",
        /// The buyer, on arrival.
        Collect = "COLLECT",
    }
}

impl FreightTerms {
    /// Who pays by this Incoterm: under E and F the buyer, under C and D the seller (Incoterms 2020).
    #[must_use]
    pub fn of_incoterm(incoterm: &str) -> Self {
        if is_handed_over_at_loading(incoterm) { Self::Collect } else { Self::Prepaid }
    }
}

coded_enum! {
    /// What kind of transport document the carrier makes out.
    BillType {
        /// A bill of lading in originals.
        Original = "ORIGINAL",
        /// Released by telex against no originals.
        Telex = "TELEX_RELEASE",
        /// A sea waybill, which is no document of title.
        SeaWaybill = "SEA_WAYBILL",
        /// An air waybill.
        AirWaybill = "AIR_WAYBILL",
    }
}

impl BillType {
    /// Whether there are originals of it.
    #[must_use]
    pub const fn has_originals(self) -> bool {
        match self {
            Self::Original | Self::AirWaybill => true,
            Self::Telex | Self::SeaWaybill => false,
        }
    }
}

coded_enum! {
    /// How the goods fill what they travel in.
    ShipmentType {
        /// The shipper's own containers from house to house.
        FullContainer = "FCL",
        /// With the goods of others.
        PartContainer = "LCL",
        /// In no container.
        Air = "AIR",
    }
}

/// What a seller says on every paper in the same way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SellerTerms {
    /// A line of its own on each bag: a brand, a farm.
    pub mark: Option<String>,
    /// Where it packs.
    pub packing_place: Option<String>,
    /// What who signs is, such as export manager.
    pub signatory_title: Option<String>,
    /// Whether its bags have a hermetic liner (GrainPro).
    pub has_liner: bool,
    /// What a liner weighs, in kilograms.
    pub liner_kg: Option<Decimal>,
    /// Counts its changes; 0 before anything was kept.
    pub version: i32,
}

/// An account to which buyers pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SellerAccount {
    /// Its id.
    pub id: AccountId,
    /// At which bank of the consortium.
    pub bank: OrganizationId,
    /// The bank by name.
    pub bank_name: String,
    /// Which branch.
    pub branch: String,
    /// In whose name.
    pub holder: String,
    /// Its number.
    pub number: String,
    /// ISO 4217.
    pub currency: String,
    /// The bank's code (ISO 9362).
    pub swift: String,
    /// The bank abroad through which it is paid.
    pub correspondent: Option<String>,
    /// That bank's code.
    pub correspondent_swift: Option<String>,
    /// Whether new invoices may name it.
    pub is_open: bool,
    /// Counts its changes.
    pub version: i32,
}

/// A position of the customs tariff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HsCode {
    /// Eight digits, as declarations have it.
    pub code: String,
    /// Which coffee it is.
    pub name: Bilingual,
    /// GREEN, ROASTED, ...
    pub coffee_form: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_incoterm_says_who_pays_the_freight() {
        for (incoterm, terms) in [
            ("EXW", FreightTerms::Collect),
            ("FCA", FreightTerms::Collect),
            ("FAS", FreightTerms::Collect),
            ("FOB", FreightTerms::Collect),
            ("CFR", FreightTerms::Prepaid),
            ("CIF", FreightTerms::Prepaid),
            ("CPT", FreightTerms::Prepaid),
            ("CIP", FreightTerms::Prepaid),
            ("DAP", FreightTerms::Prepaid),
            ("DPU", FreightTerms::Prepaid),
            ("DDP", FreightTerms::Prepaid),
        ] {
            assert_eq!(FreightTerms::of_incoterm(incoterm), terms, "{incoterm}");
        }
    }

    #[test]
    fn the_proforma_and_the_invoice_share_their_number_and_nothing_else_does() {
        let series: std::collections::BTreeSet<&str> = CommercialKind::ALL.iter().map(|kind| kind.series()).collect();
        assert_eq!(series.len(), CommercialKind::ALL.len() - 1);
        assert_eq!(CommercialKind::Proforma.series(), CommercialKind::Invoice.series());
    }
}
