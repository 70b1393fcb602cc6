//! Papers as files.

use std::collections::BTreeSet;

use jebena_pdf::{Paper, compose};

use crate::sheets::{self, composed};
use crate::tools::{Desk, run, said};

fn pages(file: &str) -> u32 {
    let info = said("pdfinfo", &[file]);
    info.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap()
}

/// `PAPERS` names a folder for who wants to look at them.
#[test]
fn every_paper_is_one_page_that_programs_read() {
    let desk = Desk::new();
    for (name, paper) in sheets::all() {
        let bytes = composed(&paper);
        let file = desk.put(&format!("{name}.pdf"), &bytes);
        if let Some(folder) = std::env::var_os("PAPERS") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.pdf")), &bytes).unwrap();
        }
        let info = said("pdfinfo", &[&file]);
        assert_eq!(pages(&file), 1, "{name}");
        for line in ["Tagged:          yes", "Page size:       595.276 x 841.89 pts (A4)", "PDF version:     1.7"] {
            assert!(info.contains(line), "{name}: {line} is not in\n{info}");
        }
        assert!(info.contains(&paper.title), "{name}: {info}");
        said("qpdf", &["--check", &file]);
        let fonts = said("pdffonts", &[&file]);
        for line in fonts.lines().skip(2) {
            assert!(line.contains("NotoSans") && line.contains("yes yes yes"), "{name}: {line}");
        }
    }
}

/// Words without their marks, and the text without blanks: a word may be broken, or have its letters in cells.
fn words(text: &str) -> (BTreeSet<String>, String) {
    let text = text.replace('\u{200b}', "").to_lowercase();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    (words, text.chars().filter(|c| c.is_alphanumeric()).collect())
}

#[test]
fn a_paper_says_what_its_page_says_and_nothing_else() {
    let desk = Desk::new();
    for (name, paper) in sheets::all() {
        let file = desk.put("paper.pdf", &composed(&paper));
        let text =
            [&["-layout"][..], &[], &["-raw"]].map(|how| said("pdftotext", &[how, &[&file, "-"]].concat())).join("\n");
        let (on_paper, paper_letters) = words(&text);
        let (on_page, page_letters) = words(&sheets::page(&name));
        assert!(on_page.len() > 60, "{name}: {on_page:?}");
        let missing: Vec<_> =
            on_page.iter().filter(|word| !on_paper.contains(*word) && !paper_letters.contains(*word)).collect();
        assert!(missing.is_empty(), "{name} lacks {missing:?}:\n{text}");
        // A browser numbers the conditions by itself.
        let numbers = |word: &str| word.len() < 3 && word.parse::<u8>().is_ok();
        let strange: Vec<_> = on_paper.iter().filter(|word| !page_letters.contains(*word) && !numbers(word)).collect();
        assert!(strange.is_empty(), "{name} has {strange:?}:\n{text}");
    }
}

#[test]
fn a_paper_says_what_it_conforms_to_and_in_which_language() {
    let desk = Desk::new();
    let file = desk.put("permit.pdf", &composed(&sheets::one("permit")));
    let metadata = said("pdfinfo", &["-meta", &file]);
    for claim in
        ["<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "<pdfuaid:part>1</pdfuaid:part>"]
    {
        assert!(metadata.contains(claim), "{claim} is not in\n{metadata}");
    }
    let structure = said("pdfinfo", &["-struct-text", &file]);
    for part in ["H1", "H2", "Table", "TH", "TD", "L ", "Figure"] {
        assert!(structure.contains(part), "{part} is not in\n{structure}");
    }
    let objects = said("qpdf", &["--qdf", "--object-streams=disable", &file, "-"]);
    assert!(objects.contains("/Lang (en)") && objects.contains("/Lang(am)"), "the languages are not told");
    assert!(objects.contains("/DisplayDocTitle true"));
}

#[test]
fn what_is_for_machines_is_in_the_file() {
    let desk = Desk::new();
    let paper = sheets::one("ico");
    let file = desk.put("ico.pdf", &composed(&paper));
    let list = said("pdfdetach", &["-list", &file]);
    assert!(list.contains("2 embedded files") && list.contains("paper.json") && list.contains("paper.cose"), "{list}");
    for attachment in &paper.attachments {
        let out = desk.at("out");
        said("pdfdetach", &["-savefile", &attachment.name, "-o", &out, &file]);
        assert_eq!(std::fs::read(&out).unwrap(), attachment.bytes);
    }
    let objects = said("qpdf", &["--qdf", "--object-streams=disable", &file, "-"]);
    assert!(objects.contains("/AFRelationship /Data") && objects.contains("/AFRelationship /Alternative"));
}

#[test]
fn the_same_paper_is_the_same_file_and_another_is_another() {
    let paper = sheets::one("invoice");
    let file = compose(&paper).unwrap();
    assert!(file == compose(&paper).unwrap());
    let mut other = paper.clone();
    other.created += chrono::TimeDelta::seconds(1);
    assert!(file != compose(&other).unwrap());
}

#[test]
fn what_somebody_typed_is_text_and_nothing_else() {
    let desk = Desk::new();
    let mut paper = sheets::one("permit");
    let typed = "#read(\"/etc/passwd\") *bold* $x$ <label> \\ [x] 中 \u{202e}drow";
    paper.content["sheet"]["special_conditions"] = typed.into();
    paper.content["sheet"]["signature"]["name"] = "W".repeat(300).into();
    let file = desk.put("typed.pdf", &composed(&paper));
    let text = said("pdftotext", &["-layout", &file, "-"]);
    let flat: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect();
    assert!(flat.contains("#read(\"/etc/passwd\")*bold*$x$<label>\\[x][U+4E2D][U+202E]drow"), "{text}");
}

#[test]
fn more_than_one_page_holds_goes_on_and_says_so() {
    let desk = Desk::new();
    let mut paper = sheets::one("packing-list");
    let rows = paper.content["sheet"]["table"]["rows"].as_array_mut().unwrap();
    let row = rows[0].clone();
    rows.extend(std::iter::repeat_n(row, 120));
    let file = desk.put("long.pdf", &composed(&paper));
    assert!(pages(&file) > 1);
    let text = said("pdftotext", &[&file, "-"]);
    assert!(text.contains(&format!("Page 2 of {}", pages(&file))), "{text}");
}

#[test]
fn a_paper_without_what_its_form_asks_for_is_refused() {
    let mut paper = sheets::one("permit");
    paper.content["words"].as_object_mut().unwrap().remove("papers-seal");
    let refused = compose(&paper).unwrap_err().to_string();
    assert!(refused.contains("papers-seal"), "{refused}");
    paper.content["form"] = "../../etc/passwd".into();
    assert!(compose(&paper).is_err());
}

/// What the code on a paper says, as a phone reads it.
fn read_code(desk: &Desk, paper: &Paper) -> String {
    let file = desk.put("paper.pdf", &composed(paper));
    assert_eq!(pages(&file), 1);
    said("pdftoppm", &["-r", "200", "-png", "-singlefile", &file, &desk.at("page")]);
    let output = run("zbarimg", &["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", &desk.at("page.png")]);
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn the_code_on_a_paper_leads_to_its_page() {
    let desk = Desk::new();
    for name in ["permit", "ico", "competence", "invoice"] {
        let paper = sheets::one(name);
        let leads = read_code(&desk, &paper).to_lowercase();
        let url = paper.content["frame"]["url"].as_str().unwrap().to_lowercase();
        assert!(leads.starts_with(&format!("{url}#")), "{name}: {leads}");
    }
}

/// An address with the paper's seal behind it (510 letters), on the fullest of papers.
#[test]
fn a_code_that_says_much_is_read_as_well() {
    let desk = Desk::new();
    let says = format!("https://jebena.example/v/MNXWMZTFMUQG6ZRAN5ZGSZ3JNY#{}", "0KhDoQEmoQRCMzFZAQ".repeat(26));
    let code = fast_qr::qr::QRBuilder::new(says.as_str()).ecl(fast_qr::ECL::M).build().unwrap();
    for name in ["permit", "permit-full", "ico-full", "invoice"] {
        let mut paper = sheets::one(name);
        paper.qr.svg = fast_qr::convert::svg::SvgBuilder::default().to_str(&code);
        assert_eq!(read_code(&desk, &paper), says, "{name}");
    }
}
