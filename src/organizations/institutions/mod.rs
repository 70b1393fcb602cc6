//! The institutions that take part: banks, authorities, the exchange, carriers, as an operator sets them up. Exporters
//! are not among them: they register themselves.

mod model;
mod service;
mod store;

pub use model::{Institution, InstitutionError, NewInstitution};
pub use service::{create, list};
