//! `jebena verify`: papers checked by what they carry with them, without a database and without a network.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use jebena_trust::check::Outcome;
use jebena_trust::facts::Value;
use jebena_trust::given;
use jebena_trust::moment::Moment;
use jebena_trust::trust_list::{self, Verified};
use jebena_trust::verdict::{Reason, Verdict};
use serde_json::json;

use super::print_text;
use crate::certificates::check_given;
use crate::clock::{Clock, SystemClock};
use crate::config::Fingerprint;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Signed papers (`.pdf`), seals (`.cose`, as bytes or base64url), credentials (`.vc.jwt`), the JSON of papers, or what their QR
    /// codes say as text.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The signed list of who may seal, as `/trust-list` gives it.
    #[arg(long, env = "TRUST_LIST_FILE", value_name = "FILE")]
    trust_list: Option<PathBuf>,
    /// SHA-256 of the root's certificate, to which the signer of the list has to lead.
    #[arg(long, env = "TRUST_ROOT_SHA256", value_name = "SHA256")]
    root: Option<Fingerprint>,
    /// Check as of this moment, such as 2026-11-29T14:05:00Z, instead of now.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    at: Option<Moment>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text).ok_or_else(|| "a moment is written as 2026-11-29T14:05:00Z".to_owned())
}

/// Ends with 0 only when every paper is valid.
pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let now = Moment::from_unix(SystemClock.now().timestamp()).context("the clock of this machine is before 1970")?;
    let at = arguments.at.unwrap_or(now);
    let list = read_list(arguments, at)?;
    let outcomes: Vec<(&PathBuf, Outcome)> =
        arguments.files.iter().map(|file| (file, judge(file, list.as_ref(), at))).collect();
    let text = if arguments.json {
        let all: Vec<_> = outcomes.iter().map(|(file, outcome)| json!({ "file": file, "outcome": outcome })).collect();
        format!("{}\n", serde_json::Value::from(all))
    } else {
        outcomes.iter().map(|(file, outcome)| told(file, outcome)).collect()
    };
    print_text(&text);
    let are_all_valid = outcomes.iter().all(|(_, outcome)| outcome.verdict == Verdict::Valid);
    Ok(if are_all_valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The list, or why nothing can be said without it.
fn read_list(arguments: &Arguments, at: Moment) -> anyhow::Result<Result<Verified, Reason>> {
    let (file, root) = match (&arguments.trust_list, &arguments.root) {
        (Some(file), Some(root)) => (file, root),
        (None, None) => return Ok(Err(Reason::NoTrustList)),
        (Some(_), None) => anyhow::bail!("--root is needed: a list is believed by its root alone"),
        (None, Some(_)) => anyhow::bail!("--trust-list is needed: the root alone seals nothing"),
    };
    let bytes = read(file, trust_list::LARGEST).with_context(|| format!("{} cannot be read", file.display()))?;
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    let verified = trust_list::verify(text.trim_end(), &root.0, at, None);
    Ok(verified.map_err(|error| Reason::TrustList { what: error.to_string() }))
}

fn judge(file: &Path, list: Result<&Verified, &Reason>, at: Moment) -> Outcome {
    match read(file, given::LARGEST) {
        Ok(bytes) => check_given(&bytes, list, at),
        Err(error) => Outcome::bare(Verdict::CannotTell, Reason::NotASeal { what: error.to_string() }),
    }
}

fn read(file: &Path, largest: usize) -> std::io::Result<Vec<u8>> {
    use std::io::Read;

    let mut bytes = Vec::new();
    // One byte more than may be, so that what is too long is noticed.
    std::fs::File::open(file)?.take(largest as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > largest { Err(std::io::Error::other("it is too large")) } else { Ok(bytes) }
}

fn told(file: &Path, outcome: &Outcome) -> String {
    let mut text = format!("{:<19} {}\n{:<19} {}\n", outcome.verdict, file.display(), "", outcome.reason);
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "  {name:<17} {value}");
    };
    if let Some(signer) = &outcome.signer {
        line("sealed by", &format!("{} ({})", signer.name_en, signer.organization));
    }
    if let Some(claims) = &outcome.claims {
        line("paper", &format!("{} {}", claims.kind.code(), claims.number));
        if claims.duplicate > 0 {
            line("duplicate", &claims.duplicate.to_string());
        }
        line("code", &claims.code.to_string());
        line("issued", &claims.issued_at.to_string());
        if let Some(until) = claims.valid_until {
            line("in force until", &until.to_string());
        }
        for (fact, value) in &claims.facts {
            match value {
                Value::Text(value) => line(fact.code(), value),
                Value::Number(value) => line(fact.code(), &value.to_string()),
            }
        }
        for who in &claims.signatories {
            line("signed by", &format!("{}, {}", who.name, who.office));
        }
        line("content", &hex::encode(claims.content_sha256));
    }
    if let Some(as_of) = outcome.as_of {
        line("as of", &format!("list {} of {}", as_of.sequence, as_of.issued_at));
        line("", "Whether it was taken back since, only the public page of the paper knows.");
    }
    text
}
