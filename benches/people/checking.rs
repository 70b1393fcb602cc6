//! `jebena audit verify` over the whole record: as a person runs it, three times, the middle one counts.

use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::process;
use super::product::Product;
use super::report::{Bar, Figure};

/// For how many events the bar is meant.
const EVENTS: f64 = 1_000_000.0;

pub(crate) async fn measure(product: &Product) -> Result<Vec<Figure>> {
    let processes = product.target()?.processes;
    let mut runs = Vec::new();
    for _ in 0..3 {
        let (own, database) = (process::own_children()?, processes.database_cpu()?);
        let begun = Instant::now();
        let output = product.command(&["audit", "verify", "--json"])?.stderr(Stdio::inherit()).output().await?;
        let wall = begun.elapsed().as_secs_f64();
        let own = process::own_children()?.saturating_sub(own).as_secs_f64();
        let database = processes.database_cpu()?.saturating_sub(database).as_secs_f64();
        let report: Value = serde_json::from_slice(&output.stdout).context("the report cannot be read")?;
        ensure!(output.status.success() && report["sound"] == true, "the record is not sound: {report}");
        let events = report["events"].as_f64().context("no number of events")?;
        runs.push((wall, own, database, events));
    }
    runs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (wall, own, database, events) = runs[1];
    Ok(vec![
        Figure::of("the record checked, for each million events", wall * EVENTS / events, "s", Bar::Most(5.0)),
        Figure::told("events", events, ""),
        Figure::told("time", wall, "s"),
        Figure::told("events a second", events / wall, ""),
        Figure::told("CPU of the command", own, "s"),
        Figure::told("CPU of the database", database, "s"),
    ])
}
