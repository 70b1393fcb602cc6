//! What is kept of a person, and their copy of it: asked for with the password, made by a job as a ZIP, there for a day and
//! handed over once. What goes into it stands in `processing_register`, which is the wall as well: the copy is made by a class
//! that may read those columns of that person's rows and nothing else.

mod archive;
mod model;
mod pages;
mod service;
mod store;

pub use model::{CopyState, Kept, LegalBasis, Purpose};
pub(in crate::organizations) use model::{place_name, source_name};
pub use pages::routes;
pub use service::{give_up_abandoned, make_copy, write_ready};
