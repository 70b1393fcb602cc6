//! What kinds of certificates there are, and what each may do.

use chrono::Duration;
use der::asn1::ObjectIdentifier;
use der::flagset::FlagSet;
use serde::{Deserialize, Serialize};
use x509_cert::ext::pkix::KeyUsages;

use crate::keypair::Curve;

/// id-kp-documentSigning (RFC 9336).
pub const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");
/// ETSI TS 119 612: signing lists of who is trusted.
const LIST_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.2231.3.0");
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");

/// A kind of certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Profile {
    /// The consortium's root.
    RootCa,
    /// Issues all certificates of those who sign.
    IssuingCa,
    /// An organisation seals its papers.
    OrganizationSeal,
    /// A person signs for an organisation.
    Officer,
    /// Answers whether a certificate is revoked.
    OcspResponder,
    /// States when something was there.
    TimeStamping,
    /// Signs the list of who is trusted.
    TrustList,
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::RootCa,
        Self::IssuingCa,
        Self::OrganizationSeal,
        Self::Officer,
        Self::OcspResponder,
        Self::TimeStamping,
        Self::TrustList,
    ];

    /// Its name in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RootCa => "ROOT_CA",
            Self::IssuingCa => "ISSUING_CA",
            Self::OrganizationSeal => "ORGANIZATION_SEAL",
            Self::Officer => "OFFICER",
            Self::OcspResponder => "OCSP_RESPONDER",
            Self::TimeStamping => "TIME_STAMPING",
            Self::TrustList => "TRUST_LIST",
        }
    }

    /// The profile of a name in the database.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.code() == code)
    }

    /// The seed's type of certificate.
    #[must_use]
    pub const fn certificate_type(self) -> &'static str {
        match self {
            Self::RootCa => "root",
            Self::IssuingCa => "intermediate",
            _ => "leaf",
        }
    }

    /// Whether it issues certificates.
    #[must_use]
    pub const fn is_authority(self) -> bool {
        matches!(self, Self::RootCa | Self::IssuingCa)
    }

    /// Who issues it; none issues itself.
    #[must_use]
    pub const fn issuer(self) -> Option<Self> {
        match self {
            Self::RootCa => None,
            Self::IssuingCa => Some(Self::RootCa),
            _ => Some(Self::IssuingCa),
        }
    }

    /// On which curve its key lies.
    #[must_use]
    pub const fn curve(self) -> Curve {
        match self {
            Self::RootCa => Curve::P384,
            _ => Curve::P256,
        }
    }

    /// How long it is valid if nothing shorter is asked for, which is also the longest.
    #[must_use]
    pub const fn longest(self) -> Duration {
        match self {
            Self::RootCa => Duration::days(20 * 365 + 5),
            Self::IssuingCa => Duration::days(10 * 365 + 2),
            Self::OrganizationSeal | Self::TimeStamping | Self::TrustList => Duration::days(3 * 365),
            Self::Officer => Duration::days(2 * 365),
            // It cannot be revoked (noCheck), so it does not live long.
            Self::OcspResponder => Duration::days(90),
        }
    }

    /// What its key may be used for.
    pub(crate) fn key_usage(self) -> FlagSet<KeyUsages> {
        match self {
            Self::RootCa | Self::IssuingCa => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            // Signatures that bind, and nothing else: no connection is ever made with such a key.
            Self::OrganizationSeal | Self::Officer => KeyUsages::NonRepudiation.into(),
            Self::OcspResponder | Self::TimeStamping | Self::TrustList => KeyUsages::DigitalSignature.into(),
        }
    }

    /// The extended purposes, and whether a reader must know them.
    pub(crate) const fn extended_key_usage(self) -> Option<(ObjectIdentifier, bool)> {
        match self {
            Self::RootCa | Self::IssuingCa => None,
            Self::OrganizationSeal | Self::Officer => Some((DOCUMENT_SIGNING, false)),
            Self::TrustList => Some((LIST_SIGNING, false)),
            Self::OcspResponder => Some((OCSP_SIGNING, false)),
            // RFC 3161, section 2.3: critical, and alone.
            Self::TimeStamping => Some((TIME_STAMPING, true)),
        }
    }

    /// How many authorities may stand below it.
    pub(crate) const fn path_length(self) -> Option<u8> {
        match self {
            Self::IssuingCa => Some(0),
            _ => None,
        }
    }
}
