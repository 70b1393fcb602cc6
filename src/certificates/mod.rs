//! Papers: what is issued to a firm for its exports, its registration and its lots. Issued with the decision that calls
//! for them, kept as they were issued, printed on record, and checked by anybody who holds one.

mod bilingual;
mod code;
mod commercial;
mod issue;
mod model;
pub mod pages;
mod proof;
mod rules;
mod seals;
pub mod service;
mod sheet;
mod snapshot;
mod store;
mod verify;

pub use bilingual::Bilingual;
pub use code::{NotACode, VerifyCode};
pub use commercial::{CommercialKind, backfill as backfill_commercial};
pub use issue::{Issued, Issuer, backfill, backfill_granted};
pub use model::{PaperKind, PaperLine, PaperState, Print, Sheet};
pub use proof::{FileSource, ListKey, NoList, Published, SignerSource, TrustSource, check_given};
pub use seals::{seal_paper, seal_waiting};
#[cfg(feature = "pdf")]
pub use sheet::{PdfInputError, as_pdf_input};
pub use snapshot::{GreenProcessing, default_processing};
