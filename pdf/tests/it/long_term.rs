//! Signatures with a time stamp (B-T), and with all that a checker needs years later (B-LT).

use jebena_pdf::pades::{SignatureMeta, ValidationMaterial, add_validation_material, prepare};
use jebena_pdf::tsp;

use crate::pki::{Holder, Pki};
use crate::sheets;
use crate::signing::{meta, sign};
use crate::stamping::answer;
use crate::tools::{pyhanko, said};

/// `pdf` with a signature and its time stamp.
fn sign_with_time(pki: &Pki, holder: &Holder, tsa: &Holder, pdf: &[u8], meta: &SignatureMeta) -> Vec<u8> {
    let prepared = prepare(pdf, meta, &holder.certificate).unwrap();
    let signature = holder.sign(&pki.desk, prepared.to_be_signed());
    let answer = answer(pki, tsa, &tsp::query(&signature, 42).unwrap());
    let token = tsp::token(&answer, &signature, 42).unwrap();
    prepared.finish(&signature, &[pki.certificate("issuing")], Some(&token)).unwrap()
}

fn material(pki: &Pki, holders: &[&Holder]) -> ValidationMaterial {
    let mut certificates = vec![pki.certificate("root"), pki.certificate("issuing")];
    certificates.extend(holders.iter().map(|holder| holder.certificate.clone()));
    ValidationMaterial { certificates, crls: pki.crls(), ocsp_responses: Vec::new() }
}

#[test]
fn a_paper_with_its_material_is_checked_without_the_network() {
    let pki = Pki::new();
    let (seal, tsa) = (pki.seal("ECTA"), pki.tsa());
    let pdf = sheets::file("permit");
    let root = pki.at("root.pem");
    let signed = sign_with_time(&pki, &seal, &tsa, &pdf, &meta("Seal", "ECTA", true));
    let file = pki.desk.put("b-t.pdf", &signed);
    assert_eq!(pyhanko(&file, &root, "plain"), ["Seal: GOOD VALID INTACT TRUSTED CERTIFIED ENTIRE_FILE NONE STAMPED"]);
    // Without the material it is no B-LT.
    let verdict = pyhanko(&file, &root, "long-term").join("\n");
    assert!(!verdict.contains("PASSED"), "{verdict}");

    let long_term = add_validation_material(&signed, &material(&pki, &[&seal, &tsa])).unwrap();
    assert!(long_term.starts_with(&signed));
    let file = pki.desk.put("b-lt.pdf", &long_term);
    said("qpdf", &["--check", &file]);
    let verdict = pyhanko(&file, &root, "long-term");
    assert_eq!(verdict, ["Seal: PASSED GOOD VALID INTACT TRUSTED CERTIFIED ENTIRE_REVISION LTA_UPDATES STAMPED"]);
    // Nothing is put in twice.
    let again = add_validation_material(
        &long_term,
        &ValidationMaterial {
            certificates: vec![seal.certificate.clone(), pki.certificate("root")],
            ..ValidationMaterial::default()
        },
    );
    assert!(again.unwrap() == long_term);
}

#[test]
fn two_organisations_sign_for_the_long_term() {
    let pki = Pki::new();
    let (customs, authority, tsa) = (pki.seal("Customs"), pki.seal("ECTA"), pki.tsa());
    let pdf = sheets::file("ico");
    let once = sign_with_time(&pki, &customs, &tsa, &pdf, &meta("Customs", "Customs", true));
    let once = add_validation_material(&once, &material(&pki, &[&customs, &tsa])).unwrap();
    let twice = sign_with_time(&pki, &authority, &tsa, &once, &meta("Authority", "ECTA", false));
    let twice = add_validation_material(&twice, &material(&pki, &[&authority, &tsa])).unwrap();
    let file = pki.desk.put("ico.pdf", &twice);
    said("qpdf", &["--check", &file]);
    let verdict = pyhanko(&file, &pki.at("root.pem"), "long-term");
    assert_eq!(
        verdict,
        [
            "Customs: PASSED GOOD VALID INTACT TRUSTED CERTIFIED ENTIRE_REVISION FORM_FILLING STAMPED",
            "Authority: PASSED GOOD VALID INTACT TRUSTED APPROVAL ENTIRE_REVISION LTA_UPDATES STAMPED",
        ]
    );
    let list = said("pdfdetach", &["-list", &file]);
    assert!(list.contains("paper.json"), "{list}");
}

#[test]
fn who_was_revoked_before_signing_is_not_trusted() {
    let pki = Pki::new();
    let (seal, tsa) = (pki.seal("ECTA"), pki.tsa());
    pki.revoke(&seal);
    let pdf = sheets::file("permit");
    let signed = sign_with_time(&pki, &seal, &tsa, &pdf, &meta("Seal", "ECTA", true));
    let file = pki.desk.put("revoked.pdf", &add_validation_material(&signed, &material(&pki, &[&seal, &tsa])).unwrap());
    let verdict = pyhanko(&file, &pki.at("root.pem"), "long-term").join("\n");
    assert!(verdict.contains("REVOKED") && !verdict.contains("PASSED"), "{verdict}");
}

#[test]
fn who_was_expired_when_signing_is_not_trusted() {
    let pki = Pki::new();
    let (seal, tsa) = (pki.expired_seal("Old"), pki.tsa());
    let pdf = sheets::file("permit");
    let signed = sign_with_time(&pki, &seal, &tsa, &pdf, &meta("Seal", "Old", true));
    let file = pki.desk.put("old.pdf", &add_validation_material(&signed, &material(&pki, &[&seal, &tsa])).unwrap());
    // Not the check for the long term: pyHanko 0.38 leaves what had expired there to the check of archive time stamps.
    let verdict = pyhanko(&file, &pki.at("root.pem"), "plain");
    assert_eq!(verdict, ["Seal: BAD VALID INTACT UNTRUSTED CERTIFIED ENTIRE_REVISION LTA_UPDATES STAMPED"]);
}

#[test]
fn a_bit_changed_in_the_material_or_before_it_is_no_valid_paper() {
    let pki = Pki::new();
    let (seal, tsa) = (pki.seal("ECTA"), pki.tsa());
    let signed = sign(&pki, &seal, &sheets::file("permit"), &meta("Seal", "ECTA", true));
    let mut long_term = add_validation_material(&signed, &material(&pki, &[&seal, &tsa])).unwrap();
    long_term[signed.len() / 4] ^= 1;
    let file = pki.desk.put("changed.pdf", &long_term);
    let verdict = pyhanko(&file, &pki.at("root.pem"), "plain").join("\n");
    assert!(!verdict.contains("GOOD"), "{verdict}");
}
