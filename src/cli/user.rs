//! `jebena user`: the people who sign in, for the operator who has no page yet or locked themselves out.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Subcommand, builder::PossibleValuesParser};
use secrecy::SecretString;

use super::connect::{self, AWAY};
use super::print_text;
use super::site::open_vault;
use crate::auth::Role;
use crate::auth::new_password::{self, LONGEST, SHORTEST, Unfit};
use crate::auth::password::PasswordHasher;
use crate::config::Config;
use crate::database::Db;
use crate::organizations::reset::HANDED_LIFE;
use crate::organizations::second_factor;
use crate::organizations::staff::{self, Factor, NewPerson, Person, StaffError, Username};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a person; prints a link by which they set their password, once, unless one is given in a file.
    Create {
        /// The code of the organisation, such as NBE.
        #[arg(long, value_name = "CODE")]
        organization: String,
        /// The name with which they sign in: a-z, 0-9, '.', '-' and '_'.
        #[arg(long)]
        username: Username,
        /// The name that others see.
        #[arg(long, value_name = "NAME")]
        full_name: String,
        /// What they are there.
        #[arg(long, value_parser = PossibleValuesParser::new(role_codes()), ignore_case = true)]
        role: String,
        /// Read the password from this file.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Let a person sign in no longer; their sessions end.
    Disable {
        /// The user name.
        username: Username,
    },
    /// Let a person sign in again.
    Enable {
        /// The user name.
        username: Username,
    },
    /// Print a link by which a person sets another password; their sessions end, and the old password opens nothing.
    Reset {
        /// The user name.
        username: Username,
        /// Take the second factor away as well: phone and recovery codes are lost, and nobody else of the organisation can.
        #[arg(long)]
        second_factor: bool,
    },
    /// Seal the secrets of all second factors under SECOND_FACTOR_KEY, which SECOND_FACTOR_FORMER_KEY is to open no more.
    SealAnew,
    /// List everybody.
    List,
}

fn role_codes() -> Vec<&'static str> {
    Role::ALL.iter().map(|role| role.code()).collect()
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    let db = connect::open(config)?;
    let (now, passwords) = (db.now(), PasswordHasher::new()?);
    match &arguments.command {
        Command::Create { organization, username, full_name, role, password_file } => {
            let role = Role::from_code(&role.to_uppercase()).context("there is no such role")?;
            let person = NewPerson {
                organization_code: organization.clone(),
                username: username.clone(),
                full_name: full_name.clone(),
                role,
            };
            let hash = match password_file {
                Some(file) => {
                    let about = [username.as_str(), full_name, organization];
                    Some(passwords.hash(read_password(file, &about)?).await?)
                }
                None => None,
            };
            let initial = match &hash {
                Some(hash) => hash.clone(),
                // Of what nobody has seen: the link is the only way in.
                None => passwords.hash(unknown()).await?,
            };
            staff::create(&db, &person, &initial, now).await.map_err(told)?;
            println!("{} may sign in.", username.as_str());
            if hash.is_none() {
                let path = staff::reset((&db, &passwords), username, Factor::Kept, now).await.map_err(told)?;
                print_link(config, &path);
            }
        }
        Command::Reset { username, second_factor } => {
            let factor = if *second_factor { Factor::TakenAway } else { Factor::Kept };
            let path = staff::reset((&db, &passwords), username, factor, now).await.map_err(told)?;
            println!("{} is signed out, and the old password opens nothing.", username.as_str());
            print_link(config, &path);
        }
        Command::Disable { username } => {
            staff::set_active(&db, username, false, now).await.map_err(told)?;
            println!("{} is disabled and signed out.", username.as_str());
        }
        Command::Enable { username } => {
            staff::set_active(&db, username, true, now).await.map_err(told)?;
            println!("{} may sign in.", username.as_str());
        }
        Command::SealAnew => {
            let vault = open_vault(config)?.context("SECOND_FACTOR_KEY is not given")?;
            let (sealed, all) = second_factor::seal_anew(&db, &vault, now).await.map_err(anyhow::Error::new)?;
            println!("Of {all} second factors {sealed} were sealed under another key; now none is.");
        }
        Command::List => list(&db).await?,
    }
    db.close();
    Ok(())
}

fn told(error: StaffError) -> anyhow::Error {
    match error {
        StaffError::Database(error) => anyhow::Error::new(error).context(AWAY),
        other => other.into(),
    }
}

async fn list(db: &Db) -> anyhow::Result<()> {
    let people = staff::list(db).await.context(AWAY)?;
    let width = |column: fn(&Person) -> &str| people.iter().map(|p| column(p).chars().count()).max().unwrap_or(0);
    let (code, name) = (width(|p| &p.organization_code), width(|p| &p.username));
    let mut text = String::new();
    for person in &people {
        let state = if person.is_active { "active  " } else { "disabled" };
        let login = person.last_login.map_or_else(|| "never".to_owned(), |at| at.format("%F %R UTC").to_string());
        let _ = writeln!(
            text,
            "{:code$}  {:name$}  {state}  {:20}  {login:20}  {}{}",
            person.organization_code,
            person.username,
            person.roles.join(","),
            person.full_name,
            if person.is_demo { "  (demo)" } else { "" },
        );
    }
    print_text(&text);
    Ok(())
}

/// The password in `file`, for a person about whom others know the words `about`.
fn read_password(path: &Path, about: &[&str]) -> anyhow::Result<SecretString> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let password = text.trim_end_matches(['\r', '\n']);
    match new_password::against(password, password, about) {
        None => Ok(password.into()),
        Some(Unfit::Guessable) => {
            bail!("this password is easy to guess: common, or made of names and words that others know")
        }
        Some(Unfit::Missing | Unfit::TooShort | Unfit::TooLong | Unfit::Differs) => {
            bail!("a password has {SHORTEST} to {LONGEST} characters")
        }
    }
}

/// A password that nobody will ever type.
fn unknown() -> SecretString {
    let bytes: [u8; 32] = rand::random();
    hex::encode(bytes).into()
}

fn print_link(config: &Config, path: &str) {
    let link = config.site(config.settings.listen, false).absolute_url(path);
    println!("Within {} hours, once, they set their password at {link}", HANDED_LIFE.num_hours());
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_short_password_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "too short\n").unwrap();
        assert!(read_password(file.path(), &[]).is_err());
        std::fs::write(file.path(), "long enough for anybody\n").unwrap();
        let password = read_password(file.path(), &[]).unwrap();
        assert_eq!(password.expose_secret(), "long enough for anybody");
    }
}
