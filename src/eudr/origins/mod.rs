//! Where coffee grew: which plots a lot comes from, what that makes of a consignment for the European Union, and what its
//! buyer has told of the due diligence statement (Regulation (EU) 2023/1115, domain 4.7).
//!
//! Plots are linked to lots that were bought or grown. A lot that was made of others comes from where they come from, by the
//! genealogy and by nothing else; a consignment comes from where its lots come from. Nothing is ever taken for granted: a
//! consignment is incomplete until everything is there, and each thing that is not is named.

pub mod dates;
pub mod lines;
mod model;
mod pages;
pub mod rules;
mod service;
pub mod sheet;
pub mod statement;
mod store;

pub use model::Position;
pub use pages::{routes, words};
pub use service::position_of_case;
