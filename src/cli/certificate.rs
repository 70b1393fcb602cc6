//! `jebena certificate`: what the authority has issued, and what becomes of it. For who runs the signer, on its machine.

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::{Subcommand, ValueEnum};
use jebena_signer::protocol::CertificateFacts;
use jebena_signer::x509::bundle;
use jebena_signer::x509::list::Reason;
use uuid::Uuid;

use super::print_text;
use super::signer::open_authority;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::pki;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List all certificates: id, state, kind, organisation, end, serial number.
    List,
    /// Suspend one, until it is reinstated or revoked. The lists say so at once.
    Suspend {
        /// Its id.
        certificate: Uuid,
    },
    /// Lift a suspension.
    Reinstate {
        /// Its id.
        certificate: Uuid,
    },
    /// Revoke one for good. Papers that it sealed before say so, and stay as good as the reason allows.
    Revoke {
        /// Its id.
        certificate: Uuid,
        /// Why.
        #[arg(long)]
        reason: RevocationReason,
        /// From when on its signatures are not to be relied on, where that is earlier, such as 2026-11-29T08:00:00Z.
        #[arg(long)]
        invalid_from: Option<DateTime<Utc>>,
    },
    /// Write one to the output, with those above it.
    Export {
        /// Its id.
        certificate: Uuid,
        /// In which form.
        #[arg(long, default_value = "pem")]
        format: Format,
    },
}

/// Why one is revoked; the others of RFC 5280 are of authorities, or of no use here.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum RevocationReason {
    /// Somebody else has the key, or may have.
    KeyCompromise,
    /// Its holder belongs elsewhere now.
    AffiliationChanged,
    /// Another stands in its place.
    Superseded,
    /// It is not used any more.
    CessationOfOperation,
    /// Its holder may not sign any more.
    PrivilegeWithdrawn,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// Text, the certificate first.
    Pem,
    /// The certificate alone.
    Der,
    /// A message that nobody signed (`.p7b`).
    Pkcs7,
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    let authority = open_authority(config)?;
    let now = SystemClock.now();
    match arguments.command {
        Command::List => {
            let mut list = String::new();
            for certificate in authority.inventory(None).await? {
                let _ = writeln!(list, "{}", line(&certificate, now));
            }
            print_text(&list);
        }
        Command::Suspend { certificate } => {
            authority.revoke(certificate, Reason::CertificateHold, None, None, now).await?;
            println!("Suspended; the lists say so.");
        }
        Command::Reinstate { certificate } => {
            authority.reinstate(certificate, None, now).await?;
            println!("In force again; the lists say so.");
        }
        Command::Revoke { certificate, reason, invalid_from } => {
            authority.revoke(certificate, reason.into(), invalid_from, None, now).await?;
            println!("Revoked; the lists say so.");
        }
        Command::Export { certificate, format } => {
            let chain = authority.chain(certificate).await?;
            let chain: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
            let first = chain.first().context("there is no such certificate")?;
            let bytes = match format {
                Format::Pem => bundle::pem(&chain).map_err(|error| anyhow::anyhow!("{error}"))?.into_bytes(),
                Format::Der => first.to_vec(),
                Format::Pkcs7 => bundle::pkcs7(&chain)?,
            };
            std::io::stdout().lock().write_all(&bytes)?;
        }
    }
    Ok(())
}

fn line(certificate: &CertificateFacts, now: DateTime<Utc>) -> String {
    let state = pki::state((certificate.not_before, certificate.not_after), certificate.revocation, now);
    let holder = certificate.organization.map_or_else(|| "consortium".to_owned(), |id| id.to_string());
    format!(
        "{} {:9} {:17} {holder:36} {} {}",
        certificate.certificate_id,
        state.code(),
        certificate.profile.code(),
        certificate.not_after.format("%Y-%m-%d"),
        certificate.serial
    )
}

impl From<RevocationReason> for Reason {
    fn from(reason: RevocationReason) -> Self {
        match reason {
            RevocationReason::KeyCompromise => Self::KeyCompromise,
            RevocationReason::AffiliationChanged => Self::AffiliationChanged,
            RevocationReason::Superseded => Self::Superseded,
            RevocationReason::CessationOfOperation => Self::CessationOfOperation,
            RevocationReason::PrivilegeWithdrawn => Self::PrivilegeWithdrawn,
        }
    }
}
