//! Reading the record: for auditors and for who runs the system. Nothing is changed here, and nothing else is read: what an
//! event is about is seen in its own area, by who may see it there.

mod model;
mod pages;
mod service;
mod store;
mod words;

pub use pages::routes;
