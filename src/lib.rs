//! Jebena: the system in which an Ethiopian coffee export gets done.
//!
//! Areas, from the ground up: identifiers, quantities and the clock; the kernel (configuration,
//! database, people, web); what every workflow shares (audit, documents, notifications, the decision
//! engine); and the areas of the trade. An area may use those below it, never those above.

pub mod admin;
pub mod alerts;
pub mod app;
pub mod audit;
pub mod auth;
pub mod calendar;
pub mod certificates;
pub mod cli;
pub mod clock;
mod codes;
pub mod config;
pub mod database;
pub mod demo;
pub mod documents;
pub mod error;
pub mod eudr;
pub mod exports;
pub mod i18n;
pub mod ids;
pub mod jobs;
pub mod mail;
pub mod names;
pub mod notifications;
pub mod numbering;
pub mod organizations;
pub mod oversight;
pub mod pki;
pub mod portals;
pub mod quantities;
pub mod reference;
pub mod registration;
pub mod reports;
pub mod retention;
pub mod review;
pub mod sourcing;
pub mod web;
pub mod workflow;
