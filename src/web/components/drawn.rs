//! Fields, groups and forms as HTML. They are templates of their own, called by the macros of their names: a macro is written out wherever it is
//! called, and a form with all kinds of fields, a dozen times on one page, is what the compiler spent its time on.

use askama::Template;
use askama::filters::HtmlSafe;

use super::form::{Field, FieldGroup, Form};
use crate::web::chrome::Chrome;

/// One field.
#[derive(Debug, Template)]
#[template(path = "components/field.html")]
pub struct DrawnField<'a> {
    chrome: &'a Chrome,
    f: &'a Field,
}

/// Fields that belong together.
#[derive(Debug, Template)]
#[template(path = "components/group.html")]
pub struct DrawnGroup<'a> {
    chrome: &'a Chrome,
    g: &'a FieldGroup,
}

/// A whole form.
#[derive(Debug, Template)]
#[template(path = "components/whole_form.html")]
pub struct DrawnForm<'a> {
    chrome: &'a Chrome,
    f: &'a Form,
}

// What they write was escaped where it was put in.
impl HtmlSafe for DrawnField<'_> {}
impl HtmlSafe for DrawnGroup<'_> {}
impl HtmlSafe for DrawnForm<'_> {}

impl Field {
    /// It on a page.
    #[must_use]
    pub const fn drawn<'a>(&'a self, chrome: &'a Chrome) -> DrawnField<'a> {
        DrawnField { chrome, f: self }
    }
}

impl FieldGroup {
    /// It on a page.
    #[must_use]
    pub const fn drawn<'a>(&'a self, chrome: &'a Chrome) -> DrawnGroup<'a> {
        DrawnGroup { chrome, g: self }
    }
}

impl Form {
    /// It on a page.
    #[must_use]
    pub const fn drawn<'a>(&'a self, chrome: &'a Chrome) -> DrawnForm<'a> {
        DrawnForm { chrome, f: self }
    }
}
