//! Time stamps, asked of ourselves and of OpenSSL, and answered to both.

use chrono::{DateTime, Utc};
use jebena_pdf::tsp::{self, Answer, Question, Refusal, TimeStampError, TimeStampMeta};

use crate::pki::{Holder, Pki};
use crate::tools::said;

pub const POLICY: &str = "1.3.6.1.4.1.32473.1.3";

pub fn now() -> DateTime<Utc> {
    Utc::now()
}

/// What our authority answers to a question.
pub fn answer(pki: &Pki, tsa: &Holder, question: &[u8]) -> Vec<u8> {
    let policy = POLICY.parse().unwrap();
    let question = match Question::read(question, policy) {
        Ok(question) => question,
        Err(refusal) => return tsp::refuse(refusal).unwrap(),
    };
    let meta = TimeStampMeta { policy, serial: vec![0x80, 1, 2, 3], at: now(), accuracy_seconds: 1 };
    let answer = Answer::prepare(&question, &meta, &tsa.certificate).unwrap();
    let signature = tsa.sign(&pki.desk, answer.to_be_signed());
    answer.finish(&signature, &[pki.certificate("issuing")]).unwrap()
}

#[test]
fn openssl_accepts_our_time_stamps_of_its_own_questions() {
    let pki = Pki::new();
    let tsa = pki.tsa();
    let data = pki.desk.put("data", b"coffee");
    for with in [&["-cert"][..], &["-cert", "-no_nonce"], &["-tspolicy", POLICY]] {
        let question = pki.at("question.tsq");
        said("openssl", &[&["ts", "-query", "-data", &data, "-sha256", "-out", &question], with].concat());
        let answer = pki.desk.put("answer.tsr", &answer(&pki, &tsa, &std::fs::read(&question).unwrap()));
        let (root, issuing, own) = (pki.at("root.pem"), pki.at("issuing.pem"), pki.at("tsa.pem"));
        let said_of = |data: &str| {
            let chain = pki.desk.put("chain.pem", &[&issuing, &own].map(|file| std::fs::read(file).unwrap()).concat());
            crate::tools::run(
                "openssl",
                &["ts", "-verify", "-data", data, "-in", &answer, "-CAfile", &root, "-untrusted", &chain],
            )
        };
        assert!(said_of(&data).status.success(), "{with:?}: {}", crate::tools::words(&said_of(&data)));
        assert!(!said_of(&pki.desk.put("other", b"tea")).status.success());
        let text = said("openssl", &["ts", "-reply", "-in", &answer, "-text"]);
        assert!(text.contains("Status: Granted") && text.contains("0x80010203") && text.contains(POLICY), "{text}");
    }
}

#[test]
fn what_cannot_be_stamped_is_refused_with_its_reason() {
    let pki = Pki::new();
    let tsa = pki.tsa();
    let data = pki.desk.put("data", b"coffee");
    let asked = |with: &[&str]| {
        let question = pki.at("question.tsq");
        said("openssl", &[&["ts", "-query", "-data", &data, "-out", &question], with].concat());
        std::fs::read(question).unwrap()
    };
    let good = asked(&["-sha256"]);
    let policy = POLICY.parse().unwrap();
    assert_eq!(Question::read(&asked(&["-sha1"]), policy), Err(Refusal::Algorithm));
    assert_eq!(Question::read(&asked(&["-sha256", "-tspolicy", "1.2.3.4"]), policy), Err(Refusal::Policy));
    assert_eq!(Question::read(&good[..good.len() - 1], policy), Err(Refusal::Request));
    assert_eq!(Question::read(b"", policy), Err(Refusal::Request));
    for (question, words) in
        [(asked(&["-sha1"]), "unrecognized or unsupported algorithm"), (b"no".to_vec(), "not permitted")]
    {
        let answer = pki.desk.put("answer.tsr", &answer(&pki, &tsa, &question));
        let text = said("openssl", &["ts", "-reply", "-in", &answer, "-text"]);
        assert!(text.contains("Status: Rejected") && text.contains(words), "{text}");
    }
    let refused = tsp::token(&tsp::refuse(Refusal::Time).unwrap(), b"signature", 7);
    assert_eq!(refused, Err(TimeStampError::Refused(2)));
}

#[test]
fn a_token_is_taken_for_what_was_asked_alone() {
    let pki = Pki::new();
    let tsa = pki.tsa();
    let answer = answer(&pki, &tsa, &tsp::query(b"signature", u64::MAX).unwrap());
    let token = tsp::token(&answer, b"signature", u64::MAX).unwrap();
    assert!((now() - tsp::moment_of(&token).unwrap()).num_seconds() < 60);
    assert_eq!(tsp::token(&answer, b"another", u64::MAX), Err(TimeStampError::Foreign("signature")));
    assert_eq!(tsp::token(&answer, b"signature", 1), Err(TimeStampError::Foreign("nonce")));
    assert_eq!(tsp::token(b"no", b"signature", 1), Err(TimeStampError::Unreadable));
}

#[test]
fn openssl_stamps_what_we_ask() {
    let pki = Pki::new();
    pki.tsa();
    let question = pki.desk.put("question.tsq", &tsp::query(b"signature", 0x8000_0000_0000_0001).unwrap());
    let config = format!(
        "[tsa]\ndefault_tsa = one\n[one]\nserial = {}\nsigner_digest = sha256\ndefault_policy = {POLICY}\ndigests = sha256\n",
        pki.desk.put("tsa.srl", b"01")
    );
    let (config, answer) = (pki.desk.put("tsa.cnf", config.as_bytes()), pki.at("answer.tsr"));
    let (own, key) = (pki.at("tsa.pem"), pki.at("tsa.key"));
    said(
        "openssl",
        &[
            "ts",
            "-reply",
            "-config",
            &config,
            "-queryfile",
            &question,
            "-signer",
            &own,
            "-inkey",
            &key,
            "-out",
            &answer,
        ],
    );
    let answer = std::fs::read(answer).unwrap();
    tsp::token(&answer, b"signature", 0x8000_0000_0000_0001).unwrap();
}
