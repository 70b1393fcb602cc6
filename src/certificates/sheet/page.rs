//! A sheet as a page: what stands around it on the screen.

use askama::Template;

use super::commercial::CommercialSheet;
use super::{Form, GrantedSheet, IcoSheet, PermitSheet, SheetFrame};
use crate::certificates::bilingual::Bilingual;
use crate::certificates::snapshot::Snapshot;
use crate::web::chrome::Chrome;
use crate::web::components::FormToken;

/// Around the sheet, on the screen alone.
pub struct Bar {
    /// Back to the papers of the export or of the firm.
    pub back: String,
    /// Where the form goes that records a print.
    pub action: String,
    /// Its hidden fields; nothing when this very print is on record.
    pub record: Option<FormToken>,
    /// Whether the next print is the original.
    pub next_is_original: bool,
    /// Whether the paper is still to get its seal, and is printed then.
    pub is_unsealed: bool,
}

#[derive(Template)]
#[template(path = "certificates/permit.html")]
struct PermitPage {
    chrome: Chrome,
    bar: Bar,
    frame: SheetFrame,
    sheet: PermitSheet,
}

#[derive(Template)]
#[template(path = "certificates/granted.html")]
struct GrantedPage {
    chrome: Chrome,
    bar: Bar,
    frame: SheetFrame,
    sheet: GrantedSheet,
}

#[derive(Template)]
#[template(path = "certificates/ico.html")]
struct IcoPage {
    chrome: Chrome,
    bar: Bar,
    frame: SheetFrame,
    sheet: IcoSheet,
}

#[derive(Template)]
#[template(path = "certificates/commercial.html")]
struct CommercialPage {
    chrome: Chrome,
    bar: Bar,
    frame: SheetFrame,
    sheet: CommercialSheet,
}

/// The page with the sheet of `snapshot`.
///
/// # Errors
/// When a template fails.
pub fn render(chrome: Chrome, bar: Bar, frame: SheetFrame, snapshot: &Snapshot) -> askama::Result<String> {
    match Form::of(snapshot) {
        Form::Permit(sheet) => PermitPage { chrome, bar, frame, sheet }.render(),
        Form::Granted(sheet) => GrantedPage { chrome, bar, frame, sheet }.render(),
        Form::Ico(sheet) => IcoPage { chrome, bar, frame, sheet }.render(),
        Form::Commercial(sheet) => CommercialPage { chrome, bar, frame, sheet: *sheet }.render(),
    }
}
