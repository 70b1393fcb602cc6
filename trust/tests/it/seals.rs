//! Seals: written, read, changed, and held against a list.

use std::collections::BTreeMap;

use jebena_trust::check::{Outcome, check_seal};
use jebena_trust::claims::{Claims, ClaimsError, Signatory};
use jebena_trust::code::Code;
use jebena_trust::facts::{Fact, Kind, Value};
use jebena_trust::qr::{self, Address, AddressError};
use jebena_trust::seal::{SealError, assemble, key_id, parse, to_be_signed};
use jebena_trust::trust_list::{Entry, EntryPurpose, Revocation, State, Verified};
use jebena_trust::verdict::{Reason, Verdict};
use proptest::prelude::*;

use crate::lists::{list_of, signed, verified};
use crate::pki::{DAY, Holder, Key, NOW, Pki, Plan, moment};

/// An ICO certificate with everything that it may say and both signatories.
pub fn ico() -> Claims {
    Claims {
        issuer: "ECTA".to_owned(),
        kind: Kind::IcoCertificate,
        number: "ICO-2026/27-004512".to_owned(),
        code: Code::of_bytes(*b"coffee of origin"),
        issued_at: moment(NOW - DAY),
        valid_from: None,
        valid_until: Some(moment(NOW + 89 * DAY)),
        content_sha256: jebena_trust::sha256(b"what it says"),
        duplicate: 0,
        signatories: vec![
            Signatory { name: "Tigist Alemu".to_owned(), office: "Customs".to_owned() },
            Signatory { name: "Dawit Bekele".to_owned(), office: "Certifying".to_owned() },
        ],
        facts: BTreeMap::from([
            (Fact::Exporter, "Abay Coffee Export PLC".into()),
            (Fact::Coffee, "Arabica washed Yirgacheffe G1".into()),
            (Fact::CropYear, "2026/27".into()),
            (Fact::NetGrams, 19_200_000.into()),
            (Fact::Bags, 320.into()),
            (Fact::IcoMarks, "010/0123/0045".into()),
            (Fact::Lot, "LOT-2026-0077".into()),
            (Fact::Destination, "DE".into()),
            (Fact::BuyerCountry, "DE".into()),
            (Fact::Carrier, "MSC Lucia".into()),
        ]),
    }
    .checked()
    .unwrap()
}

pub fn sealed(claims: &Claims, holder: &Holder) -> Vec<u8> {
    let signature = holder.key.sign(&to_be_signed(claims, &holder.fingerprint()));
    assemble(claims, &holder.fingerprint(), &signature, holder.certificate().key()).unwrap()
}

/// A list on which the one signer is in `state`.
fn list_in(pki: &Pki, state: State) -> Verified {
    verified(pki, vec![entry_in(pki, state)])
}

fn entry_in(pki: &Pki, state: State) -> Entry {
    Entry::new(
        ("ECTA", "Ethiopian Coffee and Tea Authority", "የኢትዮጵያ ቡናና ሻይ ባለሥልጣን"),
        &pki.seal.certificate(),
        vec![EntryPurpose::Seal],
        state,
    )
}

fn verdict(outcome: &Outcome) -> (Verdict, Reason) {
    (outcome.verdict, outcome.reason.clone())
}

#[test]
fn a_seal_is_read_as_it_was_written_and_fits_into_a_code_of_version_18() {
    let pki = Pki::new();
    let claims = ico();
    let cose = sealed(&claims, &pki.seal);
    let read = parse(&cose).unwrap();
    assert_eq!(read.claims, claims);
    assert_eq!(read.key_id, key_id(&pki.seal.fingerprint()));
    assert!(read.verify(pki.seal.certificate().key()).is_ok());
    assert!(read.verify(pki.issuer.certificate().key()).is_err());
    assert!(read.verify(pki.root.certificate().key()).is_err());
    let address = qr::write("https://verify.jebena.example", &claims.code, &cose);
    println!("seal of {} bytes, address of {} characters", cose.len(), address.len());
    assert!(cose.len() <= 365 && address.len() <= qr::VERSION_18_M_BYTES, "{} {}", cose.len(), address.len());
    let code = fast_qr::QRBuilder::new(address.as_str()).ecl(fast_qr::ECL::M).build().unwrap();
    assert!(code.size <= 89, "{} modules", code.size);
}

#[test]
fn a_signature_is_taken_in_either_form_and_only_if_it_fits() {
    let pki = Pki::new();
    let (claims, fingerprint) = (ico(), pki.seal.fingerprint());
    let certificate = pki.seal.certificate();
    let message = to_be_signed(&claims, &fingerprint);
    for _ in 0..20 {
        // Every second signature has the greater number, which is written as the smaller.
        for signature in [pki.seal.key.sign(&message), pki.seal.key.sign_raw(&message)] {
            let cose = assemble(&claims, &fingerprint, &signature, certificate.key()).unwrap();
            assert!(parse(&cose).unwrap().verify(certificate.key()).is_ok());
        }
    }
    let other = pki.issuer.key.sign(&message);
    assert!(assemble(&claims, &fingerprint, &other, certificate.key()).is_err());
    assert!(assemble(&claims, &fingerprint, &[0; 64], certificate.key()).is_err());
    assert!(assemble(&claims, &fingerprint, &[], certificate.key()).is_err());
}

/// A seal whose parts a test writes as it likes, with a signature that fits them.
fn forged(pki: &Pki, protected: &[u8], unprotected: &[u8], payload: &[u8]) -> Vec<u8> {
    let bytes = |bytes: &[u8]| {
        let mut out = Vec::new();
        ciborium::into_writer(&ciborium::Value::Bytes(bytes.to_vec()), &mut out).unwrap();
        out
    };
    let signed = [b"\x84\x6aSignature1".as_slice(), &bytes(protected), &bytes(&[]), &bytes(payload)].concat();
    let signature = pki.seal.key.sign_raw(&signed);
    let signature = p256::ecdsa::Signature::from_slice(&signature).unwrap();
    let signature = signature.normalize_s().unwrap_or(signature).to_bytes();
    [&[0xd2, 0x84], bytes(protected).as_slice(), unprotected, &bytes(payload), &bytes(&signature)].concat()
}

/// The claims of a seal of ours, as a general library reads them.
fn parts(cose: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let read: ciborium::Value = ciborium::from_reader(cose).unwrap();
    let parts = read.as_tag().unwrap().1.as_array().unwrap();
    (parts[0].as_bytes().unwrap().clone(), parts[2].as_bytes().unwrap().clone())
}

#[test]
fn no_other_spelling_of_a_seal_is_a_seal_though_its_signature_fits() {
    let pki = Pki::new();
    let cose = sealed(&ico(), &pki.seal);
    let (protected, payload) = parts(&cose);
    let read = |bytes: &[u8]| parse(bytes).map(|_| ());
    assert_eq!(read(&forged(&pki, &protected, &[0xa0], &payload)), Ok(()));
    let kid = &protected[5..];
    assert_eq!(kid, key_id(&pki.seal.fingerprint()));
    let header = |start: &[u8]| [start, &[0x04, 0x48], kid].concat();
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("another algorithm", header(&[0xa2, 0x01, 0x38, 0x22])),
        ("no algorithm", header(&[0xa1])),
        ("no key", vec![0xa1, 0x01, 0x26]),
        ("an algorithm in words", header(&[0xa2, 0x01, 0x65, b'E', b'S', b'2', b'5', b'6'])),
        ("something critical", [&[0xa3, 0x01, 0x26, 0x02, 0x81, 0x04, 0x04, 0x48], kid].concat()),
        ("a content type", [&[0xa3, 0x01, 0x26, 0x03, 0x00, 0x04, 0x48], kid].concat()),
        ("the key first", [&[0xa2, 0x04, 0x48], kid, &[0x01, 0x26]].concat()),
        ("the algorithm twice", [&[0xa3, 0x01, 0x26, 0x01, 0x26, 0x04, 0x48], kid].concat()),
        ("a long head", [&[0xa2, 0x18, 0x01, 0x26, 0x04, 0x48], kid].concat()),
        ("of no definite length", [&[0xbf, 0x01, 0x26, 0x04, 0x48], kid, &[0xff]].concat()),
        ("something behind", [protected.as_slice(), &[0]].concat()),
        ("a short key", [&[0xa2, 0x01, 0x26, 0x04, 0x47], &kid[..7]].concat()),
        ("empty", vec![]),
    ];
    for (what, protected) in cases {
        assert!(read(&forged(&pki, &protected, &[0xa0], &payload)).is_err(), "{what}");
    }
    assert_eq!(read(&forged(&pki, &protected, &[0xa1, 0x04, 0x40], &payload)), Err(SealError::OtherHeader));
    // Payloads that a lenient reader would take for the same.
    for (what, payload) in other_spellings(&payload) {
        assert!(ciborium::from_reader::<ciborium::Value, _>(payload.as_slice()).is_ok(), "{what} is CBOR");
        assert!(read(&forged(&pki, &protected, &[0xa0], &payload)).is_err(), "{what}");
    }
    // Around the parts.
    for (what, bytes) in [
        ("without a tag", cose[1..].to_vec()),
        ("with another tag", [&[0xd1], &cose[1..]].concat()),
        ("as a CWT", [&[0xd8, 0x3d], cose.as_slice()].concat()),
        ("with something behind", [cose.as_slice(), &[0]].concat()),
        ("cut", cose[..cose.len() - 1].to_vec()),
        ("of no definite length", [&[0xd2, 0x9f], &cose[2..], &[0xff]].concat()),
        ("empty", vec![]),
        ("too large", vec![0xd2; 3000]),
    ] {
        assert!(read(&bytes).is_err(), "{what}");
    }
}

/// The same claims in ways that are CBOR and not ours.
fn other_spellings(payload: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    use ciborium::Value as V;
    let read: V = ciborium::from_reader(payload).unwrap();
    let map = read.as_map().unwrap().clone();
    let write = |map: Vec<(V, V)>| {
        let mut out = Vec::new();
        ciborium::into_writer(&V::Map(map), &mut out).unwrap();
        out
    };
    assert_eq!(write(map.clone()), payload, "written alike by a general library");
    let with = |key: i64, value: V| {
        let mut map = map.clone();
        map.iter_mut().find(|(known, _)| *known == V::from(key)).unwrap().1 = value;
        write(map)
    };
    type Pairs = Vec<(V, V)>;
    let inner = |change: &dyn Fn(&mut Pairs)| {
        let mut map = map.clone();
        change(map.last_mut().unwrap().1.as_map_mut().unwrap());
        write(map)
    };
    let mut turned = map.clone();
    turned.reverse();
    let mut twice = map.clone();
    twice.insert(1, map[0].clone());
    let mut more = map.clone();
    more.push((V::from(-65_538), V::from(1)));
    vec![
        ("keys in another order", write(turned)),
        ("an issuer twice", write(twice)),
        ("an unknown claim", write(more)),
        ("a moment with a fraction", with(6, V::Float(1.5))),
        ("a moment below zero", with(6, V::from(-1))),
        ("a moment in words", with(6, V::from("now"))),
        ("an issuer as bytes", with(1, V::Bytes(b"ECTA".to_vec()))),
        ("an issuer with a line", with(1, V::from("EC\nTA"))),
        ("a short code", with(7, V::Bytes(vec![1; 15]))),
        ("something behind", [payload, &[0]].concat()),
        ("an unknown kind", inner(&|paper| paper[0].1 = V::from(99))),
        ("a number that turns", inner(&|paper| paper[1].1 = V::from("ICO\u{202e}1"))),
        ("a first duplicate", inner(&|paper| paper.insert(3, (V::from(4), V::from(0))))),
        ("nobody's names", inner(&|paper| paper[3].1 = V::Array(vec![]))),
        ("no facts", inner(&|paper| paper[4].1 = V::Map(vec![]))),
        ("an unknown fact", inner(&|paper| paper[4].1.as_map_mut().unwrap().push((V::from(200), V::from(1))))),
        ("a fact of another kind", inner(&|paper| paper[4].1.as_map_mut().unwrap().push((V::from(18), V::from("x"))))),
        ("a price", inner(&|paper| paper[4].1.as_map_mut().unwrap().push((V::from("price"), V::from(1))))),
    ]
}

#[test]
fn what_does_not_fit_is_not_sealed() {
    let wrong = |change: &dyn Fn(&mut Claims)| {
        let mut claims = ico();
        change(&mut claims);
        claims.checked().unwrap_err()
    };
    assert_eq!(wrong(&|c| c.issuer = String::new()), ClaimsError::Text("issuer"));
    assert_eq!(wrong(&|c| c.issuer = "እ".to_owned()), ClaimsError::Text("issuer"));
    assert_eq!(wrong(&|c| c.number = "x".repeat(97)), ClaimsError::Text("number"));
    assert_eq!(wrong(&|c| c.valid_until = Some(c.issued_at)), ClaimsError::Order);
    assert_eq!(wrong(&|c| c.facts.clear()), ClaimsError::Count("facts"));
    assert_eq!(wrong(&|c| c.signatories = vec![c.signatories[0].clone(); 4]), ClaimsError::Count("signatories"));
    assert_eq!(wrong(&|c| c.signatories[0].office.clear()), ClaimsError::Text("signatories"));
    let fact = |fact: Fact, value: Value| wrong(&move |c| drop(c.facts.insert(fact, value.clone())));
    for (name, value) in [
        (Fact::Bags, "many".into()),
        (Fact::Coffee, 1.into()),
        (Fact::Destination, "Germany".into()),
        (Fact::Destination, "de".into()),
        (Fact::Scope, "everything".into()),
        (Fact::Lot, "".into()),
    ] {
        assert_eq!(fact(name, value), ClaimsError::Fact(name));
    }
    assert_eq!(wrong(&|c| drop(c.facts.remove(&Fact::IcoMarks))), ClaimsError::Fact(Fact::IcoMarks));
}

#[test]
fn a_seal_of_who_may_is_valid_as_of_the_list() {
    let pki = Pki::new();
    let outcome = check_seal(&sealed(&ico(), &pki.seal), &list_in(&pki, State::Good), moment(NOW));
    assert_eq!(verdict(&outcome), (Verdict::Valid, Reason::SealHolds));
    assert_eq!(outcome.claims, Some(ico()));
    assert_eq!(outcome.signer.unwrap().organization, "ECTA");
    assert_eq!(outcome.as_of.unwrap().sequence, 7);
}

#[test]
fn the_moment_of_issue_is_held_against_the_signers_certificate() {
    let pki = Pki::new();
    let list = list_in(&pki, State::Good);
    let at = |issued: i64, now: i64| {
        let claims = Claims { issued_at: moment(issued), valid_until: None, ..ico() }.checked().unwrap();
        check_seal(&sealed(&claims, &pki.seal), &list, moment(now)).verdict
    };
    let (from, until) = (NOW - 100 * DAY, NOW + 265 * DAY);
    assert_eq!(at(from, NOW), Verdict::Valid);
    assert_eq!(at(from - 1, NOW), Verdict::SignerNotTrusted);
    assert_eq!(at(until, until + 900 * DAY), Verdict::Valid, "sealed in its last second, looked at years later");
    assert_eq!(at(until + 1, until + 900 * DAY), Verdict::SignerNotTrusted);
    assert_eq!(at(NOW + 299, NOW), Verdict::Valid, "clocks differ a little");
    assert_eq!(at(NOW + 301, NOW), Verdict::CannotTell);
}

#[test]
fn a_paper_is_in_force_between_its_own_dates() {
    let pki = Pki::new();
    let list = list_in(&pki, State::Good);
    let claims = Claims { valid_from: Some(moment(NOW)), ..ico() }.checked().unwrap();
    let cose = sealed(&claims, &pki.seal);
    let until = NOW + 89 * DAY;
    for (at, wanted) in [
        (NOW - 1, (Verdict::NotYetValid, Reason::NotBefore { from: moment(NOW) })),
        (NOW, (Verdict::Valid, Reason::SealHolds)),
        (until - 1, (Verdict::Valid, Reason::SealHolds)),
        (until, (Verdict::Expired, Reason::Over { since: moment(until) })),
    ] {
        assert_eq!(verdict(&check_seal(&cose, &list, moment(at))), wanted);
    }
}

#[test]
fn what_was_sealed_before_a_certificate_was_revoked_stays_good_and_later_seals_do_not_count() {
    let pki = Pki::new();
    let issued = NOW - DAY;
    let judge = |state: State| check_seal(&sealed(&ico(), &pki.seal), &list_in(&pki, state), moment(NOW));
    let revoked = |since: i64, reason: Revocation, invalidity: Option<i64>| State::Revoked {
        since: moment(since),
        reason,
        invalidity_date: invalidity.map(moment),
    };
    let of = |since: i64, why: Revocation| {
        (Verdict::SignerRevoked, Reason::CertificateRevoked { since: moment(since), why: why.code().to_owned() })
    };
    use Revocation::{CaCompromise, CessationOfOperation, KeyCompromise, Superseded};
    for (state, wanted) in [
        (revoked(issued + 1, Superseded, None), (Verdict::Valid, Reason::SealHolds)),
        (revoked(issued, Superseded, None), of(issued, Superseded)),
        (revoked(issued - 1, CessationOfOperation, None), of(issued - 1, CessationOfOperation)),
        // The date from which it was not trustworthy goes before the one of the revocation.
        (revoked(NOW, Superseded, Some(issued - 5)), of(issued - 5, Superseded)),
        (revoked(NOW, KeyCompromise, Some(issued)), of(issued, KeyCompromise)),
        (revoked(issued, KeyCompromise, Some(NOW)), of(issued, KeyCompromise)),
        // Older than that, by its own word, which whoever has the key can write.
        (
            revoked(NOW, KeyCompromise, Some(issued + 1)),
            (Verdict::CannotTell, Reason::KeyCompromised { since: moment(issued + 1) }),
        ),
        (revoked(NOW, CaCompromise, None), (Verdict::CannotTell, Reason::KeyCompromised { since: moment(NOW) })),
        (State::Suspended { since: moment(issued + 1) }, (Verdict::Valid, Reason::SealHolds)),
        (
            State::Suspended { since: moment(issued) },
            (Verdict::SignerSuspended, Reason::CertificateSuspended { since: moment(issued) }),
        ),
    ] {
        assert_eq!(verdict(&judge(state)), wanted, "{state:?}");
    }
}

#[test]
fn who_is_not_on_the_list_or_not_for_this_has_sealed_nothing() {
    let (pki, stranger) = (Pki::new(), Pki::new());
    let list = list_in(&pki, State::Good);
    let outcome = check_seal(&sealed(&ico(), &stranger.seal), &list, moment(NOW));
    assert_eq!(outcome.verdict, Verdict::SignerNotTrusted);
    assert!(outcome.signer.is_none());
    // Of another organisation, in the authority's name.
    let claims = Claims { issuer: "NBE".to_owned(), ..ico() }.checked().unwrap();
    let outcome = check_seal(&sealed(&claims, &pki.seal), &list, moment(NOW));
    assert_eq!(verdict(&outcome), (Verdict::SignerNotTrusted, Reason::OtherOrganization { signer: "ECTA".to_owned() }));
    let documents = Entry { purposes: vec![EntryPurpose::Document], ..entry_in(&pki, State::Good) };
    let outcome = check_seal(&sealed(&ico(), &pki.seal), &verified(&pki, vec![documents]), moment(NOW));
    assert_eq!(verdict(&outcome), (Verdict::SignerNotTrusted, Reason::OtherPurpose));
    // The certificate's key, in the name of another certificate of the list.
    let other = pki.issuer.issue(Plan::seal("CN=Other"), Key::p256());
    let entry = Entry::new(("ECX", "Exchange", "ገበያ"), &other.certificate(), vec![EntryPurpose::Seal], State::Good);
    let list = verified(&pki, vec![entry_in(&pki, State::Good), entry]);
    let signature = pki.seal.key.sign(&to_be_signed(&ico(), &other.fingerprint()));
    let cose = assemble(&ico(), &other.fingerprint(), &signature, pki.seal.certificate().key()).unwrap();
    assert_eq!(verdict(&check_seal(&cose, &list, moment(NOW))), (Verdict::Altered, Reason::Signature));
}

#[test]
fn a_seal_proves_the_paper_of_its_code_and_content_alone() {
    let pki = Pki::new();
    let outcome = check_seal(&sealed(&ico(), &pki.seal), &list_in(&pki, State::Good), moment(NOW));
    assert_eq!(outcome.clone().beside(&ico().code).of_content(&ico().content_sha256), outcome);
    let other = outcome.clone().beside(&Code::of_bytes([1; 16]));
    assert_eq!(verdict(&other), (Verdict::Altered, Reason::OtherPaper));
    assert_eq!(verdict(&outcome.of_content(&[0; 32])), (Verdict::Altered, Reason::OtherContent));
}

#[test]
fn every_bit_of_a_seal_counts() {
    let pki = Pki::new();
    let list = list_in(&pki, State::Good);
    let cose = sealed(&ico(), &pki.seal);
    for bit in 0..cose.len() * 8 {
        let mut changed = cose.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let outcome = check_seal(&changed, &list, moment(NOW));
        assert!(!outcome.verdict.is_good(), "bit {bit}: {outcome:?}");
        assert!(outcome.signer.is_none(), "bit {bit}: {outcome:?}");
    }
}

#[test]
fn an_address_has_one_spelling() {
    let code = ico().code;
    let address = qr::write("https://coffee.example", &code, &[1, 2, 3]);
    let read = Address { origin: "https://coffee.example".to_owned(), code, seal: vec![1, 2, 3] };
    assert_eq!(qr::parse(&address), Ok(read));
    for origin in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080", "https://a.b-c.example:8443"] {
        assert_eq!(qr::parse(&qr::write(origin, &code, &[1])).map(|read| read.origin), Ok(origin.to_owned()));
    }
    for origin in [
        "http://coffee.example",
        "https://",
        "https://Coffee.example",
        "https://coffee.example:0",
        "https://coffee.example:080",
        "https://user@coffee.example",
        "https://coffee..example",
        "https://coffee.example/x",
        "https://-a.example",
        "javascript:x",
        "",
    ] {
        assert_eq!(qr::parse(&qr::write(origin, &code, &[1])), Err(AddressError::NotAnAddress), "{origin}");
    }
    let (front, _) = address.split_once('#').unwrap();
    assert_eq!(qr::parse(front), Err(AddressError::NoSeal));
    assert_eq!(qr::parse(&format!("{front}#")), Err(AddressError::NoSeal));
    assert_eq!(qr::parse("hello"), Err(AddressError::NotAnAddress));
    assert_eq!(qr::parse(&front.replace("/v/", "/V/")), Err(AddressError::NotAnAddress));
    for wrong in ["AQID=", "AQI D", "AQJ", "A", "AQID#AQID", &"A".repeat(4000)] {
        assert_eq!(qr::parse(&format!("{front}#{wrong}")), Err(AddressError::NotASeal), "{wrong}");
    }
}

fn any_text() -> impl Strategy<Value = String> {
    "[A-Za-z0-9ሀ-ፖ][A-Za-z0-9 ./ሀ-ፖ-]{0,20}[A-Za-z0-9ሀ-ፖ]"
}

prop_compose! {
    fn any_claims()(
        kind in prop::sample::select(Kind::ALL),
        number in any_text(),
        code in any::<[u8; 16]>(),
        issued in NOW - 100 * DAY..NOW,
        from in prop::option::of(1_i64..1000),
        until in prop::option::of(1000_i64..100_000),
        content_sha256 in any::<[u8; 32]>(),
        duplicate in prop_oneof![Just(0_u32), any::<u32>()],
        signatories in prop::collection::vec((any_text(), any_text()), 0..=3),
        texts in prop::collection::vec(any_text(), Fact::ALL.len()),
        numbers in prop::collection::vec(any::<u64>(), Fact::ALL.len()),
        told in prop::collection::vec(any::<bool>(), Fact::ALL.len()),
    ) -> Claims {
        let facts = Fact::ALL.iter().enumerate()
            .filter(|(at, fact)| kind.may_tell(**fact) && (told[*at] || kind.has_to_tell().contains(fact)))
            .map(|(at, fact)| (*fact, match fact {
                fact if fact.is_country() => "ET".into(),
                fact if fact.is_number() => numbers[at].into(),
                _ => texts[at].as_str().into(),
            }))
            .collect();
        Claims {
            issuer: "ECTA".to_owned(),
            kind,
            number,
            code: Code::of_bytes(code),
            issued_at: moment(issued),
            valid_from: from.map(|days| moment(issued + days)),
            valid_until: until.map(|days| moment(issued + days)),
            content_sha256,
            duplicate,
            signatories: signatories.into_iter().map(|(name, office)| Signatory { name, office }).collect(),
            facts,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_sealed_is_read_as_it_was_and_written_alike_by_others(claims in any_claims()) {
        let pki = a_pki();
        let claims = claims.checked().unwrap();
        let cose = sealed(&claims, &pki.seal);
        prop_assert_eq!(&parse(&cose).unwrap().claims, &claims);
        let read: ciborium::Value = ciborium::from_reader(cose.as_slice()).unwrap();
        let mut written = Vec::new();
        ciborium::into_writer(&read, &mut written).unwrap();
        prop_assert_eq!(written, cose);
    }

    #[test]
    fn a_changed_byte_anywhere_is_refused(claims in any_claims(), place in any::<prop::sample::Index>(), by in 1_u8..) {
        let pki = a_pki();
        let mut cose = sealed(&claims.checked().unwrap(), &pki.seal);
        let place = place.index(cose.len());
        cose[place] ^= by;
        prop_assert!(!check_seal(&cose, &list_in(pki, State::Good), moment(NOW)).verdict.is_good());
    }

    #[test]
    fn nothing_that_comes_in_stops_the_check(bytes in prop::collection::vec(any::<u8>(), 0..600), cut in any::<prop::sample::Index>()) {
        let pki = a_pki();
        let list = list_in(pki, State::Good);
        prop_assert!(!check_seal(&bytes, &list, moment(NOW)).verdict.is_good());
        // The beginning of a seal, and then whatever it is.
        let mut cose = sealed(&ico(), &pki.seal);
        cose.truncate(cut.index(cose.len()));
        cose.extend_from_slice(&bytes);
        prop_assert!(!check_seal(&cose, &list, moment(NOW)).verdict.is_good());
        let text = String::from_utf8_lossy(&bytes);
        prop_assert!(qr::parse(&text).is_err());
        prop_assert!(jebena_trust::certificate::Certificate::from_der(&bytes).is_err());
    }
}

/// One for all cases of a property: making keys takes longer than checking them.
fn a_pki() -> &'static Pki {
    static PKI: std::sync::OnceLock<Pki> = std::sync::OnceLock::new();
    PKI.get_or_init(Pki::new)
}

#[test]
fn a_seal_does_not_prove_more_than_one_list_says() {
    // The same seal, as the authority's list goes on.
    let pki = Pki::new();
    let cose = sealed(&ico(), &pki.seal);
    let mut list = list_of(&pki, vec![entry_in(&pki, State::Good)]);
    let first = signed(&pki, &list);
    list.sequence += 1;
    list.entries[0].state =
        State::Revoked { since: moment(NOW - 2 * DAY), reason: Revocation::PrivilegeWithdrawn, invalidity_date: None };
    let second = signed(&pki, &list);
    let root = pki.root.fingerprint();
    let of = |text: &str| jebena_trust::trust_list::verify(text, &root, moment(NOW), None).unwrap();
    assert_eq!(check_seal(&cose, &of(&first), moment(NOW)).verdict, Verdict::Valid);
    assert_eq!(check_seal(&cose, &of(&second), moment(NOW)).verdict, Verdict::SignerRevoked);
}
