//! Papers are composed and signed, and looked at by programs that nobody here wrote: poppler, qpdf, OpenSSL and pyHanko.
//! `tests/run` installs them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod composing;
mod long_term;
mod pki;
mod sheets;
mod signing;
mod stamping;
mod tools;
