//! What is done with alerts: watching, reading, acknowledging.

mod acknowledge;
mod read;
mod watch;

pub(super) use acknowledge::Acknowledge;
pub use read::count_open;
pub(super) use read::{AlertPage, Board, OPEN, board, find};
pub use watch::watch;
