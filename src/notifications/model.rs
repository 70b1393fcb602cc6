//! What people are told of, and how they want to hear of it.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::rules::Quiet;
use crate::codes::coded_enum;
use crate::ids::NotificationId;
use crate::mail::MailStatus;

coded_enum! {
    /// What somebody hears of.
    NewsEvent {
        /// A case waits in the desk's queue.
        CaseWaiting = "CASE_WAITING",
        /// A step has agreed.
        CaseApproved = "CASE_APPROVED",
        /// A step asks the exporter something.
        CaseReturned = "CASE_RETURNED",
        /// A step has refused.
        CaseRejected = "CASE_REJECTED",
        /// The coffee is on board.
        CaseShipped = "CASE_SHIPPED",
        /// The proceeds are settled.
        CaseCompleted = "CASE_COMPLETED",
        /// The export was given up.
        CaseCancelled = "CASE_CANCELLED",
        /// Somebody has written on a case.
        CaseMessage = "CASE_MESSAGE",
        /// A desk has decided about what the firm has handed in.
        ApplicationDecided = "APPLICATION_DECIDED",
        /// The record shows what somebody should look at.
        SecurityAlert = "SECURITY_ALERT",
        /// An organisation asks for a certificate.
        CertificateAsked = "CERTIFICATE_ASKED",
        /// What one's own organisation asked for is approved or rejected.
        CertificateDecided = "CERTIFICATE_DECIDED",
        /// One's own organisation's certificate ends soon, or has ended.
        CertificateEnds = "CERTIFICATE_ENDS",
        /// Some organisation's certificate ends within days, and the next one will have to be approved.
        CertificateEndsElsewhere = "CERTIFICATE_ENDS_ELSEWHERE",
        /// A file that one has brought is infected, as a scanner has found later.
        DocumentInfected = "DOCUMENT_INFECTED",
        /// A role was given to oneself, or has ended.
        RoleChanged = "ROLE_CHANGED",
    }
}

coded_enum! {
    /// How a mail tells of an event.
    MailChoice {
        /// By itself.
        Immediate = "IMMEDIATE",
        /// In the mail of the day.
        Digest = "DIGEST",
        /// Not at all.
        Off = "OFF",
    }
}

/// How somebody wants to hear of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// Whether it stands in their list.
    pub in_app: bool,
    /// How a mail tells of it.
    pub mail: MailChoice,
}

/// When somebody is left alone, and when their mail of the day comes: hours of Addis Ababa.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// No mail comes within.
    pub quiet: Option<Quiet>,
    /// From 0 to 23.
    pub digest_hour: u8,
}

/// For who has chosen nothing.
impl Default for Times {
    fn default() -> Self {
        Self { quiet: None, digest_hour: 8 }
    }
}

/// Something that was told, as its person's list has it.
#[derive(Debug, Clone)]
pub(super) struct News {
    pub id: NotificationId,
    pub event: NewsEvent,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub facts: Value,
    pub is_critical: bool,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
    /// What became of the mail that tells of it, where there is one.
    pub mail: Option<MailStatus>,
}

/// To whom a mail goes.
pub(super) struct Receiver {
    pub full_name: String,
    pub email: String,
}
