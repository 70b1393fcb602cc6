//! `jebena signer`: the process that holds the keys. It reads the secure database and nothing else of the product.

use std::sync::Arc;

use anyhow::Context;
use clap::Subcommand;
use jebena_signer::authority::Authority;
use jebena_signer::envelope::MasterKey;
use jebena_signer::keyring::{Keyring, RecordHead};
use jebena_signer::x509::certificate::Places;
use jebena_signer::{database, server};
use tokio::io::AsyncReadExt;
use tokio_util::sync::CancellationToken;

use super::site::until_signal;
use crate::app::start_logging;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Listen at SIGNER_SOCKET and sign.
    Serve {
        /// End when the input does: for who starts the signer beside itself.
        #[arg(long)]
        until_input_ends: bool,
    },
    /// Create the roles of the secure database and bring its schema up to this version.
    Migrate,
    /// Check the record of the uses of keys, and print its last line, to be kept elsewhere.
    Check {
        /// A last line that was kept: the record has to have it still.
        #[arg(long, value_name = "NUMBER:HASH")]
        kept: Option<RecordHead>,
    },
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    match arguments.command {
        Command::Serve { until_input_ends } => serve(config, until_input_ends).await,
        Command::Migrate => {
            let options = config.migrate_secure_options().context("SECURE_DATABASE_URL is needed")?;
            database::migrate_up(&options).await.context("the schema of the secure database was not brought up")?;
            println!("The secure database has the schema of this version.");
            Ok(())
        }
        Command::Check { kept } => check(config, kept).await,
    }
}

/// The authority over the keys of the secure database.
pub(super) fn open_authority(config: &Config) -> anyhow::Result<Authority> {
    let settings = &config.settings;
    let path = settings.master_key_file.as_deref().context("MASTER_KEY_FILE is needed")?;
    let master = MasterKey::read(path)?;
    let options = config.secure_options().context("SECURE_DATABASE_URL is needed")?;
    Ok(Authority::new(Keyring::new(database::open(options), master), places(config)?))
}

fn places(config: &Config) -> anyhow::Result<Places> {
    let url = config.settings.public_url.as_ref().context("PUBLIC_URL is needed")?;
    let policy = config.settings.pki_policy_oid.parse().ok().context("PKI_POLICY_OID is none")?;
    Ok(Places { base: url.as_str().trim_end_matches('/').to_owned(), policy })
}

async fn serve(config: &Config, until_input_ends: bool) -> anyhow::Result<()> {
    let settings = &config.settings;
    start_logging(settings.log_format, settings.log_level)?;
    keep_memory_here();
    let path = settings.signer_socket.as_deref().context("SIGNER_SOCKET is needed")?;
    let authority = open_authority(config)?;
    let stop = until_signal();
    if until_input_ends {
        tokio::spawn(end_with_input(stop.clone()));
    }
    let listener = server::bind(path).await.with_context(|| format!("cannot listen at {}", path.display()))?;
    let clients = own_user().into_iter().chain(settings.signer_client_uid).collect();
    tracing::info!(socket = %path.display(), "ready to sign");
    server::serve(listener, Arc::new(authority), clients, Arc::new(|| SystemClock.now()), stop).await;
    Ok(())
}

async fn check(config: &Config, kept: Option<RecordHead>) -> anyhow::Result<()> {
    let authority = open_authority(config)?;
    let keyring = authority.keyring();
    if let Some(kept) = kept
        && !keyring.holds(kept).await.context("the secure database cannot be used")?
    {
        anyhow::bail!(
            "line {} of the record is not the one that was kept: the record was cut off or written anew",
            kept.seq
        );
    }
    match keyring.find_record_fault().await.context("the secure database cannot be used")? {
        None => {
            println!("The record of the uses of keys is sound.");
            if let Some(head) = keyring.record_head().await? {
                println!("{head}");
            }
        }
        Some(seq) => anyhow::bail!("line {seq} of the record of uses was changed, or the one before it was taken out"),
    }
    Ok(())
}

/// Whoever started this process is gone when its input ends, however that came.
async fn end_with_input(stop: CancellationToken) {
    let mut input = tokio::io::stdin();
    let mut nothing = [0; 64];
    while input.read(&mut nothing).await.is_ok_and(|length| length > 0) {}
    stop.cancel();
}

/// No image of this process is ever written, and no other process of the same user reads its memory.
fn keep_memory_here() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "the memory of this process can be read by its user's other processes");
    }
}

fn own_user() -> Option<u32> {
    #[cfg(target_os = "linux")]
    return Some(rustix::process::geteuid().as_raw());
    #[cfg(not(target_os = "linux"))]
    None
}
