//! `jebena config`: what is in force, what is wrong, and which settings there are.

use std::process::ExitCode;

use clap::Subcommand;

use super::print_text;
use crate::config::{Config, InvalidConfig, Purpose, reference};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Command {
    /// Check the configuration of `serve` and print what is in force, secrets masked. Ends with status 78 when
    /// something is wrong.
    Check,
    /// Print every setting there is, as `docs/configuration.md`.
    Reference,
}

pub(super) fn run(
    arguments: &Arguments,
    load: impl Fn(Purpose) -> Result<Config, InvalidConfig>,
) -> anyhow::Result<ExitCode> {
    match arguments.command {
        Command::Check => print_text(&load(Purpose::Serve)?.report()),
        Command::Reference => print_text(&reference()),
    }
    Ok(ExitCode::SUCCESS)
}
