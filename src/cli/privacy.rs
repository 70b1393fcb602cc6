//! `jebena privacy`: the ledger of who was erased, kept outside the database, and its replay after a restore.

use std::path::PathBuf;

use anyhow::Context;
use clap::Subcommand;

use super::connect::{self, AWAY};
use super::print_text;
use crate::config::Config;
use crate::organizations::erasure::{self, LedgerEntry};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the ledger, a line of JSON for each person erased: ids and times. Keep it outside the database.
    Ledger,
    /// Erase again whom the ledger names and this database still knows. To be run after a restore, before `serve`.
    Replay {
        /// What `privacy ledger` printed last.
        #[arg(long, value_name = "FILE")]
        ledger: PathBuf,
    },
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    let db = connect::open(config)?;
    match &arguments.command {
        Command::Ledger => {
            let ledger = erasure::list_ledger(&db).await.context(AWAY)?;
            let lines: Vec<String> = ledger.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
            print_text(&lines.iter().map(|line| format!("{line}\n")).collect::<String>());
        }
        Command::Replay { ledger } => {
            let text = std::fs::read_to_string(ledger).context("the ledger cannot be read")?;
            // All of it is understood before any of it is done.
            let ledger = parse(&text)?;
            let done = erasure::replay(&db, &ledger, db.now()).await.context(AWAY)?;
            print_text(&format!(
                "erased    {}\nalready   {}\nunknown   {}\nheld      {}\n",
                done.erased, done.already, done.unknown, done.held
            ));
        }
    }
    db.close();
    Ok(())
}

fn parse(text: &str) -> anyhow::Result<Vec<LedgerEntry>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(place, line)| {
            serde_json::from_str(line).with_context(|| format!("line {} of the ledger cannot be read", place + 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_is_read_as_it_was_printed_and_a_broken_one_not_at_all() {
        let line = "{\"erasure\":\"00000000-0000-0000-0000-000000000001\",\"person\":\"00000000-0000-0000-0000-000000000002\",\
            \"asked_at\":\"2026-01-01T00:00:00Z\",\"confirmed_at\":\"2026-01-01T01:00:00Z\",\
            \"due_at\":\"2026-01-31T01:00:00Z\",\"done_at\":\"2026-01-31T02:00:00Z\"}";
        let read = parse(&format!("{line}\n\n{line}\n")).unwrap();
        assert_eq!((read.len(), serde_json::to_string(&read[0]).unwrap().as_str()), (2, line));
        let error = parse(&format!("{line}\n{{}}\n")).unwrap_err().to_string();
        assert!(error.contains("line 2"), "{error}");
    }
}
