//! What strangers fetch to check a signature, from a signer of flesh and blood behind its socket.

use std::time::Duration;

use http::StatusCode;
use jebena_signer::x509::list::Reason;
use jebena_trust::moment::Moment;
use jebena_trust::trust_list::{self, State, Verified};
use uuid::Uuid;

use crate::signer::Signer;
use crate::site::{Browser, TestSite};

/// The list of who may seal, believed by its root.
pub async fn list(site: &TestSite, root: &[u8; 32]) -> Verified {
    let answer = site.get(&mut Browser::default(), "/trust-list").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let at = Moment::from_unix(site.now().timestamp()).unwrap();
    trust_list::verify(&answer.text, root, at, None).unwrap()
}

#[tokio::test]
async fn strangers_get_what_they_check_with_and_learn_of_a_revocation_within_seconds() {
    let mut site = TestSite::seeded().await;
    let mut stranger = Browser::default();
    assert_eq!(site.get(&mut stranger, "/pki/root.cer").await.status, StatusCode::NOT_FOUND, "there is no signer yet");

    let (mut signer, admin) = Signer::start("secure_for_strangers", site.now()).await;
    site.signed_by(signer.client.clone());
    let mut product = site.sql().await;
    let authority: Uuid = sqlx::query_scalar("select organization_id from organizations where kind = 'ECTA'")
        .fetch_one(&mut product)
        .await
        .unwrap();
    let seal = signer.seal_of(authority, site.now()).await;
    for (path, kind) in [
        ("/pki/root.cer", "application/pkix-cert"),
        ("/pki/ca.cer", "application/pkix-cert"),
        ("/pki/root.crl", "application/pkix-crl"),
        ("/pki/ca.crl", "application/pkix-crl"),
        ("/pki/ca-delta.crl", "application/pkix-crl"),
    ] {
        let answer = site.get(&mut stranger, path).await;
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (StatusCode::OK, kind), "{path}");
    }
    let mut secure = <sqlx::PgConnection as sqlx::Connection>::connect_with(&admin).await.unwrap();
    let root: Vec<u8> = sqlx::query_scalar("select thumbprint_sha256 from certificates where profile = 'ROOT_CA'")
        .fetch_one(&mut secure)
        .await
        .unwrap();
    let root: [u8; 32] = root.try_into().unwrap();
    let before = list(&site, &root).await;
    assert_eq!(before.list().entries.len(), 1);
    let entry = &before.list().entries[0];
    assert_eq!((entry.organization.as_str(), entry.state), ("ECTA", State::Good));
    assert_eq!(before.list(), list(&site, &root).await.list(), "the same list is given until something changes");

    site.clock.advance(chrono::Duration::minutes(1));
    signer.authority.revoke(seal.certificate_id, Reason::KeyCompromise, None, None, site.now()).await.unwrap();
    let begun = std::time::Instant::now();
    while matches!(list(&site, &root).await.list().entries[0].state, State::Good) {
        assert!(begun.elapsed() < Duration::from_secs(30), "the list does not learn of it");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }

    signer.end().await;
    assert_eq!(site.get(&mut stranger, "/pki/ca.crl").await.status, StatusCode::SERVICE_UNAVAILABLE);
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(list(&site, &root).await.list().entries.len(), 1, "the list stays good as of its moment");
    site.clock.advance(chrono::Duration::days(8));
    assert_eq!(
        site.get(&mut stranger, "/trust-list").await.status,
        StatusCode::NOT_FOUND,
        "and no longer than it says"
    );
}

#[tokio::test]
async fn the_server_has_no_way_into_the_secure_database() {
    let site = TestSite::seeded().await;
    let (_signer, admin) = Signer::start("secure_for_attack", site.now()).await;
    let refused = <sqlx::PgConnection as sqlx::Connection>::connect_with(&admin.username("jebena_app")).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("permission denied"), "{refused}");
}

/// OpenSSL's question about a certificate (both DER), without a nonce.
fn question(issuer: &[u8], certificate: &[u8]) -> Vec<u8> {
    let desk = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        std::fs::write(desk.path().join(name), bytes).unwrap();
        desk.path().join(name)
    };
    let (issuer, certificate, out) = (put("ca", issuer), put("leaf", certificate), desk.path().join("question"));
    let asked = std::process::Command::new("openssl")
        .args(["ocsp", "-no_nonce", "-issuer"])
        .arg(issuer)
        .arg("-cert")
        .arg(certificate)
        .arg("-reqout")
        .arg(&out)
        .output()
        .unwrap();
    assert!(asked.status.success(), "{}", String::from_utf8_lossy(&asked.stderr));
    std::fs::read(out).unwrap()
}

const TRY_LATER: [u8; 5] = [0x30, 3, 0x0a, 1, 3];
const MALFORMED: [u8; 5] = [0x30, 3, 0x0a, 1, 1];

#[tokio::test]
async fn strangers_ask_whether_a_certificate_is_revoked_in_address_and_body() {
    let mut site = TestSite::seeded().await;
    let mut stranger = Browser::default();
    let (mut signer, _) = Signer::start("secure_for_questions", site.now()).await;
    site.signed_by(signer.client.clone());
    let seal = signer.seal_of(Uuid::from_u128(1), site.now()).await;
    let question = question(&site.get(&mut stranger, "/pki/ca.cer").await.bytes, &seal.der);

    let text = base64::engine::Engine::encode(&base64::engine::general_purpose::STANDARD, &question);
    let escaped = text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let first = site.get(&mut stranger, &format!("/pki/ocsp/{escaped}")).await;
    assert_eq!(
        (first.status, first.headers["content-type"].to_str().unwrap()),
        (StatusCode::OK, "application/ocsp-response")
    );
    assert!(first.headers["cache-control"].to_str().unwrap().contains("max-age=5"));
    assert_eq!(first.bytes[4..9], [0x0a, 1, 0, 0xa0, 0x82], "successful");
    // As it stands, and without the signs at its end.
    for form in [text.as_str(), text.trim_end_matches('=')] {
        assert_eq!(site.get(&mut stranger, &format!("/pki/ocsp/{form}")).await.bytes, first.bytes);
    }
    let again = http::Request::get(format!("/pki/ocsp/{escaped}"))
        .header("if-none-match", &first.headers["etag"])
        .body(axum::body::Body::empty());
    assert_eq!(site.call(&mut stranger, again.unwrap()).await.status, StatusCode::NOT_MODIFIED);
    let post = |kind: &str, body: Vec<u8>| {
        http::Request::post("/pki/ocsp").header("content-type", kind).body(axum::body::Body::from(body)).unwrap()
    };
    let asked = site.call(&mut stranger, post("application/ocsp-request", question.clone())).await;
    assert_eq!((asked.status, &asked.bytes), (StatusCode::OK, &first.bytes));
    assert_eq!(asked.headers["cache-control"], "no-store");

    for bad in ["/pki/ocsp/MAA=", "/pki/ocsp/no-base64!", "/pki/ocsp/%ff"] {
        let told = site.get(&mut stranger, bad).await;
        assert_eq!((told.status, told.bytes.as_slice()), (StatusCode::OK, &MALFORMED[..]), "{bad}");
        assert_eq!(told.headers["cache-control"], "no-store", "{bad}");
    }
    let long = site.call(&mut stranger, post("application/ocsp-request", vec![0x30; 5_000])).await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE);
    let form = site.call(&mut stranger, post("text/plain", question.clone())).await;
    assert_eq!(form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);

    signer.authority.revoke(seal.certificate_id, Reason::KeyCompromise, None, None, site.now()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let revoked = site.get(&mut stranger, &format!("/pki/ocsp/{escaped}")).await;
    assert_ne!(revoked.bytes, first.bytes);
    signer.end().await;
    let away = site.get(&mut stranger, &format!("/pki/ocsp/{escaped}")).await;
    assert_eq!((away.status, away.bytes.as_slice()), (StatusCode::OK, &TRY_LATER[..]));
}
