//! What an exporter is, and what its profile says.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::codes::coded_enum;
use crate::ids::OrganizationId;
use crate::organizations::phone::Phone;
use crate::quantities::Tin;

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

    /// Papers that have to be there before the profile is approved (domain 2.1; Directive 1106/2025: for companies
    /// evidence of two major shareholders).
    #[must_use]
    pub const fn asked(self) -> &'static [&'static str] {
        match self {
            Self::Private | Self::TradeAssociation => &["business_registration", "capital_proof"],
            Self::JointStock | Self::Llc => &["business_registration", "capital_proof", "shareholder_evidence"],
            Self::Farmer => &["business_registration", "farm_evidence"],
        }
    }
}

coded_enum! {
    /// Where a profile stands.
    ProfileStatus {
        /// Waits for the authority.
        PendingApproval = "PENDING_APPROVAL",
        /// Sent back with a question.
        Returned = "RETURNED",
        /// Approved.
        Active = "ACTIVE",
        /// Refused; may be corrected and handed in again.
        Rejected = "REJECTED",
        /// New requests are refused until it is reinstated.
        Suspended = "SUSPENDED",
        /// Ended for good.
        Revoked = "REVOKED",
    }
}

/// The form of a profile, typed; with what the authority has noted of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The firm's name.
    pub business_name: String,
    /// Tax payer's identification number.
    pub tin: Tin,
    /// What kind of business it is.
    pub business_type: BusinessType,
    /// Paid-up capital as the firm declares it, in birr.
    pub declared_capital: Decimal,
    /// Where its office is.
    pub office_address: String,
    /// In which town.
    pub city: Option<String>,
    /// In which region.
    pub region: String,
    /// Where exactly.
    pub place: Place,
    /// Whom to ask.
    pub contact_person: String,
    /// Where mail reaches them.
    pub email: String,
    /// Where a call reaches them.
    pub phone: Phone,
    /// Its bank and account.
    pub bank: Bank,
    /// Other registrations.
    pub papers: Papers,
    /// What the authority has noted; nothing in a form.
    pub noted: Noted,
}

/// The parts of an Ethiopian address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Zone.
    pub zone: Option<String>,
    /// Sub-city.
    pub sub_city: Option<String>,
    /// Woreda.
    pub woreda: Option<String>,
    /// House number.
    pub house_number: Option<String>,
}

/// Where the firm's proceeds arrive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bank {
    /// One of the banks that take part.
    pub organization: Option<OrganizationId>,
    /// Its branch.
    pub branch: Option<String>,
    /// The account there.
    pub account_number: Option<String>,
    /// SWIFT code, 8 or 11 characters (ISO 9362).
    pub swift_code: Option<String>,
}

/// Other registrations of the firm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Papers {
    /// Trade licence.
    pub trade_license_number: Option<String>,
    /// Its last day.
    pub trade_license_expires_on: Option<NaiveDate>,
    /// Value-added tax.
    pub vat_number: Option<String>,
    /// Ethiopian Investment Commission.
    pub investment_registration: Option<String>,
    /// Tax clearance.
    pub tax_clearance_number: Option<String>,
    /// Chamber of commerce.
    pub chamber_membership: Option<String>,
}

/// What the authority has noted of a profile.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Noted {
    /// Who has verified the capital.
    pub capital_verified_by: Option<uuid::Uuid>,
    /// When.
    pub capital_verified_at: Option<DateTime<Utc>>,
    /// By name.
    pub capital_verifier: Option<String>,
    /// What the bank certifies, in birr.
    pub verified_capital: Option<Decimal>,
    /// Which bank.
    pub capital_bank: Option<String>,
    /// By which certificate.
    pub capital_certificate_number: Option<String>,
    /// Of which day.
    pub capital_certificate_date: Option<NaiveDate>,
    /// Who has approved it.
    pub approved_by: Option<uuid::Uuid>,
    /// The four digits of box 1 of the ICO form.
    pub ico_exporter_code: Option<String>,
}

impl Profile {
    /// The form with this in it.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        [
            ("business_name", self.business_name.clone()),
            ("tin", self.tin.as_str().to_owned()),
            ("business_type", self.business_type.code().to_owned()),
            ("declared_capital", self.declared_capital.normalize().to_string()),
            ("office_address", self.office_address.clone()),
            ("city", text(&self.city)),
            ("region", self.region.clone()),
            ("zone", text(&self.place.zone)),
            ("sub_city", text(&self.place.sub_city)),
            ("woreda", text(&self.place.woreda)),
            ("house_number", text(&self.place.house_number)),
            ("contact_person", self.contact_person.clone()),
            ("email", self.email.clone()),
            ("phone", self.phone.as_str().to_owned()),
            ("bank", self.bank.organization.map(|id| id.to_string()).unwrap_or_default()),
            ("bank_branch", text(&self.bank.branch)),
            ("account_number", text(&self.bank.account_number)),
            ("swift_code", text(&self.bank.swift_code)),
            ("trade_license_number", text(&self.papers.trade_license_number)),
            (
                "trade_license_expires_on",
                self.papers.trade_license_expires_on.map(|day| day.to_string()).unwrap_or_default(),
            ),
            ("vat_number", text(&self.papers.vat_number)),
            ("investment_registration", text(&self.papers.investment_registration)),
            ("tax_clearance_number", text(&self.papers.tax_clearance_number)),
            ("chamber_membership", text(&self.papers.chamber_membership)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }
}
