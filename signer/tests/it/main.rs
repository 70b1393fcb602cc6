//! The signer against a real PostgreSQL, and what it makes against checkers that nobody here wrote.

mod attacks;
mod certificates;
mod ground;
mod lists;
mod outside;
mod schema;
mod signing;
mod socket;
