//! Reports: the sums equal a count over the rows, the walls hold in front of them, and what a page shows is what a file
//! holds.

mod counting;
mod pages;

pub use pages::rows_of;
