//! `jebena audit`: the record checked against its hashes and its chain of seals.

use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use serde_json::json;

use super::connect::{self, AWAY};
use super::print_text;
use crate::audit::verify::{Report, verify};
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Recompute every hash and every seal, and list what does not agree. Ends with status 1 when something
    /// does not.
    Verify {
        /// A head that was kept elsewhere: it must still be part of the chain.
        #[arg(long, value_name = "HEX")]
        head: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<ExitCode> {
    let Command::Verify { head, json } = &arguments.command;
    let db = connect::open(config)?;
    let mut tx = db.begin_worker().await.context(AWAY)?;
    let report = verify(&mut tx, head.as_deref()).await.context("the record cannot be read")?;
    tx.commit().await.context(AWAY)?;
    db.close();
    if *json {
        print_json(&report)
    } else {
        print(&report)
    }
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(report: &Report) {
    let faults: String = report.faults.iter().map(|fault| format!("FAULT     {fault}\n")).collect();
    print_text(&format!(
        "events    {}\nseals     {}\nunsealed  {}\nhead      {}\n{faults}{}\n",
        report.events,
        report.seals,
        report.unsealed,
        report.head,
        if report.is_sound() { "The record is sound." } else { "The record is NOT sound." },
    ));
}

fn print_json(report: &Report) {
    let report = json!({
        "sound": report.is_sound(),
        "events": report.events,
        "seals": report.seals,
        "unsealed": report.unsealed,
        "head": report.head,
        "faults": report.faults,
    });
    print_text(&format!("{report}\n"));
}
