//! A sheet as a file: what `jebena-pdf` is given to compose it of. It says what the page says.

use std::collections::BTreeMap;

use jebena_pdf::{Attachment, Paper, Picture};
use serde::Serialize;
use thiserror::Error;

use super::{Form, SheetFrame, page_of};
use crate::certificates::bilingual::Bilingual;
use crate::certificates::model::PaperLine;
use crate::certificates::snapshot::Snapshot;
use crate::documents::qr::{TextTooLong, qr_svg};
use crate::i18n::Lang;
use crate::web::site::Site;

/// What the templates say that is the same on every paper of a form. A word that they ask for and do not find stops them.
const WORDS: &[&str] = &[
    "papers-authority",
    "papers-blank",
    "papers-check",
    "papers-code",
    "papers-conditions",
    "papers-content-hash",
    "papers-date",
    "papers-for-the-seller",
    "papers-grade",
    "papers-ico-certification",
    "papers-ico-form",
    "papers-ico-organization",
    "papers-ico-part-a",
    "papers-ico-part-b",
    "papers-ico-title",
    "papers-in-place-of",
    "papers-lot",
    "papers-lots",
    "papers-net-weight",
    "papers-number-short",
    "papers-permit-title",
    "papers-qr-label",
    "papers-quality-certificate",
    "papers-receipt",
    "papers-score",
    "papers-seal",
    "papers-signature-date",
    "papers-special-conditions",
    "papers-tin",
    "papers-valid-from",
    "papers-valid-until",
    "papers-warehouse",
];

/// Why there is nothing to compose.
#[derive(Debug, Error)]
pub enum PdfInputError {
    /// No QR code holds what it is to say.
    #[error(transparent)]
    Qr(#[from] TextTooLong),
    /// The sheet does not become JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// What the file's templates draw.
#[derive(Serialize)]
struct Content<'a> {
    #[serde(flatten)]
    form: &'a Form,
    frame: &'a SheetFrame,
    words: BTreeMap<&'static str, Bilingual>,
    /// "Page {page} of {pages}", for them to fill in.
    page: Bilingual,
}

impl Form {
    /// What the paper is called.
    fn title(&self) -> Bilingual {
        match self {
            Self::Permit(_) => Bilingual::t("papers-permit-title"),
            Self::Ico(_) => Bilingual::t("papers-ico-title"),
            Self::Granted(sheet) => sheet.title.clone(),
            Self::Commercial(sheet) => sheet.title.clone(),
        }
    }
}

/// `paper` to be composed as a file: its sheet as the page shows it, a QR code that says `qr`, and what is attached for
/// machines. The same paper is the same file whenever it is composed.
///
/// # Errors
/// [`PdfInputError`] when a QR code cannot hold `qr`, or the public address.
pub fn as_pdf_input(
    site: &Site,
    paper: &PaperLine,
    snapshot: &Snapshot,
    qr: &str,
    attachments: Vec<Attachment>,
) -> Result<Paper, PdfInputError> {
    let frame = SheetFrame::of_file(site, paper)?;
    let form = Form::of(snapshot);
    let label = Lang::EN.t("papers-qr-label");
    let content = Content {
        form: &form,
        frame: &frame,
        words: WORDS.iter().map(|id| (*id, Bilingual::t(id))).collect(),
        page: page_of("{page}", "{pages}"),
    };
    Ok(Paper {
        title: format!("{} {}", form.title().en, paper.number),
        lang: "en".to_owned(),
        number: paper.number.clone(),
        content: serde_json::to_value(content)?,
        qr: Picture { svg: qr_svg(qr, &label)?, alt: format!("{label}: {}", frame.url) },
        attachments,
        created: paper.issued_at,
    })
}
