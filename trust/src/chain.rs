//! From a signer up to the root that the reader has pinned (RFC 5280, section 6, as far as ours need it).
//!
//! Names, keys, signatures, validity at one moment, what each certificate may be used for, and how long the path may be.
//! Whether something was revoked is not asked here: the trust list says so of signers, and lists of revoked certificates
//! of the rest.

use spki::ObjectIdentifier;
use thiserror::Error;

use crate::{
    certificate::{Certificate, CertificateError},
    key::PublicKey,
    moment::Moment,
};

/// RFC 9336: signing documents.
pub const DOCUMENT_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36");
/// RFC 3161: stating when something was there.
pub const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");
/// ETSI TS 119 612: signing lists of who is trusted.
pub const LIST_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.2231.3.0");

/// The most certificates between signer and root, both counted.
const LONGEST: usize = 5;

/// What the signer's certificate has to be made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Sealing papers.
    Seal,
    /// Signing the trust list.
    TrustList,
    /// Stating when a signature was there.
    TimeStamp,
}

impl Purpose {
    /// The extended key usage that says so.
    #[must_use]
    pub const fn oid(self) -> ObjectIdentifier {
        match self {
            Self::Seal => DOCUMENT_SIGNING,
            Self::TrustList => LIST_SIGNING,
            Self::TimeStamp => TIME_STAMPING,
        }
    }
}

/// Why a chain does not hold. `at` counts from the signer, which is 0.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ChainError {
    /// There is no certificate, or there are too many.
    #[error("a chain has two to {LONGEST} certificates")]
    Length,
    /// One of them cannot be read.
    #[error("certificate {at}: {why}")]
    Certificate {
        /// Which.
        at: usize,
        /// Why.
        why: CertificateError,
    },
    /// The last is not the root that is pinned.
    #[error("the chain does not end at the pinned root")]
    OtherRoot,
    /// The next certificate is not its issuer, by name or by key.
    #[error("certificate {at} was not issued by the next one")]
    OtherIssuer {
        /// Which.
        at: usize,
    },
    /// Its signature is not its issuer's.
    #[error("the signature of certificate {at} is not its issuer's")]
    Signature {
        /// Which.
        at: usize,
    },
    /// The moment is before or after its validity.
    #[error("certificate {at} is not valid at that moment")]
    Validity {
        /// Which.
        at: usize,
    },
    /// It issues and may not.
    #[error("certificate {at} may not issue certificates")]
    NotAnIssuer {
        /// Which.
        at: usize,
    },
    /// More issuers stand below it than it allows.
    #[error("certificate {at} does not allow so long a chain")]
    PathLength {
        /// Which.
        at: usize,
    },
    /// The signer's certificate is one that issues.
    #[error("the signer's certificate is an issuer's")]
    SignerIssues,
    /// The signer's certificate is not made for signing, or not for this.
    #[error("the signer's certificate is not made for this")]
    OtherPurpose,
    /// The signer's certificate does not state the policy that is asked for.
    #[error("the signer's certificate does not state the policy")]
    OtherPolicy,
    /// Seals are signed on P-256.
    #[error("a seal's key is on P-256")]
    OtherCurve,
}

/// What is asked of a chain.
#[derive(Debug, Clone, Copy)]
pub struct Demands<'a> {
    /// SHA-256 of the root's certificate.
    pub root: &'a [u8; 32],
    /// The moment at which all certificates have to be valid.
    pub at: Moment,
    /// What the signer signs.
    pub purpose: Purpose,
    /// A policy that the signer's certificate has to state, where one is asked for.
    pub policy: Option<ObjectIdentifier>,
}

/// Checks a chain, the signer's certificate first and the root last, and gives the signer's back.
///
/// # Errors
/// [`ChainError`]: the first thing that does not hold.
pub fn verify(chain: &[impl AsRef<[u8]>], demands: &Demands<'_>) -> Result<Certificate, ChainError> {
    if chain.len() < 2 || chain.len() > LONGEST {
        return Err(ChainError::Length);
    }
    let read = |(at, der): (usize, &_)| {
        Certificate::from_der(AsRef::as_ref(der)).map_err(|why| ChainError::Certificate { at, why })
    };
    let chain = chain.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    verify_read(&chain, demands)?;
    chain.into_iter().next().ok_or(ChainError::Length)
}

/// As [`verify`], of certificates that were read before.
///
/// # Errors
/// [`ChainError`].
pub fn verify_read(chain: &[Certificate], demands: &Demands<'_>) -> Result<(), ChainError> {
    let (Some(signer), Some(root)) = (chain.first(), chain.last()) else { return Err(ChainError::Length) };
    if chain.len() < 2 || chain.len() > LONGEST {
        return Err(ChainError::Length);
    }
    if root.fingerprint() != demands.root {
        return Err(ChainError::OtherRoot);
    }
    for (at, certificate) in chain.iter().enumerate() {
        // The root has issued itself.
        let issuer = chain.get(at + 1).unwrap_or(root);
        if !certificate.names(issuer) {
            return Err(ChainError::OtherIssuer { at });
        }
        issuer
            .key()
            .verify_der(certificate.signature_hash, &certificate.signed, &certificate.signature)
            .map_err(|_| ChainError::Signature { at })?;
        let (from, until) = certificate.validity();
        if demands.at < from || demands.at > until {
            return Err(ChainError::Validity { at });
        }
        if at > 0 {
            may_issue(chain, at)?;
        }
    }
    may_sign(signer, demands)
}

fn may_issue(chain: &[Certificate], at: usize) -> Result<(), ChainError> {
    let Some(certificate) = chain.get(at) else { return Err(ChainError::Length) };
    let is_issuer = certificate.basic.as_ref().is_some_and(|basic| basic.ca)
        && certificate.usage.is_some_and(|usage| usage.key_cert_sign());
    if !is_issuer {
        return Err(ChainError::NotAnIssuer { at });
    }
    let issuers_below = chain.iter().take(at).skip(1).filter(|below| !below.is_self_issued()).count();
    match certificate.basic.as_ref().and_then(|basic| basic.path_len_constraint) {
        Some(most) if issuers_below > usize::from(most) => Err(ChainError::PathLength { at }),
        _ => Ok(()),
    }
}

fn may_sign(signer: &Certificate, demands: &Demands<'_>) -> Result<(), ChainError> {
    let Some(usage) = signer.usage else { return Err(ChainError::OtherPurpose) };
    if signer.basic.as_ref().is_some_and(|basic| basic.ca) || usage.key_cert_sign() {
        return Err(ChainError::SignerIssues);
    }
    let is_made_for_it = signer.extended.as_ref().is_some_and(|made_for| made_for.0.contains(&demands.purpose.oid()));
    if !is_made_for_it || !(usage.digital_signature() || usage.non_repudiation()) {
        return Err(ChainError::OtherPurpose);
    }
    if let Some(policy) = demands.policy {
        let stated =
            signer.policies.as_ref().is_some_and(|stated| stated.0.iter().any(|p| p.policy_identifier == policy));
        if !stated {
            return Err(ChainError::OtherPolicy);
        }
    }
    match (demands.purpose, signer.key()) {
        (Purpose::Seal, PublicKey::P384(_)) => Err(ChainError::OtherCurve),
        (Purpose::Seal, PublicKey::P256(_)) | (Purpose::TrustList | Purpose::TimeStamp, _) => Ok(()),
    }
}
