//! Drawing a paper: its sheet as data, the templates of `templates/`, and a press that sees nothing else.

mod fonts;
mod press;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde_json::{Value as Json, json};
use thiserror::Error;
use typst::foundations::{Bytes, Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use press::Press;

/// How large the letters are, largest first. A paper takes the first that keep it on one page, and the smallest when none
/// does.
const SCALES: [f64; 6] = [1.0, 0.94, 0.89, 0.84, 0.79, 0.74];

/// For how many papers what no other needs is remembered: forms come one after another, and each has parts that are always the same.
const REMEMBERED: usize = 4;

/// A paper, to be composed.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    /// What the file is called in a reader's window.
    pub title: String,
    /// The language of the whole, as BCP 47 has it; what is in another says so in the templates.
    pub lang: String,
    /// The paper's number: it stands at the foot of each page, and names the document.
    pub number: String,
    /// What the templates draw: `form`, `sheet`, `frame`, `words` and `page`.
    pub content: Json,
    /// The QR code.
    pub qr: Picture,
    /// What is attached, in this order.
    pub attachments: Vec<Attachment>,
    /// When the paper was issued: the date of the file and of what is attached.
    pub created: DateTime<Utc>,
}

/// A drawing, with what it shows in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// As SVG.
    pub svg: String,
    /// For who cannot see it.
    pub alt: String,
}

/// A file in the file (an associated file of PDF/A-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, without a folder.
    pub name: String,
    /// What kind of file it is.
    pub mime: String,
    /// What it is to the paper.
    pub relationship: Relationship,
    /// A sentence about it.
    pub description: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What an attached file is to the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relationship {
    /// What the paper was made of.
    Data,
    /// The same in another form.
    Alternative,
}

impl Relationship {
    const fn code(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Alternative => "alternative",
        }
    }
}

/// Why there is no file.
#[derive(Debug, Error)]
pub enum ComposeError {
    /// The templates do not fit the content, or what comes of them is no PDF/A.
    #[error("a paper cannot be composed: {0}")]
    Template(String),
    /// A moment that no PDF can name.
    #[error("a paper cannot be of {0}")]
    Moment(DateTime<Utc>),
}

/// The paper as PDF/A-3a and PDF/UA-1. The same paper gives the same bytes.
///
/// Characters that no font of ours has are written as their code points (`[U+4E2D]`): a name that cannot be printed is no
/// reason for a paper not to exist, and nothing of it is left out.
///
/// # Errors
/// [`ComposeError`] when the content lacks what the form's template asks for.
pub fn compose(paper: &Paper) -> Result<Vec<u8>, ComposeError> {
    let standards = PdfStandards::new(&[PdfStandard::A_3a, PdfStandard::Ua_1])
        .map_err(|refused| ComposeError::Template(refused.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(paper.number.clone()),
        creator: Smart::Custom(Some("Jebena".to_owned())),
        timestamp: Some(Timestamp::new_utc(moment(paper.created)?)),
        standards,
        ..PdfOptions::default()
    };
    let mut last = None;
    for scale in SCALES {
        let document = lay_out(paper, scale)?;
        let fits = document.pages().len() == 1;
        last = Some(document);
        if fits {
            break;
        }
    }
    let document = last.ok_or_else(|| ComposeError::Template("no size of letters".to_owned()))?;
    let file = typst_pdf::pdf(&document, &options).map_err(|errors| ComposeError::Template(press::in_words(&errors)));
    // What the compiler remembers of papers that nobody composes again would grow for ever, and is gone through each time.
    comemo::evict(REMEMBERED);
    file
}

/// What stays the same from paper to paper is a file of its own: what the compiler has made of it is not made again.
fn lay_out(paper: &Paper, scale: f64) -> Result<PagedDocument, ComposeError> {
    let mut content = printable(&paper.content);
    let words = content.as_object_mut().and_then(|parts| parts.remove("words")).unwrap_or_default();
    let attached = |(place, attachment): (usize, &Attachment)| {
        json!({ "file": format!("attachment-{place}"), "name": attachment.name, "mime": attachment.mime,
                "relationship": attachment.relationship.code(), "description": attachment.description })
    };
    let whole = json!({
        "content": content,
        "title": printable_text(&paper.title),
        "lang": paper.lang,
        "number": printable_text(&paper.number),
        "qr_alt": paper.qr.alt,
        "attachments": paper.attachments.iter().enumerate().map(attached).collect::<Vec<_>>(),
    });
    let text = |name: &str, text: String| (name.to_owned(), Bytes::from_string(text));
    let files = [
        text("paper.json", whole.to_string()),
        text("words.json", words.to_string()),
        text("scale.json", scale.to_string()),
        text("qr.svg", paper.qr.svg.clone()),
    ];
    let attachments = paper.attachments.iter().enumerate();
    let attachments = attachments.map(|(place, one)| (format!("attachment-{place}"), Bytes::new(one.bytes.clone())));
    Press::with(files.into_iter().chain(attachments)).compile().map_err(ComposeError::Template)
}

fn moment(at: DateTime<Utc>) -> Result<Datetime, ComposeError> {
    let small = |n: u32| u8::try_from(n).ok();
    let named = || {
        let (month, day) = (small(at.month())?, small(at.day())?);
        Datetime::from_ymd_hms(at.year(), month, day, small(at.hour())?, small(at.minute())?, small(at.second())?)
    };
    named().ok_or(ComposeError::Moment(at))
}

/// `json` with every text in characters that a font of ours has.
fn printable(json: &Json) -> Json {
    match json {
        Json::String(text) => Json::String(printable_text(text)),
        Json::Array(items) => Json::Array(items.iter().map(printable).collect()),
        Json::Object(fields) => {
            Json::Object(fields.iter().map(|(name, field)| (name.clone(), printable(field))).collect())
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => json.clone(),
    }
}

fn printable_text(text: &str) -> String {
    let mut printed = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => printed.push('\n'),
            _ if character.is_control() => printed.push(' '),
            _ if fonts::have(character) => printed.push(character),
            _ => printed.push_str(&format!("[U+{:04X}]", u32::from(character))),
        }
    }
    printed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_font_has_is_written_as_its_code_point() {
        assert_eq!(printable_text("Kaffee GmbH – ቡና – é"), "Kaffee GmbH – ቡና – é");
        assert_eq!(printable_text("中a\u{202e}b\u{7}c\nd"), "[U+4E2D]a[U+202E]b c\nd");
    }
}
