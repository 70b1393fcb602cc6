//! `jebena ceremony`: the consortium's certificate authority, from one file that was reviewed.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use jebena_signer::authority::ApprovalRule;
use jebena_signer::ceremony::{self, Plan};
use jebena_signer::x509::bundle;
use jebena_signer::x509::profile::Profile;
use sha2::{Digest, Sha256};

use super::print_text;
use super::signer::open_authority;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The plan (TOML): `organization`, `root` and `issuing` are the names that certificates will have; `[approval]` says who approves
    /// requests. With `subordinate = true` the first call prints the request for the root's certificate.
    plan: PathBuf,
    /// The root's certificate that somebody else issued (PEM or DER).
    #[arg(long, requires = "issuer")]
    root: Option<PathBuf>,
    /// The certificate of who issued it (PEM or DER).
    #[arg(long, requires = "root")]
    issuer: Option<PathBuf>,
}

fn read_certificate(path: &Path) -> anyhow::Result<Vec<u8>> {
    let file = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    bundle::read(&file).with_context(|| format!("{} is no certificate", path.display()))
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&arguments.plan)
        .with_context(|| format!("{} cannot be read", arguments.plan.display()))?;
    let plan = Plan::parse(&text).context("the plan cannot be understood")?;
    let (authority, now) = (open_authority(config)?, SystemClock.now());
    if let Some((root, issuer)) = arguments.root.as_ref().zip(arguments.issuer.as_ref()) {
        ceremony::adopt_root(&authority, &plan, (&read_certificate(root)?, &read_certificate(issuer)?), now).await?;
    } else if plan.subordinate && !authority.has_certificate(Profile::RootCa, None, now).await? {
        let request = ceremony::request_root(&authority, &plan, now).await?;
        print_text(&bundle::request_pem(&request)?);
        return Ok(());
    }
    let held = ceremony::hold(&authority, &plan, now).await?;
    let mut transcript = format!("Plan, SHA-256  {}\n", hex::encode(plan.sha256));
    for (profile, issued) in &held.issued {
        let _ = writeln!(transcript, "{:14} {}", profile.code(), hex::encode(Sha256::digest(&issued.der)));
    }
    if let Some(ApprovalRule { version, approvals_needed, approvers }) = held.approval {
        let of = if approvers.is_empty() { "any".to_owned() } else { approvers.len().to_string() };
        let _ = writeln!(transcript, "Approval rule  version {version}: {approvals_needed} of {of} organisations");
    }
    print_text(&transcript);
    Ok(())
}
