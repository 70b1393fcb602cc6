//! The sheet that is printed: what the snapshot says, put into the boxes of the form.
//!
//! Nothing is looked up here. Beside the snapshot a sheet knows what the paper is worth today and which print
//! it is, for the mark across it.

mod boxes;
mod commercial;
mod granted;
mod ico;
mod page;
#[cfg(feature = "pdf")]
mod pdf;
mod permit;
mod quality;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use boxes::{BoxView, Line, Tick};

pub(super) use page::{Bar, render};
#[cfg(feature = "pdf")]
pub use pdf::{PdfInputError, as_pdf_input};

use super::bilingual::Bilingual;
use super::model::{PaperKind, PaperLine, PaperState, Print, Sheet};
use super::snapshot::{CoffeeKind, Signature, Snapshot, short_hash};
use crate::calendar::{EthiopianDate, eat_date};
use crate::documents::qr::{TextTooLong, link_qr_image, qr_image};
use crate::i18n::Lang;
use crate::web::components::{Moment, ethiopian};
use crate::web::site::Site;

/// What stands on every sheet around the boxes.
#[derive(Serialize)]
pub(super) struct SheetFrame {
    /// The paper's number.
    pub number: String,
    /// DUPLICATE n of a paper whose sheet was lost.
    pub duplicate: Option<Bilingual>,
    /// ORIGINAL, COPY n, or that it is no print on record.
    pub label: Bilingual,
    /// Whether it is a print on record.
    pub is_recorded: bool,
    /// Words across the sheet, each with its style's name.
    pub marks: Vec<(&'static str, Bilingual)>,
    /// The QR code as an image's address.
    #[serde(skip)]
    pub qr: String,
    /// Whether it carries the seal along, and is so much larger.
    #[serde(skip)]
    pub is_sealed: bool,
    /// Where the public page is.
    pub url: String,
    /// The code in groups.
    pub code: String,
    /// The beginning of the hash.
    pub hash: String,
    /// Who issued it and when.
    pub issued: Bilingual,
    /// Who printed this sheet and when.
    pub printed: Option<Bilingual>,
}

/// An export permit on its sheet.
#[derive(Serialize)]
struct PermitSheet {
    is_dense: bool,
    validity: (DayView, DayView),
    parties: Vec<BoxView>,
    lots: Vec<permit::LotView>,
    terms: Vec<BoxView>,
    conditions: Vec<Bilingual>,
    special_conditions: Option<String>,
    signature: SignatureView,
}

/// A paper of what was granted to a firm, on its sheet: all of them have one form.
#[derive(Serialize)]
struct GrantedSheet {
    is_dense: bool,
    title: Bilingual,
    /// Its first and last day; a certificate of quality speaks of one day.
    validity: Option<(DayView, DayView)>,
    boxes: Vec<BoxView>,
    statement: Bilingual,
    /// What stands above the terms.
    terms_caption: Bilingual,
    terms: Vec<Bilingual>,
    signature: SignatureView,
}

/// An ICO certificate of origin on its sheet.
#[derive(Serialize)]
struct IcoSheet {
    is_dense: bool,
    boxes: Vec<BoxView>,
    statement: Bilingual,
    signatures: Vec<(Bilingual, SignatureView)>,
    information: BoxView,
    papers: Vec<Line>,
}

/// Who signed, where and when.
#[derive(Serialize)]
struct SignatureView {
    name: String,
    title: Bilingual,
    organization: Bilingual,
    place: Option<String>,
    day: DayView,
}

/// A day in both calendars: `20 Nov 2026`, `11 ኅዳር 2019 ዓ.ም.`
#[derive(Serialize)]
struct DayView {
    gregorian: String,
    ethiopian: String,
}

impl DayView {
    fn of(date: NaiveDate) -> Self {
        Self { gregorian: Moment::day(Lang::EN, date).text, ethiopian: ethiopian(Lang::AM, date) }
    }

    /// The Ethiopian date in figures, where there is little room: `11/03/2019`.
    fn short_ethiopian(date: NaiveDate) -> String {
        let date = EthiopianDate::from(date);
        format!("{:02}/{:02}/{}", date.day(), date.month(), date.year())
    }

    fn line(date: NaiveDate) -> Line {
        let day = Self::of(date);
        Line::both(Bilingual::new(day.gregorian, day.ethiopian))
    }
}

impl SignatureView {
    fn of(signature: &Signature) -> Self {
        Self {
            name: signature.signatory.name.clone(),
            title: signature.signatory.title.clone(),
            organization: signature.signatory.organization.clone(),
            place: Some(signature.place.clone()),
            day: DayView::of(eat_date(signature.signed_at)),
        }
    }
}

impl SheetFrame {
    /// The frame of `paper`: as the print on record, or as a preview. Where it has a `seal`, its QR code carries that along.
    ///
    /// # Errors
    /// When the public address is too long for a QR code.
    pub fn of(site: &Site, paper: &PaperLine, seal: Option<&[u8]>, print: Option<&Print>) -> Result<Self, TextTooLong> {
        let mut marks = Vec::new();
        if print.is_none() {
            marks.push(("preview", Bilingual::t("papers-sheet-preview-mark")));
        }
        if let Some(word) = state_mark(paper.state) {
            marks.push(("state", word));
        } else if paper.duplicate > 0 {
            marks.push(("duplicate", duplicate_label(paper.duplicate)));
        }
        let label = print
            .map_or_else(|| Bilingual::t("papers-sheet-preview"), |print| sheet_label(print.sheet, paper.duplicate));
        let frame = Self::around(site, paper, label)?;
        let (qr, is_sealed) = match seal.and_then(|seal| sealed_address(site, paper, seal)) {
            Some(address) => (qr_image(&address, &Lang::EN.t("papers-qr-label"))?, true),
            None => (frame.qr, false),
        };
        Ok(Self {
            is_recorded: print.is_some(),
            marks,
            printed: print.map(|print| by_whom("papers-printed-by", print.at, &print.by_name)),
            qr,
            is_sealed,
            ..frame
        })
    }

    /// The frame of `paper` as a file. What the paper is worth later does not stand in it: a file stays as it was signed.
    ///
    /// # Errors
    /// When the public address is too long for a QR code.
    #[cfg(feature = "pdf")]
    pub fn of_file(site: &Site, paper: &PaperLine) -> Result<Self, TextTooLong> {
        if paper.duplicate == 0 {
            return Self::around(site, paper, Bilingual::t("papers-sheet-electronic"));
        }
        let label = duplicate_label(paper.duplicate);
        let frame = Self::around(site, paper, label.clone())?;
        Ok(Self { marks: vec![("duplicate", label)], ..frame })
    }

    /// What every sheet of `paper` has.
    fn around(site: &Site, paper: &PaperLine, label: Bilingual) -> Result<Self, TextTooLong> {
        let url = site.absolute_url(&paper.code.path());
        Ok(Self {
            number: paper.number.clone(),
            duplicate: (paper.duplicate > 0).then(|| duplicate_label(paper.duplicate)),
            label,
            is_recorded: true,
            marks: Vec::new(),
            qr: link_qr_image(&url, &Lang::EN.t("papers-qr-label"))?,
            is_sealed: false,
            url,
            code: paper.code.grouped(),
            hash: short_hash(&paper.content_sha256),
            issued: by_whom("papers-issued-by", paper.issued_at, &paper.issued_by),
            printed: None,
        })
    }
}

/// The address in the QR code of a sealed paper: behind the page's own it has the seal, which no server is sent.
fn sealed_address(site: &Site, paper: &PaperLine, seal: &[u8]) -> Option<String> {
    let code = paper.code.as_str().parse().ok()?;
    Some(jebena_trust::qr::write(&site.origin(), &code, seal))
}

/// The word across a paper that is not simply in force.
fn state_mark(state: PaperState) -> Option<Bilingual> {
    match state {
        PaperState::Valid => None,
        PaperState::Used
        | PaperState::Revoked
        | PaperState::Expired
        | PaperState::Replaced
        | PaperState::Suspended
        | PaperState::Lost => Some(Bilingual::new(state_in_words(state, Lang::EN), state_in_words(state, Lang::AM))),
    }
}

/// What a paper is worth, in a word.
pub(super) fn state_in_words(state: PaperState, lang: Lang) -> String {
    lang.t(match state {
        PaperState::Valid => "papers-state-valid",
        PaperState::Used => "papers-state-used",
        PaperState::Revoked => "papers-state-revoked",
        PaperState::Expired => "papers-state-expired",
        PaperState::Replaced => "papers-state-replaced",
        PaperState::Suspended => "papers-state-suspended",
        PaperState::Lost => "papers-state-lost",
    })
}

/// The sentence that says what a state means for who relies on the paper.
pub(super) fn meaning_id(state: PaperState, duplicate: i32, kind: PaperKind) -> &'static str {
    match state {
        PaperState::Valid if duplicate > 0 => "verify-duplicate-text",
        PaperState::Valid if kind.is_of_exporter() => "verify-valid-exporter-text",
        PaperState::Valid => "verify-valid-text",
        PaperState::Used => "verify-used-text",
        PaperState::Revoked => "verify-revoked-text",
        PaperState::Expired => "verify-expired-text",
        PaperState::Replaced => "verify-replaced-text",
        PaperState::Suspended => "verify-suspended-text",
        PaperState::Lost => "verify-lost-text",
    }
}

/// The name of a form of coffee, as box 14 has it.
pub(super) const fn form_id(form: CoffeeKind) -> &'static str {
    match form {
        CoffeeKind::GreenArabica => "papers-ico-green-arabica",
        CoffeeKind::GreenRobusta => "papers-ico-green-robusta",
        CoffeeKind::Roasted => "papers-ico-roasted",
        CoffeeKind::Soluble => "papers-ico-soluble",
        CoffeeKind::Liquid => "papers-ico-liquid",
        CoffeeKind::Other => "papers-ico-other-form",
    }
}

/// ORIGINAL or COPY n; the first print of a duplicate is no original.
pub(super) fn sheet_label(sheet: Sheet, duplicate: i32) -> Bilingual {
    match sheet.copy_number() {
        None if duplicate > 0 => duplicate_label(duplicate),
        None => Bilingual::t("papers-sheet-original"),
        Some(n) => counted("papers-sheet-copy", n),
    }
}

/// DUPLICATE n: the sheet that stands in the place of one that was lost.
pub(super) fn duplicate_label(n: i32) -> Bilingual {
    counted("papers-sheet-duplicate", n)
}

fn counted(id: &'static str, n: i32) -> Bilingual {
    let label = |lang: Lang| lang.t_args(id, &[("n", n.into())]);
    Bilingual::new(label(Lang::EN), label(Lang::AM))
}

fn by_whom(id: &'static str, when: DateTime<Utc>, who: &str) -> Bilingual {
    let sentence = |lang: Lang| lang.t_args(id, &[("when", Moment::at(lang, when).text.into()), ("who", who.into())]);
    Bilingual::new(sentence(Lang::EN), sentence(Lang::AM))
}

/// "Page 1 of 1".
fn page_of(page: &str, pages: &str) -> Bilingual {
    let sentence = |lang: Lang| lang.fill("papers-page", [("page", page), ("pages", pages)]);
    Bilingual::new(sentence(Lang::EN), sentence(Lang::AM))
}

/// What stands on the sheet of a paper, in the form that the paper has. The page and the file are drawn from it.
#[derive(Serialize)]
#[serde(tag = "form", content = "sheet", rename_all = "snake_case")]
enum Form {
    Permit(PermitSheet),
    Ico(IcoSheet),
    Granted(GrantedSheet),
    Commercial(Box<commercial::CommercialSheet>),
}

impl Form {
    fn of(snapshot: &Snapshot) -> Self {
        match snapshot {
            Snapshot::Permit(permit) => Self::Permit(permit::sheet(permit)),
            Snapshot::Origin(certificate) => Self::Ico(ico::sheet(certificate)),
            Snapshot::Competence(certificate) => Self::Granted(granted::competence(certificate)),
            Snapshot::License(license) => Self::Granted(granted::license(license)),
            Snapshot::Laboratory(certificate) => Self::Granted(granted::laboratory(certificate)),
            Snapshot::Taster(certificate) => Self::Granted(granted::taster(certificate)),
            Snapshot::Quality(certificate) => Self::Granted(quality::sheet(certificate)),
            Snapshot::Commercial(paper) => Self::Commercial(Box::new(commercial::sheet(paper))),
        }
    }
}

#[cfg(test)]
mod tests;
