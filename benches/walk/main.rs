//! How fast the walk is: the product measured as a whole, beside what the machine can do at all.
//!
//! `cargo bench --bench walk -- --exports 1000,100000` measures at each number of exports and prints tables of
//! figures and gates; docs/performance.md explains them. It needs Linux, and PostgreSQL's `pgbench` beside the
//! server that the product finds.

#[path = "../common/mod.rs"]
mod common;
mod desks;
mod floor;
mod gates;
mod memory;
mod reading;
mod report;
mod run;
mod writing;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

use common::{cases, client, deciding, load, process, product, sign_ins};

#[derive(Debug, Parser)]
#[command(about = "Measures the product and holds it against its gates")]
struct Arguments {
    /// Numbers of exports, measured one after the other; growth is against the first.
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "1000")]
    exports: Vec<u64>,
    /// Measures the desks beside the walk alone: lots, registration, contracts, reports, an import.
    #[arg(long)]
    desks: bool,
    /// Keeps the data folders here and uses them again; each run decides some of the exports that wait.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Also writes all figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// What `cargo bench` adds.
    #[arg(long, hide = true)]
    bench: bool,
}

// One thread: the load is to leave the machine to what is measured.
#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stderr, reason = "a tool of the command line")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut runs = Vec::new();
    for exports in &arguments.exports {
        eprintln!("{exports} exports");
        if arguments.desks {
            desks::print(&desks::measure(*exports, arguments.keep.as_deref()).await?);
            continue;
        }
        runs.push(run::measure(*exports, arguments.keep.as_deref()).await?);
        if let (Some(run), Some(first)) = (runs.last(), runs.first()) {
            report::print(run, first);
        }
    }
    if let Some(file) = arguments.json {
        std::fs::write(file, serde_json::to_vec_pretty(&runs)?)?;
    }
    Ok(())
}
