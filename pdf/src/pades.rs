//! Signatures in PDF files as ETSI EN 319 142-1 has them (PAdES), by a key that is elsewhere.
//!
//! Three phases: [`prepare`] adds a field and a place for the signature and says what is to be signed; whoever has the key
//! signs that; [`Prepared::finish`] puts the signature into its place. With a time stamp of the signature (see [`crate::tsp`])
//! that is PAdES B-T, with [`add_validation_material`] afterwards B-LT. What is signed is never rewritten: each of them adds
//! a revision at the end of the file, so that a second organisation signs what the first has signed.

mod check;
mod material;
mod revision;
mod signature;

use thiserror::Error;

use crate::cms::CmsError;

pub use check::{LARGEST, check};
pub use material::{ValidationMaterial, add_validation_material};
pub use signature::{Prepared, SignatureMeta, prepare};

/// Why a file cannot be signed, or be given what its checker needs.
#[derive(Debug, Error)]
pub enum PadesError {
    /// It is no PDF, or one that has to be repaired first.
    #[error("the file is no PDF that can be signed: {0}")]
    NotReadable(String),
    /// It is encrypted.
    #[error("an encrypted file is not signed")]
    Encrypted,
    /// A part of it is not what a PDF has there.
    #[error("the file has no {0} where one is needed")]
    Missing(&'static str),
    /// A field of this name is there already.
    #[error("the file has a field {0:?} already")]
    FieldTaken(String),
    /// A certification is the first signature of a file or none.
    #[error("only the first signature can certify a file")]
    SignedBefore,
    /// Signature, certificates and time stamp are more than the place that was kept for them.
    #[error("the signature takes {needed} bytes, {kept} were kept for it")]
    TooLarge {
        /// How many it takes.
        needed: usize,
        /// How many there are.
        kept: usize,
    },
    /// The signature cannot be put together.
    #[error(transparent)]
    Cms(#[from] CmsError),
}
