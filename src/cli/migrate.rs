//! `jebena migrate`: the schema, up and down.

use std::fmt::Write;

use anyhow::Context;
use clap::Subcommand;
use secrecy::ExposeSecret;
use sqlx::postgres::PgConnectOptions;

use super::connect::AWAY;
use super::print_text;
use crate::config::Config;
use crate::database::migrate;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Command {
    /// Create the roles and run every migration that is missing (what `migrate` alone does).
    Up,
    /// List the migrations and whether they have run.
    Status,
    /// Take back every migration after a version. Data in what is dropped is lost.
    Down {
        /// The version that stays the newest; 0 takes back all.
        #[arg(long, value_name = "VERSION")]
        to: i64,
    },
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    let options = config.migrate_options().context("MIGRATE_DATABASE_URL or DATABASE_URL is needed")?;
    match arguments.command.unwrap_or(Command::Up) {
        Command::Up => up(&options, config).await,
        Command::Status => status(&options).await,
        Command::Down { to } => {
            migrate::down(&options, to).await.context("the migrations were not taken back")?;
            println!("The schema is that of version {to}.");
            Ok(())
        }
    }
}

async fn up(options: &PgConnectOptions, config: &Config) -> anyhow::Result<()> {
    migrate::up(options).await.context("the schema was not brought up")?;
    if let Some(password) = &config.settings.app_db_password {
        migrate::set_app_password(options, password.expose_secret())
            .await
            .context("the password of jebena_app was not set")?;
    }
    println!("The schema is that of version {}.", migrate::newest_version());
    Ok(())
}

async fn status(options: &PgConnectOptions) -> anyhow::Result<()> {
    let mut text = String::new();
    for migration in migrate::status(options).await.context(AWAY)? {
        let mark = if migration.applied { "applied" } else { "missing" };
        let _ = writeln!(text, "{}  {mark}  {}", migration.version, migration.description);
    }
    print_text(&text);
    Ok(())
}
