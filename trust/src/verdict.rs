//! The one vocabulary of every check: the public page, its JSON, the command line, the page without a network, and the
//! checks of signed files.
//!
//! A [`Verdict`] says what a paper is worth in a word with a code for machines. A [`Reason`] says why, with the facts.
//! The words that people read are each surface's own; the codes are for ever.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::moment::Moment;

macro_rules! verdicts {
    ($($(#[$doc:meta])* $verdict:ident = $code:literal;)+) => {
        /// What a paper, or its proof, is worth.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Verdict { $($(#[$doc])* $verdict,)+ }

        impl Verdict {
            /// Every verdict.
            pub const ALL: &'static [Self] = &[$(Self::$verdict),+];

            /// Its code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$verdict => $code,)+ }
            }
        }
    };
}

verdicts! {
    /// Issued by who is entitled to, unchanged, and in force as far as this check can know.
    Valid = "VALID";
    /// A permit that has served its one export. It was good when the coffee left.
    Used = "USED";
    /// Its time has not come.
    NotYetValid = "NOT_YET_VALID";
    /// Its time is over.
    Expired = "EXPIRED";
    /// Out of force for a time.
    Suspended = "SUSPENDED";
    /// Another paper stands in its place.
    Replaced = "REPLACED";
    /// This sheet was declared lost; a marked duplicate stands in its place.
    Lost = "LOST";
    /// Taken back by who issued it.
    Revoked = "REVOKED";
    /// Nothing was issued under this code.
    NotIssuedHere = "NOT_ISSUED_HERE";
    /// It does not say what was signed: changed, or its proof belongs to another paper.
    Altered = "ALTERED";
    /// Signed by somebody whom the list of trust does not name, or not for this.
    SignerNotTrusted = "SIGNER_NOT_TRUSTED";
    /// Signed with a certificate that is out of force for a time.
    SignerSuspended = "SIGNER_SUSPENDED";
    /// Signed with a certificate after it was revoked.
    SignerRevoked = "SIGNER_REVOKED";
    /// What was given is no proof of ours at all, or is damaged.
    NotAProof = "NOT_A_PROOF";
    /// This check cannot say; the reason says what would.
    CannotTell = "CANNOT_TELL";
}

impl Verdict {
    /// The verdict with this code, which a paper's state in the record is as well: a state that the record may name is
    /// never read as something else here.
    #[must_use]
    pub fn coded(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|verdict| verdict.code() == code)
    }

    /// Whether somebody may rely on the paper.
    #[must_use]
    pub const fn is_good(self) -> bool {
        matches!(self, Self::Valid | Self::Used)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// Why a verdict is what it is, with what belongs to it. In JSON `code` names it; moments are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// Signed by who may, and in force by its own dates. Whether it was taken back since, only the site knows.
    SealHolds,
    /// The record of who issued it says so.
    OnRecord {
        /// Since which day, where that is on record.
        since: Option<String>,
        /// The number of the paper in its place.
        replaced_by: Option<String>,
    },
    /// No paper has this code.
    UnknownCode,
    /// It is in force from a later moment.
    NotBefore {
        /// From when.
        from: Moment,
    },
    /// It was in force until then.
    Over {
        /// The first moment at which it was over.
        since: Moment,
    },
    /// It cannot be read as a seal.
    NotASeal {
        /// What is wrong, for whoever looks into it.
        what: String,
    },
    /// The signature is not over what it says.
    Signature,
    /// The address, or what stands beside the seal, is of another paper.
    OtherPaper,
    /// The content of the paper is not what the seal was made for.
    OtherContent,
    /// Its signatures hold, and it is not what was given out under its code.
    OtherFile,
    /// The list names no signer with this certificate.
    UnknownSigner {
        /// The first bytes of the certificate's SHA-256.
        key_id: String,
    },
    /// The signer's certificate is not made for this.
    OtherPurpose,
    /// It says that one organisation issued it, and another one's certificate has signed it.
    OtherOrganization {
        /// Whose certificate it is.
        signer: String,
    },
    /// It says that it was issued when the signer's certificate was not valid.
    OutsideCertificate {
        /// The first second of its validity.
        from: Moment,
        /// The last.
        until: Moment,
    },
    /// The certificate is out of force for a time.
    CertificateSuspended {
        /// Since when.
        since: Moment,
    },
    /// The certificate was revoked, and the seal is from no earlier moment.
    CertificateRevoked {
        /// From when its seals do not count.
        since: Moment,
        /// Why it was revoked (RFC 5280), such as `SUPERSEDED`.
        why: String,
    },
    /// Somebody else had the key, from when on is not certain enough: who has a key can write any date into a seal. The
    /// site knows what it has issued.
    KeyCompromised {
        /// From when on it is held to have been in other hands.
        since: Moment,
    },
    /// It says that it was issued later than now: the clock of this device is wrong, or the seal is.
    IssuedLater {
        /// When it says that it was issued.
        issued_at: Moment,
    },
    /// The signatures of the file do not hold, or it is no file of ours.
    FileSignature {
        /// What is wrong, for whoever looks into it.
        what: String,
    },
    /// There is no list of who may seal.
    NoTrustList,
    /// The list of who may seal does not hold.
    TrustList {
        /// What is wrong with it.
        what: String,
    },
}

impl Reason {
    /// Its code.
    #[must_use]
    pub fn code(&self) -> String {
        // The one place that names them is the attribute above.
        let said = serde_json::to_value(self).unwrap_or_default();
        said.get("code").and_then(|code| code.as_str()).unwrap_or_default().to_owned()
    }
}

/// In plain English, for the command line and for logs.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SealHolds => f.write_str("its seal is of who may issue it, and it is in force by its dates"),
            Self::OnRecord { since, replaced_by } => {
                f.write_str("the record of who issued it says so")?;
                if let Some(since) = since {
                    write!(f, ", since {since}")?;
                }
                replaced_by.iter().try_for_each(|number| write!(f, ", replaced by {number}"))
            }
            Self::UnknownCode => f.write_str("no paper has this code"),
            Self::NotBefore { from } => write!(f, "it is in force from {from}"),
            Self::Over { since } => write!(f, "it is over since {since}"),
            Self::NotASeal { what } => write!(f, "it cannot be read as a seal: {what}"),
            Self::Signature => f.write_str("its signature is not over what it says"),
            Self::OtherPaper => f.write_str("the seal is of another paper than the one beside it"),
            Self::OtherContent => f.write_str("the content of the paper is not what was sealed"),
            Self::OtherFile => f.write_str("it is signed, and is not what was given out under its code"),
            Self::UnknownSigner { key_id } => write!(f, "no trusted signer has the certificate {key_id}"),
            Self::OtherPurpose => f.write_str("the signer's certificate is not made for sealing papers"),
            Self::OtherOrganization { signer } => write!(f, "the certificate that signed it is {signer}'s"),
            Self::OutsideCertificate { from, until } => {
                write!(
                    f,
                    "the signer's certificate is valid from {from} to {until}, and the paper is from another time"
                )
            }
            Self::CertificateSuspended { since } => {
                write!(f, "the signer's certificate is out of force since {since}")
            }
            Self::CertificateRevoked { since, why } => {
                write!(f, "the signer's certificate does not count from {since} ({why}), and the paper is not older")
            }
            Self::KeyCompromised { since } => write!(
                f,
                "the signer's key was in other hands from {since}: whether the seal is older than that, \
                 only the public page of the paper can say"
            ),
            Self::IssuedLater { issued_at } => {
                write!(f, "it says that it was issued at {issued_at}, which is later than the time of this check")
            }
            Self::FileSignature { what } => write!(f, "the signatures of the file do not hold: {what}"),
            Self::NoTrustList => f.write_str("there is no list of who may seal"),
            Self::TrustList { what } => write!(f, "the list of who may seal does not hold: {what}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_are_each_used_once_and_read_as_they_are_written() {
        assert_eq!(
            Verdict::ALL.iter().map(|verdict| verdict.code()).collect::<BTreeSet<_>>().len(),
            Verdict::ALL.len()
        );
        for verdict in Verdict::ALL {
            assert_eq!(Verdict::coded(verdict.code()), Some(*verdict));
        }
        assert_eq!(Verdict::ALL.iter().filter(|verdict| verdict.is_good()).count(), 2);
        assert_eq!(Verdict::coded("UNKNOWN"), None);
    }

    #[test]
    fn a_reason_has_its_code_and_facts_in_json() {
        let reason = Reason::CertificateRevoked { since: Moment::EPOCH, why: "SUPERSEDED".to_owned() };
        assert_eq!(reason.code(), "CERTIFICATE_REVOKED");
        assert_eq!(
            serde_json::to_value(&reason).unwrap(),
            serde_json::json!({ "code": "CERTIFICATE_REVOKED", "since": 0, "why": "SUPERSEDED" })
        );
        assert_eq!(Reason::SealHolds.code(), "SEAL_HOLDS");
    }
}
