//! Files and what stands on paper: what an upload is, where its bytes lie, how they are fingerprinted.

pub mod checklist;
pub mod cid;
pub mod file_name;
pub mod inspection;
pub mod qr;
pub mod storage;
