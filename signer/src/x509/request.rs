//! Requests for certificates that were made elsewhere (PKCS#10, RFC 2986), examined as a stranger's.
//!
//! Of a request nothing comes into a certificate but its key, and a common name that was looked at. All else that it asks for has to be
//! what the profile gives anyway; whatever is more is refused with its reason, and not silently left out: who asked would believe
//! that they got it.

use const_oid::AssociatedOid;
use const_oid::db::rfc5912::{
    ECDSA_WITH_SHA_256, ECDSA_WITH_SHA_384, ECDSA_WITH_SHA_512, ID_EC_PUBLIC_KEY, ID_EXTENSION_REQ, RSA_ENCRYPTION,
    SECP_224_R_1, SECP_256_R_1, SECP_384_R_1, SECP_521_R_1,
};
use der::asn1::{Any, ObjectIdentifier, PrintableStringRef, UintRef, Utf8StringRef};
use der::{Decode, Encode, Sequence, Tag, Tagged};
use serde::{Deserialize, Serialize};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName, SubjectKeyIdentifier};
use x509_cert::name::Name;
use x509_cert::request::{CertReq, CertReqInfo};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::name::{self, COMMON_NAME, COUNTRY, NameError, ORGANIZATION, ORGANIZATION_IDENTIFIER, Subject, is_of_ours};
use super::profile::Profile;
use crate::keypair::{Curve, is_signed_by};

/// The longest request, in bytes: one of ours has about four hundred.
pub const LONGEST: usize = 16 * 1024;

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Flaw {
    /// Longer than any request may be.
    #[error("the request is longer than {LONGEST} bytes")]
    TooLong,
    /// No PKCS#10, not the distinguished encoding, or with something behind it.
    #[error("this is no request in DER or PEM (PKCS#10), or there is something behind it")]
    NotARequest,
    /// Another version.
    #[error("the request is not of version 1")]
    Version,
    /// RSA under 3,072 bits, or a curve under 256.
    #[error("the key is too weak: an ECDSA key on P-256 is wanted")]
    WeakKey,
    /// A kind of key that is not issued for.
    #[error("the key is of another kind: an ECDSA key on P-256 is wanted")]
    OtherKey,
    /// Another curve, or one that is described and not named.
    #[error("the key lies on another curve: P-256, by its name, is wanted")]
    OtherCurve,
    /// No point of the curve, or compressed.
    #[error("the key is no point of its curve, or is compressed")]
    NotAPoint,
    /// An algorithm that does not belong to the key, or has a weak hash.
    #[error("the request is signed with another algorithm: ECDSA with SHA-256, SHA-384 or SHA-512 is wanted")]
    OtherAlgorithm,
    /// The signature is not of the key.
    #[error("the request is not signed by its key")]
    Signature,
    /// The key has been seen before.
    #[error("the key is that of another request or certificate: make a new one")]
    KnownKey,
    /// No name.
    #[error("the request names nobody")]
    NoName,
    /// A part of the name stands twice, or several in one.
    #[error("a part of the name stands twice")]
    NameTwice,
    /// A part that certificates of ours do not have.
    #[error("the name has a part that is not issued: C, O, organizationIdentifier and CN are")]
    NamePart,
    /// Another country, organisation or number than that of who asks.
    #[error("the name is of another organisation or country")]
    ForeignName,
    /// Empty, with spaces around it, or too long.
    #[error("a part of the name is empty or longer than 64 characters")]
    NameLength,
    /// Not UTF-8, or a type of string that is not used.
    #[error("a part of the name is not in UTF-8, or of another type of string")]
    NameEncoding,
    /// Something that is not seen, or turns the direction of reading.
    #[error("the name has a character that cannot be seen or that turns the direction of reading")]
    NameUnseen,
    /// Letters that are taken for others.
    #[error("the name has letters that are taken for others: Latin and Ethiopic ones are issued")]
    NameLookAlike,
    /// Asks to be an authority.
    #[error("the request asks for a certificate of an authority")]
    Authority,
    /// Asks for other names.
    #[error("the request asks for further names (subjectAltName)")]
    FurtherNames,
    /// Asks for other uses of the key than the profile has.
    #[error("the request asks for uses of the key that are not issued")]
    OtherUse,
    /// Asks for what is not known.
    #[error("the request asks for an extension that is not issued")]
    Extension,
    /// Something stands twice.
    #[error("an attribute or extension of the request stands twice or cannot be read")]
    Twice,
    /// A password, a number, or whatever else.
    #[error("the request has an attribute that is not known")]
    Attribute,
}

impl Flaw {
    /// Its word in the record.
    #[must_use]
    pub fn code(self) -> String {
        serde_json::to_value(self).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

impl From<NameError> for Flaw {
    fn from(error: NameError) -> Self {
        match error {
            NameError::Length(_) => Self::NameLength,
            NameError::Unseen(_) => Self::NameUnseen,
            NameError::Mixed(_) => Self::NameLookAlike,
            NameError::Encoding(_) => Self::NameEncoding,
        }
    }
}

/// What is known of who asks, without the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The organisation's name.
    pub organization: String,
    /// Its number, such as `NTRET-0000000099`.
    pub organization_identifier: Option<String>,
}

/// A request that nothing was found against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// DER.
    pub der: Vec<u8>,
    /// As the certificate will name them: what is known, and the common name of the request.
    pub subject: Subject,
    /// The key.
    pub public_key: SubjectPublicKeyInfoOwned,
}

/// A request, DER or PEM, of who is `known`, for a certificate of this kind.
///
/// # Errors
/// The first [`Flaw`].
pub fn examine(request: &[u8], profile: Profile, known: &Known) -> Result<Examined, Flaw> {
    if request.len() > LONGEST {
        return Err(Flaw::TooLong);
    }
    let der = unwrapped(request)?;
    let read = CertReq::from_der(&der).map_err(|_| not_a_request(&der))?;
    // What would be written otherwise is not the distinguished encoding, and the signature would be over other bytes.
    if read.to_der().map_err(|_| Flaw::NotARequest)? != der {
        return Err(Flaw::NotARequest);
    }
    let info = &read.info;
    key(&info.public_key, profile.curve())?;
    signature(&read)?;
    let subject = Subject {
        common_name: common_name(&info.subject, known)?,
        organization: known.organization.clone(),
        organization_identifier: known.organization_identifier.clone(),
    };
    subject.to_name()?;
    attributes(info, profile)?;
    Ok(Examined { subject, public_key: info.public_key.clone(), der })
}

/// DER as it is, or out of PEM.
fn unwrapped(request: &[u8]) -> Result<Vec<u8>, Flaw> {
    if !request.trim_ascii_start().starts_with(b"-----") {
        return Ok(request.to_vec());
    }
    let (label, der) = der::pem::decode_vec(request.trim_ascii()).map_err(|_| Flaw::NotARequest)?;
    // NEW: as programs before PKCS#10 was a standard write it, and some still do.
    if matches!(label, "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST") { Ok(der) } else { Err(Flaw::NotARequest) }
}

/// Why it cannot be read: another version is told from what is no request.
fn not_a_request(der: &[u8]) -> Flaw {
    #[derive(Sequence)]
    struct Outer {
        info: Any,
        algorithm: Any,
        signature: Any,
    }
    let version = Outer::from_der(der).ok().and_then(|outer| {
        let _ = (&outer.algorithm, &outer.signature);
        u32::from_der(first_of(outer.info.value())?).ok()
    });
    if version.is_some_and(|version| version != 0) { Flaw::Version } else { Flaw::NotARequest }
}

/// The first value of a sequence's content, with its header.
fn first_of(content: &[u8]) -> Option<&[u8]> {
    let length = usize::from(*content.get(1)?);
    content.get(..2 + length)
}

fn key(public: &SubjectPublicKeyInfoOwned, wanted: Curve) -> Result<(), Flaw> {
    match public.algorithm.oid {
        ID_EC_PUBLIC_KEY => {}
        RSA_ENCRYPTION if rsa_bits(public).is_some_and(|bits| bits >= 3_072) => return Err(Flaw::OtherKey),
        RSA_ENCRYPTION => return Err(Flaw::WeakKey),
        _ => return Err(Flaw::OtherKey),
    }
    let parameters = public.algorithm.parameters.as_ref().ok_or(Flaw::OtherCurve)?;
    let curve: ObjectIdentifier = parameters.decode_as().map_err(|_| Flaw::OtherCurve)?;
    match curve {
        SECP_256_R_1 | SECP_384_R_1 | SECP_521_R_1 => {}
        SECP_224_R_1 | P_192 => return Err(Flaw::WeakKey),
        _ => return Err(Flaw::OtherCurve),
    }
    if Curve::of(public) != Some(wanted) {
        return Err(Flaw::OtherCurve);
    }
    let point = public.subject_public_key.as_bytes().ok_or(Flaw::NotAPoint)?;
    let is_point = match wanted {
        Curve::P256 => point.len() == 65 && p256::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok(),
        Curve::P384 => point.len() == 97 && p384::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok(),
    };
    if is_point { Ok(()) } else { Err(Flaw::NotAPoint) }
}

const P_192: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.1");

fn rsa_bits(public: &SubjectPublicKeyInfoOwned) -> Option<usize> {
    #[derive(Sequence)]
    struct RsaKey<'a> {
        modulus: UintRef<'a>,
        exponent: UintRef<'a>,
    }
    let key = RsaKey::from_der(public.subject_public_key.as_bytes()?).ok()?;
    let _ = key.exponent;
    let first = key.modulus.as_bytes().first()?;
    Some(key.modulus.as_bytes().len() * 8 - first.leading_zeros() as usize)
}

fn signature(request: &CertReq) -> Result<(), Flaw> {
    let algorithm = &request.algorithm;
    if !matches!(algorithm.oid, ECDSA_WITH_SHA_256 | ECDSA_WITH_SHA_384 | ECDSA_WITH_SHA_512)
        || algorithm.parameters.is_some()
    {
        return Err(Flaw::OtherAlgorithm);
    }
    let message = request.info.to_der().map_err(|_| Flaw::NotARequest)?;
    let signature = request.signature.as_bytes().ok_or(Flaw::Signature)?;
    let is_signed = match algorithm.oid {
        ECDSA_WITH_SHA_256 => is_signed_by(&request.info.public_key, &message, signature),
        _ => is_signed_with_longer_hash(request, &message, signature),
    };
    if is_signed { Ok(()) } else { Err(Flaw::Signature) }
}

/// A key on P-256 with SHA-384 or SHA-512, as some programs sign.
fn is_signed_with_longer_hash(request: &CertReq, message: &[u8], signature: &[u8]) -> bool {
    use p256::ecdsa::signature::hazmat::PrehashVerifier;
    use sha2::{Digest, Sha384, Sha512};

    let Some(point) = request.info.public_key.subject_public_key.as_bytes() else { return false };
    let hash = match request.algorithm.oid {
        ECDSA_WITH_SHA_384 => Sha384::digest(message).to_vec(),
        _ => Sha512::digest(message).to_vec(),
    };
    p256::ecdsa::VerifyingKey::from_sec1_bytes(point)
        .ok()
        .zip(p256::ecdsa::DerSignature::try_from(signature).ok())
        .is_some_and(|(key, signature)| key.verify_prehash(&hash, &signature).is_ok())
}

/// The common name, where the rest of the name is that of who asks.
fn common_name(subject: &Name, known: &Known) -> Result<String, Flaw> {
    if subject.0.is_empty() {
        return Err(Flaw::NoName);
    }
    let mut seen = Vec::new();
    let mut common_name = None;
    for part in &subject.0 {
        let mut attributes = part.0.iter();
        let (Some(attribute), None) = (attributes.next(), attributes.next()) else { return Err(Flaw::NameTwice) };
        if seen.contains(&attribute.oid) {
            return Err(Flaw::NameTwice);
        }
        seen.push(attribute.oid);
        let expected = match attribute.oid {
            COMMON_NAME => None,
            COUNTRY => Some("ET"),
            ORGANIZATION => Some(known.organization.as_str()),
            ORGANIZATION_IDENTIFIER => Some(known.organization_identifier.as_deref().unwrap_or_default()),
            _ => return Err(Flaw::NamePart),
        };
        let value = text(&attribute.value)?;
        name::check("the name", &value)?;
        if !value.chars().all(is_of_ours) {
            return Err(Flaw::NameLookAlike);
        }
        match expected {
            Some(expected) if expected != value => return Err(Flaw::ForeignName),
            Some(_) => {}
            None => common_name = Some(value),
        }
    }
    common_name.ok_or(Flaw::NoName)
}

/// UTF8String or PrintableString: BMPString, TeletexString and UniversalString are read by each program in its own way.
fn text(value: &Any) -> Result<String, Flaw> {
    let text = match value.tag() {
        Tag::Utf8String => value.decode_as::<Utf8StringRef<'_>>().map(|text| text.as_str().to_owned()),
        Tag::PrintableString => value.decode_as::<PrintableStringRef<'_>>().map(|text| text.as_str().to_owned()),
        _ => return Err(Flaw::NameEncoding),
    };
    // An empty one is told by its length.
    if value.value().is_empty() { Err(Flaw::NameLength) } else { text.map_err(|_| Flaw::NameEncoding) }
}

fn attributes(info: &CertReqInfo, profile: Profile) -> Result<(), Flaw> {
    let mut has_extensions = false;
    for attribute in info.attributes.iter() {
        if attribute.oid != ID_EXTENSION_REQ {
            return Err(Flaw::Attribute);
        }
        if has_extensions || attribute.values.len() != 1 {
            return Err(Flaw::Twice);
        }
        has_extensions = true;
        let value = attribute.values.get(0).ok_or(Flaw::Twice)?;
        let all: Vec<Extension> = value.decode_as().map_err(|_| Flaw::Twice)?;
        // A default that is written down is read by some as something else.
        if Any::encode_from(&all).ok().as_ref() != Some(value) {
            return Err(Flaw::Twice);
        }
        extensions(&all, profile)?;
    }
    Ok(())
}

fn extensions(all: &[Extension], profile: Profile) -> Result<(), Flaw> {
    for (place, extension) in all.iter().enumerate() {
        if all.iter().take(place).any(|before| before.extn_id == extension.extn_id) {
            return Err(Flaw::Twice);
        }
        let value = extension.extn_value.as_bytes();
        match extension.extn_id {
            BasicConstraints::OID => {
                let constraints = BasicConstraints::from_der(value).map_err(|_| Flaw::Twice)?;
                if constraints.ca || constraints.path_len_constraint.is_some() {
                    return Err(Flaw::Authority);
                }
            }
            KeyUsage::OID => {
                let usage = KeyUsage::from_der(value).map_err(|_| Flaw::Twice)?;
                if usage.key_cert_sign() || usage.crl_sign() {
                    return Err(Flaw::Authority);
                }
                if usage.0 != profile.key_usage() {
                    return Err(Flaw::OtherUse);
                }
            }
            ExtendedKeyUsage::OID => {
                let purposes = ExtendedKeyUsage::from_der(value).map_err(|_| Flaw::Twice)?.0;
                let of_profile = profile.extended_key_usage().map(|(purpose, _)| purpose);
                if purposes.iter().any(|purpose| Some(*purpose) != of_profile) {
                    return Err(Flaw::OtherUse);
                }
            }
            SubjectAltName::OID => return Err(Flaw::FurtherNames),
            // Ours is computed from the key, as theirs will have been.
            SubjectKeyIdentifier::OID if !extension.critical => {}
            _ => return Err(Flaw::Extension),
        }
    }
    Ok(())
}

/// What is to be signed of a request that is made here, and the request with its signature.
///
/// # Errors
/// When a name may not stand in a certificate, or something cannot be encoded.
pub fn to_be_signed(
    subject: &Subject,
    public: &SubjectPublicKeyInfoOwned,
) -> Result<Vec<u8>, super::certificate::BuildError> {
    let info = CertReqInfo {
        version: x509_cert::request::Version::V1,
        subject: subject.to_name()?,
        public_key: public.clone(),
        attributes: x509_cert::attr::Attributes::new(),
    };
    Ok(info.to_der()?)
}
