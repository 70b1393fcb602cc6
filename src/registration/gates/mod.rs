//! The six gates between a firm and its first export (domain 2.5; three for a farmer): one pure function, [`of`], which
//! the page, the service and, by a test that compares them, the view `qualified_exporters` share.

mod model;
mod service;
mod store;
mod words;

pub use model::{
    CertificateState, Facts, Gate, GateKind, Grant, GrantState, GrantStatus, LicenseGrant, TasterGrant, Why,
    is_qualified, of,
};
pub use service::{facts_in, find};
pub(in crate::registration) use store::find_exporter;
pub use words::gate_checks;
