//! Organisations and their people: who they are, how they come in and sign in, and how long they stay signed in.

pub mod colleagues;
pub mod desks;
pub mod directory;
pub mod email;
pub mod email_address;
pub mod erasure;
pub mod institutions;
mod link_token;
pub mod new_account;
mod operator;
pub mod own_data;
pub mod password;
pub mod phone;
pub mod preferences;
pub mod profile;
pub mod reset;
pub mod roles;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod staff;
