//! What surrounds the work, measured: sign-in, sessions, policies and the record, each held against its bar.
//!
//! `cargo bench --bench people` measures everything; names of parts measure those alone. docs/performance.md explains the
//! figures. It needs Linux. It says whether each bar holds and ends well either way: a busy machine is no fault.

mod beside;
mod capture;
mod checking;
#[path = "../common/mod.rs"]
mod common;
mod decision;
mod lag;
mod policies;
mod rows;
mod timing;
mod trail;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};

use common::{cases, client, deciding, process, product, report, sign_ins};
use product::{DataFolder, Product};
use report::Figure;

#[derive(Debug, Parser)]
#[command(about = "Measures sign-in, policies and the record, and holds them against their bars")]
struct Arguments {
    /// What to measure; everything where nothing is named.
    parts: Vec<Part>,
    /// Exports of the demo; 100,000 have written more than a million events.
    #[arg(long, value_name = "N", default_value = "100000")]
    exports: u64,
    /// Events among which those of a case are found.
    #[arg(long, value_name = "N", default_value = "10000000")]
    events: i64,
    /// Keeps the data folder here and uses it again; each run decides some of the exports that wait.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Also writes all figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// What `cargo bench` adds.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Whether the time of a failed sign-in tells who has an account.
    Timing,
    /// The inbox while others sign in.
    Beside,
    /// Row-level security against the same condition in the query.
    Policies,
    /// A decision with its record, and without.
    Decision,
    /// From the commit of an event to its seal.
    Lag,
    /// Bytes of an event.
    Rows,
    /// Checking the whole record.
    Checking,
    /// The last events of a case among very many.
    Trail,
}

// One thread: the load is to leave the machine to what is measured.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let parts = if arguments.parts.is_empty() { Part::value_variants() } else { &arguments.parts };
    let folder = DataFolder::choose(arguments.keep.as_deref(), &format!("people-{}", arguments.exports))?;
    say("starting and seeding");
    let (mut product, _) = Product::start(&folder, arguments.exports).await?;
    let mut figures = Vec::new();
    for part in parts {
        say(&format!("{part:?}").to_lowercase());
        let measured: Vec<Figure> = match part {
            Part::Timing => timing::measure(&product).await,
            Part::Beside => beside::measure(&product).await,
            Part::Policies => policies::measure(&product).await,
            Part::Decision => {
                let taken = decision::capture(&product).await?;
                // Nobody else seals while that is counted. PostgreSQL stays.
                let database = product.database_url()?;
                product.crash().await?;
                let measured = decision::measure(&database, &taken).await;
                product = Product::start(&folder, arguments.exports).await?.0;
                measured
            }
            Part::Lag => {
                lag::track_commits(&product, true).await?;
                product.stop().await?;
                product = Product::start(&folder, arguments.exports).await?.0;
                let measured = lag::measure(&product).await;
                lag::track_commits(&product, false).await?;
                measured
            }
            Part::Rows => rows::measure(&product).await,
            Part::Checking => checking::measure(&product).await,
            Part::Trail => trail::measure(&product, arguments.events).await,
        }
        .with_context(|| format!("{part:?} could not be measured"))?;
        report::print(*part, &measured);
        figures.extend(measured);
    }
    product.stop().await?;
    if let Some(file) = arguments.json {
        std::fs::write(file, serde_json::to_vec_pretty(&figures)?)?;
    }
    Ok(())
}

#[allow(clippy::print_stderr, reason = "a tool of the command line")]
fn say(what: &str) {
    eprintln!("  {what}");
}
