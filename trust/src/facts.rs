//! The kinds of papers, and which facts of its business a seal tells of each.
//!
//! A fact has a short number in the seal and a name in JSON. Both are for ever: a number is never used for something
//! else. Which facts a kind may tell, and which it has to, is one table.

use serde::{Serialize, Serializer};

/// Declares an enum whose values have a number in the seal and a code in JSON.
macro_rules! numbered_enum {
    ($(#[$about:meta])* $name:ident: $number:ty { $($(#[$doc:meta])* $value:ident = $n:literal, $code:literal;)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $value,)+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// Its number in a seal.
            #[must_use]
            pub const fn number(self) -> $number {
                match self { $(Self::$value => $n,)+ }
            }

            /// Its code in JSON.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$value => $code,)+ }
            }

            /// The value with this number.
            #[must_use]
            pub fn numbered(number: $number) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.number() == number)
            }

            /// The value with this code.
            #[must_use]
            pub fn coded(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }
    };
}

numbered_enum! {
    /// The papers of the product, with the codes that they have there.
    Kind: u64 {
        /// The authority's export permit.
        ExportPermit = 1, "EXPORT_PERMIT";
        /// The International Coffee Organization's certificate of origin.
        IcoCertificate = 2, "ICO_CERTIFICATE";
        /// The certificate of competence for coffee export.
        CompetenceCertificate = 3, "COMPETENCE_CERTIFICATE";
        /// The coffee export licence.
        ExportLicense = 4, "EXPORT_LICENSE";
        /// The certification of a laboratory.
        LaboratoryCertificate = 5, "LABORATORY_CERTIFICATE";
        /// A taster's certificate of proficiency.
        TasterCertificate = 6, "TASTER_CERTIFICATE";
        /// The certificate of quality of a lot.
        QualityCertificate = 7, "QUALITY_CERTIFICATE";
        /// The exporter's proforma.
        ProformaInvoice = 8, "PROFORMA_INVOICE";
        /// The exporter's invoice.
        CommercialInvoice = 9, "COMMERCIAL_INVOICE";
        /// The exporter's packing list.
        PackingList = 10, "PACKING_LIST";
        /// The exporter's instruction to the carrier.
        ShippingInstruction = 11, "SHIPPING_INSTRUCTION";
        /// The exporter's certificate of weight.
        WeightCertificate = 12, "WEIGHT_CERTIFICATE";
        /// The exporter's way bill of one truck.
        WayBill = 13, "WAY_BILL";
    }
}

numbered_enum! {
    /// A fact of the business. Up to 23 a number takes one byte.
    Fact: i64 {
        /// The firm to which the paper was issued, or whose it is.
        Exporter = 1, "exporter";
        /// The person to whom it was issued.
        Person = 2, "person";
        /// The buyer's country (ISO 3166); never the buyer.
        BuyerCountry = 3, "buyer_country";
        /// Type, processing and grade of the coffee in words.
        Coffee = 4, "coffee";
        /// The crop year.
        CropYear = 5, "crop_year";
        /// Net weight in grams: kilograms may have decimals, and a seal has none.
        NetGrams = 6, "net_grams";
        /// Bags.
        Bags = 7, "bags";
        /// The ICO's marks.
        IcoMarks = 8, "ico_marks";
        /// The lot, or the lots.
        Lot = 9, "lot";
        /// The country of destination (ISO 3166).
        Destination = 10, "destination";
        /// Where the coffee is loaded.
        LoadedAt = 11, "loaded_at";
        /// The vessel, flight or truck.
        Carrier = 12, "carrier";
        /// Container and seal numbers.
        Containers = 13, "containers";
        /// The grade.
        Grade = 14, "grade";
        /// The score of the cup, in hundredths of a point.
        ScoreHundredths = 15, "score_hundredths";
        /// The number of the paper that this one stands on: the permit of a certificate, the contract of an invoice.
        Reference = 16, "reference";
        /// Taxpayer number of the firm.
        Tin = 17, "tin";
        /// What somebody is licensed, certified or qualified for.
        Scope = 18, "scope";
        /// Where the firm or laboratory is.
        Place = 19, "place";
    }
}

/// What a fact says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// In words.
    Text(String),
    /// A count, in the fact's own unit.
    Number(u64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl Fact {
    /// Whether it is a number; the others are texts.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::NetGrams | Self::Bags | Self::ScoreHundredths)
    }

    /// Whether it is the code of a country.
    #[must_use]
    pub const fn is_country(self) -> bool {
        matches!(self, Self::BuyerCountry | Self::Destination)
    }
}

impl Kind {
    /// The facts without which a seal of this kind says too little to compare a paper with.
    #[must_use]
    pub const fn has_to_tell(self) -> &'static [Fact] {
        match self {
            Self::ExportPermit => &[Fact::Exporter, Fact::BuyerCountry, Fact::Coffee, Fact::NetGrams],
            Self::IcoCertificate => &[Fact::Exporter, Fact::Coffee, Fact::NetGrams, Fact::IcoMarks, Fact::Destination],
            Self::CompetenceCertificate | Self::ExportLicense | Self::LaboratoryCertificate => &[Fact::Exporter],
            Self::TasterCertificate => &[Fact::Person],
            Self::QualityCertificate => &[Fact::Exporter, Fact::Coffee, Fact::Lot],
            Self::ProformaInvoice
            | Self::CommercialInvoice
            | Self::PackingList
            | Self::ShippingInstruction
            | Self::WeightCertificate
            | Self::WayBill => &[Fact::Exporter, Fact::NetGrams],
        }
    }

    /// Whether a seal of this kind may tell `fact`. Nobody reads a price, a buyer's name or an account in a code that
    /// travels with the goods.
    #[must_use]
    pub fn may_tell(self, fact: Fact) -> bool {
        use Fact::{
            Bags, BuyerCountry, Carrier, Coffee, Containers, CropYear, Destination, Exporter, Grade, IcoMarks,
            LoadedAt, Lot, NetGrams, Person, Place, Reference, Scope, ScoreHundredths, Tin,
        };
        match self {
            Self::CompetenceCertificate | Self::ExportLicense | Self::LaboratoryCertificate => {
                matches!(fact, Exporter | Tin | Scope | Place | Reference)
            }
            Self::TasterCertificate => matches!(fact, Person | Exporter | Scope | Reference),
            Self::QualityCertificate => {
                matches!(
                    fact,
                    Exporter | Coffee | CropYear | NetGrams | Bags | Lot | Grade | ScoreHundredths | Place | Reference
                )
            }
            Self::ExportPermit
            | Self::IcoCertificate
            | Self::ProformaInvoice
            | Self::CommercialInvoice
            | Self::PackingList
            | Self::ShippingInstruction
            | Self::WeightCertificate
            | Self::WayBill => {
                matches!(
                    fact,
                    Exporter
                        | BuyerCountry
                        | Coffee
                        | CropYear
                        | NetGrams
                        | Bags
                        | IcoMarks
                        | Lot
                        | Destination
                        | LoadedAt
                        | Carrier
                        | Containers
                        | Grade
                        | Reference
                        | Tin
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn numbers_and_codes_are_each_used_once_and_in_order() {
        let numbers: Vec<i64> = Fact::ALL.iter().map(|fact| fact.number()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "the order of the enum is the order in a seal");
        assert_eq!(Fact::ALL.iter().map(|fact| fact.code()).collect::<BTreeSet<_>>().len(), Fact::ALL.len());
        assert_eq!(Kind::ALL.iter().map(|kind| kind.number()).collect::<BTreeSet<_>>().len(), Kind::ALL.len());
        for kind in Kind::ALL {
            assert_eq!(Kind::coded(kind.code()), Some(*kind));
            assert!(kind.has_to_tell().iter().all(|fact| kind.may_tell(*fact)), "{kind:?}");
        }
    }
}
