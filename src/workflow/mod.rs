//! The decision engine: what every workflow of the product shares.
//!
//! A step is data ([`step::Step`]); whether somebody may take it is decided by pure functions over the step
//! table; and [`command::execute`] carries it out: one transaction holds the area's writes, the record, the
//! events for the outside and the answer to the form.

pub mod ageing;
pub mod command;
pub mod fields;
pub mod holidays;
pub mod message;
pub mod papers;
pub mod step;
mod store;
pub mod words;

pub use command::{
    Command, CommandError, Done, Effects, FormKey, OutboxEvent, done_before, execute, is_certainly_undone,
};
pub use fields::{FieldProblems, FieldReader, Problem};
pub use message::Message;
pub use step::{Decision, Limit, Reason, Step};
