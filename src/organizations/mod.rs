//! Organisations and their people: who they are, how they sign in, and how long they stay signed in.

pub mod desks;
pub mod directory;
pub mod sessions;
pub mod sign_in;
pub mod staff;
