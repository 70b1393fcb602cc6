//! Work beside requests: entered in the transaction of the deed that asks for it, done once by whichever instance takes it,
//! tried again after a failure, and seen by who runs the system (`admin::jobs`).
//!
//! A worker holds a job by the number of its try. Whoever was silent for too long has lost it: transactions that it begins with
//! [`Run::begin`] are refused from then on, and what it reports is not taken. Work that is the same however often and by however
//! many it is done, such as expiring what has run out, begins its transactions itself.

mod model;
pub(crate) mod rules;
mod service;
pub(crate) mod store;
mod worker;

pub(crate) use model::{Attempt, Filter, JobLine, Schedule};
pub use model::{Finished, JobError, JobKind, JobStatus, NewJob, Outcome, Report, Run};
pub use service::{enter, enter_all, take_next};
pub use worker::{carry_out_next, work};
