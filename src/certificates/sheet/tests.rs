use std::str::FromStr;

use super::*;
use crate::auth::{OrganizationKind, Role};
use crate::certificates::VerifyCode;
use crate::certificates::model::PaperKind;
use crate::certificates::snapshot::{CoffeeKind, content_hash, samples};
use crate::ids::{OrganizationId, PaperId, UserId};
use crate::web::components::FormToken;
use crate::web::samples as pages;

fn paper(snapshot: &Snapshot, state: PaperState) -> PaperLine {
    let (kind, number) = match snapshot {
        Snapshot::Permit(permit) => (PaperKind::ExportPermit, &permit.number),
        Snapshot::Origin(certificate) => (PaperKind::IcoCertificate, &certificate.number),
        Snapshot::Competence(certificate) => (PaperKind::CompetenceCertificate, &certificate.grant.number),
        Snapshot::License(license) => (PaperKind::ExportLicense, &license.grant.number),
        Snapshot::Laboratory(certificate) => (PaperKind::LaboratoryCertificate, &certificate.grant.number),
        Snapshot::Taster(certificate) => (PaperKind::TasterCertificate, &certificate.grant.number),
        Snapshot::Quality(certificate) => (PaperKind::QualityCertificate, &certificate.number),
        Snapshot::Commercial(paper) => {
            (crate::certificates::commercial::samples::kind_of(paper).paper(), &paper.number)
        }
    };
    PaperLine {
        id: PaperId(uuid::Uuid::nil()),
        owner: OrganizationId(uuid::Uuid::nil()),
        owner_name: Bilingual::new("Abay Coffee Export PLC", "ዓባይ ቡና ላኪ"),
        export_id: None,
        kind,
        number: number.clone(),
        duplicate: 0,
        code: VerifyCode::from_str("MNXWMZTFMUQG6ZRAN5ZGSZ3JNY").unwrap(),
        state,
        since: None,
        replaced_by: None,
        issued_at: snapshot.issued_at(),
        issued_by: "Selamawit Bekele".to_owned(),
        content_sha256: content_hash(&snapshot.encode().unwrap()),
        prints: Vec::new(),
    }
}

fn printed(number: i32) -> Print {
    Print {
        sheet: Sheet::numbered(number).unwrap(),
        by: UserId(uuid::Uuid::nil()),
        by_name: "Hanna Girma".to_owned(),
        at: samples::issued_at() + chrono::Duration::hours(1),
    }
}

/// As long as any is that a paper of ours has.
const LARGEST_SEAL: [u8; 330] = [7; 330];

fn html(snapshot: &Snapshot, state: PaperState, print: Option<&Print>) -> String {
    let paper = paper(snapshot, state);
    let chrome = pages::chrome(OrganizationKind::Ecta, Role::Officer, Lang::EN, &paper.number, "/papers/1");
    let bar = Bar {
        back: "/exports/1/papers".to_owned(),
        action: "/papers/1/prints".to_owned(),
        record: print.is_none().then(|| FormToken { csrf: "t".into(), idempotency_key: "k".into(), version: None }),
        next_is_original: true,
        is_unsealed: false,
    };
    render(chrome, bar, SheetFrame::of(&site(), &paper, Some(&LARGEST_SEAL), print).unwrap(), snapshot).unwrap()
}

fn site() -> Site {
    Site::new("https://jebena.example".parse().unwrap(), true, Vec::new())
}

/// What the composer is given of each kind of paper, by name.
#[cfg(feature = "pdf")]
fn files() -> Vec<(String, Snapshot, PaperLine, jebena_pdf::Paper)> {
    let full = [
        ("permit-full", Snapshot::Permit(samples::full_permit())),
        ("ico-full", Snapshot::Origin(samples::full_origin())),
    ];
    let named = samples::all().into_iter().map(|(name, snapshot)| (name.to_owned(), snapshot));
    let named = named.chain(full.map(|(name, snapshot)| (name.to_owned(), snapshot)));
    let composed = named.map(|(name, snapshot)| {
        let line = paper(&snapshot, PaperState::Valid);
        let qr = sealed_address(&site(), &line, &LARGEST_SEAL).unwrap();
        let input = as_pdf_input(&site(), &line, &snapshot, &qr, Vec::new()).unwrap();
        (name, snapshot, line, input)
    });
    composed.collect()
}

/// The text of the page with the frame that the file has: the file has to say the same.
#[cfg(feature = "pdf")]
fn page_as_file(snapshot: &Snapshot, line: &PaperLine) -> String {
    let chrome = pages::chrome(OrganizationKind::Ecta, Role::Officer, Lang::EN, &line.number, "/papers/1");
    let (back, action) = (String::new(), String::new());
    let bar = Bar { back, action, record: None, next_is_original: true, is_unsealed: false };
    let html = render(chrome, bar, SheetFrame::of_file(&site(), line).unwrap(), snapshot).unwrap();
    let sheet = html.split_once("<main").unwrap().1.split_once("</main>").unwrap().0;
    // Digits stand in cells of their own, and are one code.
    let sheet = text(&format!("<main{}", sheet.replace("</b><b>", "").replace("</b><i>/</i><b>", "/")));
    let entities = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    entities.into_iter().fold(sheet, |text, (entity, character)| text.replace(entity, character))
}

/// The crate that composes has no papers of its own: its tests compose these, and hold each against its page.
#[cfg(feature = "pdf")]
#[test]
fn the_composer_is_tested_with_what_it_is_given() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pdf/tests/sheets");
    for (name, snapshot, line, input) in files() {
        let path = folder.join(format!("{name}.json"));
        let page = page_as_file(&snapshot, &line);
        let fields = serde_json::json!({
            "title": input.title, "number": input.number, "content": input.content, "page": page,
            "qr": input.qr.svg,
        });
        let given = format!("{}\n", serde_json::to_string_pretty(&fields).unwrap());
        if std::env::var("INSTA_UPDATE").as_deref() == Ok("always") {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &given).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == given, "{} is not what is given: INSTA_UPDATE=always writes it", path.display());
    }
}

/// The text of the page, a line a piece: what a person reads, without the addresses that carry hashes.
fn text(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<').skip(1).filter_map(|tag| tag.split_once('>')).map(|(_, text)| text.trim()) {
        if !piece.is_empty() {
            text.push_str(piece);
            text.push('\n');
        }
    }
    text
}

#[test]
fn papers_print_what_was_issued() {
    for (name, snapshot) in samples::all() {
        let original = html(&snapshot, PaperState::Valid, Some(&printed(1)));
        pages::save(&format!("paper-{name}"), &original);
        pages::save(&format!("paper-{name}-preview"), &html(&snapshot, PaperState::Valid, None));
        pages::save(&format!("paper-{name}-revoked"), &html(&snapshot, PaperState::Revoked, Some(&printed(3))));
        insta::assert_snapshot!(name, text(&original));
    }
    for (name, snapshot) in
        [("permit", Snapshot::Permit(samples::full_permit())), ("ico", Snapshot::Origin(samples::full_origin()))]
    {
        pages::save(&format!("paper-{name}-full"), &html(&snapshot, PaperState::Valid, Some(&printed(1))));
    }
}

/// Papers print for ever as they were issued: the first edition put the port of loading behind every Incoterm.
#[test]
fn a_permit_names_the_place_of_its_incoterm_and_an_old_one_what_it_always_named() {
    let printed = |edition: u32, incoterm: &str| {
        let mut permit = samples::permit();
        permit.edition = edition;
        permit.price.incoterm = incoterm.to_owned();
        text(&html(&Snapshot::Permit(permit), PaperState::Valid, None))
    };
    for (edition, incoterm, shown) in
        [(2, "FOB", "FOB Djibouti"), (2, "CIF", "CIF Hamburg"), (2, "DAP", "DAP Hamburg"), (1, "CIF", "CIF Djibouti")]
    {
        assert!(printed(edition, incoterm).contains(shown), "{edition} {incoterm}");
    }
}

#[test]
fn a_print_that_is_not_on_record_says_so() {
    let snapshot = Snapshot::Permit(samples::permit());
    let preview = html(&snapshot, PaperState::Valid, None);
    assert!(preview.contains("PREVIEW – NOT RECORDED") && !preview.contains("ORIGINAL"));
    assert!(preview.contains("/papers/1/prints"));
    let original = html(&snapshot, PaperState::Valid, Some(&printed(1)));
    assert!(original.contains("ORIGINAL") && !original.contains("PREVIEW"));
    let copy = html(&snapshot, PaperState::Used, Some(&printed(3)));
    assert!(copy.contains("COPY 2") && copy.contains("data-en=\"USED"));
}

#[test]
fn a_sheet_has_no_inline_style_or_script() {
    for (_, snapshot) in samples::all() {
        let html = html(&snapshot, PaperState::Valid, Some(&printed(1)));
        assert!(!html.contains("style=") && !html.contains("<style") && !html.contains("<script>"));
    }
}

#[test]
fn exactly_one_square_of_box_14_is_ticked() {
    for form in CoffeeKind::ALL {
        let ticks = ico::description(*form);
        assert_eq!(ticks.iter().filter(|tick| tick.on).count(), 1, "{form:?}");
    }
}

#[test]
fn an_empty_box_is_ruled_through() {
    let mut certificate = samples::origin();
    let blank = |certificate: &crate::certificates::snapshot::OriginSnapshot| {
        html(&Snapshot::Origin(certificate.clone()), PaperState::Valid, None).matches("box--blank").count()
    };
    assert_eq!(blank(&certificate), 1, "box 3");
    certificate.boxes.internal_reference = Some("AB-2026/17".to_owned());
    certificate.boxes.other_information = None;
    assert_eq!(blank(&certificate), 1, "box 17");
}

#[test]
fn text_that_somebody_typed_stays_text() {
    let mut permit = samples::permit();
    permit.special_conditions = Some("<script>alert(1)</script>".to_owned());
    permit.buyer.name = "A & B <b>GmbH</b>".to_owned();
    let html = html(&Snapshot::Permit(permit), PaperState::Valid, None);
    assert!(!html.contains("<script>alert") && !html.contains("<b>GmbH"));
}
