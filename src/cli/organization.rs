//! `jebena organization`: the institutions that take part, for the operator who sets a site up. Exporters register
//! themselves.

use std::fmt::Write;

use anyhow::Context;
use clap::{Subcommand, builder::PossibleValuesParser};

use super::connect::{self, AWAY};
use super::print_text;
use crate::auth::OrganizationKind;
use crate::config::Config;
use crate::database::Db;
use crate::organizations::institutions::{self, InstitutionError, NewInstitution};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Set an institution up: a bank, an authority, the exchange, a carrier.
    Create {
        /// The code by which its people are created later, such as NBE.
        #[arg(long, value_name = "CODE")]
        code: String,
        /// What it is.
        #[arg(long, value_parser = PossibleValuesParser::new(kind_codes()), ignore_case = true)]
        kind: String,
        /// Its English name.
        #[arg(long, value_name = "NAME")]
        name: String,
        /// Its Amharic name.
        #[arg(long, value_name = "NAME")]
        name_am: String,
        /// How colleagues elsewhere write to its desk.
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
        /// How they call it.
        #[arg(long, value_name = "NUMBER")]
        phone: Option<String>,
        /// Where the desk is.
        #[arg(long, value_name = "PLACE")]
        address: Option<String>,
    },
    /// List the institutions, with how many of their people may sign in.
    List,
}

fn kind_codes() -> Vec<&'static str> {
    let kinds = OrganizationKind::ALL.iter().filter(|kind| **kind != OrganizationKind::Exporter);
    kinds.map(|kind| kind.code()).collect()
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    let db = connect::open(config)?;
    match &arguments.command {
        Command::Create { code, kind, name, name_am, email, phone, address } => {
            let institution = NewInstitution {
                code: code.clone(),
                kind: OrganizationKind::from_code(&kind.to_uppercase()).context("there is no such kind")?,
                name: name.clone(),
                name_am: name_am.clone(),
                email: email.clone(),
                phone: phone.clone(),
                address: address.clone(),
            };
            institutions::create(&db, &institution, db.now()).await.map_err(told)?;
            println!("{code} takes part. Create its people with `jebena user create --organization {code}`.");
        }
        Command::List => list(&db).await?,
    }
    db.close();
    Ok(())
}

fn told(error: InstitutionError) -> anyhow::Error {
    match error {
        InstitutionError::Database(error) => anyhow::Error::new(error).context(AWAY),
        other => other.into(),
    }
}

async fn list(db: &Db) -> anyhow::Result<()> {
    let institutions = institutions::list(db).await.context(AWAY)?;
    let code = institutions.iter().map(|one| one.code.chars().count()).max().unwrap_or(0);
    let kind = institutions.iter().map(|one| one.kind.code().len()).max().unwrap_or(0);
    let mut text = String::new();
    for one in &institutions {
        let _ = writeln!(
            text,
            "{:code$}  {:kind$}  {:>4}  {} / {}",
            one.code,
            one.kind.code(),
            one.people,
            one.name,
            one.name_am
        );
    }
    print_text(&text);
    Ok(())
}
