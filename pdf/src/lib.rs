//! Papers as PDF/A, and their signatures.
//!
//! [`compose()`] draws a paper as a PDF/A-3a that is also PDF/UA-1, tagged, with its fonts and what is attached for machines.
//! [`pades`] signs such a file, by a key that is elsewhere, and gives it what a checker needs years later. [`cms`] and [`tsp`]
//! are those of `jebena-trust`: the signer makes time stamps with them too, and needs no typst.
//!
//! Nothing here reads a file, a clock or the network: the same input is the same output.

pub mod compose;
pub mod pades;

pub use jebena_trust::{cms, tsp};

pub use compose::{Attachment, ComposeError, Paper, Picture, Relationship, compose};
