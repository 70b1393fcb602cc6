//! `jebena user`: the people who sign in, for the operator who has no page yet or locked themselves out.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Subcommand, builder::PossibleValuesParser};
use rand::RngExt;
use secrecy::{ExposeSecret, SecretString};

use super::connect::{self, AWAY};
use super::print_text;
use crate::auth::Role;
use crate::auth::new_password::{self, LONGEST, SHORTEST, Unfit};
use crate::auth::password::PasswordHasher;
use crate::config::Config;
use crate::database::Db;
use crate::organizations::staff::{self, NewPerson, Person, StaffError, Username};

/// Without letters and digits that look alike on paper; 31 of them.
const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// Four groups of five: 99 bits.
const GROUPS: usize = 4;
const GROUP: usize = 5;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a person; prints an initial password, once, unless one is given in a file.
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
    /// Give a person another password; their sessions end.
    Reset {
        /// The user name.
        username: Username,
        /// Read the password from this file instead of making one.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// List everybody.
    List,
}

fn role_codes() -> Vec<&'static str> {
    Role::ALL.iter().map(|role| role.code()).collect()
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    let db = connect::open(config)?;
    let now = db.now();
    match &arguments.command {
        Command::Create { organization, username, full_name, role, password_file } => {
            let role = Role::from_code(&role.to_uppercase()).context("there is no such role")?;
            let person = NewPerson {
                organization_code: organization.clone(),
                username: username.clone(),
                full_name: full_name.clone(),
                role,
            };
            let about = [username.as_str(), full_name, organization];
            let password = Password::choose(password_file.as_deref(), &about)?;
            let hash = password.hash().await?;
            staff::create(&db, &person, &hash, now).await.map_err(told)?;
            println!("{} may sign in.", username.as_str());
            password.print();
        }
        Command::Reset { username, password_file } => {
            let password = Password::choose(password_file.as_deref(), &[username.as_str()])?;
            let hash = password.hash().await?;
            staff::reset_password(&db, username, &hash, now).await.map_err(told)?;
            println!("{} has another password and is signed out.", username.as_str());
            password.print();
        }
        Command::Disable { username } => {
            staff::set_active(&db, username, false, now).await.map_err(told)?;
            println!("{} is disabled and signed out.", username.as_str());
        }
        Command::Enable { username } => {
            staff::set_active(&db, username, true, now).await.map_err(told)?;
            println!("{} may sign in.", username.as_str());
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

/// A password, and whether the person at the command line knows it already.
struct Password {
    secret: SecretString,
    is_new: bool,
}

impl Password {
    /// The one in `file`, or a new one, for a person about whom others know the words `about`.
    fn choose(file: Option<&Path>, about: &[&str]) -> anyhow::Result<Self> {
        let Some(path) = file else { return Ok(Self { secret: generate(), is_new: true }) };
        let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let password = text.trim_end_matches(['\r', '\n']);
        match new_password::against(password, password, about) {
            None => {}
            Some(Unfit::Guessable) => {
                bail!("this password is easy to guess: common, or made of names and words that others know")
            }
            Some(Unfit::Missing | Unfit::TooShort | Unfit::TooLong | Unfit::Differs) => {
                bail!("a password has {SHORTEST} to {LONGEST} characters")
            }
        }
        Ok(Self { secret: password.into(), is_new: false })
    }

    async fn hash(&self) -> anyhow::Result<String> {
        Ok(PasswordHasher::new()?.hash(self.secret.clone()).await?)
    }

    fn print(&self) {
        if self.is_new {
            println!("Password, shown this once: {}", self.secret.expose_secret());
        }
    }
}

fn generate() -> SecretString {
    let mut random = rand::rng();
    let groups: Vec<String> = (0..GROUPS)
        .map(|_| (0..GROUP).map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())])).collect())
        .collect();
    groups.join("-").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_made_to_be_read_aloud_and_never_twice() {
        let (one, two) = (generate(), generate());
        assert_eq!(one.expose_secret().len(), GROUPS * GROUP + GROUPS - 1);
        assert!(one.expose_secret().bytes().all(|byte| byte == b'-' || ALPHABET.contains(&byte)));
        assert_ne!(one.expose_secret(), two.expose_secret());
    }

    #[test]
    fn a_short_password_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "too short\n").unwrap();
        assert!(Password::choose(Some(file.path()), &[]).is_err());
        std::fs::write(file.path(), "long enough for anybody\n").unwrap();
        let password = Password::choose(Some(file.path()), &[]).unwrap();
        assert_eq!((password.secret.expose_secret(), password.is_new), ("long enough for anybody", false));
    }
}
