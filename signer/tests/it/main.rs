//! The signer against a real PostgreSQL, and what it makes against checkers that nobody here wrote.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

mod acts;
mod attacks;
mod certificates;
mod ground;
mod hostile;
mod lists;
mod outside;
mod pkcs10;
mod requests;
mod rotation;
mod schema;
mod signing;
mod socket;
mod stamps;
mod status;
mod subordinate;
