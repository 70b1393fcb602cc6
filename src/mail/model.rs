//! Mails and letters.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::codes::coded_enum;
use crate::i18n::Lang;
use crate::ids::{MailId, OrganizationId};

coded_enum! {
    /// What a mail is for.
    MailKind {
        /// Somebody is invited into an organisation.
        Invitation = "INVITATION",
        /// Who has forgotten the password may choose another.
        PasswordReset = "PASSWORD_RESET",
        /// The password was changed: who did not do that learns of it.
        PasswordChanged = "PASSWORD_CHANGED",
        /// The copy of their data that somebody has asked for is ready.
        DataCopy = "DATA_COPY",
        /// Who has asked to be erased confirms it.
        ErasureAsked = "ERASURE_ASKED",
        /// It is confirmed, and can be withdrawn for a while.
        ErasureConfirmed = "ERASURE_CONFIRMED",
        /// It could not be done.
        ErasureRefused = "ERASURE_REFUSED",
        /// It is done; where the certificate is.
        ErasureDone = "ERASURE_DONE",
        /// Something that somebody wants to hear of at once has happened.
        Notification = "NOTIFICATION",
        /// The mail of the day: what somebody has not read.
        NotificationDigest = "NOTIFICATION_DIGEST",
        /// Somebody is asked whether an address is theirs.
        EmailConfirmation = "EMAIL_CONFIRMATION",
        /// Somebody is written to elsewhere from now on.
        EmailReplaced = "EMAIL_REPLACED",
        /// A second factor was set up, or another in its place.
        SecondFactorSet = "SECOND_FACTOR_SET",
        /// The second factor was taken away, by its person or an administrator.
        SecondFactorRemoved = "SECOND_FACTOR_REMOVED",
        /// There are other recovery codes.
        RecoveryCodesMade = "RECOVERY_CODES_MADE",
        /// A recovery code was used.
        RecoveryCodeUsed = "RECOVERY_CODE_USED",
        /// A passkey was added.
        PasskeyAdded = "PASSKEY_ADDED",
        /// A passkey was taken away.
        PasskeyRemoved = "PASSKEY_REMOVED",
        /// Somebody is to do an absent colleague's work.
        RoleDelegated = "ROLE_DELEGATED",
    }
}

coded_enum! {
    /// How a mail stands.
    MailStatus {
        /// It is on its way to the mail server.
        Waiting = "WAITING",
        /// The mail server has it.
        Sent = "SENT",
        /// There was nobody to write to, or nothing to say any more.
        Needless = "NEEDLESS",
        /// The mail server does not take it.
        Refused = "REFUSED",
    }
}

/// A mail to be sent.
#[derive(Debug, Clone, Copy)]
pub struct NewMail {
    /// What it is for.
    pub kind: MailKind,
    /// What it is about: the invitation, the request, the person.
    pub subject: Uuid,
    /// In which language.
    pub lang: Lang,
    /// Whose administrators may know what came of it.
    pub organization: Option<OrganizationId>,
}

/// A mail that has not left.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Which one.
    pub id: MailId,
    /// What it is for.
    pub kind: MailKind,
    /// What it is about.
    pub subject: Uuid,
    /// In which language.
    pub lang: Lang,
}

/// What is sent to whom.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

/// It holds an address, and often the secret of a link.
impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letter")
    }
}

/// A mail that did not leave the house.
#[derive(Debug, Clone)]
pub(super) struct Caught {
    pub id: MailId,
    pub letter: Letter,
    pub caught_at: DateTime<Utc>,
}
