//! The examination of a certificate before it is signed: a twin, signed with a key that is thrown away, is read back as a stranger
//! would read it, and held against its profile. The rules are those of RFC 5280 and of the profiles, once more and from the other side:
//! a fault in the making shows here and not in the hands of others.

use chrono::Duration;
use der::{Decode, Encode};
use x509_cert::certificate::{Certificate, Version};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::time::Time;

use super::certificate::{Issuer, assemble};
use super::profile::Profile;
use crate::keypair::{Curve, KeyPair, is_signed_by};

const BASIC_CONSTRAINTS: &str = "2.5.29.19";
const KEY_USAGE: &str = "2.5.29.15";
const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";
const CRL_DISTRIBUTION_POINTS: &str = "2.5.29.31";
const CERTIFICATE_POLICIES: &str = "2.5.29.32";
const AUTHORITY_INFO_ACCESS: &str = "1.3.6.1.5.5.7.1.1";
const OCSP_NO_CHECK: &str = "1.3.6.1.5.5.7.48.1.5";
const FRESHEST_CRL: &str = "2.5.29.46";

/// What is wrong with the bytes that are about to be signed; nothing is what it should find.
#[must_use]
pub fn findings(to_be_signed: &[u8], profile: Profile, issuer: Option<&Issuer>) -> Vec<String> {
    let curve = issuer.map_or(profile.curve(), |issuer| issuer.curve);
    let Some(twin) = twin(to_be_signed, curve) else {
        return vec!["the certificate cannot be read back".to_owned()];
    };
    let mut findings = Findings(Vec::new());
    findings.of_bytes(&twin, to_be_signed);
    findings.of_names_and_times(&twin, profile, issuer);
    findings.of_key(&twin, profile);
    findings.of_extensions(&twin, profile, issuer);
    findings.0
}

/// The certificate under the signature of a key that nobody keeps, read back.
fn twin(to_be_signed: &[u8], curve: Curve) -> Option<Certificate> {
    let key = KeyPair::new(curve);
    let signature = key.sign(to_be_signed);
    let certificate = assemble(to_be_signed, curve, &signature).ok()?;
    let read = Certificate::from_der(&certificate).ok()?;
    let is_whole = is_signed_by(&key.public().ok()?, to_be_signed, read.signature.as_bytes()?);
    (is_whole && read.to_der().ok()? == certificate).then_some(read)
}

struct Findings(Vec<String>);

impl Findings {
    fn expect(&mut self, holds: bool, rule: &str) {
        if !holds {
            self.0.push(rule.to_owned());
        }
    }

    fn of_bytes(&mut self, twin: &Certificate, to_be_signed: &[u8]) {
        let inner = &twin.tbs_certificate;
        self.expect(inner.to_der().is_ok_and(|der| der == to_be_signed), "the encoding is the distinguished one");
        self.expect(inner.version == Version::V3, "the version is 3");
        self.expect(inner.signature == twin.signature_algorithm, "both say the same algorithm");
        self.expect(inner.issuer_unique_id.is_none() && inner.subject_unique_id.is_none(), "there are no unique ids");
        let serial = inner.serial_number.as_bytes();
        self.expect(
            (8..=20).contains(&serial.len()) && serial.first().is_some_and(|first| first & 0x80 == 0),
            "the serial number is positive, of 64 bits or more and of 20 bytes at most",
        );
    }

    fn of_names_and_times(&mut self, twin: &Certificate, profile: Profile, issuer: Option<&Issuer>) {
        let inner = &twin.tbs_certificate;
        self.expect(!inner.subject.0.is_empty(), "the subject has a name");
        match issuer {
            Some(issuer) => {
                self.expect(inner.issuer == issuer.name, "the issuer is named as in its own certificate");
                self.expect(inner.subject != issuer.name, "only the root is issued by itself");
                self.expect(Some(issuer.profile) == profile.issuer(), "the issuer is the one of the profile");
            }
            None => self.expect(
                inner.issuer == inner.subject && profile == Profile::RootCa,
                "who signs itself is the root, and named as its issuer",
            ),
        }
        let (from, until) = (inner.validity.not_before.to_unix_duration(), inner.validity.not_after.to_unix_duration());
        let lasts = until.checked_sub(from).and_then(|lasts| Duration::from_std(lasts).ok());
        self.expect(
            lasts.is_some_and(|lasts| lasts > Duration::zero() && lasts <= profile.longest()),
            "it is valid for some time, and for no longer than the profile allows",
        );
        for time in [inner.validity.not_before, inner.validity.not_after] {
            let is_right = match time {
                Time::UtcTime(_) => time.to_date_time().year() < 2050,
                Time::GeneralTime(_) => time.to_date_time().year() >= 2050,
            };
            self.expect(is_right, "times are UTCTime until 2049 and GeneralizedTime after it");
        }
    }

    fn of_key(&mut self, twin: &Certificate, profile: Profile) {
        let key = &twin.tbs_certificate.subject_public_key_info;
        self.expect(Curve::of(key) == Some(profile.curve()), "the key lies on the curve of the profile");
        let point = key.subject_public_key.as_bytes().unwrap_or_default();
        let is_on_curve = match profile.curve() {
            Curve::P256 => p256::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok() && point.len() == 65,
            Curve::P384 => p384::ecdsa::VerifyingKey::from_sec1_bytes(point).is_ok() && point.len() == 97,
        };
        self.expect(is_on_curve, "the key is a point of its curve, and not compressed");
    }

    fn of_extensions(&mut self, twin: &Certificate, profile: Profile, issuer: Option<&Issuer>) {
        let all = twin.tbs_certificate.extensions.as_deref().unwrap_or_default();
        let mut ids: Vec<String> = all.iter().map(|extension| extension.extn_id.to_string()).collect();
        ids.sort_unstable();
        let number = ids.len();
        ids.dedup();
        self.expect(ids.len() == number, "no extension stands twice");
        let expected = expected(profile, issuer.is_some());
        let missing = expected.iter().filter(|id| !ids.iter().any(|other| other == *id));
        let foreign = ids.iter().filter(|id| !expected.contains(&id.as_str()));
        for id in missing {
            self.0.push(format!("the extension {id} is there"));
        }
        for id in foreign {
            self.0.push(format!("the extension {id} is none of this profile"));
        }
        for extension in all {
            let id = extension.extn_id.to_string();
            let is_critical = match id.as_str() {
                BASIC_CONSTRAINTS | KEY_USAGE => true,
                EXTENDED_KEY_USAGE => profile == Profile::TimeStamping,
                _ => false,
            };
            self.expect(extension.critical == is_critical, &format!("the extension {id} is critical as it should be"));
        }
        let constraints: Option<BasicConstraints> = read(all, BASIC_CONSTRAINTS);
        self.expect(
            constraints.map(|constraints| (constraints.ca, constraints.path_len_constraint))
                == profile.is_authority().then_some((true, profile.path_length())),
            "an authority says so, and nobody else does",
        );
        let usage: Option<KeyUsage> = read(all, KEY_USAGE);
        self.expect(
            usage.is_some_and(|usage| usage.0 == profile.key_usage()),
            "the key's uses are those of the profile",
        );
        let purposes: Option<ExtendedKeyUsage> = read(all, EXTENDED_KEY_USAGE);
        self.expect(
            purposes.map(|purposes| purposes.0) == profile.extended_key_usage().map(|(purpose, _)| vec![purpose]),
            "the key's purpose is the one of the profile",
        );
    }
}

fn expected(profile: Profile, is_issued: bool) -> Vec<&'static str> {
    let mut all = vec![KEY_USAGE, SUBJECT_KEY_IDENTIFIER];
    if profile.is_authority() {
        all.push(BASIC_CONSTRAINTS);
    } else {
        all.push(EXTENDED_KEY_USAGE);
    }
    if is_issued {
        all.extend([AUTHORITY_KEY_IDENTIFIER, CERTIFICATE_POLICIES, AUTHORITY_INFO_ACCESS]);
        all.push(CRL_DISTRIBUTION_POINTS);
        if profile != Profile::IssuingCa {
            all.push(FRESHEST_CRL);
        }
        if profile == Profile::OcspResponder {
            all.push(OCSP_NO_CHECK);
        }
    }
    all
}

fn read<'a, T: Decode<'a>>(all: &'a [Extension], id: &str) -> Option<T> {
    all.iter()
        .find(|extension| extension.extn_id.to_string() == id)
        .and_then(|extension| T::from_der(extension.extn_value.as_bytes()).ok())
}
