//! Answers about single certificates, read by OpenSSL and pkilint.

use std::path::PathBuf;
use std::time::Duration;

use der::asn1::OctetString;
use der::{Decode, Encode};
use jebena_signer::authority::{Issued, StatusAnswer};
use jebena_signer::x509::list::Reason;
use jebena_signer::x509::profile::Profile;
use jebena_signer::x509::status::Refusal;
use x509_cert::ext::Extension;
use x509_ocsp::{BasicOcspResponse, OcspRequest, OcspResponse};

use crate::ground::{AUTHORITY, BANK, Ground, now, sealing};
use crate::outside::{Desk, checker, openssl};

const USES: &str = "select count(*) from secure_audit_log where event_type = 'KEY_USED' and action = 'answer_status'";

/// An authority, a seal of it, and what OpenSSL needs to ask about it.
struct Asked {
    ground: Ground,
    desk: Desk,
    seal: Issued,
}

impl Asked {
    async fn new() -> Self {
        let ground = Ground::founded().await;
        let seal = ground.seal_of(AUTHORITY, sealing()).await;
        let desk = Desk::new();
        let (root, issuing) = (ground.issued(Profile::RootCa).await, ground.issued(Profile::IssuingCa).await);
        desk.certificates("ca.pem", &[&issuing]);
        desk.certificates("both.pem", &[&root, &issuing]);
        desk.certificates("leaf.pem", &[&seal.der]);
        Self { ground, desk, seal }
    }

    fn at(&self, name: &str) -> String {
        self.desk.path(name).to_str().unwrap().to_owned()
    }

    /// OpenSSL's question about a certificate.
    fn question(&self, certificate: &str, with: &[&str]) -> Vec<u8> {
        let (issuer, certificate, out) = (self.at("ca.pem"), self.at(certificate), self.at("question.der"));
        let mut all = vec!["ocsp", "-issuer", &issuer];
        all.extend_from_slice(with);
        all.extend_from_slice(&["-cert", &certificate, "-reqout", &out]);
        let (is_content, told) = openssl(&all);
        assert!(is_content, "{told}");
        std::fs::read(&out).unwrap()
    }

    async fn answer(&self, question: &[u8]) -> StatusAnswer {
        self.ground.authority.answer_status(question, now()).await.unwrap()
    }

    fn put(&self, answer: &[u8]) -> PathBuf {
        self.desk.bytes("answer.der", answer)
    }

    /// What OpenSSL makes of an answer to the question that was put down last: whether it is one to it, and what it says of one
    /// certificate.
    fn told(&self, answer: &[u8], certificate: &str, with: &[&str]) -> (bool, String) {
        let certificate = self.at(certificate);
        self.told_of(answer, &[with, &["-cert", &certificate]].concat())
    }

    fn told_of(&self, answer: &[u8], of: &[&str]) -> (bool, String) {
        let answer = self.put(answer);
        let (issuer, both, question) = (self.at("ca.pem"), self.at("both.pem"), self.at("question.der"));
        let start = ["ocsp", "-respin", answer.to_str().unwrap(), "-CAfile", &both];
        let (is_answer, to_it) = openssl(&[&start[..], &["-reqin", &question]].concat());
        let (is_content, told) = openssl(&[&start[..], &["-no_nonce", "-issuer", &issuer], of].concat());
        let told = format!("{to_it}{told}");
        (is_answer && is_content && told.matches("Response verify OK").count() == 2, told)
    }

    /// Asks with OpenSSL, answers, and has OpenSSL check the answer.
    async fn round(&self, with: &[&str]) -> String {
        let answer = self.answer(&self.question("leaf.pem", with)).await;
        let with: Vec<&str> = with.iter().copied().filter(|one| *one != "-no_nonce").collect();
        let (is_content, told) = self.told(&answer.response, "leaf.pem", &with);
        assert!(is_content, "{told}");
        told
    }

    fn lint(&self, answer: &[u8]) {
        let path = self.put(answer);
        let (is_content, told) = checker("lint_ocsp_response", &["lint", "-s", "WARNING", path.to_str().unwrap()]);
        assert!(is_content && told.trim().is_empty(), "{told}");
    }
}

#[tokio::test]
async fn openssl_learns_what_a_certificate_is_worth() {
    let asked = Asked::new().await;
    let seal = asked.seal.certificate_id;
    for with in [&[][..], &["-no_nonce"], &["-sha256"], &["-sha1", "-no_nonce"]] {
        let told = asked.round(with).await;
        assert!(told.contains("leaf.pem: good"), "{with:?}: {told}");
    }
    asked.ground.authority.revoke(seal, Reason::CertificateHold, None, None, now()).await.unwrap();
    let told = asked.round(&["-no_nonce"]).await;
    assert!(told.contains("leaf.pem: revoked") && told.contains("certificateHold"), "{told}");
    asked.ground.authority.reinstate(seal, None, now()).await.unwrap();
    assert!(asked.round(&["-no_nonce"]).await.contains("leaf.pem: good"));
    asked.ground.authority.revoke(seal, Reason::KeyCompromise, Some(now()), None, now()).await.unwrap();
    for with in [&[][..], &["-no_nonce"], &["-sha256"]] {
        let told = asked.round(with).await;
        assert!(told.contains("leaf.pem: revoked") && told.contains("keyCompromise"), "{told}");
    }
}

#[tokio::test]
async fn what_was_never_issued_is_unknown_and_what_is_of_others_is_not_answered() {
    let asked = Asked::new().await;
    let ca = asked.at("ca.pem");
    let out = asked.at("question.der");
    assert!(openssl(&["ocsp", "-issuer", &ca, "-serial", "0x1234", "-reqout", &out]).0);
    let answer = asked.answer(&std::fs::read(&out).unwrap()).await;
    let (_, told) = asked.told_of(&answer.response, &["-serial", "0x1234"]);
    assert!(told.contains("0x1234: unknown") && told.contains("Response verify OK"), "{told}");
    assert_eq!(answer.good_until, None, "it is not kept");

    let other = Asked::new().await;
    let uses = asked.ground.count(USES).await;
    let foreign = asked.answer(&other.question("leaf.pem", &[])).await;
    assert_eq!(foreign, Refusal::Unauthorized.into());
    assert_eq!(asked.ground.count(USES).await, uses, "no key was used");
    let (_, told) = asked.told(&foreign.response, "leaf.pem", &[]);
    assert!(told.contains("unauthorized"), "{told}");
}

#[tokio::test]
async fn an_answer_that_was_changed_or_is_of_another_question_is_refused() {
    let asked = Asked::new().await;
    let answer = asked.answer(&asked.question("leaf.pem", &[])).await.response;
    assert!(asked.told(&answer, "leaf.pem", &[]).0);
    for place in [answer.len() / 8, answer.len() / 5, answer.len() / 3] {
        let mut changed = answer.clone();
        changed[place] ^= 1;
        let (is_content, told) = asked.told(&changed, "leaf.pem", &[]);
        assert!(!is_content, "{place}: {told}");
    }
    asked.question("leaf.pem", &[]);
    let (_, told) = asked.told(&answer, "leaf.pem", &[]);
    assert!(told.contains("Nonce Verify error"), "{told}");
    // Signed by a certificate that is not for it.
    let seal = asked.ground.seal_of(BANK, sealing()).await;
    asked.desk.certificates("other.pem", &[&seal.der]);
    let (_, told) = asked.told(&answer, "other.pem", &[]);
    assert!(told.contains("No Status found"), "{told}");
}

#[tokio::test]
async fn pkilint_finds_nothing_in_answers() {
    let asked = Asked::new().await;
    for with in [&[][..], &["-no_nonce"], &["-sha256"]] {
        asked.lint(&asked.answer(&asked.question("leaf.pem", with)).await.response);
    }
    asked.ground.authority.revoke(asked.seal.certificate_id, Reason::Superseded, None, None, now()).await.unwrap();
    asked.lint(&asked.answer(&asked.question("leaf.pem", &[])).await.response);
    let (ca, out) = (asked.at("ca.pem"), asked.at("question.der"));
    assert!(openssl(&["ocsp", "-issuer", &ca, "-serial", "0x1234", "-reqout", &out]).0);
    asked.lint(&asked.answer(&std::fs::read(&out).unwrap()).await.response);
}

#[tokio::test]
async fn many_questions_are_one_use_and_a_revocation_shows_at_the_next() {
    let asked = Asked::new().await;
    let question = asked.question("leaf.pem", &["-no_nonce"]);
    let first = asked.answer(&question).await;
    assert!(first.good_until.is_some_and(|until| until > now()));
    for _ in 0..20 {
        assert_eq!(asked.answer(&question).await, first);
    }
    assert_eq!(asked.ground.count(USES).await, 1);
    let later = asked.ground.authority.answer_status(&question, now() + chrono::Duration::minutes(31)).await.unwrap();
    assert_ne!(later, first, "half of its time is over");

    let second = asked.ground.second_authority();
    second.answer_status(&question, now()).await.unwrap();
    let seal = asked.seal.certificate_id;
    asked.ground.authority.revoke(seal, Reason::KeyCompromise, None, None, now()).await.unwrap();
    let told = asked.told(&asked.answer(&question).await.response, "leaf.pem", &[]).1;
    assert!(told.contains("leaf.pem: revoked"), "here at once: {told}");
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    let answer = second.answer_status(&question, now()).await.unwrap();
    let told = asked.told(&answer.response, "leaf.pem", &[]).1;
    assert!(told.contains("leaf.pem: revoked"), "elsewhere after a second: {told}");
}

fn basic(answer: &[u8]) -> BasicOcspResponse {
    let bytes = OcspResponse::from_der(answer).unwrap().response_bytes.unwrap().response;
    BasicOcspResponse::from_der(bytes.as_bytes()).unwrap()
}

fn extension(id: &str, critical: bool, value: &[u8]) -> Extension {
    Extension { extn_id: id.parse().unwrap(), critical, extn_value: OctetString::new(value).unwrap() }
}

const NONCE: &str = "1.3.6.1.5.5.7.48.1.2";

#[tokio::test]
async fn nonces_come_back_in_bounds_and_what_is_no_question_is_told_so() {
    let asked = Asked::new().await;
    let good = OcspRequest::from_der(&asked.question("leaf.pem", &["-no_nonce"])).unwrap();
    let with = |extensions: Vec<Extension>| {
        let mut question = good.clone();
        question.tbs_request.request_extensions = Some(extensions);
        question.to_der().unwrap()
    };
    let nonce = |length: usize| OctetString::new(vec![7; length]).unwrap().to_der().unwrap();
    for length in [1, 32, 128] {
        let answer = asked.answer(&with(vec![extension(NONCE, false, &nonce(length))])).await;
        assert_eq!(answer.good_until, None);
        assert_eq!(basic(&answer.response).nonce().unwrap().0.as_bytes(), vec![7; length]);
    }
    let uses = asked.ground.count(USES).await;
    let many = {
        let mut question = good.clone();
        question.tbs_request.request_list = vec![question.tbs_request.request_list[0].clone(); 17];
        question.to_der().unwrap()
    };
    let none = {
        let mut question = good.clone();
        question.tbs_request.request_list.clear();
        question.to_der().unwrap()
    };
    for (bad, why) in [
        (with(vec![extension(NONCE, false, &nonce(0))]), "an empty nonce"),
        (with(vec![extension(NONCE, false, &nonce(129))]), "a long nonce"),
        (with(vec![extension(NONCE, false, b"raw")]), "a nonce that is none"),
        (with(vec![extension(NONCE, false, &nonce(8)), extension(NONCE, false, &nonce(8))]), "two nonces"),
        (with(vec![extension("1.2.3.4", true, b"")]), "a critical extension"),
        (with(vec![extension("1.3.6.1.5.5.7.48.1.4", false, &[0x30, 3, 6, 1, 0x2a])]), "another kind of answer"),
        (many, "seventeen"),
        (none, "none"),
        (b"no".to_vec(), "nothing"),
        ([good.to_der().unwrap(), vec![0]].concat(), "something behind it"),
        (vec![0x30; 5_000], "too long"),
    ] {
        assert_eq!(asked.answer(&bad).await, Refusal::Malformed.into(), "{why}");
    }
    assert_eq!(asked.ground.count(USES).await, uses, "no key was used");
    let sixteen = {
        let mut question = good.clone();
        question.tbs_request.request_list = vec![question.tbs_request.request_list[0].clone(); 16];
        question.to_der().unwrap()
    };
    assert_eq!(basic(&asked.answer(&sixteen).await.response).tbs_response_data.responses.len(), 16);
}

#[tokio::test]
async fn who_answers_gets_another_certificate_in_time() {
    let asked = Asked::new().await;
    let count = "select count(*) from certificates where profile = 'OCSP_RESPONDER'";
    let renew = async |at| asked.ground.authority.renew_own(at).await.unwrap();
    assert_eq!(renew(now()).await, []);
    let later = now() + chrono::Duration::days(61);
    assert_eq!(renew(later).await, [Profile::OcspResponder]);
    assert_eq!(renew(later).await, []);
    assert_eq!(asked.ground.count(count).await, 2);
    let names = "select count(distinct subject_dn) from certificates where profile = 'OCSP_RESPONDER'";
    assert_eq!(asked.ground.count(names).await, 1);
    let question = asked.question("leaf.pem", &[]);
    let answer = asked.ground.authority.answer_status(&question, later).await.unwrap();
    let own = basic(&answer.response).certs.unwrap()[0].to_der().unwrap();
    assert_eq!(own, asked.ground.issued(Profile::OcspResponder).await);
    // After its time nobody answered: another one is issued all the same.
    assert_eq!(renew(later + chrono::Duration::days(200)).await, [Profile::OcspResponder]);
}

#[tokio::test]
async fn what_the_consortium_signs_with_is_followed_by_another_until_the_authority_ends() {
    let ground = Ground::founded().await;
    // One moment for all: what is issued at the next would not be good at this.
    let start = now();
    let renew = async |days| ground.authority.renew_own(start + chrono::Duration::days(days)).await.unwrap();
    let all = [Profile::OcspResponder, Profile::TimeStamping, Profile::TrustList];
    assert_eq!(renew(3 * 365 - 179).await, all);
    assert_eq!(renew(3 * 365 - 179).await, []);
    // A token of the new key, and the list under it.
    let at = start + chrono::Duration::days(3 * 365 + 1);
    ground.authority.stamp([7; 32], None, at).await.unwrap();
    assert_eq!(renew(3 * 365 + 1).await, [Profile::OcspResponder]);
    // One that was revoked is followed at once.
    let id = "select certificate_id from certificates where profile = 'TIME_STAMPING' order by created_at desc limit 1";
    let id: uuid::Uuid = sqlx::query_scalar(id).fetch_one(&ground.pool).await.unwrap();
    ground.authority.revoke(id, Reason::Superseded, None, None, at).await.unwrap();
    assert!(ground.authority.stamp([7; 32], None, at).await.is_err());
    assert_eq!(renew(3 * 365 + 1).await, [Profile::TimeStamping]);
    ground.authority.stamp([7; 32], None, at).await.unwrap();

    // The authority's last day is theirs too, and nothing is issued for nothing.
    let last = 10 * 365 - 1;
    assert_eq!(renew(last).await, all);
    assert_eq!(renew(last).await, []);
    assert_eq!(renew(last + 1).await, []);
}
