//! The bytes of a certificate before they are signed, and with their signature.

use chrono::{DateTime, Utc};
use const_oid::AssociatedOid;
use der::asn1::{BitString, Ia5String, Null, ObjectIdentifier, OctetString};
use der::{Decode, Encode};
use sha1::{Digest, Sha1};
use x509_cert::certificate::{Certificate, TbsCertificate, Version};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::certpolicy::PolicyInformation;
use x509_cert::ext::pkix::crl::CrlDistributionPoints;
use x509_cert::ext::pkix::crl::FreshestCrl;
use x509_cert::ext::pkix::crl::dp::DistributionPoint;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies,
    ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::{Time, Validity};

use super::name::{NameError, Subject};
use super::profile::Profile;
use crate::keypair::Curve;

const OCSP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1");
const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");
/// id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1).
const OCSP_NO_CHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");

/// Why a certificate cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A name that may not stand in one.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Something that cannot be encoded.
    #[error("the certificate cannot be encoded: {0}")]
    Der(#[from] der::Error),
}

/// Where what belongs to an authority is found; addresses of the product, such as `https://jebena.example`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// Without a slash at its end.
    pub base: String,
    /// Under which certificates are issued; the documentation arc unless a site has its own.
    pub policy: ObjectIdentifier,
}

/// Who issues.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// Its name, as its own certificate has it.
    pub name: Name,
    /// Its key's identifier.
    pub key_identifier: Vec<u8>,
    /// The curve of its key.
    pub curve: Curve,
    /// What it is.
    pub profile: Profile,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Which kind.
    pub profile: Profile,
    /// For whom.
    pub subject: Subject,
    /// For which key.
    pub public_key: SubjectPublicKeyInfoOwned,
    /// From when.
    pub not_before: DateTime<Utc>,
    /// Until when.
    pub not_after: DateTime<Utc>,
}

/// A serial number of 126 random bits, never negative and never short.
#[must_use]
pub fn new_serial() -> [u8; 16] {
    let mut bytes = [0; 16];
    rand::Rng::fill_bytes(&mut rand::rng(), &mut bytes);
    bytes[0] = bytes[0] & 0x3f | 0x40;
    bytes
}

/// The serial number as the database keeps it.
#[must_use]
pub fn serial_text(serial: &[u8]) -> String {
    hex::encode(serial).trim_start_matches('0').to_owned()
}

/// The identifier of a key (RFC 5280, 4.2.1.2, method 1).
#[must_use]
pub fn key_identifier(public: &SubjectPublicKeyInfoOwned) -> Vec<u8> {
    Sha1::digest(public.subject_public_key.raw_bytes()).to_vec()
}

/// What is to be signed: with the profile's extensions, and none of the request's own. `issuer` is none for who signs itself.
///
/// # Errors
/// When a name may not stand in a certificate, or something cannot be encoded.
pub fn to_be_signed(
    wanted: &Wanted,
    issuer: Option<&Issuer>,
    serial: &[u8],
    places: &Places,
) -> Result<TbsCertificate, BuildError> {
    let subject = wanted.subject.to_name()?;
    let identifier = key_identifier(&wanted.public_key);
    let curve = issuer.map_or(wanted.profile.curve(), |issuer| issuer.curve);
    Ok(TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::new(serial)?,
        signature: curve.signature_algorithm(),
        issuer: issuer.map_or_else(|| subject.clone(), |issuer| issuer.name.clone()),
        validity: Validity { not_before: time(wanted.not_before)?, not_after: time(wanted.not_after)? },
        subject,
        subject_public_key_info: wanted.public_key.clone(),
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(extensions(wanted.profile, identifier, issuer, places)?),
    })
}

fn extensions(
    profile: Profile,
    identifier: Vec<u8>,
    issuer: Option<&Issuer>,
    places: &Places,
) -> Result<Vec<Extension>, BuildError> {
    let mut all = Vec::new();
    if profile.is_authority() {
        let constraints = BasicConstraints { ca: true, path_len_constraint: profile.path_length() };
        all.push(extension(&constraints, true)?);
    }
    all.push(extension(&KeyUsage(profile.key_usage()), true)?);
    if let Some((purpose, is_critical)) = profile.extended_key_usage() {
        all.push(extension(&ExtendedKeyUsage(vec![purpose]), is_critical)?);
    }
    all.push(extension(&SubjectKeyIdentifier(OctetString::new(identifier)?), false)?);
    if let Some(issuer) = issuer {
        let key = AuthorityKeyIdentifier {
            key_identifier: Some(OctetString::new(issuer.key_identifier.clone())?),
            ..AuthorityKeyIdentifier::default()
        };
        all.push(extension(&key, false)?);
        // The root's own certificate needs no policy: it is trusted because it was chosen.
        let policy = PolicyInformation { policy_identifier: places.policy, policy_qualifiers: None };
        all.push(extension(&CertificatePolicies(vec![policy]), false)?);
        all.push(extension(&AuthorityInfoAccessSyntax(access(profile, issuer, places)?), false)?);
        all.push(extension(&CrlDistributionPoints(vec![point(&places.list_of(issuer.profile))?]), false)?);
        if issuer.profile == Profile::IssuingCa {
            all.push(extension(&FreshestCrl(vec![point(&places.delta_list())?]), false)?);
        }
        if profile == Profile::OcspResponder {
            let nothing = OctetString::new(Null.to_der()?)?;
            all.push(Extension { extn_id: OCSP_NO_CHECK, critical: false, extn_value: nothing });
        }
    }
    Ok(all)
}

fn access(profile: Profile, issuer: &Issuer, places: &Places) -> Result<Vec<AccessDescription>, BuildError> {
    let mut all = vec![AccessDescription {
        access_method: CA_ISSUERS,
        access_location: GeneralName::UniformResourceIdentifier(Ia5String::new(
            &places.certificate_of(issuer.profile),
        )?),
    }];
    if issuer.profile == Profile::IssuingCa && profile != Profile::OcspResponder {
        let address = Ia5String::new(&places.ocsp())?;
        all.push(AccessDescription {
            access_method: OCSP,
            access_location: GeneralName::UniformResourceIdentifier(address),
        });
    }
    Ok(all)
}

impl Places {
    /// The certificate of an authority.
    #[must_use]
    pub fn certificate_of(&self, authority: Profile) -> String {
        let name = if authority == Profile::RootCa { "root" } else { "ca" };
        format!("{}/pki/{name}.cer", self.base)
    }

    /// The list of what an authority has revoked.
    #[must_use]
    pub fn list_of(&self, authority: Profile) -> String {
        let name = if authority == Profile::RootCa { "root" } else { "ca" };
        format!("{}/pki/{name}.crl", self.base)
    }

    /// What was revoked since the last full list of the issuing authority.
    #[must_use]
    pub fn delta_list(&self) -> String {
        format!("{}/pki/ca-delta.crl", self.base)
    }

    /// Where it is asked whether one certificate is revoked.
    #[must_use]
    pub fn ocsp(&self) -> String {
        format!("{}/pki/ocsp", self.base)
    }
}

pub(super) fn point(address: &str) -> Result<DistributionPoint, BuildError> {
    let name = GeneralName::UniformResourceIdentifier(Ia5String::new(address)?);
    Ok(DistributionPoint {
        distribution_point: Some(DistributionPointName::FullName(vec![name])),
        reasons: None,
        crl_issuer: None,
    })
}

pub(super) fn extension<T: Encode + AssociatedOid>(value: &T, critical: bool) -> der::Result<Extension> {
    Ok(Extension { extn_id: T::OID, critical, extn_value: OctetString::new(value.to_der()?)? })
}

/// UTCTime until 2049 and GeneralizedTime after it (RFC 5280, 4.1.2.5), to the second.
pub(super) fn time(at: DateTime<Utc>) -> der::Result<Time> {
    let seconds = u64::try_from(at.timestamp()).map_err(|_| der::ErrorKind::DateTime)?;
    let moment = der::DateTime::from_unix_duration(std::time::Duration::from_secs(seconds))?;
    if moment.year() < 2050 {
        Ok(Time::UtcTime(der::asn1::UtcTime::from_date_time(moment)?))
    } else {
        Ok(Time::GeneralTime(der::asn1::GeneralizedTime::from_date_time(moment)))
    }
}

/// The certificate: what was to be signed, with its signature.
///
/// # Errors
/// When it cannot be encoded.
pub fn assemble(to_be_signed: &[u8], curve: Curve, signature: &[u8]) -> der::Result<Vec<u8>> {
    let algorithm = curve.signature_algorithm().to_der()?;
    let signature = BitString::from_bytes(signature)?.to_der()?;
    // By hand, so that the signed bytes stand in it as they were signed.
    sequence(&[to_be_signed, &algorithm, &signature])
}

/// A SEQUENCE of what is encoded already.
pub(crate) fn sequence(parts: &[&[u8]]) -> der::Result<Vec<u8>> {
    let body = parts.concat();
    let header = der::Header::new(der::Tag::Sequence, body.len())?;
    let mut all = header.to_der()?;
    all.extend_from_slice(&body);
    Ok(all)
}

/// The bytes of a certificate that were signed, as they stand in it.
///
/// # Errors
/// When it is no certificate.
pub fn signed_part(certificate: &[u8]) -> der::Result<Vec<u8>> {
    Certificate::from_der(certificate)?.tbs_certificate.to_der()
}
