//! Lists of revoked certificates (RFC 5280, section 5), full and delta.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use der::asn1::{BitString, ContextSpecific, GeneralizedTime, ObjectIdentifier, OctetString, Uint};
use der::{Decode, Encode, Reader, SliceReader, Tag, TagMode, TagNumber};
use serde::{Deserialize, Serialize};
use x509_cert::certificate::Version;
use x509_cert::crl::{CertificateList, RevokedCert};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::AuthorityKeyIdentifier;
use x509_cert::ext::pkix::crl::{BaseCrlNumber, CrlNumber, FreshestCrl, IssuingDistributionPoint};
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::serial_number::SerialNumber;

use super::certificate::{BuildError, Issuer, Places, extension, point, sequence, time};
use super::profile::Profile;
use crate::keypair::Curve;

const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
const REASON_CODE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
const INVALIDITY_DATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");
/// X.509 expiredCertsOnCRL: papers outlive the certificates of their signers, so what has expired stays on the list.
const EXPIRED_CERTS_ON_CRL: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.60");

/// Why a certificate was revoked: the seed's words for the reasons of RFC 5280.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// None is given.
    Unspecified,
    /// Somebody else has the key, or may have.
    KeyCompromise,
    /// Somebody else has an authority's key, or may have.
    CaCompromise,
    /// Its holder belongs elsewhere now.
    AffiliationChanged,
    /// Another stands in its place.
    Superseded,
    /// It is not used any more.
    CessationOfOperation,
    /// Suspended; may be lifted.
    CertificateHold,
    /// Its holder may not sign any more.
    PrivilegeWithdrawn,
    /// Somebody else has the key of an authority of attributes.
    AaCompromise,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::CaCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
        Self::CertificateHold,
        Self::PrivilegeWithdrawn,
        Self::AaCompromise,
    ];

    /// Its word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "key_compromise",
            Self::CaCompromise => "ca_compromise",
            Self::AffiliationChanged => "affiliation_changed",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessation_of_operation",
            Self::CertificateHold => "certificate_hold",
            Self::PrivilegeWithdrawn => "privilege_withdrawn",
            Self::AaCompromise => "aa_compromise",
        }
    }

    /// The reason of a word in the database.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// CRLReason of RFC 5280, 5.3.1; none for the one that is said by saying nothing.
    const fn number(self) -> Option<u8> {
        match self {
            Self::Unspecified => None,
            Self::KeyCompromise => Some(1),
            Self::CaCompromise => Some(2),
            Self::AffiliationChanged => Some(3),
            Self::Superseded => Some(4),
            Self::CessationOfOperation => Some(5),
            Self::CertificateHold => Some(6),
            Self::PrivilegeWithdrawn => Some(9),
            Self::AaCompromise => Some(10),
        }
    }
}

/// A revoked certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its serial number, big-endian.
    pub serial: Vec<u8>,
    /// When it was revoked.
    pub revoked_at: DateTime<Utc>,
    /// Why; none on a delta list for a hold that was lifted.
    pub reason: Option<Reason>,
    /// From when on its signatures are not to be relied on.
    pub invalid_from: Option<DateTime<Utc>>,
}

/// A list to be made.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Which it is, of its issuer.
    pub number: u64,
    /// Of a delta list: the full one that it adds to.
    pub base: Option<u64>,
    /// As of when.
    pub this_update: DateTime<Utc>,
    /// Until when there is another.
    pub next_update: DateTime<Utc>,
    /// Since when expired certificates stay on it: since the issuer is there.
    pub issuer_since: DateTime<Utc>,
    /// The certificates.
    pub entries: &'a [Entry],
}

/// What is to be signed.
///
/// # Errors
/// When something cannot be encoded.
pub fn to_be_signed(wanted: &Wanted<'_>, issuer: &Issuer, places: &Places) -> Result<Vec<u8>, BuildError> {
    let mut revoked = Vec::new();
    for one in wanted.entries {
        entry(one)?.encode_to_vec(&mut revoked)?;
    }
    let extensions = ContextSpecific {
        tag_number: TagNumber::N0,
        tag_mode: TagMode::Explicit,
        value: extensions(wanted, issuer, places)?,
    };
    // By hand: of a structure of so many entries the encoder computes every length at every level anew.
    let parts = [
        Version::V2.to_der()?,
        issuer.curve.signature_algorithm().to_der()?,
        issuer.name.to_der()?,
        time(wanted.this_update)?.to_der()?,
        time(wanted.next_update)?.to_der()?,
        // An empty list is left out (RFC 5280, 5.1.2.6).
        if revoked.is_empty() { revoked } else { sequence(&[&revoked])? },
        extensions.to_der()?,
    ];
    Ok(sequence(&parts.each_ref().map(Vec::as_slice))?)
}

fn extensions(wanted: &Wanted<'_>, issuer: &Issuer, places: &Places) -> Result<Vec<Extension>, BuildError> {
    let key = AuthorityKeyIdentifier {
        key_identifier: Some(OctetString::new(issuer.key_identifier.clone())?),
        ..AuthorityKeyIdentifier::default()
    };
    let mut all =
        vec![extension(&key, false)?, extension(&CrlNumber(Uint::new(&wanted.number.to_be_bytes())?), false)?];
    let is_issuing = issuer.profile == Profile::IssuingCa;
    if let Some(base) = wanted.base {
        all.push(extension(&BaseCrlNumber(Uint::new(&base.to_be_bytes())?), true)?);
    } else if is_issuing {
        all.push(extension(&FreshestCrl(vec![point(&places.delta_list())?]), false)?);
    }
    // The same place as in the certificates; a delta list names the full list's scope (RFC 5280, 5.2.4). The root's list names no
    // place: the root's own certificate, which it covers too, has none to compare.
    let address = GeneralName::UniformResourceIdentifier(der::asn1::Ia5String::new(&places.list_of(issuer.profile))?);
    let scope = IssuingDistributionPoint {
        distribution_point: is_issuing.then(|| DistributionPointName::FullName(vec![address])),
        only_contains_user_certs: is_issuing,
        only_contains_ca_certs: !is_issuing,
        only_some_reasons: None,
        indirect_crl: false,
        only_contains_attribute_certs: false,
    };
    // By hand: x509-cert 0.2.5 gives this extension the id of another.
    let scope = OctetString::new(scope.to_der()?)?;
    all.push(Extension { extn_id: ISSUING_DISTRIBUTION_POINT, critical: true, extn_value: scope });
    let since = GeneralizedTime::from_date_time(time(wanted.issuer_since)?.to_date_time());
    all.push(Extension {
        extn_id: EXPIRED_CERTS_ON_CRL,
        critical: false,
        extn_value: OctetString::new(since.to_der()?)?,
    });
    Ok(all)
}

fn entry(entry: &Entry) -> Result<RevokedCert, BuildError> {
    let mut extensions = Vec::new();
    // removeFromCRL, on delta lists alone.
    let reason = match entry.reason {
        Some(reason) => reason.number(),
        None => Some(8),
    };
    if let Some(number) = reason {
        let value = EnumeratedByte(number).to_der()?;
        extensions.push(Extension { extn_id: REASON_CODE, critical: false, extn_value: OctetString::new(value)? });
    }
    if let Some(at) = entry.invalid_from {
        let value = GeneralizedTime::from_date_time(time(at)?.to_date_time()).to_der()?;
        extensions.push(Extension { extn_id: INVALIDITY_DATE, critical: false, extn_value: OctetString::new(value)? });
    }
    Ok(RevokedCert {
        serial_number: SerialNumber::new(&entry.serial)?,
        revocation_date: time(entry.revoked_at)?,
        crl_entry_extensions: (!extensions.is_empty()).then_some(extensions),
    })
}

/// What `current` says that the full list `base` (DER) does not say or says otherwise, and what that list has and `current` not (a hold
/// that was lifted): the entries of a delta list that adds to it.
///
/// # Errors
/// When the list cannot be read, or an entry not be encoded.
pub fn changes(base: &[u8], current: Vec<Entry>) -> Result<Vec<Entry>, BuildError> {
    let mut said: HashMap<&[u8], &[u8]> = entries_of(base)?.into_iter().collect();
    let mut changes = Vec::new();
    for one in current {
        let encoded = entry(&one)?.to_der()?;
        if said.remove(serial_of(&encoded)?) != Some(encoded.as_slice()) {
            changes.push(one);
        }
    }
    let mut lifted: Vec<RevokedCert> = said.into_values().map(RevokedCert::from_der).collect::<der::Result<_>>()?;
    lifted.sort_by(|one, other| one.serial_number.as_bytes().cmp(other.serial_number.as_bytes()));
    changes.extend(lifted.into_iter().map(|before| Entry {
        serial: before.serial_number.as_bytes().to_vec(),
        revoked_at: before.revocation_date.to_system_time().into(),
        reason: None,
        invalid_from: None,
    }));
    Ok(changes)
}

/// The entries of a list (DER) as they stand there, each behind its serial number. Nothing else of it is read: of a hundred thousand a
/// change concerns few.
fn entries_of(list: &[u8]) -> der::Result<Vec<(&[u8], &[u8])>> {
    let mut entries = Vec::new();
    SliceReader::new(list)?.sequence(|list| {
        list.sequence(|signed| {
            // Version, algorithm, issuer; then one moment or two, the entries, and what belongs to the whole.
            for _ in 0..3 {
                signed.tlv_bytes()?;
            }
            while signed.peek_tag().is_ok_and(|tag| matches!(tag, Tag::UtcTime | Tag::GeneralizedTime)) {
                signed.tlv_bytes()?;
            }
            if signed.peek_tag().is_ok_and(|tag| tag == Tag::Sequence) {
                signed.sequence(|all| {
                    while !all.is_finished() {
                        let entry = all.tlv_bytes()?;
                        entries.push((serial_of(entry)?, entry));
                    }
                    Ok(())
                })?;
            }
            rest(signed)
        })?;
        rest(list)
    })?;
    Ok(entries)
}

/// The serial number of an entry (DER), as it stands there.
fn serial_of(entry: &[u8]) -> der::Result<&[u8]> {
    SliceReader::new(entry)?.sequence(|entry| {
        let serial = entry.tlv_bytes()?;
        rest(entry)?;
        Ok(serial)
    })
}

/// Passes over what is left.
fn rest<'a>(reader: &mut impl Reader<'a>) -> der::Result<()> {
    while !reader.is_finished() {
        reader.tlv_bytes()?;
    }
    Ok(())
}

/// The list: what was to be signed, with its signature.
///
/// # Errors
/// When it cannot be encoded.
pub fn assemble(to_be_signed: &[u8], curve: Curve, signature: &[u8]) -> der::Result<Vec<u8>> {
    let list = sequence(&[
        to_be_signed,
        &curve.signature_algorithm().to_der()?,
        &BitString::from_bytes(signature)?.to_der()?,
    ])?;
    // Read back before anybody else does.
    CertificateList::from_der(&list)?;
    Ok(list)
}

/// ENUMERATED of one byte.
struct EnumeratedByte(u8);

impl EnumeratedByte {
    fn to_der(&self) -> der::Result<Vec<u8>> {
        Ok(vec![u8::from(der::Tag::Enumerated), 1, self.0])
    }
}
