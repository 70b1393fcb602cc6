//! How the product speaks HTTP: accepting, admitting, forms, pages of errors, headers.

pub mod csv;
pub mod htmx;
pub mod next_path;
pub mod paging;
pub mod serve;
mod stall;
