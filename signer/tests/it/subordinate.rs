//! The root under a root of somebody else, who uses OpenSSL.

use std::path::{Path, PathBuf};

use chrono::{Duration, Utc};
use jebena_signer::authority::{AuthorityError, Issued, NotOurs};
use jebena_signer::ceremony::{self, Plan};
use jebena_signer::x509::bundle;
use jebena_signer::x509::profile::Profile;

use crate::ground::{AUTHORITY, Ground, PLAN, sealing};
use crate::outside::{Desk, openssl};

fn plan() -> Plan {
    Plan::parse(&format!("{PLAN}\nsubordinate = true")).unwrap()
}

/// A root outside, with a key of this kind.
struct Outside<'a> {
    desk: &'a Desk,
    name: &'static str,
}

impl<'a> Outside<'a> {
    fn new(desk: &'a Desk, name: &'static str, key: &[&str]) -> Self {
        let outside = Self { desk, name };
        let (certificate, private) = (outside.certificate(), outside.private());
        let subject = format!("/C=ET/O={name}/CN={name}");
        let mut all = vec!["req", "-x509", "-nodes", "-days", "3650", "-subj", &subject];
        all.extend(key);
        all.extend(["-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", private.to_str().unwrap()]);
        all.extend(["-out", certificate.to_str().unwrap()]);
        let (is_made, told) = openssl(&all);
        assert!(is_made, "{told}");
        outside
    }

    fn certificate(&self) -> PathBuf {
        self.desk.path(&format!("{}.pem", self.name))
    }

    fn private(&self) -> PathBuf {
        self.desk.path(&format!("{}.key", self.name))
    }

    fn der(&self) -> Vec<u8> {
        bundle::read(&std::fs::read(self.certificate()).unwrap()).unwrap()
    }

    /// What it issues for a request; with these extensions, in words of OpenSSL.
    fn issue(&self, request: &Path, extensions: &str) -> Vec<u8> {
        let extensions = self.desk.bytes("extensions.cnf", extensions.as_bytes());
        let out = self.desk.path("issued.pem");
        let paths = [request, &self.certificate(), &self.private(), &extensions, &out];
        let [request, ca, key, extensions, issued] = paths.map(|path| path.to_str().unwrap().to_owned());
        let (is_made, told) = openssl(&[
            "x509",
            "-req",
            "-sha384",
            "-days",
            "1825",
            "-in",
            &request,
            "-CA",
            &ca,
            "-CAkey",
            &key,
            "-extfile",
            &extensions,
            "-out",
            &issued,
        ]);
        assert!(is_made, "{told}");
        bundle::read(&std::fs::read(out).unwrap()).unwrap()
    }
}

const GOOD: &str = "basicConstraints = critical, CA:TRUE, pathlen:1
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
";

async fn request(ground: &Ground, desk: &Desk, name: &str) -> PathBuf {
    let der = ceremony::request_root(&ground.authority, &plan(), Utc::now()).await.unwrap();
    desk.bytes(name, bundle::request_pem(&der).unwrap().as_bytes())
}

async fn adopt(ground: &Ground, certificate: &[u8], issuer: &[u8]) -> Result<Issued, AuthorityError> {
    ceremony::adopt_root(&ground.authority, &plan(), (certificate, issuer), Utc::now()).await
}

fn fault(answer: Result<Issued, AuthorityError>) -> NotOurs {
    match answer {
        Err(AuthorityError::NotOurs(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn openssl_verifies_papers_up_to_the_root_above_ours() {
    for (name, key) in [
        ("Elliptic", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"].as_slice()),
        ("Rivest", ["-newkey", "rsa:3072"].as_slice()),
    ] {
        let (ground, desk) = (Ground::empty().await, Desk::new());
        let outside = Outside::new(&desk, name, key);
        // Without the certificate the ceremony does not begin: nothing signs itself.
        let early = ceremony::hold(&ground.authority, &plan(), Utc::now()).await;
        assert!(matches!(early, Err(AuthorityError::NoAuthority)), "{early:?}");
        assert_eq!(ground.count("select count(*) from certificates").await, 0);

        let request = request(&ground, &desk, "root.csr").await;
        let root = outside.issue(&request, GOOD);
        let adopted = adopt(&ground, &root, &outside.der()).await.unwrap();
        assert_eq!(adopted.der, root);
        let again = ceremony::request_root(&ground.authority, &plan(), Utc::now()).await;
        assert!(matches!(again, Err(AuthorityError::SetUp)), "{again:?}");
        let held = ceremony::hold(&ground.authority, &plan(), Utc::now()).await.unwrap();
        assert_eq!(held.issued.len(), 4, "all but the root");

        let seal = ground.seal_of(AUTHORITY, sealing()).await;
        let below = [ground.issued(Profile::IssuingCa).await, root];
        let below = desk.certificates("below.pem", &below.each_ref().map(Vec::as_slice));
        let leaf = desk.certificates("leaf.pem", &[&seal.der]);
        let top = outside.certificate();
        let [top, below, leaf] = [&top, &below, &leaf].map(|path| path.to_str().unwrap());
        let verify = ["verify", "-x509_strict", "-purpose", "any", "-CAfile", top, "-untrusted", below, leaf];
        let (is_good, told) = openssl(&verify);
        assert!(is_good, "{name}: {told}");
    }
}

#[tokio::test]
async fn what_is_not_the_certificate_of_our_root_is_not_taken() {
    let (ground, desk) = (Ground::empty().await, Desk::new());
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let (outside, other) = (Outside::new(&desk, "Outside", &key), Outside::new(&desk, "Other", &key));
    let request = request(&ground, &desk, "root.csr").await;
    let with = |line: &str, instead: &str| outside.issue(&request, &GOOD.replace(line, instead));
    let good = outside.issue(&request, GOOD);
    let mut bent = good.clone();
    *bent.last_mut().unwrap() ^= 1;
    for (certificate, issuer, wanted) in [
        (b"nothing".to_vec(), outside.der(), NotOurs::Unreadable),
        (good.clone(), other.der(), NotOurs::OtherIssuer),
        (bent, outside.der(), NotOurs::OtherIssuer),
        (with("CA:TRUE, pathlen:1", "CA:FALSE"), outside.der(), NotOurs::NoAuthority),
        (with("pathlen:1", "pathlen:0"), outside.der(), NotOurs::NoAuthority),
        (with(", cRLSign", ""), outside.der(), NotOurs::NoAuthority),
        (
            with(
                "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid",
                "subjectKeyIdentifier = none\nauthorityKeyIdentifier = none",
            ),
            outside.der(),
            NotOurs::NoIdentifier,
        ),
        // It names itself, and is of its own key.
        (outside.der(), outside.der(), NotOurs::OtherName),
    ] {
        assert_eq!(fault(adopt(&ground, &certificate, &issuer).await), wanted);
    }
    // Our name, and a key that was never here.
    let private = desk.path("stolen.key");
    let stolen = desk.path("stolen.csr");
    let subject = "/C=ET/O=Ethiopian Coffee Export Consortium/CN=Ethiopian Coffee Export Root";
    let (is_made, told) = openssl(&[
        "req",
        "-new",
        "-nodes",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-384",
        "-subj",
        subject,
        "-utf8",
        "-keyout",
        private.to_str().unwrap(),
        "-out",
        stolen.to_str().unwrap(),
    ]);
    assert!(is_made, "{told}");
    assert_eq!(fault(adopt(&ground, &outside.issue(&stolen, GOOD), &outside.der()).await), NotOurs::OtherKey);
    let (above, later) = (outside.der(), Utc::now() + Duration::days(1826));
    let late = ceremony::adopt_root(&ground.authority, &plan(), (&good, &above), later).await;
    assert_eq!(fault(late), NotOurs::NotInForce);

    adopt(&ground, &good, &outside.der()).await.unwrap();
    // Once: its key has a certificate.
    assert_eq!(fault(adopt(&ground, &good, &outside.der()).await), NotOurs::OtherKey);
    assert_eq!(ground.count("select count(*) from certificates").await, 1);
    let adopted =
        "select count(*) from secure_audit_log where event_type = 'CERTIFICATE_ADOPTED' and result = 'success'";
    assert_eq!(ground.count(adopted).await, 1);
}
