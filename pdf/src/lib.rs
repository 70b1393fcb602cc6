//! Papers as PDF/A, and their signatures.
//!
//! [`compose()`] draws a paper as a PDF/A-3a that is also PDF/UA-1, tagged, with its fonts and what is attached for machines.
//!
//! Nothing here reads a file, a clock or the network: the same input is the same output.

pub mod compose;

pub use compose::{Attachment, ComposeError, Paper, Picture, Relationship, compose};
