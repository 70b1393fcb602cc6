//! `jebena rotate`: other keys for those that seal keys, and for an organisation whose keys may be in other hands. The signer goes on
//! signing meanwhile.

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Subcommand;
use jebena_signer::rotation::{Kind, Progress, What, Why};
use uuid::Uuid;

use super::signer::open_authority;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Seal all data keys under a new master key: the first line of MASTER_KEY_FILE, with the old one in the second.
    Master {
        /// Why, for the record.
        #[arg(long, default_value = "scheduled")]
        reason: String,
    },
    /// Seal the private keys of an organisation under a new data key.
    Data {
        /// The organisation's id.
        #[arg(long, required_unless_present = "consortium")]
        organization: Option<Uuid>,
        /// The consortium's own keys.
        #[arg(long, conflicts_with = "organization")]
        consortium: bool,
        /// Why, for the record.
        #[arg(long, default_value = "scheduled")]
        reason: String,
    },
    /// Give an organisation whose keys may be in other hands new keys and certificates, and revoke the old ones.
    Emergency {
        /// The organisation's id.
        #[arg(long)]
        organization: Uuid,
        /// From when on signatures of the old keys are not to be relied on, such as 2026-11-29T08:00:00Z; the earliest moment at
        /// which somebody else may have had them.
        #[arg(long)]
        invalid_from: DateTime<Utc>,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
    },
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    let authority = open_authority(config)?;
    let now = || SystemClock.now();
    let done = match &arguments.command {
        Command::Master { reason } => {
            let why = Why { kind: kind(reason), reason, by: None };
            authority.keyring().rotate(What::Master, &why, now, tell).await
        }
        Command::Data { organization, reason, .. } => {
            let why = Why { kind: kind(reason), reason, by: None };
            authority.keyring().rotate(What::Data(*organization), &why, now, tell).await
        }
        Command::Emergency { organization, invalid_from, reason } => {
            authority.replace_keys(*organization, (reason, None), *invalid_from, now, tell).await
        }
    };
    done.context("not finished; what was done stays done, and the same command goes on with it")?;
    println!("{}", after(&arguments.command));
    Ok(())
}

fn kind(reason: &str) -> Kind {
    if reason == "scheduled" { Kind::Scheduled } else { Kind::Manual }
}

fn tell(progress: Progress) {
    let Progress { total, done, failed, .. } = progress;
    eprintln!("{done} of {total} keys{}", if failed > 0 { format!(", {failed} do not open") } else { String::new() });
}

/// What is left to do.
const fn after(command: &Command) -> &'static str {
    match command {
        Command::Master { .. } => {
            "All data keys are sealed under the new master key. Take the old one out of MASTER_KEY_FILE and start the signer again."
        }
        Command::Data { .. } => "All keys are sealed under the new data key.",
        Command::Emergency { .. } => "The old certificates are revoked, and new ones stand in their stead.",
    }
}
