//! How the product speaks HTTP and what its pages are made of: accepting, admitting, forms, pages of
//! errors, headers; the frame of a page, its components, its assets.

pub mod assets;
pub mod chrome;
pub mod components;
#[cfg(test)]
mod contrast;
pub mod csv;
pub mod htmx;
pub mod next_path;
pub mod paging;
#[cfg(test)]
pub mod samples;
pub mod serve;
mod stall;
