//! What law and market set: minimum prices, exchange rates, thresholds, parameters, each with its day and its history.
//!
//! A value is never overwritten. Whoever has the right to set it sets a new one from a day on; who did so, when, from
//! what to what and why stays in the history. What no source settles is marked as an assumption wherever it is shown.

mod lists;
mod model;
mod pages;
mod price_table;
mod rules;
mod service;
mod store;

pub use model::{MinimumPrice, Rate, Subject, Week, price_number};
pub use pages::routes;
pub use service::{KnownPrice, minimum_price, parameter, rate, whole_parameter};
