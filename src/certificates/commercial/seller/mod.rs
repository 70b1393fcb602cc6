//! What a seller keeps once for all its papers: the accounts to which buyers pay, and the terms that every paper
//! repeats.

mod facts;
pub(super) mod pages;
mod service;
pub(super) mod store;
