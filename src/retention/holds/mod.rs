//! Legal holds: what concerns a case, an organisation or a person is kept until another administrator says that it need not be. The
//! database passes over what is held wherever it removes, makes unrecognisable or archives.

mod model;
mod pages;
mod rules;
mod service;
mod store;

pub(super) use pages::routes;
