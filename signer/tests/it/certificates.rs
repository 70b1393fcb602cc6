//! What is issued: accepted by OpenSSL and without a finding of pkilint.

use jebena_signer::authority::AuthorityError;
use jebena_signer::ceremony;
use jebena_signer::x509::bundle;
use jebena_signer::x509::list::Reason;
use jebena_signer::x509::profile::Profile;

use crate::ground::{AUTHORITY, Ground, now, plan, seal_order, sealing};
use crate::outside::{Desk, checker, openssl, verify};

async fn list(ground: &Ground, profile: Profile, is_delta: bool) -> Vec<u8> {
    ground.authority.newest_list(profile, is_delta, now()).await.unwrap().unwrap()
}

async fn all_lists(ground: &Ground, desk: &Desk) -> std::path::PathBuf {
    let (root, issuing) = (list(ground, Profile::RootCa, false).await, list(ground, Profile::IssuingCa, false).await);
    desk.lists("all.crl", &[&root, &issuing])
}

#[tokio::test]
async fn openssl_accepts_what_is_issued_and_refuses_what_is_revoked() {
    let ground = Ground::founded().await;
    let seal = ground.seal_of(AUTHORITY, sealing()).await;
    let desk = Desk::new();
    let root = desk.certificates("root.pem", &[&ground.issued(Profile::RootCa).await]);
    let issuing = desk.certificates("ca.pem", &[&ground.issued(Profile::IssuingCa).await]);
    let leaf = desk.certificates("leaf.pem", &[&seal.der]);
    let told = verify(&desk, &root, &issuing, &all_lists(&ground, &desk).await, &leaf);
    assert!(told.0, "{}", told.1);
    for profile in [Profile::OcspResponder, Profile::TimeStamping, Profile::TrustList] {
        let leaf = desk.certificates("own.pem", &[&ground.issued(profile).await]);
        let told = verify(&desk, &root, &issuing, &all_lists(&ground, &desk).await, &leaf);
        assert!(told.0, "{profile:?}: {}", told.1);
    }

    ground.authority.revoke(seal.certificate_id, Reason::CertificateHold, None, None, now()).await.unwrap();
    let told = verify(&desk, &root, &issuing, &all_lists(&ground, &desk).await, &leaf);
    assert!(!told.0 && told.1.contains("revoked"), "{}", told.1);
    ground.authority.reinstate(seal.certificate_id, None, now()).await.unwrap();
    let told = verify(&desk, &root, &issuing, &all_lists(&ground, &desk).await, &leaf);
    assert!(told.0, "{}", told.1);
    ground.authority.revoke(seal.certificate_id, Reason::KeyCompromise, Some(now()), None, now()).await.unwrap();
    let told = verify(&desk, &root, &issuing, &all_lists(&ground, &desk).await, &leaf);
    assert!(!told.0 && told.1.contains("revoked"), "{}", told.1);
    let again = ground.authority.revoke(seal.certificate_id, Reason::Superseded, None, None, now()).await;
    assert!(matches!(again, Err(AuthorityError::Revoked)), "{again:?}");
    let lifted = ground.authority.reinstate(seal.certificate_id, None, now()).await;
    assert!(matches!(lifted, Err(AuthorityError::Missing)), "only a hold can be lifted: {lifted:?}");
}

#[tokio::test]
async fn pkilint_finds_nothing() {
    let ground = Ground::founded().await;
    let seal = ground.seal_of(AUTHORITY, sealing()).await;
    ground.authority.revoke(seal.certificate_id, Reason::KeyCompromise, Some(now()), None, now()).await.unwrap();
    let desk = Desk::new();
    let mut certificates = vec![("seal".to_owned(), seal.der)];
    for profile in Profile::ALL {
        if !matches!(profile, Profile::OrganizationSeal | Profile::Officer) {
            certificates.push((profile.code().to_lowercase(), ground.issued(profile).await));
        }
    }
    for (name, der) in &certificates {
        let path = desk.certificates(&format!("{name}.pem"), &[der]);
        let (is_content, told) = checker("lint_pkix_cert", &["lint", "-s", "WARNING", path.to_str().unwrap()]);
        assert!(is_content && told.trim().is_empty(), "{name}: {told}");
    }
    let (issuing, leaf) = (desk.path("issuing_ca.pem"), desk.path("seal.pem"));
    let (is_content, told) = checker(
        "lint_pkix_signer_signee_cert_chain",
        &["lint", "-s", "WARNING", issuing.to_str().unwrap(), leaf.to_str().unwrap()],
    );
    assert!(is_content && told.trim().is_empty(), "{told}");
    for (name, kind, der) in [
        ("root.crl", "ARL", list(&ground, Profile::RootCa, false).await),
        ("ca.crl", "CRL", list(&ground, Profile::IssuingCa, false).await),
        ("delta.crl", "CRL", list(&ground, Profile::IssuingCa, true).await),
    ] {
        let path = desk.lists(name, &[&der]);
        let (is_content, told) =
            checker("lint_crl", &["lint", "-p", "PKIX", "-t", kind, "-s", "WARNING", path.to_str().unwrap()]);
        assert!(is_content && told.trim().is_empty(), "{name}: {told}");
    }
}

#[tokio::test]
async fn openssl_reads_the_files_that_others_get() {
    let ground = Ground::founded().await;
    let seal = ground.seal_of(AUTHORITY, sealing()).await.der;
    let (root, issuing) = (ground.issued(Profile::RootCa).await, ground.issued(Profile::IssuingCa).await);
    let chain = [seal.as_slice(), &issuing, &root];
    let desk = Desk::new();
    let pkcs7 = desk.bytes("chain.p7b", &bundle::pkcs7(&chain).unwrap());
    let read = ["pkcs7", "-inform", "DER", "-in", pkcs7.to_str().unwrap(), "-print_certs"];
    let (is_read, told) = openssl(&read);
    assert!(is_read && told.matches("BEGIN CERTIFICATE").count() == 3, "{told}");
    let pem = bundle::pem(&chain).unwrap();
    for part in pem.split_inclusive("-----END CERTIFICATE-----\n") {
        assert!(told.contains(part), "{part}");
    }
}

#[tokio::test]
async fn the_ceremony_is_held_once_and_goes_on_where_it_was_broken_off() {
    let ground = Ground::founded().await;
    let again = ceremony::hold(&ground.authority, &plan(), now()).await;
    assert!(matches!(again, Err(AuthorityError::SetUp)), "{again:?}");

    let ground = Ground::empty().await;
    let before = ground.authority.issue(&seal_order(AUTHORITY, sealing()), now()).await;
    assert!(matches!(before, Err(AuthorityError::NoAuthority)), "{before:?}");
    ceremony::hold(&ground.authority, &plan(), now()).await.unwrap();
    ground
        .tamper(
            "update private_keys set certificate_id = null where profile = 'TRUST_LIST';
             delete from certificate_issuances where profile = 'TRUST_LIST'; delete from certificates where profile = 'TRUST_LIST'",
        )
        .await;
    let gone_on = ceremony::hold(&ground.authority, &plan(), now()).await.unwrap();
    assert_eq!(gone_on.issued.iter().map(|(profile, _)| *profile).collect::<Vec<_>>(), [Profile::TrustList]);
}

#[tokio::test]
async fn no_certificate_without_an_intent_and_no_intent_without_its_certificate() {
    let ground = Ground::founded().await;
    for _ in 0..3 {
        ground.seal_of(AUTHORITY, sealing()).await;
    }
    let without = "select count(*) from certificates c
                   where not exists (select from certificate_issuances i
                                     where i.certificate_id = c.certificate_id and i.state = 'ISSUED'
                                       and i.serial_number = c.serial_number
                                       and position(i.to_be_signed in c.der_encoded_cert) > 0)";
    assert_eq!(ground.count(without).await, 0);
    assert_eq!(ground.count("select count(*) from certificate_issuances where state <> 'ISSUED'").await, 0);
}
