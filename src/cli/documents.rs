//! `jebena documents`: scans of what has no verdict, and a check of what is counted.

use anyhow::{Context, bail};
use clap::Subcommand;

use super::connect::{self, AWAY};
use super::print_text;
use super::site::open_scanner;
use crate::config::Config;
use crate::documents::service;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Enter the scan of every document without a verdict; the server carries it out.
    Scan,
    /// Count anew how much of the store each organisation has taken, and put right what is not.
    Recount,
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    let db = connect::open(config)?;
    match &arguments.command {
        Command::Scan => {
            let Some(scanner) = open_scanner(config) else { bail!("CLAMD_ADDR is needed: there is no scanner") };
            let engine = scanner.version().await.context("no scan is entered")?;
            let entered = service::enter_scans(&db, db.now()).await.context(AWAY)?;
            print_text(&format!("{entered} scans are entered; {engine} answers\n"));
        }
        Command::Recount => {
            let count = service::recount_shares(&db).await.context(AWAY)?;
            print_text(&format!("{count} shares of the store were not right, and are now\n"));
        }
    }
    db.close();
    Ok(())
}
