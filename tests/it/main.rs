//! Integration tests: the product against a real PostgreSQL.

mod sign_in;
mod site;
mod system;
