//! What reports do: keep the sums, read them, and put on record what leaves the house.

mod count;
mod download;
mod read;

pub use count::{catch_up, count_everything, rebuild};
pub use download::record_download;
pub use read::{
    Answer, Certificates, Choices, Settlements, StepTime, certificates, choices, lines, settlements, state_counts,
    turnaround,
};
