//! `jebena audit`: the record checked against its hashes and its chain of seals.

use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use serde_json::json;

use super::connect::{self, AWAY};
use super::print_text;
use super::site::open_storage;
use crate::audit::verify::{Report, verify};
use crate::config::Config;
use crate::retention::check_archives;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Recompute every hash and every seal, and list what does not agree. Ends with status 1 when something
    /// does not. Of archived years the chain is checked, and with --archives their files too.
    Verify {
        /// A head that was kept elsewhere: it must still be part of the chain.
        #[arg(long, value_name = "HEX")]
        head: Option<String>,
        /// Look into the file of every archived year as well.
        #[arg(long)]
        archives: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<ExitCode> {
    let Command::Verify { head, archives, json } = &arguments.command;
    let db = connect::open(config)?;
    let mut tx = db.begin_worker().await.context(AWAY)?;
    // Two backends of the database and this process keep two cores busy.
    let mut beside = [db.begin_worker().await.context(AWAY)?];
    let mut report = verify(&mut tx, &mut beside, head.as_deref()).await.context("the record cannot be read")?;
    tx.commit().await.context(AWAY)?;
    for tx in beside {
        tx.commit().await.context(AWAY)?;
    }
    if *archives {
        let storage = open_storage(&config.storage_settings(), config)?;
        for file in check_archives(&db, &storage).await.context("the archives cannot be read")? {
            report.faults.extend(file.faults);
        }
    }
    db.close();
    if *json {
        print_json(&report)
    } else {
        print(&report, *archives)
    }
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(report: &Report, are_files_checked: bool) {
    let archives: String = report
        .archived
        .iter()
        .map(|year| {
            let stands = if year.is_dropped { "in its file alone" } else { "in its file, and taken off" };
            format!("archive   {}: {} events {stands}, SHA-256 {}\n", year.partition, year.events, year.sha256)
        })
        .collect();
    let unread = if report.archived.is_empty() || are_files_checked {
        ""
    } else {
        "Of archived years the chain was checked; --archives looks into their files.\n"
    };
    let faults: String = report.faults.iter().map(|fault| format!("FAULT     {fault}\n")).collect();
    print_text(&format!(
        "events    {}\nseals     {}\nunsealed  {}\nhead      {}\n{archives}{faults}{unread}{}\n",
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
        "archived": report.archived.iter().map(|year| json!({
            "partition": year.partition, "events": year.events, "dropped": year.is_dropped, "sha256": year.sha256,
        })).collect::<Vec<_>>(),
        "faults": report.faults,
    });
    print_text(&format!("{report}\n"));
}
