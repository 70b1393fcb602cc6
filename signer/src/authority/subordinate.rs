//! The consortium's root under a root of somebody else: a request goes out, and the certificate that comes back is held against it.

use chrono::{DateTime, Utc};
use const_oid::AssociatedOid;
use const_oid::db::DB;
use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, SHA_256_WITH_RSA_ENCRYPTION, SHA_384_WITH_RSA_ENCRYPTION,
    SHA_512_WITH_RSA_ENCRYPTION,
};
use der::Decode;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey,
    VerificationAlgorithm,
};
use serde_json::json;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use x509_cert::certificate::Certificate;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier};

use super::requests::assemble;
use super::{Authority, AuthorityError, Issued, Order, moment, of_certificate};
use crate::keypair::{Curve, fingerprint};
use crate::keyring::Holder;
use crate::store::certificates::{self as store, NewCertificate};
use crate::store::{keys, record};
use crate::x509::certificate::{key_identifier, serial_text, signed_part};
use crate::x509::request;

/// Why a certificate is not that of our root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOurs {
    /// It cannot be read, or its issuer's cannot.
    #[error("the certificate or its issuer's cannot be read")]
    Unreadable,
    /// It is of a key that was not made here for it.
    #[error("the certificate is of a key that was not made for it here")]
    OtherKey,
    /// It names somebody else.
    #[error("the certificate does not name the root as the plan does")]
    OtherName,
    /// With it no certificates can be issued.
    #[error("with the certificate no authority can issue below it: CA, keyCertSign, cRLSign, no path length of zero")]
    NoAuthority,
    /// The key is named otherwise than those do who refer to it.
    #[error("the certificate has no identifier of its key")]
    NoIdentifier,
    /// Not yet, or no longer.
    #[error("the certificate is not in force today")]
    NotInForce,
    /// The other certificate is not the one whose key signed it.
    #[error(
        "the issuer's certificate is not that of who signed it, or it was signed with RSA below 2048 bits, SHA-1 or a key of another kind"
    )]
    OtherIssuer,
}

impl Authority {
    /// Makes the key of the root and a request for its certificate, DER, which somebody else issues. Each call makes another key: the
    /// certificate that comes back says which is meant.
    ///
    /// # Errors
    /// When there is a root already, or as [`crate::keyring::Keyring::new_key`].
    pub(crate) async fn request_root(&self, order: &Order, now: DateTime<Utc>) -> Result<Vec<u8>, AuthorityError> {
        if self.signer(order.profile, now).await?.is_some() {
            return Err(AuthorityError::SetUp);
        }
        // Before there is a key for it.
        order.subject.to_name().map_err(crate::x509::certificate::BuildError::from)?;
        let holder = Holder { profile: order.profile, organization: None };
        let message = |public: &_| request::to_be_signed(&order.subject, public).ok();
        let (_, signed) = self.keyring.new_key_that_signs(holder, &order.policy, message, now).await?;
        assemble(order.profile, &signed.message, &signed.signature)
    }

    /// Takes the certificate of the root that somebody else issued, both DER.
    ///
    /// # Errors
    /// What is against it, when there is a root already, or the database is away.
    pub(crate) async fn adopt_root(
        &self,
        order: &Order,
        (der, issuer): (&[u8], &[u8]),
        now: DateTime<Utc>,
    ) -> Result<Issued, AuthorityError> {
        let certificate = Certificate::from_der(der).map_err(|_| NotOurs::Unreadable)?;
        let above = Certificate::from_der(issuer).map_err(|_| NotOurs::Unreadable)?;
        let name = order.subject.to_name().map_err(crate::x509::certificate::BuildError::from)?;
        let inner = &certificate.tbs_certificate;
        if inner.subject != name {
            return Err(NotOurs::OtherName.into());
        }
        let identifier = examine(&certificate, now)?;
        if !is_issued_by(&certificate, der, &above) {
            return Err(NotOurs::OtherIssuer.into());
        }
        let key = fingerprint(&inner.subject_public_key_info).map_err(|_| NotOurs::OtherKey)?;

        let certificate_id = Uuid::now_v7();
        let curve = order.profile.curve();
        // As OpenSSL names it, like those of our own certificates.
        let algorithm = DB.by_oid(&certificate.signature_algorithm.oid).unwrap_or("unknown");
        let above_identifier = extension::<AuthorityKeyIdentifier>(&certificate).and_then(|(_, id)| id.key_identifier);
        let new = NewCertificate {
            certificate_id,
            common_name: &order.subject.common_name,
            certificate_type: order.profile.certificate_type(),
            profile: order.profile.code(),
            organization_id: None,
            owner_user_id: None,
            issuer: None,
            der,
            serial: &serial_text(inner.serial_number.as_bytes()),
            thumbprint_sha256: &Sha256::digest(der),
            thumbprint_sha1: &Sha1::digest(der),
            subject_key_identifier: &identifier,
            authority_key_identifier: above_identifier.as_ref().map(|id| id.as_bytes()),
            issuer_dn: &inner.issuer.to_string(),
            subject_dn: &inner.subject.to_string(),
            key_size: curve.bits(),
            signature_algorithm: algorithm,
            not_before: moment(inner.validity.not_before),
            not_after: moment(inner.validity.not_after),
        };
        let mut tx = self.keyring.pool().begin().await?;
        let private_key = keys::find_key_without_certificate(&mut tx, order.profile.code(), &key).await?;
        let private_key = private_key.ok_or(NotOurs::OtherKey)?;
        store::insert_certificate(&mut tx, &new, now).await?;
        keys::bind_certificate(&mut tx, private_key, certificate_id, now).await?;
        let data = json!({ "profile": order.profile.code(), "serial": new.serial, "issuer": new.issuer_dn,
                           "issuer_sha256": hex::encode(Sha256::digest(issuer)) });
        let event = of_certificate("CERTIFICATE_ADOPTED", "warning", "adopt", certificate_id, None, data);
        record::insert(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(Issued { certificate_id, der: der.to_vec() })
    }
}

/// Whether certificates can be issued with it today; the identifier by which they refer to its key.
fn examine(certificate: &Certificate, now: DateTime<Utc>) -> Result<Vec<u8>, NotOurs> {
    let validity = &certificate.tbs_certificate.validity;
    if now < moment(validity.not_before) || moment(validity.not_after) <= now {
        return Err(NotOurs::NotInForce);
    }
    let is_authority = extension::<BasicConstraints>(certificate)
        .is_some_and(|(critical, basic)| critical && basic.ca && basic.path_len_constraint != Some(0));
    let may_sign = extension::<KeyUsage>(certificate)
        .is_some_and(|(_, usage)| usage.0.contains(KeyUsages::KeyCertSign) && usage.0.contains(KeyUsages::CRLSign));
    if !is_authority || !may_sign {
        return Err(NotOurs::NoAuthority);
    }
    let (_, identifier) = extension::<SubjectKeyIdentifier>(certificate).ok_or(NotOurs::NoIdentifier)?;
    Ok(identifier.0.as_bytes().to_vec())
}

/// Whether the key of `above` signed the certificate, and the names agree.
fn is_issued_by(certificate: &Certificate, der: &[u8], above: &Certificate) -> bool {
    let is_authority = extension::<BasicConstraints>(above).is_some_and(|(_, basic)| basic.ca);
    let (Ok(message), Some(signature)) = (signed_part(der), certificate.signature.as_bytes()) else { return false };
    let key = &above.tbs_certificate.subject_public_key_info;
    let way: &dyn VerificationAlgorithm = match (certificate.signature_algorithm.oid, Curve::of(key)) {
        (ECDSA_WITH_SHA_256, Some(Curve::P256)) => &ECDSA_P256_SHA256_ASN1,
        (ECDSA_WITH_SHA_384, Some(Curve::P256)) => &ECDSA_P256_SHA384_ASN1,
        (ECDSA_WITH_SHA_256, Some(Curve::P384)) => &ECDSA_P384_SHA256_ASN1,
        (ECDSA_WITH_SHA_384, Some(Curve::P384)) => &ECDSA_P384_SHA384_ASN1,
        (SHA_256_WITH_RSA_ENCRYPTION, None) => &RSA_PKCS1_2048_8192_SHA256,
        (SHA_384_WITH_RSA_ENCRYPTION, None) => &RSA_PKCS1_2048_8192_SHA384,
        (SHA_512_WITH_RSA_ENCRYPTION, None) => &RSA_PKCS1_2048_8192_SHA512,
        _ => return false,
    };
    let key = key.subject_public_key.as_bytes().unwrap_or_default();
    let is_signed = UnparsedPublicKey::new(way, key).verify(&message, signature).is_ok();
    is_signed && is_authority && certificate.tbs_certificate.issuer == above.tbs_certificate.subject
}

/// An extension, and whether it is critical.
fn extension<T: for<'a> Decode<'a> + AssociatedOid>(certificate: &Certificate) -> Option<(bool, T)> {
    certificate.tbs_certificate.get::<T>().ok().flatten()
}

/// The identifier of an authority's key as its certificate has it: those of others need not be made as ours are.
pub(super) fn identifier_of(certificate: &Certificate) -> Vec<u8> {
    extension::<SubjectKeyIdentifier>(certificate).map_or_else(
        || key_identifier(&certificate.tbs_certificate.subject_public_key_info),
        |(_, identifier)| identifier.0.as_bytes().to_vec(),
    )
}
