//! Files for tests of other programs: a trust list, seals of every kind of fate, and the verdict on each.
//!
//! ```text
//! vectors make FOLDER NOW               writes list.jws, older.jws, foreign.jws, root.txt, cases.json, seal.key
//! vectors seal FOLDER NOW CODE SHA256   writes the address of a sealed paper with this code and content
//! ```
//!
//! NOW is in seconds since 1970. All keys are made at that moment; the one that is kept in the folder is for the second call.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "it is a part of tests")]

#[path = "../tests/it/pki.rs"]
mod pki;

use std::collections::BTreeMap;
use std::path::Path;

use jebena_trust::check::{Outcome, check_seal};
use jebena_trust::claims::{Claims, Signatory};
use jebena_trust::code::Code;
use jebena_trust::facts::{Fact, Kind};
use jebena_trust::qr;
use jebena_trust::seal::{assemble, parse, to_be_signed};
use jebena_trust::text::base64;
use jebena_trust::trust_list::{self, Entry, EntryPurpose, Revocation, State, TrustList, VERSION};
use serde_json::{Value, json};

use pki::{DAY, Holder, Key, Pki, Plan, moment};

const ORIGIN: &str = "https://verify.jebena.example";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["make", folder, now] => make(Path::new(folder), now.parse().unwrap()),
        ["seal", folder, now, code, sha256] => seal(Path::new(folder), now.parse().unwrap(), code, sha256),
        _ => panic!("make FOLDER NOW, or seal FOLDER NOW CODE SHA256"),
    }
}

fn claims(now: i64) -> Claims {
    Claims {
        issuer: "ECTA".to_owned(),
        kind: Kind::IcoCertificate,
        number: "ICO-2026/27-004512".to_owned(),
        code: Code::of_bytes(*b"coffee of origin"),
        issued_at: moment(now - DAY),
        valid_from: None,
        valid_until: Some(moment(now + 89 * DAY)),
        content_sha256: jebena_trust::sha256(b"what it says"),
        duplicate: 0,
        signatories: vec![Signatory { name: "Tigist Alemu".to_owned(), office: "Certifying".to_owned() }],
        facts: BTreeMap::from([
            (Fact::Exporter, "Abay Coffee Export PLC".into()),
            (Fact::Coffee, "Arabica washed Yirgacheffe G1".into()),
            (Fact::NetGrams, 19_200_500.into()),
            (Fact::Bags, 320.into()),
            (Fact::IcoMarks, "010/0123/0045".into()),
            (Fact::Destination, "DE".into()),
        ]),
    }
}

fn sealed(claims: &Claims, holder: &Holder) -> Vec<u8> {
    let signature = holder.key.sign(&to_be_signed(claims, &holder.fingerprint()));
    assemble(claims, &holder.fingerprint(), &signature, holder.certificate().key()).unwrap()
}

fn signed(pki: &Pki, list: &TrustList) -> String {
    let message = trust_list::to_be_signed(list, &pki.list_chain()).unwrap();
    trust_list::assemble(&message, &pki.list_signer.key.sign(&message), &pki.list_signer.certificate()).unwrap()
}

fn entry((code, name): (&str, &str), holder: &Holder, state: State) -> Entry {
    Entry::new((code, name, "ባለሥልጣን"), &holder.certificate(), vec![EntryPurpose::Seal], state)
}

fn make(folder: &Path, now: i64) {
    let (pki, stranger) = (Pki::at(now), Pki::at(now));
    let another = |name: &str| pki.issuer.issue(Plan::seal(&format!("CN={name}")).seen_from(now), Key::p256());
    let (suspended, revoked, stolen, exchange) =
        (another("Suspended"), another("Revoked"), another("Stolen"), another("Exchange"));
    let revocation =
        |reason: Revocation| State::Revoked { since: moment(now - 10 * DAY), reason, invalidity_date: None };
    let list = TrustList {
        version: VERSION,
        sequence: 7,
        issued_at: moment(now - 3600),
        next_update: moment(now + 30 * DAY),
        root: hex::encode(pki.root.fingerprint()),
        issuers: vec![base64(&pki.issuer.der)],
        entries: vec![
            entry(("ECTA", "Ethiopian Coffee and Tea Authority"), &pki.seal, State::Good),
            entry(("ECTA", "Authority"), &suspended, State::Suspended { since: moment(now - 10 * DAY) }),
            entry(("ECTA", "Authority"), &revoked, revocation(Revocation::Superseded)),
            entry(("ECTA", "Authority"), &stolen, revocation(Revocation::KeyCompromise)),
            entry(("ECX", "Exchange"), &exchange, State::Good),
        ],
    };
    let text = signed(&pki, &list);
    let verified = trust_list::verify(&text, &pki.root.fingerprint(), moment(now), None).unwrap();

    let usual = claims(now);
    let cose = sealed(&usual, &pki.seal);
    let changed = |place: usize| {
        let mut changed = cose.clone();
        changed[place] ^= 1;
        changed
    };
    let with = |change: &dyn Fn(&mut Claims)| {
        let mut claims = usual.clone();
        change(&mut claims);
        claims.checked().unwrap()
    };
    let aged = with(&|claims| claims.issued_at = moment(now - 50 * DAY));
    let number_at = cose.windows(3).position(|three| three == b"ICO").unwrap();
    let twin = Code::of_bytes([7; 16]);
    let cases: Vec<(&str, Code, Vec<u8>)> = vec![
        ("valid", usual.code, cose.clone()),
        ("over", usual.code, sealed(&with(&|c| c.valid_until = Some(moment(now - 3600))), &pki.seal)),
        ("not yet", usual.code, sealed(&with(&|c| c.valid_from = Some(moment(now + 5 * DAY))), &pki.seal)),
        ("a letter of the claims changed", usual.code, changed(number_at)),
        ("the signature changed", usual.code, changed(cose.len() - 1)),
        ("cut", usual.code, cose[..cose.len() - 1].to_vec()),
        ("something behind it", usual.code, [cose.as_slice(), &[0]].concat()),
        ("another spelling of its head", usual.code, [&[0xd2, 0x98, 0x04], &cose[2..]].concat()),
        ("under the code of another paper", twin, cose.clone()),
        ("of a stranger", usual.code, sealed(&usual, &stranger.seal)),
        ("of the exchange in the authority's name", usual.code, sealed(&usual, &exchange)),
        ("with a suspended certificate", usual.code, sealed(&usual, &suspended)),
        ("before the suspension", usual.code, sealed(&aged, &suspended)),
        ("with a revoked certificate", usual.code, sealed(&usual, &revoked)),
        ("before the revocation", usual.code, sealed(&aged, &revoked)),
        ("with a stolen key", usual.code, sealed(&usual, &stolen)),
        ("by its word before the theft", usual.code, sealed(&aged, &stolen)),
        ("before the certificate", usual.code, sealed(&with(&|c| c.issued_at = moment(now - 101 * DAY)), &pki.seal)),
        ("of tomorrow", usual.code, sealed(&with(&|c| c.issued_at = moment(now + DAY)), &pki.seal)),
        ("a duplicate", usual.code, sealed(&with(&|c| c.duplicate = 2), &pki.seal)),
        (
            "with large numbers",
            usual.code,
            sealed(&with(&|c| drop(c.facts.insert(Fact::Bags, u64::MAX.into()))), &pki.seal),
        ),
    ];
    let cases: Vec<Value> = cases
        .iter()
        .map(|(name, code, cose)| {
            let outcome = check_seal(cose, &verified, moment(now)).beside(code);
            case(name, &qr::write(ORIGIN, code, cose), &outcome)
        })
        .chain(every_bit(&cose, &usual.code, now, &verified))
        .collect();

    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("list.jws", &text);
    write("older.jws", &signed(&pki, &TrustList { sequence: 6, ..list.clone() }));
    write("over.jws", &signed(&pki, &TrustList { next_update: moment(now - 60), ..list }));
    let foreign = TrustList {
        version: VERSION,
        sequence: 9,
        issued_at: moment(now - 3600),
        next_update: moment(now + 30 * DAY),
        root: hex::encode(stranger.root.fingerprint()),
        issuers: vec![base64(&stranger.issuer.der)],
        entries: vec![entry(("ECTA", "Authority"), &stranger.seal, State::Good)],
    };
    write("foreign.jws", &signed(&stranger, &foreign));
    write("root.txt", &hex::encode(pki.root.fingerprint()));
    write("cases.json", &Value::from(cases).to_string());
    let Key::P256(key) = &pki.seal.key else { panic!("seals are on P-256") };
    write("seal.key", &format!("{} {}", hex::encode(key.to_bytes()), hex::encode(&pki.seal.der)));
}

fn case(name: &str, text: &str, outcome: &Outcome) -> Value {
    json!({ "name": name, "text": text, "verdict": outcome.verdict, "reason": outcome.reason.code() })
}

/// Twins of one changed bit, of each byte one: where another reader stops may differ, never that it refuses.
fn every_bit<'a>(
    cose: &'a [u8],
    code: &'a Code,
    now: i64,
    list: &'a trust_list::Verified,
) -> impl Iterator<Item = Value> + 'a {
    (0..cose.len()).map(move |place| {
        let mut twin = cose.to_vec();
        twin[place] ^= 1 << (place % 8);
        let outcome = check_seal(&twin, list, moment(now)).beside(code);
        assert!(!outcome.verdict.is_good());
        case(&format!("byte {place}"), &qr::write(ORIGIN, code, &twin), &outcome)
    })
}

fn seal(folder: &Path, now: i64, code: &str, sha256: &str) {
    let kept = std::fs::read_to_string(folder.join("seal.key")).unwrap();
    let (key, der) = kept.split_once(' ').unwrap();
    let key = p256::ecdsa::SigningKey::from_slice(&hex::decode(key).unwrap()).unwrap();
    let certificate = jebena_trust::certificate::Certificate::from_der(&hex::decode(der).unwrap()).unwrap();
    let claims = Claims {
        code: code.parse().unwrap(),
        content_sha256: hex::decode(sha256).unwrap().try_into().unwrap(),
        ..claims(now)
    };
    let claims = claims.checked().unwrap();
    let signature = Key::P256(key).sign(&to_be_signed(&claims, certificate.fingerprint()));
    let cose = assemble(&claims, certificate.fingerprint(), &signature, certificate.key()).unwrap();
    assert!(parse(&cose).is_ok());
    println!("{}", qr::write(ORIGIN, &claims.code, &cose));
}
