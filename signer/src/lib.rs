//! Keys and certificates, in a database and a process of their own.
//!
//! [`keyring`] opens a key for the moment of one signature and writes every use down before it happens; [`authority`] issues
//! certificates, revokes them and publishes the lists; [`x509`] makes the bytes. The product speaks to all of this through a
//! socket and has no grant in the secure database.

pub use der::asn1::ObjectIdentifier as Oid;

pub mod authority;
pub mod ceremony;
pub mod client;
pub mod database;
pub mod envelope;
pub mod keypair;
pub mod keyring;
pub mod policy;
pub mod protocol;
pub mod rotation;
pub mod server;
mod store;
pub mod token;
pub mod x509;
