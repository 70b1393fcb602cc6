//! People and what they are in their organisation, as an operator sets them up.

mod model;
mod service;
mod store;

pub use model::{Factor, NewPerson, Person, StaffError, Username, roles_in};
pub use service::{create, has_demo_people, list, reset, set_active};
