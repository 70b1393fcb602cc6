//! Chains that hold, and the many that do not.

use der::oid::AssociatedOid;
use jebena_trust::certificate::{Certificate, CertificateError};
use jebena_trust::chain::{ChainError, Demands, LIST_SIGNING, Purpose, verify};
use spki::ObjectIdentifier;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, NameConstraints};

use crate::pki::{DAY, Holder, Key, NOW, POLICY, Pki, Plan, moment, sign};

fn demands(root: &[u8; 32]) -> Demands<'_> {
    Demands { root, at: moment(NOW), purpose: Purpose::Seal, policy: Some(POLICY) }
}

/// What becomes of a seal that `issuer` issues by `plan`, under the root of `pki`.
fn fate(pki: &Pki, issuer: &Holder, plan: Plan) -> Result<Certificate, ChainError> {
    let seal = issuer.issue(plan, Key::p256());
    verify(&[seal.der, issuer.der.clone(), pki.root.der.clone()], &demands(&pki.root.fingerprint()))
}

fn plan() -> Plan {
    Plan::seal("CN=Seal")
}

#[test]
fn a_chain_holds_from_the_seal_up_to_the_pinned_root() {
    let pki = Pki::new();
    let signer = verify(&pki.chain(), &demands(&pki.root.fingerprint())).unwrap();
    assert_eq!(signer.fingerprint(), &pki.seal.fingerprint());
    let of_lists = Demands { purpose: Purpose::TrustList, policy: None, ..demands(&[0; 32]) };
    let root = pki.root.fingerprint();
    assert!(verify(&pki.list_chain(), &Demands { root: &root, ..of_lists }).is_ok());
}

#[test]
fn another_root_is_none() {
    let (pki, other) = (Pki::new(), Pki::new());
    let judge = |chain: &[Vec<u8>], root: &[u8; 32]| verify(chain, &demands(root)).unwrap_err();
    assert_eq!(judge(&pki.chain(), &other.root.fingerprint()), ChainError::OtherRoot);
    // The same names throughout, and keys of somebody else.
    let mut mixed = pki.chain();
    mixed[2] = other.root.der.clone();
    assert_eq!(judge(&mixed, &other.root.fingerprint()), ChainError::OtherIssuer { at: 1 });
    assert_eq!(judge(&mixed, &pki.root.fingerprint()), ChainError::OtherRoot);
    assert_eq!(judge(&pki.chain()[..1], &pki.root.fingerprint()), ChainError::Length);
    assert_eq!(judge(&[], &pki.root.fingerprint()), ChainError::Length);
    assert_eq!(judge(&pki.chain()[..2], &pki.root.fingerprint()), ChainError::OtherRoot);
    assert_eq!(judge(&vec![pki.root.der.clone(); 6], &pki.root.fingerprint()), ChainError::Length);
}

#[test]
fn who_may_not_issue_has_issued_nothing() {
    let pki = Pki::new();
    let not = Err(ChainError::NotAnIssuer { at: 1 });
    let issuer = |plan: Plan| pki.root.issue(plan, Key::p256());
    let right = Plan::issuer("CN=Issuer", Some(0));
    assert!(fate(&pki, &issuer(right.clone()), plan()).is_ok());
    for wrong in [
        right.clone().with_basic(false, None),
        right.clone().without::<BasicConstraints>(),
        right.clone().with_usage(KeyUsages::DigitalSignature),
        right.clone().with_usage(KeyUsages::CRLSign),
        right.clone().without::<KeyUsage>(),
    ] {
        assert_eq!(fate(&pki, &issuer(wrong), plan()).map(|_| ()), not);
    }
    // A seal that plays the issuer.
    assert_eq!(fate(&pki, &pki.seal, plan()).map(|_| ()), Err(ChainError::OtherIssuer { at: 1 }));
    // A root that is none.
    let root = Holder::root(Plan::root().with_basic(false, None), Key::p384());
    let issuer = root.issue(Plan::issuer("CN=Issuer", None), Key::p256());
    let seal = issuer.issue(plan(), Key::p256());
    let chain = [seal.der, issuer.der, root.der.clone()];
    assert_eq!(verify(&chain, &demands(&root.fingerprint())).unwrap_err(), ChainError::NotAnIssuer { at: 2 });
}

#[test]
fn a_path_is_no_longer_than_each_issuer_allows() {
    let root = Holder::root(Plan::root().with_basic(true, Some(1)), Key::p384());
    let first = root.issue(Plan::issuer("CN=First", Some(0)), Key::p256());
    let second = first.issue(Plan::issuer("CN=Second", None), Key::p256());
    let seal = second.issue(plan(), Key::p256());
    let chain = [seal.der, second.der.clone(), first.der.clone(), root.der.clone()];
    assert_eq!(verify(&chain, &demands(&root.fingerprint())).unwrap_err(), ChainError::PathLength { at: 2 });
    // The root's own limit.
    let root = Holder::root(Plan::root().with_basic(true, Some(0)), Key::p384());
    let first = root.issue(Plan::issuer("CN=First", None), Key::p256());
    let second = first.issue(Plan::issuer("CN=Second", None), Key::p256());
    let seal = second.issue(plan(), Key::p256());
    let chain = [seal.der, second.der, first.der.clone(), root.der.clone()];
    assert_eq!(verify(&chain, &demands(&root.fingerprint())).unwrap_err(), ChainError::PathLength { at: 3 });
    // Of length 0 it has no issuer below it, and may issue to who signs.
    let chain = [first.issue(plan(), Key::p256()).der, first.der, root.der.clone()];
    assert_eq!(verify(&chain, &demands(&root.fingerprint())).unwrap_err(), ChainError::PathLength { at: 2 });
    assert!(verify(&[root.issue(plan(), Key::p256()).der, root.der.clone()], &demands(&root.fingerprint())).is_ok());
}

#[test]
fn each_certificate_is_valid_at_the_moment() {
    let pki = Pki::new();
    for (from, until, wanted) in
        [(NOW - DAY, NOW + DAY, Ok(())), (NOW, NOW, Ok(())), (NOW - DAY, NOW - 1, Err(0)), (NOW + 1, NOW + DAY, Err(0))]
    {
        let fate = fate(&pki, &pki.issuer, plan().valid(from, until)).map(|_| ());
        assert_eq!(fate, wanted.map_err(|at| ChainError::Validity { at }), "{from} {until}");
    }
    let over = pki.root.issue(Plan::issuer("CN=Issuer", Some(0)).valid(NOW - 9 * DAY, NOW - DAY), Key::p256());
    assert_eq!(fate(&pki, &over, plan()).unwrap_err(), ChainError::Validity { at: 1 });
    let root = Holder::root(Plan::root().valid(NOW - 9 * DAY, NOW - DAY), Key::p384());
    let issuer = root.issue(Plan::issuer("CN=Issuer", None), Key::p256());
    let chain = [issuer.issue(plan(), Key::p256()).der, issuer.der, root.der.clone()];
    assert_eq!(verify(&chain, &demands(&root.fingerprint())).unwrap_err(), ChainError::Validity { at: 2 });
}

#[test]
fn the_seals_certificate_is_made_for_seals() {
    let pki = Pki::new();
    let other = Err(ChainError::OtherPurpose);
    let issues = Err(ChainError::SignerIssues);
    let any = ObjectIdentifier::new_unwrap("2.5.29.37.0");
    for (plan, wanted) in [
        (plan().with_basic(false, None), Ok(())),
        (plan().with_usage(KeyUsages::DigitalSignature), Ok(())),
        (plan().with_extended(LIST_SIGNING), other.clone()),
        (plan().with_extended(any), other.clone()),
        (plan().without::<ExtendedKeyUsage>(), other.clone()),
        (plan().without::<KeyUsage>(), other.clone()),
        (plan().with_usage(KeyUsages::KeyAgreement), other),
        (plan().with_usage(KeyUsages::NonRepudiation | KeyUsages::KeyCertSign), issues.clone()),
        (plan().with_basic(true, None), issues),
        (plan().with_policy(ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.9")), Err(ChainError::OtherPolicy)),
    ] {
        assert_eq!(fate(&pki, &pki.issuer, plan).map(|_| ()), wanted);
    }
    let large = pki.issuer.issue(plan(), Key::p384());
    let chain = [large.der, pki.issuer.der.clone(), pki.root.der.clone()];
    assert_eq!(verify(&chain, &demands(&pki.root.fingerprint())).unwrap_err(), ChainError::OtherCurve);
}

#[test]
fn names_lead_from_one_to_the_next() {
    let pki = Pki::new();
    // Signed with the issuer's key, in the name of somebody else.
    let mut tbs = pki.seal.tbs.clone();
    tbs.issuer = "CN=Somebody Else".parse().unwrap();
    let chain = [sign(&tbs, &pki.issuer.key), pki.issuer.der.clone(), pki.root.der.clone()];
    assert_eq!(verify(&chain, &demands(&pki.root.fingerprint())).unwrap_err(), ChainError::OtherIssuer { at: 0 });
    // In the right name, with another key of which nothing is said.
    let mut tbs = pki.seal.tbs.clone();
    tbs.extensions.as_mut().unwrap().retain(|e| e.extn_id != x509_cert::ext::pkix::AuthorityKeyIdentifier::OID);
    let chain = [sign(&tbs, &Key::p256()), pki.issuer.der.clone(), pki.root.der.clone()];
    assert_eq!(verify(&chain, &demands(&pki.root.fingerprint())).unwrap_err(), ChainError::Signature { at: 0 });
}

#[test]
fn what_has_to_be_understood_and_is_not_refuses_the_whole() {
    let pki = Pki::new();
    let unknown = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.7.7");
    let why = |oid: ObjectIdentifier| CertificateError::UnknownCritical(oid.to_string());
    for (oid, value) in [(unknown, vec![5, 0]), (NameConstraints::OID, vec![0x30, 0])] {
        let fate = |plan: Plan| fate(&pki, &pki.issuer, plan).map(|_| ());
        assert_eq!(
            fate(plan().with_raw(oid, true, value.clone())),
            Err(ChainError::Certificate { at: 0, why: why(oid) })
        );
        assert_eq!(fate(plan().with_raw(oid, false, value)), Ok(()));
    }
    let issuer = pki.root.issue(Plan::issuer("CN=Issuer", None).with_raw(unknown, true, vec![5, 0]), Key::p256());
    assert_eq!(fate(&pki, &issuer, plan()).unwrap_err(), ChainError::Certificate { at: 1, why: why(unknown) });
}

#[test]
fn certificates_are_read_strictly() {
    let pki = Pki::new();
    let read = |der: &[u8]| Certificate::from_der(der).map(|_| ()).unwrap_err();
    assert_eq!(read(&[pki.seal.der.clone(), vec![0]].concat()), CertificateError::NotDer);
    assert_eq!(read(&[]), CertificateError::NotDer);
    assert_eq!(read(&vec![0x30; 10_000]), CertificateError::NotDer);
    let changed = |change: &dyn Fn(&mut x509_cert::TbsCertificate)| {
        let mut tbs = pki.seal.tbs.clone();
        change(&mut tbs);
        read(&sign(&tbs, &pki.issuer.key))
    };
    assert_eq!(changed(&|tbs| tbs.version = x509_cert::Version::V1), CertificateError::OldVersion);
    let twice = |tbs: &mut x509_cert::TbsCertificate| {
        let extensions = tbs.extensions.as_mut().unwrap();
        extensions.push(extensions[0].clone());
    };
    assert_eq!(changed(&twice), CertificateError::Extension);
    let broken = |tbs: &mut x509_cert::TbsCertificate| {
        tbs.extensions.as_mut().unwrap()[0].extn_value = der::asn1::OctetString::new(vec![5, 0]).unwrap();
    };
    assert_eq!(changed(&broken), CertificateError::Extension);
    assert_eq!(
        changed(&|tbs| tbs.serial_number = x509_cert::serial_number::SerialNumber::new(&[0]).unwrap()),
        CertificateError::Serial
    );
    assert_eq!(
        changed(&|tbs| tbs.signature.oid = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11")),
        CertificateError::OtherAlgorithm
    );
    assert_eq!(
        changed(&|tbs| tbs.subject_public_key_info.algorithm.oid = ObjectIdentifier::new_unwrap("1.3.101.112")),
        CertificateError::OtherKey
    );
}

#[test]
fn every_bit_of_a_chain_counts() {
    let pki = Pki::new();
    let root = pki.root.fingerprint();
    for (at, der) in pki.chain().iter().enumerate() {
        for place in 0..der.len() {
            let mut chain = pki.chain();
            chain[at][place] ^= 1 << (place % 8);
            assert!(verify(&chain, &demands(&root)).is_err(), "certificate {at}, byte {place}");
        }
    }
}
