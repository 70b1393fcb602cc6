//! What the benches share: the product under measurement, visitors and loads, and what the operating system says of it.
#![allow(dead_code, reason = "each bench uses its part")]

pub(crate) mod cases;
pub(crate) mod client;
pub(crate) mod deciding;
pub(crate) mod load;
pub(crate) mod process;
pub(crate) mod product;
pub(crate) mod report;
pub(crate) mod sign_ins;
