//! Integration tests: the product against a real PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

mod access;
mod amending;
mod append_only;
mod audit;
mod balances;
mod bookings;
mod certificates;
mod checklist;
mod cluster;
mod commercial;
mod contracts;
mod conventions;
mod decisions;
mod demo;
mod descent;
mod docs;
mod documents;
mod gates;
mod importing;
mod inspections;
mod lists;
mod lots;
mod managed;
mod nothing_left;
mod once;
mod operators;
mod outage;
mod papers;
mod people;
mod plots;
mod record;
mod reference;
mod registration;
mod reports;
mod revisions;
mod rows;
mod schema;
mod serving;
mod sign_in;
mod site;
mod system;
mod walk;
mod walls;
mod withdrawals;
