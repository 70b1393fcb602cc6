//! `jebena ceremony`: the consortium's certificate authority, from one file that was reviewed.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::Context;
use jebena_signer::ceremony::{self, Plan};
use sha2::{Digest, Sha256};

use super::print_text;
use super::signer::open_authority;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The plan (TOML): `organization`, `root` and `issuing` are the names that certificates will have.
    plan: PathBuf,
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&arguments.plan)
        .with_context(|| format!("{} cannot be read", arguments.plan.display()))?;
    let plan = Plan::parse(&text).context("the plan cannot be understood")?;
    let held = ceremony::hold(&open_authority(config)?, &plan, SystemClock.now()).await?;
    let mut transcript = format!("Plan, SHA-256  {}\n", hex::encode(Sha256::digest(&text)));
    for (profile, issued) in &held.issued {
        let _ = writeln!(transcript, "{:14} {}", profile.code(), hex::encode(Sha256::digest(&issued.der)));
    }
    print_text(&transcript);
    Ok(())
}
