//! What the rules need beside the export itself: facts of other rows, read under the export's lock.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::{Ground, Letter, LotShare};
use crate::documents::checklist::Requirement;
use crate::exports::model::ApprovalKind;
use crate::exports::proceeds::Ledger;
use crate::ids::UserId;

/// A decision in force on another step of the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriorDecision {
    /// Which step.
    pub kind: ApprovalKind,
    /// Who approved it.
    pub by: UserId,
}

/// A first officer's approval that waits for the second's.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstApproval {
    /// Who gave it.
    pub by: UserId,
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The facts that they recorded, as the form's approval data.
    pub facts: serde_json::Value,
}

/// The inspection of the export's lots that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct InspectionFacts {
    /// Number of the quality certificate.
    pub certificate_number: String,
    /// Day of the inspection.
    pub inspected_on: NaiveDate,
    /// The grade found.
    pub final_grade: String,
    /// Whether it passed.
    pub passed: bool,
    /// Points of 100.
    pub total_score: Decimal,
    /// Percent.
    pub moisture: Decimal,
}

/// The permit of the export, in force or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermitFacts {
    /// Its number.
    pub number: String,
    /// ISSUED, USED, EXPIRED or CANCELLED.
    pub status: String,
    /// Last day of its validity.
    pub valid_until: NaiveDate,
}

/// A request to put the due date of the proceeds off that waits for the National Bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedExtension {
    /// Until when.
    pub until: NaiveDate,
    /// Why.
    pub reason: String,
    /// Since when it waits.
    pub at: DateTime<Utc>,
}

/// What the rules need beside the export itself, read under its lock.
#[derive(Debug, Clone, PartialEq)]
pub struct Context {
    /// The day in Addis Ababa.
    pub today: NaiveDate,
    /// What the export's terms call for, by the rules in force today, each kind of document once.
    pub required: Vec<Requirement>,
    /// Document types that the current stage asks for and that are not there.
    pub missing_documents: Vec<String>,
    /// Approvals in force.
    pub prior: Vec<PriorDecision>,
    /// The first of two approvals of the current step.
    pub first_approval: Option<FirstApproval>,
    /// On the National Bank's list of delinquent exporters.
    pub delinquent: bool,
    /// Whether the exporter passes all its gates today.
    pub qualified: bool,
    /// APPROVED, EXPIRED, ...
    pub contract_status: String,
    /// Whether the contract says something else now than the export was requested with: it has been amended.
    pub contract_terms_differ: bool,
    /// One for each lot.
    pub inspections: Vec<InspectionFacts>,
    /// Lots of the export with its share of each, by id.
    pub lots: Vec<LotShare>,
    /// The newest permit.
    pub permit: Option<PermitFacts>,
    /// What the permit would rest on; read where it is to be issued.
    pub ground: Option<Ground>,
    /// Whether an ICO certificate of origin of the export is in force.
    pub has_certificate: bool,
    /// The letter of credit that it draws on, as far as the viewer may see it.
    pub letter: Option<Letter>,
    /// Numbers of the booked containers.
    pub containers: Vec<String>,
    /// Who has claimed it, by name.
    pub claimed_by_name: Option<String>,
    /// Who changed it last, by name.
    pub changed_by_name: String,
    /// Values above this need a second officer, in the export's currency.
    pub second_officer_above: Decimal,
    /// What the exporter asks of the National Bank, where it waits for an answer.
    pub asked_extension: Option<AskedExtension>,
    /// What has come of the proceeds, in the export's currency; nothing for who may not see it.
    pub proceeds_received: Decimal,
    /// What a bank records and closes by; read where the proceeds are to be settled.
    pub ledger: Option<Ledger>,
    /// So little more or less of the proceeds is rounding, in the export's currency.
    pub proceeds_tolerance: Decimal,
    /// A short payment of more percent needs a second officer.
    pub shortfall_second_officer_above: Decimal,
    /// Days until the proceeds have to be in.
    pub settlement_days: i64,
    /// The day to which the National Bank has put the due date off, if it has.
    pub extended_to: Option<NaiveDate>,
    /// Days that a permit may be valid.
    pub permit_validity_days: i64,
    /// Minutes after which a colleague may take a claimed case over.
    pub claim_takeover_minutes: i64,
    /// Days for which a quality certificate is taken as fresh.
    pub certificate_warning_days: i64,
    /// The two digits of box 4b for the port of loading.
    pub ico_port_code: Option<String>,
    /// Retention rules by first day, newest first: percent that the exporter keeps.
    pub retention: Vec<(NaiveDate, Decimal)>,
}

impl Context {
    /// The rule by which the export needs a document of this kind, if it does.
    #[must_use]
    pub fn rule_for(&self, document_type: &str) -> Option<&Requirement> {
        self.required.iter().find(|rule| rule.document_type == document_type)
    }

    /// Percent of proceeds received on `day` that the exporter keeps.
    #[must_use]
    pub fn retain_pct_on(&self, day: NaiveDate) -> Decimal {
        self.retention.iter().find(|(from, _)| *from <= day).map_or(Decimal::ZERO, |(_, percent)| *percent)
    }
}
