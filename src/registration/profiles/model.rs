//! What an exporter is.

use crate::codes::coded_enum;

coded_enum! {
    /// What kind of business exports (Directive 1106/2025).
    BusinessType {
        /// An individual or a sole trader.
        Private = "PRIVATE",
        /// A union or an association.
        TradeAssociation = "TRADE_ASSOCIATION",
        /// A share company.
        JointStock = "JOINT_STOCK",
        /// A private limited company.
        Llc = "LLC",
        /// A farmer who exports the coffee of the own farm.
        Farmer = "FARMER",
    }
}

impl BusinessType {
    /// Its part of the registration number.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Private => "PVT",
            Self::TradeAssociation => "ASSN",
            Self::JointStock => "JS",
            Self::Llc => "LLC",
            Self::Farmer => "FRM",
        }
    }

    /// Whether it has shareholders, of whom two have to be evidenced.
    #[must_use]
    pub const fn is_company(self) -> bool {
        matches!(self, Self::JointStock | Self::Llc)
    }
}
