//! Software that nobody here wrote reads what is sealed: two COSE libraries in Python, one in Rust, and a QR reader.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use coset::{CoseSign1, TaggedCborSerializable};
use jebena_trust::key::PublicKey;
use jebena_trust::qr;
use jebena_trust::seal::{assemble, key_id, parse, to_be_signed};
use serde_json::{Value, json};

use crate::pki::{Key, Pki};
use crate::seals::{ico, sealed};

fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What each of the Python libraries says of each seal.
fn by_python(pki: &Pki, seals: &[Vec<u8>]) -> Vec<[Option<String>; 2]> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| here().join("../target"), PathBuf::from);
    let python = target.join("checkers/trust/bin/python");
    assert!(
        python.exists(),
        "{} is not there: tests/run makes it, or python3 -m venv target/checkers/trust && \
         target/checkers/trust/bin/pip install -r trust/tests/checkers/requirements.txt",
        python.display()
    );
    let PublicKey::P256(key) = pki.seal.certificate().key().clone() else { panic!("seals are on P-256") };
    let point = key.to_encoded_point(false);
    let task = json!({
        "x": hex::encode(point.x().unwrap()),
        "y": hex::encode(point.y().unwrap()),
        "kid": hex::encode(key_id(&pki.seal.fingerprint())),
        "seals": seals.iter().map(hex::encode).collect::<Vec<_>>(),
    });
    let mut child = Command::new(python)
        .arg(here().join("tests/checkers/cose.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(task.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn two_libraries_of_others_take_a_seal_and_refuse_each_twin_that_was_tampered_with() {
    let pki = Pki::new();
    let cose = sealed(&ico(), &pki.seal);
    let mut seals = vec![cose.clone()];
    // One bit in the header, in the claims, in the signature; the signature of another paper; another signer's.
    for place in [12, 40, cose.len() / 2, cose.len() - 40, cose.len() - 1] {
        let mut changed = cose.clone();
        changed[place] ^= 1;
        seals.push(changed);
    }
    let other = jebena_trust::claims::Claims { number: "ICO-2026/27-999999".to_owned(), ..ico() }.checked().unwrap();
    let other = sealed(&other, &pki.seal);
    seals.push([&cose[..cose.len() - 64], &other[other.len() - 64..]].concat());
    let forger = Key::p256();
    let signature = forger.sign_raw(&to_be_signed(&ico(), &pki.seal.fingerprint()));
    seals.push([&cose[..cose.len() - 64], signature.as_slice()].concat());
    let said = by_python(&pki, &seals);
    let payload = CoseSign1::from_tagged_slice(&cose).unwrap().payload.map(hex::encode);
    assert!(payload.is_some());
    assert_eq!(said[0], [payload.clone(), payload]);
    for (place, said) in said.iter().enumerate().skip(1) {
        assert_eq!(said, &[None, None], "twin {place}");
        let ours = parse(&seals[place]).map(|seal| seal.verify(pki.seal.certificate().key()).is_ok());
        assert_ne!(ours, Ok(true), "twin {place}");
    }
}

#[test]
fn a_general_library_signs_the_same_bytes() {
    let pki = Pki::new();
    let cose = sealed(&ico(), &pki.seal);
    let read = CoseSign1::from_tagged_slice(&cose).unwrap();
    assert_eq!(read.tbs_data(&[]), to_be_signed(&ico(), &pki.seal.fingerprint()));
    assert_eq!(read.protected.header.alg, Some(coset::Algorithm::Assigned(coset::iana::Algorithm::ES256)));
    assert_eq!(read.protected.header.key_id, key_id(&pki.seal.fingerprint()));
    assert_eq!(read.to_tagged_vec().unwrap(), cose);
}

#[test]
fn a_reader_of_others_reads_the_code_that_is_printed() {
    let pki = Pki::new();
    let address = qr::write("https://verify.jebena.example", &ico().code, &sealed(&ico(), &pki.seal));
    let code = fast_qr::QRBuilder::new(address.as_str()).ecl(fast_qr::ECL::M).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("code.png");
    draw(&code, &path);
    let output = Command::new("zbarimg").args(["--raw", "--quiet"]).arg(&path).output().unwrap();
    let read = String::from_utf8(output.stdout).unwrap();
    assert_eq!(read.trim_end_matches('\n'), address);
    let read = qr::parse(read.trim_end_matches('\n')).unwrap();
    assert_eq!(parse(&read.seal).unwrap().claims, ico());
}

/// Four dots a module, with the light border that readers need.
fn draw(code: &fast_qr::QRCode, path: &Path) {
    const DOTS: usize = 4;
    const QUIET: usize = 4;
    let side = u32::try_from((code.size + 2 * QUIET) * DOTS).unwrap();
    let is_dark = |x: u32, y: u32| {
        let module = |place: u32| (place as usize / DOTS).checked_sub(QUIET).filter(|at| *at < code.size);
        matches!((module(x), module(y)), (Some(x), Some(y)) if code[y][x].value())
    };
    image::GrayImage::from_fn(side, side, |x, y| image::Luma([if is_dark(x, y) { 0 } else { 255 }]))
        .save(path)
        .unwrap();
}

#[test]
fn a_key_in_json_is_the_certificates() {
    let pki = Pki::new();
    let jwk = serde_json::to_value(pki.seal.certificate().key().jwk()).unwrap();
    let PublicKey::P256(key) = pki.seal.certificate().key().clone() else { panic!("seals are on P-256") };
    let point = key.to_encoded_point(false);
    assert_eq!(jwk["crv"], "P-256");
    assert_eq!(jwk["x"], Value::from(jebena_trust::text::base64url(point.x().unwrap())));
    assert_eq!(jwk["y"], Value::from(jebena_trust::text::base64url(point.y().unwrap())));
    let signature = pki.seal.key.sign(&to_be_signed(&ico(), &pki.seal.fingerprint()));
    assert!(assemble(&ico(), &pki.seal.fingerprint(), &signature, pki.seal.certificate().key()).is_ok());
}
