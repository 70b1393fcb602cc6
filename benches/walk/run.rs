//! One run: everything that is measured at one number of exports, in order.

use std::path::Path;

use anyhow::Result;
use jebena::demo::DEMO_PASSWORD;

use super::cases::Cases;
use super::client::sign_in;
use super::deciding::{self, Desk};
use super::floor::{self, Floor};
use super::load::Sample;
use super::memory::{self, Process};
use super::product::{DataFolder, Product};
use super::reading::{self, Reading, Weight};
use super::sign_ins;
use super::writing::{self, Race};

/// Exports that are approved in each of the closed loads, at most.
const APPROVALS: usize = 600;
/// Requests a second of the mixed load.
const MIXED_RATE: f64 = 500.0;

/// Everything that was measured at one number of exports.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub(crate) struct Run {
    pub(crate) exports: u64,
    pub(crate) postgres: String,
    /// From the start of the process in an empty folder to the first answer: with the seeding.
    pub(crate) seeded_s: f64,
    pub(crate) process: Process,
    pub(crate) weight: Weight,
    pub(crate) reading: Reading,
    /// The bank's check of documents, at 8 visitors.
    pub(crate) approve: Sample,
    /// The same at 16.
    pub(crate) approve_16: Sample,
    /// The National Bank's approval, which takes a number without gaps.
    pub(crate) approve_numbered: Sample,
    pub(crate) race: Race,
    pub(crate) mixed: Sample,
    pub(crate) queue_alone: Sample,
    pub(crate) queue_beside_sign_ins: Sample,
    pub(crate) upload: Sample,
    pub(crate) floor: Floor,
}

/// Starts the product with `exports` exports and measures it.
pub(crate) async fn measure(exports: u64, keep: Option<&Path>) -> Result<Run> {
    let folder = DataFolder::choose(keep, &exports.to_string())?;
    say("starting and seeding");
    let (product, seeded) = Product::start(&folder, exports).await?;
    say("start, memory, sign-in");
    let (product, process) = memory::measure(product, &folder, exports).await?;
    let target = product.target()?;
    let mut cases = Cases::open(&product.database_url()?).await?;
    let nbe = sign_in(target.address, "nbe.officer", DEMO_PASSWORD).await?;
    let bank = sign_in(target.address, "bank.officer", DEMO_PASSWORD).await?;
    let bank2 = sign_in(target.address, "bank2.officer", DEMO_PASSWORD).await?;
    let ecta = sign_in(target.address, "ecta.officer", DEMO_PASSWORD).await?;
    let clerk = sign_in(target.address, "exporter.clerk", DEMO_PASSWORD).await?;

    // A very large demo has few papers, or none.
    let permit = Desk::permit(&ecta);
    let mut waiting = permit.waiting(&mut cases).await?;
    waiting.truncate(30);
    deciding::approve(target, 4, &permit.approvals(&mut cases, &waiting).await?).await?;

    say("pages");
    let weight = reading::weigh(target, &nbe).await?;
    let reading = reading::measure(target, &mut cases, &nbe, &bank).await?;

    say("approvals");
    // A connection prepares the statements of an approval once, at a millisecond or two each, and then lives for
    // half an hour: the first approvals are not counted.
    let (desk, other) = (Desk::bank("BANK", &bank), Desk::bank("BANK2", &bank2));
    let mut warming = other.waiting(&mut cases).await?;
    let rest = warming.split_off(warming.len() / 2);
    warming.truncate(APPROVALS);
    deciding::approve(target, 16, &other.approvals(&mut cases, &warming).await?).await?;
    let mut waiting = desk.waiting(&mut cases).await?;
    waiting.truncate(APPROVALS);
    let approve = deciding::approve(target, 8, &desk.approvals(&mut cases, &waiting).await?).await?;
    let rest = &rest[..rest.len().min(APPROVALS)];
    let approve_16 = deciding::approve(target, 16, &other.approvals(&mut cases, rest).await?).await?;
    let fx = Desk::fx(&nbe);
    let race = writing::race(target, &mut cases, &fx).await?;
    let mut waiting = fx.waiting(&mut cases).await?;
    waiting.truncate(APPROVALS.min(waiting.len() / 2));
    let approve_numbered = deciding::approve(target, 8, &fx.approvals(&mut cases, &waiting).await?).await?;

    say("mixed load");
    let mut approvals = Vec::new();
    for desk in [fx, Desk::quality(&ecta)] {
        let mut waiting = desk.waiting(&mut cases).await?;
        waiting.truncate(APPROVALS / 2);
        approvals.extend(desk.approvals(&mut cases, &waiting).await?);
    }
    let mixed = writing::mixed(target, MIXED_RATE, &mut cases, &nbe, &approvals).await?;
    say("sign-ins beside the queue, uploads");
    let (queue_alone, queue_beside_sign_ins) = sign_ins::queue_beside_sign_ins(target, &nbe, DEMO_PASSWORD).await?;
    let upload = writing::upload(target, &mut cases, &clerk).await?;

    say("floor");
    let floor = floor::measure(&product, &mut cases, exports).await?;
    let postgres = cases.version().await?;
    product.stop().await?;
    Ok(Run {
        exports,
        postgres,
        seeded_s: seeded.as_secs_f64(),
        process,
        weight,
        reading,
        approve,
        approve_16,
        approve_numbered,
        race,
        mixed,
        queue_alone,
        queue_beside_sign_ins,
        upload,
        floor,
    })
}

#[allow(clippy::print_stderr, reason = "a tool of the command line")]
fn say(what: &str) {
    eprintln!("  {what}");
}
