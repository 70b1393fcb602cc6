//! Files and what stands on paper: what an upload is, where its bytes lie, how they are fingerprinted, which
//! documents are asked for, and how files and rows are kept in agreement.
//!
//! Who may attach and remove what on an export is the exports area's affair.

pub mod checklist;
pub mod cid;
pub mod file_name;
pub mod form;
pub mod inspection;
pub mod intake;
pub mod model;
pub mod qr;
pub mod reconcile;
pub mod scan;
pub mod scanner;
pub mod service;
pub mod serving;
pub mod share;
pub mod storage;
pub mod store;
pub mod upload;
pub mod wholeness;
pub mod words;

pub use model::{Check, Document, Ended, Filed, OTHER, Verdict, Waiver};
pub use scan::{Scan, Shut};
