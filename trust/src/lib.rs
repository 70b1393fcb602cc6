//! What a paper is proven by, and the check of it, without any input or output.
//!
//! A paper carries a [`seal`]: what it says in short ([`claims`]), signed by the organisation that issued it. The seal
//! stands in the paper's QR code ([`qr`]), behind the address of its public page. Who may seal is told by a
//! [`trust_list`], which is signed itself and whose signer leads up ([`chain`]) to a root that the reader has pinned.
//! [`check`] holds a seal against a list; what it answers, and what every other check answers, is a [`verdict`].
//!
//! Papers as files are signed by [`cms`], and time stamps ([`tsp`]) say since when a signature is there.
//!
//! Nothing here reads a file, opens a connection or asks for the time, and no private key comes here: what is to be
//! signed goes out as bytes, and a signature comes in. So the same code serves the page, the command line and whoever
//! issues.

mod cbor;
pub mod certificate;
pub mod chain;
pub mod check;
pub mod claims;
pub mod cms;
pub mod code;
mod credential;
pub mod facts;
pub mod given;
pub mod jws;
pub mod key;
pub mod message;
pub mod moment;
pub mod qr;
pub mod revocation_list;
pub mod seal;
pub mod text;
pub mod trust_list;
pub mod tsp;
pub mod verdict;

use sha2::{Digest, Sha256};

/// SHA-256: the fingerprint of a certificate, the hash of a paper's content.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
