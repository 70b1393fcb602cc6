//! What is this upload? Decided by its bytes: magic number, a real parse, and nothing hidden beside it.
//!
//! The name and the type that the sender claims play no part. What is accepted: PDF without anything that
//! runs or is encrypted, JPEG, PNG. What looks like two formats at once is refused, because the reader who
//! opens it later may pick the other one. Pure but for [`inspect_file`], which reads the file.

mod foreign;
mod image;
mod jpeg;
mod pdf;
mod pdf_budget;
mod png;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::Semaphore;

pub use foreign::ForeignFormat;

/// The most pixels that an image may declare: A3 at 600 dpi is 70 million, A4 at 600 dpi 35 million.
pub const MOST_PIXELS: u64 = 40_000_000;

/// What an accepted file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum FileKind {
    /// A PDF document.
    Pdf,
    /// A JPEG image.
    Jpeg,
    /// A PNG image.
    Png,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Jpeg, Self::Png];

    /// The media type under which it is served.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// The kind with this media type.
    #[must_use]
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.media_type() == media_type)
    }

    /// The extension that its name gets.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    const fn magic(self) -> &'static [u8] {
        match self {
            Self::Pdf => b"%PDF-",
            Self::Jpeg => b"\xff\xd8\xff",
            Self::Png => b"\x89PNG\r\n\x1a\n",
        }
    }
}

/// How large the content is, in its own measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// A document of so many pages.
    Pages(u32),
    /// An image of this width and height.
    Pixels(u32, u32),
}

/// An accepted file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// What it is.
    pub kind: FileKind,
    /// How large its content is.
    pub extent: Extent,
}

/// Something in a PDF that acts by itself or carries another file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActiveContent {
    /// A script.
    JavaScript,
    /// An action when the document is opened, other than going to a page.
    OpenAction,
    /// Starting another program.
    Launch,
    /// Another file inside.
    EmbeddedFile,
    /// Sending or fetching form data, or a form that is a program (XFA).
    Form,
    /// Film, sound, three-dimensional models.
    Media,
}

/// Why an upload is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UploadRefusal {
    /// No byte.
    #[error("the file is empty")]
    Empty,
    /// Too many bytes.
    #[error("the file is larger than {limit_bytes} bytes")]
    TooLarge {
        /// How many are accepted.
        limit_bytes: u64,
    },
    /// Neither PDF nor JPEG nor PNG.
    #[error("the file is not a PDF, JPEG or PNG")]
    UnknownType,
    /// It begins as `kind` and is not: cut off, damaged or something else in disguise.
    #[error("the file begins as {kind:?} and cannot be read as such")]
    Damaged {
        /// What it begins as.
        kind: FileKind,
    },
    /// An encrypted PDF: neither we nor the next reader can see what it says.
    #[error("the document is encrypted")]
    Encrypted,
    /// A PDF that does something by itself.
    #[error("the document contains {0:?}")]
    Active(ActiveContent),
    /// It is also something else.
    #[error("the file is {kind:?} and also {also:?}")]
    SecondFormat {
        /// What it begins as.
        kind: FileKind,
        /// What else it is.
        also: ForeignFormat,
    },
    /// More bytes follow after the end of the content.
    #[error("{bytes} bytes follow after the end of the {kind:?}")]
    TrailingData {
        /// What it begins as.
        kind: FileKind,
        /// How many bytes follow.
        bytes: u64,
    },
    /// An image that is small as a file and huge when it is shown.
    #[error("the image is {width} by {height} pixels, more than {limit_pixels}")]
    TooManyPixels {
        /// Its declared width.
        width: u32,
        /// Its declared height.
        height: u32,
        /// How many pixels are accepted.
        limit_pixels: u64,
    },
    /// It would take too much memory to read.
    #[error("the {kind:?} is too complex to be checked")]
    TooComplex {
        /// What it begins as.
        kind: FileKind,
    },
}

/// The file could not be inspected, or was refused.
#[derive(Debug, Error)]
pub enum InspectError {
    /// It was refused.
    #[error(transparent)]
    Refused(#[from] UploadRefusal),
    /// It could not be read.
    #[error("the file could not be read for inspection")]
    Disk(#[from] std::io::Error),
}

/// Whether a PDF can be parsed within bounds: asked before anything else opens one that a stranger has sent.
#[must_use]
pub fn can_be_parsed(pdf: &[u8]) -> bool {
    pdf_budget::load(pdf).is_ok()
}

/// Inspects a whole file of at most `limit_bytes`.
///
/// # Errors
/// [`UploadRefusal`] with what a person needs to know to send a better one.
pub fn inspect(bytes: &[u8], limit_bytes: u64) -> Result<Inspection, UploadRefusal> {
    if bytes.is_empty() {
        return Err(UploadRefusal::Empty);
    }
    if bytes.len() as u64 > limit_bytes {
        return Err(UploadRefusal::TooLarge { limit_bytes });
    }
    let kind =
        FileKind::ALL.into_iter().find(|kind| bytes.starts_with(kind.magic())).ok_or(UploadRefusal::UnknownType)?;
    if let Some(also) = foreign::find(bytes, kind) {
        return Err(UploadRefusal::SecondFormat { kind, also });
    }
    let extent = match kind {
        FileKind::Pdf => pdf::inspect(bytes)?,
        FileKind::Jpeg => {
            refuse_trailing(kind, bytes, jpeg::end_of_image(bytes))?;
            image::inspect(bytes, kind)?
        }
        FileKind::Png => {
            refuse_trailing(kind, bytes, png::end_of_image(bytes))?;
            image::inspect(bytes, kind)?
        }
    };
    Ok(Inspection { kind, extent })
}

/// How many bytes of nothing may follow: cameras and scanners fill up to a block.
const MOST_PADDING: usize = 4096;

fn refuse_trailing(kind: FileKind, bytes: &[u8], end: Option<usize>) -> Result<(), UploadRefusal> {
    let rest = end.and_then(|end| bytes.get(end..)).ok_or(UploadRefusal::Damaged { kind })?;
    if rest.len() <= MOST_PADDING && rest.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace()) {
        return Ok(());
    }
    Err(UploadRefusal::TrailingData { kind, bytes: rest.len() as u64 })
}

/// How many files are inspected at once. An image at the limit takes up to 400 MB while it is decoded.
static SLOTS: Semaphore = Semaphore::const_new(2);

/// Inspects the file at `path` on a thread of its own, a few at a time.
///
/// # Errors
/// [`InspectError::Refused`] with the reason, [`InspectError::Disk`] when the file cannot be read.
pub async fn inspect_file(path: PathBuf, limit_bytes: u64) -> Result<Inspection, InspectError> {
    let slot = SLOTS.acquire().await.map_err(std::io::Error::other)?;
    let work = move || {
        // Held by the work, not by who waits for it: a sender who hangs up does not free the memory.
        let _slot = slot;
        let size_bytes = std::fs::metadata(&path)?.len();
        if size_bytes > limit_bytes {
            return Err(InspectError::Refused(UploadRefusal::TooLarge { limit_bytes }));
        }
        Ok(inspect(&std::fs::read(&path)?, limit_bytes)?)
    };
    tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
}

#[cfg(test)]
pub(crate) mod tests;
