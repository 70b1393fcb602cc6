//! Lots out of a table: a file is read, every row is looked at, and all of them are registered or none.

pub mod check;
pub mod columns;
pub mod table;
