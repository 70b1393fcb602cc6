//! The SQL of the secure database.

pub(crate) mod acts;
pub(crate) mod certificates;
pub(crate) mod keys;
pub(crate) mod record;
pub(crate) mod requests;
pub(crate) mod rotation;
