//! What people hand in: files, texts, addresses.

use jebena_trust::check::Outcome;
use jebena_trust::code::Code;
use jebena_trust::given::check;
use jebena_trust::jws;
use jebena_trust::qr;
use jebena_trust::text::base64url;
use jebena_trust::trust_list::{Entry, EntryPurpose, State};
use jebena_trust::verdict::{Reason, Verdict};
use serde_json::json;

use crate::lists::verified;
use crate::pki::{Holder, Key, NOW, Pki, Plan, moment};
use crate::seals::{ico, sealed};

#[test]
fn a_seal_is_checked_in_every_form_in_which_it_comes() {
    let pki = Pki::new();
    let entry = Entry::new(("ECTA", "A", "A"), &pki.seal.certificate(), vec![EntryPurpose::Seal], State::Good);
    let list = verified(&pki, vec![entry]);
    let judge = |bytes: &[u8]| check(bytes, Ok(&list), moment(NOW));
    let of = |outcome: Outcome| (outcome.verdict, outcome.reason.code());
    let (claims, cose) = (ico(), sealed(&ico(), &pki.seal));
    let address = qr::write("https://coffee.example", &claims.code, &cose);
    let mut other = claims.clone();
    other.number = "ICO-2".to_owned();
    let json =
        |claims: &jebena_trust::claims::Claims| json!({ "claims": claims, "seal": base64url(&cose), "state": "VALID" });
    let good = (Verdict::Valid, "SEAL_HOLDS".to_owned());
    let altered = (Verdict::Altered, "OTHER_PAPER".to_owned());
    let none = (Verdict::NotAProof, "NOT_A_SEAL".to_owned());
    for (what, bytes, wanted) in [
        ("bytes", cose.clone(), &good),
        ("base64url", base64url(&cose).into_bytes(), &good),
        ("a line", format!("{}\n", base64url(&cose)).into_bytes(), &good),
        ("an address", format!("{address}\n").into_bytes(), &good),
        ("JSON", json(&claims).to_string().into_bytes(), &good),
        ("JSON without claims", json!({ "seal": base64url(&cose) }).to_string().into_bytes(), &good),
        ("another paper's claims", json(&other).to_string().into_bytes(), &altered),
        (
            "another paper's code",
            qr::write("https://a.example", &Code::of_bytes([1; 16]), &cose).into_bytes(),
            &altered,
        ),
        ("nothing", vec![], &none),
        ("blanks", b" \n".to_vec(), &none),
        ("words", b"hello".to_vec(), &none),
        ("an address alone", address.split('#').next().unwrap().as_bytes().to_vec(), &none),
        ("JSON of something else", b"{}".to_vec(), &none),
        ("a picture", vec![0x89, b'P', b'N', b'G', 0xff], &none),
        ("a document", b"%PDF-1.7\n".to_vec(), &(Verdict::CannotTell, "NOT_A_SEAL".to_owned())),
    ] {
        assert_eq!(&of(judge(&bytes)), wanted, "{what}");
    }
    // Without a list it is read all the same.
    let outcome = check(&cose, Err(&Reason::NoTrustList), moment(NOW));
    assert_eq!((outcome.verdict, outcome.claims), (Verdict::CannotTell, Some(claims)));
    assert_eq!(of(check(b"x", Err(&Reason::NoTrustList), moment(NOW))), none);
}

/// The credential of a paper, signed by `signer`.
fn credential(code: &Code, seal: Option<&[u8]>, signer: &Holder) -> String {
    let header = json!({ "alg": "ES256", "typ": "vc+jwt", "seal": seal.map(base64url) });
    let payload = json!({ "id": format!("https://coffee.example/v/{code}.vc.jwt") });
    let message = jws::to_be_signed(&header, &payload).unwrap();
    jws::assemble(&message, &signer.key.sign_raw(&message), signer.certificate().key()).unwrap()
}

#[test]
fn a_credential_is_worth_its_seal_and_the_signature_of_who_has_sealed() {
    let pki = Pki::new();
    let entry = Entry::new(("ECTA", "A", "A"), &pki.seal.certificate(), vec![EntryPurpose::Seal], State::Good);
    let list = verified(&pki, vec![entry]);
    let (claims, cose) = (ico(), sealed(&ico(), &pki.seal));
    let judge = |text: &str| check(text.as_bytes(), Ok(&list), moment(NOW));
    let good = credential(&claims.code, Some(&cose), &pki.seal);
    let outcome = judge(&format!("{good}\n"));
    assert_eq!((outcome.verdict, outcome.claims.as_ref()), (Verdict::Valid, Some(&claims)));
    assert_eq!(outcome.signer.map(|signer| signer.organization).as_deref(), Some("ECTA"));

    let stranger = pki.issuer.issue(Plan::seal("CN=Seal of nobody"), Key::p256());
    let other_code = Code::of_bytes([1; 16]);
    let mut other_payload = good.clone().into_bytes();
    let place = good.find('.').unwrap() + 30;
    other_payload[place] = if other_payload[place] == b'A' { b'B' } else { b'A' };
    for (what, text, verdict, code) in [
        ("another signer", credential(&claims.code, Some(&cose), &stranger), Verdict::Altered, "SIGNATURE"),
        ("another paper", credential(&other_code, Some(&cose), &pki.seal), Verdict::Altered, "OTHER_PAPER"),
        ("no seal", credential(&claims.code, None, &pki.seal), Verdict::NotAProof, "NOT_A_SEAL"),
        ("a seal of nothing", credential(&claims.code, Some(b"x"), &pki.seal), Verdict::NotAProof, "NOT_A_SEAL"),
        (
            "a stranger's seal",
            credential(&claims.code, Some(&sealed(&claims, &stranger)), &stranger),
            Verdict::SignerNotTrusted,
            "UNKNOWN_SIGNER",
        ),
        ("three words", "eyJ.eyJ.x".to_owned(), Verdict::NotAProof, "NOT_A_SEAL"),
    ] {
        let outcome = judge(&text);
        assert_eq!((outcome.verdict, outcome.reason.code().as_str()), (verdict, code), "{what}");
    }
    assert_ne!(judge(std::str::from_utf8(&other_payload).unwrap()).verdict, Verdict::Valid);
    // Without a list it is read all the same.
    let outcome = check(good.as_bytes(), Err(&Reason::NoTrustList), moment(NOW));
    assert_eq!((outcome.verdict, outcome.claims), (Verdict::CannotTell, Some(claims)));
}
