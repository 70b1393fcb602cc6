//! The SQL of alerts: what the watcher reads and writes, and what viewers see.

pub(super) mod read;
pub(super) mod watch;
