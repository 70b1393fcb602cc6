//! What colleagues are to know of a person: the post, the telephone, short words by which they are found, and whatever else
//! there is to say.

mod model;
mod pages;
mod service;
mod store;

pub use model::Profile;
pub use pages::routes;
pub use service::{find, list};
