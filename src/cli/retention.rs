//! `jebena retention`: for how long what is kept, and carrying it out by hand.

use anyhow::Context;
use clap::Subcommand;

use super::connect::{self, AWAY};
use super::print_text;
use super::site::open_storage;
use crate::config::Config;
use crate::retention::{self, Cause, Round, Scope};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the classes of records with their periods in minutes.
    List,
    /// Remove everything whose time is over, as the daily job does.
    Run {
        /// Only count what would go.
        #[arg(long)]
        dry_run: bool,
        /// Only this class, such as ORIGINS.
        #[arg(long, value_name = "CLASS")]
        class: Option<String>,
    },
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    let db = connect::open(config)?;
    let policies = retention::list_policies(&db).await.context(AWAY)?;
    match &arguments.command {
        Command::List => {
            let lines = policies.iter().map(|policy| {
                let kept = policy.kept_minutes.map_or_else(|| "-".to_owned(), |minutes| minutes.to_string());
                format!("{:<22}{:<10}{kept:>10}  {}\n", policy.class, policy.method.code(), policy.source)
            });
            print_text(&lines.collect::<String>());
        }
        Command::Run { dry_run, class } => {
            let scope = match class {
                None => Scope::All,
                Some(class) if policies.iter().any(|policy| policy.class == *class && policy.is_by_rows()) => {
                    Scope::Class(class.clone())
                }
                Some(class) => anyhow::bail!("no class is called {class}, or it is not carried out row by row"),
            };
            let storage = open_storage(&config.storage_settings(), config)?;
            let round = Round { scope, is_dry: *dry_run, cause: Cause::Command, requested_by: None };
            let applied = retention::apply(&db, &storage, &round, db.now()).await.context(AWAY)?;
            let lines = applied.iter().map(|one| format!("{:<22}{:>12}{:>12}\n", one.class, one.counted, one.removed));
            print_text(&format!("{:<22}{:>12}{:>12}\n{}", "class", "due", "removed", lines.collect::<String>()));
        }
    }
    db.close();
    Ok(())
}
