//! The command line: what the process can be told to do. Each command is a file; the rules are elsewhere.

mod audit;
mod ceremony;
mod certificate;
mod config;
mod connect;
mod demo;
mod documents;
mod migrate;
mod organization;
mod privacy;
mod retention;
mod rotate;
mod serve;
mod signer;
mod site;
mod user;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, EXIT_INVALID, InvalidConfig, Purpose};

/// The system in which an Ethiopian coffee export gets done.
#[derive(Debug, Parser)]
#[command(name = "jebena", version, arg_required_else_help = true)]
struct Arguments {
    /// Read settings from this TOML file too; the environment goes before it.
    #[arg(long, global = true, env = "JEBENA_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the product on a database that `migrate` has prepared.
    Serve,
    /// Serve the product with invented data on a private PostgreSQL; needs nothing else.
    Demo(demo::Arguments),
    /// Bring the database's schema up to this version, or back.
    Migrate(migrate::Arguments),
    /// Look at the configuration.
    Config(config::Arguments),
    /// Set up and list the institutions that take part.
    Organization(organization::Arguments),
    /// Create, disable, enable, reset and list the people who sign in.
    User(user::Arguments),
    /// Check the record.
    Audit(audit::Arguments),
    /// Keep the ledger of who was erased, and replay it after a restore.
    Privacy(privacy::Arguments),
    /// Scan documents that have no verdict, and count what is stored.
    Documents(documents::Arguments),
    /// Hold the keys, and sign for the server.
    Signer(signer::Arguments),
    /// Set the consortium's certificate authority up, once, from a file that was reviewed.
    Ceremony(ceremony::Arguments),
    /// List certificates, suspend, revoke and export them.
    Certificate(certificate::Arguments),
    /// Replace the keys that seal keys, and those of an organisation in an emergency.
    Rotate(rotate::Arguments),
    /// Say for how long what is kept, and remove what is over.
    Retention(retention::Arguments),
    /// Check papers by what they carry with them; needs no database and no network.
    Verify(verify::Arguments),
}

/// Runs what the command line says.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match execute(&arguments) {
        Ok(code) => code,
        Err(error) => {
            if let Some(invalid) = error.downcast_ref::<InvalidConfig>() {
                eprintln!("{invalid}");
                return ExitCode::from(EXIT_INVALID);
            }
            eprintln!("jebena: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// The error and its causes in one line. Some causes repeat the one below them, which is said once.
fn sentence(error: &anyhow::Error) -> String {
    let whole: Vec<String> = error.chain().map(ToString::to_string).collect();
    let below = whole.iter().skip(1).map(String::as_str).chain(std::iter::once(""));
    let causes = whole.iter().zip(below).map(|(cause, below)| match cause.strip_suffix(below) {
        Some(start) => start.trim_end_matches([':', ' ']),
        None => cause,
    });
    causes.filter(|cause| !cause.is_empty()).collect::<Vec<_>>().join(": ")
}

/// Prints a longer text. A reader who has seen enough, as `head` has, is not an error.
fn print_text(text: &str) {
    use std::io::Write;

    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

fn execute(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let load = |purpose| Config::load(purpose, arguments.config.as_deref());
    // Without a runtime: it says what is wrong even where none can be had.
    if let Command::Config(arguments) = &arguments.command {
        return config::run(arguments, load);
    }
    if let Command::Verify(arguments) = &arguments.command {
        return verify::run(arguments);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match &arguments.command {
        Command::Serve => runtime.block_on(serve::run(&load(Purpose::Serve)?))?,
        Command::Demo(arguments) => runtime.block_on(demo::run(arguments, &load(Purpose::Demo)?))?,
        Command::Migrate(arguments) => runtime.block_on(migrate::run(arguments, &load(Purpose::Migrate)?))?,
        Command::Organization(arguments) => {
            runtime.block_on(organization::run(arguments, &load(Purpose::Command)?))?;
        }
        Command::Privacy(arguments) => runtime.block_on(privacy::run(arguments, &load(Purpose::Command)?))?,
        Command::Documents(arguments) => runtime.block_on(documents::run(arguments, &load(Purpose::Command)?))?,
        Command::Retention(arguments) => runtime.block_on(retention::run(arguments, &load(Purpose::Command)?))?,
        Command::User(arguments) => runtime.block_on(user::run(arguments, &load(Purpose::Command)?))?,
        Command::Signer(arguments) => runtime.block_on(signer::run(arguments, &load(Purpose::Signer)?))?,
        Command::Ceremony(arguments) => runtime.block_on(ceremony::run(arguments, &load(Purpose::Signer)?))?,
        Command::Certificate(arguments) => runtime.block_on(certificate::run(arguments, &load(Purpose::Signer)?))?,
        Command::Rotate(arguments) => runtime.block_on(rotate::run(arguments, &load(Purpose::Signer)?))?,
        Command::Audit(arguments) => return runtime.block_on(audit::run(arguments, &load(Purpose::Command)?)),
        Command::Config(_) | Command::Verify(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_cause_that_repeats_another_is_said_once() {
        let error = anyhow::anyhow!("denied").context("query: denied").context("run: query: denied").context("away");
        assert_eq!(sentence(&error), "away: run: query: denied");
        assert_eq!(sentence(&anyhow::anyhow!("denied")), "denied");
    }

    #[test]
    fn the_passwords_that_config_refuses_hold_that_of_the_demo() {
        assert!(crate::config::is_known_password(crate::demo::DEMO_PASSWORD));
    }
}
