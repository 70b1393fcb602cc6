//! Reports: what was exported, how long steps take, what expires and what is due.
//!
//! Figures over all exports are sums that the worker keeps (`service::catch_up`), at most a minute old; what expires and
//! what is due is few and is counted when it is asked for. Each page is one table with a chart, also as a file.

pub mod ageing;
pub mod model;
mod pages;
pub mod period;
pub mod rules;
pub mod service;
mod store;
pub mod turnaround;

pub use pages::routes;
pub use store::totals::StateCount;
