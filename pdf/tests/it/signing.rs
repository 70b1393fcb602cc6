//! Signatures in files, as poppler and pyHanko see them.

use jebena_pdf::pades::{PadesError, SignatureMeta, prepare};

use crate::pki::{Holder, Pki};
use crate::sheets;
use crate::stamping::now;
use crate::tools::{Desk, pyhanko, pyhanko_command, run, said, words};

pub fn meta(field: &str, name: &str, certifies: bool) -> SignatureMeta {
    SignatureMeta {
        field: field.to_owned(),
        name: name.to_owned(),
        reason: "Issued – የተሰጠ".to_owned(),
        location: "Addis Ababa".to_owned(),
        at: now(),
        certifies,
    }
}

/// `pdf` with a signature of `holder`, PAdES B-B.
pub fn sign(pki: &Pki, holder: &Holder, pdf: &[u8], meta: &SignatureMeta) -> Vec<u8> {
    let prepared = prepare(pdf, meta, &holder.certificate).unwrap();
    let signature = holder.sign(&pki.desk, prepared.to_be_signed());
    prepared.finish(&signature, &[pki.certificate("issuing")], None).unwrap()
}

/// What poppler says of a file's signatures, with the certificates of `pki`'s root as trusted.
fn pdfsig(pki: &Pki, file: &str) -> String {
    let database = pki.at("nss");
    if std::fs::create_dir(&database).is_ok() {
        said("certutil", &["-N", "--empty-password", "-d", &database]);
        said("certutil", &["-A", "-d", &database, "-n", "root", "-t", "CT,C,C", "-i", &pki.at("root.pem")]);
    }
    words(&run("pdfsig", &["-nssdir", &database, file]))
}

#[test]
fn a_signed_paper_is_valid_for_others_and_covers_all_of_itself() {
    let pki = Pki::new();
    let seal = pki.seal("ECTA");
    let pdf = sheets::file("permit");
    let signed = sign(&pki, &seal, &pdf, &meta("Seal of ECTA", "Ethiopian Coffee and Tea Authority", true));
    assert!(signed.starts_with(&pdf), "what was composed stays byte for byte");
    let file = pki.desk.put("permit.pdf", &signed);
    said("qpdf", &["--check", &file]);

    let poppler = pdfsig(&pki, &file);
    for line in ["Signature is Valid.", "Total document signed", "ETSI.CAdES.detached", "SHA-256"] {
        assert!(poppler.contains(line), "{line} is not in\n{poppler}");
    }
    let verdict = pyhanko(&file, &pki.at("root.pem"), "plain");
    assert_eq!(verdict, ["Seal of ECTA: GOOD VALID INTACT TRUSTED CERTIFIED ENTIRE_FILE NONE"]);
    let command = words(&pyhanko_command(&file, &pki.at("root.pem")));
    assert!(
        command.contains("The signature is judged VALID.")
            && command.contains("The signature is cryptographically sound."),
        "{command}"
    );
    // It still is what it was, for a reader and for an archive.
    let info = said("pdfinfo", &[&file]);
    assert!(info.contains("Tagged:          yes") && info.contains("Pages:           1"), "{info}");
}

#[test]
fn customs_and_the_authority_sign_one_certificate() {
    let pki = Pki::new();
    let (customs, authority) = (pki.seal("Customs"), pki.seal("ECTA"));
    let pdf = sheets::file("ico");
    let once = sign(&pki, &customs, &pdf, &meta("Customs", "Ethiopian Customs Commission", true));
    let twice = sign(&pki, &authority, &once, &meta("Authority", "Ethiopian Coffee and Tea Authority", false));
    assert!(twice.starts_with(&once));
    let file = pki.desk.put("ico.pdf", &twice);
    said("qpdf", &["--check", &file]);
    let verdict = pyhanko(&file, &pki.at("root.pem"), "plain");
    assert_eq!(
        verdict,
        [
            "Customs: GOOD VALID INTACT TRUSTED CERTIFIED ENTIRE_REVISION FORM_FILLING",
            "Authority: GOOD VALID INTACT TRUSTED APPROVAL ENTIRE_FILE NONE",
        ]
    );
    let poppler = pdfsig(&pki, &file);
    assert_eq!(poppler.matches("Signature is Valid.").count(), 2, "{poppler}");

    let again = prepare(&twice, &meta("Customs", "x", false), &customs.certificate);
    assert!(matches!(again, Err(PadesError::FieldTaken(_))));
    let late = prepare(&twice, &meta("Third", "x", true), &customs.certificate);
    assert!(matches!(late, Err(PadesError::SignedBefore)));
}

#[test]
fn a_changed_file_is_refused_wherever_it_was_changed() {
    let pki = Pki::new();
    let seal = pki.seal("ECTA");
    let signed = sign(&pki, &seal, &sheets::file("permit"), &meta("Seal", "ECTA", true));
    let place = signed.windows(11).position(|window| window == b"/Contents <").unwrap();
    let length = signed.len();
    // Within the page, in the signature, and in the trailer. Of the places some are in words that programs skip.
    for at in [length / 5, length / 3, place - 2000, place + 300, length - 60] {
        let mut changed = signed.clone();
        changed[at] ^= 1;
        let file = pki.desk.put("changed.pdf", &changed);
        let verdict = pyhanko(&file, &pki.at("root.pem"), "plain").join("\n");
        assert!(!verdict.contains("GOOD"), "byte {at}: {verdict}");
        let poppler = pdfsig(&pki, &file);
        assert!(!poppler.contains("Signature is Valid."), "byte {at}: {poppler}");
    }
}

#[test]
fn the_seal_of_one_paper_is_no_seal_of_another() {
    let pki = Pki::new();
    let seal = pki.seal("ECTA");
    let meta = meta("Seal", "ECTA", true);
    let [one, other] = ["permit", "license"].map(sheets::file);
    let prepared = prepare(&one, &meta, &seal.certificate).unwrap();
    let signature = seal.sign(&pki.desk, prepared.to_be_signed());
    let moved = prepare(&other, &meta, &seal.certificate).unwrap();
    assert!(moved.to_be_signed() != prepared.to_be_signed());
    let file = pki.desk.put("moved.pdf", &moved.finish(&signature, &[pki.certificate("issuing")], None).unwrap());
    assert_eq!(
        pyhanko(&file, &pki.at("root.pem"), "plain"),
        ["Seal: BAD INVALID INTACT UNTRUSTED CERTIFIED ENTIRE_FILE NONE"]
    );
    assert!(!pdfsig(&pki, &file).contains("Signature is Valid."));
    // The whole message of one file in the place of the other's.
    let whole = prepared.finish(&signature, &[pki.certificate("issuing")], None).unwrap();
    let find = |file: &[u8]| file.windows(11).position(|window| window == b"/Contents <").unwrap() + 11;
    let mut grafted = sign(&pki, &seal, &other, &meta);
    let (from, to) = (find(&whole), find(&grafted));
    grafted[to..to + 4000].copy_from_slice(&whole[from..from + 4000]);
    let file = pki.desk.put("grafted.pdf", &grafted);
    let verdict = pyhanko(&file, &pki.at("root.pem"), "plain").join("\n");
    assert!(!verdict.contains("GOOD"), "{verdict}");
    assert!(!pdfsig(&pki, &file).contains("Signature is Valid."));
}

#[test]
fn who_is_not_of_the_consortium_is_not_trusted_and_who_is_expired_neither() {
    let pki = Pki::new();
    let pdf = sheets::file("permit");
    let file = pki.desk.put("old.pdf", &sign(&pki, &pki.expired_seal("Old"), &pdf, &meta("Seal", "Old", true)));
    assert_eq!(
        pyhanko(&file, &pki.at("root.pem"), "plain"),
        ["Seal: BAD VALID INTACT UNTRUSTED CERTIFIED ENTIRE_FILE NONE"]
    );

    let others = Pki::new();
    let file = pki.desk.put("other.pdf", &sign(&others, &others.seal("ECTA"), &pdf, &meta("Seal", "ECTA", true)));
    assert_eq!(
        pyhanko(&file, &pki.at("root.pem"), "plain"),
        ["Seal: BAD VALID INTACT UNTRUSTED CERTIFIED ENTIRE_FILE NONE"]
    );
}

#[test]
fn what_is_no_file_or_no_signature_is_refused() {
    let pki = Pki::new();
    let seal = pki.seal("ECTA");
    let meta = meta("Seal", "ECTA", true);
    assert!(matches!(prepare(b"%PDF-1.7 no", &meta, &seal.certificate), Err(PadesError::NotReadable(_))));
    let pdf = sheets::file("permit");
    assert!(matches!(prepare(&pdf, &meta, b"no"), Err(PadesError::Cms(_))));
    // A key that signs nothing here.
    assert!(matches!(prepare(&pdf, &meta, &pki.certificate("root")), Err(PadesError::Cms(_))));
    let prepared = prepare(&pdf, &meta, &seal.certificate).unwrap();
    let none: [&[u8]; 0] = [];
    assert!(matches!(prepared.clone().finish(b"no", &none, None), Err(PadesError::Cms(_))));
    let signature = seal.sign(&pki.desk, prepared.to_be_signed());
    assert!(matches!(prepared.clone().finish(&signature, &[b"no"], None), Err(PadesError::Cms(_))));
    let long: Vec<u8> = [&[0x04, 0x82, 0x30, 0x00][..], &vec![0; 0x3000]].concat();
    assert!(matches!(prepared.finish(&signature, &none, Some(&long)), Err(PadesError::TooLarge { .. })));
}

#[test]
fn poppler_trusts_who_is_of_the_consortium_and_not_expired() {
    let pki = Pki::new();
    let pdf = sheets::file("permit");
    for (name, until, expected) in
        [("Now", "20330101000000Z", "Certificate is Trusted."), ("Then", "20250301000000Z", "Certificate has Expired")]
    {
        let holder = pki.seal_for_old_readers(name, "20250101000000Z", until);
        let file = pki.desk.put("signed.pdf", &sign(&pki, &holder, &pdf, &meta("Seal", name, true)));
        let poppler = pdfsig(&pki, &file);
        assert!(poppler.contains("Signature is Valid.") && poppler.contains(expected), "{poppler}");
    }
}

/// A file as another program writes it, with a table of objects and without.
#[test]
fn files_of_both_kinds_of_tables_are_signed() {
    let pki = Pki::new();
    let seal = pki.seal("ECTA");
    let desk = Desk::new();
    let source = desk.put("source.pdf", &sheets::file("permit"));
    for kind in ["disable", "generate"] {
        let out = desk.at("rewritten.pdf");
        said("qpdf", &[&format!("--object-streams={kind}"), &source, &out]);
        let signed = sign(&pki, &seal, &std::fs::read(&out).unwrap(), &meta("Seal", "ECTA", true));
        let file = desk.put("signed.pdf", &signed);
        said("qpdf", &["--check", &file]);
        let verdict = pyhanko(&file, &pki.at("root.pem"), "plain");
        assert_eq!(verdict, ["Seal: GOOD VALID INTACT TRUSTED CERTIFIED ENTIRE_FILE NONE"], "{kind}");
    }
}
