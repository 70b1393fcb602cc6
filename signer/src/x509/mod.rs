//! Certificates and lists as bytes (RFC 5280): pure functions of what is handed in.

pub mod bundle;
pub mod certificate;
pub mod examine;
pub mod list;
pub mod name;
pub mod pkcs12;
pub mod profile;
pub mod request;
pub mod status;
