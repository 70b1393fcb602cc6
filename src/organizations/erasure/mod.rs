//! Having oneself erased: asked for with the password, confirmed by a link that is mailed, carried out by a job after thirty
//! days in which it can be withdrawn. What goes, what is cleared and what must stay stands in `processing_register`; the
//! database does it in one function. `erasures` is the ledger: it is kept outside as well and replayed after a restore.

mod model;
mod pages;
mod service;
mod store;

pub use model::{Did, ErasureState, LedgerEntry, Refusal, erased_name};
pub use pages::routes;
pub use service::{Replayed, carry_out_due, forget_farewell, list_ledger, replay, write_mail};
