//! Trust lists: signed, verified, and each way in which one does not hold.

use jebena_trust::chain::ChainError;
use jebena_trust::text::{base64, base64url, from_base64url};
use jebena_trust::trust_list::{
    Entry, EntryError, EntryPurpose, ListError, State, TrustList, VERSION, Verified, assemble, to_be_signed, verify,
};
use proptest::prelude::*;

use crate::pki::{DAY, Holder, Key, NOW, Pki, Plan, moment};

pub fn list_of(pki: &Pki, entries: Vec<Entry>) -> TrustList {
    TrustList {
        version: VERSION,
        sequence: 7,
        issued_at: moment(NOW - DAY),
        // The last moment of the year 9999 but one: tests look at seals years later.
        next_update: moment(253_402_300_798),
        root: hex::encode(pki.root.fingerprint()),
        issuers: vec![base64(&pki.issuer.der)],
        entries,
    }
}

pub fn signed(pki: &Pki, list: &TrustList) -> String {
    let message = to_be_signed(list, &pki.list_chain()).unwrap();
    assemble(&message, &pki.list_signer.key.sign(&message), &pki.list_signer.certificate()).unwrap()
}

pub fn verified(pki: &Pki, entries: Vec<Entry>) -> Verified {
    verify(&signed(pki, &list_of(pki, entries)), &pki.root.fingerprint(), moment(NOW), None).unwrap()
}

fn entry(pki: &Pki) -> Entry {
    let certificate = pki.seal.certificate();
    Entry::new(("ECTA", "Authority", "ባለሥልጣን"), &certificate, vec![EntryPurpose::Seal], State::Good)
}

fn list(pki: &Pki) -> TrustList {
    TrustList { next_update: moment(NOW + 30 * DAY), ..list_of(pki, vec![entry(pki)]) }
}

/// A list of whatever content, with a signature that fits.
fn forged(chain: &[&Holder], key: &Key, header: &str, payload: &str) -> String {
    let x5c: Vec<String> = chain.iter().map(|holder| base64(&holder.der)).collect();
    let header = header.replace("CHAIN", &serde_json::to_string(&x5c).unwrap());
    let signed = format!("{}.{}", base64url(header.as_bytes()), base64url(payload.as_bytes()));
    let signature = base64url(&key.sign_raw(signed.as_bytes()));
    format!("{signed}.{signature}")
}

const HEADER: &str = r#"{"alg":"ES256","typ":"jebena-trust-list+jws","x5c":CHAIN}"#;

fn read(pki: &Pki, text: &str) -> Result<(), ListError> {
    verify(text, &pki.root.fingerprint(), moment(NOW), None).map(|_| ())
}

#[test]
fn a_list_is_read_as_it_was_written() {
    let pki = Pki::new();
    let list = list(&pki);
    let verified = verify(&signed(&pki, &list), &pki.root.fingerprint(), moment(NOW), None).unwrap();
    assert_eq!(verified.list(), &list);
    assert_eq!(verified.signer().fingerprint(), &pki.list_signer.fingerprint());
    let (found, key) = verified.find(&jebena_trust::seal::key_id(&pki.seal.fingerprint())).unwrap();
    assert_eq!((found, key), (&list.entries[0], pki.seal.certificate().key()));
    assert!(verified.find(&[0; 8]).is_none());
    // A signer on the other curve.
    let large = Pki { list_signer: pki.root.issue(Plan::list_signer(), Key::p384()), ..Pki::new() };
    let large = Pki { root: pki.root.clone(), issuer: pki.issuer.clone(), seal: pki.seal.clone(), ..large };
    assert!(read(&pki, &signed(&large, &list)).is_ok());
}

#[test]
fn a_list_counts_from_when_it_is_made_until_the_next() {
    let pki = Pki::new();
    let list = list(&pki);
    let text = signed(&pki, &list);
    let at = |seconds: i64| verify(&text, &pki.root.fingerprint(), moment(seconds), None).map(|_| ());
    assert_eq!(at(NOW - DAY - 301), Err(ListError::MadeLater(moment(NOW - DAY))));
    assert_eq!(at(NOW - DAY - 300), Ok(()));
    assert_eq!(at(NOW + 30 * DAY - 1), Ok(()));
    assert_eq!(at(NOW + 30 * DAY), Err(ListError::Expired(moment(NOW + 30 * DAY))));
}

#[test]
fn an_older_list_never_takes_the_place_of_a_newer_one() {
    let pki = Pki::new();
    let root = pki.root.fingerprint();
    let of = |sequence: u64, names: &str| {
        let mut list = TrustList { sequence, ..list(&pki) };
        list.entries[0].name_en = names.to_owned();
        signed(&pki, &list)
    };
    let seen = verify(&of(8, "Authority"), &root, moment(NOW), None).unwrap().seen();
    let after = |text: &str| verify(text, &root, moment(NOW), Some(&seen)).map(|_| ());
    assert_eq!(after(&of(9, "Authority")), Ok(()));
    assert_eq!(after(&of(8, "Authority")), Ok(()), "signed twice, the same all the same");
    assert_eq!(after(&of(8, "Another")), Err(ListError::Twin(8)));
    assert_eq!(after(&of(7, "Authority")), Err(ListError::Older { given: 7, seen: 8 }));
}

#[test]
fn a_list_is_signed_by_who_may_under_the_pinned_root() {
    let (pki, other) = (Pki::new(), Pki::new());
    let payload = serde_json::to_string(&list(&pki)).unwrap();
    let by = |chain: &[&Holder], key: &Key| read(&pki, &forged(chain, key, HEADER, &payload));
    assert_eq!(by(&[&pki.list_signer, &pki.root], &pki.list_signer.key), Ok(()));
    assert_eq!(by(&[&pki.list_signer, &pki.root], &pki.seal.key), Err(ListError::Signature));
    // A root of somebody else, with the same names.
    let foreign = by(&[&other.list_signer, &other.root], &other.list_signer.key);
    assert_eq!(foreign, Err(ListError::Signer(ChainError::OtherRoot)));
    let mixed = by(&[&other.list_signer, &pki.root], &other.list_signer.key);
    assert_eq!(mixed, Err(ListError::Signer(ChainError::OtherIssuer { at: 0 })));
    // Who may seal papers may not say who may.
    let seal = by(&[&pki.seal, &pki.issuer, &pki.root], &pki.seal.key);
    assert_eq!(seal, Err(ListError::Signer(ChainError::OtherPurpose)));
    let over = pki.root.issue(Plan::list_signer().valid(NOW - 9 * DAY, NOW - DAY), Key::p256());
    let over = by(&[&over, &pki.root], &over.key);
    assert_eq!(over, Err(ListError::Signer(ChainError::Validity { at: 0 })));
    assert_eq!(by(&[&pki.root], &pki.list_signer.key), Err(ListError::Signer(ChainError::Length)));
    assert_eq!(by(&[], &pki.list_signer.key), Err(ListError::Signer(ChainError::Length)));
}

#[test]
fn a_list_has_one_form() {
    let pki = Pki::new();
    let good = serde_json::to_string(&list(&pki)).unwrap();
    let with = |header: &str, payload: &str| {
        read(&pki, &forged(&[&pki.list_signer, &pki.root], &pki.list_signer.key, header, payload))
    };
    assert_eq!(with(HEADER, &good), Ok(()));
    for header in [
        HEADER.replace("trust-list", "other-list"),
        HEADER.replace(r#","typ""#, r#","crit":["exp"],"typ""#),
        HEADER.replace(r#""alg":"ES256""#, r#""alg":"ES256","alg":"ES256""#),
        HEADER.replace(r#""alg":"ES256","#, ""),
        "[]".to_owned(),
        String::new(),
    ] {
        assert_eq!(with(&header, &good), Err(ListError::NotAList), "{header}");
    }
    for algorithm in ["none", "HS256", "ES384", "es256"] {
        assert_eq!(with(&HEADER.replace("ES256", algorithm), &good), Err(ListError::OtherAlgorithm), "{algorithm}");
    }
    assert_eq!(with(HEADER, &good.replace("\"version\":1", "\"version\":2")), Err(ListError::OtherVersion(2)));
    for payload in [
        good.replace("\"version\":1", "\"version\":1,\"version\":1"),
        good.replace("\"version\":1", "\"version\":1,\"more\":1"),
        good.replace("\"sequence\":7", "\"sequence\":-7"),
        good.replace("\"sequence\":7", "\"sequence\":7.5"),
        good.replace("\"status\":\"GOOD\"", "\"status\":\"BETTER\""),
        good.replace("\"status\":\"GOOD\"", "\"status\":\"REVOKED\""),
        good.replace("\"SEAL\"", "\"ALL\""),
        good.replace(&format!("{}", NOW - DAY), "99999999999999"),
        format!("{good}x"),
        "{}".to_owned(),
    ] {
        assert_ne!(payload, good);
        assert_eq!(with(HEADER, &payload), Err(ListError::NotAList), "{payload}");
    }
    let text = signed(&pki, &list(&pki));
    for wrong in [
        format!("{text}."),
        format!("{text}="),
        format!(" {text}"),
        format!("{text}\n"),
        text.replace('.', " "),
        text.rsplit_once('.').unwrap().0.to_owned(),
        "x".repeat(5 * 1024 * 1024),
    ] {
        assert_eq!(read(&pki, &wrong), Err(ListError::NotAList), "{}", &wrong[..20.min(wrong.len())]);
    }
}

#[test]
fn every_entry_is_proven_by_its_certificate() {
    let (pki, other) = (Pki::new(), Pki::new());
    let sign = |list: &TrustList| {
        let text = serde_json::to_string(list).unwrap();
        let tried = read(&pki, &forged(&[&pki.list_signer, &pki.root], &pki.list_signer.key, HEADER, &text));
        // What no reader takes is not given out to be signed.
        assert_eq!(to_be_signed(list, &pki.list_chain()).is_ok(), tried.is_ok());
        tried
    };
    let with = |change: &dyn Fn(&mut TrustList)| {
        let mut list = list(&pki);
        change(&mut list);
        sign(&list)
    };
    let at = |at: usize, why: EntryError| Err(ListError::Entry { at, why });
    assert_eq!(with(&|_| ()), Ok(()));
    assert_eq!(with(&|list| list.entries.clear()), Ok(()), "nobody may seal yet");
    assert_eq!(with(&|list| list.entries.push(entry(&pki))), at(1, EntryError::Twice));
    assert_eq!(with(&|list| list.entries[0].name_am.clear()), at(0, EntryError::Name));
    assert_eq!(with(&|list| list.next_update = list.issued_at), Err(ListError::Order));
    assert_eq!(with(&|list| list.root = hex::encode(other.root.fingerprint())), Err(ListError::OtherRoot));
    assert_eq!(with(&|list| list.root = list.root.to_uppercase()), Err(ListError::OtherRoot));
    assert_eq!(with(&|list| list.issuers = vec!["AAAA".to_owned()]), Err(ListError::NotAList));
    let foreign = entry(&other);
    for change in [
        |entry: &mut Entry, other: &Entry| entry.jwk = other.jwk.clone(),
        |entry: &mut Entry, other: &Entry| entry.key_id = other.key_id.clone(),
        |entry: &mut Entry, other: &Entry| entry.certificate = other.certificate.clone(),
        |entry: &mut Entry, _: &Entry| entry.not_after = entry.not_after.plus(1),
        |entry: &mut Entry, _: &Entry| entry.certificate.push('='),
    ] {
        assert_eq!(with(&|list| change(&mut list.entries[0], &foreign)), at(0, EntryError::Disagrees));
    }
    let chain = |why: ChainError| at(0, EntryError::Chain(why));
    assert_eq!(with(&|list| list.entries[0] = foreign.clone()), chain(ChainError::OtherIssuer { at: 0 }));
    assert_eq!(with(&|list| list.issuers.clear()), chain(ChainError::OtherIssuer { at: 0 }));
    let named =
        |holder: &Holder| Entry::new(("A", "A", "A"), &holder.certificate(), vec![EntryPurpose::Seal], State::Good);
    let put = |holder: &Holder| with(&|list| list.entries[0] = named(holder));
    assert_eq!(put(&pki.list_signer), chain(ChainError::OtherPurpose));
    assert_eq!(put(&pki.issuer), chain(ChainError::SignerIssues));
    assert_eq!(put(&pki.root.issue(Plan::seal("CN=Straight from the root"), Key::p256())), Ok(()));
    let over = pki.issuer.issue(Plan::seal("CN=Over").valid(NOW - 200 * DAY, NOW - 100 * DAY), Key::p256());
    assert_eq!(put(&over), Ok(()), "what it sealed in its time stays good");
    let before = pki.issuer.issue(Plan::seal("CN=Before").valid(NOW - 5000 * DAY, NOW), Key::p256());
    assert!(matches!(put(&before), Err(ListError::Entry { .. })), "issued before its issuer was");
}

#[test]
fn an_issuer_that_was_renewed_under_its_name_proves_each_in_its_time() {
    let pki = Pki::new();
    let old = pki
        .root
        .issue(Plan::issuer("CN=Test Issuing CA", Some(0)).valid(NOW - 800 * DAY, NOW - 150 * DAY), Key::p256());
    let early = old.issue(Plan::seal("CN=Early").valid(NOW - 700 * DAY, NOW - 200 * DAY), Key::p256());
    let early = Entry::new(("ECTA", "A", "A"), &early.certificate(), vec![EntryPurpose::Seal], State::Good);
    for issuers in [[&pki.issuer, &old], [&old, &pki.issuer]] {
        let list = TrustList {
            issuers: issuers.iter().map(|issuer| base64(&issuer.der)).collect(),
            entries: vec![entry(&pki), early.clone()],
            ..list(&pki)
        };
        assert_eq!(read(&pki, &signed(&pki, &list)), Ok(()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_changed_character_anywhere_is_refused(place in any::<prop::sample::Index>(), by in any::<prop::sample::Index>()) {
        let (pki, text) = a_list();
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
        let mut changed = text.clone().into_bytes();
        let place = place.index(changed.len());
        changed[place] = alphabet[by.index(alphabet.len())];
        prop_assume!(changed != text.as_bytes());
        prop_assert!(read(pki, &String::from_utf8(changed).unwrap()).is_err());
    }

    #[test]
    fn nothing_that_comes_in_stops_the_reader(text in ".{0,400}", payload in prop::collection::vec(any::<u8>(), 0..200)) {
        let (pki, list) = a_list();
        prop_assert!(read(pki, &text).is_err());
        let (header, rest) = list.split_once('.').unwrap();
        let (_, signature) = rest.split_once('.').unwrap();
        let payload = base64url(&payload);
        let swapped = format!("{header}.{payload}.{signature}");
        prop_assert!(read(pki, &swapped).is_err());
    }
}

fn a_list() -> &'static (Pki, String) {
    static LIST: std::sync::OnceLock<(Pki, String)> = std::sync::OnceLock::new();
    LIST.get_or_init(|| {
        let pki = Pki::new();
        let text = signed(&pki, &list(&pki));
        (pki, text)
    })
}

#[test]
fn the_content_is_json_that_others_can_read() {
    let (_, text) = a_list();
    let payload = from_base64url(text.split('.').nth(1).unwrap()).unwrap();
    let read: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(read["entries"][0]["organization"], "ECTA");
    assert_eq!(read["entries"][0]["state"]["status"], "GOOD");
    assert_eq!(read["entries"][0]["jwk"]["crv"], "P-256");
}
