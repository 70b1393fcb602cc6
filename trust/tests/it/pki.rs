//! A small public key infrastructure: keys and certificates made anew for each run, also wrong ones.
#![allow(dead_code, reason = "the example that makes files for the browser needs a part of it alone")]

use std::str::FromStr;
use std::time::Duration;

use der::asn1::{BitString, GeneralizedTime, OctetString};
use der::flagset::FlagSet;
use der::oid::AssociatedOid;
use der::{Decode, Encode};
use jebena_trust::certificate::Certificate;
use jebena_trust::chain::{DOCUMENT_SIGNING, LIST_SIGNING};
use jebena_trust::moment::Moment;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use sha2::{Digest, Sha256, Sha384};
use spki::{AlgorithmIdentifierOwned, ObjectIdentifier, SubjectPublicKeyInfoOwned};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::certpolicy::PolicyInformation;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, ExtendedKeyUsage, KeyUsage, KeyUsages,
    SubjectKeyIdentifier,
};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};
use x509_cert::{TbsCertificate, Version};

/// The policy that certificates of these tests state, in the arc for documentation.
pub const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1.1");

/// The moment at which tests live: 2027-01-15, 08:00 UTC.
pub const NOW: i64 = 1_800_000_000;
pub const DAY: i64 = 86_400;

pub fn moment(seconds: i64) -> Moment {
    Moment::from_unix(seconds).unwrap()
}

pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

#[derive(Clone)]
pub enum Key {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

impl Key {
    pub fn p256() -> Self {
        loop {
            if let Ok(key) = p256::ecdsa::SigningKey::from_slice(&random::<32>()) {
                return Self::P256(key);
            }
        }
    }

    pub fn p384() -> Self {
        loop {
            if let Ok(key) = p384::ecdsa::SigningKey::from_slice(&random::<48>()) {
                return Self::P384(key);
            }
        }
    }

    /// A signature in DER, hashed as fits the curve.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&Sha256::digest(message)).unwrap();
                signature.to_der().as_bytes().to_vec()
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&Sha384::digest(message)).unwrap();
                signature.to_der().as_bytes().to_vec()
            }
        }
    }

    pub fn sign_raw(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(_) => p256::ecdsa::Signature::from_der(&self.sign(message)).unwrap().to_bytes().to_vec(),
            Self::P384(_) => p384::ecdsa::Signature::from_der(&self.sign(message)).unwrap().to_bytes().to_vec(),
        }
    }

    fn spki(&self) -> SubjectPublicKeyInfoOwned {
        let (curve, point) = match self {
            Self::P256(key) => ("1.2.840.10045.3.1.7", key.verifying_key().to_encoded_point(false).as_bytes().to_vec()),
            Self::P384(key) => ("1.3.132.0.34", key.verifying_key().to_encoded_point(false).as_bytes().to_vec()),
        };
        let curve = ObjectIdentifier::new_unwrap(curve).to_der().unwrap();
        SubjectPublicKeyInfoOwned {
            algorithm: AlgorithmIdentifierOwned {
                oid: ObjectIdentifier::new_unwrap("1.2.840.10045.2.1"),
                parameters: Some(der::Any::from_der(&curve).unwrap()),
            },
            subject_public_key: BitString::from_bytes(&point).unwrap(),
        }
    }

    fn algorithm(&self) -> AlgorithmIdentifierOwned {
        let oid = match self {
            Self::P256(_) => "1.2.840.10045.4.3.2",
            Self::P384(_) => "1.2.840.10045.4.3.3",
        };
        AlgorithmIdentifierOwned { oid: ObjectIdentifier::new_unwrap(oid), parameters: None }
    }
}

/// What a certificate is to say; each test changes what it wants to see refused.
#[derive(Clone)]
pub struct Plan {
    pub subject: String,
    pub from: i64,
    pub until: i64,
    pub extensions: Vec<Extension>,
}

impl Plan {
    pub fn root() -> Self {
        Self::issuer("CN=Test Root", None)
    }

    pub fn issuer(subject: &str, path_length: Option<u8>) -> Self {
        Self::of(subject)
            .for_years(10)
            .with_basic(true, path_length)
            .with_usage(KeyUsages::KeyCertSign | KeyUsages::CRLSign)
    }

    pub fn seal(subject: &str) -> Self {
        Self::of(subject).with_usage(KeyUsages::NonRepudiation).with_extended(DOCUMENT_SIGNING).with_policy(POLICY)
    }

    pub fn list_signer() -> Self {
        Self::of("CN=Test List Signer").with_usage(KeyUsages::DigitalSignature).with_extended(LIST_SIGNING)
    }

    pub fn of(subject: &str) -> Self {
        Self { subject: subject.to_owned(), from: NOW - 100 * DAY, until: NOW + 265 * DAY, extensions: Vec::new() }
    }

    pub fn for_years(self, years: i64) -> Self {
        Self { from: NOW - years * 365 * DAY, until: NOW + years * 365 * DAY, ..self }
    }

    pub fn valid(self, from: i64, until: i64) -> Self {
        Self { from, until, ..self }
    }

    /// The same, seen from another moment than [`NOW`].
    pub fn seen_from(self, now: i64) -> Self {
        Self { from: self.from + now - NOW, until: self.until + now - NOW, ..self }
    }

    pub fn with_basic(self, ca: bool, path_len_constraint: Option<u8>) -> Self {
        self.with(true, &BasicConstraints { ca, path_len_constraint })
    }

    pub fn with_usage(self, usage: impl Into<FlagSet<KeyUsages>>) -> Self {
        self.with(true, &KeyUsage(usage.into()))
    }

    pub fn with_extended(self, purpose: ObjectIdentifier) -> Self {
        self.with(false, &ExtendedKeyUsage(vec![purpose]))
    }

    pub fn with_policy(self, policy_identifier: ObjectIdentifier) -> Self {
        self.with(false, &CertificatePolicies(vec![PolicyInformation { policy_identifier, policy_qualifiers: None }]))
    }

    /// In the place of an extension of the same kind.
    pub fn with<E: Encode + AssociatedOid>(self, critical: bool, extension: &E) -> Self {
        self.with_raw(E::OID, critical, extension.to_der().unwrap())
    }

    pub fn with_raw(mut self, extn_id: ObjectIdentifier, critical: bool, value: Vec<u8>) -> Self {
        self.extensions.retain(|known| known.extn_id != extn_id);
        self.extensions.push(Extension { extn_id, critical, extn_value: OctetString::new(value).unwrap() });
        self
    }

    pub fn without<E: AssociatedOid>(mut self) -> Self {
        self.extensions.retain(|known| known.extn_id != E::OID);
        self
    }
}

/// Who has a key and a certificate.
#[derive(Clone)]
pub struct Holder {
    pub key: Key,
    pub der: Vec<u8>,
    pub subject: String,
    pub tbs: TbsCertificate,
}

impl Holder {
    /// Issues itself a certificate.
    pub fn root(plan: Plan, key: Key) -> Self {
        let subject = plan.subject.clone();
        make(plan, key.clone(), &subject, &key)
    }

    pub fn issue(&self, plan: Plan, key: Key) -> Self {
        make(plan, key, &self.subject, &self.key)
    }

    pub fn certificate(&self) -> Certificate {
        Certificate::from_der(&self.der).unwrap()
    }

    pub fn fingerprint(&self) -> [u8; 32] {
        jebena_trust::sha256(&self.der)
    }
}

fn make(plan: Plan, key: Key, issuer: &str, issuer_key: &Key) -> Holder {
    let key_id = |spki: &SubjectPublicKeyInfoOwned| {
        OctetString::new(&jebena_trust::sha256(spki.subject_public_key.raw_bytes())[..20]).unwrap()
    };
    let plan = plan.with(false, &SubjectKeyIdentifier(key_id(&key.spki()))).with(
        false,
        &AuthorityKeyIdentifier {
            key_identifier: Some(key_id(&issuer_key.spki())),
            authority_cert_issuer: None,
            authority_cert_serial_number: None,
        },
    );
    let time = |seconds: i64| {
        let since = Duration::from_secs(u64::try_from(seconds).unwrap());
        Time::GeneralTime(GeneralizedTime::from_unix_duration(since).unwrap())
    };
    let mut serial = random::<16>();
    serial[0] = serial[0] & 0x7f | 1;
    let tbs = TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::new(&serial).unwrap(),
        signature: issuer_key.algorithm(),
        issuer: Name::from_str(issuer).unwrap(),
        validity: Validity { not_before: time(plan.from), not_after: time(plan.until) },
        subject: Name::from_str(&plan.subject).unwrap(),
        subject_public_key_info: key.spki(),
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(plan.extensions),
    };
    Holder { der: sign(&tbs, issuer_key), key, subject: plan.subject, tbs }
}

/// The certificate of whatever stands in `tbs`.
pub fn sign(tbs: &TbsCertificate, issuer_key: &Key) -> Vec<u8> {
    let signature = issuer_key.sign(&tbs.to_der().unwrap());
    let certificate = x509_cert::Certificate {
        tbs_certificate: tbs.clone(),
        signature_algorithm: tbs.signature.clone(),
        signature: BitString::from_bytes(&signature).unwrap(),
    };
    certificate.to_der().unwrap()
}

/// Root on P-384, an issuer that may have none below it, a seal, a signer of lists.
pub struct Pki {
    pub root: Holder,
    pub issuer: Holder,
    pub seal: Holder,
    pub list_signer: Holder,
}

impl Pki {
    pub fn new() -> Self {
        Self::at(NOW)
    }

    pub fn at(now: i64) -> Self {
        let root = Holder::root(Plan::root().seen_from(now), Key::p384());
        let issuer = root.issue(Plan::issuer("CN=Test Issuing CA", Some(0)).seen_from(now), Key::p256());
        let seal = Plan::seal("CN=Coffee Authority Seal,O=Coffee Authority").seen_from(now);
        let seal = issuer.issue(seal, Key::p256());
        let list_signer = root.issue(Plan::list_signer().seen_from(now), Key::p256());
        Self { root, issuer, seal, list_signer }
    }

    pub fn chain(&self) -> Vec<Vec<u8>> {
        vec![self.seal.der.clone(), self.issuer.der.clone(), self.root.der.clone()]
    }

    pub fn list_chain(&self) -> Vec<Vec<u8>> {
        vec![self.list_signer.der.clone(), self.root.der.clone()]
    }
}
