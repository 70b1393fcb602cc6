//! The first steps of a person: what their role has to settle before work goes by itself, and how far they are. Which steps
//! a role has is data; what is done the product sees where it can, and takes a person's word where it cannot.

mod model;
mod pages;
mod service;
mod store;

pub use model::Step;
pub use pages::routes;
