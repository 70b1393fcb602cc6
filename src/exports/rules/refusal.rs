//! The refusals of exports: each with its sentence, its values, and the kind of answer that it is.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::{LetterFault, Revision};
use crate::exports::model::{ApprovalKind, Stage};
use crate::quantities::grouped_fixed;
use crate::workflow::FieldProblems;

/// Why something is refused. Each has its sentence in both languages (`refusal-*`).
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// It is not there, or not for this viewer.
    NotFound,
    /// Somebody changed it since the form was shown.
    Stale {
        /// Who.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// It does not wait for this step (any more).
    WrongStage {
        /// What it waits for.
        stage: Stage,
        /// Who moved it last.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// Another organisation's step, or a step that one's role does not include.
    NotYourStep,
    /// Four eyes: one's own request.
    OwnSubmission,
    /// Four eyes: one has decided another step of this export.
    DecidedAnotherStep {
        /// Which.
        kind: ApprovalKind,
    },
    /// The second officer has to be another than the first.
    SameOfficer,
    /// A colleague has it.
    Claimed {
        /// Who.
        by: String,
        /// Since when.
        at: DateTime<Utc>,
    },
    /// Documents that this step needs are missing.
    MissingDocuments {
        /// Their types.
        types: Vec<String>,
    },
    /// The exporter is on the National Bank's list.
    Delinquent,
    /// The exporter does not pass its gates today.
    NotQualified,
    /// The contract is not approved.
    ContractNotApproved,
    /// A lot has no inspection that passed.
    NotInspected,
    /// The coffee is below the contract's grade.
    GradeBelowContract {
        /// Found.
        found: String,
        /// Asked.
        asked: String,
    },
    /// There is no permit in force.
    NoPermit,
    /// The permit's time is over.
    PermitExpired {
        /// Since this day.
        on: NaiveDate,
    },
    /// The permit has served its export.
    PermitUsed {
        /// Which one.
        number: String,
    },
    /// The export has a permit already, and one serves one export once.
    PermitInForce {
        /// Which one.
        number: String,
    },
    /// There is no ICO certificate of origin in force.
    NoCertificate,
    /// The exporter has asked for an extension already.
    ExtensionAsked {
        /// When.
        at: DateTime<Utc>,
    },
    /// The proceeds have not come in full.
    ProceedsOutstanding {
        /// ISO 4217.
        currency: String,
        /// What is still to come.
        amount: Decimal,
    },
    /// The proceeds have come in full.
    NothingOutstanding,
    /// The contract names another destination.
    DestinationDiffers {
        /// ISO 3166 code of the contract's.
        asked: String,
    },
    /// The inspections in force say another grade than the one that was certified.
    GradeDiffers {
        /// Certified.
        certified: String,
        /// Found since.
        found: String,
    },
    /// The letter of credit does not cover the export.
    Letter(LetterFault),
    /// Too late to cancel.
    TooLateToCancel,
    /// The lot has not that much left.
    LotBalance,
    /// The contract has not that much left.
    ContractBalance,
    /// The licence's quota has not that much left.
    QuotaBalance,
    /// The licence does not cover this coffee or origin.
    NotLicensed,
    /// The lot does not match the contract.
    LotDoesNotMatch,
    /// The ICO mark or another number is in use.
    NumberInUse,
    /// The authority has given the exporter no ICO code yet, and box 1 needs it.
    NoExporterCode,
    /// The form of a change says what stands there already.
    NothingToChange,
    /// The coffee is on board, or the export is closed.
    TooLateToChange,
    /// Others have agreed to what would be changed: who changes it has to know.
    AgreeAgain(Box<Revision>),
    /// Something about the form.
    Invalid(FieldProblems),
}

/// What the answer to the browser is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// 404.
    NotFound,
    /// 403.
    Forbidden,
    /// 409.
    Conflict,
    /// 422.
    Invalid,
}

impl Refusal {
    /// What the answer to the browser is.
    #[must_use]
    pub const fn kind(&self) -> RefusalKind {
        match self {
            Self::NotFound => RefusalKind::NotFound,
            Self::NotYourStep | Self::OwnSubmission | Self::DecidedAnotherStep { .. } | Self::SameOfficer => {
                RefusalKind::Forbidden
            }
            Self::Stale { .. }
            | Self::WrongStage { .. }
            | Self::Claimed { .. }
            | Self::TooLateToCancel
            | Self::TooLateToChange
            | Self::LotBalance
            | Self::ContractBalance
            | Self::QuotaBalance
            | Self::PermitUsed { .. }
            | Self::PermitInForce { .. }
            | Self::NothingOutstanding
            | Self::ExtensionAsked { .. }
            | Self::NumberInUse => RefusalKind::Conflict,
            Self::MissingDocuments { .. }
            | Self::Delinquent
            | Self::NotQualified
            | Self::ContractNotApproved
            | Self::NotInspected
            | Self::GradeBelowContract { .. }
            | Self::NoPermit
            | Self::PermitExpired { .. }
            | Self::NoCertificate
            | Self::ProceedsOutstanding { .. }
            | Self::DestinationDiffers { .. }
            | Self::GradeDiffers { .. }
            | Self::Letter(_)
            | Self::NotLicensed
            | Self::LotDoesNotMatch
            | Self::NoExporterCode
            | Self::NothingToChange
            | Self::AgreeAgain(_)
            | Self::Invalid(_) => RefusalKind::Invalid,
        }
    }

    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::NotFound => "refusal-not-found",
            Self::Stale { .. } => "refusal-stale",
            Self::WrongStage { .. } => "refusal-wrong-stage",
            Self::NotYourStep => "refusal-not-your-step",
            Self::OwnSubmission => "refusal-own-submission",
            Self::DecidedAnotherStep { .. } => "refusal-decided-another-step",
            Self::SameOfficer => "refusal-same-officer",
            Self::Claimed { .. } => "refusal-claimed",
            Self::MissingDocuments { .. } => "refusal-missing-documents",
            Self::Delinquent => "refusal-delinquent",
            Self::NotQualified => "refusal-not-qualified",
            Self::ContractNotApproved => "refusal-contract-not-approved",
            Self::NotInspected => "refusal-not-inspected",
            Self::GradeBelowContract { .. } => "refusal-grade-below-contract",
            Self::NoPermit => "refusal-no-permit",
            Self::PermitExpired { .. } => "refusal-permit-expired",
            Self::PermitUsed { .. } => "refusal-permit-used",
            Self::PermitInForce { .. } => "refusal-permit-in-force",
            Self::NoCertificate => "refusal-no-certificate",
            Self::ExtensionAsked { .. } => "refusal-extension-asked",
            Self::ProceedsOutstanding { .. } => "refusal-proceeds-outstanding",
            Self::NothingOutstanding => "refusal-nothing-outstanding",
            Self::DestinationDiffers { .. } => "refusal-destination-differs",
            Self::GradeDiffers { .. } => "refusal-grade-differs",
            Self::Letter(LetterFault::NoLetter) => "refusal-letter-none",
            Self::Letter(LetterFault::Expired { .. }) => "refusal-letter-expired",
            Self::Letter(LetterFault::ShipsTooLate { .. }) => "refusal-letter-ships-late",
            Self::Letter(LetterFault::ShippedTooLate { .. }) => "refusal-letter-shipped-late",
            Self::Letter(LetterFault::OtherCurrency { .. }) => "refusal-letter-currency",
            Self::Letter(LetterFault::AmountShort { .. }) => "refusal-letter-amount",
            Self::Letter(LetterFault::QuantityShort { .. }) => "refusal-letter-quantity",
            Self::Letter(LetterFault::NoPartialShipments { .. }) => "refusal-letter-partial",
            Self::TooLateToCancel => "refusal-too-late-to-cancel",
            Self::LotBalance => "refusal-lot-balance",
            Self::ContractBalance => "refusal-contract-balance",
            Self::QuotaBalance => "refusal-quota-balance",
            Self::NotLicensed => "refusal-not-licensed",
            Self::LotDoesNotMatch => "refusal-lot-does-not-match",
            Self::NumberInUse => "refusal-number-in-use",
            Self::NoExporterCode => "refusal-no-exporter-code",
            Self::NothingToChange => "refusal-nothing-to-change",
            Self::TooLateToChange => "refusal-too-late-to-change",
            Self::AgreeAgain(_) => "refusal-agree-again",
            Self::Invalid(_) => "refusal-invalid",
        }
    }

    /// The values in its sentence, by name. Codes of documents, stages and steps, moments (RFC 3339)
    /// and days (`2026-11-20`) are put into words by the page.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Stale { by, at } | Self::Claimed { by, at } => {
                vec![("by", by.clone()), ("at", at.to_rfc3339())]
            }
            Self::WrongStage { stage, by, at } => {
                vec![("stage", stage.code().to_owned()), ("by", by.clone()), ("at", at.to_rfc3339())]
            }
            Self::DecidedAnotherStep { kind } => vec![("step", kind.code().to_owned())],
            Self::MissingDocuments { types } => vec![("documents", types.join(","))],
            Self::GradeBelowContract { found, asked } => vec![("found", found.clone()), ("asked", asked.clone())],
            Self::PermitExpired { on } => vec![("date", on.to_string())],
            Self::PermitUsed { number } | Self::PermitInForce { number } => vec![("number", number.clone())],
            Self::ExtensionAsked { at } => vec![("at", at.to_rfc3339())],
            Self::ProceedsOutstanding { currency, amount } => {
                vec![("amount", format!("{currency} {}", grouped_fixed(*amount, 2)))]
            }
            Self::DestinationDiffers { asked } => vec![("country", asked.clone())],
            Self::GradeDiffers { certified, found } => {
                vec![("certified", certified.clone()), ("found", found.clone())]
            }
            Self::Letter(fault) => fault.arguments(),
            Self::AgreeAgain(revision) => {
                let steps: Vec<&str> = revision.undone.iter().map(|kind| kind.code()).collect();
                let stage = revision.resume.unwrap_or(revision.to.stage);
                vec![("steps", steps.join(",")), ("stage", stage.code().to_owned())]
            }
            Self::NotFound
            | Self::NotYourStep
            | Self::OwnSubmission
            | Self::SameOfficer
            | Self::Delinquent
            | Self::NotQualified
            | Self::ContractNotApproved
            | Self::NotInspected
            | Self::NoPermit
            | Self::NoCertificate
            | Self::NothingOutstanding
            | Self::TooLateToCancel
            | Self::TooLateToChange
            | Self::LotBalance
            | Self::ContractBalance
            | Self::QuotaBalance
            | Self::NotLicensed
            | Self::LotDoesNotMatch
            | Self::NumberInUse
            | Self::NoExporterCode
            | Self::NothingToChange
            | Self::Invalid(_) => Vec::new(),
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text_id())
    }
}
